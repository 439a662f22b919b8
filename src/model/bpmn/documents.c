/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The documents that a process is read from: its own, and those beside it where what it calls may
 * stand. One of them is at work at any time (r->doc): ids and places are its own. Then the rounds:
 * collect, link, compile, check.
 */
#include "model/bpmn/bpmn_int.h"

/* Depth is that of the document, which the XML reader has bounded. What is not BPMN (diagrams,
 * other tools' elements) is left alone. */
static void learn_ids(BpmnReader *r, const XmlNode *n)
{
    Str id = xml_attr(n, "id");
    if (bpmn_is_foreign(r, n)) {
        return;
    }
    if (id.len > 0) {
        BpmnNamed *kept = NEW(r->tmp, BpmnNamed);
        kept->node = n;
        if (!map_add(r->tmp, &r->doc->nodes, id, kept)) {
            BPMN_ERROR(r, "bpmn.duplicate", n->offset, STR("rename one of the two"),
                       "id '" STR_FMT "' is used twice", STR_ARG(id));
        }
    }
    for (const XmlNode *c = n->first; c; c = c->next) {
        learn_ids(r, c);
    }
}

/* False when it is no BPMN, which is reported once. */
static bool open_document(BpmnReader *r, BpmnDocument *doc)
{
    if (doc->root || doc->failed) {
        return !doc->failed;
    }
    doc->failed = true;
    doc->root = xml_read(r->out, r->diags, doc->file, doc->text);
    r->doc = doc;
    if (doc->root && !bpmn_is(doc->root, "definitions")) {
        BPMN_ERROR(r, "bpmn.syntax", doc->root->offset, STR("the root of BPMN is 'definitions'"),
                   "root element is '" STR_FMT "'", STR_ARG(doc->root->name));
    } else if (doc->root) {
        learn_ids(r, doc->root);
        doc->failed = false;
    }
    return !doc->failed;
}

/* ---- what is called ---- */

/* In its own document, else in those beside it; there it must be in one only. */
static const XmlNode *find_called(BpmnReader *r, const BpmnElement *e, BpmnDocument **where)
{
    BpmnDocument *own = r->doc;
    const XmlNode *found = bpmn_node(r, e->call);
    *where = own;
    if (bpmn_is_callable(found)) {
        return found;
    }
    found = NULL;
    for (size_t i = 0; i < r->doc_count; i++) {
        r->doc = &r->docs[i];
        const XmlNode *n = open_document(r, r->doc) ? bpmn_node(r, e->call) : NULL;
        if (!bpmn_is_callable(n) || r->doc == own) {
            continue;
        }
        if (found) {
            r->doc = own;
            BPMN_ERROR(r, "bpmn.duplicate", e->offset, STR("keep the process in one of the files"),
                       "'" STR_FMT "' calls '" STR_FMT "', which stands in '" STR_FMT
                       "' and in '" STR_FMT "'",
                       STR_ARG(e->id), STR_ARG(e->call),
                       STR_ARG(r->diags->files.at[(*where)->file].path),
                       STR_ARG(r->diags->files.at[r->docs[i].file].path));
            return NULL;
        }
        found = n;
        *where = &r->docs[i];
    }
    r->doc = own;
    return found;
}

/* The list grows while it is walked: what is called may call. A process that calls itself through
 * the main one is started by the caller of the engine. */
static void collect_called(BpmnReader *r, const XmlNode *main)
{
    for (size_t i = 0; i < r->elements.len; i++) {
        BpmnElement e = r->elements.at[i];
        BpmnDocument *where = NULL;
        r->doc = r->drafts.at[i].doc;
        const XmlNode *n = e.kind == BPMN_CALL && e.call.len ? find_called(r, &e, &where) : NULL;
        if (!n || n == main) {
            continue;
        }
        const uint16_t *known = map_get(&where->ids, xml_attr(n, "id"));
        r->doc = where;
        where->used = true;
        r->prefix = where == r->docs ? STR("") : str_join(r->out, xml_attr(n, "id"), STR("/"));
        uint16_t at = known ? *known : bpmn_add_called(r, n);
        r->elements.at[i].called = at;
    }
}

