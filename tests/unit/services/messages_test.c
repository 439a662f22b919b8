/* SPDX-License-Identifier: Apache-2.0 */
/* Cases that talk to each other and hear from outside; steps with a pool, a limit and outcomes of
 * their own. The catalogue: tests/catalogues/messages. */
#include "check.h"
#include "services/message/message.h"
#include "services/party/client.h"
#include "world.h"
#include "json/json.h"

static const Actor system_actor = {.kind = ACTOR_SYSTEM};
static const Actor clerk = {ACTOR_STAFF, 901, STR_INIT("王芳"), STR_INIT("bureau"), ROLE_CLERK, 0};
static const Actor other_clerk = {
    ACTOR_STAFF, 902, STR_INIT("孙悦"), STR_INIT("bureau"), ROLE_CLERK | ROLE_APPROVER, 0};
static const Actor housing = {ACTOR_STAFF,        903,           STR_INIT("何静"),
                              STR_INIT("branch"), ROLE_APPROVER, 0};
static const Actor housing_clerk = {ACTOR_STAFF,        904,        STR_INIT("陆平"),
                                    STR_INIT("branch"), ROLE_CLERK, 0};

/* ---- helpers ---- */

static void open_talk(World *w)
{
    world_open_at(w, "tests/catalogues/messages");
}

static Str submit(World *w)
{
    Err err = {0};
    Value *in = value_map(&w->arena), *answers;
    set_str(&w->arena, in, "item", STR("talk"));
    set_str(&w->arena, in, "lang", STR("zh"));
    set_bool(&w->arena, in, "declaration", true);
    answers = set_map(&w->arena, in, "answers");
    set_str(&w->arena, answers, "person_name", STR("李文静"));
    set_str(&w->arena, answers, "person_id", STR("330199199205034023"));
    Value *out = world_run(w, &w->li, "apply.at_once", apply_at_once, in, "", &err);
    CHECK(out != NULL, "submit: %s", err.msg);
    return get_str(out, "case");
}

static int64_t number(Str id)
{
    int64_t n = 0;
    CHECK(str_int(id, &n), "a number");
    return n;
}

static Str no_of(World *w, Str id)
{
    CaseFile cf;
    world_load(w, id, &cf);
    return cf.no;
}

static int64_t task_at(World *w, Str id, const char *element)
{
    StoreRows r;
    Err err = {0};
    CHECK(store_run(&w->reader, &w->arena, SQL_TASK_OPEN_OF_CASE,
                    PARAMS(P_STR(w->app.catalogue->place), P_INT(number(id))), &r, &err),
          "tasks: %s", err.msg);
    for (size_t i = 0; i < r.count; i++)
        if (str_eq(row_str(&r, i, 1), str_z(element)))
            return row_int(&r, i, 0);
    return 0;
}

static bool run(World *w, const Actor *who, UseCase *use_case, const Value *in, Value **out,
                Err *err)
{
    *err = (Err){0};
    Value *made = world_run(w, who, "test", use_case, in, "", err);
    if (out)
        *out = made;
    return made != NULL;
}

static bool answer_task(World *w, const Actor *who, Str id, int64_t task, const char *outcome,
                        const char *remark, Err *err)
{
    Value *in = world_case(&w->arena, id);
    set_int(&w->arena, in, "task", task);
    set_str(&w->arena, in, "outcome", str_z(outcome));
    set_str(&w->arena, in, "remark", str_z(remark));
    return run(w, who, desk_task, in, NULL, err);
}

/* A new case that does so; remark is its key. */
static Str begin(World *w, const char *what, const char *remark)
{
    Err err;
    Str id = submit(w);
    CHECK(answer_task(w, &clerk, id, task_at(w, id, "first"), what, remark, &err), "%s: %s", what,
          err.msg);
    return id;
}

static size_t events(World *w, Str id, const char *kind)
{
    StoreRows r;
    Err err = {0};
    size_t n = 0;
    CHECK(store_run(&w->reader, &w->arena, SQL_EVENTS_OF_CASE,
                    PARAMS(P_STR(w->app.catalogue->place), P_INT(number(id))), &r, &err),
          "events: %s", err.msg);
    for (size_t i = 0; i < r.count; i++)
        n += str_eq(row_str(&r, i, 2), str_z(kind));
    return n;
}

