/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns tokens into a flat program. Neighbouring texts become one op.
 *
 * A block whose opening tag stands alone keeps its body without the indentation of the body's first
 * line; that indentation (relative to the block around it) is added again where the block is
 * expanded, be it with its own body or with one that replaces it.
 */
#include "html/html_int.h"

enum { MAX_NAME_PARTS = 16 };

static void flush_text(Compiler *c)
{
    if (!c->text.len)
        return;
    Op *op = VEC_PUSH(c->scratch, &c->ops);
    op->kind = OP_TEXT;
    op->text = str_dup(c->out, buf_str(&c->text));
    c->text.len = 0;
}

static Op *push_op(Compiler *c, OpKind kind)
{
    flush_text(c);
    Op *op = VEC_PUSH(c->scratch, &c->ops);
    *op = (Op){.kind = kind};
    return op;
}

/* Number of the op that comes next: a target of jumps, so it shares no text with the one before. */
static uint32_t next_op(Compiler *c)
{
    flush_text(c);
    return (uint32_t)c->ops.len;
}

static void set_name(Compiler *c, Op *op, Str name)
{
    if (str_eq(name, STR(".")))
        return;
    Str parts[MAX_NAME_PARTS], rest = name;
    uint32_t n = 0;
    while (n < MAX_NAME_PARTS && str_split(&rest, '.', &parts[n]))
        n++;
    op->text = str_dup(c->out, parts[0]);
    op->rest_len = n - 1;
    Str *more = NEW_N(c->out, Str, n);
    for (uint32_t i = 1; i < n; i++)
        more[i - 1] = str_dup(c->out, parts[i]);
    op->rest = more;
}

static bool name_fits(Compiler *c, const Token *t)
{
    size_t parts = 1;
    bool empty_part = false;
    if (str_eq(t->text, STR(".")))
        return true;
    for (size_t i = 0, from = 0; i <= t->text.len; i++) {
        if (i < t->text.len && t->text.at[i] != '.')
            continue;
        empty_part = empty_part || i == from;
        parts += i < t->text.len;
        from = i + 1;
    }
    if (parts <= MAX_NAME_PARTS && !empty_part)
        return true;
    html_problem(&c->place, "html.syntax", t->offset, STR(""),
                 str_fmt(c->scratch, "the name '" STR_FMT "' has %s", STR_ARG(t->text),
                         empty_part ? "an empty part" : "too many parts"));
    c->ok = false;
    return false;
}

/* The white space that a line and the block around it begin with. */
static size_t common_indent(Str line, Str indent)
{
    size_t n = 0;
    while (n < line.len && n < indent.len && line.at[n] == indent.at[n])
        n++;
    return n;
}

static Str without_dedent(const Compiler *c, Str indent)
{
    return str_slice(indent, common_indent(indent, c->dedent), indent.len);
}

static Str leading_space(Str line)
{
    size_t n = 0;
    while (n < line.len && (line.at[n] == ' ' || line.at[n] == '\t'))
        n++;
    return str_slice(line, 0, n);
}

/* Indentation of the first line of the body that is not blank; without one, that of the tag. */
static Str block_indent(const TokenVec *tokens, uint32_t n)
{
    const Token *open = &tokens->at[n];
    for (uint32_t i = n + 1; i < open->end && open->line_end; i++) {
        const Token *t = &tokens->at[i];
        if (t->kind != TAG_TEXT)
            return t->alone ? t->indent : STR("");
        if (str_trim(t->text).len)
            return leading_space(t->text);
        bool tag_follows = t->text.len && t->text.at[t->text.len - 1] != '\n';
        if (tag_follows && t->line_start)
            return leading_space(t->text);
    }
    return open->indent;
}

static const HtmlTemplate *partial_named(Compiler *c, const Token *t)
{
    const HtmlTemplate *target = map_get(&c->set->by_name, t->text);
    if (!target)
        diag_add(c->place.diags, DIAG_ADVICE, "html.unknown-partial", c->place.file,
                 c->place.in_place ? t->offset : c->place.at, STR(""),
                 "there is no template '" STR_FMT "': it renders as nothing", STR_ARG(t->text));
    return target;
}

