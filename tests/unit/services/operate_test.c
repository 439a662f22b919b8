/* SPDX-License-Identifier: Apache-2.0 */
/* Processes that stand still: rows, words, each act and each refusal, what the stream keeps. */
#include "check.h"
#include "services/operate/operate.h"
#include "world.h"
#include "json/json.h"

static Actor operator_of(World *w)
{
    Actor a = w->clerk;
    a.name = STR("管理员");
    a.organ = STR("services");
    a.roles = ROLE_ADMIN;
    return a;
}

static Value *asked(World *w, Str id, const char *json)
{
    Err err = {0};
    Value *in = json_read(&w->arena, str_z(json), &err);
    CHECK(in != NULL, "json %s: %s", json, err.msg);
    set_str(&w->arena, in, "case", id);
    if (!value_at(in, "reason"))
        set_str(&w->arena, in, "reason", STR("演练"));
    return in;
}

typedef struct {
    bool ok;
    Err err;
    Str problem; /* element:key of the first */
    Value *out;
} Answer;

static Answer act_as(World *w, const Actor *who, UseCase *run, const Value *in)
{
    Op *op = NEW(&w->arena, Op);
    Answer a = {0};
    op_init(op, &w->arena, &w->app, who);
    op_ask(op, "act", run, in, STR(""));
    a.ok = op_run(op, &a.err);
    a.out = op->out;
    const Value *p = value_item(value_at(op->out, "problems"), 0);
    a.problem = p ? str_fmt(&w->arena, STR_FMT ":" STR_FMT, STR_ARG(get_str(p, "element")),
                            STR_ARG(get_str(p, "key")))
                  : STR("");
    return a;
}

static Answer act(World *w, UseCase *run, Str id, const char *json)
{
    Actor who = operator_of(w);
    return act_as(w, &who, run, asked(w, id, json));
}

static const FlowToken *token_in(World *w, Str id, CaseFile *cf)
{
    world_load(w, id, cf);
    return cf->flow->tokens.len ? &cf->flow->tokens.at[0] : NULL;
}

static const char *stands_at(World *w, Str id)
{
    CaseFile cf;
    const FlowToken *t = token_in(w, id, &cf);
    return t ? str_cstr(&w->arena, cf.item->process->elements[t->element].id) : "";
}

/* Moved past a decision that is none, the process does not know which way to go. */
static Str stuck(World *w)
{
    CaseFile cf;
    Str id = world_submit(w, &w->li, NULL);
    Answer set = act(w, process_set, id, "{\"variables\": {\"decision\": 1}}");
    CHECK(set.ok, "set: %s", set.err.msg);
    const FlowToken *t = token_in(w, id, &cf);
    Answer a = act(w, process_move, id,
                   str_cstr(&w->arena, str_fmt(&w->arena, "{\"token\": %lld, \"to\": \"granted\"}",
                                               (long long)t->id)));
    CHECK(a.ok && get_bool(a.out, "again"), "moved to where it stands: %s", a.err.msg);
    return id;
}

static const char *with_key(World *w, Str id, const char *rest)
{
    CaseFile cf;
    const FlowToken *t = token_in(w, id, &cf);
    return str_cstr(&w->arena,
                    str_fmt(&w->arena, "{\"key\": %lld%s}", (long long)(t ? t->key : 0), rest));
}

static StoreRows incidents(World *w, Str id)
{
    CaseFile cf;
    StoreRows rows = {0};
    Err err = {0};
    world_load(w, id, &cf);
    CHECK(store_run(&w->reader, &w->arena, SQL_INCIDENTS_OF_CASE,
                    PARAMS(P_STR(w->app.catalogue->place), P_INT(cf.id)), &rows, &err),
          "incidents: %s", err.msg);
    return rows;
}

/* The last event of that kind; NULL when there is none. */
static Value *event_of(World *w, Str id, const char *kind, Str *actor)
{
    CaseFile cf;
    StoreRows rows;
    Err err = {0};
    world_load(w, id, &cf);
    CHECK(store_run(&w->reader, &w->arena, SQL_EVENTS_OF_CASE,
                    PARAMS(P_STR(w->app.catalogue->place), P_INT(cf.id)), &rows, &err),
          "events: %s", err.msg);
    for (size_t i = rows.count; i > 0; i--)
        if (str_eq(row_str(&rows, i - 1, 2), str_z(kind))) {
            *actor = row_str(&rows, i - 1, 3);
            return json_read(&w->arena, row_str(&rows, i - 1, 4), &err);
        }
    return NULL;
}

