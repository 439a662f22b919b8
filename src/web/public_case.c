/* SPDX-License-Identifier: Apache-2.0 */
/* What anybody may ask without signing in: where a case stands, and whether a certificate is real.
 */
#include "base/utf8.h"
#include "services/certificate/localise.h"
#include "services/my/my.h"
#include "web/pages.h"
#include "json/json.h"

/* The number and the last four characters of the applicant's identity number: both or nothing. */
static bool find_case(HttpRequest *rq, Str no, Str code, CaseFile *cf, Err *err)
{
    const Visit *v = visit_of(rq);
    int64_t id;
    if (!casework_id(v->reader, rq->arena, v->web->app, no, &id, err) ||
        !casework_load(v->reader, rq->arena, v->web->app, id, cf, err))
        return false;
    return str_eq_nocase(cf->check_code, code) || FAIL(err, ERR_NOT_FOUND, "wrong check code");
}

HttpNext web_progress(HttpRequest *rq, HttpResponse *rs)
{
    Value *m = value_map(rq->arena);
    Str no = str_trim(http_query(rq, "no")), code = str_trim(http_query(rq, "code"));
    set_str(rq->arena, m, "no", no);
    set_bool(rq->arena, m, "asked", no.len && code.len);
    if (!no.len || !code.len)
        return web_page(rq, rs, "progress", m);
    CaseFile cf;
    Err err = {0};
    if (!find_case(rq, no, code, &cf, &err)) {
        if (err.code != ERR_NOT_FOUND)
            return web_error(rq, rs, &err);
        rs->status = 404;
        set_bool(rq->arena, m, "unknown", true);
        return web_page(rq, rs, "progress", m);
    }
    Value *view = set_map(rq->arena, m, "case");
    Viewing by = viewing_of(rq);
    if (!case_view(&by, &cf, VIEW_PROGRESS, view, &err))
        return web_error(rq, rs, &err);
    web_case_words(rq, view);
    return web_page(rq, rs, "progress", m);
}

/* 李** */
static Str masked_name(Arena *out, Str name)
{
    size_t at = 0;
    if (name.len)
        (void)utf8_next(name, &at);
    return str_fmt(out, STR_FMT "**", STR_ARG(str_slice(name, 0, at)));
}

HttpNext web_verify(HttpRequest *rq, HttpResponse *rs)
{
    const Visit *v = visit_of(rq);
    const Catalogue *c = v->web->app->catalogue;
    Str code = http_param(rq, "code");
    Value *m = value_map(rq->arena);
    StoreRows r;
    Err err = {0};
    if (!store_run(v->reader, rq->arena, SQL_CERTIFICATE_BY_CODE, PARAMS(P_STR(code)), &r, &err))
        return web_error(rq, rs, &err);
    set_str(rq->arena, m, "code", code);
    Str state = r.count ? row_str(&r, 0, 6) : STR("unknown");
    set_str(rq->arena, m, "state", state);
    set_bool(rq->arena, m, str_cstr(rq->arena, state), true);
    if (!r.count) {
        rs->status = 404;
        return web_page(rq, rs, "verify", m);
    }
    const Paper *paper = catalogue_paper(c, row_str(&r, 0, 2));
    if (paper)
        set_text(rq->arena, m, "type", paper->name);
    set_str(rq->arena, m, "certificate_no", row_str(&r, 0, 3));
    set_str(rq->arena, m, "holder", masked_name(rq->arena, row_str(&r, 0, 4)));
    set_int(rq->arena, m, "issued_at", row_int(&r, 0, 7));
    set_int(rq->arena, m, "revoked_at", row_int(&r, 0, 8));
    set_str(rq->arena, m, "reason", row_str(&r, 0, 9));
    return web_page(rq, rs, "verify", localise(rq->arena, m, v->lang, c->zone_minutes));
}
