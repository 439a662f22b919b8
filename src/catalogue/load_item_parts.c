/* SPDX-License-Identifier: Apache-2.0 */
/* The lists inside item.yaml: legal basis, situations, materials, limits, steps, grounds. */
#include "catalogue/item_int.h"

enum { FILES_MAX = 50, LIMIT_MAX = 10000, TELLING_DAYS = 5, CORRECTION_MAX = 365 };

static const char *const unit_names[] = {"working_day", "natural_day", "month", "year",
                                         "hour",        "minute",      NULL};

typedef struct {
    TimeLimit t;
    int32_t unit;
} LimitDraft;

static const Field limit_fields[] = {
    {"n", FIELD_INT, true, offsetof(LimitDraft, t.n), 1, LIMIT_MAX, NULL},
    {"unit", FIELD_ENUM, true, offsetof(LimitDraft, unit), 0, 0, unit_names},
    {"note", FIELD_TEXT, false, offsetof(LimitDraft, t.note), 0, 0, NULL},
};

static const Field limits_fields[] = {
    {"legal", FIELD_MAP, true, 0, 0, 0, NULL},
    {"promise", FIELD_MAP, true, 0, 0, 0, NULL},
    {"telling_days", FIELD_INT, true, offsetof(Item, telling_days), 1, TELLING_DAYS, NULL},
    {"correction_days", FIELD_INT, true, offsetof(Item, correction_days), 1, CORRECTION_MAX, NULL},
};

static const Field basis_fields[] = {
    {"law", FIELD_TEXT, true, offsetof(LegalBasis, law), 0, 0, NULL},
    {"article", FIELD_TEXT, true, offsetof(LegalBasis, article), 0, 0, NULL},
    {"quote", FIELD_TEXT, false, offsetof(LegalBasis, quote), 0, 0, NULL},
};

static const Field situation_fields[] = {
    {"key", FIELD_NAME, true, offsetof(Situation, key), 0, 0, NULL},
    {"question", FIELD_TEXT, true, offsetof(Situation, question), 0, 0, NULL},
    {"options", FIELD_LIST, true, 0, 0, 0, NULL},
};

static const Field step_fields[] = {
    {"title", FIELD_TEXT, true, offsetof(Step, title), 0, 0, NULL},
    {"detail", FIELD_TEXT, false, offsetof(Step, detail), 0, 0, NULL},
};

static const Field gone_fields[] = {
    {"name", FIELD_TEXT, true, offsetof(Gone, name), 0, 0, NULL},
    {"replaced", FIELD_TEXT, true, offsetof(Gone, replaced), 0, 0, NULL},
    {"date", FIELD_STR, false, offsetof(Gone, date), 0, 0, NULL},
    {"basis", FIELD_TEXT, false, offsetof(Gone, basis), 0, 0, NULL},
};

static const Field condition_fields[] = {
    {"text", FIELD_TEXT, true, offsetof(Condition, text), 0, 0, NULL},
    {"basis", FIELD_TEXT, false, offsetof(Condition, basis), 0, 0, NULL},
};

static const Field ground_fields[] = {
    {"key", FIELD_NAME, true, offsetof(Ground, key), 0, 0, NULL},
    {"text", FIELD_TEXT, true, offsetof(Ground, text), 0, 0, NULL},
    {"basis", FIELD_TEXT, false, offsetof(Ground, basis), 0, 0, NULL},
};

static const char *const necessity_names[] = {"", "needed", "not_needed", "later", NULL};

typedef struct {
    ItemMaterial m;
    Str code;
} MaterialDraft;

#define AT(field) offsetof(MaterialDraft, m.field)

static const Field material_fields[] = {
    {"material", FIELD_KEY, true, offsetof(MaterialDraft, code), 0, 0, NULL},
    {"necessity", FIELD_ENUM, true, AT(necessity), 0, 0, necessity_names},
    {"needed_if", FIELD_CONDITION, false, AT(needed_if), 0, 0, NULL},
    {"note", FIELD_TEXT, false, AT(note), 0, 0, NULL},
    {"basis", FIELD_TEXT, false, AT(basis), 0, 0, NULL},
    {"by_mail", FIELD_BOOL, false, AT(by_mail), 0, 0, NULL},
    {"max_files", FIELD_INT, false, AT(max_files), 1, FILES_MAX, NULL},
};

void *read_structs(Loader *l, const Value *doc, const char *key, Shape shape, size_t *count)
{
    Value *const *items;
    size_t n = read_list(l, doc, key, &items);
    char *at = arena_alloc(l->arena, shape.size * (n + 1));
    for (size_t i = 0; i < n; i++)
        read_fields(l, items[i], shape.fields, shape.field_count, shape.what, at + i * shape.size);
    *count = n;
    return at;
}

void read_item_limit(Loader *l, const Value *limits, const char *key, TimeLimit *t)
{
    LimitDraft draft = {0};
    if (!value_at(limits, key))
        return;
    READ_FIELDS(l, value_at(limits, key), limit_fields, "a limit", &draft);
    *t = draft.t;
    t->unit = str_z(unit_names[draft.unit]);
}

