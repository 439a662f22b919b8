/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The typed getters. A value of the wrong type is reported and left zero, so that reading goes on
 * and one run reports everything; nothing that was reported is used, because a catalogue with an
 * error is never published.
 */
#include "base/utf8.h"
#include "catalogue/catalogue_int.h"

Mark mark_of(const Value *v)
{
    return v ? (Mark){v->file, v->offset} : (Mark){0};
}

static void complain_at(Loader *l, const char *rule, uint16_t file, uint32_t offset, Str cure,
                        const char *fmt, va_list args)
{
    Str message = str_vfmt(l->diags->arena, fmt, args);
    diag_add(l->diags, DIAG_ERROR, rule, file, offset, cure, STR_FMT, STR_ARG(message));
}

void complain(Loader *l, const char *rule, const Value *at, Str cure, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    complain_at(l, rule, at->file, at->offset, cure, fmt, args);
    va_end(args);
}

static const ValueMember *member_of(const Value *map, Str key)
{
    for (uint32_t i = 0; value_is(map, VALUE_MAP) && i < map->map.count; i++)
        if (str_eq(map->map.members[i].key, key))
            return &map->map.members[i];
    return NULL;
}

void complain_key(Loader *l, const char *rule, const Value *map, const char *key, Str cure,
                  const char *fmt, ...)
{
    const ValueMember *m = member_of(map, str_z(key));
    va_list args;
    va_start(args, fmt);
    /* A member may be of another document than its map: a place's own value. */
    uint16_t file = m ? m->value->file : map->file;
    complain_at(l, rule, file, m ? m->key_offset : map->offset, cure, fmt, args);
    va_end(args);
}

Str or_nearest(Loader *l, Str wanted, const Str *names, size_t count)
{
    Str near = feel_nearest(wanted, names, count);
    return near.len ? str_fmt(l->diags->arena, "did you mean '" STR_FMT "'?", STR_ARG(near)) : near;
}

static const char *kind_name(ValueKind kind)
{
    static const char *const names[] = {"nothing", "true or false", "a number",
                                        "a text",  "a list",        "a map"};
    return names[kind];
}

static bool expect(Loader *l, const Value *v, ValueKind kind, const char *what)
{
    if (v->kind == kind)
        return true;
    Str cure = {0};
    if (kind == VALUE_STR && v->kind == VALUE_NUMBER)
        cure = STR("put it in quotes");
    if (kind == VALUE_MAP && v->kind == VALUE_STR)
        cure = STR("write {zh: …, en: …}");
    complain(l, "catalogue.type", v, cure, "'%s' must be %s, here it is %s", what, kind_name(kind),
             kind_name(v->kind));
    return false;
}

static void report_language(Loader *l, const Value *v, const char *what, Lang missing)
{
    diag_add(l->diags, DIAG_ADVICE, "text.language", v->file, v->offset,
             STR("people who read that language see the other one"),
             "'%s' has no text in '" STR_FMT "'", what, STR_ARG(lang_name(missing)));
}

static void read_language(Loader *l, const ValueMember *m, uint16_t file, Text *text)
{
    for (int lang = 0; lang < LANG_COUNT; lang++)
        if (str_eq(m->key, lang_name((Lang)lang))) {
            if (expect(l, m->value, VALUE_STR, lang == LANG_ZH ? "zh" : "en"))
                text->in[lang] = m->value->text;
            return;
        }
    diag_add(l->diags, DIAG_ERROR, "text.unknown-language", file, m->key_offset,
             STR("use zh and en"), "unknown language '" STR_FMT "'", STR_ARG(m->key));
}

