/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sample applications are read after the generation that they speak of, by the same tables and with
 * the same reports as its documents. What a file's `defaults` say holds for each of its samples;
 * answers and registers of a sample are laid over them key by key.
 */
#include "base/date.h"
#include "catalogue/catalogue_int.h"
#include "catalogue/sample.h"

typedef struct {
    Loader l;
    const Item *item;
    const Value *defaults;
    Samples *out;
} SampleReader;

typedef enum {
    WORD_NONE,
    WORD_FREE,
    WORD_REFUSE_GROUND,
    WORD_SUSPEND_GROUND,
    WORD_TIME,
    WORD_MATERIALS,
    WORD_ELEMENT, /* {ELEMENT: more} */
} WordKind;

/* ORDER SampleActKind */
static const struct {
    Str name;
    WordKind word;
} act_kinds[SAMPLE_ACTS] = {
    {STR_INIT("accept"), WORD_NONE},
    {STR_INIT("refuse"), WORD_REFUSE_GROUND},
    {STR_INIT("correction"), WORD_MATERIALS},
    {STR_INIT("supply"), WORD_FREE},
    {STR_INIT("receive"), WORD_MATERIALS},
    {STR_INIT("suspend"), WORD_SUSPEND_GROUND},
    {STR_INIT("resume"), WORD_NONE},
    {STR_INIT("decide"), WORD_NONE},
    {STR_INIT("grant"), WORD_NONE},
    {STR_INIT("deny"), WORD_FREE},
    {STR_INIT("revoke"), WORD_FREE},
    {STR_INIT("withdraw"), WORD_NONE},
    {STR_INIT("wait"), WORD_TIME},
    {STR_INIT("task"), WORD_ELEMENT},
    {STR_INIT("job"), WORD_ELEMENT},
    {STR_INIT("job_error"), WORD_ELEMENT},
};

const char *sample_act_name(SampleActKind kind)
{
    return act_kinds[kind].name.at;
}

/* ---- acts ---- */

static void unknown_name(Loader *l, const Value *at, Str wanted, const Str *names, size_t count,
                         const char *what)
{
    complain(l, "sample.unknown-name", at, or_nearest(l, wanted, names, count),
             "'" STR_FMT "' is no %s", STR_ARG(wanted), what);
}

static void check_ground(Loader *l, const Value *at, const Ground *grounds, size_t count)
{
    Str *names = NEW_N(l->arena, Str, count + 1);
    for (size_t i = 0; i < count; i++) {
        names[i] = grounds[i].key;
        if (str_eq(names[i], value_text(at)))
            return;
    }
    unknown_name(l, at, value_text(at), names, count, "ground of this item");
}

static void check_material(SampleReader *r, const Value *at)
{
    if (item_material(r->item, value_text(at)))
        return;
    Str *names = NEW_N(r->l.arena, Str, r->item->material_count + 1);
    for (size_t i = 0; i < r->item->material_count; i++)
        names[i] = r->item->materials[i].material->code;
    unknown_name(&r->l, at, value_text(at), names, r->item->material_count,
                 "material of this item");
}

static void read_wait(Loader *l, const Value *v, TimeMs *ms)
{
    FeelValue time = feel_temporal(l->arena, value_text(v));
    if (time.kind == FEEL_DAYS_DURATION && time.duration.seconds > 0 &&
        time.duration.seconds <= INT64_C(3700) * 86400)
        *ms = time.duration.seconds * MS_SECOND;
    else
        complain(l, "sample.wait", v, STR("write P3D or PT4H, at most ten years"),
                 "'" STR_FMT "' is no time to wait", STR_ARG(value_text(v)));
}

static const Str *read_materials(SampleReader *r, const Value *map, const char *key, size_t *count)
{
    Value *const *items;
    size_t n = read_list(&r->l, map, key, &items);
    for (size_t i = 0; i < n; i++)
        if (items[i]->kind == VALUE_STR)
            check_material(r, items[i]);
    return read_strings(&r->l, map, key, count);
}

