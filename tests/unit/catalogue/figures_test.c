/* SPDX-License-Identifier: Apache-2.0 */
/* The figures of the human-resources catalogue, counted from the demo's items. */
#include "catalogue/catalogue.h"
#include "check.h"

static bool is_in(const Item *item, Str set)
{
    for (size_t i = 0; i < item->set_count; i++)
        if (str_eq(item->sets[i], set))
            return true;
    return false;
}

typedef struct {
    size_t items, mains, proofs;
    int32_t before, now;
} Figures;

static Figures figures_of(Arena *a, const Catalogue *c, Str set)
{
    Figures f = {0};
    Map mains = {0};
    for (size_t i = 0; i < c->item_count; i++) {
        const Item *item = &c->items[i];
        if (set.len && !is_in(item, set))
            continue;
        f.items++;
        f.mains += map_add(a, &mains, item->main_code, &mains);
        f.before += item_before(item).materials;
        f.now += item_now(item).materials;
        for (size_t k = 0; k < item->gone_count; k++)
            f.proofs += str_find(text_in(item->gone[k].name, LANG_ZH), STR("证明"), 0) != SIZE_MAX;
    }
    return f;
}

static void check_before(const Item *item)
{
    size_t now = (size_t)item_now(item).materials;
    CHECK((size_t)item->baseline_materials == item->gone_count + now,
          STR_FMT ": %d before, %zu gone, %zu now", STR_ARG(item->key), item->baseline_materials,
          item->gone_count, now);
}

TEST(human_resources_count_from_the_items)
{
    Arena a = {0};
    Diags d = {.arena = &a};
    const Catalogue *c = catalogue_load(STR("catalogues/demo"), &d);
    CHECK(c != NULL, STR_FMT, STR_ARG(diag_render(&a, &d)));
    if (c) {
        Figures main = figures_of(&a, c, STR("keqiao-131")),
                all = figures_of(&a, c, STR("hrss-134"));
        CHECK(main.mains == 37 && main.items == 131, "%zu main, %zu sub", main.mains, main.items);
        CHECK(all.items == 134, "%zu items", all.items);
        CHECK(all.before == 466 && all.now == 174, "%d to %d", all.before, all.now);
        Figures ledger = figures_of(&a, c, (Str){0});
        CHECK(ledger.proofs >= 90 && ledger.proofs <= 130, "%zu cancelled proofs", ledger.proofs);
        for (size_t i = 0; i < c->item_count; i++)
            if (str_starts(c->items[i].key, STR("hr-")))
                check_before(&c->items[i]);
    }
    catalogue_free(c);
    arena_free(&a);
}
