/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decision tables: hit policy, rules, annotations. Cells are compiled where they stand, so that an
 * error points into the cell. An empty input cell is "-", an empty output cell is null, as the
 * modellers write them.
 */
#include "model/dmn/dmn_int.h"
#include "model/dmn/index.h"

typedef struct {
    const char *name;
    int value;
} Word;

/* The attribute as one of the words; absent is the first. */
static bool word_of(DmnDoc *d, const XmlNode *n, const char *attr, const Word *words, size_t count,
                    int *value)
{
    Str text = xml_attr(n, attr);
    *value = words[0].value;
    for (size_t i = 0; i < count; i++) {
        if (text.len == 0 || str_eq(text, str_z(words[i].name))) {
            *value = words[i].value;
            return true;
        }
    }
    DMN_ERROR(d, "dmn.unsupported", n->offset, STR("use one that DMN has"),
              "%s '" STR_FMT "' is not known", attr, STR_ARG(text));
    return false;
}

static bool hit_policy(DmnDoc *d, const XmlNode *n, DmnTable *t)
{
    static const Word hits[] = {{"UNIQUE", DMN_UNIQUE},
                                {"FIRST", DMN_FIRST},
                                {"ANY", DMN_ANY},
                                {"PRIORITY", DMN_PRIORITY},
                                {"COLLECT", DMN_COLLECT},
                                {"RULE ORDER", DMN_RULE_ORDER},
                                {"OUTPUT ORDER", DMN_OUTPUT_ORDER}};
    static const Word aggregations[] = {{"LIST", DMN_LIST_ALL},
                                        {"SUM", DMN_SUM},
                                        {"MIN", DMN_MIN},
                                        {"MAX", DMN_MAX},
                                        {"COUNT", DMN_COUNT}};
    int hit = 0, aggregation = 0;
    bool ok = word_of(d, n, "hitPolicy", hits, COUNT(hits), &hit) &&
              word_of(d, n, "aggregation", aggregations, COUNT(aggregations), &aggregation);
    t->hit = (DmnHitPolicy)hit;
    t->aggregation = t->hit == DMN_COLLECT ? (DmnAggregation)aggregation : DMN_LIST_ALL;
    if (ok && t->aggregation != DMN_LIST_ALL && t->output_count > 1) {
        DMN_ERROR(d, "dmn.table", n->offset, STR("collect the list, or keep one output"),
                  "a table with several outputs cannot be aggregated");
        return false;
    }
    return ok;
}

/* FEEL's own functions, so that both agree on what a sum is. */
static const FeelProgram *aggregate_program(DmnDoc *d, DmnAggregation aggregation)
{
    static const char *const texts[] = {NULL, "sum(list)", "min(list)", "max(list)", "count(list)"};
    static const FeelName name = {.name = STR_INIT("list")};
    static const FeelNames names = {.at = &name, .count = 1};
    Err err = {0};
    const char *text = texts[aggregation];
    return text ? feel_compile(d->r->out, str_z(text), &names, FEEL_EXPRESSION, &err) : NULL;
}

/* ---- rules ---- */

static const DmnCell *read_cells(DmnDoc *d, const XmlNode *rule, const char *name, size_t count,
                                 const FeelNames *names)
{
    FeelMode mode = strcmp(name, "inputEntry") == 0 ? FEEL_UNARY_TESTS : FEEL_EXPRESSION;
    DmnCell *cells = NEW_N(d->r->out, DmnCell, count + 1);
    size_t found = xml_count(rule, name), i = 0;
    if (found != count) {
        DMN_ERROR(d, "dmn.table", rule->offset, STR("one cell for each column"),
                  "rule has %zu cells '%s', the table has %zu columns", found, name, count);
    }
    for (const XmlNode *c = xml_child(rule, name); c && i < count; c = xml_next(c, name)) {
        uint32_t offset = 0;
        Str text = dmn_text(c, &offset);
        cells[i++] = dmn_cell(d, text, offset, names, mode);
    }
    while (i < count) {
        cells[i++] = dmn_broken(d, rule->offset, STR("a cell is missing"));
    }
    return cells;
}

