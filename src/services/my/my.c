/* SPDX-License-Identifier: Apache-2.0 */
#include "services/my/my.h"

#include "services/apply/apply.h"
#include "services/certificate/localise.h"
#include "json/json.h"

const char *const rating_reasons[RATING_REASONS] = {"attitude", "speed", "materials", "skill",
                                                    "environment"};

bool my_case(const Viewing *by, Str no, CaseFile *cf, Err *err)
{
    int64_t id;
    if (!casework_id(by->reader, by->out, by->app, no, &id, err) ||
        !casework_load(by->reader, by->out, by->app, id, cf, err))
        return false;
    return cf->party == by->viewer->id ||
           FAIL(err, ERR_NOT_FOUND, "no case '" STR_FMT "'", STR_ARG(no));
}

static bool take(StoreTx *tx, const Actor *actor, const Value *in, CaseFile *cf, Err *err)
{
    int64_t id = get_int(in, "case", 0);
    if (!casework_take(tx, id, cf, err))
        return false;
    return (actor->kind == ACTOR_PARTY && cf->party == actor->id) ||
           FAIL(err, ERR_NOT_FOUND, "no case '%lld'", (long long)id);
}

/* A whole with all its parts, a part before it begins, a case. */
static bool withdraw(StoreTx *tx, CaseFile *cf, const Actor *actor, const Value *data, Value *out,
                     Err *err)
{
    if (casework_is_whole(cf)) {
        set_str(tx->arena, out, "no", cf->no);
        return casework_withdraw_whole(tx, cf, actor, data, err);
    }
    return (casework_waits(cf)
                ? casework_withdraw_waiting(tx, cf, actor, data, err)
                : casework_act(tx, cf, LAW_WITHDRAW, LAW_APPLICANT, actor, data, err)) &&
           casework_done(tx, cf, out, err);
}

bool my_withdraw(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    CaseFile cf;
    Value *data = value_map(tx->arena);
    Str reason = str_trim(get_str(in, "reason"));
    if (reason.len > RATING_REMARK_MAX)
        return FAIL(err, ERR_LIMIT, "reason over %d bytes", RATING_REMARK_MAX);
    if (reason.len)
        set_str(tx->arena, data, "reason", reason);
    return take(tx, actor, in, &cf, err) && withdraw(tx, &cf, actor, data, out, err);
}

bool my_early(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    CaseFile cf;
    if (!take(tx, actor, in, &cf, err))
        return false;
    if (!casework_is_whole(&cf))
        return FAIL(err, ERR_CONFLICT, "case '" STR_FMT "' has no parts", STR_ARG(cf.no));
    set_str(tx->arena, out, "no", cf.no);
    return casework_hand_out_early(tx, &cf, actor, err);
}

static bool keep_file(StoreTx *tx, const CaseFile *cf, const Value *f, Err *err)
{
    Str hash = get_str(f, "hash");
    return tx_run(tx, SQL_FILE_ADD,
                  PARAMS(P_STR(hash), P_INT(get_int(f, "size", 0)), P_STR(get_str(f, "type")),
                         P_INT(tx->now)),
                  NULL, err) &&
           tx_run(tx, SQL_MATERIAL_ADD,
                  PARAMS(P_STR(tx->place), P_INT(tx_id(tx)), P_INT(0), P_INT(cf->id),
                         P_STR(get_str(f, "code")), P_STR(STR("upload")), P_STR(STR("given")),
                         P_STR(hash), P_STR(get_str(f, "name")), P_STR(STR("")), P_INT(tx->now)),
                  NULL, err);
}

bool my_supply(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    CaseFile cf;
    if (!take(tx, actor, in, &cf, err))
        return false;
    const Value *files = value_at(in, "files");
    Str note = str_trim(get_str(in, "note"));
    size_t n = value_count(files);
    if (!n && !note.len) {
        Value *row = push_map(tx->arena, set_list(tx->arena, out, "problems"));
        set_str(tx->arena, row, "element", STR("file"));
        set_str(tx->arena, row, "key", STR("error.file.required"));
        return FAIL(err, ERR_INPUT, "neither a file nor a note");
    }
    if (n > DRAFT_FILES_MAX || note.len > RATING_REMARK_MAX)
        return FAIL(err, ERR_LIMIT, "more than %d files or %d bytes of note", DRAFT_FILES_MAX,
                    RATING_REMARK_MAX);
    for (size_t i = 0; i < n; i++)
        if (!keep_file(tx, &cf, value_item(files, i), err))
            return false;
    Value *data = value_map(tx->arena);
    set_str(tx->arena, data, "note", note);
    set_int(tx->arena, data, "files", (int64_t)n);
    return casework_act(tx, &cf, LAW_CORRECT, LAW_APPLICANT, actor, data, err) &&
           casework_done(tx, &cf, out, err);
}

