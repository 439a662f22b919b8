/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model/bpmn/bpmn.h - a BPMN 2.0 document with Camunda 8's extension elements as an executable
 * process.
 *
 * Everything is in flat arrays that point to each other by index; FEEL is compiled at load, and
 * what can reach a join is computed here, once. Processes and global tasks of the same document
 * that are called stand in the same arrays (BPMN_CALLED). What the engine cannot run is an error
 * with id, place, rule and cure, never skipped: docs/bpmn.md lists the rules.
 * Memory: all in the Arena; strings may be views of the document's text. Immutable, shareable.
 * Processes of other documents that are called stand there too, each of their ids as
 * "process/id", so that ids stay different.
 * Limits: BPMN_MAX_ELEMENTS, BPMN_MAX_FLOWS, BPMN_MAX_NEST sub-processes in each other,
 * BPMN_MAX_QUANTITY tokens of one activity, BPMN_MAX_FILES documents.
 */
#pragma once

#include "base/diag.h"
#include "feel/feel.h"

enum {
    BPMN_MAX_ELEMENTS = 2000,
    BPMN_MAX_FLOWS = 5000,
    BPMN_MAX_NEST = 8,
    BPMN_MAX_QUANTITY = 100,
    BPMN_MAX_FILES = 64,
    BPMN_MAX_RETRIES = 1000,
    BPMN_NONE = 0xffff, /* no such element or flow */
};

/* ORDER kind_names in expr.c. What an event is about stands in its triggers. */
typedef enum {
    BPMN_START,
    BPMN_END,
    BPMN_CATCH,
    BPMN_THROW,
    BPMN_BOUNDARY,
    BPMN_USER_TASK,
    BPMN_SERVICE_TASK,
    BPMN_SEND_TASK,
    BPMN_SCRIPT_TASK,
    BPMN_RULE_TASK,
    BPMN_RECEIVE_TASK,
    BPMN_PLAIN_TASK, /* task, manualTask: passed through */
    BPMN_SUBPROCESS,
    BPMN_TRANSACTION,
    BPMN_ADHOC,
    BPMN_CALL,
    BPMN_EVENT_SUBPROCESS,
    BPMN_CALLED, /* another process or global task that a call activity runs */
    BPMN_EXCLUSIVE,
    BPMN_PARALLEL,
    BPMN_INCLUSIVE,
    BPMN_COMPLEX,
    BPMN_EVENT_GATEWAY,
    BPMN_KIND_COUNT,
} BpmnKind;

/* "= expression" is FEEL, anything else is the text itself. */
typedef struct {
    Str text;
    uint32_t offset;
    bool foreign;               /* translated: offset is that of the whole */
    bool broken;                /* reported already */
    const FeelProgram *program; /* NULL: text is the value */
} BpmnExpr;

typedef struct {
    BpmnExpr source;
    Str variable; /* of a data association: taken as it is; source has no text */
    Str target;
} BpmnMapping;

typedef struct {
    Str name, value;
} BpmnProperty;

typedef enum { BPMN_TIMER_DURATION, BPMN_TIMER_DATE, BPMN_TIMER_CYCLE } BpmnTimerKind;

/* ORDER trigger_names in events.c. */
typedef enum {
    BPMN_ON_TIMER,
    BPMN_ON_MESSAGE,
    BPMN_ON_SIGNAL,
    BPMN_ON_ERROR,
    BPMN_ON_ESCALATION,
    BPMN_ON_COMPENSATION,
    BPMN_ON_CANCEL,
    BPMN_ON_CONDITION,
    BPMN_ON_LINK,
    BPMN_ON_TERMINATE,
    BPMN_TRIGGER_COUNT,
} BpmnTriggerKind;

typedef struct {
    BpmnTriggerKind kind;
    Str name;        /* of message, signal, link; code of error, escalation: empty for all */
    bool is_default; /* it was not defined by a reference of its own */
    uint32_t offset;
    BpmnTimerKind timer_kind;
    BpmnExpr timer;
    BpmnExpr condition;
    BpmnExpr correlation;  /* zeebe:subscription, zeebe:publishMessage; text empty when none */
    BpmnExpr message_id;   /* of a message that is sent: the same is sent once; text empty: none */
    BpmnExpr time_to_live; /* of one that is sent: a duration that it is kept for; or empty */
    const Str *variables;  /* of a condition: looked at when these change; none: any */
    size_t variable_count;
    bool on_create, on_update; /* of a condition: by which changes */
    uint16_t activity;         /* to be compensated, or BPMN_NONE: all of the scope */
    uint16_t link;             /* the catching event of a thrown link */
} BpmnTrigger;

typedef enum { BPMN_LOOP_STANDARD, BPMN_LOOP_SEQUENTIAL, BPMN_LOOP_PARALLEL } BpmnLoopKind;
/* Whether a multi-instance activity tells of instances that are done, at its boundary. */
typedef enum { BPMN_TELL_ALL, BPMN_TELL_NONE, BPMN_TELL_ONE, BPMN_TELL_COMPLEX } BpmnTelling;

typedef struct {
    BpmnLoopKind kind;
    bool test_before;        /* of a standard loop */
    int64_t maximum;         /* of a standard loop; 0: none */
    BpmnExpr condition;      /* standard: goes on while true; multi: all is done when true */
    BpmnExpr cardinality;    /* or */
    BpmnExpr collection;     /* of a multi-instance activity */
    Str item;                /* variable that holds the item of an instance */
    Str output;              /* variable that collects the outputs */
    BpmnExpr output_element; /* what each instance gives */
    BpmnTelling telling;
    Str event;           /* signal that tells */
    BpmnExpr tells_when; /* of complex telling */
} BpmnLoop;

