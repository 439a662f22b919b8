/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One matter in a view: the parts of a whole, or the whole beside one of its parts. Of another part
 * nothing is told but where it stands; only the applicant reads what is asked of him.
 */
#include "services/my/parts.h"

#include "services/casework/casework_view.h"
#include "services/certificate/localise.h"
#include "json/json.h"

typedef struct {
    const Viewing *by;
    CaseViewKind kind;
    const CaseFile *whole;
    CaseFile *parts;
    size_t count;
} Parts;

static bool load_parts(Parts *p, Err *err)
{
    const Viewing *by = p->by;
    StoreRows r;
    if (!store_run(by->reader, by->out, SQL_CASES_OF_PARENT,
                   PARAMS(P_STR(by->app->catalogue->place), P_INT(p->whole->id)), &r, err))
        return false;
    p->parts = NEW_N(by->out, CaseFile, r.count + 1);
    p->count = r.count;
    for (size_t i = 0; i < r.count; i++)
        if (!casework_load(by->reader, by->out, by->app, row_int(&r, i, 0), &p->parts[i], err))
            return false;
    return true;
}

static const CaseFile *case_of(const Parts *p, const Part *part)
{
    for (size_t i = 0; i < p->count; i++)
        if (str_eq(p->parts[i].part, part->item->key))
            return &p->parts[i];
    return NULL;
}

static void add_name(const Parts *p, const Part *part, StrBuf *zh, StrBuf *en)
{
    const CaseFile *cf = case_of(p, part);
    if (!cf || casework_is_over(cf) || casework_is_ready(cf))
        return;
    buf_fmt(zh, "%s" STR_FMT, zh->len ? "、" : "", STR_ARG(text_in(cf->item->name, LANG_ZH)));
    buf_fmt(en, "%s" STR_FMT, en->len ? ", " : "", STR_ARG(text_in(cf->item->name, LANG_EN)));
}

/* What a part that has not begun waits for. */
static void put_waits(const Parts *p, const CaseFile *cf, Value *row)
{
    const Part *part = bundle_part(p->whole->item->bundle, cf->part);
    StrBuf zh = buf_in(p->by->out), en = buf_in(p->by->out);
    for (size_t i = 0; part && i < part->after_count; i++)
        add_name(p, part->after[i], &zh, &en);
    for (size_t i = 0; part && i < part->requires_count; i++)
        add_name(p, part->requires[i], &zh, &en);
    set_text(p->by->out, row, "waits_for", (Text){{buf_str(&zh), buf_str(&en)}});
}

/* The last event of that kind; NULL: there is none. */
static bool last_event(const Parts *p, const CaseFile *cf, Str kind, Value **data, Err *err)
{
    StoreRows r;
    *data = NULL;
    if (!store_run(p->by->reader, p->by->out, SQL_EVENTS_OF_CASE,
                   PARAMS(P_STR(p->by->app->catalogue->place), P_INT(cf->id)), &r, err))
        return false;
    for (size_t i = r.count; i > 0 && !*data; i--)
        if (str_eq(row_str(&r, i - 1, 2), kind) &&
            !(*data = json_read(p->by->out, row_str(&r, i - 1, 4), err)))
            return false;
    return true;
}

static bool put_because(const Parts *p, const CaseFile *cf, Value *row, Err *err)
{
    Value *data;
    if (!last_event(p, cf, STR("cannot_begin"), &data, err))
        return false;
    const Value *name = value_at(data, "because_name");
    if (name)
        set_value(p->by->out, row, "because", value_copy(p->by->out, name));
    return true;
}

static bool put_asked(const Parts *p, const CaseFile *cf, Value *row, Err *err)
{
    Value *data;
    if (!last_event(p, cf, STR("ask_correction"), &data, err))
        return false;
    Value *c = set_map(p->by->out, row, "asked");
    set_int(p->by->out, c, "at", cf->law.correction_due);
    const Value *missing = value_at(data, "missing");
    if (missing)
        set_value(p->by->out, c, "missing", value_copy(p->by->out, missing));
    return true;
}

