/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every rule that the code names is documented, every documented one is in the code and has a case,
 * and docs/checks.md is what the table says.
 */
#include "base/file.h"
#include "catalogue/rules.h"
#include "check.h"

static Str read_all(Arena *a, Str path)
{
    Str s = {0};
    Err err = {0};
    CHECK(file_read(a, path, 4 << 20, &s, &err), "%s", err.msg);
    return s;
}

/* All files of a folder, one after the other. */
static Str read_folder(Arena *a, Str folder, Str ending)
{
    StrVec paths = {0};
    StrBuf b = buf_in(a);
    Err err = {0};
    CHECK(file_list(a, folder, ending, &paths, &err), "%s", err.msg);
    for (size_t i = 0; i < paths.len; i++)
        buf_add(&b, read_all(a, path_join(a, folder, paths.at[i])));
    return buf_str(&b);
}

static const char *const rooms[] = {"src/catalogue", "src/model", "src/yaml",
                                    "src/xml",       "src/csv",   "src/sheet"};

/* Written like a rule, and none. */
static const char *const others[] = {"certificate.issue", "message.send", "paper.issue",
                                     "case.accept",       "case.grant",   "limits.legal",
                                     "limits.promise"};

static bool is_other(Str s)
{
    for (size_t i = 0; i < COUNT(others); i++)
        if (str_eq(s, str_z(others[i])))
            return true;
    return str_ends(s, STR(".yaml")) || str_starts(s, STR("error."));
}

/* What no folder of text shows: limits of thousands, versions that were tampered with, files that
 * cannot be written, dates that pass; and two that stand in for what is refused before. */
static const char *const elsewhere[] = {
    "catalogue.limit",  "catalogue.syntax",   "catalogue.version",
    "catalogue.folder", "delegation.expired", "place.exception-expired",
    "sheet.file",       "sheet.folder",       "sheet.limit",
    "bundle.nested",    "bundle.when-circle", "bundle.asks-own-result"};

static bool is_elsewhere(Str id)
{
    for (size_t i = 0; i < COUNT(elsewhere); i++)
        if (str_eq(id, str_z(elsewhere[i])))
            return true;
    return str_starts(id, STR("sample.")); /* what comes of a run: tests/cli */
}

/* word.word-word */
static bool like_rule(Str s)
{
    size_t dot = str_find(s, STR("."), 0);
    bool ok = dot != SIZE_MAX && dot > 1 && dot + 1 < s.len;
    for (size_t i = 0; ok && i < s.len; i++) {
        char c = s.at[i];
        ok = (c >= 'a' && c <= 'z') || i == dot || (i > dot && c == '-');
    }
    return ok;
}

/* From one text in quotes to the next, comments left out by their lines. */
static void check_code(Str code, const char *room)
{
    Str rest = code, line;
    while (str_split(&rest, '\n', &line)) {
        Str trimmed = str_trim(line);
        if (str_starts(trimmed, STR("*")) || str_starts(trimmed, STR("/*")))
            continue;
        for (size_t at = str_find(line, STR("\""), 0); at != SIZE_MAX;) {
            size_t end = str_find(line, STR("\""), at + 1);
            Str text = str_slice(line, at + 1, end == SIZE_MAX ? at + 1 : end);
            if (like_rule(text) && !is_other(text))
                CHECK(check_rule(text) != NULL,
                      "%s: '" STR_FMT "' has no row in src/catalogue/rules.def", room,
                      STR_ARG(text));
            at = end == SIZE_MAX ? SIZE_MAX : str_find(line, STR("\""), end + 1);
        }
    }
}

TEST(rules_of_the_code_are_documented)
{
    for (size_t i = 0; i < COUNT(rooms); i++) {
        Arena a = {0};
        check_code(read_folder(&a, str_z(rooms[i]), STR(".c")), rooms[i]);
        arena_free(&a);
    }
}

TEST(rules_are_in_order_and_say_something)
{
    CHECK(check_rule_count > 200, "%zu rules", check_rule_count);
    for (size_t i = 0; i < check_rule_count; i++) {
        const CheckRule *r = &check_rules[i];
        CHECK(i == 0 || str_cmp(str_z(check_rules[i - 1].id), str_z(r->id)) < 0, "%s", r->id);
        CHECK(str_z(r->what).len > 10 && str_z(r->cure).len > 3, "%s", r->id);
        CHECK(!str_ends(str_z(r->what), STR(".")) && !str_ends(str_z(r->cure), STR(".")), "%s",
              r->id);
    }
    CHECK(check_rule(STR("item.nothing-such")) == NULL, "an unknown one");
}

TEST(rules_have_a_case_each)
{
    Arena a = {0};
    Str cases = str_join(&a, read_folder(&a, STR("tests/cases/broken"), STR(".case")),
                         read_folder(&a, STR("tests/cases/bpmn"), STR(".test")));
    Str tests = str_join(&a, cases, read_folder(&a, STR("tests/unit"), STR(".c")));
    size_t kinds = 0, expected = 0;
    for (size_t i = 0; i < check_rule_count; i++) {
        Str id = str_z(check_rules[i].id);
        CHECK(is_elsewhere(id) || str_find(tests, id, 0) != SIZE_MAX, "%s has no case",
              check_rules[i].id);
        kinds += str_find(cases, id, 0) != SIZE_MAX;
    }
    for (size_t at = str_find(cases, STR("\nexpect: "), 0); at != SIZE_MAX;
         at = str_find(cases, STR("\nexpect: "), at + 1))
        expected++;
    CHECK(kinds >= 150, "%zu rules with a case", kinds);
    CHECK(expected >= 250, "%zu messages with their places", expected);
    arena_free(&a);
}

TEST(checks_document_is_what_the_table_says)
{
    Arena a = {0};
    Str said = read_all(&a, STR("docs/checks.md"));
    CHECK(str_eq(said, check_rules_markdown(&a)),
          "write it anew: onedoor explain --markdown > docs/checks.md");
    arena_free(&a);
}
