/* SPDX-License-Identifier: Apache-2.0 */
/* Places of the demo: what each has adopted, where it deviates, what is local. */
#include "catalogue/drift.h"
#include "check.h"

#define DEMO STR("catalogues/demo")

static const Catalogue *demo(Arena *a, Diags *d, CatalogueDocuments *documents)
{
    *d = (Diags){.arena = a};
    const Catalogue *c = catalogue_load_with(DEMO, d, documents);
    CHECK(c != NULL, STR_FMT, STR_ARG(diag_render(a, d)));
    return c;
}

static const Deviation *deviation(const Catalogue *c, Str place, Str path)
{
    for (size_t i = 0; i < c->deviation_count; i++)
        if (str_eq(c->deviations[i].place->code, place) && str_eq(c->deviations[i].path, path))
            return &c->deviations[i];
    return NULL;
}

TEST(deviations_of_each_kind)
{
    static const struct {
        const char *place, *path, *reference, *local;
        UnifiedElement element;
        Severity severity;
        bool blocks;
    } rows[] = {
        {"330197", "limits.promise", "5 working days", "10 working days", UNIFIED_TIME_LIMIT,
         SEVERITY_HIGH, false},
        {"330198", "sub_name", "Application for work-injury certification",
         "Acceptance of applications for work-injury certification", UNIFIED_SUB_NAME,
         SEVERITY_MEDIUM, true},
        {"330198", "materials.employment-proof.needed_if", "insured != \"yes\"", "true",
         UNIFIED_MATERIALS, SEVERITY_HIGH, true},
        {"330198", "visits", "0", "1", UNIFIED_SERVICE_FLOW, SEVERITY_HIGH, true},
        {"330198", "limits.promise", "15 days", "30 days", UNIFIED_TIME_LIMIT, SEVERITY_HIGH, true},
        {"330198", "limits.correction_days", "15", "10", UNIFIED_TIME_LIMIT, SEVERITY_MEDIUM, true},
        {"330198", "form.injury_part", "may be left out", NULL, UNIFIED_FORM, SEVERITY_HIGH, true},
    };
    Arena a = {0};
    Diags diags;
    const Catalogue *c = demo(&a, &diags, NULL);
    for (size_t i = 0; c && i < COUNT(rows); i++) {
        const Deviation *d = deviation(c, str_z(rows[i].place), str_z(rows[i].path));
        CHECK(d != NULL, "row %zu: not found", i);
        if (!d)
            continue;
        CHECK(d->element == rows[i].element && d->severity == rows[i].severity, "row %zu", i);
        CHECK(deviation_blocks(d) == rows[i].blocks, "row %zu: blocks", i);
        CHECK(str_eq(d->reference.in[LANG_EN], str_z(rows[i].reference)), "row %zu: " STR_FMT, i,
              STR_ARG(d->reference.in[LANG_EN]));
        CHECK(!rows[i].local || str_eq(d->local.in[LANG_EN], str_z(rows[i].local)),
              "row %zu: " STR_FMT, i, STR_ARG(d->local.in[LANG_EN]));
    }
    for (size_t i = 0; c && i < c->deviation_count; i++)
        CHECK(c->deviations[i].place != c->here, "the installed place deviates: " STR_FMT,
              STR_ARG(c->deviations[i].path));
    catalogue_free(c);
    arena_free(&a);
}

