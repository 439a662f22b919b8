/* SPDX-License-Identifier: Apache-2.0 */
/* The pure readers: fields, multipart, media types, file names, routes. */
#include "client.h"
#include "http/multipart.h"
#include "http/routes.h"
#include "http/text.h"
#include "http/upload.h"

TEST(http_text_reads_fields)
{
    static const struct {
        const char *raw, *want; /* "name=value;" each */
        ErrCode code;
    } rows[] = {
        {"", "", ERR_NONE},
        {"a", "a=;", ERR_NONE},
        {"a=", "a=;", ERR_NONE},
        {"=a", "=a;", ERR_NONE},
        {"&&a=1&&b=2&", "a=1;b=2;", ERR_NONE},
        {"a=1=2", "a=1=2;", ERR_NONE},
        {"a+b=c+d", "a b=c d;", ERR_NONE},
        {"a%2Bb=%26%3D", "a+b=&=;", ERR_NONE},
        {"%e4%b8%ad=%E4%B8%AD", "\xe4\xb8\xad=\xe4\xb8\xad;", ERR_NONE},
        {"\xe4\xb8\xad=1", "\xe4\xb8\xad=1;", ERR_NONE},
        {"a=1&a=2", "a=1;a=2;", ERR_NONE},
        {"a=%", "", ERR_INPUT},
        {"a=%1", "", ERR_INPUT},
        {"a=%g1", "", ERR_INPUT},
        {"a=%1g", "", ERR_INPUT},
        {"a=%00", "", ERR_INPUT},
        {"a=%ff", "", ERR_INPUT},
        {"a=\xff", "", ERR_INPUT},
        {"%C0%80=1", "", ERR_INPUT},
        {"a=%ED%A0%80", "", ERR_INPUT},
        {"1&2&3&4&5", "", ERR_LIMIT},
        {"a=123456789", "", ERR_LIMIT},
        {"a=%31%32%33%34%35%36%37%38", "a=12345678;", ERR_NONE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Err err = {0};
        HttpFields fields = {0};
        StrBuf b = buf_in(&a);
        bool ok = text_fields(&a, str_z(rows[i].raw), 4, 8, &fields, &err);
        for (size_t k = 0; ok && k < fields.len; k++)
            buf_fmt(&b, STR_FMT "=" STR_FMT ";", STR_ARG(fields.at[k].name),
                    STR_ARG(fields.at[k].value));
        CHECK(err.code == rows[i].code && ok == (rows[i].code == ERR_NONE), "row %zu", i);
        CHECK(str_eq(buf_str(&b), str_z(rows[i].want)), "row %zu " STR_FMT, i,
              STR_ARG(buf_str(&b)));
        arena_free(&a);
    }
}

TEST(http_text_reads_media_types)
{
    static const struct {
        const char *header, *type, *boundary, *charset;
    } rows[] = {
        {"text/plain", "text/plain", NULL, NULL},
        {"Text/Plain; Charset=UTF-8", "text/plain", NULL, "UTF-8"},
        {"multipart/form-data; boundary=abc", "multipart/form-data", "abc", NULL},
        {"multipart/form-data; boundary=\"a;\\\"b\"", "multipart/form-data", "a;\"b", NULL},
        {"multipart/form-data;charset=\"x\" ;boundary= abc ", "multipart/form-data", "abc", "x"},
        {"multipart/form-data; xboundary=1; boundary=2", "multipart/form-data", "2", NULL},
        {"multipart/form-data; boundary", "multipart/form-data", NULL, NULL},
        {"multipart/form-data; boundary=", "multipart/form-data", "", NULL},
        {"multipart/form-data; a=\"boundary=no\"; boundary=yes", "multipart/form-data", "yes",
         NULL},
        {"text", NULL, NULL, NULL},
        {"/", NULL, NULL, NULL},
        {"a b/c", NULL, NULL, NULL},
        {"", NULL, NULL, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Err err = {0};
        Str type = {0};
        bool ok = text_media_type(&a, str_z(rows[i].header), &type, &err);
        CHECK(ok == (rows[i].type != NULL), "row %zu", i);
        CHECK(str_eq(type, str_z(rows[i].type)), "row %zu type", i);
        Str boundary = text_parameter(&a, str_z(rows[i].header), "boundary");
        CHECK((boundary.at == NULL) == (rows[i].boundary == NULL), "row %zu has boundary", i);
        CHECK(str_eq(boundary, str_z(rows[i].boundary)), "row %zu boundary", i);
        Str charset = text_parameter(&a, str_z(rows[i].header), "charset");
        CHECK(str_eq(charset, str_z(rows[i].charset)), "row %zu charset", i);
        arena_free(&a);
    }
}

TEST(http_text_cleans_file_names)
{
    static const struct {
        const char *sent, *want;
    } rows[] = {
        {"a.pdf", "a.pdf"},
        {"C:\\Documents\\a.pdf", "a.pdf"},
        {"../../etc/passwd", "passwd"},
        {"..", "file"},
        {"", "file"},
        {"a/", "file"},
        {"a\r\nb\t.pdf", "ab.pdf"},
        {"\xe8\xba\xab\xe4\xbb\xbd.jpg", "\xe8\xba\xab\xe4\xbb\xbd.jpg"},
        {"cod\xe2\x80\xae"
         "fdp.exe",
         "codfdp.exe"},
        {"a\xff.pdf", "a.pdf"},
    };
    Arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Str got = text_file_name(&a, str_z(rows[i].sent));
        CHECK(str_eq(got, str_z(rows[i].want)), "row %zu " STR_FMT, i, STR_ARG(got));
    }
    char longest[1000];
    for (size_t i = 0; i + 3 <= sizeof longest; i += 3)
        memcpy(longest + i, "\xe4\xb8\xad", 3);
    CHECK(text_file_name(&a, (Str){longest, 999}).len == 198, "cut between characters");
    arena_free(&a);
}

TEST(http_text_writes_events)
{
    static const struct {
        const char *event, *data, *want;
    } rows[] = {
        {"a", "x", "event: a\ndata: x\n\n"},
        {"", "x", "data: x\n\n"},
        {"", "", "data: \n\n"},
        {"a\nb", "x\ny", "event: a b\ndata: x\ndata: y\n\n"},
        {"", "x\r\ny\rz", "data: x\ndata: y\ndata: z\n\n"},
        {"", "x\n", "data: x\ndata: \n\n"},
    };
    Arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        StrBuf b = buf_in(&a);
        text_event(&b, str_z(rows[i].event), str_z(rows[i].data));
        CHECK(str_eq(buf_str(&b), str_z(rows[i].want)), "row %zu " STR_FMT, i,
              STR_ARG(buf_str(&b)));
    }
    arena_free(&a);
}

