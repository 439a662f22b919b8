/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole of a matter and its parts. Whatever changes a part ends in casework_save, which comes
 * here first: the whole and the other parts are taken, engine/parts says what moves (a part begins,
 * cannot begin, hands out its result), that is done until nothing moves any more, the whole's own
 * state is brought after, and all that changed is written in the same transaction. So a part that
 * ended and its follower that began are one commit.
 */
#include "engine/parts/parts.h"
#include "services/casework/casework_int.h"
#include "services/certificate/localise.h"

static const Actor system_actor = {.kind = ACTOR_SYSTEM};

typedef struct {
    CaseFile *whole;
    CaseFile *parts[PARTS_MAX];
    bool changed[PARTS_MAX], tried[PARTS_MAX]; /* tried: to hand out */
    size_t count;
    bool opening; /* in the command that opens them: told once, by the whole */
    Actor who;    /* opening: the applicant */
} Whole;

/* ---- as engine/parts sees them ---- */

static PartSet set_of(const Whole *w, const Part *const *list, size_t count)
{
    PartSet set = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < w->count; k++)
            if (str_eq(w->parts[k]->part, list[i]->item->key))
                set |= PART_BIT(k);
    return set;
}

static PartState state_of(const CaseFile *cf)
{
    if (casework_is_over(cf))
        return PART_ENDED;
    if (cf->law.state == LAW_DRAFT)
        return PART_WAITING;
    return casework_is_ready(cf) ? PART_READY : PART_RUNNING;
}

static bool was_granted(const CaseFile *cf)
{
    return cf->law.outcome == LAW_GRANTED && cf->law.state != LAW_REVOKED &&
           cf->law.state != LAW_TERMINATED;
}

static void look(StoreTx *tx, const Whole *w, PartNow *now)
{
    const Bundle *b = w->whole->item->bundle;
    for (size_t i = 0; i < w->count; i++) {
        const CaseFile *cf = w->parts[i];
        const Part *p = bundle_part(b, cf->part);
        const LawCase *l = &cf->law;
        now[i] = (PartNow){.state = state_of(cf),
                           .granted = was_granted(cf),
                           .accepted = l->accepted_at != 0,
                           .withdrawn = str_eq(cf->state, STR("withdrawn")),
                           .done_at = cf->closed_at ? cf->closed_at : l->decided_at,
                           .due = l->promise_due.open ? 0 : l->promise_due.at,
                           .promise = casework_law_rules(tx_app(tx), cf->item).promise};
        if (!p)
            continue;
        now[i].after = set_of(w, p->after, p->after_count);
        now[i].requires = set_of(w, p->requires, p->requires_count);
    }
}

/* ---- a part begins ---- */

/* An element of the giver: what its process or rules made, else what it was told. */
static Value *given_by(Arena *a, const CaseFile *giver, const Element *e)
{
    const FeelContext *vars = flow_variables(giver->flow);
    const FeelValue *v = feel_get(vars, e->key), *proposal = feel_get(vars, STR("proposal"));
    if (!v && proposal && proposal->kind == FEEL_CONTEXT)
        v = feel_get(proposal->context, e->key);
    if (!v || v->kind == FEEL_NULL)
        return value_copy(a, value_get(giver->answers, e->key));
    Err err = {0};
    Value *made = feel_to_value(a, v, &err);
    return made && made->kind == VALUE_NUMBER ? value_str(a, made->text) : made;
}

static void hand_on(StoreTx *tx, const Whole *w, CaseFile *to, Value *told)
{
    const Part *p = bundle_part(w->whole->item->bundle, to->part);
    Value *list = set_list(tx->arena, told, "handed_on");
    for (size_t i = 0; p && i < p->pass_count; i++) {
        const PartPass *pass = &p->passes[i];
        for (size_t k = 0; k < w->count; k++) {
            const CaseFile *giver = w->parts[k];
            if (!str_eq(giver->part, pass->from->item->key) || !was_granted(giver))
                continue;
            Value *v = given_by(tx->arena, giver, pass->element);
            if (!v || v->kind == VALUE_NULL)
                continue;
            value_set(tx->arena, to->answers, pass->as->key, v);
            value_push(tx->arena, list, value_str(tx->arena, pass->as->key));
        }
    }
}

