/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One easy handle a Fetcher, reset before each try: it keeps its connections and its names.
 *
 * What a failed try means is decided by whether the request went out: before that, nothing can
 * have happened over there; after it, nobody knows (answer->unknown).
 */
#include "fetch/fetch.h"

#include <curl/curl.h>

#include "base/thread.h"

enum {
    DEFAULT_CONNECT_MS = 2000,
    DEFAULT_TOTAL_MS = 5000,
    DEFAULT_BACKOFF_MS = 100,
    MAX_HEADERS = 100
};

struct Fetcher {
    Arena arena; /* holds the Fetcher itself */
    CURL *easy;
    Rng jitter;
    char why[CURL_ERROR_SIZE];
};

typedef struct {
    Fetcher *f;
    const FetchCall *call;
    FetchAnswer *answer;
    StrBuf body;
    bool is_too_large;
    int64_t deadline_us;
    Err *err;
} Try;

typedef enum {
    OUTCOME_ANSWER,
    OUTCOME_NOTHING, /* may be tried again */
    OUTCOME_REFUSED, /* the call itself is wrong, or the answer too large */
} Outcome;

Fetcher *fetch_new(void)
{
    /* Counted and safe from any thread since libcurl 7.84. */
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        fatal("libcurl cannot be initialised");
    Arena arena = {0};
    Fetcher *f = NEW(&arena, Fetcher);
    f->arena = arena;
    f->easy = curl_easy_init();
    if (!f->easy)
        fatal("libcurl has no memory for a handle");
    uint64_t seed;
    rand_bytes(&seed, sizeof seed);
    rng_seed(&f->jitter, seed);
    return f;
}

void fetch_free(Fetcher *f)
{
    if (!f)
        return;
    curl_easy_cleanup(f->easy);
    Arena arena = f->arena;
    arena_free(&arena);
    curl_global_cleanup();
}

static Str host_of(Str url)
{
    size_t from = str_find(url, STR("://"), 0);
    from = from == SIZE_MAX ? 0 : from + 3;
    size_t end = from;
    while (end < url.len && !strchr("/?#", url.at[end]))
        end++;
    size_t at = str_find(str_slice(url, 0, end), STR("@"), from);
    return str_slice(url, at == SIZE_MAX ? from : at + 1, end);
}

static bool has_control(Str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] < ' ' || s.at[i] == 0x7f)
            return true;
    return false;
}

static bool is_token(Str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && c != '-' && c != '_')
            return false;
    }
    return s.len > 0;
}

MUST_CHECK static bool call_is_fine(const FetchCall *call, Err *err)
{
    if (!str_starts(call->url, STR("http://")) && !str_starts(call->url, STR("https://")))
        return FAIL(err, ERR_INPUT, "an address must begin with http:// or https://");
    if (has_control(call->url) || str_find(call->url, STR(" "), 0) != SIZE_MAX)
        return FAIL(err, ERR_INPUT, "an address has white space or control characters");
    if (!is_token(call->method))
        return FAIL(err, ERR_INPUT, "the method of a call is not a word");
    if (call->retries < 0 || call->retries > FETCH_MAX_RETRIES)
        return FAIL(err, ERR_LIMIT, "a call asks for more than FETCH_MAX_RETRIES retries");
    if (call->header_count > MAX_HEADERS)
        return FAIL(err, ERR_LIMIT, "a call has more than %d headers", MAX_HEADERS);
    for (size_t i = 0; i < call->header_count; i++) {
        const FetchHeader *h = &call->headers[i];
        if (!is_token(h->name) || has_control(h->value))
            return FAIL(err, ERR_INPUT, "header %zu of a call has characters that are not allowed",
                        i);
    }
    return true;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): libcurl's own type. */
static size_t take_body(char *at, size_t size, size_t n, void *arg)
{
    Try *t = arg;
    if (n * size > FETCH_MAX_ANSWER - t->body.len) {
        t->is_too_large = true;
        return 0;
    }
    buf_add(&t->body, (Str){at, n * size});
    return n * size;
}

static struct curl_slist *add_header(Arena *a, struct curl_slist *list, Str name, Str value)
{
    /* libcurl sends a header without value only when it ends in a semicolon. */
    const char *line =
        value.len ? str_cstr(a, str_fmt(a, STR_FMT ": " STR_FMT, STR_ARG(name), STR_ARG(value)))
                  : str_cstr(a, str_fmt(a, STR_FMT ";", STR_ARG(name)));
    struct curl_slist *longer = curl_slist_append(list, line);
    if (!longer)
        fatal("libcurl has no memory for a header");
    return longer;
}

/* libcurl's own wish to wait for "100 Continue" and its form content type are switched off. */
static struct curl_slist *headers_of(Arena *a, const FetchCall *call)
{
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    bool has_type = false;
    for (size_t i = 0; i < call->header_count; i++) {
        list = add_header(a, list, call->headers[i].name, call->headers[i].value);
        has_type = has_type || str_eq_nocase(call->headers[i].name, STR("content-type"));
    }
    return has_type ? list : curl_slist_append(list, "Content-Type:");
}

static bool is_read_only(const FetchCall *call)
{
    return str_eq(call->method, STR("GET")) || str_eq(call->method, STR("HEAD"));
}

