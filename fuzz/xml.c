/* SPDX-License-Identifier: Apache-2.0 */
/* Every place lies in the text and on what it names; what was read can be written and read again.
 */
#include "xml/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void put_attribute(StrBuf *b, const XmlAttr *attr, size_t i)
{
    if (attr->space.len) {
        buf_fmt(b, " xmlns:a%zu=\"", i);
        xml_escape(b, attr->space);
        buf_fmt(b, "\" a%zu:", i);
    } else {
        buf_char(b, ' ');
    }
    buf_add(b, attr->name);
    BUF_LIT(b, "=\"");
    xml_escape(b, attr->value);
    BUF_LIT(b, "\"");
}

static void put(StrBuf *b, const XmlNode *n)
{
    buf_fmt(b, "<" STR_FMT " xmlns=\"", STR_ARG(n->name));
    xml_escape(b, n->space);
    BUF_LIT(b, "\"");
    for (size_t i = 0; i < n->attr_count; i++)
        if (!str_starts(n->attrs[i].space, STR("http://www.w3.org/XML/")))
            put_attribute(b, &n->attrs[i], i);
    BUF_LIT(b, ">");
    xml_escape(b, n->text);
    for (const XmlNode *c = n->first; c; c = c->next)
        put(b, c);
    buf_fmt(b, "</" STR_FMT ">", STR_ARG(n->name));
}

static void check_places(const XmlNode *n, Str text)
{
    ASSERT(n->offset < text.len && text.at[n->offset] == '<');
    ASSERT((n->text.len != 0) == (n->text_offset != 0));
    ASSERT(!n->text.len || xml_source_place(text, n->text_offset, 0) == n->text_offset);
    ASSERT(xml_source_place(text, n->text_offset, n->text.len) <= text.len);
    for (size_t i = 0; i < n->attr_count; i++) {
        const XmlAttr *attr = &n->attrs[i];
        ASSERT(attr->offset > n->offset && attr->value_offset > attr->offset);
        char quote = text.at[attr->value_offset - 1];
        ASSERT(quote == '"' || quote == '\'');
        uint32_t end = xml_source_place(text, attr->value_offset, attr->value.len);
        ASSERT(end < text.len && text.at[end] == quote);
    }
    for (const XmlNode *c = n->first; c; c = c->next) {
        ASSERT(c->parent == n && c->offset > n->offset);
        check_places(c, text);
    }
}

static bool same(const XmlNode *a, const XmlNode *b)
{
    bool eq = str_eq(a->name, b->name) && str_eq(a->space, b->space) && str_eq(a->text, b->text);
    const XmlNode *x = a->first, *y = b->first;
    for (; eq && x && y; x = x->next, y = y->next)
        eq = same(x, y);
    return eq && !x == !y;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena a = {0};
    Str text = {(const char *)data, size};
    Diags d = {.arena = &a};
    (void)diag_file(&d, STR("first"), STR(""));
    (void)diag_file(&d, STR("fuzz"), text);
    const XmlNode *n = xml_read(&a, &d, 1, text);
    ASSERT((n != NULL) == (d.errors == 0));
    for (size_t i = 0; i < d.list.len; i++)
        ASSERT(d.list.at[i].file == 1 && d.list.at[i].offset <= size);
    if (n) {
        check_places(n, text);
        StrBuf b = buf_in(&a);
        put(&b, n);
        const XmlNode *again = xml_read(&a, &d, 1, buf_str(&b));
        ASSERT(again && same(n, again));
    } else {
        ASSERT(diag_render(&a, &d).len);
    }
    arena_free(&a);
    return 0;
}