/* ---- multipart: what is called is written down, data joined, so that cutting cannot be seen ----
 */

typedef struct {
    StrBuf log;
    bool stop;
} Heard;

static bool hear_begin(void *user, const MultipartPart *p, Err *err)
{
    Heard *h = user;
    buf_fmt(&h->log, "[" STR_FMT, STR_ARG(p->name));
    if (p->is_file)
        buf_fmt(&h->log, "|" STR_FMT, STR_ARG(p->filename));
    buf_char(&h->log, ':');
    return !h->stop || FAIL(err, ERR_DENIED, "stopped");
}

static bool hear_data(void *user, Str bytes, Err *err)
{
    (void)err;
    buf_add(&((Heard *)user)->log, bytes);
    return true;
}

static bool hear_end(void *user, Err *err)
{
    (void)err;
    buf_char(&((Heard *)user)->log, ']');
    return true;
}

static const MultipartSink hearing = {hear_begin, hear_data, hear_end};

/* piece 0: cut once at `at`; else pieces of that size. */
static Str hear(Arena *a, Str body, size_t piece, size_t at, Err *err)
{
    Heard h = {.log = buf_in(a)};
    Multipart m;
    bool ok = multipart_init(&m, STR("XX"), &hearing, &h, err);
    if (piece == 0) {
        ok = ok && multipart_feed(&m, str_slice(body, 0, at), err) &&
             multipart_feed(&m, str_slice(body, at, body.len), err);
    } else {
        for (size_t i = 0; ok && i < body.len; i += piece)
            ok = multipart_feed(&m, str_slice(body, i, i + piece), err);
    }
    ok = ok && multipart_end(&m, err);
    if (!ok)
        buf_fmt(&h.log, "!%s", err_name(err->code));
    return buf_str(&h.log);
}

