/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ranges: read from text, and how points and ranges lie to each other (Allen's relations, as DMN
 * has them). A point is the closed range from itself to itself, so that each relation is written
 * once; an end that is open to infinity lies before or after everything.
 */
#include "feel/feel_int.h"

enum { PARSE_STEPS = 100 };

/* ---- range(from) ---- */

/* A constant, or one of the four constructors around a text; null for any other expression. */
static FeelValue literal_value(FeelBudget *b, const Node *n)
{
    static const struct {
        Str name;
        FeelValue (*read)(Arena *out, Str s);
    } makers[] = {{STR_INIT("date"), temporal_date},
                  {STR_INIT("time"), temporal_time},
                  {STR_INIT("date and time"), temporal_moment},
                  {STR_INIT("duration"), temporal_duration}};
    if (n->kind == NODE_CONST) {
        return n->value;
    }
    const Node *text = n->kind == NODE_CALL && n->count == 1 ? n->kids[0] : NULL;
    if (!text || text->kind != NODE_CONST || text->value.kind != FEEL_STRING) {
        return feel_null();
    }
    for (size_t i = 0; i < COUNT(makers); i++) {
        if (str_eq(n->name, makers[i].name)) {
            return makers[i].read(b->out, text->value.text);
        }
    }
    return feel_null();
}

static FeelValue run_range(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    Str text = args[0].text;
    int order = 0;
    Err err = {0};
    if (!budget_take(b, PARSE_STEPS + text.len / 4)) {
        return feel_null();
    }
    const Node *n = feel_parse(b->out, text, NULL, FEEL_EXPRESSION, &err);
    if (!n || n->kind != NODE_RANGE || n->count != 2) {
        return feel_reason(b->out, "'" STR_FMT "' is no range between two literals",
                           STR_ARG(str_slice(text, 0, 60)));
    }
    FeelValue start = literal_value(b, n->kids[0]), end = literal_value(b, n->kids[1]);
    if (!value_order(&start, &end, &order)) {
        return feel_reason(b->out, "a range from %s to %s", feel_kind_name(start.kind),
                           feel_kind_name(end.kind));
    }
    if (order > 0) {
        return feel_reason(b->out, "a range that ends before it starts");
    }
    FeelRange *r = NEW(b->out, FeelRange);
    *r = (FeelRange){.start = start,
                     .end = end,
                     .start_included = n->start_included,
                     .end_included = n->end_included};
    return (FeelValue){.kind = FEEL_RANGE, .range = r};
}

/* ---- how two ranges lie ---- */

/* How the ends of x lie to those of y: -1 before, 0 at the same place, 1 after. */
typedef struct {
    int start_start, start_end, end_start, end_end;
    const FeelRange *x, *y;
} Lie;

typedef bool (*Relation)(const Lie *l);

/* x.end lies before y.start, with nothing in common. */
static bool is_before(const Lie *l)
{
    return l->end_start < 0 || (l->end_start == 0 && !(l->x->end_included && l->y->start_included));
}

static bool is_after(const Lie *l)
{
    return l->start_end > 0 || (l->start_end == 0 && !(l->x->start_included && l->y->end_included));
}

static bool meets(const Lie *l)
{
    return l->end_start == 0 && l->x->end_included && l->y->start_included;
}

static bool overlaps(const Lie *l)
{
    return !is_before(l) && !is_after(l);
}

/* x takes in the start of y, or all that y has there. */
static bool starts_no_later(const Lie *l)
{
    return l->start_start < 0 ||
           (l->start_start == 0 && (l->x->start_included || !l->y->start_included));
}

static bool ends_no_earlier(const Lie *l)
{
    return l->end_end > 0 || (l->end_end == 0 && (l->x->end_included || !l->y->end_included));
}

static bool ends_no_later(const Lie *l)
{
    return l->end_end < 0 || (l->end_end == 0 && (!l->x->end_included || l->y->end_included));
}

static bool starts_no_earlier(const Lie *l)
{
    return l->start_start > 0 ||
           (l->start_start == 0 && (!l->x->start_included || l->y->start_included));
}

static bool overlaps_before(const Lie *l)
{
    return starts_no_later(l) && !starts_no_earlier(l) && !is_before(l) && ends_no_later(l);
}

static bool same_start(const Lie *l)
{
    return l->start_start == 0 && l->x->start_included == l->y->start_included;
}

static bool same_end(const Lie *l)
{
    return l->end_end == 0 && l->x->end_included == l->y->end_included;
}

static bool finishes(const Lie *l)
{
    return same_end(l) && starts_no_earlier(l);
}

static bool includes(const Lie *l)
{
    return starts_no_later(l) && ends_no_earlier(l);
}

static bool starts(const Lie *l)
{
    return same_start(l) && ends_no_later(l);
}

static bool coincides(const Lie *l)
{
    return same_start(l) && same_end(l);
}

