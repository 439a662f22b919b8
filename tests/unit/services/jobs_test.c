/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who holds a job, as scripts: systems A and B take, end and prolong leases while time passes.
 *   tA:1  A takes: that many jobs       cA:ok  A completes with the lease that it got last
 *   fA: eA: xA:  fails, error, extends  gA:open  how A sees the job
 *   +60  seconds pass                   L  the worker looks for leases that ran out
 *   W  the applicant withdraws
 * After the colon stands what comes of it: ok or the key of the refusal.
 */
#include "check.h"
#include "services/jobs/jobs.h"
#include "world.h"

typedef struct {
    World w;
    Actor systems[2];
    Client clients[2];
    Str job, lease[2], case_id;
} Play;

static const struct {
    const char *name, *script;
} rows[] = {
    {"one after the other", "tA:1 tB:0 cA:ok gA:done tB:0"},
    {"the type's own lease ends", "tA:1 +59 tB:0 +1 gB:open tB:1 cA:job.lease.other cB:ok"},
    {"late, but nobody came", "tA:1 +3600 cA:ok"},
    {"held for longer", "tA:1 +50 xA:ok +50 tB:0 cA:ok"},
    {"extended after its end", "tA:1 +100 xA:ok tB:0 gB:leased cA:ok"},
    {"another's lease",
     "tA:1 cB:job.lease.other fB:job.lease.other eB:job.lease.other xB:job.lease.other cA:ok"},
    {"nobody's", "tA:1 fA:ok xA:job.lease.none cB:job.lease.none"},
    {"twice done", "tA:1 cA:ok cA:job.done fA:job.done eA:job.done xA:job.done"},
    {"back-off: 10 s, 20 s, then no more",
     "tA:1 fA:ok +9 tB:0 +1 tB:1 fB:ok +19 tA:0 +1 tA:1 fA:ok "
     "gA:failed tB:0 cA:job.failed +9999 tA:0"},
    {"each lost lease is a try",
     "tA:1 +60 tA:1 +60 tA:1 L gA:leased +60 L gA:failed cA:job.failed"},
    {"the last try, late, before anybody looked", "tA:1 +60 tA:1 +60 tA:1 +60 cA:ok L gA:done"},
    {"an error", "tA:1 eA:ok gA:error cA:job.done"},
    {"withdrawn", "tA:1 W cA:job.cancelled gA:cancelled fA:job.cancelled tB:0"},
    {"withdrawn before it was taken", "gA:open W tA:0 gA:cancelled"},
};

static void add_system(Play *p, int i, const char *name)
{
    World *w = &p->w;
    Actor system = {.kind = ACTOR_SYSTEM};
    Err err = {0};
    Value *in = value_map(&w->arena);
    Str secret = client_secret(&w->arena);
    set_str(&w->arena, in, "name", str_z(name));
    set_str(&w->arena, in, "jobs", STR("benefit.compute"));
    set_str(&w->arena, in, "secret_hash", client_secret_hash(&w->arena, secret));
    Value *out = world_run(w, &system, "client.add", client_add, in, "", &err);
    CHECK(out != NULL, "%s: %s", name, err.msg);
    Str token = client_token(&w->arena, get_int(out, "client", 0), secret);
    CHECK(client_find(&w->reader, &w->arena, w->app.catalogue->place, token, &p->clients[i], &err),
          "%s", err.msg);
    p->systems[i] =
        (Actor){.kind = ACTOR_CLIENT, .id = p->clients[i].id, .name = p->clients[i].name};
}

static void submit(Play *p)
{
    World *w = &p->w;
    Err err = {0};
    Value *in = value_map(&w->arena);
    set_str(&w->arena, in, "item", STR("pension"));
    set_str(&w->arena, in, "lang", STR("zh"));
    set_bool(&w->arena, in, "declaration", true);
    Value *answers = set_map(&w->arena, in, "answers");
    set_str(&w->arena, answers, "person_name", STR("李文静"));
    set_str(&w->arena, answers, "person_id", STR("330199199205034023"));
    set_int(&w->arena, answers, "years", 30);
    set_list(&w->arena, in, "materials");
    Value *out = world_run(w, &w->li, "apply.at_once", apply_at_once, in, "", &err);
    CHECK(out != NULL, "submit: %s", err.msg);
    p->case_id = get_str(out, "case");
}

static Value *run_job(Play *p, int i, UseCase *run, const Value *in, const char **key)
{
    Err err = {0};
    Op *op = NEW(&p->w.arena, Op);
    op_init(op, &p->w.arena, &p->w.app, &p->systems[i]);
    op_ask(op, "job", run, in, STR(""));
    bool ok = op_run(op, &err);
    const Value *first = value_item(value_at(op->out, "problems"), 0);
    *key = ok ? "ok" : str_cstr(&p->w.arena, get_str(first, "key"));
    return op->out;
}

