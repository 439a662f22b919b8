/* SPDX-License-Identifier: Apache-2.0 */
/* The list of tasks, the same for window and back office: whose turn, until when, in words and
 * colour. */
#include "services/certificate/localise.h"
#include "web/staff.h"

enum { PAGE_NUMBER_MAX = 100000 };

static Str tab_asked(const HttpRequest *rq)
{
    Str tab = http_query(rq, "tab");
    return str_eq(tab, STR("claimed")) || str_eq(tab, STR("done")) ? tab : STR("open");
}

static void put_tabs(const HttpRequest *rq, const StaffPage *page, Value *m)
{
    static const char *const names[] = {"open", "claimed", "done"};
    Value *tabs = set_list(rq->arena, m, "tabs");
    for (size_t i = 0; i < COUNT(names); i++) {
        Value *t = push_map(rq->arena, tabs);
        set_str(rq->arena, t, "tab_name",
                web_text_str(rq, str_fmt(rq->arena, "desk.tab.%s", names[i])));
        set_str(rq->arena, t, "tab_url", str_fmt(rq->arena, "%s?tab=%s", page->root, names[i]));
        set_int(rq->arena, t, "tab_count", get_int(value_at(m, "counts"), names[i], 0));
        set_bool(rq->arena, t, "current", str_eq(get_str(m, "tab"), str_z(names[i])));
    }
}

static Str page_url(const HttpRequest *rq, const StaffPage *page, const Value *m, int64_t at)
{
    return at < 0 ? STR("")
                  : str_fmt(rq->arena, "%s?tab=" STR_FMT "&page=%lld", page->root,
                            STR_ARG(get_str(m, "tab")), (long long)at);
}

static void put_pages(const HttpRequest *rq, const StaffPage *page, Value *m)
{
    int64_t at = get_int(m, "page", 0), pages = get_int(m, "pages", 0);
    set_int(rq->arena, m, "page_number", at + 1);
    set_bool(rq->arena, m, "many_pages", pages > 1);
    set_str(rq->arena, m, "before_url", page_url(rq, page, m, at - 1));
    set_str(rq->arena, m, "after_url", at + 1 < pages ? page_url(rq, page, m, at + 1) : STR(""));
}

static void put_task_words(HttpRequest *rq, const StaffPage *page, bool done, Value *t)
{
    Str no = get_str(t, "no"), stage = get_str(t, "stage"), state = get_str(t, "case_state");
    bool taken = get_bool(t, "taken"), not_for_me = get_bool(t, "not_for_me");
    set_str(rq->arena, t, "task_url",
            str_fmt(rq->arena, "%s/cases/" STR_FMT, page->root, STR_ARG(no)));
    set_str(rq->arena, t, "open_url",
            str_fmt(rq->arena, "%s/cases/" STR_FMT "?task=" STR_FMT, page->root, STR_ARG(no),
                    STR_ARG(get_str(t, "id"))));
    set_str(rq->arena, t, "stage_text",
            web_text_str(rq, str_fmt(rq->arena, "desk.stage." STR_FMT, STR_ARG(stage))));
    if (!stage.len && get_str(t, "step").len)
        set_str(rq->arena, t, "stage_text", get_str(t, "step"));
    if (!value_at(t, "organ_name"))
        set_str(rq->arena, t, "organ_name", STR(""));
    set_str(rq->arena, t, "case_state_text", staff_state(rq, state));
    set_str(rq->arena, t, "case_state_tag", web_state_tag(state));
    set_str(rq->arena, t, "due_words", STR(""));
    set_str(rq->arena, t, "due_tag", STR(""));
    if (!done && value_at(t, "days_left"))
        staff_due(rq, t, get_bool(t, "late"), get_int(t, "days_left", 0), STR("working_day"));
    bool open = str_eq(get_str(t, "state"), STR("open"));
    set_bool(rq->arena, t, "to_claim", open && !taken && !not_for_me);
    set_str(rq->arena, t, "form_key", web_key(rq));
    set_bool(rq->arena, t, "finished", done);
}

/* Where a case that was closed from its page is named. */
static void put_done(const HttpRequest *rq, Value *m)
{
    const Visit *v = visit_of(rq);
    Str done = http_query(rq, "done"), no = http_query(rq, "no");
    Str key = str_fmt(rq->arena, "desk.done." STR_FMT, STR_ARG(done));
    bool said = done.len && no.len && value_get(v->web->texts[v->lang], key);
    set_str(rq->arena, m, "done_text", said ? web_text_str(rq, key) : STR(""));
    set_str(rq->arena, m, "done_no", said ? no : STR(""));
}

static HttpNext list(HttpRequest *rq, HttpResponse *rs, const StaffPage *page, Str sought)
{
    const Visit *v = visit_of(rq);
    const App *app = v->web->app;
    Err err = {0};
    WorklistQuery q = {.role = page->role, .tab = tab_asked(rq)};
    if (!str_int(http_query(rq, "page"), &q.page) || q.page < 0 || q.page > PAGE_NUMBER_MAX)
        q.page = 0;
    Value *raw = value_map(rq->arena);
    Viewing by = viewing_of(rq);
    if (!desk_worklist(&by, &q, raw, &err))
        return web_error(rq, rs, &err);
    Value *m = localise(rq->arena, raw, v->lang, app->catalogue->zone_minutes);
    const Value *tasks = value_at(m, "tasks");
    bool done = str_eq(q.tab, STR("done"));
    for (uint32_t i = 0; i < value_count(tasks); i++)
        put_task_words(rq, page, done, value_item(tasks, i));
    set_bool(rq->arena, m, "any", value_count(tasks) > 0);
    set_bool(rq->arena, m, "done_tab", done);
    set_str(rq->arena, m, "root", str_z(page->root));
    set_str(rq->arena, m, "sought", sought);
    put_tabs(rq, page, m);
    put_pages(rq, page, m);
    put_done(rq, m);
    return web_page(rq, rs, page->template_name, m);
}

static Str upper(Arena *out, Str s)
{
    char *at = arena_alloc(out, s.len + 1);
    for (size_t i = 0; i < s.len; i++)
        at[i] = s.at[i] >= 'a' && s.at[i] <= 'z' ? (char)(s.at[i] - 'a' + 'A') : s.at[i];
    return (Str){at, s.len};
}

/* A number that exists leads to its case; another one is said not to exist above the list. */
HttpNext staff_worklist(HttpRequest *rq, HttpResponse *rs, const StaffPage *page)
{
    const Visit *v = visit_of(rq);
    Str sought = upper(rq->arena, str_trim(http_query(rq, "find")));
    int64_t id;
    Err err = {0};
    if (!sought.len)
        return list(rq, rs, page, sought);
    if (casework_id(v->reader, rq->arena, v->web->app, sought, &id, &err))
        return http_redirect(rq, rs,
                             str_fmt(rq->arena, "%s/cases/" STR_FMT, page->root,
                                     STR_ARG(str_percent(rq->arena, sought))));
    if (err.code != ERR_NOT_FOUND)
        return web_error(rq, rs, &err);
    rs->status = 404;
    return list(rq, rs, page, sought);
}
