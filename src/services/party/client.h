/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/party/client.h - accounts of other departments' systems: who may take which jobs, who
 * may send messages.
 *
 * A system shows a bearer token, "onedoor_<id>_<secret>", with each call. Only the SHA-256 of the
 * secret is kept (it is 256 random bits: nothing slower is needed), and it is compared in constant
 * time. A token is shown once; a lost one is revoked and another made.
 * Limits: CLIENT_NAME_MAX, CLIENT_JOBS_MAX (also of messages) bytes; CLIENTS_MAX in a list.
 */
#pragma once

#include "services/app.h"

enum { CLIENT_NAME_MAX = 60, CLIENT_JOBS_MAX = 4000, CLIENTS_MAX = 1000 };

typedef struct {
    int64_t id; /* 0: no such client, a wrong secret, or revoked */
    Str name;
    Str jobs;     /* types with commas */
    Str messages; /* names of messages and signals that it may send, with commas */
    TimeMs used_at;
} Client;

/* Whose token it is. False only when the store fails. */
MUST_CHECK bool client_find(StoreConn *reader, Arena *out, Str place, Str token, Client *c,
                            Err *err);
/* Inside a command: the actor as it stands now, ERR_DENIED when it is no client or was revoked.
 * Notes that it was here, to the minute. */
MUST_CHECK bool client_use(StoreTx *tx, const Actor *actor, Client *c, Err *err);
bool client_may_do(const Client *c, Str job_type);
bool client_may_say(const Client *c, Str message);

/* A fresh secret and, for an id, the token of both. */
Str client_secret(Arena *out);
Str client_token(Arena *out, int64_t id, Str secret);
Str client_secret_hash(Arena *out, Str secret);

/* in {name, jobs, messages, secret_hash}; out {client}. ERR_CONFLICT: the name is taken; a name is
 * never used again, that events keep their meaning. */
UseCase client_add;
/* in {name}. ERR_NOT_FOUND: no such client, or revoked before. */
UseCase client_revoke;
/* Fills list with {client, name, jobs, messages, active, created_at, used_at}; used_at 0: never. */
MUST_CHECK bool client_list(StoreConn *reader, Arena *out, Str place, Value *list, Err *err);
