/* SPDX-License-Identifier: Apache-2.0 */
#include "yaml/yaml.h"

#include "check.h"

/* A Value as one line: maps {k:v}, lists [v], texts in quotes, numbers bare. */
static void show(StrBuf *b, const Value *v)
{
    switch (v->kind) {
    case VALUE_NULL: BUF_LIT(b, "null"); break;
    case VALUE_BOOL: buf_add(b, v->truth ? STR("true") : STR("false")); break;
    case VALUE_NUMBER: buf_add(b, v->text); break;
    case VALUE_STR: buf_fmt(b, "'" STR_FMT "'", STR_ARG(v->text)); break;
    case VALUE_LIST:
        buf_char(b, '[');
        for (uint32_t i = 0; i < v->list.count; i++) {
            buf_add(b, i ? STR(",") : STR(""));
            show(b, v->list.items[i]);
        }
        buf_char(b, ']');
        break;
    case VALUE_MAP:
        buf_char(b, '{');
        for (uint32_t i = 0; i < v->map.count; i++) {
            buf_fmt(b, "%s" STR_FMT ":", i ? "," : "", STR_ARG(v->map.members[i].key));
            show(b, v->map.members[i].value);
        }
        buf_char(b, '}');
        break;
    }
}

static Diags new_diags(Arena *a, Str text)
{
    Diags d = {.arena = a};
    (void)diag_file(&d, STR("other.yaml"), STR(""));
    (void)diag_file(&d, STR("a.yaml"), text);
    return d;
}

static const struct {
    Str in, out;
} good[] = {
    {STR_INIT(""), STR_INIT("null")},
    {STR_INIT("# only a note\n"), STR_INIT("null")},
    {STR_INIT("---\n...\n"), STR_INIT("null")},
    {STR_INIT("a: 1\nb: [x, 'y', \"z\"]\n"), STR_INIT("{a:1,b:['x','y','z']}")},
    {STR_INIT("%YAML 1.1\n---\na: 1\n"), STR_INIT("{a:1}")},
    {STR_INIT("\xef\xbb\xbf"
              "a: 1\n"),
     STR_INIT("{a:1}")},
    {STR_INIT("a:\nb: ~\nc: null\nd: ''\n"), STR_INIT("{a:null,b:null,c:null,d:''}")},
    {STR_INIT("[true, false, True, yes, no, on, off, 'true']"),
     STR_INIT("[true,false,'True','yes','no','on','off','true']")},
    {STR_INIT("[0, -0, 12, -1.50, 1e5, 1E-5, 0.1]"), STR_INIT("[0,-0,12,-1.50,1e5,1E-5,0.1]")},
    {STR_INIT("[007, +1, .5, 1., 0x1F, 1_000, 1e, 1e+, -, 1.2.3, .inf]"),
     STR_INIT("['007','+1','.5','1.','0x1F','1_000','1e','1e+','-','1.2.3','.inf']")},
    {STR_INIT("[330106199001011234567890, 12345678901234567890.5]"),
     STR_INIT("[330106199001011234567890,12345678901234567890.5]")},
    {STR_INIT("[2026-11-22, 15:30, 330106-0042]"),
     STR_INIT("['2026-11-22','15:30','330106-0042']")},
    {STR_INIT("['1', \"2\", '~', '']"), STR_INIT("['1','2','~','']")},
    {STR_INIT("t: |\n  one\n  two\nf: >-\n  three\n  four\n"),
     STR_INIT("{t:'one\ntwo\n',f:'three four'}")},
    {STR_INIT("t: \"\\u4e00\\n\\x41\"\n"), STR_INIT("{t:'一\nA'}")},
    {STR_INIT("- - 1\n  - 2\n- {a: {b: []}}\n"), STR_INIT("[[1,2],{a:{b:[]}}]")},
    {STR_INIT("name: {zh: 一门, en: One door}\n"), STR_INIT("{name:{zh:'一门',en:'One door'}}")},
    {STR_INIT("? a\n: 1\n"), STR_INIT("{a:1}")},
    {STR_INIT("'1': a\n'<<': b\n"), STR_INIT("{1:'a',<<:'b'}")},
    {STR_INIT("a: 1\r\nb:\r\n  - x\r\n"), STR_INIT("{a:1,b:['x']}")},
};

TEST(yaml_reads_the_subset)
{
    Arena a = {0};
    for (size_t i = 0; i < COUNT(good); i++) {
        Diags d = new_diags(&a, good[i].in);
        const Value *v = yaml_read(&a, &d, 1, good[i].in);
        CHECK(v && !d.errors, "row %zu: " STR_FMT, i, STR_ARG(diag_render(&a, &d)));
        StrBuf b = buf_in(&a);
        if (v)
            show(&b, v);
        CHECK(str_eq(buf_str(&b), good[i].out), "row %zu: " STR_FMT, i, STR_ARG(buf_str(&b)));
    }
    arena_free(&a);
}

