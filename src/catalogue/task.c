/* SPDX-License-Identifier: Apache-2.0 */
/* Small texts in the properties of user tasks, read when the catalogue is checked and again when a
 * case comes to the task: they are short, and a process keeps no second form of them. */
#include "catalogue/task.h"

/* ---- the pool ---- */

static bool is_organ(const Organ *o, Str name)
{
    for (int i = 0; i < LANG_COUNT; i++)
        if (str_eq(text_in(o->name, (Lang)i), name) ||
            str_eq(text_in(o->short_name, (Lang)i), name))
            return true;
    return str_eq(o->key, name);
}

static Str organ_named(const Catalogue *c, Str name)
{
    for (size_t i = 0; name.len && i < c->organ_count; i++)
        if (is_organ(&c->organs[i], name))
            return c->organs[i].key;
    return (Str){0};
}

TaskPool task_pool(const Catalogue *c, const BpmnElement *e)
{
    Str rest = e->role, first = {0};
    TaskPool pool = {.organ = organ_named(c, str_trim(e->organ)), .role = str_trim(e->role)};
    if (str_find(rest, STR(":"), 0) == SIZE_MAX || !str_split(&rest, ':', &first))
        return pool;
    pool.organ = str_trim(first);
    pool.role = str_trim(rest);
    return pool;
}

/* ---- outcomes ---- */

static bool is_key(Str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        bool letter = (c >= 'a' && c <= 'z') || c == '_' || c == '-';
        if (!letter && !(i > 0 && c >= '0' && c <= '9'))
            return false;
    }
    return s.len > 0;
}

static bool read_outcome(Str text, TaskOutcome *o, Err *err)
{
    size_t is = str_find(text, STR("="), 0);
    Str labels = is == SIZE_MAX ? STR("") : str_slice(text, is + 1, text.len), zh = {0};
    if (is == SIZE_MAX || !is_key(str_trim(str_slice(text, 0, is))))
        return FAIL(err, ERR_INPUT, "outcome '" STR_FMT "' is not 'key=中文|English'",
                    STR_ARG(text));
    bool both = str_find(labels, STR("|"), 0) != SIZE_MAX && str_split(&labels, '|', &zh);
    if (!both || !str_trim(zh).len || !str_trim(labels).len)
        return FAIL(err, ERR_INPUT, "outcome '" STR_FMT "' has no label in both languages",
                    STR_ARG(text));
    *o = (TaskOutcome){.key = str_trim(str_slice(text, 0, is))};
    o->label.in[LANG_ZH] = str_trim(zh);
    o->label.in[LANG_EN] = str_trim(labels);
    return true;
}

bool task_outcomes(const BpmnElement *e, TaskOutcome *list, size_t *n, Err *err)
{
    Str rest = bpmn_property(e, "outcomes"), part;
    *n = 0;
    while (rest.len && str_split(&rest, ';', &part)) {
        if (!str_trim(part).len)
            continue;
        if (*n == TASK_OUTCOMES_MAX)
            return FAIL(err, ERR_LIMIT, "more than %d outcomes", TASK_OUTCOMES_MAX);
        if (!read_outcome(str_trim(part), &list[*n], err))
            return false;
        for (size_t i = 0; i < *n; i++)
            if (str_eq(list[i].key, list[*n].key))
                return FAIL(err, ERR_INPUT, "outcome '" STR_FMT "' is there twice",
                            STR_ARG(list[i].key));
        (*n)++;
    }
    return true;
}

bool task_is_lawful(Str stage)
{
    return str_eq(stage, STR("receive")) || str_eq(stage, STR("decide"));
}

/* ---- the limit ---- */

bool task_limit(Arena *out, Str limit, int64_t *days, FeelValue *span, Err *err)
{
    Str text = str_trim(limit);
    bool bare = text.len > 0 && text.at[0] >= '0' && text.at[0] <= '9';
    *days = 0;
    *span = feel_null();
    if (bare)
        text = str_fmt(out, "P" STR_FMT, STR_ARG(text));
    if (bpmn_working_days(text, days)) {
        if (*days > 0 && *days <= TASK_LIMIT_MAX_DAYS)
            return true;
        return FAIL(err, ERR_LIMIT, "'" STR_FMT "': 1 to %d working days", STR_ARG(limit),
                    TASK_LIMIT_MAX_DAYS);
    }
    *span = feel_temporal(out, text);
    if (span->kind == FEEL_DAYS_DURATION || span->kind == FEEL_MONTHS_DURATION)
        return true;
    return FAIL(err, ERR_INPUT, "'" STR_FMT "' is no limit: P5D, PT8H, P5WD", STR_ARG(limit));
}