static void compile_text(Compiler *c, const Token *t)
{
    Str text = t->text;
    if (t->line_start)
        text = str_slice(text, common_indent(text, c->dedent), text.len);
    if (c->place.in_place || c->raw_text || c->plain)
        buf_add(&c->text, text);
    else
        html_escape(&c->text, text); /* a message's own text */
}

static void compile_variable(Compiler *c, const Token *t)
{
    if (html_compile_constant(c, t) || !name_fits(c, t))
        return;
    bool raw = t->kind == TAG_RAW || c->plain;
    set_name(c, push_op(c, raw ? OP_RAW : OP_VAR), t->text);
}

static void compile_partial(Compiler *c, const Token *t)
{
    bool parent = t->kind == TAG_PARENT;
    if (t->dynamic && !name_fits(c, t))
        return;
    OpKind fixed = parent ? OP_PARENT : OP_PARTIAL;
    OpKind dynamic = parent ? OP_DYNAMIC_PARENT : OP_DYNAMIC_PARTIAL;
    Op *op = push_op(c, t->dynamic ? dynamic : fixed);
    if (t->dynamic)
        set_name(c, op, t->text);
    else
        op->target = partial_named(c, t);
    op->alone = t->alone;
    op->indent = str_dup(c->out, without_dedent(c, t->indent));
}

static void compile_range(Compiler *c, const TokenVec *tokens, uint32_t from, uint32_t to);

static void compile_block(Compiler *c, const TokenVec *tokens, uint32_t n)
{
    const Token *t = &tokens->at[n];
    Op *op = push_op(c, OP_BLOCK);
    uint32_t at = (uint32_t)c->ops.len - 1;
    Str saved = c->dedent;
    op->text = str_dup(c->out, t->text);
    op->alone = t->alone && (t->line_end || tokens->at[t->end].alone);
    op->line_end = op->alone && tokens->at[t->end].alone && tokens->at[t->end].line_end;
    if (op->alone) {
        Str indent = block_indent(tokens, n);
        op->indent = str_dup(c->out, without_dedent(c, indent));
        if (t->line_end)
            c->dedent = indent;
    }
    compile_range(c, tokens, n + 1, t->end);
    uint32_t end = next_op(c);
    c->ops.at[at].end = end;
    c->dedent = saved;
}

/* Of what stands between {{<parent}} and its end only the blocks count. */
static void compile_parent(Compiler *c, const TokenVec *tokens, uint32_t n)
{
    uint32_t at = next_op(c);
    compile_partial(c, &tokens->at[n]);
    for (uint32_t i = n + 1; i < tokens->at[n].end; i++) {
        const Token *t = &tokens->at[i];
        if (t->kind == TAG_BLOCK)
            compile_block(c, tokens, i);
        if (t->end)
            i = t->end;
    }
    if (c->ok)
        c->ops.at[at].end = next_op(c);
}

static void compile_section(Compiler *c, const TokenVec *tokens, uint32_t n)
{
    const Token *t = &tokens->at[n];
    if (!name_fits(c, t))
        return;
    Op *op = push_op(c, t->kind == TAG_SECTION ? OP_SECTION : OP_INVERTED);
    uint32_t at = (uint32_t)c->ops.len - 1;
    set_name(c, op, t->text);
    compile_range(c, tokens, n + 1, t->end);
    uint32_t end = next_op(c);
    c->ops.at[at].end = end;
}

static void compile_range(Compiler *c, const TokenVec *tokens, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++) {
        const Token *t = &tokens->at[i];
        switch (t->kind) {
        case TAG_TEXT: compile_text(c, t); break;
        case TAG_VAR:
        case TAG_RAW: compile_variable(c, t); break;
        case TAG_SECTION:
        case TAG_INVERTED: compile_section(c, tokens, i); break;
        case TAG_PARTIAL: compile_partial(c, t); break;
        case TAG_PARENT: compile_parent(c, tokens, i); break;
        case TAG_BLOCK: compile_block(c, tokens, i); break;
        case TAG_END:
        case TAG_SILENT: break;
        }
        if (t->end)
            i = t->end;
    }
}

