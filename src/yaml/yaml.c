/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One recursive walk over libyaml's events. What the subset refuses but libyaml understands
 * (anchors, tags, duplicate keys …) is added to the problems and read past, so that one run reports
 * them all; a syntax error or a limit ends the file.
 *
 * libyaml counts places in characters, Values stand at bytes: `chars` and `bytes` are one place in
 * both counts, moved along as events come, which they do in the order of the text. A BOM is cut off
 * before libyaml sees the text.
 */
#include "yaml/yaml.h"

#include <yaml.h>

#include "base/utf8.h"

enum { LINES_TOLD_MAX = 100 }; /* finding a line walks the text: hostile files get no more */

typedef struct {
    Arena *out;  /* of texts */
    Arena *tree; /* beside it: of nodes and keys */
    Diags *diags;
    uint16_t file;
    Str text;
    yaml_parser_t parser;
    size_t chars, bytes; /* the same place, counted in characters and in bytes */
    size_t start;        /* bytes of the BOM */
    uint32_t depth, nodes, lines_told;
} Reader;

static Value *read_node(Reader *r, const yaml_event_t *e);

static bool refuse(Reader *r, const char *rule, uint32_t offset, Str cure, const char *what)
{
    diag_add(r->diags, DIAG_ERROR, rule, r->file, offset, cure, "%s", what);
    return false;
}

/* ---- places ---- */

