/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The document: inputs, decisions, what requires what.
 *
 * Two rounds: first every decision's requirements, sorted so that each stands after all that it
 * needs (what is left is a cycle); then the logic, because its names have types only when the
 * required decisions are read. Elements are told by local name: the six namespaces of DMN 1.1 to
 * 1.6 differ in nothing that is read here.
 */
#include "model/dmn/dmn_int.h"

typedef Vec(uint16_t) Places;

typedef struct {
    const XmlNode *node;
    Places inputs;
    Places needs; /* in document order */
    bool placed;
    uint16_t place;
} Draft;

typedef struct {
    DmnReader r;
    DmnInput *inputs;
    size_t input_count;
    Draft *drafts;
    size_t draft_count;
    Map ids; /* id -> Target */
} Document;

typedef struct {
    bool is_decision;
    uint16_t index;
} Target;

Str dmn_text(const XmlNode *n, uint32_t *offset)
{
    const XmlNode *text = xml_child(n, "text");
    const XmlNode *from = text ? text : n;
    *offset = from ? from->text_offset : 0;
    return text ? text->text : (Str){0};
}

const FeelProgram *dmn_compile(DmnReader *r, Str text, uint32_t offset, const FeelNames *names,
                               FeelMode mode)
{
    Err err = {0};
    const FeelProgram *p = feel_compile(r->out, text, names, mode, &err);
    if (!p) {
        DMN_ERROR(r, "dmn.feel", offset + err.offset, (Str){0}, "%s", err.msg);
    }
    return p;
}

/* ---- first round ---- */

static void learn_id(Document *d, const XmlNode *n, bool is_decision, size_t index)
{
    Str id = xml_attr(n, "id");
    Target *target = NEW(d->r.out, Target);
    *target = (Target){is_decision, (uint16_t)index};
    if (id.len == 0) {
        DMN_ERROR(&d->r, "dmn.syntax", n->offset, STR("add an id attribute"),
                  "'" STR_FMT "' has no id", STR_ARG(n->name));
        return;
    }
    if (!map_add(d->r.out, &d->ids, id, target)) {
        DMN_ERROR(&d->r, "dmn.duplicate", n->offset, STR("rename one of the two"),
                  "id '" STR_FMT "' is used twice", STR_ARG(id));
    }
}

static Str variable_name(const XmlNode *n)
{
    const XmlNode *variable = xml_child(n, "variable");
    Str name = variable ? xml_attr(variable, "name") : (Str){0};
    return name.len > 0 ? name : xml_attr(n, "name");
}

static Str variable_type(const XmlNode *n)
{
    const XmlNode *variable = xml_child(n, "variable");
    return variable ? xml_attr(variable, "typeRef") : (Str){0};
}

static void read_inputs(Document *d, const XmlNode *root)
{
    d->inputs = NEW_N(d->r.out, DmnInput, xml_count(root, "inputData") + 1);
    for (const XmlNode *n = xml_child(root, "inputData"); n; n = xml_next(n, "inputData")) {
        DmnInput *in = &d->inputs[d->input_count];
        Str type = variable_type(n);
        *in = (DmnInput){.id = xml_attr(n, "id"),
                         .name = variable_name(n),
                         .label = xml_attr(n, "name"),
                         .offset = n->offset,
                         .type_name = type};
        in->type = dmn_type(&d->r, type, n->offset);
        in->allowed = dmn_allowed(&d->r, type);
        learn_id(d, n, false, d->input_count++);
        if (in->name.len == 0) {
            DMN_ERROR(&d->r, "dmn.syntax", n->offset, STR("add a name"), "input data has no name");
        }
    }
}

static void read_requirement(Document *d, Draft *draft, const XmlNode *n)
{
    const XmlNode *target = xml_child(n, "requiredInput");
    target = target ? target : xml_child(n, "requiredDecision");
    Str href = target ? xml_attr(target, "href") : (Str){0};
    size_t mark = str_find(href, STR("#"), 0);
    const Target *found = mark == 0 ? map_get(&d->ids, str_slice(href, 1, href.len)) : NULL;
    if (!found) {
        DMN_ERROR(&d->r, "dmn.reference", n->offset, STR("point to an id of this document: #id"),
                  "requirement points to nothing: '" STR_FMT "'", STR_ARG(href));
    } else if (found->is_decision) {
        *VEC_PUSH(d->r.out, &draft->needs) = found->index;
    } else {
        *VEC_PUSH(d->r.out, &draft->inputs) = found->index;
    }
}

static void read_requirements(Document *d, Draft *draft)
{
    const XmlNode *n = draft->node, *knowledge = xml_child(n, "knowledgeRequirement");
    for (const XmlNode *q = xml_child(n, "informationRequirement"); q;
         q = xml_next(q, "informationRequirement")) {
        read_requirement(d, draft, q);
    }
    if (knowledge) {
        DMN_ERROR(&d->r, "dmn.unsupported", knowledge->offset,
                  STR("make a decision of it and require that"),
                  "business knowledge models are not supported");
    }
}

static bool read_drafts(Document *d, const XmlNode *root)
{
    size_t count = xml_count(root, "decision");
    if (count > DMN_MAX_DECISIONS || d->input_count > DMN_MAX_DECISIONS) {
        DMN_ERROR(&d->r, "dmn.limit", root->offset, STR("split the document"),
                  "more than %d decisions or inputs", DMN_MAX_DECISIONS);
        return false;
    }
    d->drafts = NEW_N(d->r.out, Draft, count + 1);
    for (const XmlNode *n = xml_child(root, "decision"); n; n = xml_next(n, "decision")) {
        d->drafts[d->draft_count].node = n;
        learn_id(d, n, true, d->draft_count++);
    }
    for (size_t i = 0; i < d->draft_count; i++) {
        read_requirements(d, &d->drafts[i]);
    }
    return true;
}

