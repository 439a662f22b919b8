/* SPDX-License-Identifier: Apache-2.0 */
/* Arena, Str, Map and Value: what everything else stands on. */
#include "base/arena.h"
#include "base/map.h"
#include "base/rand.h"
#include "base/str.h"
#include "base/value.h"
#include "base/vec.h"
#include "check.h"

static bool all_zero(const char *at, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (at[i])
            return false;
    return true;
}

TEST(arena_gives_zeroed_aligned_memory)
{
    Arena a = {0};
    static const size_t sizes[] = {0, 1, 15, 16, 17, 4000, 8192, 20000, 3 << 20};
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < COUNT(sizes); i++) {
            char *at = arena_alloc(&a, sizes[i]);
            CHECK((uintptr_t)at % 16 == 0, "aligned, size %zu", sizes[i]);
            CHECK(all_zero(at, sizes[i]), "zeroed, size %zu", sizes[i]);
            memset(at, 0xee, sizes[i]);
        }
        size_t held = a.total;
        arena_reset(&a);
        CHECK(a.total < held && a.total > 0, "one block is kept");
    }
    arena_free(&a);
    CHECK(a.total == 0 && a.head == NULL, "nothing is held");
}

TEST(arena_rewinds_over_blocks)
{
    Arena a = {0};
    char *kept = arena_alloc(&a, 100);
    memset(kept, 'k', 100);
    ArenaMark mark = arena_mark(&a);
    char *first = arena_alloc(&a, 50);
    (void)arena_alloc(&a, 1 << 20);
    (void)arena_alloc(&a, 1 << 20);
    arena_rewind(&a, mark);
    CHECK(arena_alloc(&a, 50) == first, "the same place again");
    CHECK(kept[0] == 'k' && kept[99] == 'k', "what was before the mark stays");
    ArenaMark empty = arena_mark(&(Arena){0});
    arena_rewind(&a, empty);
    CHECK(a.head == NULL && a.total == 0, "a mark of nothing");
    arena_free(&a);
}

TEST(arena_grows_in_place_or_copies)
{
    Arena a = {0};
    char *at = arena_alloc(&a, 10);
    memset(at, 'a', 10);
    char *same = arena_grow(&a, at, 10, 200);
    CHECK(same == at, "newest grows in place");
    CHECK(same[9] == 'a' && all_zero(same + 10, 190), "the new part is zero");
    (void)arena_alloc(&a, 1);
    char *copied = arena_grow(&a, same, 200, 400);
    CHECK(copied != same && copied[9] == 'a' && all_zero(copied + 10, 390), "copied");
    char *other_block = arena_grow(&a, copied, 400, 100000);
    CHECK(other_block[9] == 'a' && all_zero(other_block + 10, 99990), "into another block");
    CHECK(arena_grow(&a, NULL, 0, 10) != NULL, "from nothing");
    arena_free(&a);
}

TEST(vec_grows)
{
    Arena a = {0};
    Vec(int) v = {0};
    for (int i = 0; i < 1000; i++)
        *VEC_PUSH(&a, &v) = i;
    bool ok = v.len == 1000;
    for (int i = 0; i < 1000; i++)
        ok = ok && v.at[i] == i;
    CHECK(ok, "all there");
    arena_free(&a);
}

TEST(str_basics)
{
    static const Str s = STR_INIT("one-stop 一门");
    CHECK(str_eq(str_slice(s, 4, 8), STR("stop")), "slice");
    CHECK(str_slice(s, 99, 3).len == 0 && str_slice(s, 4, 99).len == s.len - 4, "clamped");
    CHECK(str_find(s, STR("stop"), 0) == 4 && str_find(s, STR("stop"), 5) == SIZE_MAX, "find");
    CHECK(str_find(s, STR(""), 3) == 3 && str_find(s, STR("x"), 99) == SIZE_MAX, "find edges");
    CHECK(str_starts(s, STR("one")) && !str_starts(STR("o"), STR("one")), "starts");
    CHECK(str_ends(s, STR("门")) && !str_ends(STR("门"), s), "ends");
    CHECK(str_eq(str_trim(STR(" \t\r\n x y \v\f")), STR("x y")) && !str_trim(STR("  ")).len,
          "trim");
    CHECK(str_eq_nocase(STR("Content-Type"), STR("content-tYPE")), "nocase");
    CHECK(!str_eq_nocase(STR("a["), STR("A{")), "letters only");
    CHECK(str_cmp(STR("a"), STR("b")) < 0 && str_cmp(STR("ab"), STR("a")) > 0, "order");
    CHECK(str_cmp(STR(""), (Str){0}) == 0 && str_cmp(STR("门"), STR("z")) > 0,
          "bytes are unsigned");
    CHECK(str_eq_secret(STR("abc"), STR("abc")) && !str_eq_secret(STR("abc"), STR("abd")),
          "secret");
    CHECK(!str_eq_secret(STR("abc"), STR("")) && !str_eq_secret(STR(""), STR("a")), "lengths");
    CHECK(!str_eq_secret(STR("abcabc"), STR("abc")), "a repeat is not equal");
    CHECK(str_z(NULL).len == 0, "no text");
}