static int64_t waits(World *w, Str id)
{
    return world_count(w, SQL_SUBSCRIPTIONS_OF_CASE, number(id));
}

static StoreRows of_name(World *w, const char *name)
{
    StoreRows r;
    Err err = {0};
    CHECK(store_run(&w->reader, &w->arena, SQL_MESSAGES_OF_NAME,
                    PARAMS(P_STR(w->app.catalogue->place), P_STR(str_z(name))), &r, &err),
          "messages: %s", err.msg);
    return r;
}

static size_t in_state(World *w, const char *name, const char *state)
{
    StoreRows r = of_name(w, name);
    size_t n = 0;
    for (size_t i = 0; i < r.count; i++)
        n += str_eq(row_str(&r, i, 1), str_z(state));
    return n;
}

static Str heard(World *w, Str id)
{
    CaseFile cf;
    world_load(w, id, &cf);
    const FeelValue *v = feel_get(flow_variables(cf.flow), STR("heard"));
    return v && v->kind == FEEL_STRING ? v->text : STR("");
}

static bool is_over(World *w, Str id)
{
    CaseFile cf;
    world_load(w, id, &cf);
    return cf.flow->state == FLOW_COMPLETED;
}

typedef struct {
    const char *key, *said, *message_id;
    int64_t ttl_s;
} Sent;

static Value *publish(World *w, const Actor *who, Sent s, Err *err)
{
    Value *in = value_map(&w->arena), *out;
    set_str(&w->arena, in, "name", STR("answer"));
    set_str(&w->arena, in, "correlation", str_z(s.key));
    set_str(&w->arena, set_map(&w->arena, in, "variables"), "said", str_z(s.said));
    set_int(&w->arena, in, "ttl_s", s.ttl_s);
    if (s.message_id)
        set_str(&w->arena, in, "message_id", str_z(s.message_id));
    return run(w, who, message_publish, in, &out, err) ? out : NULL;
}

static Value *signal_of(World *w, const char *name)
{
    Value *in = value_map(&w->arena), *out;
    Err err;
    set_str(&w->arena, in, "name", str_z(name));
    CHECK(run(w, &system_actor, message_signal, in, &out, &err), "signal: %s", err.msg);
    return out;
}

/* ---- messages ---- */

TEST(message_goes_to_who_waits_longest)
{
    World w;
    Err err;
    open_talk(&w);
    Str one = begin(&w, "wait", "k1"), two = begin(&w, "wait", "k1"), far = begin(&w, "wait", "k2");
    CHECK(waits(&w, one) == 2, "the answer, and notes: %d", (int)waits(&w, one));
    Value *out = publish(&w, &system_actor, (Sent){"k1", "yes", NULL, 0}, &err);
    CHECK(out && str_eq(get_str(out, "delivered"), no_of(&w, one)), "the first: %s", err.msg);
    CHECK(str_eq(heard(&w, one), STR("yes")) && task_at(&w, one, "review"), "it went on");
    CHECK(waits(&w, one) == 1 && waits(&w, two) == 2, "a wait that is over has no row");
    CHECK(events(&w, one, "message_received") == 1, "in the stream");
    out = publish(&w, &system_actor, (Sent){"k1", "no", NULL, 0}, &err);
    CHECK(out && str_eq(get_str(out, "delivered"), no_of(&w, two)), "then the second");
    CHECK(str_eq(heard(&w, two), STR("no")) && !heard(&w, far).len, "each its own");
    out = publish(&w, &system_actor, (Sent){"k1", "late", NULL, 0}, &err);
    CHECK(out && get_bool(out, "dropped") && of_name(&w, "answer").count == 0, "nobody is left");
    world_close(&w);
}

