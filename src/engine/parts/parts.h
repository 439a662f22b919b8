/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine/parts/parts.h - one matter as a graph of cases (一件事): which part begins, which cannot,
 * which results are handed out, how long the whole takes. Pure.
 *
 * Parts that wait for nothing are received with the whole; one that waits is received when the last
 * one that it waits for is done (domain 3.10). A part that was not granted ends those that require
 * it and nobody else.
 * Memory: the caller's. Threads: no state. Limits: PARTS_MAX; a part waits for earlier ones only.
 */
#pragma once

#include "engine/law/law.h"

enum { PARTS_MAX = 40 };

typedef enum {
    PART_WAITING, /* for another part */
    PART_RUNNING,
    PART_READY, /* done: its result is not handed out yet */
    PART_ENDED,
    PART_STATES
} PartState;

/* A set of parts by their place. */
typedef uint64_t PartSet;
#define PART_BIT(i) ((PartSet)1 << (i))

typedef struct {
    PartState state;
    bool granted;  /* ready or ended */
    bool accepted; /* was: its limits run or ran */
    bool withdrawn;
    PartSet after, requires;
    TimeMs done_at; /* ready or ended */
    TimeMs due;     /* running: promised; 0: not known yet */
    LawBudget promise;
} PartNow;

typedef enum {
    PART_STAY,
    PART_BEGIN,
    PART_CANNOT_BEGIN, /* what it requires was not granted */
    PART_HAND_OUT,
} PartMove;

typedef struct {
    PartMove move;
    size_t because; /* PART_CANNOT_BEGIN: the part that was not granted */
} PartStep;

/* The next step of each; true when one of them moves. at_once: results are not kept for each other.
 */
bool parts_next(const PartNow *parts, size_t n, bool at_once, PartStep *steps);

/* When the whole is promised: the longest chain from here, by the limits that run and by those that
 * have yet to begin. 0: all are done. */
MUST_CHECK bool parts_due(const LawClock *clock, const PartNow *parts, size_t n, TimeMs now,
                          LawDue *due, Err *err);

/* What the parts make of the whole. */
typedef enum {
    WHOLE_RECEIVED,
    WHOLE_ACCEPTED,  /* one part was */
    WHOLE_DECIDED,   /* all are done, results are not handed out yet */
    WHOLE_DELIVERED, /* all ended, one of them granted */
    WHOLE_FAILED,    /* all ended, none granted */
    WHOLE_WITHDRAWN, /* all ended, by the applicant's own will */
    WHOLE_STATES
} WholeState;

WholeState parts_whole(const PartNow *parts, size_t n);
