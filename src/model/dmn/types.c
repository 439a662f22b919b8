/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Item definitions to FEEL types. A definition is built when its name is first used; while it is
 * being built its name is known, so a type may hold itself: values end, so checking them does.
 *
 * A name is looked for among the document's definitions, then in the imports by their prefix, then
 * among FEEL's own; "feel:number" and the like of DMN 1.1 lose what stands before the colon.
 */
#include "model/dmn/dmn_int.h"

typedef struct {
    const XmlNode *node;
    FeelType *type; /* NULL: not asked for yet */
    bool is_any;
} DmnItem;

static const FeelType *build(DmnDoc *d, const XmlNode *n, int depth);

void dmn_learn_types(DmnDoc *d)
{
    for (const XmlNode *n = xml_child(d->root, "itemDefinition"); n;
         n = xml_next(n, "itemDefinition")) {
        DmnItem *item = NEW(d->r->out, DmnItem);
        Str name = xml_attr(n, "name");
        item->node = n;
        if (name.len == 0) {
            DMN_ERROR(d, "dmn.syntax", n->offset, STR("add a name"), "item definition has no name");
        } else if (!map_add(d->r->out, &d->definitions, name, item)) {
            DMN_ERROR(d, "dmn.duplicate", n->offset, STR("rename one of the two"),
                      "item definition '" STR_FMT "' is defined twice", STR_ARG(name));
        }
    }
}

/* In lenient mode: nothing is of a type that is not known. */
static const FeelType *bad_type(DmnDoc *d, Str name)
{
    DmnReader *r = d->r;
    FeelType *t = NEW(r->out, FeelType);
    Err err = {0};
    t->allowed = feel_compile(r->out, STR("false"), NULL, FEEL_EXPRESSION, &err);
    t->allowed_text = str_fmt(r->out, "unknown type '" STR_FMT "'", STR_ARG(name));
    return t;
}

static Str without_prefix(Str name)
{
    size_t colon = str_find(name, STR(":"), 0);
    return colon == SIZE_MAX ? name : str_slice(name, colon + 1, name.len);
}

static const FeelType *built_in(Arena *out, Str name, bool *found)
{
    static const struct {
        const char *name;
        FeelKind kind;
    } others[] = {{"Undefined", FEEL_NULL},
                  {"days and time duration", FEEL_DAYS_DURATION},
                  {"years and months duration", FEEL_MONTHS_DURATION},
                  {"int", FEEL_NUMBER},
                  {"decimal", FEEL_NUMBER}};
    FeelKind kind = FEEL_NULL;
    *found = feel_kind_of_name(name, &kind);
    for (size_t i = 0; !*found && i < COUNT(others); i++) {
        *found = str_eq(name, str_z(others[i].name));
        kind = *found ? others[i].kind : kind;
    }
    if (kind == FEEL_NULL) {
        return NULL;
    }
    FeelType *t = NEW(out, FeelType);
    t->kind = kind;
    return t;
}

static const FeelType *defined(DmnDoc *d, Str name, int depth, bool *found)
{
    DmnItem *item = map_get(&d->definitions, name);
    *found = item != NULL;
    if (item && !item->type && depth < DMN_MAX_NEST) {
        item->type = NEW(d->r->out, FeelType);
        const FeelType *t = build(d, item->node, depth + 1);
        *item->type = t ? *t : (FeelType){0};
        item->is_any = !t;
    }
    if (item) {
        return item->is_any ? NULL : item->type;
    }
    for (size_t i = 0; depth < DMN_MAX_NEST && !*found && i < d->imports.len; i++) {
        const DmnImport *m = &d->imports.at[i];
        size_t cut = m->name.len > 0 ? m->name.len + 1 : 0;
        if (str_starts(name, m->name) && name.len > cut && (cut == 0 || name.at[cut - 1] == '.')) {
            const FeelType *t = defined(m->doc, str_slice(name, cut, name.len), depth + 1, found);
            if (*found) {
                return t;
            }
        }
    }
    return NULL;
}

static const FeelType *named(DmnDoc *d, Str name, uint32_t offset, int depth)
{
    bool found = false;
    Str bare = without_prefix(name);
    const FeelType *t = defined(d, name, depth, &found);
    t = found ? t : defined(d, bare, depth, &found);
    t = found ? t : built_in(d->r->out, bare, &found);
    if (found) {
        return t;
    }
    DMN_ERROR(d, "dmn.type", offset,
              STR("use string, number, boolean, date, time, dateTime, a duration, or define it"),
              "unknown type '" STR_FMT "'", STR_ARG(name));
    return d->r->mode == DMN_LENIENT ? bad_type(d, name) : NULL;
}

const FeelType *dmn_type(DmnDoc *d, Str name, uint32_t offset)
{
    return name.len == 0 ? NULL : named(d, name, offset, 0);
}

const FeelType *dmn_result_type(DmnDoc *d, Str name, uint32_t offset)
{
    const FeelType *t = dmn_type(d, name, offset);
    return t && t->kind == FEEL_FUNCTION ? t->result : t;
}

const FeelType *dmn_members_type(DmnDoc *d, FeelName *members, size_t count)
{
    FeelNames *names = NEW(d->r->out, FeelNames);
    FeelType *t = NEW(d->r->out, FeelType);
    *names = (FeelNames){.at = members, .count = count};
    *t = (FeelType){.kind = FEEL_CONTEXT, .members = names, .open = d->r->mode == DMN_LENIENT};
    return t;
}

