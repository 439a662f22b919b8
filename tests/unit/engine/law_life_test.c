/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/law/law.h"

#include "base/rand.h"
#include "check.h"

enum { ZONE = ZONE_CHINA_MINUTES, CLERK = 11, APPROVER = 12, HEAD = 13, PERSON = 99 };

static Arena arena;
static TimeMs start; /* Monday 2026-03-09 10:00 */

static LawRules rules_here(void)
{
    static const Calendar *calendar;
    if (!calendar) {
        calendar = calendar_builtin(&arena);
        start = date_start(date_of((Civil){2026, 3, 9}), ZONE) + 10 * MS_HOUR;
    }
    return (LawRules){.clock = {calendar, LAW_HOURS_DEFAULT, ZONE},
                      .legal = {20, LAW_WORKING_DAY},
                      .promise = {5, LAW_WORKING_DAY},
                      .extension = {10, LAW_WORKING_DAY},
                      .makes_result = true};
}

static int64_t actor_of(LawRole role)
{
    static const int64_t actors[] = {[LAW_APPLICANT] = PERSON,
                                     [LAW_RECEIVER] = CLERK,
                                     [LAW_DECIDER] = APPROVER,
                                     [LAW_SUPERVISOR] = HEAD,
                                     [LAW_SYSTEM] = 0};
    return actors[role];
}

static LawEvent event_of(LawAct act, LawRole role, TimeMs at)
{
    return (LawEvent){.act = act,
                      .role = role,
                      .actor = actor_of(role),
                      .at = at,
                      .reason = STR("materials of the unit are missing"),
                      .ground = STR("awaits-court")};
}

static LawEffects fx;
static Err err;

/* One act that has to succeed. */
static void go(LawCase *c, LawAct act, LawRole role, TimeMs at)
{
    LawRules rules = rules_here();
    LawEvent e = event_of(act, role, at);
    err = (Err){0};
    bool ok = law_apply(&rules, c, &e, c, &fx, &err);
    CHECK(ok, "%s by %s: %s", law_act_name(act), law_role_name(role), err.msg);
}

/* One act that has to fail so, and to leave the case as it is. */
static bool fails(LawCase *c, LawEvent e, ErrCode code, const char *part)
{
    LawRules rules = rules_here();
    LawCase before = *c;
    err = (Err){0};
    bool ok = law_apply(&rules, c, &e, c, &fx, &err);
    return !ok && err.code == code && strstr(err.msg, part) &&
           memcmp(&before, c, sizeof before) == 0;
}

static Str shown(TimeMs t)
{
    return str_slice(time_iso(&arena, t, ZONE), 0, 16);
}

static const LawTimer *timer(LawTimerKind kind)
{
    for (size_t i = 0; i < fx.timer_count; i++)
        if (fx.timers[i].kind == kind)
            return &fx.timers[i];
    return NULL;
}

static bool timer_set(LawTimerKind kind, const char *at)
{
    const LawTimer *t = timer(kind);
    return t && t->set && str_eq(shown(t->at), str_z(at));
}

static bool timer_cancelled(LawTimerKind kind)
{
    const LawTimer *t = timer(kind);
    return t && !t->set;
}

/* Acts and roles of the shortest way into a state. */
static const char *const ways[LAW_STATES] = {
    [LAW_DRAFT] = "",
    [LAW_RECEIVED] = "submit a",
    [LAW_CORRECTION] = "submit a ask_correction r",
    [LAW_ACCEPTED] = "submit a accept r",
    [LAW_SUSPENDED] = "submit a accept r suspend d",
    [LAW_DECIDED] = "submit a accept r grant d",
    [LAW_ISSUED] = "submit a accept r grant d issue r",
    [LAW_DELIVERED] = "submit a accept r grant d issue r deliver r",
    [LAW_REFUSED] = "submit a refuse r",
    [LAW_WITHDRAWN] = "submit a withdraw a",
    [LAW_TRANSFERRED] = "submit a transfer r",
    [LAW_TERMINATED] = "submit a terminate d",
    [LAW_REVOKED] = "submit a accept r grant d issue r deliver r revoke_result h",
    [LAW_ARCHIVED] = "submit a accept r grant d issue r deliver r archive s",
};

/* In the order of LawRole: applicant, receiver, decider, head of the organ, system. */
static const char letters[] = "ardhs";

