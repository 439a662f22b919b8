/* SPDX-License-Identifier: Apache-2.0 */
#include "xml/xml.h"

#include "check.h"

static Diags new_diags(Arena *a, Str text)
{
    Diags d = {.arena = a};
    (void)diag_file(&d, STR("other.xml"), STR(""));
    (void)diag_file(&d, STR("a.xml"), text);
    return d;
}

/* A tree as one line: name{space} @attr=value 'text' (children). */
static void show(StrBuf *b, const XmlNode *n)
{
    buf_add(b, n->name);
    if (n->space.len)
        buf_fmt(b, "{" STR_FMT "}", STR_ARG(n->space));
    for (size_t i = 0; i < n->attr_count; i++) {
        const XmlAttr *attr = &n->attrs[i];
        buf_fmt(b, "@" STR_FMT, STR_ARG(attr->name));
        if (attr->space.len)
            buf_fmt(b, "{" STR_FMT "}", STR_ARG(attr->space));
        buf_fmt(b, "=" STR_FMT, STR_ARG(attr->value));
    }
    if (n->text.len)
        buf_fmt(b, "'" STR_FMT "'", STR_ARG(n->text));
    for (const XmlNode *c = n->first; c; c = c->next) {
        buf_add(b, c == n->first ? STR("(") : STR(","));
        show(b, c);
    }
    if (n->first)
        buf_char(b, ')');
}

static const struct {
    Str in, out;
} good[] = {
    {STR_INIT("<a/>"), STR_INIT("a")},
    {STR_INIT("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a></a>\n"), STR_INIT("a")},
    {STR_INIT("<?xml version='1.0' encoding = 'utf-8' standalone='yes'?><a/>"), STR_INIT("a")},
    {STR_INIT("\xef\xbb\xbf<a>x</a>"), STR_INIT("a'x'")},
    {STR_INIT("<!-- 注 <!DOCTYPE x> --><?pi <!DOCTYPE?><a/><!-- end --><?pi?>"), STR_INIT("a")},
    {STR_INIT("<a x='1' y=\"二\"> t <b/> u </a>"), STR_INIT("a@x=1@y=二't  u'(b)")},
    {STR_INIT("<a>\n  <b>1</b>\n  <b>2</b>\n</a>"), STR_INIT("a(b'1',b'2')")},
    {STR_INIT("<a>&lt;&gt;&amp;&quot;&apos;&#x4e00;&#38;lt;</a>"), STR_INIT("a'<>&\"'一&lt;'")},
    {STR_INIT("<a x='&lt;&amp;&#38;&quot;&#x4e00;'/>"), STR_INIT("a@x=<&&\"一")},
    {STR_INIT("<a x='1\r\n2\t3\n4'/>"), STR_INIT("a@x=1 2 3 4")},
    {STR_INIT("<a><![CDATA[<b>&amp;]]>]<![CDATA[ ]]></a>"), STR_INIT("a'<b>&amp;]'")},
    {STR_INIT("<a>1<!-- x -->2<?p?>3</a>"), STR_INIT("a'123'")},
    {STR_INIT("<a>\r\nx\r\ny\r</a>"), STR_INIT("a'x\ny'")},
    {STR_INIT("<a xmlns='u'><b xmlns=''/><p:c xmlns:p='v' p:d='1' e='2'/></a>"),
     STR_INIT("a{u}(b,c{v}@d{v}=1@e=2)")},
    {STR_INIT("<p:a p:x='1' x='2' xmlns:p='a>b' ><p:b p:x='3' xmlns:p=\"c/>d\"/></p:a>"),
     STR_INIT("a{a>b}@x{a>b}=1@x=2(b{c/>d}@x{c/>d}=3)")},
    {STR_INIT("<a xml:lang='zh'/>"), STR_INIT("a@lang{http://www.w3.org/XML/1998/namespace}=zh")},
    {STR_INIT("<门 名='一'>二</门>"), STR_INIT("门@名=一'二'")},
};

