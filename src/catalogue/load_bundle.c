/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bundles/<key>/bundle.yaml: one matter, made of items that are loaded already. Its parts are put in
 * an order in which each follows what it waits for; its face is registered as an item, so that
 * whoever names an item may name a bundle. Conditions are compiled last: they may use every element
 * of the merged form.
 */
#include "catalogue/bundle_int.h"

typedef struct {
    Bundle b;
    Str lead;
    int32_t exit;
} BundleDraft;

static const char *const exit_names[] = {"together", "as_ready", NULL};

#define AT(field) offsetof(BundleDraft, b.whole.field)

static const Field bundle_fields[] = {
    {"version", FIELD_STR, true, AT(version), 0, 0, NULL},
    {"name", FIELD_TEXT, true, AT(name), 0, 0, NULL},
    {"summary", FIELD_TEXT, true, AT(summary), 0, 0, NULL},
    {"lead", FIELD_KEY, true, offsetof(BundleDraft, lead), 0, 0, NULL},
    {"organs", FIELD_LIST, false, 0, 0, 0, NULL},
    {"serves", FIELD_LIST, true, 0, 0, 0, NULL},
    {"topics", FIELD_LIST, true, 0, 0, 0, NULL},
    {"keywords", FIELD_LIST, true, 0, 0, 0, NULL},
    {"basis", FIELD_LIST, false, 0, 0, 0, NULL},
    {"conditions", FIELD_LIST, false, 0, 0, 0, NULL},
    {"situations", FIELD_LIST, true, 0, 0, 0, NULL},
    {"items", FIELD_LIST, true, 0, 0, 0, NULL},
    {"form", FIELD_STR, false, 0, 0, 0, NULL},
    {"gone", FIELD_LIST, false, 0, 0, 0, NULL},
    {"steps", FIELD_LIST, false, 0, 0, 0, NULL},
    {"scope", FIELD_TEXT, false, AT(scope), 0, 0, NULL},
    {"fee", FIELD_TEXT, false, AT(fee), 0, 0, NULL},
    {"remedies", FIELD_TEXT, false, AT(remedies), 0, 0, NULL},
    {"visits", FIELD_INT, false, AT(visits), 0, 20, NULL},
    {"visit_reason", FIELD_TEXT, false, AT(visit_reason), 0, 0, NULL},
    {"consult_phone", FIELD_STR, false, AT(consult_phone), 0, 0, NULL},
    {"complaint_phone", FIELD_STR, false, AT(complaint_phone), 0, 0, NULL},
    {"limits", FIELD_MAP, false, 0, 0, 0, NULL},
    {"baseline", FIELD_MAP, true, 0, 0, 0, NULL},
    {"flags", FIELD_LIST, false, 0, 0, 0, NULL},
    {"exit", FIELD_ENUM, false, offsetof(BundleDraft, exit), 0, 0, exit_names},
    {"sets", FIELD_LIST, false, 0, 0, 0, NULL},
    {"back_steps", FIELD_LIST, false, 0, 0, 0, NULL},
    {"provenance", FIELD_MAP, false, 0, 0, 0, NULL},
};

static const Field baseline_fields[] = {
    {"materials", FIELD_INT, true, offsetof(Bundle, whole.baseline_materials), 0, 1000, NULL},
    {"visits", FIELD_INT, true, offsetof(Bundle, whole.baseline_visits), 0, 1000, NULL},
    {"days", FIELD_INT, true, offsetof(Bundle, whole.baseline_days), 0, 5000, NULL},
    {"steps", FIELD_INT, false, offsetof(Bundle, whole.baseline_steps), 0, 1000, NULL},
    {"organs", FIELD_INT, false, offsetof(Bundle, whole.baseline_organs), 0, 200, NULL},
};

static const Field limits_fields[] = {
    {"promise", FIELD_MAP, false, 0, 0, 0, NULL},
    {"legal", FIELD_MAP, false, 0, 0, 0, NULL},
};

typedef struct {
    Part p;
    Str item;
} PartDraft;

static const Field part_fields[] = {
    {"item", FIELD_KEY, true, offsetof(PartDraft, item), 0, 0, NULL},
    {"when", FIELD_ANY, false, 0, 0, 0, NULL},
    {"why", FIELD_TEXT, false, offsetof(PartDraft, p.why), 0, 0, NULL},
    {"unless", FIELD_TEXT, false, offsetof(PartDraft, p.unless), 0, 0, NULL},
    {"optional", FIELD_BOOL, false, offsetof(PartDraft, p.optional), 0, 0, NULL},
    {"after", FIELD_LIST, false, 0, 0, 0, NULL},
    {"requires", FIELD_LIST, false, 0, 0, 0, NULL},
    {"passes", FIELD_LIST, false, 0, 0, 0, NULL},
};

