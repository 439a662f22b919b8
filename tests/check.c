/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { TESTS_MAX = 2000, FAILURES_SHOWN = 200 };

static struct {
    const char *name;
    void (*run)(void);
} tests[TESTS_MAX];
static int test_count, passed, failed, skipped;

void check_register(const char *name, void (*run)(void))
{
    if (test_count == TESTS_MAX)
        abort();
    tests[test_count].name = name;
    tests[test_count++].run = run;
}

void check_result(bool ok, const char *file, int line, const char *cond, const char *fmt, ...)
{
    if (ok) {
        passed++;
        return;
    }
    if (++failed > FAILURES_SHOWN)
        return;
    printf("FAIL %s:%d: %s: ", file, line, cond);
    va_list args;
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    putchar('\n');
}

void check_skip(const char *why)
{
    if (getenv("CI")) {
        failed++;
        printf("FAIL %s\n", why);
        return;
    }
    skipped++;
    printf("skipped: %s\n", why);
}

void check_conformance(const char *suite, int ok, int bad, int skip)
{
    FILE *f = fopen("build/conformance.jsonl", "a");
    if (!f)
        return;
    fprintf(f, "{\"suite\":\"%s\",\"passed\":%d,\"failed\":%d,\"skipped\":%d,\"total\":%d}\n",
            suite, ok, bad, skip, ok + bad + skip);
    fclose(f);
}

static bool chosen(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strstr(name, argv[i]))
            return true;
    return argc < 2;
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 0; i < test_count; i++)
        if (chosen(tests[i].name, argc, argv))
            tests[i].run();
    printf("%d passed, %d failed", passed, failed);
    if (skipped)
        printf(", %d skipped", skipped);
    putchar('\n');
    return failed != 0;
}
