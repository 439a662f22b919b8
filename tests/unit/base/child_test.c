/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/clock.h"
#include "base/thread.h"
#include "check.h"

enum { ANSWER_MAX = 1 << 20, LONG_MS = 20000, SHORT_MS = 200, SLOW_MS = 5000 };

static bool shell(Arena *a, const char *script, Str input, int64_t deadline_ms, Str *answer,
                  Err *err)
{
    const char *args[] = {"the-child", "-c", script, NULL};
    ChildCall call = {"/bin/sh", args, input, ANSWER_MAX, deadline_ms};
    return child_run(a, &call, answer, err);
}

static const struct {
    const char *script, *input, *answer;
    ErrCode code;
    const char *msg;
} calls[] = {
    {"cat", "in and out", "in and out", ERR_NONE, NULL},
    {"cat; printf ' more'", "", " more", ERR_NONE, NULL},
    {"exec <&-; printf unread", "x", "unread", ERR_NONE, NULL},
    {"cat; exit 3", "half", NULL, ERR_INTERNAL, "exited with 3"},
    {"cat; kill -SEGV $$", "half", NULL, ERR_INTERNAL, "signal 11"},
    {"cat; kill -KILL $$", "half", NULL, ERR_INTERNAL, "signal 9"},
    {"exec sleep 100", "x", NULL, ERR_INTERNAL, "within 200 ms"},
    {"exec >&- <&-; exec sleep 100", "x", NULL, ERR_INTERNAL, "within 200 ms"},
    {"printf x; exec sleep 100", "x", NULL, ERR_INTERNAL, "within 200 ms"},
    {"exec yes 2>/dev/null", "x", NULL, ERR_LIMIT, "1048576 bytes"},
};

TEST(child_answers_or_says_why_not)
{
    for (size_t i = 0; i < COUNT(calls); i++) {
        Arena a = {0};
        Err err = {0};
        Str answer = {0};
        bool slow = calls[i].msg && strstr(calls[i].msg, " ms");
        int64_t began = clock_monotonic_us();
        bool ok = shell(&a, calls[i].script, str_z(calls[i].input), slow ? SHORT_MS : LONG_MS,
                        &answer, &err);
        CHECK(ok == !calls[i].code && err.code == calls[i].code, "%s: %s", calls[i].script,
              err.msg);
        CHECK(!ok || str_eq(answer, str_z(calls[i].answer)), "%s: " STR_FMT, calls[i].script,
              STR_ARG(answer));
        CHECK(ok || (calls[i].msg && strstr(err.msg, calls[i].msg)), "%s: %s", calls[i].script,
              err.msg);
        CHECK(!slow || clock_monotonic_us() - began < SLOW_MS * 1000, "%s: in time",
              calls[i].script);
        arena_free(&a);
    }
    CHECK(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "no child is left over");
}

/* More than sockets hold, both ways. */
TEST(child_takes_and_gives_much)
{
    Arena a = {0};
    Err err = {0};
    StrBuf b = buf_in(&a);
    for (int i = 0; b.len < ANSWER_MAX - 100; i++)
        buf_fmt(&b, "%d ", i);
    Str answer = {0};
    bool ok = shell(&a, "exec cat", buf_str(&b), LONG_MS, &answer, &err);
    CHECK(ok && str_eq(answer, buf_str(&b)), "%zu bytes: %s", answer.len, err.msg);
    arena_free(&a);
}

static int open_files(void)
{
    int n = 0;
    DIR *d = opendir("/proc/self/fd");
    while (d && readdir(d))
        n++;
    if (d)
        closedir(d);
    return n;
}

