/* SPDX-License-Identifier: Apache-2.0 */
/*
 * draw/draw.h - a BPMN diagram as SVG: the notation's own shapes, and marks on them.
 *
 * Pure: plane and marks in, text out. No colours stand in it, only classes (bp-…), so that the
 * style sheet decides for light, dark, print and forced colours. What a mark says is said by a sign
 * beside its colour. role="img" with title and desc; whoever shows it puts a table with the same
 * content beside it.
 * Memory: the text is in the Arena. Threads: no state.
 * Limits: those of the diagram; a name is cut to what fits its shape, the whole stands in <title>.
 */
#pragma once

#include "model/bpmn/diagram.h"

/* Of an element: at most one sign is shown, the strongest. */
typedef struct {
    Str element;
    bool passed;   /* a tick */
    bool here;     /* the case stands here: a strong frame and a pin */
    bool incident; /* and does not go on: a warning sign */
    int64_t count; /* in a badge; 0: none */
} DrawMark;

typedef struct {
    Lang lang;
    Str id; /* of the picture in its page: letters and digits */
    Str title, description;
    const DrawMark *marks; /* an element once */
    size_t mark_count;
} DrawAsk;

/* A flow is marked as passed where both its ends were reached. */
Str draw_plane(Arena *out, const DiagramPlane *plane, const DrawAsk *ask);

/* Estimated width of a line of text at 12 px, never too small for the fonts of the style sheet. */
double draw_text_width(Str text);
