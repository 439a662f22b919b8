/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Boxed expressions that call, decide and loop.
 *
 * An external function becomes the FEEL text that says the same, so that there is one way to find
 * and call it.
 */
#include "model/dmn/dmn_int.h"

static const DmnLogic *part(DmnDoc *d, const XmlNode *n, const char *name, const DmnSight *s)
{
    const XmlNode *child = xml_child(n, name);
    if (!child) {
        DMN_ERROR(d, "dmn.syntax", n->offset, STR("add it"), "'" STR_FMT "' has no '%s'",
                  STR_ARG(n->name), name);
        return dmn_broken_logic(d, n, STR("a part of it is missing"));
    }
    return dmn_logic(d, child, s);
}

static const DmnLogic *with_parts(DmnDoc *d, DmnLogic *logic, const DmnLogic *a, const DmnLogic *b,
                                  const DmnLogic *c)
{
    const DmnLogic **parts = NEW_N(d->r->out, const DmnLogic *, 3);
    parts[0] = a;
    parts[1] = b;
    parts[2] = c;
    logic->parts = parts;
    logic->part_count = c ? 3 : b ? 2 : 1;
    return logic;
}

static const DmnLogic *read_conditional(DmnDoc *d, const XmlNode *n, const DmnSight *s)
{
    DmnLogic *logic = dmn_new_logic(d, n, DMN_CONDITIONAL);
    return with_parts(d, logic, part(d, n, "if", s), part(d, n, "then", s), part(d, n, "else", s));
}

/* ---- loops ---- */

static const FeelType *item_of(DmnDoc *d, const DmnLogic *in)
{
    const FeelType *t = dmn_logic_type(d, in);
    return t && t->kind == FEEL_LIST ? t->item : NULL;
}

/* The condition of a filter sees the item and, without its name, what the item holds. */
static const DmnLogic *read_filter(DmnDoc *d, const XmlNode *n, const DmnSight *s)
{
    DmnLogic *logic = dmn_new_logic(d, n, DMN_FILTER);
    const DmnLogic *in = part(d, n, "in", s);
    const FeelType *item = item_of(d, in);
    DmnSight seen = dmn_sight_with(d, s, &(FeelName){STR("item"), item}, 1);
    if (item && item->members) {
        seen = dmn_sight_with(d, &seen, item->members->at, item->members->count);
    }
    seen.names.open = seen.names.open || !item || (item->kind == FEEL_CONTEXT && !item->members);
    return with_parts(d, logic, in, part(d, n, "match", &seen), NULL);
}

static const DmnLogic *read_iteration(DmnDoc *d, const XmlNode *n, const DmnSight *s,
                                      DmnLogicKind kind)
{
    DmnLogic *logic = dmn_new_logic(d, n, kind);
    logic->iterator = xml_attr(n, "iteratorVariable");
    if (logic->iterator.len == 0) {
        DMN_ERROR(d, "dmn.syntax", n->offset, STR("add iteratorVariable"),
                  "'" STR_FMT "' has no iterator variable", STR_ARG(n->name));
        return dmn_broken_logic(d, n, STR("it has no iterator variable"));
    }
    const DmnLogic *in = part(d, n, "in", s);
    FeelName names[] = {{logic->iterator, item_of(d, in)}, {STR("partial"), NULL}};
    DmnSight seen = dmn_sight_with(d, s, names, kind == DMN_FOR ? 2 : 1);
    return with_parts(d, logic, in, part(d, n, kind == DMN_FOR ? "return" : "satisfies", &seen),
                      NULL);
}

/* ---- invocation ---- */

static const DmnLogic *read_invocation(DmnDoc *d, const XmlNode *n, const DmnSight *s)
{
    size_t count = xml_count(n, "binding");
    if (dmn_too_many(d, n, count, DMN_MAX_PARTS, "bindings")) {
        return dmn_broken_logic(d, n, STR("it has too many bindings"));
    }
    DmnLogic *logic = dmn_new_logic(d, n, DMN_INVOCATION);
    DmnEntry *entries = NEW_N(d->r->out, DmnEntry, count + 1), *e = entries;
    for (const XmlNode *b = xml_child(n, "binding"); b; b = xml_next(b, "binding"), e++) {
        const XmlNode *parameter = xml_child(b, "parameter");
        e->name = parameter ? xml_attr(parameter, "name") : (Str){0};
        if (e->name.len == 0) {
            DMN_ERROR(d, "dmn.syntax", b->offset, STR("name the parameter"),
                      "binding has no parameter");
        } else {
            e->type = dmn_type(d, xml_attr(parameter, "typeRef"), parameter->offset);
        }
        /* A binding without an expression leaves its parameter null. */
        e->logic = dmn_find_expression(b) ? dmn_logic(d, b, s) : NULL;
    }
    logic->entries = entries;
    logic->entry_count = count;
    return with_parts(d, logic, dmn_logic(d, n, s), NULL, NULL);
}

