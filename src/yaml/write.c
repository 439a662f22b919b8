/* SPDX-License-Identifier: Apache-2.0 */
/* Values to libyaml's emitter, event by event; it chooses quotes where plain text is not possible. */
#include <yaml.h>

#include "yaml/yaml.h"

enum { NO_WRAPPING = -1, INDENT = 2 };

static int put_bytes(void *data, unsigned char *bytes, size_t size)
{
    buf_add(data, (Str){(const char *)bytes, size});
    return 1;
}

/* Plain, it would be read as something other than this text, here or by other readers of YAML. */
static bool needs_quotes(Str s)
{
    static const Str words[] = {STR_INIT("null"), STR_INIT("true"), STR_INIT("false"),
                                STR_INIT("yes"),  STR_INIT("no"),   STR_INIT("on"),
                                STR_INIT("off"),  STR_INIT("y"),    STR_INIT("n"),
                                STR_INIT("~"),    STR_INIT("")};
    for (size_t i = 0; i < COUNT(words); i++)
        if (str_eq_nocase(s, words[i]))
            return true;
    return (s.at[0] >= '0' && s.at[0] <= '9') || s.at[0] == '-' || s.at[0] == '+' || s.at[0] == '.';
}

static bool put_scalar(yaml_emitter_t *e, Str s, yaml_scalar_style_t style)
{
    yaml_event_t event;
    return yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)s.at, (int)s.len,
                                        1, 1, style) &&
           yaml_emitter_emit(e, &event);
}

static bool put_text(yaml_emitter_t *e, Str s)
{
    bool lines = s.len && memchr(s.at, '\n', s.len);
    yaml_scalar_style_t style = lines             ? YAML_LITERAL_SCALAR_STYLE
                                : needs_quotes(s) ? YAML_DOUBLE_QUOTED_SCALAR_STYLE
                                                  : YAML_ANY_SCALAR_STYLE;
    return put_scalar(e, s, style);
}

/* {zh: …, en: …} stands on one line. */
static bool is_text_of_languages(const Value *v)
{
    for (uint32_t i = 0; i < v->map.count; i++)
        if (v->map.members[i].key.len != 2 || v->map.members[i].value->kind != VALUE_STR)
            return false;
    return true;
}

static bool put_value(yaml_emitter_t *e, const Value *v);

static bool put_list(yaml_emitter_t *e, const Value *v)
{
    yaml_event_t event;
    yaml_sequence_style_t style =
        v->list.count ? YAML_BLOCK_SEQUENCE_STYLE : YAML_FLOW_SEQUENCE_STYLE;
    bool ok = yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, style) &&
              yaml_emitter_emit(e, &event);
    for (uint32_t i = 0; ok && i < v->list.count; i++)
        ok = put_value(e, v->list.items[i]);
    return ok && yaml_sequence_end_event_initialize(&event) && yaml_emitter_emit(e, &event);
}

static bool put_map(yaml_emitter_t *e, const Value *v)
{
    yaml_event_t event;
    yaml_mapping_style_t style =
        is_text_of_languages(v) ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE;
    bool ok = yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, style) &&
              yaml_emitter_emit(e, &event);
    for (uint32_t i = 0; ok && i < v->map.count; i++)
        ok = put_text(e, v->map.members[i].key) && put_value(e, v->map.members[i].value);
    return ok && yaml_mapping_end_event_initialize(&event) && yaml_emitter_emit(e, &event);
}

static bool put_value(yaml_emitter_t *e, const Value *v)
{
    switch (v->kind) {
    case VALUE_NULL: return put_scalar(e, STR("null"), YAML_PLAIN_SCALAR_STYLE);
    case VALUE_BOOL:
        return put_scalar(e, v->truth ? STR("true") : STR("false"), YAML_PLAIN_SCALAR_STYLE);
    case VALUE_NUMBER: return put_scalar(e, v->text, YAML_PLAIN_SCALAR_STYLE);
    case VALUE_STR: return put_text(e, v->text);
    case VALUE_LIST: return put_list(e, v);
    case VALUE_MAP: return put_map(e, v);
    }
    return false;
}

static uint32_t depth_of(const Value *v, uint32_t at)
{
    uint32_t deepest = at;
    for (size_t i = 0; at <= YAML_MAX_DEPTH && i < value_count(v); i++) {
        const Value *inner = v->kind == VALUE_LIST ? v->list.items[i] : v->map.members[i].value;
        uint32_t d = depth_of(inner, at + 1);
        deepest = d > deepest ? d : deepest;
    }
    return deepest;
}

bool yaml_write(StrBuf *to, const Value *v, Err *err)
{
    if (depth_of(v, 1) > YAML_MAX_DEPTH)
        return FAIL(err, ERR_LIMIT, "YAML_MAX_DEPTH: nested deeper than %d", YAML_MAX_DEPTH);
    yaml_emitter_t e;
    yaml_event_t event;
    if (!yaml_emitter_initialize(&e))
        return FAIL(err, ERR_LIMIT, "out of memory");
    yaml_emitter_set_output(&e, put_bytes, to);
    yaml_emitter_set_unicode(&e, 1);
    yaml_emitter_set_width(&e, NO_WRAPPING);
    yaml_emitter_set_indent(&e, INDENT);
    bool ok = yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING) &&
              yaml_emitter_emit(&e, &event) &&
              yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1) &&
              yaml_emitter_emit(&e, &event) && put_value(&e, v) &&
              yaml_document_end_event_initialize(&event, 1) && yaml_emitter_emit(&e, &event) &&
              yaml_stream_end_event_initialize(&event) && yaml_emitter_emit(&e, &event);
    if (!ok)
        (void)FAIL(err, ERR_INPUT, "no YAML can be written: %s", e.problem ? e.problem : "");
    yaml_emitter_delete(&e);
    return ok;
}
