/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What staff need to see of a case at a glance: whose turn it is and until when, what is here and
 * what is missing, where each fact came from. The model of case_view stays; words stand beside it.
 */
#include "base/date.h"
#include "catalogue/task.h"
#include "model/form.h"
#include "web/staff.h"

enum { GIVEN_MAX = 100, NEEDED_MAX = 60 };

Str staff_state(const HttpRequest *rq, Str state)
{
    const Visit *v = visit_of(rq);
    Str own = str_fmt(rq->arena, "desk.state." STR_FMT, STR_ARG(state));
    bool special = value_get(v->web->texts[v->lang], own) != NULL;
    return web_text_str(rq, special ? own : str_slice(own, 5, own.len));
}

Str staff_written(const HttpRequest *rq, Str text)
{
    Date d;
    if (!str_trim(text).len)
        return web_text(rq, "desk.nothing");
    return date_parse(text, &d, NULL) ? date_text(rq->arena, d, lang_name(visit_of(rq)->lang))
                                      : text;
}

/* ---- until when ---- */

void staff_due(const HttpRequest *rq, Value *row, bool late, int64_t left, Str unit)
{
    bool minutes = str_eq(unit, STR("hour")) || str_eq(unit, STR("minute"));
    bool days = str_eq(unit, STR("working_day"));
    int64_t n = left < 0 ? -left : left;
    TimeLimit limit = {.n = (int32_t)n,
                       .unit = minutes ? STR("minute")
                               : days  ? unit
                                       : STR("natural_day")};
    Value *with = value_map(rq->arena);
    set_str(rq->arena, with, "n", n ? web_limit(rq, &limit) : STR(""));
    const char *key = late ? (n ? "desk.due.late-by" : "desk.due.late")
                      : n  ? "desk.due.left"
                           : "desk.due.today";
    const char *tag = late ? "err" : n == 0 ? "warn" : n == 1 ? "hot" : "ok";
    set_str(rq->arena, row, "due_words", web_text_with(rq, key, with));
    set_str(rq->arena, row, "due_tag", str_z(tag));
}

/* Before acceptance the time to answer runs, then the promise, else the clock stands. */
static void put_due(const HttpRequest *rq, const StaffVisit *sv, Value *m)
{
    const Catalogue *c = visit_of(rq)->web->app->catalogue;
    const Value *promise = value_at(m, "promise");
    TimeMs telling = sv->cf.law.telling_due;
    set_str(rq->arena, m, "due_words", STR(""));
    if (get_bool(m, "closed") || sv->cf.law.decided_at)
        return;
    if (telling) {
        Date today = date_of_time(rq->at, c->zone_minutes);
        Date day = date_of_time(telling, c->zone_minutes);
        staff_due(rq, m, rq->at > telling, calendar_count_working_days(c->calendar, today, day),
                  STR("working_day"));
        return;
    }
    if (!sv->cf.law.accepted_at)
        return;
    if (get_bool(promise, "standing")) {
        set_str(rq->arena, m, "due_words", web_text(rq, "case.standing"));
        set_str(rq->arena, m, "due_tag", STR("warn"));
        return;
    }
    staff_due(rq, m, get_bool(promise, "late"), get_int(promise, "left", 0),
              get_str(promise, "unit"));
}

/* ---- what happened ---- */

static Str missing_names(const HttpRequest *rq, const Value *missing)
{
    StrBuf b = buf_in(rq->arena);
    for (uint32_t i = 0; i < value_count(missing); i++) {
        const Value *row = value_item(missing, i);
        if (b.len)
            buf_add(&b, web_text(rq, "desk.list.and"));
        buf_add(&b, get_str(row, "name"));
        if (get_str(row, "note").len)
            buf_fmt(&b, " (" STR_FMT ")", STR_ARG(get_str(row, "note")));
    }
    return buf_str(&b);
}

static void put_reasons(const HttpRequest *rq, Value *m)
{
    const Value *timeline = value_at(m, "timeline");
    for (uint32_t i = 0; i < value_count(timeline); i++) {
        Value *e = value_item(timeline, i);
        const Value *data = value_at(e, "data");
        Str why = get_str(data, "reason"), note = get_str(e, "note");
        if (value_is(value_at(data, "missing"), VALUE_LIST))
            why = missing_names(rq, value_at(data, "missing"));
        if (why.len)
            set_str(rq->arena, e, "note",
                    str_fmt(rq->arena, STR_FMT "%s" STR_FMT, STR_ARG(note), note.len ? " · " : "",
                            STR_ARG(why)));
    }
}

/* ---- facts ---- */

