/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From what people type to one tidy text: full-width letters and digits become ASCII, spaces at
 * the ends go (the ideographic one too), identity numbers lose inner spaces, dates and times take
 * their ISO form where it is plain what was meant. What cannot be understood stays as typed, so
 * that the page can show it again beside the message; form_check says what is wrong with it.
 */
#include "base/utf8.h"
#include "model/form.h"

enum { IDEOGRAPHIC_SPACE = 0x3000, FULL_WIDTH_FIRST = 0xFF01, FULL_WIDTH_LAST = 0xFF5E };

typedef struct {
    bool narrow;     /* full-width ASCII becomes ASCII */
    bool many_lines; /* line ends stay */
} Tidy;

static uint32_t tidy_one(uint32_t c, Tidy how)
{
    if (c == UTF8_INVALID)
        return 0xFFFD;
    if (c == IDEOGRAPHIC_SPACE || c == 0xA0 || c == 0x200B || c == 0xFEFF || c == '\t')
        return ' ';
    if (how.narrow && c >= FULL_WIDTH_FIRST && c <= FULL_WIDTH_LAST)
        return c - FULL_WIDTH_FIRST + '!';
    if (c == '\n')
        return how.many_lines ? '\n' : ' ';
    if (c < 0x20 || (c >= 0x7F && c < 0xA0))
        return 0;
    return c;
}

static Str tidy(Arena *out, Str raw, Tidy how)
{
    StrBuf b = buf_in(out);
    for (size_t at = 0; at < raw.len;) {
        uint32_t c = tidy_one(utf8_next(raw, &at), how);
        if (c)
            utf8_put(&b, c);
    }
    return str_trim(buf_str(&b));
}

/* Only letters and digits, upper case: "3301 9919900307 401x" as it is meant. */
static Str tidy_code(Arena *out, Str raw)
{
    Str s = tidy(out, raw, (Tidy){.narrow = true});
    StrBuf b = buf_in(out);
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (c == ' ' || c == '-')
            continue;
        buf_char(&b, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
    }
    return buf_str(&b);
}

static Str tidy_phone(Arena *out, Str raw)
{
    Str s = tidy_code(out, raw);
    if (str_starts(s, STR("+86")))
        return str_slice(s, 3, s.len);
    if (s.len == 13 && str_starts(s, STR("86")))
        return str_slice(s, 2, s.len);
    return s;
}

static Str tidy_number(Arena *out, Str raw)
{
    Str s = tidy(out, raw, (Tidy){.narrow = true});
    return str_trim(str_replace(out, s, STR(","), STR("")));
}

/* Up to max runs of digits; SIZE_MAX when anything but separators stands between them. */
static size_t digit_runs(Str s, Str *runs, size_t max)
{
    static const Str separators[] = {STR_INIT("-"),  STR_INIT("/"),  STR_INIT("."),  STR_INIT(":"),
                                     STR_INIT(" "),  STR_INIT("年"), STR_INIT("月"), STR_INIT("日"),
                                     STR_INIT("时"), STR_INIT("点"), STR_INIT("分")};
    size_t n = 0, at = 0;
    while (at < s.len) {
        size_t from = at;
        while (at < s.len && s.at[at] >= '0' && s.at[at] <= '9')
            at++;
        if (at > from) {
            if (n == max)
                return SIZE_MAX;
            runs[n++] = str_slice(s, from, at);
            continue;
        }
        size_t before = at;
        for (size_t i = 0; i < COUNT(separators) && at == before; i++)
            if (str_starts(str_slice(s, at, s.len), separators[i]))
                at += separators[i].len;
        if (at == before)
            return SIZE_MAX;
    }
    return n;
}

static Str padded(Arena *out, Str digits, int width)
{
    int64_t n = 0;
    if (digits.len > 4 || !str_int(digits, &n))
        return digits;
    return str_fmt(out, "%0*d", width, (int)n);
}

static Str date_of_parts(Arena *out, Str year, Str month, Str day)
{
    return str_fmt(out, STR_FMT "-" STR_FMT "-" STR_FMT, STR_ARG(padded(out, year, 4)),
                   STR_ARG(padded(out, month, 2)), STR_ARG(padded(out, day, 2)));
}

