/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model/bpmn/diagram.h - the picture of a BPMN document: shapes and edges as its modeller placed
 * them (BPMN DI).
 *
 * It stands apart from the executable process, because it shows what the engine does not run:
 * pools, lanes, data, notes, message flows. Both name elements by the same ids. A document without
 * any shape gets a simple layout from left to right, a plane for the whole document.
 * A name is translated by <label xmlns="urn:onedoor:bpmn" lang="en"> in the element's
 * extensionElements; the name attribute is the Chinese one.
 * Memory: all in the Arena; strings may be views of the document's text. Immutable, shareable.
 * Limits: the constants below; a place that is no number is an error with line and column.
 */
#pragma once

#include "base/diag.h"
#include "model/text.h"

#define DIAGRAM_LABEL_SPACE "urn:onedoor:bpmn"

enum {
    DIAGRAM_MAX_PLANES = 50,
    DIAGRAM_MAX_SHAPES = 5000, /* of all planes */
    DIAGRAM_MAX_EDGES = 10000,
    DIAGRAM_MAX_POINTS = 100, /* of one edge */
    DIAGRAM_MAX_PLACE = 50000,
};

typedef enum {
    DIAGRAM_START,
    DIAGRAM_END,
    DIAGRAM_CATCH,
    DIAGRAM_THROW,
    DIAGRAM_BOUNDARY,
    DIAGRAM_TASK,
    DIAGRAM_SUBPROCESS,
    DIAGRAM_CALL,
    DIAGRAM_GATEWAY,
    DIAGRAM_POOL,
    DIAGRAM_LANE,
    DIAGRAM_DATA,
    DIAGRAM_STORE,
    DIAGRAM_NOTE,
    DIAGRAM_GROUP,
    DIAGRAM_OTHER, /* of choreographies and conversations: a box with its name */
} DiagramKind;

typedef enum {
    ICON_NONE,
    ICON_USER,
    ICON_SERVICE,
    ICON_SEND,
    ICON_RECEIVE,
    ICON_SCRIPT,
    ICON_RULE,
    ICON_MANUAL,
    ICON_EXCLUSIVE,
    ICON_PARALLEL,
    ICON_INCLUSIVE,
    ICON_COMPLEX,
    ICON_EVENT_BASED,
    ICON_TIMER,
    ICON_MESSAGE,
    ICON_SIGNAL,
    ICON_ERROR,
    ICON_ESCALATION,
    ICON_COMPENSATION,
    ICON_CANCEL,
    ICON_CONDITION,
    ICON_LINK,
    ICON_TERMINATE,
    ICON_MULTIPLE,
    ICON_ALL_OF, /* parallelMultiple */
    ICON_INPUT,
    ICON_OUTPUT,
    ICON_COUNT,
} DiagramIcon;

enum {
    DIAGRAM_DASHED = 1, /* an event that does not interrupt */
    DIAGRAM_LOOP = 2,
    DIAGRAM_EACH = 4,       /* multi-instance, all at once */
    DIAGRAM_EACH_AFTER = 8, /* multi-instance, one after the other */
    DIAGRAM_UNDOES = 16,    /* for compensation */
    DIAGRAM_ADHOC = 32,     /* ad-hoc sub-process */
    DIAGRAM_COLLAPSED = 64, /* what is inside is not shown here */
    DIAGRAM_HANDLER = 128,  /* event sub-process */
    DIAGRAM_TRANSACTION = 256,
    DIAGRAM_VERTICAL = 512,  /* pool, lane */
    DIAGRAM_UNMARKED = 1024, /* exclusive gateway without its cross */
    DIAGRAM_MANY = 2048,     /* data collection; pool of several participants */
    DIAGRAM_STARTS = 4096,   /* receive task or event gateway that starts the process */
};

typedef struct {
    double x, y, w, h;
} DiagramBox;

typedef struct {
    DiagramKind kind;
    DiagramIcon icon;
    unsigned flags;
    Str element; /* its id */
    Text name;
    DiagramBox box;
    DiagramBox label; /* w 0: not placed */
    uint32_t offset;
} DiagramShape;

typedef enum {
    DIAGRAM_FLOW,
    DIAGRAM_MESSAGE_FLOW,
    DIAGRAM_ASSOCIATION,
    DIAGRAM_DATA_FLOW,
} DiagramEdgeKind;

typedef enum { DIAGRAM_HEADLESS, DIAGRAM_ONE_HEAD, DIAGRAM_TWO_HEADS } DiagramHeads;

typedef struct {
    double x, y;
} DiagramPoint;

typedef struct {
    DiagramEdgeKind kind;
    DiagramHeads heads;
    bool is_default, is_conditional;
    Str element, from, to; /* ids */
    Text name;
    const DiagramPoint *points; /* 2 or more */
    size_t point_count;
    DiagramBox label;
} DiagramEdge;

typedef struct {
    Str element; /* process, collaboration or sub-process that it shows */
    Text name;
    const DiagramShape *shapes;
    size_t shape_count;
    const DiagramEdge *edges;
    size_t edge_count;
} DiagramPlane;

typedef struct {
    const DiagramPlane *planes;
    size_t plane_count;
    bool laid_out; /* by onedoor: the document has no shapes */
} Diagram;

/* NULL when there was an error; all problems are in diags, rule "bpmn.diagram". */
MUST_CHECK const Diagram *diagram_read(Arena *out, Diags *diags, uint16_t file, Str text);
/* The first shape of that element on any plane; NULL when it has none. */
const DiagramShape *diagram_shape(const Diagram *d, Str element);
/* An event, activity or gateway: what a case can be at. */
bool diagram_is_step(DiagramKind kind);