static void put_fact_words(const HttpRequest *rq, Value *fact)
{
    static const struct {
        const char *state, *tag;
    } tags[] = {
        {"found", "ok"}, {"none", ""}, {"down", "warn"}, {"declined", ""}, {"unread", ""},
    };
    Str state = get_bool(fact, "objected") ? STR("objected") : get_str(fact, "state");
    TimeMs at = get_int(fact, "at", 0);
    const Visit *v = visit_of(rq);
    set_str(rq->arena, fact, "state_text",
            web_text_str(rq, str_fmt(rq->arena, "desk.fact." STR_FMT, STR_ARG(state))));
    set_str(rq->arena, fact, "state_tag", str_eq(state, STR("objected")) ? STR("hot") : STR(""));
    for (size_t i = 0; i < COUNT(tags); i++)
        if (str_eq(state, str_z(tags[i].state)))
            set_str(rq->arena, fact, "state_tag", str_z(tags[i].tag));
    const Value *fields = value_at(fact, "fields");
    for (uint32_t i = 0; i < value_count(fields); i++) {
        Value *f = value_item(fields, i);
        set_str(rq->arena, f, "value", staff_written(rq, value_text(value_at(f, "value"))));
    }
    set_str(rq->arena, fact, "when",
            at ? time_text(rq->arena, at, v->web->app->catalogue->zone_minutes, lang_name(v->lang))
               : STR(""));
}

static Str fact_name(const Value *m, Str source)
{
    const Value *facts = value_at(m, "facts");
    for (uint32_t i = 0; i < value_count(facts); i++)
        if (str_eq(get_str(value_item(facts, i), "source"), source))
            return get_str(value_item(facts, i), "name");
    return source;
}

/* ---- materials ---- */

static size_t given_rows(const Value *m, GivenMaterial *given)
{
    const Value *rows = value_at(m, "materials");
    size_t n = 0;
    for (uint32_t i = 0; i < value_count(rows) && n < GIVEN_MAX; i++) {
        const Value *row = value_item(rows, i);
        given[n++] = (GivenMaterial){.id = get_int(row, "id", 0),
                                     .code = get_str(row, "code"),
                                     .way = get_str(row, "way"),
                                     .state = get_str(row, "state"),
                                     .name = get_str(row, "file_name")};
    }
    return n;
}

/* The rows of the store for one material: files to open, announced papers to receive. */
static void put_given(const HttpRequest *rq, const Value *m, Str code, Value *row)
{
    const Value *rows = value_at(m, "materials");
    Value *files = set_list(rq->arena, row, "files"), *mail = set_list(rq->arena, row, "expected");
    for (uint32_t i = 0; i < value_count(rows); i++) {
        const Value *given = value_item(rows, i);
        if (!str_eq(get_str(given, "code"), code))
            continue;
        Str id = get_str(given, "id"), name = get_str(given, "file_name");
        if (get_bool(given, "expected")) {
            Value *o = push_map(rq->arena, mail);
            set_str(rq->arena, o, "id", id);
            set_str(rq->arena, o, "form_key", web_key(rq));
        } else if (get_bool(given, "has_file")) {
            Value *o = push_map(rq->arena, files);
            set_str(rq->arena, o, "url", str_fmt(rq->arena, "/files/" STR_FMT, STR_ARG(id)));
            set_str(rq->arena, o, "file_name", name.len ? name : get_str(row, "name"));
        }
    }
}

static void put_material(const HttpRequest *rq, Value *m, const ItemMaterial *im, Resolved r)
{
    static const struct {
        const char *name, *tag;
    } words[] = {
        [RESOLVE_NOT_NEEDED] = {"not_needed", ""}, [RESOLVE_BY_FACT] = {"by_fact", "ok"},
        [RESOLVE_GIVEN] = {"given", "ok"},         [RESOLVE_EXPECTED] = {"expected", "info"},
        [RESOLVE_MISSING] = {"missing", "warn"},
    };
    const char *name =
        r.state == RESOLVE_MISSING && r.may_follow ? "may_follow" : words[r.state].name;
    Value *row = push_map(rq->arena, value_inside(m, "checklist"));
    set_str(rq->arena, row, "code", im->material->code);
    set_str(rq->arena, row, "name", text_in(im->material->name, visit_of(rq)->lang));
    set_str(rq->arena, row, "basis", text_in(im->basis, visit_of(rq)->lang));
    set_str(rq->arena, row, "state", str_z(words[r.state].name));
    set_str(rq->arena, row, "state_text",
            web_text_str(rq, str_fmt(rq->arena, "desk.material.%s", name)));
    set_str(rq->arena, row, "state_tag", str_z(words[r.state].tag));
    set_str(rq->arena, row, "source_name", r.source.len ? fact_name(m, r.source) : STR(""));
    put_given(rq, m, im->material->code, row);
}

