/* SPDX-License-Identifier: Apache-2.0 */
/*
 * onedoor test DIR: a catalogue's sample applications on the real engine.
 * Exit status: 0 all as expected, 1 not, 2 wrong use.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/thread.h"
#include "catalogue/sample.h"
#include "cli/args.h"
#include "cli/cli.h"
#include "services/sample/sample.h"
#include "json/json.h"

enum { THREADS_MAX = 8 };

typedef struct {
    const Catalogue *catalogue;
    const Sample *samples;
    size_t count;
    Str only;   /* part of a name; empty: all */
    Mutex lock; /* guards all below */
    size_t next;
    Diags *diags;
    Err err;
    size_t run, passed, expectations;
} Suite;

static bool is_asked(const Suite *s, const Sample *sample)
{
    return !s->only.len || str_find(sample->name, s->only, 0) < sample->name.len ||
           str_eq(sample->item->key, s->only);
}

/* NULL when there is none left. */
static const Sample *next_sample(Suite *s)
{
    const Sample *found = NULL;
    mutex_lock(&s->lock);
    while (!found && s->next < s->count && !s->err.code) {
        const Sample *sample = &s->samples[s->next++];
        if (is_asked(s, sample))
            found = sample;
    }
    mutex_unlock(&s->lock);
    return found;
}

static void remove_folder(Arena *a, Str folder)
{
    StrVec files = {0};
    Err err = {0};
    if (file_list(a, folder, STR(""), &files, &err))
        for (size_t i = 0; i < files.len; i++)
            file_remove(path_join(a, folder, files.at[i]));
    (void)rmdir(str_cstr(a, folder));
}

/* Stores live in memory where the machine has a folder for that: they are gone afterwards. */
static Str store_folder(void)
{
    const char *given = getenv("TMPDIR");
    return given ? str_z(given) : access("/dev/shm", W_OK) == 0 ? STR("/dev/shm") : STR("/tmp");
}

static void keep(Suite *s, Diags *said, const SampleVerdict *v, bool ok, const Err *err)
{
    mutex_lock(&s->lock);
    s->run++;
    s->passed += ok && !v->failed;
    s->expectations += v->expectations;
    if (!ok && !s->err.code)
        s->err = *err;
    for (size_t i = 0; i < said->list.len; i++) {
        const Diag *d = &said->list.at[i];
        diag_add(s->diags, d->level, d->rule, d->file, d->offset, str_dup(s->diags->arena, d->cure),
                 STR_FMT, STR_ARG(str_dup(s->diags->arena, d->message)));
    }
    mutex_unlock(&s->lock);
}

static void run_samples(void *arg)
{
    Suite *s = arg;
    Arena arena = {0};
    for (const Sample *sample = next_sample(s); sample; sample = next_sample(s)) {
        Diags said = {.arena = &arena};
        SampleVerdict v = {0};
        Err err = {0};
        Str folder = {0};
        bool ok = file_make_temporary(&arena, store_folder(), &folder, &err) &&
                  sample_run(&arena, s->catalogue, sample, folder, &said, &v, &err);
        keep(s, &said, &v, ok, &err);
        remove_folder(&arena, folder);
        arena_reset(&arena);
    }
    arena_free(&arena);
}

static void run_all(Suite *s)
{
    Thread threads[THREADS_MAX];
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t n = cores < 1 ? 1 : cores > THREADS_MAX ? THREADS_MAX : (size_t)cores;
    for (size_t i = 0; i < n; i++)
        thread_start(&threads[i], "sample", run_samples, s);
    for (size_t i = 0; i < n; i++)
        thread_join(&threads[i]);
}

static bool write_report(Arena *a, const char *path, const Suite *s, Err *err)
{
    Value *v = value_map(a);
    set_str(a, v, "suite", STR("samples"));
    set_int(a, v, "passed", (int64_t)s->passed);
    set_int(a, v, "failed", (int64_t)(s->run - s->passed));
    set_int(a, v, "skipped", (int64_t)(s->count - s->run));
    set_int(a, v, "total", (int64_t)s->count);
    set_int(a, v, "expectations", (int64_t)s->expectations);
    return file_write(str_z(path), json_text(a, v), err);
}

static int test(Arena *a, const char *folder, const char *only, const char *report)
{
    Diags diags = {.arena = a};
    Samples samples = {0};
    Err err = {0};
    const Catalogue *c = catalogue_load(str_z(folder), &diags);
    diags.list.len = c ? 0 : diags.list.len; /* advice is for onedoor check */
    bool ok = c && catalogue_samples(a, c, str_z(folder), &diags, &samples);
    Suite s = {.catalogue = c,
               .samples = samples.at,
               .count = samples.len,
               .only = only ? str_z(only) : STR(""),
               .diags = &diags};
    mutex_init(&s.lock);
    if (ok)
        run_all(&s);
    mutex_free(&s.lock);
    Str said = diag_render(a, &diags);
    fwrite(said.at, 1, said.len, stdout);
    if (s.err.code)
        (void)fprintf(stderr, "onedoor test: %s\n", s.err.msg);
    if (ok)
        printf("%s: %zu samples with %zu expectations; %zu passed, %zu failed\n", folder, s.run,
               s.expectations, s.passed, s.run - s.passed);
    if (ok && report && !write_report(a, report, &s, &err))
        (void)fprintf(stderr, "onedoor test: %s\n", err.msg);
    catalogue_free(c);
    return ok && !s.err.code && !err.code && s.passed == s.run ? EXIT_OK : EXIT_FAILED;
}

int cli_test(int argc, char **argv)
{
    const char *folder = NULL, *only = NULL, *report = NULL;
    const ArgOption options[] = {
        {"DIR", NULL, "folder of the catalogue", &folder, true},
        {"--only", "TEXT", "samples of that item, or with that in their name", &only, false},
        {"--report", "FILE", "the figures as JSON", &report, false},
    };
    const ArgSpec spec = {
        "test", "Runs the sample applications (items/*/*.test.yaml) on the real engine.",
        "onedoor test catalogues/demo --only work-injury", options, COUNT(options)};
    ArgsVerdict verdict = args_read(&spec, argc, argv);
    if (verdict != ARGS_GO)
        return args_exit(verdict);
    log_set_level(LOG_ERROR);
    Arena arena = {0};
    int code = test(&arena, folder, only, report);
    arena_free(&arena);
    return code;
}
