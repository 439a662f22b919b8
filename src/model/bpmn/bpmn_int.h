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
} BpmnFlowDraft;

typedef struct {
    Arena *out;
    Diags *diags;
    uint16_t file;
    Str text;
    const BpmnWorld *world; /* NULL: expressions may name anything */
    Vec(BpmnElement) elements;
    Vec(BpmnDraft) drafts;
    Vec(BpmnFlow) flows;
    Vec(BpmnFlowDraft) flow_drafts; /* beside their flows */
    Map ids;                        /* id -> index of the element */
    Map flow_ids;                   /* id -> index of the flow */
    Map taken;                      /* every id of the process */
    Map messages;                   /* id -> XmlNode of the root's message */
    Map errors;                     /* id -> XmlNode of the root's error */
} BpmnReader;

#define BPMN_ERROR(r, rule, offset, cure, ...)                                                     \
    diag_add((r)->diags, DIAG_ERROR, rule, (r)->file, (offset), (cure), __VA_ARGS__)

/* By local name, whatever the namespace. */
/* Child of extensionElements. */
const XmlNode *bpmn_extension(const XmlNode *n, const char *name);
/* Where it stands; it is compiled when it is known what it may name. */
BpmnExpr bpmn_attr_expr(const XmlNode *n, const char *name);

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

/* events.c: kind and details from the event definition; false when it is reported. */
bool bpmn_read_event(BpmnReader *r, const XmlNode *n, BpmnElement *e);
bool bpmn_read_message(BpmnReader *r, const XmlNode *n, BpmnElement *e);
/* extensions.c */
void bpmn_read_extensions(BpmnReader *r, const XmlNode *n, BpmnElement *e);
/* check.c: structure of what was read and linked. */
void bpmn_check(BpmnReader *r);
uint16_t bpmn_start_of(const BpmnReader *r, uint16_t scope);
