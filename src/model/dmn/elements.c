/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The requirements graph: inputs, decisions, business knowledge, decision services of all
 * documents, what requires what, and an order in which each decision stands after all it requires.
 */
#include "model/dmn/dmn_int.h"

/* ---- elements ---- */

static void learn_id(DmnDoc *d, DmnElement *e)
{
    Str id = xml_attr(e->node, "id");
    if (id.len == 0) {
        DMN_ERROR(d, "dmn.syntax", e->node->offset, STR("add an id attribute"),
                  "'" STR_FMT "' has no id", STR_ARG(e->node->name));
    } else if (!map_add(d->r->tmp, &d->ids, id, e)) {
        DMN_ERROR(d, "dmn.duplicate", e->node->offset, STR("rename one of the two"),
                  "id '" STR_FMT "' is used twice", STR_ARG(id));
    }
    if (e->name.len == 0) {
        DMN_ERROR(d, "dmn.syntax", e->node->offset, STR("add a name"), "'" STR_FMT "' has no name",
                  STR_ARG(e->node->name));
    }
}

static void learn_kind(DmnDoc *d, const char *name, DmnElementKind kind, DmnElements *list)
{
    for (const XmlNode *n = xml_child(d->root, name); n; n = xml_next(n, name)) {
        DmnElement *e = NEW(d->r->tmp, DmnElement);
        *e = (DmnElement){.kind = kind, .node = n, .doc = d, .name = dmn_variable_name(n)};
        e->place = (uint16_t)list->len;
        learn_id(d, e);
        *VEC_PUSH(d->r->tmp, list) = e; /* NOLINT(bugprone-sizeof-expression): of pointers */
    }
}

static bool check_counts(DmnReader *r)
{
    size_t inputs = 0, decisions = 0, functions = 0;
    for (size_t i = 0; i < r->docs.len; i++) {
        DmnDoc *d = r->docs.at[i];
        inputs += xml_count(d->root, "inputData");
        decisions += xml_count(d->root, "decision");
        functions += xml_count(d->root, "businessKnowledgeModel");
        functions += xml_count(d->root, "decisionService");
        if (inputs > DMN_MAX_DECISIONS || decisions > DMN_MAX_DECISIONS ||
            functions > DMN_MAX_DECISIONS) {
            DMN_REFUSE(d, "dmn.limit", d->root->offset, STR("split the document"),
                       "more than %d decisions, inputs or functions", DMN_MAX_DECISIONS);
            return false;
        }
    }
    return true;
}

bool dmn_learn_elements(DmnReader *r)
{
    if (!check_counts(r)) {
        return false;
    }
    for (size_t i = 0; i < r->docs.len; i++) {
        DmnDoc *d = r->docs.at[i];
        learn_kind(d, "inputData", DMN_INPUT, &r->inputs);
        learn_kind(d, "decision", DMN_DECISION, &r->decisions);
        learn_kind(d, "businessKnowledgeModel", DMN_CALLABLE, &r->functions);
        learn_kind(d, "decisionService", DMN_CALLABLE, &r->functions);
    }
    return true;
}

/* ---- requirements ---- */

static void add_need(DmnElements *list, DmnElement *owner, DmnElement *found)
{
    for (size_t i = 0; i < list->len; i++) {
        if (list->at[i] == found) {
            return;
        }
    }
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): of pointers */
    *VEC_PUSH(owner->doc->r->tmp, list) = found;
}

/* found is what href names, of the kind that may stand there; else NULL and told. */
static DmnElement *target(DmnElement *e, const XmlNode *n, DmnElementKind kind)
{
    DmnDoc *d = e->doc;
    DmnElement *found = dmn_resolve(d, n, xml_attr(n, "href"));
    if (found && found->kind != kind) {
        DMN_ERROR(d, "dmn.reference", n->offset, STR("point to an element of that kind"),
                  "'" STR_FMT "' points to '" STR_FMT "'", STR_ARG(n->name),
                  STR_ARG(found->node->name));
        return NULL;
    }
    return found;
}

static void read_requirement(DmnElement *e, const XmlNode *n, const char *child,
                             DmnElementKind kind, DmnElements *list)
{
    const XmlNode *at = xml_child(n, child);
    DmnElement *found = at ? target(e, at, kind) : NULL;
    if (found && list->len < DMN_MAX_NEEDS) {
        add_need(list, e, found);
    }
}

