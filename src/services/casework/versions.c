/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kept: a row of item_versions names the documents, each text stands once in item_documents under
 * its hash, so that a changed question does not store the papers again.
 *
 * Compiled: a table behind a lock that is never held while something is read or compiled. Two who
 * miss at once compile twice; the second finds the first's and drops its own. A refusal has its row
 * too, with the reason in place of the catalogue.
 */
#include "services/casework/versions.h"

#include "base/log.h"
#include "services/live.h"
#include "json/json.h"

enum { PUBLISH_AT_ONCE = 50, KEY_ROOM = 64, HASH_HEX = 2 * HASH_SIZE };

typedef struct {
    char item[KEY_ROOM];
    char hash[HASH_HEX];
    size_t item_len;
    const Catalogue *catalogue; /* NULL: refused */
    TimeMs published_at;
    uint64_t used;
    char why[ERR_MSG_MAX];
} Entry;

struct Versions {
    Arena arena;
    Mutex lock;
    size_t bytes_max;
    Vec(Entry) entries; /* guarded by lock, as all below */
    size_t bytes;
    uint64_t ticks;
};

Versions *versions_open(size_t bytes_max)
{
    Arena arena = {0};
    Versions *v = NEW(&arena, Versions);
    v->arena = arena;
    v->bytes_max = bytes_max;
    mutex_init(&v->lock);
    return v;
}

void versions_close(Versions *v)
{
    if (!v)
        return;
    for (size_t i = 0; i < v->entries.len; i++)
        catalogue_free(v->entries.at[i].catalogue);
    mutex_free(&v->lock);
    Arena arena = v->arena;
    arena_free(&arena);
}

size_t versions_compiled(Versions *v)
{
    mutex_lock(&v->lock);
    size_t n = v->entries.len;
    mutex_unlock(&v->lock);
    return n;
}

/* ---- the table ---- */

static Entry *look_up(Versions *v, Str item, Str hash)
{
    for (size_t i = 0; i < v->entries.len; i++) {
        Entry *e = &v->entries.at[i];
        if (str_eq((Str){e->hash, HASH_HEX}, hash) && str_eq((Str){e->item, e->item_len}, item)) {
            e->used = ++v->ticks;
            return e;
        }
    }
    return NULL;
}

static bool answer(const Entry *e, ItemVersion *found, Err *err)
{
    if (!e->catalogue)
        return FAIL(err, ERR_UNREADABLE, "%s", e->why);
    const Item *item = catalogue_face(e->catalogue);
    *found = (ItemVersion){.hash = item->hash,
                           .item = item,
                           .catalogue = e->catalogue,
                           .published_at = e->published_at};
    return true;
}

static void drop_catalogue(void *catalogue)
{
    catalogue_free(catalogue);
}

/* The longest unused ones leave the table until the rest has room; their catalogues are put into
 * gone, which has room for all. */
static size_t make_room(Versions *v, size_t bytes, const Catalogue **gone)
{
    size_t n = 0;
    while (v->entries.len && (v->bytes + bytes > v->bytes_max || v->entries.len >= VERSIONS_MAX)) {
        size_t oldest = 0;
        for (size_t i = 1; i < v->entries.len; i++)
            if (v->entries.at[i].used < v->entries.at[oldest].used)
                oldest = i;
        const Catalogue *c = v->entries.at[oldest].catalogue;
        if (c) {
            v->bytes -= catalogue_bytes(c);
            gone[n++] = c;
        }
        v->entries.at[oldest] = v->entries.at[--v->entries.len];
    }
    return n;
}

/* *e as it stands in the table afterwards: somebody else's, when he was quicker. */
static void keep(const App *app, Entry *e)
{
    Versions *v = app->versions;
    const Catalogue *gone[VERSIONS_MAX + 1];
    size_t n = 0;
    mutex_lock(&v->lock);
    const Entry *other = look_up(v, (Str){e->item, e->item_len}, (Str){e->hash, HASH_HEX});
    if (other) {
        if (e->catalogue)
            gone[n++] = e->catalogue;
        *e = *other;
    } else {
        size_t bytes = e->catalogue ? catalogue_bytes(e->catalogue) : 0;
        n = make_room(v, bytes, gone);
        v->bytes += bytes;
        e->used = ++v->ticks;
        *VEC_PUSH(&v->arena, &v->entries) = *e;
    }
    mutex_unlock(&v->lock);
    for (size_t i = 0; i < n; i++) {
        union {
            /* cppcheck-suppress unusedStructMember */
            const Catalogue *c;
            void *what;
        } drop = {.c = gone[i]};
        live_retire(app, drop_catalogue, drop.what);
    }
}

