/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens on demand. FEEL names may hold spaces and operators, so a name can only be told by what is
 * known: at a name's first letter the longest known phrase that stands there wins, else one word
 * is taken. Phrases grow while the parser meets iterators and keys; that is why there is never a
 * token of look-ahead.
 */
#include "feel/feel_int.h"

static const char *const keyword_names[] = {
    "if",        "then", "else", "for",     "in",   "return", "some", "every",
    "satisfies", "and",  "or",   "between", "true", "false",  "null",
};

enum { KEYWORD_MAX = 9 }; /* "satisfies" */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* U+00A0, U+2000-200B, U+2028-2029, U+202F, U+205F, U+3000, U+FEFF: people paste them. */
static bool is_wide_space(uint32_t c)
{
    return c == 0xa0 || (c >= 0x2000 && c <= 0x200b) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
           c == 0x205f || c == 0x3000 || c == 0xfeff;
}

static size_t space_at(Str s, size_t at)
{
    char c = s.at[at];
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
        return 1;
    }
    if ((unsigned char)c < 0x80) {
        return 0;
    }
    size_t next = at;
    return is_wide_space(utf8_next(s, &next)) ? next - at : 0;
}

static size_t skip_comment(Str s, size_t at)
{
    if (at + 1 >= s.len || s.at[at] != '/') {
        return at;
    }
    if (s.at[at + 1] == '/') {
        size_t end = str_find(s, STR("\n"), at);
        return end == SIZE_MAX ? s.len : end + 1;
    }
    if (s.at[at + 1] == '*') {
        size_t end = str_find(s, STR("*/"), at + 2);
        return end == SIZE_MAX ? at : end + 2;
    }
    return at;
}

size_t lex_skip_space(Str src, size_t at)
{
    while (at < src.len) {
        size_t n = space_at(src, at);
        size_t past = n > 0 ? at + n : skip_comment(src, at);
        if (past == at) {
            break;
        }
        at = past;
    }
    return at;
}

static bool is_word_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_word_char(char c)
{
    return is_word_start(c) || is_digit(c);
}

/* Quotes and marks of Chinese typing: right to the eye, wrong to the machine. */
static const char *ascii_of_wide(uint32_t c)
{
    static const struct {
        uint32_t wide;
        const char *ascii;
    } table[] = {{0x201c, "\""}, {0x201d, "\""}, {0xff08, "("},  {0xff09, ")"}, {0xff0c, ","},
                 {0xff1a, ":"},  {0xff1d, "="},  {0xff1c, "<"},  {0xff1e, ">"}, {0x3010, "["},
                 {0x3011, "]"},  {0x2264, "<="}, {0x2265, ">="}, {0x2260, "!="}};
    for (size_t i = 0; i < COUNT(table); i++) {
        if (table[i].wide == c) {
            return table[i].ascii;
        }
    }
    return NULL;
}

static size_t word_end(Str s, size_t at)
{
    while (at < s.len && is_word_char(s.at[at]) && space_at(s, at) == 0) {
        size_t next = at;
        if (ascii_of_wide(utf8_next(s, &next))) {
            break;
        }
        at = next;
    }
    return at;
}

bool lex_is_phrase(Str name)
{
    return name.len > 0 && word_end(name, 0) < name.len;
}

size_t lex_match(Str src, size_t at, Str phrase)
{
    size_t i = 0;
    while (i < phrase.len) {
        if (at >= src.len) {
            return 0;
        }
        if (phrase.at[i] == ' ') {
            size_t past = lex_skip_space(src, at);
            if (past == at) {
                return 0;
            }
            at = past;
            i++;
        } else if (src.at[at++] != phrase.at[i++]) {
            return 0;
        }
    }
    bool cut = at < src.len && i > 0 && is_word_char(phrase.at[i - 1]) &&
               is_word_char(src.at[at]) && space_at(src, at) == 0;
    return cut ? 0 : at;
}

static TokenKind keyword_of(Str word)
{
    if (word.len < 2 || word.len > KEYWORD_MAX || word.at[0] < 'a' || word.at[0] > 't') {
        return TOKEN_NAME;
    }
    for (size_t i = 0; i < COUNT(keyword_names); i++) {
        if (word.at[0] == keyword_names[i][0] && str_eq(word, str_z(keyword_names[i]))) {
            return (TokenKind)((size_t)TOKEN_IF + i);
        }
    }
    return TOKEN_NAME;
}

/* Members of the language's own values that are two words; keywords are names here. */
static void lex_member(Lexer *lx, Token *t, size_t end)
{
    static const char *const members[] = {"time offset", "start included", "end included"};
    for (size_t i = 0; i < COUNT(members); i++) {
        size_t past = lex_match(lx->src, lx->at, str_z(members[i]));
        if (past > end) {
            end = past;
            t->text = str_z(members[i]);
        }
    }
    t->kind = TOKEN_NAME;
    lx->at = end;
}

