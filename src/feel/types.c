/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Types as they are written: number, list<string>, context<a: date, b c: number>,
 * function<number, any> -> string, range<date>, and the caller's own names.
 *
 * A name may be more than one word, so the longest known one that stands there wins.
 */
#include "feel/feel_int.h"

typedef struct {
    Lexer *lx;
    const FeelNames *types;
    Err *err;
    int depth;
} TypeReader;

static const FeelType *read_type(TypeReader *r);

static void skip_space(TypeReader *r)
{
    r->lx->at = lex_skip_space(r->lx->src, r->lx->at);
}

static bool take(TypeReader *r, const char *mark)
{
    skip_space(r);
    Str rest = str_slice(r->lx->src, r->lx->at, r->lx->src.len);
    if (!str_starts(rest, str_z(mark))) {
        return false;
    }
    r->lx->at += strlen(mark);
    return true;
}

static bool need(TypeReader *r, const char *mark)
{
    return take(r, mark) ||
           FAIL_AT(r->err, ERR_INPUT, r->lx->at, "'%s' expected in the type", mark);
}

static FeelType *new_type(TypeReader *r, FeelKind kind)
{
    FeelType *t = NEW(r->lx->arena, FeelType);
    t->kind = kind;
    return t;
}

/* <T> */
static const FeelType *read_of(TypeReader *r, FeelKind kind)
{
    FeelType *t = new_type(r, kind);
    if (!take(r, "<")) {
        return t;
    }
    t->item = read_type(r);
    return t->item && need(r, ">") ? t : NULL;
}

typedef Vec(FeelName) TypeNames;

static const FeelNames *names_of(TypeReader *r, const TypeNames *v)
{
    FeelNames *names = NEW(r->lx->arena, FeelNames);
    *names = (FeelNames){.at = v->at, .count = v->len};
    return names;
}

static const FeelType *read_context(TypeReader *r)
{
    FeelType *t = new_type(r, FEEL_CONTEXT);
    TypeNames members = {0};
    if (!take(r, "<")) {
        return t;
    }
    do {
        FeelName member = {0};
        if (!lex_name_before(r->lx, r->lx->at, ":", &member.name)) {
            (void)FAIL_AT(r->err, ERR_INPUT, r->lx->at, "the name of a member expected");
            return NULL;
        }
        r->lx->at++;
        member.name = str_dup(r->lx->arena, member.name);
        member.type = read_type(r);
        if (!member.type) {
            return NULL;
        }
        *VEC_PUSH(r->lx->arena, &members) = member;
    } while (take(r, ","));
    t->members = names_of(r, &members);
    t->open = true;
    return need(r, ">") ? t : NULL;
}

static const FeelType *read_function(TypeReader *r)
{
    FeelType *t = new_type(r, FEEL_FUNCTION);
    TypeNames params = {0};
    if (!take(r, "<")) {
        return t;
    }
    while (!take(r, ">")) {
        const FeelType *param = read_type(r);
        if (!param) {
            return NULL;
        }
        *VEC_PUSH(r->lx->arena, &params) = (FeelName){.type = param};
        if (!take(r, ",")) {
            if (!need(r, ">")) {
                return NULL;
            }
            break;
        }
    }
    t->params = names_of(r, &params);
    if (!need(r, "->")) {
        return NULL;
    }
    t->result = read_type(r);
    return t->result ? t : NULL;
}

/* The longest of the caller's names here; NULL when none stands here. */
static const FeelName *own_name(const TypeReader *r, size_t *past)
{
    const FeelName *best = NULL;
    *past = r->lx->at;
    for (size_t i = 0; r->types && i < r->types->count; i++) {
        size_t end = lex_match(r->lx->src, r->lx->at, r->types->at[i].name);
        if (end > *past) {
            *past = end;
            best = &r->types->at[i];
        }
    }
    return best;
}

/* The longest of the language's names here. */
static bool kind_here(const TypeReader *r, size_t *past, FeelKind *kind)
{
    static const char *const names[] = {"Any",
                                        "Null",
                                        "any",
                                        "boolean",
                                        "number",
                                        "string",
                                        "time",
                                        "date",
                                        "date and time",
                                        "days and time duration",
                                        "years and months duration",
                                        "dateTime",
                                        "dayTimeDuration",
                                        "yearMonthDuration"};
    *past = r->lx->at;
    for (size_t i = 0; i < COUNT(names); i++) {
        size_t end = lex_match(r->lx->src, r->lx->at, str_z(names[i]));
        if (end > *past && feel_kind_of_name(str_z(names[i]), kind)) {
            *past = end;
        }
    }
    return *past > r->lx->at;
}

static const FeelType *fail_type(TypeReader *r)
{
    Str rest = str_slice(r->lx->src, r->lx->at, r->lx->src.len);
    size_t end = 0;
    while (end < rest.len && end < 60 && !strchr(" <>,)]}", rest.at[end])) {
        end++;
    }
    (void)FAIL_AT(r->err, ERR_INPUT, r->lx->at, "unknown type '" STR_FMT "'",
                  STR_ARG(str_slice(rest, 0, end)));
    return NULL;
}

static const FeelType *read_name(TypeReader *r)
{
    size_t own_end = 0, kind_end = 0;
    FeelKind kind = FEEL_NULL;
    const FeelName *own = own_name(r, &own_end);
    if (own) {
        r->lx->at = own_end;
        return own->type ? own->type : new_type(r, FEEL_NULL);
    }
    if (!kind_here(r, &kind_end, &kind)) {
        return fail_type(r);
    }
    r->lx->at = kind_end;
    return new_type(r, kind);
}

static const FeelType *read_type(TypeReader *r)
{
    static const char *const words[] = {"list", "range", "context", "function"};
    const FeelType *t = NULL;
    size_t i = 0, past = 0;
    skip_space(r);
    if (++r->depth > FEEL_MAX_VALUE_DEPTH) {
        (void)FAIL_AT(r->err, ERR_LIMIT, r->lx->at, "type is nested deeper than %d",
                      FEEL_MAX_VALUE_DEPTH);
        return NULL;
    }
    while (i < COUNT(words) && past == 0) {
        past = lex_match(r->lx->src, r->lx->at, str_z(words[i++]));
    }
    if (past == 0) {
        t = read_name(r);
    } else {
        r->lx->at = past;
        t = i == 1   ? read_of(r, FEEL_LIST)
            : i == 2 ? read_of(r, FEEL_RANGE)
            : i == 3 ? read_context(r)
                     : read_function(r);
    }
    r->depth--;
    return t;
}

bool lex_type(Lexer *lx, size_t from, const FeelNames *types, const FeelType **type, Err *err)
{
    lx->at = from;
    TypeReader r = {lx, types, err, 0};
    *type = read_type(&r);
    return *type != NULL;
}
