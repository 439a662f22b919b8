/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of a case is one table: state, act, next state, who may, what it needs, what paper it
 * gives and what it does to the clock. law_apply looks the row up, asks the guards, lets the clock
 * effect change the case and derives the timers by comparing what each of the two cases wants.
 *
 *   draft -submit-> received -accept, accept_deemed-> accepted -grant, deny-> decided
 *                   |  |  ^                           |  ^ |                  |   |
 *      refuse,      |  |  +-correct-- correction      |  | +extend, supply    |   +issue-> issued
 *      transfer  <--+  +--ask_correction->+     suspend  resume               |              |
 *                                         |           v  |                    +-deliver------+
 *                      correction_lapse <-+        suspended                                 v
 *                                                                      delivered -revoke_result->
 *   withdraw, terminate: from received, correction, accepted, suspended
 *   deferred_lapse:      from accepted, suspended, decided -> terminated
 *   archive:             from every closed state
 *
 * Invariants, checked by law_broken after each act and each reading:
 *   1  a draft was never received; all else was received
 *   2  telling_due is set exactly in state received, correction_due exactly in correction
 *   3  accepted, suspended, decided, issued, delivered and revoked cases were accepted
 *   4  the last interval is open exactly while suspended, all others are closed, in order and
 *      apart; a ground is kept exactly while suspended
 *   5  after acceptance both dues are known; one is open exactly when the case is suspended and
 *      the limit was not over before
 *   6  decided, issued, delivered and revoked cases have an outcome and a time of decision, earlier
 *      states have none; what was issued or revoked was granted
 *   7  whoever took in or received a case did not decide it
 *   8  a closed case has an end code and a time, an open one neither
 *   9  an extension is given at most once and only after acceptance
 *  10  no time of the case lies after its latest act, but for those that are due
 */
#include "engine/law/law.h"
#include "engine/law/law_int.h"

enum {
    TELLING_DAYS = 5,
    CORRECTION_DAYS = 10,
    DELIVERY_DAYS = 10,
};

enum { NEEDS_REASON = 1, NEEDS_GROUND = 2 };

#define BY(role) (1u << (role))

typedef enum {
    CLOCK_NONE,
    CLOCK_TELL,  /* the receiver has to answer */
    CLOCK_ASK,   /* the applicant has to supply */
    CLOCK_START, /* both limits */
    CLOCK_PAUSE,
    CLOCK_RUN,
    CLOCK_EXTEND,
    CLOCK_DECIDE, /* both limits stop; delivery starts */
    CLOCK_SUPPLY,
    CLOCK_CLOSE,
} ClockEffect;

typedef struct {
    LawState from;
    LawAct act;
    LawState to;
    unsigned roles;
    unsigned needs;
    LawDocument document;
    ClockEffect clock;
    int32_t end_code;
} Row;

enum {
    A = BY(LAW_APPLICANT),
    R = BY(LAW_RECEIVER),
    D = BY(LAW_DECIDER),
    H = BY(LAW_SUPERVISOR),
    S = BY(LAW_SYSTEM),
    NO_END = LAW_END_NONE,
};

