/* SPDX-License-Identifier: Apache-2.0 */
/*
 * places/divisions.csv, and the choices that elements have from it. The choices are written into
 * the element's document as options: a version of an item keeps them and needs no list. Their
 * English is the reading of the name in pinyin with the kind of division: Songtai Sub-district.
 */
#include "base/utf8.h"
#include "catalogue/catalogue_int.h"
#include "catalogue/pinyin.h"
#include "csv/csv.h"

enum { CHOICES_MAX = 1000, ABOVE_DEPTH = DIVISION_LEVELS };

/* ---- the list ---- */

typedef struct {
    Loader *l;
    uint16_t file;
    Division *list;
    size_t count;
    uint32_t open[ABOVE_DEPTH]; /* the last of each level */
} ListReader;

static void wrong(const ListReader *r, const char *rule, const CsvCell *cell, Str cure,
                  const char *what)
{
    diag_add(r->l->diags, DIAG_ERROR, rule, r->file, cell->offset, cure, "'" STR_FMT "' %s",
             STR_ARG(cell->text), what);
}

static bool find_above(const ListReader *r, Str code, DivisionLevel level, uint32_t *above)
{
    Str wanted = division_above(r->l->diags->arena, code);
    *above = UINT32_MAX;
    for (int k = (int)level - 1; k >= 0 && wanted.len; k--) {
        uint32_t i = r->open[k];
        if (i != UINT32_MAX && str_eq(r->list[i].code, wanted)) {
            *above = i;
            return true;
        }
    }
    return !wanted.len;
}

static void add_row(ListReader *r, const CsvRow *row)
{
    const CsvCell *code = &row->at[0];
    DivisionLevel level;
    uint32_t above;
    if (row->len != 2 || !row->at[1].text.len) {
        wrong(r, "division.row", code, STR("code,name"), "is not followed by one name");
        return;
    }
    if (!division_level(code->text, &level)) {
        wrong(r, "division.code", code, STR("6 digits, a town 9, a village 12"), "is no code");
        return;
    }
    if (r->count && str_cmp(r->list[r->count - 1].code, code->text) >= 0) {
        wrong(r, "division.order", code, STR("sort by code, each once"),
              "does not come after the one before");
        return;
    }
    if (!find_above(r, code->text, level, &above)) {
        wrong(r, "division.above", code, STR("add the one that it lies in"),
              "lies in a division that the list does not have");
        return;
    }
    Arena *a = r->l->arena;
    r->list[r->count] =
        (Division){str_dup(a, code->text), str_dup(a, row->at[1].text), above, level};
    r->open[level] = (uint32_t)r->count++;
    for (int k = (int)level + 1; k < ABOVE_DEPTH; k++)
        r->open[k] = UINT32_MAX;
}

void load_divisions(Loader *l)
{
    ListReader r = {.l = l};
    CsvTable table = {0};
    Str text;
    if (!load_file(l, STR("places/divisions.csv"), true, &r.file, &text) ||
        !csv_read(l->diags->arena, l->diags, r.file, text, &table))
        return;
    if (table.rows.len > DIVISIONS_MAX) {
        diag_add(l->diags, DIAG_ERROR, "catalogue.limit", r.file, 0, (Str){0},
                 "more than %d divisions", DIVISIONS_MAX);
        return;
    }
    r.list = NEW_N(l->arena, Division, table.rows.len + 1);
    for (int k = 0; k < ABOVE_DEPTH; k++)
        r.open[k] = UINT32_MAX;
    for (size_t i = 1; i < table.rows.len; i++) /* behind the names of the columns */
        add_row(&r, &table.rows.at[i]);
    l->c->divisions = (Divisions){r.list, r.count};
}

/* ---- names in English ---- */

