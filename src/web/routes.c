/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every route of the program, in one table: method, path, handler, template, who may, flags, what
 * it is for. Access tests walk this table and the API's description is made from it.
 */
#include "web/web_int.h"

#define DOC(tag_, summary_, body_, success_)                                                       \
    &(const RouteDoc)                                                                              \
    {                                                                                              \
        .summary = (summary_), .tag = (tag_), .body = (body_), .success = (success_)               \
    }

/* clang-format off */
const HttpRoute web_routes[] = {
    /* ---- everybody ---- */
    {HTTP_GET, "/", web_home, "home", WHO_ANYBODY, 0, DOC("public", "The first page: topics and popular services", "for:string", 200)},
    {HTTP_GET, "/search", web_search, "search", WHO_ANYBODY, 0, DOC("public", "Search services", "q:string part:string", 200)},
    {HTTP_GET, "/services", web_services, "services", WHO_ANYBODY, 0, DOC("public", "All services by department", "for:string topic:string", 200)},
    {HTTP_GET, "/s/{key}", web_guide, "guide", WHO_ANYBODY, 0, DOC("public", "Guide of a service; answers to its situations as query", NULL, 200)},
    {HTTP_GET, "/s/{key}/qr.svg", web_guide_qr, NULL, WHO_ANYBODY, 0, DOC("public", "QR code of a guide's address", NULL, 200)},
    {HTTP_GET, "/verify", web_verify_form, "verify", WHO_ANYBODY, 0, DOC("public", "Form to check a certificate", "code:string", 200)},
    {HTTP_GET, "/help", web_help, "help", WHO_ANYBODY, 0, DOC("public", "Help and how to reach people", NULL, 200)},
    {HTTP_GET, "/a11y", web_a11y, "a11y", WHO_ANYBODY, 0, DOC("public", "Accessibility statement", NULL, 200)},
    {HTTP_GET, "/privacy", web_privacy, "privacy", WHO_ANYBODY, 0, DOC("public", "Privacy and use of data", NULL, 200)},

    /* ---- machines ---- */
    {HTTP_GET, "/api/openapi.json", web_api, NULL, WHO_ANYBODY, 0, DOC("public", "This description", NULL, 200)},
    {HTTP_GET, "/a/{*file}", web_asset, NULL, WHO_ANYBODY, 0, DOC("public", "Styles, scripts, icons; names carry a hash", NULL, 200)},
    {HTTP_GET, "/theme.css", web_theme, NULL, WHO_ANYBODY, 0, DOC("public", "The place's own colours", "v:string", 200)},
    {HTTP_GET, "/healthz", web_health, NULL, WHO_ANYBODY, 0, DOC("public", "Is the service able to answer", NULL, 200)},
    {HTTP_GET, "/robots.txt", web_robots, NULL, WHO_ANYBODY, 0, DOC("public", "What crawlers may read", NULL, 200)},
};
/* clang-format on */

const size_t web_route_count = COUNT(web_routes);
