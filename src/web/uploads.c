/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that a page received: judged by their bytes, kept on the pool. What was said of a file by
 * its sender is shown as its name and nothing else.
 */
#include "services/apply/files.h"
#include "web/pages.h"

typedef struct {
    void *page; /* the handler's own, given back to it */
    HttpHandler *then;
    bool ok;
    Err err;
} Keeping;

const char *web_file_wrong(const HttpFile *f)
{
    if (!f->size)
        return "error.file.empty";
    return files_type_is_fine(f->type) ? NULL : "error.file.type";
}

const HttpFile *web_files_wrong(const HttpRequest *rq)
{
    for (size_t i = 0; i < rq->files.len; i++)
        if (web_file_wrong(&rq->files.at[i]))
            return &rq->files.at[i];
    return NULL;
}

Value *web_files_value(const HttpRequest *rq, const Value *codes)
{
    Value *list = value_list(rq->arena);
    for (size_t i = 0; i < rq->files.len; i++) {
        const HttpFile *f = &rq->files.at[i];
        Value *row = push_map(rq->arena, list);
        set_str(rq->arena, row, "code", value_text(value_get(codes, f->field)));
        set_str(rq->arena, row, "hash", hash_hex(rq->arena, &f->hash));
        set_str(rq->arena, row, "name", f->filename);
        set_int(rq->arena, row, "size", (int64_t)f->size);
        set_str(rq->arena, row, "type", f->type);
    }
    return list;
}

static void keep(HttpRequest *rq)
{
    Keeping *k = visit_of(rq)->page;
    k->ok = true;
    for (size_t i = 0; k->ok && i < rq->files.len; i++)
        k->ok = files_keep(visit_of(rq)->web->app, rq->arena, rq->files.at[i].path,
                           &rq->files.at[i].hash, &k->err);
}

static HttpNext kept(HttpRequest *rq, HttpResponse *rs)
{
    const Keeping *k = visit_of(rq)->page;
    visit_of(rq)->page = k->page;
    return k->ok ? k->then(rq, rs) : web_error(rq, rs, &k->err);
}

HttpNext web_files_keep(HttpRequest *rq, HttpResponse *rs, HttpHandler *then)
{
    Keeping *k = NEW(rq->arena, Keeping);
    k->page = visit_of(rq)->page;
    k->then = then;
    visit_of(rq)->page = k;
    return web_job(rq, rs, keep, kept);
}