static LawCase case_in(LawState state)
{
    LawCase c = law_case_new();
    (void)rules_here();
    TimeMs at = start;
    Str rest = str_z(ways[state]), act_text, role_text;
    while (str_split(&rest, ' ', &act_text) && act_text.len && str_split(&rest, ' ', &role_text)) {
        LawAct act;
        const char *letter = strchr(letters, role_text.at[0]);
        CHECK(law_act_read(act_text, &act) && letter, STR_FMT, STR_ARG(act_text));
        go(&c, act, (LawRole)(letter - letters), at);
        at += MS_HOUR;
    }
    CHECK(c.state == state, "%s", law_state_name(state));
    return c;
}

/* The rules of domain sections 3.17 and 4 once more, as sentences: state, act, roles, next state.
 */
static const char *const possible[] = {
    "draft submit ars received",
    "received accept rs accepted",
    "received accept_deemed s accepted",
    "received refuse r refused",
    "received transfer r transferred",
    "received ask_correction rh correction",
    "received withdraw a withdrawn",
    "received terminate d terminated",
    "correction correct ar received",
    "correction correction_lapse s withdrawn",
    "correction withdraw a withdrawn",
    "correction terminate d terminated",
    "accepted suspend d suspended",
    "accepted extend h accepted",
    "accepted grant ds decided",
    "accepted deny d decided",
    "accepted supply ar accepted",
    "accepted deferred_lapse s terminated",
    "accepted withdraw a withdrawn",
    "accepted terminate d terminated",
    "suspended resume ds accepted",
    "suspended supply ar suspended",
    "suspended deferred_lapse s terminated",
    "suspended withdraw a withdrawn",
    "suspended terminate d terminated",
    "decided issue rds issued",
    "decided deliver rs delivered",
    "decided supply ar decided",
    "decided deferred_lapse s terminated",
    "issued deliver rs delivered",
    "issued revoke_result dh revoked",
    "delivered revoke_result dh revoked",
    "delivered archive rs archived",
    "refused archive rs archived",
    "withdrawn archive rs archived",
    "transferred archive rs archived",
    "terminated archive rs archived",
    "revoked archive rs archived",
};

/* The roles and the next state of a sentence; false when there is none. */
static bool sentence(LawState state, LawAct act, Str *roles, Str *next)
{
    Str head = str_fmt(&arena, "%s %s ", law_state_name(state), law_act_name(act));
    for (size_t i = 0; i < COUNT(possible); i++) {
        Str rest = str_z(possible[i]);
        if (!str_starts(rest, head))
            continue;
        rest = str_slice(rest, head.len, rest.len);
        return str_split(&rest, ' ', roles) && str_split(&rest, ' ', next);
    }
    return false;
}

/* What an act needs of its case besides the state, and the time that it needs. */
static LawEvent prepared(LawCase *c, LawAct act, LawRole role)
{
    LawEvent e = event_of(act, role, c->last_at + MS_HOUR);
    bool running = c->state == LAW_ACCEPTED || c->state == LAW_SUSPENDED || c->state == LAW_DECIDED;
    if (running && (act == LAW_SUPPLY || act == LAW_DEFERRED_LAPSE))
        c->deferred_due = c->last_at + 2 * MS_HOUR;
    if (act == LAW_ACCEPT_DEEMED)
        e.at = c->telling_due + 1;
    if (act == LAW_CORRECTION_LAPSE)
        e.at = c->correction_due + 1;
    if (act == LAW_DEFERRED_LAPSE)
        e.at = c->deferred_due + 1;
    if (c->state == LAW_DECIDED && act == LAW_DELIVER)
        c->outcome = LAW_DENIED; /* a grant is made first */
    return e;
}

TEST(law_every_state_act_and_role)
{
    LawRules rules = rules_here();
    int passed = 0, failed = 0;
    for (int state = 0; state < LAW_STATES; state++)
        for (int act = 0; act < LAW_ACTS; act++)
            for (int role = 0; role < LAW_ROLES; role++) {
                LawCase c = case_in((LawState)state), after;
                LawEvent e = prepared(&c, (LawAct)act, (LawRole)role);
                Str roles = STR(""), next = STR("");
                bool there = sentence(c.state, e.act, &roles, &next);
                bool may = there && memchr(roles.at, letters[role], roles.len);
                err = (Err){0};
                bool ok = law_apply(&rules, &c, &e, &after, &fx, &err);
                bool good = ok == may;
                if (good && ok)
                    good = str_eq(str_z(law_state_name(after.state)), next) && !law_broken(&after);
                if (good && !ok)
                    good = err.code == (there ? ERR_DENIED : ERR_CONFLICT);
                CHECK(good, "%s %s %s: %s %s", law_state_name(c.state), law_act_name(e.act),
                      law_role_name(e.role), err_name(err.code), err.msg);
                passed += good;
                failed += !good;
            }
    check_conformance("transitions", passed, failed, 0);
}