static void lex_word(Lexer *lx, Token *t)
{
    size_t end = word_end(lx->src, lx->at);
    t->text = str_slice(lx->src, lx->at, end);
    t->kind = keyword_of(t->text);
    bool is_given = false;
    for (size_t i = 0; i < lx->phrases.len; i++) {
        size_t past = lex_match(lx->src, lx->at, lx->phrases.at[i]);
        if (past > end) {
            end = past;
            t->text = lx->phrases.at[i];
            t->kind = TOKEN_NAME;
            is_given = i < lx->given;
        }
    }
    t->text = is_given ? str_dup(arena_beside(lx->arena), t->text) : t->text;
    if (lx->after_dot) {
        lex_member(lx, t, end);
        return;
    }
    Str name = {0};
    size_t past = builtin_match(lx->src, lx->at, &name);
    if (past > end) {
        end = past;
        t->text = name;
        t->kind = TOKEN_NAME;
    }
    lx->at = end;
}

static bool lex_number(Lexer *lx, Token *t)
{
    Str s = lx->src;
    size_t i = lx->at;
    while (i < s.len && is_digit(s.at[i])) {
        i++;
    }
    if (i + 1 < s.len && s.at[i] == '.' && is_digit(s.at[i + 1])) {
        i++;
        while (i < s.len && is_digit(s.at[i])) {
            i++;
        }
    }
    if (i < s.len && (s.at[i] == 'e' || s.at[i] == 'E')) {
        size_t e = i + 1;
        e += e < s.len && (s.at[e] == '+' || s.at[e] == '-') ? 1 : 0;
        size_t digits = e;
        while (e < s.len && is_digit(s.at[e])) {
            e++;
        }
        i = e > digits ? e : i;
    }
    t->kind = TOKEN_NUMBER;
    t->text = str_slice(s, lx->at, i);
    lx->at = i;
    return true;
}

static bool hex_number(Str s, size_t at, size_t digits, uint32_t *value)
{
    *value = 0;
    for (size_t i = at; i < at + digits; i++) {
        char c = i < s.len ? s.at[i] : ' ';
        uint32_t d = 0;
        if (is_digit(c)) {
            d = (uint32_t)(c - '0');
        } else if ((c | 32) >= 'a' && (c | 32) <= 'f') {
            d = (uint32_t)((c | 32) - 'a') + 10;
        } else {
            return false;
        }
        *value = *value * 16 + d;
    }
    return true;
}

/* \uD83D\uDCA9 is one character. */
static bool lex_unicode(Lexer *lx, size_t *at, StrBuf *text, Err *err)
{
    size_t digits = lx->src.at[*at] == 'u' ? 4 : 6;
    uint32_t c = 0, low = 0;
    if (!hex_number(lx->src, *at + 1, digits, &c)) {
        return FAIL_AT(err, ERR_INPUT, *at,
                       "bad escape in string: %zu hexadecimal digits are needed", digits);
    }
    size_t end = *at + 1 + digits;
    if (c >= 0xd800 && c < 0xdc00 && str_starts(str_slice(lx->src, end, lx->src.len), STR("\\u")) &&
        hex_number(lx->src, end + 2, 4, &low) && low >= 0xdc00 && low < 0xe000) {
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        end += 6;
    }
    if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) {
        return FAIL_AT(err, ERR_INPUT, *at, "escape in string is no Unicode character");
    }
    utf8_put(text, c);
    *at = end;
    return true;
}

static char escaped(char c)
{
    switch (c) {
    case 'n': return '\n';
    case 't': return '\t';
    case 'r': return '\r';
    case '"':
    case '\'':
    case '\\': return c;
    default: return 0;
    }
}

/* An unknown escape stays two characters, as the \s of a pattern. */
static bool lex_escape(Lexer *lx, size_t *at, StrBuf *text, Err *err)
{
    char c = *at < lx->src.len ? lx->src.at[*at] : 0;
    if (c == 'u' || c == 'U') {
        return lex_unicode(lx, at, text, err);
    }
    char plain = escaped(c);
    buf_char(text, plain ? plain : '\\');
    *at += plain ? 1 : 0;
    return true;
}

static bool lex_string(Lexer *lx, Token *t, Err *err)
{
    StrBuf text = buf_in(arena_beside(lx->arena));
    size_t start = lx->at, i = lx->at + 1;
    for (;;) {
        if (i >= lx->src.len) {
            return FAIL_AT(err, ERR_INPUT, start, "string without closing '\"'");
        }
        char c = lx->src.at[i++];
        if (c == '"') {
            break;
        }
        if (c != '\\') {
            buf_char(&text, c);
        } else if (!lex_escape(lx, &i, &text, err)) {
            return false;
        }
    }
    lx->at = i;
    t->kind = t->kind == TOKEN_TEMPORAL ? TOKEN_TEMPORAL : TOKEN_STRING;
    t->text = str_dup(lx->arena, buf_str(&text));
    return true;
}

