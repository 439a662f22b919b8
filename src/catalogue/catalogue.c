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
    load_elements(l);
    load_sources(l);
    check_elements(l);
    load_materials(l);
    load_topics(l);
    load_papers(l);
    load_messages(l);
    load_items(l);
    load_demo(l);
    report_unused_files(l);
}

static const Catalogue *finish(Loader *l, Generation *g, Arena *arena)
{
    Hash h = hasher_end(l->hasher);
    Str hex = hash_hex(arena, &h);
    g->c.key = str_slice(hex, 0, 16);
    g->c.search = search_index(arena, &g->c);
    g->arena = *arena;
    return &g->c;
}

const Catalogue *catalogue_load(Str folder, Diags *diags)
{
    Arena arena = {0};
    Generation *g = NEW(&arena, Generation);
    size_t before = diags->errors;
    Loader l = {.arena = &arena, .diags = diags, .c = &g->c, .folder = folder};
    l.hasher = hasher_new();
    if (list_files(&l))
        load_all(&l);
    if (diags->errors == before)
        return finish(&l, g, &arena);
    hasher_drop(l.hasher);
    arena_free(&arena);
    return NULL;
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

const MessageTemplate *catalogue_message(const Catalogue *c, Str key)
{
    return find_entry(c, "message", key);
}
