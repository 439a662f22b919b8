/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libxml2's SAX2 events build the tree, a Scan of the source in step with them gives the bytes.
 *
 * What could hurt never reaches libxml2: other encodings, NUL bytes and a DOCTYPE are found before.
 * Without a DOCTYPE there are no entities but the five of XML, so XML_PARSE_NOENT, which makes
 * attribute values come decoded, opens nothing. libxml2 compares each attribute with each other one
 * of its element and looks namespaces up in a list, so both are counted before. After the first
 * fatal error or limit libxml2 is told that the text ends; undeclared namespaces are all reported.
 */
#include "xml/xml_int.h"

#include <libxml/parser.h>

#include "base/map.h"
#include "base/utf8.h"

enum {
    ATTR_PARTS = 5,   /* of libxml2: local name, prefix, URI, value, its end */
    MESSAGE_MAX = 200 /* characters: names can be long */
};

typedef struct {
    XmlNode *node, *last; /* the open element and its last child */
    StrBuf text;
} Level;

typedef struct {
    Arena *out;
    Arena *tree;   /* beside it */
    Arena scratch; /* texts while they grow */
    Diags *diags;
    uint16_t file;
    Str text;
    xmlParserCtxtPtr parser;
    Scan scan;
    Level levels[XML_MAX_DEPTH];
    size_t depth, nodes, fed; /* fed: bytes that libxml2 was given */
    const XmlNode *root;
    Map names; /* each name and namespace once in tree */
    bool ended;
    bool flawed; /* any problem */
    bool failed; /* one that ends the reading */
} Builder;

static void refuse(Builder *b, const char *rule, size_t offset, Str cure, const char *what)
{
    size_t at = offset < b->text.len ? offset : b->text.len;
    diag_add(b->diags, DIAG_ERROR, rule, b->file, (uint32_t)at, cure, "%s", what);
    b->failed = b->flawed = true;
}

static Str name_of(Builder *b, const xmlChar *z)
{
    Str s = str_z((const char *)z);
    if (!s.len)
        return STR("");
    const Str *known = map_get(&b->names, s);
    if (known)
        return *known;
    Str *fresh = NEW(b->tree, Str);
    *fresh = str_dup(b->tree, s);
    map_put(&b->scratch, &b->names, *fresh, fresh);
    return *fresh;
}

/* The same bytes of the source, where they stand there; else a copy. */
static Str text_of(Builder *b, Str s, size_t at)
{
    Str there = str_slice(b->text, at, at + s.len);
    return str_eq(there, s) ? there : str_dup(b->out, s);
}

/* ---- elements ---- */

static bool is_qualified(Str written, Str prefix, Str local)
{
    if (!prefix.len)
        return str_eq(written, local);
    return written.len == prefix.len + 1 + local.len && str_starts(written, prefix) &&
           str_ends(written, local) && written.at[prefix.len] == ':';
}

static void place_attribute(Builder *b, XmlAttr *attr, Str prefix)
{
    Str name, value;
    while (scan_attribute(&b->scan, &name, &value)) {
        if (scan_is_declaration(name))
            continue;
        if (is_qualified(name, prefix, attr->name)) {
            attr->offset = (uint32_t)(name.at - b->text.at);
            attr->value_offset = (uint32_t)(value.at - b->text.at);
        }
        return;
    }
}

static void add_attributes(Builder *b, XmlNode *n, const xmlChar **parts, size_t count)
{
    n->attrs = count ? NEW_N(b->tree, XmlAttr, count) : NULL;
    n->attr_count = count;
    for (size_t i = 0; i < count; i++, parts += ATTR_PARTS) {
        XmlAttr *attr = &n->attrs[i];
        Str value = {(const char *)parts[3], (size_t)(parts[4] - parts[3])};
        attr->name = name_of(b, parts[0]);
        attr->space = name_of(b, parts[2]);
        attr->offset = n->offset;
        place_attribute(b, attr, str_z((const char *)parts[1]));
        attr->value = text_of(b, value, attr->value_offset);
    }
}