void html_compile_tokens(Compiler *c, const TokenVec *tokens)
{
    compile_range(c, tokens, 0, (uint32_t)tokens->len);
}

bool html_compile_source(Compiler *c, HtmlTemplate *t, Str source)
{
    TokenVec tokens = {0};
    if (!html_tokens(&tokens, source, &c->place))
        return false;
    html_tokens_alone(&tokens);
    c->ok = true;
    html_compile_tokens(c, &tokens);
    t->op_count = next_op(c);
    Op *ops = NEW_N(c->out, Op, t->op_count + 1);
    if (t->op_count)
        memcpy(ops, c->ops.at, t->op_count * sizeof(Op));
    t->ops = ops;
    t->hints = (_Atomic uint32_t *)NEW_N(c->out, uint32_t, t->op_count + 1);
    return c->ok;
}

static HtmlSet *register_all(Arena *out, const HtmlSource *sources, size_t count, Diags *diags)
{
    HtmlSet *set = NEW(out, HtmlSet);
    bool ok = true;
    set->templates = NEW_N(out, HtmlTemplate, count + 1);
    set->count = count;
    for (size_t i = 0; i < count; i++) {
        HtmlTemplate *t = &set->templates[i];
        t->name = str_dup(out, sources[i].name);
        if (map_add(out, &set->by_name, t->name, t))
            continue;
        diag_add(diags, DIAG_ERROR, "html.twice", sources[i].file, 0, STR(""),
                 "the template '" STR_FMT "' is given twice", STR_ARG(t->name));
        ok = false;
    }
    return ok ? set : NULL;
}

const HtmlSet *html_compile(Arena *out, const HtmlSource *sources, size_t count,
                            const Value *constants, Diags *diags)
{
    if (count > HTML_MAX_TEMPLATES) {
        diag_add(diags, DIAG_ERROR, "html.limit", 0, 0, STR(""), "more than %d templates are given",
                 HTML_MAX_TEMPLATES);
        return NULL;
    }
    HtmlSet *set = register_all(out, sources, count, diags);
    Arena scratch = {0};
    bool ok = set != NULL;
    for (size_t i = 0; set && i < count; i++) {
        Compiler c = {.out = out, .scratch = &scratch, .set = set, .text = buf_in(&scratch)};
        c.texts = value_at(constants, "t");
        c.assets = value_at(constants, "a");
        c.place = (TokenPlace){
            .arena = &scratch, .diags = diags, .file = sources[i].file, .in_place = true};
        ok = html_compile_source(&c, &set->templates[i], sources[i].source) && ok;
        arena_reset(&scratch);
    }
    arena_free(&scratch);
    return ok ? set : NULL;
}

const HtmlTemplate *html_find(const HtmlSet *set, Str name)
{
    return map_get(&set->by_name, name);
}

MUST_CHECK static bool compile_plain(Arena *a, Arena *scratch, HtmlTemplate *t, Str source,
                                     Err *err)
{
    static const HtmlSet no_partials;
    Diags diags = {.arena = scratch};
    Compiler c = {.out = a, .scratch = scratch, .text = buf_in(scratch), .plain = true};
    c.set = &no_partials;
    c.place = (TokenPlace){.arena = scratch, .diags = &diags, .in_place = true};
    c.place.file = diag_file(&diags, STR("text"), source);
    if (html_compile_source(&c, t, source))
        return true;
    const Diag *d = diags.list.at;
    while (d->level != DIAG_ERROR)
        d++;
    return FAIL_AT(err, ERR_INPUT, d->offset, STR_FMT, STR_ARG(d->message));
}

bool html_render_text(StrBuf *b, Str source, const Value *model, Err *err)
{
    static const HtmlSet no_partials;
    Arena a = {0}, scratch = {0};
    HtmlTemplate t = {.name = STR("text")};
    bool ok = compile_plain(&a, &scratch, &t, source, err) &&
              html_render(b, &no_partials, &t, model, err);
    arena_free(&scratch);
    arena_free(&a);
    return ok;
}