static bool is_ready(const Document *d, const Draft *draft)
{
    for (size_t i = 0; i < draft->needs.len; i++) {
        if (!d->drafts[draft->needs.at[i]].placed) {
            return false;
        }
    }
    return true;
}

/* Gives each decision its place after all that it requires. */
static bool sort_drafts(Document *d)
{
    size_t placed = 0, before = SIZE_MAX;
    while (placed < d->draft_count && placed != before) {
        before = placed;
        for (size_t i = 0; i < d->draft_count; i++) {
            Draft *draft = &d->drafts[i];
            if (!draft->placed && is_ready(d, draft)) {
                draft->placed = true;
                draft->place = (uint16_t)placed++;
            }
        }
    }
    for (size_t i = 0; i < d->draft_count; i++) {
        if (!d->drafts[i].placed) {
            DMN_ERROR(&d->r, "dmn.cycle", d->drafts[i].node->offset,
                      STR("take one requirement away"), "decision '" STR_FMT "' requires itself",
                      STR_ARG(xml_attr(d->drafts[i].node, "name")));
            return false;
        }
    }
    return true;
}

/* ---- second round ---- */

static const FeelNames *visible_names(Document *d, const DmnDecision *dec, const DmnDecision *all)
{
    FeelName *at = NEW_N(d->r.out, FeelName, dec->input_count + dec->decision_count + 1);
    FeelNames *names = NEW(d->r.out, FeelNames);
    for (size_t i = 0; i < dec->input_count; i++) {
        const DmnInput *in = &d->inputs[dec->inputs[i]];
        at[names->count++] = (FeelName){in->name, in->type};
    }
    for (size_t i = 0; i < dec->decision_count; i++) {
        const DmnDecision *other = &all[dec->decisions[i]];
        at[names->count++] = (FeelName){other->name, other->type};
    }
    names->at = at;
    return names;
}

static Str child_text(const XmlNode *n, const char *name)
{
    const XmlNode *c = xml_child(n, name);
    return c ? c->text : (Str){0};
}

static void read_decision(Document *d, const Draft *draft, DmnDecision *all)
{
    const XmlNode *n = draft->node;
    DmnDecision *dec = &all[draft->place];
    uint16_t *needs = NEW_N(d->r.out, uint16_t, draft->needs.len + 1);
    Str type = variable_type(n);
    for (size_t i = 0; i < draft->needs.len; i++) {
        needs[i] = d->drafts[draft->needs.at[i]].place;
    }
    *dec = (DmnDecision){.id = xml_attr(n, "id"),
                         .name = variable_name(n),
                         .label = xml_attr(n, "name"),
                         .question = child_text(n, "question"),
                         .description = child_text(n, "description"),
                         .offset = n->offset,
                         .inputs = draft->inputs.at,
                         .input_count = draft->inputs.len,
                         .decisions = needs,
                         .decision_count = draft->needs.len};
    dec->logic = dmn_logic(&d->r, n, visible_names(d, dec, all), 0);
    dec->type = type.len > 0 ? dmn_type(&d->r, type, n->offset)
                : dec->logic ? dmn_logic_type(d->r.out, dec->logic)
                             : NULL;
}

static const DmnDecision *read_decisions(Document *d)
{
    DmnDecision *all = NEW_N(d->r.out, DmnDecision, d->draft_count + 1);
    for (size_t place = 0; place < d->draft_count; place++) {
        for (size_t i = 0; i < d->draft_count; i++) {
            if (d->drafts[i].place == place) {
                read_decision(d, &d->drafts[i], all);
            }
        }
    }
    return all;
}

static void refuse_others(Document *d, const XmlNode *root)
{
    static const char *const names[] = {"businessKnowledgeModel", "decisionService", "import"};
    for (size_t i = 0; i < COUNT(names); i++) {
        const XmlNode *n = xml_child(root, names[i]);
        if (n) {
            DMN_ERROR(&d->r, "dmn.unsupported", n->offset, STR("make decisions of it"),
                      "'%s' is not supported", names[i]);
        }
    }
}

const DmnModel *dmn_read(Arena *out, Diags *diags, uint16_t file, Str text)
{
    size_t errors = diags->errors;
    const XmlNode *root = xml_read(out, diags, file, text);
    Document d = {.r = {.out = out, .diags = diags, .file = file}};
    if (!root) {
        return NULL;
    }
    if (!str_eq(root->name, STR("definitions"))) {
        DMN_ERROR(&d.r, "dmn.syntax", root->offset, STR("the root of DMN is 'definitions'"),
                  "root element is '" STR_FMT "'", STR_ARG(root->name));
        return NULL;
    }
    dmn_learn_types(&d.r, root);
    refuse_others(&d, root);
    read_inputs(&d, root);
    if (!read_drafts(&d, root) || !sort_drafts(&d)) {
        return NULL;
    }
    DmnModel *m = NEW(out, DmnModel);
    *m = (DmnModel){.id = xml_attr(root, "id"),
                    .name = xml_attr(root, "name"),
                    .space = xml_attr(root, "namespace"),
                    .file = file,
                    .inputs = d.inputs,
                    .input_count = d.input_count,
                    .decisions = read_decisions(&d),
                    .decision_count = d.draft_count};
    return diags->errors == errors ? m : NULL;
}

const DmnDecision *dmn_find(const DmnModel *m, Str decision)
{
    for (int by_name = 0; by_name < 2; by_name++) {
        for (size_t i = 0; i < m->decision_count; i++) {
            const DmnDecision *d = &m->decisions[i];
            if (str_eq(by_name ? d->name : d->id, decision)) {
                return d;
            }
        }
    }
    return NULL;
}