typedef struct {
    Str from, element, as;
} PassDraft;

static const Field pass_fields[] = {
    {"from", FIELD_KEY, true, offsetof(PassDraft, from), 0, 0, NULL},
    {"element", FIELD_NAME, true, offsetof(PassDraft, element), 0, 0, NULL},
    {"as", FIELD_NAME, false, offsetof(PassDraft, as), 0, 0, NULL},
};

/* ---- parts ---- */

/* The parts while they are read: in the order of the document. */
typedef struct {
    const Value *at[BUNDLE_PARTS_MAX]; /* entries of the document */
    Part draft[BUNDLE_PARTS_MAX];
    Str key[BUNDLE_PARTS_MAX];
    Part *parts; /* Bundle.parts, while they may be changed */
    bool waits[BUNDLE_PARTS_MAX][BUNDLE_PARTS_MAX];
    size_t order[BUNDLE_PARTS_MAX]; /* of Bundle.parts: which entry */
    size_t count;
} Order;

static size_t entry_of(const Order *o, Str key)
{
    for (size_t i = 0; i < o->count; i++)
        if (str_eq(o->key[i], key))
            return i;
    return SIZE_MAX;
}

static void note_waits(Loader *l, Order *o, size_t i, const char *list)
{
    Value *const *items;
    size_t n = read_list(l, o->at[i], list, &items);
    for (size_t k = 0; k < n; k++) {
        size_t other = entry_of(o, value_text(items[k]));
        if (other != SIZE_MAX)
            o->waits[i][other] = true;
        else
            complain(l, "bundle.no-part", items[k],
                     or_nearest(l, value_text(items[k]), o->key, o->count),
                     "'" STR_FMT "' is no item of this bundle", STR_ARG(value_text(items[k])));
    }
}

static bool may_follow(const Order *o, const bool *placed, size_t i)
{
    for (size_t k = 0; k < o->count; k++)
        if (o->waits[i][k] && !placed[k])
            return false;
    return true;
}

/* As in the document, but behind what each waits for. A circle is broken where it is found. */
static void put_in_order(Loader *l, Order *o)
{
    bool placed[BUNDLE_PARTS_MAX] = {false};
    for (size_t n = 0; n < o->count; n++) {
        size_t i = 0;
        while (i < o->count && (placed[i] || !may_follow(o, placed, i)))
            i++;
        if (i == o->count) {
            for (i = 0; placed[i]; i++)
                ;
            complain(l, "bundle.circle", o->at[i], STR("drop one of the after or requires"),
                     "'" STR_FMT "' waits for itself, by way of others", STR_ARG(o->key[i]));
            for (size_t k = 0; k < o->count; k++)
                o->waits[i][k] = o->waits[i][k] && placed[k];
        }
        o->order[n] = i;
        placed[i] = true;
    }
}

static void gather_parts(Loader *l, const Value *doc, Order *o)
{
    Value *const *items;
    size_t n = read_list(l, doc, "items", &items);
    if (n > BUNDLE_PARTS_MAX)
        complain_key(l, "catalogue.limit", doc, "items", (Str){0}, "more than %d items",
                     BUNDLE_PARTS_MAX);
    for (size_t i = 0; i < n && o->count < BUNDLE_PARTS_MAX; i++) {
        PartDraft draft = {.item = {0}};
        READ_FIELDS(l, items[i], part_fields, "an item of a bundle", &draft);
        const Item *item = resolve_entry(l, "item", draft.item, value_at(items[i], "item"));
        if (!item)
            continue;
        if (entry_of(o, draft.item) != SIZE_MAX) {
            complain(l, "catalogue.duplicate", items[i], STR("keep one of them"),
                     "'" STR_FMT "' is an item of this bundle already", STR_ARG(draft.item));
            continue;
        }
        if (item->bundle) {
            complain(l, "bundle.nested", value_at(items[i], "item"), STR("name its items"),
                     "'" STR_FMT "' is a bundle", STR_ARG(draft.item));
            continue;
        }
        o->at[o->count] = items[i];
        o->draft[o->count] = draft.p;
        o->draft[o->count].item = item;
        o->key[o->count++] = item->key;
    }
    for (size_t i = 0; i < o->count; i++) {
        note_waits(l, o, i, "after");
        note_waits(l, o, i, "requires");
    }
    put_in_order(l, o);
}