TEST(case_answers_a_case)
{
    World w;
    open_talk(&w);
    Str waiting = begin(&w, "wait", "k1"), asking = begin(&w, "ask", "k1");
    CHECK(is_over(&w, asking) && in_state(&w, "answer", "open") == 1, "on its way");
    CHECK(!task_at(&w, waiting, "review"), "one command changes one case");
    (void)world_work(&w);
    CHECK(str_eq(heard(&w, waiting), STR("hello k1")), "what the event maps");
    CHECK(of_name(&w, "answer").count == 0, "it is not kept");
    CaseFile cf;
    world_load(&w, waiting, &cf);
    CHECK(!feel_get(flow_variables(cf.flow), STR("said")), "nothing but what the task maps");
    world_close(&w);
}

TEST(message_for_nobody)
{
    World w;
    open_talk(&w);
    Str dropped = begin(&w, "ask", "k1"), kept = begin(&w, "later", "k2");
    (void)world_work(&w);
    CHECK(events(&w, dropped, "message_dropped") == 1, "who sent it knows");
    CHECK(events(&w, kept, "message_dropped") == 0 && in_state(&w, "answer", "kept") == 1, "kept");
    Str waiting = begin(&w, "wait", "k2");
    CHECK(task_at(&w, waiting, "review") && str_eq(heard(&w, waiting), STR("later k2")),
          "given in the command that waits for it");
    CHECK(in_state(&w, "answer", "done") == 1 && waits(&w, waiting) == 1, "once, known by its id");
    (void)begin(&w, "later", "k3");
    (void)world_work(&w);
    clock_shift(&w.clock, 3 * MS_DAY);
    Str late = begin(&w, "wait", "k3");
    CHECK(!task_at(&w, late, "review") && waits(&w, late) == 2, "its time to live is over");
    world_close(&w);
}

TEST(message_id_makes_a_repeat_harmless)
{
    World w;
    Err err;
    open_talk(&w);
    Sent s = {"k1", "yes", "pay-1", 3600};
    for (int i = 0; i < 2; i++) {
        Value *out = publish(&w, &system_actor, s, &err);
        CHECK(out && get_bool(out, "buffered"), "kept, %d", i);
    }
    CHECK(of_name(&w, "answer").count == 1, "once");
    Str one = begin(&w, "wait", "k1"), two = begin(&w, "wait", "k1");
    CHECK(str_eq(heard(&w, one), STR("yes")) && !heard(&w, two).len, "one gets it");
    Value *out = publish(&w, &system_actor, s, &err);
    CHECK(out && str_eq(get_str(out, "delivered"), no_of(&w, one)), "known: where it went");
    CHECK(!heard(&w, two).len && events(&w, one, "message_received") == 1, "nobody moves");
    clock_shift(&w.clock, 2 * MS_HOUR);
    out = publish(&w, &system_actor, s, &err);
    CHECK(out && str_eq(get_str(out, "delivered"), no_of(&w, two)), "its time is over: a new one");
    world_close(&w);
}

TEST(message_is_delivered_once_and_in_order)
{
    World w;
    Err err;
    open_talk(&w);
    Str waiting = begin(&w, "wait", "k1");
    (void)begin(&w, "ask", "k1");
    (void)begin(&w, "later", "k1");
    StoreRows r = of_name(&w, "answer");
    Value *first = value_map(&w.arena), *second = value_map(&w.arena);
    set_int(&w.arena, first, "message", row_int(&r, 0, 0));
    set_int(&w.arena, second, "message", row_int(&r, 1, 0));
    set_str(&w.arena, first, "reason", STR("the disk was busy"));
    CHECK(run(&w, &system_actor, casework_deliver_failed, first, NULL, &err), "%s", err.msg);
    CHECK(run(&w, &system_actor, casework_deliver, second, NULL, &err), "%s", err.msg);
    CHECK(!task_at(&w, waiting, "review"), "the second does not pass the first");
    clock_shift(&w.clock, MS_HOUR);
    (void)world_work(&w);
    CHECK(str_eq(heard(&w, waiting), STR("hello k1")), "the first came first");
    CHECK(in_state(&w, "answer", "kept") == 1, "the second waits for the next");
    CHECK(!run(&w, &system_actor, casework_deliver, first, NULL, &err) && err.code == ERR_NOT_FOUND,
          "once: %s", err.msg);
    world_close(&w);
}