static Value *about_part(Arena *a, const CaseFile *part)
{
    Value *data = value_map(a);
    set_str(a, data, "part", part->part);
    set_str(a, data, "part_no", part->no);
    set_text(a, data, "part_name", part->item->name);
    return data;
}

static bool note_on_whole(StoreTx *tx, const Whole *w, const char *kind, Value *data, Err *err)
{
    return casework_note(tx, w->whole, str_z(kind), &system_actor, data, err);
}

/* Together with the whole it is received without a word of its own; later with receipt and message.
 */
static bool begin(StoreTx *tx, Whole *w, size_t i, Err *err)
{
    CaseFile *cf = w->parts[i];
    Value *data = casework_submitted(tx->arena, cf);
    set_str(tx->arena, data, "whole", w->whole->no);
    hand_on(tx, w, cf, data);
    cf->flow = NULL;
    w->changed[i] = true;
    if (w->opening)
        return casework_law_quietly(tx, cf, LAW_SUBMIT, LAW_APPLICANT, &w->who, data, err) &&
               casework_start_process(tx, cf, err);
    return casework_apply_law(tx, cf, LAW_SUBMIT, LAW_SYSTEM, &system_actor, data, err) &&
           tx_run(tx, SQL_CASE_RECEIVED,
                  PARAMS(P_STR(tx->place), P_INT(cf->id), P_INT(cf->received_at)), NULL, err) &&
           casework_start_process(tx, cf, err) &&
           note_on_whole(tx, w, "part_begun", about_part(tx->arena, cf), err);
}

/* ---- a part ends before it began ---- */

static void end_unbegun(StoreTx *tx, CaseFile *cf, Str state)
{
    cf->state = state;
    cf->closed_at = tx->now;
}

static bool cannot_begin(StoreTx *tx, Whole *w, size_t i, const CaseFile *because, Err *err)
{
    CaseFile *cf = w->parts[i];
    Value *data = about_part(tx->arena, cf);
    set_str(tx->arena, data, "because", because->part);
    set_text(tx->arena, data, "because_name", because->item->name);
    end_unbegun(tx, cf, STR("not_begun"));
    w->changed[i] = true;
    return casework_note(tx, cf, STR("cannot_begin"), &system_actor, data, err) &&
           note_on_whole(tx, w, "part_cannot_begin", data, err) &&
           casework_message(tx, w->whole, STR("part_cannot_begin"), data, err);
}

/* ---- results ---- */

bool casework_hands_out_early(const CaseFile *whole)
{
    return whole->item->bundle->as_ready ||
           str_eq(value_text(value_get(whole->answers, BUNDLE_HANDING)), STR("as_ready"));
}

/* Not while a material that was to follow is still awaited: then it is handed out when that came. */
static bool hand_out(StoreTx *tx, Whole *w, size_t i, Err *err)
{
    CaseFile *cf = w->parts[i];
    w->tried[i] = true;
    if (!casework_system_may(tx, cf, LAW_DELIVER))
        return true;
    w->changed[i] = true;
    return casework_apply_law(tx, cf, LAW_DELIVER, LAW_SYSTEM, &system_actor, NULL, err);
}

/* ---- until nothing moves ---- */

static bool move_part(StoreTx *tx, Whole *w, size_t i, PartStep step, bool *moved, Err *err)
{
    switch (step.move) {
    case PART_STAY: return true;
    case PART_BEGIN: *moved = true; return begin(tx, w, i, err);
    case PART_CANNOT_BEGIN:
        *moved = true;
        return cannot_begin(tx, w, i, w->parts[step.because], err);
    case PART_HAND_OUT:
        if (w->tried[i])
            return true;
        *moved = true;
        return hand_out(tx, w, i, err);
    }
    return true;
}