/* Chinese without a Latin letter; names in brackets beside English are fine. */
static bool is_untranslated(Str en)
{
    bool chinese = false;
    for (size_t i = 0; i < en.len; i++) {
        unsigned char c = (unsigned char)en.at[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            return false;
        chinese = chinese || (c >= 0xE4 && c <= 0xE9);
    }
    return chinese;
}

bool read_text(Loader *l, const Value *v, const char *what, Text *text)
{
    if (!expect(l, v, VALUE_MAP, what))
        return false;
    for (uint32_t i = 0; i < v->map.count; i++)
        read_language(l, &v->map.members[i], v->file, text);
    if (!text->in[LANG_ZH].len && !text->in[LANG_EN].len) {
        complain(l, "text.empty", v, STR("write {zh: …, en: …}"), "'%s' has no text", what);
        return false;
    }
    for (int lang = 0; lang < LANG_COUNT; lang++)
        if (!text->in[lang].len)
            report_language(l, v, what, (Lang)lang);
    if (is_untranslated(text->in[LANG_EN]))
        diag_add(l->diags, DIAG_ADVICE, "text.untranslated", v->file, v->offset,
                 STR("write the English text"), "the English text of '%s' is Chinese", what);
    return true;
}

static bool is_key(Str s, bool hyphens)
{
    if (s.len == 0 || s.len > KEY_MAX || s.at[0] < 'a' || s.at[0] > 'z')
        return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        if (!plain && !(hyphens && c == '-'))
            return false;
    }
    return true;
}

static void read_str(Loader *l, const Value *v, const Field *f, Str *into)
{
    if (!expect(l, v, VALUE_STR, f->key))
        return;
    if (v->text.len == 0 || v->text.len > TEXT_MAX) {
        complain(l, "catalogue.empty", v, (Str){0}, "'%s' is %s", f->key,
                 v->text.len ? "too long" : "empty");
        return;
    }
    bool key = f->kind == FIELD_KEY || f->kind == FIELD_NAME;
    if (key && !is_key(v->text, f->kind == FIELD_KEY))
        complain(l, "catalogue.key-form", v,
                 f->kind == FIELD_KEY ? STR("use a-z, 0-9, - and _, a letter first")
                                      : STR("use a-z, 0-9 and _, a letter first: rules read it"),
                 "'" STR_FMT "' cannot be a key", STR_ARG(v->text));
    *into = v->text;
}

static void read_int(Loader *l, const Value *v, const Field *f, int32_t *into)
{
    int64_t n = 0;
    if (!expect(l, v, VALUE_NUMBER, f->key))
        return;
    int32_t max = f->max || f->min ? f->max : INT32_MAX;
    if (!str_int(v->text, &n) || n < f->min || n > max) {
        complain(l, "catalogue.range", v, (Str){0}, "'%s' must be a whole number from %d to %d",
                 f->key, f->min, max);
        return;
    }
    *into = (int32_t)n;
}

static void read_enum(Loader *l, const Value *v, const Field *f, int32_t *into)
{
    if (!expect(l, v, VALUE_STR, f->key))
        return;
    Str names[KEY_MAX];
    size_t n = 0;
    for (; f->names[n]; n++) {
        names[n] = str_z(f->names[n]);
        if (str_eq(names[n], v->text)) {
            *into = (int32_t)n;
            return;
        }
    }
    StrBuf all = buf_in(l->diags->arena);
    for (size_t i = 0; i < n; i++)
        buf_fmt(&all, "%s" STR_FMT, i ? ", " : "one of: ", STR_ARG(names[i]));
    Str near = or_nearest(l, v->text, names, n);
    complain(l, "catalogue.unknown-value", v, near.len ? near : buf_str(&all),
             "'" STR_FMT "' is no value of '%s'", STR_ARG(v->text), f->key);
}

static void read_date(Loader *l, const Value *v, const Field *f, Date *into)
{
    Err err = {0};
    if (!expect(l, v, VALUE_STR, f->key))
        return;
    if (!date_parse(v->text, into, &err))
        complain(l, "catalogue.date", v, STR("write it like 2026-01-31"),
                 "'" STR_FMT "' is no date", STR_ARG(v->text));
}

