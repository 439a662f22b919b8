/* SPDX-License-Identifier: Apache-2.0 */
#include "base/thread.h"
#include "check.h"
#include "html/html.h"
#include "json/json.h"

static const char constants_json[] =
    "{\"t\":{\"apply.title\":\"办事 & 申请\",\"apply.days\":\"<b>{{days}}</b> days\","
    "\"apply.rich\":\"<b>{{name}}</b>\",\"outer\":\"[{{t.apply.title}}]\",\"loop\":\"{{t.loop}}\","
    "\"many\":\"{{#n}}{{n}} visits{{/n}}{{^n}}none{{/n}}\",\"broken\":\"a {{#x}} b\"},"
    "\"a\":{\"app.css\":\"/a/app.a65f35bb47.css\"}}";

/* Renders source (partials p and q at hand) over the JSON model; problems are rendered instead. */
static Str page(Arena *a, const char *source, const char *p, const char *q, const char *model)
{
    HtmlSource sources[] = {
        {STR("main"), str_z(source), 0}, {STR("p"), str_z(p), 1}, {STR("q"), str_z(q), 2}};
    Diags diags = {.arena = a};
    for (size_t i = 0; i < COUNT(sources); i++)
        diag_file(&diags, sources[i].name, sources[i].source);
    Err err = {0};
    const Value *constants = json_read(a, str_z(constants_json), &err);
    const Value *data = json_read(a, str_z(model), &err);
    CHECK(constants && data, "%s: %s", model, err.msg);
    const HtmlSet *set = html_compile(a, sources, COUNT(sources), constants, &diags);
    if (!set)
        return diag_render(a, &diags);
    StrBuf b = buf_in(a);
    BUF_LIT(&b, "before"); /* output is appended */
    if (!html_render(&b, set, html_find(set, STR("main")), data, &err))
        return str_fmt(a, "%s: %s", err_name(err.code), err.msg);
    return str_slice(buf_str(&b), 6, b.len);
}

