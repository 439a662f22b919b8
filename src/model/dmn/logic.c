/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Expressions of decisions: literal, table, context. Entries of a context see those before them.
 * A boxed expression that is not known is an error, never skipped.
 */
#include "model/dmn/dmn_int.h"

static const DmnLogic *read_literal(DmnReader *r, const XmlNode *n, const FeelNames *names)
{
    DmnLogic *logic = NEW(r->out, DmnLogic);
    Str language = xml_attr(n, "expressionLanguage");
    logic->kind = DMN_LITERAL;
    logic->offset = n->offset;
    if (language.len > 0 && str_find(str_lower(r->out, language), STR("feel"), 0) == SIZE_MAX) {
        DMN_ERROR(r, "dmn.unsupported", n->offset, STR("write the expression in FEEL"),
                  "expression language '" STR_FMT "' is not supported", STR_ARG(language));
        return NULL;
    }
    logic->literal.text = dmn_text(n, &logic->literal.offset);
    if (logic->literal.text.len == 0) {
        DMN_ERROR(r, "dmn.feel", n->offset, STR("write an expression"), "expression is empty");
        return NULL;
    }
    logic->literal.program =
        dmn_compile(r, logic->literal.text, logic->literal.offset, names, FEEL_EXPRESSION);
    return logic;
}

static const FeelType *entry_type(DmnReader *r, const XmlNode *variable, const DmnLogic *logic)
{
    Str name = variable ? xml_attr(variable, "typeRef") : (Str){0};
    return name.len > 0 ? dmn_type(r, name, variable->offset)
           : logic      ? dmn_logic_type(r->out, logic)
                        : NULL;
}

static const DmnLogic *read_context(DmnReader *r, const XmlNode *n, const FeelNames *names,
                                    int depth)
{
    DmnLogic *logic = NEW(r->out, DmnLogic);
    size_t count = xml_count(n, "contextEntry");
    DmnEntry *entries = NEW_N(r->out, DmnEntry, count + 1), *e = entries;
    FeelName *visible = NEW_N(r->out, FeelName, names->count + count + 1);
    FeelNames seen = {.at = visible, .count = names->count};
    if (names->count > 0) {
        memcpy(visible, names->at, names->count * sizeof *visible);
    }
    for (const XmlNode *c = xml_child(n, "contextEntry"); c; c = xml_next(c, "contextEntry")) {
        const XmlNode *variable = xml_child(c, "variable");
        e->name = variable ? xml_attr(variable, "name") : (Str){0};
        e->logic = dmn_logic(r, c, &seen, depth + 1);
        e->type = entry_type(r, variable, e->logic);
        if (e->name.len > 0) {
            visible[seen.count++] = (FeelName){e->name, e->type};
        } else if (xml_next(c, "contextEntry")) {
            DMN_ERROR(r, "dmn.context", c->offset, STR("only the last entry may have no name"),
                      "entry of a context has no variable");
        }
        e++;
    }
    *logic = (DmnLogic){
        .kind = DMN_CONTEXT, .offset = n->offset, .entries = entries, .entry_count = count};
    return logic;
}

static const DmnLogic *read_table(DmnReader *r, const XmlNode *n, const FeelNames *names)
{
    DmnLogic *logic = NEW(r->out, DmnLogic);
    logic->kind = DMN_TABLE;
    logic->offset = n->offset;
    return dmn_table(r, n, names, &logic->table) ? logic : NULL;
}

static bool is_one_of(Str name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(name, str_z(names[i]))) {
            return true;
        }
    }
    return false;
}

const DmnLogic *dmn_logic(DmnReader *r, const XmlNode *n, const FeelNames *names, int depth)
{
    static const char *const others[] = {"invocation",  "functionDefinition",
                                         "relation",    "list",
                                         "conditional", "filter",
                                         "for",         "some",
                                         "every"};
    if (depth > DMN_MAX_NEST) {
        DMN_ERROR(r, "dmn.unsupported", n->offset, STR("make decisions of the inner parts"),
                  "expressions are nested deeper than %d", DMN_MAX_NEST);
        return NULL;
    }
    for (const XmlNode *c = n->first; c; c = c->next) {
        if (str_eq(c->name, STR("literalExpression"))) {
            return read_literal(r, c, names);
        }
        if (str_eq(c->name, STR("decisionTable"))) {
            return read_table(r, c, names);
        }
        if (str_eq(c->name, STR("context"))) {
            return read_context(r, c, names, depth);
        }
        if (is_one_of(c->name, others, COUNT(others))) {
            DMN_ERROR(r, "dmn.unsupported", c->offset,
                      STR("use a table, a context or a literal expression"),
                      "boxed expression '" STR_FMT "' is not supported", STR_ARG(c->name));
            return NULL;
        }
    }
    DMN_ERROR(r, "dmn.syntax", n->offset, STR("add a table or a literal expression"),
              "'" STR_FMT "' has no logic", STR_ARG(n->name));
    return NULL;
}

static const FeelType *members_type(Arena *out, FeelName *members, size_t count)
{
    FeelNames *names = NEW(out, FeelNames);
    FeelType *t = NEW(out, FeelType);
    *names = (FeelNames){.at = members, .count = count};
    *t = (FeelType){.kind = FEEL_CONTEXT, .members = names};
    return t;
}

static const FeelType *table_type(Arena *out, const DmnTable *t)
{
    const FeelType *one = t->outputs[0].type;
    if (t->output_count > 1) {
        FeelName *members = NEW_N(out, FeelName, t->output_count);
        for (size_t i = 0; i < t->output_count; i++) {
            members[i] = (FeelName){t->outputs[i].name, t->outputs[i].type};
        }
        one = members_type(out, members, t->output_count);
    }
    if (t->hit != DMN_COLLECT && t->hit != DMN_RULE_ORDER) {
        return one;
    }
    FeelType *list = NEW(out, FeelType);
    *list = (FeelType){.kind = FEEL_LIST, .item = one};
    return list;
}

const FeelType *dmn_logic_type(Arena *out, const DmnLogic *logic)
{
    if (logic->kind == DMN_TABLE) {
        return table_type(out, &logic->table);
    }
    if (logic->kind == DMN_LITERAL || logic->entry_count == 0) {
        return NULL;
    }
    if (logic->entries[logic->entry_count - 1].name.len == 0) {
        return logic->entries[logic->entry_count - 1].type;
    }
    FeelName *members = NEW_N(out, FeelName, logic->entry_count);
    for (size_t i = 0; i < logic->entry_count; i++) {
        members[i] = (FeelName){logic->entries[i].name, logic->entries[i].type};
    }
    return members_type(out, members, logic->entry_count);
}
