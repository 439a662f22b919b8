/* SPDX-License-Identifier: Apache-2.0 */
#include "services/certificate/localise.h"

#include "check.h"
#include "json/json.h"

enum { CHINA = 480 };

static const char data[] = "{\"item_name\":{\"zh\":\"工伤认定\",\"en\":\"Work injury\"},"
                           "\"telling_at\":1795771800000,\"decided_at\":0,"
                           "\"hearing_day\":\"2026-11-16\",\"case_no\":\"YX-1\","
                           "\"missing\":[{\"name\":{\"zh\":\"病历\",\"en\":\"Record\"}}]}";

static const struct {
    const char *path;
    Lang lang;
    const char *text;
} rows[] = {
    {"item_name", LANG_ZH, "工伤认定"},
    {"item_name", LANG_EN, "Work injury"},
    {"telling_date", LANG_ZH, "2026年11月27日"},
    {"telling_time", LANG_EN, "27 November 2026, 5:30pm"},
    {"decided_date", LANG_ZH, ""},
    {"hearing_date", LANG_EN, "16 November 2026"},
    {"case_no", LANG_ZH, "YX-1"},
};

/* A template that names an entry finds in localise_for what localise makes of it. */
TEST(localise_for_gives_what_the_template_names)
{
    Arena a = {0};
    const Value *v = json_read(&a, str_z(data), NULL);
    CHECK(v != NULL, "data");
    for (size_t i = 0; v && i < COUNT(rows); i++) {
        Str path = str_z(rows[i].path), want = str_z(rows[i].text);
        Str template = str_fmt(&a, "before {{" STR_FMT "}} after", STR_ARG(path));
        const Value *all = localise(&a, v, rows[i].lang, CHINA);
        const Value *some = localise_for(&a, v, template, rows[i].lang, CHINA);
        Str got = value_text(value_path(some, path));
        CHECK(str_eq(got, want), "%s: " STR_FMT, rows[i].path, STR_ARG(got));
        CHECK(str_eq(got, value_text(value_path(all, path))), "%s: as localise", rows[i].path);
        CHECK(value_count(some) < value_count(all), "%s: no more than needed", rows[i].path);
    }
    const Value *list =
        localise_for(&a, v, STR("{{#missing}}{{name}}{{/missing}}"), LANG_EN, CHINA);
    const Value *missing = value_at(list, "missing");
    CHECK(value_count(missing) == 1 &&
              str_eq(get_str(missing->list.items[0], "name"), STR("Record")),
          "lists too");
    arena_free(&a);
}
