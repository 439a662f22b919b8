/* SPDX-License-Identifier: Apache-2.0 */
/* Birth, retirement and death of the shipped demo: what the articles count comes out of the data. */
#include "catalogue/catalogue.h"
#include "check.h"

enum { HALF_HOUR = 30, TWO_HOURS = 120 };

/* Figures of a bundle, and what they are the sums of. */
static const struct {
    const char *key;
    ItemFigures before, now;
    const char *unit; /* of its promise */
} bundles[] = {
    {"newborn", {29, 6, 6, 27, 8}, {5, 0, 2, 23, 7}, "hour"},
    {"retirement-bundle", {20, 9, 20, 25, 18}, {5, 0, 5, 25, 18}, "working_day"},
    {"funeral", {11, 7, 1, 20, 6}, {3, 0, 30, 22, 6}, "minute"},
};

static void check_figures(const char *key, const char *when, ItemFigures f, ItemFigures want)
{
    CHECK(f.materials == want.materials, "%s %s: %d materials", key, when, f.materials);
    CHECK(f.visits == want.visits, "%s %s: %d visits", key, when, f.visits);
    CHECK(f.days == want.days, "%s %s: %d days", key, when, f.days);
    CHECK(f.steps == want.steps, "%s %s: %d steps", key, when, f.steps);
    CHECK(f.organs == want.organs, "%s %s: %d organs", key, when, f.organs);
}

static const Catalogue *demo(Arena *a)
{
    Diags d = {.arena = a};
    return catalogue_load(STR("catalogues/demo"), &d);
}

TEST(bundles_count_what_the_articles_say)
{
    Arena a = {0};
    const Catalogue *c = demo(&a);
    CHECK(c != NULL, "loads");
    for (size_t i = 0; c && i < COUNT(bundles); i++) {
        const Bundle *b = catalogue_bundle(c, str_z(bundles[i].key));
        CHECK(b != NULL, "%s", bundles[i].key);
        if (!b)
            continue;
        check_figures(bundles[i].key, "before", item_before(&b->whole), bundles[i].before);
        check_figures(bundles[i].key, "now", item_now(&b->whole), bundles[i].now);
        CHECK(str_eq(b->whole.promise.unit, str_z(bundles[i].unit)), "%s: unit", bundles[i].key);
        int32_t materials = 0;
        for (size_t k = 0; k < b->part_count; k++)
            materials += b->parts[k].item->baseline_materials;
        CHECK(materials == bundles[i].before.materials, "%s: parts had %d", bundles[i].key,
              materials);
    }
    catalogue_free(c);
    arena_free(&a);
}

TEST(bundles_keep_their_promise_by_their_longest_chain)
{
    Arena a = {0};
    const Catalogue *c = demo(&a);
    const Part *path[BUNDLE_PARTS_MAX];
    for (size_t i = 0; c && i < COUNT(bundles); i++) {
        const Bundle *b = catalogue_bundle(c, str_z(bundles[i].key));
        size_t n = 0;
        int64_t minutes = b ? bundle_path(b, PATH_PROMISE, path, &n) : -1;
        CHECK(b && minutes == limit_minutes(&b->whole.promise), "%s: %lld minutes", bundles[i].key,
              (long long)minutes);
    }
    const Bundle *newborn = c ? catalogue_bundle(c, STR("newborn")) : NULL;
    const Bundle *funeral = c ? catalogue_bundle(c, STR("funeral")) : NULL;
    CHECK(newborn && limit_minutes(&newborn->whole.promise) == TWO_HOURS, "newborn: two hours");
    CHECK(funeral && limit_minutes(&funeral->whole.promise) == HALF_HOUR, "funeral: half an hour");
    catalogue_free(c);
    arena_free(&a);
}
