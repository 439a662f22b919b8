/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Expressions: literal, context, relation, list; boxed.c has those that decide and loop, table.c
 * the tables. Entries of a context see those before them; a function that is an entry sees itself.
 */
#include "model/dmn/dmn_int.h"

DmnLogic *dmn_new_logic(DmnDoc *d, const XmlNode *n, DmnLogicKind kind)
{
    DmnLogic *logic = NEW(d->r->out, DmnLogic);
    *logic = (DmnLogic){.kind = kind,
                        .offset = n->offset,
                        .label = xml_attr(n, "label"),
                        .type = dmn_type(d, xml_attr(n, "typeRef"), n->offset)};
    return logic;
}

const DmnLogic *dmn_broken_logic(DmnDoc *d, const XmlNode *n, Str why)
{
    DmnLogic *logic = NEW(d->r->out, DmnLogic);
    *logic = (DmnLogic){
        .kind = DMN_BROKEN, .offset = n->offset, .literal = dmn_broken(d, n->offset, why)};
    return logic;
}

static bool is_feel(DmnDoc *d, const XmlNode *n)
{
    Str own = xml_attr(n, "expressionLanguage"), all = xml_attr(d->root, "expressionLanguage");
    Str language = str_lower(d->r->out, own.len > 0 ? own : all);
    return language.len == 0 || str_find(language, STR("feel"), 0) != SIZE_MAX;
}

static const DmnLogic *read_literal(DmnDoc *d, const XmlNode *n, const DmnSight *s)
{
    DmnLogic *logic = dmn_new_logic(d, n, DMN_LITERAL);
    uint32_t offset = 0;
    Str text = dmn_text(n, &offset);
    if (!is_feel(d, n)) {
        DMN_ERROR(d, "dmn.unsupported", n->offset, STR("write the expression in FEEL"),
                  "expression language '" STR_FMT "' is not supported",
                  STR_ARG(xml_attr(n, "expressionLanguage")));
        return dmn_broken_logic(d, n, STR("it is not written in FEEL"));
    }
    if (text.len == 0) {
        DMN_ERROR(d, "dmn.feel", n->offset, STR("write an expression"), "expression is empty");
        return dmn_broken_logic(d, n, STR("it is empty"));
    }
    logic->literal = dmn_cell(d, text, offset, &s->names, FEEL_EXPRESSION);
    logic->known = dmn_check(d, &logic->literal, &s->names, FEEL_EXPRESSION, NULL);
    return logic;
}

/* ---- context ---- */

static const FeelType *entry_type(DmnDoc *d, const XmlNode *variable, const DmnLogic *logic)
{
    Str name = variable ? xml_attr(variable, "typeRef") : (Str){0};
    return name.len > 0 ? dmn_type(d, name, variable->offset) : dmn_logic_type(d, logic);
}

static void check_entry(DmnDoc *d, const XmlNode *n, const DmnEntry *first, const DmnEntry *e)
{
    if (e->name.len == 0 && xml_next(n, "contextEntry")) {
        DMN_ERROR(d, "dmn.context", n->offset, STR("only the last entry may have no name"),
                  "entry of a context has no variable");
    }
    for (const DmnEntry *other = first; e->name.len > 0 && other < e; other++) {
        if (str_eq(other->name, e->name)) {
            DMN_ERROR(d, "dmn.context", n->offset, STR("rename one of the two"),
                      "entry '" STR_FMT "' is there twice", STR_ARG(e->name));
        }
    }
}

static bool is_function(const XmlNode *entry)
{
    const XmlNode *body = dmn_find_expression(entry);
    return body && str_eq(body->name, STR("functionDefinition"));
}

static void read_entries(DmnDoc *d, const XmlNode *n, DmnSight *seen, DmnEntry *entries)
{
    DmnEntry *e = entries;
    for (const XmlNode *c = xml_child(n, "contextEntry"); c; c = xml_next(c, "contextEntry")) {
        const XmlNode *variable = xml_child(c, "variable");
        e->name = variable ? xml_attr(variable, "name") : (Str){0};
        e->label = dmn_words(d, c, "label", xml_attr(c, "label"));
        bool sees_itself = e->name.len > 0 && is_function(c);
        DmnSight with = dmn_sight_next(seen, (FeelName){e->name, NULL});
        e->logic = dmn_logic(d, c, sees_itself ? &with : seen);
        e->type = entry_type(d, variable, e->logic);
        check_entry(d, c, entries, e);
        if (e->name.len > 0) {
            *seen = dmn_sight_next(seen, (FeelName){e->name, e->type});
        }
        e++;
    }
}

