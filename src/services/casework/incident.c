/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Incidents: their kinds and words, and their rows.
 *
 * The instance of the process is the truth of where a case stands; a row is made when the engine
 * tells an incident and closed when its token stands there no longer, in the same transaction, so
 * that lists and counts need not read any instance.
 *
 * A sentence is found by matching the text against formats, whose arguments are translated in turn:
 * the engine's by our table, what FEEL says inside of them by FEEL's own.
 */
#include "services/casework/incident.h"

#include "services/casework/casework_int.h"

enum { ARGS_MAX = 4, MATCH_STEPS = 200000, WORDS_DEEP = 3 };

static const char *const kind_names[] = {"job",   "expression", "flow",  "loop", "decision",
                                         "error", "timer",      "limit", "other"};

static const struct {
    IncidentKind kind;
    const char *en, *zh;
} reasons[] = {
#include "services/casework/incident_reasons.def"
};

static const struct {
    const char *en, *zh;
} feel_reasons[] = {
#include "feel/reasons.def"
};

const char *incident_kind_name(IncidentKind kind)
{
    return kind_names[kind];
}

bool incident_kind_read(Str name, IncidentKind *kind)
{
    for (size_t i = 0; i < COUNT(kind_names); i++) {
        if (str_eq(name, str_z(kind_names[i]))) {
            *kind = (IncidentKind)i;
            return true;
        }
    }
    return false;
}

/* ---- words ---- */

typedef struct {
    Str args[ARGS_MAX];
    size_t steps;
} Match;

static size_t specifier(const char *at)
{
    return strspn(at + 1, ".*0123456789lz") + 2;
}

/* As short an argument as will do, one argument a call: as deep as a format has arguments. */
static bool match(Match *m, const char *fmt, Str text, size_t n) /* NOLINT(misc-no-recursion) */
{
    for (; *fmt && *fmt != '%'; fmt++) {
        if (!text.len || *text.at != *fmt)
            return false;
        text = str_slice(text, 1, text.len);
    }
    if (!*fmt)
        return text.len == 0;
    for (size_t i = 0; n < ARGS_MAX && i <= text.len && m->steps++ < MATCH_STEPS; i++) {
        m->args[n] = str_slice(text, 0, i);
        if (match(m, fmt + specifier(fmt), str_slice(text, i, text.len), n + 1))
            return true;
    }
    return false;
}

static Str in_chinese(Arena *out, Str en, int deep);

static Str fill(Arena *out, const char *zh, const Match *m,
                int deep) /* NOLINT(misc-no-recursion) */
{
    StrBuf b = buf_in(out);
    size_t n = 0;
    for (const char *at = zh; *at;) {
        if (*at == '%' && n < ARGS_MAX) {
            buf_add(&b, in_chinese(out, m->args[n++], deep + 1));
            at += specifier(at);
        } else {
            buf_char(&b, *at++);
        }
    }
    return buf_str(&b);
}

/* NOLINTNEXTLINE(misc-no-recursion): WORDS_DEEP */
static Str in_chinese(Arena *out, Str en, int deep)
{
    Match m = {0};
    if (deep > WORDS_DEEP || !en.len || en.len > INCIDENT_REASON_MAX)
        return en;
    for (size_t i = 0; i < COUNT(reasons); i++)
        if (match(&m, reasons[i].en, en, 0))
            return fill(out, reasons[i].zh, &m, deep);
    for (size_t i = 0; i < COUNT(feel_reasons); i++)
        if (match(&m, feel_reasons[i].en, en, 0))
            return fill(out, feel_reasons[i].zh, &m, deep);
    return en;
}

Str incident_reason_in(Arena *out, Str reason, Lang lang)
{
    return lang == LANG_ZH ? in_chinese(out, reason, 0) : reason;
}

IncidentKind incident_kind_of(Str reason, bool from_job)
{
    Match m = {0};
    for (size_t i = 0; reason.len <= INCIDENT_REASON_MAX && i < COUNT(reasons); i++)
        if (reasons[i].kind < INCIDENT_OTHER && match(&m, reasons[i].en, reason, 0))
            return reasons[i].kind;
    return from_job ? INCIDENT_JOB : INCIDENT_OTHER;
}

/* ---- rows ---- */

bool casework_incident_open(StoreTx *tx, const CaseFile *cf, const FlowEffect *fx, Err *err)
{
    const BpmnElement *e = fx->element;
    IncidentKind kind = incident_kind_of(fx->reason, e && e->job_type.len > 0);
    return tx_run(tx, SQL_INCIDENT_ADD,
                  PARAMS(P_STR(tx->place), P_INT(tx_id(tx)), P_INT(cf->id), P_STR(cf->no),
                         P_STR(cf->item->key), P_STR(cf->item->version), P_INT(fx->key),
                         P_STR(e ? e->id : STR("")), P_STR(e ? e->name : STR("")),
                         P_STR(str_z(incident_kind_name(kind))), P_STR(fx->reason), P_INT(tx->now)),
                  NULL, err);
}

static bool stands(const FlowInstance *in, int64_t key)
{
    for (size_t i = 0; i < in->tokens.len; i++)
        if (in->tokens.at[i].state == TOKEN_INCIDENT && in->tokens.at[i].key == key)
            return true;
    return false;
}

static Str how_it_ended(const FlowToken *t, const FlowEvent *ev)
{
    if (ev->kind == FLOW_RETRY && ev->key == t->key)
        return STR("retried");
    if (ev->kind == FLOW_RESOLVE && ev->key == t->key)
        return STR("resolved");
    if (ev->kind == FLOW_MOVE && ev->key == t->id)
        return STR("moved");
    return ev->kind == FLOW_CANCEL ? STR("cancelled") : STR("passed");
}

bool casework_incidents_follow(StoreTx *tx, const CaseFile *cf, const FlowInstance *before,
                               const FlowEvent *ev, Err *err)
{
    Str by = cf->operated_by.len ? cf->operated_by : STR("system");
    bool any = false, left = false;
    for (size_t i = 0; before && i < before->tokens.len; i++) {
        const FlowToken *t = &before->tokens.at[i];
        if (t->state != TOKEN_INCIDENT)
            continue;
        left = left || stands(cf->flow, t->key);
        if (stands(cf->flow, t->key))
            continue;
        any = true;
        if (!tx_run(tx, SQL_INCIDENT_CLOSE,
                    PARAMS(P_STR(tx->place), P_INT(cf->id), P_INT(t->key), P_INT(tx->now),
                           P_STR(by), P_STR(how_it_ended(t, ev))),
                    NULL, err))
            return false;
    }
    /* A failed job is kept as the sign of what stands. */
    return !any || left ||
           tx_run(tx, SQL_JOBS_FAILED_DROP, PARAMS(P_STR(tx->place), P_INT(cf->id)), NULL, err);
}