TEST(law_closed_says_so)
{
    for (int state = 0; state < LAW_STATES; state++) {
        LawCase c = case_in((LawState)state);
        if (!law_is_closed(c.state))
            continue;
        Str part = str_fmt(&arena, "case is closed as '%s'", law_state_name(c.state));
        CHECK(fails(&c, event_of(LAW_GRANT, LAW_DECIDER, c.last_at), ERR_CONFLICT,
                    str_cstr(&arena, part)),
              "%s", err.msg);
        CHECK(c.end_code != LAW_END_NONE && c.closed_at, "%s has an end", law_state_name(c.state));
    }
}

TEST(law_papers_timers_and_ends_of_a_granted_case)
{
    LawCase c = law_case_new();
    go(&c, LAW_SUBMIT, LAW_APPLICANT, (rules_here(), start));
    CHECK(fx.document == LAW_DOC_RECEIPT && fx.end_code == LAW_END_NONE && !fx.red_card, "receipt");
    CHECK(fx.timer_count == 1 && timer_set(LAW_TIMER_TELLING, "2026-03-16T17:30"), "telling");
    go(&c, LAW_ACCEPT, LAW_RECEIVER, start + 2 * MS_HOUR);
    CHECK(fx.document == LAW_DOC_ACCEPTANCE && c.receiver == CLERK && !c.deemed, "accepted");
    CHECK(fx.timer_count == 3 && timer_cancelled(LAW_TIMER_TELLING) &&
              timer_set(LAW_TIMER_PROMISE, "2026-03-16T17:30") &&
              timer_set(LAW_TIMER_LEGAL, "2026-04-07T17:30"),
          "limits");
    go(&c, LAW_SUSPEND, LAW_DECIDER, start + 2 * MS_DAY);
    CHECK(fx.document == LAW_DOC_SUSPENSION && fx.timer_count == 2 &&
              timer_cancelled(LAW_TIMER_LEGAL),
          "suspended");
    CHECK(c.legal_due.open && c.legal_due.remaining == 19 && c.promise_due.remaining == 4,
          "what is left");
    CHECK(str_eq(c.suspend_ground, STR("awaits-court")), "ground");
    go(&c, LAW_RESUME, LAW_DECIDER, start + 9 * MS_DAY);
    CHECK(fx.document == LAW_DOC_RESUMPTION && timer_set(LAW_TIMER_PROMISE, "2026-03-23T17:30") &&
              timer_set(LAW_TIMER_LEGAL, "2026-04-14T17:30"),
          "limits moved by five days: " STR_FMT, STR_ARG(shown(c.legal_due.at)));
    go(&c, LAW_EXTEND, LAW_SUPERVISOR, start + 10 * MS_DAY);
    CHECK(fx.document == LAW_DOC_EXTENSION && timer_set(LAW_TIMER_LEGAL, "2026-04-28T17:30"),
          "extended");
    CHECK(fails(&c, event_of(LAW_EXTEND, LAW_SUPERVISOR, c.last_at), ERR_CONFLICT, "once"), "%s",
          err.msg);
    go(&c, LAW_GRANT, LAW_DECIDER, start + 11 * MS_DAY);
    CHECK(fx.document == LAW_DOC_GRANT && timer_cancelled(LAW_TIMER_PROMISE) &&
              timer_cancelled(LAW_TIMER_LEGAL) && timer_set(LAW_TIMER_DELIVERY, "2026-04-03T17:30"),
          "decided");
    CHECK(fails(&c, event_of(LAW_DELIVER, LAW_RECEIVER, c.last_at), ERR_CONFLICT, "not made"), "%s",
          err.msg);
    go(&c, LAW_ISSUE, LAW_SYSTEM, start + 11 * MS_DAY);
    CHECK(fx.document == LAW_DOC_NONE && fx.timer_count == 0, "made");
    go(&c, LAW_DELIVER, LAW_RECEIVER, start + 12 * MS_DAY);
    CHECK(fx.document == LAW_DOC_DELIVERY && fx.end_code == LAW_END_ISSUED &&
              timer_cancelled(LAW_TIMER_DELIVERY),
          "delivered");
    go(&c, LAW_REVOKE_RESULT, LAW_SUPERVISOR, start + 99 * MS_DAY);
    CHECK(fx.document == LAW_DOC_REVOCATION && fx.end_code == LAW_END_VOID, "revoked");
    go(&c, LAW_ARCHIVE, LAW_SYSTEM, start + 100 * MS_DAY);
    CHECK(c.closed_as == LAW_REVOKED && c.end_code == LAW_END_VOID, "archived");
}

