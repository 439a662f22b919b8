/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FEEL inside YAML. A fault is shown where it stands in the file, not where the scalar begins:
 * scalar_offset walks the scalar as it was written, beside the text that it became, and knows
 * quotes, escapes, folded lines and block scalars.
 */
#include "catalogue/catalogue_int.h"

typedef struct {
    Str doc;
    size_t at;       /* in doc */
    uint32_t inside; /* bytes of the text still to go */
} Walk;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Line ends with the blanks around them: one becomes a space, each further one a line end. */
static bool pass_fold(Walk *w)
{
    size_t at = w->at, lines = 0;
    while (at < w->doc.len &&
           (is_blank(w->doc.at[at]) || w->doc.at[at] == '\n' || w->doc.at[at] == '\r'))
        lines += w->doc.at[at++] == '\n';
    if (!lines)
        return false;
    uint32_t became = lines == 1 ? 1 : (uint32_t)lines - 1;
    w->inside = w->inside > became ? w->inside - became : 0;
    w->at = at;
    return true;
}

static size_t escape_length(Str doc, size_t at)
{
    if (at + 1 >= doc.len)
        return 1;
    switch (doc.at[at + 1]) {
    case 'x': return 4;
    case 'u': return 6;
    case 'U': return 10;
    }
    return 2;
}

static uint32_t walk_flow(Walk *w, char quote)
{
    while (w->inside && w->at < w->doc.len) {
        char c = w->doc.at[w->at];
        if ((is_blank(c) || c == '\n' || c == '\r') && pass_fold(w))
            continue;
        size_t step = 1;
        if (quote == '"' && c == '\\')
            step = escape_length(w->doc, w->at);
        else if (quote == '\'' && c == '\'')
            step = 2;
        w->at += step;
        w->inside--;
    }
    return (uint32_t)w->at;
}

static size_t line_end(Str doc, size_t at)
{
    size_t end = str_find(doc, STR("\n"), at);
    return end == SIZE_MAX ? doc.len : end;
}

static size_t indent_of(Str doc, size_t line)
{
    size_t n = 0;
    while (line + n < doc.len && doc.at[line + n] == ' ')
        n++;
    return n;
}

/* | and >: the first line that is not empty sets the indent. */
static uint32_t walk_block(Walk *w)
{
    size_t line = line_end(w->doc, w->at) + 1, indent = 0;
    for (size_t first = line; first < w->doc.len && !indent; first = line_end(w->doc, first) + 1)
        if (first + indent_of(w->doc, first) < line_end(w->doc, first))
            indent = indent_of(w->doc, first);
    while (line < w->doc.len) {
        size_t end = line_end(w->doc, line);
        size_t start = line + indent < end ? line + indent : end;
        if (w->inside <= end - start)
            return (uint32_t)(start + w->inside);
        w->inside -= (uint32_t)(end - start) + 1;
        line = end + 1;
    }
    return (uint32_t)w->doc.len;
}

uint32_t scalar_offset(Str document, uint32_t at, uint32_t inside)
{
    Walk w = {document, at, inside};
    if (at >= document.len)
        return at;
    char c = document.at[at];
    if (c == '|' || c == '>')
        return walk_block(&w);
    if (c == '"' || c == '\'')
        w.at++;
    return walk_flow(&w, c);
}

static uint32_t place_in(const Loader *l, const Value *v, uint32_t inside)
{
    return scalar_offset(l->diags->files.at[v->file].text, v->offset, inside);
}

/* What compiles and cannot be meant. */
static void tell_remarks(Loader *l, const Value *v, Str text, const FeelType **type)
{
    FeelRemarks found;
    feel_check(arena_beside(l->arena), text, l->names, l->mode, NULL, &found);
    for (size_t i = 0; i < found.count; i++) {
        const FeelRemark *m = &found.at[i];
        diag_add(l->diags, m->is_advice ? DIAG_ADVICE : DIAG_ERROR,
                 m->is_advice ? "feel.no-such-option" : "feel.expression", v->file,
                 place_in(l, v, m->offset), m->cure, STR_FMT, STR_ARG(m->message));
    }
    *type = found.type;
}

const FeelProgram *read_expression(Loader *l, const Value *v, const FeelType **type)
{
    Str text = value_text(v);
    if (v->kind == VALUE_BOOL)
        text = v->truth ? STR("true") : STR("false");
    if (!text.len) {
        complain(l, "catalogue.type", v, STR("write a FEEL expression"),
                 "an expression must be a text");
        return NULL;
    }
    Err err = {0};
    const FeelProgram *p = feel_compile(l->arena, text, l->names, l->mode, &err);
    if (!p) {
        diag_add(l->diags, DIAG_ERROR, "feel.expression", v->file, place_in(l, v, err.offset),
                 (Str){0}, "%s", err.msg);
        return NULL;
    }
    tell_remarks(l, v, text, type);
    return p;
}

const FeelProgram *read_condition(Loader *l, const Value *v)
{
    const FeelType *type = NULL;
    const FeelProgram *p = read_expression(l, v, &type);
    if (type && type->kind != FEEL_BOOLEAN)
        diag_add(l->diags, DIAG_ERROR, "feel.expression", v->file, place_in(l, v, 0),
                 STR("compare it with something"), "a condition is true or false, not a %s",
                 feel_kind_name(type->kind));
    return p;
}

static const FeelType any_text = {.kind = FEEL_STRING};
static const FeelName person_names[] = {
    {STR_INIT("name"), &any_text},
    {STR_INIT("id_number"), &any_text},
    {STR_INIT("phone"), &any_text},
    {STR_INIT("kind"), &any_text},
};
static const FeelNames person = {.at = person_names, .count = COUNT(person_names)};
static const FeelType person_type = {.kind = FEEL_CONTEXT, .members = &person};

/* A date or a number may come as text, as it is typed. */
static bool may_answer(const FeelType *answer, const FeelType *t)
{
    if (!answer || !t || answer->kind == t->kind)
        return true;
    return t->kind == FEEL_STRING && answer->kind != FEEL_BOOLEAN && answer->kind != FEEL_LIST;
}

/* What a question suggests may look at the applicant as signed in, too. */
const FeelProgram *read_prefill(Loader *l, const Value *v, const FeelType *answer)
{
    const FeelNames *before = l->names;
    const FeelType *type = NULL;
    size_t n = before ? before->count : 0;
    FeelName *names = NEW_N(arena_beside(l->arena), FeelName, n + 1);
    for (size_t i = 0; i < n; i++)
        names[i] = before->at[i];
    names[n] = (FeelName){STR("party"), &person_type};
    FeelNames all = {.at = names, .count = n + 1};
    l->names = &all;
    const FeelProgram *p = read_expression(l, v, &type);
    l->names = before;
    if (!may_answer(answer, type))
        diag_add(l->diags, DIAG_ERROR, "feel.expression", v->file, place_in(l, v, 0), (Str){0},
                 "a %s cannot answer a question for a %s", feel_kind_name(type->kind),
                 feel_kind_name(answer->kind));
    return p;
}
