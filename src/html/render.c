/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a program over a Value. Texts and values are copied straight into the StrBuf; nothing else
 * is allocated. Bodies of sections, partials and blocks are runs of their own, so the C stack is
 * as deep as the page is nested, at most HTML_MAX_DEPTH.
 *
 * Looking up a name first tries the place where it was found last time: the rows of a list have
 * the same shape.
 *
 * Blocks: each {{<parent}} that is being rendered is a Frame, the innermost first. The outermost
 * frame that passes a block wins; what it passed is rendered with the frames around it, so a block
 * cannot contain itself.
 */
#include "html/html_int.h"

#include <stdatomic.h>

enum { ESCAPE_CHUNK = 512, ESCAPE_GROWTH = 6, OUTPUT_SLACK = ESCAPE_CHUNK * ESCAPE_GROWTH };

typedef struct Context {
    const Value *value;
    const struct Context *outer;
} Context;

typedef struct Frame {
    const HtmlTemplate *t;
    uint32_t from, to; /* ops of the body of {{<parent}} */
    const struct Frame *outer;
} Frame;

typedef struct {
    StrBuf *b;
    const HtmlSet *set;
    Err *err;
    size_t start; /* of our output in b */
    size_t room;  /* b may be filled up to here without asking */
    uint32_t depth;
    size_t steps;
    const Frame *frames;
    Str indents[HTML_MAX_DEPTH];
    uint32_t indent_count;
    bool line_start; /* kept only while something is indented */
} Render;

/* --- escaping ------------------------------------------------------------------------------- */

#define EACH_BYTE(c) (UINT64_C(0x0101010101010101) * (c))

static inline uint64_t zero_bytes(uint64_t x)
{
    return (x - EACH_BYTE(0x01)) & ~x & EACH_BYTE(0x80);
}

/* The top bit of each of the eight bytes that is one of & ' < > " (the first two and the next two
 * differ by one bit); exact up to the first such byte in memory. */
static inline uint64_t special_bytes(const char *at)
{
    uint64_t x;
    memcpy(&x, at, sizeof x);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    x = __builtin_bswap64(x);
#endif
    uint64_t amp_apos = (x | EACH_BYTE(0x01)) ^ EACH_BYTE(0x27);
    uint64_t less_greater = (x | EACH_BYTE(0x02)) ^ EACH_BYTE(0x3e);
    uint64_t quote = x ^ EACH_BYTE(0x22);
    return zero_bytes(amp_apos) | zero_bytes(less_greater) | zero_bytes(quote);
}

static inline char *put_entity(char *to, const char *entity, size_t n)
{
    memcpy(to, entity, n);
    return to + n;
}

static inline char *escape_byte(char *to, char c)
{
    switch (c) {
    case '&': return put_entity(to, "&amp;", 5);
    case '<': return put_entity(to, "&lt;", 4);
    case '>': return put_entity(to, "&gt;", 4);
    case '"': return put_entity(to, "&quot;", 6);
    case '\'': return put_entity(to, "&#39;", 5);
    default: *to = c; return to + 1;
    }
}

/* to has room for ESCAPE_GROWTH times n bytes. */
static char *escape_into(char *to, const char *at, size_t n)
{
    const char *end = at + n;
    while (end - at >= 8) {
        uint64_t mask = special_bytes(at);
        memcpy(to, at, 8);
        size_t plain = mask ? (size_t)__builtin_ctzll(mask) / 8 : 8;
        to += plain;
        at += plain;
        if (mask)
            to = escape_byte(to, *at++);
    }
    size_t left = (size_t)(end - at);
    if (left && n >= 8 && !special_bytes(end - 8)) { /* the bytes before were copied as they are */
        memcpy(to - (8 - left), end - 8, 8);
        return to + left;
    }
    while (at < end)
        to = escape_byte(to, *at++);
    return to;
}

