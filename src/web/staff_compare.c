/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the applicant said beside what the registers say. A row has another side when its element
 * names a fact that can fill it; values are compared as they are kept, not as they are written out.
 */
#include "web/staff.h"

typedef struct {
    const HttpRequest *rq;
    const StaffVisit *sv;
    Value *m;
    int64_t differences, compared;
} Compare;

static const Value *fact_row(const Value *m, Str source)
{
    const Value *facts = value_at(m, "facts");
    for (uint32_t i = 0; i < value_count(facts); i++)
        if (str_eq(get_str(value_item(facts, i), "source"), source))
            return value_item(facts, i);
    return NULL;
}

static void judge(Compare *c, Value *row, const char *verdict, const char *tag)
{
    set_str(c->rq->arena, row, "verdict", str_z(verdict));
    set_str(c->rq->arena, row, "verdict_text",
            web_text_str(c->rq, str_fmt(c->rq->arena, "desk.compare.%s", verdict)));
    set_str(c->rq->arena, row, "verdict_tag", str_z(tag));
}

static void put_other_side(Compare *c, const Element *e, Value *row)
{
    Str rest = e->source, source;
    (void)str_split(&rest, '.', &source);
    const Value *fact = fact_row(c->m, source);
    const Value *kept = value_at(value_get(c->sv->cf.facts, source), "fields");
    Str theirs = value_text(value_get(kept, rest));
    Str ours = str_trim(value_text(value_get(c->sv->cf.answers, e->key)));
    if (!fact || !theirs.len) {
        judge(c, row, "none", "");
        return;
    }
    bool same = str_eq(ours, str_trim(theirs));
    set_str(c->rq->arena, row, "register", staff_written(c->rq, theirs));
    set_str(c->rq->arena, row, "source_name", get_str(fact, "name"));
    set_str(c->rq->arena, row, "read", get_str(fact, "when"));
    set_bool(c->rq->arena, row, "differs", !same);
    c->compared++;
    c->differences += !same;
    if (get_bool(fact, "objected"))
        judge(c, row, "objected", "hot");
    else
        judge(c, row, same ? "same" : "differs", same ? "ok" : "warn");
}

static void put_row(Compare *c, const Value *answer, Value *rows)
{
    const Element *e = catalogue_element(staff_catalogue(c->rq), get_str(answer, "key"));
    Value *row = push_map(c->rq->arena, rows);
    set_str(c->rq->arena, row, "key", get_str(answer, "key"));
    set_str(c->rq->arena, row, "label", get_str(answer, "label"));
    set_str(c->rq->arena, row, "value", get_str(answer, "value"));
    set_str(c->rq->arena, row, "register", STR(""));
    set_str(c->rq->arena, row, "source_name", STR(""));
    set_str(c->rq->arena, row, "read", STR(""));
    set_bool(c->rq->arena, row, "differs", false);
    if (e && e->source.len)
        put_other_side(c, e, row);
    else
        judge(c, row, "said", "");
}

void staff_compare(const HttpRequest *rq, const StaffVisit *sv, Value *m)
{
    Compare c = {.rq = rq, .sv = sv, .m = m};
    const Value *sections = value_at(m, "answers");
    Value *list = set_list(rq->arena, m, "compare");
    for (uint32_t i = 0; i < value_count(sections); i++) {
        const Value *from = value_at(value_item(sections, i), "rows");
        Value *section = push_map(rq->arena, list);
        set_str(rq->arena, section, "section", get_str(value_item(sections, i), "section"));
        Value *rows = set_list(rq->arena, section, "rows");
        for (uint32_t k = 0; k < value_count(from); k++)
            put_row(&c, value_item(from, k), rows);
    }
    set_int(rq->arena, m, "differences", c.differences);
    set_bool(rq->arena, m, "any_difference", c.differences > 0);
    set_bool(rq->arena, m, "all_same", c.differences == 0 && c.compared > 0);
}
