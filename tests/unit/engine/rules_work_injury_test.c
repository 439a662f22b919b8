/* SPDX-License-Identifier: Apache-2.0 */
/* The work-injury rules of the demo catalogue: every ground, exclusion, time and term, row by row.
 */
#include "check.h"

#include "base/file.h"
#include "engine/rules/rules.h"

#define RULES_FILE "catalogues/demo/items/work-injury/work-injury.dmn"

enum { RULES_FILE_MAX = 1 << 20 };

typedef struct {
    Arena arena;
    const DmnModel *model;
} Fixture;

static bool load(Fixture *f)
{
    Diags diags = {.arena = &f->arena};
    Err err = {0};
    Str text = {0};
    if (!file_read(&f->arena, STR(RULES_FILE), RULES_FILE_MAX, &text, &err)) {
        CHECK(false, "%s", err.msg);
        return false;
    }
    DmnFile file = {diag_file(&diags, STR(RULES_FILE), text), text};
    f->model = dmn_read(&f->arena, &diags, &file, 1, DMN_STRICT);
    Str report = diag_render(&f->arena, &diags);
    CHECK(f->model != NULL, STR_FMT, STR_ARG(report));
    return f->model != NULL;
}

/* The case in FEEL, over a base that is clear and granted. */
static bool decide(Fixture *f, const char *decision, const char *changes, FeelValue *result,
                   Value **trace)
{
    static const char *const base =
        "{applicant_kind: \"worker\", accident_date: \"2026-05-01\", apply_date: \"2026-06-01\","
        " circumstance: \"work_time_place_cause\", exclusions: [], insured: \"yes\","
        " employer_denies: false, commute_main_responsibility: null, death_within_48h: null,"
        " facts_objected: false, occupational_diagnosis: null}";
    Err err = {0};
    FeelValue input = feel_null(), changed = feel_null();
    const FeelProgram *a = feel_compile(&f->arena, str_z(base), NULL, FEEL_EXPRESSION, &err);
    const FeelProgram *b = feel_compile(&f->arena, str_z(changes), NULL, FEEL_EXPRESSION, &err);
    bool ok = a && b && feel_eval(&f->arena, a, NULL, 0, &input, &err) &&
              feel_eval(&f->arena, b, NULL, 0, &changed, &err) && changed.kind == FEEL_CONTEXT;
    CHECK(ok, "%s: %s", changes, err.msg);
    const FeelContext *c = input.context;
    for (size_t i = 0; ok && i < changed.context->count; i++) {
        c = feel_with(&f->arena, c, changed.context->entries[i].key,
                      changed.context->entries[i].value);
    }
    input = feel_context(c);
    RulesAsk ask = {.input = &input, .is_data = true, .traced = trace != NULL};
    RulesAnswer answer = {0};
    ok = ok && rules_decide(&f->arena, f->model, str_z(decision), &ask, &answer, &err);
    *result = answer.value;
    if (trace) {
        *trace = answer.trace;
    }
    CHECK(ok, "%s: %s", changes, err.msg);
    return ok;
}

static Str member(Fixture *f, const FeelValue *v, const char *name)
{
    const FeelValue *found = v->kind == FEEL_CONTEXT ? feel_get(v->context, str_z(name)) : NULL;
    return found ? feel_text(&f->arena, found) : STR("(absent)");
}