TEST(xml_reads_trees)
{
    Arena a = {0};
    for (size_t i = 0; i < COUNT(good); i++) {
        Diags d = new_diags(&a, good[i].in);
        const XmlNode *n = xml_read(&a, &d, 1, good[i].in);
        CHECK(n && !d.errors, "row %zu: " STR_FMT, i, STR_ARG(diag_render(&a, &d)));
        StrBuf b = buf_in(&a);
        if (n)
            show(&b, n);
        CHECK(str_eq(buf_str(&b), good[i].out), "row %zu: " STR_FMT, i, STR_ARG(buf_str(&b)));
    }
    arena_free(&a);
}

/* One problem each, at the last occurrence of `at`; empty: at the end of the text. */
static const struct {
    Str in;
    const char *rule;
    Str at;
} bad[] = {
    {STR_INIT(""), "xml.syntax", STR_INIT("")},
    {STR_INIT("  "), "xml.syntax", STR_INIT("")},
    {STR_INIT("一"), "xml.syntax", STR_INIT("一")},
    {STR_INIT("<a>"), "xml.syntax", STR_INIT("")},
    {STR_INIT("<a><一></b></a>"), "xml.syntax", STR_INIT("</b")},
    {STR_INIT("<一/>\n<b/>"), "xml.syntax", STR_INIT("<b")},
    {STR_INIT("<一 x=1/>"), "xml.syntax", STR_INIT("1/")},
    {STR_INIT("<一 x='1' x='2'/>"), "xml.syntax", STR_INIT("<一")},
    {STR_INIT("<一>二 &nbsp; 三</一>"), "xml.syntax", STR_INIT("&nbsp;")},
    {STR_INIT("<一 x='二 &nbsp; 三'/>"), "xml.syntax", STR_INIT("&nbsp;")},
    {STR_INIT("<一>\r\n<p:b x='二'/></一>"), "xml.syntax", STR_INIT("<p:b")},
    {STR_INIT("<一>\n<b p:x='二'/></一>"), "xml.syntax", STR_INIT("<b")},
    {STR_INIT("<一>二\x01</一>"), "xml.syntax", STR_INIT("\x01")},
    {STR_INIT("<a>\xc4\xe3</a>"), "xml.encoding", STR_INIT("\xc4")},
    {STR_INIT("<a>一\0</a>"), "xml.encoding", STR_INIT("\0")},
    {STR_INIT("\xff\xfe<\0a\0/\0>\0"), "xml.encoding", STR_INIT("\xff")},
    {STR_INIT("<\0a\0/\0>"), "xml.encoding", STR_INIT("\0a")},
    {STR_INIT("<?xml version='1.0' encoding='GBK'?><a/>"), "xml.encoding", STR_INIT("GBK")},
    {STR_INIT("<?xml version='1.0' encoding=\"UTF-16\"?><a/>"), "xml.encoding", STR_INIT("UTF-16")},
    {STR_INIT("<!-- 一 --><?p?> <!DOCTYPE a><a/>"), "xml.doctype", STR_INIT("<!DOCTYPE")},
    {STR_INIT("\xef\xbb\xbf<!DOCTYPE a [<!ENTITY b 'c'><!ENTITY d '&b;&b;'>]><a>&d;</a>"),
     "xml.doctype", STR_INIT("<!DOCTYPE")},
    {STR_INIT("<?xml version='1.0'?>\n<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"), "xml.doctype",
     STR_INIT("<!DOCTYPE")},
};

static size_t last_place(Str text, Str part)
{
    size_t found = text.len;
    for (size_t at = 0; part.len && (at = str_find(text, part, at)) != SIZE_MAX; at++)
        found = at;
    return found;
}

