/* SPDX-License-Identifier: Apache-2.0 */
/* A matter as a graph: rows of states, and what moves next. One letter a part: w waiting, r running,
 * g granted and ready, d denied and ready, G granted and handed out, D ended without a grant. */
#include "check.h"
#include "engine/parts/parts.h"

/* Edges of the part of that place: "-", or earlier parts by digit, behind ! those that it requires. */
typedef struct {
    const char *name, *states, *edges[4];
    bool at_once;
    const char *moves; /* . stays, b begins, x cannot, h is handed out */
    WholeState whole;
} Row;

static const Row rows[] = {
    {"parallel parts begin together", "ww", {"-", "-"}, false, "bb", WHOLE_RECEIVED},
    {"a serial part waits", "rw", {"-", "0"}, false, "..", WHOLE_RECEIVED},
    {"and begins when the other is done", "gw", {"-", "0"}, false, ".b", WHOLE_ACCEPTED},
    {"whatever came out", "dw", {"-", "0"}, false, ".b", WHOLE_ACCEPTED},
    {"handed out is done, too", "Gw", {"-", "0"}, false, ".b", WHOLE_ACCEPTED},
    {"required and granted", "gw", {"-", "!0"}, false, ".b", WHOLE_ACCEPTED},
    {"required and denied", "dw", {"-", "!0"}, false, ".x", WHOLE_ACCEPTED},
    {"required and ended before", "Dw", {"-", "!0"}, false, ".x", WHOLE_ACCEPTED},
    {"one of two required is denied while the other runs",
     "drw",
     {"-", "-", "!01"},
     false,
     "..x",
     WHOLE_ACCEPTED},
    {"two are waited for", "grw", {"-", "-", "01"}, false, "...", WHOLE_ACCEPTED},
    {"a refusal goes no further than what requires it",
     "dwww",
     {"-", "!0", "-", "0"},
     false,
     ".xbb",
     WHOLE_ACCEPTED},
    {"and on along the chain", "DDw", {"-", "!0", "!1"}, false, "..x", WHOLE_ACCEPTED},
    {"results wait for the last", "gr", {"-", "-"}, false, "..", WHOLE_ACCEPTED},
    {"unless asked for at once", "gr", {"-", "-"}, true, "h.", WHOLE_ACCEPTED},
    {"all are done: all are handed out", "gdG", {"-", "-", "-"}, false, "hh.", WHOLE_DECIDED},
    {"a part that could not begin holds nothing back",
     "gD",
     {"-", "!0"},
     false,
     "h.",
     WHOLE_DECIDED},
    {"all handed out", "GG", {"-", "-"}, false, "..", WHOLE_DELIVERED},
    {"one of them granted is enough", "GD", {"-", "-"}, false, "..", WHOLE_DELIVERED},
    {"none granted", "DD", {"-", "-"}, false, "..", WHOLE_FAILED},
};

static PartSet digits(const char *edges, bool required)
{
    PartSet set = 0;
    bool after = false;
    for (; *edges; edges++) {
        after = after || *edges == '!';
        if (*edges >= '0' && *edges <= '9' && after == required)
            set |= PART_BIT(*edges - '0');
    }
    return set;
}

static PartNow part_of(char state, const char *edges)
{
    PartNow p = {
        .state = PART_RUNNING, .after = digits(edges, false), .requires = digits(edges, true)};
    bool ready = state == 'g' || state == 'd', ended = state == 'G' || state == 'D';
    if (state == 'w')
        p.state = PART_WAITING;
    if (ready || ended)
        p.state = ready ? PART_READY : PART_ENDED;
    p.granted = state == 'g' || state == 'G';
    p.accepted = ready || ended;
    return p;
}

TEST(parts_move_as_their_edges_say)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Row *r = &rows[i];
        PartNow now[PARTS_MAX];
        PartStep steps[PARTS_MAX];
        size_t n = strlen(r->states);
        for (size_t k = 0; k < n; k++)
            now[k] = part_of(r->states[k], r->edges[k]);
        bool any = parts_next(now, n, r->at_once, steps);
        CHECK(any == (strspn(r->moves, ".") < n), "%s: moves", r->name);
        for (size_t k = 0; k < n; k++)
            CHECK(".bxh"[steps[k].move] == r->moves[k], "%s: part %zu '%c' where '%c'", r->name, k,
                  ".bxh"[steps[k].move], r -> moves[k]);
        CHECK(parts_whole(now, n) == r->whole, "%s: whole %d", r->name, (int)parts_whole(now, n));
    }
}

TEST(whole_is_withdrawn_when_all_parts_are)
{
    PartNow now[2] = {part_of('D', "-"), part_of('D', "-")};
    now[0].withdrawn = now[1].withdrawn = true;
    CHECK(parts_whole(now, 2) == WHOLE_WITHDRAWN, "all");
    now[1].withdrawn = false;
    CHECK(parts_whole(now, 2) == WHOLE_FAILED, "one of two");
}

/* ---- the longest chain ---- */

typedef struct {
    const char *name, *states, *edges[4];
    int32_t days[4];
    int32_t due[4]; /* of running ones, days from now; 0: not accepted */
    int32_t expected;
} Chain;

static const Chain chains[] = {
    {"one alone", "w", {"-"}, {5}, {0}, 5},
    {"side by side: the longer", "ww", {"-", "-"}, {5, 8}, {0}, 8},
    {"one after the other: both", "ww", {"-", "0"}, {5, 8}, {0}, 13},
    {"a diamond", "wwww", {"-", "0", "0", "!12"}, {1, 2, 6, 3}, {0}, 10},
    {"from the limit that runs", "rw", {"-", "0"}, {5, 8}, {2, 0}, 10},
    {"done parts take no time", "Gw", {"-", "0"}, {50, 8}, {0}, 8},
    {"all done", "GG", {"-", "-"}, {5, 8}, {0}, 0},
};

TEST(whole_takes_as_long_as_its_longest_chain)
{
    static const TimeMs now = INT64_C(1794967200) * 1000; /* 2026-11-18 10:00 in China */
    Arena arena = {0};
    LawClock clock = {.calendar = calendar_builtin(&arena), .hours = {0, 1440}, .zone = 480};
    for (size_t i = 0; i < COUNT(chains); i++) {
        const Chain *c = &chains[i];
        PartNow parts[PARTS_MAX];
        size_t n = strlen(c->states);
        LawDue due;
        Err err = {0};
        for (size_t k = 0; k < n; k++) {
            parts[k] = part_of(c->states[k], c->edges[k]);
            parts[k].promise = (LawBudget){c->days[k] * 24, LAW_HOUR};
            parts[k].due = c->due[k] ? now + c->due[k] * MS_DAY : 0;
        }
        CHECK(parts_due(&clock, parts, n, now, &due, &err), "%s: %s", c->name, err.msg);
        TimeMs expected = c->expected ? now + c->expected * MS_DAY : 0;
        CHECK(due.at == expected, "%s: %lld days", c->name, (long long)((due.at - now) / MS_DAY));
    }
    arena_free(&arena);
}
