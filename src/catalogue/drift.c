/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a place's item deviates from its reference, element by element. A place may promise less
 * time, ask for fewer papers, tell sooner and give more time to mend: this is never a deviation, the
 * reverse always is. How bad one is follows from what it does: HIGH where people must bring, wait or
 * pay more, or the law is read otherwise; MEDIUM where it is handled otherwise or called otherwise;
 * LOW where only words differ.
 */
#include "catalogue/item_int.h"

typedef struct {
    Loader *l;
    const Drift *d;
} Comparing;

/* ---- values as people read them ---- */

static Text text_of(const Value *v)
{
    Text t = {{value_text(value_at(v, "zh")), value_text(value_at(v, "en"))}};
    if (v && v->kind != VALUE_MAP)
        t.in[LANG_ZH] = t.in[LANG_EN] = value_text(v);
    return t;
}

static Text join_texts(Arena *a, Text x, Text y)
{
    Text t;
    for (int lang = 0; lang < LANG_COUNT; lang++)
        t.in[lang] = str_fmt(a, STR_FMT " " STR_FMT, STR_ARG(text_in(x, (Lang)lang)),
                             STR_ARG(text_in(y, (Lang)lang)));
    return t;
}

typedef struct {
    Str key;
    Text text;
} Word;

static const Word units[] = {
    {STR_INIT("working_day"), {{STR_INIT("个工作日"), STR_INIT(" working days")}}},
    {STR_INIT("natural_day"), {{STR_INIT("日"), STR_INIT(" days")}}},
    {STR_INIT("month"), {{STR_INIT("个月"), STR_INIT(" months")}}},
    {STR_INIT("year"), {{STR_INIT("年"), STR_INIT(" years")}}},
    {STR_INIT("hour"), {{STR_INIT("小时"), STR_INIT(" hours")}}},
    {STR_INIT("minute"), {{STR_INIT("分钟"), STR_INIT(" minutes")}}},
};

static const Word necessities[] = {
    {STR_INIT("not_needed"), {{STR_INIT("不需要"), STR_INIT("not needed")}}},
    {STR_INIT("later"), {{STR_INIT("可后补"), STR_INIT("may follow")}}},
    {STR_INIT("needed"), {{STR_INIT("必要"), STR_INIT("needed")}}},
};

static size_t word_at(const Word *words, size_t n, Str key)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(words[i].key, key))
            return i;
    return n;
}

static Text limit_text(Arena *a, const Value *limit)
{
    Text t = {0};
    size_t at = word_at(units, COUNT(units), get_str(limit, "unit"));
    for (int lang = 0; limit && at < COUNT(units) && lang < LANG_COUNT; lang++)
        t.in[lang] = str_fmt(a, STR_FMT STR_FMT, STR_ARG(get_str(limit, "n")),
                             STR_ARG(units[at].text.in[lang]));
    return t;
}

static Text necessity_text(const Value *entry)
{
    size_t at = word_at(necessities, COUNT(necessities), get_str(entry, "necessity"));
    return at < COUNT(necessities) ? necessities[at].text : (Text){0};
}

static Text material_text(const Comparing *c, Str code)
{
    const Material *m = find_entry(c->l->c, "material", code);
    return m ? m->name : (Text){{code, code}};
}

static Text element_text(const Comparing *c, Str key)
{
    const Element *e = find_entry(c->l->c, "element", key);
    return e ? e->label : (Text){{key, key}};
}

/* ---- one deviation ---- */

static void mark_accepted(const Drift *d, Deviation *dev)
{
    Date until = {0};
    for (uint32_t i = 0; i < value_count(d->exceptions); i++) {
        const Value *x = value_item(d->exceptions, i);
        if (!str_eq(get_str(x, "element"), unified_key(dev->element)))
            continue;
        dev->accepted = true;
        dev->document = text_of(value_at(x, "document"));
        if (date_parse(get_str(x, "until"), &until, NULL))
            dev->until = until;
        return;
    }
}

