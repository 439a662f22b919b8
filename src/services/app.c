/* SPDX-License-Identifier: Apache-2.0 */
/* A replayed call gets its stored answer read back into the same shape that a first call gets. */
#include "services/app.h"

#include "services/live.h"
#include "json/json.h"

unsigned roles_read(Str comma_separated)
{
    static const struct {
        Str name;
        unsigned role;
    } known[] = {
        {STR_INIT("clerk"), ROLE_CLERK},           {STR_INIT("approver"), ROLE_APPROVER},
        {STR_INIT("supervisor"), ROLE_SUPERVISOR}, {STR_INIT("admin"), ROLE_ADMIN},
        {STR_INIT("designer"), ROLE_DESIGNER},     {STR_INIT("leader"), ROLE_LEADER},
    };
    unsigned roles = 0;
    Str part;
    while (str_split(&comma_separated, ',', &part))
        for (size_t i = 0; i < COUNT(known); i++)
            if (str_eq(str_trim(part), known[i].name))
                roles |= known[i].role;
    return roles;
}

Str role_name(unsigned role)
{
    switch (role) {
    case ROLE_CLERK: return STR("clerk");
    case ROLE_APPROVER: return STR("approver");
    case ROLE_SUPERVISOR: return STR("supervisor");
    case ROLE_ADMIN: return STR("admin");
    case ROLE_DESIGNER: return STR("designer");
    case ROLE_LEADER: return STR("leader");
    default: return STR("");
    }
}

Str actor_text(Arena *out, const Actor *a)
{
    switch (a->kind) {
    case ACTOR_NOBODY: return STR("nobody");
    case ACTOR_SYSTEM: return STR("system");
    case ACTOR_PARTY: return str_fmt(out, "party:%lld", (long long)a->id);
    case ACTOR_STAFF: return str_fmt(out, "staff:%lld", (long long)a->id);
    case ACTOR_CLIENT: return str_fmt(out, "client:%lld", (long long)a->id);
    }
    return STR("nobody");
}

static bool run_op(StoreTx *tx, Command *c, Err *err)
{
    Op *op = (Op *)c;
    op->out = value_map(c->arena); /* a batch may be run again */
    tx->app = op->app;             /* whatever was published since it was asked */
    if (!op->run(tx, &op->actor, op->in, op->out, err))
        return false;
    if (c->key.len)
        c->answer = json_text(c->arena, op->out);
    return true;
}

static void finish(Op *op)
{
    if (op->command.replayed) {
        Value *stored = json_read(op->command.arena, op->command.answer, &op->command.err);
        op->command.ok = stored != NULL;
        if (stored)
            op->out = stored;
    }
}

static void op_done(Command *c)
{
    Op *op = (Op *)c;
    finish(op);
    op->done(op);
}

void op_init(Op *op, Arena *arena, App *app, const Actor *actor)
{
    *op = (Op){.app = app, .actor = *actor, .out = value_map(arena)};
    op->command.arena = arena;
    op->command.run = run_op;
    op->command.done = op_done;
}

void op_ask(Op *op, const char *name, UseCase *run, const Value *in, Str key)
{
    Arena *arena = op->command.arena;
    op->run = run;
    op->in = in;
    if (!key.len)
        return;
    Str who = actor_text(arena, &op->actor);
    op->command.key = str_fmt(arena, "%s/" STR_FMT "/" STR_FMT, name, STR_ARG(who), STR_ARG(key));
    op->command.body = hash_of(json_canonical(arena, in));
}

bool op_submit(Op *op, void (*done)(Op *op), void *user)
{
    op->done = done;
    op->user = user;
    return committer_submit(op->app->committer, &op->command);
}

static void no_callback(Op *op)
{
    (void)op;
}

bool op_run(Op *op, Err *err)
{
    op->done = no_callback;
    Pass pass = live_enter(op->app);
    bool ok = committer_run(op->app->committer, &op->command, err);
    live_leave(&pass);
    return ok;
}