static const BpmnElement *element_named(const BpmnProcess *p, Str id)
{
    for (size_t i = 0; p && i < p->element_count; i++)
        if (str_eq(p->elements[i].id, id))
            return &p->elements[i];
    return NULL;
}

/* {task: {hearing: held}}: an element of the process, and what comes of it. */
static void read_element(SampleReader *r, const Value *v, SampleAct *act)
{
    const BpmnProcess *p = r->item->process;
    if (v->kind != VALUE_MAP || v->map.count != 1) {
        complain(&r->l, "sample.act", v, STR("write {task: {ELEMENT: OUTCOME}}"),
                 "an act on an element of the process names one");
        return;
    }
    act->word = v->map.members[0].key;
    act->more = v->map.members[0].value;
    if (element_named(p, act->word))
        return;
    Str *names = NEW_N(r->l.arena, Str, (p ? p->element_count : 0) + 1);
    for (size_t i = 0; p && i < p->element_count; i++)
        names[i] = p->elements[i].id;
    unknown_name(&r->l, v, act->word, names, p ? p->element_count : 0, "element of the process");
}

static void read_word(SampleReader *r, const Value *map, const Value *v, SampleAct *act)
{
    const Item *item = r->item;
    act->word = value_text(v);
    switch (act_kinds[act->kind].word) {
    case WORD_NONE:
    case WORD_FREE: break;
    case WORD_REFUSE_GROUND:
        check_ground(&r->l, v, item->refuse_grounds, item->refuse_count);
        break;
    case WORD_SUSPEND_GROUND:
        check_ground(&r->l, v, item->suspend_grounds, item->suspend_count);
        break;
    case WORD_TIME: read_wait(&r->l, v, &act->ms); break;
    case WORD_ELEMENT: read_element(r, v, act); break;
    case WORD_MATERIALS:
        act->words = read_materials(r, map, sample_act_name(act->kind), &act->word_count);
        break;
    }
}

static bool act_of_name(SampleReader *r, const Value *at, Str name, SampleActKind *kind)
{
    Str names[SAMPLE_ACTS];
    for (int k = 0; k < SAMPLE_ACTS; k++) {
        names[k] = act_kinds[k].name;
        if (str_eq(names[k], name)) {
            *kind = (SampleActKind)k;
            return true;
        }
    }
    unknown_name(&r->l, at, name, names, SAMPLE_ACTS, "act of a sample");
    return false;
}

/* "accept", or {refuse: too_late}. */
static void read_act(SampleReader *r, const Value *v, SampleAct *act)
{
    act->at = v;
    if (v->kind == VALUE_STR) {
        if (act_of_name(r, v, v->text, &act->kind) && act_kinds[act->kind].word != WORD_NONE)
            complain(&r->l, "sample.act", v,
                     str_fmt(r->l.arena, "write {" STR_FMT ": …}", STR_ARG(v->text)),
                     "'" STR_FMT "' needs a word more", STR_ARG(v->text));
        return;
    }
    if (v->kind != VALUE_MAP || v->map.count != 1) {
        complain(&r->l, "sample.act", v, STR("write accept, or {wait: P3D}"), "this is no act");
        return;
    }
    const ValueMember *m = &v->map.members[0];
    if (act_of_name(r, v, m->key, &act->kind))
        read_word(r, v, m->value, act);
}

static void read_acts(SampleReader *r, const Value *map, Sample *s)
{
    Value *const *items;
    size_t n = read_list(&r->l, map, "acts", &items);
    SampleAct *acts = NEW_N(r->l.arena, SampleAct, n + 1);
    for (size_t i = 0; i < n; i++)
        read_act(r, items[i], &acts[i]);
    s->acts = acts;
    s->act_count = n;
}

/* ---- what is expected ---- */

static const Str decisions[] = {STR_INIT("grant"), STR_INIT("deny"), STR_INIT("none")};

