/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Papers and files of a case, for its applicant and for its organ; the cover slip for papers by
 * post. PDFs are drawn on the pool from what was frozen when the paper was issued.
 */
#include "services/certificate/paper.h"
#include "services/apply/files.h"
#include "services/casework/casework.h"
#include "services/desk/desk.h"
#include "services/my/my.h"
#include "web/pages.h"
#include "json/json.h"

typedef struct {
    const Paper *paper;
    Value *data;
    TimeMs at;
    Lang lang;
    Str bytes, name;
    bool ok;
    Err err;
} PaperJob;

/* Its applicant, or staff of its organ or of one with a task in it, whose reading is logged; anybody else learns nothing. */
static bool may_read(const HttpRequest *rq, int64_t case_id, CaseFile *cf, Err *err)
{
    const Visit *v = visit_of(rq);
    const Actor *a = &v->actor;
    if (!casework_load(v->reader, rq->arena, v->web->app, case_id, cf, err))
        return false;
    bool own = a->kind == ACTOR_PARTY && cf->party == a->id;
    bool organ = false;
    if (a->kind == ACTOR_STAFF &&
        !casework_organ_sees(v->reader, rq->arena, v->web->app, cf, a->organ, &organ, err))
        return false;
    return own || organ || FAIL(err, ERR_NOT_FOUND, "no case '%lld'", (long long)case_id);
}

/* Staff leave their name in the person's log before they read; then on with `then`. */
static HttpNext log_reading(HttpRequest *rq, HttpResponse *rs, const CaseFile *cf,
                            HttpHandler *then)
{
    if (visit_of(rq)->actor.kind != ACTOR_STAFF)
        return then(rq, rs);
    Value *in = value_map(rq->arena);
    set_str(rq->arena, in, "case", str_fmt(rq->arena, "%lld", (long long)cf->id));
    return web_command_each_time(rq, rs, "desk.look", desk_look, in, then);
}

/* False when the reading was to be logged and could not be. */
static bool reading_logged(HttpRequest *rq, HttpResponse *rs, HttpNext *next)
{
    return visit_of(rq)->actor.kind != ACTOR_STAFF || web_command_ok(rq, rs, next);
}

static void draw(HttpRequest *rq)
{
    PaperJob *j = visit_of(rq)->page;
    PaperCopy copy = {j->paper, j->data, j->at, j->lang};
    j->ok = paper_pdf(visit_of(rq)->web->app, rq->arena, &copy, &j->bytes, &j->err);
}

static HttpNext drawn(HttpRequest *rq, HttpResponse *rs)
{
    const PaperJob *j = visit_of(rq)->page;
    if (!j->ok)
        return web_error(rq, rs, &j->err);
    http_set_header(rq, rs, "Content-Disposition",
                    str_fmt(rq->arena, "inline; filename=\"" STR_FMT ".pdf\"", STR_ARG(j->name)));
    return http_answer(rq, rs, 200, "application/pdf", j->bytes);
}

static HttpNext draw_logged(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    return reading_logged(rq, rs, &next) ? web_job(rq, rs, draw, drawn) : next;
}

static HttpNext draw_paper(HttpRequest *rq, HttpResponse *rs, const CaseFile *cf, Str kind,
                           Str data, TimeMs at)
{
    Visit *v = visit_of(rq);
    PaperJob *j = NEW(rq->arena, PaperJob);
    j->paper = catalogue_paper(cf->catalogue, kind);
    j->data = json_read(rq->arena, data, &j->err);
    if (!j->paper || !j->data)
        return web_status(rq, rs, 404, "http.404.text");
    j->at = at;
    j->lang = v->lang;
    j->name = str_fmt(rq->arena, STR_FMT "-" STR_FMT, STR_ARG(cf->no), STR_ARG(kind));
    v->page = j;
    return log_reading(rq, rs, cf, draw_logged);
}

HttpNext web_document(HttpRequest *rq, HttpResponse *rs)
{
    const Visit *v = visit_of(rq);
    int64_t id;
    StoreRows r;
    Err err = {0};
    CaseFile cf;
    if (!str_int(http_param(rq, "id"), &id))
        return web_status(rq, rs, 404, "http.404.text");
    if (!store_run(v->reader, rq->arena, SQL_DOCUMENT_GET,
                   PARAMS(P_STR(v->web->app->catalogue->place), P_INT(id)), &r, &err))
        return web_error(rq, rs, &err);
    if (!r.count)
        return web_status(rq, rs, 404, "http.404.text");
    if (!may_read(rq, row_int(&r, 0, 0), &cf, &err))
        return web_error(rq, rs, &err);
    return draw_paper(rq, rs, &cf, row_str(&r, 0, 1), row_str(&r, 0, 3), row_int(&r, 0, 4));
}

