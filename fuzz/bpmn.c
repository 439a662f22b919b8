/* SPDX-License-Identifier: Apache-2.0 */
/* Hostile documents through the whole reader, with any name and with those that are known. */
#include "model/bpmn/bpmn.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_with(Arena *arena, Str text, const BpmnWorld *world)
{
    Diags diags = {.arena = arena};
    uint16_t file = diag_file(&diags, STR("fuzz.bpmn"), text);
    bool ok = bpmn_read(arena, &diags, file, text, world) != NULL;
    ASSERT(ok || diags.errors > 0);
    for (size_t i = 0; i < diags.list.len; i++) {
        ASSERT(diags.list.at[i].offset <= text.len);
    }
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static Arena arena;
    static const FeelType number = {.kind = FEEL_NUMBER};
    static const FeelName result = {STR_INIT("double"), &number};
    static const BpmnAnswer answer = {"stage", "receive", {STR_INIT("outcome"), NULL}};
    static const BpmnWorld world = {
        .answers = &answer, .answer_count = 1, .decisions = {.at = &result, .count = 1}};
    Str text = {(const char *)data, size};
    bool open = read_with(&arena, text, NULL);
    bool closed = read_with(&arena, text, &world);
    ASSERT(open || !closed);
    arena_reset(&arena);
    return 0;
}