static void read_limits(Loader *l, const Value *doc, Item *item)
{
    const Value *limits = value_at(doc, "limits");
    if (!limits || !READ_FIELDS(l, limits, limits_fields, "limits", item))
        return;
    read_item_limit(l, limits, "legal", &item->legal);
    read_item_limit(l, limits, "promise", &item->promise);
}

/* A situation that is an element too must offer what the element knows. */
static void check_situation(Loader *l, const Situation *s, const Value *v)
{
    const Element *e = find_entry(l->c, "element", s->key);
    Value *const *items;
    size_t n = read_list(l, v, "options", &items);
    if (value_at(v, "options") && n == 0)
        complain_key(l, "item.no-options", v, "options", (Str){0},
                     "situation '" STR_FMT "' has nothing to choose from", STR_ARG(s->key));
    for (size_t i = 0; e && i < s->option_count; i++) {
        bool known = false;
        for (size_t j = 0; j < e->option_count; j++)
            known = known || str_eq(e->options[j].value, s->options[i].value);
        if (!known && s->options[i].value.len)
            complain(l, "item.situation-option", items[i],
                     STR("a situation with an element's key uses the element's values"),
                     "element '" STR_FMT "' has no option '" STR_FMT "'", STR_ARG(e->key),
                     STR_ARG(s->options[i].value));
    }
}

static void read_situations(Loader *l, const Value *doc, Item *item)
{
    Value *const *items;
    size_t n = read_list(l, doc, "situations", &items);
    Situation *list = NEW_N(l->arena, Situation, n + 1);
    for (size_t i = 0; i < n; i++) {
        READ_FIELDS(l, items[i], situation_fields, "a situation", &list[i]);
        list[i].options = read_options(l, items[i], &list[i].option_count);
        list[i].mark = mark_of(items[i]);
        for (size_t j = 0; j < i; j++)
            if (list[i].key.len && str_eq(list[i].key, list[j].key))
                complain(l, "catalogue.duplicate", items[i], STR("keep one of them"),
                         "there is another situation '" STR_FMT "'", STR_ARG(list[i].key));
        check_situation(l, &list[i], items[i]);
    }
    item->situations = list;
    item->situation_count = n;
}

/* {text, basis}, or the text alone. */
static void read_conditions(Loader *l, const Value *doc, Item *item)
{
    Value *const *items;
    size_t n = read_list(l, doc, "conditions", &items);
    Condition *list = NEW_N(l->arena, Condition, n + 1);
    for (size_t i = 0; i < n; i++) {
        list[i].mark = mark_of(items[i]);
        if (value_at(items[i], "text"))
            READ_FIELDS(l, items[i], condition_fields, "a condition", &list[i]);
        else
            read_text(l, items[i], "conditions", &list[i].text);
    }
    item->conditions = list;
    item->condition_count = n;
}

static void read_gone(Loader *l, const Value *doc, Item *item)
{
    Value *const *items;
    size_t n = read_list(l, doc, "gone", &items);
    Gone *list = NEW_N(l->arena, Gone, n + 1);
    for (size_t i = 0; i < n; i++) {
        READ_FIELDS(l, items[i], gone_fields, "a material that is gone", &list[i]);
        list[i].mark = mark_of(items[i]);
    }
    item->gone = list;
    item->gone_count = n;
}

void read_bundle_parts(Loader *l, const Value *doc, Item *item)
{
    item->basis = read_structs(l, doc, "basis", SHAPE("a legal basis", basis_fields, LegalBasis),
                               &item->basis_count);
    item->steps =
        read_structs(l, doc, "steps", SHAPE("a step", step_fields, Step), &item->step_count);
    read_conditions(l, doc, item);
    read_gone(l, doc, item);
    read_situations(l, doc, item);
}

void read_item_parts(Loader *l, const Value *doc, Item *item)
{
    Shape ground = SHAPE("a ground", ground_fields, Ground);
    read_bundle_parts(l, doc, item);
    item->suspend_grounds = read_structs(l, doc, "suspend_grounds", ground, &item->suspend_count);
    item->refuse_grounds = read_structs(l, doc, "refuse_grounds", ground, &item->refuse_count);
    read_limits(l, doc, item);
}

void read_item_materials(Loader *l, const Value *doc, Item *item)
{
    Value *const *items;
    size_t n = read_list(l, doc, "materials", &items);
    ItemMaterial *list = NEW_N(l->arena, ItemMaterial, n + 1);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        MaterialDraft draft = {.m = {.max_files = 5, .necessity = 1}};
        READ_FIELDS(l, items[i], material_fields, "a material of an item", &draft);
        draft.m.mark = mark_of(items[i]);
        draft.m.material = resolve_entry(l, "material", draft.code, value_at(items[i], "material"));
        if (draft.m.material)
            list[kept++] = draft.m;
    }
    item->materials = list;
    item->material_count = kept;
}
