/* SPDX-License-Identifier: Apache-2.0 */
/* What people type into any kind of field: read, read again (it must stay), checked, masked. */
#include <stdlib.h>

#include "base/utf8.h"
#include "model/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool ok)
{
    if (!ok)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    Arena a = {0};
    Str parts[4], rest = {(const char *)data + 1, size - 1};
    size_t n = 0;
    while (n < COUNT(parts) && str_split(&rest, '|', &parts[n]))
        n++;
    Element e = {.key = STR("x"), .type = (ElementType)(data[0] % (ELEMENT_BOOLEAN + 1))};
    Value *v = form_read_answer(&a, &e, parts, n);
    Str text = value_text(v);
    must(utf8_valid(text));
    if (v->kind == VALUE_STR && text.len) {
        Value *again = form_read_answer(&a, &e, &text, 1);
        bool tidy = e.type != ELEMENT_PHONE && e.type != ELEMENT_BOOLEAN;
        must(!tidy || value_eq(v, again));
    }
    const Element *list[] = {&e};
    Question q = {.element = &e};
    Page page = {.id = STR("p"), .questions = &q, .question_count = 1};
    Item item = {.key = STR("i"), .form = {&page, 1, list, 1}};
    Value *answers = value_map(&a);
    value_set(&a, answers, e.key, v);
    FormProblem problem;
    Date today = date_of((Civil){2026, 11, 22});
    must(form_check(&a, &item, answers, today, &problem, 1) <= 1);
    must(utf8_valid(mask_idcard(&a, text)) || !utf8_valid(text));
    must(utf8_valid(mask_phone(&a, text)));
    arena_free(&a);
    return 0;
}