static const char *take(Play *p, int i)
{
    const char *key;
    Value *in = value_map(&p->w.arena);
    push_str(&p->w.arena, set_list(&p->w.arena, in, "types"), STR("benefit.compute"));
    Value *out = run_job(p, i, jobs_take, in, &key);
    const Value *jobs = value_at(out, "jobs"), *job = value_item(jobs, 0);
    if (job) {
        p->job = get_str(job, "job");
        p->lease[i] = get_str(job, "lease");
    }
    return value_count(jobs) == 0 ? "0" : value_count(jobs) == 1 ? "1" : "many";
}

static const char *end(Play *p, int i, char how)
{
    const char *key;
    Arena *a = &p->w.arena;
    Value *in = value_map(a);
    set_str(a, in, "job", p->job);
    set_str(a, in, "lease", p->lease[i]);
    if (how == 'c')
        set_int(a, set_map(a, in, "variables"), "amount", 0);
    if (how == 'f')
        set_str(a, in, "reason", STR("locked"));
    if (how == 'e')
        set_str(a, in, "code", STR("not-insured"));
    (void)run_job(p, i,
                  how == 'c'   ? jobs_complete
                  : how == 'f' ? jobs_fail
                  : how == 'e' ? jobs_error
                               : jobs_extend,
                  in, &key);
    return key;
}

static const char *see(Play *p, int i)
{
    Viewing by = world_viewing(&p->w, &p->systems[i], LANG_ZH);
    Value *m = value_map(&p->w.arena);
    StoreRows r;
    int64_t id = 0;
    Err err = {0};
    if (!p->job.len &&
        store_run(&p->w.reader, &p->w.arena, SQL_JOBS_OFFERED,
                  PARAMS(P_STR(p->w.app.catalogue->place), P_STR(STR("benefit.compute")),
                         P_INT(INT64_MAX), P_INT(1)),
                  &r, &err) &&
        r.count)
        p->job = str_fmt(&p->w.arena, "%lld", (long long)row_int(&r, 0, 0));
    return str_int(p->job, &id) && jobs_view(&by, &p->clients[i], id, m, &err)
               ? str_cstr(&p->w.arena, get_str(m, "state"))
               : "unseen";
}

static void lapse(Play *p)
{
    Actor system = {.kind = ACTOR_SYSTEM};
    StoreRows r;
    Err err = {0};
    CHECK(
        store_run(&p->w.reader, &p->w.arena, SQL_JOBS_LAPSED,
                  PARAMS(P_STR(p->w.app.catalogue->place), P_INT(clock_now(&p->w.clock)), P_INT(9)),
                  &r, &err),
        "%s", err.msg);
    for (size_t i = 0; i < r.count; i++) {
        Value *in = value_map(&p->w.arena);
        set_int(&p->w.arena, in, "job", row_int(&r, i, 0));
        CHECK(world_run(&p->w, &system, "job lapsed", jobs_lapse, in, "", &err), "%s", err.msg);
    }
}

static void step(Play *p, Str s, const char *name)
{
    Err err = {0};
    int64_t seconds = 0;
    int i = s.len > 1 && s.at[1] == 'B';
    Str wanted = str_slice(s, 3, s.len);
    const char *got = "";
    switch (s.at[0]) {
    case '+':
        CHECK(str_int(str_slice(s, 1, s.len), &seconds), "%s", name);
        clock_shift(&p->w.clock, seconds * MS_SECOND);
        return;
    case 'L': lapse(p); return;
    case 'W':
        CHECK(world_run(&p->w, &p->w.li, "withdraw", my_withdraw,
                        world_case(&p->w.arena, p->case_id), "", &err),
              "%s: %s", name, err.msg);
        return;
    case 't': got = take(p, i); break;
    case 'g': got = see(p, i); break;
    default: got = end(p, i, s.at[0]);
    }
    CHECK(str_eq(str_z(got), wanted), "%s: " STR_FMT " gives %s", name, STR_ARG(s), got);
}

TEST(lease_is_held_by_one)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        Play p = {0};
        world_open_at(&p.w, "tests/catalogues/jobs");
        add_system(&p, 0, "A");
        add_system(&p, 1, "B");
        submit(&p);
        Str rest = str_z(rows[i].script), one;
        while (str_split(&rest, ' ', &one))
            if (one.len)
                step(&p, one, rows[i].name);
        world_close(&p.w);
    }
}
