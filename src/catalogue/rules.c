/* SPDX-License-Identifier: Apache-2.0 */
/* One table (rules.def) is what the command explains and what docs/checks.md says; a test sees that
 * no rule of the code is missing. */
#include "catalogue/rules.h"

#define RULE(id, level, what, cure) {id, CHECK_##level, what, cure},
const CheckRule check_rules[] = {
#include "catalogue/rules.def"
};
#undef RULE
const size_t check_rule_count = COUNT(check_rules);

const CheckRule *check_rule(Str id)
{
    for (size_t i = 0; i < check_rule_count; i++)
        if (str_eq(str_z(check_rules[i].id), id))
            return &check_rules[i];
    return NULL;
}

Str check_rules_markdown(Arena *out)
{
    static const char *const levels[] = {"error", "advice", "both"};
    StrBuf b = buf_in(out);
    BUF_LIT(&b,
            "# Rules of onedoor check\n\n"
            "`onedoor check DIR` reports every problem of a catalogue in one run: an error keeps "
            "it from being published,\nadvice does not. The rule stands in brackets behind the "
            "message; `onedoor explain RULE` prints its row.\nWritten by `onedoor explain "
            "--markdown` from `src/catalogue/rules.def`.\n\n"
            "| rule | level | what it means | cure |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; i < check_rule_count; i++)
        buf_fmt(&b, "| `%s` | %s | %s | %s |\n", check_rules[i].id, levels[check_rules[i].level],
                check_rules[i].what, check_rules[i].cure);
    return buf_str(&b);
}
