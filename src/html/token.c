/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cuts a source into tags and pieces of lines, pairs what opens with what closes, and finds the
 * tags that stand alone on their line: those take the line with them.
 *
 * Inheritance tags ({{<p}} {{$b}} and their ends) may share such a line; any other tag must be the
 * only one on it. Variables never stand alone.
 */
#include "html/html_int.h"

typedef struct {
    TokenVec *out;
    Str source;
    const TokenPlace *place;
    Str open, close;
    size_t at;
    bool line_start;
} Lexer;

void html_problem(const TokenPlace *place, const char *rule, size_t offset, Str cure, Str message)
{
    uint32_t at = place->in_place ? (uint32_t)offset : place->at;
    diag_add(place->diags, DIAG_ERROR, rule, place->file, at, cure, STR_FMT, STR_ARG(message));
}

static bool syntax(Lexer *x, size_t offset, Str message)
{
    html_problem(x->place, "html.syntax", offset, STR(""), message);
    return false;
}

static void push_text(Lexer *x, size_t from, size_t to)
{
    while (from < to) {
        const char *nl = memchr(x->source.at + from, '\n', to - from);
        size_t end = nl ? (size_t)(nl - x->source.at) + 1 : to;
        *VEC_PUSH(x->place->arena, x->out) = (Token){.kind = TAG_TEXT,
                                                     .text = str_slice(x->source, from, end),
                                                     .offset = (uint32_t)from,
                                                     .line_start = x->line_start};
        x->line_start = nl != NULL;
        from = end;
    }
}

static bool has_space(Str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] == ' ' || (s.at[i] >= '\t' && s.at[i] <= '\r'))
            return true;
    return false;
}

static bool set_delimiters(Lexer *x, Str content, size_t offset)
{
    size_t cut = 0;
    while (cut < content.len && !has_space(str_slice(content, cut, cut + 1)))
        cut++;
    Str open = str_slice(content, 0, cut);
    Str close = str_trim(str_slice(content, cut, content.len));
    if (!open.len || !close.len || has_space(close) || str_find(content, STR("="), 0) != SIZE_MAX)
        return syntax(x, offset, STR("two delimiters are expected, as in '{{=<% %>=}}'"));
    x->open = open;
    x->close = close;
    return true;
}

static TagKind kind_of(char sign)
{
    switch (sign) {
    case '{':
    case '&': return TAG_RAW;
    case '#': return TAG_SECTION;
    case '^': return TAG_INVERTED;
    case '/': return TAG_END;
    case '>': return TAG_PARTIAL;
    case '<': return TAG_PARENT;
    case '$': return TAG_BLOCK;
    case '!':
    case '=': return TAG_SILENT;
    default: return TAG_VAR;
    }
}

static Str ending(Lexer *x, char sign)
{
    if (sign != '{' && sign != '=')
        return x->close;
    return str_join(x->place->arena, sign == '{' ? STR("}") : STR("="), x->close);
}

static bool name_token(Lexer *x, Token *t)
{
    t->text = str_trim(t->text);
    bool may_be_dynamic = t->kind == TAG_PARTIAL || t->kind == TAG_PARENT || t->kind == TAG_END;
    if (may_be_dynamic && str_starts(t->text, STR("*"))) {
        t->dynamic = true;
        t->text = str_trim(str_slice(t->text, 1, t->text.len));
    }
    if (!t->text.len)
        return syntax(x, t->offset, STR("a tag has no name"));
    if (has_space(t->text))
        return syntax(x, t->offset,
                      str_fmt(x->place->arena, "the name '" STR_FMT "' has white space",
                              STR_ARG(str_slice(t->text, 0, 60))));
    return true;
}

static bool next_tag(Lexer *x, size_t hit)
{
    size_t from = hit + x->open.len;
    char sign = from < x->source.len ? x->source.at[from] : '\0';
    TagKind kind = kind_of(sign);
    from += kind != TAG_VAR;
    Str closing = ending(x, sign);
    size_t end = str_find(x->source, closing, from);
    if (end == SIZE_MAX)
        return syntax(
            x, hit,
            str_fmt(x->place->arena, "a tag is not closed by '" STR_FMT "'", STR_ARG(closing)));
    Token t = {.kind = kind, .text = str_slice(x->source, from, end), .offset = (uint32_t)hit};
    x->at = end + closing.len;
    x->line_start = false;
    if (sign == '=' && !set_delimiters(x, str_trim(t.text), hit))
        return false;
    if (kind != TAG_SILENT && !name_token(x, &t))
        return false;
    *VEC_PUSH(x->place->arena, x->out) = t;
    return true;
}