static const DmnLogic *read_context(DmnDoc *d, const XmlNode *n, const DmnSight *s)
{
    size_t count = xml_count(n, "contextEntry");
    if (dmn_too_many(d, n, count, DMN_MAX_PARTS, "entries")) {
        return dmn_broken_logic(d, n, STR("it has too many entries"));
    }
    DmnLogic *logic = dmn_new_logic(d, n, DMN_CONTEXT);
    DmnEntry *entries = NEW_N(d->r->out, DmnEntry, count + 1);
    DmnSight seen = dmn_sight_room(d, s, count);
    read_entries(d, n, &seen, entries);
    logic->entries = entries;
    logic->entry_count = count;
    return logic;
}

/* ---- list and relation ---- */

static size_t read_parts(DmnDoc *d, const XmlNode *n, const DmnSight *s, const DmnLogic **parts)
{
    size_t count = 0;
    for (const XmlNode *c = n->first; c; c = c->next) {
        if (!str_eq(c->name, STR("description")) && !str_eq(c->name, STR("extensionElements"))) {
            parts[count++] = dmn_expression(d, c, s);
        }
    }
    return count;
}

static size_t child_count(const XmlNode *n)
{
    size_t count = 0;
    for (const XmlNode *c = n->first; c; c = c->next) {
        count++;
    }
    return count;
}

static const DmnLogic *read_list(DmnDoc *d, const XmlNode *n, const DmnSight *s)
{
    size_t count = child_count(n);
    if (dmn_too_many(d, n, count, DMN_MAX_PARTS, "items")) {
        return dmn_broken_logic(d, n, STR("it has too many items"));
    }
    DmnLogic *logic = dmn_new_logic(d, n, DMN_LIST);
    const DmnLogic **parts = NEW_N(d->r->out, const DmnLogic *, count + 1);
    logic->part_count = read_parts(d, n, s, parts);
    logic->parts = parts;
    return logic;
}

static size_t read_rows(DmnDoc *d, const XmlNode *n, const DmnSight *s, size_t columns,
                        const DmnLogic **cells)
{
    size_t count = 0;
    for (const XmlNode *row = xml_child(n, "row"); row; row = xml_next(row, "row")) {
        const DmnLogic **parts = NEW_N(d->r->out, const DmnLogic *, child_count(row) + 1);
        size_t found = read_parts(d, row, s, parts);
        if (found != columns) {
            DMN_ERROR(d, "dmn.table", row->offset, STR("one cell for each column"),
                      "row has %zu cells, the relation has %zu columns", found, columns);
        }
        for (size_t i = 0; i < columns; i++) {
            cells[count++] =
                i < found ? parts[i] : dmn_broken_logic(d, row, STR("a cell is missing"));
        }
    }
    return count;
}

static const DmnLogic *read_relation(DmnDoc *d, const XmlNode *n, const DmnSight *s)
{
    size_t columns = xml_count(n, "column"), rows = xml_count(n, "row");
    if (dmn_too_many(d, n, columns, DMN_MAX_COLUMNS, "columns") ||
        dmn_too_many(d, n, columns * rows, DMN_MAX_PARTS, "cells")) {
        return dmn_broken_logic(d, n, STR("it has too many cells"));
    }
    DmnLogic *logic = dmn_new_logic(d, n, DMN_RELATION);
    DmnEntry *entries = NEW_N(d->r->out, DmnEntry, columns + 1), *e = entries;
    for (const XmlNode *c = xml_child(n, "column"); c; c = xml_next(c, "column"), e++) {
        *e = (DmnEntry){.name = xml_attr(c, "name"),
                        .type = dmn_type(d, xml_attr(c, "typeRef"), c->offset)};
    }
    const DmnLogic **cells = NEW_N(d->r->out, const DmnLogic *, columns *rows + 1);
    logic->entries = entries;
    logic->entry_count = columns;
    logic->part_count = read_rows(d, n, s, columns, cells);
    logic->parts = cells;
    return logic;
}

static const DmnLogic *read_table(DmnDoc *d, const XmlNode *n, const DmnSight *s)
{
    Str why = {0};
    const DmnTable *table = dmn_table(d, n, s, &why);
    if (!table) {
        return dmn_broken_logic(d, n, why);
    }
    DmnLogic *logic = dmn_new_logic(d, n, DMN_TABLE);
    logic->table = table;
    return logic;
}

/* ---- which one ---- */

static const char *const kinds[] = {
    "literalExpression",  "decisionTable", "context", "relation", "list", "invocation",
    "functionDefinition", "conditional",   "filter",  "for",      "some", "every"};

