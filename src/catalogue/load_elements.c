/* SPDX-License-Identifier: Apache-2.0 */
/* elements.yaml: the dictionary of data elements, and the options that situations share with it. */
#include "catalogue/catalogue_int.h"

static const char *const type_names[] = {"text",   "textarea", "number",  "date",  "time",
                                         "idcard", "uscc",     "phone",   "radio", "checkbox",
                                         "select", "address",  "boolean", NULL};
_Static_assert(COUNT(type_names) == ELEMENT_BOOLEAN + 2, "a name for each type");

static const Field list_fields[] = {{"elements", FIELD_LIST, true, 0, 0, 0, NULL}};

static const Field element_fields[] = {
    {"key", FIELD_NAME, true, offsetof(Element, key), 0, 0, NULL},
    {"type", FIELD_ENUM, true, offsetof(Element, type), 0, 0, type_names},
    {"label", FIELD_TEXT, true, offsetof(Element, label), 0, 0, NULL},
    {"hint", FIELD_TEXT, false, offsetof(Element, hint), 0, 0, NULL},
    {"max_length", FIELD_INT, false, offsetof(Element, max_length), 1, 10000, NULL},
    {"min", FIELD_STR, false, offsetof(Element, min), 0, 0, NULL},
    {"max", FIELD_STR, false, offsetof(Element, max), 0, 0, NULL},
    {"options", FIELD_LIST, false, 0, 0, 0, NULL},
    {"divisions", FIELD_MAP, false, 0, 0, 0, NULL},
    {"sensitive", FIELD_BOOL, false, offsetof(Element, sensitive), 0, 0, NULL},
    {"source", FIELD_STR, false, offsetof(Element, source), 0, 0, NULL},
    {"for_staff", FIELD_BOOL, false, offsetof(Element, for_staff), 0, 0, NULL},
};

static const Field option_fields[] = {
    {"value", FIELD_KEY, true, offsetof(Option, value), 0, 0, NULL},
    {"label", FIELD_TEXT, true, offsetof(Option, label), 0, 0, NULL},
    {"hint", FIELD_TEXT, false, offsetof(Option, hint), 0, 0, NULL},
};

/* As option_fields, but a value is a division's code. */
static const Field division_fields[] = {
    {"value", FIELD_STR, true, offsetof(Option, value), 0, 0, NULL},
    {"label", FIELD_TEXT, true, offsetof(Option, label), 0, 0, NULL},
};

static const Option *read_division_options(Loader *l, const Value *map, size_t *count)
{
    Value *const *items;
    size_t n = read_list(l, map, "options", &items);
    Option *options = NEW_N(l->arena, Option, n + 1);
    for (size_t i = 0; i < n; i++)
        READ_FIELDS(l, items[i], division_fields, "a division", &options[i]);
    *count = n;
    return options;
}

const Option *read_options(Loader *l, const Value *map, size_t *count)
{
    Value *const *items;
    size_t n = read_list(l, map, "options", &items);
    Option *options = NEW_N(l->arena, Option, n + 1);
    for (size_t i = 0; i < n; i++) {
        READ_FIELDS(l, items[i], option_fields, "an option", &options[i]);
        for (size_t j = 0; j < i; j++)
            if (options[i].value.len && str_eq(options[i].value, options[j].value))
                complain(l, "options.duplicate", items[i], STR("keep one of them"),
                         "there is another option '" STR_FMT "'", STR_ARG(options[i].value));
    }
    *count = n;
    return options;
}

static bool has_choices(ElementType type)
{
    return type == ELEMENT_RADIO || type == ELEMENT_CHECKBOX || type == ELEMENT_SELECT;
}

static void check_choices(Loader *l, const Element *e, const Value *v)
{
    if (has_choices(e->type) && e->option_count == 0)
        complain(l, "element.no-options", v, STR("list its options, each with value and label"),
                 "element '" STR_FMT "' has nothing to choose from", STR_ARG(e->key));
    if (!has_choices(e->type) && value_at(v, "options"))
        complain_key(l, "element.options", v, "options", STR("make it radio, select or checkbox"),
                     "element '" STR_FMT "' of type '%s' cannot have options", STR_ARG(e->key),
                     type_names[e->type]);
}

static bool bound_fits(ElementType type, Str bound)
{
    Date d;
    Decimal n;
    if (type == ELEMENT_DATE)
        return str_eq(bound, STR("today")) || date_parse(bound, &d, NULL);
    return type == ELEMENT_NUMBER && decimal_parse(bound, &n);
}

static void check_bound(Loader *l, const Element *e, const Value *v, const char *key, Str bound)
{
    if (bound.len && !bound_fits(e->type, bound))
        complain(l, "element.bound", value_at(v, key),
                 STR("dates: \"2026-11-22\" or today; numbers in quotes; other types have none"),
                 "'" STR_FMT "' is no %s of an element of type '%s'", STR_ARG(bound), key,
                 type_names[e->type]);
}

void load_elements(Loader *l)
{
    const Value *doc = load_document(l, STR("elements.yaml"), false);
    Value *const *items;
    if (!doc || !READ_FIELDS(l, doc, list_fields, "elements.yaml", NULL))
        return;
    size_t n = read_list(l, doc, "elements", &items);
    Element *elements = NEW_N(l->arena, Element, n + 1);
    for (size_t i = 0; i < n; i++) {
        Element *e = &elements[i];
        READ_FIELDS(l, items[i], element_fields, "an element", e);
        expand_divisions(l, items[i]);
        e->options = value_at(items[i], "divisions")
                         ? read_division_options(l, items[i], &e->option_count)
                         : read_options(l, items[i], &e->option_count);
        e->mark = mark_of(items[i]);
        e->source_mark = mark_of(value_at(items[i], "source"));
        register_entry(l, "element", e->key, items[i], e);
        check_choices(l, e, items[i]);
        check_bound(l, e, items[i], "min", e->min);
        check_bound(l, e, items[i], "max", e->max);
    }
    l->c->elements = elements;
    l->c->element_count = n;
}

static bool source_gives(const Catalogue *c, Str path, Str *source)
{
    Str rest = path, field;
    if (!str_split(&rest, '.', source) || !rest.at)
        return false;
    field = rest;
    const Source *s = find_entry(c, "source", *source);
    for (size_t i = 0; s && i < s->field_count; i++)
        if (str_eq(s->fields[i].key, field))
            return true;
    return false;
}

/* After the sources are read: "population.name" must be a field of a source. */
void check_elements(Loader *l)
{
    for (size_t i = 0; i < l->c->element_count; i++) {
        const Element *e = &l->c->elements[i];
        Str source = {0};
        if (e->source.len && !source_gives(l->c, e->source, &source))
            diag_add(l->diags, DIAG_ERROR, "element.unknown-source", e->source_mark.file,
                     e->source_mark.offset, STR("write source.field, as in sources/*.yaml"),
                     "no source gives '" STR_FMT "'", STR_ARG(e->source));
    }
}