static bool opens(TagKind kind)
{
    return kind == TAG_SECTION || kind == TAG_INVERTED || kind == TAG_PARENT || kind == TAG_BLOCK;
}

static bool pair_end(Lexer *x, const uint32_t *stack, size_t *depth, uint32_t n)
{
    Token *t = &x->out->at[n];
    if (!*depth)
        return syntax(x, t->offset,
                      str_fmt(x->place->arena, "'" STR_FMT "' is closed but was not opened",
                              STR_ARG(t->text)));
    Token *o = &x->out->at[stack[--*depth]];
    if (!str_eq(o->text, t->text) || o->dynamic != t->dynamic)
        return syntax(x, t->offset,
                      str_fmt(x->place->arena,
                              "'" STR_FMT "' is closed while '" STR_FMT "' is open",
                              STR_ARG(t->text), STR_ARG(o->text)));
    o->end = n;
    t->closes = o->kind;
    return true;
}

static bool pair_tags(Lexer *x)
{
    uint32_t stack[HTML_MAX_DEPTH];
    size_t depth = 0;
    for (uint32_t i = 0; i < x->out->len; i++) {
        Token *t = &x->out->at[i];
        if (opens(t->kind)) {
            if (depth == HTML_MAX_DEPTH)
                return syntax(x, t->offset, STR("sections are nested too deep"));
            stack[depth++] = i;
        } else if (t->kind == TAG_END && !pair_end(x, stack, &depth, i)) {
            return false;
        }
    }
    if (!depth)
        return true;
    const Token *o = &x->out->at[stack[depth - 1]];
    return syntax(x, o->offset,
                  str_fmt(x->place->arena, "'" STR_FMT "' is never closed", STR_ARG(o->text)));
}

bool html_tokens(TokenVec *out, Str source, const TokenPlace *place)
{
    Lexer x = {.out = out, .source = source, .place = place, .line_start = true};
    x.open = STR("{{");
    x.close = STR("}}");
    if (source.len > HTML_MAX_SOURCE)
        return syntax(&x, 0, STR("the template is larger than HTML_MAX_SOURCE"));
    for (;;) {
        size_t hit = str_find(source, x.open, x.at);
        push_text(&x, x.at, hit == SIZE_MAX ? source.len : hit);
        if (hit == SIZE_MAX)
            break;
        if (!next_tag(&x, hit))
            return false;
    }
    return pair_tags(&x);
}

static bool is_blank(Str s)
{
    return str_trim(s).len == 0;
}

static bool inherits(const Token *t)
{
    TagKind kind = t->kind == TAG_END ? t->closes : t->kind;
    return kind == TAG_PARENT || kind == TAG_BLOCK;
}

static bool line_stands_alone(const Token *line, size_t n)
{
    size_t tags = 0, inheritance = 0;
    for (size_t i = 0; i < n; i++) {
        const Token *t = &line[i];
        if (t->kind == TAG_VAR || t->kind == TAG_RAW)
            return false;
        if (t->kind == TAG_TEXT && !is_blank(t->text))
            return false;
        tags += t->kind != TAG_TEXT;
        inheritance += t->kind != TAG_TEXT && inherits(t);
    }
    return tags == 1 || (tags > 1 && tags == inheritance);
}

static void take_line(Token *line, size_t n)
{
    Str indent = line[0].kind == TAG_TEXT ? line[0].text : STR("");
    bool newline = line[n - 1].kind == TAG_TEXT && str_ends(line[n - 1].text, STR("\n"));
    Token *last = NULL;
    for (size_t i = 0; i < n; i++) {
        if (line[i].kind == TAG_TEXT) {
            line[i].text.len = 0;
            continue;
        }
        line[i].alone = true;
        line[i].indent = indent;
        last = &line[i];
    }
    if (last)
        last->line_end = newline;
}

void html_tokens_alone(TokenVec *tokens)
{
    for (size_t from = 0, to; from < tokens->len; from = to) {
        to = from + 1;
        while (to < tokens->len && !(tokens->at[to - 1].kind == TAG_TEXT &&
                                     str_ends(tokens->at[to - 1].text, STR("\n"))))
            to++;
        if (line_stands_alone(&tokens->at[from], to - from))
            take_line(&tokens->at[from], to - from);
    }
}