#define CD "Content-Disposition: form-data; "

static const struct {
    const char *body, *want;
} parts[] = {
    {"--XX\r\n" CD "name=\"a\"\r\n\r\n1\r\n--XX--\r\n", "[a:1]"},
    {"--XX\r\n" CD "name=a\r\n\r\n1\r\n--XX--", "[a:1]"},
    {"\r\n--XX\r\n" CD "name=a\r\n\r\n\r\n--XX--", "[a:]"},
    {"preamble\r\n--XX \t\r\n" CD "name=a\r\n\r\n1\r\n--XX--epilogue", "[a:1]"},
    {"--XX\r\n" CD "name=a\r\n\r\n\r\n\r\n--X\r\n-\r\n\r\n--XX--", "[a:\r\n\r\n--X\r\n-\r\n]"},
    {"--XX\r\n" CD "name=a\r\n\r\n\r\r\n--XX\r\n" CD "name=b\r\n\r\n2\r\n--XX--", "[a:\r][b:2]"},
    {"--XX\r\n" CD "name=a\r\n\r\n\r\n-\r\n--\r\n--X\r\n--XX--", "[a:\r\n-\r\n--\r\n--X]"},
    {"--XX\r\nContent-Type: text/plain\r\n" CD "name=\"f\"; filename=\"a.txt\"\r\n\r\nhi\r\n--XX--",
     "[f|a.txt:hi]"},
    {"--XX\r\n" CD "name=f; filename=\"\"\r\n\r\n\r\n--XX--", "[f|:]"},
    {"--XX\r\n" CD "filename=\"x; name=b\"; name=f\r\n\r\n\r\n--XX--", "[f|x; name=b:]"},
    {"--XX\r\n" CD "name=\"a; filename=b\"\r\n\r\n\r\n--XX--", "[a; filename=b:]"},
    {"--XX\r\n" CD "name=\"a%22b\"\r\n\r\n\r\n--XX--", "[a\"b:]"},
    {"--XX\r\n" CD "name=\"a\\\"b\"; filename=\"C:\\dir\\x\"\r\n\r\n\r\n--XX--",
     "[a\"b|C:\\dir\\x:]"},
    {"--XX\r\ncontent-disposition:FORM-DATA;NAME=a\r\n\r\n1\r\n--XX--", "[a:1]"},
    {"--XX--", ""},
    {"", "!input"},
    {"--XX\r\n" CD "name=a\r\n\r\n1", "[a:1!input"},
    {"--XX\r\n" CD "name=a\r\n\r\n1\r\n--XX", "[a:1]!input"},
    {"--XX\r\n\r\n1\r\n--XX--", "!input"},
    {"--XX\r\nX: y\r\n\r\n1\r\n--XX--", "!input"},
    {"--XX\r\n" CD "nam=a\r\n\r\n1\r\n--XX--", "!input"},
    {"--XX\r\n" CD "name=\"\"\r\n\r\n1\r\n--XX--", "!input"},
    {"--XX\r\n" CD "name=\"\xff\"\r\n\r\n1\r\n--XX--", "!input"},
    {"--XX\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--XX--", "!input"},
    {"--XX\r\n" CD "name=a\r\n" CD "name=b\r\n\r\n1\r\n--XX--", "!input"},
    {"--XX\r\n" CD "name=a\r\nContent-Transfer-Encoding: base64\r\n\r\n1\r\n--XX--", "!input"},
    {"--XX\r\n" CD "name=a\r\nContent-Transfer-Encoding: 8bit\r\n\r\n1\r\n--XX--", "[a:1]"},
    {"--XX\r\nno colon\r\n\r\n1\r\n--XX--", "!input"},
    {"--XXY\r\n" CD "name=a\r\n\r\n1\r\n--XX--", "!input"},
    {"--XX\n" CD "name=a\r\n\r\n1\r\n--XX--", "!input"},
    {"--XX-x", "!input"},
};

