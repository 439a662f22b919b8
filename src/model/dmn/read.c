/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The documents in rounds: names of types, elements, requirements and their order; then what each
 * element declares, because names have types only when all are known; then the logic, functions
 * first, decisions in their order.
 *
 * Elements are told by local name: the namespaces of DMN 1.1 to 1.6 differ in nothing that is read
 * here.
 */
#include "model/dmn/dmn_int.h"

Str dmn_text(const XmlNode *n, uint32_t *offset)
{
    const XmlNode *text = xml_child(n, "text");
    if (n) {
        *offset = text && text->text_offset ? text->text_offset : n->offset;
    }
    return text ? text->text : (Str){0};
}

Str dmn_child_text(const XmlNode *n, const char *name)
{
    const XmlNode *c = xml_child(n, name);
    return c ? c->text : (Str){0};
}

Str dmn_variable_name(const XmlNode *n)
{
    const XmlNode *variable = xml_child(n, "variable");
    Str name = variable ? xml_attr(variable, "name") : (Str){0};
    return name.len > 0 ? name : xml_attr(n, "name");
}

Str dmn_variable_type(const XmlNode *n)
{
    const XmlNode *variable = xml_child(n, "variable");
    return variable ? xml_attr(variable, "typeRef") : (Str){0};
}

bool dmn_too_many(DmnDoc *d, const XmlNode *n, size_t count, size_t most, const char *what)
{
    if (count > most) {
        DMN_ERROR(d, "dmn.limit", n->offset, STR("split it"), "'" STR_FMT "' has more than %zu %s",
                  STR_ARG(n->name), most, what);
    }
    return count > most;
}

/* ---- what is declared ---- */

static DmnInput read_input(DmnElement *e)
{
    DmnDoc *d = e->doc;
    Str type = dmn_variable_type(e->node);
    const FeelType *declared = dmn_type(d, type, e->node->offset);
    e->type = dmn_agree(d, "rules.input-type", xml_child(e->node, "variable"), declared,
                        dmn_fed_type(d->r, e->name));
    return (DmnInput){.id = xml_attr(e->node, "id"),
                      .name = e->name,
                      .label = dmn_words(d, e->node, "label", xml_attr(e->node, "name")),
                      .prefix = d->prefix,
                      .file = d->file,
                      .offset = e->node->offset,
                      .type_name = type,
                      .type = declared};
}

static const uint16_t *places(DmnReader *r, const DmnElements *list, DmnElementKind kind,
                              size_t *count)
{
    uint16_t *at = NEW_N(r->out, uint16_t, list->len + 1);
    *count = 0;
    for (size_t i = 0; i < list->len; i++) {
        if (list->at[i]->kind == kind) {
            at[(*count)++] = list->at[i]->place;
        }
    }
    return at;
}

static DmnDecision read_decision(DmnReader *r, DmnElement *e)
{
    DmnDoc *d = e->doc;
    DmnDecision dec = {.id = xml_attr(e->node, "id"),
                       .name = e->name,
                       .label = dmn_words(d, e->node, "label", xml_attr(e->node, "name")),
                       .prefix = d->prefix,
                       .question =
                           dmn_words(d, e->node, "question", dmn_child_text(e->node, "question")),
                       .description = dmn_child_text(e->node, "description"),
                       .file = d->file,
                       .offset = e->node->offset};
    e->type = dmn_type(d, dmn_variable_type(e->node), e->node->offset);
    dec.type = e->type;
    dec.inputs = places(r, &e->needs, DMN_INPUT, &dec.input_count);
    dec.decisions = places(r, &e->needs, DMN_DECISION, &dec.decision_count);
    return dec;
}

/* A service's parameters have the types of what they stand for. */
static void read_service(DmnReader *r, const DmnElement *e, DmnFunction *f)
{
    FeelNames *params = NEW(r->out, FeelNames);
    FeelName *at = NEW_N(r->out, FeelName, e->in.len + 1);
    uint16_t *slots = NEW_N(r->out, uint16_t, e->in.len + 1);
    for (size_t i = 0; i < e->in.len; i++) {
        at[i] = (FeelName){e->in.at[i]->name, e->in.at[i]->type};
        slots[i] = dmn_slot(r, e->in.at[i]);
    }
    *params = (FeelNames){.at = at, .count = e->in.len};
    f->kind = DMN_SERVICE;
    f->params = params;
    f->slots = slots;
    f->outputs = places(r, &e->outputs, DMN_DECISION, &f->output_count);
}

static DmnFunction read_function(DmnReader *r, DmnElement *e)
{
    DmnDoc *d = e->doc;
    const XmlNode *n = e->node, *body = xml_child(n, "encapsulatedLogic");
    DmnFunction f = {.id = xml_attr(n, "id"),
                     .name = e->name,
                     .label = dmn_words(d, n, "label", xml_attr(n, "name")),
                     .prefix = d->prefix,
                     .file = d->file,
                     .offset = n->offset};
    f.result = dmn_result_type(d, dmn_variable_type(n), n->offset);
    if (str_eq(n->name, STR("decisionService"))) {
        read_service(r, e, &f);
    } else {
        f.params = dmn_params(d, body, "formalParameter");
    }
    e->type = dmn_function_type(r->out, f.params, f.result);
    return f;
}

/* ---- logic ---- */

