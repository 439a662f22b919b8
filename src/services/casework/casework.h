/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/casework/casework.h - the case file (办件): one number, one stream of events, moved by
 * acts of law and steps of its process, whoever acts.
 *
 * An act runs inside one command: the law judges it (engine/law), the process moves
 * (engine/flow), and what follows is written in the same transaction: state, event, papers, tasks,
 * timers, jobs, messages. Nothing here knows any single item.
 */
#pragma once

#include "engine/flow/flow.h"
#include "engine/law/law.h"
#include "engine/resolve/resolve.h"
#include "services/casework/versions.h"
#include "services/party/party.h"

typedef struct {
    int64_t id, party, version;
    Str no, applicant, title, organ, state, channel, check_code;
    Lang lang;
    Str item_version;           /* that it was accepted under: Item.hash, 64 hex digits */
    TimeMs item_version_at;     /* when it was published; 0 for today's */
    const Item *item;           /* as of that version: process, form, rules, limits, papers */
    const Catalogue *catalogue; /* what that version reads: elements, sources, materials, papers,
                                   messages. Place, organs and calendar are always App's. */
    Party who;                  /* known while a case is opened; else who.id is 0 */
    TimeMs received_at, legal_due, promise_due, closed_at;
    Value *answers, *facts;
    LawCase law;
    const FlowInstance *flow;
    Str calendar; /* version of the calendar at submission */
    StoreChain chain;
    int64_t hops;    /* messages that led to what this command does, without a pause; 0: none */
    Str operated_by; /* who mends the process in this command: closes its incidents */
    int64_t parent;  /* the case of the whole matter; 0: a case of its own */
    Str part;        /* of a part: key of its item */
    bool was_done;   /* of a part: before this command */
} CaseFile;

typedef struct {
    const Item *item;
    Party party;
    Lang lang;
    Str channel; /* online, desk, api */
    Value *answers, *facts;
    const GivenMaterial *given;
    size_t given_count;
} CaseNew;

/* A new case, received: receipt, first task, timer to tell what is missing, message. */
MUST_CHECK bool casework_open(StoreTx *tx, const CaseNew *n, CaseFile *cf, Err *err);

/* ---- one matter: a case of the whole, a case for each part ----
 *
 * The whole has no process: its state follows from its parts, in the command that changes one of
 * them. A part that waits for another is in state "waiting" (the law knows it as a draft) and ends as
 * "not_begun" when what it requires was not granted. */

/* whole: an application to a bundle; parts: what each chosen part gets of it, in the bundle's order.
 * cf: of the whole. */
MUST_CHECK bool casework_open_whole(StoreTx *tx, const CaseNew *whole, const CaseNew *parts,
                                    size_t count, CaseFile *cf, Err *err);
/* All parts that may still be withdrawn; ERR_CONFLICT when there is none. Saves them and cf. */
MUST_CHECK bool casework_withdraw_whole(StoreTx *tx, CaseFile *cf, const Actor *actor,
                                        const Value *in, Err *err);
/* A part that has not begun; the caller saves. */
MUST_CHECK bool casework_withdraw_waiting(StoreTx *tx, CaseFile *cf, const Actor *actor,
                                          const Value *in, Err *err);
/* From now on each result as soon as it is ready. Saves the parts and cf. */
MUST_CHECK bool casework_hand_out_early(StoreTx *tx, CaseFile *cf, const Actor *actor, Err *err);
/* Are results of this whole handed out one by one? */
bool casework_hands_out_early(const CaseFile *whole);
static inline bool casework_is_whole(const CaseFile *cf)
{
    return cf->item->bundle != NULL;
}
/* Of a part: it waits for another. */
static inline bool casework_waits(const CaseFile *cf)
{
    return cf->parent && cf->law.state == LAW_DRAFT && !cf->closed_at;
}
/* Of a part: decided and made; its result may wait for the others. */
static inline bool casework_is_ready(const CaseFile *cf)
{
    return (cf->law.state == LAW_DECIDED || cf->law.state == LAW_ISSUED) &&
           cf->flow->state != FLOW_ACTIVE;
}
/* Ended: by law, or before it began. */
static inline bool casework_is_over(const CaseFile *cf)
{
    return law_is_closed(cf->law.state) || cf->closed_at != 0;
}

/* ---- versions of its item ---- */

/* The item as the catalogue has it today; NULL when it is there no more. */
const Item *casework_item_today(const App *app, const CaseFile *cf);
static inline bool casework_is_of_today(const App *app, const CaseFile *cf)
{
    const Item *today = casework_item_today(app, cf);
    return today && str_eq(today->hash, cf->item_version);
}
/*
 * Moves the case to another version of its item, for a migration:
 *
 *     ItemVersion to;
 *     versions_find(tx->conn, tx_app(tx), cf.item->key, hash, &to, err)   hash: today's item's ->hash
 *     ... flow = an instance made for to.item->process (flow's migration) ...
 *     casework_set_item_version(tx, &cf, &to, flow, err) && casework_note(...) && casework_save(...)
 *
 * cf then has that version's item, catalogue and instance; timers, tasks and jobs are the caller's.
 */
MUST_CHECK bool casework_set_item_version(StoreTx *tx, CaseFile *cf, const ItemVersion *to,
                                          const FlowInstance *flow, Err *err);

