/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A raw HTTP client for tests: blocking sockets on loopback with a time limit, and the small
 * application that the tests talk to.
 */
#pragma once

#include "base/file.h"
#include "base/thread.h"
#include "check.h"
#include "http/http.h"

enum { CLIENT_WAIT_MS = 5000 };

typedef struct {
    int fd;
    char *at; /* what was received and not read yet */
    size_t len, cap;
} Client;

typedef struct {
    int status; /* 0: the connection ended first */
    Str head, body;
} Reply;

Client client_open(uint16_t port);
void client_close(Client *c);
bool client_send(Client *c, Str text);
bool client_sendz(Client *c, const char *text);
/* The next whole answer: by its length, by chunks, or to the end of the connection. */
Reply client_read(Arena *out, Client *c, bool is_head);
/* Sends and reads one. */
Reply client_ask(Arena *out, Client *c, const char *request);
/* On a connection of its own. */
Reply ask(Arena *out, uint16_t port, const char *request);
Str reply_header(const Reply *r, const char *name);
/* Reads until the text is there or the time is over. */
bool client_sees(Client *c, const char *text, int ms);
/* The server closed: true within ms. */
bool client_is_closed(Client *c, int ms);
bool str_has(Str s, const char *part);
int64_t ms_now(void);

/* The application. */
typedef struct {
    HttpServer *server;
    Clock clock;
    HttpConfig config;
    Mutex lock;
    HttpRequest *held[1024]; /* of /hold: woken by the test */
    size_t held_count;
    HttpStream *stream; /* of /events */
    char folder[64];
    int opened, closed, loops_seen[4];
} App;

/* change may alter the configuration first. */
void app_start(App *app, void (*change)(HttpConfig *c));
void app_stop(App *app, int64_t wait_ms);
uint16_t app_port(const App *app);
size_t app_held(App *app);
void app_wait_held(App *app, size_t count);
void app_wake_all(App *app);
size_t app_uploads_left(const App *app);
