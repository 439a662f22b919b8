/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/casework/versions.h - the versions of items: kept when they are published, read again
 * for the cases that were accepted under them.
 *
 * A case whose version is today's costs a comparison. Older ones are compiled from their stored
 * documents when the first case asks, and kept for the next: for HTTP threads and the committer
 * alike, immutable.
 * Memory:  at most VERSIONS_BYTES of compiled versions and VERSIONS_MAX of them, the longest unused
 *          go first; the last one stays whatever its size. (The demo's item takes about 1 MB.) What
 *          was let go lives on for those who may be reading it: base/era.h, entered by live_enter.
 * Errors:  ERR_UNREADABLE with item, version and reason when this program refuses the documents, or
 *          does not have them. The case stays as it is; a refusal is remembered, not tried again.
 */
#pragma once

#include "services/app.h"

enum { VERSIONS_MAX = 1024 };
#define VERSIONS_BYTES ((size_t)64 << 20)

typedef struct Versions Versions;

typedef struct {
    Str hash;                   /* 64 hex digits */
    const Item *item;           /* as of that version */
    const Catalogue *catalogue; /* what it reads; place, organs, calendar and search are App's */
    bool is_today;
    TimeMs published_at; /* 0 for today's */
} ItemVersion;

enum { ITEM_VERSION_SHORT = 12 };
static inline Str item_version_short(Str hash)
{
    return str_slice(hash, 0, ITEM_VERSION_SHORT);
}

Versions *versions_open(size_t bytes_max);
void versions_close(Versions *v);
/* Keeps what is not kept yet, a few items a command; before the catalogue is in service. At the
 * first start over a database of before, its cases get these versions. */
MUST_CHECK bool versions_publish(App *app, const CatalogueDocuments *documents, Err *err);
/* The item as of that version. conn: any connection, a command's too. */
MUST_CHECK bool versions_find(StoreConn *conn, const App *app, Str item, Str hash, ItemVersion *v,
                              Err *err);
/* Compiled now: for figures and tests. */
size_t versions_compiled(Versions *v);
