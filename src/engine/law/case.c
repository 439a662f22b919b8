/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case as data: its invariants, and its way into a Value and back. Zero and empty fields are left
 * out; ids are texts, as everywhere in JSON. What is read is checked like what was computed: a row
 * that somebody edited by hand is refused, not acted upon.
 */
#include "engine/law/law_int.h"

static bool was_accepted_in(LawState s)
{
    return s == LAW_ACCEPTED || s == LAW_SUSPENDED || s == LAW_DECIDED || s == LAW_ISSUED ||
           s == LAW_DELIVERED || s == LAW_REVOKED;
}

static bool was_decided_in(LawState s)
{
    return s == LAW_DECIDED || s == LAW_ISSUED || s == LAW_DELIVERED || s == LAW_REVOKED;
}

static const char *broken_intervals(const LawCase *c)
{
    if (c->interval_count < 0 || c->interval_count > LAW_MAX_INTERVALS)
        return "4: number of intervals";
    for (int32_t i = 0; i < c->interval_count; i++) {
        LawInterval one = c->intervals[i];
        bool open_now = c->state == LAW_SUSPENDED && i == c->interval_count - 1;
        if (one.from < c->accepted_at || (one.to && one.to < one.from) || (one.to == 0) != open_now)
            return "4: interval";
        if (i && one.from < c->intervals[i - 1].to)
            return "4: intervals overlap";
    }
    if (c->state == LAW_SUSPENDED && !c->interval_count)
        return "4: suspended without an interval";
    if ((c->state == LAW_SUSPENDED) != (c->suspend_ground.len > 0))
        return "4: ground";
    return NULL;
}

/* since: begin of the suspension that lasts, or INT64_MAX. */
static bool due_wrong(const LawDue *due, TimeMs since)
{
    return due->open ? since == INT64_MAX || due->at != 0 : due->at <= 0 || due->at >= since;
}

static const char *broken_limits(const LawCase *c)
{
    bool known = c->accepted_at != 0;
    bool suspended = c->state == LAW_SUSPENDED;
    TimeMs since = suspended ? c->intervals[c->interval_count - 1].from : INT64_MAX;
    if (known && (due_wrong(&c->legal_due, since) || due_wrong(&c->promise_due, since)))
        return "5: due";
    if (!known &&
        (c->legal_due.at || c->promise_due.at || c->legal_due.open || c->promise_due.open))
        return "5: due before acceptance";
    if (c->extended && (!known || c->extension.n <= 0))
        return "9: extended";
    return NULL;
}

const char *law_broken(const LawCase *c)
{
    LawState s = c->state == LAW_ARCHIVED ? c->closed_as : c->state;
    if (c->state == LAW_ARCHIVED && (!law_is_closed(s) || s == LAW_ARCHIVED))
        return "8: archived while open";
    if ((s == LAW_DRAFT) != (c->received_at == 0))
        return "1: received";
    if ((s == LAW_RECEIVED) != (c->telling_due != 0) ||
        (s == LAW_CORRECTION) != (c->correction_due != 0))
        return "2: answer or correction due";
    if (was_accepted_in(s) && !c->accepted_at)
        return "3: not accepted";
    const char *broken = broken_intervals(c);
    if (!broken)
        broken = broken_limits(c);
    if (broken)
        return broken;
    bool decided = c->decided_at != 0;
    if (was_decided_in(s) != decided && !(s == LAW_TERMINATED && decided))
        return "6: decided";
    if (decided != (c->outcome != LAW_OPEN))
        return "6: outcome";
    if ((s == LAW_ISSUED || s == LAW_REVOKED) && c->outcome != LAW_GRANTED)
        return "6: issued or revoked and not granted";
    if (c->decider && (c->decider == c->receiver || c->decider == c->taken_by))
        return "7: decided by who received";
    if (law_is_closed(s) != (c->end_code != LAW_END_NONE) ||
        law_is_closed(s) != (c->closed_at != 0))
        return "8: closed";
    if (c->received_at > c->last_at || c->accepted_at > c->last_at || c->decided_at > c->last_at ||
        c->closed_at > c->last_at)
        return "10: time";
    return NULL;
}