TEST(http_multipart_reads_however_it_is_cut)
{
    for (size_t i = 0; i < COUNT(parts); i++) {
        Arena a = {0};
        Err err = {0};
        Str body = str_z(parts[i].body), want = str_z(parts[i].want);
        Str got = hear(&a, body, body.len + 1, 0, &err);
        CHECK(str_eq(got, want), "row %zu whole: " STR_FMT, i, STR_ARG(got));
        for (size_t piece = 1; piece < 9; piece++)
            CHECK(str_eq(hear(&a, body, piece, 0, &err), want), "row %zu pieces of %zu", i, piece);
        bool same = true;
        for (size_t at = 0; at <= body.len; at++)
            same = same && str_eq(hear(&a, body, 0, at, &err), want);
        CHECK(same, "row %zu cut at every byte", i);
        arena_free(&a);
    }
}

TEST(http_multipart_is_bounded)
{
    static const struct {
        size_t boundary, preamble, head;
        ErrCode code;
    } rows[] = {
        {1, 0, 0, ERR_NONE},    {70, 0, 0, ERR_NONE},    {71, 0, 0, ERR_INPUT},
        {0, 0, 0, ERR_INPUT},   {2, 4000, 0, ERR_NONE},  {2, 5000, 0, ERR_LIMIT},
        {2, 0, 1900, ERR_NONE}, {2, 0, 2100, ERR_LIMIT},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Err err = {0};
        Heard h = {.log = buf_in(&a)};
        Multipart m;
        char fill[8000];
        memset(fill, 'b', sizeof fill);
        Str boundary = {fill, rows[i].boundary};
        Str body = str_fmt(
            &a, "%.*s\r\n--" STR_FMT "\r\n" CD "name=a\r\nX: %.*s\r\n\r\n1\r\n--" STR_FMT "--",
            (int)rows[i].preamble, fill, STR_ARG(boundary), (int)rows[i].head, fill,
            STR_ARG(boundary));
        bool ok = multipart_init(&m, boundary, &hearing, &h, &err) &&
                  multipart_feed(&m, body, &err) && multipart_end(&m, &err);
        CHECK(ok == (rows[i].code == ERR_NONE) && err.code == rows[i].code, "row %zu %s", i,
              err.msg);
        arena_free(&a);
    }
}

TEST(http_multipart_stops_when_told)
{
    Arena a = {0};
    Err err = {0};
    Heard h = {.log = buf_in(&a), .stop = true};
    Multipart m;
    bool ok = multipart_init(&m, STR("XX"), &hearing, &h, &err) &&
              multipart_feed(&m, str_z(parts[0].body), &err);
    CHECK(!ok && err.code == ERR_DENIED, "the sink's own error");
    arena_free(&a);
}