/* One problem each, at the first byte of `at` in the text (its last occurrence). */
static const struct {
    Str in;
    const char *rule;
    Str at;
    bool goes_on; /* a Value comes back all the same */
} bad[] = {
    {STR_INIT("门: &x 1\n"), "yaml.anchor", STR_INIT("&x"), true},
    {STR_INIT("门: &x [1]\n"), "yaml.anchor", STR_INIT("&x"), true},
    {STR_INIT("门: &x {a: 1}\n"), "yaml.anchor", STR_INIT("&x"), true},
    {STR_INIT("门: 门\nb: !!str 1\n"), "yaml.tag", STR_INIT("!!str"), true},
    {STR_INIT("门: 门\nb: !local [1]\n"), "yaml.tag", STR_INIT("!local"), true},
    {STR_INIT("门: 门\nb: ! x\n"), "yaml.tag", STR_INIT("! x"), true},
    {STR_INIT("%TAG ! tag:x,2026:\n---\na: 1\n"), "yaml.tag", STR_INIT("%TAG"), true},
    {STR_INIT("a:\n  一: 1\n<<: {b: 2}\n"), "yaml.merge-key", STR_INIT("<<"), true},
    {STR_INIT("一: 1\n二: 2\n一: 3\n"), "yaml.duplicate-key", STR_INIT("一: 3"), true},
    {STR_INIT("一: {a: 1, b: 二, \"a\": 3}\n"), "yaml.duplicate-key", STR_INIT("\"a\""), true},
    {STR_INIT("一: 二\n1: x\n"), "yaml.key", STR_INIT("1: x"), true},
    {STR_INIT("一: 二\ntrue: x\n"), "yaml.key", STR_INIT("true"), true},
    {STR_INIT("一: 二\n~: x\n"), "yaml.key", STR_INIT("~"), true},
    {STR_INIT("一: 二\n? [a, b]\n: 1\nc: 2\n"), "yaml.key", STR_INIT("[a"), true},
    {STR_INIT("一: 二\n? {a: b}\n: 1\n"), "yaml.key", STR_INIT("{a"), true},
    {STR_INIT("一: 二\n---\nb: 2\n"), "yaml.document", STR_INIT("---"), true},
    {STR_INIT("--- 一\n--- 二\n--- 三\n"), "yaml.document", STR_INIT("--- 二"), true},
    {STR_INIT("一: \"二\n"), "yaml.syntax", STR_INIT(""), false},
    {STR_INIT("一: 二\n\tb: 1\n"), "yaml.syntax", STR_INIT("\tb"), false},
    {STR_INIT("一: 二: 三\n"), "yaml.syntax", STR_INIT(": 三"), false},
    {STR_INIT("一: [1, 2\nb: 3\n"), "yaml.syntax", STR_INIT(": 3"), false},
    {STR_INIT("一: @x\n"), "yaml.syntax", STR_INIT("@x"), false},
    {STR_INIT("一: 1\n  b: 2\n"), "yaml.syntax", STR_INIT(": 2"), false},
    {STR_INIT("一: \x01\n"), "yaml.syntax", STR_INIT("\x01"), false},
    {STR_INIT("\xef\xbb\xbf一: \x01\n"), "yaml.syntax", STR_INIT("\x01"), false},
    {STR_INIT("\xef\xbb\xbf一: @x\n"), "yaml.syntax", STR_INIT("@x"), false},
    {STR_INIT("一: 二\r\n三: @x\r\n"), "yaml.syntax", STR_INIT("@x"), false},
    {STR_INIT("一: \"\\q\"\n"), "yaml.syntax", STR_INIT("\\q"), false},
    {STR_INIT("一: a\xff\n"), "yaml.utf8", STR_INIT("\xff"), false},
    {STR_INIT("一: \xc4\xe3\n"), "yaml.utf8", STR_INIT("\xc4"), false},
};

static size_t last_place(Str text, Str part)
{
    size_t found = text.len;
    for (size_t at = 0; part.len && (at = str_find(text, part, at)) != SIZE_MAX; at++)
        found = at;
    return found;
}

