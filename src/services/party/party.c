/* SPDX-License-Identifier: Apache-2.0 */
#include "services/party/party.h"

enum { ACCESS_LIST_MAX = 200 };

Str session_token_hash(Arena *out, Str token)
{
    Hash h = hash_of(token);
    return hash_hex(out, &h);
}

static bool find_staff(StoreConn *reader, Arena *out, Str hash, TimeMs now, Session *s, Err *err)
{
    StoreRows rows;
    if (!store_run(reader, out, SQL_SESSION_STAFF, PARAMS(P_STR(hash), P_INT(now)), &rows, err))
        return false;
    if (rows.count)
        *s = (Session){.kind = ACTOR_STAFF,
                       .subject = row_int(&rows, 0, 0),
                       .csrf = row_str(&rows, 0, 1),
                       .name = row_str(&rows, 0, 2),
                       .organ = row_str(&rows, 0, 3),
                       .roles = roles_read(row_str(&rows, 0, 4))};
    return true;
}

bool session_find(StoreConn *reader, Arena *out, Str token, TimeMs now, Session *s, Err *err)
{
    *s = (Session){0};
    Str hash = session_token_hash(out, token);
    StoreRows rows;
    if (!store_run(reader, out, SQL_SESSION_PARTY, PARAMS(P_STR(hash), P_INT(now)), &rows, err))
        return false;
    if (!rows.count)
        return find_staff(reader, out, hash, now, s, err);
    *s = (Session){.kind = ACTOR_PARTY,
                   .subject = row_int(&rows, 0, 0),
                   .csrf = row_str(&rows, 0, 1),
                   .name = row_str(&rows, 0, 2)};
    return true;
}

static bool open_session(StoreTx *tx, Str kind, int64_t subject, const Value *in, int64_t lasts,
                         Err *err)
{
    return tx_run(tx, SQL_SESSION_CLOSE_EXPIRED, PARAMS(P_INT(tx->now)), NULL, err) &&
           tx_run(tx, SQL_SESSION_ADD,
                  PARAMS(P_STR(get_str(in, "token_hash")), P_STR(kind), P_INT(subject),
                         P_STR(get_str(in, "csrf")), P_INT(tx->now), P_INT(tx->now + lasts)),
                  NULL, err);
}

static bool upsert_party(StoreTx *tx, const Value *in, int64_t *party, Err *err)
{
    Str type = get_str(in, "id_type"), number = get_str(in, "id_number");
    Str name = get_str(in, "name"), phone = get_str(in, "phone");
    StoreRows rows;
    if (!tx_run(tx, SQL_PARTY_BY_NUMBER, PARAMS(P_STR(type), P_STR(number)), &rows, err))
        return false;
    if (rows.count) {
        *party = row_int(&rows, 0, 0);
        return tx_run(tx, SQL_PARTY_UPDATE, PARAMS(P_INT(*party), P_STR(name), P_STR(phone)), NULL,
                      err);
    }
    *party = tx_id(tx);
    return tx_run(tx, SQL_PARTY_ADD,
                  PARAMS(P_INT(*party), P_STR(get_str(in, "kind")), P_STR(type), P_STR(number),
                         P_STR(name), P_STR(phone), P_INT(tx->now)),
                  NULL, err);
}

bool party_sign_in(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    (void)actor;
    int64_t party;
    if (!upsert_party(tx, in, &party, err) ||
        !open_session(tx, STR("party"), party, in, SESSION_PARTY_MS, err))
        return false;
    set_int(tx->arena, out, "party", party);
    return true;
}

bool staff_sign_in(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    (void)actor;
    int64_t account = get_int(in, "account", 0);
    StoreRows rows;
    if (!tx_one(tx, SQL_ACCOUNT_LOCKED_UNTIL, PARAMS(P_INT(account)), &rows, "account", err))
        return false;
    if (row_int(&rows, 0, 0) > tx->now) {
        set_bool(tx->arena, out, "locked", true);
        return true;
    }
    set_int(tx->arena, out, "account", account);
    return tx_run(tx, SQL_ACCOUNT_CLEAR, PARAMS(P_INT(account)), NULL, err) &&
           open_session(tx, STR("staff"), account, in, SESSION_STAFF_MS, err);
}