static const struct {
    const char *name, *source, *p, *q, *model, *want;
} pages[] = {
    {"message is escaped", "<h1>{{t.apply.title}}</h1>", "", "", "{}", "<h1>办事 &amp; 申请</h1>"},
    {"message in attribute", "<a title=\"{{t.apply.title}}\">", "", "", "{}",
     "<a title=\"办事 &amp; 申请\">"},
    {"tags of a message", "{{t.apply.days}}", "", "", "{\"days\":\"<5>\"}",
     "&lt;b&gt;&lt;5&gt;&lt;/b&gt; days"},
    {"raw message still escapes values", "{{{t.apply.rich}}}", "", "", "{\"name\":\"<i>\"}",
     "<b>&lt;i&gt;</b>"},
    {"message within message", "{{t.outer}}", "", "", "{}", "[办事 &amp; 申请]"},
    {"sections in a message", "{{t.many}}", "", "", "{\"n\":2}", "2 visits"},
    {"sections in a message, false", "{{t.many}}", "", "", "{\"n\":\"\"}", "none"},
    {"message in a partial", "{{>p}}", "{{t.apply.days}}", "", "{\"days\":1}",
     "&lt;b&gt;1&lt;/b&gt; days"},
    {"asset", "<link href=\"{{a.app.css}}\">", "", "", "{}",
     "<link href=\"/a/app.a65f35bb47.css\">"},
    {"escaping", "{{x}}|{{{x}}}|{{&x}}", "", "", "{\"x\":\"<&>\\\"'\"}",
     "&lt;&amp;&gt;&quot;&#39;|<&>\"'|<&>\"'"},
    {"zero is something", "{{#n}}{{n}}{{/n}}", "", "", "{\"n\":0}", "0"},
    {"empty text is false", "{{^n}}none{{/n}}", "", "", "{\"n\":\"\"}", "none"},
    {"false and true as text", "{{f}} {{t}}", "", "", "{\"f\":false,\"t\":true}", "false true"},
    {"outer names in rows", "{{#r}}{{a}}{{b}} {{/r}}", "", "",
     "{\"b\":\"-\",\"r\":[{\"a\":1},{\"a\":2,\"b\":\"+\"},{\"b\":\"*\",\"a\":3}]}", "1- 2+ 3* "},
    {"a map of many", "{{#r}}{{k}}{{/r}}", "", "",
     "{\"r\":[{\"a\":0,\"b\":0,\"c\":0,\"d\":0,\"e\":0,\"f\":0,\"g\":0,\"h\":0,\"i\":0,\"j\":0,"
     "\"l\":0,\"m\":0,\"k\":7},{\"k\":8}]}",
     "78"},
    {"values are not indented", " {{>p}}\n", "<textarea>{{x}}</textarea>\n", "",
     "{\"x\":\"a\\nb\\n\"}", " <textarea>a\nb\n</textarea>\n"},
    {"blank lines are not indented", "  {{>p}}\n", "a\n\nb\n", "", "{}", "  a\n\n  b\n"},
    {"indent adds up", "  {{>p}}\n", "a\n {{>q}}\nb\n", "c\nd\n", "{}", "  a\n   c\n   d\n  b\n"},
    {"rows of a partial", "<ul>\n{{#r}}\n  {{>p}}\n{{/r}}\n</ul>\n", "<li>{{.}}</li>\n", "",
     "{\"r\":[1,2]}", "<ul>\n  <li>1</li>\n  <li>2</li>\n</ul>\n"},
    {"block alone, text without newline", "{{<p}}{{$b}}x{{/b}}{{/p}}",
     "<m>\n  {{$b}}{{/b}}\n</m>\n", "", "{}", "<m>\n  x\n</m>\n"},
    {"empty block alone leaves no line", "{{<p}}{{/p}}", "<m>\n  {{$b}}{{/b}}\n</m>\n", "", "{}",
     "<m>\n</m>\n"},
    {"block in its own replacement", "{{<p}}{{$b}}[{{$b}}in{{/b}}]{{/b}}{{/p}}", "{{$b}}{{/b}}", "",
     "{}", "[in]"},
    {"unknown partial renders nothing", "a{{>nobody}}b", "", "", "{}", "ab"},
    {"dynamic parent", "{{<*who}}{{$b}}x{{/b}}{{/*who}}", "<{{$b}}{{/b}}>", "", "{\"who\":\"p\"}",
     "<x>"},
    {"long texts", "{{x}}", "", "",
     "{\"x\":\"一二三四五六七八九十<一二三四五六七八九十一二三四五六七八九十\"}",
     "一二三四五六七八九十&lt;一二三四五六七八九十一二三四五六七八九十"},
    {"endless partial", "{{>p}}", "{{>p}}", "", "{}",
     "limit: the page is nested deeper than HTML_MAX_DEPTH"},
    {"endless pair", "{{<p}}{{$b}}{{>main}}{{/b}}{{/p}}", "{{$b}}{{/b}}", "", "{}",
     "limit: the page is nested deeper than HTML_MAX_DEPTH"},
};

TEST(html_pages)
{
    Arena a = {0};
    for (size_t i = 0; i < COUNT(pages); i++) {
        Str got = page(&a, pages[i].source, pages[i].p, pages[i].q, pages[i].model);
        CHECK(str_eq(got, str_z(pages[i].want)), "%s: got '" STR_FMT "'", pages[i].name,
              STR_ARG(got));
    }
    arena_free(&a);
}

static const struct {
    const char *source, *rule;
    uint32_t offset;
    const char *message, *cure;
} wrong[] = {
    {"ab {{t.apply.titel}}", "html.unknown-text", 3, "there is no message 'apply.titel'",
     "did you mean 'apply.title'?"},
    {"{{t.zzzzzzzzzzzzzzz}}", "html.unknown-text", 0, "there is no message 'zzzzzzzzzzzzzzz'", ""},
    {"<a {{a.app.js}}", "html.unknown-asset", 3, "there is no asset 'app.js'",
     "did you mean 'app.css'?"},
    {"x{{t.broken}}", "html.syntax", 1, "'x' is never closed", ""},
    {"{{t.loop}}", "html.limit", 0, "messages are nested too deep at 't.loop'", ""},
    {"12{{name", "html.syntax", 2, "a tag is not closed by '}}'", ""},
    {"{{{name}}", "html.syntax", 0, "a tag is not closed by '}}}'", ""},
    {"a{{#x}}b", "html.syntax", 1, "'x' is never closed", ""},
    {"a{{/x}}", "html.syntax", 1, "'x' is closed but was not opened", ""},
    {"{{#x}}{{#y}}{{/x}}{{/y}}", "html.syntax", 12, "'x' is closed while 'y' is open", ""},
    {"{{}}", "html.syntax", 0, "a tag has no name", ""},
    {"{{a b}}", "html.syntax", 0, "the name 'a b' has white space", ""},
    {"{{#a..b}}{{/a..b}}", "html.syntax", 0, "the name 'a..b' has an empty part", ""},
    {"{{z.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q}}", "html.syntax", 0,
     "the name 'z.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q' has too many parts", ""},
    {"{{=<%=}}", "html.syntax", 0, "two delimiters are expected, as in '{{=<% %>=}}'", ""},
};

