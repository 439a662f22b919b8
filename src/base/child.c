/* SPDX-License-Identifier: Apache-2.0 */
/*
 * posix_spawn and a pair of sockets. A fork without exec would be cheaper by some 20 ms,
 * but its child holds whatever lock another thread held, and the mapped index of the database.
 *
 * The child is killed by its id while it is still ours to wait for: the id cannot be somebody
 * else's yet.
 */
#include "base/child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/thread.h"

enum { PIECE = 64 << 10, ENV_MAX = 32 };

static bool fail_errno(Err *err, ErrCode code, const char *what, int error)
{
    const char *name = strerrorname_np(error);
    return FAIL(err, code, "%s: %s", what, name ? name : "unknown error");
}

/* ---- start ---- */

/* Where fonts, texts and libraries are; what sanitizers are told. */
static const char *const passed_on[] = {
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "XDG_DATA_HOME",
    "XDG_DATA_DIRS",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "LD_LIBRARY_PATH",
    "ASAN_OPTIONS",
    "LSAN_OPTIONS",
    "TSAN_OPTIONS",
    "UBSAN_OPTIONS",
};

static char **environment(Arena *a)
{
    _Static_assert(COUNT(passed_on) < ENV_MAX, "room for each and the end");
    char **env = NEW_N(a, char *, ENV_MAX);
    size_t n = 0;
    for (size_t i = 0; i < COUNT(passed_on); i++) {
        const char *value = getenv(passed_on[i]);
        if (!value)
            continue;
        StrBuf b = buf_in(a);
        buf_fmt(&b, "%s=%s", passed_on[i], value);
        buf_char(&b, '\0');
        env[n++] = b.at;
    }
    return env;
}

static char **arguments(Arena *a, const char *const *args)
{
    size_t n = 0;
    while (args[n])
        n++;
    char **copy = NEW_N(a, char *, n + 1);
    for (size_t i = 0; i < n; i++) {
        StrBuf b = buf_in(a);
        buf_add(&b, (Str){args[i], strlen(args[i]) + 1});
        copy[i] = b.at;
    }
    return copy;
}

/* Every signal as a program expects it, but for those that only our signal_wait may see. */
static int set_signals(posix_spawnattr_t *attr)
{
    sigset_t all, none;
    (void)sigfillset(&all);
    (void)sigemptyset(&none);
    int rc = posix_spawnattr_setsigdefault(attr, &all);
    if (!rc)
        rc = posix_spawnattr_setsigmask(attr, &none);
    return rc ? rc : posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}

static int spawn(Arena *a, const ChildCall *call, int theirs, pid_t *pid)
{
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    int rc = posix_spawn_file_actions_init(&files);
    if (rc)
        return rc;
    rc = posix_spawnattr_init(&attr);
    if (!rc) {
        rc = posix_spawn_file_actions_adddup2(&files, theirs, STDIN_FILENO);
        if (!rc)
            rc = posix_spawn_file_actions_adddup2(&files, theirs, STDOUT_FILENO);
        if (!rc)
            rc = posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
        if (!rc)
            rc = set_signals(&attr);
        if (!rc)
            rc = posix_spawn(pid, call->program, &files, &attr, arguments(a, call->args),
                             environment(a));
        (void)posix_spawnattr_destroy(&attr);
    }
    (void)posix_spawn_file_actions_destroy(&files);
    return rc;
}

/* ---- talk ---- */

typedef struct {
    const ChildCall *call;
    pid_t pid;
    int fd;
    Str rest; /* of the input */
    int64_t until_us;
} Child;

static bool too_slow(const Child *c, Err *err)
{
    return FAIL(err, ERR_INTERNAL, "'%s' was not done within %lld ms", c->call->args[0],
                (long long)c->call->deadline_ms);
}

/* What the child is ready for: POLLIN, POLLOUT; 0 when the deadline has passed. */
static short readiness(const Child *c, short events)
{
    for (;;) {
        int64_t left = (c->until_us - clock_monotonic_us() + 999) / 1000;
        if (left <= 0)
            return 0;
        struct pollfd p = {.fd = c->fd, .events = events};
        if (poll(&p, 1, (int)left) > 0)
            return p.revents & POLLOUT && events & POLLOUT ? POLLOUT | (p.revents & POLLIN)
                                                           : POLLIN;
    }
}

static bool is_again(int error)
{
    return error == EINTR || error == EAGAIN;
}

/* Then the end of it. A child that does not read is told by how it ends, not here. */
static void send_some(Child *c)
{
    ssize_t n = send(c->fd, c->rest.at, c->rest.len, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0)
        c->rest = str_slice(c->rest, (size_t)n, c->rest.len);
    else if (n < 0 && !is_again(errno))
        c->rest.len = 0;
    if (!c->rest.len)
        (void)shutdown(c->fd, SHUT_WR);
}

