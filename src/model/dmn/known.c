/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is known of values before there are any, where inputs are fed: what feeds them, what
 * an expression gives. It tells what cannot be meant; the run takes only what is declared.
 */
#include "model/dmn/dmn_int.h"

uint32_t dmn_place(const DmnDoc *d, uint32_t offset, size_t inside)
{
    for (size_t i = 0; i < d->r->file_count; i++) {
        if (d->r->files[i].file == d->file) {
            return xml_source_place(d->r->files[i].text, offset, inside);
        }
    }
    return offset + (uint32_t)inside;
}

const FeelType *dmn_check(DmnDoc *d, const DmnCell *cell, const FeelNames *names, FeelMode mode,
                          const FeelType *input)
{
    FeelRemarks found;
    if (!d->r->fed || !cell->program) {
        return NULL;
    }
    feel_check(d->r->out, cell->text, names, mode, input, &found);
    for (size_t i = 0; i < found.count; i++) {
        const FeelRemark *m = &found.at[i];
        diag_add(d->r->diags, m->is_advice ? DIAG_ADVICE : DIAG_ERROR,
                 m->is_advice ? "feel.no-such-option" : "dmn.feel", d->file,
                 dmn_place(d, cell->offset, m->offset), m->cure, STR_FMT, STR_ARG(m->message));
    }
    return found.type;
}

/* ---- declared and known ---- */

static FeelKind kind_of(const FeelType *t)
{
    return t ? t->kind : FEEL_NULL;
}

/* A value makes a list of one, a date is midnight. */
static bool agree(const FeelType *declared, const FeelType *known)
{
    FeelKind d = kind_of(declared), k = kind_of(known);
    if (d == FEEL_NULL || k == FEEL_NULL) {
        return true;
    }
    if (d == FEEL_LIST) {
        return agree(declared->item, k == FEEL_LIST ? known->item : known);
    }
    return d == k || (d == FEEL_DATE_TIME && k == FEEL_DATE);
}

static Str words_of(Arena *out, const FeelType *t)
{
    FeelKind item = t->kind == FEEL_LIST ? kind_of(t->item) : FEEL_NULL;
    return item == FEEL_NULL ? str_z(feel_kind_name(t->kind))
                             : str_fmt(out, "list of %s", feel_kind_name(item));
}

const FeelType *dmn_narrow(const FeelType *declared, const FeelType *known)
{
    FeelKind d = kind_of(declared), k = kind_of(known);
    if (d == FEEL_NULL) {
        return known;
    }
    bool lists = d == FEEL_LIST && k == FEEL_LIST;
    bool texts = d == FEEL_STRING && k == FEEL_STRING;
    if (lists && dmn_narrow(declared->item, known->item) == known->item) {
        return known;
    }
    return texts && !declared->allowed ? known : declared;
}

/* Byte of the attribute's value, else of the element. */
static uint32_t type_place(const XmlNode *n)
{
    const XmlAttr *a = n ? xml_attr_at(n, (Str){0}, STR("typeRef")) : NULL;
    return a && a->value_offset ? a->value_offset : n ? n->offset : 0;
}

const FeelType *dmn_agree(DmnDoc *d, const char *rule, const XmlNode *n, const FeelType *declared,
                          const FeelType *known)
{
    if (!agree(declared, known)) {
        DMN_ERROR(d, rule, type_place(n), STR("declare the type that it has, or none"),
                  "a " STR_FMT " is declared, it is a " STR_FMT,
                  STR_ARG(words_of(d->r->out, declared)), STR_ARG(words_of(d->r->out, known)));
        return NULL;
    }
    return dmn_narrow(declared, known);
}

void dmn_check_result(DmnDoc *d, const DmnCell *cell, const FeelType *declared,
                      const FeelType *known)
{
    if (!agree(declared, known)) {
        DMN_ERROR(d, "dmn.type", dmn_place(d, cell->offset, 0), (Str){0},
                  "a " STR_FMT " where a " STR_FMT " is declared",
                  STR_ARG(words_of(d->r->out, known)), STR_ARG(words_of(d->r->out, declared)));
    }
}

const FeelType *dmn_fed_type(const DmnReader *r, Str name)
{
    for (size_t i = 0; r->fed && i < r->fed->count; i++) {
        if (str_eq(r->fed->at[i].name, name)) {
            return r->fed->at[i].type;
        }
    }
    return NULL;
}
