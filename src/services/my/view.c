/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case as its applicant and its organ see it. Built from the row, the stream and the lists beside
 * it; texts are localised at the end, all at once.
 */
#include "model/form.h"
#include "services/casework/casework_view.h"
#include "services/certificate/localise.h"
#include "services/my/my.h"
#include "services/my/parts.h"
#include "services/notify/notify.h"
#include "json/json.h"

typedef struct {
    StoreConn *reader;
    Arena *out;
    const App *app;
    const CaseFile *cf;
    CaseViewKind kind;
    const Actor *viewer;
    TimeMs now;
    LawRules rules;
} View;

static StoreParam place_of(const View *v)
{
    return P_STR(v->app->catalogue->place);
}

static void put_limit(const View *v, Value *model, const char *key, const LawDue *due,
                      LawBudget budget)
{
    Value *limit = set_map(v->out, model, key);
    set_str(v->out, limit, "unit", str_z(law_unit_name(budget.unit)));
    set_int(v->out, limit, "total", budget.n);
    if (!v->cf->law.accepted_at)
        return;
    LawLeft left = law_remaining(&v->rules.clock, due, budget.unit, v->now);
    set_bool(v->out, limit, "standing", left.open);
    set_bool(v->out, limit, "late", left.overdue);
    set_bool(v->out, limit, "provisional", due->provisional);
    set_int(v->out, limit, "left", left.n);
    set_int(v->out, limit, "left_or_over", left.n < 0 ? -left.n : left.n);
    set_int(v->out, limit, "percent",
            budget.n > 0 && left.n > 0 ? (int64_t)left.n * 100 / budget.n : 0);
    if (due->open)
        return;
    set_int(v->out, limit, "at", due->at);
    Date today = date_of_time(v->now, v->rules.clock.zone);
    set_int(v->out, limit, "working_days_left",
            calendar_count_working_days(v->rules.clock.calendar, today, due->day));
}

static void put_head(const View *v, Value *m)
{
    const CaseFile *cf = v->cf;
    const Organ *o = catalogue_organ(v->app->catalogue, cf->organ);
    set_str(v->out, m, "no", cf->no);
    set_text(v->out, m, "name", cf->item->name);
    set_str(v->out, m, "item", cf->item->key);
    set_str(v->out, m, "state", cf->state);
    set_bool(v->out, m, "closed", casework_is_over(cf));
    set_int(v->out, m, "received_at", cf->received_at);
    set_int(v->out, m, "accepted_at", cf->law.accepted_at);
    set_int(v->out, m, "decided_at", cf->law.decided_at);
    set_int(v->out, m, "telling_at", cf->law.telling_due);
    if (cf->law.outcome != LAW_OPEN)
        set_str(v->out, m, "outcome",
                cf->law.outcome == LAW_GRANTED ? STR("granted") : STR("denied"));
    Value *organ = set_map(v->out, m, "organ");
    if (o) {
        set_text(v->out, organ, "name", o->name);
        set_text(v->out, organ, "address", o->address);
        set_str(v->out, organ, "phone", o->phone);
    }
    LawBudget promise = cf->law.accepted_at ? cf->law.promise : v->rules.promise;
    LawBudget legal = cf->law.accepted_at ? cf->law.legal : v->rules.legal;
    put_limit(v, m, "promise", &cf->law.promise_due, promise);
    put_limit(v, m, "legal", &cf->law.legal_due, legal);
}

/* Staff are named to applicants by their office and name; applicants to staff by their name. */
static void put_by(const View *v, Value *row, Str actor, const Value *data)
{
    if (str_eq(actor, STR("system"))) {
        set_bool(v->out, row, "by_system", true);
    } else if (str_starts(actor, STR("party:"))) {
        set_bool(v->out, row, "by_applicant", true);
        set_str(v->out, row, "by", v->cf->applicant);
    } else {
        set_str(v->out, row, "by", get_str(data, "by"));
        const Organ *o = catalogue_organ(v->app->catalogue, get_str(data, "organ"));
        if (o)
            set_text(v->out, row, "by_organ", o->name);
    }
}

/* A proposal binds nobody, the decision tells its reasons; an incident speaks of our machines, the
 * rest of how the office works. */
