/* SPDX-License-Identifier: Apache-2.0 */
/* Texts. Lengths and positions count code points. */
#include "feel/feel_int.h"
#include "feel/regex_int.h"
#include "feel/unicode_int.h"

static bool pay(FeelBudget *b, size_t bytes)
{
    return budget_take(b, bytes / 16);
}

/* Byte offset of the n-th code point; the end when there are fewer. */
static size_t offset_of(Str s, int64_t n)
{
    size_t at = 0;
    while (n > 0 && at < s.len) {
        utf8_next(s, &at);
        n--;
    }
    return at;
}

static FeelValue run_substring(FeelBudget *b, const FeelValue *args, size_t count)
{
    Str s = args[0].text;
    int64_t start = 0, length = INT64_MAX, chars = (int64_t)utf8_count(s);
    if (!pay(b, s.len) || !decimal_int(args[1].number, &start) || start == 0 || start > chars ||
        start < -chars) {
        return feel_reason(b->out, "substring: no such position");
    }
    if (count > 2 && args[2].kind == FEEL_NUMBER &&
        (!decimal_int(args[2].number, &length) || length < 1)) {
        return feel_reason(b->out, "substring: length must be positive");
    }
    size_t from = offset_of(s, start > 0 ? start - 1 : chars + start);
    Str rest = str_slice(s, from, s.len);
    return feel_str(str_slice(rest, 0, offset_of(rest, length)));
}

static FeelValue run_length(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return pay(b, args[0].text.len) ? feel_int((int64_t)utf8_count(args[0].text)) : feel_null();
}

static FeelValue with_case(FeelBudget *b, Str s, bool upper)
{
    StrBuf made = buf_in(b->out);
    if (!pay(b, 4 * s.len)) {
        return feel_null();
    }
    if (upper) {
        unicode_put_upper(&made, s);
    } else {
        unicode_put_lower(&made, s);
    }
    return feel_str(buf_str(&made));
}

static FeelValue run_upper(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return with_case(b, args[0].text, true);
}

static FeelValue run_lower(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return with_case(b, args[0].text, false);
}

static FeelValue run_contains(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return pay(b, args[0].text.len) ? feel_bool(str_find(args[0].text, args[1].text, 0) != SIZE_MAX)
                                    : feel_null();
}

static FeelValue run_starts(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return feel_bool(budget_compare(b, &args[0], &args[1]) &&
                     str_starts(args[0].text, args[1].text));
}

static FeelValue run_ends(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return feel_bool(budget_compare(b, &args[0], &args[1]) && str_ends(args[0].text, args[1].text));
}

static FeelValue run_before(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    size_t at = pay(b, args[0].text.len) ? str_find(args[0].text, args[1].text, 0) : SIZE_MAX;
    return feel_str(at == SIZE_MAX ? STR("") : str_slice(args[0].text, 0, at));
}

static FeelValue run_after(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    Str s = args[0].text;
    size_t at = pay(b, s.len) ? str_find(s, args[1].text, 0) : SIZE_MAX;
    return feel_str(at == SIZE_MAX ? STR("") : str_slice(s, at + args[1].text.len, s.len));
}

static FeelValue run_join(FeelBudget *b, const FeelValue *args, size_t count)
{
    StrBuf made = buf_in(b->out);
    Str mark = count > 1 && args[1].kind == FEEL_STRING ? args[1].text : STR("");
    bool first = true;
    for (size_t i = 0; i < args[0].list.count; i++) {
        const FeelValue *v = &args[0].list.items[i];
        if (v->kind == FEEL_NULL) {
            continue;
        }
        if (v->kind != FEEL_STRING || !budget_take(b, 1 + (v->text.len + mark.len) / 16)) {
            return feel_reason(b->out, "string join: not all items are strings");
        }
        buf_add(&made, first ? STR("") : mark);
        buf_add(&made, v->text);
        first = false;
    }
    return feel_str(buf_str(&made));
}

/* Steps for the parts of a value that will be written; the walk stops where the writer does. */
static bool pay_tree(FeelBudget *b, const FeelValue *v, int depth)
{
    bool parts = v->kind == FEEL_LIST || v->kind == FEEL_CONTEXT;
    size_t count = v->kind == FEEL_LIST ? v->list.count : parts ? v->context->count : 0;
    if (!budget_take(b, 2 + (v->kind == FEEL_STRING ? v->text.len / 16 : 0))) {
        return false;
    }
    for (size_t i = 0; i < count && depth < FEEL_MAX_VALUE_DEPTH; i++) {
        const FeelValue *part =
            v->kind == FEEL_LIST ? &v->list.items[i] : &v->context->entries[i].value;
        if (!pay_tree(b, part, depth + 1)) {
            return false;
        }
    }
    return true;
}

static FeelValue run_string(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    if (args[0].kind == FEEL_NULL || !pay_tree(b, &args[0], 0)) {
        return feel_null();
    }
    return feel_str(feel_text(b->out, &args[0]));
}

const Builtin feel_builtins_string[] = {
    {"contains", "string,match", "ss", run_contains},
    {"ends with", "string,match", "ss", run_ends},
    {"lower case", "string", "s", run_lower},
    {"matches", "input,pattern,flags", "ss?s", regex_matches},
    {"replace", "input,pattern,replacement,flags", "sss?s", regex_replace},
    {"split", "string,delimiter", "ss", regex_split},
    {"starts with", "string,match", "ss", run_starts},
    {"string", "from", "a", run_string},
    {"string join", "list,delimiter", "l?s", run_join},
    {"string length", "string", "s", run_length},
    {"substring", "string,start position,length", "sn?n", run_substring},
    {"substring after", "string,match", "ss", run_after},
    {"substring before", "string,match", "ss", run_before},
    {"upper case", "string", "s", run_upper},
    {NULL, NULL, NULL, NULL},
};
