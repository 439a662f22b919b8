/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/rand.h - randomness from the kernel, and a seedable generator for tests and jitter.
 * Secrets (tokens, salts) come from rand_bytes alone. Threads: an Rng belongs to one thread.
 */
#pragma once

#include "base/str.h"

void rand_bytes(void *out, size_t n); /* ends the process when the kernel gives none */
/* n random bytes as base64url text without padding. */
Str rand_token(Arena *out, size_t n);

typedef struct {
    uint64_t state[4];
} Rng; /* xoshiro256** */

void rng_seed(Rng *r, uint64_t seed);
uint64_t rng_next(Rng *r);
uint64_t rng_below(Rng *r, uint64_t n); /* unbiased, 0 <= result < n; n > 0 */