TEST(message_that_always_fails_is_given_up)
{
    World w;
    Err err;
    open_talk(&w);
    Str waiting = begin(&w, "wait", "k1");
    (void)begin(&w, "ask", "k1");
    StoreRows r = of_name(&w, "answer");
    Value *in = value_map(&w.arena);
    set_int(&w.arena, in, "message", row_int(&r, 0, 0));
    set_str(&w.arena, in, "reason", STR("it does not fit"));
    int tries = 0;
    while (tries < 20 && run(&w, &system_actor, casework_deliver_failed, in, NULL, &err)) {
        tries++;
        CHECK((events(&w, waiting, "incident") == 1) == (tries == 6), "try %d", tries);
    }
    CHECK(tries == 6 && in_state(&w, "answer", "failed") == 1, "six tries: %d", tries);
    CHECK(!run(&w, &clerk, casework_message_retry, in, NULL, &err) && err.code == ERR_DENIED, "no");
    CHECK(run(&w, &system_actor, casework_message_retry, in, NULL, &err), "again: %s", err.msg);
    (void)world_work(&w);
    CHECK(str_eq(heard(&w, waiting), STR("hello k1")), "nothing was lost");
    world_close(&w);
}

TEST(event_subprocess_hears_and_closing_ends_all)
{
    World w;
    Err err;
    open_talk(&w);
    Str one = submit(&w), two = submit(&w);
    Value *in = value_map(&w.arena), *out;
    set_str(&w.arena, in, "name", STR("note"));
    set_str(&w.arena, in, "correlation", STR("all"));
    for (int i = 0; i < 2; i++)
        CHECK(run(&w, &system_actor, message_publish, in, &out, &err) &&
                  str_eq(get_str(out, "delivered"), no_of(&w, one)),
              "it does not interrupt, so it hears again, %d: %s", i, err.msg);
    CHECK(task_at(&w, one, "noting_task") && task_at(&w, one, "first") && waits(&w, one) == 1,
          "beside the rest");
    CHECK(run(&w, &w.li, my_withdraw, world_case(&w.arena, one), NULL, &err), "%s", err.msg);
    CHECK(waits(&w, one) == 0 && waits(&w, two) == 1, "a closed case waits for nothing");
    CHECK(run(&w, &system_actor, message_publish, in, &out, &err) &&
              str_eq(get_str(out, "delivered"), no_of(&w, two)),
          "the next one hears: %s", err.msg);
    world_close(&w);
}

/* ---- signals ---- */

TEST(signal_reaches_all_that_listen_now)
{
    World w;
    open_talk(&w);
    Str one = begin(&w, "listen", ""), two = begin(&w, "listen", "");
    Str far = begin(&w, "wait", "k1"), shouting = begin(&w, "shout", "");
    Str late = begin(&w, "listen", "");
    CHECK(is_over(&w, shouting) && !is_over(&w, one), "on its way");
    (void)world_work(&w);
    CHECK(is_over(&w, one) && is_over(&w, two), "both");
    CHECK(!is_over(&w, late) && !is_over(&w, far), "who came later did not hear it");
    CHECK(of_name(&w, "alarm").count == 0, "never kept");
    CHECK(get_int(signal_of(&w, "alarm"), "cases", -1) == 1, "from outside: one listens");
    (void)world_work(&w);
    CHECK(is_over(&w, late), "it hears");
    CHECK(get_int(signal_of(&w, "alarm"), "cases", -1) == 0 && of_name(&w, "alarm").count == 0,
          "nobody");
    world_close(&w);
}

TEST(signal_spreads_to_many)
{
    enum { MANY = 205 }; /* more than one command copies */
    World w;
    open_talk(&w);
    static Str ids[MANY];
    for (int i = 0; i < MANY; i++)
        ids[i] = begin(&w, "listen", "");
    CHECK(get_int(signal_of(&w, "alarm"), "cases", -1) == MANY, "all listen");
    (void)world_work(&w);
    size_t over = 0;
    for (int i = 0; i < MANY; i++)
        over += is_over(&w, ids[i]) && events(&w, ids[i], "message_received") == 1;
    CHECK(over == MANY && of_name(&w, "alarm").count == 0, "each once: %d", (int)over);
    world_close(&w);
}

