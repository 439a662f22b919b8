/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The columns of a decision table: what is tested, what comes out, and in which order outputs
 * weigh.
 */
#include "model/dmn/dmn_int.h"

/* A column that is a name of the element's own scope needs no evaluation. */
static uint16_t place_of(const DmnSight *s, Str text)
{
    for (size_t i = 0; i < s->inner; i++) {
        if (str_eq(s->names.at[i].name, text)) {
            return DMN_NOWHERE;
        }
    }
    for (size_t i = 0; s->scope && i < s->scope->count; i++) {
        if (!s->scope->at[i].inside && str_eq(s->scope->at[i].name, text)) {
            return (uint16_t)i;
        }
    }
    return DMN_NOWHERE;
}

static void read_input(DmnDoc *d, const XmlNode *in, const DmnSight *s, DmnInputColumn *c)
{
    const XmlNode *expression = xml_child(in, "inputExpression");
    uint32_t offset = in->offset;
    Str text = expression ? dmn_text(expression, &offset) : (Str){0};
    c->expression = dmn_cell(d, text, offset, &s->names, FEEL_EXPRESSION);
    if (text.len == 0) {
        DMN_ERROR(d, "dmn.table", in->offset, STR("write what the column tests"),
                  "input column has no expression");
        c->expression = dmn_broken(d, in->offset, STR("an input column has no expression"));
    }
    c->place = place_of(s, text);
    c->type = expression ? dmn_type(d, xml_attr(expression, "typeRef"), expression->offset) : NULL;
    c->known = dmn_agree(d, "dmn.type", expression, c->type,
                         dmn_check(d, &c->expression, &s->names, FEEL_EXPRESSION, NULL));
    Str label = xml_attr(in, "label");
    c->label = dmn_words(d, in, "label", label.len > 0 ? label : text);
    c->allowed_text = dmn_text(xml_child(in, "inputValues"), &offset);
    if (c->allowed_text.len > 0 && !str_eq(c->allowed_text, STR("-"))) {
        c->allowed = dmn_compile(d, c->allowed_text, offset, &s->names, FEEL_UNARY_TESTS);
    }
}

void dmn_input_columns(DmnDoc *d, const XmlNode *n, const DmnSight *s, DmnTable *t)
{
    DmnInputColumn *columns = NEW_N(d->r->out, DmnInputColumn, t->input_count + 1), *c = columns;
    for (const XmlNode *in = xml_child(n, "input"); in; in = xml_next(in, "input")) {
        read_input(d, in, s, c++);
    }
    t->inputs = columns;
}

/* ---- outputs ---- */

/* Without outputValues those of the type: PRIORITY and OUTPUT ORDER need an order. */
static void read_values(DmnDoc *d, const XmlNode *o, const DmnTable *t, DmnOutputColumn *c)
{
    uint32_t offset = o->offset;
    Str text = dmn_text(xml_child(o, "outputValues"), &offset);
    text = text.len == 0 && c->type ? c->type->allowed_text : text;
    c->values = dmn_constants(d, text, &c->value_count);
    bool ordered = t->hit == DMN_PRIORITY || t->hit == DMN_OUTPUT_ORDER;
    if (ordered && !c->values && (text.len > 0 || t->output_count == 1)) {
        DMN_ERROR(d, "dmn.table", offset,
                  STR("write outputValues: the values in their order, the first weighs most"),
                  "the outputs of the table have no order");
    }
}

static void read_name(DmnDoc *d, const XmlNode *o, const DmnTable *t, DmnOutputColumn *columns,
                      DmnOutputColumn *c)
{
    c->name = t->output_count > 1 ? xml_attr(o, "name") : (Str){0};
    c->label = dmn_words(d, o, "label", xml_attr(o, "label"));
    if (t->output_count > 1 && c->name.len == 0) {
        DMN_ERROR(d, "dmn.table", o->offset, STR("give every output a name"),
                  "one of several outputs has no name");
    }
    for (const DmnOutputColumn *other = columns; c->name.len > 0 && other < c; other++) {
        if (str_eq(other->name, c->name)) {
            DMN_ERROR(d, "dmn.table", o->offset, STR("rename one of the two"),
                      "output '" STR_FMT "' is there twice", STR_ARG(c->name));
        }
    }
}

void dmn_output_columns(DmnDoc *d, const XmlNode *n, const DmnSight *s, DmnTable *t)
{
    DmnOutputColumn *columns = NEW_N(d->r->out, DmnOutputColumn, t->output_count + 1);
    DmnOutputColumn *c = columns;
    for (const XmlNode *o = xml_child(n, "output"); o; o = xml_next(o, "output"), c++) {
        uint32_t offset = o->offset;
        Str text = dmn_text(xml_child(o, "defaultOutputEntry"), &offset);
        read_name(d, o, t, columns, c);
        c->type = dmn_type(d, xml_attr(o, "typeRef"), o->offset);
        c->otherwise = dmn_cell(d, text, offset, &s->names, FEEL_EXPRESSION);
        dmn_check_result(d, &c->otherwise, c->type,
                         dmn_check(d, &c->otherwise, &s->names, FEEL_EXPRESSION, NULL));
        t->has_default = t->has_default || text.len > 0;
        read_values(d, o, t, c);
    }
    t->outputs = columns;
}
