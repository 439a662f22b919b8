/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recursive descent straight into Values, depth counted. Three things make it fast: texts without
 * escapes are views and are scanned sixteen bytes at a time; nodes are cut from slabs; members and
 * items of small containers gather on the stack and move into an array of exactly their size.
 * UTF-8 is checked while scanning: the common three-byte form (CJK) here, the rest by utf8_next.
 */
#include "json/json.h"

#include "base/utf8.h"

enum {
    FEW = 16,       /* members or items that gather on the stack */
    GROWTH = 4,     /* first array of what outgrows the stack, in FEW */
    SLAB_FIRST = 8, /* nodes in the first allocation */
    SLAB_MAX = 32,  /* and in each later one */
    ESCAPE_LEN = 6  /* \uXXXX */
};

typedef struct {
    ValueMember at[FEW];
    uint64_t seen; /* a bit for each key's hint: an unset bit proves that a key is new */
} FewMembers;

typedef struct {
    Arena *out;
    Str src;
    size_t at;
    bool last_wins; /* of equal keys; else they are refused */
    uint32_t depth;
    uint32_t nodes; /* in all slabs, used or not */
    Value *slab, *slab_end;
    Err *err;
} Reader;

/* Rare work is kept out of the hot functions, which then need few registers and no stack guard. */
#define APART __attribute__((noinline))

static Value *read_value(Reader *r);

APART static Value *fail_at(Reader *r, size_t offset, const char *what)
{
    (void)FAIL_AT(r->err, ERR_INPUT, offset, "%s", what);
    return NULL;
}

APART static Value *fail_char(Reader *r, const char *wanted)
{
    if (r->at >= r->src.len)
        return fail_at(r, r->src.len, "document ends too early");
    unsigned char c = (unsigned char)r->src.at[r->at];
    if (c > 0x20 && c < 0x7f)
        (void)FAIL_AT(r->err, ERR_INPUT, r->at, "unexpected '%c', expected %s", c, wanted);
    else
        (void)FAIL_AT(r->err, ERR_INPUT, r->at, "unexpected byte 0x%02x, expected %s", c, wanted);
    return NULL;
}

APART static bool new_slab(Reader *r, size_t offset)
{
    if (r->nodes >= JSON_MAX_NODES)
        return FAIL_AT(r->err, ERR_LIMIT, offset, "more than %d values", (int)JSON_MAX_NODES);
    uint32_t n = r->nodes ? SLAB_MAX : SLAB_FIRST, room = JSON_MAX_NODES - r->nodes;
    n = n < room ? n : room;
    r->slab = NEW_N(r->out, Value, n);
    r->slab_end = r->slab + n;
    r->nodes += n;
    return true;
}

static inline Value *new_node(Reader *r, ValueKind kind, size_t offset)
{
    if (r->slab == r->slab_end && !new_slab(r, offset))
        return NULL;
    Value *v = r->slab++;
    v->kind = kind;
    v->offset = (uint32_t)offset;
    return v;
}

static inline void skip_space(Reader *r)
{
    size_t at = r->at;
    if (at < r->src.len && (unsigned char)r->src.at[at] > ' ')
        return;
    while (at < r->src.len && (r->src.at[at] == ' ' || r->src.at[at] == '\n' ||
                               r->src.at[at] == '\r' || r->src.at[at] == '\t'))
        at++;
    r->at = at;
}

static inline bool next_is(const Reader *r, char c)
{
    return r->at < r->src.len && r->src.at[r->at] == c;
}

/* ---- texts ---- */

/* Sixteen bytes compared at once; gcc and clang make SSE2 or NEON of it. */
typedef int8_t Lanes __attribute__((vector_size(16)));

static inline size_t first_set(uint64_t half)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    half = __builtin_bswap64(half);
#endif
    return (size_t)__builtin_ctzll(half) >> 3;
}

static inline bool is_plain(char c)
{
    return (signed char)c >= 0x20 && c != '"' && c != '\\';
}

/* Past what is neither quote, backslash, control character nor outside ASCII (negative here). */
static inline size_t skip_plain(Str s, size_t at)
{
    for (; s.len - at >= sizeof(Lanes); at += sizeof(Lanes)) {
        Lanes v;
        memcpy(&v, s.at + at, sizeof v);
        Lanes hit = (v < 0x20) | (v == '"') | (v == '\\');
        uint64_t half[2];
        memcpy(half, &hit, sizeof half);
        if (half[0])
            return at + first_set(half[0]);
        if (half[1])
            return at + sizeof half[0] + first_set(half[1]);
    }
    while (at < s.len && is_plain(s.at[at]))
        at++;
    return at;
}

