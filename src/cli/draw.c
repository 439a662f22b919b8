/* SPDX-License-Identifier: Apache-2.0 */
/* onedoor draw: one paper, for the service that started this process (pdf/apart.c). */
#include "base/log.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "pdf/pdf.h"

int cli_draw(int argc, char **argv)
{
    ArgSpec spec = {PDF_DRAW_COMMAND, "draw one paper for serve, which starts it; not for people",
                    "onedoor draw < DOCUMENT > PAPER", NULL, 0};
    ArgsVerdict v = args_read(&spec, argc, argv);
    if (v != ARGS_GO)
        return args_exit(v);
    Err err = {0};
    if (pdf_draw_one(&err))
        return EXIT_OK;
    log_err("draw", &err);
    return EXIT_FAILED;
}
