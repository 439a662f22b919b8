/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Item definitions to FEEL types. A definition is built when its name is first used; while it is
 * being built its name is known, so that a definition that holds itself ends as "anything there".
 */
#include "model/dmn/dmn_int.h"

static const FeelType *type_of_definition(DmnReader *r, const XmlNode *n, int depth);

void dmn_learn_types(DmnReader *r, const XmlNode *root)
{
    for (const XmlNode *n = xml_child(root, "itemDefinition"); n;
         n = xml_next(n, "itemDefinition")) {
        Str name = xml_attr(n, "name");
        XmlNode *kept = NEW(r->out, XmlNode);
        *kept = *n;
        if (!map_add(r->out, &r->definitions, name, kept)) {
            DMN_ERROR(r, "dmn.duplicate", n->offset, STR("rename one of the two"),
                      "item definition '" STR_FMT "' is defined twice", STR_ARG(name));
        }
    }
}

static const FeelType *named_type(DmnReader *r, Str name, uint32_t offset, int depth)
{
    FeelKind kind = FEEL_NULL;
    const DmnItem *ready = map_get(&r->items, name);
    const XmlNode *definition = map_get(&r->definitions, name);
    if (ready) {
        return &ready->type;
    }
    if (definition && depth < DMN_MAX_NEST && r->type_count < DMN_MAX_TYPES) {
        DmnItem *item = NEW(r->out, DmnItem);
        map_put(r->out, &r->items, name, item);
        r->type_count++;
        const FeelType *t = type_of_definition(r, definition, depth + 1);
        item->type = t ? *t : (FeelType){0};
        const XmlNode *allowed = xml_child(definition, "allowedValues");
        item->allowed = dmn_text(allowed, &item->allowed_offset);
        return &item->type;
    }
    if (!definition && feel_kind_of_name(name, &kind)) {
        FeelType *t = NEW(r->out, FeelType);
        t->kind = kind;
        return kind == FEEL_NULL ? NULL : t;
    }
    if (!definition) {
        DMN_ERROR(
            r, "dmn.type", offset,
            STR("use string, number, boolean, date, time, dateTime, a duration, or define it"),
            "unknown type '" STR_FMT "'", STR_ARG(name));
    }
    return NULL;
}

static const FeelType *context_type(DmnReader *r, const XmlNode *n, int depth)
{
    size_t count = xml_count(n, "itemComponent"), i = 0;
    FeelName *members = NEW_N(r->out, FeelName, count);
    for (const XmlNode *c = xml_child(n, "itemComponent"); c; c = xml_next(c, "itemComponent")) {
        members[i++] = (FeelName){xml_attr(c, "name"), type_of_definition(r, c, depth + 1)};
    }
    FeelNames *names = NEW(r->out, FeelNames);
    *names = (FeelNames){.at = members, .count = count};
    FeelType *t = NEW(r->out, FeelType);
    *t = (FeelType){.kind = FEEL_CONTEXT, .members = names};
    return t;
}

static const FeelType *type_of_definition(DmnReader *r, const XmlNode *n, int depth)
{
    const XmlNode *ref = xml_child(n, "typeRef");
    const FeelType *t = NULL;
    if (depth > DMN_MAX_NEST) {
        DMN_ERROR(r, "dmn.type", n->offset, STR("use fewer levels"),
                  "item definition is nested deeper than %d", DMN_MAX_NEST);
        return NULL;
    }
    if (xml_child(n, "itemComponent")) {
        t = context_type(r, n, depth);
    } else if (ref) {
        t = named_type(r, ref->text, ref->offset, depth);
    }
    if (!str_eq(xml_attr(n, "isCollection"), STR("true"))) {
        return t;
    }
    FeelType *list = NEW(r->out, FeelType);
    *list = (FeelType){.kind = FEEL_LIST, .item = t};
    return list;
}

const FeelType *dmn_type(DmnReader *r, Str name, uint32_t offset)
{
    return name.len == 0 ? NULL : named_type(r, name, offset, 0);
}

/* A type without allowed values of its own has those of the type it refers to. */
const FeelProgram *dmn_allowed(DmnReader *r, Str name)
{
    static const FeelNames none;
    for (int depth = 0; depth < DMN_MAX_NEST; depth++) {
        const DmnItem *item = map_get(&r->items, name);
        const XmlNode *ref = xml_child(map_get(&r->definitions, name), "typeRef");
        if (item && item->allowed.len > 0) {
            return dmn_compile(r, item->allowed, item->allowed_offset, &none, FEEL_UNARY_TESTS);
        }
        if (!ref) {
            break;
        }
        name = ref->text;
    }
    return NULL;
}