TEST(str_builders)
{
    Arena a = {0};
    CHECK(str_eq(str_replace(&a, STR("a.b.c"), STR("."), STR("::")), STR("a::b::c")), "replace");
    CHECK(str_eq(str_replace(&a, STR("aaa"), STR(""), STR("x")), STR("aaa")), "replace nothing");
    CHECK(str_eq(str_percent(&a, STR("a-._~9 /%\0一")), STR("a-._~9%20%2F%25%00%E4%B8%80")),
          "percent");
    CHECK(str_eq(str_lower(&a, STR("ÄBC门")), STR("Äbc门")), "ASCII only");
    CHECK(str_eq(str_join(&a, STR("x"), STR("y")), STR("xy")), "join");
    CHECK(str_eq(str_fmt(&a, "%d-%s", 7, "z"), STR("7-z")), "fmt");
    CHECK(str_cstr(&a, STR("abc"))[3] == '\0', "end mark");
    StrBuf b = buf_in(&a);
    CHECK(buf_str(&b).at != NULL && buf_str(&b).len == 0, "empty");
    for (int i = 0; i < 500; i++)
        buf_fmt(&b, "%d,", i);
    buf_int(&b, INT64_MIN);
    buf_int(&b, 0);
    CHECK(str_ends(buf_str(&b), STR("499,-92233720368547758080")), "int");
    CHECK(b.len == 10 * 2 + 90 * 3 + 400 * 4 + 21, "%zu", b.len);
    arena_free(&a);
}

TEST(str_splits)
{
    static const struct {
        const char *text;
        const char *parts[4];
        size_t n;
    } rows[] = {
        {"a,b,c", {"a", "b", "c"}, 3},
        {"a,,c", {"a", "", "c"}, 3},
        {",", {"", ""}, 2},
        {"", {""}, 1},
        {"one", {"one"}, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Str rest = str_z(rows[i].text), part;
        size_t n = 0;
        while (str_split(&rest, ',', &part)) {
            CHECK(n < rows[i].n && str_eq(part, str_z(rows[i].parts[n])), "row %zu part %zu", i, n);
            n++;
        }
        CHECK(n == rows[i].n, "row %zu: %zu parts", i, n);
    }
}

TEST(str_int_whole_and_in_range)
{
    static const struct {
        const char *text;
        bool ok;
        int64_t value;
    } rows[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"+7", true, 7},
        {"007", true, 7},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"1 ", false, 0},
        {"1.0", false, 0},
        {"0x1", false, 0},
        {"１", false, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t n = 0;
        bool ok = str_int(str_z(rows[i].text), &n);
        CHECK(ok == rows[i].ok && (!ok || n == rows[i].value), "'%s'", rows[i].text);
    }
}

TEST(map_keeps_all_and_their_order)
{
    Arena a = {0};
    Map m = {0};
    static int values[2000];
    CHECK(map_get(&m, STR("x")) == NULL, "empty");
    for (size_t i = 0; i < COUNT(values); i++)
        CHECK(map_add(&a, &m, str_fmt(&a, "key-%zu", i), &values[i]), "add %zu", i);
    CHECK(!map_add(&a, &m, STR("key-7"), &values[9]), "there already");
    bool ok = m.len == COUNT(values);
    for (size_t i = 0; i < COUNT(values); i++) {
        ok = ok && map_get(&m, str_fmt(&a, "key-%zu", i)) == &values[i];
        ok = ok && m.at[i].value == &values[i];
    }
    CHECK(ok, "all there, in order of insertion");
    map_put(&a, &m, STR("key-7"), &values[9]);
    map_put(&a, &m, STR(""), &values[1]);
    CHECK(map_get(&m, STR("key-7")) == &values[9] && m.len == COUNT(values) + 1, "put replaces");
    CHECK(map_get(&m, STR("")) == &values[1], "an empty key");
    CHECK(map_get(&m, STR("key-2000")) == NULL, "absent");
    arena_free(&a);
}

/* Every size from nothing over the index's threshold (12) and several growths of it. */
TEST(value_maps_of_every_size)
{
    Arena a = {0};
    for (int n = 0; n <= 80; n++) {
        Value *map = value_map(&a);
        bool ok = true;
        for (int i = 0; i < n; i++)
            ok = ok && value_add(&a, map, str_fmt(&a, "k%d", i), (uint32_t)i, value_int(&a, i));
        for (int i = 0; i < n; i++) {
            Str key = str_fmt(&a, "k%d", i);
            ok = ok && get_int(map, str_cstr(&a, key), -1) == i;
            ok = ok && !value_add(&a, map, key, 0, value_null(&a));
            ok = ok && str_eq(map->map.members[i].key, key) &&
                 map->map.members[i].key_offset == (uint32_t)i;
        }
        ok = ok && value_get(map, str_fmt(&a, "k%d", n)) == NULL;
        CHECK(ok && value_count(map) == (size_t)n, "%d members", n);
        CHECK((map->map.index != NULL) == (n > 12), "index with %d members", n);
    }
    arena_free(&a);
}