TEST(reasons_have_a_kind_and_a_sentence)
{
    static const struct {
        const char *en;
        bool from_job;
        IncidentKind kind;
        const char *zh;
    } rows[] = {
        {"no flow leads on", false, INCIDENT_FLOW, "没有一条路的条件成立，也没有默认的路"},
        {"the process runs in a circle: too many steps at once", false, INCIDENT_LOOP,
         "流程在原地打转：一次走了太多步"},
        {"condition of flow 'a' is null: no value for 'b'", false, INCIDENT_EXPRESSION,
         "连线“a”的条件没有结果：“b”没有值"},
        {"condition of sub-process 'a' is no boolean", false, INCIDENT_EXPRESSION,
         "子流程“a”的条件不是“是”或“否”"},
        {"no rules for decision 'd'", false, INCIDENT_DECISION, "没有规则可以作出“d”"},
        {"error 'E1' is caught nowhere: the register says no", false, INCIDENT_ERROR,
         "报错“E1”，流程没有安排处理：the register says no"},
        {"timer of 't' has no time: \"x\"", false, INCIDENT_TIMER, "“t”的定时算不出时间：\"x\""},
        {"too many tokens", false, INCIDENT_LIMIT, "同时进行的分支太多"},
        {"'a + b': division by zero", false, INCIDENT_EXPRESSION, "“a + b”：除数为零"},
        {"connection refused", true, INCIDENT_JOB, "connection refused"},
        {"what nobody knows", false, INCIDENT_OTHER, "what nobody knows"},
        {"a token at 'a' cannot go to 'b'", false, INCIDENT_OTHER, "“a”上的位置不能移到“b”"},
        {"", true, INCIDENT_JOB, ""},
    };
    Arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        IncidentKind kind = incident_kind_of(str_z(rows[i].en), rows[i].from_job);
        Str zh = incident_reason_in(&a, str_z(rows[i].en), LANG_ZH);
        CHECK(kind == rows[i].kind, "'%s' is %s", rows[i].en, incident_kind_name(kind));
        CHECK(str_eq(zh, str_z(rows[i].zh)), "'%s': %s", rows[i].en, str_cstr(&a, zh));
        CHECK(str_eq(incident_reason_in(&a, str_z(rows[i].en), LANG_EN), str_z(rows[i].en)),
              "English stays");
    }
    for (int k = 0; k < INCIDENT_KINDS; k++) {
        IncidentKind back;
        CHECK(incident_kind_read(str_z(incident_kind_name((IncidentKind)k)), &back) &&
                  (int)back == k,
              "kind %d", k);
    }
    char *percent = arena_alloc(&a, 600);
    memset(percent, '\'', 600);
    CHECK(incident_kind_of((Str){percent, 600}, false) == INCIDENT_OTHER, "a hostile text ends");
    arena_free(&a);
}

TEST(incident_has_a_row_from_opening_to_end)
{
    World w;
    world_open(&w);
    Str id = stuck(&w);
    StoreRows r = incidents(&w, id);
    CHECK(r.count == 1 && row_int(&r, 0, 7) == 0, "one, open");
    CHECK(str_eq(row_str(&r, 0, 2), STR("granted")) && str_eq(row_str(&r, 0, 4), STR("expression")),
          "where and why: %s", str_cstr(&w.arena, row_str(&r, 0, 4)));
    Answer a = act(&w, process_retry, id, with_key(&w, id, ""));
    CHECK(a.ok && get_bool(a.out, "again") && get_int(a.out, "standing", 0) == 1, "again: %s",
          a.err.msg);
    r = incidents(&w, id);
    CHECK(r.count == 2 && row_int(&r, 0, 7) == 0 && row_int(&r, 1, 7) > 0, "a new one");
    CHECK(str_eq(row_str(&r, 1, 9), STR("retried")) && str_eq(row_str(&r, 1, 8), STR("管理员")),
          "how and by whom");
    a = act(&w, process_retry, id, with_key(&w, id, ", \"variables\": {\"decision\": \"deny\"}"));
    CHECK(a.ok && get_int(a.out, "standing", 1) == 0, "mended: %s", a.err.msg);
    CHECK(strcmp(stands_at(&w, id), "notify_denied") == 0, "went on: %s", stands_at(&w, id));
    Str actor = {0};
    Value *e = event_of(&w, id, "flow_retry", &actor);
    CHECK(e && str_starts(actor, STR("staff:")) && str_eq(get_str(e, "reason"), STR("演练")) &&
              str_eq(get_str(value_at(e, "variables"), "decision"), STR("deny")),
          "the stream keeps it: %s", str_cstr(&w.arena, json_text(&w.arena, e)));
    StoreVerdict verdict = {0};
    Err err = {0};
    CHECK(store_verify(&w.reader, &w.arena, &verdict, &err) && !verdict.why.len, "chain: %s",
          str_cstr(&w.arena, verdict.why));
    world_close(&w);
}

