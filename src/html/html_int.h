/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html/html_int.h - private: tokens of a source, ops of a program.
 *
 * source -> tokens (token.c: tags, lines, which tags stand alone) -> ops (compile.c, constants.c)
 * -> output (render.c). A program is one flat array; a section knows the op after its end.
 */
#pragma once

#include "base/map.h"
#include "html/html.h"

typedef enum {
    TAG_TEXT, /* a piece of one line, its newline included */
    TAG_VAR,
    TAG_RAW,
    TAG_SECTION,
    TAG_INVERTED,
    TAG_END,
    TAG_PARTIAL,
    TAG_PARENT,
    TAG_BLOCK,
    TAG_SILENT, /* comment, change of delimiters */
} TagKind;

typedef struct {
    TagKind kind;
    TagKind closes; /* TAG_END: what it ends */
    Str text;       /* the text, or the name without its sign */
    Str indent;     /* white space before a tag that stands alone */
    uint32_t offset;
    uint32_t end;    /* number of the token that closes this one */
    bool dynamic;    /* {{>*name}} */
    bool alone;      /* nothing else but white space (and inheritance tags) on its line */
    bool line_start; /* TAG_TEXT: first of its line */
    bool line_end;   /* last tag of a line that stands alone and had a newline */
} Token;

typedef Vec(Token) TokenVec;

typedef struct {
    Arena *arena;
    Diags *diags;
    uint16_t file;
    uint32_t at;   /* where errors stand when the source is a message, else 0 */
    bool in_place; /* source is the file itself: offsets count */
} TokenPlace;

/* false when a problem was added to diags. */
bool html_tokens(TokenVec *out, Str source, const TokenPlace *place);
/* Finds which tags stand alone; drops the white space around them. */
void html_tokens_alone(TokenVec *tokens);
void html_problem(const TokenPlace *place, const char *rule, size_t offset, Str cure, Str message);

typedef enum {
    OP_TEXT,
    OP_VAR,
    OP_RAW,
    OP_SECTION,
    OP_INVERTED,
    OP_PARTIAL,
    OP_DYNAMIC_PARTIAL,
    OP_PARENT, /* its body holds the blocks that it passes */
    OP_DYNAMIC_PARENT,
    OP_BLOCK, /* its body is the default */
} OpKind;

typedef struct {
    OpKind kind;
    uint32_t end;      /* op after the body */
    uint32_t rest_len; /* further parts of a dotted name */
    bool alone;        /* starts a line of the output: body is indented */
    bool line_end;     /* OP_BLOCK: the output must end its line afterwards */
    Str text;          /* text, block's name, first part of a name; empty: the implicit iterator */
    Str indent;        /* of a body that stands alone */
    const Str *rest;   /* dotted name: the parts after the first */
    const HtmlTemplate *target; /* OP_PARTIAL, OP_PARENT; NULL: renders nothing */
} Op;

struct HtmlTemplate {
    Str name;
    const Op *ops;
    uint32_t op_count;
    /* Where a name was found last time in its map, an entry an op: only a guess that is checked
     * before use, so that threads may share and overwrite it. */
    _Atomic uint32_t *hints;
};

struct HtmlSet {
    Map by_name;
    HtmlTemplate *templates;
    size_t count;
};

typedef struct {
    Arena *out;
    Arena *scratch;
    const HtmlSet *set;
    const Value *texts, *assets; /* constants t and a, or NULL */
    Vec(Op) ops;                 /* in scratch until the template is done */
    StrBuf text;                 /* not yet an op */
    Str dedent;                  /* white space taken from each line of the block */
    uint32_t depth;              /* messages within messages */
    bool plain;                  /* html_render_text: nothing is escaped */
    bool raw_text;               /* within {{{t.key}}}: the message may hold HTML */
    bool ok;
    TokenPlace place;
} Compiler;

/* Compiles tokens into ops; problems clear c->ok. */
void html_compile_tokens(Compiler *c, const TokenVec *tokens);
/* True when the tag named a constant: its content was compiled, or a problem was added. */
bool html_compile_constant(Compiler *c, const Token *t);
bool html_compile_source(Compiler *c, HtmlTemplate *t, Str source);