static const struct {
    Str zh;
    const char *en;
} kinds[] = {
    {STR_INIT("社区居民委员会"), "Community"},
    {STR_INIT("社区居委会"), "Community"},
    {STR_INIT("村民委员会"), "Village"},
    {STR_INIT("居民委员会"), "Community"},
    {STR_INIT("村委会"), "Village"},
    {STR_INIT("居委会"), "Community"},
    {STR_INIT("街道"), "Sub-district"},
    {STR_INIT("社区"), "Community"},
    {STR_INIT("镇"), "Town"},
    {STR_INIT("乡"), "Township"},
    {STR_INIT("村"), "Village"},
    {STR_INIT("县"), "County"},
    {STR_INIT("区"), "District"},
    {STR_INIT("市"), "City"},
    {STR_INIT("省"), "Province"},
};

/* Empty when a character has no reading. */
static Str reading(Loader *l, const PinyinTable *t, Str name)
{
    StrBuf b = buf_in(l->arena);
    Str readings[PINYIN_READINGS];
    for (size_t at = 0; at < name.len;) {
        uint32_t c = utf8_next(name, &at);
        if (!pinyin_of(t, c, readings))
            return (Str){0};
        size_t from = b.len;
        buf_add(&b, readings[0]);
        if (from == 0 && b.len)
            b.at[0] = (char)(b.at[0] - 'a' + 'A');
    }
    return buf_str(&b);
}

static Str english(Loader *l, const PinyinTable *t, Str name)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (!str_ends(name, kinds[i].zh) || name.len == kinds[i].zh.len)
            continue;
        Str stem = reading(l, t, str_slice(name, 0, name.len - kinds[i].zh.len));
        return stem.len ? str_fmt(l->arena, STR_FMT " %s", STR_ARG(stem), kinds[i].en) : name;
    }
    Str whole = reading(l, t, name);
    return whole.len ? whole : name;
}

/* ---- choices of an element ---- */

static const char *const level_names[] = {"province", "city", "county", "town", "village", NULL};
_Static_assert(COUNT(level_names) == DIVISION_LEVELS + 1, "a name for each level");

typedef struct {
    Str within;
    int32_t level;
} Choices;

static const Field choice_fields[] = {
    {"within", FIELD_STR, true, offsetof(Choices, within), 0, 0, NULL},
    {"level", FIELD_ENUM, true, offsetof(Choices, level), 0, 0, level_names},
};

static void write_options(Loader *l, Value *element, const Division **chosen, size_t n)
{
    const PinyinTable *t = pinyin_table(l->diags->arena);
    Value *options = set_list(l->arena, element, "options");
    for (size_t i = 0; i < n; i++) {
        Value *o = push_map(l->arena, options), *label;
        set_str(l->arena, o, "value", chosen[i]->code);
        label = set_map(l->arena, o, "label");
        set_str(l->arena, label, "zh", chosen[i]->name);
        set_str(l->arena, label, "en", english(l, t, chosen[i]->name));
    }
}

void expand_divisions(Loader *l, Value *element)
{
    const Value *v = value_at(element, "divisions");
    Choices wanted = {0};
    if (!v || l->given || !READ_FIELDS(l, v, choice_fields, "divisions to choose from", &wanted))
        return;
    if (value_at(element, "options")) {
        complain(l, "element.divisions", v, STR("drop the options"),
                 "the element has options of its own");
        return;
    }
    const Division *of = division_find(&l->c->divisions, wanted.within);
    if (!of) {
        complain(l, "element.divisions", value_at(v, "within"), (Str){0},
                 "places/divisions.csv has no '" STR_FMT "'", STR_ARG(wanted.within));
        return;
    }
    const Division *chosen[CHOICES_MAX];
    size_t n =
        division_within(&l->c->divisions, of, (DivisionLevel)wanted.level, chosen, CHOICES_MAX);
    if (n == 0 || n > CHOICES_MAX)
        complain(l, "element.divisions", v, (Str){0},
                 "%zu divisions of that level in '" STR_FMT "': 1 to %d", n, STR_ARG(wanted.within),
                 CHOICES_MAX);
    else
        write_options(l, element, chosen, n);
}
