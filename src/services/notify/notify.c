/* SPDX-License-Identifier: Apache-2.0 */
#include "services/notify/notify.h"

#include "html/html.h"
#include "model/form.h"
#include "services/certificate/localise.h"
#include "json/json.h"

bool notify_queue(StoreTx *tx, int64_t case_id, const Party *to, const MessageTemplate *t,
                  Lang lang, const Value *data, Err *err)
{
    StrBuf text = buf_in(tx->arena);
    Str words = text_in(t->text, lang);
    int32_t zone = tx_app(tx)->catalogue->zone_minutes;
    const Value *view = localise_for(tx->arena, data, words, lang, zone);
    if (!html_render_text(&text, words, view, err))
        return false;
    Value *payload = value_map(tx->arena);
    set_str(tx->arena, payload, "template", t->key);
    set_str(tx->arena, payload, "phone", to->phone);
    set_str(tx->arena, payload, "text", buf_str(&text));
    return store_outbox_add(tx, case_id, to->id, STR("sms"), payload, err);
}

static NotifyEnd judge(Arena *out, int status, Str *reason)
{
    if (status >= 200 && status < 300)
        return NOTIFY_SENT;
    *reason = str_fmt(out, "the gateway answered %d", status);
    return status >= 500 || status == 429 || status == 408 ? NOTIFY_RETRY : NOTIFY_REFUSED;
}

NotifyEnd notify_send(const App *app, Arena *scratch, Fetcher *f, const StoreOutbox *row,
                      Str *reason)
{
    Err err = {0};
    const Value *payload = json_read(scratch, row->payload, &err);
    if (!payload) {
        *reason = STR("unreadable payload");
        return NOTIFY_REFUSED;
    }
    if (!app->sms_url.len)
        return NOTIFY_SENT;
    Value *body = value_map(scratch);
    set_str(scratch, body, "to", get_str(payload, "phone"));
    set_str(scratch, body, "text", get_str(payload, "text"));
    FetchHeader headers[] = {
        {STR("Content-Type"), STR("application/json")},
        {STR("Idempotency-Key"), row->key},
    };
    FetchCall call = {.method = STR("POST"),
                      .url = app->sms_url,
                      .headers = headers,
                      .header_count = COUNT(headers),
                      .body = json_text(scratch, body)};
    FetchAnswer answer;
    if (fetch_call(scratch, f, &call, &answer, &err))
        return judge(scratch, answer.status, reason);
    *reason = str_dup(scratch, str_z(err.msg));
    return NOTIFY_RETRY;
}

bool notify_list(StoreConn *conn, Arena *out, const App *app, int64_t case_id, Value *list,
                 Err *err)
{
    StoreRows rows;
    if (!store_run(conn, out, SQL_OUTBOX_OF_CASE,
                   PARAMS(P_STR(app->catalogue->place), P_INT(case_id)), &rows, err))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        const Value *payload = json_read(out, row_str(&rows, i, 2), err);
        if (!payload)
            return false;
        Value *row = push_map(out, list);
        set_int(out, row, "at", row_int(&rows, i, 4));
        set_str(out, row, "channel", row_str(&rows, i, 1));
        set_str(out, row, "state", row_str(&rows, i, 3));
        set_str(out, row, "text", get_str(payload, "text"));
        set_str(out, row, "phone", mask_phone(out, get_str(payload, "phone")));
    }
    return true;
}
