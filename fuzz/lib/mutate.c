/* SPDX-License-Identifier: Apache-2.0 */
/*
 * New expressions come from patterns with a % for each hole, filled again to some depth. Parts of
 * the text are found by brackets and quotes alone: what is cut badly is a change like another.
 */
#include "mutate.h"

#include "base/str.h"

enum { NEW_MAX = 512, DEPTH = 3 };

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

typedef struct {
    uint64_t state;
} Dice;

typedef struct {
    char at[NEW_MAX];
    size_t len;
} Text;

typedef struct {
    size_t from, to;
} Span;

static const char *const ATOMS[] = {
    "0",
    "1",
    "-2",
    "0.5",
    "12.25",
    "1e30",
    "1e-6176",
    "999999999999",
    "null",
    "true",
    "false",
    "\"\"",
    "\"a\"",
    "\"foo bar\"",
    "\"\\u00e9\\n\"",
    "\"1.5\"",
    "[]",
    "{}",
    "a",
    "b c",
    "?",
    "item",
    "x",
    "partial",
    "[1, 2, 3]",
    "[\"a\", null]",
    "{a: 1, b: \"x\"}",
    "\"\\U01F40E\"",
    "@\"2024-02-29\"",
    "@\"2026-11-22T08:30:00Z\"",
    "@\"2026-03-29T02:30:00@Europe/Paris\"",
    "@\"23:59:59.999999999+08:00\"",
    "@\"P1DT2H3M4.5S\"",
    "@\"-P1Y2M\"",
    "@\"-999999999-01-01\"",
    "[1..3]",
    "(\"a\"..\"f\"]",
    "(< 5)",
    "(!= 2)",
    "3..1",
    "function(x) x",
};
static const char *const PATTERNS[] = {
    "% + %",
    "% - %",
    "% * %",
    "% / %",
    "% ** %",
    "-%",
    "(%)",
    "% = %",
    "% != %",
    "% < %",
    "% >= %",
    "% and %",
    "% or %",
    "% between % and %",
    "% in %",
    "% in (%, > %)",
    "% in [%..%)",
    "if % then % else %",
    "for x in % return %",
    "for x in %, y in % return x + y",
    "for i in %..% return partial",
    "some x in % satisfies %",
    "every x in % satisfies %",
    "%[%]",
    "%[item > %]",
    "%[item = %].a",
    "%.a",
    "%.year",
    "%.time offset",
    "%.start included",
    "[%, %]",
    "[%..%]",
    "]%..%[",
    "{a: %, b: a}",
    "{\"b c\": %, d: %}",
    "{f: function(x) %, r: f(%)}.r",
    "(function(x, y) %)(%, %)",
    "% instance of number",
    "% instance of list<string>",
    "% instance of context<a: number>",
    "% instance of range<date>",
    "not(%)",
    "string(%)",
    "number(%, %, %)",
    "date(%)",
    "date(%, %, %)",
    "time(%)",
    "date and time(%, %)",
    "duration(%)",
    "years and months duration(%, %)",
    "substring(%, %, %)",
    "string length(%)",
    "upper case(%)",
    "substring before(%, %)",
    "replace(%, %, %)",
    "replace(%, \"(a)|b\", \"[$1]\", \"i\")",
    "matches(%, %)",
    "matches(%, \"^[a-c-[b]]+$\")",
    "split(%, %)",
    "contains(%, %)",
    "string join(%, %)",
    "list contains(%, %)",
    "count(%)",
    "min(%)",
    "max(%, %)",
    "sum(%)",
    "mean(%)",
    "median(%)",
    "stddev(%)",
    "mode(%)",
    "product(%)",
    "sublist(%, %, %)",
    "append(%, %)",
    "concatenate(%, %)",
    "insert before(%, %, %)",
    "remove(%, %)",
    "reverse(%)",
    "index of(%, %)",
    "union(%, %)",
    "distinct values(%)",
    "flatten(%)",
    "sort(%, function(x, y) x < y)",
    "sort(list: %, precedes: %)",
    "list replace(%, %, %)",
    "list replace(%, function(item, newItem) %, %)",
    "decimal(%, %)",
    "floor(%, %)",
    "round half up(%, %)",
    "abs(%)",
    "modulo(%, %)",
    "sqrt(%)",
    "log(%)",
    "exp(%)",
    "odd(%)",
    "before(%, %)",
    "overlaps(%, %)",
    "includes(%, %)",
    "coincides(%, %)",
    "during(%, %)",
    "range(%)",
    "range(\"[1..3]\")",
    "get value(%, %)",
    "get entries(%)",
    "context(%)",
    "context put(%, %, %)",
    "context merge([%, %])",
    "is(%, %)",
    "day of week(%)",
    "week of year(%)",
    "%, %",
    "> %",
    "<= %",
    "!= %",
    "not(%, > %)",
    "/* % */ %",
};