/* ---- from the store ---- */

static bool read_documents(StoreConn *conn, Arena *out, const App *app, ItemDocuments *d,
                           TimeMs *published_at, Err *err)
{
    StoreRows r, text;
    Str place = app->catalogue->place;
    if (!store_run(conn, out, SQL_ITEM_VERSION_GET,
                   PARAMS(P_STR(place), P_STR(d->item), P_STR(d->hash)), &r, err))
        return false;
    if (!r.count)
        return FAIL(err, ERR_NOT_FOUND, "it is not kept in this database");
    const Value *list = json_read(out, row_str(&r, 0, 0), err);
    if (!list)
        return false;
    *published_at = row_int(&r, 0, 1);
    ItemDocument *at = NEW_N(out, ItemDocument, value_count(list) + 1);
    for (uint32_t i = 0; i < value_count(list); i++) {
        const ValueMember *m = &list->map.members[i];
        if (!store_run(conn, out, SQL_ITEM_DOCUMENT_GET,
                       PARAMS(P_STR(place), P_STR(value_text(m->value))), &text, err))
            return false;
        if (!text.count)
            return FAIL(err, ERR_NOT_FOUND, "its document '" STR_FMT "' is not kept",
                        STR_ARG(m->key));
        at[i] = (ItemDocument){.path = m->key, .text = row_str(&text, 0, 0)};
    }
    d->at = at;
    d->count = value_count(list);
    return true;
}

static Str first_error(const Diags *d)
{
    for (size_t i = 0; i < d->list.len; i++)
        if (d->list.at[i].level == DIAG_ERROR)
            return str_fmt(d->arena, STR_FMT ": " STR_FMT,
                           STR_ARG(d->files.at[d->list.at[i].file].path),
                           STR_ARG(d->list.at[i].message));
    return STR("it has no item");
}

/* False only when the store is at fault; a version that cannot be read is an entry without a
 * catalogue. */
static bool compile(StoreConn *conn, const App *app, Str item, Str hash, Entry *e, Err *err)
{
    Arena scratch = {0};
    Diags diags = {.arena = &scratch};
    ItemDocuments d = {.item = item, .hash = hash};
    Err why = {0};
    bool found = read_documents(conn, &scratch, app, &d, &e->published_at, &why);
    if (found) {
        e->catalogue = catalogue_of_documents(&d, &diags);
        if (!e->catalogue)
            (void)FAIL(&why, ERR_UNREADABLE, STR_FMT, STR_ARG(first_error(&diags)));
    }
    if (!e->catalogue) {
        Err told = {0};
        (void)FAIL(&told, ERR_UNREADABLE, "item '" STR_FMT "' version '" STR_FMT "': %s",
                   STR_ARG(item), STR_ARG(item_version_short(hash)), why.msg);
        memcpy(e->why, told.msg, sizeof e->why);
        log_err("version", &told);
    } else {
        log_info("version compiled item=" STR_FMT " version=" STR_FMT " bytes=%zu", STR_ARG(item),
                 STR_ARG(item_version_short(hash)), catalogue_bytes(e->catalogue));
    }
    arena_free(&scratch);
    bool ok = found || why.code == ERR_NOT_FOUND;
    if (!ok && err)
        *err = why;
    return ok;
}