TEST(http_sniffs_types)
{
    static const struct {
        Str bytes;
        const char *type;
    } rows[] = {
        {STR_INIT("%PDF-1.7\n"), "application/pdf"},
        {STR_INIT("\x89PNG\r\n\x1a\n...."), "image/png"},
        {STR_INIT("\xff\xd8\xff\xe0"), "image/jpeg"},
        {STR_INIT("RIFF\0\0\0\0WEBPVP8 "), "image/webp"},
        {STR_INIT("RIFF\0\0\0\0WAVEfmt "), "application/octet-stream"},
        {STR_INIT("\0\0\0\x18"
                  "ftypheic"),
         "image/heic"},
        {STR_INIT("\0\0\0\x18"
                  "ftypisom"),
         "application/octet-stream"},
        {STR_INIT("hello\r\n\tthere"), "text/plain"},
        {STR_INIT("\xe4\xb8\xad\xe6\x96\x87"), "text/plain"},
        {STR_INIT("\xe4\xb8\xad\xe6\x96"), "application/octet-stream"},
        {STR_INIT("\xed\xa0\x80"), "application/octet-stream"},
        {STR_INIT("\xc0\x80"), "application/octet-stream"},
        {STR_INIT("\xf4\x90\x80\x80"), "application/octet-stream"},
        {STR_INIT("a\0b"), "application/octet-stream"},
        {STR_INIT("MZ\x90"), "application/octet-stream"},
        {STR_INIT("<script>alert(1)</script>"), "text/plain"},
        {STR_INIT(""), "application/octet-stream"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Sniffer whole = {0}, bytewise = {0};
        sniff_add(&whole, rows[i].bytes);
        for (size_t k = 0; k < rows[i].bytes.len; k++)
            sniff_add(&bytewise, str_slice(rows[i].bytes, k, k + 1));
        CHECK(str_eq(sniff_type(&whole), str_z(rows[i].type)), "row %zu", i);
        CHECK(str_eq(sniff_type(&bytewise), str_z(rows[i].type)), "row %zu bytewise", i);
    }
    char binary[5000];
    memset(binary, 'a', sizeof binary);
    binary[4999] = 1;
    Sniffer s = {0};
    sniff_add(&s, (Str){binary, sizeof binary});
    CHECK(str_eq(sniff_type(&s), STR("application/octet-stream")),
          "binary with a polite beginning");
}

static HttpNext nothing(HttpRequest *rq, HttpResponse *rs)
{
    (void)rq, (void)rs;
    return HTTP_DONE;
}

TEST(http_routes_refuse_bad_tables)
{
    static const struct {
        HttpRoute routes[2];
        ErrCode code;
    } rows[] = {
        {{{.method = HTTP_GET, .path = "/a", .handler = nothing},
          {.method = HTTP_POST, .path = "/a", .handler = nothing}},
         ERR_NONE},
        {{{.method = HTTP_GET, .path = "/{a}", .handler = nothing},
          {.method = HTTP_GET, .path = "/{b}", .handler = nothing}},
         ERR_CONFLICT},
        {{{.method = HTTP_GET, .path = "/{a}", .handler = nothing},
          {.method = HTTP_POST, .path = "/{b}", .handler = nothing}},
         ERR_NONE},
        {{{.method = HTTP_GET, .path = "a", .handler = nothing},
          {.method = HTTP_GET, .path = "/", .handler = nothing}},
         ERR_INPUT},
        {{{.method = HTTP_GET, .path = "/{*a}/b", .handler = nothing},
          {.method = HTTP_GET, .path = "/", .handler = nothing}},
         ERR_INPUT},
        {{{.method = HTTP_GET, .path = "/{}", .handler = nothing},
          {.method = HTTP_GET, .path = "/", .handler = nothing}},
         ERR_INPUT},
        {{{.method = HTTP_GET, .path = "/{a", .handler = nothing},
          {.method = HTTP_GET, .path = "/", .handler = nothing}},
         ERR_INPUT},
        {{{.method = HTTP_GET, .path = "/a", .handler = NULL},
          {.method = HTTP_GET, .path = "/", .handler = nothing}},
         ERR_INPUT},
        {{{.method = HTTP_GET | HTTP_POST, .path = "/a", .handler = nothing},
          {.method = HTTP_GET, .path = "/", .handler = nothing}},
         ERR_INPUT},
        {{{.method = HTTP_GET, .path = "/{1}/{2}/{3}/{4}/{5}/{6}/{7}/{8}/{9}", .handler = nothing},
          {.method = HTTP_GET, .path = "/", .handler = nothing}},
         ERR_LIMIT},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Err err = {0};
        const Routes *r = NULL;
        bool ok = routes_compile(&a, rows[i].routes, 2, &r, &err);
        CHECK(ok == (rows[i].code == ERR_NONE) && err.code == rows[i].code, "row %zu %s", i,
              err.msg);
        arena_free(&a);
    }
}
