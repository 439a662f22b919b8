/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "yaml/yaml.h"

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 16;
}

static Str random_text(Arena *a, uint32_t *seed)
{
    static const char *const parts[] = {
        "a",  "第",  ": ", " #",   "-",    "\"",  "'",    "\n",          " ",  "{",
        "}",  "[",   "]",  ",",    "?",    "0",   "true", "no",          "\t", "é",
        "%s", "|",   ">",  "&",    "*",    "!",   "@",    "`",           "\\", ":",
        "~",  "1e5", "\r", "\x01", "null", "---", "...",  "\xE2\x80\xA8"};
    StrBuf b = buf_in(a);
    for (uint32_t n = next(seed) % 6; n > 0; n--)
        buf_add(&b, str_z(parts[next(seed) % COUNT(parts)]));
    return buf_str(&b);
}

static Value *random_value(Arena *a, uint32_t *seed, int depth)
{
    static const char *const numbers[] = {"0", "-1", "2.5", "1e5"};
    uint32_t kind = next(seed) % (depth > 4 ? 4 : 7);
    Value *v = value_list(a);
    switch (kind) {
    case 0: return value_null(a);
    case 1: return value_bool(a, next(seed) % 2);
    case 2: return value_number(a, str_z(numbers[next(seed) % COUNT(numbers)]));
    case 3: return value_str(a, random_text(a, seed));
    case 4:
        for (uint32_t n = next(seed) % 4; n > 0; n--)
            value_push(a, v, random_value(a, seed, depth + 1));
        return v;
    default:
        v = value_map(a);
        for (uint32_t n = next(seed) % 4; n > 0; n--)
            value_set(a, v, kind == 5 ? STR("zh") : random_text(a, seed),
                      random_value(a, seed, depth + 1));
        return v;
    }
}

TEST(yaml_written_is_read_back)
{
    uint32_t seed = 3;
    for (int i = 0; i < 5000; i++) {
        Arena a = {0};
        Err err = {0};
        Diags d = {.arena = &a};
        StrBuf b = buf_in(&a);
        Value *v = value_map(&a);
        value_set(&a, v, STR("v"), random_value(&a, &seed, 0));
        bool ok = yaml_write(&b, v, &err);
        uint16_t file = diag_file(&d, STR("t.yaml"), buf_str(&b));
        const Value *back = ok ? yaml_read(&a, &d, file, buf_str(&b)) : NULL;
        CHECK(back && value_eq(v, back), "tree %d: %s " STR_FMT STR_FMT, i, err.msg,
              STR_ARG(buf_str(&b)), STR_ARG(diag_render(&a, &d)));
        arena_free(&a);
    }
}

TEST(yaml_is_written_as_people_write_it)
{
    static const char text[] = "code: \"0571\"\n"
                               "name: {zh: 工伤认定, en: 'No: of one'}\n"
                               "note: plain words\n"
                               "empty: []\n"
                               "list:\n"
                               "- a\n"
                               "- k: 1\n"
                               "  w: \"yes\"\n"
                               "lines: |-\n"
                               "  one\n"
                               "  two\n";
    Arena a = {0};
    Err err = {0};
    Diags d = {.arena = &a};
    StrBuf b = buf_in(&a);
    const Value *v = yaml_read(&a, &d, diag_file(&d, STR("t"), str_z(text)), str_z(text));
    CHECK(v && yaml_write(&b, v, &err), "%s", err.msg);
    CHECK(str_eq(buf_str(&b), str_z(text)), STR_FMT, STR_ARG(buf_str(&b)));
    arena_free(&a);
}

TEST(yaml_writes_no_deeper_than_it_reads)
{
    for (int depth = YAML_MAX_DEPTH - 1; depth <= YAML_MAX_DEPTH + 1; depth++) {
        Arena a = {0};
        Err err = {0};
        StrBuf b = buf_in(&a);
        Value *v = value_list(&a);
        for (int i = 1; i < depth; i++) {
            Value *outer = value_list(&a);
            value_push(&a, outer, v);
            v = outer;
        }
        bool ok = yaml_write(&b, v, &err);
        CHECK(ok == (depth <= YAML_MAX_DEPTH), "depth %d: %s", depth, err.msg);
        arena_free(&a);
    }
}
