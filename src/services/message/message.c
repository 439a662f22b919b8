/* SPDX-License-Identifier: Apache-2.0 */
#include "services/message/message.h"

#include "services/party/client.h"

static bool problem(StoreTx *tx, Value *out, const char *element, const char *key, Err *err)
{
    Value *list = value_inside(out, "problems");
    Value *row = push_map(tx->arena, list ? list : set_list(tx->arena, out, "problems"));
    set_str(tx->arena, row, "element", str_z(element));
    set_str(tx->arena, row, "key", str_z(key));
    return FAIL(err, ERR_INPUT, "'%s' is wrong", element);
}

static bool may_say(StoreTx *tx, const Actor *actor, Str name, Err *err)
{
    Client client;
    if (actor->kind == ACTOR_SYSTEM)
        return true;
    if (!client_use(tx, actor, &client, err))
        return false;
    return client_may_say(&client, name) ||
           FAIL(err, ERR_DENIED, "client '" STR_FMT "' may not send '" STR_FMT "'",
                STR_ARG(client.name), STR_ARG(name));
}

/* A text or a number: what is written "4217" there may be 4217 here. */
static bool line(StoreTx *tx, const Value *in, const char *key, Str *text, Value *out, Err *err)
{
    const Value *v = value_at(in, key);
    bool plain = !v || value_is(v, VALUE_STR) || value_is(v, VALUE_NUMBER);
    *text = str_trim(value_text(v));
    if (!plain)
        return problem(tx, out, key, "error.type", err);
    for (size_t i = 0; i < text->len; i++)
        if ((unsigned char)text->at[i] < ' ')
            return problem(tx, out, key, "error.type", err);
    return text->len <= MESSAGE_NAME_MAX || problem(tx, out, key, "error.too-long", err);
}

static bool named(StoreTx *tx, const Value *in, Str *name, const Value **variables, Value *out,
                  Err *err)
{
    if (!line(tx, in, "name", name, out, err))
        return false;
    if (!name->len)
        return problem(tx, out, "name", "error.required", err);
    *variables = value_at(in, "variables");
    return !*variables || value_is(*variables, VALUE_MAP) ||
           problem(tx, out, "variables", "error.type", err);
}

static bool time_to_live(StoreTx *tx, const Value *in, int64_t *ttl, Value *out, Err *err)
{
    int64_t seconds = get_int(in, "ttl_s", -1);
    *ttl = value_at(in, "ttl_s") ? seconds * MS_SECOND : MESSAGE_TTL_DEFAULT;
    bool fits = !value_at(in, "ttl_s") || (seconds >= 0 && seconds <= MESSAGE_TTL_MAX / MS_SECOND);
    return fits || problem(tx, out, "ttl_s", "error.range", err);
}

static void put_end(Arena *a, const MessageEnd *end, Value *out)
{
    switch (end->kind) {
    case MESSAGE_DELIVERED:
        set_str(a, out, "result", STR("delivered"));
        set_str(a, out, "delivered", end->case_no);
        return;
    case MESSAGE_KEPT:
        set_str(a, out, "result", STR("buffered"));
        set_bool(a, out, "buffered", true);
        return;
    case MESSAGE_DROPPED:
        set_str(a, out, "result", STR("dropped"));
        set_bool(a, out, "dropped", true);
        return;
    }
}

bool message_publish(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    MessageNew n = {0};
    MessageEnd end;
    if (!named(tx, in, &n.name, &n.variables, out, err) ||
        !line(tx, in, "correlation", &n.correlation, out, err) ||
        !line(tx, in, "message_id", &n.message_id, out, err) ||
        !time_to_live(tx, in, &n.ttl, out, err) || !may_say(tx, actor, n.name, err) ||
        !casework_publish(tx, actor, &n, &end, err))
        return false;
    put_end(tx->arena, &end, out);
    return true;
}

bool message_signal(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    Str name;
    const Value *variables;
    int64_t cases;
    if (!named(tx, in, &name, &variables, out, err) || !may_say(tx, actor, name, err) ||
        !casework_broadcast(tx, actor, name, variables, &cases, err))
        return false;
    set_int(tx->arena, out, "cases", cases);
    return true;
}
