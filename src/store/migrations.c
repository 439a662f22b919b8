/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The schema's steps, embedded as they stand in store/migrations/, and the runner.
 *
 * What ran is kept in the table `migrations` with the hash of its text: a step that was edited
 * after it ran is refused with its name, instead of failing later on a column that is not there.
 * A step and its row are one transaction, so that a crash leaves the old version or the new.
 */
#include "store/store.h"

#include <inttypes.h>

#include "base/log.h"

/* Paths are relative to the root of the source tree, where make runs. */
/* NOLINTBEGIN(bugprone-macro-parentheses): a name that is declared takes none. */
#define EMBED(symbol, path)                                                                        \
    __asm__(".section .rodata\n" #symbol ":\n.incbin \"" path "\"\n.byte 0\n.previous\n");         \
    extern const char symbol[] __attribute__((visibility("hidden")))
/* NOLINTEND(bugprone-macro-parentheses) */

EMBED(migration_0001, "src/store/migrations/0001_first.sql");
EMBED(migration_0002, "src/store/migrations/0002_jobs.sql");
EMBED(migration_0003, "src/store/migrations/0003_item_versions.sql");
EMBED(migration_0004, "src/store/migrations/0004_messages.sql");
EMBED(migration_0005, "src/store/migrations/0005_incidents.sql");
EMBED(migration_0006, "src/store/migrations/0006_steps.sql");
EMBED(migration_0007, "src/store/migrations/0007_client_messages.sql");
EMBED(migration_0008, "src/store/migrations/0008_hot_paths.sql");
EMBED(migration_0009, "src/store/migrations/0009_bundles.sql");
EMBED(migration_0010, "src/store/migrations/0010_standards.sql");

static const StoreMigration built_in[] = {
    {1, "0001_first", migration_0001},           {2, "0002_jobs", migration_0002},
    {3, "0003_item_versions", migration_0003},   {4, "0004_messages", migration_0004},
    {5, "0005_incidents", migration_0005},       {6, "0006_steps", migration_0006},
    {7, "0007_client_messages", migration_0007}, {8, "0008_hot_paths", migration_0008},
    {9, "0009_bundles", migration_0009},         {10, "0010_standards", migration_0010},
};

const StoreMigration *store_migrations(size_t *n)
{
    *n = COUNT(built_in);
    return built_in;
}

static bool make_table(StoreConn *c, Err *err)
{
    return c->api->script(c,
                          "create table if not exists migrations (version bigint primary key,"
                          " name text not null, hash text not null, at bigint not null)",
                          err);
}

static Str text_hash(Arena *a, const StoreMigration *m)
{
    Hash h = hash_of(str_z(m->sql));
    return hash_hex(a, &h);
}

/* What ran before must be the beginning of our list. */
static bool check_past(Arena *a, const StoreRows *past, const StoreMigration *list, size_t n,
                       Err *err)
{
    if (past->count > n)
        return FAIL(err, ERR_CONFLICT,
                    "database of version '%" PRId64 "': this program knows up to '%zu'",
                    row_int(past, past->count - 1, 0), n);
    for (size_t i = 0; i < past->count; i++)
        if (row_int(past, i, 0) != list[i].version ||
            !str_eq(row_str(past, i, 2), text_hash(a, &list[i])))
            return FAIL(err, ERR_CONFLICT,
                        "migration '%s': the database was made with another text of it",
                        list[i].name);
    return true;
}

static bool apply(StoreConn *c, const StoreMigration *m, Str hash, TimeMs now, Err *err)
{
    if (!c->api->begin(c, err))
        return false;
    bool ok = c->api->script(c, m->sql, err) &&
              store_run(c, NULL, SQL_MIGRATION_ADD,
                        PARAMS(P_INT(m->version), P_STR(str_z(m->name)), P_STR(hash), P_INT(now)),
                        NULL, err) &&
              c->api->commit(c, err);
    if (!ok)
        c->api->rollback(c);
    else
        log_info("migrated step=%s", m->name);
    return ok;
}

bool store_migrate_list(StoreConn *c, const StoreMigration *list, size_t n, TimeMs now, Err *err)
{
    Arena a = {0};
    StoreRows past = {0};
    bool ok = make_table(c, err) && store_run(c, &a, SQL_MIGRATIONS, NO_PARAMS, &past, err) &&
              check_past(&a, &past, list, n, err);
    for (size_t i = past.count; ok && i < n; i++) {
        ASSERT(list[i].version == (int64_t)i + 1);
        ok = apply(c, &list[i], text_hash(&a, &list[i]), now, err);
    }
    arena_free(&a);
    return ok;
}

bool store_migrate(StoreConn *c, TimeMs now, Err *err)
{
    return store_migrate_list(c, built_in, COUNT(built_in), now, err);
}
