/* SPDX-License-Identifier: Apache-2.0 */
/* One list of names an enum, in its order: they stand in the store and in messages, so never change
 * one. */
#include "engine/law/law_int.h"

static const char *const states[] = {
    [LAW_DRAFT] = "draft",
    [LAW_RECEIVED] = "received",
    [LAW_CORRECTION] = "correction",
    [LAW_ACCEPTED] = "accepted",
    [LAW_SUSPENDED] = "suspended",
    [LAW_DECIDED] = "decided",
    [LAW_ISSUED] = "issued",
    [LAW_DELIVERED] = "delivered",
    [LAW_REFUSED] = "refused",
    [LAW_WITHDRAWN] = "withdrawn",
    [LAW_TRANSFERRED] = "transferred",
    [LAW_TERMINATED] = "terminated",
    [LAW_REVOKED] = "revoked",
    [LAW_ARCHIVED] = "archived",
};

static const char *const acts[] = {
    [LAW_SUBMIT] = "submit",
    [LAW_ACCEPT] = "accept",
    [LAW_ACCEPT_DEEMED] = "accept_deemed",
    [LAW_REFUSE] = "refuse",
    [LAW_TRANSFER] = "transfer",
    [LAW_ASK_CORRECTION] = "ask_correction",
    [LAW_CORRECT] = "correct",
    [LAW_CORRECTION_LAPSE] = "correction_lapse",
    [LAW_SUSPEND] = "suspend",
    [LAW_RESUME] = "resume",
    [LAW_EXTEND] = "extend",
    [LAW_GRANT] = "grant",
    [LAW_DENY] = "deny",
    [LAW_ISSUE] = "issue",
    [LAW_DELIVER] = "deliver",
    [LAW_SUPPLY] = "supply",
    [LAW_DEFERRED_LAPSE] = "deferred_lapse",
    [LAW_WITHDRAW] = "withdraw",
    [LAW_TERMINATE] = "terminate",
    [LAW_REVOKE_RESULT] = "revoke_result",
    [LAW_ARCHIVE] = "archive",
};

static const char *const roles[] = {
    [LAW_APPLICANT] = "applicant",   [LAW_RECEIVER] = "receiver", [LAW_DECIDER] = "decider",
    [LAW_SUPERVISOR] = "supervisor", [LAW_SYSTEM] = "system",
};

static const char *const documents[] = {
    [LAW_DOC_NONE] = "none",
    [LAW_DOC_RECEIPT] = "receipt",
    [LAW_DOC_CORRECTION] = "correction_notice",
    [LAW_DOC_CORRECTION_RECEIPT] = "correction_receipt",
    [LAW_DOC_ACCEPTANCE] = "acceptance_notice",
    [LAW_DOC_ACCEPTANCE_DEEMED] = "deemed_acceptance_notice",
    [LAW_DOC_REFUSAL] = "refusal",
    [LAW_DOC_TRANSFER] = "transfer_notice",
    [LAW_DOC_SUSPENSION] = "suspension_notice",
    [LAW_DOC_RESUMPTION] = "resumption_notice",
    [LAW_DOC_EXTENSION] = "extension_notice",
    [LAW_DOC_GRANT] = "decision_grant",
    [LAW_DOC_DENY] = "decision_deny",
    [LAW_DOC_DELIVERY] = "delivery_receipt",
    [LAW_DOC_WITHDRAWAL] = "withdrawal_notice",
    [LAW_DOC_WITHDRAWAL_DEEMED] = "deemed_withdrawal_notice",
    [LAW_DOC_TERMINATION] = "termination_notice",
    [LAW_DOC_ACCEPTANCE_REVOKED] = "acceptance_revoked_notice",
    [LAW_DOC_REVOCATION] = "revocation",
};

static const char *const timers[] = {
    [LAW_TIMER_TELLING] = "telling",   [LAW_TIMER_CORRECTION] = "correction",
    [LAW_TIMER_PROMISE] = "promise",   [LAW_TIMER_LEGAL] = "legal",
    [LAW_TIMER_DEFERRED] = "deferred", [LAW_TIMER_DELIVERY] = "delivery",
};

_Static_assert(COUNT(states) == LAW_STATES && COUNT(acts) == LAW_ACTS &&
                   COUNT(roles) == LAW_ROLES && COUNT(documents) == LAW_DOCUMENTS &&
                   COUNT(timers) == LAW_TIMERS,
               "a name for each");

const char *law_state_name(LawState state)
{
    return states[state];
}

const char *law_act_name(LawAct act)
{
    return acts[act];
}

const char *law_role_name(LawRole role)
{
    return roles[role];
}

const char *law_document_name(LawDocument document)
{
    return documents[document];
}

const char *law_timer_name(LawTimerKind kind)
{
    return timers[kind];
}

int law_name_index(const char *const *names, int n, Str name)
{
    int i = 0;
    while (i < n && !str_eq(name, str_z(names[i])))
        i++;
    return i;
}

bool law_state_read(Str name, LawState *state)
{
    int i = law_name_index(states, LAW_STATES, name);
    if (i < LAW_STATES)
        *state = (LawState)i;
    return i < LAW_STATES;
}

bool law_act_read(Str name, LawAct *act)
{
    int i = law_name_index(acts, LAW_ACTS, name);
    if (i < LAW_ACTS)
        *act = (LawAct)i;
    return i < LAW_ACTS;
}

bool law_timer_read(Str name, LawTimerKind *kind)
{
    int i = law_name_index(timers, LAW_TIMERS, name);
    if (i < LAW_TIMERS)
        *kind = (LawTimerKind)i;
    return i < LAW_TIMERS;
}
