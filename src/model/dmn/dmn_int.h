/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model/dmn/dmn_int.h - what the reader's files share.
 */
#pragma once

#include "base/map.h"
#include "base/vec.h"
#include "model/dmn/dmn.h"
#include "xml/xml.h"

typedef struct DmnReader DmnReader;
typedef struct DmnDoc DmnDoc;

typedef struct {
    Str name; /* as FEEL sees it; empty: its elements stand by their own names */
    DmnDoc *doc;
} DmnImport;

/* One document; its names are its own. */
struct DmnDoc {
    DmnReader *r;
    const XmlNode *root;
    Str space, prefix; /* prefix: in the first document */
    uint16_t file;
    Vec(DmnImport) imports;
    Map ids;         /* id -> DmnElement */
    Map definitions; /* name -> DmnItem */
    FeelNames types; /* by name, imported ones with their prefix */
};

typedef enum { DMN_INPUT, DMN_DECISION, DMN_CALLABLE } DmnElementKind;

typedef struct DmnElement DmnElement;
typedef Vec(DmnElement *) DmnElements;

/* An element of the requirements graph while it is read. */
struct DmnElement {
    DmnElementKind kind;
    const XmlNode *node;
    DmnDoc *doc;
    uint16_t place; /* index in the list of its kind */
    bool placed;
    Str name;
    const FeelType *type;    /* as names have it: declared, fed or given; NULL: anything */
    DmnElements needs;       /* inputs and decisions, in document order */
    DmnElements knows;       /* functions */
    DmnElements in, outputs; /* of a service: parameters, output decisions */
};

struct DmnReader {
    Arena *out;
    Arena *tmp; /* beside it: documents, elements, names while they are read */
    Diags *diags;
    DmnMode mode;
    const DmnFile *files;
    const XmlNode **roots; /* of files, read when they are asked for */
    bool *asked;
    size_t file_count;
    Vec(DmnDoc *) docs;
    DmnElements inputs, decisions, functions;
    size_t type_count, name_count;
    const FeelNames *fed; /* what is known of the inputs; NULL: nothing */
};

/* What an expression sees. */
typedef struct {
    FeelNames names;       /* the innermost first */
    const DmnScope *scope; /* of the element; NULL inside a function */
    size_t inner;          /* of names: those that are not of the element's scope */
    FeelName *front;       /* of names, where there is room for more before it */
    size_t room;
    int depth;
} DmnSight;

/* An error; in lenient mode advice. */
#define DMN_ERROR(d, rule, offset, cure, ...)                                                      \
    diag_add((d)->r->diags, (d)->r->mode == DMN_STRICT ? DIAG_ERROR : DIAG_ADVICE, rule,           \
             (d)->file, (offset), (cure), __VA_ARGS__)
/* An error in both modes. */
#define DMN_REFUSE(d, rule, offset, cure, ...)                                                     \
    diag_add((d)->r->diags, DIAG_ERROR, rule, (d)->file, (offset), (cure), __VA_ARGS__)

/* ---- read.c ---- */

/* The text child's text and its place; empty when there is none. */
Str dmn_text(const XmlNode *n, uint32_t *offset);
/* The child's text; empty when there is none. */
Str dmn_child_text(const XmlNode *n, const char *name);
Str dmn_variable_name(const XmlNode *n);
Str dmn_variable_type(const XmlNode *n);
bool dmn_too_many(DmnDoc *d, const XmlNode *n, size_t count, size_t most, const char *what);

/* ---- words.c ---- */

#define DMN_WORDS_SPACE "urn:onedoor:dmn"
/* What n says of itself in its attribute or element (own), and in its extension elements. */
Text dmn_words(DmnDoc *d, const XmlNode *n, const char *what, Str own);

/* ---- import.c ---- */

/* The document of the first file and, through its imports, the others; NULL when it is no DMN. */
DmnDoc *dmn_open(DmnReader *r);
/* The import of d by which the other is known; NULL when there is none. */
const DmnImport *dmn_import_of(const DmnDoc *d, const DmnDoc *other);
/* What href names: "#id" or "namespace#id"; NULL after an error. */
DmnElement *dmn_resolve(DmnDoc *d, const XmlNode *at, Str href);

/* ---- elements.c ---- */

bool dmn_learn_elements(DmnReader *r);
/* Requirements, parameters and outputs of all. */
void dmn_learn_needs(DmnReader *r);
/* Gives each decision its place after all that it requires. */
void dmn_sort(DmnReader *r);

/* ---- scope.c ---- */

