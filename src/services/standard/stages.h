/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/standard/stages.h - what may be done to a standard, and what it becomes: pure.
 *
 * data is the standard's own map: steps, pilots, findings (lists), accepted, release, retirement
 * (maps). An act adds to it; nothing is taken out but a step that was written by mistake.
 */
#pragma once

#include "base/date.h"
#include "base/value.h"

typedef enum {
    STAGE_PROPOSED,
    STAGE_DISSECTED,
    STAGE_PILOTING,
    STAGE_ACCEPTED,
    STAGE_RELEASED,
    STAGE_RETIRED,
    STAGE_WITHDRAWN,
    STAGE_COUNT,
} Stage;

extern const char *const stage_names[]; /* ends with NULL */
bool stage_of(Str name, Stage *stage);

typedef enum {
    FIELD_SHAPE_LINE,
    FIELD_SHAPE_AREA,
    FIELD_SHAPE_NUMBER,
    FIELD_SHAPE_DATE,
    FIELD_SHAPE_ROLE,
    FIELD_SHAPE_VERDICT,
    FIELD_SHAPE_STEP,
    FIELD_SHAPE_FINDING
} FieldShape;

typedef struct {
    const char *name;
    FieldShape shape;
    bool required;
} ActField;

enum { ACT_FIELDS_MAX = 8 };

typedef struct StandardAct {
    const char *name;
    unsigned from; /* bits of stages */
    ActField fields[ACT_FIELDS_MAX];
    size_t field_count;
} StandardAct;

/* What the rules look at besides the standard itself. */
typedef struct {
    Str who, name; /* of the actor: "staff:7", 王芳 */
    Date today;
    const Value *rates; /* [{key, share, at_least, ok}] */
    const Value *items; /* [{item, hash}] in its scope now */
    size_t text_max, rows_max;
} StandardFacts;

/* A problem of an act: messages[key], at a field or "" for the whole. */
typedef struct {
    const char *field, *key;
} StandardProblem;

const StandardAct *act_named(Str name);
size_t act_count(void);
const StandardAct *act_at(size_t i);
/* Whether it can be tried now: by the stage, and by who asked for a release or retirement. */
bool act_is_open(const StandardAct *act, Stage stage, const Value *data, Str who);
/* Does it: data and stage become what they are after it. false: at most `max` problems, and data is
 * as it was. */
MUST_CHECK bool act_do(Arena *out, const StandardAct *act, const Value *in,
                       const StandardFacts *facts, Value *data, Stage *stage,
                       StandardProblem *problems, size_t max, size_t *count);
/* Findings that are not closed. */
size_t findings_open(const Value *data);
