/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/arena.h - memory with one owner and one free.
 *
 * For:     whoever passes an Arena owns what is put in it; nothing is freed singly.
 * Memory:  zeroed, 16-byte aligned, poisoned under ASan once released. Out of memory ends the
 *          process: the store is transactional and the service manager restarts it.
 * Threads: an Arena belongs to one thread at a time.
 * Beside:  what is made on the way to a result (a parse tree, a growing list) goes to
 *          arena_beside(out). Who owns a long-lived arena sets its beside and resets that as soon as
 *          the results stand; without one both are the same arena.
 * Limits:  ARENA_MAX_ALLOC bytes in one allocation; larger asks are a broken invariant.
 *          Hostile sizes are stopped where data enters, long before.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define ARENA_MAX_ALLOC ((size_t)1 << 30)

typedef struct ArenaBlock ArenaBlock;

typedef struct Arena Arena;
struct Arena {
    ArenaBlock *head; /* newest block; NULL when nothing was allocated yet */
    size_t used;      /* bytes handed out of head */
    size_t total;     /* bytes held in all blocks */
    Arena *beside;    /* of a shorter life; NULL: none */
    char *text;       /* room for short texts */
    size_t text_left;
};

typedef struct {
    ArenaBlock *head;
    size_t used;
} ArenaMark;

/* Zeroed memory for size bytes; never NULL. */
void *arena_alloc(Arena *a, size_t size);
/* Room for size bytes of text, not aligned; zeroed. */
char *arena_text(Arena *a, size_t size);
/* Where to put what may go before the results do. */
static inline Arena *arena_beside(Arena *a)
{
    return a->beside ? a->beside : a;
}
/* The array grown to new_size: in place where it is the newest allocation, else copied. */
void *arena_grow(Arena *a, void *old, size_t old_size, size_t new_size);
ArenaMark arena_mark(const Arena *a);
/* Everything allocated after the mark is gone. */
void arena_rewind(Arena *a, ArenaMark mark);
/* Everything is gone; one block is kept for the next use. */
void arena_reset(Arena *a);
/* Everything is gone, all memory returned. */
void arena_free(Arena *a);
/* Call first in main: a thread keeps little of what it freed, so that one large request is not held
 * for ever. */
void memory_init(void);

#define NEW(a, T) ((T *)arena_alloc((a), sizeof(T)))
#define NEW_N(a, T, n) ((T *)arena_alloc((a), sizeof(T) * (size_t)(n)))
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