/* False at the end of the answer, be it a bad one. */
static bool receive_some(Child *c, StrBuf *b)
{
    ssize_t n = recv(c->fd, buf_room(b, PIECE), PIECE, MSG_DONTWAIT);
    if (n > 0)
        b->len += (size_t)n;
    return n > 0 || (n < 0 && is_again(errno));
}

/* Both ways at once: a child may answer before it has read all. */
static bool exchange(Child *c, StrBuf *b, Err *err)
{
    if (!c->rest.len)
        (void)shutdown(c->fd, SHUT_WR);
    for (;;) {
        short now = readiness(c, c->rest.len ? POLLIN | POLLOUT : POLLIN);
        if (!now)
            return too_slow(c, err);
        if (now & POLLOUT)
            send_some(c);
        if (now & POLLIN && !receive_some(c, b))
            return true;
        if (b->len > c->call->answer_max)
            return FAIL(err, ERR_LIMIT, "the answer of '%s' is longer than %zu bytes",
                        c->call->args[0], c->call->answer_max);
    }
}

/* ---- end ---- */

/* An exit takes a millisecond or two, hardly worth a descriptor to wait on. */
static bool await_end(const Child *c, int *status, Err *err)
{
    for (;;) {
        pid_t got = waitpid(c->pid, status, WNOHANG);
        if (got == c->pid)
            return true;
        if (got < 0 && errno != EINTR)
            return fail_errno(err, ERR_INTERNAL, "waitpid", errno);
        if (clock_monotonic_us() >= c->until_us)
            return too_slow(c, err);
        sleep_ms(1);
    }
}

static void kill_it(const Child *c)
{
    (void)kill(c->pid, SIGKILL);
    while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

static bool ended_well(const Child *c, int status, Err *err)
{
    const char *name = c->call->args[0];
    if (WIFSIGNALED(status))
        return FAIL(err, ERR_INTERNAL, "'%s' was ended by signal %d", name, WTERMSIG(status));
    return WEXITSTATUS(status) == 0 ||
           FAIL(err, ERR_INTERNAL, "'%s' exited with %d", name, WEXITSTATUS(status));
}

static bool talk(Child *c, StrBuf *b, Err *err)
{
    int status = 0;
    if (exchange(c, b, err) && await_end(c, &status, err))
        return ended_well(c, status, err);
    kill_it(c);
    return false;
}

bool child_run(Arena *out, const ChildCall *call, Str *answer, Err *err)
{
    int pair[2];
    Arena scratch = {0};
    Child c = {.call = call,
               .rest = call->input,
               .until_us = clock_monotonic_us() + call->deadline_ms * 1000};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return fail_errno(err, ERR_UNAVAILABLE, "socketpair", errno);
    int rc = spawn(&scratch, call, pair[1], &c.pid);
    (void)close(pair[1]);
    c.fd = pair[0];
    StrBuf b = buf_in(&scratch);
    bool ok = rc ? fail_errno(err, ERR_UNAVAILABLE, "a child process cannot be started", rc)
                 : talk(&c, &b, err);
    (void)close(c.fd);
    if (ok)
        *answer = str_dup(out, buf_str(&b));
    arena_free(&scratch);
    return ok;
}

/* ---- in the child ---- */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { MEMORY_IS_LIMITED = false };
#else
enum { MEMORY_IS_LIMITED = true };
#endif

/* What memory it reads of files is not counted: only what it may write to. A core file would hold
 * what people have handed in. */
void child_limit(const ChildLimits *limits)
{
    struct rlimit memory = {limits->memory_max, limits->memory_max}, none = {0, 0};
    signal_block_all();
    (void)prctl(PR_SET_NAME, limits->name);
    if (MEMORY_IS_LIMITED)
        (void)setrlimit(RLIMIT_DATA, &memory);
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)alarm(limits->lifetime_s);
}

bool child_input(Arena *out, size_t max, Str *input, Err *err)
{
    StrBuf b = buf_in(out);
    for (;;) {
        ssize_t n = read(STDIN_FILENO, buf_room(&b, PIECE), PIECE);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail_errno(err, ERR_INTERNAL, "reading the input", errno);
        if (n == 0)
            break;
        b.len += (size_t)n;
        if (b.len > max)
            return FAIL(err, ERR_LIMIT, "the input is longer than %zu bytes", max);
    }
    *input = buf_str(&b);
    return true;
}

bool child_answer(Str answer, Err *err)
{
    while (answer.len) {
        ssize_t n = write(STDOUT_FILENO, answer.at, answer.len);
        if (n < 0 && errno != EINTR)
            return fail_errno(err, ERR_INTERNAL, "writing the answer", errno);
        if (n > 0)
            answer = str_slice(answer, (size_t)n, answer.len);
    }
    return true;
}
