/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What follows from an item alone. The figures of a reform are counted here and nowhere else, so
 * that the guide, the report and the tests cannot differ.
 */
#include "model/item.h"

#include "model/place.h"

enum { NEEDED = 1, LATER = 3 };

const char *const item_state_names[] = {"published", "draft",     "in_review",
                                        "suspended", "cancelled", NULL};
const char *const authority_names[] = {"own", "delegated", "authorised", NULL};
const char *const result_kind_names[] = {"certificate", "approval", "other", NULL};

/* The n-th organ that is named; NULL after the last. */
static const Organ *named_organ(const Item *item, size_t n)
{
    if (n == 0)
        return item->organ;
    if (n == 1)
        return item_decider(item);
    n -= 2;
    if (n < item->joint_count)
        return item->joint_organs[n];
    n -= item->joint_count;
    if (n >= item->back_count)
        return NULL;
    const Organ *o = item->back_steps[n].organ;
    return o ? o : item_decider(item);
}

static int32_t count_organs(const Item *item)
{
    int32_t count = 0;
    const Organ *o;
    for (size_t n = 0; (o = named_organ(item, n)) != NULL; n++) {
        bool known = false;
        for (size_t k = 0; k < n && !known; k++)
            known = named_organ(item, k) == o;
        count += !known;
    }
    return count;
}

ItemFigures item_before(const Item *item)
{
    return (ItemFigures){item->baseline_materials, item->baseline_visits, item->baseline_days,
                         item->baseline_steps, item->baseline_organs};
}

ItemFigures item_now(const Item *item)
{
    ItemFigures f = {.visits = item->visits,
                     .days = item->promise.n,
                     .steps = (int32_t)item->back_count,
                     .organs = count_organs(item)};
    for (size_t i = 0; i < item->material_count; i++)
        f.materials +=
            item->materials[i].necessity == NEEDED || item->materials[i].necessity == LATER;
    return f;
}

const char *item_closed(const Item *item, Date day)
{
    if (item->state != ITEM_PUBLISHED)
        return item_state_names[item->state];
    if (item->not_here)
        return "not_here";
    const Delegation *d = item->delegation;
    if (d && (day.days < d->from.days || day.days > d->to.days))
        return "undelegated";
    if (item->valid_from.days && day.days < item->valid_from.days)
        return "early";
    return item->valid_to.days && day.days > item->valid_to.days ? "ended" : NULL;
}

bool item_is_open(const Item *item, Date day)
{
    return !item_closed(item, day);
}

bool item_is_listed(const Item *item)
{
    return !item->not_here && (item->state == ITEM_PUBLISHED || item->state == ITEM_SUSPENDED);
}

const Organ *item_decider(const Item *item)
{
    return item->handled_by ? item->handled_by : item->organ;
}
