/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Instances of a process that are on disk, a second: each is started, its task claimed and completed
 * by three commands through the committer, with an idempotency key, rows of case, task and events,
 * the hash chain, and the instance read from its row and written back. 64 instances are at work at
 * once. The database is made anew and left to the caller: raw_copy tells what its rows cost alone.
 *
 *     flow_durable PROCESS.bpmn DB COUNT
 *
 * Prints one JSON line: {"instances":…,"commands":…,"batches":…,"per_s":…}. Exit codes: 0 done,
 * 1 failed, 2 usage.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/file.h"
#include "base/log.h"
#include "base/thread.h"
#include "engine/flow/flow.h"
#include "store/committer.h"
#include "json/json.h"

enum { AT_WORK = 64, CLERK = 7, FILE_MAX = 1 << 20 };

typedef enum { STARTING, CLAIMING, COMPLETING, STAGES } Stage;

typedef struct Bench Bench;

/* An instance on its way. */
typedef struct {
    Command command;
    Arena arena;
    Bench *bench;
    Stage stage;
    int64_t number, case_id, task_id, task_key;
} Work;

struct Bench {
    Arena arena;
    FlowModel model;
    const FeelContext *start, *answers;
    Committer *committer;
    _Atomic int64_t started, finished;
    int64_t count;
    Work works[AT_WORK];
};

#define T(literal) P_STR(STR(literal))

/* ---- commands ---- */

static bool step(StoreTx *tx, const Bench *b, const FlowInstance *before, FlowEvent *ev,
                 FlowResult *r, Err *err)
{
    ev->at = tx->now;
    return flow_step(tx->arena, &b->model, before, ev, r, err);
}

static bool flow_text(StoreTx *tx, const Bench *b, const FlowInstance *in, Str *text, Err *err)
{
    const Value *v = flow_instance_value(tx->arena, &b->model, in, err);
    *text = v ? json_text(tx->arena, v) : STR("");
    return v != NULL;
}

static bool add_task(StoreTx *tx, Work *w, Str no, const FlowEffect *f, Err *err)
{
    w->task_id = tx_id(tx);
    w->task_key = f->key;
    return tx_run(tx, SQL_TASK_ADD,
                  PARAMS(P_STR(tx->place), P_INT(w->task_id), P_INT(w->case_id), P_STR(no),
                         P_INT(f->key), P_STR(f->element->id), T("decide"), P_STR(f->element->role),
                         T("scjg"), T("walk"), T("张三"), P_INT(0), P_INT(tx->now),
                         P_INT(tx->now + MS_DAY), P_INT(0)),
                  NULL, err);
}

static bool start(StoreTx *tx, Command *c, Err *err)
{
    Work *w = (Work *)c;
    const Bench *b = w->bench;
    FlowEvent ev = {.kind = FLOW_START, .variables = b->start};
    FlowResult r = {0};
    StoreChain ch;
    Str flow = {0}, no = str_fmt(tx->arena, "YX-%" PRId64, w->number);
    StoreParam map = T("{}"), at = P_INT(tx->now), none = T("");
    w->case_id = tx_id(tx);
    store_chain_new(&ch, w->case_id);
    if (!step(tx, b, NULL, &ev, &r, err) || !flow_text(tx, b, r.after, &flow, err) ||
        !store_chain_add(tx, &ch, STR("started"), STR("party:12"), NULL, err)) {
        return false;
    }
    for (size_t i = 0; i < r.effects.len; i++) {
        const FlowEffect *f = &r.effects.at[i];
        if (f->kind == FLOW_CREATE_TASK && !add_task(tx, w, no, f, err)) {
            return false;
        }
    }
    c->answer = no;
    return tx_run(tx, SQL_CASE_ADD,
                  PARAMS(P_STR(tx->place), P_INT(w->case_id), P_STR(no), P_INT(12), T("张三"),
                         T("walk"), T("1"), T("walk"), T("scjg"), T("received"), T("web"), T("zh"),
                         at, at, at, T("034X"), map, map, map, P_STR(flow), none, P_INT(ch.seq),
                         P_STR(store_chain_hash(&ch))),
                  NULL, err);
}

static bool claim(StoreTx *tx, Command *c, Err *err)
{
    const Work *w = (Work *)c;
    StoreRows rows;
    return tx_run(tx, SQL_TASK_CLAIM, PARAMS(P_STR(tx->place), P_INT(w->task_id), P_INT(CLERK)),
                  &rows, err) &&
           (rows.changed == 1 || FAIL(err, ERR_CONFLICT, "task was taken")) &&
           store_event_add(tx, w->case_id, STR("claimed"), STR("staff:7"), NULL, err);
}

/* The columns of CASE_GET. */
enum { GOT_FLOW = 19, GOT_VERSION = 21 };

