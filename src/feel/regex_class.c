/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Escapes and classes of characters. Those of XML Schema are written out, because those of PCRE2
 * that look the same are not.
 *
 * A class is read by itself, because it may hold another one to subtract. It is written in two
 * parts, what the flag i acts on (characters, ranges) and what it does not (escapes), and a
 * subtraction as what may not stand here:
 *
 *     [a-z-[aeiou]]    (?:(?![aeiou])[a-z])
 *     [a\p{Lu}] with i (?:[a]|(?-i:[\p{Lu}]))
 */
#include "feel/regex_read_int.h"
#include "feel/unicode_int.h"

#define LAST_CODE_POINT 0x10ffffu

static const char *const categories[] = {
    "C",  "Cc", "Cf", "Cn", "Co", "L",  "Ll", "Lm", "Lo", "Lt", "Lu", "M",
    "Mc", "Me", "Mn", "N",  "Nd", "Nl", "No", "P",  "Pc", "Pd", "Pe", "Pf",
    "Pi", "Po", "Ps", "S",  "Sc", "Sk", "Sm", "So", "Z",  "Zl", "Zp", "Zs",
};

typedef struct {
    uint32_t from, to;
} Span;

/* XML 1.0, fifth edition: NameStartChar and what NameChar has besides; in order. */
static const Span name_start[] = {
    {':', ':'},       {'A', 'Z'},       {'_', '_'},       {'a', 'z'},
    {0xc0, 0xd6},     {0xd8, 0xf6},     {0xf8, 0x2ff},    {0x370, 0x37d},
    {0x37f, 0x1fff},  {0x200c, 0x200d}, {0x2070, 0x218f}, {0x2c00, 0x2fef},
    {0x3001, 0xd7ff}, {0xf900, 0xfdcf}, {0xfdf0, 0xfffd}, {0x10000, 0xeffff},
};
static const Span name_char[] = {
    {'-', '.'},       {'0', ':'},       {'A', 'Z'},         {'_', '_'},       {'a', 'z'},
    {0xb7, 0xb7},     {0xc0, 0xd6},     {0xd8, 0xf6},       {0xf8, 0x37d},    {0x37f, 0x1fff},
    {0x200c, 0x200d}, {0x203f, 0x2040}, {0x2070, 0x218f},   {0x2c00, 0x2fef}, {0x3001, 0xd7ff},
    {0xf900, 0xfdcf}, {0xfdf0, 0xfffd}, {0x10000, 0xeffff},
};

/* A range in a class. What lies between D800 and DFFF is no character. */
static void put_span(StrBuf *b, uint32_t from, uint32_t to)
{
    from = from >= 0xd800 && from <= 0xdfff ? 0xe000 : from;
    to = to >= 0xd800 && to <= 0xdfff ? 0xd7ff : to;
    if (from <= to) {
        buf_fmt(b, "\\x{%x}-\\x{%x}", from, to);
    }
}

static void put_spans(StrBuf *b, const Span *spans, size_t count, bool negated)
{
    uint32_t from = 0;
    for (size_t i = 0; i < count; i++) {
        if (!negated) {
            put_span(b, spans[i].from, spans[i].to);
        } else if (spans[i].from > from) {
            put_span(b, from, spans[i].from - 1);
        }
        from = spans[i].to + 1;
    }
    if (negated && from <= LAST_CODE_POINT) {
        put_span(b, from, LAST_CODE_POINT);
    }
}

/* ---- escapes ---- */

static bool put_block(RegexReader *r, StrBuf *set, Str name, bool negated, size_t start)
{
    Span spans[4];
    size_t count = 0;
    for (const UnicodeBlock *u = unicode_block(name);
         u && count < COUNT(spans) && str_eq(str_z(u->name), name); u++) {
        spans[count++] = (Span){u->from, u->to};
    }
    if (count == 0) {
        return regex_fail_at(r, start, "no such block of Unicode");
    }
    put_spans(set, spans, count, negated);
    return true;
}

