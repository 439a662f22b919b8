/* SPDX-License-Identifier: Apache-2.0 */
#include "xml/xml.h"

const XmlAttr *xml_attr_at(const XmlNode *n, Str space, Str name)
{
    for (size_t i = 0; n && i < n->attr_count; i++)
        if (str_eq(n->attrs[i].name, name) && str_eq(n->attrs[i].space, space))
            return &n->attrs[i];
    return NULL;
}

Str xml_attr(const XmlNode *n, const char *name)
{
    const XmlAttr *attr = xml_attr_at(n, STR(""), str_z(name));
    return attr ? attr->value : STR("");
}

static const XmlNode *first_of(const XmlNode *n, Str name)
{
    while (n && !str_eq(n->name, name))
        n = n->next;
    return n;
}

const XmlNode *xml_child(const XmlNode *n, const char *name)
{
    return n ? first_of(n->first, str_z(name)) : NULL;
}

const XmlNode *xml_next(const XmlNode *n, const char *name)
{
    return n ? first_of(n->next, str_z(name)) : NULL;
}

size_t xml_count(const XmlNode *n, const char *name)
{
    size_t count = 0;
    for (const XmlNode *c = xml_child(n, name); c; c = xml_next(c, name))
        count++;
    return count;
}

/* U+FFFD, for what XML 1.0 has no way to write: most control characters, U+FFFE and U+FFFF. */
#define REPLACEMENT STR("\xef\xbf\xbd")

static bool is_noncharacter(Str s, size_t at)
{
    Str here = str_slice(s, at, at + 3);
    return str_eq(here, STR("\xef\xbf\xbe")) || str_eq(here, STR("\xef\xbf\xbf"));
}

static Str escape_of(char c)
{
    switch (c) {
    case '&': return STR("&amp;");
    case '<': return STR("&lt;");
    case '>': return STR("&gt;");
    case '"': return STR("&quot;");
    case '\'': return STR("&#39;");
    case '\t': return STR("&#9;");
    case '\n': return STR("&#10;");
    case '\r': return STR("&#13;");
    default: break;
    }
    return (unsigned char)c < 0x20 ? REPLACEMENT : STR("");
}

void xml_escape(StrBuf *b, Str text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        bool bad = text.at[i] == '\xef' && is_noncharacter(text, i);
        Str escape = bad ? REPLACEMENT : escape_of(text.at[i]);
        if (!escape.len)
            continue;
        buf_add(b, str_slice(text, from, i));
        buf_add(b, escape);
        i += bad ? 2 : 0;
        from = i + 1;
    }
    buf_add(b, str_slice(text, from, text.len));
}
