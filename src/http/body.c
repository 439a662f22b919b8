/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The body of a request: which kind may come, how much of it, and where it goes.
 *
 * Text (urlencoded, JSON) is collected and read when it is whole; multipart is read as it comes,
 * files straight to disk. A body that went wrong is read on to its end without being looked at
 * (up to HTTP_DRAIN_BYTES, or what was declared and would have been allowed): a browser that is
 * still sending does not read the answer.
 */
#include "base/file.h"
#include "base/log.h"
#include "base/utf8.h"
#include "http/http_int.h"
#include "http/text.h"

enum { MULTIPART_SLACK = 64 << 10 };

void refuse(Exchange *x, int status, const char *why)
{
    if (x->refusal)
        return;
    x->refusal = status;
    x->why = why;
    if (x->form)
        upload_drop(&x->form->upload);
    x->body_kind = BODY_DRAIN;
}

void refuse_err(Exchange *x, const Err *err)
{
    int status = 500;
    switch (err->code) {
    case ERR_NONE:
    case ERR_UNREADABLE: /* of cases, never of a body */
    case ERR_INTERNAL: status = 500; break;
    case ERR_INPUT: status = 422; break;
    case ERR_DENIED: status = 415; break; /* a file where none is taken */
    case ERR_NOT_FOUND: status = 404; break;
    case ERR_CONFLICT: status = 409; break;
    case ERR_LIMIT: status = 413; break;
    case ERR_UNAVAILABLE: status = 503; break;
    case ERR_STORAGE: status = 507; break;
    }
    if (status >= 500)
        log_err("http body", err);
    refuse(x, status, str_cstr(&x->arena, str_z(err->msg)));
}

static bool begin_part(void *user, const MultipartPart *part, Err *err)
{
    Exchange *x = user;
    FormReader *f = x->form;
    const HttpConfig *config = &x->loop->server->config;
    f->is_file = part->is_file;
    f->skip = part->is_file && part->filename.len == 0; /* a file input left empty */
    f->name = str_dup(&x->arena, part->name);
    if (!part->is_file) {
        f->value = buf_in(&x->arena);
        return x->rq.form.len < config->limits.fields ||
               FAIL(err, ERR_LIMIT, "more than %zu fields", config->limits.fields);
    }
    if (f->skip)
        return true;
    if (!(x->rq.route->flags & HTTP_ROUTE_UPLOAD))
        return FAIL(err, ERR_DENIED, "no file is taken here");
    if (x->rq.files.len >= config->limits.files)
        return FAIL(err, ERR_LIMIT, "more than %zu files", config->limits.files);
    if (!upload_begin(&x->arena, config->upload_folder, &f->upload, err))
        return false;
    f->upload.file.field = f->name;
    f->upload.file.filename = text_file_name(&x->arena, part->filename);
    return true;
}

static bool add_data(void *user, Str bytes, Err *err)
{
    Exchange *x = user;
    FormReader *f = x->form;
    const HttpLimits *l = &x->loop->server->config.limits;
    if (f->skip)
        return true;
    if (!f->is_file) {
        if (f->value.len + bytes.len > l->field_bytes)
            return FAIL(err, ERR_LIMIT, "field is longer than %zu bytes", l->field_bytes);
        buf_add(&f->value, bytes);
        return true;
    }
    f->upload_bytes += bytes.len;
    if (f->upload_bytes > l->upload_bytes)
        return FAIL(err, ERR_LIMIT, "files are over %zu bytes", l->upload_bytes);
    return upload_add(&f->upload, bytes, l->file_bytes, err);
}

static bool end_part(void *user, Err *err)
{
    Exchange *x = user;
    FormReader *f = x->form;
    if (f->skip)
        return true;
    if (f->is_file) {
        upload_end(&f->upload);
        *VEC_PUSH(&x->arena, &x->rq.files) = f->upload.file;
        return true;
    }
    Str value = buf_str(&f->value);
    if (!utf8_valid(value) || memchr(value.at, '\0', value.len))
        return FAIL(err, ERR_INPUT, "field is not UTF-8");
    *VEC_PUSH(&x->arena, &x->rq.form) = (HttpField){f->name, value};
    return true;
}

static const MultipartSink form_sink = {begin_part, add_data, end_part};

static bool has_body(const Exchange *x, uint64_t *declared)
{
    Str length = http_header(&x->rq, "content-length");
    int64_t n = 0;
    *declared = 0;
    if (!str_empty(http_header(&x->rq, "transfer-encoding"))) {
        *declared = UINT64_MAX;
        return true;
    }
    if (!str_empty(length) && str_int(length, &n) && n > 0)
        *declared = (uint64_t)n;
    return *declared > 0;
}

