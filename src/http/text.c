/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every function walks its text once. Where two readings of a text are possible (an encoded slash,
 * a folded header), the text is refused: a proxy in front may have chosen the other one.
 */
#include "http/text.h"

#include "base/utf8.h"

enum { FILE_NAME_MAX = 200, COOKIE_PARTS_MAX = 400, PREFERENCE_FULL = 1000 };

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool needs_decoding(Str raw, bool plus)
{
    return raw.len && (memchr(raw.at, '%', raw.len) || (plus && memchr(raw.at, '+', raw.len)));
}

static bool checked(Str text, Err *err)
{
    if (text.len && memchr(text.at, '\0', text.len))
        return FAIL(err, ERR_INPUT, "zero byte in text");
    if (!utf8_valid(text))
        return FAIL(err, ERR_INPUT, "text is not UTF-8");
    return true;
}

bool text_decode(Arena *out, Str raw, bool plus, Str *text, Err *err)
{
    if (!needs_decoding(raw, plus)) {
        *text = raw;
        return checked(raw, err);
    }
    char *at = arena_alloc(out, raw.len);
    size_t n = 0;
    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.at[i];
        if (c == '+' && plus)
            c = ' ';
        if (c == '%') {
            bool whole = i + 2 < raw.len;
            int high = whole ? hex_digit(raw.at[i + 1]) : -1;
            int low = whole ? hex_digit(raw.at[i + 2]) : -1;
            if (high < 0 || low < 0)
                return FAIL_AT(err, ERR_INPUT, i, "bad percent encoding");
            c = (char)(high * 16 + low);
            i += 2;
        }
        at[n++] = c;
    }
    *text = (Str){at, n};
    return checked(*text, err);
}

static bool has_encoded_slash(Str raw)
{
    return str_find(raw, STR("%2F"), 0) != SIZE_MAX || str_find(raw, STR("%2f"), 0) != SIZE_MAX;
}

bool text_path(Arena *out, Str raw, Str *path, Err *err)
{
    if (raw.len == 0 || raw.at[0] != '/')
        return FAIL(err, ERR_INPUT, "path does not start with a slash");
    if (has_encoded_slash(raw))
        return FAIL(err, ERR_INPUT, "encoded slash in path");
    if (!text_decode(out, raw, false, path, err))
        return false;
    Str rest = str_slice(*path, 1, path->len), part;
    while (str_split(&rest, '/', &part)) {
        if (str_eq(part, STR(".")) || str_eq(part, STR("..")))
            return FAIL(err, ERR_INPUT, "dot part in path");
    }
    return true;
}

bool text_fields(Arena *out, Str raw, size_t max_fields, size_t max_bytes, HttpFields *fields,
                 Err *err)
{
    Str rest = raw, pair;
    while (rest.len && str_split(&rest, '&', &pair)) {
        if (pair.len == 0)
            continue;
        if (fields->len >= max_fields)
            return FAIL(err, ERR_LIMIT, "more than %zu fields", max_fields);
        const char *equals = memchr(pair.at, '=', pair.len);
        size_t name_len = equals ? (size_t)(equals - pair.at) : pair.len;
        HttpField f = {0};
        if (!text_decode(out, str_slice(pair, 0, name_len), true, &f.name, err) ||
            !text_decode(out, str_slice(pair, name_len + 1, pair.len), true, &f.value, err))
            return false;
        if (f.value.len > max_bytes || f.name.len > max_bytes)
            return FAIL(err, ERR_LIMIT, "field is longer than %zu bytes", max_bytes);
        *VEC_PUSH(out, fields) = f;
    }
    return true;
}

bool text_is_token(Str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!alnum && (c == 0 || !strchr("!#$%&'*+-.^_`|~", c)))
            return false;
    }
    return s.len > 0;
}

bool text_is_host(Str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!alnum && (c == 0 || !strchr(".-_~:[]%", c)))
            return false;
    }
    return s.len > 0 && s.len <= 255;
}

static bool is_cookie_value(Str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if (c <= 0x20 || c >= 0x7f || c == '"' || c == ',' || c == '\\')
            return false;
    }
    return true;
}