static const Part *part_named(const Bundle *b, Str key, size_t before)
{
    for (size_t i = 0; i < before; i++)
        if (str_eq(b->parts[i].item->key, key))
            return &b->parts[i];
    return NULL;
}

static const Part *const *read_others(Loader *l, const Bundle *b, size_t at, const Value *v,
                                      const char *key, size_t *count)
{
    Value *const *items;
    size_t n = read_list(l, v, key, &items);
    const Part **list = NEW_N(l->arena, const Part *, n + 1);
    *count = 0;
    for (size_t i = 0; i < n; i++) {
        const Part *p = part_named(b, value_text(items[i]), at);
        if (p)
            list[(*count)++] = p;
    }
    return list;
}

static bool waits_for(const Part *p, const Part *other)
{
    for (size_t i = 0; i < p->after_count; i++)
        if (p->after[i] == other || waits_for(p->after[i], other))
            return true;
    for (size_t i = 0; i < p->requires_count; i++)
        if (p->requires[i] == other || waits_for(p->requires[i], other))
            return true;
    return false;
}

static bool part_makes(const Part *p, const Element *e)
{
    for (size_t i = 0; i < p->item->result_count; i++)
        for (size_t k = 0; k < p->item->results[i].make_count; k++)
            if (p->item->results[i].makes[k] == e)
                return true;
    return false;
}

static void check_pass(Loader *l, const Part *p, const PartPass *pass, const Value *v)
{
    const Item *giver = pass->from->item;
    if (!waits_for(p, pass->from))
        complain(l, "bundle.pass-too-early", v, STR("add it to after or requires"),
                 "'" STR_FMT "' does not wait for '" STR_FMT "'", STR_ARG(p->item->key),
                 STR_ARG(giver->key));
    if (!part_asks(pass->from, pass->element) && !part_makes(pass->from, pass->element))
        complain(l, "bundle.pass-unknown", value_at(v, "element"),
                 STR("name an element that it asks or that its result makes"),
                 "'" STR_FMT "' neither asks nor makes '" STR_FMT "'", STR_ARG(giver->key),
                 STR_ARG(pass->element->key));
    if (pass->element->type != pass->as->type)
        complain(l, "bundle.pass-type", v, STR("pass it on as an element of the same type"),
                 "'" STR_FMT "' and '" STR_FMT "' are of different types",
                 STR_ARG(pass->element->key), STR_ARG(pass->as->key));
}

static void read_passes(Loader *l, const Bundle *b, Part *p, const Value *v)
{
    Value *const *items;
    size_t n = read_list(l, v, "passes", &items);
    PartPass *list = NEW_N(l->arena, PartPass, n + 1);
    for (size_t i = 0; i < n && p->pass_count < BUNDLE_PASSES_MAX; i++) {
        PassDraft d = {.from = {0}};
        READ_FIELDS(l, items[i], pass_fields, "what is passed on", &d);
        PartPass pass = {.from = part_named(b, d.from, p->at)};
        pass.element = resolve_entry(l, "element", d.element, value_at(items[i], "element"));
        pass.as =
            d.as.len ? resolve_entry(l, "element", d.as, value_at(items[i], "as")) : pass.element;
        if (d.from.len && !pass.from)
            complain(l, "bundle.no-part", value_at(items[i], "from"), (Str){0},
                     "'" STR_FMT "' is no item of this bundle that comes before", STR_ARG(d.from));
        if (!pass.from || !pass.element || !pass.as)
            continue;
        check_pass(l, p, &pass, items[i]);
        list[p->pass_count++] = pass;
    }
    p->passes = list;
}

static void read_parts(Loader *l, Bundle *b, Order *o)
{
    o->parts = NEW_N(l->arena, Part, o->count + 1);
    b->parts = o->parts;
    for (size_t i = 0; i < o->count; i++) {
        const Value *v = o->at[o->order[i]];
        Part *p = &o->parts[i];
        *p = o->draft[o->order[i]];
        p->bundle = b;
        p->at = i;
        p->mark = mark_of(v);
        p->after = read_others(l, b, i, v, "after", &p->after_count);
        p->requires = read_others(l, b, i, v, "requires", &p->requires_count);
        read_passes(l, b, p, v);
    }
    b->part_count = o->count;
}