static void read_field(Loader *l, const Value *v, const Field *f, void *into)
{
    void *to = (char *)into + f->at;
    const FeelType *type = NULL;
    switch (f->kind) {
    case FIELD_STR:
    case FIELD_KEY:
    case FIELD_NAME: read_str(l, v, f, to); break;
    case FIELD_TEXT: read_text(l, v, f->key, to); break;
    case FIELD_BOOL:
        if (expect(l, v, VALUE_BOOL, f->key))
            *(bool *)to = v->truth;
        break;
    case FIELD_INT: read_int(l, v, f, to); break;
    case FIELD_ENUM: read_enum(l, v, f, to); break;
    case FIELD_FEEL: *(const FeelProgram **)to = read_expression(l, v, &type); break;
    case FIELD_CONDITION: *(const FeelProgram **)to = read_condition(l, v); break;
    case FIELD_DATE: read_date(l, v, f, to); break;
    case FIELD_LIST: expect(l, v, VALUE_LIST, f->key); break;
    case FIELD_MAP: expect(l, v, VALUE_MAP, f->key); break;
    case FIELD_ANY: break;
    }
}

static const Field *field_named(const Field *fields, size_t count, Str key)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(str_z(fields[i].key), key))
            return &fields[i];
    return NULL;
}

static void report_unknown_key(Loader *l, const ValueMember *m, uint16_t file, const Field *fields,
                               size_t count, const char *what)
{
    Str names[KEY_MAX];
    size_t n = 0;
    for (; n < count && n < KEY_MAX; n++)
        names[n] = str_z(fields[n].key);
    diag_add(l->diags, DIAG_ERROR, "catalogue.unknown-key", file, m->key_offset,
             or_nearest(l, m->key, names, n), "'" STR_FMT "' is no key of %s", STR_ARG(m->key),
             what);
}

bool read_fields(Loader *l, const Value *map, const Field *fields, size_t count, const char *what,
                 void *into)
{
    if (!map || !expect(l, map, VALUE_MAP, what))
        return false;
    for (uint32_t i = 0; i < map->map.count; i++) {
        const ValueMember *m = &map->map.members[i];
        const Field *f = field_named(fields, count, m->key);
        if (!f)
            report_unknown_key(l, m, m->value->file, fields, count, what);
        else if (m->value->kind != VALUE_NULL)
            read_field(l, m->value, f, into);
    }
    for (size_t i = 0; i < count; i++) {
        const Value *v = value_at(map, fields[i].key);
        if (fields[i].required && (!v || v->kind == VALUE_NULL))
            complain_key(l, "catalogue.missing", map, fields[i].key, (Str){0}, "%s has no '%s'",
                         what, fields[i].key);
    }
    return true;
}

size_t read_list(Loader *l, const Value *map, const char *key, Value *const **items)
{
    const Value *v = value_at(map, key);
    *items = NULL;
    if (!value_is(v, VALUE_LIST))
        return 0;
    if (v->list.count > LIST_MAX)
        complain(l, "catalogue.limit", v, (Str){0}, "'%s' has more than %d entries", key, LIST_MAX);
    *items = v->list.items;
    return v->list.count <= LIST_MAX ? v->list.count : LIST_MAX;
}

const Str *read_strings(Loader *l, const Value *map, const char *key, size_t *count)
{
    Value *const *items;
    size_t n = read_list(l, map, key, &items);
    Str *texts = NEW_N(l->arena, Str, n + 1);
    *count = 0;
    for (size_t i = 0; i < n; i++)
        if (expect(l, items[i], VALUE_STR, key))
            texts[(*count)++] = items[i]->text;
    return texts;
}

const Text *read_texts(Loader *l, const Value *map, const char *key, size_t *count)
{
    Value *const *items;
    size_t n = read_list(l, map, key, &items);
    Text *texts = NEW_N(l->arena, Text, n + 1);
    *count = 0;
    for (size_t i = 0; i < n; i++)
        if (read_text(l, items[i], key, &texts[*count]))
            (*count)++;
    return texts;
}