void html_escape(StrBuf *b, Str text)
{
    while (text.len) {
        size_t n = text.len < ESCAPE_CHUNK ? text.len : ESCAPE_CHUNK;
        char *to = buf_room(b, n * ESCAPE_GROWTH);
        b->len += (size_t)(escape_into(to, text.at, n) - to);
        text = str_slice(text, n, text.len);
    }
}

/* --- output --------------------------------------------------------------------------------- */

MUST_CHECK static bool more_room(Render *r, size_t n)
{
    size_t most = r->start + HTML_MAX_OUTPUT + OUTPUT_SLACK;
    if (n > most - r->b->len)
        return FAIL(r->err, ERR_LIMIT, "the page is larger than HTML_MAX_OUTPUT bytes");
    (void)buf_room(r->b, n);
    r->room = r->b->cap < most ? r->b->cap : most;
    return true;
}

MUST_CHECK static inline bool put(Render *r, Str s)
{
    StrBuf *b = r->b;
    if (r->room - b->len < s.len && !more_room(r, s.len))
        return false;
    if (s.len)
        memcpy(b->at + b->len, s.at, s.len);
    b->len += s.len;
    return true;
}

MUST_CHECK static inline bool put_escaped(Render *r, Str s)
{
    StrBuf *b = r->b;
    while (s.len) {
        size_t n = s.len < ESCAPE_CHUNK ? s.len : ESCAPE_CHUNK;
        if (r->room - b->len < n * ESCAPE_GROWTH && !more_room(r, n * ESCAPE_GROWTH))
            return false;
        char *to = b->at + b->len;
        b->len += (size_t)(escape_into(to, s.at, n) - to);
        s.at += n;
        s.len -= n;
    }
    return true;
}

MUST_CHECK static bool put_indent(Render *r)
{
    for (uint32_t i = 0; i < r->indent_count; i++)
        if (!put(r, r->indents[i]))
            return false;
    return true;
}

MUST_CHECK static bool put_lines(Render *r, Str text)
{
    while (text.len) {
        const char *nl = memchr(text.at, '\n', text.len);
        size_t n = nl ? (size_t)(nl - text.at) + 1 : text.len;
        bool blank = nl && (n == 1 || (n == 2 && text.at[0] == '\r'));
        if (r->line_start && !blank && !put_indent(r))
            return false;
        if (!put(r, str_slice(text, 0, n)))
            return false;
        r->line_start = nl != NULL;
        text = str_slice(text, n, text.len);
    }
    return true;
}

/* --- names ---------------------------------------------------------------------------------- */

static inline bool same_name(Str a, Str b)
{
    if (a.len != b.len)
        return false;
    if (a.len > 16)
        return memcmp(a.at, b.at, a.len) == 0;
    if (a.len >= 8) {
        uint64_t x[2], y[2];
        memcpy(&x[0], a.at, 8);
        memcpy(&y[0], b.at, 8);
        memcpy(&x[1], a.at + a.len - 8, 8);
        memcpy(&y[1], b.at + b.len - 8, 8);
        return x[0] == y[0] && x[1] == y[1];
    }
    for (size_t i = 0; i < a.len; i++)
        if (a.at[i] != b.at[i])
            return false;
    return true;
}

static const Value *find_slowly(const Value *map, Str name, _Atomic uint32_t *hint)
{
    const Value *v = map->map.index ? value_get(map, name) : NULL;
    if (map->map.index && !v)
        return NULL;
    for (uint32_t i = 0; i < map->map.count; i++) {
        const ValueMember *m = &map->map.members[i];
        if (v ? m->value != v : !same_name(m->key, name))
            continue;
        atomic_store_explicit(hint, i, memory_order_relaxed);
        return m->value;
    }
    return v;
}

static inline const Value *find_member(const Value *map, Str name, _Atomic uint32_t *hint)
{
    if (!map || map->kind != VALUE_MAP)
        return NULL;
    uint32_t i = atomic_load_explicit(hint, memory_order_relaxed);
    if (i < map->map.count && same_name(map->map.members[i].key, name))
        return map->map.members[i].value;
    return find_slowly(map, name, hint);
}

