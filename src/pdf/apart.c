/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each paper in a process of its own, started for it and gone with it. Chinese fonts are large and
 * Cairo keeps them open: some 80 MB, once one paper was drawn. Closing them by
 * cairo_debug_reset_static_data aborts the process when Cairo still knows one. So the process goes,
 * and a crash on a hostile text is one failed paper.
 *
 * A child that stays for the next paper would save some 40 of 200 ms (the fonts are found anew each
 * time, and read from the file cache), and would have to be watched, ended when idle and replaced
 * when it fails.
 */
#include "base/child.h"
#include "base/thread.h"
#include "pdf/pdf_int.h"

enum {
    AT_ONCE = 2,         /* each takes a processor */
    DEADLINE_MS = 20000, /* where fontconfig has no cache, it reads every font first */
    MEMORY_MAX = 512 << 20,
    ANSWER_MAX = 32 << 20,
    DOCUMENT_MAX = 32 << 20 /* PDF_MAX_BLOCKS of twice PDF_MAX_TEXT, and what is around them */
};
_Static_assert(DOCUMENT_MAX > PDF_MAX_BLOCKS * (2 * PDF_MAX_TEXT + 64) + 10 * PDF_MAX_TEXT, "room");

#define NAME "onedoor-draw" /* in lists of processes and in errors */

static const char *program; /* set before the first thread */

static Mutex lock = MUTEX_STATIC; /* guards running */
static Cond ended;
static int running;

void pdf_draw_apart(const char *with)
{
    if (with && !program)
        cond_init(&ended);
    if (!with && program)
        cond_free(&ended);
    program = with;
}

bool apart_is_wanted(void)
{
    return program != NULL;
}

/* Not for ever: whoever is in has a deadline. */
static void begin(void)
{
    mutex_lock(&lock);
    while (running == AT_ONCE)
        cond_wait(&ended, &lock);
    running++;
    mutex_unlock(&lock);
}

static void end(void)
{
    mutex_lock(&lock);
    running--;
    mutex_unlock(&lock);
    cond_signal(&ended);
}

bool apart_make(Arena *out, const PdfDocument *doc, Str *bytes, Err *err)
{
    static const char *const args[] = {NAME, PDF_DRAW_COMMAND, NULL};
    Arena scratch = {0};
    StrBuf b = buf_in(&scratch);
    Str answer, pdf;
    wire_put_document(&b, doc);
    ChildCall call = {program, args, buf_str(&b), ANSWER_MAX, DEADLINE_MS};
    begin();
    bool ok = child_run(&scratch, &call, &answer, err) && wire_get_result(answer, &pdf, err);
    end();
    if (ok)
        *bytes = str_dup(out, pdf);
    arena_free(&scratch);
    return ok;
}

bool pdf_draw_one(Err *err)
{
    Arena a = {0};
    StrBuf b = buf_in(&a);
    Str input, pdf = {0};
    Err failure = {0};
    PdfDocument doc = {0};
    ChildLimits limits = {NAME, MEMORY_MAX, 2 * DEADLINE_MS / 1000};
    child_limit(&limits);
    bool ok = child_input(&a, DOCUMENT_MAX, &input, err) && wire_get_document(&a, input, &doc, err);
    if (ok) {
        if (!pdf_make(&a, &doc, &pdf, &failure))
            pdf = STR("");
        wire_put_result(&b, pdf, &failure);
        ok = child_answer(buf_str(&b), err);
    }
    arena_free(&a);
    return ok;
}