static void deviate(const Comparing *c, Str path, Severity severity, const Value *at,
                    const Text both[2])
{
    Loader *l = c->l;
    Deviation dev = {.place = c->d->place,
                     .item = c->d->item,
                     .element = unified_of(path),
                     .path = str_dup(l->arena, path),
                     .severity = severity,
                     .mark = mark_of(at)};
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        dev.reference.in[lang] = str_dup(l->arena, both[0].in[lang]);
        dev.local.in[lang] = str_dup(l->arena, both[1].in[lang]);
    }
    mark_accepted(c->d, &dev);
    for (int lang = 0; lang < LANG_COUNT; lang++)
        dev.document.in[lang] = str_dup(l->arena, dev.document.in[lang]);
    *VEC_PUSH(l->arena, &l->deviations) = dev;
    Text name = unified_name(dev.element);
    if (dev.place == l->here && deviation_blocks(&dev) && !l->report_only)
        complain(l, "place.deviation", at,
                 STR("take the reference's value, or have the owner of the standard accept it: "
                     "exceptions"),
                 "'" STR_FMT "' deviates from the reference in a unified element: " STR_FMT,
                 STR_ARG(path), STR_ARG(name.in[LANG_EN]));
}

#define PATH(c, ...) str_fmt((c)->l->diags->arena, __VA_ARGS__)
#define BOTH(reference, local) ((const Text[2]){(reference), (local)})
static const Text nothing = {0};

/* Where there is no local value to point at, the document is. */
static const Value *at_or(const Value *v, const Value *otherwise)
{
    return v ? v : otherwise;
}

static bool differ(const Value *a, const Value *b)
{
    return a && b ? !value_eq(a, b) : a != b;
}

/* ---- plain values ---- */

static void compare_value(const Comparing *c, const char *key, Severity severity)
{
    const Value *r = value_at(c->d->reference, key), *v = value_at(c->d->local, key);
    if (differ(r, v))
        deviate(c, str_z(key), severity, at_or(v, c->d->local), BOTH(text_of(r), text_of(v)));
}

/* More than the reference says is a deviation, less is local; or the reverse. */
static void compare_number(const Comparing *c, const Value *r, const Value *v, Str path,
                           bool more_is_bad, Severity severity)
{
    int64_t is = 0, was = 0;
    bool numbers = str_int(value_text(v), &is) && str_int(value_text(r), &was);
    if (numbers && (more_is_bad ? is > was : is < was))
        deviate(c, path, severity, v, BOTH(text_of(r), text_of(v)));
}

static void compare_code(const Comparing *c)
{
    enum { BASIC_AT = 19 };
    Str r = get_str(c->d->reference, "code"), v = get_str(c->d->local, "code");
    bool whole = r.len > BASIC_AT && v.len > BASIC_AT;
    if (whole && !str_eq(str_slice(r, BASIC_AT, r.len), str_slice(v, BASIC_AT, v.len)))
        deviate(c, STR("code"), SEVERITY_HIGH, value_at(c->d->local, "code"),
                BOTH(text_of(value_at(c->d->reference, "code")),
                     text_of(value_at(c->d->local, "code"))));
}

/* ---- lists ---- */

static Text basis_text(const Comparing *c, const Value *entry)
{
    return entry ? join_texts(c->l->diags->arena, text_of(value_at(entry, "law")),
                              text_of(value_at(entry, "article")))
                 : nothing;
}

/* The entry of the list that says the same in these members. */
static const Value *same_in(const Value *list, const Value *entry, const char *one, const char *two)
{
    for (uint32_t i = 0; i < value_count(list); i++) {
        const Value *v = value_item(list, i);
        if (!differ(value_at(v, one), value_at(entry, one)) &&
            !differ(value_at(v, two), value_at(entry, two)))
            return v;
    }
    return NULL;
}