/* The merged form points at the parts: they are filled where they stand. */
static void read_conditions(Loader *l, const Bundle *b, Order *o)
{
    l->names = form_names(l, &b->whole);
    for (size_t i = 0; i < o->count; i++) {
        const Value *when = value_at(o->at[o->order[i]], "when");
        if (when)
            o->parts[i].when = read_condition(l, when);
    }
}

/* ---- the face ---- */

static void add_organ(const Organ **list, size_t *n, const Organ *o)
{
    for (size_t i = 0; i < *n; i++)
        if (list[i] == o)
            return;
    if (o)
        list[(*n)++] = o;
}

static void read_organs(Loader *l, const Value *doc, Bundle *b)
{
    Value *const *items;
    size_t n = read_list(l, doc, "organs", &items), count = 0;
    const Organ **list = NEW_N(l->arena, const Organ *, n + 2 * b->part_count + 1);
    add_organ(list, &count, b->whole.organ);
    for (size_t i = 0; i < b->part_count; i++) {
        add_organ(list, &count, b->parts[i].item->organ);
        add_organ(list, &count, item_decider(b->parts[i].item));
    }
    for (size_t i = 0; i < n; i++)
        add_organ(list, &count, resolve_entry(l, "organ", value_text(items[i]), items[i]));
    b->organs = list;
    b->organ_count = count;
    b->whole.joint_organs = count ? list + 1 : list;
    b->whole.joint_count = count ? count - 1 : 0;
}

static bool same_text(Text a, Text b)
{
    return str_eq(text_in(a, LANG_ZH), text_in(b, LANG_ZH));
}

/* Each part's own where they differ. */
static Text joined_fees(Loader *l, const Bundle *b)
{
    Text all = b->part_count ? b->parts[0].item->fee : (Text){{{0}}};
    bool differ = false;
    for (size_t i = 1; i < b->part_count; i++)
        differ = differ || !same_text(b->parts[i].item->fee, all);
    if (!differ)
        return all;
    StrBuf zh = buf_in(l->arena), en = buf_in(l->arena);
    for (size_t i = 0; i < b->part_count; i++) {
        const Item *item = b->parts[i].item;
        buf_fmt(&zh, "%s" STR_FMT "：" STR_FMT, i ? "；" : "",
                STR_ARG(text_in(item->name, LANG_ZH)), STR_ARG(text_in(item->fee, LANG_ZH)));
        buf_fmt(&en, "%s" STR_FMT ": " STR_FMT, i ? "; " : "",
                STR_ARG(text_in(item->name, LANG_EN)), STR_ARG(text_in(item->fee, LANG_EN)));
    }
    return (Text){{buf_str(&zh), buf_str(&en)}};
}

/* In the unit of the chain where all have one, else in the shortest whole days. */
static TimeLimit chain_limit(const Bundle *b, PathLimit which)
{
    const Part *path[BUNDLE_PARTS_MAX];
    size_t n;
    TimeLimit sum = {0};
    int64_t minutes = bundle_path(b, which, path, &n);
    bool one = true;
    for (size_t i = 0; i < n; i++) {
        const Item *item = path[i]->item;
        const TimeLimit *t =
            which == PATH_LEGAL && item->legal.n > 0 ? &item->legal : &item->promise;
        one = one && (i == 0 || str_eq(t->unit, sum.unit));
        sum.unit = t->unit;
        sum.n += t->n;
    }
    if (!one) {
        TimeLimit day = {.n = 1, .unit = STR("working_day")};
        int64_t length = limit_minutes(&day);
        sum = (TimeLimit){.n = (int32_t)((minutes + length - 1) / length), .unit = day.unit};
    }
    return sum;
}

static void read_limits(Loader *l, const Value *doc, Bundle *b)
{
    const Value *limits = value_at(doc, "limits");
    Str unused;
    b->whole.promise = chain_limit(b, PATH_PROMISE);
    b->whole.legal = chain_limit(b, PATH_LEGAL);
    if (limits && READ_FIELDS(l, limits, limits_fields, "limits", &unused)) {
        read_item_limit(l, limits, "promise", &b->whole.promise);
        read_item_limit(l, limits, "legal", &b->whole.legal);
    }
}

static int32_t most_days(const Bundle *b, size_t at, int32_t least)
{
    for (size_t i = 0; i < b->part_count; i++) {
        int32_t days = *(const int32_t *)((const char *)b->parts[i].item + at);
        if (days > least)
            least = days;
    }
    return least;
}