/* After \p or \P: {Lu}, {IsGreek}. */
static bool put_property(RegexReader *r, StrBuf *set, bool negated, size_t start)
{
    StrBuf name = buf_in(r->out);
    if (!regex_take(r, '{')) {
        return regex_fail(r, "'{' is missing after \\p");
    }
    while (regex_peek(r) != '}') {
        uint32_t c = regex_next(r);
        if (c == NO_CODE_POINT) {
            return regex_fail_at(r, start, "'}' is missing after \\p{");
        }
        utf8_put(&name, c);
    }
    (void)regex_next(r);
    Str s = buf_str(&name);
    if (str_starts(s, STR("Is"))) {
        return put_block(r, set, str_slice(s, 2, s.len), negated, start);
    }
    for (size_t i = 0; i < COUNT(categories); i++) {
        if (str_eq(s, str_z(categories[i]))) {
            buf_fmt(set, "\\%c{%s}", negated ? 'P' : 'p', categories[i]);
            return true;
        }
    }
    return regex_fail_at(r, start, "no such category of characters");
}

/* Parts of a class for an escape of several characters; false: c is none. */
static bool put_set(StrBuf *set, uint32_t c)
{
    switch (c) {
    case 's': BUF_LIT(set, " \\t\\n\\r"); return true;
    case 'S':
        BUF_LIT(set, "\\x{0}-\\x{8}\\x{b}\\x{c}\\x{e}-\\x{1f}\\x{21}-\\x{10ffff}");
        return true;
    case 'd': BUF_LIT(set, "\\p{Nd}"); return true;
    case 'D': BUF_LIT(set, "\\P{Nd}"); return true;
    case 'w': BUF_LIT(set, "\\p{L}\\p{M}\\p{N}\\p{S}"); return true;
    case 'W': BUF_LIT(set, "\\p{P}\\p{Z}\\p{C}"); return true;
    case 'i': put_spans(set, name_start, COUNT(name_start), false); return true;
    case 'I': put_spans(set, name_start, COUNT(name_start), true); return true;
    case 'c': put_spans(set, name_char, COUNT(name_char), false); return true;
    case 'C': put_spans(set, name_char, COUNT(name_char), true); return true;
    default: return false;
    }
}

/* The character that \c stands for; NO_CODE_POINT: none. */
static uint32_t single_escape(uint32_t c)
{
    switch (c) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return c < 0x80 && c > 0 && strchr("\\|.?*+(){}-[]^$", (int)c) ? c : NO_CODE_POINT;
    }
}

bool regex_read_escape(RegexReader *r, StrBuf *set, uint32_t *one, size_t start)
{
    uint32_t c = regex_next(r);
    *one = NO_CODE_POINT;
    if (c == NO_CODE_POINT) {
        return regex_fail_at(r, start, "a backslash stands at the end");
    }
    if (c == 'p' || c == 'P') {
        return put_property(r, set, c == 'P', start);
    }
    if (put_set(set, c)) {
        return true;
    }
    *one = single_escape(c);
    return *one != NO_CODE_POINT || regex_fail_at(r, start, "no such escape");
}

/* ---- classes ---- */

typedef struct {
    StrBuf chars, sets; /* flag i acts on the first only */
    bool negated;
} Class;

/* One character of a class, or a set, which leaves *one without. */
static bool read_part(RegexReader *r, Class *k, uint32_t *one, bool *bare_hyphen)
{
    size_t start = r->at;
    uint32_t c = regex_next(r);
    *bare_hyphen = c == '-';
    *one = c;
    if (c == NO_CODE_POINT) {
        return regex_fail_at(r, start, "']' is missing");
    }
    if (c == '[') {
        return regex_fail_at(r, start, "'[' in a class is written \\[");
    }
    return c != '\\' || regex_read_escape(r, &k->sets, one, start);
}