static inline const Value *find(const HtmlTemplate *t, uint32_t at, const Context *context)
{
    const Op *op = &t->ops[at];
    if (!op->text.len)
        return context->value;
    const Value *v = NULL;
    for (const Context *c = context; c && !v; c = c->outer)
        v = find_member(c->value, op->text, &t->hints[at]);
    for (uint32_t i = 0; i < op->rest_len && v; i++)
        v = value_get(v, op->rest[i]);
    return v;
}

static Str text_of(const Value *v)
{
    if (!v)
        return STR("");
    switch (v->kind) {
    case VALUE_NUMBER:
    case VALUE_STR: return v->text;
    case VALUE_BOOL: return v->truth ? STR("true") : STR("false");
    case VALUE_NULL:
    case VALUE_LIST:
    case VALUE_MAP: break;
    }
    return STR("");
}

static bool is_true(const Value *v)
{
    if (!v)
        return false;
    switch (v->kind) {
    case VALUE_NULL: return false;
    case VALUE_BOOL: return v->truth;
    case VALUE_STR: return v->text.len > 0;
    case VALUE_LIST: return v->list.count > 0;
    case VALUE_NUMBER:
    case VALUE_MAP: break;
    }
    return true;
}

/* --- ops ------------------------------------------------------------------------------------ */

MUST_CHECK static bool run(Render *r, const HtmlTemplate *t, uint32_t from, uint32_t to,
                           const Context *context);

MUST_CHECK static bool variable(Render *r, const Op *op, const Value *v)
{
    Str text = text_of(v);
    if (r->indent_count && text.len) {
        if (r->line_start && !put_indent(r))
            return false;
        r->line_start = false;
    }
    return op->kind == OP_RAW ? put(r, text) : put_escaped(r, text);
}

MUST_CHECK static bool enter(Render *r)
{
    if (++r->depth > HTML_MAX_DEPTH)
        return FAIL(r->err, ERR_LIMIT, "the page is nested deeper than HTML_MAX_DEPTH");
    return true;
}

MUST_CHECK static bool section(Render *r, const HtmlTemplate *t, uint32_t at,
                               const Context *context)
{
    const Op *op = &t->ops[at];
    const Value *v = find(t, at, context);
    bool truth = is_true(v);
    if (op->kind == OP_INVERTED)
        return truth || (enter(r) && run(r, t, at + 1, op->end, context) && r->depth--);
    if (!truth)
        return true;
    if (!enter(r))
        return false;
    Context inner = {v, context};
    if (v->kind != VALUE_LIST) {
        if (!run(r, t, at + 1, op->end, &inner))
            return false;
    } else {
        for (uint32_t i = 0; i < v->list.count; i++) {
            inner.value = v->list.items[i];
            if (!run(r, t, at + 1, op->end, &inner))
                return false;
        }
    }
    r->depth--;
    return true;
}

static void push_indent(Render *r, const Op *op)
{
    if (!op->alone || !op->indent.len)
        return;
    if (!r->indent_count)
        r->line_start = true;
    r->indents[r->indent_count++] = op->indent;
}

MUST_CHECK static bool partial(Render *r, const Op *op, const HtmlTemplate *target,
                               const Context *context)
{
    if (!target)
        return true;
    if (!enter(r))
        return false;
    uint32_t indents = r->indent_count;
    push_indent(r, op);
    if (!run(r, target, 0, target->op_count, context))
        return false;
    r->indent_count = indents;
    r->depth--;
    return true;
}

MUST_CHECK static bool parent(Render *r, const HtmlTemplate *t, uint32_t at,
                              const HtmlTemplate *target, const Context *context)
{
    Frame frame = {t, at + 1, t->ops[at].end, r->frames};
    r->frames = &frame;
    bool ok = partial(r, &t->ops[at], target, context);
    r->frames = frame.outer;
    return ok;
}

static const HtmlTemplate *dynamic_target(Render *r, const HtmlTemplate *t, uint32_t at,
                                          const Context *context)
{
    Str name = text_of(find(t, at, context));
    return name.len ? map_get(&r->set->by_name, name) : NULL;
}

