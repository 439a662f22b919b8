/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/era.h - freeing what others may still be reading, without counting each thing.
 *
 * Who reads shared, immutable things enters first and leaves when it is done. What is taken out of
 * service is retired: it is dropped once everybody who had entered before is gone. Whoever enters
 * after the thing was taken out cannot have seen it.
 * Memory:  one Era a retirement that is still waited for; they are used again.
 * Threads: any thread may enter, leave (also another one than entered) and retire. drop runs on
 *          the thread of the last one to leave, outside of every lock; it must not wait.
 * Limits:  what waits is bounded by how long readers stay: a request's own time limits.
 */
#pragma once

#include "base/arena.h"

typedef struct Eras Eras;
typedef struct Era Era;

Eras *eras_new(void);
/* Drops what still waits; nobody may be inside. */
void eras_free(Eras *e);
Era *era_enter(Eras *e);
void era_leave(Eras *e, Era *mine);
/* Call after nobody who enters from now on can find it. */
void era_retire(Eras *e, void (*drop)(void *), void *what);
/* Retirements that wait for a reader. */
size_t eras_waiting(Eras *e);
