/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "base/thread.h"

enum { WIDTH = 40, LINE_STEP = 10 };

void progress_init(Progress *p, const char *what)
{
    *p = (Progress){.what = what, .is_terminal = isatty(STDERR_FILENO) == 1, .shown = -1};
    signal_block_all();
}

void progress_show(Progress *p, int64_t done, int64_t total)
{
    int percent = total > 0 ? (int)((done < total ? done : total) * 100 / total) : 100;
    int step = p->is_terminal ? 1 : LINE_STEP;
    if (p->shown >= 0 && percent / step == p->shown / step)
        return;
    p->shown = percent;
    if (!p->is_terminal) {
        (void)fprintf(stderr, "%s: %d %%\n", p->what, percent);
        return;
    }
    char bar[WIDTH + 1] = {0};
    for (int i = 0; i < WIDTH; i++)
        bar[i] = i * 100 < percent * WIDTH ? '#' : '.';
    (void)fprintf(stderr, "\r%s [%s] %3d %%", p->what, bar, percent);
}

void progress_end(Progress *p)
{
    if (p->is_terminal && p->shown >= 0)
        (void)fputc('\n', stderr);
    p->shown = -1;
}

bool progress_is_stopped(Progress *p)
{
    if (!p->is_stopped)
        p->is_stopped = signal_wait(0) != 0;
    return p->is_stopped;
}