/* The handling flow of a bundle that describes none is that of its parts, one after the other. */
static void join_back_steps(Loader *l, Item *w, const Bundle *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->part_count; i++)
        n += b->parts[i].item->back_count;
    BackStep *list = NEW_N(l->arena, BackStep, n + 1);
    n = 0;
    for (size_t i = 0; i < b->part_count; i++) {
        const Item *item = b->parts[i].item;
        for (size_t k = 0; k < item->back_count; k++) {
            list[n] = item->back_steps[k];
            if (!list[n].organ)
                list[n].organ = item_decider(item);
            n++;
        }
    }
    w->back_steps = list;
    w->back_count = n;
}

/* What a bundle does not say itself, its parts say. */
static void fill_face(Loader *l, const Value *doc, Bundle *b)
{
    static const Text ended = {{STR_INIT("各部门均已办结"), STR_INIT("All departments are done")}};
    static const Text failed = {
        {STR_INIT("各事项均未获准"), STR_INIT("None of its parts was granted")}};
    Item *w = &b->whole;
    const Item *first = b->part_count ? b->parts[0].item : NULL;
    w->main_name = w->sub_name = w->name;
    w->grant_text = ended;
    w->deny_text = failed;
    if (!w->back_count)
        join_back_steps(l, w, b);
    w->telling_days = most_days(b, offsetof(Item, telling_days), 1);
    w->correction_days = most_days(b, offsetof(Item, correction_days), 1);
    if (!value_at(doc, "visits"))
        w->visits = most_days(b, offsetof(Item, visits), 0);
    if (!value_at(doc, "fee"))
        w->fee = joined_fees(l, b);
    if (!first)
        return;
    w->type = first->type;
    w->level = first->level;
    if (!value_at(doc, "scope"))
        w->scope = first->scope;
    if (!value_at(doc, "remedies"))
        w->remedies = first->remedies;
    if (!w->consult_phone.len)
        w->consult_phone = first->consult_phone;
    if (!w->complaint_phone.len)
        w->complaint_phone = first->complaint_phone;
}

static void load_bundle(Loader *l, Str path, Str key, Bundle *b)
{
    const Value *doc = load_document(l, path, false);
    BundleDraft draft = {.exit = 0};
    Order order = {.count = 0};
    if (!doc)
        return;
    l->names = NULL;
    READ_FIELDS(l, doc, bundle_fields, "a bundle", &draft);
    *b = draft.b;
    Item *w = &b->whole;
    w->key = key;
    w->bundle = b;
    w->mark = mark_of(doc);
    w->organ = resolve_entry(l, "organ", draft.lead, value_at(doc, "lead"));
    b->as_ready = draft.exit == 1;
    w->keywords = read_strings(l, doc, "keywords", &w->keyword_count);
    b->sets = read_sets(l, doc, &b->set_count);
    read_item_topics(l, doc, w);
    read_item_flags(l, doc, w);
    if (value_at(doc, "baseline"))
        READ_FIELDS(l, value_at(doc, "baseline"), baseline_fields, "the baseline", b);
    gather_parts(l, doc, &order);
    read_parts(l, b, &order);
    read_bundle_parts(l, doc, w);
    read_item_standard(l, doc, w);
    read_organs(l, doc, b);
    read_limits(l, doc, b);
    fill_face(l, doc, b);
    Str folder = str_slice(path, 0, path.len - STR("/bundle.yaml").len),
        form = get_str(doc, "form");
    merge_form(l, b,
               form.len ? load_document(l, path_join(l->diags->arena, folder, form), false) : NULL);
    merge_materials(l, b);
    read_conditions(l, b, &order);
    register_entry(l, "item", key, doc, w);
    check_bundle(l, b, doc);
}

static bool bundle_key(Str path, Str *key)
{
    Str prefix = STR("bundles/"), suffix = STR("/bundle.yaml");
    if (!str_starts(path, prefix) || !str_ends(path, suffix) || path.len <= prefix.len + suffix.len)
        return false;
    *key = str_slice(path, prefix.len, path.len - suffix.len);
    return str_find(*key, STR("/"), 0) == SIZE_MAX;
}

void load_bundles(Loader *l)
{
    size_t n = 0;
    Str key;
    for (size_t i = 0; i < l->files.len; i++)
        n += bundle_key(l->files.at[i].path, &key);
    Bundle *list = NEW_N(l->arena, Bundle, n + 1);
    n = 0;
    for (size_t i = 0; i < l->files.len; i++)
        if (bundle_key(l->files.at[i].path, &key))
            load_bundle(l, l->files.at[i].path, str_dup(l->arena, key), &list[n++]);
    l->c->bundles = l->bundles = list;
    l->c->bundle_count = n;
}