static const Field expect_fields[] = {
    {"problems", FIELD_LIST, false, 0, 0, 0, NULL},
    {"proposal", FIELD_MAP, false, 0, 0, 0, NULL},
    {"decision", FIELD_ANY, false, 0, 0, 0, NULL},
    {"state", FIELD_ANY, false, 0, 0, 0, NULL},
    {"legal_due", FIELD_ANY, false, 0, 0, 0, NULL},
    {"promise_due", FIELD_ANY, false, 0, 0, 0, NULL},
    {"documents", FIELD_LIST, false, 0, 0, 0, NULL},
    {"papers", FIELD_MAP, false, 0, 0, 0, NULL},
    {"certificate", FIELD_ANY, false, 0, 0, 0, NULL},
    {"messages", FIELD_LIST, false, 0, 0, 0, NULL},
    {"materials", FIELD_MAP, false, 0, 0, 0, NULL},
    {"incidents", FIELD_ANY, false, 0, 0, 0, NULL},
    {"chosen", FIELD_LIST, false, 0, 0, 0, NULL},
};

static void check_decision(Loader *l, const Value *v)
{
    for (size_t i = 0; v && i < COUNT(decisions); i++)
        if (str_eq(value_text(v), decisions[i]))
            return;
    if (v)
        unknown_name(l, v, value_text(v), decisions, COUNT(decisions), "decision");
}

static void check_date(Loader *l, const Value *map, const char *key)
{
    const Value *v = value_at(map, key);
    Date d;
    Err err = {0};
    if (v && !date_parse(value_text(v), &d, &err))
        complain(l, "sample.date", v, STR("write 2026-11-22"), "'" STR_FMT "' is no date",
                 STR_ARG(value_text(v)));
}

static void check_names(Loader *l, const Value *list, const char *kind)
{
    for (size_t i = 0; value_is(list, VALUE_LIST) && i < value_count(list); i++)
        resolve_entry(l, kind, value_text(value_item(list, i)), value_item(list, i));
}

static void check_keys(Loader *l, const Value *map, const char *kind)
{
    for (size_t i = 0; value_is(map, VALUE_MAP) && i < value_count(map); i++)
        resolve_entry(l, kind, map->map.members[i].key, map->map.members[i].value);
}

static void read_expectations(SampleReader *r, const Value *map, Sample *s)
{
    Loader *l = &r->l;
    s->expect = value_at(map, "expect");
    Str unused;
    if (!s->expect || !READ_FIELDS(l, s->expect, expect_fields, "'expect'", &unused))
        return;
    if (!value_count(s->expect))
        complain(l, "sample.expects-nothing", s->expect, (Str){0},
                 "a sample that expects nothing shows nothing");
    check_decision(l, value_at(s->expect, "decision"));
    check_date(l, s->expect, "legal_due");
    check_date(l, s->expect, "promise_due");
    check_names(l, value_at(s->expect, "documents"), "paper");
    check_names(l, value_at(s->expect, "messages"), "message");
    check_names(l, value_at(s->expect, "chosen"), "item");
    check_keys(l, value_at(s->expect, "papers"), "paper");
    check_keys(l, value_at(s->expect, "materials"), "material");
}

/* ---- a sample ---- */

static const Field defaults_fields[] = {
    {"person", FIELD_STR, false, 0, 0, 0, NULL},     {"at", FIELD_STR, false, 0, 0, 0, NULL},
    {"answers", FIELD_MAP, false, 0, 0, 0, NULL},    {"registers", FIELD_MAP, false, 0, 0, 0, NULL},
    {"objections", FIELD_MAP, false, 0, 0, 0, NULL}, {"declined", FIELD_LIST, false, 0, 0, 0, NULL},
    {"mailed", FIELD_LIST, false, 0, 0, 0, NULL},    {"missing", FIELD_LIST, false, 0, 0, 0, NULL},
    {"acts", FIELD_LIST, false, 0, 0, 0, NULL},      {"parts", FIELD_MAP, false, 0, 0, 0, NULL},
};

