/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decision tables. Cells are compiled where they stand, so that an error points into the cell.
 * An empty input cell is "-", an empty output cell is null, as the modellers write them.
 */
#include "model/dmn/dmn_int.h"

static bool hit_policy(DmnReader *r, const XmlNode *n, DmnHitPolicy *hit)
{
    static const struct {
        const char *name;
        DmnHitPolicy hit;
    } table[] = {{"UNIQUE", DMN_UNIQUE},
                 {"FIRST", DMN_FIRST},
                 {"ANY", DMN_ANY},
                 {"COLLECT", DMN_COLLECT},
                 {"RULE ORDER", DMN_RULE_ORDER}};
    Str name = xml_attr(n, "hitPolicy");
    *hit = DMN_UNIQUE;
    if (xml_attr(n, "aggregation").len > 0) {
        DMN_ERROR(r, "dmn.unsupported", n->offset,
                  STR("collect the list and aggregate it in a literal expression: sum(list)"),
                  "aggregation '" STR_FMT "' is not supported",
                  STR_ARG(xml_attr(n, "aggregation")));
        return false;
    }
    for (size_t i = 0; name.len > 0 && i < COUNT(table); i++) {
        if (str_eq(name, str_z(table[i].name))) {
            *hit = table[i].hit;
            return true;
        }
    }
    if (name.len > 0) {
        DMN_ERROR(r, "dmn.unsupported", n->offset,
                  STR("use UNIQUE, FIRST, ANY, COLLECT or RULE ORDER"),
                  "hit policy '" STR_FMT "' is not supported", STR_ARG(name));
    }
    return name.len == 0;
}

static DmnCell read_cell(DmnReader *r, const XmlNode *n, const FeelNames *names, FeelMode mode)
{
    DmnCell cell = {0};
    cell.text = dmn_text(n, &cell.offset);
    bool any = mode == FEEL_UNARY_TESTS && str_eq(cell.text, STR("-"));
    if (cell.text.len > 0 && !any) {
        cell.program = dmn_compile(r, cell.text, cell.offset, names, mode);
    }
    return cell;
}

static void read_inputs(DmnReader *r, const XmlNode *n, const FeelNames *names, DmnTable *t)
{
    DmnInputColumn *columns = NEW_N(r->out, DmnInputColumn, t->input_count + 1), *c = columns;
    for (const XmlNode *in = xml_child(n, "input"); in; in = xml_next(in, "input"), c++) {
        const XmlNode *expression = xml_child(in, "inputExpression");
        const XmlNode *values = xml_child(in, "inputValues");
        uint32_t offset = 0;
        c->expression = expression ? read_cell(r, expression, names, FEEL_EXPRESSION)
                                   : (DmnCell){.offset = in->offset};
        if (c->expression.text.len == 0) {
            DMN_ERROR(r, "dmn.table", in->offset, STR("write what the column tests"),
                      "input column has no expression");
        }
        c->label = xml_attr(in, "label");
        c->label = c->label.len > 0 ? c->label : c->expression.text;
        c->allowed_text = dmn_text(values, &offset);
        if (c->allowed_text.len > 0) {
            c->allowed = dmn_compile(r, c->allowed_text, offset, names, FEEL_UNARY_TESTS);
        }
    }
    t->inputs = columns;
}

static void read_outputs(DmnReader *r, const XmlNode *n, const FeelNames *names, DmnTable *t)
{
    DmnOutputColumn *columns = NEW_N(r->out, DmnOutputColumn, t->output_count + 1), *c = columns;
    for (const XmlNode *o = xml_child(n, "output"); o; o = xml_next(o, "output"), c++) {
        uint32_t offset = 0;
        const XmlNode *otherwise = xml_child(o, "defaultOutputEntry");
        Str text = dmn_text(otherwise, &offset);
        c->name = t->output_count > 1 ? xml_attr(o, "name") : (Str){0};
        c->label = xml_attr(o, "label");
        c->type = dmn_type(r, xml_attr(o, "typeRef"), o->offset);
        if (text.len > 0) {
            c->otherwise = dmn_compile(r, text, offset, names, FEEL_EXPRESSION);
        }
        if (t->output_count > 1 && c->name.len == 0) {
            DMN_ERROR(r, "dmn.table", o->offset, STR("give every output a name"),
                      "one of several outputs has no name");
        }
        for (const DmnOutputColumn *d = columns; c->name.len > 0 && d < c; d++) {
            if (str_eq(d->name, c->name)) {
                DMN_ERROR(r, "dmn.table", o->offset, STR("rename one of the two"),
                          "output '" STR_FMT "' is there twice", STR_ARG(c->name));
            }
        }
    }
    t->outputs = columns;
}