static bool note_ends(StoreTx *tx, Whole *w, Err *err)
{
    for (size_t i = 0; i < w->count; i++) {
        CaseFile *cf = w->parts[i];
        bool done = cf->law.state != LAW_DRAFT && (casework_is_over(cf) || casework_is_ready(cf));
        if (!done || cf->was_done)
            continue;
        Value *data = about_part(tx->arena, cf);
        cf->was_done = true;
        set_str(tx->arena, data, "state", cf->state);
        set_bool(tx->arena, data, "granted", was_granted(cf));
        if (!note_on_whole(tx, w, "part_done", data, err))
            return false;
    }
    return true;
}

static bool settle_parts(StoreTx *tx, Whole *w, PartNow *now, Err *err)
{
    PartStep steps[PARTS_MAX];
    bool early = casework_hands_out_early(w->whole);
    for (bool moved = true; moved;) {
        moved = false;
        if (!note_ends(tx, w, err))
            return false;
        look(tx, w, now);
        (void)parts_next(now, w->count, early, steps);
        for (size_t i = 0; i < w->count; i++)
            if (!move_part(tx, w, i, steps[i], &moved, err))
                return false;
    }
    return true;
}

/* ---- the whole's own state ---- */

static bool act_of_whole(StoreTx *tx, CaseFile *whole, LawAct act, LawRole role, Err *err)
{
    static const Text none = {
        {STR_INIT("其中没有事项获准"), STR_INIT("None of its parts was granted")}};
    Value *in = value_map(tx->arena);
    if (act == LAW_DENY || act == LAW_TERMINATE)
        set_text(tx->arena, in, "reason", none);
    return casework_law_quietly(tx, whole, act, role, &system_actor, in, err);
}

static bool end_whole(StoreTx *tx, CaseFile *cf, WholeState state, bool granted, Err *err)
{
    if (state == WHOLE_WITHDRAWN)
        return act_of_whole(tx, cf, LAW_WITHDRAW, LAW_APPLICANT, err);
    if (cf->law.state == LAW_RECEIVED)
        return act_of_whole(tx, cf, LAW_TERMINATE, LAW_DECIDER, err);
    if (cf->law.state == LAW_ACCEPTED && !act_of_whole(tx, cf, granted ? LAW_GRANT : LAW_DENY,
                                                       granted ? LAW_SYSTEM : LAW_DECIDER, err))
        return false;
    return state == WHOLE_DECIDED || cf->law.state != LAW_DECIDED ||
           act_of_whole(tx, cf, LAW_DELIVER, LAW_SYSTEM, err);
}

static bool tell_end(StoreTx *tx, const Whole *w, const PartNow *now, Err *err)
{
    Value *data = value_map(tx->arena);
    int64_t granted = 0;
    for (size_t i = 0; i < w->count; i++)
        granted += now[i].granted;
    set_int(tx->arena, data, "part_count", (int64_t)w->count);
    set_int(tx->arena, data, "granted_count", granted);
    return casework_message(tx, w->whole, STR("whole_done"), data, err);
}

static bool follow_limit(StoreTx *tx, CaseFile *cf, const PartNow *now, size_t n, Err *err)
{
    LawRules rules = casework_law_rules(tx_app(tx), cf->item);
    LawDue due;
    if (!parts_due(&rules.clock, now, n, tx->now, &due, err))
        return false;
    if (!due.at)
        return true;
    if (cf->law.state == LAW_ACCEPTED)
        cf->law.promise_due = due;
    cf->promise_due = due.at;
    return true;
}

static bool follow_whole(StoreTx *tx, Whole *w, const PartNow *now, Err *err)
{
    CaseFile *cf = w->whole;
    WholeState state = parts_whole(now, w->count);
    bool accepted = false, granted = false;
    if (law_is_closed(cf->law.state))
        return true;
    for (size_t i = 0; i < w->count; i++) {
        accepted = accepted || now[i].accepted;
        granted = granted || now[i].granted;
    }
    if (accepted && cf->law.state == LAW_RECEIVED &&
        !act_of_whole(tx, cf, LAW_ACCEPT, LAW_SYSTEM, err))
        return false;
    switch (state) {
    case WHOLE_RECEIVED:
    case WHOLE_ACCEPTED: return follow_limit(tx, cf, now, w->count, err);
    case WHOLE_DECIDED: return !accepted || end_whole(tx, cf, state, granted, err);
    case WHOLE_DELIVERED:
    case WHOLE_FAILED:
    case WHOLE_WITHDRAWN:
        return end_whole(tx, cf, state, granted, err) && tell_end(tx, w, now, err);
    case WHOLE_STATES: break;
    }
    return true;
}

