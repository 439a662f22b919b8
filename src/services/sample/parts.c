/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of a whole: the case of each is played and judged like a case of its own, by the staff of
 * its own organ, on a copy of the stage.
 */
#include "services/sample/sample_int.h"

/* The part's case; empty when it was not opened. */
static bool case_of(Stage *st, Str part, Str *id, Err *err)
{
    StoreRows rows;
    int64_t whole = 0;
    if (!str_int(st->case_id, &whole) ||
        !store_run(&st->reader, st->arena, SQL_CASES_OF_PARENT,
                   PARAMS(P_STR(st->app.catalogue->place), P_INT(whole)), &rows, err))
        return false;
    *id = STR("");
    for (size_t i = 0; i < rows.count; i++)
        if (str_eq(row_str(&rows, i, 1), part))
            *id = str_fmt(st->arena, "%lld", (long long)row_int(&rows, i, 0));
    return true;
}

/* Turns the stage to that part; false and told when there is no such case. */
static bool turn_to(Stage *st, const SamplePart *p, Sample *own, Err *err)
{
    Str id, organ = item_decider(p->item)->key;
    if (!case_of(st, p->item->key, &id, err) ||
        !stage_staff(st, organ, STR("clerk"), &st->clerk, err) ||
        !stage_staff(st, organ, STR("approver"), &st->approver, err))
        return false;
    if (!id.len)
        return FAIL(err, ERR_NOT_FOUND, "'" STR_FMT "' was not chosen", STR_ARG(p->item->key));
    *own = *st->sample;
    own->item = p->item;
    own->acts = p->acts;
    own->act_count = p->act_count;
    own->expect = p->expect;
    own->mark = p->mark;
    st->sample = own;
    st->case_id = id;
    return true;
}

static void turn_back(Stage *st, const Stage *whole)
{
    st->sample = whole->sample;
    st->case_id = whole->case_id;
    st->clerk = whole->clerk;
    st->approver = whole->approver;
}

bool sample_parts_act(Stage *st)
{
    const Stage whole = *st;
    for (size_t i = 0; i < whole.sample->part_count; i++) {
        const SamplePart *p = &whole.sample->parts[i];
        Sample own;
        Err err = {0};
        bool ok = turn_to(st, p, &own, &err);
        if (!ok)
            stage_complain(st, "sample.part", p->mark, "%s", err.msg);
        ok = ok && sample_act(st);
        turn_back(st, &whole);
        if (!ok)
            return false;
    }
    return true;
}

bool sample_parts_compare(Stage *st, Err *err)
{
    const Stage whole = *st;
    for (size_t i = 0; i < whole.sample->part_count; i++) {
        const SamplePart *p = &whole.sample->parts[i];
        Sample own;
        bool ok = !p->expect || (turn_to(st, p, &own, err) && sample_compare_part(st, err));
        turn_back(st, &whole);
        if (!ok)
            return false;
    }
    return true;
}