/* What starts when the process or sub-process starts. */
typedef struct {
    const uint16_t *starts; /* none start events, else what has no incoming flow */
    size_t start_count;
    const uint16_t *handlers; /* event sub-processes */
    size_t handler_count;
} BpmnBody;

typedef struct {
    BpmnKind kind;
    Str id, name;
    uint32_t offset;
    uint16_t file;                       /* that offset is in */
    uint16_t scope;                      /* sub-process it stands in, or BPMN_NONE: the process */
    const uint16_t *incoming, *outgoing; /* flows, in document order */
    size_t incoming_count, outgoing_count;
    const uint64_t *const *reach; /* of a join, by incoming flow: bits of elements that reach it */
    BpmnBody body;                /* of a sub-process */
    uint16_t default_flow;
    uint16_t attached;     /* of a boundary event: its activity */
    uint16_t handler;      /* of a compensation boundary: the activity that undoes */
    uint16_t compensation; /* of an activity: its compensation boundary */
    uint16_t called;       /* of a call activity: its BPMN_CALLED; BPMN_NONE: it is not there */
    bool compensable;      /* a completion is remembered, because it may be undone */
    bool for_compensation;
    bool interrupting; /* boundary, start of an event sub-process */
    bool all_triggers; /* parallelMultiple */
    bool instantiates; /* receiveTask */
    bool sequential;   /* adHocSubProcess: one after the other */
    bool keeps_rest;   /* adHocSubProcess: cancelRemainingInstances is false */
    uint16_t start_quantity, completion_quantity;
    const uint16_t *boundaries; /* of an activity: events attached to it */
    size_t boundary_count;
    const BpmnTrigger *triggers; /* of an event; a receive or send task's message */
    size_t trigger_count;
    const BpmnLoop *loop; /* NULL: once */
    BpmnExpr condition;   /* activation of a complex gateway, completion of an ad-hoc sub-process */
    Str call;             /* process that a call activity calls */
    bool maps_all_in, maps_all_out;      /* of a call activity: all variables go in, come out */
    Str job_type;                        /* zeebe:taskDefinition; of a message that is sent, too */
    int32_t retries;                     /* of a job that fails; 0: not said */
    Str backoff;                         /* duration between them, or empty */
    BpmnExpr active;                     /* adHocSubProcess: ids that start; text empty: all */
    Str output;                          /* adHocSubProcess: list that collects the outputs */
    BpmnExpr output_element;             /* what each activity of it gives */
    Str form;                            /* zeebe:formDefinition; or empty */
    BpmnExpr due;                        /* zeebe:taskSchedule dueDate; text empty when none */
    BpmnExpr script;                     /* zeebe:script */
    Str decision;                        /* zeebe:calledDecision */
    Str result_variable;                 /* of script and decision */
    Str role;                            /* zeebe:assignmentDefinition candidateGroups */
    Str organ;                           /* name of its lane, else of its pool; empty: none */
    const BpmnMapping *inputs, *outputs; /* zeebe:ioMapping, data associations */
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
    Str id;
    uint16_t at;
} BpmnId;

typedef struct {
    Str id, name;
    Str version_tag; /* or empty */
    uint16_t file;
    const BpmnElement *elements;
    size_t element_count;
    const BpmnFlow *flows;
    size_t flow_count;
    BpmnBody body;                        /* of the process itself */
    const BpmnId *element_ids, *flow_ids; /* in order of ids, for bpmn_find */
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
    const Str *own_jobs; /* types that bring no variables; with some, any other may bring any */
    size_t own_job_count;
} BpmnWorld;

/*
 * The first executable process of the document (isExecutable true, else the only one). NULL when
 * there was an error; all problems are in diags. With a world, an expression may only name what can be in
 * its scope; where a message may bring anything, names stay open.
 */
MUST_CHECK const BpmnProcess *bpmn_read(Arena *out, Diags *diags, uint16_t file, Str text,
                                        const BpmnWorld *world);
typedef struct {
    uint16_t file;
    Str text;
} BpmnFile;

/* The same of files[0]; what it calls and does not hold itself is looked for in the others, which
 * are read only then. What stands in several of them is refused. */
MUST_CHECK const BpmnProcess *bpmn_read_linked(Arena *out, Diags *diags, const BpmnFile *files,
                                               size_t count, const BpmnWorld *world);
/* The same for the process of that id. */
MUST_CHECK const BpmnProcess *bpmn_read_process(Arena *out, Diags *diags, uint16_t file, Str text,
                                                Str id);
/* BPMN_NONE when there is none of that id. */
uint16_t bpmn_find(const BpmnProcess *p, Str id);
uint16_t bpmn_find_flow(const BpmnProcess *p, Str id);
/* Empty when the element has no such property. */
Str bpmn_property(const BpmnElement *e, const char *name);
const char *bpmn_kind_name(BpmnKind kind);           /* "userTask" */
const char *bpmn_trigger_name(BpmnTriggerKind kind); /* "timer" */
bool bpmn_is_activity(BpmnKind kind);
bool bpmn_is_gateway(BpmnKind kind);
/* Has a body that runs inside: sub-processes of every kind, what is called. */
bool bpmn_has_body(BpmnKind kind);
/* The first trigger of that kind; NULL when there is none. */
const BpmnTrigger *bpmn_trigger(const BpmnElement *e, BpmnTriggerKind kind);
const BpmnBody *bpmn_body(const BpmnProcess *p, uint16_t scope);
bool bpmn_reaches(const uint64_t *bits, uint16_t element);
/* "P5WD": that many working days. */
bool bpmn_working_days(Str text, int64_t *days);
/* "R4/PT1H": how often (-1: without end) and the duration; false when it is none. */
bool bpmn_cycle(Str text, int64_t *times, Str *duration);
