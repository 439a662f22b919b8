/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/exchange/exchange.h - asking the registers of other departments for facts (数据共享).
 *
 * A source that is down, slow or answers nonsense never stops a case: the fact says so, and the
 * applicant gives the document instead. The answer is mapped by the source's FEEL expressions.
 * Threads: exchange_ask blocks; call it from a worker. An Exchange is shared by all workers.
 * Limits:  the source's own time limits and retries; EXCHANGE_IDLE kept connections.
 */
#pragma once

#include "services/app.h"

enum { EXCHANGE_IDLE = 16, EXCHANGE_MAX_CALL = 2000 };

Exchange *exchange_open(Arena *owner);
void exchange_close(Exchange *x);

/*
 * inputs: {element key: text}. The fact, never NULL:
 * {source, state: "found" | "none" | "down", at, took_ms, tries, fields: {key: value}, reason?}.
 */
Value *exchange_ask(const App *app, Arena *out, const Source *source, const Value *inputs);
/* An answer as the source's mapping reads it, {key: value} into fields; *found says whether there
 * is a record at all. Pure. */
MUST_CHECK bool exchange_map(Arena *out, const Source *s, const Value *answer, Value *fields,
                             bool *found, Err *err);