/* An open bound is minus infinity as a start (side -1) and infinity as an end (side 1). */
static bool order_bounds(FeelBudget *b, const FeelValue *x, int x_side, const FeelValue *y,
                         int y_side, int *order)
{
    int x_far = x->kind == FEEL_NULL ? x_side : 0, y_far = y->kind == FEEL_NULL ? y_side : 0;
    if (x_far != 0 || y_far != 0) {
        *order = x_far < y_far ? -1 : x_far > y_far ? 1 : 0;
        return true;
    }
    return budget_compare(b, x, y) && value_order(x, y, order);
}

static FeelRange as_range(const FeelValue *v)
{
    return v->kind == FEEL_RANGE
               ? *v->range
               : (FeelRange){.start = *v, .end = *v, .start_included = true, .end_included = true};
}

/* A null that is written as a bound is none; all but a value is no one stretch. */
static bool lacks_bound(const FeelRange *r)
{
    bool null_end = r->start.kind == FEEL_NULL || r->end.kind == FEEL_NULL;
    return r->kind == FEEL_UNEQUAL || (r->kind == FEEL_INTERVAL && null_end);
}

static FeelValue judge(FeelBudget *b, const FeelValue *one, const FeelValue *other, Relation holds)
{
    FeelRange x = as_range(one), y = as_range(other);
    Lie l = {.x = &x, .y = &y};
    if (lacks_bound(&x) || lacks_bound(&y)) {
        return feel_reason(b->out, "range without a bound");
    }
    if (!order_bounds(b, &x.start, -1, &y.start, -1, &l.start_start) ||
        !order_bounds(b, &x.start, -1, &y.end, 1, &l.start_end) ||
        !order_bounds(b, &x.end, 1, &y.start, -1, &l.end_start) ||
        !order_bounds(b, &x.end, 1, &y.end, 1, &l.end_end)) {
        const FeelValue *kind_of_x = x.start.kind == FEEL_NULL ? &x.end : &x.start;
        const FeelValue *kind_of_y = y.start.kind == FEEL_NULL ? &y.end : &y.start;
        return feel_reason(b->out, "cannot order a %s and a %s", feel_kind_name(kind_of_x->kind),
                           feel_kind_name(kind_of_y->kind));
    }
    return feel_bool(holds(&l));
}

static FeelValue run_before(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return judge(b, &args[0], &args[1], is_before);
}

static FeelValue run_after(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return judge(b, &args[0], &args[1], is_after);
}

static FeelValue run_meets(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return judge(b, &args[0], &args[1], meets);
}

static FeelValue run_met_by(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return judge(b, &args[1], &args[0], meets);
}

static FeelValue run_overlaps(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return judge(b, &args[0], &args[1], overlaps);
}

static FeelValue run_overlaps_before(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return judge(b, &args[0], &args[1], overlaps_before);
}

static FeelValue run_overlaps_after(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return judge(b, &args[1], &args[0], overlaps_before);
}

static FeelValue run_finishes(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return judge(b, &args[0], &args[1], finishes);
}

static FeelValue run_finished_by(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return judge(b, &args[1], &args[0], finishes);
}

static FeelValue run_includes(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return judge(b, &args[0], &args[1], includes);
}

static FeelValue run_during(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return judge(b, &args[1], &args[0], includes);
}

static FeelValue run_starts(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return judge(b, &args[0], &args[1], starts);
}

static FeelValue run_started_by(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return judge(b, &args[1], &args[0], starts);
}

static FeelValue run_coincides(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    return judge(b, &args[0], &args[1], coincides);
}

const Builtin feel_builtins_range[] = {
    {"after", "point1,point2", "pp", run_after},
    {"after", "point,range", "pr", run_after},
    {"after", "range,point", "rp", run_after},
    {"after", "range1,range2", "rr", run_after},
    {"before", "point1,point2", "pp", run_before},
    {"before", "point,range", "pr", run_before},
    {"before", "range,point", "rp", run_before},
    {"before", "range1,range2", "rr", run_before},
    {"coincides", "point1,point2", "pp", run_coincides},
    {"coincides", "range1,range2", "rr", run_coincides},
    {"during", "point,range", "pr", run_during},
    {"during", "range1,range2", "rr", run_during},
    {"finished by", "range,point", "rp", run_finished_by},
    {"finished by", "range1,range2", "rr", run_finished_by},
    {"finishes", "point,range", "pr", run_finishes},
    {"finishes", "range1,range2", "rr", run_finishes},
    {"includes", "range,point", "rp", run_includes},
    {"includes", "range1,range2", "rr", run_includes},
    {"meets", "range1,range2", "rr", run_meets},
    {"met by", "range1,range2", "rr", run_met_by},
    {"overlaps", "range1,range2", "rr", run_overlaps},
    {"overlaps after", "range1,range2", "rr", run_overlaps_after},
    {"overlaps before", "range1,range2", "rr", run_overlaps_before},
    {"range", "from", "s", run_range},
    {"started by", "range,point", "rp", run_started_by},
    {"started by", "range1,range2", "rr", run_started_by},
    {"starts", "point,range", "pr", run_starts},
    {"starts", "range1,range2", "rr", run_starts},
    {NULL, NULL, NULL, NULL},
};
