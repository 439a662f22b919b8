/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an element may name: what it requires and nothing else. The order of names is the order of
 * values at evaluation, so a name that is alone in a column is found by its place.
 */
#include "model/dmn/dmn_int.h"

typedef Vec(FeelName) NameList;
typedef Vec(DmnVisible) SlotList;

typedef struct {
    const DmnImport *import; /* NULL: by their own names */
    NameList names;
    SlotList slots;
} Group;

typedef Vec(Group) Groups;

uint16_t dmn_slot(const DmnReader *r, const DmnElement *e)
{
    size_t before = e->kind == DMN_INPUT      ? 0
                    : e->kind == DMN_DECISION ? r->inputs.len
                                              : r->inputs.len + r->decisions.len;
    return (uint16_t)(before + e->place);
}

static Group *group_of(Arena *out, Groups *groups, const DmnImport *import)
{
    for (size_t i = 0; i < groups->len; i++) {
        if (groups->at[i].import == import) {
            return &groups->at[i];
        }
    }
    Group *g = VEC_PUSH(out, groups);
    g->import = import;
    return g;
}

static bool stands_in(const Group *g, Str name)
{
    for (size_t i = 0; i < g->names.len; i++) {
        if (str_eq(g->names.at[i].name, name)) {
            return true;
        }
    }
    return false;
}

static void show(DmnReader *r, Groups *groups, const DmnElement *owner, const DmnElement *e)
{
    const DmnImport *import = e->doc == owner->doc ? NULL : dmn_import_of(owner->doc, e->doc);
    Group *g = group_of(r->out, groups, import && import->name.len > 0 ? import : NULL);
    if (stands_in(g, e->name)) {
        DMN_ERROR(owner->doc, "dmn.duplicate", owner->node->offset, STR("rename one of the two"),
                  "'" STR_FMT "' sees two elements named '" STR_FMT "'", STR_ARG(owner->name),
                  STR_ARG(e->name));
        return;
    }
    *VEC_PUSH(r->out, &g->names) = (FeelName){e->name, e->type};
    *VEC_PUSH(r->out, &g->slots) = (DmnVisible){.name = e->name, .slot = dmn_slot(r, e)};
}

static void show_import(DmnReader *r, const DmnElement *owner, Group *own, const Group *g)
{
    DmnScope *inside = NEW(r->out, DmnScope);
    *inside = (DmnScope){g->slots.at, g->slots.len};
    const FeelType *type = dmn_members_type(owner->doc, g->names.at, g->names.len);
    *VEC_PUSH(r->out, &own->names) = (FeelName){g->import->name, type};
    *VEC_PUSH(r->out, &own->slots) = (DmnVisible){.name = g->import->name, .inside = inside};
}

void dmn_see(DmnReader *r, const DmnElement *e, DmnScope *scope, DmnSight *sight)
{
    Groups groups = {0};
    (void)group_of(r->out, &groups, NULL);
    for (size_t i = 0; i < e->needs.len; i++) {
        show(r, &groups, e, e->needs.at[i]);
    }
    for (size_t i = 0; i < e->knows.len; i++) {
        show(r, &groups, e, e->knows.at[i]);
    }
    if (e->kind == DMN_CALLABLE && !stands_in(&groups.at[0], e->name)) {
        show(r, &groups, e, e); /* to call itself */
    }
    for (size_t i = 1; i < groups.len; i++) {
        show_import(r, e, &groups.at[0], &groups.at[i]);
    }
    const Group *own = &groups.at[0];
    *scope = (DmnScope){own->slots.at, own->slots.len};
    *sight = (DmnSight){.names = {.at = own->names.at,
                                  .count = own->names.len,
                                  .open = r->mode == DMN_LENIENT,
                                  .types = &e->doc->types},
                        .scope = scope};
}

/* ---- names in front of others ---- */

DmnSight dmn_sight_room(DmnDoc *d, const DmnSight *s, size_t count)
{
    DmnSight inner = *s;
    DmnReader *r = d->r;
    size_t all = s->names.count + count;
    inner.room = 0;
    if (r->name_count + all > DMN_MAX_NAMES) {
        DMN_REFUSE(d, "dmn.limit", d->root->offset, STR("split the document"),
                   "expressions see more than %d names in all", DMN_MAX_NAMES);
        return inner;
    }
    r->name_count += all;
    FeelName *names = NEW_N(r->tmp, FeelName, all + 1);
    if (s->names.count > 0) {
        memcpy(names + count, s->names.at, s->names.count * sizeof *names);
    }
    inner.names.at = names + count;
    inner.front = names + count;
    inner.room = count;
    return inner;
}

DmnSight dmn_sight_next(const DmnSight *s, FeelName name)
{
    DmnSight inner = *s;
    if (inner.room > 0) {
        inner.room--;
        inner.front--;
        *inner.front = name;
        inner.names.at = inner.front;
        inner.names.count++;
        inner.inner++;
    }
    return inner;
}

DmnSight dmn_sight_with(DmnDoc *d, const DmnSight *s, const FeelName *more, size_t count)
{
    DmnSight inner = dmn_sight_room(d, s, count);
    for (size_t i = 0; i < count; i++) {
        inner = dmn_sight_next(&inner, more[i]);
    }
    return inner;
}
