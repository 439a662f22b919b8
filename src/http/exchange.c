/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exchanges are kept with their first block of memory and used again: in the steady state a request
 * allocates nothing of ours.
 */
#include "http/http_int.h"

static Exchange *exchange_new(void)
{
    Arena a = {0};
    /* One large block instead of several doubling ones. */
    (void)arena_alloc(&a, HTTP_ARENA_START);
    arena_reset(&a);
    Exchange *x = NEW(&a, Exchange);
    x->arena = a;
    x->start = arena_mark(&a);
    return x;
}

Exchange *exchange_take(Loop *l)
{
    Exchange *x = l->free_exchanges;
    if (x) {
        l->free_exchanges = x->next;
        l->free_count--;
    } else {
        x = exchange_new();
    }
    x->loop = l;
    x->bell = l->bell;
    x->next = NULL;
    atomic_init(&x->wait, EXCHANGE_LIVE);
    x->after = l->server->config.after;
    x->rq.arena = &x->arena;
    x->rq.app = l->server->config.app;
    x->rq.loop_state = l->app_state;
    return x;
}

/* Once: a request without a user has nothing to tell. */
static void tell_end(Exchange *x)
{
    if (x->after && x->rq.user)
        x->after(&x->rq);
    x->rq.user = NULL;
}

void exchange_free(Exchange *x)
{
    tell_end(x);
    body_drop(x);
    Arena a = x->arena;
    arena_free(&a);
}

void exchange_recycle(Exchange *x)
{
    Loop *l = x->loop;
    if (l->free_count >= HTTP_FREE_EXCHANGES) {
        exchange_free(x);
        return;
    }
    tell_end(x);
    body_drop(x);
    arena_rewind(&x->arena, x->start);
    Arena a = x->arena;
    ArenaMark start = x->start;
    memset(x, 0, sizeof *x);
    x->arena = a;
    x->start = start;
    x->next = l->free_exchanges;
    l->free_exchanges = x;
    l->free_count++;
}

void http_wake(HttpRequest *rq)
{
    Exchange *x = (Exchange *)rq;
    int live = EXCHANGE_LIVE;
    if (atomic_compare_exchange_strong(&x->wait, &live, EXCHANGE_RUNG)) {
        bell_put(x->bell, x);
        return;
    }
    ASSERT(live == EXCHANGE_LEFT); /* woken twice */
    exchange_free(x);
}