TEST(cases_that_answer_each_other_without_end)
{
    World w;
    Err err;
    open_talk(&w);
    Str one = begin(&w, "ping", ""), two = begin(&w, "ping", "");
    (void)signal_of(&w, "ping");
    size_t done = world_work(&w);
    CHECK(done > 2 * MESSAGE_HOPS_MAX && done < 10 * MESSAGE_HOPS_MAX, "it ends: %zu", done);
    CHECK(events(&w, one, "incident") + events(&w, two, "incident") ==
              in_state(&w, "ping", "failed"),
          "each end is an incident");
    size_t failed = in_state(&w, "ping", "failed");
    CHECK(failed >= 1 && failed <= 2 && in_state(&w, "ping", "open") == 0, "%zu", failed);
    CHECK(waits(&w, one) == 2 && !is_over(&w, one), "the cases themselves stand as before");
    StoreRows r = of_name(&w, "ping");
    Value *in = value_map(&w.arena);
    set_int(&w.arena, in, "message", row_int(&r, 0, 0));
    CHECK(run(&w, &system_actor, casework_message_retry, in, NULL, &err), "%s", err.msg);
    CHECK(world_work(&w) > MESSAGE_HOPS_MAX, "a person may let it go on");
    StoreVerdict verdict = {0};
    CHECK(store_verify(&w.reader, &w.arena, &verdict, &err) && !verdict.why.len, "chain: %s",
          str_cstr(&w.arena, verdict.why));
    world_close(&w);
}

/* ---- from outside ---- */

static Actor client_with(World *w, const char *name, const char *messages)
{
    Value *in = value_map(&w->arena), *out = NULL;
    Err err;
    set_str(&w->arena, in, "name", str_z(name));
    set_str(&w->arena, in, "messages", str_z(messages));
    set_str(&w->arena, in, "secret_hash", STR("x"));
    CHECK(run(w, &system_actor, client_add, in, &out, &err), "client: %s", err.msg);
    return (Actor){.kind = ACTOR_CLIENT, .id = get_int(out, "client", 0), .name = str_z(name)};
}

TEST(client_says_what_it_was_granted)
{
    World w;
    Err err;
    open_talk(&w);
    Actor bank = client_with(&w, "bank", "paid,answer"), fire = client_with(&w, "fire", "alarm");
    CHECK(publish(&w, &bank, (Sent){"k1", "x", NULL, 0}, &err), "granted: %s", err.msg);
    CHECK(!publish(&w, &fire, (Sent){"k1", "x", NULL, 0}, &err) && err.code == ERR_DENIED, "not");
    CHECK(!publish(&w, &clerk, (Sent){"k1", "x", NULL, 0}, &err) && err.code == ERR_DENIED,
          "staff is no system");
    Value *in = value_map(&w.arena), *out;
    set_str(&w.arena, in, "name", STR("alarm"));
    CHECK(run(&w, &fire, message_signal, in, &out, &err), "signal: %s", err.msg);
    CHECK(!run(&w, &bank, message_signal, in, &out, &err) && err.code == ERR_DENIED, "not its own");
    world_close(&w);
}

