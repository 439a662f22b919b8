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
    const XmlNode *node;
    Indexes incoming, outgoing, boundaries;
} BpmnDraft; /* beside its element, by index */

typedef struct {
    const XmlNode *node;
} BpmnNamed; /* what stands in a map */

typedef struct {
    Arena *out;
    Diags *diags;
    uint16_t file;
    Str text;
    const BpmnWorld *world; /* NULL: expressions may name anything */
    const XmlNode *root;
    size_t errors_before;
    Vec(BpmnElement) elements;
    Vec(BpmnDraft) drafts;
    Vec(BpmnFlow) flows;
    Vec(BpmnNamed) flow_drafts; /* beside their flows */
    Map ids;                    /* id -> index of the element */
    Map flow_ids;               /* id -> index of the flow */
    Map nodes;                  /* id -> BpmnNamed, of the whole document */
    Map organs;                 /* id of an element -> BpmnNamed of its lane */
    Str pool;                   /* of the process at hand */
} BpmnReader;

#define BPMN_ERROR(r, rule, offset, cure, ...)                                                     \
    diag_add((r)->diags, DIAG_ERROR, rule, (r)->file, (offset), (cure), __VA_ARGS__)
#define BPMN_ADVICE(r, rule, offset, cure, ...)                                                    \
    diag_add((r)->diags, DIAG_ADVICE, rule, (r)->file, (offset), (cure), __VA_ARGS__)

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
BpmnExpr bpmn_text_expr(const XmlNode *n); /* of an element's text; empty when n is NULL */

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

/* events.c: kind and triggers from the event definitions; false when it is reported. */
bool bpmn_read_event(BpmnReader *r, const XmlNode *n, BpmnElement *e);
/* Of a send or receive task. */
bool bpmn_read_message(BpmnReader *r, const XmlNode *n, BpmnElement *e);
const XmlNode *bpmn_definition(const BpmnReader *r, const XmlNode *n);
/* markers.c: loops and quantities */
void bpmn_read_markers(BpmnReader *r, const XmlNode *n, BpmnElement *e);
/* extensions.c */
void bpmn_read_extensions(BpmnReader *r, const XmlNode *n, BpmnElement *e);
/* link.c: everything that points to something else. */
void bpmn_link(BpmnReader *r);
BpmnBody bpmn_body_of(BpmnReader *r, uint16_t scope);
/* reach.c: what can come to each join. */
void bpmn_reach(BpmnReader *r);
/* check.c: structure of what was read and linked. */
void bpmn_check(BpmnReader *r);
/* rules.c …: the document against BPMN's own rules, whatever the process. */
void bpmn_rules(BpmnReader *r);