static bool put_checklist(const HttpRequest *rq, const StaffVisit *sv, Value *m, Err *err)
{
    const Catalogue *c = visit_of(rq)->web->app->catalogue;
    const Item *item = sv->cf.item;
    const ItemMaterial *needed[NEEDED_MAX];
    GivenMaterial given[GIVEN_MAX];
    FeelScope scope;
    Date day = date_of_time(sv->cf.received_at, c->zone_minutes);
    if (!form_scope(rq->arena, item, sv->cf.answers, day, &scope, err))
        return false;
    size_t n = item_needed(rq->arena, item, &scope, needed, NEEDED_MAX), g = given_rows(m, given);
    int64_t here = 0, asked = 0;
    set_list(rq->arena, m, "checklist");
    for (size_t i = 0; i < item->material_count; i++) {
        const ItemMaterial *im = &item->materials[i];
        bool is_needed = false;
        for (size_t k = 0; k < n; k++)
            is_needed = is_needed || needed[k] == im;
        Resolved r = resolve_material(im, is_needed, sv->cf.facts, given, g);
        if (r.state == RESOLVE_NOT_NEEDED)
            continue;
        put_material(rq, m, im, r);
        asked++;
        here += r.state == RESOLVE_GIVEN || r.state == RESOLVE_BY_FACT;
    }
    set_int(rq->arena, m, "asked_count", asked);
    set_int(rq->arena, m, "here_count", here);
    set_bool(rq->arena, m, "has_checklist", asked > 0);
    return true;
}

/* ---- who, whose turn, what was done ---- */

static bool put_person(const HttpRequest *rq, const StaffVisit *sv, Value *m, Err *err)
{
    Party p;
    if (!party_find(visit_of(rq)->reader, rq->arena, sv->cf.party, &p, err))
        return false;
    Value *person = set_map(rq->arena, m, "person");
    set_str(rq->arena, person, "name", p.name);
    set_str(rq->arena, person, "kind", p.kind);
    set_str(rq->arena, person, "id_masked",
            str_eq(p.id_type, STR("idcard")) ? mask_idcard(rq->arena, p.id_number) : p.id_number);
    set_str(rq->arena, person, "phone", p.phone);
    return true;
}

static void put_one_task(const HttpRequest *rq, const StaffVisit *sv, const StoreRows *r, size_t i,
                         Value *m)
{
    const Visit *v = visit_of(rq);
    const BpmnProcess *p = sv->cf.item->process;
    Value *t = set_map(rq->arena, m, "task");
    int64_t assignee = row_int(r, i, 6);
    Str stage = row_str(r, i, 2), element = row_str(r, i, 1);
    uint16_t at = p ? bpmn_find(p, element) : BPMN_NONE;
    set_str(rq->arena, t, "id", str_fmt(rq->arena, "%lld", (long long)row_int(r, i, 0)));
    set_str(rq->arena, t, "element", element);
    set_str(rq->arena, t, "step", at == BPMN_NONE ? STR("") : p->elements[at].name);
    set_bool(rq->arena, t, "plain", !task_is_lawful(stage));
    set_str(rq->arena, t, "stage", stage);
    set_str(rq->arena, t, "stage_text",
            web_text_str(rq, str_fmt(rq->arena, "desk.stage." STR_FMT, STR_ARG(stage))));
    set_bool(rq->arena, t, "mine", assignee == v->actor.id);
    set_bool(rq->arena, t, "taken", assignee && assignee != v->actor.id);
    set_bool(rq->arena, t, "free", assignee == 0 && row_int(r, i, 7) != v->actor.id);
    set_bool(rq->arena, t, "not_for_me", row_int(r, i, 7) == v->actor.id);
}

/* Of this page's role and the viewer's organ: the one that was asked for, else the first. */
static bool put_task(const HttpRequest *rq, StaffVisit *sv, Value *m, Err *err)
{
    const Visit *v = visit_of(rq);
    StoreRows r;
    if (!store_run(v->reader, rq->arena, SQL_TASK_OPEN_OF_CASE,
                   PARAMS(P_STR(v->web->app->catalogue->place), P_INT(sv->cf.id)), &r, err))
        return false;
    int64_t asked = 0;
    Str named = sv->typed ? get_str(sv->typed, "task") : http_query(rq, "task");
    size_t found = r.count;
    bool chosen = named.len && str_int(named, &asked);
    for (size_t i = 0; i < r.count; i++) {
        if (!str_eq(row_str(&r, i, 4), v->actor.organ))
            continue;
        sv->acts = sv->acts || task_is_lawful(row_str(&r, i, 2));
        bool role = roles_read(row_str(&r, i, 3)) & sv->page->role;
        if (role && (found == r.count || (chosen && row_int(&r, i, 0) == asked)))
            found = i;
    }
    if (found < r.count)
        put_one_task(rq, sv, &r, found, m);
    return true;
}

