/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Disks that are full, disks that fail, processes that are killed. fdatasync, fsync and pwrite64
 * of this program are the ones below: SQLite's calls pass through them and can be made to fail.
 */
#include "help.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/thread.h"

/* ---- faults ---- */

static _Atomic int sync_error, write_error; /* errno, or 0 */
static _Atomic int syncs_before, writes_before, syncs_seen, writes_seen;

static int fault_of(_Atomic int *error, _Atomic int *before)
{
    return *error && (*before)-- <= 0 ? *error : 0;
}

int fdatasync(int fd)
{
    syncs_seen++;
    int error = fault_of(&sync_error, &syncs_before);
    if (error) {
        errno = error;
        return -1;
    }
    return (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd)
{
    return fdatasync(fd);
}

ssize_t pwrite64(int fd, const void *at, size_t n, off64_t where)
{
    writes_seen++;
    int error = fault_of(&write_error, &writes_before);
    if (error) {
        errno = error;
        return -1;
    }
    return syscall(SYS_pwrite64, fd, at, n, where);
}

/* ---- commands that leave a mark ---- */

typedef struct {
    Command command;
    Arena arena;
    int64_t id;       /* 0: a fresh one */
    int events;       /* of a new case */
    int pages;        /* PRAGMA max_page_count; 0: no change */
    int fd;           /* acknowledged ids go there */
    Committer *again; /* submitted again when done */
    _Atomic int *done_count;
} Mark;

static bool run_mark(StoreTx *tx, Command *c, Err *err)
{
    Mark *m = (Mark *)c;
    if (m->pages) {
        Str sql = str_fmt(tx->arena, "pragma max_page_count = %d", m->pages);
        return tx->conn->api->script(tx->conn, str_cstr(tx->arena, sql), err);
    }
    m->id = tx_id(tx);
    return add_case_with_events(tx, m->id, m->events, err);
}

static void done_mark(Command *c)
{
    Mark *m = (Mark *)c;
    int64_t told = c->ok ? m->id : -1;
    if (m->fd >= 0 && write(m->fd, &told, sizeof told) != sizeof told)
        _exit(9);
    if (m->done_count)
        (*m->done_count)++;
    if (!m->again)
        return;
    arena_reset(&m->arena);
    if (!committer_submit(m->again, c))
        _exit(8);
}

static void make_mark(Mark *m, int events)
{
    *m = (Mark){.command = {.run = run_mark, .done = done_mark}, .events = events, .fd = -1};
    m->command.arena = &m->arena;
}

static bool mark(Committer *c, int events, int pages, Err *err)
{
    Mark m;
    make_mark(&m, events);
    m.pages = pages;
    bool ok = committer_run(c, &m.command, err);
    arena_free(&m.arena);
    return ok;
}

static void check_whole(Bed *b, const char *what)
{
    StoreConn c;
    Err err = {0};
    StoreVerdict v = {0};
    if (!bed_open(b, &c, true))
        return;
    CHECK(store_verify(&c, &b->arena, &v, &err) && !v.bad_case, "%s: " STR_FMT " %s", what,
          STR_ARG(v.why), err.msg);
    store_close(&c);
}

/* Fills the disk by small commands, then frees it. Reads go on all the while. */
static void fill_up(Bed *b, Committer *c, bool (*make_room)(Committer *c))
{
    int64_t acked = 0;
    Err err = {0};
    bool ok = true;
    for (int i = 0; ok && i < 3000; i++) {
        ok = mark(c, 20, 0, &err);
        acked += ok;
    }
    CHECK(!ok && err.code == ERR_STORAGE, "full after %d: %s", (int)acked, err.msg);
    CHECK(bed_count(b, "select count(*) from cases") == acked, "what was told is there, no more");
    CHECK(!mark(c, 20, 0, &err) && err.code == ERR_STORAGE, "still full: %s", err.msg);
    CHECK(make_room(c), "room");
    for (int i = 0; i < 5; i++) {
        err = (Err){0};
        bool again = mark(c, 20, 0, &err);
        CHECK(again, "writes again without a restart: %s", err.msg);
        acked += again;
    }
    CHECK(bed_count(b, "select count(*) from cases") == acked, "and is there");
    check_whole(b, "after the full disk");
}

static bool more_pages(Committer *c)
{
    Err err = {0};
    return mark(c, 0, 100000, &err);
}

TEST(a_full_database_fails_and_recovers)
{
    Bed b;
    Err err = {0};
    bed_make(&b, "maxpages");
    Committer *c = bed_start(&b, NULL);
    CHECK(mark(c, 0, 220, &err), "%s", err.msg);
    fill_up(&b, c, more_pages);
    committer_stop(c);
    bed_free(&b);
}

/* A command that is too large for the disk may take its batch with it, never what was told ok. */
TEST(a_full_database_inside_a_command)
{
    enum { N = 9 };
    Bed b;
    Err err = {0};
    Mark marks[N], small;
    _Atomic int done = 0;
    bed_make(&b, "toolarge");
    Committer *c = bed_start(&b, NULL);
    CHECK(mark(c, 0, 180, &err), "%s", err.msg);
    make_mark(&small, 1);
    for (int i = 0; i < N; i++) {
        make_mark(&marks[i], i == 4 ? 20000 : 2);
        marks[i].done_count = &done;
        CHECK(committer_submit(c, &marks[i].command), "submit");
    }
    while (done < N)
        sleep_ms(1);
    CHECK(committer_run(c, &small.command, &err), "after it: %s", err.msg);
    committer_stop(c);
    int64_t acked = 1;
    for (int i = 0; i < N; i++) {
        acked += marks[i].command.ok;
        CHECK(marks[i].command.ok || marks[i].command.err.code == ERR_STORAGE, "command %d: %s", i,
              marks[i].command.err.msg);
        arena_free(&marks[i].arena);
    }
    arena_free(&small.arena);
    CHECK(!marks[4].command.ok, "the large one");
    CHECK(bed_count(&b, "select count(*) from cases") == acked, "told and there: %d", (int)acked);
    check_whole(&b, "after the large one");
    bed_free(&b);
}

static char ballast[128];

static bool drop_ballast(Committer *c)
{
    (void)c;
    return unlink(ballast) == 0;
}

TEST(a_full_disk_fails_and_recovers)
{
    Bed b;
    Err err = {0};
    bed_make(&b, "tmpfs");
    const char *folder = str_cstr(&b.arena, b.folder);
    if (mount("none", folder, "tmpfs", 0, "size=6m") != 0) {
        check_skip("a full disk: no right to mount a small one");
        bed_free(&b);
        return;
    }
    Str path = path_of(&b, "ballast");
    CHECK(path.len < sizeof ballast, "path");
    memcpy(ballast, path.at, path.len);
    char *bytes = arena_alloc(&b.arena, 3 << 20);
    CHECK(file_write(path, (Str){bytes, 3 << 20}, &err), "%s", err.msg);
    Committer *c = bed_start(&b, NULL);
    fill_up(&b, c, drop_ballast);
    committer_stop(c);
    CHECK(umount(folder) == 0, "umount");
    bed_free(&b);
}

/* ---- a disk that fails: in a child, which must die ---- */

typedef struct {
    const char *name;
    _Atomic int *error, *before;
    int number, after;
} Fault;

/* What the child told through the pipe: ids, -1 for each failure. */
typedef struct {
    int64_t acked, refused, last;
    int status;
} Told;

static void drain(int fd, Told *t)
{
    int64_t id;
    while (read(fd, &id, sizeof id) == sizeof id) {
        t->acked += id > 0;
        t->refused += id <= 0;
        t->last = id > 0 ? id : t->last;
    }
}

static void child_with_fault(Bed *b, const Fault *f, int fd)
{
    int quiet = open("/dev/null", O_WRONLY);
    Err err = {0};
    if (quiet < 0 || dup2(quiet, 2) < 0)
        _exit(7);
    Committer *c = bed_start(b, NULL);
    for (int i = 0; c && i < 3; i++)
        if (!mark(c, 3, 0, &err))
            _exit(6);
    *f->before = f->after;
    *f->error = f->number;
    Mark m;
    make_mark(&m, 400);
    m.fd = fd;
    bool ok = committer_run(c, &m.command, &err);
    _exit(ok ? 5 : 4); /* answered: the parent judges */
}

static void run_child(Bed *b, const Fault *f, Told *t)
{
    int ends[2];
    if (pipe(ends) != 0)
        return;
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        child_with_fault(b, f, ends[1]);
    }
    close(ends[1]);
    drain(ends[0], t);
    close(ends[0]);
    waitpid(pid, &t->status, 0);
}

