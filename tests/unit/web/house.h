/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/web/house.h - a program without network and store: a small place with one service,
 * compiled pages, and requests made by hand.
 */
#pragma once

#include "check.h"
#include "web/web_int.h"

typedef struct {
    Arena arena;
    App app;
    Catalogue catalogue;
    Web web;
    Diags diags;
    HttpRoute route; /* of the requests made by hand */
} House;

/* false: there are errors in house->diags. Ended by house_close. */
bool house_open(House *h);
void house_close(House *h);
/* A GET of the target (path and query), its visit made; further headers and cookies by house_put. */
HttpRequest house_request(House *h, const char *target);
void house_put(House *h, HttpFields *fields, const char *name, const char *value);
bool has(Str text, const char *part);
