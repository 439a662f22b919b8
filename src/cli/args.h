/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli/args.h - command lines: one table of options a command, the same help and errors for all.
 * Exit codes: EXIT_OK, EXIT_FAILED (it did not work), EXIT_USAGE (the call's words are off).
 */
#pragma once

#include "base/str.h"

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

typedef struct {
    const char *name;  /* "--db"; without dashes: a positional argument */
    const char *value; /* what stands for its value in the help: "PATH"; NULL: a switch */
    const char *help;
    const char **text; /* where the value goes; a switch gets "yes" */
    bool required;
} ArgOption;

typedef struct {
    const char *command; /* "serve" */
    const char *what;    /* one sentence */
    const char *example;
    const ArgOption *options;
    size_t count;
} ArgSpec;

typedef enum { ARGS_GO, ARGS_HELP, ARGS_WRONG } ArgsVerdict;

/* Prints help or the error itself. */
MUST_CHECK ArgsVerdict args_read(const ArgSpec *spec, int argc, char **argv);
/* The exit code of a verdict that is not ARGS_GO. */
int args_exit(ArgsVerdict v);
/* "127.0.0.1:8080", "[::1]:8080" or ":8080" (then address is 127.0.0.1). */
MUST_CHECK bool args_listen(const char *text, Str *address, uint16_t *port, Err *err);