TEST(html_problems)
{
    Arena a = {0};
    Err err = {0};
    const Value *constants = json_read(&a, str_z(constants_json), &err);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        Diags diags = {.arena = &a};
        Str source = str_z(wrong[i].source);
        HtmlSource sources = {STR("main"), source, diag_file(&diags, STR("main"), source)};
        CHECK(!html_compile(&a, &sources, 1, constants, &diags), "%s", wrong[i].source);
        CHECK(diags.errors == 1, "%s: %zu errors", wrong[i].source, diags.errors);
        const Diag *d = diags.list.at;
        if (!d)
            continue;
        CHECK(strcmp(d->rule, wrong[i].rule) == 0, "%s: %s", wrong[i].source, d->rule);
        CHECK(d->offset == wrong[i].offset, "%s: at %u", wrong[i].source, d->offset);
        CHECK(str_eq(d->message, str_z(wrong[i].message)), "%s: " STR_FMT, wrong[i].source,
              STR_ARG(d->message));
        CHECK(str_eq(d->cure, str_z(wrong[i].cure)), "%s: " STR_FMT, wrong[i].source,
              STR_ARG(d->cure));
    }
    arena_free(&a);
}

TEST(html_all_problems_in_one_run)
{
    Arena a = {0};
    Diags diags = {.arena = &a};
    HtmlSource sources[] = {
        {STR("a"), STR("{{#x}}"), 0}, {STR("b"), STR("{{/y}}"), 1}, {STR("a"), STR(""), 2}};
    for (size_t i = 0; i < COUNT(sources); i++)
        diag_file(&diags, sources[i].name, sources[i].source);
    CHECK(!html_compile(&a, sources, 3, NULL, &diags), "twice");
    CHECK(diags.errors == 1 && strcmp(diags.list.at[0].rule, "html.twice") == 0, "twice");
    CHECK(!html_compile(&a, sources, 2, NULL, &diags), "two are wrong");
    CHECK(diags.errors == 3, "both are told: %zu", diags.errors);
    arena_free(&a);
}

TEST(html_limits)
{
    Arena a = {0};
    Err err = {0};
    StrBuf b = buf_in(&a);
    Value *model = value_map(&a), *list = set_list(&a, model, "l");
    Str kilo = {arena_alloc(&a, 1 << 20), 1 << 20};
    memset((char *)(uintptr_t)kilo.at, '<', kilo.len);
    set_str(&a, model, "x", kilo);
    for (int i = 0; i < 1000; i++)
        value_push(&a, list, value_null(&a));
    CHECK(html_render_text(&b, STR("{{x}}{{x}}"), model, &err), "raw: %s", err.msg);
    CHECK(b.len == 2 * kilo.len, "raw length %zu", b.len);
    CHECK(!html_render_text(&b, STR("{{#l}}{{x}}{{/l}}"), model, &err) && err.code == ERR_LIMIT,
          "output: %s", err.msg);
    CHECK(!html_render_text(&b, STR("{{#l}}{{#l}}{{#l}}{{/l}}{{/l}}{{/l}}"), model, &err) &&
              err.code == ERR_LIMIT,
          "steps: %s", err.msg);
    StrBuf deep = buf_in(&a);
    for (int i = 0; i <= HTML_MAX_DEPTH; i++)
        BUF_LIT(&deep, "{{#l}}");
    CHECK(!html_render_text(&b, buf_str(&deep), model, &err) && err.code == ERR_INPUT, "depth: %s",
          err.msg);
    Str large = {arena_alloc(&a, HTML_MAX_SOURCE + 1), HTML_MAX_SOURCE + 1};
    CHECK(!html_render_text(&b, large, model, &err) && err.code == ERR_INPUT, "source: %s",
          err.msg);
    arena_free(&a);
}