static void compare_basis(const Comparing *c)
{
    const Value *r = value_at(c->d->reference, "basis"), *v = value_at(c->d->local, "basis");
    for (uint32_t i = 0; i < value_count(r); i++) {
        const Value *entry = value_item(r, i), *own = same_in(v, entry, "law", "article");
        if (!own)
            deviate(c, STR("basis[]"), SEVERITY_HIGH, at_or(v, c->d->local),
                    BOTH(basis_text(c, entry), nothing));
        else if (differ(value_at(entry, "quote"), value_at(own, "quote")))
            deviate(c, STR("basis[].quote"), SEVERITY_LOW, own,
                    BOTH(text_of(value_at(entry, "quote")), text_of(value_at(own, "quote"))));
    }
    for (uint32_t i = 0; i < value_count(v); i++)
        if (!same_in(r, value_item(v, i), "law", "article"))
            deviate(c, STR("basis[]"), SEVERITY_HIGH, value_item(v, i),
                    BOTH(nothing, basis_text(c, value_item(v, i))));
}

static bool has_equal(const Value *list, const Value *entry)
{
    for (uint32_t i = 0; i < value_count(list); i++)
        if (value_eq(value_item(list, i), entry))
            return true;
    return false;
}

static void compare_conditions(const Comparing *c)
{
    const Value *r = value_at(c->d->reference, "conditions"),
                *v = value_at(c->d->local, "conditions");
    for (uint32_t i = 0; i < value_count(r); i++)
        if (!has_equal(v, value_item(r, i)))
            deviate(c, STR("conditions[]"), SEVERITY_HIGH, at_or(v, c->d->local),
                    BOTH(text_of(value_item(r, i)), nothing));
    for (uint32_t i = 0; i < value_count(v); i++)
        if (!has_equal(r, value_item(v, i)))
            deviate(c, STR("conditions[]"), SEVERITY_HIGH, value_item(v, i),
                    BOTH(nothing, text_of(value_item(v, i))));
}

static const Value *material_in(const Value *list, Str code)
{
    for (uint32_t i = 0; i < value_count(list); i++)
        if (str_eq(get_str(value_item(list, i), "material"), code))
            return value_item(list, i);
    return NULL;
}

static void compare_member(const Comparing *c, const Value *r, const Value *v, Str path,
                           const char *key, Severity severity)
{
    const Value *was = value_at(r, key), *is = value_at(v, key);
    if (differ(was, is))
        deviate(c, PATH(c, STR_FMT ".%s", STR_ARG(path), key), severity, at_or(is, v),
                BOTH(text_of(was), text_of(is)));
}

static void compare_material(const Comparing *c, const Value *r, const Value *v)
{
    Str path = PATH(c, "materials." STR_FMT, STR_ARG(get_str(v, "material")));
    size_t was = word_at(necessities, COUNT(necessities), get_str(r, "necessity")),
           is = word_at(necessities, COUNT(necessities), get_str(v, "necessity"));
    if (is > was && is < COUNT(necessities))
        deviate(c, PATH(c, STR_FMT ".necessity", STR_ARG(path)), SEVERITY_HIGH,
                value_at(v, "necessity"), BOTH(necessity_text(r), necessity_text(v)));
    if (is == 0)
        return; /* not asked for here */
    compare_member(c, r, v, path, "needed_if", SEVERITY_HIGH);
    compare_member(c, r, v, path, "basis", SEVERITY_LOW);
}

static void compare_materials(const Comparing *c)
{
    const Value *r = value_at(c->d->reference, "materials"),
                *v = value_at(c->d->local, "materials");
    for (uint32_t i = 0; i < value_count(v); i++) {
        const Value *entry = value_item(v, i);
        Str code = get_str(entry, "material");
        const Value *was = material_in(r, code);
        if (was)
            compare_material(c, was, entry);
        else
            deviate(c, PATH(c, "materials." STR_FMT, STR_ARG(code)), SEVERITY_HIGH, entry,
                    BOTH(nothing, material_text(c, code)));
    }
}