/* For reading, by any connection; ERR_NOT_FOUND, ERR_UNREADABLE (versions.h). */
MUST_CHECK bool casework_load(StoreConn *conn, Arena *out, const App *app, int64_t id, CaseFile *cf,
                              Err *err);
MUST_CHECK bool casework_id(StoreConn *conn, Arena *out, const App *app, Str no, int64_t *id,
                            Err *err);
/* For changing, inside a command: the stream too. */
MUST_CHECK bool casework_take(StoreTx *tx, int64_t id, CaseFile *cf, Err *err);
MUST_CHECK bool casework_save(StoreTx *tx, CaseFile *cf, Err *err);
/* Saves it; out {case, no, state}. */
MUST_CHECK bool casework_done(StoreTx *tx, CaseFile *cf, Value *out, Err *err);

/* One act of law by somebody; in: {reason, ground, missing: […], due_days …} as the act needs; it
 * is kept in the event. */
MUST_CHECK bool casework_act(StoreTx *tx, CaseFile *cf, LawAct act, LawRole role,
                             const Actor *actor, const Value *in, Err *err);
/* Only an event in the stream. */
MUST_CHECK bool casework_note(StoreTx *tx, CaseFile *cf, Str kind, const Actor *actor,
                              const Value *data, Err *err);

/* One step of the process with all that follows; and what it would give, without doing it. */
MUST_CHECK bool casework_step(StoreTx *tx, CaseFile *cf, FlowEvent *ev, Err *err);
MUST_CHECK bool casework_try(StoreTx *tx, CaseFile *cf, FlowEvent *ev, FlowResult *r, Err *err);

/* The case goes on by another version of its item: elements by the pairs of map, else by id. changes
 * as flow_migrate tells them. The first gives only these; the event and the saving are the caller's.
 */
MUST_CHECK bool casework_try_migrate(StoreTx *tx, CaseFile *cf, const ItemVersion *to,
                                     const Value *map, FlowResult *r, Value *changes, Err *err);
MUST_CHECK bool casework_migrate(StoreTx *tx, CaseFile *cf, const ItemVersion *to,
                                 const FlowResult *r, Err *err);

/* Jobs that systems take (services/jobs): what they get, and how often, when nothing is said. */
enum { JOB_PAYLOAD_BYTES = 72 << 10, JOB_RETRIES = 3 };
#define JOB_BACKOFF_MAX_MS (6 * MS_HOUR)
/* Doubles with each attempt, from the first on. */
TimeMs casework_backoff(TimeMs first, int64_t attempt);

/* What the worker asks for, one command each. in {timer} or {job}. */
UseCase casework_timer;
UseCase casework_job;
/* in {timer} or {job, reason}: it could not be done and is tried again later, so that nothing that
 * always fails stands in the way of the rest. */
UseCase casework_timer_failed, casework_job_failed;

/* ---- messages and signals ---- */

enum {
    MESSAGE_MAX_BYTES = 64 << 10, /* variables as JSON */
    MESSAGE_HOPS_MAX = 100,       /* messages that lead to messages, without a pause between */
    MESSAGES_KEPT_AT_ONCE = 50,   /* kept ones that one command gives to a case */
};

typedef struct {
    Str name, correlation, message_id;
    const Value *variables; /* a map; may be NULL */
    int64_t ttl;            /* ms that it is kept when nobody waits */
} MessageNew;

typedef struct {
    enum { MESSAGE_DELIVERED, MESSAGE_KEPT, MESSAGE_DROPPED } kind;
    Str case_no; /* delivered */
} MessageEnd;

/* From outside: the case that has waited longest for that name and correlation moves in this
 * command. A message_id that is known is not delivered again while the first one lives. */
MUST_CHECK bool casework_publish(StoreTx *tx, const Actor *actor, const MessageNew *n,
                                 MessageEnd *end, Err *err);
/* To all cases that listen now, each in a command of its own; *cases: how many. */
MUST_CHECK bool casework_broadcast(StoreTx *tx, const Actor *actor, Str name,
                                   const Value *variables, int64_t *cases, Err *err);
/* The worker's, in {message} and {message, reason}. */
UseCase casework_deliver, casework_deliver_failed;
/* A message that was given up goes on its way again. {message}; administrators, the system. */
UseCase casework_message_retry;

/* ---- tasks that are no act of the law ---- */

typedef struct {
    int64_t key; /* of the task */
    Str outcome, remark;
} TaskAnswer;

/* The token of a task that waits; NULL: none. */
const FlowToken *casework_waiting(const CaseFile *cf, int64_t key);
/* The process goes on with the variables outcome and remark. */
MUST_CHECK bool casework_answer_task(StoreTx *tx, CaseFile *cf, const TaskAnswer *a,
                                     const Actor *actor, Err *err);
/* Staff of an organ may read the case: their own, or one with a task of theirs, open or done. */
MUST_CHECK bool casework_organ_sees(StoreConn *conn, Arena *out, const App *app, const CaseFile *cf,
                                    Str organ, bool *sees, Err *err);

/* Language-free data that papers and messages of this case are made from. extra (may be NULL) is
 * merged over it. */
Value *casework_data(Arena *out, const App *app, const CaseFile *cf, const Value *extra);
/* What the rules see: the answers, the day of application, the facts by their sources. */
MUST_CHECK bool casework_rules_scope(Arena *out, const App *app, const CaseFile *cf,
                                     const FeelContext **context, Err *err);
LawRules casework_law_rules(const App *app, const Item *item);
