/* SPDX-License-Identifier: Apache-2.0 */
/* Hash, log, diag and file: what is written and read. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/rand.h"
#include "base/utf8.h"
#include "check.h"

TEST(hash_vectors)
{
    static const struct {
        Str text;
        const char *hex;
    } rows[] = {
        {STR_INIT(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {STR_INIT("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    };
    Arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Hash h = hash_of(rows[i].text);
        CHECK(str_eq(hash_hex(&a, &h), str_z(rows[i].hex)), "row %zu", i);
        Hasher *parts = hasher_new();
        for (size_t k = 0; k < rows[i].text.len; k++)
            hasher_add(parts, rows[i].text.at + k, 1);
        Hash same = hasher_end(parts);
        CHECK(hash_eq(&h, &same), "in parts, row %zu", i);
    }
    hasher_drop(hasher_new());
    /* RFC 4231, case 2 */
    Hash mac = hash_hmac(STR("Jefe"), STR("what do ya want for nothing?"));
    CHECK(str_eq(hash_hex(&a, &mac),
                 STR("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")),
          "hmac");
    arena_free(&a);
}

TEST(base64url_and_hex)
{
    static const struct {
        const char *plain, *coded;
    } rows[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xff\xfe\xfd", "__79"},
    };
    Arena a = {0};
    Str back;
    for (size_t i = 0; i < COUNT(rows); i++) {
        Str plain = str_z(rows[i].plain);
        CHECK(str_eq(base64url(&a, plain.at, plain.len), str_z(rows[i].coded)), "row %zu", i);
        CHECK(base64url_read(&a, str_z(rows[i].coded), &back) && str_eq(back, plain), "row %zu", i);
    }
    static const char *const bad[] = {"Z", "Zh", "Zm9=", "Zm9v+", "Zm9/", "Zm 9", "Zm9vY"};
    for (size_t i = 0; i < COUNT(bad); i++)
        CHECK(!base64url_read(&a, str_z(bad[i]), &back), "%s", bad[i]);
    unsigned char bytes[3];
    CHECK(hex_read(STR("00fFa1"), bytes, 3) && bytes[1] == 0xff && bytes[2] == 0xa1, "hex");
    CHECK(!hex_read(STR("00fFa"), bytes, 3), "short");
    CHECK(!hex_read(STR("00fFag"), bytes, 3), "no digit");
    CHECK(str_eq(hex_of(&a, "\x01\xab", 2), STR("01ab")), "hex_of");
    arena_free(&a);
}

TEST(rand_and_rng)
{
    Arena a = {0};
    Str x = rand_token(&a, 16), y = rand_token(&a, 16);
    CHECK(x.len == 22 && !str_eq(x, y), "tokens");
    Rng r, s;
    rng_seed(&r, 7);
    rng_seed(&s, 7);
    CHECK(rng_next(&r) == rng_next(&s), "same seed");
    size_t seen[6] = {0};
    for (int i = 0; i < 6000; i++)
        seen[rng_below(&r, 6)]++;
    for (size_t i = 0; i < 6; i++)
        CHECK(seen[i] > 800 && seen[i] < 1200, "face %zu: %zu", i, seen[i]);
    CHECK(rng_below(&r, 1) == 0, "one");
    arena_free(&a);
}

/* What a call writes to stderr. */
static Str captured(Arena *a, void (*run)(void))
{
    int pipe_ends[2];
    if (pipe(pipe_ends) != 0)
        return STR("");
    (void)fflush(stderr);
    int kept = dup(STDERR_FILENO);
    (void)dup2(pipe_ends[1], STDERR_FILENO);
    run();
    (void)dup2(kept, STDERR_FILENO);
    (void)close(kept);
    (void)close(pipe_ends[1]);
    char *text = arena_alloc(a, 8192);
    ssize_t n = read(pipe_ends[0], text, 8192);
    (void)close(pipe_ends[0]);
    return (Str){text, n > 0 ? (size_t)n : 0};
}

static void log_some(void)
{
    log_debug("not seen");
    log_info("listening port=%d", 8080);
    log_warn("visitor name=%s", "x\nerror forged\x1b[31m\t");
}

static void log_long(void)
{
    char text[4000];
    for (size_t i = 0; i + 3 < sizeof text; i += 3)
        memcpy(text + i, "门", 4);
    log_error("%s", text);
}

static void log_an_err(void)
{
    Err err = {0};
    (void)FAIL_AT(&err, ERR_INPUT, 12, "unknown field '%s'", "x");
    log_err("read", &err);
}