TEST(html_exact_output_limit)
{
    Arena a = {0};
    Err err = {0};
    Value *model = value_map(&a);
    Str most = {arena_alloc(&a, HTML_MAX_OUTPUT + 1), HTML_MAX_OUTPUT};
    memset((char *)(uintptr_t)most.at, 'x', most.len + 1);
    for (size_t more = 0; more < 2; more++) {
        StrBuf b = buf_in(&a);
        set_str(&a, model, "x", (Str){most.at, most.len + more});
        bool ok = html_render_text(&b, STR("{{x}}"), model, &err);
        CHECK(ok == (more == 0), "%zu more: %s", more, err.msg);
    }
    arena_free(&a);
}

TEST(html_text_is_plain)
{
    Arena a = {0};
    Err err = {0};
    StrBuf b = buf_in(&a);
    Value *model = value_map(&a);
    set_str(&a, model, "name", STR("<王>"));
    CHECK(html_render_text(&b, STR("{{name}}，您好{{missing}}"), model, &err), "%s", err.msg);
    CHECK(str_eq(buf_str(&b), STR("<王>，您好")), STR_FMT, STR_ARG(buf_str(&b)));
    CHECK(!html_render_text(&b, STR("ab{{>p}}{{#x}}"), model, &err), "unclosed");
    CHECK(err.code == ERR_INPUT && err.offset == 8, "%s at %u", err.msg, err.offset);
    arena_free(&a);
}

TEST(html_escape_every_length)
{
    Arena a = {0};
    static const char signs[] = "&<>\"'";
    for (size_t len = 0; len < 40; len++)
        for (size_t at = 0; at <= len; at++) {
            char text[40];
            memset(text, 'a' + (int)(at % 20), sizeof text);
            size_t sign = (len + at) % 5;
            text[at < 40 ? at : 39] = signs[sign];
            StrBuf b = buf_in(&a), want = buf_in(&a);
            html_escape(&b, (Str){text, len});
            for (size_t i = 0; i < len; i++) {
                static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
                if (i == at)
                    buf_add(&want, str_z(entities[sign]));
                else
                    buf_char(&want, text[i]);
            }
            CHECK(str_eq(buf_str(&b), buf_str(&want)), "%zu %zu", len, at);
        }
    StrBuf bytes = buf_in(&a);
    for (int c = 0; c < 256; c++) {
        char eight[8];
        memset(eight, c, sizeof eight);
        html_escape(&bytes, (Str){eight, 8});
    }
    CHECK(bytes.len == 251 * 8 + 8 * (5 + 4 + 4 + 6 + 5), "all bytes: %zu", bytes.len);
    arena_free(&a);
}

enum { PAGES_EACH = 2000 };

typedef struct {
    const HtmlSet *set;
    bool backwards; /* members stand the other way round */
    int wrong;
} Reader;

static void render_many(void *arg)
{
    Reader *r = arg;
    Arena a = {0};
    Err err = {0};
    Value *model = value_map(&a);
    set_str(&a, model, r->backwards ? "b" : "a", r->backwards ? STR("2") : STR("1"));
    set_str(&a, model, r->backwards ? "a" : "b", r->backwards ? STR("1") : STR("2"));
    StrBuf b = buf_in(&a);
    for (int i = 0; i < PAGES_EACH; i++) {
        b.len = 0;
        bool ok = html_render(&b, r->set, html_find(r->set, STR("m")), model, &err);
        r->wrong += !ok || !str_eq(buf_str(&b), STR("1 2"));
    }
    arena_free(&a);
}

/* Threads share a set and see maps of different order, so that they overwrite each other's guesses.
 */
TEST(html_shared_by_threads)
{
    Arena a = {0};
    Diags diags = {.arena = &a};
    HtmlSource source = {STR("m"), STR("{{a}} {{b}}"), diag_file(&diags, STR("m"), STR(""))};
    const HtmlSet *set = html_compile(&a, &source, 1, NULL, &diags);
    Reader readers[2] = {{set, false, 0}, {set, true, 0}};
    Thread threads[2];
    for (int i = 0; i < 2; i++)
        thread_start(&threads[i], "reader", render_many, &readers[i]);
    for (int i = 0; i < 2; i++)
        thread_join(&threads[i]);
    CHECK(readers[0].wrong == 0 && readers[1].wrong == 0, "%d and %d wrong pages", readers[0].wrong,
          readers[1].wrong);
    arena_free(&a);
}