static size_t width_at(Str s, size_t at)
{
    unsigned char c = (unsigned char)s.at[at];
    return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

static uint32_t offset_of(Reader *r, yaml_mark_t mark)
{
    if (mark.index < r->chars) { /* only where an error looks back */
        r->chars = 0;
        r->bytes = r->start;
    }
    while (r->chars < mark.index && r->bytes < r->text.len) {
        r->bytes += width_at(r->text, r->bytes);
        r->chars++;
    }
    return (uint32_t)r->bytes;
}

/* ---- events ---- */

static Str cure_of(Reader *r, uint32_t offset, const char *problem)
{
    static const struct {
        const char *problem;
        Str cure;
    } rows[] = {
        {"mapping values are not allowed in this context",
         STR_INIT("put a text that contains ': ' in quotes, or check the indent")},
        {"did not find expected key", STR_INIT("check the indent of this line")},
        {"could not find expected ':'", STR_INIT("write 'key: value'")},
        {"control characters are not allowed", STR_INIT("remove the character")},
    };
    if (offset < r->text.len && r->text.at[offset] == '\t')
        return STR("indent with spaces, not with tabs");
    if (strcmp(problem, "found character that cannot start any token") == 0)
        return STR("put the text in quotes");
    for (size_t i = 0; i < COUNT(rows); i++)
        if (strcmp(problem, rows[i].problem) == 0)
            return rows[i].cure;
    return STR("");
}

static bool refuse_syntax(Reader *r)
{
    const yaml_parser_t *p = &r->parser;
    if (p->error == YAML_MEMORY_ERROR)
        fatal("out of memory in libyaml");
    const char *problem = p->problem ? p->problem : "not YAML";
    uint32_t offset = p->error == YAML_READER_ERROR ? (uint32_t)(p->problem_offset + r->start)
                                                    : offset_of(r, p->problem_mark);
    diag_add(r->diags, DIAG_ERROR, "yaml.syntax", r->file, offset, cure_of(r, offset, problem),
             "%s%s%s", problem, p->context ? " " : "", p->context ? p->context : "");
    return false;
}

static bool next_event(Reader *r, yaml_event_t *e)
{
    return yaml_parser_parse(&r->parser, e) || refuse_syntax(r);
}

/* ---- scalars ---- */

static size_t digits(Str s, size_t at)
{
    while (at < s.len && s.at[at] >= '0' && s.at[at] <= '9')
        at++;
    return at;
}

/* The number grammar of JSON, whole text. */
static bool is_number(Str s)
{
    size_t first = str_starts(s, STR("-")) ? 1 : 0, at = digits(s, first);
    if (at == first || (s.at[first] == '0' && at > first + 1))
        return false;
    if (at < s.len && s.at[at] == '.') {
        size_t fraction = at + 1;
        at = digits(s, fraction);
        if (at == fraction)
            return false;
    }
    if (at < s.len && (s.at[at] == 'e' || s.at[at] == 'E')) {
        size_t exponent = at + 1;
        if (exponent < s.len && (s.at[exponent] == '+' || s.at[exponent] == '-'))
            exponent++;
        at = digits(s, exponent);
        if (at == exponent)
            return false;
    }
    return at == s.len;
}

static Str scalar_text(const yaml_event_t *e)
{
    return (Str){(const char *)e->data.scalar.value, e->data.scalar.length};
}

static ValueKind kind_of_scalar(const yaml_event_t *e)
{
    Str s = scalar_text(e);
    if (e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return VALUE_STR;
    if (!s.len || str_eq(s, STR("~")) || str_eq(s, STR("null")))
        return VALUE_NULL;
    if (str_eq(s, STR("true")) || str_eq(s, STR("false")))
        return VALUE_BOOL;
    return is_number(s) ? VALUE_NUMBER : VALUE_STR;
}

static Value *read_scalar(Reader *r, const yaml_event_t *e)
{
    Str s = scalar_text(e);
    switch (kind_of_scalar(e)) {
    case VALUE_NULL: return value_null(r->tree);
    case VALUE_BOOL: return value_bool(r->tree, s.at[0] == 't');
    case VALUE_NUMBER: return value_number(r->tree, str_dup(r->out, s));
    case VALUE_STR:
    case VALUE_LIST:
    case VALUE_MAP: break;
    }
    return value_str(r->tree, str_dup(r->out, s));
}

/* ---- lists and maps ---- */

/* The node whose first event comes next; *end when the event was `ends` instead. */
static Value *read_next(Reader *r, yaml_event_type_t ends, bool *end)
{
    yaml_event_t e;
    if (!next_event(r, &e))
        return NULL;
    *end = e.type == ends;
    Value *v = *end ? NULL : read_node(r, &e);
    yaml_event_delete(&e);
    return v;
}

static Value *read_list(Reader *r)
{
    Value *list = value_list(r->tree);
    bool end = false;
    for (;;) {
        Value *item = read_next(r, YAML_SEQUENCE_END_EVENT, &end);
        if (end)
            return list;
        if (!item)
            return NULL;
        value_push(r->tree, list, item);
    }
}

/* The key may stay; else the problem is added. */
static bool check_key(Reader *r, const yaml_event_t *e, uint32_t offset)
{
    if (e->type != YAML_SCALAR_EVENT)
        return refuse(r, "yaml.key", offset, STR("write the key as one text"), "key is not a text");
    Str key = scalar_text(e);
    bool plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (plain && str_eq(key, STR("<<")))
        return refuse(r, "yaml.merge-key", offset, STR("write the members out"),
                      "merge keys are not read");
    if (kind_of_scalar(e) == VALUE_STR)
        return true;
    diag_add(r->diags, DIAG_ERROR, "yaml.key", r->file, offset, STR("put the key in quotes"),
             "key '" STR_FMT "' is not a text", STR_ARG(key));
    return false;
}

static uint32_t key_offset_of(const Value *map, Str key)
{
    const Value *v = value_get(map, key);
    uint32_t i = 0;
    while (map->map.members[i].value != v)
        i++;
    return map->map.members[i].key_offset;
}

static void keep_member(Reader *r, Value *map, Str key, uint32_t offset, Value *v)
{
    if (value_add(r->tree, map, key, offset, v))
        return;
    Str cure = STR("");
    if (r->lines_told < LINES_TOLD_MAX) {
        uint32_t line, column;
        r->lines_told++;
        diag_place(r->text, key_offset_of(map, key), &line, &column);
        cure = str_fmt(r->diags->arena, "it stands on line %u already", line);
    }
    diag_add(r->diags, DIAG_ERROR, "yaml.duplicate-key", r->file, offset, cure,
             "duplicate key '" STR_FMT "'", STR_ARG(key));
}

/* false when reading must end. */
static bool read_member(Reader *r, Value *map, const yaml_event_t *key_event)
{
    uint32_t offset = offset_of(r, key_event->start_mark);
    bool keep = check_key(r, key_event, offset);
    const Value *key = read_node(r, key_event);
    if (!key)
        return false;
    bool end;
    Value *v = read_next(r, YAML_NO_EVENT, &end);
    if (!v)
        return false;
    if (keep)
        keep_member(r, map, key->text, offset, v);
    return true;
}

static Value *read_map(Reader *r)
{
    Value *map = value_map(r->tree);
    for (;;) {
        yaml_event_t e;
        if (!next_event(r, &e))
            return NULL;
        bool end = e.type == YAML_MAPPING_END_EVENT;
        bool ok = end || read_member(r, map, &e);
        yaml_event_delete(&e);
        if (!ok)
            return NULL;
        if (end)
            return map;
    }
}

/* ---- nodes ---- */

static void check_properties(Reader *r, const yaml_event_t *e, uint32_t offset)
{
    const yaml_char_t *anchor = NULL, *tag = NULL;
    if (e->type == YAML_SCALAR_EVENT) {
        anchor = e->data.scalar.anchor;
        tag = e->data.scalar.tag;
    } else if (e->type == YAML_SEQUENCE_START_EVENT) {
        anchor = e->data.sequence_start.anchor;
        tag = e->data.sequence_start.tag;
    } else if (e->type == YAML_MAPPING_START_EVENT) {
        anchor = e->data.mapping_start.anchor;
        tag = e->data.mapping_start.tag;
    } else {
        (void)refuse(r, "yaml.alias", offset, STR("write the value out"), "aliases are not read");
    }
    if (anchor)
        (void)refuse(r, "yaml.anchor", offset, STR("remove the anchor"), "anchors are not read");
    /* libyaml drops the lone tag '!', the text still shows it. */
    bool lone = offset < r->text.len && r->text.at[offset] == '!';
    if (tag || lone)
        (void)refuse(r, "yaml.tag", offset, STR("remove the tag; quotes make a text"),
                     "tags are not read");
}

static bool enter(Reader *r, uint32_t offset)
{
    if (r->nodes == YAML_MAX_NODES || r->depth == YAML_MAX_DEPTH) {
        bool deep = r->depth == YAML_MAX_DEPTH;
        diag_add(r->diags, DIAG_ERROR, "yaml.limit", r->file, offset, STR(""),
                 deep ? "nested more than %d deep" : "more than %d values",
                 deep ? (int)YAML_MAX_DEPTH : (int)YAML_MAX_NODES);
        return false;
    }
    r->nodes++;
    r->depth++;
    return true;
}

/* NULL when reading must end. */
static Value *read_node(Reader *r, const yaml_event_t *e)
{
    uint32_t offset = offset_of(r, e->start_mark);
    if (!enter(r, offset))
        return NULL;
    check_properties(r, e, offset);
    Value *v;
    if (e->type == YAML_SCALAR_EVENT)
        v = read_scalar(r, e);
    else if (e->type == YAML_SEQUENCE_START_EVENT)
        v = read_list(r);
    else if (e->type == YAML_MAPPING_START_EVENT)
        v = read_map(r);
    else
        v = value_null(r->tree);
    r->depth--;
    if (v) {
        v->file = r->file;
        v->offset = offset;
    }
    return v;
}

/* ---- documents ---- */

static Value *empty_document(Reader *r)
{
    Value *v = value_null(r->tree);
    v->file = r->file;
    v->offset = (uint32_t)r->start;
    return v;
}

static bool end_document(Reader *r)
{
    yaml_event_t e;
    if (!next_event(r, &e)) /* the document's end, which always comes */
        return false;
    yaml_event_delete(&e);
    if (!next_event(r, &e))
        return false;
    if (e.type != YAML_STREAM_END_EVENT)
        (void)refuse(r, "yaml.document", offset_of(r, e.start_mark),
                     STR("move it to a file of its own"), "second document in one file");
    yaml_event_delete(&e);
    return true;
}

static Value *read_document(Reader *r)
{
    yaml_event_t e;
    if (!next_event(r, &e)) /* the stream's start */
        return NULL;
    yaml_event_delete(&e);
    if (!next_event(r, &e))
        return NULL;
    bool empty = e.type == YAML_STREAM_END_EVENT;
    if (!empty &&
        e.data.document_start.tag_directives.start != e.data.document_start.tag_directives.end)
        (void)refuse(r, "yaml.tag", offset_of(r, e.start_mark), STR("remove the directive"),
                     "tags are not read");
    yaml_event_delete(&e);
    if (empty)
        return empty_document(r);
    bool end;
    Value *v = read_next(r, YAML_NO_EVENT, &end);
    return v && end_document(r) ? v : NULL;
}

/* libyaml compares each %TAG with each other one. */
static bool directives_are_few(Reader *r)
{
    Str tag = STR("\n%TAG");
    size_t count = 0;
    for (size_t at = 0; (at = str_find(r->text, tag, at)) != SIZE_MAX; at += tag.len)
        if (++count == YAML_MAX_DIRECTIVES)
            return refuse(r, "yaml.limit", (uint32_t)at + 1, STR("remove the %TAG lines"),
                          "too many directives");
    return true;
}

Value *yaml_read(Arena *out, Diags *diags, uint16_t file, Str text)
{
    Reader r = {.out = out, .tree = arena_beside(out), .diags = diags, .file = file, .text = text};
    if (text.len > YAML_MAX_BYTES) {
        diag_add(diags, DIAG_ERROR, "yaml.limit", file, 0, STR("split the file"),
                 "file larger than %d bytes", (int)YAML_MAX_BYTES);
        return NULL;
    }
    size_t bad = utf8_check(text);
    if (bad < text.len) {
        (void)refuse(&r, "yaml.utf8", (uint32_t)bad, STR("save the file as UTF-8"),
                     "invalid UTF-8");
        return NULL;
    }
    if (!directives_are_few(&r))
        return NULL;
    r.start = r.bytes = str_starts(text, STR("\xef\xbb\xbf")) ? 3 : 0;
    if (!yaml_parser_initialize(&r.parser))
        fatal("out of memory in libyaml");
    Str body = str_slice(text, r.start, text.len);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)body.at, body.len);
    Value *v = read_document(&r);
    yaml_parser_delete(&r.parser);
    return v;
}
