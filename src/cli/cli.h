/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cli.h - the subcommands of onedoor; each returns an exit code of cli/args.h. */
#pragma once

int cli_serve(int argc, char **argv);
int cli_check(int argc, char **argv);
int cli_drift(int argc, char **argv);
int cli_test(int argc, char **argv);
int cli_sandbox(int argc, char **argv);
int cli_staff(int argc, char **argv);
int cli_client(int argc, char **argv);
int cli_backup(int argc, char **argv);
int cli_verify(int argc, char **argv);
int cli_feel(int argc, char **argv);
int cli_dmn(int argc, char **argv);
int cli_flow(int argc, char **argv);
int cli_openapi(int argc, char **argv);
int cli_table(int argc, char **argv);
int cli_diff(int argc, char **argv);
int cli_linked(int argc, char **argv);
int cli_draw(int argc, char **argv);
int cli_report(int argc, char **argv);
int cli_explain(int argc, char **argv);
