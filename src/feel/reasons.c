/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why a value is null, in the reader's language.
 *
 * A reason keeps its English format and what fills it, as gettext has it: the Chinese is looked up
 * by the format when somebody asks, so that a null that nobody reads costs no formatting. A test
 * reads the sources and fails for a format that has no row here.
 */
#include "feel/feel_int.h"

#include <stdarg.h>
#include <stdio.h>

enum { REASON_ARGS = 4, REASON_ARG_MAX = 200 };

typedef struct {
    Str text;
    bool is_word; /* a constant of ours: it has a translation */
} ReasonArg;

struct FeelReason {
    const char *format;
    ReasonArg args[REASON_ARGS];
};

static const struct {
    const char *en, *zh;
} translations[] = {
#include "feel/reasons.def"
};

const char *reason_chinese(Str en)
{
    for (size_t i = 0; i < COUNT(translations); i++) {
        if (str_eq(en, str_z(translations[i].en))) {
            return translations[i].zh;
        }
    }
    return NULL;
}

/* The specifier at "%": its length and its last letter. */
static size_t specifier(const char *at, char *letter)
{
    size_t len = strspn(at + 1, ".*0123456789lz") + 2;
    *letter = at[len - 1];
    return len;
}

static PRINTF_LIKE(2, 3) ReasonArg number_arg(Arena *out, const char *fmt, ...)
{
    char digits[32];
    va_list list;
    va_start(list, fmt);
    int len = vsnprintf(digits, sizeof digits, fmt, list);
    va_end(list);
    return (ReasonArg){str_dup(out, (Str){digits, (size_t)len}), false};
}

static ReasonArg read_arg(Arena *out, const char *at, size_t len, char letter, va_list *list)
{
    bool is_long = memchr(at, 'l', len) != NULL, is_size = memchr(at, 'z', len) != NULL;
    if (letter == 's' && memchr(at, '*', len)) {
        int bytes = va_arg(*list, int);
        const char *text = va_arg(*list, const char *);
        size_t cut = bytes < REASON_ARG_MAX ? (size_t)bytes : REASON_ARG_MAX;
        return (ReasonArg){str_dup(out, (Str){text, cut}), false};
    }
    if (letter == 's') {
        return (ReasonArg){str_z(va_arg(*list, const char *)), true};
    }
    if (is_size) {
        return number_arg(out, "%zu", va_arg(*list, size_t));
    }
    if (is_long) {
        return number_arg(out, "%lld", va_arg(*list, long long));
    }
    int n = va_arg(*list, int);
    return letter == 'c' ? number_arg(out, "%c", n) : number_arg(out, "%d", n);
}

FeelValue feel_reason(Arena *out, const char *fmt, ...)
{
    FeelReason *r = NEW(out, FeelReason);
    size_t count = 0;
    va_list list;
    va_start(list, fmt);
    r->format = fmt;
    for (const char *at = strchr(fmt, '%'); at && count < REASON_ARGS; at = strchr(at, '%')) {
        char letter = 0;
        size_t len = specifier(at, &letter);
        if (letter != '%') {
            r->args[count++] = read_arg(out, at, len, letter, &list);
        }
        at += len;
    }
    va_end(list);
    return (FeelValue){.kind = FEEL_NULL, .reason = r};
}

static Str word_in(Str word, FeelLang lang)
{
    const char *zh = lang == FEEL_ZH ? reason_chinese(word) : NULL;
    return zh ? str_z(zh) : word;
}

Str feel_why(Arena *out, const FeelValue *v, FeelLang lang)
{
    const FeelReason *r = v->kind == FEEL_NULL ? v->reason : NULL;
    if (!r) {
        return (Str){0};
    }
    StrBuf b = buf_in(out);
    Str format = word_in(str_z(r->format), lang);
    size_t count = 0;
    for (size_t i = 0; i < format.len;) {
        char letter = 0;
        if (format.at[i] != '%') {
            buf_char(&b, format.at[i++]);
            continue;
        }
        i += specifier(format.at + i, &letter);
        if (letter == '%') {
            buf_char(&b, '%');
        } else if (count < REASON_ARGS) {
            const ReasonArg *arg = &r->args[count++];
            buf_add(&b, arg->is_word ? word_in(arg->text, lang) : arg->text);
        }
    }
    return buf_str(&b);
}