static bool is_expression(const XmlNode *n)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (str_eq(n->name, str_z(kinds[i]))) {
            return true;
        }
    }
    return false;
}

const XmlNode *dmn_find_expression(const XmlNode *n)
{
    for (const XmlNode *c = n ? n->first : NULL; c; c = c->next) {
        if (is_expression(c)) {
            return c;
        }
    }
    return NULL;
}

const DmnLogic *dmn_expression(DmnDoc *d, const XmlNode *n, const DmnSight *s)
{
    if (s->depth > DMN_MAX_NEST) {
        DMN_ERROR(d, "dmn.limit", n->offset, STR("make decisions of the inner parts"),
                  "expressions are nested deeper than %d", DMN_MAX_NEST);
        return dmn_broken_logic(d, n, STR("it is nested too deep"));
    }
    DmnSight inner = *s;
    inner.depth++;
    if (str_eq(n->name, STR("literalExpression"))) {
        return read_literal(d, n, s);
    }
    if (str_eq(n->name, STR("decisionTable"))) {
        return read_table(d, n, &inner);
    }
    if (str_eq(n->name, STR("context"))) {
        return read_context(d, n, &inner);
    }
    if (str_eq(n->name, STR("list"))) {
        return read_list(d, n, &inner);
    }
    if (str_eq(n->name, STR("relation"))) {
        return read_relation(d, n, &inner);
    }
    const DmnLogic *logic = dmn_boxed(d, n, &inner);
    if (logic) {
        return logic;
    }
    DMN_ERROR(d, "dmn.unsupported", n->offset, STR("use an expression of DMN"),
              "'" STR_FMT "' is no expression", STR_ARG(n->name));
    return dmn_broken_logic(d, n, STR("it is no expression of DMN"));
}

const DmnLogic *dmn_logic(DmnDoc *d, const XmlNode *n, const DmnSight *s)
{
    const XmlNode *body = dmn_find_expression(n);
    if (body) {
        return dmn_expression(d, body, s);
    }
    DMN_ERROR(d, "dmn.syntax", n->offset, STR("add a table or a literal expression"),
              "'" STR_FMT "' has no logic", STR_ARG(n->name));
    return dmn_broken_logic(d, n, STR("it has no logic"));
}

/* ---- what it gives ---- */

static const FeelType *list_of(Arena *out, const FeelType *item)
{
    FeelType *list = NEW(out, FeelType);
    *list = (FeelType){.kind = FEEL_LIST, .item = item};
    return list;
}

static const FeelType *table_type(DmnDoc *d, const DmnTable *t)
{
    const FeelType *one = t->outputs[0].type;
    if (t->output_count > 1) {
        FeelName *members = NEW_N(d->r->out, FeelName, t->output_count);
        for (size_t i = 0; i < t->output_count; i++) {
            members[i] = (FeelName){t->outputs[i].name, t->outputs[i].type};
        }
        one = dmn_members_type(d, members, t->output_count);
    }
    if (t->aggregation != DMN_LIST_ALL) {
        return NULL;
    }
    bool many = t->hit == DMN_COLLECT || t->hit == DMN_RULE_ORDER || t->hit == DMN_OUTPUT_ORDER;
    return many ? list_of(d->r->out, one) : one;
}

static const FeelType *entries_type(DmnDoc *d, const DmnLogic *logic)
{
    const DmnEntry *last = logic->entries + logic->entry_count - 1;
    if (logic->entry_count > 0 && last->name.len == 0) {
        return last->type;
    }
    FeelName *members = NEW_N(d->r->out, FeelName, logic->entry_count + 1);
    for (size_t i = 0; i < logic->entry_count; i++) {
        members[i] = (FeelName){logic->entries[i].name, logic->entries[i].type};
    }
    return dmn_members_type(d, members, logic->entry_count);
}

const FeelType *dmn_logic_type(DmnDoc *d, const DmnLogic *logic)
{
    if (logic->type) {
        return logic->type;
    }
    switch (logic->kind) {
    case DMN_TABLE: return table_type(d, logic->table);
    case DMN_CONTEXT: return entries_type(d, logic);
    case DMN_RELATION: return list_of(d->r->out, entries_type(d, logic));
    case DMN_LIST:
    case DMN_FOR: return list_of(d->r->out, NULL);
    case DMN_FUNCTION: return dmn_function_type(d->r->out, logic->params, NULL);
    case DMN_LITERAL:
    case DMN_BROKEN:
    case DMN_INVOCATION:
    case DMN_CONDITIONAL:
    case DMN_FILTER:
    case DMN_SOME:
    case DMN_EVERY: return NULL;
    }
    return NULL;
}