const FeelType *dmn_function_type(Arena *out, const FeelNames *params, const FeelType *result)
{
    FeelType *t = NEW(out, FeelType);
    *t = (FeelType){.kind = FEEL_FUNCTION, .params = params, .result = result};
    return t;
}

const FeelNames *dmn_params(DmnDoc *d, const XmlNode *n, const char *child)
{
    FeelNames *names = NEW(d->r->out, FeelNames);
    FeelName *at = NEW_N(d->r->out, FeelName, xml_count(n, child) + 1);
    for (const XmlNode *p = xml_child(n, child); p; p = xml_next(p, child)) {
        Str name = xml_attr(p, "name");
        at[names->count++] = (FeelName){name, dmn_type(d, xml_attr(p, "typeRef"), p->offset)};
        for (size_t i = 0; i + 1 < names->count; i++) {
            if (str_eq(at[i].name, name)) {
                DMN_ERROR(d, "dmn.duplicate", p->offset, STR("rename one of the two"),
                          "parameter '" STR_FMT "' is there twice", STR_ARG(name));
            }
        }
    }
    names->at = at;
    return names;
}

/* ---- building ---- */

static const FeelType *context_type(DmnDoc *d, const XmlNode *n, int depth)
{
    size_t count = xml_count(n, "itemComponent"), i = 0;
    FeelName *members = NEW_N(d->r->out, FeelName, count + 1);
    for (const XmlNode *c = xml_child(n, "itemComponent"); c; c = xml_next(c, "itemComponent")) {
        members[i++] = (FeelName){xml_attr(c, "name"), build(d, c, depth + 1)};
    }
    return dmn_members_type(d, members, count);
}

/* Tests that each value passes, besides those of the type that it refers to. */
static const FeelType *allowed_type(DmnDoc *d, const XmlNode *tests, const FeelType *base)
{
    FeelNames names = {.open = d->r->mode == DMN_LENIENT, .types = &d->types};
    Err err = {0};
    uint32_t offset = 0;
    Str text = dmn_text(tests, &offset);
    if (text.len == 0) {
        return base;
    }
    FeelType *t = NEW(d->r->out, FeelType);
    *t = base ? *base : (FeelType){0};
    const FeelProgram *own = dmn_compile(d, text, offset, &names, FEEL_UNARY_TESTS);
    if (own && t->allowed) {
        Str both = str_fmt(d->r->out, "? in (" STR_FMT ") and ? in (" STR_FMT ")", STR_ARG(text),
                           STR_ARG(t->allowed_text));
        const FeelProgram *p = feel_compile(d->r->out, both, &names, FEEL_UNARY_TESTS, &err);
        own = p ? p : own;
        text = p ? both : text;
    }
    t->allowed = own;
    t->allowed_text = text;
    return t;
}

static const FeelType *function_type(DmnDoc *d, const XmlNode *n)
{
    const FeelNames *params = dmn_params(d, n, "parameters");
    return dmn_function_type(d->r->out, params,
                             dmn_type(d, xml_attr(n, "outputTypeRef"), n->offset));
}

static const FeelType *list_type(DmnDoc *d, const FeelType *item)
{
    FeelType *t = NEW(d->r->out, FeelType);
    *t = (FeelType){.kind = FEEL_LIST, .item = item};
    return t;
}

static const FeelType *build(DmnDoc *d, const XmlNode *n, int depth)
{
    const XmlNode *ref = xml_child(n, "typeRef"), *function = xml_child(n, "functionItem");
    const FeelType *t = NULL;
    if (depth > DMN_MAX_NEST || ++d->r->type_count > DMN_MAX_TYPES) {
        DMN_ERROR(d, "dmn.limit", n->offset, STR("use fewer levels and fewer types"),
                  "item definitions: deeper than %d or more than %d", DMN_MAX_NEST, DMN_MAX_TYPES);
        return NULL;
    }
    if (xml_child(n, "itemComponent")) {
        t = context_type(d, n, depth);
    } else if (function) {
        t = function_type(d, function);
    } else if (ref) {
        t = ref->text.len > 0 ? named(d, ref->text, ref->offset, depth) : NULL;
    }
    t = allowed_type(d, xml_child(n, "allowedValues"), t);
    if (str_eq(xml_attr(n, "isCollection"), STR("true"))) {
        t = list_type(d, t);
    }
    return allowed_type(d, xml_child(n, "typeConstraint"), t);
}

/* ---- names for "instance of" ---- */

static void add_names(DmnDoc *d, const DmnDoc *from, Str prefix, FeelName *at, size_t *count)
{
    for (size_t i = 0; i < from->definitions.len; i++) {
        Str name = from->definitions.at[i].key;
        Str full = prefix.len > 0
                       ? str_fmt(d->r->out, STR_FMT "." STR_FMT, STR_ARG(prefix), STR_ARG(name))
                       : name;
        at[(*count)++] = (FeelName){full, dmn_type(d, full, 0)};
    }
}

void dmn_name_types(DmnDoc *d)
{
    size_t count = d->definitions.len;
    for (size_t i = 0; i < d->imports.len; i++) {
        count += d->imports.at[i].doc->definitions.len;
    }
    FeelName *at = NEW_N(d->r->out, FeelName, count + 1);
    d->types.at = at;
    add_names(d, d, (Str){0}, at, &d->types.count);
    for (size_t i = 0; i < d->imports.len; i++) {
        add_names(d, d->imports.at[i].doc, d->imports.at[i].name, at, &d->types.count);
    }
}
