/* SPDX-License-Identifier: Apache-2.0 */
/* Figures of the reform and lists from flags, computed from catalogues. */
#include "catalogue/reform.h"
#include "check.h"

static const Catalogue *load(Arena *a, const char *folder)
{
    Diags d = {.arena = a};
    const Catalogue *c = catalogue_load(str_z(folder), &d);
    CHECK(c != NULL, STR_FMT, STR_ARG(diag_render(a, &d)));
    return c;
}

static int64_t figure(const Value *row, const char *side, const char *what)
{
    return get_int(value_at(row, side), what, -1);
}

TEST(reform_of_one_item)
{
    Arena a = {0};
    const Catalogue *c = load(&a, "tests/cases/broken/good");
    Value *v = c ? reform_report(&a, c, REFORM_ITEM, STR(""), LANG_ZH) : NULL;
    const Value *row = value_item(value_at(v, "rows"), 0);
    CHECK(get_int(v, "count", 0) == 1 && get_int(v, "main_items", 0) == 1, "count");
    CHECK(figure(row, "before", "materials") == 5 && figure(row, "now", "materials") == 2,
          "papers");
    CHECK(figure(row, "before", "visits") == 2 && figure(row, "now", "visits") == 0, "visits");
    CHECK(figure(row, "before", "days") == 20 && figure(row, "now", "days") == 5, "days");
    CHECK(str_eq(get_str(value_at(v, "percent"), "materials"), STR("60.0")), "percent");
    CHECK(str_eq(get_str(value_at(v, "percent"), "steps"), STR("")), "steps are not told");
    CHECK(value_count(value_at(reform_report(&a, c, REFORM_SET, STR(""), LANG_ZH), "rows")) == 0,
          "no sets");
    catalogue_free(c);
    arena_free(&a);
}

/* Whatever it is grouped by, the parts make the whole. */
TEST(reform_parts_make_the_whole)
{
    Arena a = {0};
    const Catalogue *c = load(&a, "catalogues/demo");
    static const char *const what[] = {"materials", "visits", "days", "steps", "organs"};
    static const ReformBy by[] = {REFORM_ITEM, REFORM_ORGAN, REFORM_BUNDLE};
    for (size_t i = 0; c && i < COUNT(by); i++) {
        Value *v = reform_report(&a, c, by[i], STR(""), LANG_EN);
        const Value *rows = value_at(v, "rows");
        for (size_t k = 0; k < COUNT(what); k++) {
            int64_t before = 0, now = 0;
            for (size_t n = 0; n < value_count(rows); n++) {
                before += figure(value_item(rows, n), "before", what[k]);
                now += figure(value_item(rows, n), "now", what[k]);
            }
            CHECK(before == figure(v, "before", what[k]) && now == figure(v, "now", what[k]),
                  "%s by %s", what[k], reform_by_names[by[i]]);
        }
        CHECK(figure(v, "now", "materials") < figure(v, "before", "materials"), "fewer papers");
    }
    catalogue_free(c);
    arena_free(&a);
}

TEST(sets_meet_their_targets)
{
    Arena a = {0};
    const Catalogue *c = load(&a, "catalogues/demo");
    Value *v = c ? reform_report(&a, c, REFORM_SET, STR(""), LANG_EN) : NULL;
    const Value *rows = value_at(v, "rows");
    for (size_t i = 0; i < value_count(rows); i++) {
        const Value *row = value_item(rows, i), *targets = value_at(row, "targets");
        for (size_t k = 0; k < value_count(targets); k++) {
            const Value *t = value_item(targets, k);
            CHECK(get_bool(t, "met"), STR_FMT ": " STR_FMT " is %lld", STR_ARG(get_str(row, "key")),
                  STR_ARG(get_str(t, "what")), (long long)get_int(t, "is", 0));
        }
    }
    catalogue_free(c);
    arena_free(&a);
}

TEST(lists_follow_from_flags)
{
    Arena a = {0};
    const Catalogue *c = load(&a, "catalogues/demo");
    for (size_t i = 0; c && i < item_list_count; i++) {
        Value *v = item_list(&a, c, &item_lists[i], LANG_ZH);
        const Value *items = value_at(v, "items");
        size_t flagged = 0;
        for (size_t k = 0; k < c->item_count; k++)
            flagged += item_is_listed(&c->items[k]) &&
                       *(const bool *)((const char *)&c->items[k] + item_lists[i].at);
        CHECK(value_count(items) == flagged, "%s", item_lists[i].flag);
        CHECK(item_list_of(item_lists[i].key) == &item_lists[i], "%s", item_lists[i].flag);
    }
    CHECK(item_list_of(STR("hot")) == NULL, "no list");
    Value *gone = c ? cancelled_proofs(&a, c, LANG_ZH) : NULL;
    const Value *entries = value_at(gone, "entries");
    CHECK(get_int(gone, "count", 0) >= 35, "%zu proofs", value_count(entries));
    for (size_t i = 1; i < value_count(entries); i++)
        CHECK(str_cmp(get_str(value_item(entries, i - 1), "date"),
                      get_str(value_item(entries, i), "date")) >= 0,
              "entry %zu", i);
    catalogue_free(c);
    arena_free(&a);
}