void text_cookies(Arena *out, Str header, size_t max, HttpFields *cookies)
{
    Str rest = header, part;
    size_t parts = 0;
    while (str_split(&rest, ';', &part) && parts++ < COOKIE_PARTS_MAX && cookies->len < max) {
        Str pair = str_trim(part);
        const char *equals = pair.len ? memchr(pair.at, '=', pair.len) : NULL;
        if (!equals)
            continue;
        size_t n = (size_t)(equals - pair.at);
        Str name = str_trim(str_slice(pair, 0, n));
        Str value = str_trim(str_slice(pair, n + 1, pair.len));
        if (value.len >= 2 && value.at[0] == '"' && value.at[value.len - 1] == '"')
            value = str_slice(value, 1, value.len - 1);
        if (text_is_token(name) && is_cookie_value(value))
            *VEC_PUSH(out, cookies) = (HttpField){name, value};
    }
}

static Str before_semicolon(Str s)
{
    const char *end = s.len ? memchr(s.at, ';', s.len) : NULL;
    return str_trim(end ? str_slice(s, 0, (size_t)(end - s.at)) : s);
}

bool text_media_type(Arena *out, Str header, Str *type, Err *err)
{
    Str whole = before_semicolon(header);
    size_t slash = str_find(whole, STR("/"), 0);
    if (slash == SIZE_MAX || !text_is_token(str_slice(whole, 0, slash)) ||
        !text_is_token(str_slice(whole, slash + 1, whole.len)))
        return FAIL(err, ERR_INPUT, "content type is malformed");
    *type = str_lower(out, whole);
    return true;
}

/* The value at *at: a token, or a quoted string with its backslashes resolved. */
static Str parameter_value(Arena *out, Str s, size_t *at)
{
    size_t i = *at;
    if (i >= s.len || s.at[i] != '"') {
        while (i < s.len && s.at[i] != ';')
            i++;
        Str value = str_trim(str_slice(s, *at, i));
        *at = i;
        return value;
    }
    StrBuf b = buf_in(out);
    for (i++; i < s.len && s.at[i] != '"'; i++) {
        /* Only \" and \\ are escapes: older browsers send C:\folder\name unescaped. */
        bool escape =
            s.at[i] == '\\' && i + 1 < s.len && (s.at[i + 1] == '"' || s.at[i + 1] == '\\');
        i += escape;
        buf_char(&b, s.at[i]);
    }
    *at = i < s.len ? i + 1 : i;
    return buf_str(&b);
}

static size_t skip_to(Str s, size_t at, char c)
{
    while (at < s.len && s.at[at] != c)
        at++;
    return at;
}

Str text_parameter(Arena *out, Str header, const char *name)
{
    size_t at = skip_to(header, 0, ';');
    while (at < header.len) {
        at++;
        size_t equals = at;
        while (equals < header.len && header.at[equals] != '=' && header.at[equals] != ';')
            equals++;
        if (equals >= header.len || header.at[equals] == ';') {
            at = equals;
            continue;
        }
        Str key = str_trim(str_slice(header, at, equals));
        at = equals + 1;
        while (at < header.len && (header.at[at] == ' ' || header.at[at] == '\t'))
            at++;
        ArenaMark mark = arena_mark(out);
        Str value = parameter_value(out, header, &at);
        if (str_eq_nocase(key, str_z(name)))
            return value;
        arena_rewind(out, mark);
        at = skip_to(header, at, ';');
    }
    return (Str){NULL, 0};
}

/* "q=0.25" -> 250; anything malformed counts as full, as most servers do. */
static int quality(Str part)
{
    size_t at = str_find(part, STR(";"), 0);
    while (at != SIZE_MAX) {
        size_t end = skip_to(part, at + 1, ';');
        Str p = str_trim(str_slice(part, at + 1, end));
        if (p.len >= 3 && (p.at[0] == 'q' || p.at[0] == 'Q') && p.at[1] == '=') {
            int q = p.at[2] == '1' ? PREFERENCE_FULL : 0;
            int unit = 100;
            for (size_t i = 4; p.at[2] == '0' && i < p.len && unit; i++, unit /= 10)
                q += p.at[i] >= '0' && p.at[i] <= '9' ? (p.at[i] - '0') * unit : 0;
            return q;
        }
        at = end < part.len ? end : SIZE_MAX;
    }
    return PREFERENCE_FULL;
}

/* 3 exact, 2 "text/" + any, 1 any, 0 none. */
static int specificity(Str range, Str value)
{
    if (str_eq_nocase(range, value))
        return 3;
    if (str_eq(range, STR("*/*")) || str_eq(range, STR("*")))
        return 1;
    size_t slash = str_find(value, STR("/"), 0);
    bool family = slash != SIZE_MAX && range.len == slash + 2 && range.at[range.len - 1] == '*' &&
                  str_eq_nocase(str_slice(range, 0, slash + 1), str_slice(value, 0, slash + 1));
    return family ? 2 : 0;
}