void law_assert(const LawCase *c)
{
    const char *broken = law_broken(c);
    if (broken)
        fatal("law: broken invariant %s in state %s", broken, law_state_name(c->state));
}

/* ---- to a Value ---- */

static void put_time(Arena *out, Value *map, const char *key, int64_t n)
{
    if (n)
        set_int(out, map, key, n);
}

static void put_id(Arena *out, Value *map, const char *key, int64_t id)
{
    if (id)
        set_str(out, map, key, str_fmt(out, "%lld", (long long)id));
}

static void put_budget(Arena *out, Value *map, const char *key, LawBudget b)
{
    Value *v = set_map(out, map, key);
    set_int(out, v, "n", b.n);
    set_str(out, v, "unit", str_z(law_unit_name(b.unit)));
}

static void put_due(Arena *out, Value *map, const char *key, const LawDue *due)
{
    Value *v = set_map(out, map, key);
    if (due->open) {
        set_bool(out, v, "open", true);
        set_int(out, v, "remaining", due->remaining);
    } else {
        set_int(out, v, "at", due->at);
        set_str(out, v, "day", date_iso(out, due->day));
    }
    if (due->provisional)
        set_bool(out, v, "provisional", true);
}

static void put_limits(Arena *out, Value *v, const LawCase *c)
{
    put_budget(out, v, "legal", c->legal);
    put_budget(out, v, "promise", c->promise);
    if (c->extended)
        put_budget(out, v, "extension", c->extension);
    put_due(out, v, "legal_due", &c->legal_due);
    put_due(out, v, "promise_due", &c->promise_due);
    Value *list = c->interval_count ? set_list(out, v, "intervals") : NULL;
    for (int32_t i = 0; i < c->interval_count; i++) {
        Value *one = push_map(out, list);
        set_int(out, one, "from", c->intervals[i].from);
        put_time(out, one, "to", c->intervals[i].to);
    }
}

Value *law_case_value(Arena *out, const LawCase *c)
{
    Value *v = value_map(out);
    set_str(out, v, "state", str_z(law_state_name(c->state)));
    if (c->state == LAW_ARCHIVED)
        set_str(out, v, "closed_as", str_z(law_state_name(c->closed_as)));
    if (c->outcome != LAW_OPEN)
        set_bool(out, v, "granted", c->outcome == LAW_GRANTED);
    if (c->end_code != LAW_END_NONE)
        set_int(out, v, "end_code", c->end_code);
    put_time(out, v, "last_at", c->last_at);
    put_time(out, v, "received_at", c->received_at);
    put_time(out, v, "telling_from", c->telling_from);
    put_time(out, v, "telling_due", c->telling_due);
    put_time(out, v, "correction_count", c->correction_count);
    put_time(out, v, "correction_due", c->correction_due);
    put_time(out, v, "accepted_at", c->accepted_at);
    if (c->deemed)
        set_bool(out, v, "deemed", true);
    put_time(out, v, "deferred_due", c->deferred_due);
    if (c->accepted_at)
        put_limits(out, v, c);
    if (c->suspend_ground.len)
        set_str(out, v, "suspend_ground", str_dup(out, c->suspend_ground));
    put_time(out, v, "suspend_until", c->suspend_until);
    put_time(out, v, "decided_at", c->decided_at);
    put_time(out, v, "delivery_due", c->delivery_due);
    put_time(out, v, "closed_at", c->closed_at);
    put_id(out, v, "taken_by", c->taken_by);
    put_id(out, v, "receiver", c->receiver);
    put_id(out, v, "decider", c->decider);
    return v;
}

/* ---- and back ---- */

static bool read_budget(const Value *v, LawBudget *b, Err *err)
{
    int64_t n = get_int(v, "n", -1);
    if (n < 0 || n > LAW_MAX_BUDGET || !law_unit_read(get_str(v, "unit"), &b->unit))
        return FAIL(err, ERR_INPUT, "case has no such limit");
    b->n = (int32_t)n;
    return true;
}

