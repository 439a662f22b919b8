/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine/flow/flow.h - one step of a BPMN process: instance and event in, new instance and effects
 * out.
 *
 * Pure: time and fresh ids arrive in the event, decisions through FlowModel.decide (itself pure).
 * A step runs until every token waits for something from outside. What goes wrong inside a process
 * (no such decision, a script without value, an uncaught error, an endless loop) is an incident of
 * the token, which waits there until FLOW_RETRY; a failure (Err) is only an event that does not
 * fit. Memory:  the new instance is in the Arena and shares values with the old one and the event:
 * all of them live until the new one is written with flow_instance_value. Threads: none of it is
 * shared but the model. Limits:  FLOW_MAX_STEPS an event, FLOW_MAX_TOKENS, FLOW_MAX_VARIABLE_BYTES
 * (as JSON).
 */
#pragma once

#include "base/clock.h"
#include "base/vec.h"
#include "feel/feel.h"
#include "model/bpmn/bpmn.h"

enum {
    FLOW_MAX_STEPS = 2000,
    FLOW_MAX_TOKENS = 500,
    FLOW_MAX_VARIABLE_BYTES = 1 << 20,
    FLOW_FEEL_STEPS = 100000,
};

/* A pure decision by id: who calls binds the rules and asks them. */
typedef bool (*FlowDecide)(void *rules, Arena *out, Str decision, const FeelValue *input,
                           FeelValue *result, Value **trace, Err *err);

typedef struct {
    const BpmnProcess *process;
    FlowDecide decide; /* NULL: every decision is an incident */
    void *rules;
    int32_t zone_minutes; /* of the place: for timers with local dates */
} FlowModel;

typedef enum {
    FLOW_ACTIVE,
    FLOW_COMPLETED,
    FLOW_CANCELLED,
} FlowState;

/* ORDER FlowTokenState: state_names in store.c. */
typedef enum {
    TOKEN_READY,    /* to be entered in this step; never stored */
    TOKEN_TASK,     /* a person works on it; key is the task's */
    TOKEN_JOB,      /* a worker works on it; key is the job's */
    TOKEN_EVENT,    /* a timer or message will wake it */
    TOKEN_JOIN,     /* arrived at a parallel join by flow */
    TOKEN_INSIDE,   /* its sub-process runs; key is the scope's */
    TOKEN_INCIDENT, /* stands until FLOW_RETRY; key is the incident's */
} FlowTokenState;

typedef struct {
    int64_t id;
    uint16_t element;
    uint16_t flow; /* it came by; BPMN_NONE */
    FlowTokenState state;
    int64_t scope; /* where it runs; 0: the process */
    int64_t local; /* its own scope (io mapping), or 0 */
    int64_t key;
    Str reason; /* of an incident */
} FlowToken;

/* A timer or a message that the instance waits for. */
typedef struct {
    int64_t key;
    int64_t token;
    uint16_t element; /* the event: the token's own, or a boundary event of it */
    TimeMs due;       /* of a timer */
} FlowWait;

typedef struct {
    int64_t id; /* 0: the process */
    int64_t parent;
    int64_t token; /* that stands at the sub-process or task it belongs to; 0: the process */
    const FeelContext *variables;
} FlowScope;

typedef struct {
    Str process;
    FlowState state;
    int64_t last_key;
    Vec(FlowToken) tokens;
    Vec(FlowWait) waits;
    Vec(FlowScope) scopes; /* the process's own stands first */
} FlowInstance;

typedef enum {
    FLOW_START, /* before is NULL */
    FLOW_TASK_DONE,
    FLOW_JOB_DONE,
    FLOW_JOB_FAILED, /* for good: an incident; reason */
    FLOW_JOB_ERROR,  /* a BPMN error: code; reason */
    FLOW_MESSAGE,    /* key: of the subscription */
    FLOW_TIMER,
    FLOW_RETRY, /* key: of the incident */
    FLOW_SET,   /* variables of the process are changed, nothing else */
    FLOW_CANCEL,
} FlowEventKind;

typedef struct {
    FlowEventKind kind;
    TimeMs at;
    int64_t id_base; /* keys of this step are id_base + 1, +2 …; 0: they go on from the last key */
    int64_t key;
    const FeelContext *variables; /* may be NULL */
    Str code, reason;
} FlowEvent;

typedef enum {
    FLOW_CREATE_TASK,
    FLOW_CANCEL_TASK,
    FLOW_CREATE_JOB,
    FLOW_CANCEL_JOB,
    FLOW_CREATE_TIMER,
    FLOW_CANCEL_TIMER,
    FLOW_SUBSCRIBE,
    FLOW_UNSUBSCRIBE,
    FLOW_DECIDED, /* for the record: decision, its result and trace */
    FLOW_INCIDENT,
    FLOW_PASSED,    /* for the record: an element was left */
    FLOW_FINISHED,  /* the instance is complete */
    FLOW_WITHDRAWN, /* the instance was cancelled */
} FlowEffectKind;

typedef struct {
    FlowEffectKind kind;
    int64_t key; /* of the task, job, timer, subscription, incident */
    const BpmnElement *element;
    const FeelContext *variables; /* create task and job: what its scope shows */
    TimeMs due;                   /* create timer */
    Str correlation;              /* subscribe; empty when the message asks for none */
    Str reason;                   /* incident */
    FeelValue result;             /* decided */
    Value *trace;                 /* decided */
} FlowEffect;

typedef Vec(FlowEffect) FlowEffects;

typedef struct {
    FlowInstance *after;
    FlowEffects effects;
} FlowResult;

/*
 * ERR_NOT_FOUND: the key waits for nothing (done already, or never was). ERR_CONFLICT: the instance
 * is over, or the event does not fit what waits there.
 */
MUST_CHECK bool flow_step(Arena *out, const FlowModel *m, const FlowInstance *before,
                          const FlowEvent *ev, FlowResult *result, Err *err);

/* For a user task's columns: properties of its element. */
Str flow_task_stage(const BpmnElement *e);
Str flow_task_form(const BpmnElement *e);
Str flow_task_limit(const BpmnElement *e); /* property stepLimit: a duration */

/* The instance as JSON and back; element ids are kept, so that a new version of the process may
 * have more elements. ERR_CONFLICT when an element is gone, ERR_INPUT for what was never written
 * here. */
MUST_CHECK Value *flow_instance_value(Arena *out, const FlowModel *m, const FlowInstance *i,
                                      Err *err);
MUST_CHECK FlowInstance *flow_instance_read(Arena *out, const FlowModel *m, const Value *v,
                                            Err *err);
const char *flow_effect_name(FlowEffectKind kind); /* "create task" */
/* The variables of the process. */
const FeelContext *flow_variables(const FlowInstance *i);
