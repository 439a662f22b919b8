/* SPDX-License-Identifier: Apache-2.0 */
/* web/web_int.h - private: what the files of this room share. */
#pragma once

#include "web/web.h"

/* ---- assets.c ---- */

typedef struct {
    Str path;   /* "ui/app.css" */
    Str public; /* "app.a65f35bb47.css" */
    Str type;
    Str raw;
    Str gzip; /* empty: none */
} Asset;

size_t asset_count(void);
Asset asset_at(size_t i);
/* Fills w->assets with what browsers may have; addresses: {"app.css": "/a/app.….css"}. */
void assets_open(Web *w, Value *addresses);
HttpHandler web_asset;

/* ---- texts.c ---- */

/* Compiles texts and templates; app and secret are set. On false all errors are in diags. */
MUST_CHECK bool web_open(Web *w, Diags *diags);
void web_close(Web *w);
/* Adds the messages of a language to texts. Errors are in diags. */
void texts_read(Web *w, Lang lang, Diags *diags);
/* Every key of one language must be in the other. */
void texts_compare(const Web *w, Diags *diags);

/* ---- visit.c: what HttpConfig wants; its app is the Web ---- */

MUST_CHECK bool web_loop_open(void *web, void **reader, Err *err);
void web_loop_close(void *web, void *reader);
bool web_before(HttpRequest *rq, HttpResponse *rs);
void web_after(HttpRequest *rq);
void web_refuse(HttpRequest *rq, HttpResponse *rs, const char *why); /* errors.c */
/* A visit without a session: for refusals before any route. */
Visit *visit_new(HttpRequest *rq);
/* A route for systems: JSON only, no cookies. */
bool visit_is_machine(const HttpRequest *rq);
/* The token's cookie, where the visitor has none yet; before any page with a form. */
void visit_token(HttpRequest *rq, HttpResponse *rs);
/* Is this POST from a page of ours? The reason when not, else NULL. */
const char *visit_forgery(Str sec_fetch_site, Str origin, Str host, Str token, Str expected);
typedef enum {
    ADMIT_YES,
    ADMIT_LOGIN,
    ADMIT_STAFF_LOGIN,
    ADMIT_TOKEN,
    ADMIT_NO,
    ADMIT_UNKNOWN
} Admission;
Admission visit_admit(unsigned who, ActorKind kind, unsigned roles, bool demo);
/* Language by Accept-Language: the best of zh and en. */
Lang visit_accept_language(Str header);
/* The target without these query fields, ending in '?' or '&' so that a field can follow. */
Str visit_here(Arena *out, Str raw_target);

/* ---- frame.c ---- */

/* What every page needs, as model.page. */
void frame_add(HttpRequest *rq, Value *model, Str title);
void web_headers(HttpRequest *rq, HttpResponse *rs, bool html);

/* ---- items.c ---- */

/* {url, name, note, icon} of an item, for lists. */
void item_link(const HttpRequest *rq, Value *list, const Item *item);
/* Best first, shown when nothing was asked. */
void hot_items(const HttpRequest *rq, Value *model, bool organisations, size_t max);
/* Listed, and for them. */
bool item_serves(const Item *item, bool organisations);
bool item_has_topic(const Item *item, Str topic);
double limit_days(const TimeLimit *limit);

/* ---- guide_standard.c ---- */
/* What the guide of one matter adds. */
void guide_bundle(const HttpRequest *rq, const Bundle *b, const FeelScope *scope, Value *model);
/* Bundles, then items. */
static inline size_t face_count(const Catalogue *c)
{
    return c->bundle_count + c->item_count;
}
static inline const Item *face_at(const Catalogue *c, size_t i)
{
    return i < c->bundle_count ? &c->bundles[i].whole : &c->items[i - c->bundle_count];
}

/* What the unified standard says of it: state, power, handling, results, where values are from. */
void guide_standard(const HttpRequest *rq, const Item *item, Value *model);

HttpHandler web_home, web_search, web_services, web_guide, web_guide_qr, web_help, web_a11y,
    web_privacy, web_verify_form, web_health, web_robots, web_theme, web_api, web_linked;
