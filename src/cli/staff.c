/* SPDX-License-Identifier: Apache-2.0 */
/* onedoor staff: adds an account; the password is read from standard input, never from the words.
 */
#include <stdio.h>

#include "cli/args.h"
#include "cli/cli.h"
#include "services/party/party.h"
#include "services/party/password.h"

enum { PASSWORD_MIN = 8 };

typedef struct {
    const char *db, *place, *login, *name, *organ, *roles;
} StaffArgs;

static bool read_password(Arena *a, Str *password, Err *err)
{
    char line[PASSWORD_MAX + 2];
    if (!fgets(line, sizeof line, stdin))
        return FAIL(err, ERR_INPUT, "no password on standard input");
    Str s = str_z(line);
    while (s.len && (s.at[s.len - 1] == '\n' || s.at[s.len - 1] == '\r'))
        s.len--;
    if (s.len < PASSWORD_MIN || s.len > PASSWORD_MAX)
        return FAIL(err, ERR_INPUT, "a password has %d to %d bytes", PASSWORD_MIN, PASSWORD_MAX);
    *password = str_dup(a, s);
    return true;
}

static bool add(Arena *a, const StaffArgs *args, Err *err)
{
    Str password, encoded;
    if (!read_password(a, &password, err) || !password_hash(a, password, &encoded, err))
        return false;
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
    Value *in = value_map(a);
    set_str(a, in, "login", str_z(args->login));
    set_str(a, in, "name", str_z(args->name));
    set_str(a, in, "organ", str_z(args->organ));
    set_str(a, in, "roles", str_z(args->roles));
    set_str(a, in, "password", encoded);
    Op op;
    Actor system = {.kind = ACTOR_SYSTEM};
    op_init(&op, a, &app, &system);
    op_ask(&op, "staff.add", staff_add, in, STR(""));
    bool ok = op_run(&op, err);
    committer_stop(app.committer);
    return ok;
}

int cli_staff(int argc, char **argv)
{
    StaffArgs args = {0};
    const ArgOption options[] = {
        {"--db", "PATH", "the database; the service must not be running", &args.db, true},
        {"--place", "CODE", "division code of the place", &args.place, true},
        {"--login", "LOGIN", "what is typed to sign in", &args.login, true},
        {"--name", "NAME", "as colleagues and papers show it", &args.name, true},
        {"--organ", "KEY", "organ of the catalogue", &args.organ, true},
        {"--roles", "ROLES", "clerk, approver, supervisor, admin, designer, leader; with commas",
         &args.roles, true},
    };
    ArgSpec spec = {"staff", "add a staff account; the password comes on standard input",
                    "onedoor staff --db /var/lib/onedoor/onedoor.db --place 330199 --login wang"
                    " --name 王芳 --organ hrss --roles clerk < password.txt",
                    options, COUNT(options)};
    ArgsVerdict v = args_read(&spec, argc, argv);
    if (v != ARGS_GO)
        return args_exit(v);
    Arena a = {0};
    Err err = {0};
    bool ok = add(&a, &args, &err);
    if (!ok)
        (void)fprintf(stderr, "onedoor staff: %s\n", err.msg);
    arena_free(&a);
    return ok ? EXIT_OK : EXIT_FAILED;
}
