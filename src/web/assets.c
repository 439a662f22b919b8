/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files in the binary. Their public names carry a hash of the content, so browsers keep them for
 * ever and a new build is a new name. Templates and messages are not served.
 */
#include "web/web_int.h"

/* NOLINTBEGIN(bugprone-macro-parentheses): names that are declared take none. */
#define ASSET(path, public, type, raw, raw_end, gz, gz_end)                                        \
    extern const unsigned char raw[], raw_end[], gz[], gz_end[];
#include "assets.inc"
#undef ASSET
/* NOLINTEND(bugprone-macro-parentheses) */

static const struct {
    const char *path, *public, *type;
    const unsigned char *raw, *raw_end, *gz, *gz_end;
} files[] = {
#define ASSET(path, public, type, raw, raw_end, gz, gz_end)                                        \
    {path, public, type, raw, raw_end, gz, gz_end},
#include "assets.inc"
#undef ASSET
};

static Str between(const unsigned char *from, const unsigned char *to)
{
    return (Str){(const char *)from, (size_t)(to - from)};
}

size_t asset_count(void)
{
    return COUNT(files);
}

Asset asset_at(size_t i)
{
    return (Asset){str_z(files[i].path), str_z(files[i].public), str_z(files[i].type),
                   between(files[i].raw, files[i].raw_end), between(files[i].gz, files[i].gz_end)};
}

void assets_open(Web *w, Value *addresses)
{
    for (size_t i = 0; i < asset_count(); i++) {
        Asset *a = NEW(&w->arena, Asset);
        *a = asset_at(i);
        if (!str_starts(a->path, STR("ui/")) || str_starts(a->path, STR("ui/templates/")) ||
            str_starts(a->path, STR("ui/messages/")))
            continue;
        map_put(&w->arena, &w->assets, a->public, a);
        Str name = str_slice(a->path, STR("ui/").len, a->path.len);
        Str address = str_fmt(&w->arena, "/a/" STR_FMT, STR_ARG(a->public));
        value_set(&w->arena, addresses, name, value_str(&w->arena, address));
    }
}

HttpNext web_asset(HttpRequest *rq, HttpResponse *rs)
{
    const Asset *a = map_get(&visit_of(rq)->web->assets, http_param(rq, "file"));
    if (!a)
        return web_status(rq, rs, 404, "http.404.text");
    rs->content_type = a->type;
    rs->body = a->raw;
    rs->body_gzip = a->gzip;
    rs->body_is_constant = true;
    http_set_header(rq, rs, "Cache-Control", STR("public, max-age=31536000, immutable"));
    http_set_header(rq, rs, "X-Content-Type-Options", STR("nosniff"));
    return HTTP_DONE;
}
