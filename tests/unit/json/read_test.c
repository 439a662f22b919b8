/* SPDX-License-Identifier: Apache-2.0 */
#include "json/json.h"

#include "check.h"

/* Read and written again: "" in `out` means the same bytes. */
static const struct {
    Str in, out;
} good[] = {
    {STR_INIT("null"), STR_INIT("")},
    {STR_INIT(" \t\r\n true\n"), STR_INIT("true")},
    {STR_INIT("false"), STR_INIT("")},
    {STR_INIT("0"), STR_INIT("")},
    {STR_INIT("-0"), STR_INIT("")},
    {STR_INIT("-12.50e+007"), STR_INIT("")},
    {STR_INIT("1E400"), STR_INIT("")},
    {STR_INIT("123456789012345678901234567890.000000000000000000001"), STR_INIT("")},
    {STR_INIT("[]"), STR_INIT("")},
    {STR_INIT("{ }"), STR_INIT("{}")},
    {STR_INIT("[ 1 , [ ] , { } ]"), STR_INIT("[1,[],{}]")},
    {STR_INIT("\"\""), STR_INIT("")},
    {STR_INIT("\"一门 ok é 𝄞\""), STR_INIT("")},
    {STR_INIT("\"\\u4e00\\u95E8\""), STR_INIT("\"一门\"")},
    {STR_INIT("\"\\uD834\\udd1e\""), STR_INIT("\"𝄞\"")},
    {STR_INIT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), STR_INIT("\"\\\"\\\\/\\b\\f\\n\\r\\t\"")},
    {STR_INIT("\"\\u0000\\u001f\\u007f\""), STR_INIT("\"\\u0000\\u001f\x7f\"")},
    {STR_INIT("\"</script>\""), STR_INIT("\"\\u003c/script>\"")},
    {STR_INIT("\"a\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa\xe2\x82\xac\""),
     STR_INIT("\"a\\u2028\\u2029\xe2\x80\xaa€\"")},
    {STR_INIT("{\"\":1,\"a\":{\"a\":[{\"a\":null}]}}"), STR_INIT("")},
    {STR_INIT("{\"b\":1,\"a\":2,\"一\":3}"), STR_INIT("")},
    {STR_INIT("\"\xef\xbf\xbf\xee\x80\x80\xed\x9f\xbf\xe0\xa0\x80\xc2\x80\xf4\x8f\xbf\xbf\""),
     STR_INIT("")},
};

TEST(json_reads_and_writes_again)
{
    Arena a = {0};
    for (size_t i = 0; i < COUNT(good); i++) {
        Err err = {0};
        const Value *v = json_read(&a, good[i].in, &err);
        CHECK(v, "row %zu: %s", i, err.msg);
        if (!v)
            continue;
        Str want = good[i].out.len ? good[i].out : good[i].in;
        Str got = json_text(&a, v);
        CHECK(str_eq(got, want), "row %zu: " STR_FMT, i, STR_ARG(got));
        CHECK(err.code == ERR_NONE, "row %zu leaves err alone", i);
        const Value *again = json_read(&a, json_pretty(&a, v), &err);
        CHECK(again && value_eq(v, again), "row %zu pretty", i);
    }
    arena_free(&a);
}