static void put_links(const HttpRequest *rq, Value *m, bool same_organ)
{
    const Value *documents = value_at(m, "documents");
    const Visit *v = visit_of(rq);
    int32_t zone = v->web->app->catalogue->zone_minutes;
    for (uint32_t i = 0; i < value_count(documents); i++) {
        Value *d = value_item(documents, i);
        Str url = str_fmt(rq->arena, "/documents/" STR_FMT, STR_ARG(get_str(d, "id")));
        set_str(rq->arena, d, "document_url", same_organ ? url : STR(""));
        set_str(rq->arena, d, "when",
                time_text(rq->arena, get_int(d, "at", 0), zone, lang_name(v->lang)));
    }
    Value *c = value_inside(m, "certificate");
    if (c)
        set_str(rq->arena, c, "certificate_url",
                same_organ
                    ? str_fmt(rq->arena, "/certificates/" STR_FMT, STR_ARG(get_str(c, "code")))
                    : STR(""));
    const Value *messages = value_at(m, "messages");
    for (uint32_t i = 0; i < value_count(messages); i++) {
        Value *row = value_item(messages, i);
        set_str(rq->arena, row, "when",
                time_text(rq->arena, get_int(row, "at", 0), zone, lang_name(v->lang)));
    }
    set_bool(rq->arena, m, "has_documents", value_count(documents) > 0 || c);
    set_bool(rq->arena, m, "has_messages", value_count(messages) > 0);
}

static void put_answers(const HttpRequest *rq, Value *m)
{
    const Catalogue *c = staff_catalogue(rq);
    const Value *sections = value_at(m, "answers");
    for (uint32_t i = 0; i < value_count(sections); i++) {
        const Value *rows = value_at(value_item(sections, i), "rows");
        for (uint32_t k = 0; k < value_count(rows); k++) {
            Value *row = value_item(rows, k);
            const Element *e = catalogue_element(c, get_str(row, "key"));
            Str value = get_str(row, "value");
            bool masked = e && e->type == ELEMENT_IDCARD && value.len;
            set_str(rq->arena, row, "value",
                    masked ? mask_idcard(rq->arena, value) : staff_written(rq, value));
        }
    }
}

static void put_done(const HttpRequest *rq, const StaffVisit *sv, Value *m)
{
    const Visit *v = visit_of(rq);
    Str key = str_fmt(rq->arena, "desk.done." STR_FMT, STR_ARG(http_query(rq, "done")));
    bool said = !sv->act && value_get(v->web->texts[v->lang], key);
    set_str(rq->arena, m, "done_text", said ? web_text_str(rq, key) : STR(""));
}

bool staff_words(const HttpRequest *rq, StaffVisit *sv, Value *m, Err *err)
{
    bool reads;
    const Visit *v = visit_of(rq);
    sv->acts = str_eq(sv->cf.organ, v->actor.organ);
    if (!casework_organ_sees(v->reader, rq->arena, v->web->app, &sv->cf, v->actor.organ, &reads,
                             err) ||
        !put_task(rq, sv, m, err))
        return false;
    web_case_words(rq, m);
    if (sv->cf.law.state != LAW_DECIDED)
        set_str(rq->arena, m, "state_text", staff_state(rq, sv->cf.state));
    put_reasons(rq, m);
    put_due(rq, sv, m);
    const Value *facts = value_at(m, "facts");
    for (uint32_t i = 0; i < value_count(facts); i++)
        put_fact_words(rq, value_item(facts, i));
    set_bool(rq->arena, m, "has_facts", value_count(facts) > 0);
    put_answers(rq, m);
    put_links(rq, m, reads);
    put_done(rq, sv, m);
    set_str(rq->arena, m, "root", str_z(sv->page->root));
    set_bool(rq->arena, m, "foreign", !sv->acts);
    const Value *version = value_at(m, "item_version");
    bool gone = get_bool(version, "item_is_gone");
    set_str(rq->arena, m, "version_text",
            version ? web_text_with(rq, gone ? "desk.version.gone" : "desk.version", version)
                    : STR(""));
    if (!sv->acts)
        set_map(rq->arena, m, "acts");
    return put_person(rq, sv, m, err) && put_checklist(rq, sv, m, err);
}