TEST(what_is_said_is_checked)
{
    static const struct {
        const char *json;
        ErrCode code;
    } rows[] = {
        {"{}", ERR_INPUT},
        {"{\"name\": \" \"}", ERR_INPUT},
        {"{\"name\": [1]}", ERR_INPUT},
        {"{\"name\": \"answer\", \"correlation\": {}}", ERR_INPUT},
        {"{\"name\": \"answer\", \"correlation\": 4217}", ERR_NONE},
        {"{\"name\": \"answer\", \"variables\": [1]}", ERR_INPUT},
        {"{\"name\": \"answer\", \"variables\": \"x\"}", ERR_INPUT},
        {"{\"name\": \"answer\", \"ttl_s\": -1}", ERR_INPUT},
        {"{\"name\": \"answer\", \"ttl_s\": 99999999}", ERR_INPUT},
        {"{\"name\": \"answer\", \"ttl_s\": \"soon\"}", ERR_INPUT},
        {"{\"name\": \"an\\u0001swer\"}", ERR_INPUT},
        {"{\"name\": \"answer\", \"ttl_s\": 0, \"message_id\": \"m\"}", ERR_NONE},
    };
    World w;
    Err err;
    open_talk(&w);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Value *in = json_read(&w.arena, str_z(rows[i].json), &err);
        bool ok = run(&w, &system_actor, message_publish, in, NULL, &err);
        CHECK(ok == (rows[i].code == ERR_NONE) && err.code == rows[i].code, "%s: %s", rows[i].json,
              err.msg);
    }
    StrBuf long_text = buf_in(&w.arena);
    for (int i = 0; i < MESSAGE_MAX_BYTES / 10 + 1; i++)
        buf_fmt(&long_text, "0123456789");
    CHECK(!publish(&w, &system_actor, (Sent){"k", str_cstr(&w.arena, buf_str(&long_text)), NULL, 0},
                   &err) &&
              err.code == ERR_LIMIT,
          "too much: %s", err.msg);
    for (int i = 0; i < 200; i++)
        CHECK(publish(&w, &system_actor, (Sent){"full", "x", NULL, 60}, &err), "%d: %s", i,
              err.msg);
    CHECK(!publish(&w, &system_actor, (Sent){"full", "x", NULL, 60}, &err) && err.code == ERR_LIMIT,
          "no more of one key are kept");
    CHECK(publish(&w, &system_actor, (Sent){"other", "x", NULL, 60}, &err), "of another: %s",
          err.msg);
    Str all = begin(&w, "wait", "full");
    CHECK(in_state(&w, "answer", "kept") == 201 && heard(&w, all).len, "one was taken: %d",
          (int)in_state(&w, "answer", "kept"));
    world_close(&w);
}

/* ---- time ---- */

TEST(five_working_days_over_a_holiday)
{
    enum { BEFORE = 1790733600, DUE = 1791883800 }; /* 2026-09-30 10:00, 2026-10-13 17:30 */
    World w;
    Err err;
    StoreRows r;
    open_talk(&w);
    clock_shift(&w.clock, BEFORE * MS_SECOND - clock_now(&w.clock));
    Str id = begin(&w, "days", "");
    /* The 1st to the 7th are off, Saturday the 10th is worked: 8, 9, 10, 12, 13. */
    clock_shift(&w.clock, DUE * MS_SECOND - clock_now(&w.clock) - 1);
    CHECK(store_run(&w.reader, &w.arena, SQL_TIMERS_DUE,
                    PARAMS(P_STR(w.app.catalogue->place), P_INT(DUE * MS_SECOND), P_INT(10)), &r,
                    &err) &&
              r.count >= 1,
          "due: %s", err.msg);
    (void)world_work(&w);
    CHECK(!is_over(&w, id), "not a moment before");
    clock_shift(&w.clock, 2);
    (void)world_work(&w);
    CHECK(is_over(&w, id), "at the close of business of the fifth working day");
    world_close(&w);
}

TEST(step_limit_is_the_due_of_its_task)
{
    World w;
    Err err;
    open_talk(&w);
    Str id = submit(&w), corrected = submit(&w);
    Viewing by = world_viewing(&w, &clerk, LANG_ZH);
    WorklistQuery q = {.role = ROLE_CLERK, .tab = STR("open")};
    Value *list = value_map(&w.arena);
    CHECK(desk_worklist(&by, &q, list, &err), "%s", err.msg);
    const Value *task = value_item(value_at(list, "tasks"), 0);
    CHECK(get_int(task, "due_at", 0) == INT64_C(1795426200000), "Monday, not the law's Wednesday");
    CHECK(str_eq(get_str(task, "step"), STR("怎么办")) && !value_at(task, "organ_name"),
          "its name");
    Value *ask = world_case(&w.arena, corrected), *row;
    row = push_map(&w.arena, set_list(&w.arena, ask, "missing"));
    set_str(&w.arena, row, "name", STR("证明"));
    clock_shift(&w.clock, MS_DAY);
    CHECK(run(&w, &clerk, desk_ask_correction, ask, NULL, &err), "correction: %s", err.msg);
    clock_shift(&w.clock, 5 * MS_DAY);
    (void)world_work(&w);
    (void)world_work(&w);
    CHECK(events(&w, id, "step_overdue") == 1, "noted once: %zu", events(&w, id, "step_overdue"));
    CHECK(events(&w, corrected, "step_overdue") == 0, "not while the law's clock stands");
    list = value_map(&w.arena);
    by = world_viewing(&w, &clerk, LANG_ZH);
    CHECK(desk_worklist(&by, &q, list, &err), "%s", err.msg);
    CHECK(get_bool(value_item(value_at(list, "tasks"), 0), "late"), "and late in the list");
    CHECK(answer_task(&w, &clerk, id, task_at(&w, id, "first"), "listen", "", &err), "%s", err.msg);
    clock_shift(&w.clock, 20 * MS_DAY);
    (void)world_work(&w);
    CHECK(events(&w, id, "step_overdue") == 1, "a task that is done has no timer");
    world_close(&w);
}