static bool is_internal(Str kind)
{
    static const Str kinds[] = {STR_INIT("proposed"),         STR_INIT("incident"),
                                STR_INIT("step_overdue"),     STR_INIT("task_done"),
                                STR_INIT("message_received"), STR_INIT("message_dropped")};
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (str_eq(kind, kinds[i]))
            return true;
    /* what operators did, what other systems work on */
    return str_starts(kind, STR("flow_")) || str_starts(kind, STR("job_"));
}

static bool put_timeline(const View *v, const StoreRows *r, Value *m, Err *err)
{
    Value *list = set_list(v->out, m, "timeline");
    for (size_t i = 0; i < r->count; i++) {
        if (v->kind != VIEW_STAFF && is_internal(row_str(r, i, 2)))
            continue;
        Value *row = push_map(v->out, list);
        set_str(v->out, row, "kind", row_str(r, i, 2));
        set_int(v->out, row, "at", row_int(r, i, 1));
        if (v->kind == VIEW_PROGRESS)
            continue;
        Value *data = json_read(v->out, row_str(r, i, 4), err);
        if (!data)
            return false;
        put_by(v, row, row_str(r, i, 3), data);
        set_value(v->out, row, "data", data);
    }
    for (size_t i = 0, n = value_count(list); i < n; i++)
        set_bool(v->out, value_item(list, i), "last", i + 1 == n);
    return true;
}

/* How it was decided, once that is told: the decision, and the last proposal before it. */
static bool put_explanation(const View *v, const StoreRows *r, Value *m, Err *err)
{
    Value *proposed = NULL, *decided = NULL;
    if (v->kind != VIEW_APPLICANT || v->cf->law.outcome == LAW_OPEN)
        return true;
    for (size_t i = r->count; i > 0; i--) {
        Str kind = row_str(r, i - 1, 2);
        bool decides = !decided && (str_eq(kind, str_z(law_act_name(LAW_GRANT))) ||
                                    str_eq(kind, str_z(law_act_name(LAW_DENY))));
        if (!decides && !(decided && str_eq(kind, STR("proposed"))))
            continue;
        Value *data = json_read(v->out, row_str(r, i - 1, 4), err);
        if (!data)
            return false;
        if (!decides) {
            proposed = data;
            break;
        }
        decided = data;
    }
    case_view_explanation(v->out, v->cf, proposed, decided, m);
    return true;
}

static bool put_documents(const View *v, Value *m, Lang lang, Err *err)
{
    StoreRows r;
    if (!store_run(v->reader, v->out, SQL_DOCUMENTS_OF_CASE, PARAMS(place_of(v), P_INT(v->cf->id)),
                   &r, err))
        return false;
    Value *list = set_list(v->out, m, "documents");
    for (size_t i = 0; i < r.count; i++) {
        const Paper *p = catalogue_paper(v->cf->catalogue, row_str(&r, i, 1));
        Value *row = push_map(v->out, list);
        set_str(v->out, row, "id", str_fmt(v->out, "%lld", (long long)row_int(&r, i, 0)));
        set_str(v->out, row, "kind", row_str(&r, i, 1));
        set_str(v->out, row, "name", p ? text_in(p->name, lang) : row_str(&r, i, 1));
        set_str(v->out, row, "document_no", row_str(&r, i, 2));
        set_int(v->out, row, "at", row_int(&r, i, 3));
    }
    return true;
}

static bool put_materials(const View *v, Value *m, Err *err)
{
    StoreRows r;
    if (!store_run(v->reader, v->out, SQL_MATERIALS_OF_CASE, PARAMS(place_of(v), P_INT(v->cf->id)),
                   &r, err))
        return false;
    Value *list = set_list(v->out, m, "materials");
    for (size_t i = 0; i < r.count; i++) {
        const ItemMaterial *im = item_material(v->cf->item, row_str(&r, i, 1));
        Value *row = push_map(v->out, list);
        set_str(v->out, row, "id", str_fmt(v->out, "%lld", (long long)row_int(&r, i, 0)));
        set_str(v->out, row, "code", row_str(&r, i, 1));
        if (im)
            set_text(v->out, row, "name", im->material->name);
        set_str(v->out, row, "way", row_str(&r, i, 2));
        set_str(v->out, row, "state", row_str(&r, i, 3));
        set_bool(v->out, row, "expected", str_eq(row_str(&r, i, 3), STR("expected")));
        set_bool(v->out, row, "has_file", row_str(&r, i, 4).len > 0);
        set_str(v->out, row, "file_name", row_str(&r, i, 5));
        set_int(v->out, row, "at", row_int(&r, i, 7));
    }
    return true;
}

