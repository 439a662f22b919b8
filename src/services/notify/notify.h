/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/notify/notify.h - messages to people: written inside the command, sent after its commit.
 *
 * A message is a row of the outbox with its final text; the worker hands it to the phone message
 * gateway over HTTP with the row's key as Idempotency-Key: at least once for us, once for a
 * gateway that honours the key. Without a gateway the message is kept in the case alone.
 */
#pragma once

#include "fetch/fetch.h"
#include "services/app.h"
#include "services/party/party.h"

/* data: language-free, as for papers (localise.h). */
MUST_CHECK bool notify_queue(StoreTx *tx, int64_t case_id, const Party *to,
                             const MessageTemplate *t, Lang lang, const Value *data, Err *err);
typedef enum { NOTIFY_SENT, NOTIFY_RETRY, NOTIFY_REFUSED } NotifyEnd;

/* One attempt; blocking. reason is filled for the last two. */
NotifyEnd notify_send(const App *app, Arena *scratch, Fetcher *f, const StoreOutbox *row,
                      Str *reason);
/* The messages of a case, oldest first: {at, channel, text, state, phone (masked)}. */
MUST_CHECK bool notify_list(StoreConn *conn, Arena *out, const App *app, int64_t case_id,
                            Value *list, Err *err);
