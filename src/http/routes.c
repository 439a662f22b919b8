/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A node a path part; looking up goes down the tree and comes back where a static part led nowhere.
 * Depth is bounded by the deepest route, so a long path costs no more than the table allows.
 */
#include "http/routes.h"

#include "base/map.h"

typedef struct Node Node;

struct Node {
    Map kids; /* static part -> Node */
    Node *param;
    Node *rest;
    const HttpRoute *by_method[ROUTE_METHODS];
};

struct Routes {
    Node root;
};

static int method_index(unsigned method)
{
    for (int i = 0; i < ROUTE_METHODS; i++)
        if (method == 1u << i)
            return i;
    return -1;
}

static Node *descend(Arena *out, Node *n, Str part, bool last, Err *err)
{
    if (part.len && part.at[0] == '{') {
        bool rest = part.len > 3 && part.at[1] == '*';
        if (part.len < 3 || part.at[part.len - 1] != '}' || (rest && !last)) {
            (void)FAIL(err, ERR_INPUT, "bad route part '" STR_FMT "'", STR_ARG(part));
            return NULL;
        }
        Node **slot = rest ? &n->rest : &n->param;
        if (!*slot)
            *slot = NEW(out, Node);
        return *slot;
    }
    Node *kid = map_get(&n->kids, part);
    if (!kid) {
        kid = NEW(out, Node);
        map_put(out, &n->kids, part, kid);
    }
    return kid;
}

static bool add_route(Arena *out, Routes *r, const HttpRoute *route, Err *err)
{
    int method = method_index(route->method);
    if (method < 0 || !route->path || route->path[0] != '/' || !route->handler)
        return FAIL(err, ERR_INPUT, "route '%s' is incomplete", route->path ? route->path : "");
    Node *n = &r->root;
    Str rest = str_z(route->path + 1), part;
    int depth = 0, params = 0;
    while (n && str_split(&rest, '/', &part)) {
        params += part.len && part.at[0] == '{';
        if (++depth > ROUTE_DEPTH_MAX || params > ROUTE_PARAMS_MAX)
            return FAIL(err, ERR_LIMIT, "route '%s' is too deep", route->path);
        n = descend(out, n, part, rest.at == NULL, err);
    }
    if (!n)
        return false;
    if (n->by_method[method])
        return FAIL(err, ERR_CONFLICT, "route '%s' stands twice", route->path);
    n->by_method[method] = route;
    return true;
}

bool routes_compile(Arena *out, const HttpRoute *at, size_t count, const Routes **routes, Err *err)
{
    Routes *r = NEW(out, Routes);
    for (size_t i = 0; i < count; i++)
        if (!add_route(out, r, &at[i], err))
            return false;
    *routes = r;
    return true;
}

static bool take(const Node *n, int method, RouteMatch *m)
{
    for (int i = 0; i < ROUTE_METHODS; i++)
        if (n->by_method[i])
            m->allowed |= 1u << i;
    if (method < 0 || !n->by_method[method])
        return false;
    m->route = n->by_method[method];
    return true;
}

/* rest.at == NULL: the path is used up. */
static bool walk(const Node *n, Str rest, int method, RouteMatch *m)
{
    Str all = rest, part;
    if (!str_split(&rest, '/', &part))
        return take(n, method, m);
    const Node *kid = map_get(&n->kids, part);
    if (kid && walk(kid, rest, method, m))
        return true;
    if (part.len && n->param && m->count < ROUTE_PARAMS_MAX) {
        m->values[m->count++] = part;
        if (walk(n->param, rest, method, m))
            return true;
        m->count--;
    }
    if (!n->rest || all.len == 0 || m->count == ROUTE_PARAMS_MAX)
        return false;
    m->values[m->count++] = all;
    if (take(n->rest, method, m))
        return true;
    m->count--;
    return false;
}

RouteMatch routes_find(const Routes *r, unsigned method, Str path)
{
    RouteMatch m = {0};
    if (path.len && path.at[0] == '/')
        (void)walk(&r->root, str_slice(path, 1, path.len), method_index(method), &m);
    return m;
}

void routes_params(Arena *out, const RouteMatch *m, HttpFields *params)
{
    Str rest = str_z(m->route->path + 1), part;
    size_t i = 0;
    while (i < m->count && str_split(&rest, '/', &part)) {
        if (part.len == 0 || part.at[0] != '{')
            continue;
        Str name = str_slice(part, part.at[1] == '*' ? 2 : 1, part.len - 1);
        *VEC_PUSH(out, params) = (HttpField){name, m->values[i++]};
    }
}

Str routes_allow(Arena *out, unsigned allowed)
{
    static const struct {
        unsigned method;
        const char *names;
    } rows[] = {
        {HTTP_GET, "GET, HEAD"},
        {HTTP_POST, "POST"},
        {HTTP_PUT, "PUT"},
        {HTTP_DELETE, "DELETE"},
    };
    StrBuf b = buf_in(out);
    for (size_t i = 0; i < COUNT(rows); i++)
        if (allowed & rows[i].method)
            buf_fmt(&b, "%s%s", b.len ? ", " : "", rows[i].names);
    return buf_str(&b);
}
