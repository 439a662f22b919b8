/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Translation: one pass over the pattern, no tree. Groups are a stack of flags, a class is read by
 * itself because it may hold another one to subtract.
 *
 * A class is written in two parts, what the flag i acts on (characters, ranges) and what it does
 * not (escapes), and a subtraction as what may not stand here:
 *
 *     [a-z-[aeiou]]    (?:(?![aeiou])[a-z])
 *     [a\p{Lu}] with i (?:(?:[a]|(?-i:[\p{Lu}])))
 *
 * The escapes of XML Schema are written out, because those of PCRE2 that look the same are not.
 * (?C) is a callout, where the search counts an attempt: after each quantity and each choice.
 */
#include "feel/regex_int.h"
#include "feel/unicode_int.h"

#define LAST_CODE_POINT 0x10ffffu
#define NO_CODE_POINT UINT32_MAX

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

typedef struct {
    Arena *out;
    Str src;
    size_t at;
    RegexFlags flags;
    StrBuf code;
    uint32_t classes; /* that are open here */
    uint32_t groups;  /* that capture, so far */
    bool closed[REGEX_MAX_GROUPS + 1];
    struct {
        uint32_t number; /* 0: it does not capture */
        size_t start;    /* of its content in code */
        bool bar;
    } open[REGEX_MAX_NESTING];
    uint32_t depth;
    const char *what; /* is wrong; NULL: nothing */
    size_t where;
} Reader;

static bool fail_at(Reader *r, size_t where, const char *what)
{
    if (!r->what) {
        r->what = what;
        r->where = where;
    }
    return false;
}

static bool fail(Reader *r, const char *what)
{
    return fail_at(r, r->at, what);
}