TEST(xml_refuses_with_rule_and_place)
{
    Arena a = {0};
    for (size_t i = 0; i < COUNT(bad); i++) {
        Diags d = new_diags(&a, bad[i].in);
        const XmlNode *n = xml_read(&a, &d, 1, bad[i].in);
        Str all = diag_render(&a, &d);
        CHECK(!n && d.errors == 1, "row %zu: %zu problems\n" STR_FMT, i, d.errors, STR_ARG(all));
        if (!d.list.len)
            continue;
        const Diag *one = &d.list.at[0];
        size_t want = last_place(bad[i].in, bad[i].at);
        CHECK(strcmp(one->rule, bad[i].rule) == 0 && one->file == 1, "row %zu: %s", i, one->rule);
        CHECK(one->offset == want, "row %zu: %u not %zu\n" STR_FMT, i, one->offset, want,
              STR_ARG(all));
    }
    arena_free(&a);
}

TEST(xml_reports_every_undeclared_prefix)
{
    Str text = STR("<a>\n<p:b/>\n<c q:x='1'/>\n<p:d/></a>");
    Arena a = {0};
    Diags d = new_diags(&a, text);
    CHECK(!xml_read(&a, &d, 1, text) && d.errors == 3, "%zu", d.errors);
    for (uint32_t i = 0; i < 3 && i < d.list.len; i++) {
        uint32_t line, column;
        diag_place(text, d.list.at[i].offset, &line, &column);
        CHECK(line == i + 2 && column == 1, "problem %u: %u:%u", i, line, column);
    }
    arena_free(&a);
}

/* Each name, attribute, value and text stands where the tree says. */
static void check_places(const XmlNode *n, Str t, const char *row)
{
    Str tag = str_slice(t, n->offset, t.len);
    CHECK(str_starts(tag, STR("<")), "%s: " STR_FMT, row, STR_ARG(n->name));
    size_t skip = n->prefix.len ? n->prefix.len + 2 : 1;
    CHECK(str_starts(str_slice(tag, skip, tag.len), n->name), "%s: " STR_FMT, row,
          STR_ARG(n->name));
    for (size_t i = 0; i < n->attr_count; i++) {
        const XmlAttr *attr = &n->attrs[i];
        size_t name = str_find(t, attr->name, attr->offset);
        CHECK(attr->offset > n->offset && name - attr->offset <= 3, "%s: " STR_FMT, row,
              STR_ARG(attr->name));
        Str value = str_slice(t, attr->value_offset, t.len);
        CHECK(str_starts(value, str_slice(attr->value, 0, 3)), "%s: " STR_FMT, row,
              STR_ARG(attr->name));
        char quote = t.at[attr->value_offset - 1];
        CHECK(quote == '"' || quote == '\'', "%s: " STR_FMT, row, STR_ARG(attr->name));
    }
    CHECK((n->text.len != 0) == (n->text_offset != 0), "%s: " STR_FMT, row, STR_ARG(n->name));
    if (n->text.len) {
        Str text = str_slice(t, n->text_offset, t.len);
        CHECK(str_starts(text, str_slice(n->text, 0, 3)), "%s: " STR_FMT " text at %u", row,
              STR_ARG(n->name), n->text_offset);
    }
    for (const XmlNode *c = n->first; c; c = c->next) {
        CHECK(c->parent == n, "%s: parent", row);
        check_places(c, t, row);
    }
}