static const struct {
    Str in;
    uint32_t offset;
    const char *msg; /* a part of it */
} bad[] = {
    {STR_INIT(""), 0, "ends too early"},
    {STR_INIT("  "), 2, "ends too early"},
    {STR_INIT("\xef\xbb\xbf{}"), 0, "byte 0xef"},
    {STR_INIT("nul"), 0, "unknown word"},
    {STR_INIT("True"), 0, "'T', expected a value"},
    {STR_INIT("[tru]"), 1, "unknown word"},
    {STR_INIT("truex"), 4, "'x', expected the end"},
    {STR_INIT("1 2"), 2, "expected the end"},
    {STR_INIT("{}\0"), 2, "byte 0x00"},
    {STR_INIT("-"), 1, "ends too early"},
    {STR_INIT("-x"), 1, "expected a digit"},
    {STR_INIT("+1"), 0, "expected a value"},
    {STR_INIT("007"), 0, "leading zero"},
    {STR_INIT("-01"), 1, "leading zero"},
    {STR_INIT("1."), 2, "ends too early"},
    {STR_INIT("[1.e1]"), 3, "expected a digit"},
    {STR_INIT("[.5]"), 1, "expected a value"},
    {STR_INIT("[1e]"), 3, "expected a digit"},
    {STR_INIT("[1e+]"), 4, "expected a digit"},
    {STR_INIT("0x1"), 1, "'x', expected the end"},
    {STR_INIT("NaN"), 0, "expected a value"},
    {STR_INIT("["), 1, "ends too early"},
    {STR_INIT("[1"), 2, "ends too early"},
    {STR_INIT("[1 2]"), 3, "expected ',' or ']'"},
    {STR_INIT("[1,]"), 3, "']', expected a value"},
    {STR_INIT("[,1]"), 1, "expected a value"},
    {STR_INIT("[1}"), 2, "expected ',' or ']'"},
    {STR_INIT("{"), 1, "ends too early"},
    {STR_INIT("{1:2}"), 1, "expected a key"},
    {STR_INIT("{\"a\"}"), 4, "expected ':'"},
    {STR_INIT("{\"a\":}"), 5, "expected a value"},
    {STR_INIT("{\"a\":1,}"), 7, "expected a key"},
    {STR_INIT("{\"a\":1 \"b\":2}"), 7, "expected ',' or '}'"},
    {STR_INIT("{'a':1}"), 1, "expected a key"},
    {STR_INIT("[1 // note\n]"), 3, "expected ',' or ']'"},
    {STR_INIT("{\"a\":1,\"b\":{},\"a\":2}"), 14, "duplicate key 'a'"},
    {STR_INIT("{\"a\":1,\"\\u0061\":2}"), 7, "duplicate key 'a'"},
    {STR_INIT("\"abc"), 0, "without a closing quote"},
    {STR_INIT("[\"abc\\\""), 1, "without a closing quote"},
    {STR_INIT("\"a\nb\""), 2, "control character"},
    {STR_INIT("\"1234567\tb\""), 8, "control character"},
    {STR_INIT("\"12345678\x1f\""), 9, "control character"},
    {STR_INIT("\"a\0\""), 2, "control character"},
    {STR_INIT("\"a\\x\""), 2, "unknown escape"},
    {STR_INIT("\"\\"), 1, "unknown escape"},
    {STR_INIT("\"\\u12\""), 1, "four hexadecimal"},
    {STR_INIT("\"\\u12g4\""), 1, "four hexadecimal"},
    {STR_INIT("\"\\u123"), 1, "four hexadecimal"},
    {STR_INIT("\"x\\ud800\""), 2, "surrogate"},
    {STR_INIT("\"x\\ud800x\""), 2, "surrogate"},
    {STR_INIT("\"x\\ud800\\n\""), 2, "surrogate"},
    {STR_INIT("\"x\\ud800\\ud800\""), 2, "surrogate"},
    {STR_INIT("\"x\\udc00\\ud800\""), 2, "surrogate"},
    {STR_INIT("\"x\\ud83d\\u00\""), 2, "surrogate"},
    {STR_INIT("\"一\xff\""), 4, "invalid UTF-8"},
    {STR_INIT("\"\xc0\xaf\""), 1, "invalid UTF-8"},
    {STR_INIT("\"\xe0\x80\x80\""), 1, "invalid UTF-8"},
    {STR_INIT("\"门\xed\xa0\x80\""), 4, "invalid UTF-8"},
    {STR_INIT("\"\xf4\x90\x80\x80\""), 1, "invalid UTF-8"},
    {STR_INIT("\"a\xe4\xb8\""), 2, "invalid UTF-8"},
    {STR_INIT("\"a\xe4\xb8"), 2, "invalid UTF-8"},
    {STR_INIT("[\xe4\xb8\x80]"), 1, "byte 0xe4"},
};

TEST(json_errors_stand_at_the_byte_at_fault)
{
    Arena a = {0};
    for (size_t i = 0; i < COUNT(bad); i++) {
        Err err = {0};
        const Value *v = json_read(&a, bad[i].in, &err);
        CHECK(!v && err.code == ERR_INPUT, "row %zu: " STR_FMT, i, STR_ARG(bad[i].in));
        CHECK(err.offset == bad[i].offset, "row %zu: %u not %u", i, err.offset, bad[i].offset);
        CHECK(strstr(err.msg, bad[i].msg), "row %zu: %s", i, err.msg);
    }
    arena_free(&a);
}

/* Every prefix of a document is refused, and none is read past its end (ASan watches the copy). */
TEST(json_never_looks_past_the_end)
{
    Str doc =
        STR("{\"姓名\":\"张\\u4e09\\ud834\\udd1e\",\"n\":[-1.5e+3,true,false,null,{\"k\":\"v\"}]}");
    Arena a = {0};
    for (size_t n = 0; n < doc.len; n++) {
        Err err = {0};
        Str part = str_dup(&a, str_slice(doc, 0, n));
        CHECK(!json_read(&a, part, &err), "prefix of %zu bytes", n);
        CHECK(err.code == ERR_INPUT && err.offset <= n, "prefix of %zu bytes: %u", n, err.offset);
    }
    CHECK(json_read(&a, doc, NULL), "whole");
    arena_free(&a);
}

static Str repeated(Arena *a, const char *open, const char *middle, const char *close, size_t n)
{
    StrBuf b = buf_in(a);
    for (size_t i = 0; i < n; i++)
        buf_add(&b, str_z(open));
    buf_add(&b, str_z(middle));
    for (size_t i = 0; i < n; i++)
        buf_add(&b, str_z(close));
    return buf_str(&b);
}

