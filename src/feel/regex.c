/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Translation: one pass over the pattern, no tree. Groups are a stack of flags; classes and escapes
 * are read in regex_class.c.
 *
 * (?C) is a callout, where the search counts an attempt: after each quantity and each choice.
 */
#include "feel/regex_read_int.h"

enum {
    COPIES_AN_ATTEMPT = 8, /* of a group's code that cost as much as one attempt */
    CALLOUT_MAX = 255,     /* the greatest number that a callout can have */
};

bool regex_fail_at(RegexReader *r, size_t where, const char *what)
{
    if (!r->what) {
        r->what = what;
        r->where = where;
    }
    return false;
}

bool regex_fail(RegexReader *r, const char *what)
{
    return regex_fail_at(r, r->at, what);
}

static bool is_space(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void regex_skip(RegexReader *r)
{
    while (r->flags.spaced && r->classes == 0 && r->at < r->src.len &&
           is_space((unsigned char)r->src.at[r->at])) {
        r->at++;
    }
}

uint32_t regex_peek(RegexReader *r)
{
    regex_skip(r);
    size_t at = r->at;
    return at < r->src.len ? utf8_next(r->src, &at) : NO_CODE_POINT;
}

uint32_t regex_next(RegexReader *r)
{
    regex_skip(r);
    return r->at < r->src.len ? utf8_next(r->src, &r->at) : NO_CODE_POINT;
}

bool regex_take(RegexReader *r, uint32_t c)
{
    if (regex_peek(r) != c) {
        return false;
    }
    (void)regex_next(r);
    return true;
}

void regex_put_char(StrBuf *b, uint32_t c)
{
    bool word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (c > ' ' && c < 0x7f && !word) {
        buf_char(b, '\\');
    }
    utf8_put(b, c);
}

/* ---- atoms ---- */

/* \1 to \99: as many digits as there are groups; the group must be closed. */
static bool read_reference(RegexReader *r, uint32_t n, size_t start)
{
    for (uint32_t c = regex_peek(r); c >= '0' && c <= '9' && n * 10 + (c - '0') <= r->groups;
         c = regex_peek(r)) {
        n = n * 10 + (c - '0');
        (void)regex_next(r);
    }
    if (n == 0 || n > r->groups || !r->closed[n]) {
        return regex_fail_at(r, start, "a back-reference to a group that is not complete");
    }
    buf_fmt(&r->code, "\\g{%u}", n);
    return true;
}

static bool read_backslash(RegexReader *r, size_t start)
{
    StrBuf set = buf_in(r->out);
    uint32_t c = regex_peek(r), one = NO_CODE_POINT;
    if (c >= '0' && c <= '9') {
        (void)regex_next(r);
        return read_reference(r, c - '0', start);
    }
    if (!regex_read_escape(r, &set, &one, start)) {
        return false;
    }
    if (one != NO_CODE_POINT) {
        regex_put_char(&r->code, one);
    } else {
        buf_add(&r->code, r->flags.no_case ? STR("(?-i:[") : STR("["));
        buf_add(&r->code, buf_str(&set));
        buf_add(&r->code, r->flags.no_case ? STR("])") : STR("]"));
    }
    return true;
}

static bool open_group(RegexReader *r, size_t start)
{
    bool captures = true;
    if (regex_take(r, '?')) {
        captures = false;
        if (!regex_take(r, ':')) {
            return regex_fail_at(r, start, "after (? only : may follow");
        }
    }
    if (r->depth >= REGEX_MAX_NESTING) {
        return regex_fail_at(r, start, "REGEX_MAX_NESTING: nested too deep");
    }
    if (captures && r->groups >= REGEX_MAX_GROUPS) {
        return regex_fail_at(r, start, "REGEX_MAX_GROUPS: too many groups");
    }
    buf_add(&r->code, captures ? STR("(") : STR("(?:"));
    r->open[r->depth].number = captures ? ++r->groups : 0;
    r->open[r->depth].start = r->code.len;
    r->open[r->depth++].bar = false;
    return true;
}

/* A choice counts as an attempt each time it is made: (?:a|b) is then (?:(?:a|b)(?C)). */
static void count_choices(RegexReader *r, size_t start)
{
    Str inside = str_dup(r->out, str_slice(buf_str(&r->code), start, r->code.len));
    r->code.len = start;
    BUF_LIT(&r->code, "(?:");
    buf_add(&r->code, inside);
    BUF_LIT(&r->code, ")(?C)");
}

static bool close_group(RegexReader *r, size_t start)
{
    if (r->depth == 0) {
        return regex_fail_at(r, start, "')' without '('");
    }
    r->depth--;
    if (r->open[r->depth].bar) {
        count_choices(r, r->open[r->depth].start);
    }
    r->closed[r->open[r->depth].number] = true;
    buf_char(&r->code, ')');
    return true;
}

static void put_bar(RegexReader *r)
{
    buf_char(&r->code, '|');
    if (r->depth > 0) {
        r->open[r->depth - 1].bar = true;
    }
}

static bool read_number(RegexReader *r, uint32_t *n)
{
    uint32_t c = regex_peek(r);
    if (c < '0' || c > '9') {
        return regex_fail(r, "a quantity is {n}, {n,} or {n,m}");
    }
    for (*n = 0; c >= '0' && c <= '9'; c = regex_peek(r)) {
        *n = *n * 10 + (c - '0');
        if (*n > REGEX_MAX_REPEAT) {
            return regex_fail(r, "REGEX_MAX_REPEAT: repeated too often");
        }
        (void)regex_next(r);
    }
    return true;
}

/* After "{". copies: how often the code stands in a row when it is a group. */
static bool read_quantity(RegexReader *r, size_t start, uint32_t *copies)
{
    uint32_t least = 0, most = 0;
    if (!read_number(r, &least)) {
        return false;
    }
    buf_fmt(&r->code, "{%u", least);
    if (regex_take(r, ',')) {
        buf_char(&r->code, ',');
        if (regex_peek(r) != '}') {
            if (!read_number(r, &most)) {
                return false;
            }
            if (most < least) {
                return regex_fail_at(r, start, "a quantity ends before it starts");
            }
            buf_fmt(&r->code, "%u", most);
        }
    }
    buf_char(&r->code, '}');
    *copies = most > least ? most : least;
    return regex_take(r, '}') || regex_fail(r, "a quantity is {n}, {n,} or {n,m}");
}

static bool is_quantifier(uint32_t c)
{
    return c == '?' || c == '*' || c == '+' || c == '{';
}

/* PCRE2 unrolls a group that is repeated; an attempt then walks over the copies that it skips, so
 * the number of the callout says what the attempt costs besides itself. */
static void put_callout(RegexReader *r, bool group, uint32_t copies)
{
    uint32_t cost = group ? copies / COPIES_AN_ATTEMPT : 0;
    buf_fmt(&r->code, "(?C%u)", cost < CALLOUT_MAX ? cost : CALLOUT_MAX);
}

static bool read_quantifier(RegexReader *r)
{
    size_t start = r->at;
    uint32_t c = regex_peek(r), copies = 0;
    bool group = r->code.len > 0 && r->code.at[r->code.len - 1] == ')';
    if (!is_quantifier(c)) {
        return true;
    }
    (void)regex_next(r);
    if (c != '{') {
        buf_char(&r->code, (char)c);
    } else if (!read_quantity(r, start, &copies)) {
        return false;
    }
    if (regex_take(r, '?')) {
        buf_char(&r->code, '?');
    }
    put_callout(r, group, copies);
    return !is_quantifier(regex_peek(r)) || regex_fail(r, "a quantity after a quantity");
}

/* An assertion cannot be repeated as it stands. */
static void put_anchor(RegexReader *r, char c)
{
    bool repeated = is_quantifier(regex_peek(r));
    buf_add(&r->code, repeated ? STR("(?:") : STR(""));
    buf_char(&r->code, c);
    buf_add(&r->code, repeated ? STR(")") : STR(""));
}

/* One atom without its quantity, or a bar, which may have none. */
static bool read_atom(RegexReader *r, bool *may_repeat)
{
    regex_skip(r);
    size_t start = r->at;
    uint32_t c = regex_next(r);
    *may_repeat = c != '|' && c != '(';
    switch (c) {
    case '|': put_bar(r); return true;
    case '(': return open_group(r, start);
    case ')': return close_group(r, start);
    case '[': return regex_read_class(r, &r->code, start);
    case '\\': return read_backslash(r, start);
    case '^':
    case '$': put_anchor(r, (char)c); return true;
    case '.': buf_add(&r->code, r->flags.dot_all ? STR(".") : STR("[^\\n\\r]")); return true;
    case '*':
    case '+':
    case '?': return regex_fail_at(r, start, "a quantity with nothing before it");
    case ']':
    case '{':
    case '}': return regex_fail_at(r, start, "brackets and braces are written \\], \\{ and \\}");
    default: regex_put_char(&r->code, c); return true;
    }
}

static bool read_all(RegexReader *r)
{
    while (regex_peek(r) != NO_CODE_POINT) {
        bool may_repeat = false;
        if (!read_atom(r, &may_repeat) || (may_repeat && !read_quantifier(r))) {
            return false;
        }
        if (r->code.len > REGEX_MAX_CODE) {
            return regex_fail(r, "REGEX_MAX_CODE: too long");
        }
    }
    return r->depth == 0 || regex_fail(r, "')' is missing");
}

bool regex_flags(Str text, RegexFlags *flags)
{
    *flags = (RegexFlags){0};
    for (size_t i = 0; i < text.len; i++) {
        switch (text.at[i]) {
        case 's': flags->dot_all = true; break;
        case 'm': flags->lines = true; break;
        case 'i': flags->no_case = true; break;
        case 'x': flags->spaced = true; break;
        case 'q': flags->literal = true; break;
        default: return false;
        }
    }
    return true;
}

bool regex_translate(Arena *out, Str pattern, RegexFlags flags, Str *code, FeelValue *why)
{
    if (pattern.len > REGEX_MAX_PATTERN) {
        *why = feel_reason(out, "REGEX_MAX_PATTERN: a pattern of more than %d bytes",
                           REGEX_MAX_PATTERN);
        return false;
    }
    if (flags.literal) {
        *code = pattern;
        return true;
    }
    RegexReader r = {.out = out, .src = pattern, .flags = flags, .code = buf_in(out)};
    if (!read_all(&r)) {
        *why = feel_reason(out, "pattern, character %zu: %s",
                           utf8_count(str_slice(pattern, 0, r.where)) + 1, r.what);
        return false;
    }
    *code = buf_str(&r.code);
    return true;
}