static void prepare_multipart(Exchange *x, Str header)
{
    const HttpLimits *l = &x->loop->server->config.limits;
    Err err = {0};
    Str boundary = text_parameter(&x->arena, header, "boundary");
    x->form = NEW(&x->arena, FormReader);
    x->form->upload.fd = -1;
    x->body_kind = BODY_MULTIPART;
    x->body_max = l->body_bytes;
    if (x->rq.route->flags & HTTP_ROUTE_UPLOAD)
        x->body_max += l->upload_bytes + MULTIPART_SLACK;
    if (!multipart_init(&x->form->parser, boundary, &form_sink, x, &err))
        refuse_err(x, &err);
}

static bool charset_is_known(Exchange *x, Str header)
{
    Str charset = text_parameter(&x->arena, header, "charset");
    return charset.at == NULL || str_eq_nocase(charset, STR("utf-8")) ||
           str_eq_nocase(charset, STR("us-ascii"));
}

static void choose_kind(Exchange *x)
{
    Str header = http_header(&x->rq, "content-type");
    Err err = {0};
    bool is_form = x->rq.method == HTTP_POST || x->rq.method == HTTP_PUT;
    if (!is_form) {
        x->body_kind = BODY_DRAIN; /* a body here means nothing (RFC 9110, 9.3.1) */
        x->body_max = x->loop->server->config.limits.body_bytes;
        return;
    }
    if (!text_media_type(&x->arena, header, &x->rq.content_type, &err) ||
        !charset_is_known(x, header)) {
        refuse(x, 415, "content type is not known");
        return;
    }
    bool is_json = str_eq(x->rq.content_type, STR("application/json"));
    if (str_eq(x->rq.content_type, STR("multipart/form-data"))) {
        prepare_multipart(x, header);
    } else if (str_eq(x->rq.content_type, STR("application/x-www-form-urlencoded")) ||
               (is_json && (x->rq.route->flags & HTTP_ROUTE_JSON))) {
        x->body_kind = BODY_TEXT;
        x->body = buf_in(&x->arena);
        x->body_max = x->loop->server->config.limits.body_bytes;
    } else {
        refuse(x, 415, "content type is not taken here");
    }
}

/* False: refuse at once, the body is not worth reading. */
bool body_prepare(Exchange *x)
{
    uint64_t declared;
    if (!has_body(x, &declared))
        return true;
    if (!x->refusal)
        choose_kind(x);
    if (!x->refusal && declared != UINT64_MAX && declared > x->body_max)
        refuse(x, 413, "body is too large");
    if (!x->refusal)
        return true;
    bool expects = !str_empty(http_header(&x->rq, "expect"));
    uint64_t drain = x->body_max > HTTP_DRAIN_BYTES / 2 ? 2 * x->body_max : HTTP_DRAIN_BYTES;
    x->body_max = drain;
    return !expects && (declared == UINT64_MAX || declared <= drain);
}

/* False: too much even to be read away; the connection must be cut. */
bool body_feed(Exchange *x, Str bytes)
{
    Err err = {0};
    x->body_seen += bytes.len;
    if (x->body_seen > x->body_max && !x->refusal) {
        refuse(x, 413, "body is too large");
        x->body_max += HTTP_DRAIN_BYTES;
    }
    if (x->body_seen > x->body_max && x->body_kind == BODY_DRAIN)
        return false;
    switch (x->body_kind) {
    case BODY_NONE:
    case BODY_DRAIN: break;
    case BODY_TEXT: buf_add(&x->body, bytes); break;
    case BODY_MULTIPART:
        if (!multipart_feed(&x->form->parser, bytes, &err))
            refuse_err(x, &err);
        break;
    }
    return true;
}

void body_finish(Exchange *x)
{
    const HttpLimits *l = &x->loop->server->config.limits;
    Err err = {0};
    bool ok = true;
    switch (x->body_kind) {
    case BODY_NONE:
    case BODY_DRAIN: break;
    case BODY_TEXT:
        if (str_eq(x->rq.content_type, STR("application/json")))
            x->rq.body = buf_str(&x->body);
        else
            ok = text_fields(&x->arena, buf_str(&x->body), l->fields, l->field_bytes, &x->rq.form,
                             &err);
        break;
    case BODY_MULTIPART: ok = multipart_end(&x->form->parser, &err); break;
    }
    if (!ok)
        refuse_err(x, &err);
}

void body_drop(Exchange *x)
{
    if (x->form)
        upload_drop(&x->form->upload);
    for (size_t i = 0; i < x->rq.files.len; i++)
        file_remove(x->rq.files.at[i].path);
    x->form = NULL;
    x->rq.files.len = 0;
}