static void read_annotations(DmnReader *r, const XmlNode *n, DmnTable *t)
{
    Str *names = NEW_N(r->out, Str, t->annotation_count + 1);
    size_t i = 0;
    for (const XmlNode *a = xml_child(n, "annotation"); a; a = xml_next(a, "annotation")) {
        names[i++] = xml_attr(a, "name");
    }
    t->annotations = names;
}

static const DmnCell *read_cells(DmnReader *r, const XmlNode *rule, const char *name, size_t count,
                                 const FeelNames *names)
{
    FeelMode mode = strcmp(name, "inputEntry") == 0 ? FEEL_UNARY_TESTS : FEEL_EXPRESSION;
    DmnCell *cells = NEW_N(r->out, DmnCell, count + 1);
    size_t found = xml_count(rule, name), i = 0;
    if (found != count) {
        DMN_ERROR(r, "dmn.table", rule->offset, STR("one cell for each column"),
                  "rule has %zu cells '%s', the table has %zu columns", found, name, count);
        return cells;
    }
    for (const XmlNode *c = xml_child(rule, name); c; c = xml_next(c, name)) {
        cells[i++] = read_cell(r, c, names, mode);
    }
    return cells;
}

static DmnRule read_rule(DmnReader *r, const XmlNode *n, const FeelNames *names, const DmnTable *t)
{
    DmnRule rule = {.id = xml_attr(n, "id"), .offset = n->offset};
    const XmlNode *description = xml_child(n, "description");
    Str *notes = NEW_N(r->out, Str, t->annotation_count + 1);
    size_t i = 0;
    uint32_t offset = 0;
    rule.description = description ? description->text : (Str){0};
    rule.inputs = read_cells(r, n, "inputEntry", t->input_count, names);
    rule.outputs = read_cells(r, n, "outputEntry", t->output_count, names);
    for (const XmlNode *a = xml_child(n, "annotationEntry"); a && i < t->annotation_count;
         a = xml_next(a, "annotationEntry")) {
        notes[i++] = dmn_text(a, &offset);
    }
    rule.annotations = notes;
    return rule;
}

static bool too_many(DmnReader *r, const XmlNode *n, size_t count, size_t most, const char *what)
{
    if (count > most) {
        DMN_ERROR(r, "dmn.table", n->offset, STR("split the table"), "table has more than %zu %s",
                  most, what);
    }
    return count > most;
}

bool dmn_table(DmnReader *r, const XmlNode *n, const FeelNames *names, DmnTable *t)
{
    *t = (DmnTable){.input_count = xml_count(n, "input"),
                    .output_count = xml_count(n, "output"),
                    .annotation_count = xml_count(n, "annotation"),
                    .rule_count = xml_count(n, "rule")};
    if (!hit_policy(r, n, &t->hit) ||
        too_many(r, n, t->input_count + t->output_count + t->annotation_count, DMN_MAX_COLUMNS,
                 "columns") ||
        too_many(r, n, t->rule_count, DMN_MAX_RULES, "rules")) {
        return false;
    }
    if (t->output_count == 0 || t->rule_count == 0) {
        DMN_ERROR(r, "dmn.table", n->offset, STR("a table needs an output and a rule"),
                  "table has no %s", t->output_count == 0 ? "output" : "rule");
        return false;
    }
    read_inputs(r, n, names, t);
    read_outputs(r, n, names, t);
    read_annotations(r, n, t);
    DmnRule *rules = NEW_N(r->out, DmnRule, t->rule_count), *rule = rules;
    for (const XmlNode *c = xml_child(n, "rule"); c; c = xml_next(c, "rule")) {
        *rule++ = read_rule(r, c, names, t);
    }
    t->rules = rules;
    return true;
}
