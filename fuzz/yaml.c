/* SPDX-License-Identifier: Apache-2.0 */
/* Every place lies in the text, a refusal has a reason, and keys stand where they say. */
#include "yaml/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_places(const Value *v, Str text)
{
    ASSERT(v->file == 1 && v->offset <= text.len);
    if (v->kind == VALUE_LIST)
        for (uint32_t i = 0; i < v->list.count; i++)
            check_places(v->list.items[i], text);
    if (v->kind != VALUE_MAP)
        return;
    for (uint32_t i = 0; i < v->map.count; i++) {
        ASSERT(v->map.members[i].key_offset <= v->map.members[i].value->offset);
        check_places(v->map.members[i].value, text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena a = {0};
    Str text = {(const char *)data, size};
    Diags d = {.arena = &a};
    (void)diag_file(&d, STR("first"), STR(""));
    (void)diag_file(&d, STR("fuzz"), text);
    const Value *v = yaml_read(&a, &d, 1, text);
    ASSERT(v || d.errors);
    for (size_t i = 0; i < d.list.len; i++)
        ASSERT(d.list.at[i].file == 1 && d.list.at[i].offset <= size);
    if (v)
        check_places(v, text);
    if (d.errors)
        ASSERT(diag_render(&a, &d).len);
    arena_free(&a);
    return 0;
}
