/* SPDX-License-Identifier: Apache-2.0 */
#include "services/standard/stages.h"

#include "check.h"
#include "json/json.h"

static Value *json(Arena *a, const char *text)
{
    Err err = {0};
    Value *v = json_read(a, str_z(text), &err);
    CHECK(v != NULL, "%s: %s", text, err.msg);
    return v ? v : value_map(a);
}

#define OK_RATES "[{\"ok\": true}]"
#define STEP                                                                                        \
    "{\"title\": \"收件\", \"role\": \"clerk\", \"minutes_before\": \"20\", \"minutes\": \"5\", " \
    "\"verdict\": \"keep\", \"reason\": \"r\"}"
#define READY                                                                                      \
    "{\"steps\": [{\"title\": \"a\"}], \"pilots\": [{\"from_day\": \"2026-10-01\", "               \
    "\"to_day\": \"2026-11-01\"}]"
#define ASKED "{\"release\": {\"by\": \"staff:1\", \"effective_day\": \"2026-12-01\"}}"

typedef struct {
    const char *label, *act, *who;
    Stage from;
    const char *data, *in, *rates;
    Stage to;            /* where it works */
    const char *problem; /* field:key of the first one, NULL: it works */
} Row;

static const Row rows[] = {
    {"a step", "step", "staff:1", STAGE_PROPOSED, "{}", STEP, OK_RATES, STAGE_DISSECTED, NULL},
    {"a step later on", "step", "staff:1", STAGE_PILOTING, "{}", STEP, OK_RATES, STAGE_PILOTING,
     NULL},
    {"no step when accepted", "step", "staff:1", STAGE_ACCEPTED, "{}", STEP, OK_RATES, 0,
     ":standard.error.not-now"},
    {"a step without a title", "step", "staff:1", STAGE_PROPOSED, "{}", "{}", OK_RATES, 0,
     "title:error.required"},
    {"a role that is none", "step", "staff:1", STAGE_PROPOSED, "{}",
     "{\"title\": \"a\", \"role\": \"king\", \"minutes_before\": \"1\", \"minutes\": \"1\", "
     "\"verdict\": \"keep\", \"reason\": \"r\"}",
     OK_RATES, 0, "role:error.option"},
    {"minutes in words", "step", "staff:1", STAGE_PROPOSED, "{}",
     "{\"title\": \"a\", \"role\": \"clerk\", \"minutes_before\": \"two\", \"minutes\": \"1\", "
     "\"verdict\": \"keep\", \"reason\": \"r\"}",
     OK_RATES, 0, "minutes_before:error.number"},
    {"a pilot before dissection", "pilot", "staff:1", STAGE_PROPOSED, "{}", "{}", OK_RATES, 0,
     ":standard.error.not-now"},
    {"a pilot", "pilot", "staff:1", STAGE_DISSECTED, "{}",
     "{\"place\": \"p\", \"from_day\": \"2026-10-01\", \"to_day\": \"2026-11-01\"}", OK_RATES,
     STAGE_PILOTING, NULL},
    {"a pilot backwards", "pilot", "staff:1", STAGE_DISSECTED, "{}",
     "{\"place\": \"p\", \"from_day\": \"2026-11-01\", \"to_day\": \"2026-10-01\"}", OK_RATES, 0,
     "to_day:standard.error.period"},
    {"a pilot on no day", "pilot", "staff:1", STAGE_DISSECTED, "{}",
     "{\"place\": \"p\", \"from_day\": \"soon\", \"to_day\": \"2026-10-01\"}", OK_RATES, 0,
     "from_day:error.date"},
    {"a finding", "finding", "staff:1", STAGE_PILOTING, "{}",
     "{\"text\": \"t\", \"owner\": \"o\", \"due_day\": \"2026-12-01\"}", OK_RATES, STAGE_PILOTING,
     NULL},
    {"closing a finding that is none", "close_finding", "staff:1", STAGE_PILOTING,
     "{\"findings\": [{\"text\": \"t\"}]}", "{\"finding\": \"2\", \"note\": \"n\"}", OK_RATES, 0,
     "finding:error.option"},
    {"closing a finding", "close_finding", "staff:1", STAGE_PILOTING,
     "{\"findings\": [{\"text\": \"t\"}]}", "{\"finding\": \"1\", \"note\": \"n\"}", OK_RATES,
     STAGE_PILOTING, NULL},
    {"closing when nothing is open", "close_finding", "staff:1", STAGE_PILOTING,
     "{\"findings\": [{\"text\": \"t\", \"closed_by\": \"x\"}]}",
     "{\"finding\": \"1\", \"note\": \"n\"}", OK_RATES, 0, ":standard.error.not-now"},
    {"acceptance", "accept", "staff:1", STAGE_PILOTING, READY "}", "{\"note\": \"n\"}", OK_RATES,
     STAGE_ACCEPTED, NULL},
    {"acceptance before the pilot has ended", "accept", "staff:1", STAGE_PILOTING,
     "{\"steps\": [{}], \"pilots\": [{\"to_day\": \"2026-11-23\"}]}", "{\"note\": \"n\"}", OK_RATES,
     0, ":standard.error.no-pilot"},
    {"acceptance with a finding", "accept", "staff:1", STAGE_PILOTING,
     READY ", \"findings\": [{}]}", "{\"note\": \"n\"}", OK_RATES, 0, ":standard.error.findings"},
    {"acceptance below a rate", "accept", "staff:1", STAGE_PILOTING, READY "}", "{\"note\": \"n\"}",
     "[{\"ok\": true}, {\"ok\": false}]", 0, ":standard.error.rates"},
    {"acceptance of nothing", "accept", "staff:1", STAGE_PILOTING, "{}", "{\"note\": \"n\"}",
     OK_RATES, 0, ":standard.error.no-steps"},
    {"asking for a release", "release", "staff:1", STAGE_ACCEPTED, "{}",
     "{\"effective_day\": \"2026-11-22\", \"note\": \"n\"}", OK_RATES, STAGE_ACCEPTED, NULL},
    {"a release in the past", "release", "staff:1", STAGE_ACCEPTED, "{}",
     "{\"effective_day\": \"2026-11-21\", \"note\": \"n\"}", OK_RATES, 0,
     "effective_day:error.date.past"},
    {"asking twice", "release", "staff:2", STAGE_ACCEPTED, ASKED,
     "{\"effective_day\": \"2026-12-22\", \"note\": \"n\"}", OK_RATES, 0,
     ":standard.error.not-now"},
    {"confirming one's own", "confirm_release", "staff:1", STAGE_ACCEPTED, ASKED, "{}", OK_RATES, 0,
     ":standard.error.not-now"},
    {"confirming by another", "confirm_release", "staff:2", STAGE_ACCEPTED, ASKED, "{}", OK_RATES,
     STAGE_RELEASED, NULL},
    {"taking one's own back", "refuse_release", "staff:1", STAGE_ACCEPTED, ASKED,
     "{\"note\": \"n\"}", OK_RATES, STAGE_ACCEPTED, NULL},
    {"confirming what nobody asked", "confirm_release", "staff:2", STAGE_ACCEPTED, "{}", "{}",
     OK_RATES, 0, ":standard.error.not-now"},
    {"retiring", "retire", "staff:1", STAGE_RELEASED, "{}",
     "{\"ends_day\": \"2027-01-01\", \"note\": \"n\"}", OK_RATES, STAGE_RELEASED, NULL},
    {"retiring by two", "confirm_retirement", "staff:2", STAGE_RELEASED,
     "{\"retirement\": {\"by\": \"staff:1\", \"ends_day\": \"2027-01-01\"}}", "{}", OK_RATES,
     STAGE_RETIRED, NULL},
    {"retiring alone", "confirm_retirement", "staff:1", STAGE_RELEASED,
     "{\"retirement\": {\"by\": \"staff:1\", \"ends_day\": \"2027-01-01\"}}", "{}", OK_RATES, 0,
     ":standard.error.not-now"},
    {"keeping it", "refuse_retirement", "staff:1", STAGE_RELEASED,
     "{\"retirement\": {\"by\": \"staff:1\", \"ends_day\": \"2027-01-01\"}}", "{\"note\": \"n\"}",
     OK_RATES, STAGE_RELEASED, NULL},
    {"withdrawing", "withdraw", "staff:1", STAGE_DISSECTED, "{}", "{\"note\": \"n\"}", OK_RATES,
     STAGE_WITHDRAWN, NULL},
    {"withdrawing what is released", "withdraw", "staff:1", STAGE_RELEASED, "{}",
     "{\"note\": \"n\"}", OK_RATES, 0, ":standard.error.not-now"},
    {"a step written by mistake", "drop_step", "staff:1", STAGE_DISSECTED,
     "{\"steps\": [{\"title\": \"a\"}]}", "{\"step\": \"1\", \"reason\": \"r\"}", OK_RATES,
     STAGE_DISSECTED, NULL},
};