static void read_function_logic(DmnReader *r, const DmnElement *e, DmnFunction *f)
{
    const XmlNode *body = xml_child(e->node, "encapsulatedLogic");
    DmnSight sight;
    DmnScope *scope = NEW(r->out, DmnScope);
    dmn_see(r, e, scope, &sight);
    f->scope = *scope;
    if (f->kind == DMN_SERVICE) {
        return;
    }
    if (body) {
        f->logic = dmn_function_body(e->doc, body, f->params, &sight, &f->is_external);
        return;
    }
    DMN_ERROR(e->doc, "dmn.syntax", e->node->offset, STR("add an encapsulatedLogic"),
              "'" STR_FMT "' has no logic", STR_ARG(e->name));
    f->logic = dmn_broken_logic(e->doc, e->node, STR("it has no logic"));
}

static void read_decision_logic(DmnReader *r, DmnElement *e, DmnDecision *dec)
{
    DmnSight sight;
    DmnScope *scope = NEW(r->out, DmnScope);
    dmn_see(r, e, scope, &sight);
    dec->scope = *scope;
    dec->logic = dmn_logic(e->doc, e->node, &sight);
    if (dec->logic->kind == DMN_LITERAL) {
        dmn_check_result(e->doc, &dec->logic->literal, dec->type, dec->logic->known);
    }
    dec->type = dec->type ? dec->type : dmn_logic_type(e->doc, dec->logic);
    e->type = dmn_narrow(dec->type, dec->logic->known);
    dec->known = e->type;
}

static const FeelProgram *items_program(DmnReader *r)
{
    const FeelName name = {.name = STR("list")};
    const FeelNames names = {.at = &name, .count = 1};
    Err err = {0};
    return feel_compile(r->out, STR("for x in list return x"), &names, FEEL_EXPRESSION, &err);
}

static DmnModel *build(DmnReader *r, const DmnDoc *first)
{
    DmnModel *m = NEW(r->out, DmnModel);
    DmnInput *inputs = NEW_N(r->out, DmnInput, r->inputs.len + 1);
    DmnDecision *decisions = NEW_N(r->out, DmnDecision, r->decisions.len + 1);
    DmnFunction *functions = NEW_N(r->out, DmnFunction, r->functions.len + 1);
    for (size_t i = 0; i < r->inputs.len; i++) {
        inputs[i] = read_input(r->inputs.at[i]);
    }
    for (size_t i = 0; i < r->decisions.len; i++) {
        decisions[i] = read_decision(r, r->decisions.at[i]);
    }
    for (size_t i = 0; i < r->functions.len; i++) {
        functions[i] = read_function(r, r->functions.at[i]);
    }
    for (size_t i = 0; i < r->functions.len; i++) {
        read_function_logic(r, r->functions.at[i], &functions[i]);
    }
    for (size_t i = 0; i < r->decisions.len; i++) {
        read_decision_logic(r, r->decisions.at[i], &decisions[i]);
    }
    *m = (DmnModel){.id = xml_attr(first->root, "id"),
                    .name = xml_attr(first->root, "name"),
                    .space = first->space,
                    .file = first->file,
                    .inputs = inputs,
                    .input_count = r->inputs.len,
                    .decisions = decisions,
                    .decision_count = r->decisions.len,
                    .functions = functions,
                    .function_count = r->functions.len,
                    .items = items_program(r)};
    return m;
}

static const DmnModel *read(Arena *out, Diags *diags, const DmnFile *files, size_t count,
                            DmnMode mode, const FeelNames *fed)
{
    size_t errors = diags->errors;
    DmnReader r = {.out = out,
                   .tmp = arena_beside(out),
                   .diags = diags,
                   .mode = mode,
                   .files = files,
                   .file_count = count,
                   .fed = fed};
    const DmnDoc *first = count > 0 && count <= DMN_MAX_FILES ? dmn_open(&r) : NULL;
    if (count > DMN_MAX_FILES) {
        diag_add(diags, DIAG_ERROR, "dmn.limit", files[0].file, 0, STR("split the folder"),
                 "more than %d files", DMN_MAX_FILES);
    }
    for (size_t i = 0; first && i < r.docs.len; i++) {
        dmn_learn_types(r.docs.at[i]);
    }
    for (size_t i = 0; first && i < r.docs.len; i++) {
        dmn_name_types(r.docs.at[i]);
    }
    if (!first || !dmn_learn_elements(&r)) {
        return NULL;
    }
    dmn_learn_needs(&r);
    dmn_sort(&r);
    const DmnModel *m = build(&r, first);
    return diags->errors == errors ? m : NULL;
}

const DmnModel *dmn_read(Arena *out, Diags *diags, const DmnFile *files, size_t count, DmnMode mode)
{
    return read(out, diags, files, count, mode, NULL);
}

const DmnModel *dmn_read_fed(Arena *out, Diags *diags, const DmnFile *files, size_t count,
                             const FeelNames *fed)
{
    return read(out, diags, files, count, DMN_STRICT, fed);
}

/* ---- looking up ---- */

const DmnDecision *dmn_find(const DmnModel *m, Str decision)
{
    for (int round = 0; round < 4; round++) {
        for (size_t i = 0; i < m->decision_count; i++) {
            const DmnDecision *d = &m->decisions[i];
            bool own = d->file == m->file;
            if (own == (round < 2) && str_eq(round % 2 ? d->name : d->id, decision)) {
                return d;
            }
        }
    }
    return NULL;
}

const DmnFunction *dmn_find_function(const DmnModel *m, Str function)
{
    for (int round = 0; round < 4; round++) {
        for (size_t i = 0; i < m->function_count; i++) {
            const DmnFunction *f = &m->functions[i];
            bool own = f->file == m->file;
            if (own == (round < 2) && str_eq(round % 2 ? f->name : f->id, function)) {
                return f;
            }
        }
    }
    return NULL;
}
