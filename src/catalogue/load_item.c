/* SPDX-License-Identifier: Apache-2.0 */
/*
 * items/<key>/item.yaml: everything about a service item but its form. Expressions may use the
 * elements that the form asks and the situations of the guide, so the form's names are gathered
 * first. What must hold between the parts is in check_item.c.
 */
#include "catalogue/item_int.h"

static const char *const type_names[] = {"01", "02", "03", "04", "05", "06",
                                         "07", "08", "09", "10", "20", NULL};

const char *const level_names[] = {"national", "province", "city", "county",
                                   "town",     "village",  NULL};

#define AT(field) offsetof(ItemDraft, i.field)

static const Field item_fields[] = {
    {"code", FIELD_STR, true, AT(code), 0, 0, NULL},
    {"version", FIELD_STR, true, AT(version), 0, 0, NULL},
    {"main_code", FIELD_STR, false, AT(main_code), 0, 0, NULL},
    {"state", FIELD_ENUM, false, offsetof(ItemDraft, state), 0, 0, item_state_names},
    {"valid_from", FIELD_DATE, false, AT(valid_from), 0, 0, NULL},
    {"valid_to", FIELD_DATE, false, AT(valid_to), 0, 0, NULL},
    {"authority", FIELD_ENUM, false, offsetof(ItemDraft, authority), 0, 0, authority_names},
    {"handled_by", FIELD_KEY, false, offsetof(ItemDraft, handled_by), 0, 0, NULL},
    {"joint_organs", FIELD_LIST, false, 0, 0, 0, NULL},
    {"handling", FIELD_LIST, false, 0, 0, 0, NULL},
    {"results", FIELD_LIST, false, 0, 0, 0, NULL},
    {"back_steps", FIELD_LIST, false, 0, 0, 0, NULL},
    {"address", FIELD_TEXT, false, AT(address), 0, 0, NULL},
    {"hours", FIELD_TEXT, false, AT(hours), 0, 0, NULL},
    {"windows", FIELD_TEXT, false, AT(windows), 0, 0, NULL},
    {"phone", FIELD_STR, false, AT(phone), 0, 0, NULL},
    {"note", FIELD_TEXT, false, AT(local_note), 0, 0, NULL},
    {"provenance", FIELD_MAP, false, 0, 0, 0, NULL},
    {"name", FIELD_TEXT, true, AT(name), 0, 0, NULL},
    {"main_name", FIELD_TEXT, true, AT(main_name), 0, 0, NULL},
    {"sub_name", FIELD_TEXT, true, AT(sub_name), 0, 0, NULL},
    {"summary", FIELD_TEXT, true, AT(summary), 0, 0, NULL},
    {"type", FIELD_ENUM, true, offsetof(ItemDraft, type), 0, 0, type_names},
    {"level", FIELD_ENUM, true, offsetof(ItemDraft, level), 0, 0, level_names},
    {"scope", FIELD_TEXT, true, AT(scope), 0, 0, NULL},
    {"organ", FIELD_KEY, true, offsetof(ItemDraft, organ), 0, 0, NULL},
    {"serves", FIELD_LIST, true, 0, 0, 0, NULL},
    {"topics", FIELD_LIST, true, 0, 0, 0, NULL},
    {"keywords", FIELD_LIST, true, 0, 0, 0, NULL},
    {"sets", FIELD_LIST, false, 0, 0, 0, NULL},
    {"basis", FIELD_LIST, false, 0, 0, 0, NULL},
    {"conditions", FIELD_LIST, false, 0, 0, 0, NULL},
    {"situations", FIELD_LIST, false, 0, 0, 0, NULL},
    {"materials", FIELD_LIST, false, 0, 0, 0, NULL},
    {"gone", FIELD_LIST, false, 0, 0, 0, NULL},
    {"steps", FIELD_LIST, true, 0, 0, 0, NULL},
    {"limits", FIELD_MAP, true, 0, 0, 0, NULL},
    {"visits", FIELD_INT, true, AT(visits), 0, 20, NULL},
    {"visit_reason", FIELD_TEXT, false, AT(visit_reason), 0, 0, NULL},
    {"fee", FIELD_TEXT, true, AT(fee), 0, 0, NULL},
    {"remedies", FIELD_TEXT, true, AT(remedies), 0, 0, NULL},
    {"grant_text", FIELD_TEXT, true, AT(grant_text), 0, 0, NULL},
    {"deny_text", FIELD_TEXT, true, AT(deny_text), 0, 0, NULL},
    {"consult_phone", FIELD_STR, true, AT(consult_phone), 0, 0, NULL},
    {"complaint_phone", FIELD_STR, true, AT(complaint_phone), 0, 0, NULL},
    {"baseline", FIELD_MAP, true, 0, 0, 0, NULL},
    {"flags", FIELD_LIST, false, 0, 0, 0, NULL},
    {"form", FIELD_STR, false, offsetof(ItemDraft, form), 0, 0, NULL},
    {"questions", FIELD_LIST, false, 0, 0, 0, NULL},
    {"process", FIELD_STR, true, offsetof(ItemDraft, bpmn), 0, 0, NULL},
    {"rules", FIELD_STR, false, offsetof(ItemDraft, dmn), 0, 0, NULL},
    {"apply_date_key", FIELD_NAME, false, AT(apply_date_key), 0, 0, NULL},
    {"holder_key", FIELD_NAME, false, AT(holder_key), 0, 0, NULL},
    {"certificate", FIELD_KEY, false, AT(certificate), 0, 0, NULL},
    {"suspend_grounds", FIELD_LIST, false, 0, 0, 0, NULL},
    {"refuse_grounds", FIELD_LIST, true, 0, 0, 0, NULL},
};