static bool complete(StoreTx *tx, Command *c, Err *err)
{
    const Work *w = (Work *)c;
    const Bench *b = w->bench;
    FlowEvent ev = {.kind = FLOW_TASK_DONE, .key = w->task_key, .variables = b->answers};
    FlowResult r = {0};
    StoreRows rows;
    Str flow = {0};
    StoreParam place = P_STR(tx->place), id = P_INT(w->case_id), map = T("{}"), at = P_INT(tx->now);
    if (!tx_one(tx, SQL_CASE_GET, PARAMS(place, id), &rows, "case", err)) {
        return false;
    }
    const Value *v = json_read(tx->arena, row_str(&rows, 0, GOT_FLOW), err);
    const FlowInstance *before = v ? flow_instance_read(tx->arena, &b->model, v, err) : NULL;
    if (!before || !step(tx, b, before, &ev, &r, err) || !flow_text(tx, b, r.after, &flow, err)) {
        return false;
    }
    if (r.after->state != FLOW_COMPLETED) {
        return FAIL(err, ERR_INTERNAL, "the process is not completed by one task");
    }
    return tx_run(tx, SQL_TASK_END,
                  PARAMS(place, id, P_INT(w->task_key), T("done"), at, P_INT(CLERK)), NULL, err) &&
           tx_run(tx, SQL_CASE_SAVE,
                  PARAMS(place, id, T("closed"), at, at, at, map, map, P_STR(flow), map,
                         P_INT(row_int(&rows, 0, GOT_VERSION))),
                  NULL, err) &&
           store_event_add(tx, w->case_id, STR("completed"), STR("staff:7"), NULL, err);
}

/* ---- the flow of commands ---- */

static void submit(Work *w)
{
    static bool (*const runs[])(StoreTx *, Command *, Err *) = {
        [STARTING] = start, [CLAIMING] = claim, [COMPLETING] = complete};
    uint64_t scrambled = (uint64_t)(w->number * STAGES + w->stage) * UINT64_C(0x9e3779b97f4a7c15);
    arena_reset(&w->arena);
    w->command.run = runs[w->stage];
    w->command.key = str_fmt(&w->arena, "staff:7/%016" PRIx64, scrambled);
    if (!committer_submit(w->bench->committer, &w->command)) {
        fatal("queue full");
    }
}

static void begin(Work *w)
{
    int64_t n = w->bench->started++;
    w->stage = STARTING;
    w->number = n;
    if (n < w->bench->count) {
        submit(w);
    }
}

static void next(Command *c)
{
    Work *w = (Work *)c;
    if (!c->ok) {
        fatal("command %d: %s", (int)w->stage, c->err.msg);
    }
    if (++w->stage < STAGES) {
        submit(w);
        return;
    }
    w->bench->finished++;
    begin(w);
}

static void run(Bench *b, const char *db)
{
    Clock clock;
    IdMaker ids = {0};
    Err err = {0};
    int64_t commands = 0, batches = 0;
    clock_init_real(&clock);
    CommitterConfig config = {
        .url = str_z(db), .place = STR("330702"), .clock = &clock, .ids = &ids};
    if (!committer_start(&b->committer, &config, &err)) {
        fatal("committer: %s", err.msg);
    }
    int64_t from = clock_monotonic_us();
    for (int i = 0; i < AT_WORK; i++) {
        b->works[i].bench = b;
        b->works[i].command = (Command){.done = next, .arena = &b->works[i].arena};
        begin(&b->works[i]);
    }
    while (b->finished < b->count) {
        sleep_ms(1);
    }
    double seconds = (double)(clock_monotonic_us() - from) / 1e6;
    committer_counts(b->committer, &commands, &batches);
    committer_stop(b->committer);
    printf("{\"instances\":%" PRId64 ",\"commands\":%" PRId64 ",\"batches\":%" PRId64
           ",\"per_s\":%.1f}\n",
           b->count, commands, batches, (double)b->count / seconds);
    for (int i = 0; i < AT_WORK; i++) {
        arena_free(&b->works[i].arena);
    }
}

static void read_model(Bench *b, const char *path)
{
    Diags diags = {.arena = &b->arena};
    Err err = {0};
    Str text = {0};
    if (!file_read(&b->arena, str_z(path), FILE_MAX, &text, &err)) {
        fatal("%s", err.msg);
    }
    uint16_t file = diag_file(&diags, str_z(path), text);
    b->model.process = bpmn_read(&b->arena, &diags, file, text, NULL);
    if (!b->model.process) {
        fatal("%s cannot run", path);
    }
    b->start = feel_with(&b->arena, &(FeelContext){0}, STR("x"), feel_int(21));
    b->answers = feel_with(&b->arena, &(FeelContext){0}, STR("seen"), feel_bool(true));
}

int main(int argc, char **argv)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    static Bench b;
    if (argc != 4 || !str_int(str_z(argv[3]), &b.count) || b.count < 1) {
        (void)fputs("usage: flow_durable PROCESS.bpmn DB COUNT\n", stderr);
        return 2;
    }
    log_set_level(LOG_WARN);
    for (size_t i = 0; i < COUNT(ends); i++) {
        file_remove(str_fmt(&b.arena, "%s%s", argv[2], ends[i]));
    }
    read_model(&b, argv[1]);
    run(&b, argv[2]);
    arena_free(&b.arena);
    return 0;
}
