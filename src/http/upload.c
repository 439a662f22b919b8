/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Written by plain write(2) on the loop thread: it goes to the page cache, and whoever keeps the
 * file makes it durable when it moves it. Text is told by a small UTF-8 machine over all bytes, so
 * that a binary with a polite beginning is not called text.
 */
#include "http/upload.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/rand.h"

enum { UPLOAD_TOKEN = 18, UPLOAD_MODE = 0600 };

#define UPLOAD_SUFFIX ".upload"

static void sniff_lead(Sniffer *s, uint8_t c)
{
    s->low = 0x80;
    s->high = 0xbf;
    if (c < 0x80) {
        s->not_text = (c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f') || c == 0x7f;
    } else if (c >= 0xc2 && c <= 0xdf) {
        s->missing = 1;
    } else if (c >= 0xe0 && c <= 0xef) {
        s->missing = 2;
        s->low = c == 0xe0 ? 0xa0 : 0x80;
        s->high = c == 0xed ? 0x9f : 0xbf;
    } else if (c >= 0xf0 && c <= 0xf4) {
        s->missing = 3;
        s->low = c == 0xf0 ? 0x90 : 0x80;
        s->high = c == 0xf4 ? 0x8f : 0xbf;
    } else {
        s->not_text = true;
    }
}

static void sniff_byte(Sniffer *s, uint8_t c)
{
    if (!s->missing) {
        sniff_lead(s, c);
        return;
    }
    s->not_text = c < s->low || c > s->high;
    s->missing--;
    s->low = 0x80;
    s->high = 0xbf;
}

void sniff_add(Sniffer *s, Str bytes)
{
    size_t n = SNIFF_BYTES - s->len < bytes.len ? SNIFF_BYTES - s->len : bytes.len;
    if (n)
        memcpy(s->first + s->len, bytes.at, n);
    s->len += n;
    for (size_t i = 0; i < bytes.len && !s->not_text; i++)
        sniff_byte(s, (uint8_t)bytes.at[i]);
}

static bool is_heic(Str first)
{
    static const Str brands[] = {STR_INIT("heic"), STR_INIT("heix"), STR_INIT("hevc"),
                                 STR_INIT("hevx"), STR_INIT("heim"), STR_INIT("heis"),
                                 STR_INIT("mif1"), STR_INIT("msf1")};
    if (first.len < 12 || !str_eq(str_slice(first, 4, 8), STR("ftyp")))
        return false;
    for (size_t i = 0; i < COUNT(brands); i++)
        if (str_eq(str_slice(first, 8, 12), brands[i]))
            return true;
    return false;
}

Str sniff_type(const Sniffer *s)
{
    Str first = {s->first, s->len};
    if (str_starts(first, STR("%PDF-")))
        return STR("application/pdf");
    if (str_starts(first, STR("\x89PNG\r\n\x1a\n")))
        return STR("image/png");
    if (str_starts(first, STR("\xff\xd8\xff")))
        return STR("image/jpeg");
    if (str_starts(first, STR("RIFF")) && str_eq(str_slice(first, 8, 12), STR("WEBP")))
        return STR("image/webp");
    if (is_heic(first))
        return STR("image/heic");
    if (first.len && !s->not_text && !s->missing)
        return STR("text/plain");
    return STR("application/octet-stream");
}

static bool fail_disk(Err *err, const char *what)
{
    bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
    return FAIL(err, full ? ERR_STORAGE : ERR_INTERNAL, "cannot %s an upload: %s", what,
                strerrorname_np(errno));
}

bool upload_begin(Arena *out, Str folder, Upload *u, Err *err)
{
    *u = (Upload){.fd = -1};
    Str name = str_join(out, rand_token(out, UPLOAD_TOKEN), STR(UPLOAD_SUFFIX));
    u->file.path = path_join(out, folder, name);
    u->fd = open(str_cstr(out, u->file.path), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, UPLOAD_MODE);
    if (u->fd < 0)
        return fail_disk(err, "create");
    u->hasher = hasher_new();
    return true;
}

bool upload_add(Upload *u, Str bytes, uint64_t max, Err *err)
{
    if (bytes.len > max || u->size > max - bytes.len)
        return FAIL(err, ERR_LIMIT, "file is over %llu bytes", (unsigned long long)max);
    hasher_add(u->hasher, bytes.at, bytes.len);
    sniff_add(&u->sniffer, bytes);
    u->size += bytes.len;
    while (bytes.len) {
        ssize_t n = write(u->fd, bytes.at, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fail_disk(err, "write");
        bytes = str_slice(bytes, (size_t)n, bytes.len);
    }
    return true;
}

void upload_end(Upload *u)
{
    u->file.hash = hasher_end(u->hasher);
    u->file.size = u->size;
    u->file.type = sniff_type(&u->sniffer);
    u->hasher = NULL;
    (void)close(u->fd);
    u->fd = -1;
}

void upload_drop(Upload *u)
{
    if (u->fd < 0)
        return;
    hasher_drop(u->hasher);
    (void)close(u->fd);
    u->fd = -1;
    file_remove(u->file.path);
}

void upload_clean(Str folder)
{
    Arena a = {0};
    StrVec paths = {0};
    Err err = {0};
    Clock clock;
    clock_init_real(&clock);
    if (!file_list(&a, folder, STR(UPLOAD_SUFFIX), &paths, &err))
        log_err("upload folder", &err);
    for (size_t i = 0; i < paths.len; i++) {
        Str path = path_join(&a, folder, paths.at[i]);
        struct stat st;
        bool old = stat(str_cstr(&a, path), &st) == 0 &&
                   (TimeMs)st.st_mtime * MS_SECOND < clock_now(&clock) - MS_DAY;
        if (old)
            file_remove(path);
    }
    arena_free(&a);
}
