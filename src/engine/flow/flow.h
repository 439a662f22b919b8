/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine/flow/flow.h - one step of a BPMN process: instance and event in, new instance and effects
 * out.
 *
 * Pure: time and fresh ids arrive in the event, decisions through FlowModel.decide and working days
 * through FlowModel.working_days (both themselves pure). A step runs until every token waits for
 * something from outside. What goes wrong inside a process (no such decision, a script without
 * value, an uncaught error, an endless loop) is an incident of the token, which waits there until
 * FLOW_RETRY or FLOW_RESOLVE; a failure (Err) is only an event that does not fit.
 * Memory:  the new instance is in the Arena and shares values with the old one and the event: all
 *          of them live until the new one is written with flow_instance_value.
 * Threads: none of it is shared but the model.
 * Limits:  FLOW_MAX_STEPS an event, FLOW_MAX_TOKENS, FLOW_MAX_RECORDS, FLOW_MAX_NEST scopes in each
 *          other, FLOW_MAX_VARIABLE_BYTES (as JSON).
 */
#pragma once

#include "base/clock.h"
#include "base/vec.h"
#include "feel/feel.h"
#include "model/bpmn/bpmn.h"

enum {
    FLOW_MAX_STEPS = 2000,
    FLOW_MAX_TOKENS = 500,
    FLOW_MAX_WAITS = 20000,
    FLOW_MAX_RECORDS = 2000, /* completions that may be undone; flows that a join absorbs */
    FLOW_MAX_NEST = 40,
    FLOW_MAX_VARIABLE_BYTES = 1 << 20,
    FLOW_FEEL_STEPS = 100000,
    FLOW_FORMAT = 2, /* of flow_instance_value; 1 is read as well */
};

/* A pure decision by id: who calls binds the rules and asks them. */
typedef bool (*FlowDecide)(void *rules, Arena *out, Str decision, const FeelValue *input,
                           FeelValue *result, Value **trace, Err *err);
/* So many working days after a moment, by the place's calendar. */
typedef bool (*FlowWorkingDays)(void *calendar, TimeMs from, int64_t days, TimeMs *due, Err *err);

typedef struct {
    const BpmnProcess *process;
    FlowDecide decide; /* NULL: every decision is an incident */
    void *rules;
    int32_t zone_minutes;         /* of the place: for timers with local dates */
    FlowWorkingDays working_days; /* NULL: every timer of working days is an incident */
    void *calendar;
} FlowModel;

typedef enum {
    FLOW_ACTIVE,
    FLOW_COMPLETED,
    FLOW_CANCELLED,
} FlowState;

/* ORDER FlowTokenState: token_states in store.c. */
typedef enum {
    TOKEN_READY,    /* to be entered in this step; never stored */
    TOKEN_TASK,     /* a person works on it; key is the task's */
    TOKEN_JOB,      /* a worker works on it; key is the job's */
    TOKEN_EVENT,    /* a timer, message, signal or condition will wake it */
    TOKEN_JOIN,     /* arrived at a join by flow, or where several tokens are needed */
    TOKEN_INSIDE,   /* its sub-process runs; key is the scope's */
    TOKEN_INCIDENT, /* stands until FLOW_RETRY; key is the incident's */
    TOKEN_BODY,     /* its loop runs: the instances are tokens in its scope */
    TOKEN_CALL,     /* another instance runs for it; key is the call's */
    TOKEN_UNDO,     /* what was done in the scope of key is undone, one after the other */
} FlowTokenState;

typedef struct {
    int64_t id;
    uint16_t element;
    uint16_t flow; /* it came by; BPMN_NONE */
    FlowTokenState state;
    int64_t scope; /* where it runs; 0: the process */
    int64_t local; /* its own scope (mappings, loop, sub-process), or 0 */
    int64_t key;
    int64_t owner; /* the token that undoes and for which this one works, or 0 */
    int64_t loop;  /* which instance of a loop it is, from 1; 0: none */
    Str reason;    /* of an incident */
} FlowToken;

/* What the instance waits for: a timer, message, signal or condition. */
typedef struct {
    int64_t key;
    int64_t token;    /* 0: the start of an event sub-process of the scope */
    int64_t scope;    /* where its condition and mappings are evaluated */
    uint16_t element; /* the event: the token's own, one behind its gateway, or a boundary event */
    uint16_t trigger; /* of the element */
    TimeMs due;       /* of a timer */
    int64_t left;     /* times that a cycle still fires, this one included; -1: without end */
    bool met;         /* its condition was true when last seen */
} FlowWait;

typedef struct {
    int64_t id; /* 0: the process */
    int64_t parent;
    int64_t token; /* that stands at the sub-process or task it belongs to; 0: the process */
    bool isolated; /* of a called process: names outside are not seen */
    const FeelContext *variables;
} FlowScope;