static bool settle(StoreTx *tx, Whole *w, Err *err)
{
    PartNow now[PARTS_MAX];
    return settle_parts(tx, w, now, err) && follow_whole(tx, w, now, err);
}

/* ---- taken and written ---- */

/* self: the part that is in the caller's hands already; may be NULL. */
static bool take_parts(StoreTx *tx, Whole *w, CaseFile *self, Err *err)
{
    StoreRows r;
    if (!tx_run(tx, SQL_CASES_OF_PARENT, PARAMS(P_STR(tx->place), P_INT(w->whole->id)), &r, err))
        return false;
    for (size_t i = 0; i < r.count && w->count < PARTS_MAX; i++) {
        CaseFile *cf = self;
        if (!self || row_int(&r, i, 0) != self->id) {
            cf = NEW(tx->arena, CaseFile);
            if (!casework_take(tx, row_int(&r, i, 0), cf, err))
                return false;
        }
        w->parts[w->count++] = cf;
    }
    return true;
}

static bool write(StoreTx *tx, Whole *w, const CaseFile *self, Err *err)
{
    for (size_t i = 0; i < w->count; i++)
        if (w->changed[i] && w->parts[i] != self && !casework_save_row(tx, w->parts[i], err))
            return false;
    return casework_save_row(tx, w->whole, err);
}

bool casework_follow(StoreTx *tx, CaseFile *part, Err *err)
{
    Whole w = {.whole = NEW(tx->arena, CaseFile)};
    if (!casework_take(tx, part->parent, w.whole, err))
        return false;
    int64_t events = w.whole->chain.seq, due = w.whole->promise_due;
    if (!take_parts(tx, &w, part, err) || !settle(tx, &w, err))
        return false;
    bool moved = w.whole->chain.seq != events || w.whole->promise_due != due;
    for (size_t i = 0; i < w.count; i++)
        moved = moved || w.changed[i];
    return !moved || write(tx, &w, part, err);
}

/* ---- what the applicant does ---- */

bool casework_withdraw_waiting(StoreTx *tx, CaseFile *cf, const Actor *actor, const Value *in,
                               Err *err)
{
    if (!casework_waits(cf))
        return FAIL(err, ERR_CONFLICT, "case '" STR_FMT "' waits for nothing", STR_ARG(cf->no));
    end_unbegun(tx, cf, STR("withdrawn"));
    return casework_note(tx, cf, STR("withdraw"), actor, in, err);
}

static bool withdraw_part(StoreTx *tx, Whole *w, size_t i, const Actor *actor, const Value *in,
                          Err *err)
{
    CaseFile *cf = w->parts[i];
    LawAct acts[LAW_ACTS];
    LawRules rules = casework_law_rules(tx_app(tx), cf->item);
    size_t n = law_allowed(&rules, &cf->law, LAW_APPLICANT, actor->id, tx->now, acts);
    if (casework_waits(cf)) {
        w->changed[i] = true;
        return casework_withdraw_waiting(tx, cf, actor, in, err);
    }
    for (size_t k = 0; k < n; k++)
        if (acts[k] == LAW_WITHDRAW) {
            w->changed[i] = true;
            return casework_act(tx, cf, LAW_WITHDRAW, LAW_APPLICANT, actor, in, err);
        }
    return true;
}

