/* SPDX-License-Identifier: Apache-2.0 */
/*
 * engine/resolve/resolve.h - facts before papers: what still has to be given for one material.
 *
 * Order (domain rule 3.6): e-certificate, data query, earlier verified copy, commitment, check by
 * another organ, upload. Pure. A fact that the applicant objects to never counts: his document then
 * prevails. A source that is down leaves the upload open and never stops the case.
 */
#pragma once

#include "base/value.h"
#include "model/form.h"

typedef enum {
    RESOLVE_NOT_NEEDED, /* not for these answers, or the item no longer asks for it */
    RESOLVE_BY_FACT,    /* a register gave it: nothing to bring */
    RESOLVE_GIVEN,      /* uploaded or received */
    RESOLVE_EXPECTED,   /* announced by mail, not here yet */
    RESOLVE_MISSING,    /* still to be given */
} ResolveState;

typedef struct {
    int64_t id;
    Str code, way, state, file, name, note;
    TimeMs at;
} GivenMaterial; /* a row of the store, of a draft or a case */

typedef struct {
    ResolveState state;
    Str source;      /* RESOLVE_BY_FACT: which */
    bool may_follow; /* necessity 3 */
} Resolved;

/* facts: {source: {state, objected, …}}. */
Resolved resolve_material(const ItemMaterial *m, bool needed, const Value *facts,
                          const GivenMaterial *given, size_t given_count);
/* A fact that was found and is not objected to. */
bool resolve_fact_holds(const Value *facts, Str source);