TEST(a_failing_disk_ends_the_process_without_an_answer)
{
    static const Fault faults[] = {
        {"fdatasync EIO", &sync_error, &syncs_before, EIO, 0},
        {"fdatasync ENOSPC", &sync_error, &syncs_before, ENOSPC, 0},
        {"first write EIO", &write_error, &writes_before, EIO, 0},
        {"write EIO in the middle", &write_error, &writes_before, EIO, 40},
        {"write quota at the end", &write_error, &writes_before, EDQUOT, 60},
    };
    for (size_t i = 0; i < COUNT(faults); i++) {
        Bed b;
        Told t = {0};
        bed_make(&b, "eio");
        bed_migrate(&b);
        run_child(&b, &faults[i], &t);
        CHECK(WIFSIGNALED(t.status) && WTERMSIG(t.status) == SIGABRT, "%s: status %x",
              faults[i].name, (unsigned)t.status);
        CHECK(t.acked == 0 && t.refused == 0, "%s: answered", faults[i].name);
        int64_t cases = bed_count(&b, "select count(*) from cases");
        CHECK(cases == 3 || cases == 4, "%s: %d cases", faults[i].name, (int)cases);
        check_whole(&b, faults[i].name);
        Committer *c = bed_start(&b, NULL);
        Err err = {0};
        CHECK(mark(c, 2, 0, &err), "%s: goes on after a restart: %s", faults[i].name, err.msg);
        committer_stop(c);
        bed_free(&b);
    }
}

