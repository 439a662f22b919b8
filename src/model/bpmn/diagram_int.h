/* SPDX-License-Identifier: Apache-2.0 */
/* model/bpmn/diagram_int.h - what the diagram's files share. */
#pragma once

#include "base/map.h"
#include "base/vec.h"
#include "model/bpmn/diagram.h"
#include "xml/xml.h"

typedef Vec(DiagramShape) ShapeList;
typedef Vec(DiagramEdge) EdgeList;

typedef struct {
    Arena *out; /* of what is made on the way: the finished diagram is copied from it */
    Diags *diags;
    uint16_t file;
    const XmlNode *root;
    Map nodes; /* id -> const XmlNode * */
    size_t shape_count, edge_count;
} DiagramReader;

/* diagram.c */
const XmlNode *diagram_node(const DiagramReader *r, Str id);
bool diagram_error(DiagramReader *r, uint32_t offset, Str cure, const char *what, Str subject);

/* diagram_kinds.c: what an element is drawn as; box and label are left alone. */
void diagram_describe(const DiagramReader *r, const XmlNode *n, DiagramShape *s);
/* false when it is drawn without a line. */
bool diagram_describe_edge(const DiagramReader *r, const XmlNode *n, DiagramEdge *e);
Text diagram_name(const XmlNode *n);
bool diagram_says(const XmlNode *n, const char *attribute, const char *value);

/* diagram_layout.c: every process of the document, one below the other. */
MUST_CHECK bool diagram_lay_out(DiagramReader *r, DiagramPlane *plane);
