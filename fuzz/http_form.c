/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bodies of forms. First byte: how multipart is cut into pieces; the rest is read as an urlencoded
 * body and as multipart with boundary "XX". However it is cut, the same must be heard.
 */
#include "http/multipart.h"
#include "http/text.h"
#include "http/upload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    StrBuf log;
    Sniffer sniffer;
} Heard;

static bool hear_begin(void *user, const MultipartPart *part, Err *err)
{
    Heard *h = user;
    (void)err;
    buf_char(&h->log, '[');
    buf_add(&h->log, part->name);
    buf_char(&h->log, part->is_file ? '|' : ':');
    buf_add(&h->log, part->filename);
    buf_add(&h->log, text_file_name(h->log.arena, part->filename));
    return true;
}

static bool hear_data(void *user, Str bytes, Err *err)
{
    Heard *h = user;
    (void)err;
    sniff_add(&h->sniffer, bytes);
    buf_add(&h->log, bytes);
    return true;
}

static bool hear_end(void *user, Err *err)
{
    Heard *h = user;
    (void)err;
    buf_add(&h->log, sniff_type(&h->sniffer));
    buf_char(&h->log, ']');
    return true;
}

static const MultipartSink sink = {hear_begin, hear_data, hear_end};

static Str hear(Arena *a, Str body, size_t piece)
{
    Heard h = {.log = {.arena = a}};
    Multipart m;
    Err err = {0};
    bool ok = multipart_init(&m, STR("XX"), &sink, &h, &err);
    for (size_t i = 0; ok && i < body.len; i += piece)
        ok = multipart_feed(&m, str_slice(body, i, i + piece), &err);
    if (!ok || !multipart_end(&m, &err))
        buf_fmt(&h.log, "!%s", err_name(err.code));
    return buf_str(&h.log);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    Arena a = {0};
    Err err = {0};
    Str body = {(const char *)data + 1, size - 1};
    HttpFields fields = {0};
    (void)!text_fields(&a, body, 20, 200, &fields, &err);
    ASSERT(fields.len <= 20);
    Str whole = hear(&a, body, body.len + 1);
    Str pieces = hear(&a, body, (size_t)data[0] % 16 + 1);
    ASSERT(str_eq(whole, pieces));
    arena_free(&a);
    return 0;
}