TEST(yaml_refuses_with_rule_and_place)
{
    Arena a = {0};
    for (size_t i = 0; i < COUNT(bad); i++) {
        Diags d = new_diags(&a, bad[i].in);
        const Value *v = yaml_read(&a, &d, 1, bad[i].in);
        Str all = diag_render(&a, &d);
        CHECK(d.errors == 1, "row %zu: %zu problems\n" STR_FMT, i, d.errors, STR_ARG(all));
        CHECK((v != NULL) == bad[i].goes_on, "row %zu", i);
        if (!d.list.len)
            continue;
        const Diag *one = &d.list.at[0];
        CHECK(strcmp(one->rule, bad[i].rule) == 0 && one->file == 1, "row %zu: %s", i, one->rule);
        size_t want = last_place(bad[i].in, bad[i].at);
        CHECK(one->offset == want, "row %zu: %u not %zu\n" STR_FMT, i, one->offset, want,
              STR_ARG(all));
        CHECK(one->message.len && !str_ends(one->message, STR(".")), "row %zu", i);
    }
    arena_free(&a);
}

TEST(yaml_reports_all_problems_of_one_run)
{
    Str text = STR("名称: &a 一\n"
                   "名称: 二\n"
                   "b: *a\n"
                   "c: !!int 3\n"
                   "<<: {d: 1}\n"
                   "4: x\n"
                   "e: [&b 1, *b, {f: 1, f: 2}]\n"
                   "---\n"
                   "g: 1\n");
    static const char *const rules[] = {
        "yaml.anchor", "yaml.duplicate-key", "yaml.alias", "yaml.tag",           "yaml.merge-key",
        "yaml.key",    "yaml.anchor",        "yaml.alias", "yaml.duplicate-key", "yaml.document"};
    static const uint32_t lines[] = {1, 2, 3, 4, 5, 6, 7, 7, 7, 8};
    Arena a = {0};
    Diags d = new_diags(&a, text);
    const Value *v = yaml_read(&a, &d, 1, text);
    CHECK(v && d.list.len == COUNT(rules), STR_FMT, STR_ARG(diag_render(&a, &d)));
    for (size_t i = 0; i < COUNT(rules) && i < d.list.len; i++) {
        uint32_t line, column;
        diag_place(text, d.list.at[i].offset, &line, &column);
        CHECK(strcmp(d.list.at[i].rule, rules[i]) == 0, "problem %zu: %s", i, d.list.at[i].rule);
        CHECK(line == lines[i], "problem %zu: line %u", i, line);
    }
    CHECK(str_eq(get_str(v, "名称"), STR("一")), "the first of two stays");
    CHECK(value_is(value_at(v, "b"), VALUE_NULL) && !value_at(v, "4"), "the rest is read past");
    CHECK(str_find(d.list.at[1].cure, STR("line 1"), 0) != SIZE_MAX, "where the first stands");
    arena_free(&a);
}

/* Each key and value stands where the text has it, whatever came before. */
TEST(yaml_places_are_bytes)
{
    static const Str texts[] = {
        STR_INIT(
            "甲: 值一\n乙:\n  - 项\n  - \"引 号\" # 注\n  - '单'\n丙: {丁: 5, e: [六]}\nlast: x\n"),
        STR_INIT("\xef\xbb\xbf甲: 值一\r\n乙:\r\n- 项\r\n- \"引 号\" # 😀\r\n- '单'\r\n"
                 "丙: {丁: 5, e: [六]}\r\nlast: x\r\n"),
        STR_INIT("# 𝄞é 注\n甲:   值一\n乙: [项, \"引 号\", '单']\n丙:\n    丁: 5\n    e: [ 六 "
                 "]\nlast: x"),
    };
    Arena a = {0};
    for (size_t i = 0; i < COUNT(texts); i++) {
        Str t = texts[i];
        Diags d = new_diags(&a, t);
        const Value *v = yaml_read(&a, &d, 1, t);
        CHECK(v && !d.errors, "text %zu: " STR_FMT, i, STR_ARG(diag_render(&a, &d)));
        if (!v)
            continue;
        for (uint32_t m = 0; m < v->map.count; m++) {
            Str at_key = str_slice(t, v->map.members[m].key_offset, t.len);
            CHECK(str_starts(at_key, v->map.members[m].key), "text %zu key %u", i, m);
        }
        const Value *list = value_at(v, "乙"), *map = value_at(v, "丙");
        static const Str first[] = {STR_INIT("项"), STR_INIT("\"引"), STR_INIT("'单")};
        for (uint32_t n = 0; n < COUNT(first); n++) {
            const Value *item = list->list.items[n];
            CHECK(str_starts(str_slice(t, item->offset, t.len), first[n]), "text %zu item %u", i,
                  n);
            CHECK(item->file == 1, "text %zu item %u", i, n);
        }
        const struct {
            const Value *v;
            Str want;
        } rows[] = {
            {value_at(v, "甲"), STR("值一")}, {value_at(map, "丁"), STR("5")},
            {value_at(map, "e"), STR("[")},   {value_at(map, "e")->list.items[0], STR("六")},
            {value_at(v, "last"), STR("x")},
        };
        for (size_t n = 0; n < COUNT(rows); n++)
            CHECK(str_starts(str_slice(t, rows[n].v->offset, t.len), rows[n].want),
                  "text %zu value %zu: %u", i, n, rows[n].v->offset);
        CHECK(map->map.members[0].key_offset == str_find(t, STR("丁"), 0), "text %zu inner key", i);
    }
    arena_free(&a);
}