static const Field baseline_fields[] = {
    {"materials", FIELD_INT, true, offsetof(Item, baseline_materials), 0, 1000, NULL},
    {"visits", FIELD_INT, true, offsetof(Item, baseline_visits), 0, 100, NULL},
    {"days", FIELD_INT, true, offsetof(Item, baseline_days), 0, 5000, NULL},
    {"steps", FIELD_INT, false, offsetof(Item, baseline_steps), 0, 1000, NULL},
    {"organs", FIELD_INT, false, offsetof(Item, baseline_organs), 0, 200, NULL},
};

typedef struct {
    Str name;
    size_t at;
} Flag;

static const Flag flags[] = {
    {STR_INIT("online"), offsetof(Item, online)},
    {STR_INIT("no_certificate"), offsetof(Item, no_certificate)},
    {STR_INIT("full_agency"), offsetof(Item, full_agency)},
    {STR_INIT("accelerated"), offsetof(Item, accelerated)},
    {STR_INIT("commitment"), offsetof(Item, commitment)},
    {STR_INIT("deferrable"), offsetof(Item, deferrable)},
    {STR_INIT("hot"), offsetof(Item, hot)},
    {STR_INIT("no_application"), offsetof(Item, no_application)},
    {STR_INIT("cross_province"), offsetof(Item, cross_province)},
    {STR_INIT("one_certificate"), offsetof(Item, one_certificate)},
    {STR_INIT("in_person"), offsetof(Item, in_person)},
};

static const Flag serves[] = {
    {STR_INIT("person"), offsetof(Item, for_persons)},
    {STR_INIT("organisation"), offsetof(Item, for_organisations)},
};

/* A list of words, each of which sets one bool of the item. */
static void read_flags(Loader *l, const Value *doc, const char *key, const Flag *known,
                       size_t count, Item *item)
{
    Value *const *items;
    size_t n = read_list(l, doc, key, &items);
    Str names[COUNT(flags)];
    for (size_t j = 0; j < count; j++)
        names[j] = known[j].name;
    for (size_t i = 0; i < n; i++) {
        bool found = false;
        for (size_t j = 0; j < count; j++)
            if (str_eq(value_text(items[i]), known[j].name))
                found = *(bool *)((char *)item + known[j].at) = true;
        if (!found)
            complain(l, "catalogue.unknown-value", items[i],
                     or_nearest(l, value_text(items[i]), names, count),
                     "'" STR_FMT "' is no value of '%s'", STR_ARG(value_text(items[i])), key);
    }
}

void read_item_flags(Loader *l, const Value *doc, Item *item)
{
    read_flags(l, doc, "flags", flags, COUNT(flags), item);
    read_flags(l, doc, "serves", serves, COUNT(serves), item);
}

