/* SPDX-License-Identifier: Apache-2.0 */
/*
 * getrandom(2) for secrets; xoshiro256** (Blackman and Vigna) for all that must be repeatable,
 * seeded through splitmix64 as its authors advise, so that seed 0 is as good as any.
 */
#include "base/rand.h"

#include <errno.h>
#include <sys/random.h>

#include "base/hash.h"

enum { TOKEN_MAX = 256 };

void rand_bytes(void *out, size_t n)
{
    unsigned char *at = out;
    while (n) {
        ssize_t got = getrandom(at, n, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            fatal("the kernel gives no random bytes");
        at += got;
        n -= (size_t)got;
    }
}

Str rand_token(Arena *out, size_t n)
{
    unsigned char bytes[TOKEN_MAX];
    ASSERT(n <= sizeof bytes);
    rand_bytes(bytes, n);
    return base64url(out, bytes, n);
}

static uint64_t splitmix(uint64_t *x)
{
    uint64_t z = *x += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

void rng_seed(Rng *r, uint64_t seed)
{
    for (size_t i = 0; i < COUNT(r->state); i++)
        r->state[i] = splitmix(&seed);
}

static uint64_t rotl(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

uint64_t rng_next(Rng *r)
{
    uint64_t *s = r->state;
    uint64_t result = rotl(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return result;
}

uint64_t rng_below(Rng *r, uint64_t n)
{
    ASSERT(n > 0);
    /* Values below 2^64 mod n would make the first remainders likelier: drawn again. */
    uint64_t least = (0 - n) % n;
    uint64_t x = rng_next(r);
    while (x < least)
        x = rng_next(r);
    return x % n;
}