/* clang-format off */
static const Row rows[] = {
    {LAW_DRAFT,      LAW_SUBMIT,           LAW_RECEIVED,    A | R | S, 0,            LAW_DOC_RECEIPT,            CLOCK_TELL,   NO_END},

    {LAW_RECEIVED,   LAW_ACCEPT,           LAW_ACCEPTED,    R | S,     0,            LAW_DOC_ACCEPTANCE,         CLOCK_START,  NO_END},
    {LAW_RECEIVED,   LAW_ACCEPT_DEEMED,    LAW_ACCEPTED,    S,         0,            LAW_DOC_ACCEPTANCE_DEEMED,  CLOCK_START,  NO_END},
    {LAW_RECEIVED,   LAW_REFUSE,           LAW_REFUSED,     R,         NEEDS_REASON, LAW_DOC_REFUSAL,            CLOCK_CLOSE,  LAW_END_REJECTED},
    {LAW_RECEIVED,   LAW_TRANSFER,         LAW_TRANSFERRED, R,         NEEDS_REASON, LAW_DOC_TRANSFER,           CLOCK_CLOSE,  LAW_END_PASSED_ON},
    {LAW_RECEIVED,   LAW_ASK_CORRECTION,   LAW_CORRECTION,  R | H,     NEEDS_REASON, LAW_DOC_CORRECTION,         CLOCK_ASK,    NO_END},
    {LAW_RECEIVED,   LAW_WITHDRAW,         LAW_WITHDRAWN,   A,         0,            LAW_DOC_WITHDRAWAL,         CLOCK_CLOSE,  LAW_END_OTHER},
    {LAW_RECEIVED,   LAW_TERMINATE,        LAW_TERMINATED,  D,         NEEDS_REASON, LAW_DOC_TERMINATION,        CLOCK_CLOSE,  LAW_END_OTHER},

    {LAW_CORRECTION, LAW_CORRECT,          LAW_RECEIVED,    A | R,     0,            LAW_DOC_CORRECTION_RECEIPT, CLOCK_TELL,   NO_END},
    {LAW_CORRECTION, LAW_CORRECTION_LAPSE, LAW_WITHDRAWN,   S,         0,            LAW_DOC_WITHDRAWAL_DEEMED,  CLOCK_CLOSE,  LAW_END_NO_CORRECTION},
    {LAW_CORRECTION, LAW_WITHDRAW,         LAW_WITHDRAWN,   A,         0,            LAW_DOC_WITHDRAWAL,         CLOCK_CLOSE,  LAW_END_OTHER},
    {LAW_CORRECTION, LAW_TERMINATE,        LAW_TERMINATED,  D,         NEEDS_REASON, LAW_DOC_TERMINATION,        CLOCK_CLOSE,  LAW_END_OTHER},

    {LAW_ACCEPTED,   LAW_SUSPEND,          LAW_SUSPENDED,   D,         NEEDS_GROUND, LAW_DOC_SUSPENSION,         CLOCK_PAUSE,  NO_END},
    {LAW_ACCEPTED,   LAW_EXTEND,           LAW_ACCEPTED,    H,         NEEDS_REASON, LAW_DOC_EXTENSION,          CLOCK_EXTEND, NO_END},
    {LAW_ACCEPTED,   LAW_GRANT,            LAW_DECIDED,     D | S,     0,            LAW_DOC_GRANT,              CLOCK_DECIDE, NO_END},
    {LAW_ACCEPTED,   LAW_DENY,             LAW_DECIDED,     D,         NEEDS_REASON, LAW_DOC_DENY,               CLOCK_DECIDE, NO_END},
    {LAW_ACCEPTED,   LAW_SUPPLY,           LAW_ACCEPTED,    A | R,     0,            LAW_DOC_CORRECTION_RECEIPT, CLOCK_SUPPLY, NO_END},
    {LAW_ACCEPTED,   LAW_DEFERRED_LAPSE,   LAW_TERMINATED,  S,         0,            LAW_DOC_ACCEPTANCE_REVOKED, CLOCK_CLOSE,  LAW_END_NO_CORRECTION},
    {LAW_ACCEPTED,   LAW_WITHDRAW,         LAW_WITHDRAWN,   A,         0,            LAW_DOC_WITHDRAWAL,         CLOCK_CLOSE,  LAW_END_OTHER},
    {LAW_ACCEPTED,   LAW_TERMINATE,        LAW_TERMINATED,  D,         NEEDS_REASON, LAW_DOC_TERMINATION,        CLOCK_CLOSE,  LAW_END_OTHER},

    {LAW_SUSPENDED,  LAW_RESUME,           LAW_ACCEPTED,    D | S,     0,            LAW_DOC_RESUMPTION,         CLOCK_RUN,    NO_END},
    {LAW_SUSPENDED,  LAW_SUPPLY,           LAW_SUSPENDED,   A | R,     0,            LAW_DOC_CORRECTION_RECEIPT, CLOCK_SUPPLY, NO_END},
    {LAW_SUSPENDED,  LAW_DEFERRED_LAPSE,   LAW_TERMINATED,  S,         0,            LAW_DOC_ACCEPTANCE_REVOKED, CLOCK_CLOSE,  LAW_END_NO_CORRECTION},
    {LAW_SUSPENDED,  LAW_WITHDRAW,         LAW_WITHDRAWN,   A,         0,            LAW_DOC_WITHDRAWAL,         CLOCK_CLOSE,  LAW_END_OTHER},
    {LAW_SUSPENDED,  LAW_TERMINATE,        LAW_TERMINATED,  D,         NEEDS_REASON, LAW_DOC_TERMINATION,        CLOCK_CLOSE,  LAW_END_OTHER},

    {LAW_DECIDED,    LAW_ISSUE,            LAW_ISSUED,      R | D | S, 0,            LAW_DOC_NONE,               CLOCK_NONE,   NO_END},
    {LAW_DECIDED,    LAW_DELIVER,          LAW_DELIVERED,   R | S,     0,            LAW_DOC_DELIVERY,           CLOCK_CLOSE,  LAW_END_ISSUED},
    {LAW_DECIDED,    LAW_SUPPLY,           LAW_DECIDED,     A | R,     0,            LAW_DOC_CORRECTION_RECEIPT, CLOCK_SUPPLY, NO_END},
    {LAW_DECIDED,    LAW_DEFERRED_LAPSE,   LAW_TERMINATED,  S,         0,            LAW_DOC_ACCEPTANCE_REVOKED, CLOCK_CLOSE,  LAW_END_NO_CORRECTION},

    {LAW_ISSUED,     LAW_DELIVER,          LAW_DELIVERED,   R | S,     0,            LAW_DOC_DELIVERY,           CLOCK_CLOSE,  LAW_END_ISSUED},
    {LAW_ISSUED,     LAW_REVOKE_RESULT,    LAW_REVOKED,     D | H,     NEEDS_GROUND, LAW_DOC_REVOCATION,         CLOCK_CLOSE,  LAW_END_VOID},
    {LAW_DELIVERED,  LAW_REVOKE_RESULT,    LAW_REVOKED,     D | H,     NEEDS_GROUND, LAW_DOC_REVOCATION,         CLOCK_CLOSE,  LAW_END_VOID},

    {LAW_DELIVERED,  LAW_ARCHIVE,          LAW_ARCHIVED,    R | S,     0,            LAW_DOC_NONE,               CLOCK_NONE,   NO_END},
    {LAW_REFUSED,    LAW_ARCHIVE,          LAW_ARCHIVED,    R | S,     0,            LAW_DOC_NONE,               CLOCK_NONE,   NO_END},
    {LAW_WITHDRAWN,  LAW_ARCHIVE,          LAW_ARCHIVED,    R | S,     0,            LAW_DOC_NONE,               CLOCK_NONE,   NO_END},
    {LAW_TRANSFERRED, LAW_ARCHIVE,         LAW_ARCHIVED,    R | S,     0,            LAW_DOC_NONE,               CLOCK_NONE,   NO_END},
    {LAW_TERMINATED, LAW_ARCHIVE,          LAW_ARCHIVED,    R | S,     0,            LAW_DOC_NONE,               CLOCK_NONE,   NO_END},
    {LAW_REVOKED,    LAW_ARCHIVE,          LAW_ARCHIVED,    R | S,     0,            LAW_DOC_NONE,               CLOCK_NONE,   NO_END},
};
/* clang-format on */