/* The op of the block of that name in what a {{<parent}} passes; 0 when it passes none. */
static uint32_t passed_block(const Frame *f, Str name)
{
    for (uint32_t i = f->from; i < f->to;) {
        const Op *op = &f->t->ops[i];
        if (op->kind == OP_BLOCK && str_eq(op->text, name))
            return i;
        i = op->end > i ? op->end : i + 1;
    }
    return 0;
}

MUST_CHECK static bool block_body(Render *r, const HtmlTemplate *t, uint32_t at,
                                  const Context *context)
{
    const Op *op = &t->ops[at];
    const Frame *found = NULL, *saved = r->frames;
    uint32_t body = 0;
    for (const Frame *f = r->frames; f; f = f->outer) {
        uint32_t hit = passed_block(f, op->text);
        if (hit) {
            found = f;
            body = hit;
        }
    }
    if (!found)
        return run(r, t, at + 1, op->end, context);
    r->frames = found->outer;
    bool ok = run(r, found->t, body + 1, found->t->ops[body].end, context);
    r->frames = saved;
    return ok;
}

MUST_CHECK static bool block(Render *r, const HtmlTemplate *t, uint32_t at, const Context *context)
{
    const Op *op = &t->ops[at];
    if (!enter(r))
        return false;
    uint32_t indents = r->indent_count;
    push_indent(r, op);
    if (!block_body(r, t, at, context))
        return false;
    r->indent_count = indents;
    r->depth--;
    const StrBuf *b = r->b;
    bool line_is_open = b->len > r->start && b->at[b->len - 1] != '\n';
    if (!op->line_end || !line_is_open)
        return true;
    r->line_start = true;
    return put(r, STR("\n"));
}

MUST_CHECK static bool run_nested(Render *r, const HtmlTemplate *t, uint32_t at,
                                  const Context *context)
{
    const Op *op = &t->ops[at];
    switch (op->kind) {
    case OP_SECTION:
    case OP_INVERTED: return section(r, t, at, context);
    case OP_PARTIAL: return partial(r, op, op->target, context);
    case OP_DYNAMIC_PARTIAL: return partial(r, op, dynamic_target(r, t, at, context), context);
    case OP_PARENT: return parent(r, t, at, op->target, context);
    case OP_DYNAMIC_PARENT: return parent(r, t, at, dynamic_target(r, t, at, context), context);
    case OP_BLOCK: return block(r, t, at, context);
    case OP_TEXT:
    case OP_VAR:
    case OP_RAW: break;
    }
    return true;
}

static bool run(Render *r, const HtmlTemplate *t, uint32_t from, uint32_t to,
                const Context *context)
{
    r->steps += to - from + 1;
    if (r->steps > HTML_MAX_STEPS)
        return FAIL(r->err, ERR_LIMIT, "the page takes more than HTML_MAX_STEPS steps");
    for (uint32_t at = from; at < to;) {
        const Op *op = &t->ops[at];
        bool ok;
        if (op->kind == OP_TEXT)
            ok = r->indent_count ? put_lines(r, op->text) : put(r, op->text);
        else if (op->kind == OP_VAR || op->kind == OP_RAW)
            ok = variable(r, op, find(t, at, context));
        else
            ok = run_nested(r, t, at, context);
        if (!ok)
            return false;
        at = op->end > at ? op->end : at + 1;
    }
    return true;
}

bool html_render(StrBuf *b, const HtmlSet *set, const HtmlTemplate *t, const Value *model, Err *err)
{
    Render r = {.b = b, .set = set, .err = err, .start = b->len, .room = b->len};
    Context root = {model, NULL};
    if (!run(&r, t, 0, t->op_count, &root))
        return false;
    if (b->len - r.start > HTML_MAX_OUTPUT)
        return FAIL(err, ERR_LIMIT, "the page is larger than HTML_MAX_OUTPUT bytes");
    return true;
}
