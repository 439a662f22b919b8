/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who guesses. Routes with HTTP_ROUTE_GUESSED tell by their answer whether a number, a code or a
 * password was right; an address that was wrong too often waits until its window is over.
 *
 * One table of GUESS_SETS times GUESS_WAYS entries; a full set forgets its oldest, so that many
 * addresses cost no more memory than few. Keys are those of address_key.
 */
#include <arpa/inet.h>

#include "base/rand.h"
#include "http/http_int.h"

enum { GUESS_SETS = 1024, GUESS_WAYS = 4 };

typedef struct {
    uint64_t key;
    int64_t until; /* monotonic ms; 0: unused */
    unsigned misses;
} Guesser;

struct Guesses {
    Mutex lock;
    unsigned max; /* 0: not limited */
    int64_t window_ms;
    uint64_t seed;
    Guesser sets[GUESS_SETS][GUESS_WAYS];
};

Guesses *guesses_new(Arena *out, const HttpLimits *limits)
{
    Guesses *g = NEW(out, Guesses);
    mutex_init(&g->lock);
    g->max = limits->misses;
    g->window_ms = limits->misses_ms;
    rand_bytes(&g->seed, sizeof g->seed);
    return g;
}

void guesses_free(Guesses *g)
{
    mutex_free(&g->lock);
}

uint64_t peer_key(Str peer)
{
    char text[HTTP_PEER_MAX];
    struct sockaddr_in in = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    size_t len = peer.len < sizeof text ? peer.len : sizeof text - 1;
    memcpy(text, peer.at, len);
    text[len] = 0;
    if (inet_pton(AF_INET, text, &in.sin_addr) == 1)
        return address_key((const struct sockaddr *)&in);
    (void)inet_pton(AF_INET6, text, &in6.sin6_addr);
    return address_key((const struct sockaddr *)&in6);
}

/* The entry of a key, or the one that makes room: unused, over, else the oldest. */
static Guesser *entry_of(Guesses *g, uint64_t key, bool *found)
{
    uint64_t h = (key ^ g->seed) * 0x9e3779b97f4a7c15u;
    Guesser *set = g->sets[(h ^ h >> 32) % GUESS_SETS], *oldest = set;
    *found = false;
    for (size_t i = 0; i < GUESS_WAYS; i++) {
        if (set[i].until && set[i].key == key) {
            *found = true;
            return &set[i];
        }
        if (set[i].until < oldest->until)
            oldest = &set[i];
    }
    return oldest;
}

int64_t guesses_wait_ms(Guesses *g, uint64_t key, int64_t now)
{
    bool found = false;
    mutex_lock(&g->lock);
    const Guesser *e = entry_of(g, key, &found);
    bool waits = g->max && found && e->misses >= g->max && e->until > now;
    int64_t left = waits ? e->until - now : 0;
    mutex_unlock(&g->lock);
    return left;
}

void guesses_missed(Guesses *g, uint64_t key, int64_t now)
{
    bool found = false;
    mutex_lock(&g->lock);
    Guesser *e = entry_of(g, key, &found);
    if (!found || e->until <= now)
        *e = (Guesser){.key = key, .until = now + g->window_ms};
    e->misses++;
    mutex_unlock(&g->lock);
}
