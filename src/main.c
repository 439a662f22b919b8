/* SPDX-License-Identifier: Apache-2.0 */
/* The front door: chooses the subcommand. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "pdf/pdf.h"

static int cli_version(int argc, char **argv)
{
    (void)argc, (void)argv;
    printf("onedoor %s (%s)\n", VERSION, COMMIT);
    return EXIT_OK;
}

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *what;
} commands[] = {
    {"serve", cli_serve, "run the service"},
    {"check", cli_check, "check a catalogue, all errors in one run"},
    {"explain", cli_explain, "what a rule of check means"},
    {"report", cli_report, "before and after the reform"},
    {"drift", cli_drift, "where places deviate from the unified standard"},
    {"test", cli_test, "run a catalogue's sample applications"},
    {"table", cli_table, "items as the standard sorting table, out and back"},
    {"diff", cli_diff, "what differs between two versions of a catalogue"},
    {"linked", cli_linked, "print a catalogue as linked data (CPSV-AP)"},
    {"staff", cli_staff, "add a staff account"},
    {"client", cli_client, "accounts of other departments' systems"},
    {"backup", cli_backup, "copy the database and the files while the service runs"},
    {"verify", cli_verify, "check the hash chain of every case"},
    {"sandbox", cli_sandbox, "play the registers of other departments, for the demo"},
    {"feel", cli_feel, "evaluate a FEEL expression"},
    {"dmn", cli_dmn, "decide by a DMN file"},
    {"flow", cli_flow, "run a process with events from a script"},
    {"openapi", cli_openapi, "print the API's description"},
    {"version", cli_version, "print the version"},
    {PDF_DRAW_COMMAND, cli_draw, "draw one paper for serve, which starts it"},
};

static int usage(FILE *to, int code)
{
    (void)fprintf(to, "usage: onedoor COMMAND [options]\n\n");
    for (size_t i = 0; i < COUNT(commands); i++)
        (void)fprintf(to, "  %-10s %s\n", commands[i].name, commands[i].what);
    (void)fprintf(to, "\n'onedoor COMMAND --help' explains a command, with an example\n");
    return code;
}

int main(int argc, char **argv)
{
    memory_init();
    if (argc < 2)
        return usage(stderr, EXIT_USAGE);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
        return usage(stdout, EXIT_OK);
    for (size_t i = 0; i < COUNT(commands); i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    (void)fprintf(stderr, "onedoor: no command '%s'\n", argv[1]);
    return usage(stderr, EXIT_USAGE);
}