/* Past a run of three-byte characters other than U+0xxx and U+Dxxx, which need a closer look. */
static inline size_t skip_cjk(Str s, size_t at)
{
    uint32_t w;
    for (; s.len - at >= sizeof w; at += 3) {
        memcpy(&w, s.at + at, sizeof w);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        w = __builtin_bswap32(w);
#endif
        if ((w & 0xc0c0f0) != 0x8080e0 || (w & 0xff) == 0xe0 || (w & 0xff) == 0xed)
            break;
    }
    return at;
}

static bool hex4(Str s, size_t at, uint32_t *unit)
{
    if (at + 4 > s.len)
        return false;
    uint32_t n = 0;
    for (size_t i = at; i < at + 4; i++) {
        char c = s.at[i];
        uint32_t digit;
        if (c >= '0' && c <= '9')
            digit = (uint32_t)(c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            digit = (uint32_t)((c | 0x20) - 'a') + 10;
        else
            return false;
        n = n * 16 + digit;
    }
    *unit = n;
    return true;
}

static bool is_high(uint32_t unit)
{
    return unit >= 0xd800 && unit <= 0xdbff;
}

static bool is_low(uint32_t unit)
{
    return unit >= 0xdc00 && unit <= 0xdfff;
}

/* What the letter after a backslash stands for; 0 for no such escape. */
static char simple_escape(char letter)
{
    switch (letter) {
    case '"':
    case '\\':
    case '/': return letter;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return 0;
    }
}

/* The escape at the backslash is a good one: its length, else 0 and *what is wrong. */
static size_t escape_length(Str s, size_t at, const char **what)
{
    *what = "unknown escape";
    if (at + 1 >= s.len)
        return 0;
    if (simple_escape(s.at[at + 1]))
        return 2;
    if (s.at[at + 1] != 'u')
        return 0;
    uint32_t first, second;
    *what = "escape without four hexadecimal digits";
    if (!hex4(s, at + 2, &first))
        return 0;
    *what = "escaped surrogate without its pair";
    if (is_low(first))
        return 0;
    if (!is_high(first))
        return ESCAPE_LEN;
    size_t next = at + ESCAPE_LEN;
    bool paired = next + 1 < s.len && s.at[next] == '\\' && s.at[next + 1] == 'u' &&
                  hex4(s, next + 2, &second) && is_low(second);
    return paired ? 2 * ESCAPE_LEN : 0;
}

/* The character of the \\u escape at the backslash, which was checked; *at moves past it. */
static uint32_t escaped_char(Str raw, size_t *at)
{
    uint32_t unit = 0, low = 0;
    bool ok = hex4(raw, *at + 2, &unit);
    *at += ESCAPE_LEN;
    if (is_high(unit)) {
        ok = ok && hex4(raw, *at + 2, &low);
        *at += ESCAPE_LEN;
        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    }
    ASSERT(ok);
    return unit;
}

/* raw was checked; its text is never longer. */
APART static Str unescaped(Reader *r, Str raw)
{
    StrBuf b = {r->out, arena_alloc(r->out, raw.len), 0, raw.len};
    size_t at = 0;
    while (at < raw.len) {
        const char *slash = memchr(raw.at + at, '\\', raw.len - at);
        size_t end = slash ? (size_t)(slash - raw.at) : raw.len;
        memcpy(b.at + b.len, raw.at + at, end - at);
        b.len += end - at;
        if (!slash)
            break;
        at = end;
        char c = simple_escape(slash[1]);
        if (c) {
            b.at[b.len++] = c;
            at += 2;
        } else {
            utf8_put(&b, escaped_char(raw, &at));
        }
    }
    return buf_str(&b);
}

/* Past one byte or character that is not plain; false when it may not stand in a text. */
APART static bool skip_special(Reader *r, size_t *at, bool *escaped)
{
    Str s = r->src;
    unsigned char c = (unsigned char)s.at[*at];
    if (c == '\\') {
        const char *what;
        size_t n = escape_length(s, *at, &what);
        *escaped = true;
        if (!n)
            return fail_at(r, *at, what) != NULL;
        *at += n;
        return true;
    }
    if (c < 0x20)
        return fail_at(r, *at, "control character in a text") != NULL;
    size_t past = *at;
    if (utf8_next(s, &past) == UTF8_INVALID)
        return fail_at(r, *at, "invalid UTF-8") != NULL;
    *at = past;
    return true;
}

/* r->at stands on the opening quote. */
static bool read_text(Reader *r, Str *text)
{
    size_t open = r->at, at = open + 1;
    bool escaped = false;
    for (;;) {
        at = skip_plain(r->src, at);
        if (at >= r->src.len)
            return fail_at(r, open, "text without a closing quote") != NULL;
        if (r->src.at[at] == '"')
            break;
        size_t past = skip_cjk(r->src, at);
        if (past > at) {
            at = past;
            continue;
        }
        if (!skip_special(r, &at, &escaped))
            return false;
    }
    Str raw = {r->src.at + open + 1, at - open - 1};
    *text = escaped ? unescaped(r, raw) : raw;
    r->at = at + 1;
    return true;
}

/* ---- numbers and words ---- */

static size_t skip_digits(Str s, size_t at)
{
    while (at < s.len && s.at[at] >= '0' && s.at[at] <= '9')
        at++;
    return at;
}

static bool has_digits(Reader *r)
{
    size_t past = skip_digits(r->src, r->at);
    if (past == r->at)
        return fail_char(r, "a digit") != NULL;
    r->at = past;
    return true;
}

static Value *read_number(Reader *r)
{
    size_t start = r->at;
    if (next_is(r, '-'))
        r->at++;
    size_t first = r->at;
    if (!has_digits(r))
        return NULL;
    if (r->src.at[first] == '0' && r->at > first + 1)
        return fail_at(r, first, "number with a leading zero");
    if (next_is(r, '.')) {
        r->at++;
        if (!has_digits(r))
            return NULL;
    }
    if (next_is(r, 'e') || next_is(r, 'E')) {
        r->at++;
        if (next_is(r, '+') || next_is(r, '-'))
            r->at++;
        if (!has_digits(r))
            return NULL;
    }
    Value *v = new_node(r, VALUE_NUMBER, start);
    if (v)
        v->text = (Str){r->src.at + start, r->at - start};
    return v;
}

static Value *read_word(Reader *r, Str word, ValueKind kind)
{
    if (r->src.len - r->at < word.len || memcmp(r->src.at + r->at, word.at, word.len) != 0)
        return fail_at(r, r->at, "unknown word, expected a value");
    Value *v = new_node(r, kind, r->at);
    r->at += word.len;
    return v;
}

/* ---- lists and maps ---- */

/* After an element: true and *more set past a comma, false and NULL error at the closing mark. */
static bool after_element(Reader *r, char close, bool *more)
{
    skip_space(r);
    if (next_is(r, ',')) {
        r->at++;
        skip_space(r);
        *more = true;
        return true;
    }
    *more = false;
    if (next_is(r, close)) {
        r->at++;
        return true;
    }
    return fail_char(r, close == ']' ? "',' or ']'" : "',' or '}'") != NULL;
}

static void keep_item(Reader *r, Value *list, Value **few, Value *item)
{
    uint32_t n = list->list.count;
    if (n < FEW) {
        few[n] = item;
        list->list.count++;
        return;
    }
    if (n == FEW) {
        list->list.items = NEW_N(r->out, Value *, FEW * GROWTH);
        list->list.cap = FEW * GROWTH;
        memcpy(list->list.items, few, FEW * sizeof(Value *));
    }
    value_push(r->out, list, item);
}

static Value *read_list(Reader *r)
{
    Value *few[FEW];
    Value *list = new_node(r, VALUE_LIST, r->at);
    if (!list)
        return NULL;
    r->at++;
    skip_space(r);
    if (next_is(r, ']')) {
        r->at++;
        return list;
    }
    for (bool more = true; more;) {
        Value *item = read_value(r);
        if (!item || !after_element(r, ']', &more))
            return NULL;
        keep_item(r, list, few, item);
    }
    uint32_t n = list->list.count;
    if (n <= FEW) {
        list->list.items = NEW_N(r->out, Value *, n);
        list->list.cap = n;
        memcpy(list->list.items, few, n * sizeof(Value *));
    }
    return list;
}

/* Keys of one map often begin alike, so the end says more than the beginning. */
static uint64_t key_hint(Str key)
{
    if (key.len < 2)
        return key.len ? UINT64_C(1) << (key.at[0] & 63) : 1;
    unsigned last = (unsigned char)key.at[key.len - 1], before = (unsigned char)key.at[key.len - 2];
    return UINT64_C(1) << ((last + 5 * before + 3 * (unsigned char)key.at[0] + key.len) & 63);
}

static ValueMember *find_few(FewMembers *few, uint32_t n, Str key)
{
    uint64_t hint = key_hint(key);
    bool fresh = !(few->seen & hint);
    few->seen |= hint;
    if (fresh)
        return NULL;
    for (uint32_t i = 0; i < n; i++)
        if (str_eq(few->at[i].key, key))
            return &few->at[i];
    return NULL;
}

static void spill(Reader *r, Value *map, const FewMembers *few)
{
    uint32_t n = map->map.count;
    map->map.count = 0;
    map->map.cap = FEW * GROWTH;
    map->map.members = NEW_N(r->out, ValueMember, FEW * GROWTH);
    for (uint32_t i = 0; i < n; i++)
        value_append(r->out, map, few->at[i].key, few->at[i].key_offset, few->at[i].value);
}

/* false when the key was there already. */
static bool keep_member(Reader *r, Value *map, FewMembers *few, const ValueMember *m)
{
    uint32_t n = map->map.count;
    if (n < FEW && !map->map.members) {
        ValueMember *same = find_few(few, n, m->key);
        if (same && r->last_wins)
            same->value = m->value;
        if (same)
            return r->last_wins;
        few->at[n] = *m;
        map->map.count++;
        return true;
    }
    if (!map->map.members)
        spill(r, map, few);
    if (value_add(r->out, map, m->key, m->key_offset, m->value))
        return true;
    if (r->last_wins)
        value_set(r->out, map, m->key, m->value);
    return r->last_wins;
}

static bool read_member(Reader *r, Value *map, FewMembers *few)
{
    ValueMember m = {.key_offset = (uint32_t)r->at};
    if (!next_is(r, '"'))
        return fail_char(r, "a key in double quotes") != NULL;
    if (!read_text(r, &m.key))
        return false;
    skip_space(r);
    if (!next_is(r, ':'))
        return fail_char(r, "':'") != NULL;
    r->at++;
    skip_space(r);
    m.value = read_value(r);
    if (!m.value)
        return false;
    if (keep_member(r, map, few, &m))
        return true;
    return FAIL_AT(r->err, ERR_INPUT, m.key_offset, "duplicate key '%.*s'",
                   (int)utf8_head(m.key, 60).len, m.key.at);
}

static Value *read_map(Reader *r)
{
    FewMembers few;
    few.seen = 0; /* the array needs no zeroing */
    Value *map = new_node(r, VALUE_MAP, r->at);
    if (!map)
        return NULL;
    r->at++;
    skip_space(r);
    if (next_is(r, '}')) {
        r->at++;
        return map;
    }
    for (bool more = true; more;)
        if (!read_member(r, map, &few) || !after_element(r, '}', &more))
            return NULL;
    if (!map->map.members) {
        uint32_t n = map->map.count;
        map->map.members = NEW_N(r->out, ValueMember, n);
        map->map.cap = n;
        memcpy(map->map.members, few.at, n * sizeof *few.at);
    }
    return map;
}

APART static Value *read_nested(Reader *r)
{
    if (r->depth == JSON_MAX_DEPTH) {
        (void)FAIL_AT(r->err, ERR_LIMIT, r->at, "nested more than %d deep", (int)JSON_MAX_DEPTH);
        return NULL;
    }
    r->depth++;
    Value *v = r->src.at[r->at] == '{' ? read_map(r) : read_list(r);
    r->depth--;
    return v;
}

static Value *read_string(Reader *r)
{
    size_t start = r->at;
    Str text;
    if (!read_text(r, &text))
        return NULL;
    Value *v = new_node(r, VALUE_STR, start);
    if (v)
        v->text = text;
    return v;
}

static Value *read_value(Reader *r)
{
    if (r->at >= r->src.len)
        return fail_char(r, "a value");
    char c = r->src.at[r->at];
    switch (c) {
    case '"': return read_string(r);
    case '{':
    case '[': return read_nested(r);
    case 'n': return read_word(r, STR("null"), VALUE_NULL);
    case 'f': return read_word(r, STR("false"), VALUE_BOOL);
    case 't': {
        Value *v = read_word(r, STR("true"), VALUE_BOOL);
        if (v)
            v->truth = true;
        return v;
    }
    default: break;
    }
    if (c == '-' || (c >= '0' && c <= '9'))
        return read_number(r);
    return fail_char(r, "a value");
}

static Value *read_document(Reader *r)
{
    if (r->src.len > JSON_MAX_BYTES) {
        (void)FAIL_AT(r->err, ERR_LIMIT, JSON_MAX_BYTES, "document larger than %d bytes",
                      (int)JSON_MAX_BYTES);
        return NULL;
    }
    skip_space(r);
    Value *v = read_value(r);
    if (!v)
        return NULL;
    skip_space(r);
    return r->at == r->src.len ? v : fail_char(r, "the end of the document");
}

Value *json_read(Arena *out, Str src, Err *err)
{
    Reader r = {.out = out, .src = src, .err = err};
    return read_document(&r);
}

Value *json_read_last(Arena *out, Str src, Err *err)
{
    Reader r = {.out = out, .src = src, .err = err, .last_wins = true};
    return read_document(&r);
}