static const Row *row_of(LawState state, LawAct act)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].from == state && rows[i].act == act)
            return &rows[i];
    return NULL;
}

LawCase law_case_new(void)
{
    return (LawCase){.state = LAW_DRAFT, .end_code = LAW_END_NONE};
}

bool law_is_closed(LawState state)
{
    switch (state) {
    case LAW_DRAFT:
    case LAW_RECEIVED:
    case LAW_CORRECTION:
    case LAW_ACCEPTED:
    case LAW_SUSPENDED:
    case LAW_DECIDED:
    case LAW_ISSUED: return false;
    case LAW_DELIVERED:
    case LAW_REFUSED:
    case LAW_WITHDRAWN:
    case LAW_TRANSFERRED:
    case LAW_TERMINATED:
    case LAW_REVOKED:
    case LAW_ARCHIVED:
    case LAW_STATES: break;
    }
    return true;
}

/* ---- guards ---- */

static bool check_row(const LawCase *c, const LawEvent *e, const Row *row, Err *err)
{
    ASSERT(e->act < LAW_ACTS && e->role < LAW_ROLES);
    if (e->at <= 0)
        return FAIL(err, ERR_INPUT, "an act has no time");
    if (!row && law_is_closed(c->state))
        return FAIL(err, ERR_CONFLICT, "case is closed as '%s', no '%s' any more",
                    law_state_name(c->state), law_act_name(e->act));
    if (!row)
        return FAIL(err, ERR_CONFLICT, "no '%s' while the case is '%s'", law_act_name(e->act),
                    law_state_name(c->state));
    if (!(row->roles & BY(e->role)))
        return FAIL(err, ERR_DENIED, "'%s' is not for the role '%s'", law_act_name(e->act),
                    law_role_name(e->role));
    if ((row->needs & NEEDS_REASON) && str_empty(str_trim(e->reason)))
        return FAIL(err, ERR_INPUT, "'%s' needs a reason", law_act_name(e->act));
    if ((row->needs & NEEDS_GROUND) && str_empty(str_trim(e->ground)))
        return FAIL(err, ERR_INPUT, "'%s' needs a legal ground", law_act_name(e->act));
    if (e->ground.len > LAW_GROUND_MAX)
        return FAIL(err, ERR_LIMIT, "a ground is longer than %d bytes", LAW_GROUND_MAX);
    if (e->until && e->until <= e->at)
        return FAIL(err, ERR_INPUT, "'%s' names a day that is over", law_act_name(e->act));
    return true;
}

