/* SPDX-License-Identifier: Apache-2.0 */
/* onedoor client: accounts of other departments' systems. A token is printed once, alone on
 * standard output. */
#include <stdio.h>

#include "base/date.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "services/party/client.h"

typedef struct {
    const char *db, *place, *name, *jobs, *messages;
} ClientArgs;

static bool run_on(Arena *a, const ClientArgs *args, const char *name, UseCase *run,
                   const Value *in, Value **out, Err *err)
{
    Clock clock;
    clock_init_real(&clock);
    App app = {.clock = &clock};
    IdMaker ids = {0};
    CommitterConfig config = {.url = str_z(args->db),
                              .place = str_z(args->place),
                              .clock = &clock,
                              .ids = &ids,
                              .app = &app};
    if (!committer_start(&app.committer, &config, err))
        return false;
    Op op;
    Actor system = {.kind = ACTOR_SYSTEM};
    op_init(&op, a, &app, &system);
    op_ask(&op, name, run, in, STR(""));
    bool ok = op_run(&op, err);
    committer_stop(app.committer);
    *out = op.out;
    return ok;
}

static bool add(Arena *a, const ClientArgs *args, Err *err)
{
    Value *in = value_map(a), *out;
    Str secret = client_secret(a);
    set_str(a, in, "name", str_z(args->name));
    set_str(a, in, "jobs", str_z(args->jobs));
    set_str(a, in, "messages", str_z(args->messages));
    set_str(a, in, "secret_hash", client_secret_hash(a, secret));
    if (!run_on(a, args, "client.add", client_add, in, &out, err))
        return false;
    Str token = client_token(a, get_int(out, "client", 0), secret);
    (void)fprintf(stderr, "the token is shown this once; send it as Authorization: Bearer …\n");
    printf(STR_FMT "\n", STR_ARG(token));
    return true;
}

static bool revoke(Arena *a, const ClientArgs *args, Err *err)
{
    Value *in = value_map(a), *out;
    set_str(a, in, "name", str_z(args->name));
    return run_on(a, args, "client.revoke", client_revoke, in, &out, err);
}

static Str day_of(Arena *a, TimeMs at)
{
    return at ? time_iso(a, at, ZONE_CHINA_MINUTES) : STR("never");
}

static bool list(Arena *a, const ClientArgs *args, Err *err)
{
    StoreConn reader;
    if (!store_open(&reader, str_z(args->db), true, err))
        return false;
    Value *rows = value_list(a);
    bool ok = client_list(&reader, a, str_z(args->place), rows, err);
    for (size_t i = 0; ok && i < value_count(rows); i++) {
        const Value *r = value_item(rows, i);
        Str jobs = get_str(r, "jobs");
        Str made = day_of(a, get_int(r, "created_at", 0));
        Str used = day_of(a, get_int(r, "used_at", 0));
        printf(STR_FMT "\t%s\tjobs=" STR_FMT "\tmessages=" STR_FMT "\tmade=" STR_FMT
                       "\tused=" STR_FMT "\n",
               STR_ARG(get_str(r, "name")), get_bool(r, "active") ? "active" : "revoked",
               STR_ARG(jobs), STR_ARG(get_str(r, "messages")), STR_ARG(made), STR_ARG(used));
    }
    store_close(&reader);
    return ok;
}

static const struct {
    const char *word, *command, *what, *example;
    bool (*run)(Arena *a, const ClientArgs *args, Err *err);
    size_t options; /* how many of those below */
} acts[] = {
    {"list", "client list",
     "the accounts, with when each was last used; also while the service runs",
     "onedoor client list --db /var/lib/onedoor/onedoor.db --place 330199", list, 2},
    {"revoke", "client revoke", "end an account: its token opens nothing any more",
     "onedoor client revoke bank --db /var/lib/onedoor/onedoor.db --place 330199", revoke, 3},
    {"add", "client add", "add an account and print its token, once",
     "onedoor client add insurance --db /var/lib/onedoor/onedoor.db --place 330199"
     " --jobs benefit.compute,benefit.pay --messages payment-received",
     add, 5},
};

static int run(size_t act, int argc, char **argv)
{
    ClientArgs args = {0};
    const ArgOption options[] = {
        {"--db", "PATH", act ? "the database; the service must not be running" : "the database",
         &args.db, true},
        {"--place", "CODE", "division code of the place", &args.place, true},
        {"NAME", NULL, "of the system; events show it", &args.name, true},
        {"--jobs", "TYPES", "types of jobs that it takes, with commas", &args.jobs, false},
        {"--messages", "NAMES", "messages and signals that it may send to processes, with commas",
         &args.messages, false},
    };
    ArgSpec spec = {acts[act].command, acts[act].what, acts[act].example, options,
                    acts[act].options};
    ArgsVerdict v = args_read(&spec, argc, argv);
    if (v != ARGS_GO)
        return args_exit(v);
    Arena a = {0};
    Err err = {0};
    bool ok = acts[act].run(&a, &args, &err);
    if (!ok)
        (void)fprintf(stderr, "onedoor %s: %s\n", acts[act].command, err.msg);
    arena_free(&a);
    return ok ? EXIT_OK : EXIT_FAILED;
}

int cli_client(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < COUNT(acts); i++)
        if (str_eq(str_z(argv[1]), str_z(acts[i].word)))
            return run(i, argc - 1, argv + 1);
    bool help = argc > 1 && str_eq(str_z(argv[1]), STR("--help"));
    (void)fprintf(help ? stdout : stderr,
                  "usage: onedoor client add|list|revoke [options]\n\n"
                  "accounts of other departments' systems; each word has its own --help\n\n"
                  "example: %s\n",
                  acts[2].example);
    return help ? EXIT_OK : EXIT_USAGE;
}