TEST(value_set_replaces_with_and_without_an_index)
{
    Arena a = {0};
    for (int n = 5; n <= 50; n += 45) {
        Value *map = value_map(&a);
        for (int i = 0; i < n; i++)
            value_set(&a, map, str_fmt(&a, "k%d", i), value_int(&a, i));
        value_set(&a, map, STR("k3"), value_str(&a, STR("new")));
        CHECK(value_count(map) == (size_t)n, "count");
        CHECK(str_eq(get_str(map, "k3"), STR("new")), "replaced");
        CHECK(get_int(map, "k4", 0) == 4, "the rest stays");
    }
    arena_free(&a);
}

static Value *sample(Arena *a)
{
    Value *page = value_map(a);
    set_str(a, page, "title", STR("一门"));
    set_int(a, page, "count", -3);
    set_bool(a, page, "open", true);
    Value *list = set_list(a, page, "rows");
    Value *row = push_map(a, list);
    set_str(a, row, "name", STR("first"));
    push_str(a, list, STR("second"));
    set_str(a, set_map(a, page, "applicant"), "name", STR("张三"));
    set_value(a, page, "nothing", value_null(a));
    return page;
}

TEST(value_paths_and_getters)
{
    Arena a = {0};
    const Value *page = sample(&a);
    CHECK(str_eq(value_text(value_path(page, STR("applicant.name"))), STR("张三")), "path");
    CHECK(value_path(page, STR("applicant.none")) == NULL, "absent");
    CHECK(value_path(page, STR("title.name")) == NULL, "through a text");
    CHECK(value_path(NULL, STR("a")) == NULL && value_get(NULL, STR("a")) == NULL, "of nothing");
    CHECK(get_int(page, "count", 9) == -3 && get_int(page, "title", 9) == 9, "int or otherwise");
    CHECK(get_bool(page, "open") && !get_bool(page, "title"), "bool or false");
    CHECK(get_str(page, "rows").len == 0, "no text");
    CHECK(str_eq(get_str(page, "count"), STR("-3")), "a number's text");
    CHECK(value_item(value_at(page, "rows"), 1) && !value_item(value_at(page, "rows"), 2) &&
              !value_item(page, 0) && !value_item(NULL, 0),
          "items");
    CHECK(value_count(value_at(page, "rows")) == 2 && value_count(value_at(page, "title")) == 0,
          "count");
    CHECK(value_is(value_at(page, "nothing"), VALUE_NULL) && !value_is(NULL, VALUE_NULL), "is");
    arena_free(&a);
}

TEST(value_copy_is_deep_and_equal)
{
    Arena a = {0}, b = {0};
    Value *page = sample(&a);
    Value *copy = value_copy(&b, page);
    CHECK(value_eq(page, copy), "equal");
    CHECK(value_at(copy, "title")->text.at != value_at(page, "title")->text.at, "texts too");
    set_int(&b, copy, "count", 4);
    CHECK(!value_eq(page, copy), "a changed number");
    CHECK(get_int(page, "count", 0) == -3, "the first stays");
    Value *one = value_map(&a), *two = value_map(&a);
    set_int(&a, one, "x", 1);
    set_int(&a, one, "y", 2);
    set_int(&a, two, "y", 2);
    CHECK(!value_eq(one, two), "fewer members");
    set_int(&a, two, "x", 1);
    CHECK(value_eq(one, two), "in any order");
    CHECK(!value_eq(value_str(&a, STR("1")), value_int(&a, 1)), "kinds differ");
    arena_free(&a);
    CHECK(str_eq(get_str(copy, "title"), STR("一门")), "outlives its source");
    arena_free(&b);
}

TEST(err_is_untouched_on_success_and_cut_when_long)
{
    Err err = {0};
    char text[600];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    CHECK(!FAIL_AT(&err, ERR_LIMIT, 7, "%s", text), "returns false");
    CHECK(err.code == ERR_LIMIT && err.offset == 7 && strlen(err.msg) == ERR_MSG_MAX - 1, "cut");
    CHECK(strstr(err.file, "core_test.c") && err.line > 0, "where");
    CHECK(!FAIL(NULL, ERR_INPUT, "no place to write"), "no Err");
    for (int code = ERR_NONE; code <= ERR_INTERNAL; code++)
        CHECK(strcmp(err_name((ErrCode)code), "unknown") != 0, "name of %d", code);
}