TEST(rules_work_injury_certification)
{
    static const struct {
        const char *changes, *recommend, *days, *article; /* article: a part of its Chinese text */
    } table[] = {
        {"{}", "grant", "15", "第十四条第（一）项"},
        {"{circumstance: \"prep_finish\"}", "grant", "15", "第十四条第（二）项"},
        {"{circumstance: \"violence\"}", "grant", "15", "第十四条第（三）项"},
        {"{circumstance: \"occupational_disease\", occupational_diagnosis: true}", "grant", "15",
         "第十四条第（四）项"},
        {"{circumstance: \"occupational_disease\", occupational_diagnosis: false}", "examine", "60",
         "第十四条第（四）项"},
        {"{circumstance: \"business_trip\"}", "grant", "15", "第十四条第（五）项"},
        {"{circumstance: \"commute\", commute_main_responsibility: false}", "grant", "15",
         "第十四条第（六）项"},
        {"{circumstance: \"commute\", commute_main_responsibility: true}", "deny", "15",
         "第十四条第（六）项"},
        {"{circumstance: \"commute\"}", "examine", "60", "第十四条第（六）项"},
        {"{circumstance: \"sudden_illness\", death_within_48h: true}", "grant", "15",
         "第十五条第一款第（一）项"},
        {"{circumstance: \"sudden_illness\", death_within_48h: false}", "deny", "15",
         "第十五条第一款第（一）项"},
        {"{circumstance: \"sudden_illness\"}", "examine", "60", "第十五条第一款第（一）项"},
        {"{circumstance: \"rescue\"}", "grant", "15", "第十五条第一款第（二）项"},
        {"{circumstance: \"veteran\"}", "grant", "15", "第十五条第一款第（三）项"},
        {"{circumstance: \"other\"}", "examine", "60", "第十四条、第十五条"},
        {"{circumstance: null}", "examine", "60", "第十四条、第十五条"},
        {"{exclusions: [\"crime\"]}", "deny", "60", "第十六条第（一）项"},
        {"{exclusions: [\"drunk_drugs\"]}", "deny", "60", "第十六条第（二）项"},
        {"{exclusions: [\"self_harm\", \"drunk_drugs\"]}", "deny", "60", "第十六条第（二）项"},
        {"{exclusions: \"self_harm\"}", "deny", "60", "第十六条第（三）项"},
        {"{exclusions: null}", "grant", "15", "第十四条第（一）项"},
        {"{facts_objected: true}", "examine", "60", "第十九条第一款"},
        {"{employer_denies: true}", "examine", "60", "第十九条第二款"},
        {"{apply_date: \"2027-05-01\"}", "grant", "15", "第十四条第（一）项"},
        {"{apply_date: \"2027-05-02\"}", "deny", "15", "第十七条第二款"},
        {"{apply_date: \"2026-04-30\"}", "examine", "60", "第十七条第一款"},
        {"{applicant_kind: \"employer\", apply_date: \"2026-05-31\"}", "grant", "15",
         "第十四条第（一）项"},
        {"{applicant_kind: \"employer\", apply_date: \"2026-06-01\"}", "examine", "60",
         "第十七条第四款"},
        {"{applicant_kind: \"union\", apply_date: \"2027-05-02\"}", "deny", "15", "第十七条第二款"},
        {"{applicant_kind: \"kin\"}", "grant", "15", "第十四条第（一）项"},
        {"{accident_date: null}", "examine", "60", "第十七条第一款"},
        {"{accident_date: \"not a date\"}", "examine", "60", "第十七条第一款"},
    };
    Fixture f = {0};
    for (size_t i = 0; load(&f) && i < COUNT(table); i++) {
        FeelValue v = feel_null();
        if (!decide(&f, "certification", table[i].changes, &v, NULL)) {
            continue;
        }
        Str recommend = member(&f, &v, "recommend"), days = member(&f, &v, "days");
        Str article = member(&f, &v, "article"), reason = member(&f, &v, "reason");
        Str clear = member(&f, &v, "clear");
        CHECK(str_eq(recommend, str_z(table[i].recommend)), "%s: " STR_FMT, table[i].changes,
              STR_ARG(recommend));
        CHECK(str_eq(days, str_z(table[i].days)), "%s: " STR_FMT " days", table[i].changes,
              STR_ARG(days));
        CHECK(str_eq(clear, days.at[0] == '1' ? STR("true") : STR("false")), "%s",
              table[i].changes);
        CHECK(str_find(article, str_z(table[i].article), 0) != SIZE_MAX, "%s: " STR_FMT,
              table[i].changes, STR_ARG(article));
        CHECK(str_find(reason, STR("zh: "), 0) != SIZE_MAX &&
                  str_find(reason, STR("en: "), 0) != SIZE_MAX,
              "%s: reason " STR_FMT, table[i].changes, STR_ARG(reason));
    }
    arena_free(&f.arena);
}

