/* SPDX-License-Identifier: Apache-2.0 */
/* web/doc.h - what a route says of itself for OpenAPI: HttpRoute.doc. */
#pragma once

typedef struct {
    const char *summary; /* English, one line */
    const char *tag;     /* "public", "apply", "my", "desk", "approve", "admin", "jobs", "demo" */
    /* Fields of the body (of the query for GET): "page:string! answers:object", ! required. NULL:
     * none. */
    const char *body;
    int success; /* status of a JSON success: 200, 201 */
} RouteDoc;