/* Silence is acceptance (Licensing Law 32): after five days only accepting is left. */
static bool check_answer(const LawCase *c, const LawEvent *e, Err *err)
{
    if (e->at > c->telling_due)
        return FAIL(err, ERR_CONFLICT, "time to answer is over: the case counts as accepted");
    if (e->act == LAW_ASK_CORRECTION && c->correction_count > 0 && e->role != LAW_SUPERVISOR)
        return FAIL(err, ERR_CONFLICT,
                    "one correction notice was given: a second is the supervisor's");
    return true;
}

static bool check_decider(const LawCase *c, const LawEvent *e, Err *err)
{
    if (e->actor && (e->actor == c->receiver || e->actor == c->taken_by))
        return FAIL(err, ERR_DENIED, "whoever received a case may not decide it");
    return true;
}

static bool check_extension(const LawRules *rules, const LawCase *c, const LawEvent *e, Err *err)
{
    if (c->extended)
        return FAIL(err, ERR_CONFLICT, "limit was extended once already");
    if (rules->extension.n <= 0)
        return FAIL(err, ERR_CONFLICT, "item has no extension");
    if (e->at > c->legal_due.at)
        return FAIL(err, ERR_CONFLICT, "limit is over: too late to extend it");
    return true;
}

static bool check_result(const LawRules *rules, const LawCase *c, const LawEvent *e, Err *err)
{
    bool granted = c->outcome == LAW_GRANTED;
    if (e->act != LAW_DELIVER && !granted)
        return FAIL(err, ERR_CONFLICT, "no '%s': the case was denied", law_act_name(e->act));
    if (e->act == LAW_ISSUE && !rules->makes_result)
        return FAIL(err, ERR_CONFLICT, "item gives no certificate");
    if (e->act == LAW_DELIVER && c->state == LAW_DECIDED && granted && rules->makes_result)
        return FAIL(err, ERR_CONFLICT, "certificate is not made yet");
    if (e->act != LAW_REVOKE_RESULT && granted && c->deferred_due)
        return FAIL(err, ERR_CONFLICT, "a material that was to follow is not here yet");
    return true;
}