TEST(acts_are_refused_for_what_does_not_fit)
{
    World w;
    world_open(&w);
    Str id = stuck(&w);
    CaseFile cf;
    const FlowToken *t = token_in(&w, id, &cf);
    long long token = (long long)t->id, key = (long long)t->key;
    const struct {
        UseCase *run;
        const char *json, *problem;
        ErrCode code;
    } rows[] = {
        {process_retry, "{\"key\": 1}", "version:operate.no-incident", ERR_CONFLICT},
        {process_retry, "{\"key\": %k, \"reason\": \"\"}", "reason:error.required", ERR_INPUT},
        {process_retry, "{\"key\": %k, \"version\": 1}", "version:operate.moved-meanwhile",
         ERR_CONFLICT},
        {process_retry, "{\"key\": %k, \"variables\": [1]}", "value:operate.bad-value", ERR_INPUT},
        {process_retry, "{\"key\": %k, \"variables\": {\"a b\": 1}}", "name:operate.bad-name",
         ERR_INPUT},
        {process_resolve, "{\"key\": %k, \"expressions\": {\"a\": \"1 +\"}}",
         "value:operate.bad-expression", ERR_INPUT},
        {process_set, "{\"variables\": {}}", "name:error.required", ERR_INPUT},
        {process_set, "{\"scope\": 77, \"variables\": {\"a\": 1}}", "scope:operate.no-scope",
         ERR_CONFLICT},
        {process_set, "{\"name\": \"a\", \"value\": \"= nothing there\"}",
         "value:operate.bad-expression", ERR_INPUT},
        {process_move, "{\"token\": 77, \"to\": \"decide\"}", "token:operate.no-token",
         ERR_CONFLICT},
        {process_move, "{\"token\": %t}", "to:error.required", ERR_INPUT},
        {process_move, "{\"token\": %t, \"to\": \"nowhere\"}", "to:operate.no-element", ERR_INPUT},
        {process_move, "{\"token\": %t, \"to\": \"start\"}", "to:operate.cannot-move",
         ERR_CONFLICT},
        {process_cancel, "{}", "confirm:error.confirm", ERR_INPUT},
        {process_migrate, "{}", "map:operate.does-not-fit", ERR_CONFLICT},
        {process_migrate, "{\"to\": \"abc\"}", "to:operate.no-version", ERR_CONFLICT},
        {process_migrate, "{\"map\": [1]}", "map:operate.bad-map", ERR_INPUT},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Str json =
            str_replace(&w.arena, str_z(rows[i].json), STR("%k"), str_fmt(&w.arena, "%lld", key));
        json = str_replace(&w.arena, json, STR("%t"), str_fmt(&w.arena, "%lld", token));
        Answer a = act(&w, rows[i].run, id, str_cstr(&w.arena, json));
        CHECK(!a.ok && a.err.code == rows[i].code, "row %zu: %s %s", i, err_name(a.err.code),
              a.err.msg);
        CHECK(str_eq(a.problem, str_z(rows[i].problem)), "row %zu: %s", i,
              str_cstr(&w.arena, a.problem));
    }
    Actor nobody = w.clerk;
    Answer a = act_as(&w, &nobody, process_retry, asked(&w, id, with_key(&w, id, "")));
    CHECK(!a.ok && a.err.code == ERR_DENIED, "a clerk is no operator");
    nobody.roles = ROLE_SUPERVISOR;
    a = act_as(&w, &nobody, process_cancel, asked(&w, id, "{\"confirm\": true}"));
    CHECK(!a.ok && a.err.code == ERR_DENIED, "nor a supervisor");
    world_load(&w, id, &cf);
    CHECK(cf.flow->tokens.len == 1 && cf.flow->tokens.at[0].key == key, "nothing was changed");
    world_close(&w);
}