/* Steps have no keys: the n-th is compared with the n-th. */
static void compare_steps(const Comparing *c, const char *key, bool inside)
{
    const Value *r = value_at(c->d->reference, key), *v = value_at(c->d->local, key);
    size_t most = value_count(r) > value_count(v) ? value_count(r) : value_count(v);
    for (size_t i = 0; i < most; i++) {
        const Value *was = value_item(r, i), *is = value_item(v, i);
        Str path = PATH(c, "%s.%zu", key, i + 1);
        if (!was || !is) {
            deviate(c, path, SEVERITY_MEDIUM, at_or(is, at_or(v, c->d->local)),
                    BOTH(text_of(value_at(was, "title")), text_of(value_at(is, "title"))));
            continue;
        }
        compare_member(c, was, is, path, "title", SEVERITY_MEDIUM);
        if (!inside) {
            compare_member(c, was, is, path, "detail", SEVERITY_LOW);
            continue;
        }
        compare_member(c, was, is, path, "role", SEVERITY_MEDIUM);
        compare_member(c, was, is, path, "document", SEVERITY_MEDIUM);
        compare_number(c, value_at(was, "minutes"), value_at(is, "minutes"),
                       PATH(c, STR_FMT ".minutes", STR_ARG(path)), true, SEVERITY_LOW);
    }
}

/* ---- limits ---- */

static int64_t minutes_of(const Value *limit)
{
    int64_t n = 0;
    TimeLimit t = {.unit = get_str(limit, "unit")};
    if (!str_int(get_str(limit, "n"), &n) || n < 0 || n > INT32_MAX)
        return 0;
    t.n = (int32_t)n;
    return limit_minutes(&t);
}

static void compare_limits(const Comparing *c)
{
    Arena *a = c->l->diags->arena;
    const Value *r = value_at(c->d->reference, "limits"), *v = value_at(c->d->local, "limits");
    const Value *legal = value_at(v, "legal"), *promise = value_at(v, "promise");
    if (minutes_of(legal) != minutes_of(value_at(r, "legal")))
        deviate(c, STR("limits.legal"), SEVERITY_HIGH, at_or(legal, v),
                BOTH(limit_text(a, value_at(r, "legal")), limit_text(a, legal)));
    if (minutes_of(promise) > minutes_of(value_at(r, "promise")))
        deviate(c, STR("limits.promise"), SEVERITY_HIGH, at_or(promise, v),
                BOTH(limit_text(a, value_at(r, "promise")), limit_text(a, promise)));
    compare_number(c, value_at(r, "telling_days"), value_at(v, "telling_days"),
                   STR("limits.telling_days"), true, SEVERITY_MEDIUM);
    compare_number(c, value_at(r, "correction_days"), value_at(v, "correction_days"),
                   STR("limits.correction_days"), false, SEVERITY_MEDIUM);
}

/* ---- the form ---- */

static void compare_form(const Comparing *c, const char *key, bool more, Severity severity)
{
    static const Text optional = {{STR_INIT("可不答"), STR_INIT("may be left out")}};
    const Value *list = value_at(c->d->form, key);
    for (uint32_t i = 0; i < value_count(list); i++) {
        const Value *v = value_item(list, i);
        Text name = element_text(c, value_text(v));
        bool required = str_eq(str_z(key), STR("requires"));
        deviate(c, PATH(c, "form." STR_FMT, STR_ARG(value_text(v))), severity, v,
                required ? BOTH(optional, name)
                : more   ? BOTH(nothing, name)
                         : BOTH(name, nothing));
    }
}

