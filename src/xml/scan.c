/* SPDX-License-Identifier: Apache-2.0 */
/* No grammar here, only where things end: libxml2 has judged the text before, or will. */
#include "xml/xml_int.h"

static bool is_white(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t skip_white(Str s, size_t at)
{
    while (at < s.len && is_white(s.at[at]))
        at++;
    return at;
}

static bool starts_at(Str s, size_t at, Str what)
{
    return str_starts(str_slice(s, at, s.len), what);
}

/* Past the next `end`, or the end of the text. */
static size_t skip_past(Str s, size_t at, Str end)
{
    size_t hit = str_find(s, end, at);
    return hit == SIZE_MAX ? s.len : hit + end.len;
}

/* ---- references ---- */

/* The reference at '&': its length as written and the character it stands for; 0 for none. */
static size_t reference_at(Str s, size_t at, uint32_t *c)
{
    static const struct {
        Str text;
        uint32_t c;
    } named[] = {
        {STR_INIT("&lt;"), '<'},   {STR_INIT("&gt;"), '>'},    {STR_INIT("&amp;"), '&'},
        {STR_INIT("&quot;"), '"'}, {STR_INIT("&apos;"), '\''},
    };
    for (size_t i = 0; i < COUNT(named); i++)
        if (starts_at(s, at, named[i].text)) {
            *c = named[i].c;
            return named[i].text.len;
        }
    if (!starts_at(s, at, STR("&#")))
        return 0;
    bool hex = starts_at(s, at, STR("&#x"));
    uint32_t n = 0;
    for (size_t i = at + (hex ? 3 : 2); i < s.len && n <= 0x10ffff; i++) {
        char d = s.at[i];
        if (d == ';') {
            *c = n;
            return i + 1 - at;
        }
        uint32_t digit = d <= '9' ? (uint32_t)(d - '0') : (uint32_t)((d | 0x20) - 'a' + 10);
        n = n * (hex ? 16 : 10) + digit;
    }
    return 0;
}

/* ---- text ---- */

static size_t first_solid(Str s, size_t at, size_t end, bool references)
{
    while (at < end) {
        uint32_t c;
        size_t n = references && s.at[at] == '&' ? reference_at(s, at, &c) : 0;
        if (n ? c > ' ' : !is_white(s.at[at]))
            return at;
        at += n ? n : 1;
    }
    return end;
}

static void note_text(Str s, size_t from, size_t to, bool references, uint32_t *text_offset)
{
    if (*text_offset)
        return;
    size_t solid = first_solid(s, from, to, references);
    if (solid < to)
        *text_offset = (uint32_t)solid;
}

/* Past the comment or instruction that begins here; the same place when neither does. */
static size_t skip_aside(Str s, size_t at)
{
    if (starts_at(s, at, STR("<!--")))
        return skip_past(s, at + 4, STR("-->"));
    if (starts_at(s, at, STR("<?")))
        return skip_past(s, at + 2, STR("?>"));
    return at;
}

static const Str cdata_open = STR_INIT("<![CDATA["), cdata_close = STR_INIT("]]>");

size_t scan_to_tag(Scan *s, uint32_t *text_offset)
{
    while (s->at < s->text.len) {
        size_t tag = str_find(s->text, STR("<"), s->at);
        size_t end = tag == SIZE_MAX ? s->text.len : tag;
        note_text(s->text, s->at, end, true, text_offset);
        s->at = end;
        if (starts_at(s->text, end, cdata_open)) {
            size_t past = skip_past(s->text, end, cdata_close);
            size_t content = end + cdata_open.len;
            size_t close = past >= content + cdata_close.len ? past - cdata_close.len : content;
            note_text(s->text, content, close, false, text_offset);
            s->at = past;
            continue;
        }
        size_t past = skip_aside(s->text, end);
        if (past == end)
            break;
        s->at = past;
    }
    return s->at;
}

/* ---- tags ---- */

static bool ends_name(char c)
{
    return is_white(c) || c == '=' || c == '>' || c == '/';
}

static Str name_at(Scan *s)
{
    size_t from = s->at;
    while (s->at < s->text.len && !ends_name(s->text.at[s->at]))
        s->at++;
    return str_slice(s->text, from, s->at);
}

void scan_tag_name(Scan *s)
{
    s->at = s->at < s->text.len ? s->at + 1 : s->at;
    (void)name_at(s);
}

bool scan_attribute(Scan *s, Str *name, Str *value)
{
    s->at = skip_white(s->text, s->at);
    *name = name_at(s);
    if (!name->len)
        return false;
    s->at = skip_white(s->text, s->at);
    if (!starts_at(s->text, s->at, STR("=")))
        return false;
    s->at = skip_white(s->text, s->at + 1);
    if (s->at >= s->text.len)
        return false;
    size_t from = s->at + 1;
    size_t past = skip_past(s->text, from, (Str){s->text.at + s->at, 1});
    *value = str_slice(s->text, from, past > from ? past - 1 : from);
    s->at = past;
    return true;
}

void scan_tag_end(Scan *s)
{
    Str name, value;
    while (scan_attribute(s, &name, &value)) {
    }
    s->at = skip_past(s->text, s->at, STR(">"));
    s->closed = s->at >= 2 && starts_at(s->text, s->at - 2, STR("/>"));
}

bool scan_is_declaration(Str name)
{
    return str_eq(name, STR("xmlns")) || str_starts(name, STR("xmlns:"));
}

size_t scan_excess(Str text)
{
    Scan s = {.text = text};
    uint32_t unused = 1;
    size_t spaces = 0;
    for (size_t tag; (tag = scan_to_tag(&s, &unused)) < text.len;) {
        Str name, value;
        size_t attrs = 0;
        scan_tag_name(&s);
        for (; scan_attribute(&s, &name, &value); attrs++)
            spaces += scan_is_declaration(name);
        if (attrs > XML_MAX_ATTRS || spaces > XML_MAX_SPACES)
            return tag;
    }
    return SIZE_MAX;
}

/* ---- prolog ---- */

static size_t prolog_start(Str text)
{
    return str_starts(text, STR("\xef\xbb\xbf")) ? 3 : 0;
}

size_t scan_doctype(Str text)
{
    size_t at = prolog_start(text);
    for (;;) {
        at = skip_white(text, at);
        size_t past = skip_aside(text, at);
        if (past == at)
            break;
        at = past;
    }
    return starts_at(text, at, STR("<!DOCTYPE")) ? at : SIZE_MAX;
}

Str scan_encoding(Str text)
{
    Str none = {text.at, 0};
    size_t at = prolog_start(text);
    if (!starts_at(text, at, STR("<?xml")) || at + 5 >= text.len || !is_white(text.at[at + 5]))
        return none;
    size_t end = skip_past(text, at, STR("?>"));
    Scan s = {.text = str_slice(text, 0, end), .at = at + 5};
    Str name, value;
    while (scan_attribute(&s, &name, &value))
        if (str_eq(name, STR("encoding")))
            return value;
    return none;
}

/* ---- from a decoded text back to the source ---- */

/* The first solid byte of a text is inside CDATA when but white stands between it and the mark. */
static bool inside_cdata(Str source, size_t at)
{
    while (at && is_white(source.at[at - 1]))
        at--;
    return str_ends(str_slice(source, 0, at), cdata_open);
}

static size_t utf8_length(uint32_t c)
{
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

/* Past marks that put nothing into the text; the same place at anything else. */
static size_t skip_marks(Str s, size_t at, bool *cdata)
{
    if (*cdata && starts_at(s, at, cdata_close)) {
        *cdata = false;
        return at + cdata_close.len;
    }
    if (*cdata)
        return at;
    if (starts_at(s, at, cdata_open)) {
        *cdata = true;
        return at + cdata_open.len;
    }
    return skip_aside(s, at);
}

/* How many bytes the piece at `at` has in the source and in the text. */
static size_t piece_at(Str s, size_t at, bool cdata, size_t *decoded)
{
    uint32_t c;
    size_t n = !cdata && s.at[at] == '&' ? reference_at(s, at, &c) : 0;
    *decoded = n ? utf8_length(c) : 1;
    if (n)
        return n;
    return starts_at(s, at, STR("\r\n")) ? 2 : 1;
}

uint32_t xml_source_place(Str source, uint32_t start, size_t n)
{
    size_t at = start;
    bool cdata = inside_cdata(source, at < source.len ? at : source.len);
    for (size_t seen = 0; at < source.len;) {
        size_t past = skip_marks(source, at, &cdata);
        if (past > at) {
            at = past;
            continue;
        }
        size_t decoded, length = piece_at(source, at, cdata, &decoded);
        bool tag = !cdata && source.at[at] == '<';
        if (tag || seen + decoded > n)
            break;
        seen += decoded;
        at += length;
    }
    return (uint32_t)(at < source.len ? at : source.len);
}