/* A lapse comes after the due time, what it lapses without comes before. */
static bool check_time(const LawEvent *e, TimeMs due, bool lapse, Err *err)
{
    if (!due)
        return FAIL(err, ERR_CONFLICT, "nothing is awaited: no '%s'", law_act_name(e->act));
    if (lapse && e->at < due)
        return FAIL(err, ERR_CONFLICT, "too early for '%s'", law_act_name(e->act));
    if (!lapse && e->at > due)
        return FAIL(err, ERR_CONFLICT, "too late for '%s'", law_act_name(e->act));
    return true;
}

static bool check_act(const LawRules *rules, const LawCase *c, const LawEvent *e, Err *err)
{
    switch (e->act) {
    case LAW_REFUSE:
    case LAW_TRANSFER:
    case LAW_ASK_CORRECTION: return check_answer(c, e, err);
    case LAW_ACCEPT_DEEMED: return check_time(e, c->telling_due, true, err);
    case LAW_CORRECT: return check_time(e, c->correction_due, false, err);
    case LAW_CORRECTION_LAPSE: return check_time(e, c->correction_due, true, err);
    case LAW_SUPPLY: return check_time(e, c->deferred_due, false, err);
    case LAW_DEFERRED_LAPSE: return check_time(e, c->deferred_due, true, err);
    case LAW_SUSPEND:
        if (c->interval_count >= LAW_MAX_INTERVALS)
            return FAIL(err, ERR_LIMIT, "suspended more than %d times", LAW_MAX_INTERVALS);
        return true;
    case LAW_EXTEND: return check_extension(rules, c, e, err);
    case LAW_GRANT:
    case LAW_DENY: return check_decider(c, e, err);
    case LAW_ISSUE:
    case LAW_DELIVER:
    case LAW_REVOKE_RESULT: return check_result(rules, c, e, err);
    case LAW_SUBMIT:
    case LAW_ACCEPT:
    case LAW_RESUME:
    case LAW_WITHDRAW:
    case LAW_TERMINATE:
    case LAW_ARCHIVE:
    case LAW_ACTS: break;
    }
    return true;
}

/* ---- what an act does ---- */

static LawIntervals intervals_of(const LawCase *c)
{
    return (LawIntervals){c->intervals, (size_t)c->interval_count};
}

/* A limit and its extension. In one unit they are one longer limit; else one follows the other. */
static bool limit_due(const LawRules *rules, const LawCase *c, LawBudget budget, LawDue *due,
                      Err *err)
{
    bool extended = c->extended && c->extension.n > 0;
    bool joined = extended && budget.unit == c->extension.unit;
    if (joined)
        budget.n += c->extension.n;
    if (!law_due(&rules->clock, c->accepted_at, budget, intervals_of(c), due, err))
        return false;
    if (!extended || joined || due->open)
        return true;
    bool provisional = due->provisional;
    if (!law_due(&rules->clock, due->at, c->extension, intervals_of(c), due, err))
        return false;
    due->provisional = due->provisional || provisional;
    return true;
}

static bool both_dues(const LawRules *rules, LawCase *c, Err *err)
{
    return limit_due(rules, c, c->legal, &c->legal_due, err) &&
           limit_due(rules, c, c->promise, &c->promise_due, err);
}

static bool working_days_on(const LawRules *rules, TimeMs from, int32_t days, TimeMs *at, Date *day,
                            Err *err)
{
    LawDue due;
    LawBudget b = {days, LAW_WORKING_DAY};
    if (!law_due(&rules->clock, from, b, (LawIntervals){NULL, 0}, &due, err))
        return false;
    *at = due.at;
    *day = due.day;
    return true;
}

/* The last moment of the day of t: an applicant may use the whole day, whatever the office hours.
 */
static TimeMs day_end(const LawRules *rules, Date day)
{
    return date_start(day, rules->clock.zone) + MS_DAY - 1;
}

static bool start_telling(const LawRules *rules, LawCase *c, const LawEvent *e, Err *err)
{
    Date day;
    int32_t days = rules->telling_days ? rules->telling_days : TELLING_DAYS;
    c->telling_from = e->at;
    if (e->act == LAW_SUBMIT) {
        c->received_at = e->at;
        c->taken_by = e->role == LAW_RECEIVER ? e->actor : 0;
    }
    c->correction_due = 0;
    return working_days_on(rules, e->at, days, &c->telling_due, &day, err);
}

