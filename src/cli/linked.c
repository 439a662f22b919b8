/* SPDX-License-Identifier: Apache-2.0 */
/* onedoor linked DIR: the catalogue as linked data, for exchange with other catalogues. */
#include <stdio.h>

#include "cli/args.h"
#include "cli/cli.h"
#include "linked/linked.h"
#include "json/json.h"

int cli_linked(int argc, char **argv)
{
    const char *folder = NULL, *url = NULL;
    const ArgOption options[] = {
        {"DIR", NULL, "folder of the catalogue", &folder, true},
        {"--public-url", "URL", "address of the service", &url, false},
    };
    const ArgSpec spec = {"linked", "Prints a catalogue as linked data: CPSV-AP 3.2 in JSON-LD.",
                          "onedoor linked catalogues/demo --public-url"
                          " https://one.example.gov.cn > services.jsonld",
                          options, COUNT(options)};
    ArgsVerdict v = args_read(&spec, argc, argv);
    if (v != ARGS_GO)
        return args_exit(v);
    Arena a = {0};
    Diags diags = {.arena = &a};
    const Catalogue *c = catalogue_load(str_z(folder), &diags);
    if (c) {
        Str base = str_z(url ? url : "http://127.0.0.1:8080");
        printf(STR_FMT "\n", STR_ARG(json_pretty(&a, linked_catalogue(&a, c, base))));
    } else {
        (void)fprintf(stderr, STR_FMT, STR_ARG(diag_render(&a, &diags)));
    }
    catalogue_free(c);
    arena_free(&a);
    return c ? EXIT_OK : EXIT_FAILED;
}