/* A loop at work; a sequential ad-hoc sub-process counts its activities in one, too. */
typedef struct {
    int64_t token;
    int64_t total; /* -1: not known before */
    int64_t started, done;
    FeelValue items;   /* list, or null */
    FeelValue outputs; /* list, or null */
} FlowLoop;

/* A completion that may be undone. */
typedef struct {
    int64_t id; /* later ones are greater */
    uint16_t element;
    int64_t scope;                /* where it stood */
    int64_t inner;                /* of a sub-process: the scope that its own records name */
    const FeelContext *variables; /* of a sub-process, as they were at its end */
} FlowRecord;

/* A complex gateway has fired without this flow: the token that comes by it is absorbed. */
typedef struct {
    int64_t scope;
    uint16_t element, flow;
} FlowDebt;

typedef struct {
    Str process;
    FlowState state;
    int64_t last_key;
    Vec(FlowToken) tokens;
    Vec(FlowWait) waits;
    Vec(FlowScope) scopes; /* the process's own stands first */
    Vec(FlowLoop) loops;
    Vec(FlowRecord) records;
    Vec(FlowDebt) debts;
} FlowInstance;

typedef enum {
    FLOW_START, /* before is NULL; code: message, signal or id of the start event; empty: none */
    FLOW_TASK_DONE,
    FLOW_JOB_DONE,   /* of a called instance as well */
    FLOW_JOB_FAILED, /* for good: an incident; reason */
    FLOW_JOB_ERROR,  /* a BPMN error: code; reason */
    FLOW_MESSAGE,    /* key: of the subscription */
    FLOW_SIGNAL,     /* code: its name; all that wait for it */
    FLOW_TIMER,
    FLOW_RETRY,   /* key: of the incident; its element is entered anew */
    FLOW_RESOLVE, /* key: of the incident; its element counts as done */
    FLOW_MOVE,    /* key: of the token; code: id of the element that it goes to */
    FLOW_SET,     /* variables of the scope of key (0: the process) are changed, nothing else */
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
    FLOW_SUBSCRIBE, /* to a message or signal: name */
    FLOW_UNSUBSCRIBE,
    FLOW_PUBLISH,   /* a message goes out: name, correlation, variables */
    FLOW_BROADCAST, /* a signal goes out: name */
    FLOW_CALL,      /* start the process of that name; its end is the job's */
    FLOW_CANCEL_CALL,
    FLOW_DECIDED, /* for the record: decision, its result and trace */
    FLOW_INCIDENT,
    FLOW_PASSED,    /* for the record: an element was left */
    FLOW_FINISHED,  /* the instance is complete */
    FLOW_WITHDRAWN, /* the instance was cancelled */
    FLOW_ADOPTED,   /* of a migration: what has that key belongs to element now */
} FlowEffectKind;

typedef struct {
    FlowEffectKind kind;
    int64_t key; /* of the task, job, timer, subscription, incident */
    const BpmnElement *element;
    const FeelContext *variables; /* create task and job, publish, call: what its scope shows */
    const BpmnTrigger *trigger;   /* timer, subscribe, publish, broadcast */
    Str name;                     /* of message, signal, called process */
    TimeMs due;       /* create timer; create task: by when, publish: kept until; or 0 */
    Str message_id;   /* publish: the same is sent once; or empty */
    Str correlation;  /* empty when the message asks for none */
    Str reason;       /* incident */
    FeelValue result; /* decided */
    Value *trace;     /* decided */
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

/* To another version of the process: elements and flows by the pairs of map, else by the same id. */
typedef struct {
    const FlowModel *from, *to;
    const Value *map; /* {"old": "new"}; may be NULL */
    TimeMs at;
    int64_t id_base; /* as in FlowEvent */
} FlowMigration;

/*
 * The instance in the new version, and what its caller has to do: FLOW_ADOPTED for each task, job,
 * call, incident, timer and subscription that goes on under its key (its element may have another
 * id, role, type now), cancel and unsubscribe for events that are gone, create and subscribe for
 * those that are new. A timer that goes on keeps its due time; an event that waits for something
 * else now begins anew. Joins that the new version no longer holds up go on at once.
 * changes (a list) gets a row for each token, wait, record of a completion and debt of a join:
 * {what, change: kept|renamed|opened|closed, key, element, becomes}; a caller that keeps only these
 * and the effects has made a dry run.
 * ERR_INPUT: the map names what neither version has. ERR_CONFLICT: the first thing that does not
 * fit, by its id.
 */
MUST_CHECK bool flow_migrate(Arena *out, const FlowMigration *what, const FlowInstance *before,
                             FlowResult *result, Value *changes, Err *err);

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
