/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One list of materials out of those of the parts: each material once, needed when one of the chosen
 * parts needs it. What a part makes is not asked for those that wait for it.
 */
#include "catalogue/bundle_int.h"

enum { NEEDED = 1, LATER = 3 };

static const Part *makes_among(const Part *const *list, size_t count, const Material *m);

static bool makes(const Part *p, const Material *m)
{
    for (size_t i = 0; i < p->item->result_count; i++)
        if (str_eq(p->item->results[i].material, m->code))
            return true;
    return false;
}

static const Part *maker_before(const Part *p, const Material *m)
{
    const Part *maker = makes_among(p->after, p->after_count, m);
    return maker ? maker : makes_among(p->requires, p->requires_count, m);
}

static const Part *makes_among(const Part *const *list, size_t count, const Material *m)
{
    for (size_t i = 0; i < count; i++) {
        const Part *maker = makes(list[i], m) ? list[i] : maker_before(list[i], m);
        if (maker)
            return maker;
    }
    return NULL;
}

const Part *maker_of(const Part *p, const Material *m)
{
    return maker_before(p, m);
}

/* Asked by one part only if it has to be given now, it has to be given now. */
static int32_t stricter(int32_t a, int32_t b)
{
    if (a == NEEDED || b == NEEDED)
        return NEEDED;
    return a == LATER || b == LATER ? LATER : a;
}

static ItemMaterial *find_or_add(ItemMaterial *list, size_t *n, const ItemMaterial *m)
{
    for (size_t i = 0; i < *n; i++)
        if (list[i].material == m->material)
            return &list[i];
    ItemMaterial *added = &list[(*n)++];
    *added = *m;
    added->needed_if = NULL;
    return added;
}

static void join(ItemMaterial *to, const ItemMaterial *m)
{
    to->necessity = stricter(to->necessity, m->necessity);
    to->by_mail = to->by_mail && m->by_mail;
    if (m->max_files > to->max_files)
        to->max_files = m->max_files;
    if (!text_in(to->basis, LANG_ZH).len)
        to->basis = m->basis;
    if (!text_in(to->note, LANG_ZH).len)
        to->note = m->note;
}

static bool is_asked(const ItemMaterial *m)
{
    return m->necessity == NEEDED || m->necessity == LATER;
}

/* In the order of the parts, so that each material's ways are in one row of memory. */
static Ways ways_to(Loader *l, const Bundle *b, const Material *m)
{
    Way *ways = NEW_N(l->arena, Way, b->part_count + 1);
    size_t n = 0;
    for (size_t i = 0; i < b->part_count; i++) {
        const ItemMaterial *own = item_material(b->parts[i].item, m->code);
        if (!own || !is_asked(own))
            continue;
        ways[n] = way_of(&b->parts[i], NULL, own->needed_if);
        ways[n++].unless = maker_of(&b->parts[i], m);
    }
    return (Ways){ways, n};
}

void merge_materials(Loader *l, Bundle *b)
{
    size_t room = 1, n = 0;
    for (size_t i = 0; i < b->part_count; i++)
        room += b->parts[i].item->material_count;
    ItemMaterial *list = NEW_N(l->arena, ItemMaterial, room);
    for (size_t i = 0; i < b->part_count; i++)
        for (size_t k = 0; k < b->parts[i].item->material_count; k++) {
            const ItemMaterial *m = &b->parts[i].item->materials[k];
            join(find_or_add(list, &n, m), m);
        }
    for (size_t i = 0; i < n; i++)
        list[i].ways = ways_to(l, b, list[i].material);
    b->whole.materials = list;
    b->whole.material_count = n;
}