TEST(xml_places_are_bytes)
{
    static const struct {
        const char *name;
        Str text;
    } rows[] = {
        {"plain", STR_INIT("<root id='r'><one x=\"abc\"/><two>text</two></root>")},
        {"cjk", STR_INIT("<根 名='值一'>\n 文本 <子 甲='乙乙' 丙=\"丁\">戊己</子></根>")},
        {"crlf", STR_INIT("\xef\xbb\xbf<?xml version='1.0'?>\r\n<根>\r\n\t<b\r\n\tx = '一一'\r\n"
                          "\ty=\"zz\"\r\n>\r\n 三 </b>\r\n</根>\r\n")},
        {"comments", STR_INIT("<!-- <a x='1'> --><a><!-- <b/> 一 --><?p <b x='2'?> <b x='3'>"
                              "<!-- y -->t</b ><!-- </a> --></a>")},
        {"cdata", STR_INIT("<a><![CDATA[ <b x='1'> 一 ]]><b x='2'><![CDATA[\n ]]> z </b></a>")},
        {"white", STR_INIT("<a>&#32;&#x20; &#x9;&#10; one <b> &#xd;二</b></a>")},
        {"tricky", STR_INIT("<p:a xmlns:p='u>v' p:x='/&gt;' y='p:x=\"no\"' ><b xmlns='/>' z='1'/>t"
                            "</p:a>")},
        {"late", STR_INIT("<a><b><c/></b><b>x</b>末</a>")},
        {"same", STR_INIT("<x x='xx' xmlns:x='x' x:x='xxx'><x:x x='x'>x</x:x></x>")},
    };
    Arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Diags d = new_diags(&a, rows[i].text);
        const XmlNode *n = xml_read(&a, &d, 1, rows[i].text);
        CHECK(n, "%s: " STR_FMT, rows[i].name, STR_ARG(diag_render(&a, &d)));
        if (n && strcmp(rows[i].name, "tricky") != 0)
            check_places(n, rows[i].text, rows[i].name);
    }
    Str t = rows[6].text;
    Diags d = new_diags(&a, t);
    const XmlNode *n = xml_read(&a, &d, 1, t);
    CHECK(n && n->attrs[0].offset == str_find(t, STR("p:x="), 0), "prefixed attribute");
    CHECK(n && n->attrs[0].value_offset == str_find(t, STR("/&gt;"), 0), "escaped value");
    CHECK(n && n->first->offset == str_find(t, STR("<b"), 0), "'>' in a declaration");
    CHECK(n && n->text_offset == str_find(t, STR("t</p:a"), 0), "after '/>' in a declaration");
    arena_free(&a);
}

/* '|' in the source marks the place of each byte of the text in turn. */
TEST(xml_source_places)
{
    static const struct {
        Str source;
        Str text;
        uint32_t at[8]; /* of the bytes of text, then of its end */
    } rows[] = {
        {STR_INIT("<a>abc</a>"), STR_INIT("abc"), {3, 4, 5, 6}},
        {STR_INIT("<a> x &lt; y</a>"), STR_INIT("x < y"), {4, 5, 6, 10, 11, 12}},
        {STR_INIT("<a>1\r\n2</a>"), STR_INIT("1\n2"), {3, 4, 6, 7}},
        {STR_INIT("<a>&#x4e00;b</a>"), STR_INIT("一b"), {3, 3, 3, 11, 12}},
        {STR_INIT("<a>1<!-- & -->2<?p?>3</a>"), STR_INIT("123"), {3, 14, 20, 21}},
        {STR_INIT("<a><![CDATA[ &<]]>&amp;</a>"), STR_INIT("&<&"), {13, 14, 18, 23}},
        {STR_INIT("<a><!-- <![CDATA[ -->&gt;1</a>"), STR_INIT(">1"), {21, 25, 26}},
    };
    Arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Diags d = new_diags(&a, rows[i].source);
        const XmlNode *n = xml_read(&a, &d, 1, rows[i].source);
        CHECK(n && str_eq(n->text, rows[i].text), "row %zu", i);
        for (size_t k = 0; n && k <= n->text.len; k++) {
            uint32_t at = xml_source_place(rows[i].source, n->text_offset, k);
            CHECK(at == rows[i].at[k], "row %zu byte %zu: %u not %u", i, k, at, rows[i].at[k]);
        }
    }
    Str source = STR("<a x='1 &lt; 2&#13;\r\n3'/>");
    Diags d = new_diags(&a, source);
    const XmlNode *n = xml_read(&a, &d, 1, source);
    CHECK(n && str_eq(n->attrs[0].value, STR("1 < 2\r 3")), "value");
    static const uint32_t want[] = {6, 7, 8, 12, 13, 14, 19, 21};
    for (size_t k = 0; n && k < COUNT(want); k++) {
        uint32_t at = xml_source_place(source, n->attrs[0].value_offset, k);
        CHECK(at == want[k], "byte %zu: %u not %u", k, at, want[k]);
    }
    CHECK(xml_source_place(STR("ab"), 7, 9) == 2, "past the end");
    arena_free(&a);
}