static const Field sample_fields[] = {
    {"name", FIELD_STR, true, 0, 0, 0, NULL},       {"person", FIELD_STR, false, 0, 0, 0, NULL},
    {"at", FIELD_STR, false, 0, 0, 0, NULL},        {"answers", FIELD_MAP, false, 0, 0, 0, NULL},
    {"registers", FIELD_MAP, false, 0, 0, 0, NULL}, {"objections", FIELD_MAP, false, 0, 0, 0, NULL},
    {"declined", FIELD_LIST, false, 0, 0, 0, NULL}, {"mailed", FIELD_LIST, false, 0, 0, 0, NULL},
    {"missing", FIELD_LIST, false, 0, 0, 0, NULL},  {"acts", FIELD_LIST, false, 0, 0, 0, NULL},
    {"expect", FIELD_MAP, true, 0, 0, 0, NULL},     {"parts", FIELD_MAP, false, 0, 0, 0, NULL},
};

static const Field part_fields[] = {
    {"acts", FIELD_LIST, false, 0, 0, 0, NULL},
    {"expect", FIELD_MAP, false, 0, 0, 0, NULL},
};

static const Field file_fields[] = {
    {"defaults", FIELD_MAP, false, 0, 0, 0, NULL},
    {"samples", FIELD_LIST, true, 0, 0, 0, NULL},
};

/* The file's defaults under the sample's own: maps key by key, everything else whole. */
static Value *laid_over(Arena *a, const Value *under, const Value *over)
{
    Value *all = NEW(a, Value);
    *all = *over;
    all->map.members = NULL;
    all->map.count = all->map.cap = 0;
    all->map.index = NULL;
    for (size_t i = 0; value_is(under, VALUE_MAP) && i < value_count(under); i++) {
        const ValueMember *m = &under->map.members[i];
        if (!value_get(over, m->key))
            value_append(a, all, m->key, m->key_offset, m->value);
    }
    for (size_t i = 0; i < value_count(over); i++) {
        const ValueMember *m = &over->map.members[i];
        const Value *below = value_get(under, m->key);
        bool both = value_is(below, VALUE_MAP) && value_is(m->value, VALUE_MAP);
        value_append(a, all, m->key, m->key_offset,
                     both ? laid_over(a, below, m->value) : m->value);
    }
    return all;
}

static bool form_asks(const Item *item, Str element)
{
    for (size_t i = 0; i < item->form.element_count; i++)
        if (str_eq(item->form.elements[i]->key, element))
            return true;
    return false;
}

static void check_answers(SampleReader *r, const Value *map)
{
    Loader *l = &r->l;
    const Form *f = &r->item->form;
    Str *names = NEW_N(l->arena, Str, f->element_count + 1);
    for (size_t i = 0; i < f->element_count; i++)
        names[i] = f->elements[i]->key;
    for (size_t i = 0; value_is(map, VALUE_MAP) && i < value_count(map); i++) {
        Str key = map->map.members[i].key;
        if (!form_asks(r->item, key))
            complain_key(l, "sample.unknown-name", map, str_cstr(l->arena, key),
                         or_nearest(l, key, names, f->element_count),
                         "the form does not ask '" STR_FMT "'", STR_ARG(key));
    }
}

static void read_at(Loader *l, const Value *map, TimeMs *at)
{
    const Value *v = value_at(map, "at");
    FeelValue moment = feel_temporal(l->arena, value_text(v));
    if (!v)
        complain(l, "catalogue.missing", map, STR("write at: \"2026-11-18T10:00\""),
                 "a sample has no 'at'");
    else if (!feel_time_of(&moment, l->c->zone_minutes, at))
        complain(l, "sample.date", v, STR("write \"2026-11-18T10:00:00\""),
                 "'" STR_FMT "' is no date and time", STR_ARG(value_text(v)));
}

static void read_part(SampleReader *r, const Part *part, const Value *v, SamplePart *p)
{
    const Item *whole = r->item;
    Sample s = {.item = part->item};
    Str unused;
    if (!READ_FIELDS(&r->l, v, part_fields, "a part of a sample", &unused))
        return;
    r->item = part->item; /* its own materials, grounds and process */
    read_acts(r, v, &s);
    read_expectations(r, v, &s);
    r->item = whole;
    *p = (SamplePart){part->item, s.acts, s.act_count, s.expect, v};
}

