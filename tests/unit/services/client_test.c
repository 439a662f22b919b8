/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts of systems: tokens, what they may do, an end to it. */
#include "check.h"
#include "services/party/client.h"
#include "world.h"

static Str add(World *w, const char *name, const char *jobs, const char *messages, Err *err)
{
    Actor system = {.kind = ACTOR_SYSTEM};
    Value *in = value_map(&w->arena);
    Str secret = client_secret(&w->arena);
    set_str(&w->arena, in, "name", str_z(name));
    set_str(&w->arena, in, "jobs", str_z(jobs));
    set_str(&w->arena, in, "messages", str_z(messages));
    set_str(&w->arena, in, "secret_hash", client_secret_hash(&w->arena, secret));
    Value *out = world_run(w, &system, "client.add", client_add, in, "", err);
    return out ? client_token(&w->arena, get_int(out, "client", 0), secret) : STR("");
}

static Client find(World *w, Str token)
{
    Client c;
    Err err = {0};
    CHECK(client_find(&w->reader, &w->arena, w->app.catalogue->place, token, &c, &err), "%s",
          err.msg);
    return c;
}

TEST(client_shows_its_token)
{
    World w;
    Err err = {0};
    world_open(&w);
    Str token = add(&w, "医保系统", "benefit.compute,benefit.pay", "paid,refunded", &err);
    Str other = add(&w, "bank", "", "", &err);
    Client c = find(&w, token);
    CHECK(c.id && str_eq(c.name, STR("医保系统")) && client_may_say(&c, STR("paid")) &&
              !client_may_say(&c, STR("pai")),
          "found: %s", err.msg);
    CHECK(client_may_do(&c, STR("benefit.pay")) && !client_may_do(&c, STR("benefit")) &&
              !client_may_do(&c, STR("")),
          "its types");
    Client bank = find(&w, other);
    CHECK(bank.id && bank.id != c.id && !bank.messages.len && !client_may_do(&bank, STR("x")),
          "none");
    size_t at = str_find(token, STR("_"), 8), from = str_find(other, STR("_"), 8);
    Str mixed = str_join(&w.arena, str_slice(token, 0, at), str_slice(other, from, other.len));
    const Str wrong[] = {STR(""),
                         STR("onedoor_"),
                         STR("onedoor_1_x"),
                         mixed,
                         str_slice(token, 0, token.len - 1),
                         str_join(&w.arena, token, STR("A")),
                         str_slice(token, 8, token.len)};
    for (size_t i = 0; i < COUNT(wrong); i++)
        CHECK(find(&w, wrong[i]).id == 0, "wrong token %zu", i);
    world_close(&w);
}

static bool use(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    (void)in;
    Client c;
    if (!client_use(tx, actor, &c, err))
        return false;
    set_str(tx->arena, out, "jobs", c.jobs);
    return true;
}

static int64_t used_at(World *w)
{
    Value *list = value_list(&w->arena);
    Err err = {0};
    CHECK(client_list(&w->reader, &w->arena, w->app.catalogue->place, list, &err), "%s", err.msg);
    CHECK(value_count(list) == 1, "one row");
    return get_int(value_item(list, 0), "used_at", -1);
}

TEST(client_is_ended)
{
    World w;
    Err err = {0};
    world_open(&w);
    Str token = add(&w, "bank", "a.b", "", &err);
    Actor actor = {.kind = ACTOR_CLIENT, .id = find(&w, token).id};
    CHECK(used_at(&w) == 0, "never used");
    CHECK(world_run(&w, &actor, "use", use, NULL, "", &err), "%s", err.msg);
    TimeMs first = clock_now(&w.clock);
    CHECK(used_at(&w) == first, "used now");
    clock_shift(&w.clock, 30 * MS_SECOND);
    CHECK(world_run(&w, &actor, "use", use, NULL, "", &err) && used_at(&w) == first,
          "to the minute: no write each time");
    clock_shift(&w.clock, 30 * MS_SECOND);
    CHECK(world_run(&w, &actor, "use", use, NULL, "", &err) && used_at(&w) > first, "later");
    Actor system = {.kind = ACTOR_SYSTEM};
    Value *in = value_map(&w.arena);
    set_str(&w.arena, in, "name", STR("bank"));
    CHECK(world_run(&w, &system, "client.revoke", client_revoke, in, "", &err), "%s", err.msg);
    CHECK(find(&w, token).id == 0, "its token opens nothing");
    CHECK(!world_run(&w, &actor, "use", use, NULL, "", &err) && err.code == ERR_DENIED,
          "nor does a call that was let in before");
    CHECK(!world_run(&w, &system, "client.revoke", client_revoke, in, "", &err) &&
              err.code == ERR_NOT_FOUND,
          "once");
    CHECK(!world_run(&w, &w.clerk, "use", use, NULL, "", &err) && err.code == ERR_DENIED,
          "staff are no system");
    world_close(&w);
}

TEST(client_is_checked)
{
    static const struct {
        const char *name, *jobs;
        ErrCode code;
    } rows[] = {
        {"", "", ERR_INPUT},         {"two\nlines", "", ERR_INPUT}, {"bank", "a,,b", ERR_INPUT},
        {"bank", "a b", ERR_INPUT},  {"bank", "a,", ERR_INPUT},     {"bank", "a.b", ERR_NONE},
        {"bank", "c", ERR_CONFLICT}, {"Bank", "c", ERR_NONE},
    };
    World w;
    world_open(&w);
    for (size_t i = 0; i < COUNT(rows); i++) {
        Err err = {0};
        Str token = add(&w, rows[i].name, rows[i].jobs, "", &err);
        CHECK(err.code == rows[i].code && (token.len > 0) == !err.code, "row %zu: %s", i, err.msg);
    }
    world_close(&w);
}