TEST(resolve_set_move_and_cancel_do_what_they_say)
{
    World w;
    world_open(&w);
    Str id = stuck(&w);
    CaseFile cf;
    Str actor = {0};
    Answer a = act(&w, process_set, id,
                   "{\"name\": \"decision\", \"value\": \"= \\\"gr\\\" + \\\"ant\\\"\"}");
    CHECK(a.ok && strcmp(stands_at(&w, id), "granted") == 0, "set, nothing else: %s", a.err.msg);
    world_load(&w, id, &cf);
    const FeelValue *v = feel_get(flow_variables(cf.flow), STR("decision"));
    CHECK(v && v->kind == FEEL_STRING && str_eq(v->text, STR("grant")), "by an expression");
    a = act(&w, process_resolve, id, with_key(&w, id, ""));
    CHECK(a.ok && strcmp(stands_at(&w, id), "issue") == 0, "counts as done: %s %s", a.err.msg,
          stands_at(&w, id));
    StoreRows r = incidents(&w, id);
    CHECK(str_eq(row_str(&r, 0, 9), STR("resolved")), "told so");
    int64_t jobs = world_count(&w, SQL_OPERATE_JOBS_OF_CASE, cf.id);
    const FlowToken *t = token_in(&w, id, &cf);
    const char *to =
        str_cstr(&w.arena, str_fmt(&w.arena, "{\"token\": %lld, \"to\": \"decide\", \"dry\": true}",
                                   (long long)t->id));
    a = act(&w, process_move, id, to);
    CHECK(a.ok && value_count(value_at(a.out, "effects")) == 2 && jobs == 1, "a dry run: %s",
          str_cstr(&w.arena, json_text(&w.arena, a.out)));
    CHECK(strcmp(stands_at(&w, id), "issue") == 0, "does nothing");
    a = act(&w, process_move, id,
            str_cstr(&w.arena, str_replace(&w.arena, str_z(to), STR("true"), STR("false"))));
    CHECK(a.ok && strcmp(stands_at(&w, id), "decide") == 0, "moved: %s", a.err.msg);
    CHECK(world_count(&w, SQL_OPERATE_JOBS_OF_CASE, cf.id) == 0, "its job is withdrawn");
    Value *e = event_of(&w, id, "flow_move", &actor);
    CHECK(e && str_eq(get_str(e, "from"), STR("issue")) && str_eq(get_str(e, "to"), STR("decide")),
          "the stream says from where to where");
    a = act(&w, process_cancel, id, "{\"confirm\": true}");
    world_load(&w, id, &cf);
    CHECK(a.ok && cf.flow->state == FLOW_CANCELLED && !law_is_closed(cf.law.state),
          "the process is over, the case is not: %s", a.err.msg);
    a = act(&w, process_cancel, id, "{\"confirm\": true}");
    CHECK(str_eq(a.problem, STR("version:operate.over")), "once");
    world_close(&w);
}

TEST(looking_is_logged_with_its_purpose)
{
    World w;
    world_open(&w);
    Str id = stuck(&w);
    CaseFile cf;
    Err err = {0};
    world_load(&w, id, &cf);
    for (int i = 0; i < 2; i++)
        CHECK(act(&w, process_look, id, "{}").ok, "look %d", i);
    CHECK(!act(&w, process_look, id, "{\"purpose\": \" \"}").ok, "a purpose says something");
    CHECK(act(&w, process_look, id, "{\"purpose\": \"核对号码\"}").ok, "opened");
    Value *list = value_list(&w.arena);
    CHECK(party_access_list(&w.reader, &w.arena, cf.party, list, &err), "log: %s", err.msg);
    int seen = 0, opened = 0;
    for (size_t i = 0; i < value_count(list); i++) {
        Str purpose = get_str(value_item(list, i), "purpose");
        seen += str_starts(purpose, STR("系统运维："));
        opened += str_ends(purpose, STR("核对号码"));
    }
    CHECK(seen == 2 && opened == 1, "once, and once with the purpose: %d %d", seen, opened);
    Actor clerk = w.stranger;
    CHECK(!act_as(&w, &clerk, process_look, asked(&w, id, "{}")).ok, "a clerk of another organ");
    world_close(&w);
}