bool staff_sign_in_failed(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    (void)actor;
    int64_t account = get_int(in, "account", 0), failed;
    StoreRows rows;
    if (!tx_counter(tx, STR("sign-in:failed"), &failed, err))
        return false;
    if (!account)
        return true;
    if (!tx_one(tx, SQL_ACCOUNT_FAILED, PARAMS(P_INT(account)), &rows, "account", err))
        return false;
    bool locked = row_int(&rows, 0, 0) >= PASSWORD_FAILURES_MAX;
    set_bool(tx->arena, out, "locked", locked);
    return !locked || tx_run(tx, SQL_ACCOUNT_LOCK,
                             PARAMS(P_INT(account), P_INT(tx->now + ACCOUNT_LOCK_MS)), NULL, err);
}

bool session_close(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    (void)actor, (void)out;
    return tx_run(tx, SQL_SESSION_CLOSE, PARAMS(P_STR(get_str(in, "token_hash"))), NULL, err);
}

bool staff_add(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    (void)actor;
    int64_t id = tx_id(tx);
    set_int(tx->arena, out, "account", id);
    if (!roles_read(get_str(in, "roles")))
        return FAIL(err, ERR_INPUT, "no known role in '" STR_FMT "'",
                    STR_ARG(get_str(in, "roles")));
    return tx_run(tx, SQL_ACCOUNT_ADD,
                  PARAMS(P_INT(id), P_STR(tx->place), P_STR(get_str(in, "login")),
                         P_STR(get_str(in, "name")), P_STR(get_str(in, "password")),
                         P_STR(get_str(in, "organ")), P_STR(get_str(in, "roles")), P_INT(tx->now)),
                  NULL, err);
}

bool account_find(StoreConn *reader, Arena *out, Str login, Account *a, Err *err)
{
    *a = (Account){0};
    StoreRows rows;
    if (!store_run(reader, out, SQL_ACCOUNT_BY_LOGIN, PARAMS(P_STR(login)), &rows, err))
        return false;
    if (rows.count && str_eq(row_str(&rows, 0, 5), STR("active")))
        *a = (Account){.id = row_int(&rows, 0, 0),
                       .name = row_str(&rows, 0, 1),
                       .password = row_str(&rows, 0, 2),
                       .organ = row_str(&rows, 0, 3),
                       .roles = roles_read(row_str(&rows, 0, 4)),
                       .locked_until = row_int(&rows, 0, 7)};
    return true;
}

bool party_log_access(StoreTx *tx, const Access *a, Err *err)
{
    return tx_run(tx, SQL_ACCESS_ADD,
                  PARAMS(P_STR(tx->place), P_INT(tx_id(tx)), P_INT(a->party), P_INT(a->case_id),
                         P_STR(a->actor), P_STR(a->what), P_STR(a->purpose), P_STR(a->basis),
                         P_INT(tx->now)),
                  NULL, err);
}

bool party_access_list(StoreConn *reader, Arena *out, int64_t party, Value *list, Err *err)
{
    StoreRows rows;
    if (!store_run(reader, out, SQL_ACCESS_BY_PARTY, PARAMS(P_INT(party), P_INT(ACCESS_LIST_MAX)),
                   &rows, err))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        Value *row = push_map(out, list);
        set_int(out, row, "at", row_int(&rows, i, 0));
        set_str(out, row, "actor", row_str(&rows, i, 1));
        set_str(out, row, "what", row_str(&rows, i, 2));
        set_str(out, row, "purpose", row_str(&rows, i, 3));
        set_str(out, row, "basis", row_str(&rows, i, 4));
    }
    return true;
}

bool party_find(StoreConn *conn, Arena *out, int64_t id, Party *p, Err *err)
{
    StoreRows rows;
    if (!store_run(conn, out, SQL_PARTY_BY_ID, PARAMS(P_INT(id)), &rows, err))
        return false;
    if (!rows.count)
        return FAIL(err, ERR_NOT_FOUND, "no party '%lld'", (long long)id);
    *p = (Party){.id = id,
                 .kind = row_str(&rows, 0, 1),
                 .id_type = row_str(&rows, 0, 2),
                 .id_number = row_str(&rows, 0, 3),
                 .name = row_str(&rows, 0, 4),
                 .phone = row_str(&rows, 0, 5)};
    return true;
}
