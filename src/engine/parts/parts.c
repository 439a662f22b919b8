/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of parts are bits; every question about a part is one about sets. */
#include "engine/parts/parts.h"

typedef struct {
    PartSet done, granted, ended, all;
} Sets;

static Sets sets_of(const PartNow *parts, size_t n)
{
    Sets s = {0, 0, 0, 0};
    ASSERT(n <= PARTS_MAX);
    for (size_t i = 0; i < n; i++) {
        bool done = parts[i].state == PART_READY || parts[i].state == PART_ENDED;
        s.all |= PART_BIT(i);
        s.done |= done ? PART_BIT(i) : 0;
        s.granted |= done && parts[i].granted ? PART_BIT(i) : 0;
        s.ended |= parts[i].state == PART_ENDED ? PART_BIT(i) : 0;
    }
    return s;
}

static size_t first_of(PartSet s)
{
    size_t i = 0;
    while (!(s & PART_BIT(i)))
        i++;
    return i;
}

static PartStep step_of(const PartNow *p, const Sets *s, bool at_once)
{
    PartSet failed = p->requires & s->done & ~s->granted;
    PartSet open = (p->after | p->requires) & ~s->done;
    if (p->state == PART_WAITING && failed)
        return (PartStep){PART_CANNOT_BEGIN, first_of(failed)};
    if (p->state == PART_WAITING && !open)
        return (PartStep){PART_BEGIN, 0};
    if (p->state == PART_READY && (at_once || s->done == s->all))
        return (PartStep){PART_HAND_OUT, 0};
    return (PartStep){PART_STAY, 0};
}

bool parts_next(const PartNow *parts, size_t n, bool at_once, PartStep *steps)
{
    Sets s = sets_of(parts, n);
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        steps[i] = step_of(&parts[i], &s, at_once);
        any = any || steps[i].move != PART_STAY;
    }
    return any;
}

/* ---- the whole's limit ---- */

static const LawIntervals no_intervals = {NULL, 0};

static TimeMs latest(const TimeMs *ends, PartSet of, TimeMs least)
{
    for (size_t i = 0; i < PARTS_MAX; i++)
        if ((of & PART_BIT(i)) && ends[i] > least)
            least = ends[i];
    return least;
}

bool parts_due(const LawClock *clock, const PartNow *parts, size_t n, TimeMs now, LawDue *due,
               Err *err)
{
    TimeMs ends[PARTS_MAX] = {0};
    ASSERT(n <= PARTS_MAX);
    *due = (LawDue){.at = 0};
    for (size_t i = 0; i < n; i++) {
        const PartNow *p = &parts[i];
        LawDue own = {.at = p->due ? p->due : p->done_at};
        bool estimate = p->state == PART_WAITING || (p->state == PART_RUNNING && !p->due);
        TimeMs start = latest(ends, p->after | p->requires, now);
        if (estimate && !law_due(clock, start, p->promise, no_intervals, &own, err))
            return false;
        own.day = date_of_time(own.at, clock->zone);
        ends[i] = own.at;
        if (p->state != PART_READY && p->state != PART_ENDED && own.at > due->at)
            *due = own;
    }
    return true;
}

/* ---- the whole's state ---- */

WholeState parts_whole(const PartNow *parts, size_t n)
{
    Sets s = sets_of(parts, n);
    bool accepted = false, withdrawn = true;
    for (size_t i = 0; i < n; i++) {
        accepted = accepted || parts[i].accepted;
        withdrawn = withdrawn && parts[i].withdrawn;
    }
    if (s.ended == s.all)
        return s.granted ? WHOLE_DELIVERED : withdrawn ? WHOLE_WITHDRAWN : WHOLE_FAILED;
    if (s.done == s.all)
        return WHOLE_DECIDED;
    return accepted ? WHOLE_ACCEPTED : WHOLE_RECEIVED;
}
