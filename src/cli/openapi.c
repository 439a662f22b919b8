/* SPDX-License-Identifier: Apache-2.0 */
/* onedoor openapi: the API's description, made from the routes table. */
#include <stdio.h>

#include "cli/args.h"
#include "cli/cli.h"
#include "web/web.h"
#include "json/json.h"

int cli_openapi(int argc, char **argv)
{
    const char *url = NULL;
    const ArgOption options[] = {
        {"--public-url", "URL", "address of the service", &url, false},
    };
    ArgSpec spec = {"openapi", "print the API's description (OpenAPI 3.1)",
                    "onedoor openapi --public-url https://one.example.gov.cn > openapi.json",
                    options, COUNT(options)};
    ArgsVerdict v = args_read(&spec, argc, argv);
    if (v != ARGS_GO)
        return args_exit(v);
    Arena a = {0};
    const Value *doc = web_openapi(&a, STR("onedoor"), str_z(url ? url : "http://127.0.0.1:8080"));
    Str text = json_pretty(&a, doc);
    printf(STR_FMT "\n", STR_ARG(text));
    arena_free(&a);
    return EXIT_OK;
}