int text_preference(Str header, Str value)
{
    int best = 0, wanted = 0;
    Str rest = header, part;
    while (rest.len && str_split(&rest, ',', &part)) {
        int how = specificity(before_semicolon(part), value);
        if (how > best) {
            best = how;
            wanted = quality(part);
        }
    }
    return wanted;
}

bool text_head_is_strict(Str head)
{
    size_t i = 0;
    while (i + 1 < head.len && (head.at[i] || head.at[i + 1])) {
        const char *name_end = memchr(head.at + i, '\0', head.len - i);
        if (!name_end || !text_is_token((Str){head.at + i, (size_t)(name_end - head.at) - i}))
            return false;
        i = (size_t)(name_end - head.at) + 1;
        const char *end = memchr(head.at + i, '\0', head.len - i);
        if (!end)
            return false;
        for (const char *c = head.at + i; c < end; c++)
            if (((unsigned char)*c < 0x20 && *c != '\t') || *c == 0x7f)
                return false;
        i = (size_t)(end - head.at);
        if (i + 1 >= head.len || head.at[i + 1] != '\0')
            return false;
        i += 2;
    }
    return i + 2 == head.len;
}

static bool is_direction_mark(uint32_t c)
{
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e ||
           c == 0x200f;
}

Str text_file_name(Arena *out, Str sent)
{
    size_t from = 0;
    for (size_t i = 0; i < sent.len; i++)
        if (sent.at[i] == '/' || sent.at[i] == '\\')
            from = i + 1;
    Str base = str_slice(sent, from, sent.len);
    StrBuf b = buf_in(out);
    for (size_t at = 0; at < base.len;) {
        size_t start = at;
        uint32_t c = utf8_next(base, &at);
        if (c == UTF8_INVALID || c < 0x20 || (c >= 0x7f && c < 0xa0) || is_direction_mark(c))
            continue;
        if (b.len + (at - start) > FILE_NAME_MAX)
            break;
        buf_add(&b, str_slice(base, start, at));
    }
    Str name = buf_str(&b);
    bool nothing = name.len == 0 || str_eq(name, STR(".")) || str_eq(name, STR(".."));
    return nothing ? STR("file") : name;
}

Str text_header_value(Arena *out, Str value)
{
    StrBuf b = buf_in(out);
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.at[i];
        if (c >= 0x20 && c != 0x7f)
            buf_char(&b, value.at[i]);
    }
    return buf_str(&b);
}

static void put_percent(StrBuf *b, unsigned char c)
{
    static const char digits[] = "0123456789ABCDEF";
    buf_char(b, '%');
    buf_char(b, digits[c >> 4]);
    buf_char(b, digits[c & 15]);
}

Str text_location(Arena *out, Str to)
{
    StrBuf b = buf_in(out);
    for (size_t i = 0; i < to.len; i++) {
        unsigned char c = (unsigned char)to.at[i];
        if (c <= 0x20 || c >= 0x7f || strchr("\"<>\\^`{|}", c))
            put_percent(&b, c);
        else
            buf_char(&b, to.at[i]);
    }
    return buf_str(&b);
}

Str text_cookie_value(Arena *out, Str value)
{
    StrBuf b = buf_in(out);
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.at[i];
        if (c <= 0x20 || c >= 0x7f || strchr("\",;\\%", c))
            put_percent(&b, c);
        else
            buf_char(&b, value.at[i]);
    }
    return buf_str(&b);
}

void text_event(StrBuf *out, Str event, Str data)
{
    if (event.len) {
        BUF_LIT(out, "event: ");
        for (size_t i = 0; i < event.len; i++)
            buf_char(out, event.at[i] == '\n' || event.at[i] == '\r' ? ' ' : event.at[i]);
        buf_char(out, '\n');
    }
    size_t from = 0;
    for (size_t i = 0; i <= data.len; i++) {
        if (i < data.len && data.at[i] != '\n' && data.at[i] != '\r')
            continue;
        BUF_LIT(out, "data: ");
        buf_add(out, str_slice(data, from, i));
        buf_char(out, '\n');
        if (i + 1 < data.len && data.at[i] == '\r' && data.at[i + 1] == '\n')
            i++;
        from = i + 1;
    }
    buf_char(out, '\n');
}
