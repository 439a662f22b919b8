/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/app.h - what every use case stands on: the running program, who acts, and how a use
 * case is called.
 *
 * A use case that writes is one function: it runs on the committer thread inside one transaction,
 * takes a Value (what was asked) and fills a Value (what came of it). The caller's idempotency
 * key, the stored answer and the durable commit are the committer's business, the same for all.
 * A use case that only reads takes a reader connection and fills a Value.
 * Threads: App is immutable after start, but for what its parts guard themselves. There is one for
 * each generation of the catalogue (services/live.h); a command runs with the one it came with.
 */
#pragma once

#include "base/thread.h"
#include "catalogue/catalogue.h"
#include "store/committer.h"

typedef struct Exchange Exchange; /* services/exchange/exchange.h */

typedef struct App {
    const Catalogue *catalogue;
    Committer *committer;
    Clock *clock;
    Pool *pool; /* blocking work: passwords, papers, calls to sources */
    Exchange *exchange;
    Str files_folder; /* content-addressed files: <folder>/ab/cdef… */
    Str public_url;   /* "http://127.0.0.1:8080", for QR codes and messages */
    Str sources_base; /* base address of the demo's registers */
    Str spool_folder; /* demo: where the gateway leaves its messages */
    Str sms_url;      /* of the message gateway, empty: messages stay in the case */
    bool demo;
    bool trial; /* sample applications: items are tried before they are published */
    void (*poke_worker)(
        struct App *app); /* there may be timers, jobs or messages to do; may be NULL */
    struct Worker *worker;
    struct JobBoard *board;    /* services/jobs/board.h; NULL: nobody waits for jobs */
    struct Live *live;         /* services/live.h; NULL where nothing is swapped */
    struct Versions *versions; /* older versions of items: services/casework/versions.h */
    struct Web *web;           /* pages of this generation, web's own; NULL without HTTP */
} App;

/* ACTOR_SYSTEM: this program itself; ACTOR_CLIENT: a system of another department. */
typedef enum { ACTOR_NOBODY, ACTOR_PARTY, ACTOR_STAFF, ACTOR_SYSTEM, ACTOR_CLIENT } ActorKind;
enum {
    ROLE_CLERK = 1,
    ROLE_APPROVER = 2,
    ROLE_SUPERVISOR = 4,
    ROLE_ADMIN = 8,
    ROLE_DESIGNER = 16,
    ROLE_LEADER = 32,
};

typedef struct {
    ActorKind kind;
    int64_t id; /* of the party, the account or the client */
    Str name;
    Str organ;      /* staff */
    unsigned roles; /* staff */
    Lang lang;      /* for texts that are frozen now */
} Actor;

unsigned roles_read(Str comma_separated);
Str role_name(unsigned role);
Str actor_text(Arena *out, const Actor *a); /* "party:12", "staff:7", "client:9", "system" */
static inline App *tx_app(const StoreTx *tx)
{
    return tx->app;
}

/* What a use case that only reads stands on. */
typedef struct {
    StoreConn *reader;
    Arena *out;
    const App *app;
    const Actor *viewer;
    Lang lang;
    TimeMs now;
} Viewing;

/* out is an empty map; on failure it may hold {problems: [{element, key, arg, text}]}. */
typedef bool UseCase(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err);

/* One call of a use case on its way through the committer. */
typedef struct Op {
    Command command; /* first member: the committer's view */
    App *app;
    Actor actor;
    UseCase *run;
    const Value *in;
    Value *out;                  /* after done: the result, the same for a replayed call */
    void (*done)(struct Op *op); /* committer thread */
    void *user;
} Op;

void op_init(Op *op, Arena *arena, App *app, const Actor *actor);
/* name: of the use case, part of the idempotency key; key: of the caller, empty for none. */
void op_ask(Op *op, const char *name, UseCase *run, const Value *in, Str key);
/* false: too busy, done is not called. */
MUST_CHECK bool op_submit(Op *op, void (*done)(Op *op), void *user);
/* Submits and waits; for workers, command lines and tests. */
MUST_CHECK bool op_run(Op *op, Err *err);