/* ---- pools and plain steps ---- */

static bool looks(World *w, const Actor *who, Str id)
{
    Err err;
    bool ok = run(w, who, desk_look, world_case(&w->arena, id), NULL, &err);
    CHECK(ok || err.code == ERR_DENIED, "look: %s", err.msg);
    return ok;
}

/* To the version that it has: nothing is to change. */
static bool adopt_anew(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    CaseFile cf;
    ItemVersion to;
    FlowResult r;
    (void)actor, (void)out;
    return casework_take(tx, get_int(in, "case", 0), &cf, err) &&
           versions_find(tx->conn, tx_app(tx), cf.item->key, cf.item_version, &to, err) &&
           casework_try_migrate(tx, &cf, &to, value_map(tx->arena), &r, value_list(tx->arena),
                                err) &&
           casework_migrate(tx, &cf, &to, &r, err) && casework_save(tx, &cf, err);
}

TEST(step_of_another_organ)
{
    World w;
    Err err;
    open_talk(&w);
    Str id = begin(&w, "wait", "k1"), foreign = begin(&w, "wait", "k2");
    CHECK(!looks(&w, &housing, id), "not before it has something to do");
    CHECK(publish(&w, &system_actor, (Sent){"k1", "yes", NULL, 0}, &err), "%s", err.msg);
    int64_t review = task_at(&w, id, "review");
    CHECK(run(&w, &system_actor, adopt_anew, world_case(&w.arena, id), NULL, &err), "%s", err.msg);
    CHECK(looks(&w, &housing, id) && !looks(&w, &housing, foreign), "this case, no other");
    Viewing by = world_viewing(&w, &housing, LANG_ZH);
    WorklistQuery q = {.role = ROLE_APPROVER, .tab = STR("open")};
    Value *list = value_map(&w.arena);
    CHECK(desk_worklist(&by, &q, list, &err) && get_int(list, "count", 0) == 1, "%s", err.msg);
    const Value *task = value_item(value_at(list, "tasks"), 0);
    CHECK(value_at(task, "organ_name") && str_eq(get_str(task, "organ"), STR("bureau")), "whose");
    CHECK(!answer_task(&w, &other_clerk, id, review, "agree", "", &err) && err.code == ERR_DENIED,
          "the lane names the housing branch: %s", err.msg);
    CHECK(!answer_task(&w, &housing_clerk, id, review, "agree", "", &err) && err.code == ERR_DENIED,
          "and the role");
    Value *decide = world_case(&w.arena, id);
    set_str(&w.arena, decide, "decision", STR("grant"));
    set_str(&w.arena, decide, "reason", STR("x"));
    set_bool(&w.arena, decide, "confirm", true);
    CHECK(!run(&w, &housing, desk_decide, decide, NULL, &err) && err.code == ERR_DENIED,
          "it reviews, the bureau decides: %s", err.msg);
    CHECK(answer_task(&w, &housing, id, review, "agree", "属实", &err), "agree: %s", err.msg);
    CHECK(task_at(&w, id, "named"), "candidateGroups names organ and role");
    CHECK(run(&w, &system_actor, adopt_anew, world_case(&w.arena, id), NULL, &err), "%s", err.msg);
    CHECK(answer_task(&w, &housing_clerk, id, task_at(&w, id, "named"), "", "", &err),
          "in a new version, too: %s", err.msg);
    CHECK(is_over(&w, id) && looks(&w, &housing, id), "what was theirs stays readable");
    world_close(&w);
}