static int mark_of(char c, char c2)
{
    switch (c) {
    case '.': return c2 == '.' ? MARK_DOTS : c;
    case '*': return c2 == '*' ? MARK_POW : c;
    case '!': return c2 == '=' ? MARK_NE : 0;
    case '<': return c2 == '=' ? MARK_LE : c;
    case '>': return c2 == '=' ? MARK_GE : c;
    default: return strchr("()[]{},:+-/=?", c) ? c : 0;
    }
}

static bool lex_mark(Lexer *lx, Token *t, Err *err)
{
    char c = lx->src.at[lx->at], c2 = lx->at + 1 < lx->src.len ? lx->src.at[lx->at + 1] : 0;
    t->kind = TOKEN_MARK;
    t->mark = c ? mark_of(c, c2) : 0;
    if (t->mark == 0) {
        return FAIL_AT(err, ERR_INPUT, lx->at, "unexpected character '%c'", c ? c : '?');
    }
    lx->at += t->mark >= MARK_DOTS ? 2 : 1;
    return true;
}

bool lex_next(Lexer *lx, Token *t, Err *err)
{
    lx->at = lex_skip_space(lx->src, lx->at);
    *t = (Token){.start = (uint32_t)lx->at};
    if (lx->at >= lx->src.len) {
        t->end = t->start;
        return true;
    }
    char c = lx->src.at[lx->at], c2 = lx->at + 1 < lx->src.len ? lx->src.at[lx->at + 1] : 0;
    bool ok = true;
    if (is_word_start(c)) {
        size_t next = lx->at;
        const char *ascii = ascii_of_wide(utf8_next(lx->src, &next));
        if (ascii) {
            return FAIL_AT(err, ERR_INPUT, lx->at, "full-width character, write '%s'", ascii);
        }
        lx->tried += lx->phrases.len;
        if (lx->tried > FEEL_MAX_TRIES) {
            return FAIL_AT(err, ERR_LIMIT, lx->at,
                           "FEEL_MAX_TRIES: too many names of several words");
        }
        lex_word(lx, t);
    } else if (is_digit(c) || (c == '.' && is_digit(c2))) {
        ok = lex_number(lx, t);
    } else if (c == '"') {
        ok = lex_string(lx, t, err);
    } else if (c == '@' && c2 == '"') {
        t->kind = TOKEN_TEMPORAL;
        lx->at++;
        ok = lex_string(lx, t, err);
    } else {
        ok = lex_mark(lx, t, err);
    }
    t->end = (uint32_t)lx->at;
    return ok;
}

/* A stop that is a word must stand alone: "in" does not end "inner". */
static bool stands_here(Str src, size_t at, Str stop)
{
    if (!is_word_start(stop.at[0])) {
        return src.at[at] == stop.at[0];
    }
    return at > 0 && !is_word_char(src.at[at - 1]) && lex_match(src, at, stop) > 0;
}

bool lex_declared(Lexer *lx, size_t from, Str stop, Str *name, Err *err)
{
    size_t at = lex_skip_space(lx->src, from);
    StrBuf b = buf_in(arena_beside(lx->arena));
    size_t start = at;
    while (at < lx->src.len && !stands_here(lx->src, at, stop)) {
        size_t past = lex_skip_space(lx->src, at);
        if (past > at) {
            at = past;
            buf_char(&b, ' ');
        } else {
            buf_char(&b, lx->src.at[at++]);
        }
    }
    *name = str_trim(buf_str(&b));
    if (at >= lx->src.len) {
        return FAIL_AT(err, ERR_INPUT, start, "'" STR_FMT "' expected after the name",
                       STR_ARG(stop));
    }
    if (str_empty(*name) || !is_word_start(name->at[0])) {
        return FAIL_AT(err, ERR_INPUT, start, "a name expected before '" STR_FMT "'",
                       STR_ARG(stop));
    }
    lx->at = at;
    *name = str_dup(lx->arena, *name);
    return true;
}

/* What a name may hold besides letters and digits. */
static bool is_name_mark(char c)
{
    return c == '.' || c == '/' || c == '-' || c == '\'' || c == '+' || c == '*';
}

bool lex_name_before(Lexer *lx, size_t from, const char *stops, Str *name)
{
    size_t at = lex_skip_space(lx->src, from);
    StrBuf b = buf_in(arena_beside(lx->arena));
    if (at >= lx->src.len || !is_word_start(lx->src.at[at])) {
        return false;
    }
    while (at < lx->src.len && !strchr(stops, lx->src.at[at])) {
        size_t past = lex_skip_space(lx->src, at);
        if (past == at && !is_word_char(lx->src.at[at]) && !is_name_mark(lx->src.at[at])) {
            return false;
        }
        buf_char(&b, past > at ? ' ' : lx->src.at[at]);
        at = past > at ? past : at + 1;
    }
    *name = str_trim(buf_str(&b));
    lx->at = at;
    return at < lx->src.len;
}