/* ---- the main one ---- */

static const XmlNode *find_process(BpmnReader *r, const XmlNode *root, Str id)
{
    const XmlNode *only = xml_child(root, "process"), *found = NULL;
    for (const XmlNode *n = only; n; n = xml_next(n, "process")) {
        bool wanted = id.len ? str_eq(xml_attr(n, "id"), id) : bpmn_says(n, "isExecutable", "true");
        found = wanted && !found ? n : found;
    }
    found = found ? found : id.len == 0 && only && !xml_next(only, "process") ? only : NULL;
    if (!found) {
        BPMN_ERROR(r, "bpmn.syntax", root->offset, STR("set isExecutable=\"true\" on one process"),
                   "document has no executable process");
    }
    return found;
}

static const BpmnProcess *finish(BpmnReader *r, const XmlNode *n)
{
    BpmnProcess *p = NEW(r->out, BpmnProcess);
    BpmnElement *elements = NEW_N(r->out, BpmnElement, r->elements.len + 1);
    BpmnFlow *flows = NEW_N(r->out, BpmnFlow, r->flows.len + 1);
    for (size_t i = 0; i < r->elements.len; i++) {
        elements[i] = r->elements.at[i];
    }
    for (size_t i = 0; i < r->flows.len; i++) {
        flows[i] = r->flows.at[i];
    }
    *p = (BpmnProcess){.id = xml_attr(n, "id"),
                       .name = xml_attr(n, "name"),
                       .version_tag = bpmn_version_tag(n),
                       .file = r->docs[0].file,
                       .elements = elements,
                       .element_count = r->elements.len,
                       .flows = flows,
                       .flow_count = r->flows.len,
                       .body = bpmn_body_of(r, BPMN_NONE)};
    bpmn_index(r->out, p);
    return p;
}

static const BpmnProcess *read_process(BpmnReader *r, Str id)
{
    const XmlNode *n = open_document(r, &r->docs[0]) ? find_process(r, r->docs[0].root, id) : NULL;
    if (!n || !bpmn_has_id(r, n)) {
        return NULL;
    }
    r->docs[0].used = true;
    bpmn_collect_process(r, n, BPMN_NONE);
    collect_called(r, n);
    bpmn_link(r);
    bpmn_compile_all(r);
    bpmn_check(r);
    bpmn_rules(r);
    if (r->diags->errors > r->errors_before) {
        return NULL;
    }
    bpmn_advise(r);
    bpmn_reach(r);
    return finish(r, n);
}

static const BpmnProcess *read_files(Arena *out, Diags *diags, const BpmnFile *files, size_t count,
                                     Str id, const BpmnWorld *world)
{
    BpmnReader r = {.out = out,
                    .tmp = arena_beside(out),
                    .diags = diags,
                    .world = world,
                    .docs = NEW_N(arena_beside(out), BpmnDocument, count),
                    .doc_count = count,
                    .errors_before = diags->errors};
    for (size_t i = 0; i < count; i++) {
        r.docs[i] = (BpmnDocument){.file = files[i].file, .text = files[i].text};
    }
    r.doc = r.docs;
    if (count > BPMN_MAX_FILES) {
        BPMN_ERROR(&r, "bpmn.limit", 0, STR("put processes that belong together into one file"),
                   "more than %d files beside each other", BPMN_MAX_FILES);
        return NULL;
    }
    return read_process(&r, id);
}

const BpmnProcess *bpmn_read_process(Arena *out, Diags *diags, uint16_t file, Str text, Str id)
{
    BpmnFile f = {file, text};
    return read_files(out, diags, &f, 1, id, NULL);
}

const BpmnProcess *bpmn_read(Arena *out, Diags *diags, uint16_t file, Str text,
                             const BpmnWorld *world)
{
    BpmnFile f = {file, text};
    return read_files(out, diags, &f, 1, (Str){0}, world);
}

const BpmnProcess *bpmn_read_linked(Arena *out, Diags *diags, const BpmnFile *files, size_t count,
                                    const BpmnWorld *world)
{
    return read_files(out, diags, files, count, (Str){0}, world);
}
