/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/args.h"

#include <stdio.h>

static void print_help(const ArgSpec *s)
{
    printf("onedoor %s - %s\n\nusage: onedoor %s", s->command, s->what, s->command);
    for (size_t i = 0; i < s->count; i++)
        if (s->options[i].name[0] != '-')
            printf(s->options[i].required ? " %s" : " [%s]", s->options[i].name);
    printf(" [options]\n\n");
    for (size_t i = 0; i < s->count; i++) {
        const ArgOption *o = &s->options[i];
        char left[64];
        (void)snprintf(left, sizeof left, "%s %s", o->name, o->value ? o->value : "");
        printf("  %-26s %s%s\n", left, o->help, o->required ? " (required)" : "");
    }
    printf("\nexample: %s\nexit codes: 0 done, 1 did not work, 2 wrong usage\n", s->example);
}

static ArgsVerdict wrong(const ArgSpec *s, const char *what, const char *which)
{
    (void)fprintf(stderr, "onedoor %s: %s '%s'; see 'onedoor %s --help'\n", s->command, what, which,
                  s->command);
    return ARGS_WRONG;
}

static const ArgOption *option_named(const ArgSpec *s, const char *word)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->options[i].name, word) == 0)
            return &s->options[i];
    return NULL;
}

static const ArgOption *next_positional(const ArgSpec *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->options[i].name[0] != '-' && !*s->options[i].text)
            return &s->options[i];
    return NULL;
}

static ArgsVerdict missing(const ArgSpec *s)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->options[i].required && !*s->options[i].text)
            return wrong(s, "missing", s->options[i].name);
    return ARGS_GO;
}

ArgsVerdict args_read(const ArgSpec *s, int argc, char **argv)
{
    bool ended = false; /* by "--": what follows is no option, be it "-1" */
    for (int i = 1; i < argc; i++) {
        if (!ended && strcmp(argv[i], "--") == 0) {
            ended = true;
            continue;
        }
        if (!ended && (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)) {
            print_help(s);
            return ARGS_HELP;
        }
        bool dashed = !ended && argv[i][0] == '-';
        const ArgOption *o = dashed ? option_named(s, argv[i]) : next_positional(s);
        if (!o)
            return wrong(s, dashed ? "no option" : "one argument too many:", argv[i]);
        if (!dashed)
            *o->text = argv[i];
        else if (!o->value)
            *o->text = "yes";
        else if (i + 1 < argc)
            *o->text = argv[++i];
        else
            return wrong(s, "a value is missing for", argv[i]);
    }
    return missing(s);
}

int args_exit(ArgsVerdict v)
{
    return v == ARGS_WRONG ? EXIT_USAGE : EXIT_OK;
}

bool args_listen(const char *text, Str *address, uint16_t *port, Err *err)
{
    Str s = str_z(text);
    const char *colon = memrchr(s.at, ':', s.len);
    int64_t n;
    if (!colon || !str_int(str_slice(s, (size_t)(colon - s.at) + 1, s.len), &n) || n < 0 ||
        n > 65535)
        return FAIL(err, ERR_INPUT, "no address and port in '%s'", text);
    Str host = str_slice(s, 0, (size_t)(colon - s.at));
    if (str_starts(host, STR("[")) && str_ends(host, STR("]")))
        host = str_slice(host, 1, host.len - 1);
    *address = host.len ? host : STR("127.0.0.1");
    *port = (uint16_t)n;
    return true;
}
