/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/casework/incident.h - why a process stands still: the engine's reason as a kind that
 * people can count and filter by, and as a sentence in the reader's language.
 *
 * A reason is kept as it was said. Its kind and its Chinese are found by the formats of
 * incident_reasons.def; what no format fits is told as it stands. What a failed job says belongs to
 * its worker: it has the kind INCIDENT_JOB.
 * Memory: texts in the Arena. Limits: INCIDENT_REASON_MAX bytes are translated.
 */
#pragma once

#include "base/str.h"
#include "model/text.h"

enum { INCIDENT_REASON_MAX = 600 };

/* ORDER kind_names in incident.c. */
typedef enum {
    INCIDENT_JOB,        /* an automatic task failed for good */
    INCIDENT_EXPRESSION, /* a condition, script or mapping has no value */
    INCIDENT_FLOW,       /* no way leads on */
    INCIDENT_LOOP,       /* the process runs in a circle */
    INCIDENT_DECISION,   /* the rules have no result */
    INCIDENT_ERROR,      /* an error that nobody catches */
    INCIDENT_TIMER,      /* a timer without a time */
    INCIDENT_LIMIT,      /* too many tokens, too large variables */
    INCIDENT_OTHER,
    INCIDENT_KINDS,
} IncidentKind;

const char *incident_kind_name(IncidentKind kind);
MUST_CHECK bool incident_kind_read(Str name, IncidentKind *kind);
/* from_job: the element gives its work to somebody outside, who may have said anything. */
IncidentKind incident_kind_of(Str reason, bool from_job);
/* Also of what the engine answers to an act that does not fit. */
Str incident_reason_in(Arena *out, Str reason, Lang lang);
