/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feel/parse_int.h - what the two files of the parser share.
 *
 * Every function that gives a Node gives NULL after an error that it has reported.
 */
#pragma once

#include "feel/feel_int.h"

typedef struct {
    Lexer lx;
    Token t;
    Arena *out;    /* values, types, parameters */
    Arena *tree;   /* beside it */
    Arena phrases; /* the array of the lexer's; gone when the text is read */
    uint32_t depth;
    bool in_range_end; /* "[" may close the range here */
    const FeelNames *types;
    Err *err;
} Parser;

enum { PRIO_OR = 1, PRIO_AND, PRIO_COMPARE, PRIO_ADD, PRIO_MUL, PRIO_POW };

MUST_CHECK bool parse_advance(Parser *p);
bool parse_at(const Parser *p, int mark);
/* "WHAT expected, not …"; NULL. */
Node *parse_fail(Parser *p, const char *what);
MUST_CHECK bool parse_expect(Parser *p, char mark);
MUST_CHECK bool parse_expect_word(Parser *p, TokenKind kind, const char *word);
Node *parse_node(Parser *p, NodeKind kind, uint32_t offset);
/* n with one more kid; NULL when either is. */
Node *parse_adopt(Parser *p, Node *n, Node *kid);
/* A name of more than one word is known from here on. */
void parse_learn(Parser *p, Str name);
/* The comparison that stands here. */
bool parse_compare(const Parser *p, Op *op);
Node *parse_expression(Parser *p);
Node *parse_binary(Parser *p, int least);

/* parse_value.c */
Node *parse_primary(Parser *p);
/* The token stands on "(": arguments become kids of n. */
Node *parse_arguments(Parser *p, Node *n);
/* The token stands on "..": the rest of a range whose start was read. */
Node *parse_range_rest(Parser *p, Node *start, bool start_included);