bool casework_withdraw_whole(StoreTx *tx, CaseFile *cf, const Actor *actor, const Value *in,
                             Err *err)
{
    Whole w = {.whole = cf};
    bool any = false;
    if (!take_parts(tx, &w, NULL, err))
        return false;
    for (size_t i = 0; i < w.count; i++) {
        if (!withdraw_part(tx, &w, i, actor, in, err))
            return false;
        any = any || w.changed[i];
    }
    if (!any)
        return FAIL(err, ERR_CONFLICT, "no part of '" STR_FMT "' can be withdrawn any more",
                    STR_ARG(cf->no));
    return casework_note(tx, cf, STR("withdraw_asked"), actor, in, err) && settle(tx, &w, err) &&
           write(tx, &w, NULL, err);
}

bool casework_hand_out_early(StoreTx *tx, CaseFile *cf, const Actor *actor, Err *err)
{
    Whole w = {.whole = cf};
    if (casework_hands_out_early(cf) || law_is_closed(cf->law.state))
        return FAIL(err, ERR_CONFLICT, "results of '" STR_FMT "' are not kept for each other",
                    STR_ARG(cf->no));
    value_set(tx->arena, cf->answers, BUNDLE_HANDING, value_str(tx->arena, STR("as_ready")));
    return take_parts(tx, &w, NULL, err) &&
           casework_note(tx, cf, STR("early_asked"), actor, value_map(tx->arena), err) &&
           settle(tx, &w, err) && write(tx, &w, NULL, err);
}

/* ---- opening ---- */

static bool copy_materials(StoreTx *tx, const CaseFile *cf, const CaseNew *n, Err *err)
{
    for (size_t i = 0; i < n->given_count; i++) {
        const GivenMaterial *g = &n->given[i];
        if (!tx_run(tx, SQL_MATERIAL_ADD,
                    PARAMS(P_STR(tx->place), P_INT(tx_id(tx)), P_INT(0), P_INT(cf->id),
                           P_STR(g->code), P_STR(g->way), P_STR(g->state), P_STR(g->file),
                           P_STR(g->name), P_STR(g->note), P_INT(g->at)),
                    NULL, err))
            return false;
    }
    return true;
}

static bool new_part(StoreTx *tx, Whole *w, const CaseNew *n, Err *err)
{
    CaseFile *cf = NEW(tx->arena, CaseFile);
    if (!casework_new(tx, n, cf, err))
        return false;
    cf->parent = w->whole->id;
    cf->part = n->item->key;
    cf->flow = casework_no_flow();
    cf->state = STR("waiting");
    cf->received_at = 0;
    w->parts[w->count++] = cf;
    return copy_materials(tx, cf, n, err);
}

static bool insert_part(StoreTx *tx, const Whole *w, CaseFile *cf, Err *err)
{
    if (cf->chain.seq == 0) {
        Value *data = casework_submitted(tx->arena, cf);
        set_str(tx->arena, data, "whole", w->whole->no);
        if (!casework_note(tx, cf, STR("waits"), &w->who, data, err))
            return false;
    }
    return casework_insert(tx, cf, err);
}

bool casework_open_whole(StoreTx *tx, const CaseNew *whole, const CaseNew *parts, size_t count,
                         CaseFile *cf, Err *err)
{
    Whole w = {.whole = cf, .opening = true};
    w.who = (Actor){.kind = ACTOR_PARTY, .id = whole->party.id, .name = whole->party.name};
    if (count == 0 || count > PARTS_MAX)
        return FAIL(err, ERR_INPUT, "%zu parts of '" STR_FMT "'", count, STR_ARG(whole->item->key));
    if (!casework_new(tx, whole, cf, err))
        return false;
    cf->flow = casework_no_flow();
    for (size_t i = 0; i < count; i++)
        if (!new_part(tx, &w, &parts[i], err))
            return false;
    Value *data = casework_submitted(tx->arena, cf);
    Value *list = set_list(tx->arena, data, "parts");
    for (size_t i = 0; i < count; i++)
        value_push(tx->arena, list, about_part(tx->arena, w.parts[i]));
    if (!casework_apply_law(tx, cf, LAW_SUBMIT, LAW_APPLICANT, &w.who, data, err) ||
        !settle(tx, &w, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!insert_part(tx, &w, w.parts[i], err))
            return false;
    return casework_insert(tx, cf, err);
}
