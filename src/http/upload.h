/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http/upload.h - one uploaded file on its way to disk (private).
 *
 * Hashed and looked at while it is written; its type comes from its bytes alone.
 * Memory: an Upload holds a file descriptor and a Hasher until upload_end or upload_drop.
 */
#pragma once

#include "http/http.h"

enum { SNIFF_BYTES = 64 };

typedef struct {
    char first[SNIFF_BYTES];
    size_t len;
    uint8_t missing, low, high; /* UTF-8 in progress: bytes to come, and what the next may be */
    bool not_text;
} Sniffer;

void sniff_add(Sniffer *s, Str bytes);
/* A constant media type. */
Str sniff_type(const Sniffer *s);

typedef struct {
    int fd; /* -1: none */
    Hasher *hasher;
    uint64_t size;
    Sniffer sniffer;
    HttpFile file;
} Upload;

/* A new file in folder; its path in upload->file.path, in out. */
MUST_CHECK bool upload_begin(Arena *out, Str folder, Upload *u, Err *err);
MUST_CHECK bool upload_add(Upload *u, Str bytes, uint64_t max, Err *err);
/* Fills size, hash and type of u->file. */
void upload_end(Upload *u);
/* Ends it and removes the file. */
void upload_drop(Upload *u);
/* Removes what a crash left in folder more than a day ago. */
void upload_clean(Str folder);
