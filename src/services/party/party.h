/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/party/party.h - people and staff: who they are, signing in and out, and the log of
 * everybody who read a person's data.
 *
 * Citizens come from an identity provider (the demo's page stands where one will); staff sign in
 * with a password. The browser holds a random token, the store only its SHA-256.
 * Limits: PASSWORD_FAILURES_MAX wrong passwords lock an account for ACCOUNT_LOCK_MS; sessions end
 * after SESSION_PARTY_MS or SESSION_STAFF_MS.
 */
#pragma once

#include "services/app.h"

enum { PASSWORD_FAILURES_MAX = 5, PASSWORD_MAX = 200, SESSION_TOKEN_BYTES = 32 };
#define ACCOUNT_LOCK_MS (15 * MS_MINUTE)
#define SESSION_PARTY_MS (12 * MS_HOUR)
#define SESSION_STAFF_MS (10 * MS_HOUR)

typedef struct {
    ActorKind kind; /* ACTOR_NOBODY when there is no such session */
    int64_t subject;
    Str name;
    Str organ;
    unsigned roles;
    Str csrf;
} Session;

/* The session of a token as the browser holds it. False only when the store fails. */
MUST_CHECK bool session_find(StoreConn *reader, Arena *out, Str token, TimeMs now, Session *s,
                             Err *err);
/* What the store keeps of a token. */
Str session_token_hash(Arena *out, Str token);

/* Use cases. */
/* in {id_type: "idcard"|"uscc", id_number, name, phone, kind: "person"|"org", token_hash, csrf};
 * out {party} */
UseCase party_sign_in;
/* in {account, token_hash, csrf}; out {account}, or {locked: true} and no session: many passwords
 * may be under way when the account is locked, and the right one among them comes too late. */
UseCase staff_sign_in;
/* in {account}: one wrong password, or 0 for an unknown login, which takes as long; out {locked:
 * bool}. Whoever knows a login can keep it locked: better than that it is guessed. */
UseCase staff_sign_in_failed;
/* in {token_hash} */
UseCase session_close;
/* in {login, name, password (argon2id, encoded), organ, roles}; out {account} */
UseCase staff_add;

typedef struct {
    int64_t id; /* 0: no such account */
    Str name, password, organ;
    unsigned roles;
    TimeMs locked_until;
} Account;

MUST_CHECK bool account_find(StoreConn *reader, Arena *out, Str login, Account *a, Err *err);

typedef struct {
    int64_t party, case_id; /* case_id 0: none */
    Str actor, what, purpose, basis;
} Access;

/* Who read what of a person, and why. Call it inside the command that reads or uses the data. */
MUST_CHECK bool party_log_access(StoreTx *tx, const Access *access, Err *err);
/* Fills list with {at, actor, what, purpose, basis}, newest first. */
MUST_CHECK bool party_access_list(StoreConn *reader, Arena *out, int64_t party, Value *list,
                                  Err *err);

typedef struct {
    int64_t id;
    Str kind, id_type, id_number, name, phone;
} Party;

MUST_CHECK bool party_find(StoreConn *conn, Arena *out, int64_t id, Party *p, Err *err);