/* What the element may name, and where the values will be. */
void dmn_see(DmnReader *r, const DmnElement *e, DmnScope *scope, DmnSight *sight);
uint16_t dmn_slot(const DmnReader *r, const DmnElement *e);
/* The sight with room for more names in front; with one of them; with all at once. */
DmnSight dmn_sight_room(DmnDoc *d, const DmnSight *s, size_t count);
DmnSight dmn_sight_next(const DmnSight *s, FeelName name);
DmnSight dmn_sight_with(DmnDoc *d, const DmnSight *s, const FeelName *more, size_t count);

/* ---- cell.c ---- */

DmnCell dmn_broken(DmnDoc *d, uint32_t offset, Str why);
/* Compiles and reports. */
DmnCell dmn_cell(DmnDoc *d, Str text, uint32_t offset, const FeelNames *names, FeelMode mode);
const FeelProgram *dmn_compile(DmnDoc *d, Str text, uint32_t offset, const FeelNames *names,
                               FeelMode mode);
/* The values of a comma-separated list that needs nothing; NULL when it is none. */
const FeelValue *dmn_constants(DmnDoc *d, Str text, size_t *count);

/* ---- known.c: where it is known what inputs are fed with ---- */

/* Byte of the document where byte inside of the text at offset stands. */
uint32_t dmn_place(const DmnDoc *d, uint32_t offset, size_t inside);
/* Tells what cannot be meant in a text that compiles. What comes out of it; NULL: anything. */
const FeelType *dmn_check(DmnDoc *d, const DmnCell *cell, const FeelNames *names, FeelMode mode,
                          const FeelType *input);
/* The narrower of the two. */
const FeelType *dmn_narrow(const FeelType *declared, const FeelType *known);
/* The same; an error at n's typeRef when they contradict each other, and NULL. */
const FeelType *dmn_agree(DmnDoc *d, const char *rule, const XmlNode *n, const FeelType *declared,
                          const FeelType *known);
/* An error at the cell when they contradict each other. */
void dmn_check_result(DmnDoc *d, const DmnCell *cell, const FeelType *declared,
                      const FeelType *known);
/* What is known of the input of that name; NULL: nothing. */
const FeelType *dmn_fed_type(const DmnReader *r, Str name);

/* ---- types.c: NULL is anything ---- */

void dmn_learn_types(DmnDoc *d);
/* The names for "instance of"; after all documents have learnt theirs. */
void dmn_name_types(DmnDoc *d);
const FeelType *dmn_type(DmnDoc *d, Str name, uint32_t offset);
/* The type of a variable of a function: what the function gives. */
const FeelType *dmn_result_type(DmnDoc *d, Str name, uint32_t offset);
const FeelNames *dmn_params(DmnDoc *d, const XmlNode *n, const char *child);
const FeelType *dmn_function_type(Arena *out, const FeelNames *params, const FeelType *result);
const FeelType *dmn_members_type(DmnDoc *d, FeelName *members, size_t count);

/* ---- logic.c, boxed.c ---- */

/* The expression inside n (a decision, an entry); broken after an error. */
const DmnLogic *dmn_logic(DmnDoc *d, const XmlNode *n, const DmnSight *s);
/* The expression that n is. */
const DmnLogic *dmn_expression(DmnDoc *d, const XmlNode *n, const DmnSight *s);
/* The first child that is an expression, also NULL. */
const XmlNode *dmn_find_expression(const XmlNode *n);
/* What the logic gives when no type is declared; NULL is anything. */
const FeelType *dmn_logic_type(DmnDoc *d, const DmnLogic *logic);
DmnLogic *dmn_new_logic(DmnDoc *d, const XmlNode *n, DmnLogicKind kind);
const DmnLogic *dmn_broken_logic(DmnDoc *d, const XmlNode *n, Str why);
/* NULL when n is none of theirs. */
const DmnLogic *dmn_boxed(DmnDoc *d, const XmlNode *n, const DmnSight *s);
/* formalParameter, kind and body; is_external: an external one, as a literal. */
const DmnLogic *dmn_function_body(DmnDoc *d, const XmlNode *n, const FeelNames *params,
                                  const DmnSight *s, bool *is_external);

/* ---- table.c, columns.c ---- */

const DmnTable *dmn_table(DmnDoc *d, const XmlNode *n, const DmnSight *s, Str *why);
void dmn_input_columns(DmnDoc *d, const XmlNode *n, const DmnSight *s, DmnTable *t);
void dmn_output_columns(DmnDoc *d, const XmlNode *n, const DmnSight *s, DmnTable *t);