void find_deviations(Loader *l, const Drift *d)
{
    Comparing c = {l, d};
    compare_value(&c, "main_name", SEVERITY_MEDIUM);
    compare_value(&c, "sub_name", SEVERITY_MEDIUM);
    compare_value(&c, "name", SEVERITY_MEDIUM);
    compare_code(&c);
    compare_basis(&c);
    compare_conditions(&c);
    compare_materials(&c);
    compare_steps(&c, "steps", false);
    compare_number(&c, value_at(d->reference, "visits"), value_at(d->local, "visits"),
                   STR("visits"), true, SEVERITY_HIGH);
    compare_steps(&c, "back_steps", true);
    compare_limits(&c);
    compare_form(&c, "adds", true, SEVERITY_HIGH);
    compare_form(&c, "requires", true, SEVERITY_HIGH);
    compare_form(&c, "drops", false, SEVERITY_MEDIUM);
    compare_value(&c, "fee", SEVERITY_HIGH);
    compare_value(&c, "scope", SEVERITY_MEDIUM);
    compare_value(&c, "summary", SEVERITY_LOW);
}

/* ---- asked of a catalogue ---- */

const Place *catalogue_place(const Catalogue *c, Str code)
{
    return find_entry(c, "place", code);
}

static Adoption adoption_of(const Catalogue *c, const Place *p, const Item *item)
{
    Adoption a = ADOPTED_SAME;
    for (const Place *up = p; up; up = up->inherits)
        for (size_t i = 0; i < c->local_count; i++)
            if (c->locals[i].place == up && c->locals[i].item == item)
                a = ADOPTED_LOCAL;
    for (size_t i = 0; i < c->deviation_count && a != ADOPTED_OPEN; i++) {
        const Deviation *d = &c->deviations[i];
        if (d->place == p && d->item == item && d->element != UNIFIED_NONE)
            a = d->accepted ? ADOPTED_ACCEPTED : ADOPTED_OPEN;
    }
    return a;
}

Adoption catalogue_adoption(const Catalogue *c, const Place *p, const Item *item)
{
    return place_has_item(p, item->key) ? adoption_of(c, p, item) : ADOPTED_NOT;
}

/* As its worst part. */
Adoption catalogue_adoption_of_bundle(const Catalogue *c, const Place *p, const Bundle *b)
{
    Adoption worst = ADOPTED_SAME;
    if (!place_has_bundle(p, b->whole.key))
        return ADOPTED_NOT;
    for (size_t i = 0; i < b->part_count; i++) {
        Adoption a = catalogue_adoption(c, p, b->parts[i].item);
        if (a == ADOPTED_NOT)
            return ADOPTED_NOT;
        worst = a > worst ? a : worst;
    }
    return worst;
}

/* ---- what has run out ---- */

void catalogue_check_day(const Catalogue *c, Date day, Diags *diags)
{
    for (size_t i = 0; i < c->delegation_count; i++) {
        const Delegation *d = &c->delegations[i];
        const Item *item = catalogue_item(c, d->item);
        if (item && item->delegation == d && item->state == ITEM_PUBLISHED && day.days > d->to.days)
            diag_add(diags, DIAG_ERROR, "delegation.expired", d->mark.file, d->mark.offset,
                     STR("renew it, or suspend the item"),
                     "item '" STR_FMT "' is published, its delegation ended on " STR_FMT,
                     STR_ARG(d->item), STR_ARG(date_iso(diags->arena, d->to)));
    }
    for (size_t i = 0; i < c->deviation_count; i++) {
        const Deviation *d = &c->deviations[i];
        if (d->accepted && d->place == c->here && d->until.days && day.days > d->until.days)
            diag_add(diags, DIAG_ERROR, "place.exception-expired", d->mark.file, d->mark.offset,
                     STR("take the reference's value, or have it accepted again"),
                     "the deviation '" STR_FMT "' was accepted until " STR_FMT, STR_ARG(d->path),
                     STR_ARG(date_iso(diags->arena, d->until)));
    }
}