TEST(log_lines_cannot_be_forged)
{
    Arena a = {0};
    Str two = captured(&a, log_some);
    Str rest = two, first, second, end;
    CHECK(str_split(&rest, '\n', &first) && str_split(&rest, '\n', &second) &&
              str_split(&rest, '\n', &end) && !end.len,
          "two lines");
    CHECK(str_ends(first, STR("Z info listening port=8080")), "'" STR_FMT "'", STR_ARG(first));
    CHECK(str_ends(second, STR(" warn visitor name=x\\nerror forged\\x1b[31m\\x09")),
          "'" STR_FMT "'", STR_ARG(second));
    Str cut = captured(&a, log_long);
    CHECK(cut.len <= LOG_LINE_MAX && cut.len > LOG_LINE_MAX - 10, "%zu", cut.len);
    CHECK(utf8_valid(cut) && str_ends(cut, STR("\n")), "whole characters");
    Str err = captured(&a, log_an_err);
    CHECK(str_find(err, STR("read code=input offset=12 at="), 0) != SIZE_MAX, "what");
    CHECK(str_find(err, STR("error=\"unknown field 'x'\""), 0) != SIZE_MAX, "message");
    arena_free(&a);
}

TEST(diag_place_counts_code_points)
{
    static const struct {
        const char *text;
        uint32_t offset, line, column;
    } rows[] = {
        {"abc", 0, 1, 1},        {"abc", 3, 1, 4},         {"abc", 99, 1, 4}, {"a\nb", 2, 2, 1},
        {"名: 一门\n", 5, 1, 4}, {"名: 一门\n", 12, 2, 1}, {"", 0, 1, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint32_t line, column;
        diag_place(str_z(rows[i].text), rows[i].offset, &line, &column);
        CHECK(line == rows[i].line && column == rows[i].column, "row %zu: %u:%u", i, line, column);
    }
}

TEST(diag_caret_stands_under_chinese)
{
    Arena a = {0};
    Str got = diag_caret(&a, STR("x.feel"), STR("if 年龄 > then"), 12, STR("needs a value"));
    CHECK(str_eq(got, STR("x.feel:1:9: needs a value\n"
                          "    1 | if 年龄 > then\n"
                          "      |           ^\n")),
          "\n" STR_FMT, STR_ARG(got));
    got = diag_caret(&a, STR(""), STR("a\tb\r\n"), 2, STR("bad"));
    CHECK(str_eq(got, STR("1:3: bad\n    1 | a b\n      |   ^\n")), "\n" STR_FMT, STR_ARG(got));
    StrBuf longer = buf_in(&a);
    for (int i = 0; i < 300; i++)
        BUF_LIT(&longer, "门");
    got = diag_caret(&a, STR("f"), buf_str(&longer), 600, STR("far"));
    CHECK(str_starts(got, STR("f:1:201: far\n    1 | …门")), "\n" STR_FMT, STR_ARG(got));
    CHECK(got.len < 700, "a window only: %zu", got.len);
    arena_free(&a);
}

TEST(diag_render_sorts_and_drops_repeats)
{
    Arena a = {0};
    Diags d = {.arena = &a};
    uint16_t one = diag_file(&d, STR("a.yaml"), STR("x: 1\ny: 二\n"));
    uint16_t two = diag_file(&d, STR("b.yaml"), STR("z\n"));
    diag_add(&d, DIAG_ERROR, "t.two", two, 0, STR(""), "second file");
    diag_add(&d, DIAG_ADVICE, "t.cure", one, 8, STR("write 2"), "odd '%s'", "二");
    diag_add(&d, DIAG_ERROR, "t.one", one, 0, STR(""), "first");
    diag_add(&d, DIAG_ERROR, "t.one", one, 0, STR(""), "first");
    Str got = diag_render(&a, &d);
    CHECK(str_eq(got, STR("a.yaml:1:1: error: first [t.one]\n"
                          "    1 | x: 1\n"
                          "      | ^\n"
                          "a.yaml:2:4: advice: odd '二' [t.cure]\n"
                          "    2 | y: 二\n"
                          "      |    ^\n"
                          "      = write 2\n"
                          "b.yaml:1:1: error: second file [t.two]\n"
                          "    1 | z\n"
                          "      | ^\n")),
          "\n" STR_FMT, STR_ARG(got));
    CHECK(d.errors == 3 && d.advice == 1, "counted");
    for (int i = 0; i < DIAG_MAX + 5; i++)
        diag_add(&d, DIAG_ERROR, "t.many", one, (uint32_t)i % 9, STR(""), "row %d", i);
    CHECK(d.list.len == DIAG_MAX, "kept");
    CHECK(str_ends(diag_render(&a, &d), STR("and 9 more\n")), "the rest are counted");
    arena_free(&a);
}

static Str fresh_folder(Arena *a)
{
    char name[] = "/tmp/onedoor-base-XXXXXX";
    return mkdtemp(name) ? str_dup(a, str_z(name)) : STR("");
}

TEST(file_write_read_move_list)
{
    Arena a = {0};
    Err err = {0};
    Str root = fresh_folder(&a), text;
    Str deep = path_join(&a, root, STR("a/b/c"));
    CHECK(file_make_folder(deep, &err) && file_make_folder(deep, &err), "%s", err.msg);
    Str one = path_join(&a, deep, STR("one.yaml")), two = path_join(&a, root, STR("二.yaml"));
    CHECK(file_write(one, STR("first"), &err) && file_write(one, STR("second"), &err), "%s",
          err.msg);
    CHECK(file_read(&a, one, 6, &text, &err) && str_eq(text, STR("second")), "%s", err.msg);
    CHECK(!file_read(&a, one, 5, &text, &err) && err.code == ERR_LIMIT, "%s", err.msg);
    CHECK(file_write(two, STR(""), &err), "%s", err.msg);
    CHECK(file_read(&a, two, 0, &text, &err) && text.len == 0, "empty");
    CHECK(file_write(path_join(&a, root, STR("z.txt")), STR("z"), &err), "%s", err.msg);
    CHECK(file_write(path_join(&a, root, STR(".hidden.yaml")), STR("z"), &err), "%s", err.msg);
    CHECK(symlink(str_cstr(&a, root), str_cstr(&a, path_join(&a, root, STR("a/loop")))) == 0,
          "link");
    StrVec paths = {0};
    CHECK(file_list(&a, root, STR(".yaml"), &paths, &err), "%s", err.msg);
    CHECK(paths.len == 2 && str_eq(paths.at[0], STR("a/b/c/one.yaml")) &&
              str_eq(paths.at[1], STR("二.yaml")),
          "%zu paths", paths.len);
    Str moved = path_join(&a, root, STR("moved.yaml"));
    CHECK(file_move_durably(one, moved, &err) && file_exists(moved) && !file_exists(one), "moved");
    file_remove(moved);
    file_remove(moved);
    CHECK(!file_exists(moved), "removed");
    CHECK(file_read(&a, STR("/proc/self/stat"), 65536, &text, &err) && text.len,
          "a file of size 0");
    arena_free(&a);
}

TEST(file_errors_name_the_path)
{
    Arena a = {0};
    Str root = fresh_folder(&a), text;
    Str file = path_join(&a, root, STR("f"));
    StrVec paths = {0};
    Err err = {0};
    CHECK(file_write(file, STR("x"), &err), "%s", err.msg);
    struct {
        bool ok;
        ErrCode code;
        const char *part;
    } rows[9];
    size_t n = 0;
#define ROW(call, want, text_part)                                                                 \
    err = (Err){0};                                                                                \
    rows[n].ok = !(call) && err.code == (want) && strstr(err.msg, text_part);                      \
    rows[n].code = err.code;                                                                       \
    rows[n++].part = (text_part)
    ROW(file_read(&a, path_join(&a, root, STR("none")), 9, &text, &err), ERR_NOT_FOUND, "/none'");
    ROW(file_read(&a, root, 9, &text, &err), ERR_INPUT, "is a folder");
    ROW(file_read(&a, STR("a\0b"), 9, &text, &err), ERR_INPUT, "zero byte");
    ROW(file_write(path_join(&a, file, STR("x")), STR(""), &err), ERR_NOT_FOUND, "/f/x'");
    ROW(file_write(STR("/dev/full/x"), STR(""), &err), ERR_NOT_FOUND, "ENOTDIR");
    ROW(file_make_folder(file, &err), ERR_CONFLICT, "no folder");
    ROW(file_list(&a, path_join(&a, root, STR("none")), STR(""), &paths, &err), ERR_NOT_FOUND,
        "none");
    ROW(file_move_durably(path_join(&a, root, STR("none")), file, &err), ERR_NOT_FOUND, "none");
    char long_path[5000];
    memset(long_path, 'x', sizeof long_path);
    ROW(file_read(&a, (Str){long_path, sizeof long_path}, 9, &text, &err), ERR_LIMIT, "too long");
#undef ROW
    for (size_t i = 0; i < n; i++)
        CHECK(rows[i].ok, "row %zu: %s %s", i, err_name(rows[i].code), rows[i].part);
    Str deep = path_join(&a, root, STR("1/2/3/4/5/6/7/8/9"));
    CHECK(file_make_folder(deep, &err), "%s", err.msg);
    CHECK(!file_list(&a, root, STR(""), &paths, &err) && err.code == ERR_LIMIT, "%s", err.msg);
    arena_free(&a);
}