static void link_node(Builder *b, XmlNode *n)
{
    if (!b->depth) {
        b->root = n;
        return;
    }
    Level *up = &b->levels[b->depth - 1];
    n->parent = up->node;
    if (up->last)
        up->last->next = n;
    else
        up->node->first = n;
    up->last = n;
}

static bool within_limits(Builder *b, size_t offset, size_t attr_count)
{
    b->nodes += 1 + attr_count;
    if (b->nodes > XML_MAX_NODES)
        refuse(b, "xml.limit", offset, STR("split the file"),
               "too many elements and attributes in one file");
    else if (b->depth == XML_MAX_DEPTH)
        refuse(b, "xml.limit", offset, STR(""), "elements nested too deep");
    return !b->failed;
}

/* The signature is libxml2's. NOLINTNEXTLINE(readability-function-size) */
static void on_start(void *ctx, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri,
                     int space_count, const xmlChar **spaces, int attr_count, int defaulted,
                     const xmlChar **attrs)
{
    (void)space_count, (void)spaces, (void)defaulted;
    Builder *b = ctx;
    if (b->failed)
        return;
    uint32_t outside = 0;
    size_t offset =
        scan_to_tag(&b->scan, b->depth ? &b->levels[b->depth - 1].node->text_offset : &outside);
    if (!within_limits(b, offset, (size_t)attr_count))
        return;
    XmlNode *n = NEW(b->tree, XmlNode);
    n->name = name_of(b, local);
    n->prefix = name_of(b, prefix);
    n->space = name_of(b, uri);
    n->offset = (uint32_t)offset;
    scan_tag_name(&b->scan);
    add_attributes(b, n, attrs, (size_t)attr_count);
    scan_tag_end(&b->scan);
    link_node(b, n);
    Level *level = &b->levels[b->depth++];
    level->node = n;
    level->last = NULL;
    level->text = (StrBuf){&b->scratch, level->text.at, 0, level->text.cap};
}

static void on_end(void *ctx, const xmlChar *local, const xmlChar *prefix, const xmlChar *uri)
{
    (void)local, (void)prefix, (void)uri;
    Builder *b = ctx;
    if (b->failed || !b->depth)
        return;
    Level *level = &b->levels[--b->depth];
    if (!b->scan.closed) {
        (void)scan_to_tag(&b->scan, &level->node->text_offset);
        scan_tag_end(&b->scan);
    }
    b->scan.closed = false;
    level->node->text = text_of(b, str_trim(buf_str(&level->text)), level->node->text_offset);
    b->ended = b->depth == 0;
}

static void on_text(void *ctx, const xmlChar *at, int len)
{
    Builder *b = ctx;
    if (b->failed || !b->depth)
        return;
    StrBuf *text = &b->levels[b->depth - 1].text;
    Str s = {(const char *)at, (size_t)len};
    if (text->len || str_trim(s).len) /* indents are not worth keeping */
        buf_add(text, s);
}

/* Not reached while scan_doctype does its work. */
static void on_doctype(void *ctx, const xmlChar *name, const xmlChar *public_id,
                       const xmlChar *system_id)
{
    (void)name, (void)public_id, (void)system_id;
    Builder *b = ctx;
    if (!b->failed)
        refuse(b, "xml.doctype", b->scan.at, STR("remove the DOCTYPE"), "a DOCTYPE is not read");
    xmlStopParser(b->parser);
}

/* ---- problems ---- */

/* The last c before at. */
static size_t back_to(Str text, size_t at, char c)
{
    for (size_t i = at; i > 0; i--)
        if (text.at[i - 1] == c)
            return i - 1;
    return at;
}

/* libxml2 complains where it stands, which is behind what is wrong. */
static size_t fault_of(const Builder *b, int code)
{
    const xmlParserInput *in = b->parser->input;
    size_t at = in ? in->consumed + (size_t)(in->cur - in->base) : b->text.len;
    if (at > b->text.len)
        at = b->text.len;
    if (code == XML_ERR_TAG_NAME_MISMATCH || code == XML_ERR_ATTRIBUTE_REDEFINED ||
        code == XML_NS_ERR_UNDEFINED_NAMESPACE || code == XML_NS_ERR_ATTRIBUTE_REDEFINED)
        return back_to(b->text, at, '<');
    if (code == XML_ERR_UNDECLARED_ENTITY || code == XML_ERR_INVALID_CHARREF)
        return back_to(b->text, at, '&');
    return at;
}

