/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk whose flushes take their time: LD_PRELOAD this, and every fsync and fdatasync takes
 * SLOW_FSYNC_US microseconds longer (default 5000, what an SSD without power-loss protection
 * takes). Shows whether commits are grouped: a program that flushes once a request cannot pass
 * 200 a second here.
 *
 *     gcc -shared -fPIC -O2 -o build/slow_fsync.so bench/slow_fsync.c
 *     SLOW_FSYNC_US=5000 LD_PRELOAD=build/slow_fsync.so build/release/onedoor serve ...
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void wait_a_while(void)
{
    static long us = -1;
    if (us < 0) {
        const char *set = getenv("SLOW_FSYNC_US");
        us = set ? strtol(set, NULL, 10) : 5000;
    }
    nanosleep(&(struct timespec){us / 1000000, us % 1000000 * 1000}, NULL);
}

int fsync(int fd)
{
    wait_a_while();
    return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    wait_a_while();
    return (int)syscall(SYS_fdatasync, fd);
}
