/* SPDX-License-Identifier: Apache-2.0 */
/* The lists of item.yaml that the unified standard adds to the guide: handling items, joint organs,
 * the handling flow, results, where its values are from. */
#include "catalogue/item_int.h"

enum { MINUTES_MAX = 100000 };

static const Field handling_fields[] = {
    {"key", FIELD_KEY, true, offsetof(HandlingItem, key), 0, 0, NULL},
    {"code", FIELD_STR, true, offsetof(HandlingItem, code), 0, 0, NULL},
    {"name", FIELD_TEXT, true, offsetof(HandlingItem, name), 0, 0, NULL},
    {"note", FIELD_TEXT, false, offsetof(HandlingItem, note), 0, 0, NULL},
};

typedef struct {
    BackStep s;
    Str organ;
} BackStepDraft;

static const Field back_fields[] = {
    {"title", FIELD_TEXT, true, offsetof(BackStepDraft, s.title), 0, 0, NULL},
    {"role", FIELD_KEY, true, offsetof(BackStepDraft, s.role), 0, 0, NULL},
    {"organ", FIELD_KEY, false, offsetof(BackStepDraft, organ), 0, 0, NULL},
    {"minutes", FIELD_INT, false, offsetof(BackStepDraft, s.minutes), 0, MINUTES_MAX, NULL},
    {"document", FIELD_TEXT, false, offsetof(BackStepDraft, s.document), 0, 0, NULL},
    {"detail", FIELD_TEXT, false, offsetof(BackStepDraft, s.detail), 0, 0, NULL},
};

typedef struct {
    ItemResult r;
    int32_t kind;
} ResultDraft;

static const Field result_fields[] = {
    {"name", FIELD_TEXT, true, offsetof(ResultDraft, r.name), 0, 0, NULL},
    {"kind", FIELD_ENUM, true, offsetof(ResultDraft, kind), 0, 0, result_kind_names},
    {"material", FIELD_KEY, false, offsetof(ResultDraft, r.material), 0, 0, NULL},
    {"makes", FIELD_LIST, false, 0, 0, 0, NULL},
    {"valid", FIELD_TEXT, false, offsetof(ResultDraft, r.valid), 0, 0, NULL},
};

static const Field provenance_fields[] = {
    {"cited", FIELD_LIST, false, 0, 0, 0, NULL},
    {"sample", FIELD_TEXT, false, offsetof(Item, sample), 0, 0, NULL},
};

/* Entries of a kind that a list names; those that there are not are reported and left out. */
static const void **read_references(Loader *l, const Value *map, const char *key, const char *kind,
                                    size_t *count)
{
    Value *const *items;
    size_t n = read_list(l, map, key, &items);
    const void **list = NEW_N(l->arena, const void *, n + 1);
    *count = 0;
    for (size_t i = 0; i < n; i++) {
        const void *entry = resolve_entry(l, kind, value_text(items[i]), items[i]);
        bool again = false;
        for (size_t k = 0; entry && k < *count; k++)
            again = again || list[k] == entry;
        if (again)
            complain(l, "catalogue.duplicate", items[i], STR("keep one of them"),
                     "'" STR_FMT "' stands in '%s' twice", STR_ARG(value_text(items[i])), key);
        else if (entry)
            list[(*count)++] = entry;
    }
    return list;
}

/* What staff do, what the applicant does and what runs by itself. */
static bool step_role_known(Str role)
{
    return role_known(role) || str_eq(role, STR("applicant")) || str_eq(role, STR("system"));
}

static void read_back_steps(Loader *l, const Value *doc, Item *item)
{
    Value *const *items;
    size_t n = read_list(l, doc, "back_steps", &items);
    BackStep *list = NEW_N(l->arena, BackStep, n + 1);
    for (size_t i = 0; i < n; i++) {
        BackStepDraft draft = {0};
        READ_FIELDS(l, items[i], back_fields, "a step of the handling flow", &draft);
        if (draft.organ.len)
            draft.s.organ = resolve_entry(l, "organ", draft.organ, value_at(items[i], "organ"));
        if (draft.s.role.len && !step_role_known(draft.s.role))
            complain_role(l, value_at(items[i], "role"), draft.s.role);
        list[i] = draft.s;
    }
    item->back_steps = list;
    item->back_count = n;
}

static void read_results(Loader *l, const Value *doc, Item *item)
{
    Value *const *items;
    size_t n = read_list(l, doc, "results", &items);
    ItemResult *list = NEW_N(l->arena, ItemResult, n + 1);
    for (size_t i = 0; i < n; i++) {
        ResultDraft draft = {0};
        READ_FIELDS(l, items[i], result_fields, "a result", &draft);
        if (draft.r.material.len)
            resolve_entry(l, "material", draft.r.material, value_at(items[i], "material"));
        draft.r.kind = (ResultKind)draft.kind;
        draft.r.makes = (const Element *const *)read_references(l, items[i], "makes", "element",
                                                                &draft.r.make_count);
        draft.r.mark = mark_of(items[i]);
        list[i] = draft.r;
    }
    item->results = list;
    item->result_count = n;
}

void read_item_standard(Loader *l, const Value *doc, Item *item)
{
    item->handling =
        read_structs(l, doc, "handling", SHAPE("a handling item", handling_fields, HandlingItem),
                     &item->handling_count);
    item->joint_organs =
        (const Organ *const *)read_references(l, doc, "joint_organs", "organ", &item->joint_count);
    read_back_steps(l, doc, item);
    read_results(l, doc, item);
    const Value *provenance = value_at(doc, "provenance");
    if (provenance && READ_FIELDS(l, provenance, provenance_fields, "the provenance", item))
        item->cited = read_texts(l, provenance, "cited", &item->cited_count);
}
