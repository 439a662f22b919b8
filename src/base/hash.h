/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/hash.h - SHA-256 (FIPS 180-4) and HMAC (RFC 2104) by OpenSSL, hex and base64url (RFC 4648).
 * The only file that includes OpenSSL's headers is hash.c.
 */
#pragma once

#include "base/str.h"

enum { HASH_SIZE = 32 };

typedef struct {
    uint8_t bytes[HASH_SIZE];
} Hash;

typedef struct Hasher Hasher; /* incremental; not an arena's: ended by hasher_end or hasher_drop */

Hash hash_of(Str s);
Hasher *hasher_new(void);
void hasher_add(Hasher *h, const void *at, size_t n);
Hash hasher_end(Hasher *h); /* frees h */
void hasher_drop(Hasher *h);
Hash hash_hmac(Str key, Str message);
bool hash_eq(const Hash *a, const Hash *b); /* constant time */
Str hash_hex(Arena *out, const Hash *h);
Str hex_of(Arena *out, const void *at, size_t n);
MUST_CHECK bool hex_read(Str hex, void *out, size_t n); /* exactly n bytes */
Str base64url(Arena *out, const void *at, size_t n);    /* no padding */
MUST_CHECK bool base64url_read(Arena *out, Str text, Str *bytes);
