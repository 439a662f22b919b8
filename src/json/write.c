/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts are copied in runs between the bytes that need an escape, found by eights and by a table.
 * '<' is escaped so that a document may stand inside <script>, U+2028 and U+2029 so that it may
 * stand in JavaScript. Canonical form differs by the order of keys alone: numbers keep their text, as
 * value_eq compares them.
 */
#include "json/json.h"

#include <stdlib.h>

typedef enum { FORM_COMPACT, FORM_PRETTY, FORM_CANONICAL } Form;

enum { PRETTY_STEP = 2 };

/* 1: always escaped; 2: may begin U+2028 or U+2029. */
static const uint8_t special[256] = {
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,         1,          1,         1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, ['"'] = 1, ['\\'] = 1, ['<'] = 1, [0xe2] = 2,
};

static void write_escape(StrBuf *b, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";
    char escape[] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
    switch (c) {
    case '"':
    case '\\': escape[1] = (char)c; break;
    case '\b': escape[1] = 'b'; break;
    case '\f': escape[1] = 'f'; break;
    case '\n': escape[1] = 'n'; break;
    case '\r': escape[1] = 'r'; break;
    case '\t': escape[1] = 't'; break;
    default: break;
    }
    buf_add(b, (Str){escape, escape[1] == 'u' ? sizeof escape : 2});
}

static bool is_line_separator(Str s, size_t at)
{
    return at + 2 < s.len && (unsigned char)s.at[at + 1] == 0x80 &&
           ((unsigned char)s.at[at + 2] & 0xfe) == 0xa8;
}

#define EACH_BYTE(c) (UINT64_C(0x0101010101010101) * (c))

/* Not 0 when one of the eight bytes is smaller than n, at most 128. */
static inline uint64_t any_below(uint64_t bytes, unsigned n)
{
    return (bytes - EACH_BYTE(n)) & ~bytes & EACH_BYTE(0x80);
}

static inline uint64_t any_is(uint64_t bytes, unsigned c)
{
    return any_below(bytes ^ EACH_BYTE(c), 1);
}

/* Eight bytes from i on that nothing special is among. */
static inline bool is_plain_word(Str s, size_t i)
{
    uint64_t bytes;
    if (s.len - i < sizeof bytes)
        return false;
    memcpy(&bytes, s.at + i, sizeof bytes);
    return !(any_below(bytes, ' ') | any_is(bytes, '"') | any_is(bytes, '\\') | any_is(bytes, '<') |
             any_is(bytes, 0xe2));
}

void json_write_str(StrBuf *b, Str s)
{
    buf_char(b, '"');
    size_t from = 0;
    for (size_t i = 0; i < s.len; i++) {
        while (is_plain_word(s, i))
            i += sizeof(uint64_t);
        if (i == s.len)
            break;
        unsigned char c = (unsigned char)s.at[i];
        if (!special[c] || (special[c] == 2 && !is_line_separator(s, i)))
            continue;
        buf_add(b, str_slice(s, from, i));
        if (special[c] == 2) {
            buf_add(b, (unsigned char)s.at[i + 2] == 0xa8 ? STR("\\u2028") : STR("\\u2029"));
            i += 2;
        } else {
            write_escape(b, c);
        }
        from = i + 1;
    }
    buf_add(b, str_slice(s, from, s.len));
    buf_char(b, '"');
}

static void write_value(StrBuf *b, const Value *v, Form form, size_t indent);

static void new_line(StrBuf *b, Form form, size_t indent)
{
    if (form != FORM_PRETTY)
        return;
    char *at = buf_room(b, indent + 1);
    at[0] = '\n';
    memset(at + 1, ' ', indent);
    b->len += indent + 1;
}

static void write_list(StrBuf *b, const Value *v, Form form, size_t indent)
{
    buf_char(b, '[');
    for (uint32_t i = 0; i < v->list.count; i++) {
        if (i)
            buf_char(b, ',');
        new_line(b, form, indent + PRETTY_STEP);
        write_value(b, v->list.items[i], form, indent + PRETTY_STEP);
    }
    if (v->list.count)
        new_line(b, form, indent);
    buf_char(b, ']');
}

static int by_key(const void *a, const void *b)
{
    const ValueMember *x = a, *y = b;
    return str_cmp(x->key, y->key);
}

static const ValueMember *sorted_members(Arena *a, const Value *v)
{
    ValueMember *copy = NEW_N(a, ValueMember, v->map.count);
    memcpy(copy, v->map.members, v->map.count * sizeof *copy);
    qsort(copy, v->map.count, sizeof *copy, by_key);
    return copy;
}

static void write_map(StrBuf *b, const Value *v, Form form, size_t indent)
{
    const ValueMember *members = v->map.members;
    if (form == FORM_CANONICAL && v->map.count > 1)
        members = sorted_members(b->arena, v);
    buf_char(b, '{');
    for (uint32_t i = 0; i < v->map.count; i++) {
        if (i)
            buf_char(b, ',');
        new_line(b, form, indent + PRETTY_STEP);
        json_write_str(b, members[i].key);
        buf_add(b, form == FORM_PRETTY ? STR(": ") : STR(":"));
        write_value(b, members[i].value, form, indent + PRETTY_STEP);
    }
    if (v->map.count)
        new_line(b, form, indent);
    buf_char(b, '}');
}

static void write_value(StrBuf *b, const Value *v, Form form, size_t indent)
{
    switch (v->kind) {
    case VALUE_NULL: BUF_LIT(b, "null"); break;
    case VALUE_BOOL: buf_add(b, v->truth ? STR("true") : STR("false")); break;
    case VALUE_NUMBER: buf_add(b, v->text); break;
    case VALUE_STR: json_write_str(b, v->text); break;
    case VALUE_LIST: write_list(b, v, form, indent); break;
    case VALUE_MAP: write_map(b, v, form, indent); break;
    }
}

static Str written(Arena *out, const Value *v, Form form)
{
    StrBuf b = buf_in(out);
    write_value(&b, v, form, 0);
    return buf_str(&b);
}

void json_write(StrBuf *b, const Value *v)
{
    write_value(b, v, FORM_COMPACT, 0);
}

Str json_text(Arena *out, const Value *v)
{
    return written(out, v, FORM_COMPACT);
}

Str json_pretty(Arena *out, const Value *v)
{
    return written(out, v, FORM_PRETTY);
}

Str json_canonical(Arena *out, const Value *v)
{
    return written(out, v, FORM_CANONICAL);
}
