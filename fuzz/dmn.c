/* SPDX-License-Identifier: Apache-2.0 */
/* Hostile documents through the whole reader, in both modes, and each decision and function that
 * comes out through the engine, with small limits. */
#include "engine/rules/rules.h"

enum { STEPS = 20000, CALLS = 20, BYTES = 16 << 20, DECISIONS = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_answer(bool ok, const RulesAnswer *answer, const Err *err)
{
    ASSERT(ok || err->code == ERR_LIMIT);
    ASSERT(!ok || answer->trace);
}

static void ask_all(Arena *arena, const DmnModel *m)
{
    static const FeelEntry entries[] = {
        {STR_INIT("x"), {.kind = FEEL_BOOLEAN, .truth = true}},
        {STR_INIT("age"), {.kind = FEEL_STRING, .text = STR_INIT("2026-01-01")}},
    };
    static const FeelContext context = {entries, COUNT(entries)};
    FeelValue input = feel_context(&context);
    FeelLimits limits = {.steps = STEPS, .calls = CALLS, .bytes = BYTES};
    RulesAsk ask = {.input = &input, .limits = &limits, .is_data = true, .traced = true};
    for (size_t i = 0; i < m->decision_count && i < DECISIONS; i++) {
        Err err = {0};
        RulesAnswer answer = {0};
        Str id = m->decisions[i].id.len > 0 ? m->decisions[i].id : m->decisions[i].name;
        check_answer(rules_decide(arena, m, id, &ask, &answer, &err), &answer, &err);
    }
    for (size_t i = 0; i < m->function_count && i < DECISIONS; i++) {
        Err err = {0};
        RulesAnswer answer = {0};
        Str id = m->functions[i].id.len > 0 ? m->functions[i].id : m->functions[i].name;
        check_answer(rules_invoke(arena, m, id, &ask, &answer, &err), &answer, &err);
    }
}

/* The second file is there to be imported; it is cut from the same bytes. */
static void read_both(Arena *arena, Str text, DmnMode mode)
{
    Diags diags = {.arena = arena};
    size_t cut = str_find(text, STR("<!--cut-->"), 0);
    Str first = str_slice(text, 0, cut), second = str_slice(text, cut, text.len);
    DmnFile files[] = {{diag_file(&diags, STR("fuzz.dmn"), first), first},
                       {diag_file(&diags, STR("other.dmn"), second), second}};
    size_t count = second.len > 0 ? 2 : 1;
    const DmnModel *m = dmn_read(arena, &diags, files, count, mode);
    ASSERT(m || diags.errors > 0);
    if (m) {
        ask_all(arena, m);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena arena;
    Str text = {(const char *)data, size};
    read_both(&arena, text, DMN_STRICT);
    arena_reset(&arena);
    read_both(&arena, text, DMN_LENIENT);
    arena_reset(&arena);
    return 0;
}
