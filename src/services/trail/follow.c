/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is written with a step. The open rows are compared with the tokens of the new instance, not
 * with those of the old one: so the rows are right again after a migration, or after a time when
 * nobody wrote any. A token that stands where it stood keeps its row; one that became an incident,
 * or was retried, changes the row's state and goes on counting.
 */
#include "services/trail/trail.h"

enum { OPEN_TOKEN, OPEN_KEY, OPEN_ENTERED, OPEN_ELEMENT, OPEN_STATE };

typedef struct {
    StoreTx *tx;
    const TrailStep *step;
    StoreRows open;
    bool *kept; /* beside the tokens: it has its row */
    Str path;   /* of this step, until a row has taken it */
} Follow;

static const char *state_name(FlowTokenState state)
{
    switch (state) {
    case TOKEN_TASK: return "task";
    case TOKEN_JOB: return "job";
    case TOKEN_EVENT: return "event";
    case TOKEN_JOIN: return "join";
    case TOKEN_INSIDE: return "inside";
    case TOKEN_INCIDENT: return "incident";
    case TOKEN_CALL: return "call";
    case TOKEN_READY:
    case TOKEN_BODY: /* its instances have rows of their own */
    case TOKEN_UNDO: return NULL;
    }
    return NULL;
}

static Str element_id(const Follow *f, const FlowToken *t)
{
    return f->step->process->elements[t->element].id;
}

/* Was it left in this step? A loop may bring the same token back at once. */
static bool was_left(const Follow *f, Str element)
{
    for (size_t i = 0; i < f->step->effects->len; i++) {
        const FlowEffect *fx = &f->step->effects->at[i];
        if (fx->kind == FLOW_PASSED && fx->element && str_eq(fx->element->id, element))
            return true;
    }
    return false;
}

/* Does the token still stand where row i says? */
static bool still(const Follow *f, size_t i, const FlowToken *t)
{
    const StoreRows *r = &f->open;
    Str element = element_id(f, t);
    const char *state = state_name(t->state);
    if (row_int(r, i, OPEN_TOKEN) != t->id || !state ||
        !str_eq(row_str(r, i, OPEN_ELEMENT), element))
        return false;
    bool same_state = str_eq(row_str(r, i, OPEN_STATE), str_z(state));
    if (!same_state)
        return t->state == TOKEN_INCIDENT || str_eq(row_str(r, i, OPEN_STATE), STR("incident")) ||
               !was_left(f, element);
    return row_int(r, i, OPEN_KEY) == t->key && (t->key != 0 || !was_left(f, element));
}

static bool keep(Follow *f, size_t i, const FlowToken *t, Err *err)
{
    const StoreRows *r = &f->open;
    Str state = str_z(state_name(t->state));
    bool same = str_eq(row_str(r, i, OPEN_STATE), state) && row_int(r, i, OPEN_KEY) == t->key;
    return same || tx_run(f->tx, SQL_STEP_STATE,
                          PARAMS(P_STR(f->tx->place), P_INT(f->step->case_id),
                                 P_INT(row_int(r, i, OPEN_TOKEN)), P_INT(row_int(r, i, OPEN_KEY)),
                                 P_INT(row_int(r, i, OPEN_ENTERED)), P_STR(state), P_INT(t->key)),
                          NULL, err);
}

static bool close_or_keep(Follow *f, size_t i, Err *err)
{
    const StoreRows *r = &f->open;
    for (size_t k = 0; k < f->step->after->tokens.len; k++) {
        const FlowToken *t = &f->step->after->tokens.at[k];
        if (!f->kept[k] && still(f, i, t)) {
            f->kept[k] = true;
            return keep(f, i, t, err);
        }
    }
    return tx_run(f->tx, SQL_STEP_LEFT,
                  PARAMS(P_STR(f->tx->place), P_INT(f->step->case_id),
                         P_INT(row_int(r, i, OPEN_TOKEN)), P_INT(row_int(r, i, OPEN_KEY)),
                         P_INT(row_int(r, i, OPEN_ENTERED)), P_INT(f->tx->now)),
                  NULL, err);
}

static bool add(Follow *f, const FlowToken *t, Err *err)
{
    Str path = f->path;
    f->path = STR("");
    return tx_run(f->tx, SQL_STEP_ADD,
                  PARAMS(P_STR(f->tx->place), P_INT(f->step->case_id), P_INT(t ? t->id : 0),
                         P_INT(t ? t->key : 0), P_INT(f->tx->now), P_INT(t ? 0 : f->tx->now),
                         P_STR(f->step->item), P_STR(t ? element_id(f, t) : STR("")),
                         P_STR(t ? str_z(state_name(t->state)) : STR("end")), P_STR(path)),
                  NULL, err);
}

/* Each element once, however often a loop passed it. */
static Str path_of(Arena *a, const FlowEffects *effects)
{
    Map seen = {0};
    StrBuf b = buf_in(a);
    for (size_t i = 0; i < effects->len; i++) {
        const FlowEffect *fx = &effects->at[i];
        if (fx->kind == FLOW_PASSED && fx->element &&
            map_add(a, &seen, fx->element->id, (void *)&seen)) {
            buf_add(&b, fx->element->id);
            buf_char(&b, '\n');
        }
    }
    return buf_str(&b);
}

bool trail_follow(StoreTx *tx, const TrailStep *s, Err *err)
{
    Follow f = {.tx = tx, .step = s, .path = path_of(tx->arena, s->effects)};
    f.kept = arena_alloc(tx->arena, s->after->tokens.len + 1);
    if (s->before &&
        !tx_run(tx, SQL_STEPS_OPEN, PARAMS(P_STR(tx->place), P_STR(s->item), P_INT(s->case_id)),
                &f.open, err))
        return false;
    for (size_t i = 0; i < f.open.count; i++)
        if (!close_or_keep(&f, i, err))
            return false;
    for (size_t i = 0; i < s->after->tokens.len; i++) {
        const FlowToken *t = &s->after->tokens.at[i];
        if (!f.kept[i] && state_name(t->state) && !add(&f, t, err))
            return false;
    }
    return f.path.len == 0 || add(&f, NULL, err);
}