static bool start_asking(const LawRules *rules, LawCase *c, const LawEvent *e, Err *err)
{
    TimeMs at;
    Date day = date_of_time(e->until, rules->clock.zone);
    int32_t days = rules->correction_days ? rules->correction_days : CORRECTION_DAYS;
    if (!e->until && !working_days_on(rules, e->at, days, &at, &day, err))
        return false;
    c->correction_due = day_end(rules, day);
    c->correction_count++;
    c->telling_due = 0;
    c->receiver = e->actor;
    return true;
}

static bool start_limits(const LawRules *rules, LawCase *c, const LawEvent *e, Err *err)
{
    /* Who accepts after the time to answer accepts what the law has accepted already. */
    c->deemed = e->act == LAW_ACCEPT_DEEMED || e->at > c->telling_due;
    c->accepted_at = c->deemed ? c->telling_from : e->at;
    c->telling_due = 0;
    c->legal = rules->legal;
    c->promise = rules->promise;
    if (e->role == LAW_RECEIVER)
        c->receiver = e->actor;
    if (e->until)
        c->deferred_due = day_end(rules, date_of_time(e->until, rules->clock.zone));
    if (!both_dues(rules, c, err))
        return false;
    if (c->deferred_due > day_end(rules, c->promise_due.day))
        return FAIL(err, ERR_INPUT, "materials may follow until the promised day at the latest");
    return true;
}

static bool pause_limits(const LawRules *rules, LawCase *c, const LawEvent *e, Err *err)
{
    c->intervals[c->interval_count++] = (LawInterval){.from = e->at};
    c->suspend_ground = str_trim(e->ground);
    c->suspend_until = e->until;
    return both_dues(rules, c, err);
}

static void end_pause(LawCase *c, TimeMs at)
{
    LawInterval *last = c->interval_count ? &c->intervals[c->interval_count - 1] : NULL;
    if (last && !last->to)
        last->to = at;
    c->suspend_ground = STR("");
    c->suspend_until = 0;
}

static bool decide(const LawRules *rules, LawCase *c, const LawEvent *e, Err *err)
{
    Date day;
    int32_t days = rules->delivery_days ? rules->delivery_days : DELIVERY_DAYS;
    c->outcome = e->act == LAW_GRANT ? LAW_GRANTED : LAW_DENIED;
    c->decided_at = e->at;
    c->decider = e->actor;
    if (c->outcome == LAW_DENIED)
        c->deferred_due = 0;
    return working_days_on(rules, e->at, days, &c->delivery_due, &day, err);
}

static bool close_case(const LawRules *rules, LawCase *c, const LawEvent *e, int32_t end_code,
                       Err *err)
{
    bool was_suspended = c->interval_count && !c->intervals[c->interval_count - 1].to;
    c->telling_due = c->correction_due = c->deferred_due = 0;
    c->closed_at = e->at;
    c->end_code = e->act == LAW_DELIVER && c->outcome == LAW_DENIED ? LAW_END_REJECTED : end_code;
    end_pause(c, e->at);
    return !was_suspended || both_dues(rules, c, err);
}

static bool run_clock(const LawRules *rules, const Row *row, const LawEvent *e, LawCase *c,
                      Err *err)
{
    switch (row->clock) {
    case CLOCK_NONE: return true;
    case CLOCK_TELL: return start_telling(rules, c, e, err);
    case CLOCK_ASK: return start_asking(rules, c, e, err);
    case CLOCK_START: return start_limits(rules, c, e, err);
    case CLOCK_PAUSE: return pause_limits(rules, c, e, err);
    case CLOCK_RUN: end_pause(c, e->at); return both_dues(rules, c, err);
    case CLOCK_EXTEND:
        c->extended = true;
        c->extension = rules->extension;
        return both_dues(rules, c, err);
    case CLOCK_DECIDE: return decide(rules, c, e, err);
    case CLOCK_SUPPLY: c->deferred_due = 0; return true;
    case CLOCK_CLOSE: return close_case(rules, c, e, row->end_code, err);
    }
    return true;
}

/* ---- timers: what a case wants, and the difference of two ---- */

