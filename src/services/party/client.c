/* SPDX-License-Identifier: Apache-2.0 */
#include "services/party/client.h"

#include "base/rand.h"

enum { SECRET_BYTES = 32, SECRET_TEXT = 43 };
#define USED_EVERY MS_MINUTE

static const Str token_prefix = STR_INIT("onedoor_");

Str client_secret(Arena *out)
{
    return rand_token(out, SECRET_BYTES);
}

Str client_token(Arena *out, int64_t id, Str secret)
{
    return str_fmt(out, STR_FMT "%lld_" STR_FMT, STR_ARG(token_prefix), (long long)id,
                   STR_ARG(secret));
}

Str client_secret_hash(Arena *out, Str secret)
{
    Hash h = hash_of(secret);
    return hash_hex(out, &h);
}

static bool split_token(Str token, int64_t *id, Str *secret)
{
    if (!str_starts(token, token_prefix))
        return false;
    Str rest = str_slice(token, token_prefix.len, token.len);
    size_t at = str_find(rest, STR("_"), 0);
    *secret = at == SIZE_MAX ? STR("") : str_slice(rest, at + 1, rest.len);
    return at != SIZE_MAX && secret->len == SECRET_TEXT && str_int(str_slice(rest, 0, at), id);
}

static Client client_of(const StoreRows *r, int64_t id)
{
    return (Client){.id = id,
                    .name = row_str(r, 0, 0),
                    .jobs = row_str(r, 0, 1),
                    .messages = row_str(r, 0, 2),
                    .used_at = row_int(r, 0, 4)};
}

bool client_find(StoreConn *reader, Arena *out, Str place, Str token, Client *c, Err *err)
{
    *c = (Client){0};
    int64_t id;
    Str secret;
    StoreRows r;
    if (!split_token(token, &id, &secret))
        return true;
    if (!store_run(reader, out, SQL_CLIENT_GET, PARAMS(P_STR(place), P_INT(id)), &r, err))
        return false;
    if (r.count && str_eq_secret(row_str(&r, 0, 3), client_secret_hash(out, secret)))
        *c = client_of(&r, id);
    return true;
}

bool client_use(StoreTx *tx, const Actor *actor, Client *c, Err *err)
{
    StoreRows r = {0};
    if (actor->kind == ACTOR_CLIENT &&
        !tx_run(tx, SQL_CLIENT_GET, PARAMS(P_STR(tx->place), P_INT(actor->id)), &r, err))
        return false;
    if (!r.count)
        return FAIL(err, ERR_DENIED, "no client '%lld'", (long long)actor->id);
    *c = client_of(&r, actor->id);
    return tx->now - c->used_at < USED_EVERY ||
           tx_run(tx, SQL_CLIENT_USED, PARAMS(P_STR(tx->place), P_INT(c->id), P_INT(tx->now)), NULL,
                  err);
}

static bool is_listed(Str list, Str word)
{
    Str rest = list, one;
    while (word.len && str_split(&rest, ',', &one))
        if (str_eq(one, word))
            return true;
    return false;
}

bool client_may_do(const Client *c, Str job_type)
{
    return is_listed(c->jobs, job_type);
}

bool client_may_say(const Client *c, Str message)
{
    return is_listed(c->messages, message);
}

static bool is_type_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_' || c == ':';
}

static bool check_jobs(Str jobs, Err *err)
{
    Str rest = jobs, one;
    while (jobs.len && str_split(&rest, ',', &one)) {
        bool ok = one.len > 0;
        for (size_t i = 0; i < one.len; i++)
            ok = ok && is_type_char(one.at[i]);
        if (!ok)
            return FAIL(err, ERR_INPUT, "'" STR_FMT "' is no type of jobs", STR_ARG(one));
    }
    return jobs.len <= CLIENT_JOBS_MAX ||
           FAIL(err, ERR_LIMIT, "types of jobs: more than %d bytes", CLIENT_JOBS_MAX);
}

/* Names are free in BPMN, but for what would break the list. */
static bool check_messages(Str names, Err *err)
{
    Str rest = names, one;
    while (names.len && str_split(&rest, ',', &one))
        if (!one.len || str_trim(one).len != one.len)
            return FAIL(err, ERR_INPUT, "'" STR_FMT "' is no name of a message", STR_ARG(one));
    return names.len <= CLIENT_JOBS_MAX ||
           FAIL(err, ERR_LIMIT, "names of messages: more than %d bytes", CLIENT_JOBS_MAX);
}

/* It stands in events and logs. */
static bool check_name(Str name, Err *err)
{
    bool ok = name.len > 0 && name.len <= CLIENT_NAME_MAX;
    for (size_t i = 0; i < name.len; i++)
        ok = ok && (unsigned char)name.at[i] >= ' ' && name.at[i] != 0x7F;
    return ok ||
           FAIL(err, ERR_INPUT, "a name has 1 to %d bytes, no control characters", CLIENT_NAME_MAX);
}

bool client_add(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    (void)actor;
    int64_t id = tx_id(tx);
    Str name = get_str(in, "name"), jobs = get_str(in, "jobs");
    Str messages = get_str(in, "messages");
    if (!check_name(name, err) || !check_jobs(jobs, err) || !check_messages(messages, err))
        return false;
    if (!tx_run(tx, SQL_CLIENT_ADD,
                PARAMS(P_STR(tx->place), P_INT(id), P_STR(name), P_STR(get_str(in, "secret_hash")),
                       P_STR(jobs), P_STR(messages), P_INT(tx->now)),
                NULL, err))
        return err->code == ERR_CONFLICT
                   ? FAIL(err, ERR_CONFLICT, "the name '" STR_FMT "' is taken", STR_ARG(name))
                   : false;
    set_int(tx->arena, out, "client", id);
    return true;
}

bool client_revoke(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    (void)actor, (void)out;
    StoreRows r;
    Str name = get_str(in, "name");
    return tx_run(tx, SQL_CLIENT_REVOKE, PARAMS(P_STR(tx->place), P_STR(name)), &r, err) &&
           (r.count || FAIL(err, ERR_NOT_FOUND, "no active client '" STR_FMT "'", STR_ARG(name)));
}

bool client_list(StoreConn *reader, Arena *out, Str place, Value *list, Err *err)
{
    StoreRows r;
    if (!store_run(reader, out, SQL_CLIENTS, PARAMS(P_STR(place), P_INT(CLIENTS_MAX)), &r, err))
        return false;
    for (size_t i = 0; i < r.count; i++) {
        Value *row = push_map(out, list);
        set_int(out, row, "client", row_int(&r, i, 0));
        set_str(out, row, "name", row_str(&r, i, 1));
        set_str(out, row, "jobs", row_str(&r, i, 2));
        set_str(out, row, "messages", row_str(&r, i, 3));
        set_bool(out, row, "active", str_eq(row_str(&r, i, 4), STR("active")));
        set_int(out, row, "created_at", row_int(&r, i, 5));
        set_int(out, row, "used_at", row_int(&r, i, 6));
    }
    return true;
}
