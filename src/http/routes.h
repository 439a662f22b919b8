/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http/routes.h - the table of routes as a tree of path parts (private).
 *
 * Static parts win over {name}, {name} over {*rest}. Built once, immutable, shared by all loops.
 * Limits: ROUTE_PARAMS_MAX parameters in one path, ROUTE_DEPTH_MAX parts.
 */
#pragma once

#include "http/http.h"

enum { ROUTE_PARAMS_MAX = 8, ROUTE_DEPTH_MAX = 16, ROUTE_METHODS = 4 };

typedef struct Routes Routes;

typedef struct {
    const HttpRoute *route; /* NULL: 404, or 405 when allowed is not empty */
    unsigned allowed;       /* HttpMethod bits of all routes with this path */
    Str values[ROUTE_PARAMS_MAX];
    size_t count;
} RouteMatch;

MUST_CHECK bool routes_compile(Arena *out, const HttpRoute *at, size_t count, const Routes **routes,
                               Err *err);
RouteMatch routes_find(const Routes *r, unsigned method, Str path);
void routes_params(Arena *out, const RouteMatch *m, HttpFields *params);
/* "GET, HEAD, POST" */
Str routes_allow(Arena *out, unsigned allowed);
