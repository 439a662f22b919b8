/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/resolve/resolve.h"

bool resolve_fact_holds(const Value *facts, Str source)
{
    const Value *fact = value_get(facts, source);
    return str_eq(get_str(fact, "state"), STR("found")) && !get_bool(fact, "objected");
}

static Str holding_source(const Material *m, const Value *facts)
{
    for (size_t i = 0; i < m->replaced_count; i++) {
        const Replacement *r = &m->replaced_by[i];
        if (r->kind == REPLACED_BY_QUERY && resolve_fact_holds(facts, r->source))
            return r->source;
    }
    return STR("");
}

static bool is_live(const GivenMaterial *g, Str code)
{
    return str_eq(g->code, code) && !str_eq(g->state, STR("removed")) &&
           !str_eq(g->state, STR("rejected"));
}

Resolved resolve_material(const ItemMaterial *m, bool needed, const Value *facts,
                          const GivenMaterial *given, size_t given_count)
{
    Resolved r = {.state = RESOLVE_NOT_NEEDED, .may_follow = m->necessity == 3};
    bool expected = false;
    for (size_t i = 0; i < given_count; i++) {
        if (!is_live(&given[i], m->material->code))
            continue;
        if (!str_eq(given[i].state, STR("expected"))) {
            r.state = RESOLVE_GIVEN;
            return r;
        }
        expected = true;
    }
    if (expected) {
        r.state = RESOLVE_EXPECTED;
        return r;
    }
    if (!needed)
        return r;
    r.source = holding_source(m->material, facts);
    r.state = r.source.len ? RESOLVE_BY_FACT : RESOLVE_MISSING;
    return r;
}