static void read_annotations(DmnDoc *d, const XmlNode *n, DmnTable *t)
{
    Str *names = NEW_N(d->r->out, Str, t->annotation_count + 1);
    size_t i = 0;
    for (const XmlNode *a = xml_child(n, "annotation"); a; a = xml_next(a, "annotation")) {
        names[i++] = xml_attr(a, "name");
    }
    t->annotations = names;
}

static void check_rule(DmnDoc *d, const DmnSight *s, const DmnTable *t, const DmnRule *rule)
{
    for (size_t i = 0; i < t->input_count; i++) {
        (void)dmn_check(d, &rule->inputs[i], &s->names, FEEL_UNARY_TESTS, t->inputs[i].known);
    }
    for (size_t i = 0; i < t->output_count; i++) {
        const DmnCell *cell = &rule->outputs[i];
        const FeelType *known = dmn_check(d, cell, &s->names, FEEL_EXPRESSION, NULL);
        dmn_check_result(d, cell, t->outputs[i].type, known);
    }
}

static DmnRule read_rule(DmnDoc *d, const XmlNode *n, const DmnSight *s, const DmnTable *t)
{
    DmnRule rule = {.id = xml_attr(n, "id"), .offset = n->offset};
    Str *notes = NEW_N(d->r->out, Str, t->annotation_count + 1);
    size_t i = 0;
    uint32_t offset = 0;
    rule.description = dmn_child_text(n, "description");
    rule.inputs = read_cells(d, n, "inputEntry", t->input_count, &s->names);
    rule.outputs = read_cells(d, n, "outputEntry", t->output_count, &s->names);
    check_rule(d, s, t, &rule);
    for (const XmlNode *a = xml_child(n, "annotationEntry"); a && i < t->annotation_count;
         a = xml_next(a, "annotationEntry")) {
        notes[i++] = dmn_text(a, &offset);
    }
    rule.annotations = notes;
    return rule;
}

/* ---- the table ---- */

static bool check_size(DmnDoc *d, const XmlNode *n, const DmnTable *t, Str *why)
{
    if (dmn_too_many(d, n, t->input_count + t->output_count + t->annotation_count, DMN_MAX_COLUMNS,
                     "columns") ||
        dmn_too_many(d, n, t->rule_count, DMN_MAX_RULES, "rules")) {
        *why = STR("the table is too large");
        return false;
    }
    if (t->output_count == 0 || (t->rule_count == 0 && d->r->mode == DMN_STRICT)) {
        DMN_ERROR(d, "dmn.table", n->offset, STR("a table needs an output and a rule"),
                  "table has no %s", t->output_count == 0 ? "output" : "rule");
        *why = STR("the table has no output or no rule");
        return false;
    }
    return true;
}

const DmnTable *dmn_table(DmnDoc *d, const XmlNode *n, const DmnSight *s, Str *why)
{
    DmnTable *t = NEW(d->r->out, DmnTable);
    *t = (DmnTable){.input_count = xml_count(n, "input"),
                    .output_count = xml_count(n, "output"),
                    .annotation_count = xml_count(n, "annotation"),
                    .rule_count = xml_count(n, "rule")};
    if (!check_size(d, n, t, why)) {
        return NULL;
    }
    *why = STR("its hit policy is not known");
    if (!hit_policy(d, n, t)) {
        return NULL;
    }
    t->aggregate = aggregate_program(d, t->aggregation);
    dmn_input_columns(d, n, s, t);
    dmn_output_columns(d, n, s, t);
    read_annotations(d, n, t);
    DmnRule *rules = NEW_N(d->r->out, DmnRule, t->rule_count + 1), *rule = rules;
    for (const XmlNode *c = xml_child(n, "rule"); c; c = xml_next(c, "rule")) {
        *rule++ = read_rule(d, c, s, t);
    }
    t->rules = rules;
    t->index = dmn_index_build(d->r->out, t);
    return t;
}