TEST(law_silence_is_acceptance)
{
    LawCase c = case_in(LAW_RECEIVED);
    CHECK(fails(&c, event_of(LAW_ACCEPT_DEEMED, LAW_SYSTEM, c.telling_due - 1), ERR_CONFLICT,
                "too early"),
          "%s", err.msg);
    CHECK(
        fails(&c, event_of(LAW_REFUSE, LAW_RECEIVER, c.telling_due + 1), ERR_CONFLICT, "counts as"),
        "%s", err.msg);
    CHECK(fails(&c, event_of(LAW_ASK_CORRECTION, LAW_RECEIVER, c.telling_due + 1), ERR_CONFLICT,
                "counts as"),
          "%s", err.msg);
    LawCase late = c;
    go(&c, LAW_ACCEPT_DEEMED, LAW_SYSTEM, c.telling_due);
    CHECK(c.accepted_at == start && c.deemed && fx.red_card, "as of the receipt, with a card");
    CHECK(fx.document == LAW_DOC_ACCEPTANCE_DEEMED, "its paper");
    CHECK(str_eq(shown(c.promise_due.at), STR("2026-03-16T17:30")), "the limit began then");
    go(&late, LAW_ACCEPT, LAW_RECEIVER, late.telling_due + MS_DAY);
    CHECK(late.accepted_at == start && late.deemed && fx.red_card, "accepting late is the same");
}

TEST(law_one_correction_notice)
{
    LawCase c = case_in(LAW_CORRECTION);
    CHECK(str_eq(shown(c.correction_due), STR("2026-03-23T23:59")), STR_FMT,
          STR_ARG(shown(c.correction_due)));
    go(&c, LAW_CORRECT, LAW_APPLICANT, start + 3 * MS_DAY);
    CHECK(fx.document == LAW_DOC_CORRECTION_RECEIPT && timer_cancelled(LAW_TIMER_CORRECTION) &&
              timer_set(LAW_TIMER_TELLING, "2026-03-19T17:30"),
          "the receiver has five days again");
    LawCase deemed = c;
    CHECK(fails(&c, event_of(LAW_ASK_CORRECTION, LAW_RECEIVER, c.last_at), ERR_CONFLICT,
                "supervisor"),
          "%s", err.msg);
    LawEvent second = event_of(LAW_ASK_CORRECTION, LAW_SUPERVISOR, c.last_at);
    second.until = start + 30 * MS_DAY;
    LawRules rules = rules_here();
    CHECK(law_apply(&rules, &c, &second, &c, &fx, &err) && fx.red_card && c.correction_count == 2,
          "the supervisor's override is counted");
    CHECK(str_eq(shown(c.correction_due), STR("2026-04-08T23:59")),
          "the day that was named, whole");
    CHECK(fails(&c, event_of(LAW_CORRECTION_LAPSE, LAW_SYSTEM, c.correction_due - 1), ERR_CONFLICT,
                "too early"),
          "%s", err.msg);
    CHECK(fails(&c, event_of(LAW_CORRECT, LAW_APPLICANT, c.correction_due + 1), ERR_CONFLICT,
                "too late"),
          "%s", err.msg);
    go(&c, LAW_CORRECTION_LAPSE, LAW_SYSTEM, c.correction_due + 1);
    CHECK(fx.end_code == LAW_END_NO_CORRECTION && fx.document == LAW_DOC_WITHDRAWAL_DEEMED,
          "withdrawn");
    go(&deemed, LAW_ACCEPT_DEEMED, LAW_SYSTEM, deemed.telling_due);
    CHECK(deemed.accepted_at == start + 3 * MS_DAY,
          "silence after a correction counts from its receipt");
}