/* A full disk at every single write of a commit: refused, nothing kept, the process goes on. */
TEST(a_full_disk_at_every_write)
{
    Bed b;
    Err err = {0};
    bed_make(&b, "everywrite");
    Committer *c = bed_start(&b, NULL);
    CHECK(mark(c, 3, 0, &err), "%s", err.msg);
    int64_t acked = 1;
    int refused = 0;
    for (int n = 0; n < 200; n++) {
        writes_before = n;
        write_error = ENOSPC;
        bool ok = mark(c, 10, 0, &err);
        write_error = 0;
        CHECK(ok || err.code == ERR_STORAGE, "write %d: %s", n, err.msg);
        acked += ok;
        refused += !ok;
        if (ok && n > refused + 2)
            break;
        CHECK(bed_count(&b, "select count(*) from cases") == acked, "write %d", n);
    }
    CHECK(refused > 3, "%d writes failed", refused);
    CHECK(mark(c, 3, 0, &err), "%s", err.msg);
    check_whole(&b, "after all of them");
    committer_stop(c);
    bed_free(&b);
}

/* ---- kill -9 ---- */

enum { KILLS = 5, IN_FLIGHT = 32, ACKS_MAX = 200000 };

static void child_under_load(Bed *b, int fd)
{
    Mark *marks = NEW_N(&b->arena, Mark, IN_FLIGHT);
    Committer *c = bed_start(b, NULL);
    for (int i = 0; c && i < IN_FLIGHT; i++) {
        make_mark(&marks[i], 1 + i % 4);
        marks[i].fd = fd;
        marks[i].again = c;
        if (!committer_submit(c, &marks[i].command))
            _exit(8);
    }
    for (;;)
        sleep_ms(1000);
}

static size_t kill_under_load(Bed *b, int round, int64_t *acks, size_t have)
{
    int ends[2];
    if (pipe(ends) != 0)
        return have;
    pid_t pid = fork();
    if (pid == 0) {
        close(ends[0]);
        child_under_load(b, ends[1]);
    }
    close(ends[1]);
    int64_t id, until = 0;
    /* Killed some time after the first answer, at another moment each round. */
    while (have < ACKS_MAX && read(ends[0], &id, sizeof id) == sizeof id) {
        CHECK(id > 0, "a command failed");
        acks[have++] = id;
        if (until == 0)
            until = clock_monotonic_us() + 20000 + round * 7777;
        if (until > 0 && clock_monotonic_us() > until) {
            kill(pid, SIGKILL);
            until = INT64_MAX;
        }
    }
    close(ends[0]);
    int status = 0;
    waitpid(pid, &status, 0);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "round %d: status %x", round,
          (unsigned)status);
    return have;
}

TEST(what_was_acknowledged_survives_kill_9)
{
    Bed b;
    StoreConn c;
    Err err = {0};
    bed_make(&b, "kill");
    bed_migrate(&b);
    int64_t *acks = NEW_N(&b.arena, int64_t, ACKS_MAX);
    size_t n = 0;
    for (int round = 0; round < KILLS; round++) {
        size_t before = n;
        n = kill_under_load(&b, round, acks, n);
        CHECK(n > before, "round %d: no answer", round);
        check_whole(&b, "after the kill");
    }
    int64_t lost = 0;
    if (bed_open(&b, &c, true)) {
        StoreTx tx = bed_tx(&b, &c);
        for (size_t i = 0; i < n; i++) {
            ArenaMark m = arena_mark(&b.arena);
            StoreRows rows;
            lost += !tx_one(&tx, SQL_CHAIN_GET, PARAMS(P_STR(tx.place), P_INT(acks[i])), &rows,
                            "case", &err);
            arena_rewind(&b.arena, m);
        }
        store_close(&c);
    }
    CHECK(lost == 0, "%d of %d acknowledged cases lost", (int)lost, (int)n);
    CHECK(bed_count(&b, "select count(*) from cases") >= (int64_t)n, "all there");
    bed_free(&b);
}