static bool put_certificate(const View *v, Value *m, Err *err)
{
    StoreRows r;
    if (!store_run(v->reader, v->out, SQL_CERTIFICATES_OF_CASE,
                   PARAMS(place_of(v), P_INT(v->cf->id)), &r, err))
        return false;
    bool kept = false;
    if (v->kind == VIEW_APPLICANT && !parts_kept(v->reader, v->out, v->app, v->cf, &kept, err))
        return false;
    if (!r.count || kept)
        return true;
    Value *c = set_map(v->out, m, "certificate");
    Str code = row_str(&r, 0, 1);
    set_str(v->out, c, "id", str_fmt(v->out, "%lld", (long long)row_int(&r, 0, 0)));
    set_str(v->out, c, "code", code);
    set_str(v->out, c, "certificate_no", row_str(&r, 0, 3));
    set_str(v->out, c, "state", row_str(&r, 0, 6));
    set_int(v->out, c, "issued_at", row_int(&r, 0, 7));
    set_str(
        v->out, c, "url",
        str_fmt(v->out, STR_FMT "/verify/" STR_FMT, STR_ARG(v->app->public_url), STR_ARG(code)));
    return true;
}

static bool put_rating(const View *v, Value *m, Err *err)
{
    StoreRows r;
    if (!store_run(v->reader, v->out, SQL_RATING_OF_CASE, PARAMS(place_of(v), P_INT(v->cf->id)), &r,
                   err))
        return false;
    if (!r.count)
        return true;
    Value *rating = set_map(v->out, m, "rating");
    set_int(v->out, rating, "level", row_int(&r, 0, 0));
    set_str(v->out, rating, "remark", row_str(&r, 0, 2));
    set_int(v->out, rating, "at", row_int(&r, 0, 3));
    return true;
}

static void put_acts(const View *v, Value *m)
{
    LawAct acts[LAW_ACTS];
    Value *may = set_map(v->out, m, "acts");
    const struct {
        bool has;
        LawRole role;
    } hats[] = {
        {v->kind == VIEW_APPLICANT, LAW_APPLICANT},
        {v->kind == VIEW_STAFF && (v->viewer->roles & ROLE_CLERK) != 0, LAW_RECEIVER},
        {v->kind == VIEW_STAFF && (v->viewer->roles & ROLE_APPROVER) != 0, LAW_DECIDER},
        {v->kind == VIEW_STAFF && (v->viewer->roles & ROLE_SUPERVISOR) != 0, LAW_SUPERVISOR},
    };
    for (size_t h = 0; h < COUNT(hats); h++) {
        if (!hats[h].has)
            continue;
        size_t n = law_allowed(&v->rules, &v->cf->law, hats[h].role, v->viewer->id, v->now, acts);
        for (size_t i = 0; i < n; i++)
            set_bool(v->out, may, law_act_name(acts[i]), true);
    }
    if (v->cf->law.state == LAW_DRAFT) { /* a part that waits: the law has nothing to say yet */
        may = set_map(v->out, m, "acts");
        set_bool(v->out, may, "withdraw", v->kind == VIEW_APPLICANT && casework_waits(v->cf));
    }
    bool rated = value_at(m, "rating") != NULL;
    set_bool(v->out, may, "rate", v->kind == VIEW_APPLICANT && !rated && my_may_rate(v->cf));
}

/* What a correction notice asked for, while it is open. */
static void put_correction(const View *v, Value *m)
{
    if (v->cf->law.state != LAW_CORRECTION)
        return;
    const Value *timeline = value_at(m, "timeline");
    for (size_t i = value_count(timeline); i > 0; i--) {
        const Value *e = value_item(timeline, i - 1);
        if (!str_eq(get_str(e, "kind"), STR("ask_correction")))
            continue;
        Value *c = set_map(v->out, m, "correction");
        set_int(v->out, c, "at", v->cf->law.correction_due);
        const Value *missing = value_at(value_at(e, "data"), "missing");
        if (missing)
            set_value(v->out, c, "missing", value_copy(v->out, missing));
        return;
    }
}