void read_item_topics(Loader *l, const Value *doc, Item *item)
{
    Value *const *items;
    size_t n = read_list(l, doc, "topics", &items);
    item->topics = read_strings(l, doc, "topics", &item->topic_count);
    for (size_t i = 0; i < n; i++)
        resolve_entry(l, "topic", value_text(items[i]), items[i]);
}

static void load_flow(Loader *l, Item *item, const ItemDraft *draft, const Value *doc, Str folder)
{
    uint16_t files[DMN_MAX_FILES];
    size_t count;
    Arena *scratch = l->diags->arena;
    if (stands_in_shared(draft->dmn))
        item->rules = shared_rules(l, item, draft->dmn);
    else if (draft->dmn.len)
        item->rules = load_rules(l, path_join(scratch, folder, draft->dmn), rules_names(l, item),
                                 files, &count);
    if (stands_in_shared(draft->bpmn))
        item->process = shared_process(l, item, draft->bpmn, value_at(doc, "process"));
    else if (draft->bpmn.len)
        item->process = load_process(l, item, path_join(scratch, folder, draft->bpmn));
}

/* What the table of fields says, references resolved. */
static void read_head(Loader *l, const Value *doc, ItemDraft *draft, Item *item)
{
    READ_FIELDS(l, doc, item_fields, "an item", draft);
    *item = draft->i;
    item->mark = mark_of(doc);
    item->type = str_z(type_names[draft->type]);
    item->level = str_z(level_names[draft->level]);
    item->state = (ItemState)draft->state;
    item->authority = (Authority)draft->authority;
    item->organ = resolve_entry(l, "organ", draft->organ, value_at(doc, "organ"));
    if (draft->handled_by.len)
        item->handled_by =
            resolve_entry(l, "organ", draft->handled_by, value_at(doc, "handled_by"));
}

static void load_item(Loader *l, Str path, Str key, Item *item)
{
    const Value *reference = load_document(l, path, false), *doc;
    ItemDraft draft = {0};
    size_t before = l->diags->errors;
    if (!reference)
        return;
    l->names = NULL;
    doc = item_as_adopted(l, key, reference, item);
    read_head(l, doc, &draft, item);
    item->key = key;
    item->keywords = read_strings(l, doc, "keywords", &item->keyword_count);
    read_item_topics(l, doc, item);
    item->sets = read_sets(l, doc, &item->set_count);
    read_item_flags(l, doc, item);
    if (value_at(doc, "baseline"))
        READ_FIELDS(l, value_at(doc, "baseline"), baseline_fields, "the baseline", item);
    Str folder = str_slice(path, 0, path.len - STR("/item.yaml").len);
    read_item_parts(l, doc, item);
    read_item_standard(l, doc, item);
    load_form(l, item, doc, folder);
    read_item_materials(l, doc, item);
    expand_form(l, item);
    load_flow(l, item, &draft, doc, folder);
    register_entry(l, "item", key, doc, item);
    check_item(l, item, doc);
    if (l->given)
        return; /* what was accepted once stays readable */
    bool sound = l->diags->errors == before;
    check_terms(l, item, doc, sound);
    if (sound)
        *VEC_PUSH(l->diags->arena, &l->sound) = item;
}

static bool item_key(Str path, Str *key)
{
    Str prefix = STR("items/"), suffix = STR("/item.yaml");
    if (!str_starts(path, prefix) || !str_ends(path, suffix) || path.len <= prefix.len + suffix.len)
        return false;
    *key = str_slice(path, prefix.len, path.len - suffix.len);
    return str_find(*key, STR("/"), 0) == SIZE_MAX;
}

void load_items(Loader *l)
{
    Str key;
    size_t count = 0, n = 0;
    for (size_t i = 0; i < l->files.len; i++)
        count += item_key(l->files.at[i].path, &key);
    Item *items = NEW_N(l->arena, Item, count + 1);
    l->arena->beside = &l->item;
    l->items = items;
    l->parts = NEW_N(l->diags->arena, ItemParts, count + 1);
    for (size_t i = 0; i < l->files.len; i++) {
        if (item_key(l->files.at[i].path, &key))
            load_item(l, l->files.at[i].path, str_dup(l->arena, key), &items[n++]);
        arena_reset(&l->item);
    }
    l->arena->beside = NULL;
    arena_free(&l->item);
    l->c->items = items;
    l->c->item_count = n;
    check_main_items(l);
    check_places(l);
}