static void try_row(const Row *row)
{
    Arena a = {0};
    StandardProblem problems[8];
    size_t count = 0;
    Stage stage = row->from;
    Value *data = json(&a, row->data);
    const Value *before = value_copy(&a, data);
    StandardFacts facts = {.who = str_z(row->who),
                           .name = STR("王芳"),
                           .today = date_of((Civil){2026, 11, 22}),
                           .rates = json(&a, row->rates),
                           .items = json(&a, "[{\"item\": \"x\", \"hash\": \"h\"}]"),
                           .text_max = 100,
                           .rows_max = 3};
    const StandardAct *act = act_named(str_z(row->act));
    bool ok = act && act_do(&a, act, json(&a, row->in), &facts, data, &stage, problems, 8, &count);
    CHECK(ok == !row->problem, "%s", row->label);
    if (ok) {
        CHECK(stage == row->to && !value_eq(before, data) == (stage != STAGE_WITHDRAWN), "%s: %s",
              row->label, stage_names[stage]);
    } else {
        Str first =
            str_fmt(&a, "%s:%s", count ? problems[0].field : "?", count ? problems[0].key : "?");
        CHECK(str_eq(first, str_z(row->problem ? row->problem : "")), "%s: " STR_FMT, row->label,
              STR_ARG(first));
        CHECK(stage == row->from && value_eq(before, data), "%s: nothing has changed", row->label);
    }
    arena_free(&a);
}

