/* SPDX-License-Identifier: Apache-2.0 */
/* materials.yaml: the dictionary of materials and what can take their place. */
#include "catalogue/catalogue_int.h"

static const char *const replace_names[] = {"certificate", "query",     "commitment",
                                            "check",       "cancelled", NULL};
_Static_assert(COUNT(replace_names) == REPLACED_CANCELLED + 2, "a name for each kind");

static const char *const kind_names[] = {"certificate", "form", "other", NULL};

static const Field list_fields[] = {{"materials", FIELD_LIST, true, 0, 0, 0, NULL}};

typedef struct {
    Material m;
    int32_t kind;
} MaterialDraft;

static const Field material_fields[] = {
    {"code", FIELD_KEY, true, offsetof(MaterialDraft, m.code), 0, 0, NULL},
    {"name", FIELD_TEXT, true, offsetof(MaterialDraft, m.name), 0, 0, NULL},
    {"note", FIELD_TEXT, false, offsetof(MaterialDraft, m.note), 0, 0, NULL},
    {"kind", FIELD_ENUM, true, offsetof(MaterialDraft, kind), 0, 0, kind_names},
    {"issuer", FIELD_TEXT, false, offsetof(MaterialDraft, m.issuer), 0, 0, NULL},
    {"replaced_by", FIELD_LIST, false, 0, 0, 0, NULL},
};

static const Field replacement_fields[] = {
    {"kind", FIELD_ENUM, true, offsetof(Replacement, kind), 0, 0, replace_names},
    {"source", FIELD_KEY, false, offsetof(Replacement, source), 0, 0, NULL},
    {"note", FIELD_TEXT, false, offsetof(Replacement, note), 0, 0, NULL},
};

static void read_replacement(Loader *l, const Value *v, Replacement *r)
{
    READ_FIELDS(l, v, replacement_fields, "a replacement", r);
    if (r->kind == REPLACED_BY_QUERY && !r->source.len)
        complain(l, "material.no-source", v, STR("add source: the key of a source"),
                 "a query needs a source");
    if (r->source.len)
        resolve_entry(l, "source", r->source, value_at(v, "source"));
}

static void read_material(Loader *l, const Value *v, Material *m)
{
    MaterialDraft draft = {0};
    READ_FIELDS(l, v, material_fields, "a material", &draft);
    *m = draft.m;
    m->kind = str_z(kind_names[draft.kind]);
    m->mark = mark_of(v);
    Value *const *items;
    m->replaced_count = read_list(l, v, "replaced_by", &items);
    Replacement *list = NEW_N(l->arena, Replacement, m->replaced_count + 1);
    for (size_t i = 0; i < m->replaced_count; i++)
        read_replacement(l, items[i], &list[i]);
    m->replaced_by = list;
    register_entry(l, "material", m->code, v, m);
}

void load_materials(Loader *l)
{
    const Value *doc = load_document(l, STR("materials.yaml"), false);
    Value *const *items;
    if (!doc || !READ_FIELDS(l, doc, list_fields, "materials.yaml", NULL))
        return;
    size_t n = read_list(l, doc, "materials", &items);
    Material *materials = NEW_N(l->arena, Material, n + 1);
    for (size_t i = 0; i < n; i++)
        read_material(l, items[i], &materials[i]);
    l->c->materials = materials;
    l->c->material_count = n;
}
