/* SPDX-License-Identifier: Apache-2.0 */
/* onedoor verify: walks every case's chain of events (docs/audit-chain.md). */
#include <inttypes.h>
#include <stdio.h>

#include "cli/args.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "store/store.h"

static bool read_from(Arena *a, const char *text, StoreWalk *walk, Err *err)
{
    Str rest = str_z(text), place;
    if (!text)
        return true;
    if (!str_split(&rest, '/', &place) || !str_int(rest, &walk->case_id))
        return FAIL(err, ERR_INPUT, "--from '%s': PLACE/CASE is needed", text);
    walk->place = str_dup(a, place);
    return true;
}

static bool walk_all(Arena *a, StoreConn *c, StoreWalk *walk, StoreVerdict *v, Err *err)
{
    Progress p;
    int64_t total = 0;
    bool ok = store_count_cases(c, &total, err);
    progress_init(&p, "verify");
    while (ok && !walk->done && !progress_is_stopped(&p)) {
        ok = store_verify_some(c, a, walk, v, err);
        progress_show(&p, v->cases, total);
    }
    progress_end(&p);
    if (ok && !walk->done)
        return FAIL(err, ERR_UNAVAILABLE, "stopped; go on with --from " STR_FMT "/%" PRId64,
                    STR_ARG(walk->place), walk->case_id);
    return ok;
}

static int report(const StoreVerdict *v)
{
    if (str_empty(v->why)) {
        printf("whole: %" PRId64 " cases, %" PRId64 " events\n", v->cases, v->events);
        return EXIT_OK;
    }
    printf(STR_FMT "/%" PRId64 " event %" PRId64 ": " STR_FMT "\n", STR_ARG(v->bad_place),
           v->bad_case, v->bad_seq, STR_ARG(v->why));
    return EXIT_FAILED;
}

int cli_verify(int argc, char **argv)
{
    const char *db = NULL, *from = NULL;
    const ArgOption options[] = {
        {"--db", "PATH", "the database; the service may be running", &db, true},
        {"--from", "PLACE/CASE", "go on after this case, where a run was stopped", &from, false},
    };
    ArgSpec spec = {"verify",
                    "check the hash chain of every case; names the first fault, then exits with 1",
                    "onedoor verify --db /var/lib/onedoor/onedoor.db", options, COUNT(options)};
    ArgsVerdict verdict = args_read(&spec, argc, argv);
    if (verdict != ARGS_GO)
        return args_exit(verdict);
    Arena a = {0};
    Err err = {0};
    StoreConn c = {0};
    StoreWalk walk = {.place = STR("")};
    StoreVerdict v = {.why = STR("")};
    int code = EXIT_FAILED;
    if (!read_from(&a, from, &walk, &err)) {
        (void)fprintf(stderr, "onedoor verify: %s\n", err.msg);
        code = EXIT_USAGE;
    } else if (!store_open(&c, str_z(db), true, &err) || !walk_all(&a, &c, &walk, &v, &err))
        (void)fprintf(stderr, "onedoor verify: %s\n", err.msg);
    else
        code = report(&v);
    store_close(&c);
    arena_free(&a);
    return code;
}
