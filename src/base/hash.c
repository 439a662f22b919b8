/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OpenSSL's EVP with SHA-256 fetched once: an implicit fetch at each call would cost more than
 * hashing a short text. OpenSSL failing here means no memory or a broken installation.
 */
#include "base/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <pthread.h>

static EVP_MD *sha256;
static pthread_once_t fetched = PTHREAD_ONCE_INIT;

static void fetch_sha256(void)
{
    sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (!sha256)
        fatal("OpenSSL has no SHA-256");
}

static const EVP_MD *the_sha256(void)
{
    (void)pthread_once(&fetched, fetch_sha256);
    return sha256;
}

static void must(int ok)
{
    if (ok != 1)
        fatal("OpenSSL failed to hash");
}

Hash hash_of(Str s)
{
    Hash h;
    must(EVP_Digest(s.len ? s.at : "", s.len, h.bytes, NULL, the_sha256(), NULL));
    return h;
}

/* A Hasher is OpenSSL's context under our name: no second allocation. */
static EVP_MD_CTX *context(Hasher *h)
{
    return (EVP_MD_CTX *)(void *)h;
}

Hasher *hasher_new(void)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    if (!ctx)
        fatal("out of memory: hasher");
    must(EVP_DigestInit_ex2(ctx, the_sha256(), NULL));
    return (Hasher *)(void *)ctx;
}

void hasher_add(Hasher *h, const void *at, size_t n)
{
    if (n)
        must(EVP_DigestUpdate(context(h), at, n));
}

Hash hasher_end(Hasher *h)
{
    Hash result;
    must(EVP_DigestFinal_ex(context(h), result.bytes, NULL));
    hasher_drop(h);
    return result;
}

void hasher_drop(Hasher *h)
{
    EVP_MD_CTX_free(context(h));
}

Hash hash_hmac(Str key, Str message)
{
    Hash h;
    ASSERT(key.len <= INT32_MAX);
    const unsigned char *text = (const unsigned char *)(message.len ? message.at : "");
    if (!HMAC(the_sha256(), key.len ? key.at : "", (int)key.len, text, message.len, h.bytes, NULL))
        fatal("OpenSSL failed to make an HMAC");
    return h;
}

bool hash_eq(const Hash *a, const Hash *b)
{
    return CRYPTO_memcmp(a->bytes, b->bytes, HASH_SIZE) == 0;
}

Str hash_hex(Arena *out, const Hash *h)
{
    return hex_of(out, h->bytes, HASH_SIZE);
}

Str hex_of(Arena *out, const void *at, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *from = at;
    char *to = arena_alloc(out, n * 2 + 1);
    for (size_t i = 0; i < n; i++) {
        to[i * 2] = digits[from[i] >> 4];
        to[i * 2 + 1] = digits[from[i] & 15];
    }
    return (Str){to, n * 2};
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool hex_read(Str hex, void *out, size_t n)
{
    if (hex.len != n * 2)
        return false;
    unsigned char *to = out;
    for (size_t i = 0; i < n; i++) {
        int high = hex_digit(hex.at[i * 2]), low = hex_digit(hex.at[i * 2 + 1]);
        if (high < 0 || low < 0)
            return false;
        to[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

Str base64url(Arena *out, const void *at, size_t n)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const unsigned char *from = at;
    char *to = arena_alloc(out, n / 3 * 4 + 4);
    size_t len = 0;
    uint32_t bits = 0;
    int held = 0;
    for (size_t i = 0; i < n; i++) {
        bits = bits << 8 | from[i];
        for (held += 8; held >= 6; held -= 6)
            to[len++] = alphabet[bits >> (held - 6) & 63];
    }
    if (held)
        to[len++] = alphabet[bits << (6 - held) & 63];
    return (Str){to, len};
}

static int base64url_digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '-' ? 62 : c == '_' ? 63 : -1;
}

bool base64url_read(Arena *out, Str text, Str *bytes)
{
    if (text.len % 4 == 1)
        return false;
    unsigned char *to = arena_alloc(out, text.len / 4 * 3 + 4);
    size_t len = 0;
    uint32_t bits = 0;
    int held = 0;
    for (size_t i = 0; i < text.len; i++) {
        int digit = base64url_digit(text.at[i]);
        if (digit < 0)
            return false;
        bits = bits << 6 | (uint32_t)digit;
        held += 6;
        if (held >= 8) {
            held -= 8;
            to[len++] = (unsigned char)(bits >> held);
        }
    }
    /* Left-over bits must be zero, else two texts would mean the same bytes. */
    if (bits & ((1u << held) - 1))
        return false;
    *bytes = (Str){(const char *)to, len};
    return true;
}
