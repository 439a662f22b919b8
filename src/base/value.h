/* SPDX-License-Identifier: Apache-2.0 */
/*
 * base/value.h - the tree that documents, pages and messages share.
 *
 * JSON and YAML are read into Values, handlers build them, JSON is written and HTML is rendered
 * from them: a page and its JSON are two faces of one Value.
 * A Value that was read from a document keeps where it stood: file (index in the caller's list of
 * files) and byte offset. Numbers keep their text, so that no decimal is lost on the way.
 * Memory:  the Arena that is passed owns every node; texts are views, copied only by value_copy.
 * Threads: reads may be shared once nobody writes.
 */
#pragma once

#include "base/str.h"

typedef enum {
    VALUE_NULL,
    VALUE_BOOL,
    VALUE_NUMBER, /* text: canonical JSON number */
    VALUE_STR,
    VALUE_LIST,
    VALUE_MAP, /* members in order of insertion, keys unique */
} ValueKind;

typedef struct Value Value;
typedef struct ValueMember ValueMember;
typedef struct ValueIndex ValueIndex; /* private: hash of a large map */

struct Value {
    ValueKind kind;
    bool truth;      /* VALUE_BOOL */
    uint16_t file;   /* index in the caller's list of files; 0 where there is none */
    uint32_t offset; /* byte offset in that file */
    union {
        Str text; /* VALUE_NUMBER, VALUE_STR */
        struct {
            Value **items;
            uint32_t count, cap;
        } list;
        struct {
            ValueMember *members;
            uint32_t count, cap;
            ValueIndex *index;
        } map;
    };
};

struct ValueMember {
    Str key;
    uint32_t key_offset; /* of the key in its document */
    Value *value;
};

Value *value_null(Arena *a);
Value *value_bool(Arena *a, bool truth);
Value *value_int(Arena *a, int64_t n);
Value *value_number(Arena *a, Str text); /* text must be a JSON number */
Value *value_str(Arena *a, Str s);
Value *value_list(Arena *a);
Value *value_map(Arena *a);
Value *value_copy(Arena *a, const Value *v);   /* deep, texts too */
bool value_eq(const Value *a, const Value *b); /* deep; numbers by text, maps in any order */

void value_push(Arena *a, Value *list, Value *item);
/* Adds or replaces. */
void value_set(Arena *a, Value *map, Str key, Value *v);
/* false when the key was there already. */
bool value_add(Arena *a, Value *map, Str key, uint32_t key_offset, Value *v);
/* For a reader that knows already that the key is new. */
void value_append(Arena *a, Value *map, Str key, uint32_t key_offset, Value *v);

/* Building pages in one line each; key is a C literal. */
void set_str(Arena *a, Value *map, const char *key, Str s);
void set_int(Arena *a, Value *map, const char *key, int64_t n);
void set_bool(Arena *a, Value *map, const char *key, bool truth);
Value *set_map(Arena *a, Value *map, const char *key);  /* the new, empty map */
Value *set_list(Arena *a, Value *map, const char *key); /* the new, empty list */
void set_value(Arena *a, Value *map, const char *key, Value *v);
Value *push_map(Arena *a, Value *list);
void push_str(Arena *a, Value *list, Str s);

/* NULL when v is NULL, no map, or has no such key. */
const Value *value_get(const Value *v, Str key);
const Value *value_at(const Value *v, const char *key);
/* The same, to be added to by who builds the tree. */
Value *value_inside(const Value *map, const char *key);
Value *value_inside_str(const Value *map, Str key);
/* Dotted path: "applicant.name". */
const Value *value_path(const Value *v, Str path);
/* The text of a string or number; empty when absent or of another kind. */
Str value_text(const Value *v);
Str get_str(const Value *map, const char *key);
int64_t get_int(const Value *map, const char *key, int64_t otherwise);
bool get_bool(const Value *map, const char *key);
bool value_is(const Value *v, ValueKind kind);
size_t value_count(const Value *v); /* items or members; 0 for the rest */
/* An item of a list; NULL past its end and when list is none. */
Value *value_item(const Value *list, size_t i);