TEST(sensitive_variables_are_hidden_until_opened)
{
    World w;
    world_open(&w);
    Str id = stuck(&w);
    Actor who = operator_of(&w);
    CHECK(act(&w, process_set, id,
              "{\"variables\": {\"worker_id\": \"x1\", \"note\": \"of 330199199205034023\", "
              "\"deep\": {\"list\": [{\"worker_phone\": 1}]}, \"plain\": \"two\"}}")
              .ok,
          "set");
    for (int opened = 0; opened < 2; opened++) {
        CaseFile cf;
        Err err = {0};
        Value *m = value_map(&w.arena);
        world_load(&w, id, &cf);
        Viewing by = world_viewing(&w, &who, LANG_ZH);
        CHECK(operate_case(&by, &cf, opened, m, &err), "view: %s", err.msg);
        Str text = json_text(&w.arena, value_at(m, "scopes"));
        bool shows = str_find(text, STR("330199199205034023"), 0) != SIZE_MAX ||
                     str_find(text, STR("x1"), 0) != SIZE_MAX;
        CHECK(shows == (opened == 1) && str_find(text, STR("two"), 0) != SIZE_MAX, "opened %d: %s",
              opened, str_cstr(&w.arena, text));
        CHECK(get_bool(m, "any_hidden") == !opened, "told");
    }
    world_close(&w);
}

TEST(lists_count_and_filter)
{
    World w;
    world_open(&w);
    Actor who = operator_of(&w);
    for (int i = 0; i < 3; i++)
        (void)stuck(&w);
    clock_shift(&w.clock, 2 * MS_DAY);
    (void)stuck(&w);
    static const struct {
        IncidentQuery q;
        int64_t count;
    } rows[] = {
        {{.item = STR_INIT(""), .kind = STR_INIT("")}, 4},
        {{.item = STR_INIT("work-injury"), .kind = STR_INIT("expression")}, 4},
        {{.item = STR_INIT(""), .kind = STR_INIT("job")}, 0},
        {{.item = STR_INIT("nothing"), .kind = STR_INIT("")}, 0},
        {{.item = STR_INIT(""), .kind = STR_INIT(""), .min_days = 1}, 3},
        {{.closed = true, .item = STR_INIT(""), .kind = STR_INIT("")}, 0},
    };
    Err err = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Viewing by = world_viewing(&w, &who, LANG_EN);
        Value *m = value_map(&w.arena);
        CHECK(operate_incidents(&by, &rows[i].q, m, &err), "list: %s", err.msg);
        CHECK(get_int(m, "count", -1) == rows[i].count &&
                  (int64_t)value_count(value_at(m, "incidents")) == rows[i].count,
              "row %zu: %lld", i, (long long)get_int(m, "count", -1));
    }
    Viewing by = world_viewing(&w, &who, LANG_EN);
    Value *m = value_map(&w.arena);
    CHECK(operate_home(&by, m, &err), "home: %s", err.msg);
    CHECK(get_int(value_at(m, "incidents"), "open", 0) == 4, "home counts");
    const Value *items = value_at(value_at(m, "versions"), "items");
    for (size_t i = 0; i < value_count(items); i++) {
        const Value *item = value_item(items, i);
        const Value *today = value_item(value_at(item, "versions"), 0);
        bool has_cases = str_eq(get_str(item, "key"), STR("work-injury"));
        CHECK(get_int(today, "running", 0) == (has_cases ? 4 : 0), "cases of '" STR_FMT "'",
              STR_ARG(get_str(item, "key")));
        CHECK(!has_cases || get_int(today, "published_at", 0) > 0, "when it was published");
    }
    world_close(&w);
}