static void read_requirements(DmnElement *e)
{
    const XmlNode *owner = e->node;
    (void)dmn_too_many(e->doc, owner, xml_count(owner, "informationRequirement"), DMN_MAX_NEEDS,
                       "requirements");
    for (const XmlNode *n = xml_child(owner, "informationRequirement"); n;
         n = xml_next(n, "informationRequirement")) {
        if (!xml_child(n, "requiredInput") && !xml_child(n, "requiredDecision")) {
            DMN_ERROR(e->doc, "dmn.reference", n->offset,
                      STR("add a requiredInput or a requiredDecision"),
                      "requirement points to nothing");
        }
        read_requirement(e, n, "requiredInput", DMN_INPUT, &e->needs);
        read_requirement(e, n, "requiredDecision", DMN_DECISION, &e->needs);
    }
    for (const XmlNode *n = xml_child(owner, "knowledgeRequirement"); n;
         n = xml_next(n, "knowledgeRequirement")) {
        read_requirement(e, n, "requiredKnowledge", DMN_CALLABLE, &e->knows);
    }
}

static void read_ends(DmnElement *e, const char *child, DmnElementKind kind, DmnElements *list)
{
    for (const XmlNode *n = xml_child(e->node, child); n && list->len < DMN_MAX_NEEDS;
         n = xml_next(n, child)) {
        DmnElement *found = target(e, n, kind);
        if (found) {
            add_need(list, e, found);
        }
    }
}

/* Parameters: inputs, then decisions, as DMN 1.5 10.4 has them. */
static void read_service(DmnElement *e)
{
    read_ends(e, "inputData", DMN_INPUT, &e->in);
    read_ends(e, "inputDecision", DMN_DECISION, &e->in);
    read_ends(e, "outputDecision", DMN_DECISION, &e->outputs);
    for (const XmlNode *n = xml_child(e->node, "encapsulatedDecision"); n;
         n = xml_next(n, "encapsulatedDecision")) {
        (void)target(e, n, DMN_DECISION);
    }
    if (e->outputs.len == 0) {
        DMN_ERROR(e->doc, "dmn.syntax", e->node->offset, STR("add an outputDecision"),
                  "decision service '" STR_FMT "' has no output", STR_ARG(e->name));
    }
}

void dmn_learn_needs(DmnReader *r)
{
    for (size_t i = 0; i < r->decisions.len; i++) {
        read_requirements(r->decisions.at[i]);
    }
    for (size_t i = 0; i < r->functions.len; i++) {
        read_requirements(r->functions.at[i]);
        if (str_eq(r->functions.at[i]->node->name, STR("decisionService"))) {
            read_service(r->functions.at[i]);
        }
    }
}

/* ---- order ---- */

static bool is_ready(const DmnElement *e)
{
    for (size_t i = 0; i < e->needs.len; i++) {
        if (e->needs.at[i]->kind == DMN_DECISION && !e->needs.at[i]->placed) {
            return false;
        }
    }
    return true;
}

static void place_ready(DmnReader *r, DmnElements *sorted)
{
    for (size_t before = SIZE_MAX; before != sorted->len;) {
        before = sorted->len;
        for (size_t i = 0; i < r->decisions.len; i++) {
            DmnElement *e = r->decisions.at[i];
            if (!e->placed && is_ready(e)) {
                e->placed = true;
                e->place = (uint16_t)sorted->len;
                *VEC_PUSH(r->tmp, sorted) = e; /* NOLINT(bugprone-sizeof-expression): of pointers */
            }
        }
    }
}

static DmnElement *unplaced(const DmnElements *list)
{
    for (size_t i = 0; i < list->len; i++) {
        if (list->at[i]->kind == DMN_DECISION && !list->at[i]->placed) {
            return list->at[i];
        }
    }
    return NULL;
}

/* Whoever waits, waits for one of a circle in the end; that one loses what it waits for, so that
 * reading goes on. */
static void cut_circle(DmnReader *r)
{
    DmnElement *e = unplaced(&r->decisions);
    DmnElements kept = {0};
    for (size_t i = 0; i < r->decisions.len; i++) {
        e = unplaced(&e->needs);
    }
    DMN_ERROR(e->doc, "dmn.cycle", e->node->offset, STR("take one requirement away"),
              "decision '" STR_FMT "' requires itself", STR_ARG(xml_attr(e->node, "name")));
    for (size_t i = 0; i < e->needs.len; i++) {
        if (e->needs.at[i]->kind != DMN_DECISION || e->needs.at[i]->placed) {
            /* NOLINTNEXTLINE(bugprone-sizeof-expression): of pointers */
            *VEC_PUSH(r->tmp, &kept) = e->needs.at[i];
        }
    }
    e->needs = kept;
}

void dmn_sort(DmnReader *r)
{
    DmnElements sorted = {0};
    for (place_ready(r, &sorted); sorted.len < r->decisions.len; place_ready(r, &sorted)) {
        cut_circle(r);
    }
    r->decisions = sorted;
}
