/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xml/xml.h - XML 1.0 with namespaces to a small tree with positions; the room of libxml2.
 *
 * No DTD, no external entities, no network: a DOCTYPE is refused. Each element and attribute keeps
 * its byte offset. Problems are added to diags with rule "xml.syntax", "xml.doctype", "xml.limit",
 * "xml.encoding" (only UTF-8 is read).
 * Memory: the tree is beside the Arena (base/arena.h); texts and values are views of the source where
 * they stand there as they are, else in the Arena, names are beside it. Limits: XML_MAX_BYTES, XML_MAX_DEPTH, XML_MAX_NODES,
 * XML_MAX_ATTRS, XML_MAX_SPACES.
 */
#pragma once

#include "base/diag.h"

enum { XML_MAX_BYTES = 8 << 20, XML_MAX_DEPTH = 100, XML_MAX_NODES = 400000 };
/* Attributes of one element, namespace declarations of one file. */
enum { XML_MAX_ATTRS = 256, XML_MAX_SPACES = 256 };

typedef struct XmlNode XmlNode;

typedef struct {
    Str space; /* namespace URI, empty for none */
    Str name;  /* local name */
    Str value;
    uint32_t offset;       /* of the attribute name; the element's where the parser gives none */
    uint32_t value_offset; /* of the first byte of the value, for errors inside FEEL; 0 unknown */
} XmlAttr;

struct XmlNode {
    Str space, name, prefix;
    Str text;             /* all character data directly inside, in order, trimmed */
    uint32_t offset;      /* of '<' */
    uint32_t text_offset; /* of the first character of text; 0 where there is none */
    XmlAttr *attrs;
    size_t attr_count;
    XmlNode *parent, *first, *next; /* first child, next sibling */
};

/* NULL when there is any problem. */
MUST_CHECK const XmlNode *xml_read(Arena *out, Diags *diags, uint16_t file, Str text);
/* NULL when absent; space empty means: attribute without namespace. */
const XmlAttr *xml_attr_at(const XmlNode *n, Str space, Str name);
/* An attribute without namespace; empty when absent. */
Str xml_attr(const XmlNode *n, const char *name);
/* By local name, because the namespaces of BPMN and DMN change with each version: first child
 * element, next sibling, number of children. NULL when none; n may be NULL. */
const XmlNode *xml_child(const XmlNode *n, const char *name);
const XmlNode *xml_next(const XmlNode *n, const char *name);
size_t xml_count(const XmlNode *n, const char *name);
/* The byte of the source where byte n of a text or attribute value stands, whose first byte stands
 * at start: references, CRLF, CDATA and comments are counted. For errors inside FEEL. */
uint32_t xml_source_place(Str source, uint32_t start, size_t n);
/* For text and attribute values alike: markup, quotes, tabs and line ends come back as they were.
 */
void xml_escape(StrBuf *b, Str text);
