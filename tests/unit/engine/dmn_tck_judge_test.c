/* SPDX-License-Identifier: Apache-2.0 */
/* The runner of the DMN TCK judged itself: a reader or a comparison that is too kind would make
 * every case pass. */
#include "check.h"
#include "dmn_tck.h"

static FeelValue value_of(Arena *a, Str text)
{
    Err err = {0};
    FeelValue v = feel_null();
    const FeelProgram *p = feel_compile(a, text, NULL, FEEL_EXPRESSION, &err);
    bool ok = p && feel_eval(a, p, NULL, 0, &v, &err);
    CHECK(ok, STR_FMT ": %s", STR_ARG(text), err.msg);
    CHECK((v.kind == FEEL_NULL) == str_eq(text, STR("null")), STR_FMT " is null", STR_ARG(text));
    return v;
}

TEST(dmn_tck_compare)
{
    static const struct {
        const char *a, *b;
        bool same;
    } table[] = {
        {"null", "null", true},
        {"null", "\"\"", false},
        {"null", "0", false},
        {"null", "false", false},
        {"null", "[]", false},
        {"null", "{}", false},
        {"null", "[null]", false},
        {"true", "true", true},
        {"true", "false", false},
        {"true", "\"true\"", false},
        {"1", "1", true},
        {"1", "1.00", true},
        {"1", "1.000000009", true},
        {"1", "1.00000001", false},
        {"1", "1.0000001", false},
        {"1", "-1", false},
        {"0", "-0", true},
        {"1", "\"1\"", false},
        {"1", "[1]", false},
        {"54.59815003", "54.598150033144239078110261202860878", true},
        {"\"a\"", "\"a\"", true},
        {"\"a\"", "\"A\"", false},
        {"\"a\"", "\"a \"", false},
        {"\"\"", "\" \"", false},
        {"@\"2017-01-02\"", "@\"2017-01-02\"", true},
        {"@\"2017-01-02\"", "@\"2017-01-03\"", false},
        {"@\"2017-01-02\"", "@\"2017-02-02\"", false},
        {"@\"2017-01-02\"", "@\"-2017-01-02\"", false},
        {"@\"2017-01-02\"", "@\"2017-01-02T00:00:00\"", false},
        {"@\"2017-01-02\"", "\"2017-01-02\"", false},
        {"@\"10:20:30\"", "@\"10:20:30\"", true},
        {"@\"10:20:30\"", "@\"10:20:31\"", false},
        {"@\"10:20:30\"", "@\"10:20:30.000000001\"", false},
        {"@\"10:20:30\"", "@\"10:20:30Z\"", false},
        {"@\"10:20:30Z\"", "@\"10:20:30+00:00\"", true},
        {"@\"10:20:30+01:00\"", "@\"09:20:30Z\"", false},
        {"@\"2017-01-02T10:20:30\"", "@\"2017-01-02T10:20:30\"", true},
        {"@\"2017-01-02T10:20:30\"", "@\"2017-01-03T10:20:30\"", false},
        {"@\"2017-01-02T10:20:30\"", "@\"2017-01-02T10:20:31\"", false},
        {"@\"2017-01-02T10:20:30Z\"", "@\"2017-01-02T10:20:30+00:00\"", true},
        {"@\"2017-01-02T10:20:30Z\"", "@\"2017-01-02T10:20:30\"", false},
        {"@\"2017-01-02T10:20:30Z\"", "@\"2017-01-02T12:20:30+02:00\"", false},
        {"@\"2017-01-02T10:20:30@Europe/Paris\"", "@\"2017-01-02T10:20:30@Europe/Paris\"", true},
        {"@\"2017-01-02T10:20:30@Europe/Paris\"", "@\"2017-01-02T10:20:30+01:00\"", false},
        {"@\"10:20:30@Etc/UTC\"", "@\"10:20:30Z\"", false},
        {"@\"P1D\"", "@\"PT24H\"", true},
        {"@\"P1D\"", "@\"-P1D\"", false},
        {"@\"PT1S\"", "@\"PT1.000000001S\"", false},
        {"@\"P1Y\"", "@\"P12M\"", true},
        {"@\"P1Y\"", "@\"P13M\"", false},
        {"@\"P0D\"", "@\"P0M\"", false},
        {"@\"P1Y\"", "@\"P365D\"", false},
        {"[]", "[]", true},
        {"[1]", "1", false},
        {"[1]", "[1, 1]", false},
        {"[1, 2]", "[2, 1]", false},
        {"[1, 2]", "[1, 2.000000001]", true},
        {"[1, null]", "[1]", false},
        {"[[1]]", "[1]", false},
        {"[]", "{}", false},
        {"{}", "{}", true},
        {"{a: 1}", "{a: 1}", true},
        {"{a: 1, b: 2}", "{b: 2, a: 1}", true},
        {"{a: 1}", "{a: 2}", false},
        {"{a: 1}", "{a: 1, b: null}", false},
        {"{a: null}", "{b: null}", false},
        {"{a: {b: [1]}}", "{a: {b: [1]}}", true},
        {"{a: {b: [1]}}", "{a: {b: [2]}}", false},
        {"[1..2]", "[1..2]", false}, /* a test file cannot expect a range, nor a function */
        {"abs", "abs", false},
    };
    Arena a = {0};
    for (size_t i = 0; i < COUNT(table); i++) {
        FeelValue x = value_of(&a, str_z(table[i].a)), y = value_of(&a, str_z(table[i].b));
        CHECK(tck_same(&x, &y) == table[i].same, "%s, %s", table[i].a, table[i].b);
        CHECK(tck_same(&y, &x) == table[i].same, "%s, %s", table[i].b, table[i].a);
        arena_reset(&a);
    }
    arena_free(&a);
}