static TimeMs timer_of(const LawCase *c, LawTimerKind kind)
{
    /* A limit that was over before the case was suspended keeps its timer: its card came once. */
    bool runs = c->state == LAW_ACCEPTED || c->state == LAW_SUSPENDED;
    switch (kind) {
    case LAW_TIMER_TELLING: return c->telling_due;
    case LAW_TIMER_CORRECTION: return c->correction_due;
    case LAW_TIMER_PROMISE: return runs ? c->promise_due.at : 0;
    case LAW_TIMER_LEGAL: return runs ? c->legal_due.at : 0;
    case LAW_TIMER_DEFERRED: return law_is_closed(c->state) ? 0 : c->deferred_due;
    case LAW_TIMER_DELIVERY:
        return c->state == LAW_DECIDED || c->state == LAW_ISSUED ? c->delivery_due : 0;
    case LAW_TIMERS: break;
    }
    return 0;
}

static void diff_timers(const LawCase *before, const LawCase *after, LawEffects *fx)
{
    for (int kind = 0; kind < LAW_TIMERS; kind++) {
        TimeMs was = timer_of(before, (LawTimerKind)kind), is = timer_of(after, (LawTimerKind)kind);
        if (was != is)
            fx->timers[fx->timer_count++] = (LawTimer){(LawTimerKind)kind, is != 0, is};
    }
}

bool law_apply(const LawRules *rules, const LawCase *before, const LawEvent *event, LawCase *after,
               LawEffects *fx, Err *err)
{
    LawEvent e = *event;
    if (e.at < before->last_at)
        e.at = before->last_at;
    const Row *row = row_of(before->state, e.act);
    if (!check_row(before, &e, row, err) || !check_act(rules, before, &e, err))
        return false;
    LawCase c = *before;
    c.last_at = e.at;
    if (row->to == LAW_ARCHIVED)
        c.closed_as = c.state;
    c.state = row->to;
    if (!run_clock(rules, row, &e, &c, err))
        return false;
    LawEffects effects = {.document = row->document, .end_code = LAW_END_NONE};
    if (c.end_code != before->end_code)
        effects.end_code = c.end_code;
    bool second_notice = e.act == LAW_ASK_CORRECTION && c.correction_count > 1;
    effects.red_card = second_notice || (c.deemed && !before->deemed);
    diff_timers(before, &c, &effects);
    law_assert(&c);
    *after = c;
    *fx = effects;
    return true;
}

bool law_recompute(const LawRules *rules, const LawCase *before, LawCase *after, LawEffects *fx,
                   Err *err)
{
    LawCase c = *before;
    bool runs = c.state == LAW_ACCEPTED || c.state == LAW_SUSPENDED;
    if (runs && !both_dues(rules, &c, err))
        return false;
    Date day;
    int32_t days = rules->telling_days ? rules->telling_days : TELLING_DAYS;
    if (c.state == LAW_RECEIVED &&
        !working_days_on(rules, c.telling_from, days, &c.telling_due, &day, err))
        return false;
    days = rules->delivery_days ? rules->delivery_days : DELIVERY_DAYS;
    if ((c.state == LAW_DECIDED || c.state == LAW_ISSUED) &&
        !working_days_on(rules, c.decided_at, days, &c.delivery_due, &day, err))
        return false;
    LawEffects effects = {.end_code = LAW_END_NONE};
    diff_timers(before, &c, &effects);
    law_assert(&c);
    *after = c;
    *fx = effects;
    return true;
}

size_t law_allowed(const LawRules *rules, const LawCase *c, LawRole role, int64_t actor, TimeMs now,
                   LawAct *acts)
{
    size_t n = 0;
    for (int act = 0; act < LAW_ACTS; act++) {
        LawEvent e = {.act = (LawAct)act,
                      .role = role,
                      .actor = actor,
                      .at = now > c->last_at ? now : c->last_at,
                      .reason = STR("x"),
                      .ground = STR("x")};
        const Row *row = row_of(c->state, e.act);
        if (row && check_row(c, &e, row, NULL) && check_act(rules, c, &e, NULL))
            acts[n++] = e.act;
    }
    return n;
}
