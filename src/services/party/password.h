/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/party/password.h - passwords by argon2id (RFC 9106); the only room of libargon2.
 * 19 MiB, 2 passes, 1 lane (OWASP's minimum): some 20 ms of one core, so call it from a worker.
 */
#pragma once

#include "base/str.h"

/* Encoded hash with a fresh salt, for the store. */
MUST_CHECK bool password_hash(Arena *out, Str password, Str *encoded, Err *err);
/* An empty encoded hash takes the same time and is false: nobody learns which logins exist. */
bool password_matches(Arena *scratch, Str encoded, Str password);