/* The rules' latest proposal and how it came about, from the stream. */
static void put_proposal(const View *v, Value *m)
{
    const Value *timeline = value_at(m, "timeline");
    for (size_t i = value_count(timeline); i > 0; i--) {
        const Value *e = value_item(timeline, i - 1);
        if (!str_eq(get_str(e, "kind"), STR("proposed")))
            continue;
        const Value *data = value_at(e, "data");
        const Value *result = value_at(data, "result"), *trace = value_at(data, "trace");
        Value *p = value_is(result, VALUE_MAP) ? value_copy(v->out, result) : value_map(v->out);
        if (trace)
            set_value(v->out, p, "trace", value_copy(v->out, trace));
        set_value(v->out, m, "proposal", p);
        return;
    }
}

/* Only where it is not today's: else there is nothing to know. */
static void put_version(const View *v, Value *m)
{
    if (casework_is_of_today(v->app, v->cf))
        return;
    Value *version = set_map(v->out, m, "item_version");
    set_str(v->out, version, "hash", v->cf->item_version);
    set_str(v->out, version, "short", item_version_short(v->cf->item_version));
    set_int(v->out, version, "published_at", v->cf->item_version_at);
    set_bool(v->out, version, "item_is_gone", !casework_item_today(v->app, v->cf));
}

/* Staff work on parts: what the whole was told is each part's own organ's business. */
static bool put_nothing_personal(const View *v, Value *m)
{
    static const char *const lists[] = {"documents", "materials", "messages", "answers", "facts"};
    for (size_t i = 0; i < COUNT(lists); i++)
        set_list(v->out, m, lists[i]);
    set_map(v->out, m, "acts");
    return true;
}

static bool put_personal(const View *v, const StoreRows *events, Value *m, Lang lang, Err *err)
{
    set_str(v->out, m, "id", str_fmt(v->out, "%lld", (long long)v->cf->id));
    set_str(v->out, m, "applicant", v->cf->applicant);
    Value *messages = set_list(v->out, m, "messages");
    if (!put_explanation(v, events, m, err) || !put_documents(v, m, lang, err) ||
        !put_materials(v, m, err) || !put_certificate(v, m, err) || !put_rating(v, m, err) ||
        !notify_list(v->reader, v->out, v->app, v->cf->id, messages, err))
        return false;
    if (v->kind == VIEW_STAFF && casework_is_whole(v->cf))
        return put_nothing_personal(v, m);
    case_view_answers(v->out, v->cf, m);
    case_view_facts(v->out, v->cf, v->kind == VIEW_STAFF ? FACT_FOR_ORGAN : FACT_FOR_APPLICANT, m);
    put_acts(v, m);
    put_correction(v, m);
    if (v->kind == VIEW_STAFF) {
        put_proposal(v, m);
        put_version(v, m);
    }
    return true;
}

bool case_view(const Viewing *by, const CaseFile *cf, CaseViewKind kind, Value *model, Err *err)
{
    View v = {.reader = by->reader,
              .out = by->out,
              .app = by->app,
              .cf = cf,
              .kind = kind,
              .viewer = by->viewer,
              .now = by->now,
              .rules = casework_law_rules(by->app, cf->item)};
    Value *m = value_map(by->out);
    StoreRows events;
    put_head(&v, m);
    if (!store_run(by->reader, by->out, SQL_EVENTS_OF_CASE, PARAMS(place_of(&v), P_INT(cf->id)),
                   &events, err) ||
        !put_timeline(&v, &events, m, err) ||
        (kind != VIEW_PROGRESS && !put_personal(&v, &events, m, by->lang, err)) ||
        !parts_view(by, cf, kind, m, err))
        return false;
    const Value *shown = localise(by->out, m, by->lang, by->app->catalogue->zone_minutes);
    for (uint32_t i = 0; i < shown->map.count; i++)
        value_set(by->out, model, shown->map.members[i].key, shown->map.members[i].value);
    return true;
}
