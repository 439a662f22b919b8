/* SPDX-License-Identifier: Apache-2.0 */
/* What the pages of processes share: names of elements, durations as people count them, the picture
 * with its marks. */
#include "base/date.h"
#include "web/process.h"

enum { MARKS_MAX = 5000 };

/* Its name in the diagram; an element of an earlier version has its id alone. */
Str process_name(const HttpRequest *rq, const Item *item, Str element)
{
    const DiagramShape *s = diagram_shape(item->diagram, element);
    uint16_t at = item->process ? bpmn_find(item->process, element) : BPMN_NONE;
    Str name = s ? text_in(s->name, visit_of(rq)->lang) : (Str){0};
    if (!name.len && at != BPMN_NONE)
        name = item->process->elements[at].name;
    return name.len ? name : element;
}

static Str counted(const HttpRequest *rq, const char *unit, int64_t n)
{
    TimeLimit limit = {.n = (int32_t)n, .unit = str_z(unit)};
    return web_limit(rq, &limit);
}

/* Over days in working days, within a day by the clock. */
Str process_took(const HttpRequest *rq, const Value *took)
{
    int64_t days = get_int(took, "days", 0), minutes = get_int(took, "ms", 0) / MS_MINUTE;
    int64_t hours = minutes / 60;
    if (!took)
        return STR("");
    if (days > 0)
        return counted(rq, "working_day", days);
    if (minutes == 0)
        return web_text(rq, "process.took.moment");
    if (hours == 0)
        return counted(rq, "minute", minutes);
    Str text = counted(rq, "hour", hours);
    return minutes % 60 == 0 || hours >= 24 ? text
                                            : str_fmt(rq->arena, STR_FMT " " STR_FMT, STR_ARG(text),
                                                      STR_ARG(counted(rq, "minute", minutes % 60)));
}

Str process_time(const HttpRequest *rq, TimeMs at)
{
    const Visit *v = visit_of(rq);
    return at ? time_text(rq->arena, at, v->web->app->catalogue->zone_minutes, lang_name(v->lang))
              : STR("");
}

/* ---- the picture ---- */

DrawMark *process_mark(const HttpRequest *rq, ProcessMarks *marks, Str element)
{
    DrawMark *m = map_get(&marks->at, element);
    if (!m) {
        m = NEW(rq->arena, DrawMark);
        m->element = element;
        map_put(rq->arena, &marks->at, element, m);
    }
    return m;
}

static DrawMark *list_of(const HttpRequest *rq, const ProcessMarks *marks, size_t *n)
{
    *n = marks->at.len < MARKS_MAX ? marks->at.len : MARKS_MAX;
    DrawMark *list = NEW_N(rq->arena, DrawMark, *n + 1);
    for (size_t i = 0; i < *n; i++)
        list[i] = *(const DrawMark *)marks->at.at[i].value;
    return list;
}

/* JSON has the figures; the picture is how a page shows them. */
void process_planes(const HttpRequest *rq, const Item *item, const ProcessMarks *marks,
                    Str description, Value *m)
{
    const Diagram *d = item->diagram;
    Lang lang = visit_of(rq)->lang;
    bool any = d && d->plane_count > 0, fit = str_eq(http_query(rq, "zoom"), STR("fit"));
    int64_t days = get_int(m, "days", 0);
    Str span = days ? str_fmt(rq->arena, "days=%lld&", (long long)days) : STR("");
    bool counts = value_at(m, "rows") != NULL;
    set_bool(rq->arena, m, "has_diagram", any);
    set_bool(rq->arena, m, "laid_out", any && d->laid_out);
    set_bool(rq->arena, m, "fit", fit);
    set_str(rq->arena, m, "full_url", str_fmt(rq->arena, "?" STR_FMT "zoom=full", STR_ARG(span)));
    set_str(rq->arena, m, "fit_url", str_fmt(rq->arena, "?" STR_FMT "zoom=fit", STR_ARG(span)));
    if (!any || http_wants_json(rq))
        return;
    set_bool(rq->arena, m, "key_here", !counts);
    set_bool(rq->arena, m, "key_done", !counts);
    set_bool(rq->arena, m, "key_count", counts);
    set_bool(rq->arena, m, "key_stopped", true);
    size_t n;
    const DrawMark *list = list_of(rq, marks, &n);
    Value *planes = set_list(rq->arena, m, "planes");
    for (size_t i = 0; i < d->plane_count; i++) {
        const DiagramPlane *p = &d->planes[i];
        Str name = text_in(p->name, lang), title = name.len ? name : text_in(item->name, lang);
        DrawAsk ask = {.lang = lang,
                       .id = str_fmt(rq->arena, "p%zu", i),
                       .title = title,
                       .description = description,
                       .marks = list,
                       .mark_count = n};
        Value *o = push_map(rq->arena, planes);
        set_str(rq->arena, o, "plane_title", title);
        set_bool(rq->arena, o, "one_of_many", d->plane_count > 1);
        set_str(rq->arena, o, "svg", draw_plane(rq->arena, p, &ask));
    }
}