/* {KEY: {acts, expect}}, in the order in which the organs act. */
static void read_parts(SampleReader *r, const Value *map, Sample *s)
{
    const Value *v = value_at(map, "parts");
    const Bundle *b = r->item->bundle;
    size_t n = value_is(v, VALUE_MAP) ? value_count(v) : 0;
    SamplePart *list = NEW_N(r->l.arena, SamplePart, n + 1);
    for (size_t i = 0; i < n; i++) {
        const ValueMember *m = &v->map.members[i];
        const Part *part = b ? bundle_part(b, m->key) : NULL;
        if (part)
            read_part(r, part, m->value, &list[s->part_count++]);
        else
            complain(&r->l, "sample.unknown-name", m->value, (Str){0},
                     "'" STR_FMT "' is no item of the bundle", STR_ARG(m->key));
    }
    s->parts = list;
}

static void read_sample(SampleReader *r, const Value *own)
{
    Loader *l = &r->l;
    Str unused;
    if (!READ_FIELDS(l, own, sample_fields, "a sample", &unused))
        return;
    const Value *v = laid_over(l->arena, r->defaults, own);
    Sample s = {.item = r->item, .name = get_str(v, "name"), .mark = own};
    if (value_at(v, "person"))
        s.person = resolve_entry(l, "person", get_str(v, "person"), value_at(v, "person"));
    else
        complain(l, "catalogue.missing", own, STR("name one of demo/people.yaml"),
                 "a sample has no 'person'");
    read_at(l, v, &s.at);
    s.answers = value_at(v, "answers");
    s.registers = value_at(v, "registers");
    s.objections = value_at(v, "objections");
    check_answers(r, s.answers);
    check_keys(l, s.registers, "source");
    check_keys(l, s.objections, "source");
    check_names(l, value_at(v, "declined"), "source");
    s.declined = read_strings(l, v, "declined", &s.declined_count);
    s.mailed = read_materials(r, v, "mailed", &s.mailed_count);
    s.missing = read_materials(r, v, "missing", &s.missing_count);
    read_acts(r, v, &s);
    read_parts(r, v, &s);
    read_expectations(r, v, &s);
    if (r->out->len < SAMPLES_MAX)
        *VEC_PUSH(l->arena, r->out) = s;
    else
        complain(l, "catalogue.limit", own, (Str){0}, "more than %d samples", SAMPLES_MAX);
}

static void read_file(SampleReader *r, Str path)
{
    Loader *l = &r->l;
    const Value *doc = load_document(l, path, false);
    Str unused;
    if (!doc || !READ_FIELDS(l, doc, file_fields, "a file of samples", &unused))
        return;
    r->defaults = value_at(doc, "defaults");
    if (r->defaults)
        READ_FIELDS(l, r->defaults, defaults_fields, "'defaults'", &unused);
    Value *const *items;
    size_t n = read_list(l, doc, "samples", &items);
    for (size_t i = 0; i < n; i++)
        read_sample(r, items[i]);
}

bool catalogue_samples(Arena *out, const Catalogue *c, Str folder, Diags *diags, Samples *samples)
{
    Catalogue view = *c; /* the loader could write: what is read here adds nothing to it */
    SampleReader r = {.l = {.arena = out, .diags = diags, .c = &view, .folder = folder},
                      .out = samples};
    size_t before = diags->errors;
    r.l.hasher = hasher_new();
    bool listed = list_files(&r.l);
    for (size_t i = 0; listed && i < r.l.files.len; i++) {
        Str path = r.l.files.at[i].path, rest = path, part;
        bool of_item = str_ends(path, STR(".test.yaml")) && str_split(&rest, '/', &part) &&
                       (str_eq(part, STR("items")) || str_eq(part, STR("bundles"))) &&
                       str_split(&rest, '/', &part);
        r.item = of_item ? catalogue_item(c, part) : NULL;
        if (r.item)
            read_file(&r, path);
    }
    hasher_drop(r.l.hasher);
    return r.l.diags->errors == before;
}