/* Year, month and day joined as one text; empty when all are. */
static Str joined_date(Arena *out, const Str *raw)
{
    Str part[3];
    size_t given = 0;
    for (size_t i = 0; i < COUNT(part); i++) {
        part[i] = tidy(out, raw[i], (Tidy){.narrow = true});
        given += part[i].len;
    }
    return given ? str_fmt(out, STR_FMT "-" STR_FMT "-" STR_FMT, STR_ARG(part[0]), STR_ARG(part[1]),
                           STR_ARG(part[2]))
                 : (Str){0};
}

static Str tidy_date(Arena *out, const Str *raw, size_t count)
{
    Str s = count >= 3 ? joined_date(out, raw)
            : count    ? tidy(out, raw[0], (Tidy){.narrow = true})
                       : (Str){0};
    Str run[3];
    size_t n = digit_runs(s, run, 3);
    if (n == 3 && run[0].len == 4)
        return date_of_parts(out, run[0], run[1], run[2]);
    if (n == 1 && s.len == 8 && run[0].len == 8)
        return date_of_parts(out, str_slice(s, 0, 4), str_slice(s, 4, 6), str_slice(s, 6, 8));
    return s;
}

static Str tidy_time(Arena *out, const Str *raw, size_t count)
{
    Str s = count ? tidy(out, raw[0], (Tidy){.narrow = true}) : (Str){0};
    if (count >= 2) {
        Str minute = tidy(out, raw[1], (Tidy){.narrow = true});
        if (s.len || minute.len)
            s = str_fmt(out, STR_FMT ":" STR_FMT, STR_ARG(s), STR_ARG(minute));
    }
    Str run[3];
    size_t n = digit_runs(s, run, 3);
    if ((n == 2 || n == 3) && run[0].len <= 2 && run[1].len <= 2)
        return str_fmt(out, STR_FMT ":" STR_FMT, STR_ARG(padded(out, run[0], 2)),
                       STR_ARG(padded(out, run[1], 2)));
    return s;
}

static Value *read_checkbox(Arena *out, const Str *raw, size_t count)
{
    Value *list = value_list(out);
    for (size_t i = 0; i < count; i++) {
        Str s = tidy(out, raw[i], (Tidy){0});
        if (s.len)
            push_str(out, list, s);
    }
    return list;
}

static Value *read_boolean(Arena *out, Str raw)
{
    static const Str yes[] = {STR_INIT("true"), STR_INIT("yes"), STR_INIT("on"), STR_INIT("1")};
    static const Str no[] = {STR_INIT("false"), STR_INIT("no"), STR_INIT("0")};
    Str s = tidy(out, raw, (Tidy){0});
    for (size_t i = 0; i < COUNT(yes); i++)
        if (str_eq_nocase(s, yes[i]))
            return value_bool(out, true);
    for (size_t i = 0; i < COUNT(no); i++)
        if (str_eq_nocase(s, no[i]))
            return value_bool(out, false);
    return s.len ? value_str(out, s) : value_null(out);
}

static Value *read_text(Arena *out, Str s)
{
    return s.len ? value_str(out, s) : value_null(out);
}

Value *form_read_answer(Arena *out, const Element *e, const Str *raw, size_t count)
{
    Str first = count ? raw[0] : (Str){0};
    switch (e->type) {
    case ELEMENT_CHECKBOX: return read_checkbox(out, raw, count);
    case ELEMENT_BOOLEAN: return read_boolean(out, first);
    case ELEMENT_IDCARD:
    case ELEMENT_USCC: return read_text(out, tidy_code(out, first));
    case ELEMENT_PHONE: return read_text(out, tidy_phone(out, first));
    case ELEMENT_NUMBER: return read_text(out, tidy_number(out, first));
    case ELEMENT_DATE: return read_text(out, tidy_date(out, raw, count));
    case ELEMENT_TIME: return read_text(out, tidy_time(out, raw, count));
    case ELEMENT_TEXTAREA: return read_text(out, tidy(out, first, (Tidy){.many_lines = true}));
    case ELEMENT_TEXT:
    case ELEMENT_ADDRESS:
    case ELEMENT_RADIO:
    case ELEMENT_SELECT: break;
    }
    return read_text(out, tidy(out, first, (Tidy){0}));
}
