/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine/law/law.h - the clock and the life cycle that the law gives every case.
 *
 * Two halves. The clock says when a limit ends: working days, natural days, months, years, hours or
 * minutes, less what was excluded (Civil Code 200-204, Licensing Law 45 and 82). The life cycle
 * says which act is possible in which state, by whom, and what it brings: papers, timers, the end
 * code. Pure: no I/O, no clock, no randomness; "now" is in the event. Memory:  LawCase is plain
 * data of bounded size; its one text is a view of the caller's memory. Threads: no state. Limits:
 * LAW_MAX_INTERVALS suspensions a case, LAW_MAX_BUDGET units, LAW_MAX_DAYS from start to due,
 * LAW_GROUND_MAX bytes of a ground: ERR_LIMIT.
 */
#pragma once

#include "base/calendar.h"
#include "base/value.h"

enum {
    LAW_MAX_INTERVALS = 64,
    LAW_MAX_BUDGET = 20000,
    LAW_MAX_DAYS = 60000,
    LAW_GROUND_MAX = 200,
};

/* ---- the clock ---- */

typedef enum {
    LAW_WORKING_DAY,
    LAW_NATURAL_DAY,
    LAW_MONTH,
    LAW_YEAR,
    LAW_HOUR,
    LAW_MINUTE,
} LawUnit;

/* n 0: by the close of business of the day itself. */
typedef struct {
    int32_t n;
    LawUnit unit;
} LawBudget;

/* Excluded time [from, to). */
typedef struct {
    TimeMs from, to; /* to 0: still open */
} LawInterval;

typedef struct {
    const LawInterval *at;
    size_t n;
} LawIntervals;

/* Minutes of the day. 0 to 1440 is round the clock, days off too (for hours and minutes). */
typedef struct {
    int32_t open_minute, close_minute;
} LawHours;

#define LAW_HOURS_DEFAULT ((LawHours){8 * 60 + 30, 17 * 60 + 30})

typedef struct {
    const Calendar *calendar;
    LawHours hours;
    int32_t zone; /* minutes east of UTC */
} LawClock;

typedef struct {
    bool open;         /* the clock stands still: no due yet, remaining says what is left */
    TimeMs at;         /* the limit's last moment: close of business, or the minute itself */
    Date day;          /* the day of it */
    int32_t remaining; /* when open: working days; natural days for natural, month and year;
                          minutes for hour and minute */
    bool provisional;  /* a year on the way has no announced holidays: compute again later */
} LawDue;

MUST_CHECK bool law_unit_read(Str name, LawUnit *unit); /* "working_day" ... */
const char *law_unit_name(LawUnit unit);

/*
 * When a limit that starts at start ends. The day of start is not counted. A day is consumed when
 * the clock is running at its close of business, so that stopping and going on within one day costs
 * nothing and it does not matter how an interval is cut. The last day is a working day on which the
 * clock runs. ERR_INPUT: a budget below 0, an interval that ends before it begins.
 */
MUST_CHECK bool law_due(const LawClock *clock, TimeMs start, LawBudget budget,
                        LawIntervals excluded, LawDue *due, Err *err);

typedef struct {
    bool open;    /* the clock stands still; n is what was left when it stopped */
    bool overdue; /* n is how many days ago the last day was, as a negative number or 0 */
    int32_t n;    /* 0: today. In working days, natural days or minutes, as LawDue.remaining */
} LawLeft;

/* For countdowns. */
LawLeft law_remaining(const LawClock *clock, const LawDue *due, LawUnit unit, TimeMs now);

/* ---- the life of a case ---- */

typedef enum {
    LAW_DRAFT,
    LAW_RECEIVED,    /* 收件: the receiver has telling_days to answer */
    LAW_CORRECTION,  /* 补正: the applicant has until correction_due */
    LAW_ACCEPTED,    /* 受理: both limits run */
    LAW_SUSPENDED,   /* 中止, 特别程序: both stand still */
    LAW_DECIDED,     /* 办结: granted or denied */
    LAW_ISSUED,      /* 制证: the result is made */
    LAW_DELIVERED,   /* 送达 */
    LAW_REFUSED,     /* 不予受理 */
    LAW_WITHDRAWN,   /* 撤回, also by silence */
    LAW_TRANSFERRED, /* 转送 */
    LAW_TERMINATED,  /* 终止 */
    LAW_REVOKED,     /* 撤销, 注销 */
    LAW_ARCHIVED,    /* 归档 */
    LAW_STATES
} LawState;

