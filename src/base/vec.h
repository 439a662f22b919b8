/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/vec.h - a typed array that grows in an arena.
 *
 *     typedef Vec(Str) StrVec;
 *     StrVec v = {0};
 *     *VEC_PUSH(arena, &v) = STR("x");
 *     for (size_t i = 0; i < v.len; i++) use(v.at[i]);
 */
#pragma once

#include "base/arena.h"

#define Vec(T)                                                                                     \
    struct {                                                                                       \
        T *at;                                                                                     \
        size_t len, cap;                                                                           \
    }

/* Pointer to one new zeroed element; earlier pointers into the array may be stale afterwards. */
#define VEC_PUSH(arena, v)                                                                         \
    ((v)->len == (v)->cap                                                                          \
         ? ((v)->at = arena_grow((arena), (v)->at, (v)->cap * sizeof *(v)->at,                     \
                                 ((v)->cap ? (v)->cap * 2 : 8) * sizeof *(v)->at),                 \
            (v)->cap = (v)->cap ? (v)->cap * 2 : 8)                                                \
         : 0,                                                                                      \
     &(v)->at[(v)->len++])
