/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What papers and messages say of a case. A name that nobody gives leaves nothing on the paper, so
 * it is an error here. The names are those that services/casework/data.c, the acts of the law and
 * services/certificate/paper.c give.
 */
#include "catalogue/catalogue_int.h"

static const Str case_names[] = {
    STR_INIT("case_no"),       STR_INIT("item_name"),       STR_INIT("applicant_name"),
    STR_INIT("owner_name"),    STR_INIT("delegation"),      STR_INIT("seal_name"),
    STR_INIT("link"),          STR_INIT("organ_name"),      STR_INIT("organ_address"),
    STR_INIT("organ_phone"),   STR_INIT("received_date"),   STR_INIT("received_time"),
    STR_INIT("accepted_date"), STR_INIT("accepted_time"),   STR_INIT("telling_date"),
    STR_INIT("telling_time"),  STR_INIT("correction_date"), STR_INIT("correction_time"),
    STR_INIT("due_date"),      STR_INIT("due_time"),        STR_INIT("promise_date"),
    STR_INIT("promise_time"),  STR_INIT("decided_date"),    STR_INIT("decided_time"),
    STR_INIT("later_date"),    STR_INIT("later_time"),      STR_INIT("today"),
    STR_INIT("decision"),      STR_INIT("basis"),           STR_INIT("remedies"),
    STR_INIT("reason"),        STR_INIT("ground"),          STR_INIT("ground_basis"),
    STR_INIT("missing"),       STR_INIT("missing_count"),   STR_INIT("materials"),
    STR_INIT("code"),          STR_INIT("document_number"), STR_INIT("part_name"),
    STR_INIT("because_name"),  STR_INIT("part_count"),      STR_INIT("granted_count"),
};

static const Str entry_names[] = {STR_INIT("name"), STR_INIT("note"), STR_INIT("code"),
                                  STR_INIT("index"), STR_INIT(".")};

static const Str number_names[] = {STR_INIT("place_short"), STR_INIT("place_prefix"),
                                   STR_INIT("year"), STR_INIT("seq"), STR_INIT("case_no")};

static bool is_one_of(const Str *names, size_t count, Str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(names[i], name))
            return true;
    return false;
}

/* An answer under its element's key; an identity number masked, too. */
static bool is_answer(const Catalogue *c, Str name)
{
    for (size_t i = 0; i < c->element_count; i++) {
        const Element *e = &c->elements[i];
        Str rest = str_slice(name, e->key.len, name.len);
        if (e->key.len && str_starts(name, e->key) &&
            (!rest.len || (e->type == ELEMENT_IDCARD && str_eq(rest, STR("_masked")))))
            return true;
    }
    return false;
}

static Str nearest(Loader *l, Str name)
{
    size_t n = COUNT(case_names);
    Str *names = NEW_N(l->arena, Str, n + l->c->element_count + 1);
    memcpy(names, case_names, sizeof case_names);
    for (size_t i = 0; i < l->c->element_count; i++)
        names[n++] = l->c->elements[i].key;
    return or_nearest(l, name, names, n);
}

/* proposal.month, letter.due: what the rules or the process give is theirs to name. What a register
 * says has the fields of its source. */
static bool is_part(const Loader *l, Str first, Str rest)
{
    if (str_eq(first, STR("proposal")) || str_eq(first, STR("letter")))
        return rest.len > 0;
    const Source *s = catalogue_source(l->c, first);
    size_t dot = str_find(rest, STR("."), 1);
    for (size_t i = 0; s && i < s->field_count; i++)
        if (str_eq(s->fields[i].key, str_slice(rest, 0, dot == SIZE_MAX ? rest.len : dot)))
            return true;
    return false;
}

static bool is_known(const Loader *l, TemplateKind kind, bool in_list, Str name)
{
    size_t dot = str_find(name, STR("."), 1);
    Str first = str_slice(name, 0, dot == SIZE_MAX ? name.len : dot);
    if (kind == TEMPLATE_NUMBER)
        return is_one_of(number_names, COUNT(number_names), first);
    Str rest = str_slice(name, first.len + (first.len < name.len), name.len);
    return is_one_of(case_names, COUNT(case_names), first) || is_answer(l->c, first) ||
           is_part(l, first, rest) || kind == TEMPLATE_PARTS ||
           (in_list && is_one_of(entry_names, COUNT(entry_names), first));
}

/* Of an answer, under its element's key. */
static void remember(Loader *l, Str name)
{
    static char said;
    size_t dot = str_find(name, STR("."), 1);
    Str first = str_slice(name, 0, dot == SIZE_MAX ? name.len : dot);
    if (str_ends(first, STR("_masked")))
        (void)map_add(l->diags->arena, &l->said, str_slice(first, 0, first.len - 7), &said);
    (void)map_add(l->diags->arena, &l->said, first, &said);
}

void template_name(Loader *l, const char *rule, TemplateKind kind, const Value *v, uint32_t at,
                   Str name)
{
    Str document = l->diags->files.at[v->file].text;
    remember(l, name);
    if (l->given || is_known(l, kind, kind == TEMPLATE_EACH || kind == TEMPLATE_PARTS, name))
        return; /* papers of a version may name what other items ask */
    Str cure = kind == TEMPLATE_NUMBER ? or_nearest(l, name, number_names, COUNT(number_names))
                                       : nearest(l, name);
    diag_add(l->diags, DIAG_ERROR, rule, v->file, scalar_offset(document, v->offset, at), cure,
             "nothing gives '" STR_FMT "' here", STR_ARG(name));
}

/* Tags are names, with a sign for sections; inside of one its entries' names are known, too. */
void template_tags(Loader *l, const char *rule, TemplateKind kind, const Value *v)
{
    Str s = value_text(v);
    int depth = 0;
    for (size_t at = str_find(s, STR("{{"), 0); at != SIZE_MAX; at = str_find(s, STR("{{"), at)) {
        size_t end = str_find(s, STR("}}"), at);
        size_t from = at + 2;
        while (from < s.len && (s.at[from] == '{' || s.at[from] == ' '))
            from++;
        char sign = from < s.len ? s.at[from] : ' ';
        if (end == SIZE_MAX)
            return;
        from += sign == '#' || sign == '^' || sign == '&' || sign == '/';
        Str name = str_trim(str_slice(s, from, end));
        depth -= sign == '/';
        if (sign != '/' && sign != '!')
            template_name(l, rule, depth > 0 && kind == TEMPLATE_CASE ? TEMPLATE_EACH : kind, v,
                          (uint32_t)from, name);
        depth += sign == '#' || sign == '^';
        at = end;
    }
}

void template_texts(Loader *l, const char *rule, TemplateKind kind, const Value *text)
{
    for (uint32_t i = 0; value_is(text, VALUE_MAP) && i < text->map.count; i++)
        template_tags(l, rule, kind, text->map.members[i].value);
}