TEST(json_depth_is_bounded)
{
    static const struct {
        const char *open, *close;
    } rows[] = {{"[", "]"}, {"{\"a\":", "}"}};
    Arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Err err = {0};
        Str deep = repeated(&a, rows[i].open, "1", rows[i].close, JSON_MAX_DEPTH);
        CHECK(json_read(&a, deep, &err), "row %zu: %s", i, err.msg);
        deep = repeated(&a, rows[i].open, "1", rows[i].close, JSON_MAX_DEPTH + 1);
        CHECK(!json_read(&a, deep, &err) && err.code == ERR_LIMIT, "row %zu", i);
        CHECK(err.offset == JSON_MAX_DEPTH * strlen(rows[i].open), "row %zu: %u", i, err.offset);
    }
    arena_free(&a);
}

TEST(json_size_is_bounded)
{
    Arena a = {0};
    size_t n = (size_t)JSON_MAX_BYTES + 1;
    char *at = arena_alloc(&a, n);
    memset(at, ' ', n);
    at[0] = '1';
    Err err = {0};
    CHECK(json_read(&a, (Str){at, n - 1}, &err), "%s", err.msg);
    CHECK(!json_read(&a, (Str){at, n}, &err) && err.code == ERR_LIMIT, "one byte more");
    arena_free(&a);
}

TEST(json_nodes_are_bounded)
{
    Arena text = {0}, a = {0};
    /* The list itself is a value too. */
    Str items = repeated(&text, "1,", "1", "", JSON_MAX_NODES - 2);
    Str fits = str_fmt(&text, "[" STR_FMT "]", STR_ARG(items));
    Err err = {0};
    const Value *v = json_read(&a, fits, &err);
    CHECK(v && value_count(v) == JSON_MAX_NODES - 1, "%s", err.msg);
    arena_reset(&a);
    Str over = str_fmt(&text, "[" STR_FMT ",1]", STR_ARG(items));
    CHECK(!json_read(&a, over, &err) && err.code == ERR_LIMIT, "one more");
    CHECK(err.offset == over.len - 2, "%u", err.offset);
    arena_free(&a);
    arena_free(&text);
}

TEST(json_keeps_places)
{
    Arena a = {0};
    const Value *v = json_read(&a, STR(" {\"门\": [1, \"x\"], \"b\":true}"), NULL);
    CHECK(v && v->offset == 1, "map");
    const Value *list = value_at(v, "门");
    CHECK(list && list->offset == 9 && list->list.items[0]->offset == 10, "list");
    CHECK(list->list.items[1]->offset == 13, "quote of a text");
    CHECK(v->map.members[0].key_offset == 2 && v->map.members[1].key_offset == 19, "keys");
    CHECK(value_at(v, "b")->offset == 23, "word");
    arena_free(&a);
}

/* Around the border where members leave the stack, and where a map gets its index. */
TEST(json_maps_and_lists_of_every_size)
{
    Arena a = {0};
    for (int n = 0; n < 100; n++) {
        StrBuf map = buf_in(&a), list = buf_in(&a), twice = buf_in(&a);
        for (int i = 0; i < n; i++) {
            buf_fmt(&map, "%s\"key%d\":%d", i ? "," : "", i, i);
            buf_fmt(&list, "%s%d", i ? "," : "", i);
        }
        Err err = {0};
        Str text = str_fmt(&a, "{" STR_FMT "}", STR_ARG(buf_str(&map)));
        const Value *v = json_read(&a, text, &err);
        CHECK(v && value_count(v) == (size_t)n, "map of %d: %s", n, err.msg);
        CHECK(str_eq(json_text(&a, v), text), "map of %d is the same again", n);
        for (int i = 0; i < n; i++) {
            Str key = str_fmt(&a, "key%d", i);
            CHECK(str_eq(value_text(value_get(v, key)), str_slice(key, 3, 9)), "%d of %d", i, n);
        }
        text = str_fmt(&a, "[" STR_FMT "]", STR_ARG(buf_str(&list)));
        v = json_read(&a, text, &err);
        CHECK(v && value_count(v) == (size_t)n, "list of %d: %s", n, err.msg);
        CHECK(str_eq(json_text(&a, v), text), "list of %d is the same again", n);
        if (!n)
            continue;
        buf_fmt(&twice, "{" STR_FMT ",\"key%d\":\"again\"}", STR_ARG(buf_str(&map)), n / 2);
        CHECK(!json_read(&a, buf_str(&twice), &err) && strstr(err.msg, "duplicate"), "%d", n);
        CHECK(err.offset == buf_str(&map).len + 2, "%d: %u", n, err.offset);
        v = json_read_last(&a, buf_str(&twice), &err);
        CHECK(v && value_count(v) == (size_t)n, "last wins in %d", n);
        Str last = value_text(value_get(v, str_fmt(&a, "key%d", n / 2)));
        CHECK(str_eq(last, STR("again")), "last wins in %d", n);
        arena_reset(&a);
    }
    arena_free(&a);
}

TEST(json_texts_without_escapes_are_views)
{
    Arena a = {0};
    Str src = STR("[\"plain 一\",\"e\\n\",12]");
    const Value *v = json_read(&a, src, NULL);
    CHECK(v && value_text(v->list.items[0]).at == src.at + 2, "plain");
    CHECK(str_eq(value_text(v->list.items[1]), STR("e\n")), "escaped");
    CHECK(value_text(v->list.items[2]).at == src.at + 19, "number");
    arena_free(&a);
}
