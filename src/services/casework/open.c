/* SPDX-License-Identifier: Apache-2.0 */
/* The birth of a case: its number, its row, the first event, its process, the receipt. */
#include "services/casework/casework_int.h"
#include "json/json.h"

enum { CHECK_CODE = 4 };

/* YX-2026-004217: gapless within the year and the place. */
static bool next_number(StoreTx *tx, Str *no, Err *err)
{
    const Catalogue *c = tx_app(tx)->catalogue;
    int32_t year = time_civil(tx->now, c->zone_minutes).date.year;
    int64_t seq;
    if (!tx_counter(tx, str_fmt(tx->arena, "case:%d", year), &seq, err))
        return false;
    *no = str_fmt(tx->arena, STR_FMT "-%d-%06lld", STR_ARG(c->place_prefix), year, (long long)seq);
    return true;
}

bool casework_insert(StoreTx *tx, const CaseFile *cf, Err *err)
{
    Value *data = value_map(tx->arena);
    set_value(tx->arena, data, "answers", cf->answers);
    const Value *flow = casework_flow_value(tx->arena, cf, err);
    return flow &&
           tx_run(tx, SQL_CASE_ADD,
                  PARAMS(P_STR(tx->place), P_INT(cf->id), P_STR(cf->no), P_INT(cf->party),
                         P_STR(cf->applicant), P_STR(cf->item->key), P_STR(cf->item_version),
                         P_STR(cf->title), P_STR(cf->organ), P_STR(cf->state), P_STR(cf->channel),
                         P_STR(lang_name(cf->lang)), P_INT(cf->received_at), P_INT(cf->legal_due),
                         P_INT(cf->promise_due), P_STR(cf->check_code),
                         P_STR(json_text(tx->arena, data)), P_STR(json_text(tx->arena, cf->facts)),
                         P_STR(json_text(tx->arena, law_case_value(tx->arena, &cf->law))),
                         P_STR(json_text(tx->arena, flow)), P_STR(cf->calendar),
                         P_INT(cf->chain.seq), P_STR(store_chain_hash(&cf->chain)),
                         P_INT(cf->parent), P_STR(cf->part)),
                  NULL, err);
}

static void fill(StoreTx *tx, const CaseNew *n, CaseFile *cf)
{
    Str number = n->party.id_number;
    *cf =
        (CaseFile){.id = tx_id(tx),
                   .party = n->party.id,
                   .who = n->party,
                   .version = 1,
                   .applicant = n->party.name,
                   .title = text_in(n->item->name, LANG_ZH),
                   .organ = item_decider(n->item)->key,
                   .channel = n->channel,
                   .lang = n->lang,
                   .item_version = n->item->hash,
                   .item = n->item,
                   .catalogue = tx_app(tx)->catalogue,
                   .received_at = tx->now,
                   .answers = n->answers,
                   .facts = n->facts,
                   .law = law_case_new(),
                   .calendar = calendar_version(tx_app(tx)->catalogue->calendar),
                   .check_code = str_slice(
                       number, number.len > CHECK_CODE ? number.len - CHECK_CODE : 0, number.len)};
    store_chain_new(&cf->chain, cf->id);
}

bool casework_new(StoreTx *tx, const CaseNew *n, CaseFile *cf, Err *err)
{
    fill(tx, n, cf);
    return next_number(tx, &cf->no, err);
}

Value *casework_submitted(Arena *a, const CaseFile *cf)
{
    Value *data = value_map(a);
    set_str(a, data, "channel", cf->channel);
    set_str(a, data, "item", cf->item->key);
    set_str(a, data, "version", cf->item->version);
    set_str(a, data, "item_version", cf->item->hash);
    return data;
}

bool casework_open(StoreTx *tx, const CaseNew *n, CaseFile *cf, Err *err)
{
    Actor applicant = {.kind = ACTOR_PARTY, .id = n->party.id, .name = n->party.name};
    if (!n->item->process)
        return FAIL(err, ERR_CONFLICT, "item '" STR_FMT "' has no process", STR_ARG(n->item->key));
    return casework_new(tx, n, cf, err) &&
           casework_apply_law(tx, cf, LAW_SUBMIT, LAW_APPLICANT, &applicant,
                              casework_submitted(tx->arena, cf), err) &&
           casework_start_process(tx, cf, err) && casework_insert(tx, cf, err);
}
