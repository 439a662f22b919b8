/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One generation: its arena holds everything, the struct itself too. Documents are read in the
 * order of their references: organs, elements, sources, materials, topics, papers, messages,
 * items. Reading goes on after each problem.
 */
#include "catalogue/catalogue_int.h"

typedef struct {
    Catalogue c; /* first: a Catalogue is its Generation */
    Arena arena;
} Generation;

static void load_all(Loader *l)
{
    load_site(l);
    load_organs(l);
    load_workers(l);
    load_divisions(l);
    load_rates(l);
    load_elements(l);
    load_sources(l);
    check_elements(l);
    load_materials(l);
    load_topics(l);
    load_synonyms(l);
    load_sets(l);
    load_papers(l);
    load_messages(l);
    load_places(l);
    load_items(l);
    load_delegations(l);
    size_t before = l->diags->errors;
    load_bundles(l);
    check_bundles_of_places(l);
    check_between_items(l);
    if (l->diags->errors == before) /* bundles read items, too */
        check_reads(l);
    load_demo(l);
    report_unused_files(l);
}

/* What a version of an item holds; the order is that of load_all. */
static void load_one(Loader *l)
{
    load_organs(l);
    load_elements(l);
    load_sources(l);
    check_elements(l);
    load_materials(l);
    load_topics(l);
    load_papers(l);
    load_messages(l);
    load_items(l);
    load_delegations(l);
    load_bundles(l);
}

static const Catalogue *finish(Loader *l, Generation *g, Arena *arena)
{
    Hash h = hasher_end(l->hasher);
    Str hex = hash_hex(arena, &h);
    g->c.key = str_slice(hex, 0, 16);
    if (!l->given)
        g->c.search = search_index(arena, &g->c);
    g->arena = *arena;
    return &g->c;
}

static const Catalogue *discard(Loader *l, Arena *arena)
{
    hasher_drop(l->hasher);
    arena_free(arena);
    return NULL;
}

static const Catalogue *load_folder(Str folder, Diags *diags, CatalogueDocuments *documents,
                                    bool report_only)
{
    Arena arena = {0};
    Generation *g = NEW(&arena, Generation);
    size_t before = diags->errors;
    Loader l = {
        .arena = &arena, .diags = diags, .c = &g->c, .folder = folder, .report_only = report_only};
    l.hasher = hasher_new();
    if (list_files(&l))
        load_all(&l);
    if (diags->errors != before)
        return discard(&l, &arena);
    find_versions(&l, documents);
    return finish(&l, g, &arena);
}

const Catalogue *catalogue_load_with(Str folder, Diags *diags, CatalogueDocuments *documents)
{
    return load_folder(folder, diags, documents, false);
}

const Catalogue *catalogue_load_drift(Str folder, Diags *diags)
{
    return load_folder(folder, diags, NULL, true);
}

const Catalogue *catalogue_load(Str folder, Diags *diags)
{
    return catalogue_load_with(folder, diags, NULL);
}

const Catalogue *catalogue_of_documents(const ItemDocuments *documents, Diags *diags)
{
    Arena arena = {0};
    Generation *g = NEW(&arena, Generation);
    size_t before = diags->errors;
    Str folder = str_fmt(diags->arena, STR_FMT "@" STR_FMT, STR_ARG(documents->item),
                         STR_ARG(str_slice(documents->hash, 0, 12)));
    Loader l = {.arena = &arena, .diags = diags, .c = &g->c, .folder = folder, .given = documents};
    l.hasher = hasher_new();
    if (!are_whole(documents))
        diag_add(diags, DIAG_ERROR, "catalogue.version", diag_file(diags, folder, (Str){0}), 0,
                 (Str){0}, "the documents are not those that were published");
    list_given(&l);
    if (diags->errors == before)
        load_one(&l);
    bool one = g->c.bundle_count ? g->c.bundle_count == 1 : g->c.item_count == 1;
    if (diags->errors != before || !one)
        return discard(&l, &arena);
    Item *face = g->c.bundle_count ? &l.bundles[0].whole : &l.items[0];
    face->hash = str_dup(&arena, documents->hash);
    return finish(&l, g, &arena);
}

size_t catalogue_bytes(const Catalogue *c)
{
    return ((const Generation *)c)->arena.total;
}

void catalogue_free(const Catalogue *c)
{
    if (!c)
        return;
    Arena arena = ((const Generation *)c)->arena;
    arena_free(&arena);
}

const Item *catalogue_item(const Catalogue *c, Str key)
{
    return find_entry(c, "item", key);
}

const Item *catalogue_face(const Catalogue *c)
{
    return c->bundle_count ? &c->bundles[0].whole : &c->items[0];
}

const Bundle *catalogue_bundle(const Catalogue *c, Str key)
{
    const Item *item = catalogue_item(c, key);
    return item ? item->bundle : NULL;
}

const Organ *catalogue_organ(const Catalogue *c, Str key)
{
    return find_entry(c, "organ", key);
}

const Element *catalogue_element(const Catalogue *c, Str key)
{
    return find_entry(c, "element", key);
}

const Source *catalogue_source(const Catalogue *c, Str key)
{
    return find_entry(c, "source", key);
}

const Paper *catalogue_paper(const Catalogue *c, Str key)
{
    return find_entry(c, "paper", key);
}

const WorkerType *catalogue_worker(const Catalogue *c, Str type)
{
    return find_entry(c, "worker", type);
}

const MessageTemplate *catalogue_message(const Catalogue *c, Str key)
{
    return find_entry(c, "message", key);
}