/* Any text may name a namespace here; libxml2 wants an absolute URI. */
static bool is_harmless(const xmlError *e)
{
    return e->level == XML_ERR_WARNING || e->code == XML_WAR_NS_URI ||
           e->code == XML_WAR_NS_URI_RELATIVE;
}

static void on_error(void *ctx, xmlErrorPtr e)
{
    Builder *b = ctx;
    if (b->failed || is_harmless(e))
        return;
    if (e->code == XML_ERR_NO_MEMORY)
        fatal("out of memory in libxml2");
    Str message = str_z(e->message ? e->message : "not XML"), line;
    (void)str_split(&message, '\n', &line); /* what follows is a piece of the document */
    line = utf8_head(line, MESSAGE_MAX);
    diag_add(b->diags, DIAG_ERROR, "xml.syntax", b->file, (uint32_t)fault_of(b, e->code), STR(""),
             STR_FMT, STR_ARG(line));
    b->failed = e->level == XML_ERR_FATAL;
    b->flawed = true;
}

/* ---- documents ---- */

static bool check_text(Builder *b)
{
    Str text = b->text, save = STR("save the file as UTF-8");
    if (text.len > XML_MAX_BYTES) {
        refuse(b, "xml.limit", 0, STR("split the file"), "file too large");
        return false;
    }
    const char *nul = text.len ? memchr(text.at, 0, text.len) : NULL;
    size_t bad = utf8_check(text);
    if (nul && (size_t)(nul - text.at) < bad)
        bad = (size_t)(nul - text.at);
    if (bad < text.len) {
        refuse(b, "xml.encoding", bad, save, "byte that UTF-8 text cannot hold");
        return false;
    }
    Str encoding = scan_encoding(text);
    if (encoding.len && !str_eq_nocase(encoding, STR("UTF-8"))) {
        refuse(b, "xml.encoding", (size_t)(encoding.at - text.at), save,
               "declared in another encoding than UTF-8");
        return false;
    }
    size_t doctype = scan_doctype(text), excess = scan_excess(text);
    if (doctype != SIZE_MAX)
        refuse(b, "xml.doctype", doctype, STR("remove the DOCTYPE"), "a DOCTYPE is not read");
    else if (excess != SIZE_MAX)
        refuse(b, "xml.limit", excess, STR(""), "too many attributes or namespaces");
    return !b->failed;
}

static int feed(void *ctx, char *to, int room)
{
    Builder *b = ctx;
    size_t n = b->failed ? 0 : b->text.len - b->fed;
    if (n > (size_t)room)
        n = (size_t)room;
    memcpy(to, b->text.at + b->fed, n);
    b->fed += n;
    return (int)n;
}

static void parse(Builder *b)
{
    b->parser = xmlNewParserCtxt();
    if (!b->parser)
        fatal("out of memory in libxml2");
    *b->parser->sax = (xmlSAXHandler){
        .initialized = XML_SAX2_MAGIC,
        .startElementNs = on_start,
        .endElementNs = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text,
        .internalSubset = on_doctype,
        .serror = on_error,
    };
    b->parser->userData = b;
    xmlDocPtr doc =
        xmlCtxtReadIO(b->parser, feed, NULL, b, NULL, NULL, XML_PARSE_NOENT | XML_PARSE_NONET);
    bool well_formed = b->parser->wellFormed;
    if (doc)
        xmlFreeDoc(doc);
    xmlFreeParserCtxt(b->parser);
    if (!b->failed && !(well_formed && b->ended))
        refuse(b, "xml.syntax", b->text.len, STR(""), "document without a whole root element");
}

const XmlNode *xml_read(Arena *out, Diags *diags, uint16_t file, Str text)
{
    Builder b = {.out = out,
                 .tree = arena_beside(out),
                 .diags = diags,
                 .file = file,
                 .text = text,
                 .scan = {.text = text}};
    if (check_text(&b))
        parse(&b);
    arena_free(&b.scratch);
    return b.flawed ? NULL : b.root;
}
