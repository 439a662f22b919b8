/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine/scenario/scenario.h - a run of a process as a text: what happens to it, and what is
 * expected of it. Designers run such texts with `onedoor flow`, the project its own tests.
 *
 * A line is a word and what it needs; "#" begins a comment line. ELEMENT is an id; where work was
 * created for it more than once it is the last that is still there, or by number: ELEMENT#2.
 *
 *   start [CODE] [{…}]         a new instance; by a message, signal or start event CODE
 *   task|job|timer|retry|resolve ELEMENT [{…}]   it is done, goes off, is mended
 *   message ELEMENT|NAME [KEY] [{…}]             for who waits for it, with that correlation
 *   fail ELEMENT REASON        its job failed for good
 *   error ELEMENT CODE [{…}]   its job threw a BPMN error
 *   signal NAME [{…}], set [ELEMENT] {…}, move ELEMENT TARGET, cancel
 *   at TIME                    the clock: a moment, or a duration from now (P5D, P3WD)
 *   wait TIME                  the same, and every timer that is due by then goes off on the way
 * and what is expected:
 *   > EFFECT                   an effect of the event before it, in order; a beginning is enough
 *   refused CODE               the event before it was
 *   stands ELEMENT… | nowhere  where all tokens are
 *   state active|completed|cancelled
 *   tokens N
 *   vars EXPRESSION            true over the variables of the process
 *
 * After each event the instance goes through JSON and back, as a stored one does.
 * Memory:  all in the Scenario's arena. Threads: one. Problems are added to diags with rule
 * "flow.script" at their line. Limits: SCENARIO_MAX_FIRES timers a wait; else those of flow.h.
 */
#pragma once

#include "engine/flow/flow.h"

enum { SCENARIO_MAX_FIRES = 1000, SCENARIO_FILE_MAX = 1 << 20 };

/* Something that an event may be for. */
typedef struct {
    FlowEffectKind kind;
    int64_t key;
    Str element, name, correlation;
} ScenarioKey;

typedef struct {
    /* Who runs it fills in: */
    Arena *arena;
    FlowModel model;
    Diags *diags;
    uint16_t file; /* of the script, in diags */
    TimeMs now;
    bool strict;              /* every effect has to be expected; else others may come between */
    const FeelContext *given; /* variables of every start; the line's own win; may be NULL */
    /* Told of each event that happened (a line, or "timer ELEMENT" within a wait) and its effects;
     * may be NULL. */
    void (*on_event)(void *app, Str line);
    void (*on_effect)(void *app, const FlowEffect *f);
    void *app;
    /* The run: */
    FlowInstance *instance; /* NULL before the first start */
    FlowEffects effects;    /* of the last event line */
    size_t told;            /* of them were expected so far */
    Vec(ScenarioKey) keys;
    uint32_t offset, event_offset;
    bool failed; /* the last event was refused; why: err */
    Err err;
} Scenario;

/* The process was replaced: nothing has started yet. */
void scenario_reset(Scenario *s);
/* offset: of the line in its file. */
void scenario_line(Scenario *s, Str line, uint32_t offset);
/* What the last event did has to be expected, too. */
void scenario_end(Scenario *s);
/* All lines of a text, and its end. */
void scenario_run(Scenario *s, Str text);
/* A moment (2026-11-22T10:00), or a duration from the clock on (P5D, P3WD). */
MUST_CHECK bool scenario_time(const Scenario *s, Str text, TimeMs *to, Err *err);
/* As it stands after ">"; times at that offset from UTC. */
Str scenario_effect_text(Arena *out, const FlowEffect *f, int32_t zone_minutes);