/* Descriptors without CLOEXEC, secrets and blocked signals stay with the parent. */
TEST(child_inherits_nothing_of_ours)
{
    Arena a = {0};
    Err err = {0};
    Str answer = {0};
    int before = open_files(), leaky = dup(STDERR_FILENO);
    (void)setenv("ONEDOOR_TEST_TOKEN", "secret", 1);
    (void)setenv("FONTCONFIG_PATH", "/fonts", 1);
    sigset_t all, was;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_BLOCK, &all, &was);
    bool ok = shell(&a,
                    "ls /proc/$$/fd | tr '\\n' ' '; echo $ONEDOOR_TEST_TOKEN $FONTCONFIG_PATH;"
                    " exec grep SigBlk /proc/self/status",
                    STR(""), LONG_MS, &answer, &err);
    (void)pthread_sigmask(SIG_SETMASK, &was, NULL);
    (void)unsetenv("FONTCONFIG_PATH");
    (void)unsetenv("ONEDOOR_TEST_TOKEN");
    (void)close(leaky);
    CHECK(ok && str_eq(answer, STR("0 1 2 /fonts\nSigBlk:\t0000000000000000\n")), STR_FMT " %s",
          STR_ARG(answer), err.msg);
    CHECK(open_files() == before, "every descriptor is closed again");
    arena_free(&a);
}

TEST(child_that_cannot_be_started)
{
    Arena a = {0};
    Err err = {0};
    Str answer;
    const char *args[] = {"nobody", NULL};
    ChildCall call = {"/nowhere/nobody", args, STR("x"), ANSWER_MAX, LONG_MS};
    int before = open_files();
    CHECK(!child_run(&a, &call, &answer, &err) && err.code == ERR_UNAVAILABLE, "%s", err.msg);
    CHECK(open_files() == before, "every descriptor is closed again");
    arena_free(&a);
}

enum { CALLERS = 4, EACH = 5 };

static void call_some(void *arg)
{
    bool *fine = arg;
    for (int i = 0; i < EACH; i++) {
        Arena a = {0};
        Err err = {0};
        Str answer = {0};
        *fine &=
            shell(&a, "exec cat", STR("x"), LONG_MS, &answer, &err) && str_eq(answer, STR("x"));
        arena_free(&a);
    }
}

TEST(child_by_many_threads)
{
    Thread threads[CALLERS];
    bool fine[CALLERS];
    for (int i = 0; i < CALLERS; i++) {
        fine[i] = true;
        thread_start(&threads[i], "caller", call_some, &fine[i]);
    }
    for (int i = 0; i < CALLERS; i++)
        thread_join(&threads[i]);
    for (int i = 0; i < CALLERS; i++)
        CHECK(fine[i], "thread %d", i);
}

/* ---- the other side: this program again, as a child ---- */

static int be_child(const char *what)
{
    Arena a = {0};
    Err err = {0};
    Str input = {0};
    ChildLimits limits = {"limited", 64 << 20, 1};
    child_limit(&limits);
    if (!child_input(&a, 8, &input, &err))
        return err.code == ERR_LIMIT ? 42 : 1;
    if (strcmp(what, "hang") == 0)
        sleep_ms(SLOW_MS);
    if (strcmp(what, "greedy") == 0)
        return malloc((size_t)256 << 20) ? 1 : 43;
    bool ok = child_answer(input, &err);
    arena_free(&a);
    return ok ? 0 : 1;
}

__attribute__((constructor)) static void as_child(int argc, char **argv)
{
    if (argc == 2 && strncmp(argv[1], "child:", 6) == 0)
        _exit(be_child(argv[1] + 6));
}

static const struct {
    const char *what, *input, *msg;
    bool plain; /* not under sanitizers */
} limited[] = {
    {"child:echo", "12345678", NULL, false},
    {"child:echo", "123456789", "exited with 42", false},
    {"child:hang", "x", "signal 14", false},
    {"child:greedy", "x", "exited with 43", true},
};

TEST(child_keeps_its_own_limits)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    const bool sanitized = true;
#else
    const bool sanitized = false;
#endif
    for (size_t i = 0; i < COUNT(limited); i++) {
        if (limited[i].plain && sanitized)
            continue;
        Arena a = {0};
        Err err = {0};
        Str answer = {0};
        const char *args[] = {"self", limited[i].what, NULL};
        ChildCall call = {CHILD_SELF, args, str_z(limited[i].input), ANSWER_MAX, LONG_MS};
        bool ok = child_run(&a, &call, &answer, &err);
        CHECK(ok == !limited[i].msg, "%s: %s", limited[i].what, err.msg);
        CHECK(ok ? str_eq(answer, str_z(limited[i].input))
                 : strstr(err.msg, limited[i].msg) != NULL,
              "%s: %s", limited[i].what, err.msg);
        arena_free(&a);
    }
}
