/* SPDX-License-Identifier: Apache-2.0 */
/*
 * External functions: Java methods that decision models name, as pure functions of ours.
 */
#include "feel/feel_int.h"

struct External {
    const char *class_name, *signature;
};

static const External table[] = {{NULL, NULL}};

const External *external_find(Str class_name, Str signature)
{
    for (const External *e = table; e->class_name; e++) {
        if (str_eq(class_name, str_z(e->class_name)) && str_eq(signature, str_z(e->signature))) {
            return e;
        }
    }
    return NULL;
}

FeelValue external_call(FeelBudget *b, const External *e, const FeelValue *args, size_t count)
{
    (void)args;
    (void)count;
    return feel_reason(b->out, "no external function '" STR_FMT "'", STR_ARG(str_z(e->signature)));
}
