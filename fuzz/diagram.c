/* SPDX-License-Identifier: Apache-2.0 */
/* Hostile documents: what can be read can be drawn, and the drawing is well-formed. */
#include "draw/draw.h"
#include "xml/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void draw_all(Arena *arena, const Diagram *d)
{
    static const DrawMark mark = {.element = STR_INIT("t"), .here = true, .count = 3};
    for (size_t i = 0; i < d->plane_count; i++) {
        DrawAsk ask = {.lang = LANG_EN, .id = STR("p"), .marks = &mark, .mark_count = 1};
        Str svg = draw_plane(arena, &d->planes[i], &ask);
        Diags diags = {.arena = arena};
        uint16_t file = diag_file(&diags, STR("svg"), svg);
        bool large = svg.len > XML_MAX_BYTES || d->planes[i].shape_count > 2000;
        ASSERT(large || xml_read(arena, &diags, file, svg));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena arena;
    Str text = {(const char *)data, size};
    Diags diags = {.arena = &arena};
    uint16_t file = diag_file(&diags, STR("fuzz.bpmn"), text);
    const Diagram *d = diagram_read(&arena, &diags, file, text);
    ASSERT(d || diags.errors > 0);
    for (size_t i = 0; i < diags.list.len; i++) {
        ASSERT(diags.list.at[i].offset <= text.len);
    }
    if (d) {
        draw_all(&arena, d);
    }
    arena_reset(&arena);
    return 0;
}
