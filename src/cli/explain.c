/* SPDX-License-Identifier: Apache-2.0 */
/* onedoor explain RULE: what a rule of onedoor check means and how to cure it; docs/checks.md is
 * what it prints for all of them. */
#include <stdio.h>

#include "catalogue/rules.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "feel/feel.h"

static const char *level_name(CheckLevel level)
{
    static const char *const names[] = {"error", "advice", "error or advice"};
    return names[level];
}

static int explain_one(Str id)
{
    const CheckRule *r = check_rule(id);
    if (r) {
        printf("%s (%s)\n\n%s.\n\nCure: %s.\n", r->id, level_name(r->level), r->what, r->cure);
        return EXIT_OK;
    }
    Arena a = {0};
    Str *names = NEW_N(&a, Str, check_rule_count);
    for (size_t i = 0; i < check_rule_count; i++)
        names[i] = str_z(check_rules[i].id);
    Str near = feel_nearest(id, names, check_rule_count);
    (void)fprintf(stderr, "onedoor explain: there is no rule '" STR_FMT "'", STR_ARG(id));
    if (near.len)
        (void)fprintf(stderr, "; did you mean '" STR_FMT "'?", STR_ARG(near));
    (void)fprintf(stderr, "\n");
    arena_free(&a);
    return EXIT_FAILED;
}

int cli_explain(int argc, char **argv)
{
    const char *rule = NULL, *markdown = NULL;
    const ArgOption options[] = {
        {"RULE", NULL, "as it stands in brackets behind a message; without: all", &rule, false},
        {"--markdown", NULL, "all rules as docs/checks.md has them", &markdown, false},
    };
    const ArgSpec spec = {"explain", "Tells what a rule of 'onedoor check' means.",
                          "onedoor explain item.no-basis", options, COUNT(options)};
    ArgsVerdict verdict = args_read(&spec, argc, argv);
    if (verdict != ARGS_GO)
        return args_exit(verdict);
    if (rule)
        return explain_one(str_z(rule));
    Arena a = {0};
    Str all = markdown ? check_rules_markdown(&a) : STR("");
    fwrite(all.at, 1, all.len, stdout);
    for (size_t i = 0; !markdown && i < check_rule_count; i++)
        printf("%-30s %-16s %s\n", check_rules[i].id, level_name(check_rules[i].level),
               check_rules[i].what);
    arena_free(&a);
    return EXIT_OK;
}
