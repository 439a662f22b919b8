/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/seed.h"

#include "base/date.h"
#include "base/rand.h"
#include "services/apply/apply.h"
#include "services/desk/desk.h"
#include "services/party/party.h"

typedef struct {
    App *app;
    Arena arena;
    Actor clerk, approver;
} Seed;

static bool run(Seed *s, const Actor *who, const char *name, UseCase *use_case, const Value *in,
                Value **out, Err *err)
{
    Op *op = NEW(&s->arena, Op);
    op_init(op, &s->arena, s->app, who);
    op_ask(op, name, use_case, in, STR(""));
    bool ok = op_run(op, err);
    if (out)
        *out = op->out;
    return ok;
}

static bool find_staff(Seed *s, StoreConn *reader, Err *err)
{
    for (size_t i = 0; i < s->app->catalogue->staff_count; i++) {
        const DemoStaff *d = &s->app->catalogue->staff[i];
        Account a;
        if (!account_find(reader, &s->arena, d->login, &a, err))
            return false;
        Actor who = {ACTOR_STAFF, a.id, a.name, a.organ, a.roles, LANG_ZH};
        if (!s->clerk.id && a.roles == ROLE_CLERK)
            s->clerk = who;
        if (!s->approver.id && a.roles == ROLE_APPROVER)
            s->approver = who;
    }
    return (s->clerk.id && s->approver.id) ||
           FAIL(err, ERR_INPUT, "the demo's staff has no clerk or no approver");
}

static bool applicant(Seed *s, Str number, Actor *who, Err *err)
{
    const Catalogue *c = s->app->catalogue;
    for (size_t i = 0; i < c->person_count; i++) {
        const DemoPerson *p = &c->people[i];
        if (!str_eq(p->id_number, number))
            continue;
        Value *in = value_map(&s->arena), *out;
        set_str(&s->arena, in, "kind", STR("person"));
        set_str(&s->arena, in, "id_type", STR("idcard"));
        set_str(&s->arena, in, "id_number", number);
        set_str(&s->arena, in, "name", p->name);
        set_str(&s->arena, in, "phone", p->phone);
        set_str(&s->arena, in, "token_hash", rand_token(&s->arena, SESSION_TOKEN_BYTES));
        set_str(&s->arena, in, "csrf", rand_token(&s->arena, SESSION_TOKEN_BYTES));
        Actor nobody = {.kind = ACTOR_NOBODY};
        if (!run(s, &nobody, "party.sign_in", party_sign_in, in, &out, err))
            return false;
        *who = (Actor){.kind = ACTOR_PARTY, .id = get_int(out, "party", 0), .name = p->name};
        return true;
    }
    return FAIL(err, ERR_NOT_FOUND, "nobody of the demo has the number '" STR_FMT "'",
                STR_ARG(number));
}

static bool submit(Seed *s, const Item *item, const Value *row, Str *id, Err *err)
{
    Date today = date_of_time(clock_now(s->app->clock), s->app->catalogue->zone_minutes);
    Actor who;
    Value *in = value_map(&s->arena), *out;
    set_str(&s->arena, in, "item", item->key);
    set_str(&s->arena, in, "lang", STR("zh"));
    set_bool(&s->arena, in, "declaration", true);
    set_value(&s->arena, in, "answers", demo_dated(&s->arena, value_at(row, "answers"), today));
    Value *mailed = set_list(&s->arena, in, "materials");
    for (size_t i = 0; i < item->material_count; i++)
        if (item->materials[i].by_mail)
            set_str(&s->arena, push_map(&s->arena, mailed), "code",
                    item->materials[i].material->code);
    if (!applicant(s, get_str(row, "person"), &who, err) ||
        !run(s, &who, "apply.at_once", apply_at_once, in, &out, err))
        return false;
    *id = get_str(out, "case");
    return true;
}

static bool act(Seed *s, const Item *item, Str id, Str what, Err *err)
{
    Value *in = value_map(&s->arena);
    set_str(&s->arena, in, "case", id);
    if (str_eq(what, STR("accept")))
        return run(s, &s->clerk, "seed", desk_accept, in, NULL, err);
    if (str_eq(what, STR("correction"))) {
        Value *m = push_map(&s->arena, set_list(&s->arena, in, "missing"));
        set_str(&s->arena, m, "name", STR("能证明劳动关系的材料"));
        set_str(&s->arena, m, "note", STR("工资转账记录、工作群聊天记录、同事证言都可以"));
        return run(s, &s->clerk, "seed", desk_ask_correction, in, NULL, err);
    }
    if (str_eq(what, STR("suspend"))) {
        set_str(&s->arena, in, "ground", item->suspend_grounds[0].key);
        set_str(&s->arena, in, "reason", STR("等公安交管部门作出交通事故责任认定"));
        return run(s, &s->approver, "seed", desk_suspend, in, NULL, err);
    }
    set_str(&s->arena, in, "decision", what);
    set_str(&s->arena, in, "reason", STR("事实清楚，符合规定"));
    set_bool(&s->arena, in, "confirm", true);
    return run(s, &s->approver, "seed", desk_decide, in, NULL, err);
}

static bool one_case(Seed *s, const Value *row, Err *err)
{
    Str id;
    const Item *item = catalogue_item(s->app->catalogue, get_str(row, "item"));
    const Value *acts = value_at(row, "acts");
    if (!submit(s, item, row, &id, err))
        return false;
    for (uint32_t i = 0; i < value_count(acts); i++)
        if (!act(s, item, id, value_text(value_item(acts, i)), err))
            return false;
    return true;
}

bool demo_seed(App *app, Str db_url, Err *err)
{
    Seed s = {.app = app};
    StoreConn reader;
    const Value *cases = app->catalogue->cases;
    int64_t there = 0;
    if (!store_open(&reader, db_url, true, err))
        return false;
    bool ok = store_count_cases(&reader, &there, err) && (there || find_staff(&s, &reader, err));
    for (uint32_t i = 0; ok && !there && i < value_count(cases); i++)
        ok = one_case(&s, value_item(cases, i), err);
    store_close(&reader);
    arena_free(&s.arena);
    return ok;
}
