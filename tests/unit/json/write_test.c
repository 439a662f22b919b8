/* SPDX-License-Identifier: Apache-2.0 */
#include "json/json.h"

#include "base/rand.h"
#include "check.h"

TEST(json_escapes_every_byte_that_needs_it)
{
    Arena a = {0};
    for (unsigned c = 0; c < 128; c++) {
        char byte = (char)c;
        StrBuf b = buf_in(&a);
        json_write_str(&b, (Str){&byte, 1});
        Str s = buf_str(&b);
        bool escaped = c < 0x20 || c == '"' || c == '\\' || c == '<';
        CHECK((s.at[1] == '\\') == escaped, "byte %u: " STR_FMT, c, STR_ARG(s));
        const Value *v = json_read(&a, s, NULL);
        CHECK(v && str_eq(v->text, (Str){&byte, 1}), "byte %u comes back", c);
    }
    StrBuf cut = buf_in(&a);
    json_write_str(&cut, STR("\xe2\x80"));
    CHECK(str_eq(buf_str(&cut), STR("\"\xe2\x80\"")), "a cut U+2028 is not looked past");
    arena_free(&a);
}

/* Long runs are passed eight bytes at a time: wherever in them something special stands. */
TEST(json_escapes_at_every_place_of_a_long_text)
{
    Arena a = {0};
    static const Str specials[] = {
        STR_INIT("\""),           STR_INIT("\\"), STR_INIT("<"),    STR_INIT("\x1f"),
        STR_INIT("\xe2\x80\xa8"), STR_INIT("“"),  STR_INIT("\x7f"), STR_INIT("一")};
    for (size_t k = 0; k < COUNT(specials); k++)
        for (size_t at = 0; at < 40; at++) {
            char room[48];
            memset(room, 'a', sizeof room);
            memcpy(room + at, specials[k].at, specials[k].len);
            Str s = {room, at + specials[k].len + at % 9}, want = {0};
            bool escaped = k < 5;
            StrBuf b = buf_in(&a);
            json_write_str(&b, s);
            const Value *v = json_read(&a, buf_str(&b), NULL);
            CHECK(v && str_eq(v->text, s), "special %zu at %zu comes back", k, at);
            want = str_slice(buf_str(&b), at + 1, at + 2);
            CHECK(str_eq(want, STR("\\")) == escaped, "special %zu at %zu", k, at);
        }
    arena_free(&a);
}

TEST(json_pretty_is_for_people)
{
    Arena a = {0};
    const Value *v = json_read(&a, STR("{\"a\":[1,{}],\"b\":{\"c\":[]}}"), NULL);
    Str want = STR("{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": {\n    \"c\": []\n  }\n}");
    Str got = json_pretty(&a, v);
    CHECK(str_eq(got, want), STR_FMT, STR_ARG(got));
    arena_free(&a);
}

static const struct {
    Str in, out;
} canonical[] = {
    {STR_INIT("{ \"b\" : 1, \"a\" : [ {\"d\":1,\"c\":2} ] }"),
     STR_INIT("{\"a\":[{\"c\":2,\"d\":1}],\"b\":1}")},
    {STR_INIT("{\"一\":1,\"z\":2,\"Z\":3,\"\":4,\"zz\":5}"),
     STR_INIT("{\"\":4,\"Z\":3,\"z\":2,\"zz\":5,\"一\":1}")},
    {STR_INIT("\"\\u4e00\\/\""), STR_INIT("\"一/\"")},
    {STR_INIT("[3,1,2]"), STR_INIT("[3,1,2]")},
};

TEST(json_canonical_sorts_by_bytes)
{
    Arena a = {0};
    for (size_t i = 0; i < COUNT(canonical); i++) {
        const Value *v = json_read(&a, canonical[i].in, NULL);
        Str got = json_canonical(&a, v);
        CHECK(str_eq(got, canonical[i].out), "row %zu: " STR_FMT, i, STR_ARG(got));
        CHECK(str_eq(json_canonical(&a, json_read(&a, got, NULL)), got), "row %zu again", i);
    }
    arena_free(&a);
}

static Value *random_value(Arena *a, Rng *r, int depth)
{
    static const char alphabet[] = "a<\"\\\n\t/\x01 zZ";
    uint64_t kind = rng_below(r, depth ? 6 : 4);
    if (kind == 0)
        return value_null(a);
    if (kind == 1)
        return value_bool(a, rng_below(r, 2));
    if (kind == 2)
        return value_int(a, (int64_t)rng_next(r));
    StrBuf b = buf_in(a);
    for (uint64_t n = rng_below(r, 20); n; n--) {
        uint64_t c = rng_below(r, sizeof alphabet);
        buf_add(&b, c ? (Str){alphabet + c - 1, 1} : STR("门\xe2\x80\xa8"));
    }
    if (kind == 3)
        return value_str(a, buf_str(&b));
    Value *v = kind == 4 ? value_list(a) : value_map(a);
    for (uint64_t n = rng_below(r, 25); n; n--) {
        Value *part = random_value(a, r, depth - 1);
        if (kind == 4)
            value_push(a, v, part);
        else
            value_set(a, v, str_fmt(a, "k%d<" STR_FMT, (int)rng_below(r, 30), STR_ARG(buf_str(&b))),
                      part);
    }
    return v;
}

TEST(json_round_trips_random_values)
{
    Arena a = {0};
    Rng r;
    rng_seed(&r, 7);
    for (int i = 0; i < 300; i++) {
        Value *v = random_value(&a, &r, 4);
        Err err = {0};
        const Value *compact = json_read(&a, json_text(&a, v), &err);
        CHECK(compact && value_eq(v, compact), "value %d compact: %s", i, err.msg);
        const Value *pretty = json_read(&a, json_pretty(&a, v), &err);
        CHECK(pretty && value_eq(v, pretty), "value %d pretty: %s", i, err.msg);
        Str sorted = json_canonical(&a, v);
        const Value *from_sorted = json_read(&a, sorted, &err);
        CHECK(from_sorted && value_eq(v, from_sorted), "value %d canonical: %s", i, err.msg);
        CHECK(str_eq(json_canonical(&a, from_sorted), sorted), "value %d: one form", i);
        arena_reset(&a);
    }
    arena_free(&a);
}