TEST(adoption_of_places)
{
    static const struct {
        const char *place, *item;
        Adoption adoption;
    } rows[] = {
        {"330000", "work-injury", ADOPTED_SAME},
        {"330196", "work-injury", ADOPTED_SAME},
        {"330196", "flexible-employment", ADOPTED_LOCAL},
        {"330197", "work-injury", ADOPTED_SAME},
        {"330197", "unemployment-benefit", ADOPTED_ACCEPTED},
        {"330197", "retirement", ADOPTED_NOT},
        {"330198", "work-injury", ADOPTED_OPEN},
        {"330199", "work-injury", ADOPTED_LOCAL},
    };
    Arena a = {0};
    Diags diags;
    const Catalogue *c = demo(&a, &diags, NULL);
    for (size_t i = 0; c && i < COUNT(rows); i++) {
        Adoption got = catalogue_adoption(c, catalogue_place(c, str_z(rows[i].place)),
                                          catalogue_item(c, str_z(rows[i].item)));
        CHECK(got == rows[i].adoption, "%s in %s: %s", rows[i].item, rows[i].place,
              adoption_names[got]);
    }
    Value *all = drift_report(&a, c, NULL, LANG_EN);
    Value *one = drift_report(&a, c, catalogue_place(c, STR("330196")), LANG_ZH);
    CHECK(get_int(all, "blocking", 0) == 7, "%lld block", (long long)get_int(all, "blocking", 0));
    CHECK(get_int(one, "blocking", -1) == 0 && value_count(value_at(one, "places")) == 1, "one");
    CHECK(value_count(value_at(all, "items")) == c->item_count, "a row an item");
    CHECK(value_count(value_at(all, "bundles")) == c->bundle_count, "a row a bundle");
    catalogue_free(c);
    arena_free(&a);
}

static const ItemDocuments *documents_of(const CatalogueDocuments *all, Str item)
{
    for (size_t i = 0; i < all->count; i++)
        if (str_eq(all->at[i].item, item))
            return &all->at[i];
    return NULL;
}

/* What is local, and a delegation, belong to the version and are there when it is read again. */
TEST(version_keeps_what_is_local)
{
    Arena a = {0};
    Diags diags, again = {.arena = &a};
    CatalogueDocuments all = {0};
    const Catalogue *c = demo(&a, &diags, &all);
    const Item *injury = c ? catalogue_item(c, STR("work-injury")) : NULL;
    CHECK(injury && injury->windows.in[LANG_EN].len && injury->local_note.in[LANG_ZH].len,
          "local values");
    static const Str keys[] = {STR_INIT("work-injury"), STR_INIT("flexible-employment")};
    for (size_t i = 0; c && i < COUNT(keys); i++) {
        const ItemDocuments *documents = documents_of(&all, keys[i]);
        const Catalogue *old = documents ? catalogue_of_documents(documents, &again) : NULL;
        CHECK(old != NULL, STR_FMT, STR_ARG(diag_render(&a, &again)));
        if (!old)
            continue;
        const Item *was = &old->items[0], *is = catalogue_item(c, keys[i]);
        CHECK(str_eq(was->windows.in[LANG_EN], is->windows.in[LANG_EN]), "windows");
        CHECK(!was->delegation == !is->delegation, "delegation");
        CHECK(str_eq(item_decider(was)->key, item_decider(is)->key), "who decides");
        catalogue_free(old);
    }
    catalogue_free(c);
    arena_free(&a);
}

TEST(what_runs_out)
{
    static const struct {
        int32_t year;
        size_t errors;
        const char *closed;
    } rows[] = {
        {2026, 0, NULL}, {2030, 0, NULL}, {2031, 1, "undelegated"}, {2025, 0, "undelegated"}};
    Arena a = {0};
    Diags diags;
    const Catalogue *c = demo(&a, &diags, NULL);
    const Item *item = c ? catalogue_item(c, STR("flexible-employment")) : NULL;
    CHECK(item && item->delegation && item->authority == AUTHORITY_DELEGATED, "it is delegated");
    for (size_t i = 0; item && i < COUNT(rows); i++) {
        Date day = date_of((Civil){rows[i].year, 12, 31});
        size_t before = diags.errors;
        catalogue_check_day(c, day, &diags);
        CHECK(diags.errors - before == rows[i].errors, "%d: %zu errors", rows[i].year,
              diags.errors - before);
        const char *why = item_closed(item, day);
        CHECK(str_eq(str_z(why ? why : ""), str_z(rows[i].closed ? rows[i].closed : "")),
              "%d: closed %s", rows[i].year, why ? why : "not");
    }
    catalogue_free(c);
    arena_free(&a);
}