static bool known_reasons(Arena *a, const Value *given, Value *kept)
{
    for (uint32_t i = 0; value_is(given, VALUE_LIST) && i < given->list.count; i++) {
        Str key = value_text(value_item(given, i));
        bool known = false;
        for (size_t k = 0; k < RATING_REASONS; k++)
            known = known || str_eq(key, str_z(rating_reasons[k]));
        if (!known)
            return false;
        push_str(a, kept, key);
    }
    return true;
}

static bool rating_problem(StoreTx *tx, Value *out, const char *element, const char *key, Err *err)
{
    Value *row = push_map(tx->arena, set_list(tx->arena, out, "problems"));
    set_str(tx->arena, row, "element", str_z(element));
    set_str(tx->arena, row, "key", str_z(key));
    return FAIL(err, ERR_INPUT, "the rating's '%s' is wrong", element);
}

bool my_rate(StoreTx *tx, const Actor *actor, const Value *in, Value *out, Err *err)
{
    CaseFile cf;
    int64_t level = get_int(in, "level", 0);
    Str remark = str_trim(get_str(in, "remark"));
    Value *data = value_map(tx->arena);
    if (!take(tx, actor, in, &cf, err))
        return false;
    if (!my_may_rate(&cf))
        return FAIL(err, ERR_CONFLICT, "case '" STR_FMT "' has no answer yet", STR_ARG(cf.no));
    set_int(tx->arena, data, "level", level);
    Value *reasons = set_list(tx->arena, data, "reasons");
    if (level < 1 || level > 5)
        return rating_problem(tx, out, "level", "error.required", err);
    if (!known_reasons(tx->arena, value_at(in, "reasons"), reasons))
        return rating_problem(tx, out, "reasons", "error.option", err);
    if (remark.len > RATING_REMARK_MAX)
        return rating_problem(tx, out, "remark", "error.too-long", err);
    if (level <= 2 && !value_count(reasons) && !remark.len)
        return rating_problem(tx, out, "reasons", "error.rating.reason", err);
    set_str(tx->arena, data, "remark", remark);
    return tx_run(tx, SQL_RATING_ADD,
                  PARAMS(P_STR(tx->place), P_INT(tx_id(tx)), P_INT(cf.id), P_INT(actor->id),
                         P_INT(level), P_STR(json_text(tx->arena, reasons)), P_STR(remark),
                         P_INT(tx->now)),
                  NULL, err) &&
           casework_note(tx, &cf, STR("rated"), actor, data, err) &&
           casework_done(tx, &cf, out, err);
}

/* A part stands under its whole, which has a smaller id and so comes later in the rows. */
static Value *under(Arena *out, Value *parts_of, const StoreRows *r, size_t i, Value *cases)
{
    int64_t parent = row_int(r, i, 8);
    bool listed = false;
    for (size_t k = i + 1; parent && k < r->count && !listed; k++)
        listed = row_int(r, k, 0) == parent;
    if (!listed)
        return cases;
    const char *id = str_cstr(out, str_fmt(out, "%lld", (long long)parent));
    Value *parts = value_inside(parts_of, id);
    return parts ? parts : set_list(out, parts_of, id);
}

/* Rows go back in time: the parts of a whole were met last first. */
static void put_parts_of(Arena *out, const Value *parts_of, int64_t id, Value *row)
{
    const Value *parts = value_at(parts_of, str_cstr(out, str_fmt(out, "%lld", (long long)id)));
    Value *list = parts ? set_list(out, row, "parts") : NULL;
    for (size_t i = value_count(parts); i > 0; i--)
        value_push(out, list, value_item(parts, i - 1));
}

bool my_overview(const Viewing *by, Value *model, Err *err)
{
    Arena *out = by->out;
    const Catalogue *c = by->app->catalogue;
    int64_t party = by->viewer->id;
    StoreRows r;
    Value *parts_of = value_map(out);
    Value *cases = set_list(out, model, "cases"), *drafts = set_list(out, model, "drafts");
    if (!draft_list(by->reader, out, by->app, party, by->lang, drafts, err) ||
        !store_run(by->reader, out, SQL_CASES_OF_PARTY, PARAMS(P_STR(c->place), P_INT(party)), &r,
                   err))
        return false;
    for (size_t i = 0; i < r.count; i++) {
        const Item *item = catalogue_item(c, row_str(&r, i, 3));
        Value *row = push_map(out, under(out, parts_of, &r, i, cases));
        set_str(out, row, "no", row_str(&r, i, 1));
        set_str(out, row, "name", item ? text_in(item->name, by->lang) : row_str(&r, i, 2));
        set_str(out, row, "state", row_str(&r, i, 4));
        set_int(out, row, "received_at", row_int(&r, i, 5));
        set_int(out, row, "promise_at", row_int(&r, i, 6));
        set_bool(out, row, "closed", row_int(&r, i, 7) != 0);
        put_parts_of(out, parts_of, row_int(&r, i, 0), row);
    }
    return true;
}