static bool put_part(const Parts *p, const CaseFile *cf, Value *list, Err *err)
{
    Arena *out = p->by->out;
    Value *row = push_map(out, list);
    const Organ *o = catalogue_organ(p->by->app->catalogue, cf->organ);
    bool ready = casework_is_ready(cf);
    set_str(out, row, "no", p->kind == VIEW_PROGRESS ? STR("") : cf->no);
    set_str(out, row, "item", cf->part);
    set_text(out, row, "name", cf->item->name);
    set_text(out, row, "organ", o ? o->name : (Text){{{0}}});
    set_str(out, row, "state", cf->state);
    set_bool(out, row, "closed", casework_is_over(cf));
    set_bool(out, row, "waiting", casework_waits(cf));
    set_bool(out, row, "kept", ready && !casework_hands_out_early(p->whole));
    if (cf->law.outcome != LAW_OPEN)
        set_str(out, row, "outcome",
                cf->law.outcome == LAW_GRANTED ? STR("granted") : STR("denied"));
    if (cf->received_at)
        set_int(out, row, "received_at", cf->received_at);
    if (cf->promise_due)
        set_int(out, row, "promise_at", cf->promise_due);
    if (casework_waits(cf))
        put_waits(p, cf, row);
    if (str_eq(cf->state, STR("not_begun")))
        return put_because(p, cf, row, err);
    return p->kind != VIEW_APPLICANT || cf->law.state != LAW_CORRECTION ||
           put_asked(p, cf, row, err);
}

static bool put_parts(const Parts *p, Value *into, Err *err)
{
    Value *list = set_list(p->by->out, into, "parts");
    int64_t done = 0;
    for (size_t i = 0; i < p->count; i++) {
        done += casework_is_over(&p->parts[i]) || casework_is_ready(&p->parts[i]);
        if (!put_part(p, &p->parts[i], list, err))
            return false;
    }
    set_int(p->by->out, into, "part_count", (int64_t)p->count);
    set_int(p->by->out, into, "part_done", done);
    return true;
}

/* What may be done with a whole depends on its parts. */
static void put_acts(const Parts *p, Value *m)
{
    bool open = false;
    for (size_t i = 0; i < p->count; i++)
        open = open || (!casework_is_over(&p->parts[i]) && !casework_is_ready(&p->parts[i]) &&
                        p->parts[i].law.outcome == LAW_OPEN);
    Value *acts = value_inside(m, "acts");
    if (!acts || p->kind != VIEW_APPLICANT)
        return;
    set_bool(p->by->out, acts, "withdraw", open);
    set_bool(p->by->out, acts, "early",
             !law_is_closed(p->whole->law.state) && !casework_hands_out_early(p->whole));
}

bool parts_kept(StoreConn *conn, Arena *out, const App *app, const CaseFile *cf, bool *kept,
                Err *err)
{
    CaseFile whole;
    *kept = cf->parent && casework_is_ready(cf);
    if (!*kept)
        return true;
    if (!casework_load(conn, out, app, cf->parent, &whole, err))
        return false;
    *kept = !casework_hands_out_early(&whole);
    return true;
}

bool parts_view(const Viewing *by, const CaseFile *cf, CaseViewKind kind, Value *m, Err *err)
{
    Parts p = {.by = by, .kind = kind, .whole = cf};
    if (casework_is_whole(cf)) {
        set_bool(by->out, m, "is_whole", true);
        if (!load_parts(&p, err) || !put_parts(&p, m, err))
            return false;
        put_acts(&p, m);
        return true;
    }
    if (!cf->parent)
        return true;
    CaseFile *whole = NEW(by->out, CaseFile);
    p.whole = whole;
    Value *beside = set_map(by->out, m, "whole");
    if (!casework_load(by->reader, by->out, by->app, cf->parent, whole, err) ||
        !load_parts(&p, err))
        return false;
    set_str(by->out, beside, "no", kind == VIEW_PROGRESS ? STR("") : whole->no);
    set_text(by->out, beside, "name", whole->item->name);
    set_str(by->out, beside, "state", whole->state);
    set_bool(by->out, m, "kept", casework_is_ready(cf) && !casework_hands_out_early(whole));
    return put_parts(&p, beside, err);
}
