/* SPDX-License-Identifier: Apache-2.0 */
/* Items on one flow: what stands in shared/ is kept once, and each item still asks what is its own. */
#include "catalogue/catalogue.h"
#include "check.h"
#include "model/form.h"

static const Catalogue *demo(Arena *a, CatalogueDocuments *documents)
{
    Diags d = {.arena = a};
    const Catalogue *c = catalogue_load_with(STR("catalogues/demo"), &d, documents);
    CHECK(c != NULL, STR_FMT, STR_ARG(diag_render(a, &d)));
    return c;
}

TEST(one_process_for_all_that_name_it)
{
    Arena a = {0};
    const Catalogue *c = demo(&a, NULL);
    const Item *one = c ? catalogue_item(c, STR("hr-title-review")) : NULL;
    const Item *two = c ? catalogue_item(c, STR("hr-dispatch-licence")) : NULL;
    const Item *instant = c ? catalogue_item(c, STR("hr-card-loss")) : NULL;
    CHECK(one && two && instant, "items");
    if (one && two && instant) {
        CHECK(one->process == two->process, "the process");
        CHECK(one->diagram == two->diagram, "its diagram");
        CHECK(one->process_text.at == two->process_text.at, "its text");
        CHECK(one->process != instant->process, "another process");
        CHECK(one->form.pages[0].questions != two->form.pages[0].questions, "two forms");
    }
    catalogue_free(c);
    arena_free(&a);
}

static size_t pages_of(const Item *item, PageKind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < item->form.page_count; i++)
        n += item->form.pages[i].kind == kind;
    return n;
}

TEST(form_asks_what_is_the_items_own)
{
    Arena a = {0};
    const Catalogue *c = demo(&a, NULL);
    const Item *item = c ? catalogue_item(c, STR("hr-title-review")) : NULL;
    const Item *bare = c ? catalogue_item(c, STR("hr-insurance-certificate")) : NULL;
    if (item && bare) {
        const Page *own = form_page(&item->form, STR("matter"));
        CHECK(own && own->kind == PAGE_QUESTIONS && own->question_count == 2, "questions");
        CHECK(pages_of(item, PAGE_MATERIAL) == item->material_count, "a page a material");
        const Page *p = form_page(&item->form, STR("work-results"));
        CHECK(p && str_eq(text_in(p->title, LANG_ZH), STR("代表性业绩成果")), "title");
        CHECK(pages_of(bare, PAGE_MATERIAL) == 0, "nothing to hand in");
        CHECK(bare->form.pages[0].questions == item->form.pages[0].questions, "kept once");
    }
    catalogue_free(c);
    arena_free(&a);
}

TEST(situations_are_asked_on_the_own_page)
{
    Arena a = {0};
    const Catalogue *c = demo(&a, NULL);
    const Item *item = c ? catalogue_item(c, STR("hr-training-school-change")) : NULL;
    const Page *own = item ? form_page(&item->form, STR("matter")) : NULL;
    CHECK(own && own->question_count == 1 && own->questions[0].required &&
              str_eq(own->questions[0].element->key, STR("licence_change")),
          "the situation");
    const Page *audit = item ? form_page(&item->form, STR("financial-audit")) : NULL;
    CHECK(audit && audit->show_if, "only for another founder");
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

static bool holds(const ItemDocuments *d, Str path)
{
    for (size_t i = 0; d && i < d->count; i++)
        if (str_eq(d->at[i].path, path))
            return true;
    return false;
}

TEST(version_holds_what_is_shared)
{
    Arena a = {0};
    CatalogueDocuments all;
    const Catalogue *c = demo(&a, &all);
    const ItemDocuments *d = documents_of(&all, STR("hr-title-review"));
    CHECK(holds(d, STR("shared/applicant.yaml")), "form");
    CHECK(holds(d, STR("shared/standard.bpmn")), "process");
    CHECK(!holds(d, STR("shared/organisation.yaml")), "another form");
    Diags said = {.arena = &a};
    const Catalogue *again = d ? catalogue_of_documents(d, &said) : NULL;
    CHECK(again && str_eq(again->items[0].hash, d->hash), STR_FMT, STR_ARG(diag_render(&a, &said)));
    if (again) {
        const Item *now = catalogue_item(c, STR("hr-title-review"));
        CHECK(again->items[0].form.page_count == now->form.page_count, "pages");
        CHECK(again->items[0].process && again->items[0].diagram, "process");
    }
    catalogue_free(again);
    catalogue_free(c);
    arena_free(&a);
}
