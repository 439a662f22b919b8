/* SPDX-License-Identifier: Apache-2.0 */
#include "services/party/password.h"

#include <argon2.h>

#include "base/rand.h"

enum { PASSES = 2, MEMORY_KIB = 19456, LANES = 1, SALT = 16, TAG = 32, ENCODED_MAX = 160 };

bool password_hash(Arena *out, Str password, Str *encoded, Err *err)
{
    uint8_t salt[SALT];
    rand_bytes(salt, sizeof salt);
    char *text = arena_alloc(out, ENCODED_MAX);
    int rc = argon2id_hash_encoded(PASSES, MEMORY_KIB, LANES, password.at, password.len, salt,
                                   sizeof salt, TAG, text, ENCODED_MAX);
    if (rc != ARGON2_OK)
        return FAIL(err, ERR_INTERNAL, "argon2 failed: '%s'", argon2_error_message(rc));
    *encoded = str_z(text);
    return true;
}

bool password_matches(Arena *scratch, Str encoded, Str password)
{
    static const char nobody[] = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
                                 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    const char *against = encoded.len ? str_cstr(scratch, encoded) : nobody;
    bool ok = argon2id_verify(against, password.at, password.len) == ARGON2_OK;
    return ok && encoded.len;
}