static void set_request(Arena *a, Try *t)
{
    CURL *easy = t->f->easy;
    const FetchCall *call = t->call;
    curl_easy_setopt(easy, CURLOPT_URL, str_cstr(a, call->url));
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L); /* what fills a path may not climb out of it */
    if (str_eq(call->method, STR("HEAD")))
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    else if (call->body.len || !is_read_only(call)) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->body.len);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, call->body.len ? call->body.at : "");
    }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, str_cstr(a, call->method));
    if (!is_read_only(call) && call->retries == 0)
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
}

static void set_limits(Try *t, int64_t left_ms)
{
    CURL *easy = t->f->easy;
    int64_t connect_ms = t->call->connect_ms > 0 ? t->call->connect_ms : DEFAULT_CONNECT_MS;
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     (long)(connect_ms < left_ms ? connect_ms : left_ms));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)left_ms);
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)FETCH_MAX_ANSWER);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "onedoor/" VERSION);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, t->f->why);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, t);
}

static CURLcode perform(Try *t, int64_t left_ms)
{
    Arena a = {0};
    CURL *easy = t->f->easy;
    curl_easy_reset(easy);
    t->f->why[0] = '\0';
    t->body.len = 0;
    struct curl_slist *headers = headers_of(&a, t->call);
    set_request(&a, t);
    set_limits(t, left_ms);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    CURLcode code = curl_easy_perform(easy);
    curl_slist_free_all(headers);
    arena_free(&a);
    return code;
}

static bool was_sent(CURL *easy)
{
    long bytes = 0;
    return curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &bytes) == CURLE_OK && bytes > 0;
}

static Outcome failed(Try *t, CURLcode code)
{
    bool sent = was_sent(t->f->easy);
    Str host = host_of(t->call->url);
    t->answer->unknown = t->answer->unknown || sent;
    if (t->is_too_large || code == CURLE_FILESIZE_EXCEEDED) {
        (void)FAIL(t->err, ERR_LIMIT, "the answer of '" STR_FMT "' is larger than %d bytes",
                   STR_ARG(host), FETCH_MAX_ANSWER);
        return OUTCOME_REFUSED;
    }
    const char *why = t->f->why[0] ? t->f->why : curl_easy_strerror(code);
    bool wrong_call = code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL;
    if (wrong_call && !sent) {
        (void)FAIL(t->err, ERR_INPUT, "'" STR_FMT "' cannot be called: %s", STR_ARG(host), why);
        return OUTCOME_REFUSED;
    }
    (void)FAIL(t->err, ERR_UNAVAILABLE, "no answer from '" STR_FMT "': %s", STR_ARG(host), why);
    return OUTCOME_NOTHING;
}

static Outcome try_once(Arena *out, Try *t, int64_t left_ms)
{
    t->answer->tries++;
    CURLcode code = perform(t, left_ms);
    if (code != CURLE_OK)
        return failed(t, code);
    long status = 0;
    const char *type = NULL;
    curl_easy_getinfo(t->f->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(t->f->easy, CURLINFO_CONTENT_TYPE, &type);
    t->answer->status = (int)status;
    t->answer->content_type = str_dup(out, str_z(type ? type : ""));
    t->answer->body = buf_str(&t->body);
    t->answer->unknown = false;
    return OUTCOME_ANSWER;
}

static bool is_worth_another(Outcome outcome, int status)
{
    return outcome == OUTCOME_NOTHING ||
           (outcome == OUTCOME_ANSWER && (status >= 500 || status == 429));
}

/* Half of the doubled pause is certain, half is chance, so that callers do not march in step. */
static int64_t pause_ms(Try *t)
{
    int64_t first = t->call->backoff_ms > 0 ? t->call->backoff_ms : DEFAULT_BACKOFF_MS;
    int64_t whole = first << (t->answer->tries - 1);
    return whole / 2 + (int64_t)rng_below(&t->f->jitter, (uint64_t)(whole / 2 + 1));
}

static Outcome try_until(Arena *out, Try *t)
{
    for (;;) {
        int64_t left_ms = (t->deadline_us - clock_monotonic_us()) / 1000;
        Outcome outcome = try_once(out, t, left_ms > 1 ? left_ms : 1);
        if (!is_worth_another(outcome, t->answer->status) || t->answer->tries > t->call->retries)
            return outcome;
        int64_t pause = pause_ms(t);
        if (clock_monotonic_us() + pause * 1000 >= t->deadline_us)
            return outcome;
        sleep_ms(pause);
    }
}

bool fetch_call(Arena *out, Fetcher *f, const FetchCall *call, FetchAnswer *answer, Err *err)
{
    *answer = (FetchAnswer){0};
    if (!call_is_fine(call, err))
        return false;
    int64_t start = clock_monotonic_us();
    int64_t total_ms = call->total_ms > 0 ? call->total_ms : DEFAULT_TOTAL_MS;
    Err last = {0};
    Try t = {.f = f, .call = call, .answer = answer, .body = buf_in(out), .err = &last};
    t.deadline_us = start + total_ms * 1000;
    Outcome outcome = try_until(out, &t);
    answer->took_ms = (clock_monotonic_us() - start) / 1000;
    if (outcome == OUTCOME_ANSWER)
        return true;
    answer->status = 0;
    answer->body = answer->content_type = STR("");
    if (err)
        *err = last;
    return false;
}