bool versions_find(StoreConn *conn, const App *app, Str item, Str hash, ItemVersion *v, Err *err)
{
    const Item *today = catalogue_item(app->catalogue, item);
    if (today && str_eq(today->hash, hash)) {
        *v = (ItemVersion){
            .hash = today->hash, .item = today, .catalogue = app->catalogue, .is_today = true};
        return true;
    }
    Entry e = {.item_len = item.len};
    if (!app->versions || hash.len != HASH_HEX || item.len > KEY_ROOM)
        return FAIL(err, ERR_UNREADABLE, "item '" STR_FMT "' has no version '" STR_FMT "'",
                    STR_ARG(item), STR_ARG(hash));
    memcpy(e.item, item.at, item.len);
    memcpy(e.hash, hash.at, hash.len);
    mutex_lock(&app->versions->lock);
    const Entry *known = look_up(app->versions, item, hash);
    if (known)
        e = *known;
    mutex_unlock(&app->versions->lock);
    if (!known) {
        if (!compile(conn, app, item, hash, &e, err))
            return false;
        keep(app, &e);
    }
    return answer(&e, v, err);
}

/* ---- publishing ---- */

typedef struct {
    Command command; /* first member */
    const CatalogueDocuments *documents;
    size_t from, next; /* next: where the following command goes on */
    int64_t added, adopted;
} Publish;

static bool add_version(StoreTx *tx, const ItemDocuments *d, Err *err)
{
    Value *list = value_map(tx->arena);
    for (size_t i = 0; i < d->count; i++) {
        Str hash = hash_hex(tx->arena, &d->at[i].hash);
        value_set(tx->arena, list, d->at[i].path, value_str(tx->arena, hash));
        if (!tx_run(tx, SQL_ITEM_DOCUMENT_ADD,
                    PARAMS(P_STR(tx->place), P_STR(hash), P_STR(d->at[i].text)), NULL, err))
            return false;
    }
    return tx_run(tx, SQL_ITEM_VERSION_ADD,
                  PARAMS(P_STR(tx->place), P_STR(d->item), P_STR(d->hash),
                         P_STR(json_text(tx->arena, list)), P_INT(tx->now)),
                  NULL, err);
}

/* Once in the life of a database. */
static bool adopt(StoreTx *tx, Publish *p, Err *err)
{
    Str state;
    StoreRows r;
    if (!store_setting(tx->conn, tx->arena, STR("item_versions"), &state, err))
        return false;
    if (!str_eq(state, STR("adopt")))
        return true;
    for (size_t i = 0; i < p->documents->count; i++) {
        const ItemDocuments *d = &p->documents->at[i];
        if (!tx_run(tx, SQL_CASES_ADOPT_VERSION,
                    PARAMS(P_STR(tx->place), P_STR(d->item), P_STR(d->hash)), &r, err))
            return false;
        p->adopted += r.changed;
    }
    return tx_set_setting(tx, STR("item_versions"), STR("kept"), err);
}

static bool publish_some(StoreTx *tx, Command *c, Err *err)
{
    Publish *p = (Publish *)c;
    p->added = p->adopted = 0;
    StoreRows r;
    size_t i = p->from;
    for (; i < p->documents->count && p->added < PUBLISH_AT_ONCE; i++) {
        const ItemDocuments *d = &p->documents->at[i];
        if (!tx_run(tx, SQL_ITEM_VERSION_HAS,
                    PARAMS(P_STR(tx->place), P_STR(d->item), P_STR(d->hash)), &r, err))
            return false;
        if (r.count)
            continue;
        if (!add_version(tx, d, err))
            return false;
        p->added++;
    }
    p->next = i;
    return i < p->documents->count || adopt(tx, p, err);
}

bool versions_publish(App *app, const CatalogueDocuments *documents, Err *err)
{
    Arena arena = {0};
    int64_t added = 0, adopted = 0;
    bool ok = true;
    Publish p = {.documents = documents};
    do {
        p.command = (Command){.run = publish_some, .arena = &arena};
        ok = committer_run(app->committer, &p.command, err);
        added += p.added;
        adopted += p.adopted;
        p.from = p.next;
        arena_reset(&arena);
    } while (ok && p.from < documents->count);
    arena_free(&arena);
    if (ok && (added || adopted))
        log_info("versions items=%zu new=%lld cases_adopted=%lld", documents->count,
                 (long long)added, (long long)adopted);
    return ok;
}
