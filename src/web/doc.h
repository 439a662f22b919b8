/* SPDX-License-Identifier: Apache-2.0 */
/* web/doc.h - what a route says of itself for OpenAPI: HttpRoute.doc. */
#pragma once

typedef struct {
    const char *summary; /* English, one line */
    const char *tag;     /* "portal", "apply", "my", "desk", "approve", "public", "demo" */
    const char *body;    /* fields of the body: "page:string! answers:object" (! required), or NULL; of the query for GET */
    int success;         /* status of a JSON success: 200, 201 */
} RouteDoc;
