/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model/bundle.h - one matter (一件事): items of several departments that people need together.
 *
 * A bundle has the face of an item, `whole`: one form (the union of its parts' questions by
 * element), one list of materials (the union by material), the situations of its guide, the lead
 * organ. So whatever shows, saves or checks an application to an item does so for a bundle. What
 * applies to whom is decided here, from the answers alone.
 *
 * A thing of the merged form has ways: it is shown when one of the parts that ask for it is chosen
 * and that part's own conditions hold. What a chosen part hands on to another is no way of that.
 * Memory: the catalogue generation's arena. Threads: immutable after loading. Limits: BUNDLE_*.
 */
#pragma once

#include "model/item.h"

enum {
    BUNDLE_PARTS_MAX = 40,
    BUNDLE_PASSES_MAX = 40,
    BUNDLE_SITUATIONS_MIN = 2,
    BUNDLE_SITUATIONS_MAX = 5,
};

/* Elements of every merged form. */
#define BUNDLE_LEFT_OUT STR("parts_left_out") /* keys of optional parts, a list */
#define BUNDLE_HANDING STR("results_handed")  /* together, as_ready */

typedef struct Bundle Bundle;
typedef struct Part Part;

/* What a finished part hands on: never asked of the applicant while the giver is chosen. */
typedef struct {
    const Part *from;
    const Element *element; /* of the giver's answers or result */
    const Element *as;      /* here */
} PartPass;

struct Part {
    const Bundle *bundle;
    const Item *item;
    size_t at;               /* in Bundle.parts */
    const FeelProgram *when; /* NULL: always */
    Text why, unless;        /* why it is a part of it, why not; may be empty */
    bool optional;           /* the applicant may leave it out */
    const Part *const *after;
    size_t after_count; /* begins when these have ended, whatever the outcome */
    const Part *const *requires;
    size_t requires_count; /* begins when these were granted */
    const PartPass *passes;
    size_t pass_count;
    Mark mark;
};

/* One part's way to a question, page or material. */
typedef struct Way {
    const Part *part;
    const FeelProgram *page, *own; /* its conditions; NULL: always */
    const Part *unless;            /* who gives it instead, when chosen; NULL: nobody */
} Way;

struct Bundle {
    Item whole;
    const Part *parts; /* a part stands behind those that it waits for */
    size_t part_count;
    const Organ *const *organs; /* the lead first, each once */
    size_t organ_count;
    bool as_ready; /* each result is handed out when it is made; else all together */
    const Str *sets;
    size_t set_count;
};

typedef enum {
    CHOICE_YES,
    CHOICE_NO,       /* it does not apply: Part.unless */
    CHOICE_LEFT_OUT, /* by the applicant */
    CHOICE_NEEDS,    /* a part that it requires is not chosen */
    CHOICE_OPEN,     /* depends on what was not answered yet */
} Choice;

/* because (may be NULL): the part that CHOICE_NEEDS speaks of. */
Choice part_choice(Arena *scratch, const Part *p, const FeelScope *scope, const Part **because);
bool part_chosen(Arena *scratch, const Part *p, const FeelScope *scope);
/* One of them holds, or there is none. */
bool ways_hold(Arena *scratch, Ways ways, const FeelScope *scope);
/* NULL when absent. */
const Part *bundle_part(const Bundle *b, Str item);

/* Length of a limit in minutes, for comparisons; five working days are a week. */
int64_t limit_minutes(const TimeLimit *t);
typedef enum { PATH_PROMISE, PATH_LEGAL } PathLimit;
/* The longest chain of parts that wait for each other, in order; its length in minutes. path has
 * room for BUNDLE_PARTS_MAX. */
int64_t bundle_path(const Bundle *b, PathLimit which, const Part **path, size_t *count);