typedef enum {
    LAW_SUBMIT,
    LAW_ACCEPT,           /* with until: materials follow by then (容缺受理) */
    LAW_ACCEPT_DEEMED,    /* nobody answered in time */
    LAW_REFUSE,           /* reason */
    LAW_TRANSFER,         /* reason: which organ it is for */
    LAW_ASK_CORRECTION,   /* reason: all that is missing, at once; until: by when, or 0 */
    LAW_CORRECT,          /* the applicant supplied it */
    LAW_CORRECTION_LAPSE, /* the applicant did not */
    LAW_SUSPEND,          /* ground; until: when it is expected to end, or 0 */
    LAW_RESUME,
    LAW_EXTEND, /* reason */
    LAW_GRANT,
    LAW_DENY, /* reason */
    LAW_ISSUE,
    LAW_DELIVER,
    LAW_SUPPLY,         /* what was to follow has come */
    LAW_DEFERRED_LAPSE, /* it has not: the acceptance is revoked */
    LAW_WITHDRAW,
    LAW_TERMINATE,     /* reason */
    LAW_REVOKE_RESULT, /* ground */
    LAW_ARCHIVE,
    LAW_ACTS
} LawAct;

typedef enum {
    LAW_APPLICANT,  /* or who acts for him */
    LAW_RECEIVER,   /* window clerk, exit desk */
    LAW_DECIDER,    /* approver */
    LAW_SUPERVISOR, /* head of the organ, or the organ above */
    LAW_SYSTEM,     /* timers and rules */
    LAW_ROLES
} LawRole;

typedef enum {
    LAW_DOC_NONE,
    LAW_DOC_RECEIPT,            /* 收件凭证 */
    LAW_DOC_CORRECTION,         /* 一次性告知书 */
    LAW_DOC_CORRECTION_RECEIPT, /* 补正材料收件凭证 */
    LAW_DOC_ACCEPTANCE,         /* 受理通知书 */
    LAW_DOC_ACCEPTANCE_DEEMED,  /* 视为受理通知书 */
    LAW_DOC_REFUSAL,            /* 不予受理决定书 */
    LAW_DOC_TRANSFER,           /* 转送告知书 */
    LAW_DOC_SUSPENSION,         /* 中止（特别程序）告知书 */
    LAW_DOC_RESUMPTION,         /* 恢复办理告知书 */
    LAW_DOC_EXTENSION,          /* 延长期限告知书 */
    LAW_DOC_GRANT,              /* 准予决定书 */
    LAW_DOC_DENY,               /* 不予决定书 */
    LAW_DOC_DELIVERY,           /* 送达回证 */
    LAW_DOC_WITHDRAWAL,         /* 撤回通知书 */
    LAW_DOC_WITHDRAWAL_DEEMED,  /* 视为撤回通知书 */
    LAW_DOC_TERMINATION,        /* 终止办理通知书 */
    LAW_DOC_ACCEPTANCE_REVOKED, /* 撤销受理通知书 */
    LAW_DOC_REVOCATION,         /* 撤销（注销）决定书 */
    LAW_DOCUMENTS
} LawDocument;

typedef enum {
    LAW_TIMER_TELLING,    /* then LAW_ACCEPT_DEEMED */
    LAW_TIMER_CORRECTION, /* then LAW_CORRECTION_LAPSE */
    LAW_TIMER_PROMISE,    /* then a card; no act */
    LAW_TIMER_LEGAL,      /* then a card; no act */
    LAW_TIMER_DEFERRED,   /* then LAW_DEFERRED_LAPSE */
    LAW_TIMER_DELIVERY,   /* then a card; no act */
    LAW_TIMERS
} LawTimerKind;

typedef enum { LAW_OPEN, LAW_GRANTED, LAW_DENIED } LawOutcome;

/* End codes in use between systems. */
enum {
    LAW_END_NONE = -1,
    LAW_END_ISSUED = 0,
    LAW_END_REJECTED = 1,
    LAW_END_VOID = 2,
    LAW_END_PASSED_ON = 4,
    LAW_END_NO_CORRECTION = 5,
    LAW_END_OTHER = 6,
};

/* What the item says; 0 days mean the default in brackets. */
typedef struct {
    LawClock clock;
    LawBudget legal, promise;
    LawBudget extension;     /* n 0: the law gives none */
    int32_t telling_days;    /* working days to answer a receipt (5) */
    int32_t correction_days; /* working days to supply what is missing (10) */
    int32_t delivery_days;   /* working days from decision to delivery (10) */
    bool makes_result;       /* a grant gives a certificate, which is made before it is delivered */
} LawRules;