TEST(standard_acts)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        try_row(&rows[i]);
}

/* Each act has a row above that works. */
TEST(standard_acts_are_all_tried)
{
    for (size_t i = 0; i < act_count(); i++) {
        bool tried = false;
        for (size_t k = 0; k < COUNT(rows); k++)
            tried = tried || (!rows[k].problem && strcmp(rows[k].act, act_at(i)->name) == 0);
        CHECK(tried, "%s", act_at(i)->name);
    }
}

TEST(standard_limits)
{
    static const struct {
        const char *data, *in, *problem;
    } limits[] = {
        {"{\"steps\": [{}, {}, {}]}", STEP, ":standard.error.rows"},
        {"{}",
         "{\"title\": \"0123456789012345678901234567890123456789012345678901234567890123456789012"
         "345678901234567890123456789x\", \"role\": \"clerk\", \"minutes_before\": \"1\", "
         "\"minutes\": \"1\", \"verdict\": \"keep\", \"reason\": \"r\"}",
         "title:error.too-long"},
    };
    for (size_t i = 0; i < COUNT(limits); i++) {
        Row row = {"a limit",    "step",   "staff:1", STAGE_DISSECTED,  limits[i].data,
                   limits[i].in, OK_RATES, 0,         limits[i].problem};
        try_row(&row);
    }
}
