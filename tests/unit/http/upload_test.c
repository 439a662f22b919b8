/* SPDX-License-Identifier: Apache-2.0 */
/* Files of forms: streamed to disk, hashed, typed by content, removed unless they were kept. */
#include "client.h"

static void small(HttpConfig *c)
{
    c->limits.body_bytes = 1000;
    c->limits.file_bytes = 3000;
    c->limits.upload_bytes = 4000;
    c->limits.fields = 5;
    c->limits.field_bytes = 500;
    c->limits.files = 2;
}

static Str post(Arena *a, const char *path, Str body)
{
    StrBuf b = buf_in(a);
    buf_fmt(&b,
            "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=XX\r\n"
            "Content-Length: %zu\r\n\r\n",
            path, body.len);
    buf_add(&b, body);
    return buf_str(&b);
}

static void add_part(StrBuf *b, const char *disposition, Str content)
{
    buf_fmt(b, "--XX\r\nContent-Disposition: form-data; %s\r\nContent-Type: text/html\r\n\r\n",
            disposition);
    buf_add(b, content);
    BUF_LIT(b, "\r\n");
}

TEST(http_uploads_files)
{
    App app;
    Arena a = {0};
    app_start(&app, NULL);
    size_t n = 3000000;
    char *big = arena_alloc(&a, n);
    for (size_t i = 0; i < n; i++)
        big[i] = (char)(i * 31 + i / 977);
    memcpy(big, "%PDF-1.4", 8);
    Hash hash = hash_of((Str){big, n});
    StrBuf b = buf_in(&a);
    add_part(&b, "name=\"note\"", STR("\xe4\xb8\xad\r\n--X"));
    add_part(&b, "name=\"scan\"; filename=\"C:\\x\\scan.exe\"", (Str){big, n});
    add_part(&b, "name=\"none\"; filename=\"\"", STR(""));
    add_part(&b, "name=\"photo\"; filename=\"p.png\"", STR("\x89PNG\r\n\x1a\nrest"));
    BUF_LIT(&b, "--XX--\r\n");
    Client c = client_open(app_port(&app));
    CHECK(client_send(&c, post(&a, "/upload", buf_str(&b))), "sent");
    Reply r = client_read(&a, &c, false);
    CHECK(r.status == 200, "status %d", r.status);
    CHECK(str_has(r.body, "form note=\xe4\xb8\xad\r\n--X\n"), "field " STR_FMT, STR_ARG(r.body));
    Str want = str_fmt(&a, "file scan scan.exe application/pdf %zu " STR_FMT " 1\n", n,
                       STR_ARG(hash_hex(&a, &hash)));
    CHECK(str_has(r.body, str_cstr(&a, want)), "file " STR_FMT, STR_ARG(r.body));
    CHECK(str_has(r.body, "file photo p.png image/png 12 "), "second file");
    CHECK(!str_has(r.body, "file none"), "an empty file input is no file");
    /* The next answer on this connection comes after the first request ended. */
    r = client_ask(&a, &c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(r.status == 200 && app_uploads_left(&app) == 0, "files are gone");
    client_close(&c);
    app_stop(&app, 1000);
    arena_free(&a);
}

TEST(http_upload_limits_have_answers)
{
    static const struct {
        const char *path;
        size_t file, files, fields, field;
        int status;
    } rows[] = {
        {"/upload", 3000, 1, 0, 0, 200}, {"/upload", 3001, 1, 0, 0, 413},
        {"/upload", 2000, 2, 0, 0, 200}, {"/upload", 2001, 2, 0, 0, 413},
        {"/upload", 10, 3, 0, 0, 413},   {"/upload", 10, 1, 5, 10, 200},
        {"/upload", 10, 1, 6, 10, 413},  {"/upload", 10, 1, 1, 500, 200},
        {"/upload", 10, 1, 1, 501, 413}, {"/upload", 90000, 1, 0, 0, 413},
        {"/echo", 10, 1, 0, 0, 415},     {"/echo", 0, 0, 3, 10, 200},
        {"/echo", 0, 0, 3, 490, 413},    {"/nothing", 10, 1, 0, 0, 404},
    };
    App app;
    app_start(&app, small);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        char *fill = arena_alloc(&a, 100000);
        memset(fill, 'a', 100000);
        StrBuf b = buf_in(&a);
        for (size_t k = 0; k < rows[i].fields; k++)
            add_part(&b, "name=\"n\"", (Str){fill, rows[i].field});
        for (size_t k = 0; k < rows[i].files; k++)
            add_part(&b, "name=\"f\"; filename=\"f\"", (Str){fill, rows[i].file});
        BUF_LIT(&b, "--XX--\r\n");
        Client c = client_open(app_port(&app));
        CHECK(client_send(&c, post(&a, rows[i].path, buf_str(&b))), "row %zu sent", i);
        Reply r = client_read(&a, &c, false);
        CHECK(r.status == rows[i].status, "row %zu status %d " STR_FMT, i, r.status,
              STR_ARG(r.body));
        r = client_ask(&a, &c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        CHECK(r.status == 200, "row %zu lives on", i);
        CHECK(app_uploads_left(&app) == 0, "row %zu leaves nothing", i);
        client_close(&c);
        arena_free(&a);
    }
    app_stop(&app, 1000);
}

TEST(http_upload_breaks_off)
{
    App app;
    Arena a = {0};
    app_start(&app, NULL);
    StrBuf b = buf_in(&a);
    add_part(&b, "name=\"f\"; filename=\"f\"", STR("some bytes"));
    Client c = client_open(app_port(&app));
    Str whole = post(&a, "/upload", buf_str(&b));
    CHECK(client_send(&c, str_slice(whole, 0, whole.len - 4)), "most of it");
    for (int i = 0; i < 200 && app_uploads_left(&app) == 0; i++)
        sleep_ms(5);
    CHECK(app_uploads_left(&app) == 1, "the file is being written");
    client_close(&c);
    for (int i = 0; i < 200 && app_uploads_left(&app); i++)
        sleep_ms(5);
    CHECK(app_uploads_left(&app) == 0, "it is gone with the visitor");
    c = client_open(app_port(&app));
    CHECK(client_send(&c, whole), "without the last boundary");
    Reply r = client_read(&a, &c, false);
    CHECK(r.status == 422 && app_uploads_left(&app) <= 1, "status %d", r.status);
    client_close(&c);
    app_stop(&app, 1000);
    arena_free(&a);
}

TEST(http_upload_is_kept_when_moved)
{
    App app;
    Arena a = {0};
    Err err = {0};
    app_start(&app, NULL);
    StrBuf b = buf_in(&a);
    add_part(&b, "name=\"f\"; filename=\"f\"", STR("kept bytes"));
    BUF_LIT(&b, "--XX--\r\n");
    Client c = client_open(app_port(&app));
    CHECK(client_send(&c, post(&a, "/keep", buf_str(&b))), "sent");
    Reply r = client_read(&a, &c, false);
    Str content = {0};
    CHECK(r.status == 200, "moved");
    CHECK(file_read(&a, str_fmt(&a, "%s/kept", app.folder), 100, &content, &err), "is there");
    CHECK(str_eq(content, STR("kept bytes")), "same bytes");
    client_close(&c);
    app_stop(&app, 1000);
    arena_free(&a);
}

static void no_folder(HttpConfig *c)
{
    c->upload_folder = STR("/proc/onedoor-no-such-folder");
}

TEST(http_upload_folder_must_be_there)
{
    App app;
    app_start(&app, NULL);
    HttpConfig c = app.config;
    HttpServer *s = NULL;
    Err err = {0};
    no_folder(&c);
    CHECK(!http_start(&s, &c, &err) && err.code != ERR_NONE, "refused: %s", err.msg);
    app_stop(&app, 1000);
}
