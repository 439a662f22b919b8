/* SPDX-License-Identifier: Apache-2.0 */
/*
 * services/apply/apply.h - applying (申请): a draft that is saved at every step, facts instead of
 * papers, materials, and the submission that makes a case of it.
 *
 * A draft belongs to one party; nobody else can see that it exists (ERR_NOT_FOUND). Its answers are
 * {element: text | bool | list}; its facts are {source: {state, inputs, fields, at, confirmed,
 * objected, note}}: a fact goes when an answer that its register was asked with changes.
 * Limits: DRAFT_KEEP_MS without a change, DRAFT_FILES_MAX files, DRAFT_MAX_BYTES of answers,
 * DRAFTS_OPEN_MAX open drafts a party.
 */
#pragma once

#include "engine/resolve/resolve.h"
#include "services/app.h"

enum {
    DRAFT_FILES_MAX = 40,
    DRAFT_MAX_BYTES = 128 << 10,
    DRAFT_MATERIALS_MAX = 60,
    DRAFTS_OPEN_MAX = 50,
};
#define DRAFT_KEEP_MS (30 * MS_DAY)

typedef struct {
    int64_t id, party, version;
    const Item *item;
    Str state; /* open, submitted, dropped */
    Lang lang;
    Value *answers;
    Value *visited; /* {page id: true} */
    Value *facts;
    TimeMs created_at, updated_at, expires_at;
    GivenMaterial *given;
    size_t given_count;
} Draft;

/* ERR_NOT_FOUND when it is not this party's or not open any more (then submitted says which). */
MUST_CHECK bool draft_load(StoreConn *conn, Arena *out, const App *app, int64_t id, int64_t party,
                           Draft *d, Err *err);
/* The party's open drafts: {id, item, name, updated_at, expires_at}. */
MUST_CHECK bool draft_list(StoreConn *conn, Arena *out, const App *app, int64_t party, Lang lang,
                           Value *list, Err *err);

typedef enum { PAGE_HIDDEN, PAGE_TODO, PAGE_STARTED, PAGE_DONE, PAGE_NOT_NEEDED } PageState;

/* What the pages of a draft are judged by. */
typedef struct {
    FeelScope scope;
    Date today;
} DraftView;

MUST_CHECK bool draft_view(Arena *out, const App *app, const Draft *d, TimeMs now, DraftView *view,
                           Err *err);
PageState draft_page_state(Arena *scratch, const Draft *d, const Page *page, const DraftView *view);
/* The next shown page that is not done, after `after` (NULL: from the start); NULL when all are
 * done. */
const Page *draft_next_page(Arena *scratch, const Draft *d, const Page *after,
                            const DraftView *view);
Resolved draft_resolve(Arena *scratch, const Draft *d, Str code, const DraftView *view);
/* What a source's call needs, from the answers. NULL when something is still unknown. */
Value *draft_source_inputs(Arena *out, const Draft *d, const Source *s);
/* Answers that a page suggests because they are known: {element: value} (Question.prefill). */
Value *draft_suggest(Arena *out, const App *app, const Draft *d, const Page *page,
                     const Value *party, TimeMs now);

/* Does the item take applications now? If not: ERR_CONFLICT, and out {closed} says why, as
 * item_closed does. */
MUST_CHECK bool apply_is_open(StoreTx *tx, const Item *item, Value *out, Err *err);

/* Use cases; the actor is the party. Starting and submitting need an item that is open. */
/* in {item, lang, answers?}; out {draft} */
UseCase apply_start;
/* in {draft, page, answers, partial?}; out {draft, next?}; problems on failure. */
UseCase apply_save;
/* in {draft, source, fact}: what exchange_ask gave, or {state: "declined"}; logged as an access.
 * ERR_CONFLICT when the answers that it was asked with changed meanwhile. */
UseCase apply_facts;
/* in {draft, source, confirm: bool, note}: false objects, the applicant's own document prevails. */
UseCase apply_confirm;
/* in {draft, code, way: "upload"|"mail", files: [{hash, name, size, type}], note}; out {draft} */
UseCase apply_give;
/* in {draft, material} */
UseCase apply_take_back;
/* in {draft} */
UseCase apply_drop;
/* in {draft, declaration: true}; out {case, no, check_code} */
UseCase apply_submit;
/* Everything in one call, for programs: in {item, lang, answers, materials: [{code, way}],
 * declaration}; out {case, no, check_code} */
UseCase apply_at_once;