/* All that the law remembers of a case. Times are 0 where there is none. */
typedef struct {
    LawState state;
    LawState closed_as; /* LAW_ARCHIVED only: what it was before */
    LawOutcome outcome;
    int32_t end_code; /* LAW_END_NONE while open */
    TimeMs last_at;   /* of the latest act */
    TimeMs received_at;
    TimeMs telling_from; /* receipt, or the day that the correction came in */
    TimeMs telling_due;  /* state received only */
    int32_t correction_count;
    TimeMs correction_due;               /* state correction only: end of the last day */
    TimeMs accepted_at;                  /* where both limits start */
    bool deemed;                         /* accepted by silence */
    TimeMs deferred_due;                 /* materials that follow, until they are here */
    LawBudget legal, promise, extension; /* as on the day of acceptance; extension once given */
    bool extended;
    LawInterval intervals[LAW_MAX_INTERVALS];
    int32_t interval_count;
    Str suspend_ground; /* state suspended only */
    TimeMs suspend_until;
    LawDue legal_due, promise_due; /* from acceptance on */
    TimeMs decided_at, delivery_due, closed_at;
    int64_t taken_by, receiver, decider; /* staff; 0: nobody, or the system */
} LawCase;

typedef struct {
    LawAct act;
    LawRole role;
    int64_t actor; /* id; 0 for the system */
    TimeMs at;     /* brought up to the latest act's, so that time never runs back in a case */
    Str reason, ground;
    TimeMs until; /* see the acts; its whole day counts */
} LawEvent;

typedef struct {
    LawTimerKind kind;
    bool set; /* else cancel */
    TimeMs at;
} LawTimer;

typedef struct {
    LawDocument document;
    LawTimer timers[LAW_TIMERS];
    size_t timer_count;
    int32_t end_code; /* LAW_END_NONE but for the act that closes the case */
    bool red_card; /* the law counts this against the unit: silence, a second correction notice */
} LawEffects;

/* A draft that nobody has submitted. */
LawCase law_case_new(void);
/*
 * *after and *fx are written on success only; before and after may be the same.
 * ERR_CONFLICT: the state, the time or an earlier act forbids it. ERR_DENIED: not this role, or the
 * decider received the case. ERR_INPUT: a reason, ground or date is missing or makes no sense.
 */
MUST_CHECK bool law_apply(const LawRules *rules, const LawCase *before, const LawEvent *event,
                          LawCase *after, LawEffects *fx, Err *err);
/* Both limits and the timers again, after the holidays of a year were announced or changed. */
MUST_CHECK bool law_recompute(const LawRules *rules, const LawCase *before, LawCase *after,
                              LawEffects *fx, Err *err);
/* Acts that law_apply would take from this person now, texts given; acts has room for LAW_ACTS. */
size_t law_allowed(const LawRules *rules, const LawCase *c, LawRole role, int64_t actor, TimeMs now,
                   LawAct *acts);
/* Closed: refused, withdrawn, transferred, terminated, delivered, revoked, archived. */
bool law_is_closed(LawState state);
/* The broken invariant (they are numbered in life.c), or NULL; law_assert ends the process on one.
 */
const char *law_broken(const LawCase *c);
void law_assert(const LawCase *c);

typedef enum { LAW_CARD_NONE, LAW_CARD_YELLOW, LAW_CARD_RED } LawCard;
/* Yellow: at most a fifth of the limit or one day is left; red: overdue. None while it stands still
 * or once decided in time. */
LawCard law_card(const LawRules *rules, const LawCase *c, const LawDue *due, LawBudget budget,
                 TimeMs now);

const char *law_state_name(LawState state); /* "received" ... */
const char *law_act_name(LawAct act);
const char *law_role_name(LawRole role);
const char *law_document_name(LawDocument document);
const char *law_timer_name(LawTimerKind kind);
MUST_CHECK bool law_act_read(Str name, LawAct *act);
MUST_CHECK bool law_timer_read(Str name, LawTimerKind *kind);

Value *law_case_value(Arena *out, const LawCase *c);
/* ERR_INPUT: not a case, or one that breaks an invariant. */
MUST_CHECK bool law_case_read(const Value *v, LawCase *c, Err *err);
