/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sources/<key>.yaml: one register each. The request is a template over the inputs; a placeholder
 * that is no input would be sent empty, so it is an error here.
 */
#include "catalogue/catalogue_int.h"

enum { WAIT_MAX_MS = 60 * 1000, RETRIES_MAX = 5 };

static const char *const method_names[] = {"GET", "POST", NULL};

typedef struct {
    Source s;
    int32_t method;
} SourceDraft;

#define AT(field) offsetof(SourceDraft, s.field)

static const Field source_fields[] = {
    {"key", FIELD_KEY, true, AT(key), 0, 0, NULL},
    {"name", FIELD_TEXT, true, AT(name), 0, 0, NULL},
    {"owner", FIELD_TEXT, true, AT(owner), 0, 0, NULL},
    {"purpose", FIELD_TEXT, true, AT(purpose), 0, 0, NULL},
    {"basis", FIELD_TEXT, true, AT(basis), 0, 0, NULL},
    {"method", FIELD_ENUM, false, offsetof(SourceDraft, method), 0, 0, method_names},
    {"url", FIELD_STR, true, AT(url), 0, 0, NULL},
    {"body", FIELD_STR, false, AT(body), 0, 0, NULL},
    {"token_env", FIELD_STR, false, AT(token_env), 0, 0, NULL},
    {"inputs", FIELD_LIST, true, 0, 0, 0, NULL},
    {"found_if", FIELD_CONDITION, true, AT(found_if), 0, 0, NULL},
    {"fields", FIELD_LIST, true, 0, 0, 0, NULL},
    {"connect_ms", FIELD_INT, false, AT(connect_ms), 1, WAIT_MAX_MS, NULL},
    {"total_ms", FIELD_INT, false, AT(total_ms), 1, WAIT_MAX_MS, NULL},
    {"retries", FIELD_INT, false, AT(retries), 0, RETRIES_MAX, NULL},
    {"needs_consent", FIELD_BOOL, false, AT(needs_consent), 0, 0, NULL},
};

static const Field fact_fields[] = {
    {"key", FIELD_NAME, true, offsetof(SourceField, key), 0, 0, NULL},
    {"label", FIELD_TEXT, true, offsetof(SourceField, label), 0, 0, NULL},
    {"from", FIELD_FEEL, true, offsetof(SourceField, from), 0, 0, NULL},
    {"sensitive", FIELD_BOOL, false, offsetof(SourceField, sensitive), 0, 0, NULL},
};

static void read_inputs(Loader *l, const Value *doc, Source *s)
{
    Value *const *items;
    size_t n = read_list(l, doc, "inputs", &items);
    s->inputs = read_strings(l, doc, "inputs", &s->input_count);
    for (size_t i = 0; i < n; i++)
        if (value_is(items[i], VALUE_STR))
            resolve_entry(l, "element", items[i]->text, items[i]);
}

static void read_facts(Loader *l, const Value *doc, Source *s)
{
    Value *const *items;
    size_t n = read_list(l, doc, "fields", &items);
    SourceField *fields = NEW_N(l->arena, SourceField, n + 1);
    for (size_t i = 0; i < n; i++) {
        READ_FIELDS(l, items[i], fact_fields, "a field", &fields[i]);
        for (size_t j = 0; j < i; j++)
            if (fields[i].key.len && str_eq(fields[i].key, fields[j].key))
                complain(l, "catalogue.duplicate", items[i], STR("keep one of them"),
                         "there is another field '" STR_FMT "'", STR_ARG(fields[i].key));
    }
    s->fields = fields;
    s->field_count = n;
}

static bool is_input(const Source *s, Str name)
{
    for (size_t i = 0; i < s->input_count; i++)
        if (str_eq(s->inputs[i], name))
            return true;
    return false;
}

static void check_template(Loader *l, const Source *s, const Value *v)
{
    if (!v)
        return;
    Str text = value_text(v), document = l->diags->files.at[v->file].text;
    for (size_t at = str_find(text, STR("{{"), 0); at != SIZE_MAX;) {
        size_t end = str_find(text, STR("}}"), at);
        Str name = str_trim(str_slice(text, at + 2, end == SIZE_MAX ? text.len : end));
        if (end == SIZE_MAX || !is_input(s, name))
            diag_add(l->diags, DIAG_ERROR, "source.placeholder", v->file,
                     scalar_offset(document, v->offset, (uint32_t)at),
                     or_nearest(l, name, s->inputs, s->input_count),
                     "'" STR_FMT "' is no input of this source", STR_ARG(name));
        at = end == SIZE_MAX ? SIZE_MAX : str_find(text, STR("{{"), end);
    }
}

static void check_url(Loader *l, const Source *s, const Value *doc)
{
    bool known = str_starts(s->url, STR("https://")) || str_starts(s->url, STR("http://")) ||
                 str_starts(s->url, STR("${SOURCES_BASE}/"));
    if (s->url.len && !known)
        complain(l, "source.url", value_at(doc, "url"),
                 STR("begin with https:// or ${SOURCES_BASE}/"), "'" STR_FMT "' is no address",
                 STR_ARG(s->url));
}

static void set_defaults(Source *s)
{
    s->connect_ms = s->connect_ms ? s->connect_ms : 1000;
    s->total_ms = s->total_ms ? s->total_ms : 3000;
}

static void load_source(Loader *l, Str path, Source *s)
{
    static const FeelName answer[] = {{STR_INIT("answer"), NULL}};
    static const FeelNames names = {.at = answer, .count = COUNT(answer)};
    const Value *doc = load_document(l, path, false);
    SourceDraft draft = {0};
    l->names = &names;
    if (!doc || !READ_FIELDS(l, doc, source_fields, "a source", &draft))
        return;
    *s = draft.s;
    s->method = str_z(method_names[draft.method]);
    s->file = doc->file;
    s->offset = doc->offset;
    read_inputs(l, doc, s);
    read_facts(l, doc, s);
    check_url(l, s, doc);
    check_template(l, s, value_at(doc, "url"));
    check_template(l, s, value_at(doc, "body"));
    set_defaults(s);
    register_entry(l, "source", s->key, doc, s);
}

void load_sources(Loader *l)
{
    Source *sources = NEW_N(l->arena, Source, l->files.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < l->files.len; i++) {
        Str path = l->files.at[i].path;
        if (str_starts(path, STR("sources/")) && str_ends(path, STR(".yaml")))
            load_source(l, path, &sources[n++]);
    }
    l->c->sources = sources;
    l->c->source_count = n;
}
