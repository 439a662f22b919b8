/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model/bpmn/bpmn.h - a BPMN 2.0 document with Camunda 8's extension elements as an executable
 * process.
 *
 * Everything is in flat arrays that point to each other by index; FEEL is compiled at load. What
 * the engine cannot run is an error with id, place and cure, never skipped. Rules of diags:
 * bpmn.syntax, bpmn.unsupported, bpmn.duplicate, bpmn.reference, bpmn.structure, bpmn.condition,
 * bpmn.timer, bpmn.feel. Memory:  all in the Arena; strings may be views of the document's text.
 * Immutable, shareable. Limits:  BPMN_MAX_ELEMENTS, BPMN_MAX_FLOWS, BPMN_MAX_NEST sub-processes in
 * each other.
 */
#pragma once

#include "base/diag.h"
#include "feel/feel.h"

enum {
    BPMN_MAX_ELEMENTS = 2000,
    BPMN_MAX_FLOWS = 5000,
    BPMN_MAX_NEST = 8,
    BPMN_NONE = 0xffff, /* no such element or flow */
};

typedef enum {
    BPMN_START,
    BPMN_END,
    BPMN_END_TERMINATE,
    BPMN_END_ERROR,
    BPMN_USER_TASK,
    BPMN_SERVICE_TASK,
    BPMN_SEND_TASK,
    BPMN_SCRIPT_TASK,
    BPMN_RULE_TASK,
    BPMN_RECEIVE_TASK,
    BPMN_PLAIN_TASK, /* task, manualTask: passed through */
    BPMN_CATCH_TIMER,
    BPMN_CATCH_MESSAGE,
    BPMN_EXCLUSIVE,
    BPMN_PARALLEL,
    BPMN_SUBPROCESS,
    BPMN_BOUNDARY_TIMER,
    BPMN_BOUNDARY_MESSAGE,
    BPMN_BOUNDARY_ERROR,
    BPMN_KIND_COUNT,
} BpmnKind;

/* "= expression" is FEEL, anything else is the text itself. */
typedef struct {
    Str text;
    uint32_t offset;
    const FeelProgram *program; /* NULL: text is the value */
} BpmnExpr;

typedef struct {
    BpmnExpr source;
    Str target;
} BpmnMapping;

typedef struct {
    Str name, value;
} BpmnProperty;

typedef enum { BPMN_TIMER_DURATION, BPMN_TIMER_DATE } BpmnTimerKind;

typedef struct {
    BpmnKind kind;
    Str id, name;
    uint32_t offset;
    uint16_t scope;                      /* sub-process it stands in, or BPMN_NONE: the process */
    const uint16_t *incoming, *outgoing; /* flows, in document order */
    size_t incoming_count, outgoing_count;
    uint16_t start; /* of a sub-process: its start event */
    uint16_t default_flow;
    uint16_t attached; /* of a boundary event: its activity */
    bool interrupting;
    const uint16_t *boundaries; /* of an activity: events attached to it */
    size_t boundary_count;
    BpmnTimerKind timer_kind;
    BpmnExpr timer;
    Str message;          /* name */
    BpmnExpr correlation; /* zeebe:subscription correlationKey; text empty when none */
    Str error_code;       /* empty: every error */
    Str job_type;         /* zeebe:taskDefinition */
    BpmnExpr script;      /* zeebe:script */
    Str decision;         /* zeebe:calledDecision */
    Str result_variable;  /* of script and decision */
    Str role;             /* zeebe:assignmentDefinition candidateGroups */
    const BpmnMapping *inputs, *outputs; /* zeebe:ioMapping */
    size_t input_count, output_count;
    const BpmnProperty *properties, *headers; /* zeebe:properties, zeebe:taskHeaders */
    size_t property_count, header_count;
} BpmnElement;

typedef struct {
    Str id, name;
    uint32_t offset;
    uint16_t from, to;
    BpmnExpr condition; /* text empty: none */
} BpmnFlow;

typedef struct {
    Str id, name;
    uint16_t file;
    const BpmnElement *elements;
    size_t element_count;
    const BpmnFlow *flows;
    size_t flow_count;
    uint16_t start; /* the process's own start event */
} BpmnProcess;

/* A variable that people set by ending a user task with that property. */
typedef struct {
    const char *property, *value;
    FeelName variable;
} BpmnAnswer;

/* What the world outside puts into the variables of a process; types as data has them. */
typedef struct {
    FeelNames start;
    const BpmnAnswer *answers;
    size_t answer_count;
    FeelNames decisions; /* by id: what they give */
} BpmnWorld;

/*
 * The executable process of the document (isExecutable true, else the only one). NULL when there
 * was an error; all problems are in diags. With a world, an expression may only name what can be in
 * its scope; where a message may bring anything, names stay open.
 */
MUST_CHECK const BpmnProcess *bpmn_read(Arena *out, Diags *diags, uint16_t file, Str text,
                                        const BpmnWorld *world);
/* BPMN_NONE when there is none of that id. */
uint16_t bpmn_find(const BpmnProcess *p, Str id);
/* Empty when the element has no such property. */
Str bpmn_property(const BpmnElement *e, const char *name);
const char *bpmn_kind_name(BpmnKind kind); /* "userTask" */
bool bpmn_is_activity(BpmnKind kind);
/* Stands at its element until something from outside comes: task, job, message, timer. */
bool bpmn_is_waiting(BpmnKind kind);