TEST(law_receiver_never_decides)
{
    LawCase c = case_in(LAW_ACCEPTED);
    LawEvent e = event_of(LAW_GRANT, LAW_DECIDER, c.last_at);
    e.actor = CLERK;
    CHECK(fails(&c, e, ERR_DENIED, "received"), "%s", err.msg);
    e.act = LAW_DENY;
    CHECK(fails(&c, e, ERR_DENIED, "received"), "%s", err.msg);
    LawCase taken = law_case_new();
    LawEvent window = event_of(LAW_SUBMIT, LAW_RECEIVER, start);
    window.actor = APPROVER;
    LawRules rules = rules_here();
    CHECK(law_apply(&rules, &taken, &window, &taken, &fx, &err), "%s", err.msg);
    go(&taken, LAW_ACCEPT, LAW_RECEIVER, start + MS_HOUR);
    CHECK(fails(&taken, event_of(LAW_GRANT, LAW_DECIDER, start + MS_DAY), ERR_DENIED, "received"),
          "who took it in at the window: %s", err.msg);
    go(&c, LAW_GRANT, LAW_SYSTEM, c.last_at);
    CHECK(c.decider == 0, "rules decide for nobody");
}

TEST(law_materials_that_follow)
{
    LawRules rules = rules_here();
    LawCase c = case_in(LAW_RECEIVED), lapsed;
    LawEvent accept = event_of(LAW_ACCEPT, LAW_RECEIVER, start + MS_HOUR);
    accept.until = start + 20 * MS_DAY;
    CHECK(fails(&c, accept, ERR_INPUT, "promised day"), "%s", err.msg);
    accept.until = start + 4 * MS_DAY;
    CHECK(law_apply(&rules, &c, &accept, &c, &fx, &err) &&
              timer_set(LAW_TIMER_DEFERRED, "2026-03-13T23:59"),
          "%s", err.msg);
    go(&c, LAW_GRANT, LAW_DECIDER, start + MS_DAY);
    lapsed = c;
    CHECK(fails(&c, event_of(LAW_ISSUE, LAW_RECEIVER, start + MS_DAY), ERR_CONFLICT, "follow"),
          "%s", err.msg);
    go(&c, LAW_SUPPLY, LAW_APPLICANT, start + 2 * MS_DAY);
    CHECK(timer_cancelled(LAW_TIMER_DEFERRED), "here");
    CHECK(fails(&c, event_of(LAW_SUPPLY, LAW_APPLICANT, c.last_at), ERR_CONFLICT,
                "nothing is awaited"),
          "%s", err.msg);
    go(&c, LAW_ISSUE, LAW_RECEIVER, start + 2 * MS_DAY);
    go(&lapsed, LAW_DEFERRED_LAPSE, LAW_SYSTEM, lapsed.deferred_due + 1);
    CHECK(fx.document == LAW_DOC_ACCEPTANCE_REVOKED && timer_cancelled(LAW_TIMER_DELIVERY),
          "revoked");
}