static bool is_space(uint32_t c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* With flag x white space is not there, but in classes. */
static void skip(Reader *r)
{
    while (r->flags.spaced && r->classes == 0 && r->at < r->src.len &&
           is_space((unsigned char)r->src.at[r->at])) {
        r->at++;
    }
}

static uint32_t peek(Reader *r)
{
    skip(r);
    size_t at = r->at;
    return at < r->src.len ? utf8_next(r->src, &at) : NO_CODE_POINT;
}

static uint32_t next(Reader *r)
{
    skip(r);
    return r->at < r->src.len ? utf8_next(r->src, &r->at) : NO_CODE_POINT;
}

static bool take(Reader *r, uint32_t c)
{
    if (peek(r) != c) {
        return false;
    }
    (void)next(r);
    return true;
}

/* The character itself, wherever it stands. */
static void put_char(StrBuf *b, uint32_t c)
{
    bool word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (c > ' ' && c < 0x7f && !word) {
        buf_char(b, '\\');
    }
    utf8_put(b, c);
}

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

static bool put_block(Reader *r, StrBuf *set, Str name, bool negated, size_t start)
{
    Span spans[4];
    size_t count = 0;
    for (const UnicodeBlock *u = unicode_block(name);
         u && count < COUNT(spans) && str_eq(str_z(u->name), name); u++) {
        spans[count++] = (Span){u->from, u->to};
    }
    if (count == 0) {
        return fail_at(r, start, "no such block of Unicode");
    }
    put_spans(set, spans, count, negated);
    return true;
}

/* After \p or \P: {Lu}, {IsGreek}. */
static bool put_property(Reader *r, StrBuf *set, bool negated, size_t start)
{
    StrBuf name = buf_in(r->out);
    if (!take(r, '{')) {
        return fail(r, "'{' is missing after \\p");
    }
    while (peek(r) != '}') {
        uint32_t c = next(r);
        if (c == NO_CODE_POINT) {
            return fail_at(r, start, "'}' is missing after \\p{");
        }
        utf8_put(&name, c);
    }
    (void)next(r);
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
    return fail_at(r, start, "no such category of characters");
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

/* After a backslash: a set into set, or a single character into *one. */
static bool read_escape(Reader *r, StrBuf *set, uint32_t *one, size_t start)
{
    uint32_t c = next(r);
    *one = NO_CODE_POINT;
    if (c == NO_CODE_POINT) {
        return fail_at(r, start, "a backslash stands at the end");
    }
    if (c == 'p' || c == 'P') {
        return put_property(r, set, c == 'P', start);
    }
    if (put_set(set, c)) {
        return true;
    }
    *one = single_escape(c);
    return *one != NO_CODE_POINT || fail_at(r, start, "no such escape");
}

/* ---- classes ---- */

typedef struct {
    StrBuf chars, sets; /* flag i acts on the first only */
    bool negated;
} Class;

/* One character of a class, or a set, which leaves *one without. */
static bool read_part(Reader *r, Class *k, uint32_t *one, bool *bare_hyphen)
{
    size_t start = r->at;
    uint32_t c = next(r);
    *bare_hyphen = c == '-';
    *one = c;
    if (c == NO_CODE_POINT) {
        return fail_at(r, start, "']' is missing");
    }
    if (c == '[') {
        return fail_at(r, start, "'[' in a class is written \\[");
    }
    return c != '\\' || read_escape(r, &k->sets, one, start);
}

static uint32_t second(const Reader *r)
{
    return r->at + 1 < r->src.len ? (unsigned char)r->src.at[r->at + 1] : NO_CODE_POINT;
}

/* A hyphen here makes a range: it is not the last and subtracts nothing. */
static bool at_range(Reader *r)
{
    uint32_t after = second(r);
    bool last = after == ']' || after == '[' ||
                (after == '-' && r->at + 2 < r->src.len && r->src.at[r->at + 2] == '[');
    return peek(r) == '-' && !last;
}

static bool read_member(Reader *r, Class *k, bool first)
{
    size_t start = r->at;
    bool hyphen = false;
    uint32_t from = 0, to = 0;
    if (!read_part(r, k, &from, &hyphen)) {
        return false;
    }
    if (hyphen && !first && peek(r) != ']' && !(peek(r) == '-' && second(r) == '[')) {
        return fail_at(r, start, "'-' in a class stands first or last, or is written \\-");
    }
    if (from == NO_CODE_POINT) {
        return true;
    }
    if (!at_range(r)) {
        put_char(&k->chars, from);
        return true;
    }
    (void)next(r);
    if (hyphen || !read_part(r, k, &to, &hyphen) || hyphen || to == NO_CODE_POINT) {
        return fail_at(r, start, "a range needs a character at each end");
    }
    if (to < from) {
        return fail_at(r, start, "a range ends before it starts");
    }
    put_char(&k->chars, from);
    buf_char(&k->chars, '-');
    put_char(&k->chars, to);
    return true;
}

static void put_class(Reader *r, StrBuf *code, const Class *k)
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

/* After "[": up to and with its "]". */
static bool read_class(Reader *r, StrBuf *code, size_t start)
{
    Class k = {buf_in(r->out), buf_in(r->out), false};
    StrBuf less = buf_in(r->out);
    if (r->classes++ >= REGEX_MAX_NESTING) {
        return fail_at(r, start, "REGEX_MAX_NESTING: nested too deep");
    }
    k.negated = r->at < r->src.len && r->src.at[r->at] == '^';
    r->at += k.negated ? 1 : 0;
    bool first = true;
    while (peek(r) != ']' && !(peek(r) == '-' && second(r) == '[')) {
        if (!read_member(r, &k, first)) {
            return false;
        }
        first = false;
    }
    if (first) {
        return fail_at(r, start, "a class is empty");
    }
    if (next(r) == '-') {
        size_t inner = r->at++;
        if (!read_class(r, &less, inner) || next(r) != ']') {
            return fail(r, "']' is missing after what a class leaves out");
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
    return code->len <= REGEX_MAX_CODE || fail_at(r, start, "REGEX_MAX_CODE: too long");
}

/* ---- atoms ---- */

/* \1 to \99: as many digits as there are groups; the group must be closed. */
static bool read_reference(Reader *r, uint32_t n, size_t start)
{
    for (uint32_t c = peek(r); c >= '0' && c <= '9' && n * 10 + (c - '0') <= r->groups;
         c = peek(r)) {
        n = n * 10 + (c - '0');
        (void)next(r);
    }
    if (n == 0 || n > r->groups || !r->closed[n]) {
        return fail_at(r, start, "a back-reference to a group that is not complete");
    }
    buf_fmt(&r->code, "\\g{%u}", n);
    return true;
}

static bool read_backslash(Reader *r, size_t start)
{
    StrBuf set = buf_in(r->out);
    uint32_t c = peek(r), one = NO_CODE_POINT;
    if (c >= '0' && c <= '9') {
        (void)next(r);
        return read_reference(r, c - '0', start);
    }
    if (!read_escape(r, &set, &one, start)) {
        return false;
    }
    if (one != NO_CODE_POINT) {
        put_char(&r->code, one);
    } else {
        buf_add(&r->code, r->flags.no_case ? STR("(?-i:[") : STR("["));
        buf_add(&r->code, buf_str(&set));
        buf_add(&r->code, r->flags.no_case ? STR("])") : STR("]"));
    }
    return true;
}

static bool open_group(Reader *r, size_t start)
{
    bool captures = true;
    if (take(r, '?')) {
        captures = false;
        if (!take(r, ':')) {
            return fail_at(r, start, "after (? only : may follow");
        }
    }
    if (r->depth >= REGEX_MAX_NESTING) {
        return fail_at(r, start, "REGEX_MAX_NESTING: nested too deep");
    }
    if (captures && r->groups >= REGEX_MAX_GROUPS) {
        return fail_at(r, start, "REGEX_MAX_GROUPS: too many groups");
    }
    buf_add(&r->code, captures ? STR("(") : STR("(?:"));
    r->open[r->depth].number = captures ? ++r->groups : 0;
    r->open[r->depth].start = r->code.len;
    r->open[r->depth++].bar = false;
    return true;
}

/* A choice counts as an attempt each time it is made: (?:a|b) is then (?:(?:a|b)(?C)). */
static void count_choices(Reader *r, size_t start)
{
    Str inside = str_dup(r->out, str_slice(buf_str(&r->code), start, r->code.len));
    r->code.len = start;
    BUF_LIT(&r->code, "(?:");
    buf_add(&r->code, inside);
    BUF_LIT(&r->code, ")(?C)");
}

static bool close_group(Reader *r, size_t start)
{
    if (r->depth == 0) {
        return fail_at(r, start, "')' without '('");
    }
    r->depth--;
    if (r->open[r->depth].bar) {
        count_choices(r, r->open[r->depth].start);
    }
    r->closed[r->open[r->depth].number] = true;
    buf_char(&r->code, ')');
    return true;
}

static void put_bar(Reader *r)
{
    buf_char(&r->code, '|');
    if (r->depth > 0) {
        r->open[r->depth - 1].bar = true;
    }
}

static bool read_number(Reader *r, uint32_t *n)
{
    uint32_t c = peek(r);
    if (c < '0' || c > '9') {
        return fail(r, "a quantity is {n}, {n,} or {n,m}");
    }
    for (*n = 0; c >= '0' && c <= '9'; c = peek(r)) {
        *n = *n * 10 + (c - '0');
        if (*n > REGEX_MAX_REPEAT) {
            return fail(r, "REGEX_MAX_REPEAT: repeated too often");
        }
        (void)next(r);
    }
    return true;
}

/* After "{". */
static bool read_quantity(Reader *r, size_t start)
{
    uint32_t least = 0, most = 0;
    if (!read_number(r, &least)) {
        return false;
    }
    buf_fmt(&r->code, "{%u", least);
    if (take(r, ',')) {
        buf_char(&r->code, ',');
        if (peek(r) != '}') {
            if (!read_number(r, &most)) {
                return false;
            }
            if (most < least) {
                return fail_at(r, start, "a quantity ends before it starts");
            }
            buf_fmt(&r->code, "%u", most);
        }
    }
    buf_char(&r->code, '}');
    return take(r, '}') || fail(r, "a quantity is {n}, {n,} or {n,m}");
}

static bool is_quantifier(uint32_t c)
{
    return c == '?' || c == '*' || c == '+' || c == '{';
}

static bool read_quantifier(Reader *r)
{
    size_t start = r->at;
    uint32_t c = peek(r);
    if (!is_quantifier(c)) {
        return true;
    }
    (void)next(r);
    if (c != '{') {
        buf_char(&r->code, (char)c);
    } else if (!read_quantity(r, start)) {
        return false;
    }
    if (take(r, '?')) {
        buf_char(&r->code, '?');
    }
    BUF_LIT(&r->code, "(?C)");
    return !is_quantifier(peek(r)) || fail(r, "a quantity after a quantity");
}

/* An assertion cannot be repeated as it stands. */
static void put_anchor(Reader *r, char c)
{
    bool repeated = is_quantifier(peek(r));
    buf_add(&r->code, repeated ? STR("(?:") : STR(""));
    buf_char(&r->code, c);
    buf_add(&r->code, repeated ? STR(")") : STR(""));
}

/* One atom without its quantity, or a bar, which may have none. */
static bool read_atom(Reader *r, bool *may_repeat)
{
    skip(r);
    size_t start = r->at;
    uint32_t c = next(r);
    *may_repeat = c != '|' && c != '(';
    switch (c) {
    case '|': put_bar(r); return true;
    case '(': return open_group(r, start);
    case ')': return close_group(r, start);
    case '[': return read_class(r, &r->code, start);
    case '\\': return read_backslash(r, start);
    case '^':
    case '$': put_anchor(r, (char)c); return true;
    case '.': buf_add(&r->code, r->flags.dot_all ? STR(".") : STR("[^\\n\\r]")); return true;
    case '*':
    case '+':
    case '?': return fail_at(r, start, "a quantity with nothing before it");
    case ']':
    case '{':
    case '}': return fail_at(r, start, "brackets and braces are written \\], \\{ and \\}");
    default: put_char(&r->code, c); return true;
    }
}

static bool read_all(Reader *r)
{
    while (peek(r) != NO_CODE_POINT) {
        bool may_repeat = false;
        if (!read_atom(r, &may_repeat) || (may_repeat && !read_quantifier(r))) {
            return false;
        }
        if (r->code.len > REGEX_MAX_CODE) {
            return fail(r, "REGEX_MAX_CODE: too long");
        }
    }
    return r->depth == 0 || fail(r, "')' is missing");
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
    Reader r = {.out = out, .src = pattern, .flags = flags, .code = buf_in(out)};
    if (!read_all(&r)) {
        *why = feel_reason(out, "pattern, character %zu: %s",
                           utf8_count(str_slice(pattern, 0, r.where)) + 1, r.what);
        return false;
    }
    *code = buf_str(&r.code);
    return true;
}