TEST(plain_step_ends_with_an_outcome)
{
    World w;
    Err err;
    CaseFile cf;
    open_talk(&w);
    Str id = submit(&w), two = submit(&w);
    int64_t task = task_at(&w, id, "first");
    CHECK(!answer_task(&w, &clerk, id, task, "perhaps", "", &err) && err.code == ERR_INPUT,
          "no such outcome: %s", err.msg);
    CHECK(!answer_task(&w, &clerk, id, task, "", "", &err) && err.code == ERR_INPUT, "nor none");
    CHECK(!answer_task(&w, &clerk, two, task, "wait", "k", &err) && err.code == ERR_NOT_FOUND,
          "of that case: %s", err.msg);
    CHECK(!answer_task(&w, &w.li, id, task, "wait", "k", &err) && err.code == ERR_DENIED, "staff");
    Value *in = world_case(&w.arena, id);
    set_int(&w.arena, in, "task", task);
    CHECK(run(&w, &other_clerk, desk_claim, in, NULL, &err), "claim: %s", err.msg);
    CHECK(!answer_task(&w, &clerk, id, task, "wait", "k", &err) && err.code == ERR_CONFLICT,
          "somebody else has it: %s", err.msg);
    CHECK(answer_task(&w, &other_clerk, id, task, "wait", "k7", &err), "done: %s", err.msg);
    CHECK(!answer_task(&w, &other_clerk, id, task, "wait", "k7", &err) && err.code == ERR_CONFLICT,
          "once: %s", err.msg);
    world_load(&w, id, &cf);
    const FeelValue *remark = feel_get(flow_variables(cf.flow), STR("remark"));
    CHECK(remark && str_eq(remark->text, STR("k7")) && events(&w, id, "task_done") == 1, "kept");
    world_close(&w);
    world_open(&w);
    id = world_submit(&w, &w.li, NULL);
    CHECK(!answer_task(&w, &w.clerk, id, task_at(&w, id, "receive"), "accept", "", &err) &&
              err.code == ERR_CONFLICT,
          "the law's steps end by its acts: %s", err.msg);
    world_close(&w);
}

/* ---- calls ---- */

/* The catalogue refuses it; a process that came another way must not wait in silence. */
TEST(call_of_what_is_nowhere_is_an_incident)
{
    static const char *const text =
        "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" "
        "xmlns:zeebe=\"http://camunda.org/schema/zeebe/1.0\" id=\"d\" targetNamespace=\"t\">"
        "<process id=\"p\" isExecutable=\"true\"><startEvent id=\"s\"/>"
        "<sequenceFlow id=\"a\" sourceRef=\"s\" targetRef=\"c\"/>"
        "<callActivity id=\"c\"><extensionElements>"
        "<zeebe:calledElement processId=\"nowhere\"/></extensionElements></callActivity>"
        "<sequenceFlow id=\"b\" sourceRef=\"c\" targetRef=\"e\"/><endEvent id=\"e\"/>"
        "</process></definitions>";
    World w;
    CaseFile cf;
    open_talk(&w);
    Diags diags = {.arena = &w.arena};
    Item *item = (Item *)(uintptr_t)catalogue_item(w.app.catalogue, STR("talk"));
    item->process = bpmn_read(&w.arena, &diags, 0, str_z(text), NULL);
    CHECK(item->process != NULL, "%s", str_cstr(&w.arena, diag_render(&w.arena, &diags)));
    Str id = item->process ? submit(&w) : STR("0");
    if (item->process) {
        world_load(&w, id, &cf);
        CHECK(cf.flow->tokens.len == 1 && cf.flow->tokens.at[0].state == TOKEN_INCIDENT &&
                  str_find(cf.flow->tokens.at[0].reason, STR("nowhere"), 0) != SIZE_MAX,
              "it stands, and says why");
        CHECK(events(&w, id, "incident") == 1, "in the stream");
    }
    world_close(&w);
}
