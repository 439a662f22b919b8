/* SPDX-License-Identifier: Apache-2.0 */
/* What follows from a place's adoption alone. */
#include "model/place.h"

const char *const severity_names[] = {"low", "medium", "high", NULL};
const char *const adoption_names[] = {"not_adopted", "as_reference", "local",
                                      "accepted",    "open",         NULL};

static bool among(const Str *list, size_t n, Str key)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i], key))
            return true;
    return false;
}

bool place_has_item(const Place *p, Str key)
{
    return p->all_items || among(p->items, p->item_count, key);
}

bool place_has_bundle(const Place *p, Str key)
{
    return p->all_bundles || among(p->bundles, p->bundle_count, key);
}

bool deviation_blocks(const Deviation *d)
{
    return d->element != UNIFIED_NONE && !d->accepted;
}