static const Value *read_repeated(Arena *a, Diags *d, Str head, Str part, size_t n)
{
    StrBuf b = buf_in(a);
    buf_add(&b, head);
    for (size_t i = 0; i < n; i++)
        buf_add(&b, part);
    *d = new_diags(a, buf_str(&b));
    return yaml_read(a, d, 1, buf_str(&b));
}

TEST(yaml_is_bounded)
{
    static const struct {
        Str head, part;
        size_t fits;
    } rows[] = {
        {STR_INIT(""), STR_INIT("- "), YAML_MAX_DEPTH - 1}, /* the empty item is a value too */
        {STR_INIT(""), STR_INIT("- 1\n"), YAML_MAX_NODES - 1},
        {STR_INIT("#"), STR_INIT("0123456"), (YAML_MAX_BYTES - 1) / 7},
    };
    Arena a = {0};
    for (size_t i = 0; i < COUNT(rows); i++) {
        Diags d;
        CHECK(read_repeated(&a, &d, rows[i].head, rows[i].part, rows[i].fits), "row %zu fits", i);
        CHECK(!read_repeated(&a, &d, rows[i].head, rows[i].part, rows[i].fits + 1), "row %zu", i);
        CHECK(d.errors == 1 && strcmp(d.list.at[0].rule, "yaml.limit") == 0, "row %zu", i);
        arena_reset(&a);
    }
    Diags d;
    CHECK(!read_repeated(&a, &d, STR(""), STR("["), 1000000), "open brackets");
    CHECK(d.errors == 1 && strcmp(d.list.at[0].rule, "yaml.limit") == 0, "%s", d.list.at[0].rule);
    CHECK(d.list.at[0].offset == YAML_MAX_DEPTH, "%u", d.list.at[0].offset);
    CHECK(!read_repeated(&a, &d, STR(""), STR("{a: "), 1000000), "open braces");
    CHECK(d.errors == 1 && strcmp(d.list.at[0].rule, "yaml.limit") == 0, "%s", d.list.at[0].rule);
    arena_free(&a);
}

/* Such a line may stand in a text, but a hundred of them never do. */
TEST(yaml_directives_are_bounded)
{
    Arena a = {0};
    for (size_t more = 0; more < 2; more++) {
        StrBuf b = buf_in(&a);
        buf_char(&b, '"');
        for (size_t i = 0; i < YAML_MAX_DIRECTIVES - 1 + more; i++)
            BUF_LIT(&b, "\n%TAG x");
        size_t last = buf_str(&b).len - 6;
        buf_char(&b, '"');
        Diags d = new_diags(&a, buf_str(&b));
        const Value *v = yaml_read(&a, &d, 1, buf_str(&b));
        CHECK((v != NULL) == !more && d.errors == more, "%zu more", more);
        if (!more || !d.list.len)
            continue;
        CHECK(strcmp(d.list.at[0].rule, "yaml.limit") == 0, "%s", d.list.at[0].rule);
        CHECK(d.list.at[0].offset == last, "%u not %zu", d.list.at[0].offset, last);
    }
    arena_free(&a);
}

/* Many duplicates of a key far down: as fast as one, and only the first tell the other line. */
TEST(yaml_many_duplicates)
{
    enum { KEYS = 40000, TIMES = 2000 };
    Arena a = {0};
    StrBuf b = buf_in(&a);
    for (int i = 0; i < KEYS; i++)
        buf_fmt(&b, "key%d: 1\n", i);
    for (int i = 0; i < TIMES; i++)
        buf_fmt(&b, "key%d: 2\n", KEYS - 1);
    Diags d = new_diags(&a, buf_str(&b));
    const Value *v = yaml_read(&a, &d, 1, buf_str(&b));
    CHECK(v && value_count(v) == KEYS && d.errors == TIMES, "%zu", d.errors);
    CHECK(str_eq(d.list.at[0].cure, STR("it stands on line 40000 already")), "the first");
    CHECK(str_empty(d.list.at[DIAG_MAX - 1].cure), "the last that is kept");
    arena_free(&a);
}
