/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is durable: a file's bytes are fsynced before its name points at them, and the folder after.
 * Paths are Str; the kernel wants an end mark, so each call makes its copy on the stack.
 */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/rand.h"

enum {
    READ_FIRST = 4096,
    LIST_DEPTH_MAX = 8,
    LIST_MAX = 200000,
    FILE_MODE = 0644,
    FOLDER_MODE = 0755
};

typedef struct {
    char z[PATH_MAX];
} PathZ;

static ErrCode code_of(int error)
{
    if (error == ENOSPC || error == EDQUOT || error == EFBIG)
        return ERR_STORAGE;
    return error == ENOENT || error == ENOTDIR ? ERR_NOT_FOUND : ERR_INTERNAL;
}

/* The error's name (ENOENT) and not its text: strerror is not safe in threads. */
static bool fail_errno(Err *err, const char *what, Str path)
{
    int error = errno;
    const char *name = strerrorname_np(error);
    return FAIL(err, code_of(error), "%s '" STR_FMT "': %s", what, STR_ARG(path),
                name ? name : "unknown error");
}

static bool path_z(Str path, PathZ *out, Err *err)
{
    if (path.len >= sizeof out->z)
        return FAIL(err, ERR_LIMIT, "path is too long '" STR_FMT "'",
                    STR_ARG(str_slice(path, 0, 80)));
    if (path.len == 0 || memchr(path.at, '\0', path.len))
        return FAIL(err, ERR_INPUT, "path is empty or has a zero byte");
    memcpy(out->z, path.at, path.len);
    out->z[path.len] = '\0';
    return true;
}

static Str folder_of(Str path)
{
    while (path.len && path.at[path.len - 1] != '/')
        path.len--;
    if (path.len > 1)
        path.len--;
    return path.len ? path : STR(".");
}

static bool sync_folder(Str folder, Err *err)
{
    PathZ z;
    if (!path_z(folder, &z, err))
        return false;
    int fd = open(z.z, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(err, "cannot open folder", folder);
    bool ok = fsync(fd) == 0 || fail_errno(err, "cannot sync folder", folder);
    (void)close(fd);
    return ok;
}

/* Reads to the end: the size that fstat tells is only a hint (proc files say 0). */
static bool read_all(StrBuf *b, int fd, size_t max, Str path, Err *err)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return fail_errno(err, "cannot read", path);
    if (S_ISDIR(st.st_mode))
        return FAIL(err, ERR_INPUT, "is a folder '" STR_FMT "'", STR_ARG(path));
    if (st.st_size > 0 && (uint64_t)st.st_size > max)
        return FAIL(err, ERR_LIMIT, "file is larger than %zu bytes '" STR_FMT "'", max,
                    STR_ARG(path));
    size_t step = st.st_size > 0 ? (size_t)st.st_size + 1 : READ_FIRST;
    for (;;) {
        char *room = buf_room(b, step);
        ssize_t n = read(fd, room, step);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail_errno(err, "cannot read", path);
        if (n == 0)
            return true;
        b->len += (size_t)n;
        if (b->len > max)
            return FAIL(err, ERR_LIMIT, "file is larger than %zu bytes '" STR_FMT "'", max,
                        STR_ARG(path));
        step = READ_FIRST;
    }
}

