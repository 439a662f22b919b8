/* SPDX-License-Identifier: Apache-2.0 */
#include "services/certificate/localise.h"

static bool is_text(const Value *v)
{
    if (v->kind != VALUE_MAP || v->map.count == 0 || v->map.count > LANG_COUNT)
        return false;
    for (uint32_t i = 0; i < v->map.count; i++) {
        Str k = v->map.members[i].key;
        if (!str_eq(k, STR("zh")) && !str_eq(k, STR("en")))
            return false;
    }
    return true;
}

static Value *text_of(Arena *out, const Value *v, Lang lang)
{
    Text t = {{[LANG_ZH] = get_str(v, "zh"), [LANG_EN] = get_str(v, "en")}};
    return value_str(out, text_in(t, lang));
}

static void put(Arena *out, Value *map, Str stem, const char *suffix, Str text)
{
    value_set(out, map, str_fmt(out, STR_FMT "%s", STR_ARG(stem), suffix), value_str(out, text));
}

static void add_written(Arena *out, Value *map, const ValueMember *m, Lang lang, int32_t zone)
{
    int64_t at;
    Date day;
    Str key = m->key, text = value_text(m->value);
    if (str_ends(key, STR("_at")) && str_int(text, &at)) {
        Str stem = str_slice(key, 0, key.len - 3);
        put(out, map, stem, "_date",
            at ? date_text(out, date_of_time(at, zone), lang_name(lang)) : STR(""));
        put(out, map, stem, "_time", at ? time_text(out, at, zone, lang_name(lang)) : STR(""));
    }
    if (str_ends(key, STR("_day")) && date_parse(text, &day, NULL))
        put(out, map, str_slice(key, 0, key.len - 4), "_date",
            date_text(out, day, lang_name(lang)));
}

Value *localise(Arena *out, const Value *v, Lang lang, int32_t zone_minutes)
{
    if (is_text(v))
        return text_of(out, v, lang);
    if (v->kind == VALUE_LIST) {
        Value *list = value_list(out);
        for (uint32_t i = 0; i < v->list.count; i++)
            value_push(out, list, localise(out, value_item(v, i), lang, zone_minutes));
        return list;
    }
    if (v->kind != VALUE_MAP)
        return value_copy(out, v);
    Value *map = value_map(out);
    for (uint32_t i = 0; i < v->map.count; i++) {
        const ValueMember *m = &v->map.members[i];
        value_set(out, map, m->key, localise(out, m->value, lang, zone_minutes));
        add_written(out, map, m, lang, zone_minutes);
    }
    return map;
}

/* "due_at" is read as due_date and due_time. */
static Str stem_of(Str key)
{
    if (str_ends(key, STR("_at")))
        return str_slice(key, 0, key.len - 3);
    return str_ends(key, STR("_day")) ? str_slice(key, 0, key.len - 4) : key;
}

Value *localise_for(Arena *out, const Value *v, Str template, Lang lang, int32_t zone_minutes)
{
    Value *used = value_map(out);
    for (uint32_t i = 0; value_is(v, VALUE_MAP) && i < v->map.count; i++) {
        const ValueMember *m = &v->map.members[i];
        if (str_find(template, stem_of(m->key), 0) != SIZE_MAX)
            value_append(out, used, m->key, 0, m->value);
    }
    return localise(out, used, lang, zone_minutes);
}

Value *text_value(Arena *out, Text t)
{
    Value *v = value_map(out);
    set_str(out, v, "zh", text_in(t, LANG_ZH));
    set_str(out, v, "en", text_in(t, LANG_EN));
    return v;
}

void set_text(Arena *out, Value *map, const char *key, Text t)
{
    set_value(out, map, key, text_value(out, t));
}