static bool read_due(const Value *v, LawDue *due, Err *err)
{
    *due = (LawDue){.open = get_bool(v, "open"), .provisional = get_bool(v, "provisional")};
    if (due->open) {
        int64_t left = get_int(v, "remaining", -1);
        if (left < 0 || left > INT32_MAX)
            return FAIL(err, ERR_INPUT, "case has no remaining days");
        due->remaining = (int32_t)left;
        return true;
    }
    due->at = get_int(v, "at", 0);
    return date_parse(get_str(v, "day"), &due->day, err);
}

static bool read_intervals(const Value *list, LawCase *c, Err *err)
{
    if (!list)
        return true;
    size_t n = value_count(list);
    if (n > LAW_MAX_INTERVALS || !value_is(list, VALUE_LIST))
        return FAIL(err, ERR_LIMIT, "case has more than %d intervals", LAW_MAX_INTERVALS);
    for (size_t i = 0; i < n; i++)
        c->intervals[i] = (LawInterval){get_int(list->list.items[i], "from", 0),
                                        get_int(list->list.items[i], "to", 0)};
    c->interval_count = (int32_t)n;
    return true;
}

static bool read_limits(const Value *v, LawCase *c, Err *err)
{
    c->extended = value_at(v, "extension") != NULL;
    return read_budget(value_at(v, "legal"), &c->legal, err) &&
           read_budget(value_at(v, "promise"), &c->promise, err) &&
           (!c->extended || read_budget(value_at(v, "extension"), &c->extension, err)) &&
           read_due(value_at(v, "legal_due"), &c->legal_due, err) &&
           read_due(value_at(v, "promise_due"), &c->promise_due, err) &&
           read_intervals(value_at(v, "intervals"), c, err);
}

static void read_times(const Value *v, LawCase *c)
{
    c->last_at = get_int(v, "last_at", 0);
    c->received_at = get_int(v, "received_at", 0);
    c->telling_from = get_int(v, "telling_from", 0);
    c->telling_due = get_int(v, "telling_due", 0);
    c->correction_due = get_int(v, "correction_due", 0);
    c->accepted_at = get_int(v, "accepted_at", 0);
    c->deferred_due = get_int(v, "deferred_due", 0);
    c->suspend_until = get_int(v, "suspend_until", 0);
    c->decided_at = get_int(v, "decided_at", 0);
    c->delivery_due = get_int(v, "delivery_due", 0);
    c->closed_at = get_int(v, "closed_at", 0);
    c->taken_by = get_int(v, "taken_by", 0);
    c->receiver = get_int(v, "receiver", 0);
    c->decider = get_int(v, "decider", 0);
}

bool law_case_read(const Value *v, LawCase *c, Err *err)
{
    LawCase r = law_case_new();
    if (!law_state_read(get_str(v, "state"), &r.state))
        return FAIL(err, ERR_INPUT, "case has no state");
    if (r.state == LAW_ARCHIVED && !law_state_read(get_str(v, "closed_as"), &r.closed_as))
        return FAIL(err, ERR_INPUT, "archived case has no earlier state");
    if (value_at(v, "granted"))
        r.outcome = get_bool(v, "granted") ? LAW_GRANTED : LAW_DENIED;
    int64_t end = get_int(v, "end_code", LAW_END_NONE);
    int64_t corrections = get_int(v, "correction_count", 0);
    if (end < LAW_END_NONE || end > LAW_END_OTHER || corrections < 0 || corrections > INT32_MAX)
        return FAIL(err, ERR_INPUT, "case has a number out of range");
    r.end_code = (int32_t)end;
    r.correction_count = (int32_t)corrections;
    r.deemed = get_bool(v, "deemed");
    r.suspend_ground = get_str(v, "suspend_ground");
    read_times(v, &r);
    if (r.accepted_at && !read_limits(v, &r, err))
        return false;
    const char *broken = law_broken(&r);
    if (broken)
        return FAIL(err, ERR_INPUT, "case breaks rule '%s'", broken);
    *c = r;
    return true;
}
