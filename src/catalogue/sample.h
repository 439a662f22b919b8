/* SPDX-License-Identifier: Apache-2.0 */
/*
 * catalogue/sample.h - sample applications (样例) beside an item or bundle: items/KEY/NAME.test.yaml,
 * bundles/KEY/NAME.test.yaml, what a designer expects of a service, as data.
 *
 * Read and checked against a loaded catalogue; services/sample runs them on the real engine. Not a
 * part of the generation: a service at work never reads them.
 * Memory: the Arena passed; values keep their places for messages about them.
 * Limits: SAMPLES_MAX in a catalogue; LIST_MAX acts.
 */
#pragma once

#include "catalogue/catalogue.h"

enum { SAMPLES_MAX = 20000 };

typedef enum {
    SAMPLE_ACCEPT,
    SAMPLE_REFUSE,     /* word: ground */
    SAMPLE_CORRECTION, /* words: materials that are missing */
    SAMPLE_SUPPLY,     /* word: what the applicant writes */
    SAMPLE_RECEIVE,    /* words: materials announced by mail */
    SAMPLE_SUSPEND,    /* word: ground */
    SAMPLE_RESUME,
    SAMPLE_DECIDE, /* as the rules propose */
    SAMPLE_GRANT,
    SAMPLE_DENY,   /* word: reason */
    SAMPLE_REVOKE, /* word: reason */
    SAMPLE_WITHDRAW,
    SAMPLE_WAIT,      /* ms */
    SAMPLE_TASK,      /* word: element, more: outcome */
    SAMPLE_JOB,       /* word: element, more: the variables that its system brings */
    SAMPLE_JOB_ERROR, /* word: element, more: BPMN error code */
    SAMPLE_ACTS
} SampleActKind;

typedef struct {
    SampleActKind kind;
    Str word;
    const Str *words;
    size_t word_count;
    TimeMs ms;
    const Value *more;
    const Value *at;
} SampleAct;

/* Of a sample of a bundle: what happens to the case of one part, and what comes of it. */
typedef struct {
    const Item *item;
    const SampleAct *acts;
    size_t act_count;
    const Value *expect; /* NULL: nothing */
    const Value *mark;
} SamplePart;

typedef struct {
    Str name;
    const Item *item;
    const DemoPerson *person;
    TimeMs at;            /* when the person applies */
    const Value *answers; /* {element: value} */
    const Value
        *registers; /* {source: "down" | "none" | record}: else what demo/registers.yaml has */
    const Value *objections; /* {source: note}; other facts are confirmed */
    const Str *declined;     /* sources that the person does not let us ask */
    size_t declined_count;
    const Str *mailed; /* materials to come by post */
    size_t mailed_count;
    const Str *missing; /* materials that the person does not give */
    size_t missing_count;
    const SampleAct *acts;
    size_t act_count; /* on the whole: after those of the parts */
    const SamplePart *parts;
    size_t part_count;
    const Value *expect; /* {…}: docs/designers.md has the keys */
    const Value *mark;
} Sample;

typedef Vec(Sample) Samples;

/* False when something is wrong with them; diags then says what and where. */
MUST_CHECK bool catalogue_samples(Arena *out, const Catalogue *c, Str folder, Diags *diags,
                                  Samples *samples);
const char *sample_act_name(SampleActKind kind);
