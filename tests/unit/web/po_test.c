/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "web/po.h"

static const struct {
    const char *name, *source;
    const char *key, *text; /* one entry to find, or NULL */
    size_t errors;
    const char *rule; /* of the first error */
    uint32_t offset;
} rows[] = {
    {"empty file", "", NULL, NULL, 0, NULL, 0},
    {"one entry", "msgid \"a\"\nmsgstr \"one\"\n", "a", "one", 0, NULL, 0},
    {"no last newline", "msgid \"a\"\nmsgstr \"one\"", "a", "one", 0, NULL, 0},
    {"windows lines", "msgid \"a\"\r\nmsgstr \"one\"\r\n", "a", "one", 0, NULL, 0},
    {"several lines", "msgid \"a\"\nmsgstr \"\"\n\"one \"\n\"two\"\n", "a", "one two", 0, NULL, 0},
    {"long key", "msgid \"a\"\n\".b\"\nmsgstr \"x\"\n", "a.b", "x", 0, NULL, 0},
    {"escapes", "msgid \"a\"\nmsgstr \"\\\"\\\\\\n\\t\"\n", "a", "\"\\\n\t", 0, NULL, 0},
    {"comments", "# x\n#. y\n\nmsgid \"a\"\n#~ z\nmsgstr \"1\"\n", "a", "1", 0, NULL, 0},
    {"header", "msgid \"\"\nmsgstr \"Language: en\\n\"\n", NULL, NULL, 0, NULL, 0},
    {"key twice", "msgid \"a\"\nmsgstr \"1\"\nmsgid \"a\"\nmsgstr \"2\"\n", "a", "1", 1, "po.twice",
     21},
    {"empty text", "msgid \"a\"\nmsgstr \"\"\n", NULL, NULL, 1, "po.empty", 0},
    {"no text", "msgid \"a\"\n", NULL, NULL, 1, "po.syntax", 0},
    {"two keys", "msgid \"a\"\nmsgid \"b\"\nmsgstr \"x\"\n", "b", "x", 1, "po.syntax", 0},
    {"text alone", "msgstr \"x\"\n", NULL, NULL, 1, "po.syntax", 0},
    {"no quotes", "msgid a\nmsgstr \"x\"\n", NULL, NULL, 1, "po.syntax", 6},
    {"bare quote", "msgid \"a\"\nmsgstr \"x\"y\"\n", NULL, NULL, 1, "po.syntax", 19},
    {"unknown escape", "msgid \"a\"\nmsgstr \"\\q\"\n", NULL, NULL, 1, "po.syntax", 18},
    {"open escape", "msgid \"a\"\nmsgstr \"x\\\"\n", NULL, NULL, 1, "po.syntax", 19},
    {"plural", "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr \"x\"\n", NULL, NULL, 1, "po.syntax", 10},
    {"context", "msgctxt \"c\"\nmsgid \"a\"\nmsgstr \"x\"\n", "a", "x", 1, "po.syntax", 0},
    {"goes on", "rubbish\nmsgid \"a\"\nmsgstr \"x\"\nmsgid b\nmsgstr \"y\"\n", "a", "x", 2,
     "po.syntax", 0},
};

TEST(po_reads_what_is_right_and_tells_what_is_not)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        Arena a = {0};
        Diags d = {.arena = &a};
        Value *texts = value_map(&a);
        Str source = str_z(rows[i].source);
        po_read(&a, source, diag_file(&d, STR("x.po"), source), texts, &d);
        CHECK(d.errors == rows[i].errors, "%s: %zu errors", rows[i].name, d.errors);
        CHECK(!rows[i].key || str_eq(get_str(texts, rows[i].key), str_z(rows[i].text)), "%s: text",
              rows[i].name);
        CHECK(rows[i].key || value_count(texts) == 0, "%s: nothing is kept", rows[i].name);
        if (rows[i].rule && d.list.len) {
            CHECK(strcmp(d.list.at[0].rule, rows[i].rule) == 0, "%s: %s", rows[i].name,
                  d.list.at[0].rule);
            CHECK(d.list.at[0].offset == rows[i].offset, "%s: offset %u", rows[i].name,
                  d.list.at[0].offset);
        }
        arena_free(&a);
    }
}