TEST(law_texts_and_days_that_are_needed)
{
    static const struct {
        LawState state;
        LawAct act;
        LawRole role;
        const char *part;
    } rows[] = {
        {LAW_RECEIVED, LAW_REFUSE, LAW_RECEIVER, "needs a reason"},
        {LAW_RECEIVED, LAW_TRANSFER, LAW_RECEIVER, "needs a reason"},
        {LAW_RECEIVED, LAW_ASK_CORRECTION, LAW_RECEIVER, "needs a reason"},
        {LAW_ACCEPTED, LAW_DENY, LAW_DECIDER, "needs a reason"},
        {LAW_ACCEPTED, LAW_EXTEND, LAW_SUPERVISOR, "needs a reason"},
        {LAW_ACCEPTED, LAW_TERMINATE, LAW_DECIDER, "needs a reason"},
        {LAW_ACCEPTED, LAW_SUSPEND, LAW_DECIDER, "needs a legal ground"},
        {LAW_DELIVERED, LAW_REVOKE_RESULT, LAW_DECIDER, "needs a legal ground"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        LawCase c = case_in(rows[i].state);
        LawEvent e = event_of(rows[i].act, rows[i].role, c.last_at);
        e.reason = e.ground = STR(" \n");
        CHECK(fails(&c, e, ERR_INPUT, rows[i].part), "row %zu: %s", i, err.msg);
    }
    LawCase c = case_in(LAW_RECEIVED);
    LawEvent e = event_of(LAW_ASK_CORRECTION, LAW_RECEIVER, c.last_at);
    e.until = c.last_at - MS_DAY;
    CHECK(fails(&c, e, ERR_INPUT, "day that is over"), "%s", err.msg);
    LawCase draft = law_case_new();
    CHECK(fails(&draft, event_of(LAW_SUBMIT, LAW_APPLICANT, 0), ERR_INPUT, "no time"), "%s",
          err.msg);
    char ground[LAW_GROUND_MAX + 1];
    memset(ground, 'x', sizeof ground);
    c = case_in(LAW_ACCEPTED);
    e = event_of(LAW_SUSPEND, LAW_DECIDER, c.last_at);
    e.ground = (Str){ground, sizeof ground};
    CHECK(fails(&c, e, ERR_LIMIT, "ground is longer"), "%s", err.msg);
}

TEST(law_denied_ends_and_other_guards)
{
    LawCase c = case_in(LAW_ACCEPTED);
    go(&c, LAW_DENY, LAW_DECIDER, c.last_at);
    CHECK(fx.document == LAW_DOC_DENY, "paper");
    CHECK(fails(&c, event_of(LAW_ISSUE, LAW_RECEIVER, c.last_at), ERR_CONFLICT, "denied"), "%s",
          err.msg);
    go(&c, LAW_DELIVER, LAW_RECEIVER, c.last_at);
    CHECK(fx.end_code == LAW_END_REJECTED, "end");
    CHECK(fails(&c, event_of(LAW_REVOKE_RESULT, LAW_DECIDER, c.last_at), ERR_CONFLICT, "denied"),
          "%s", err.msg);
    c = case_in(LAW_ACCEPTED);
    CHECK(fails(&c, event_of(LAW_EXTEND, LAW_SUPERVISOR, c.legal_due.at + 1), ERR_CONFLICT,
                "too late"),
          "%s", err.msg);
    LawRules plain = rules_here();
    plain.makes_result = false;
    plain.extension.n = 0;
    LawEvent extend = event_of(LAW_EXTEND, LAW_SUPERVISOR, c.last_at);
    CHECK(!law_apply(&plain, &c, &extend, &c, &fx, &err) && strstr(err.msg, "no extension"), "%s",
          err.msg);
    c = case_in(LAW_DECIDED);
    LawEvent deliver = event_of(LAW_DELIVER, LAW_RECEIVER, c.last_at);
    CHECK(law_apply(&plain, &c, &deliver, &c, &fx, &err) && c.end_code == LAW_END_ISSUED,
          "no certificate");
}

/* Suspended after the promise was missed: the promise stays missed, the legal limit stands still.
 */
TEST(law_suspend_after_a_missed_promise)
{
    LawCase c = case_in(LAW_ACCEPTED);
    TimeMs missed = c.promise_due.at;
    go(&c, LAW_SUSPEND, LAW_DECIDER, start + 10 * MS_DAY);
    CHECK(!c.promise_due.open && c.promise_due.at == missed && c.legal_due.open,
          "one stands still");
    CHECK(timer(LAW_TIMER_PROMISE) == NULL && timer_cancelled(LAW_TIMER_LEGAL),
          "its card came once");
    go(&c, LAW_RESUME, LAW_SYSTEM, start + 12 * MS_DAY);
    CHECK(timer(LAW_TIMER_PROMISE) == NULL && c.promise_due.at == missed, "and not again");
    go(&c, LAW_SUSPEND, LAW_DECIDER, start + 13 * MS_DAY);
    go(&c, LAW_WITHDRAW, LAW_APPLICANT, start + 14 * MS_DAY);
    CHECK(!c.legal_due.open && c.intervals[1].to == start + 14 * MS_DAY,
          "closing ends the interval");
}

TEST(law_time_never_runs_back)
{
    LawCase c = case_in(LAW_ACCEPTED);
    TimeMs last = c.last_at;
    go(&c, LAW_GRANT, LAW_DECIDER, start - MS_DAY);
    CHECK(c.decided_at == last && c.last_at == last, "brought up to the latest act");
}

TEST(law_extension_in_another_unit)
{
    LawRules rules = rules_here();
    rules.legal = (LawBudget){30, LAW_NATURAL_DAY};
    LawCase c = case_in(LAW_RECEIVED);
    LawEvent accept = event_of(LAW_ACCEPT, LAW_RECEIVER, start);
    LawEvent extend = event_of(LAW_EXTEND, LAW_SUPERVISOR, start + MS_DAY);
    CHECK(law_apply(&rules, &c, &accept, &c, &fx, &err), "%s", err.msg);
    CHECK(str_eq(shown(c.legal_due.at), STR("2026-04-08T17:30")), STR_FMT,
          STR_ARG(shown(c.legal_due.at)));
    CHECK(law_apply(&rules, &c, &extend, &c, &fx, &err), "%s", err.msg);
    CHECK(str_eq(shown(c.legal_due.at), STR("2026-04-22T17:30")), "10 working days more: " STR_FMT,
          STR_ARG(shown(c.legal_due.at)));
}

TEST(law_recompute_after_new_holidays)
{
    LawRules rules = rules_here(), later = rules;
    StrBuf csv = buf_in(&arena);
    buf_add(&csv, calendar_builtin_csv(&arena));
    BUF_LIT(&csv, "2026-03-16,holiday,x\n");
    later.clock.calendar = calendar_read(&arena, buf_str(&csv), &err);
    LawCase c = case_in(LAW_ACCEPTED), after;
    CHECK(law_recompute(&rules, &c, &after, &fx, &err) && fx.timer_count == 0, "nothing changed");
    CHECK(law_recompute(&later, &c, &after, &fx, &err) && fx.timer_count == 2 &&
              timer_set(LAW_TIMER_PROMISE, "2026-03-17T17:30"),
          "both limits move");
    c = case_in(LAW_RECEIVED);
    CHECK(law_recompute(&later, &c, &after, &fx, &err) &&
              timer_set(LAW_TIMER_TELLING, "2026-03-17T17:30"),
          "the answer too");
}

TEST(law_allowed_is_what_apply_takes)
{
    LawRules rules = rules_here();
    LawAct acts[LAW_ACTS];
    for (int state = 0; state < LAW_STATES; state++)
        for (int role = 0; role < LAW_ROLES; role++) {
            LawCase c = case_in((LawState)state);
            size_t n =
                law_allowed(&rules, &c, (LawRole)role, actor_of((LawRole)role), c.last_at, acts);
            size_t taken = 0;
            for (int act = 0; act < LAW_ACTS; act++) {
                LawEvent e = event_of((LawAct)act, (LawRole)role, c.last_at);
                LawCase after;
                taken += law_apply(&rules, &c, &e, &after, &fx, &err);
            }
            CHECK(n == taken, "%s %s: %zu and %zu", law_state_name(c.state),
                  law_role_name((LawRole)role), n, taken);
        }
    LawCase c = case_in(LAW_ACCEPTED);
    CHECK(law_allowed(&rules, &c, LAW_DECIDER, CLERK, c.last_at, acts) == 2,
          "the receiver: no decision");
    CHECK(law_allowed(&rules, &c, LAW_DECIDER, APPROVER, c.last_at, acts) == 4, "the approver");
}

TEST(law_cards)
{
    LawRules rules = rules_here();
    LawCase c = case_in(LAW_ACCEPTED);
    const LawDue *due = &c.promise_due;
    CHECK(law_card(&rules, &c, due, c.promise, start + MS_DAY) == LAW_CARD_NONE, "early");
    CHECK(law_card(&rules, &c, due, c.promise, start + 4 * MS_DAY) == LAW_CARD_YELLOW,
          "one day left");
    CHECK(law_card(&rules, &c, due, c.promise, due->at + 1) == LAW_CARD_RED, "over");
    CHECK(law_card(&rules, &c, &c.legal_due, c.legal, start + 22 * MS_DAY) == LAW_CARD_YELLOW,
          "a fifth of twenty days");
    LawCase late = c;
    go(&c, LAW_GRANT, LAW_DECIDER, start + 2 * MS_DAY);
    CHECK(law_card(&rules, &c, &c.promise_due, c.promise, start + 90 * MS_DAY) == LAW_CARD_NONE,
          "in time");
    go(&late, LAW_GRANT, LAW_DECIDER, start + 20 * MS_DAY);
    CHECK(law_card(&rules, &late, &late.promise_due, late.promise, start + 90 * MS_DAY) ==
              LAW_CARD_RED,
          "decided late");
    LawCase still = case_in(LAW_SUSPENDED);
    CHECK(law_card(&rules, &still, &still.promise_due, still.promise, start + 90 * MS_DAY) ==
              LAW_CARD_NONE,
          "stands still");
}

static bool same_case(const LawCase *c)
{
    LawCase back;
    err = (Err){0};
    Value *v = law_case_value(&arena, c);
    return law_case_read(v, &back, &err) && value_eq(v, law_case_value(&arena, &back));
}

TEST(law_case_goes_to_a_value_and_back)
{
    for (int state = 0; state < LAW_STATES; state++) {
        LawCase c = case_in((LawState)state);
        CHECK(same_case(&c), "%s: %s", law_state_name(c.state), err.msg);
    }
    static const struct {
        const char *key;
        const char *text; /* a number, or NULL to make it an empty text */
        const char *part;
    } rows[] = {
        {"state", NULL, "no state"},       {"received_at", "0", "1: received"},
        {"telling_due", "5", "2: answer"}, {"accepted_at", "0", "3: not"},
        {"legal", NULL, "no such limit"},  {"legal_due", NULL, "2026-11-22"},
        {"end_code", "1", "8: closed"},    {"end_code", "77", "out of range"},
        {"decider", "11", "7: decided"},   {"decided_at", "1773000000000", "6: decided"},
        {"last_at", "1", "10: time"},      {"suspend_until", "0", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        LawCase c = case_in(LAW_ACCEPTED), back;
        Value *v = law_case_value(&arena, &c);
        value_set(&arena, v, str_z(rows[i].key),
                  rows[i].text ? value_number(&arena, str_z(rows[i].text))
                               : value_str(&arena, STR("")));
        err = (Err){0};
        bool ok = law_case_read(v, &back, &err);
        CHECK(ok == !rows[i].part &&
                  (ok || (err.code == ERR_INPUT && strstr(err.msg, rows[i].part))),
              "row %zu: %s", i, err.msg);
    }
    LawCase none;
    CHECK(!law_case_read(NULL, &none, &err), "nothing");
    CHECK(!law_case_read(value_list(&arena), &none, &err), "no map");
}

/* Random lives: whatever is taken keeps every invariant and survives the store. */
TEST(law_random_lives)
{
    LawRules rules = rules_here();
    Rng r;
    rng_seed(&r, 404);
    size_t taken = 0, wrong = 0, ended = 0;
    for (int life = 0; life < 3000; life++) {
        ArenaMark mark = arena_mark(&arena);
        LawCase c = law_case_new();
        TimeMs at = start;
        for (int step = 0; step < 60; step++) {
            at += (TimeMs)rng_below(&r, 3 * 24 * 60) * MS_MINUTE;
            LawEvent e =
                event_of((LawAct)rng_below(&r, LAW_ACTS), (LawRole)rng_below(&r, LAW_ROLES), at);
            if (rng_below(&r, 8) == 0)
                e.until = at + (TimeMs)rng_below(&r, 9) * MS_DAY;
            if (!law_apply(&rules, &c, &e, &c, &fx, &err))
                continue;
            taken++;
            wrong += !same_case(&c);
        }
        ended += law_is_closed(c.state);
        arena_rewind(&arena, mark);
    }
    CHECK(wrong == 0, "%zu of %zu acts", wrong, taken);
    CHECK(taken > 4000 && ended > 500, "%zu acts, %zu ended", taken, ended);
}

TEST(law_names_are_read_back)
{
    for (int i = 0; i < LAW_ACTS; i++) {
        LawAct act;
        CHECK(law_act_read(str_z(law_act_name((LawAct)i)), &act) && act == (LawAct)i, "act %d", i);
    }
    for (int i = 0; i < LAW_TIMERS; i++) {
        LawTimerKind kind;
        CHECK(law_timer_read(str_z(law_timer_name((LawTimerKind)i)), &kind) &&
                  kind == (LawTimerKind)i,
              "timer %d", i);
    }
    LawUnit unit;
    CHECK(law_unit_read(STR("working_day"), &unit) && unit == LAW_WORKING_DAY, "unit");
    CHECK(!law_unit_read(STR("fortnight"), &unit), "no unit");
    for (int i = 0; i < LAW_DOCUMENTS; i++)
        CHECK(law_document_name((LawDocument)i)[0] != '\0', "document %d", i);
}