bool file_read(Arena *out, Str path, size_t max, Str *content, Err *err)
{
    PathZ z;
    if (!path_z(path, &z, err))
        return false;
    int fd = open(z.z, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(err, "cannot open", path);
    StrBuf b = buf_in(out);
    bool ok = read_all(&b, fd, max, path, err);
    (void)close(fd);
    if (ok)
        *content = buf_str(&b);
    return ok;
}

static bool write_all(int fd, Str content)
{
    while (content.len) {
        ssize_t n = write(fd, content.at, content.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        content = str_slice(content, (size_t)n, content.len);
    }
    return true;
}

/* A random end keeps two writers of one path from sharing a half-written file. */
static bool beside(Str path, PathZ *out, Err *err)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char random[6];
    char end[] = ".tmp-000000000000";
    rand_bytes(random, sizeof random);
    for (size_t i = 0; i < sizeof random; i++) {
        end[5 + i * 2] = digits[random[i] >> 4];
        end[6 + i * 2] = digits[random[i] & 15];
    }
    if (path.len + sizeof end >= sizeof out->z)
        return FAIL(err, ERR_LIMIT, "path is too long '" STR_FMT "'",
                    STR_ARG(str_slice(path, 0, 80)));
    if (!path_z(path, out, err))
        return false;
    memcpy(out->z + path.len, end, sizeof end);
    return true;
}

bool file_write(Str path, Str content, Err *err)
{
    PathZ z, temporary;
    if (!path_z(path, &z, err) || !beside(path, &temporary, err))
        return false;
    int fd = open(temporary.z, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    if (fd < 0)
        return fail_errno(err, "cannot create", path);
    bool ok = write_all(fd, content) && fsync(fd) == 0;
    if (!ok)
        (void)fail_errno(err, "cannot write", path);
    if (close(fd) != 0 && ok)
        ok = fail_errno(err, "cannot write", path);
    if (ok && rename(temporary.z, z.z) != 0)
        ok = fail_errno(err, "cannot put in place", path);
    if (!ok) {
        (void)unlink(temporary.z);
        return false;
    }
    return sync_folder(folder_of(path), err);
}

bool file_make_folder(Str path, Err *err)
{
    PathZ z;
    if (!path_z(path, &z, err))
        return false;
    for (size_t i = 1; i <= path.len; i++) {
        if (i < path.len && path.at[i] != '/')
            continue;
        z.z[i] = '\0';
        if (mkdir(z.z, FOLDER_MODE) != 0 && errno != EEXIST)
            return fail_errno(err, "cannot make folder", path);
        if (i < path.len)
            z.z[i] = '/';
    }
    struct stat st;
    if (stat(z.z, &st) != 0 || !S_ISDIR(st.st_mode))
        return FAIL(err, ERR_CONFLICT, "is there and is no folder '" STR_FMT "'", STR_ARG(path));
    return true;
}

bool file_make_temporary(Arena *out, Str below, Str *path, Err *err)
{
    PathZ z;
    if (!path_z(path_join(out, below, STR("onedoor-XXXXXX")), &z, err))
        return false;
    if (!mkdtemp(z.z))
        return fail_errno(err, "cannot make a folder below", below);
    *path = str_dup(out, str_z(z.z));
    return true;
}

typedef struct {
    Arena *out;
    Str root, suffix;
    StrVec *paths;
} Listing;

static bool list_folder(Listing *l, Str below, int depth, Err *err);

static bool list_entry(Listing *l, Str path, int depth, Err *err)
{
    PathZ z;
    struct stat st;
    if (!path_z(path_join(l->out, l->root, path), &z, err))
        return false;
    /* Gone since the folder was read, or a link to nowhere: no file to list. */
    if (lstat(z.z, &st) != 0)
        return true;
    if (S_ISDIR(st.st_mode))
        return list_folder(l, path, depth + 1, err);
    if (S_ISLNK(st.st_mode) && (stat(z.z, &st) != 0 || S_ISDIR(st.st_mode)))
        return true;
    if (!S_ISREG(st.st_mode) || !str_ends(path, l->suffix))
        return true;
    if (l->paths->len >= LIST_MAX)
        return FAIL(err, ERR_LIMIT, "more than %d files below '" STR_FMT "'", LIST_MAX,
                    STR_ARG(l->root));
    *VEC_PUSH(l->out, l->paths) = path;
    return true;
}

static bool list_folder(Listing *l, Str below, int depth, Err *err)
{
    PathZ z;
    Str folder = below.len ? path_join(l->out, l->root, below) : l->root;
    if (depth > LIST_DEPTH_MAX)
        return FAIL(err, ERR_LIMIT, "folders are nested deeper than %d '" STR_FMT "'",
                    LIST_DEPTH_MAX, STR_ARG(folder));
    if (!path_z(folder, &z, err))
        return false;
    DIR *dir = opendir(z.z);
    if (!dir)
        return fail_errno(err, "cannot open folder", folder);
    bool ok = true;
    for (struct dirent *e; ok && (e = readdir(dir));) {
        if (e->d_name[0] == '.')
            continue;
        Str name = str_dup(l->out, str_z(e->d_name));
        ok = list_entry(l, below.len ? path_join(l->out, below, name) : name, depth, err);
    }
    (void)closedir(dir);
    return ok;
}

static int by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const Str *)a, *(const Str *)b);
}

bool file_list(Arena *out, Str dir, Str suffix, StrVec *paths, Err *err)
{
    Listing l = {.out = out, .root = dir, .suffix = suffix, .paths = paths};
    size_t before = paths->len;
    if (!list_folder(&l, STR(""), 1, err))
        return false;
    if (paths->at)
        qsort(paths->at + before, paths->len - before, sizeof *paths->at, by_bytes);
    return true;
}

bool file_exists(Str path)
{
    PathZ z;
    struct stat st;
    return path_z(path, &z, NULL) && stat(z.z, &st) == 0;
}

bool file_move_durably(Str from, Str to, Err *err)
{
    PathZ source, target;
    if (!path_z(from, &source, err) || !path_z(to, &target, err))
        return false;
    int fd = open(source.z, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fail_errno(err, "cannot open", from);
    bool ok = fsync(fd) == 0 || fail_errno(err, "cannot sync", from);
    (void)close(fd);
    if (!ok)
        return false;
    if (rename(source.z, target.z) != 0)
        return fail_errno(err, "cannot move", from);
    return sync_folder(folder_of(to), err) && sync_folder(folder_of(from), err);
}

void file_remove(Str path)
{
    PathZ z;
    if (path_z(path, &z, NULL))
        (void)unlink(z.z);
}

Str path_join(Arena *out, Str folder, Str name)
{
    if (!folder.len)
        return name;
    bool slash = folder.at[folder.len - 1] == '/';
    return str_fmt(out, STR_FMT "%s" STR_FMT, STR_ARG(folder), slash ? "" : "/", STR_ARG(name));
}