HttpNext web_certificate(HttpRequest *rq, HttpResponse *rs)
{
    const Visit *v = visit_of(rq);
    StoreRows r;
    Err err = {0};
    CaseFile cf;
    if (!store_run(v->reader, rq->arena, SQL_CERTIFICATE_BY_CODE,
                   PARAMS(P_STR(http_param(rq, "code"))), &r, &err))
        return web_error(rq, rs, &err);
    if (!r.count)
        return web_status(rq, rs, 404, "http.404.text");
    if (!may_read(rq, row_int(&r, 0, 1), &cf, &err))
        return web_error(rq, rs, &err);
    return draw_paper(rq, rs, &cf, row_str(&r, 0, 2), row_str(&r, 0, 5), row_int(&r, 0, 7));
}

/* The slip that goes into the envelope: what is announced by mail, and where to. */
HttpNext web_cover_slip(HttpRequest *rq, HttpResponse *rs)
{
    const Visit *v = visit_of(rq);
    const App *app = v->web->app;
    Err err = {0};
    int64_t id;
    CaseFile cf;
    StoreRows r;
    if (!casework_id(v->reader, rq->arena, app, http_param(rq, "no"), &id, &err) ||
        !may_read(rq, id, &cf, &err) ||
        !store_run(v->reader, rq->arena, SQL_MATERIALS_OF_CASE,
                   PARAMS(P_STR(app->catalogue->place), P_INT(id)), &r, &err))
        return web_error(rq, rs, &err);
    Value *extra = value_map(rq->arena);
    Value *list = set_list(rq->arena, extra, "materials");
    for (size_t i = 0; i < r.count; i++) {
        const ItemMaterial *m = item_material(cf.item, row_str(&r, i, 1));
        if (m && str_eq(row_str(&r, i, 3), STR("expected")))
            set_str(rq->arena, push_map(rq->arena, list), "name",
                    text_in(m->material->name, v->lang));
    }
    Value *data = casework_data(rq->arena, app, &cf, extra);
    return draw_paper(rq, rs, &cf, STR("cover-slip"), json_text(rq->arena, data), rq->at);
}

typedef struct {
    Str type, name, path;
} FileJob;

static HttpNext send_file(HttpRequest *rq, HttpResponse *rs)
{
    HttpNext next;
    const FileJob *j = visit_of(rq)->page;
    if (!reading_logged(rq, rs, &next))
        return next;
    http_set_header(rq, rs, "Content-Disposition",
                    str_fmt(rq->arena, "attachment; filename*=UTF-8''" STR_FMT,
                            STR_ARG(str_percent(rq->arena, j->name))));
    rs->status = 200;
    rs->content_type = j->type;
    rs->file_path = j->path;
    return HTTP_DONE;
}

/* A file that the applicant gave: shown only as a download of a type that was found from its bytes.
 */
HttpNext web_material_file(HttpRequest *rq, HttpResponse *rs)
{
    const Visit *v = visit_of(rq);
    const App *app = v->web->app;
    int64_t id;
    StoreRows r, f;
    Err err = {0};
    CaseFile cf;
    if (!str_int(http_param(rq, "id"), &id))
        return web_status(rq, rs, 404, "http.404.text");
    if (!store_run(v->reader, rq->arena, SQL_MATERIAL_FILE,
                   PARAMS(P_STR(app->catalogue->place), P_INT(id)), &r, &err))
        return web_error(rq, rs, &err);
    if (!r.count || !row_int(&r, 0, 1) || !row_str(&r, 0, 2).len)
        return web_status(rq, rs, 404, "http.404.text");
    Str hash = row_str(&r, 0, 2);
    if (!may_read(rq, row_int(&r, 0, 1), &cf, &err) ||
        !store_run(v->reader, rq->arena, SQL_FILE_GET, PARAMS(P_STR(hash)), &f, &err))
        return web_error(rq, rs, &err);
    FileJob *j = NEW(rq->arena, FileJob);
    j->type = f.count ? row_str(&f, 0, 1) : STR("application/octet-stream");
    j->name = row_str(&r, 0, 3);
    j->path = files_path(rq->arena, app, hash);
    visit_of(rq)->page = j;
    return log_reading(rq, rs, &cf, send_file);
}