static Str repeated(Arena *a, const char *open, const char *close, size_t n)
{
    StrBuf b = buf_in(a);
    for (size_t i = 0; i < n; i++)
        buf_add(&b, str_z(open));
    for (size_t i = 0; i < n; i++)
        buf_add(&b, str_z(close));
    return buf_str(&b);
}

static bool is_limit(Arena *a, Str text, size_t offset)
{
    Diags d = new_diags(a, text);
    const XmlNode *n = xml_read(a, &d, 1, text);
    return !n && d.errors == 1 && strcmp(d.list.at[0].rule, "xml.limit") == 0 &&
           d.list.at[0].offset == offset;
}

TEST(xml_is_bounded)
{
    Arena a = {0};
    Diags d = new_diags(&a, STR(""));
    CHECK(xml_read(&a, &d, 1, repeated(&a, "<a>", "</a>", XML_MAX_DEPTH)), "deep enough");
    Str deep = repeated(&a, "<a>", "</a>", XML_MAX_DEPTH + 1);
    CHECK(is_limit(&a, deep, XML_MAX_DEPTH * 3), "one deeper");
    CHECK(is_limit(&a, repeated(&a, "<a>", "</a>", 100000), XML_MAX_DEPTH * 3), "much deeper");
    Str parts = repeated(&a, "<b x=''/>", "", XML_MAX_NODES / 2 - 1);
    Str fits = str_fmt(&a, "<r>" STR_FMT "<c/></r>", STR_ARG(parts));
    const XmlNode *n = xml_read(&a, &d, 1, fits);
    CHECK(n && !d.errors, "nodes enough");
    Str over = str_fmt(&a, "<r>" STR_FMT "<c/><d/></r>", STR_ARG(parts));
    CHECK(is_limit(&a, over, over.len - 8), "one node more");
    char *at = arena_alloc(&a, XML_MAX_BYTES + 1);
    memset(at, ' ', XML_MAX_BYTES + 1);
    memcpy(at, "<a>", 3);
    memcpy(at + XML_MAX_BYTES - 4, "</a>", 4);
    CHECK(xml_read(&a, &d, 1, (Str){at, XML_MAX_BYTES}), "bytes enough");
    CHECK(is_limit(&a, (Str){at, XML_MAX_BYTES + 1}, 0), "one byte more");
    arena_free(&a);
}

TEST(xml_counts_attributes_and_namespaces)
{
    static const struct {
        const char *part;
        int fits;
    } rows[] = {{" a%d='%d'", XML_MAX_ATTRS}, {" xmlns:a%d='%d'", XML_MAX_SPACES}};
    Arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++)
        for (int more = 0; more < 2; more++) {
            StrBuf b = buf_in(&a);
            BUF_LIT(&b, "<r>一<a");
            for (int n = 0; n < rows[i].fits + more; n++)
                for (const char *c = rows[i].part; *c; c++)
                    if (*c == '%')
                        buf_int(&b, n), c++;
                    else
                        buf_char(&b, *c);
            BUF_LIT(&b, "/></r>");
            Diags d = new_diags(&a, buf_str(&b));
            if (more)
                CHECK(is_limit(&a, buf_str(&b), 6), "row %zu", i);
            else
                CHECK(xml_read(&a, &d, 1, buf_str(&b)), "row %zu", i);
        }
    arena_free(&a);
}

