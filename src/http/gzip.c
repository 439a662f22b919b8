/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One compressor a loop, reset for each page: making one costs more than packing a page.
 */
#include <zlib.h>

#include "http/http_int.h"

enum { GZIP_LEVEL = 3, GZIP_WINDOW = 15 + 16 /* with a gzip header */, GZIP_MEMORY = 8 };

struct Gzip {
    z_stream z;
    bool is_ready;
};

Gzip *gzip_new(Arena *out)
{
    Gzip *g = NEW(out, Gzip);
    g->is_ready = deflateInit2(&g->z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY,
                               Z_DEFAULT_STRATEGY) == Z_OK;
    return g;
}

void gzip_free(Gzip *g)
{
    if (g && g->is_ready)
        (void)deflateEnd(&g->z);
}

bool gzip_body(Gzip *g, Arena *out, Str body, Str *packed)
{
    if (!g->is_ready || body.len > UINT32_MAX / 2 || deflateReset(&g->z) != Z_OK)
        return false;
    size_t room = deflateBound(&g->z, body.len);
    ArenaMark mark = arena_mark(out);
    char *at = arena_alloc(out, room);
    memcpy(&g->z.next_in, &body.at,
           sizeof body.at); /* zlib takes it without const, but only reads */
    g->z.avail_in = (uInt)body.len;
    g->z.next_out = (Bytef *)at;
    g->z.avail_out = (uInt)room;
    if (deflate(&g->z, Z_FINISH) != Z_STREAM_END || g->z.total_out >= body.len) {
        arena_rewind(out, mark);
        return false;
    }
    *packed = (Str){at, g->z.total_out};
    return true;
}
