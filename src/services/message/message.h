/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/message/message.h - systems outside tell processes that something has happened: a
 * message to the one case that waits for it, a signal to all that listen.
 *
 * For clients, each for the names that it was granted, and for this program itself.
 * Limits: MESSAGE_NAME_MAX bytes of a name, correlation or id; MESSAGE_MAX_BYTES of variables;
 * MESSAGE_TTL_MAX.
 */
#pragma once

#include "services/casework/casework.h"

enum { MESSAGE_NAME_MAX = 200 };
#define MESSAGE_TTL_DEFAULT MS_HOUR
#define MESSAGE_TTL_MAX (90 * MS_DAY)

/* in {name, correlation?, variables? {…}, ttl_s?, message_id?}; out {result: "delivered" |
 * "buffered" | "dropped", delivered: number of the case, buffered: true, dropped: true}: the one
 * that happened. A message_id that is known is not delivered again while the first one lives. */
UseCase message_publish;
/* in {name, variables? {…}}; out {cases: how many listen}: each hears it soon. */
UseCase message_signal;
