/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What DMN does not have, but designers know from other engines, under the names they have there.
 */
#include "feel/feel_int.h"

/* A value that is not there is a null with a reason; a null that was given has none. */
static FeelValue run_is_defined(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)b;
    (void)count;
    return feel_bool(args[0].kind != FEEL_NULL || !args[0].reason);
}

static FeelValue run_get_or_else(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)b;
    (void)count;
    return args[0].kind == FEEL_NULL ? args[1] : args[0];
}

static FeelValue run_assert(FeelBudget *b, const FeelValue *args, size_t count)
{
    if (feel_is_true(&args[1])) {
        return args[0];
    }
    return count > 2 && args[2].kind == FEEL_STRING
               ? feel_reason(b->out, "assertion fails: " STR_FMT, STR_ARG(args[2].text))
               : feel_reason(b->out, "assertion fails");
}

/* ---- texts ---- */

/* Without white space around it, the wide space of Chinese typing too. */
static Str trimmed(Str s)
{
    static const Str wide[] = {STR_INIT("\u3000"), STR_INIT("\u00a0")};
    for (bool cut = true; cut;) {
        size_t before = s.len;
        s = str_trim(s);
        for (size_t i = 0; i < COUNT(wide); i++) {
            s = str_starts(s, wide[i]) ? str_slice(s, wide[i].len, s.len) : s;
            s = str_ends(s, wide[i]) ? str_slice(s, 0, s.len - wide[i].len) : s;
        }
        cut = s.len < before;
    }
    return s;
}

static FeelValue run_is_blank(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return feel_bool(budget_take(b, args[0].text.len / 16) && trimmed(args[0].text).len == 0);
}

static FeelValue run_trim(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return budget_take(b, args[0].text.len / 16) ? feel_str(trimmed(args[0].text)) : feel_null();
}

/* ---- lists ---- */

static FeelValue run_is_empty(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)b;
    (void)count;
    return feel_bool(args[0].list.count == 0);
}

static FeelValue run_duplicate_values(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return list_distinct(b, &args[0], LIST_COMES_AGAIN);
}

/* Parts of size items each, the last one with what is left; they share the list's memory. */
static FeelValue run_partition(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    int64_t size = 0;
    size_t n = args[0].list.count;
    if (!decimal_int(args[1].number, &size) || size < 1) {
        return feel_reason(b->out, "partition: the size must be 1 or more");
    }
    size_t step = (uint64_t)size < n ? (size_t)size : n;
    Values made = {0};
    for (size_t at = 0; at < n && budget_take(b, 1); at += step) {
        size_t left = n - at;
        *VEC_PUSH(b->out, &made) =
            value_list_of(args[0].list.items + at, left < step ? left : step);
    }
    return value_list_of(made.at, made.len);
}

/* ---- dates ---- */

static FeelValue run_last_day_of_month(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)b;
    (void)count;
    FeelDate d = args[0].kind == FEEL_DATE ? args[0].date : args[0].moment->date;
    for (d.day = 31; !date_valid(d.year, d.month, d.day);) {
        d.day--;
    }
    return feel_date(d);
}

const Builtin feel_builtins_extra[] = {
    {"assert", "value,condition,cause", "aa?s", run_assert},
    {"duplicate values", "list", "l", run_duplicate_values},
    {"get or else", "value,default", "aa", run_get_or_else},
    {"is blank", "string", "s", run_is_blank},
    {"is defined", "value", "a", run_is_defined},
    {"is empty", "list", "l", run_is_empty},
    {"last day of month", "date", "e", run_last_day_of_month},
    {"partition", "list,size", "ln", run_partition},
    {"trim", "string", "s", run_trim},
    {NULL, NULL, NULL, NULL},
};
