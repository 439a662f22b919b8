/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A list of blocks, newest first. Blocks double up to ARENA_BLOCK_MAX, so that a small request
 * costs one malloc and a large document few. Freed room is poisoned so that ASan sees a use after
 * arena_rewind or arena_reset as it would see one after free.
 */
#include "base/arena.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#if defined(__GNUC__) && !defined(__clang__)
/* gcc takes the poisoning of fresh memory for a read of it. */
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#define POISON(at, n) __asan_poison_memory_region((at), (n))
#define UNPOISON(at, n) __asan_unpoison_memory_region((at), (n))
#else
#define POISON(at, n) ((void)(at), (void)(n))
#define UNPOISON(at, n) ((void)(at), (void)(n))
#endif

enum { ARENA_BLOCK_MIN = 8 << 10, ARENA_BLOCK_MAX = 1 << 20, ARENA_ALIGN = 16 };
/* Short texts stand side by side in pieces of this size. */
enum { ARENA_TEXT_PIECE = 512, ARENA_TEXT_SHORT = 128 };

struct ArenaBlock {
    ArenaBlock *older;
    size_t size;
    _Alignas(16) char data[];
};

static size_t rounded(size_t n)
{
    return (n + (ARENA_ALIGN - 1)) & ~(size_t)(ARENA_ALIGN - 1);
}

static void add_block(Arena *a, size_t need)
{
    size_t size = a->head ? a->head->size * 2 : ARENA_BLOCK_MIN;
    if (size > ARENA_BLOCK_MAX)
        size = ARENA_BLOCK_MAX;
    if (size < need)
        size = need;
    ArenaBlock *b = malloc(sizeof *b + size);
    if (!b)
        fatal("out of memory: %zu bytes", size);
    b->older = a->head;
    b->size = size;
    POISON(b->data, size);
    a->head = b;
    a->used = 0;
    a->total += size;
}

void *arena_alloc(Arena *a, size_t size)
{
    ASSERT(size <= ARENA_MAX_ALLOC);
    size_t need = rounded(size ? size : 1);
    if (!a->head || a->head->size - a->used < need)
        add_block(a, need);
    char *at = a->head->data + a->used;
    a->used += need;
    UNPOISON(at, size);
    memset(at, 0, size);
    return at;
}

#ifdef ARENA_ASAN
/* Each in memory of its own, so that a step past its end is seen. */
char *arena_text(Arena *a, size_t size)
{
    return arena_alloc(a, size);
}
#else
char *arena_text(Arena *a, size_t size)
{
    if (size > ARENA_TEXT_SHORT)
        return arena_alloc(a, size);
    if (size > a->text_left) {
        a->text = arena_alloc(a, ARENA_TEXT_PIECE);
        a->text_left = ARENA_TEXT_PIECE;
    }
    char *at = a->text;
    a->text += size;
    a->text_left -= size;
    return at;
}
#endif

void *arena_grow(Arena *a, void *old, size_t old_size, size_t new_size)
{
    ASSERT(new_size >= old_size && (old || !old_size));
    if (old && a->head) {
        size_t start = (size_t)((char *)old - a->head->data);
        bool newest =
            (char *)old >= a->head->data && start + rounded(old_size ? old_size : 1) == a->used;
        if (newest && start + rounded(new_size) <= a->head->size) {
            UNPOISON(old, new_size);
            memset((char *)old + old_size, 0, new_size - old_size);
            a->used = start + rounded(new_size);
            return old;
        }
    }
    void *at = arena_alloc(a, new_size);
    if (old && old_size)
        memcpy(at, old, old_size);
    return at;
}

ArenaMark arena_mark(const Arena *a)
{
    return (ArenaMark){a->head, a->used};
}

static void pop_block(Arena *a)
{
    ArenaBlock *b = a->head;
    a->head = b->older;
    a->total -= b->size;
    UNPOISON(b->data, b->size);
    free(b);
}

void arena_rewind(Arena *a, ArenaMark mark)
{
    while (a->head != mark.head)
        pop_block(a);
    a->used = mark.used;
    a->text_left = 0;
    if (a->head)
        POISON(a->head->data + a->used, a->head->size - a->used);
}

void arena_reset(Arena *a)
{
    while (a->head && a->head->older)
        pop_block(a);
    a->used = 0;
    a->text_left = 0;
    if (a->head)
        POISON(a->head->data, a->head->size);
}

void arena_free(Arena *a)
{
    while (a->head)
        pop_block(a);
    a->used = 0;
    a->text_left = 0;
}

/* glibc's own thresholds grow with the largest block freed, up to 64 MB a thread. Blocks of ours
 * stay below the second one: mapping each anew would cost more than it saves. */
void memory_init(void)
{
    (void)mallopt(M_TRIM_THRESHOLD, 2 * ARENA_BLOCK_MAX);
    (void)mallopt(M_MMAP_THRESHOLD, 2 * ARENA_BLOCK_MAX);
}
