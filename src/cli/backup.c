/* SPDX-License-Identifier: Apache-2.0 */
/*
 * onedoor backup: the database first, then each file that this copy names, so that the copy never
 * names a file that was not there yet. Files are found by their hash, checked against it, and those
 * that the target folder has already are not copied again: a stopped run goes on where it was, and
 * one folder serves many backups.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/file.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "store/store.h"

enum { FILES_A_STEP = 200, HEX_HASH = 2 * HASH_SIZE };

typedef struct {
    const char *db, *to, *files, *files_to;
    Progress progress;
    int64_t copied, there, bad;
} Backup;

static void show(void *app, int64_t done, int64_t total)
{
    progress_show(app, done, total);
}

static bool stop(void *app)
{
    return progress_is_stopped(app);
}

static bool copy_database(Backup *b, StoreBackup *report, Err *err)
{
    StoreConn c;
    progress_init(&b->progress, "database");
    *report = (StoreBackup){.progress = show, .stop = stop, .app = &b->progress};
    bool ok =
        store_open(&c, str_z(b->db), true, err) && c.api->backup(&c, str_z(b->to), report, err);
    progress_end(&b->progress);
    store_close(&c);
    return ok;
}

/* As the service lays them out: DIR/ab/cdef... */
static Str place_of(Arena *a, const char *folder, Str hash)
{
    return str_fmt(a, "%s/" STR_FMT "/" STR_FMT, folder, STR_ARG(str_slice(hash, 0, 2)),
                   STR_ARG(str_slice(hash, 2, hash.len)));
}

static bool read_checked(Arena *a, Str from, Str hash, int64_t size, Str *bytes, Err *err)
{
    if (hash.len != HEX_HASH || size < 0 || (uint64_t)size > ARENA_MAX_ALLOC / 2)
        return FAIL(err, ERR_INTERNAL, "file '" STR_FMT "': bad row", STR_ARG(hash));
    if (!file_read(a, from, (size_t)size, bytes, err))
        return false;
    Hash h = hash_of(*bytes);
    return str_eq(hash_hex(a, &h), hash) ||
           FAIL(err, ERR_INTERNAL, "file '" STR_FMT "': its content was changed", STR_ARG(from));
}

/* A missing or changed file is told and counted, the others are copied; false: cannot write. */
static bool copy_file(Backup *b, Str hash, int64_t size, Err *err)
{
    Arena a = {0};
    Str bytes, to = place_of(&a, b->files_to, hash);
    bool ok = true;
    Err problem = {0};
    if (file_exists(to))
        b->there++;
    else if (!read_checked(&a, place_of(&a, b->files, hash), hash, size, &bytes, &problem)) {
        (void)fprintf(stderr, "onedoor backup: %s\n", problem.msg);
        b->bad++;
    } else {
        Str folder = str_fmt(&a, "%s/" STR_FMT, b->files_to, STR_ARG(str_slice(hash, 0, 2)));
        ok = file_make_folder(folder, err) && file_write(to, bytes, err);
        b->copied += ok;
    }
    arena_free(&a);
    return ok;
}

static bool copy_some(Backup *b, StoreConn *c, Arena *a, Str *after, size_t *got, Err *err)
{
    StoreRows rows;
    if (!store_run(c, a, SQL_FILES_AFTER, PARAMS(P_STR(*after), P_INT(FILES_A_STEP)), &rows, err))
        return false;
    *got = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        if (progress_is_stopped(&b->progress))
            return FAIL(err, ERR_UNAVAILABLE, "stopped; files already copied stay");
        if (!copy_file(b, row_str(&rows, i, 0), row_int(&rows, i, 1), err))
            return false;
        *after = row_str(&rows, i, 0);
    }
    return true;
}

static bool copy_files(Backup *b, Err *err)
{
    StoreConn c;
    Arena pages[2] = {0};
    Str after = STR("");
    size_t got = FILES_A_STEP;
    bool ok = store_open(&c, str_z(b->to), true, err);
    /* Two arenas in turn: `after` lives in the page before. */
    for (int turn = 0; ok && got == FILES_A_STEP; turn = !turn) {
        arena_reset(&pages[turn]);
        ok = copy_some(b, &c, &pages[turn], &after, &got, err);
    }
    store_close(&c);
    arena_free(&pages[0]);
    arena_free(&pages[1]);
    return ok;
}

static bool run(Backup *b, Err *err)
{
    StoreBackup report;
    if (!b->files != !b->files_to)
        return FAIL(err, ERR_INPUT, "--files and --files-to belong together");
    if (!copy_database(b, &report, err))
        return false;
    printf("database: %" PRId64 " bytes, %" PRId64 " rows in %" PRId64 " tables, checked\n",
           report.bytes, report.rows, report.tables);
    if (!b->files)
        return true;
    if (!copy_files(b, err))
        return false;
    printf("files: %" PRId64 " copied, %" PRId64 " already there, %" PRId64 " missing or changed\n",
           b->copied, b->there, b->bad);
    return b->bad == 0 ||
           FAIL(err, ERR_NOT_FOUND, "'%" PRId64 "' files could not be copied", b->bad);
}

int cli_backup(int argc, char **argv)
{
    Backup b = {0};
    const ArgOption options[] = {
        {"--db", "PATH", "the database; the service may be running", &b.db, true},
        {"--to", "PATH", "the copy: a new file, never overwritten", &b.to, true},
        {"--files", "DIR", "uploaded files of the service", &b.files, false},
        {"--files-to", "DIR", "where they go; what is there already is kept", &b.files_to, false},
    };
    ArgSpec spec = {"backup", "copy the database and the files while the service runs",
                    "onedoor backup --db /var/lib/onedoor/onedoor.db --to /backup/2026-11-22.db"
                    " --files /var/lib/onedoor/files --files-to /backup/files",
                    options, COUNT(options)};
    ArgsVerdict v = args_read(&spec, argc, argv);
    if (v != ARGS_GO)
        return args_exit(v);
    Err err = {0};
    if (run(&b, &err))
        return EXIT_OK;
    (void)fprintf(stderr, "onedoor backup: %s\n", err.msg);
    return err.code == ERR_INPUT ? EXIT_USAGE : EXIT_FAILED;
}
