/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model/bpmn/bpmn_int.h - what the reader's files share.
 */
#pragma once

#include "base/map.h"
#include "base/vec.h"
#include "model/bpmn/bpmn.h"
#include "xml/xml.h"

typedef Vec(uint16_t) Indexes;

typedef struct {
    uint16_t file;
    Str text;
    const XmlNode *root; /* NULL until it is read */
    Map nodes;           /* id -> BpmnNamed, of all that is BPMN */
    Map ids;             /* id -> index of the element that came of it */
    Map flow_ids;        /* id -> index of the flow */
    Map organs;          /* id of an element -> BpmnNamed of its lane */
    bool failed, used;
} BpmnDocument;

typedef struct {
    const XmlNode *node;
    BpmnDocument *doc;
    Indexes incoming, outgoing, boundaries;
} BpmnDraft; /* beside its element, by index */

typedef struct {
    const XmlNode *node;
    BpmnDocument *doc;
} BpmnFlowDraft; /* beside its flow */

typedef struct {
    const XmlNode *node;
} BpmnNamed; /* what stands in a map */

typedef struct {
    Arena *out;
    Arena *tmp; /* beside it: maps, drafts, lists while they grow */
    Diags *diags;
    const BpmnWorld *world; /* NULL: expressions may name anything */
    BpmnDocument *docs;     /* the main one first */
    size_t doc_count;
    BpmnDocument *doc; /* that is at work: places and ids are its own */
    size_t errors_before;
    Vec(BpmnElement) elements;
    Vec(BpmnDraft) drafts;
    Vec(BpmnFlow) flows;
    Vec(BpmnFlowDraft) flow_drafts;
    Str pool;   /* of the process at hand */
    Str prefix; /* of its ids */
} BpmnReader;

#define BPMN_ERROR(r, rule, offset, cure, ...)                                                     \
    diag_add((r)->diags, DIAG_ERROR, rule, (r)->doc->file, (offset), (cure), __VA_ARGS__)
#define BPMN_ADVICE(r, rule, offset, cure, ...)                                                    \
    diag_add((r)->diags, DIAG_ADVICE, rule, (r)->doc->file, (offset), (cure), __VA_ARGS__)

/* expr.c; all by local name, whatever the namespace. */
/* Child of extensionElements. */
const XmlNode *bpmn_extension(const XmlNode *n, const char *name);
/* What the reference points to; NULL when nothing. */
const XmlNode *bpmn_node(const BpmnReader *r, Str id);
Str bpmn_local(Str reference); /* "tns:x" -> "x" */
bool bpmn_is(const XmlNode *n, const char *name);
bool bpmn_says(const XmlNode *n, const char *attribute, const char *value);
/* Where it stands; it is compiled when it is known what it may name. */
BpmnExpr bpmn_attr_expr(const XmlNode *n, const char *name);
/* Of an element's text; empty when n is NULL. "${…}" becomes FEEL, with advice. */
BpmnExpr bpmn_text_expr(BpmnReader *r, const XmlNode *n);

typedef struct {
    const FeelNames *names; /* NULL: anything */
    bool always_feel;       /* with or without the sign */
} BpmnSight;

/* Of "= FEEL", else of a text; NULL when it is not known. It lives in scratch. */
const FeelType *bpmn_expr_type(Arena *scratch, const BpmnExpr *e, const BpmnSight *s);
/* "= FEEL" compiled, else plain. What comes out is *type. */
void bpmn_compile(BpmnReader *r, BpmnExpr *e, const BpmnSight *s, const FeelType **type);
/* scope.c: all expressions of what was read and linked, each with the names of its scope. */
void bpmn_compile_all(BpmnReader *r);

/* read.c: an event, activity or gateway. */
bool bpmn_is_flow_node(const XmlNode *n);
/* Not of BPMN's namespace, as the document at work has it. */
bool bpmn_is_foreign(const BpmnReader *r, const XmlNode *n);
/* That it is used once is seen when all ids are learned. */
bool bpmn_has_id(BpmnReader *r, const XmlNode *n);
void bpmn_collect_process(BpmnReader *r, const XmlNode *n, uint16_t scope);
bool bpmn_is_callable(const XmlNode *n);
/* A process or global task of the document at work as an element with a body; BPMN_NONE when there
 * are too many. */
uint16_t bpmn_add_called(BpmnReader *r, const XmlNode *n);

/* events.c: kind and triggers from the event definitions; false when it is reported. */
bool bpmn_read_event(BpmnReader *r, const XmlNode *n, BpmnElement *e);
/* Of a send or receive task. */
bool bpmn_read_message(BpmnReader *r, const XmlNode *n, BpmnElement *e);
const XmlNode *bpmn_definition(const BpmnReader *r, const XmlNode *n);
/* markers.c: loops and quantities */
void bpmn_read_markers(BpmnReader *r, const XmlNode *n, BpmnElement *e);
typedef Vec(BpmnMapping) BpmnMappings;
/* camunda.c: Camunda 7's dialect. */
Str bpmn_old_attr(const XmlNode *n, const char *name);
const XmlNode *bpmn_old_extension(const XmlNode *n, const char *name);
/* A text that may hold "${…}", as FEEL; at: where it stands. */
BpmnExpr bpmn_old_expr(BpmnReader *r, const XmlNode *n, Str text, uint32_t at);
BpmnExpr bpmn_old_attr_expr(BpmnReader *r, const XmlNode *n, const char *name);
void bpmn_old_mappings(BpmnReader *r, const XmlNode *n, BpmnElement *e, BpmnMappings *in,
                       BpmnMappings *out);
void bpmn_old_job(BpmnReader *r, const XmlNode *n, BpmnElement *e);
/* dialect.c: which extensions are known where, and what becomes of each. */
void bpmn_check_dialect(BpmnReader *r, const XmlNode *n);
/* extensions.c */
Str bpmn_version_tag(const XmlNode *process);
void bpmn_read_retries(BpmnReader *r, const BpmnElement *e, uint32_t offset, Str text,
                       int32_t *retries);
void bpmn_read_extensions(BpmnReader *r, const XmlNode *n, BpmnElement *e);
/* link.c: everything that points to something else. */
void bpmn_link(BpmnReader *r);
BpmnBody bpmn_body_of(BpmnReader *r, uint16_t scope);
/* index.c: ids in order. */
void bpmn_index(Arena *out, BpmnProcess *p);
/* reach.c: what can come to each join. */
void bpmn_reach(BpmnReader *r);
/* check.c: structure of what was read and linked. */
void bpmn_check(BpmnReader *r);
/* advise.c: what is only doubtful, of a sound process. */
void bpmn_advise(BpmnReader *r);
/* rules.c …: the document against BPMN's own rules, whatever the process. */
void bpmn_rules(BpmnReader *r);
