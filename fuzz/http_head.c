/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The texts of a head: the first byte chooses which reader gets the rest. What is read must be what
 * its contract says: checked UTF-8, no zero bytes, tokens that are tokens.
 */
#include "base/utf8.h"
#include "http/routes.h"
#include "http/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static HttpNext nothing(HttpRequest *rq, HttpResponse *rs)
{
    (void)rq, (void)rs;
    return HTTP_DONE;
}

static const HttpRoute table[] = {
    {.method = HTTP_GET, .path = "/", .handler = nothing},
    {.method = HTTP_GET, .path = "/a/{x}", .handler = nothing},
    {.method = HTTP_GET, .path = "/a/b", .handler = nothing},
    {.method = HTTP_POST, .path = "/a/{x}/{y}", .handler = nothing},
    {.method = HTTP_GET, .path = "/{x}/b/{*rest}", .handler = nothing},
};

static void is_text(Str s)
{
    ASSERT(utf8_valid(s));
    ASSERT(s.len == 0 || !memchr(s.at, '\0', s.len));
}

static void read_path(Arena *a, Str in)
{
    Err err = {0};
    Str path = {0};
    const Routes *routes = NULL;
    if (!text_path(a, in, &path, &err))
        return;
    is_text(path);
    ASSERT(path.at[0] == '/');
    ASSERT(str_find(path, STR("/../"), 0) == SIZE_MAX);
    ASSERT(routes_compile(a, table, COUNT(table), &routes, &err));
    RouteMatch m = routes_find(routes, HTTP_GET, path);
    HttpFields params = {0};
    if (m.route)
        routes_params(a, &m, &params);
    ASSERT(params.len == m.count);
}

static void read_cookies(Arena *a, Str in)
{
    HttpFields cookies = {0};
    text_cookies(a, in, 50, &cookies);
    ASSERT(cookies.len <= 50);
    for (size_t i = 0; i < cookies.len; i++)
        ASSERT(text_is_token(cookies.at[i].name));
}

static void read_type(Arena *a, Str in)
{
    Err err = {0};
    Str type = {0};
    if (text_media_type(a, in, &type, &err))
        is_text(type);
    (void)text_parameter(a, in, "boundary");
}

static void write_values(Arena *a, Str in)
{
    Str values[] = {text_header_value(a, in), text_location(a, in), text_cookie_value(a, in)};
    for (size_t i = 0; i < COUNT(values); i++)
        for (size_t k = 0; k < values[i].len; k++)
            ASSERT((unsigned char)values[i].at[k] >= 0x20 && values[i].at[k] != 0x7f);
    StrBuf b = buf_in(a);
    text_event(&b, in, in);
    ASSERT(b.len >= 2 && memcmp(b.at + b.len - 2, "\n\n", 2) == 0);
    ASSERT(str_find(buf_str(&b), STR("\n\n"), 0) == b.len - 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    Arena a = {0};
    Str in = {(const char *)data + 1, size - 1};
    switch (data[0] % 6) {
    case 0: read_path(&a, in); break;
    case 1: read_cookies(&a, in); break;
    case 2: read_type(&a, in); break;
    case 3:
        ASSERT(text_preference(in, STR("text/html")) <= 1000);
        ASSERT(text_preference(in, STR("gzip")) >= 0);
        break;
    case 4: (void)text_head_is_strict(in); break;
    case 5: write_values(&a, in); break;
    }
    arena_free(&a);
    return 0;
}