static size_t roll(Dice *d, size_t sides)
{
    d->state = d->state * 6364136223846793005ULL + 1442695040888963407ULL;
    return sides ? (size_t)(d->state >> 33) % sides : 0;
}

static void put(Text *t, const char *at, size_t len)
{
    size_t room = NEW_MAX - t->len;
    len = len < room ? len : room;
    memcpy(t->at + t->len, at, len);
    t->len += len;
}

/* Each hole of pattern becomes a new expression, but the first becomes what is given, if any. */
static void fill(Dice *d, Text *t, const char *pattern, const Text *given, int depth)
{
    for (const char *c = pattern; *c; c++) {
        if (*c != '%') {
            put(t, c, 1);
        } else if (given) {
            put(t, given->at, given->len);
            given = NULL;
        } else if (depth <= 0 || roll(d, 3) == 0) {
            const char *atom = ATOMS[roll(d, COUNT(ATOMS))];
            put(t, atom, strlen(atom));
        } else {
            fill(d, t, PATTERNS[roll(d, COUNT(PATTERNS))], NULL, depth - 1);
        }
    }
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '.' || (c & 0x80);
}

static size_t after_string(Str s, size_t i)
{
    for (i++; i < s.len && s.at[i] != '"'; i++) {
        i += s.at[i] == '\\';
    }
    return i < s.len ? i + 1 : s.len;
}

static size_t after_bracket(Str s, size_t i)
{
    int open = 0;
    while (i < s.len) {
        char c = s.at[i];
        open += c == '(' || c == '[' || c == '{';
        open -= c == ')' || c == ']' || c == '}';
        i = c == '"' ? after_string(s, i) : i + 1;
        if (open <= 0) {
            break;
        }
    }
    return i < s.len ? i : s.len;
}

/* The part that starts at i. */
static Span part_at(Str s, size_t i)
{
    size_t to = i;
    if (s.at[i] == '"') {
        to = after_string(s, i);
    } else if (strchr("([{", s.at[i]) && s.at[i]) {
        to = after_bracket(s, i);
    } else if (is_word(s.at[i])) {
        while (to < s.len && is_word(s.at[to])) {
            to++;
        }
    } else {
        to = i + 1;
    }
    return (Span){i, to};
}

static Span any_part(Dice *d, Str s)
{
    size_t wanted = roll(d, s.len), i = 0;
    while (i < s.len) {
        Span part = part_at(s, i);
        bool inside = strchr("([{", s.at[i]) && roll(d, 2) == 0;
        if (part.to > wanted && !inside) {
            return part;
        }
        i = inside ? i + 1 : part.to;
    }
    return (Span){s.len, s.len};
}

static Text text_of(Str s, Span part)
{
    Text t = {.len = 0};
    put(&t, s.at + part.from, part.to - part.from);
    return t;
}

static size_t replaced(uint8_t *data, size_t size, size_t max, Span part, const Text *by)
{
    size_t rest = size - part.to, whole = part.from + by->len + rest;
    if (whole > max) {
        return 0;
    }
    memmove(data + part.from + by->len, data + part.to, rest);
    memcpy(data + part.from, by->at, by->len);
    return whole;
}

size_t mutate_expression(uint8_t *data, size_t size, size_t max, unsigned int seed)
{
    Dice d = {seed};
    size_t way = roll(&d, 8), made = 0;
    Str s = {(const char *)data, size};
    if (way < 6 && size > 0) {
        Span part = any_part(&d, s);
        Text old = text_of(s, part), by = {.len = 0};
        if (way == 0) {
            fill(&d, &by, "%", NULL, DEPTH);
        } else if (way == 1) {
            by = text_of(s, any_part(&d, s));
        } else if (way < 5) {
            fill(&d, &by, PATTERNS[roll(&d, COUNT(PATTERNS))], &old, 1);
        }
        made = replaced(data, size, max, part, &by);
    }
    return made > 0 ? made : LLVMFuzzerMutate(data, size, max);
}
