/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Test files as their testCases.xsd has them. A value that is not what its xsi:type says is an
 * error, never a null: else a case that expects it would pass for the wrong reason.
 */
#include "dmn_tck.h"

#define XSI STR("http://www.w3.org/2001/XMLSchema-instance")

typedef Vec(FeelValue) Items;
typedef Vec(FeelEntry) Entries;

static Str xsi_attr(const XmlNode *n, const char *name)
{
    const XmlAttr *attr = xml_attr_at(n, XSI, str_z(name));
    return attr ? attr->value : STR("");
}

static bool is_white(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* XmlNode.text is trimmed, but white space at the ends of a string counts. */
static Str whole_text(Arena *out, Str source, const XmlNode *n)
{
    size_t from = str_find(source, STR(">"), n->offset) + 1;
    size_t to = str_find(source, STR("<"), from);
    if (from == 0 || to == SIZE_MAX || source.at[from - 2] == '/')
        return STR("");
    Str raw = str_slice(source, from, to);
    size_t lead = 0, tail = raw.len;
    while (lead < raw.len && is_white(raw.at[lead]))
        lead++;
    while (tail > lead && is_white(raw.at[tail - 1]))
        tail--;
    Str head = str_join(out, str_slice(raw, 0, lead), n->text);
    return str_join(out, head, str_slice(raw, tail, raw.len));
}

static bool read_temporal(Arena *out, Str type, Str text, FeelValue *v, Err *err)
{
    static const struct {
        const char *type;
        FeelKind kind, other;
    } types[] = {{"date", FEEL_DATE, FEEL_DATE},
                 {"time", FEEL_TIME, FEEL_TIME},
                 {"dateTime", FEEL_DATE_TIME, FEEL_DATE_TIME},
                 {"duration", FEEL_DAYS_DURATION, FEEL_MONTHS_DURATION}};
    *v = feel_temporal(out, text);
    for (size_t i = 0; i < COUNT(types); i++)
        if (str_eq(type, str_z(types[i].type)) &&
            (v->kind == types[i].kind || v->kind == types[i].other))
            return true;
    return FAIL(err, ERR_INPUT, "no value of type '" STR_FMT "': '" STR_FMT "'", STR_ARG(type),
                STR_ARG(text));
}

static bool read_scalar(Arena *out, Str source, const XmlNode *n, FeelValue *v, Err *err)
{
    if (str_eq(xsi_attr(n, "nil"), STR("true"))) {
        *v = feel_null();
        return true;
    }
    Str type = xsi_attr(n, "type");
    size_t colon = str_find(type, STR(":"), 0);
    type = colon == SIZE_MAX ? type : str_slice(type, colon + 1, type.len);
    if (str_eq(type, STR("string"))) {
        *v = feel_str(whole_text(out, source, n));
        return true;
    }
    if (str_eq(type, STR("boolean"))) {
        *v = feel_bool(str_eq(n->text, STR("true")));
        return v->truth || str_eq(n->text, STR("false")) ||
               FAIL(err, ERR_INPUT, "no boolean: '" STR_FMT "'", STR_ARG(n->text));
    }
    if (str_eq(type, STR("decimal")) || str_eq(type, STR("double"))) {
        Decimal d;
        if (!decimal_parse(n->text, &d))
            return FAIL(err, ERR_INPUT, "no number: '" STR_FMT "'", STR_ARG(n->text));
        *v = feel_number(d);
        return true;
    }
    return read_temporal(out, type, n->text, v, err);
}

static bool read_list(Arena *out, Str source, const XmlNode *n, FeelValue *v, Err *err)
{
    Items items = {0};
    for (const XmlNode *i = xml_child(n, "item"); i; i = xml_next(i, "item")) {
        FeelValue item = feel_null();
        if (!tck_read_value(out, source, i, &item, err))
            return false;
        *VEC_PUSH(out, &items) = item;
    }
    *v = (FeelValue){.kind = FEEL_LIST, .list = {items.at, items.len}};
    return true;
}

static bool read_context(Arena *out, Str source, const XmlNode *first, FeelValue *v, Err *err)
{
    Entries entries = {0};
    for (const XmlNode *n = first; n; n = xml_next(n, "component")) {
        FeelEntry entry = {.key = xml_attr(n, "name")};
        if (!tck_read_value(out, source, n, &entry.value, err))
            return false;
        *VEC_PUSH(out, &entries) = entry;
    }
    FeelContext *c = NEW(out, FeelContext);
    *c = (FeelContext){entries.at, entries.len};
    *v = feel_context(c);
    return true;
}

bool tck_read_value(Arena *out, Str source, const XmlNode *n, FeelValue *v, Err *err)
{
    const XmlNode *value = xml_child(n, "value"), *list = xml_child(n, "list");
    const XmlNode *component = xml_child(n, "component");
    if (value)
        return read_scalar(out, source, value, v, err);
    if (list)
        return read_list(out, source, list, v, err);
    if (component)
        return read_context(out, source, component, v, err);
    return FAIL(err, ERR_INPUT, "no value in '" STR_FMT "'", STR_ARG(n->name));
}

static bool read_inputs(Arena *out, Str source, const XmlNode *n, TckCase *c, Err *err)
{
    for (const XmlNode *i = xml_child(n, "inputNode"); i; i = xml_next(i, "inputNode")) {
        TckInput *input = VEC_PUSH(out, &c->inputs);
        input->name = xml_attr(i, "name");
        input->space = xml_attr(i, "namespace");
        if (!tck_read_value(out, source, i, &input->value, err))
            return false;
    }
    return true;
}

static bool read_results(Arena *out, Str source, const XmlNode *n, TckCase *c, Err *err)
{
    for (const XmlNode *r = xml_child(n, "resultNode"); r; r = xml_next(r, "resultNode")) {
        TckResult *result = VEC_PUSH(out, &c->results);
        const XmlNode *expected = xml_child(r, "expected");
        bool error = str_eq(xml_attr(r, "errorResult"), STR("true"));
        result->node = xml_attr(r, "name");
        if (!expected)
            return FAIL(err, ERR_INPUT, "nothing is expected");
        if (!tck_read_value(out, source, expected, &result->want, err))
            return false;
        if (error && result->want.kind != FEEL_NULL)
            return FAIL(err, ERR_INPUT, "an error with a value");
    }
    return c->results.len > 0 || FAIL(err, ERR_INPUT, "no result in '" STR_FMT "'", STR_ARG(c->id));
}

static bool read_case(Arena *out, Str source, const XmlNode *n, TckCase *c, Err *err)
{
    c->id = xml_attr(n, "id");
    if (str_eq(xml_attr(n, "type"), STR("decisionService")))
        c->service = xml_attr(n, "invocableName");
    return read_inputs(out, source, n, c, err) && read_results(out, source, n, c, err);
}

bool tck_read(Arena *out, Str text, TckFile *file, Err *err)
{
    Diags diags = {.arena = out};
    const XmlNode *root = xml_read(out, &diags, diag_file(&diags, file->name, text), text);
    if (!root)
        return FAIL(err, ERR_INPUT, STR_FMT, STR_ARG(diag_render(out, &diags)));
    const XmlNode *model = xml_child(root, "modelName");
    file->model = model ? model->text : STR("");
    for (const XmlNode *n = xml_child(root, "testCase"); n; n = xml_next(n, "testCase"))
        if (!read_case(out, text, n, VEC_PUSH(out, &file->cases), err))
            return false;
    return true;
}