static uint32_t second(const RegexReader *r)
{
    return r->at + 1 < r->src.len ? (unsigned char)r->src.at[r->at + 1] : NO_CODE_POINT;
}

/* A hyphen here makes a range: it is not the last and subtracts nothing. */
static bool at_range(RegexReader *r)
{
    uint32_t after = second(r);
    bool last = after == ']' || after == '[' ||
                (after == '-' && r->at + 2 < r->src.len && r->src.at[r->at + 2] == '[');
    return regex_peek(r) == '-' && !last;
}

static bool read_member(RegexReader *r, Class *k, bool first)
{
    size_t start = r->at;
    bool hyphen = false;
    uint32_t from = 0, to = 0;
    if (!read_part(r, k, &from, &hyphen)) {
        return false;
    }
    if (hyphen && !first && regex_peek(r) != ']' && !(regex_peek(r) == '-' && second(r) == '[')) {
        return regex_fail_at(r, start, "'-' in a class stands first or last, or is written \\-");
    }
    if (from == NO_CODE_POINT) {
        return true;
    }
    if (!at_range(r)) {
        regex_put_char(&k->chars, from);
        return true;
    }
    (void)regex_next(r);
    if (hyphen || !read_part(r, k, &to, &hyphen) || hyphen || to == NO_CODE_POINT) {
        return regex_fail_at(r, start, "a range needs a character at each end");
    }
    if (to < from) {
        return regex_fail_at(r, start, "a range ends before it starts");
    }
    regex_put_char(&k->chars, from);
    buf_char(&k->chars, '-');
    regex_put_char(&k->chars, to);
    return true;
}

static void put_class(RegexReader *r, StrBuf *code, const Class *k)
{
    bool apart = r->flags.no_case && k->sets.len > 0;
    if (!apart) {
        buf_add(code, k->negated ? STR("[^") : STR("["));
        buf_add(code, buf_str(&k->chars));
        buf_add(code, buf_str(&k->sets));
        buf_char(code, ']');
        return;
    }
    buf_add(code, k->negated ? STR("(?:(?!") : STR("(?:"));
    if (k->chars.len > 0) {
        buf_char(code, '[');
        buf_add(code, buf_str(&k->chars));
        BUF_LIT(code, "]|");
    }
    BUF_LIT(code, "(?-i:[");
    buf_add(code, buf_str(&k->sets));
    buf_add(code, k->negated ? STR("]))\\p{Any})") : STR("]))"));
}

bool regex_read_class(RegexReader *r, StrBuf *code, size_t start)
{
    Class k = {buf_in(r->out), buf_in(r->out), false};
    StrBuf less = buf_in(r->out);
    if (r->classes++ >= REGEX_MAX_NESTING) {
        return regex_fail_at(r, start, "REGEX_MAX_NESTING: nested too deep");
    }
    k.negated = r->at < r->src.len && r->src.at[r->at] == '^';
    r->at += k.negated ? 1 : 0;
    bool first = true;
    while (regex_peek(r) != ']' && !(regex_peek(r) == '-' && second(r) == '[')) {
        if (!read_member(r, &k, first)) {
            return false;
        }
        first = false;
    }
    if (first) {
        return regex_fail_at(r, start, "a class is empty");
    }
    if (regex_next(r) == '-') {
        size_t inner = r->at++;
        if (!regex_read_class(r, &less, inner) || regex_next(r) != ']') {
            return regex_fail(r, "']' is missing after what a class leaves out");
        }
    }
    r->classes--;
    if (less.len > 0) {
        BUF_LIT(code, "(?:(?!");
        buf_add(code, buf_str(&less));
        buf_char(code, ')');
    }
    put_class(r, code, &k);
    buf_add(code, less.len > 0 ? STR(")") : STR(""));
    return code->len <= REGEX_MAX_CODE || regex_fail_at(r, start, "REGEX_MAX_CODE: too long");
}