/* ---- functions ---- */

static Str literal_of(const XmlNode *context, const char *name, uint32_t *offset)
{
    for (const XmlNode *c = xml_child(context, "contextEntry"); c;
         c = xml_next(c, "contextEntry")) {
        const XmlNode *variable = xml_child(c, "variable");
        if (variable && str_eq(xml_attr(variable, "name"), str_z(name))) {
            return dmn_text(xml_child(c, "literalExpression"), offset);
        }
    }
    return (Str){0};
}

static const DmnLogic *external(DmnDoc *d, const XmlNode *n, const FeelNames *params,
                                const DmnSight *s)
{
    const XmlNode *context = xml_child(n, "context");
    uint32_t offset = n->offset;
    Str class_name = literal_of(context, "class", &offset);
    Str signature = literal_of(context, "method signature", &offset);
    if (class_name.len == 0 || signature.len == 0) {
        DMN_ERROR(d, "dmn.syntax", n->offset,
                  STR("write a context with 'class' and 'method signature'"),
                  "external function has no class or method signature");
        return dmn_broken_logic(d, n, STR("it names no external function"));
    }
    StrBuf b = buf_in(d->r->out);
    BUF_LIT(&b, "function(");
    for (size_t i = 0; i < params->count; i++) {
        buf_fmt(&b, "%s" STR_FMT, i > 0 ? ", " : "", STR_ARG(params->at[i].name));
    }
    buf_fmt(&b, ") external {java: {class: " STR_FMT ", method signature: " STR_FMT "}}",
            STR_ARG(class_name), STR_ARG(signature));
    DmnLogic *logic = dmn_new_logic(d, n, DMN_LITERAL);
    FeelNames names = {.open = true, .types = s->names.types};
    Err err = {0};
    logic->literal = (DmnCell){.kind = DMN_CELL_PROGRAM, .text = buf_str(&b), .offset = offset};
    logic->literal.program =
        feel_compile(d->r->out, logic->literal.text, &names, FEEL_EXPRESSION, &err);
    if (!logic->literal.program) {
        DMN_ERROR(d, "dmn.feel", offset, (Str){0}, "%s", err.msg);
        logic->literal = dmn_broken(d, offset, str_z(err.msg));
    }
    return logic;
}

const DmnLogic *dmn_function_body(DmnDoc *d, const XmlNode *n, const FeelNames *params,
                                  const DmnSight *s, bool *is_external)
{
    Str kind = xml_attr(n, "kind");
    *is_external = str_eq_nocase(kind, STR("java"));
    if (*is_external) {
        return external(d, n, params, s);
    }
    if (kind.len > 0 && !str_eq_nocase(kind, STR("feel"))) {
        DMN_ERROR(d, "dmn.unsupported", n->offset, STR("write the function in FEEL"),
                  "functions of kind '" STR_FMT "' are not supported", STR_ARG(kind));
        return dmn_broken_logic(d, n, STR("functions of its kind are not supported"));
    }
    DmnSight inner = dmn_sight_with(d, s, params->at, params->count);
    return dmn_logic(d, n, &inner);
}

static const DmnLogic *read_function(DmnDoc *d, const XmlNode *n, const DmnSight *s)
{
    bool is_external = false;
    const FeelNames *params = dmn_params(d, n, "formalParameter");
    DmnSight own = *s;
    own.scope = NULL; /* it runs when its element is through */
    const DmnLogic *body = dmn_function_body(d, n, params, &own, &is_external);
    if (is_external) {
        return body;
    }
    DmnLogic *logic = dmn_new_logic(d, n, DMN_FUNCTION);
    logic->params = params;
    return with_parts(d, logic, body, NULL, NULL);
}

const DmnLogic *dmn_boxed(DmnDoc *d, const XmlNode *n, const DmnSight *s)
{
    static const struct {
        const char *name;
        DmnLogicKind kind;
    } loops[] = {{"for", DMN_FOR}, {"some", DMN_SOME}, {"every", DMN_EVERY}};
    if (str_eq(n->name, STR("conditional"))) {
        return read_conditional(d, n, s);
    }
    if (str_eq(n->name, STR("filter"))) {
        return read_filter(d, n, s);
    }
    if (str_eq(n->name, STR("invocation"))) {
        return read_invocation(d, n, s);
    }
    if (str_eq(n->name, STR("functionDefinition"))) {
        return read_function(d, n, s);
    }
    for (size_t i = 0; i < COUNT(loops); i++) {
        if (str_eq(n->name, str_z(loops[i].name))) {
            return read_iteration(d, n, s, loops[i].kind);
        }
    }
    return NULL;
}