TEST(rules_work_injury_single_decisions)
{
    static const struct {
        const char *decision, *changes, *wanted; /* "" for the value itself */
        const char *name;
    } table[] = {
        {"days_since", "{}", "31", ""},
        {"is_insured", "{insured: \"no\"}", "false", ""},
        {"is_insured", "{insured: \"yes\"}", "true", ""},
        {"is_insured", "{insured: null}", "null", ""},
        {"is_insured", "{insured: \"no\", insurance: {insured: \"在保\"}}", "true", ""},
        {"is_insured", "{insurance: {insured: \"已停保\"}}", "false", ""},
        {"venue", "{insured: \"yes\"}", "insured_place", "place"},
        {"venue", "{insured: \"no\"}", "production_place", "place"},
        {"venue", "{insured: \"unknown\"}", "to_check", "place"},
        {"timely", "{applicant_kind: null}", "null", "ok"},
        {"timely", "{}", "true", "ok"},
        {"term", "{}", "15", "days"},
    };
    Fixture f = {0};
    for (size_t i = 0; load(&f) && i < COUNT(table); i++) {
        FeelValue v = feel_null();
        if (decide(&f, table[i].decision, table[i].changes, &v, NULL)) {
            Str got = table[i].name[0] ? member(&f, &v, table[i].name) : feel_text(&f.arena, &v);
            CHECK(str_eq(got, str_z(table[i].wanted)), "%s %s: " STR_FMT, table[i].decision,
                  table[i].changes, STR_ARG(got));
        }
    }
    arena_free(&f.arena);
}

static const Value *step_of(const Value *trace, const char *decision)
{
    const Value *steps = value_at(trace, "steps");
    for (size_t i = 0; i < value_count(steps); i++) {
        if (str_eq(get_str(steps->list.items[i], "decision"), str_z(decision))) {
            return steps->list.items[i];
        }
    }
    return NULL;
}

TEST(rules_trace_tells_why)
{
    Fixture f = {0};
    FeelValue v = feel_null();
    Value *trace = NULL;
    if (load(&f) &&
        decide(&f, "certification",
               "{circumstance: \"commute\", commute_main_responsibility: true}", &v, &trace)) {
        const Value *ground = step_of(trace, "ground"), *rules = value_at(ground, "rules");
        CHECK(value_count(value_at(trace, "steps")) == 8, "a step for each decision");
        CHECK(value_count(rules) == 1, "one rule of 'ground' was hit");
        const Value *rule = rules ? rules->list.items[0] : NULL;
        CHECK(str_eq(get_str(rule, "id"), STR("ground_commute_fault")), "its id");
        CHECK(get_int(rule, "index", 0) == 8, "its place");
        Str zh = value_text(value_path(rule, STR("annotations.zh")));
        CHECK(str_find(zh, STR("主要责任"), 0) != SIZE_MAX, "its reason: " STR_FMT, STR_ARG(zh));
        const Value *conditions = value_at(rule, "conditions");
        CHECK(value_count(conditions) == 2, "the cells that asked something");
        CHECK(str_eq(get_str(conditions->list.items[0], "value"), STR("commute")),
              "with the value");
        const Value *entries = value_at(step_of(trace, "certification"), "entries");
        CHECK(value_count(entries) == 2, "entries of the context");
        CHECK(str_eq(value_text(value_path(trace, STR("result.recommend"))), STR("deny")),
              "result");
    }
    if (f.model && decide(&f, "timely", "{accident_date: \"x\"}", &v, &trace)) {
        const Value *days = step_of(trace, "days_since");
        Str en = value_text(value_path(days, STR("why.en")));
        Str zh = value_text(value_path(days, STR("why.zh")));
        CHECK(str_find(en, STR("'x' is no date"), 0) != SIZE_MAX, STR_FMT, STR_ARG(en));
        CHECK(str_find(zh, STR("“x”不是日期"), 0) != SIZE_MAX, STR_FMT, STR_ARG(zh));
    }
    Err err = {0};
    RulesAsk ask = {0};
    RulesAnswer answer;
    CHECK(!rules_decide(&f.arena, f.model, STR("nothing"), &ask, &answer, &err) &&
              err.code == ERR_NOT_FOUND,
          "unknown decision");
    arena_free(&f.arena);
}
