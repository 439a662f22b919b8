/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which rules of a table hold. The index of the table leaves few, as bits; of those only the cells
 * that it could not settle are asked. Without an index each rule is asked, cell by cell until one
 * does not hold.
 */
#include "engine/rules/rules_int.h"
#include "model/dmn/index.h"

enum { WORD = 64, FEW_WORDS = 8, FEW_COLUMNS = 16 };

typedef struct {
    Run *run;
    const DmnTable *t;
    const FeelScope *scope;
    const FeelValue *inputs;
    bool *seen;      /* by column: the index knows what this input does */
    uint64_t *rules; /* that may hold */
    size_t words;
} Search;

static bool cell_holds(const Search *s, size_t rule, size_t column)
{
    const DmnCell *c = &s->t->rules[rule].inputs[column];
    if (c->kind == DMN_CELL_ANY ||
        (s->seen[column] && dmn_index_decides(s->t->index, column, rule))) {
        return true;
    }
    FeelScope inner = {.outer = s->scope, .input = &s->inputs[column]};
    FeelValue holds = run_cell(s->run, c, &inner);
    return feel_is_true(&holds);
}

static bool rule_holds(const Search *s, size_t rule)
{
    for (size_t i = 0; i < s->t->input_count; i++) {
        if (!cell_holds(s, rule, i)) {
            return false;
        }
    }
    return true;
}

static void all_rules(Search *s)
{
    size_t rest = s->t->rule_count % WORD;
    memset(s->rules, 0xff, s->words * sizeof *s->rules);
    if (rest > 0) {
        s->rules[s->words - 1] = (UINT64_C(1) << rest) - 1;
    }
}

static void narrow(Search *s)
{
    all_rules(s);
    for (size_t i = 0; i < s->t->input_count; i++) {
        s->seen[i] = s->t->index && dmn_index_sees(s->t->index, i, &s->inputs[i]);
        if (s->seen[i]) {
            dmn_index_narrow(s->t->index, i, &s->inputs[i], s->rules);
        }
    }
}

void run_find_hits(Run *run, const DmnTable *t, const FeelScope *scope, const FeelValue *inputs,
                   Hits *hits)
{
    uint64_t few_rules[FEW_WORDS];
    bool few_seen[FEW_COLUMNS];
    Search s = {.run = run, .t = t, .scope = scope, .inputs = inputs};
    s.words = (t->rule_count + WORD - 1) / WORD;
    s.rules = s.words <= FEW_WORDS ? few_rules : NEW_N(run->out, uint64_t, s.words);
    s.seen = t->input_count <= FEW_COLUMNS ? few_seen : NEW_N(run->out, bool, t->input_count);
    if (t->rule_count == 0) {
        return;
    }
    narrow(&s);
    for (size_t w = 0; w < s.words; w++) {
        for (uint64_t left = s.rules[w]; left != 0; left &= left - 1) {
            size_t rule = w * WORD + (size_t)__builtin_ctzll(left);
            if (!rule_holds(&s, rule)) {
                continue;
            }
            *VEC_PUSH(run->out, hits) = (uint32_t)rule;
            if (t->hit == DMN_FIRST) {
                return;
            }
        }
    }
}
