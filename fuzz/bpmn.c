/* SPDX-License-Identifier: Apache-2.0 */
/* Hostile documents through the whole reader, with any name and with those that are known, alone and
 * beside another file; and hostile expressions of Camunda 7: what is translated, FEEL can read. */
#include "model/bpmn/bpmn.h"
#include "model/bpmn/juel.h"

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

/* Both halves of the text as two files; an error stands in its own. */
static void read_halves(Arena *arena, Str text)
{
    Diags diags = {.arena = arena};
    size_t half = str_find(text, STR("<?two?>"), 0);
    if (half == SIZE_MAX) {
        return;
    }
    BpmnFile files[2] = {{0, str_slice(text, 0, half)}, {0, str_slice(text, half + 7, text.len)}};
    for (size_t i = 0; i < 2; i++) {
        files[i].file = diag_file(&diags, STR("fuzz.bpmn"), files[i].text);
    }
    bool ok = bpmn_read_linked(arena, &diags, files, 2, NULL) != NULL;
    ASSERT(ok || diags.errors > 0);
    for (size_t i = 0; i < diags.list.len; i++) {
        ASSERT(diags.list.at[i].offset <= diags.files.at[diags.list.at[i].file].text.len);
    }
}

static void translate(Arena *arena, Str text)
{
    Str feel = {0};
    Err err = {0};
    if (!juel_to_feel(arena, text, &feel, &err)) {
        ASSERT(err.code != ERR_NONE && err.offset <= text.len);
    }
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
    read_halves(&arena, text);
    translate(&arena, text);
    arena_reset(&arena);
    return 0;
}