/* want NULL: must be refused. */
static void read_one(Arena *a, const char *xml, const char *want)
{
    Diags diags = {.arena = a};
    Err err = {0};
    FeelValue v = feel_null();
    Str text = str_fmt(a,
                       "<e xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
                       "xmlns:xsd='http://www.w3.org/2001/XMLSchema'>%s</e>",
                       xml);
    const XmlNode *root = xml_read(a, &diags, diag_file(&diags, STR("e"), text), text);
    CHECK(root != NULL, "%s", xml);
    bool read = root && tck_read_value(a, text, root, &v, &err);
    CHECK(read == (want != NULL), "%s: %s", xml, err.msg);
    if (!read || !want)
        return;
    FeelValue wanted = value_of(a, str_z(want));
    CHECK(tck_same(&wanted, &v), "%s: " STR_FMT, xml, STR_ARG(tck_text(a, &v)));
}

TEST(dmn_tck_read)
{
    static const struct {
        const char *xml, *want;
    } table[] = {
        {"<value xsi:nil='true'/>", "null"},
        {"<value xsi:type='xsd:string'></value>", "\"\""},
        {"<value xsi:type='xsd:string'/>", "\"\""},
        {"<value xsi:type='xsd:string'> a &lt; b </value>", "\" a < b \""},
        {"<value xsi:type='xsd:string'>  </value>", "\"  \""},
        {"<value xsi:type='xsd:string'>null</value>", "\"null\""},
        {"<value xsi:type='xsd:string'>1</value>", "\"1\""},
        {"<value xsi:type='xsd:boolean'>true</value>", "true"},
        {"<value xsi:type='xsd:boolean'>false</value>", "false"},
        {"<value xsi:type='xsd:boolean'>maybe</value>", NULL},
        {"<value xsi:type='xsd:boolean'></value>", NULL},
        {"<value xsi:type='xsd:decimal'>-1.50</value>", "-1.5"},
        {"<value xsi:type='xsd:double'>1.5E3</value>", "1500"},
        {"<value xsi:type='xsd:decimal'>one</value>", NULL},
        {"<value xsi:type='xsd:decimal'></value>", NULL},
        {"<value xsi:type='xsd:date'>2017-09-05</value>", "date(2017, 9, 5)"},
        {"<value xsi:type='xsd:date'>2017-13-05</value>", NULL},
        {"<value xsi:type='xsd:date'>2017-09-05T10:00:00</value>", NULL},
        {"<value xsi:type='xsd:time'>10:20:30</value>", "time(10, 20, 30)"},
        {"<value xsi:type='xsd:time'>10:20:30+01:00</value>",
         "time(10, 20, 30, duration(\"PT1H\"))"},
        {"<value xsi:type='xsd:dateTime'>2017-09-05T10:20:30</value>",
         "date and time(date(2017, 9, 5), time(10, 20, 30))"},
        {"<value xsi:type='xsd:dateTime'>2017-09-05</value>", NULL},
        {"<value xsi:type='xsd:duration'>P1DT2H</value>", "duration(\"PT26H\")"},
        {"<value xsi:type='xsd:duration'>P1Y2M</value>", "duration(\"P14M\")"},
        {"<value xsi:type='xsd:duration'>2017-09-05</value>", NULL},
        {"<value>1</value>", NULL},
        {"<value xsi:type='xsd:anyURI'>a</value>", NULL},
        {"", NULL},
        {"<list></list>", "[]"},
        {"<list><item><value xsi:type='xsd:decimal'>1</value></item>"
         "<item><list><item><value xsi:nil='true'/></item></list></item></list>",
         "[1, [null]]"},
        {"<list><item></item></list>", NULL},
        {"<component name='a b'><value xsi:type='xsd:decimal'>1</value></component>"
         "<component name='c'><component name='d'><value xsi:nil='true'/></component></component>",
         "{\"a b\": 1, c: {d: null}}"},
    };
    Arena a = {0};
    for (size_t i = 0; i < COUNT(table); i++) {
        read_one(&a, table[i].xml, table[i].want);
        arena_reset(&a);
    }
    arena_free(&a);
}