/* libxml2 takes the text in pieces: places past the first piece are as exact. */
TEST(xml_places_in_a_long_text)
{
    static const struct {
        Str fault, at;
    } rows[] = {
        {STR_INIT("<p:x/>"), STR_INIT("<p:x")},
        {STR_INIT("<x></y>"), STR_INIT("</y")},
        {STR_INIT("&nbsp;"), STR_INIT("&nbsp")},
        {STR_INIT("\x01"), STR_INIT("\x01")},
    };
    Arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t n = 0; n < 40; n++) {
            StrBuf b = buf_in(&a);
            BUF_LIT(&b, "<根>");
            for (size_t k = 0; k < n * 97; k++)
                BUF_LIT(&b, "<项 名='值一'>文</项>\r\n");
            buf_add(&b, rows[i].fault);
            Str text = buf_str(&b);
            BUF_LIT(&b, "</根>");
            Diags d = new_diags(&a, buf_str(&b));
            const XmlNode *root = xml_read(&a, &d, 1, buf_str(&b));
            uint32_t want =
                (uint32_t)(text.len - rows[i].fault.len + str_find(rows[i].fault, rows[i].at, 0));
            CHECK(!root && d.errors == 1, "row %zu of %zu: %zu", i, n, d.errors);
            CHECK(d.list.at[0].offset == want, "row %zu of %zu: %u not %u", i, n,
                  d.list.at[0].offset, want);
            arena_reset(&a);
        }
    arena_free(&a);
}

TEST(xml_looks_up)
{
    Str text = STR("<r xmlns:p='u' p:a='1' a='2'><b n='1'/><p:b n='2'/><b n='3'/></r>");
    Arena a = {0};
    Diags d = new_diags(&a, text);
    const XmlNode *r = xml_read(&a, &d, 1, text);
    const XmlAttr *spaced = xml_attr_at(r, STR("u"), STR("a"));
    CHECK(spaced && str_eq(spaced->value, STR("1")), "with namespace");
    CHECK(str_eq(xml_attr(r, "a"), STR("2")), "without");
    CHECK(str_empty(xml_attr(r, "c")) && !xml_attr_at(r, STR("u"), STR("c")), "absent");
    const XmlNode *b = xml_child(r, "b");
    CHECK(str_eq(xml_attr(b, "n"), STR("1")), "first");
    CHECK(str_eq(xml_attr(xml_next(b, "b"), "n"), STR("2")), "next, of another namespace");
    CHECK(xml_count(r, "b") == 3 && xml_count(b, "b") == 0 && xml_count(r, "c") == 0, "count");
    CHECK(!xml_child(b, "b") && !xml_child(NULL, "b") && !xml_next(NULL, "b"), "none");
    arena_free(&a);
}

TEST(xml_escape_comes_back)
{
    Arena a = {0};
    Str all = STR("<a href=\"x\">'&amp;'</a>\t一\r\n𝄞 ]]>");
    StrBuf b = buf_in(&a);
    BUF_LIT(&b, "<r x=\"");
    xml_escape(&b, all);
    BUF_LIT(&b, "\" y='");
    xml_escape(&b, all);
    BUF_LIT(&b, "'>");
    xml_escape(&b, all);
    BUF_LIT(&b, "</r>");
    Diags d = new_diags(&a, buf_str(&b));
    const XmlNode *n = xml_read(&a, &d, 1, buf_str(&b));
    CHECK(n, STR_FMT, STR_ARG(diag_render(&a, &d)));
    CHECK(str_eq(xml_attr(n, "x"), all), "in double quotes");
    CHECK(str_eq(xml_attr(n, "y"), all), "in single quotes");
    CHECK(n && str_eq(n->text, all), "as text");
    b = buf_in(&a);
    xml_escape(&b, STR("a\x01"
                       "b\0\x1f\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd\xef\xbf"));
    CHECK(str_eq(buf_str(&b), STR("a\xef\xbf\xbd"
                                  "b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
                                  "\xef\xbf\xbd\xef\xbf")),
          "what XML cannot hold");
    arena_free(&a);
}