TEST(dmn_tck_cases)
{
    static const char text[] =
        "<testCases xmlns='http://www.omg.org/spec/DMN/20160719/testcase'"
        " xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'><modelName>m.dmn</modelName>"
        "<testCase id='1'><inputNode name='i' namespace='n'><value xsi:nil='true'/></inputNode>"
        "<resultNode name='x'><expected><value xsi:type='boolean'>true</value></expected>"
        "</resultNode><resultNode name='y' errorResult='true'><expected><value xsi:nil='true'/>"
        "</expected></resultNode></testCase><testCase id='2' type='decisionService'"
        " invocableName='s'><resultNode name='z'><expected><list/></expected></resultNode>"
        "</testCase></testCases>";
    Arena a = {0};
    Err err = {0};
    TckFile f = {.folder = STR("folder"), .name = STR("file")};
    CHECK(tck_read(&a, str_z(text), &f, &err), "%s", err.msg);
    CHECK(str_eq(f.model, STR("m.dmn")) && f.cases.len == 2, "%zu cases", f.cases.len);
    const TckCase *one = &f.cases.at[0], *two = &f.cases.at[1];
    CHECK(one->inputs.len == 1 && str_eq(one->inputs.at[0].space, STR("n")), "input");
    CHECK(one->results.len == 2 && one->results.at[0].want.kind == FEEL_BOOLEAN &&
              one->results.at[1].want.kind == FEEL_NULL,
          "both results");
    CHECK(!one->service.len && str_eq(two->service, STR("s")), "service");
    TckReport r = {0};
    tck_report_folder(&r, f.folder);
    tck_report_case(&r, &f, one, STR(""));
    tck_report_case(&r, &f, two, STR("say \"no\"\nand go"));
    static const char csv[] = "\"folder\",\"file\",\"1\",\"SUCCESS\",\"\"\n"
                              "\"folder\",\"file\",\"2\",\"ERROR\",\"say \"\"no\"\" and go\"\n";
    CHECK(str_eq(buf_str(&r.csv), str_z(csv)), STR_FMT, STR_ARG(buf_str(&r.csv)));
    CHECK(r.passed == 1 && r.total == 2 && r.folders.at[0].passed == 1, "%d of %d", r.passed,
          r.total);
    arena_free(&r.arena);
    arena_free(&a);
}
