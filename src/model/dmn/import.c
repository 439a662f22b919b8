/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents and what they import from each other, by namespace.
 *
 * A file is read when an import asks for it, once, whoever asks. A circle of imports is fine: what
 * must not go round are requirements, and those are sorted later.
 */
#include "model/dmn/dmn_int.h"

/* Namespaces of DMN itself and of other importable things, which are no models here. */
static bool is_dmn(const XmlNode *n)
{
    Str type = xml_attr(n, "importType");
    return type.len == 0 || str_find(type, STR("omg.org/spec/DMN"), 0) != SIZE_MAX;
}

/* What is wrong in a neighbour does not refuse the model in lenient mode. */
static const XmlNode *read_neighbour(DmnReader *r, const DmnFile *f)
{
    Diags own = {.arena = r->tmp};
    const XmlNode *root = xml_read(r->out, &own, f->file, f->text);
    for (size_t i = 0; i < own.list.len; i++) {
        const Diag *d = &own.list.at[i];
        diag_add(r->diags, DIAG_ADVICE, d->rule, f->file, d->offset, d->cure, STR_FMT,
                 STR_ARG(d->message));
    }
    return root;
}

static const XmlNode *root_of(DmnReader *r, size_t i)
{
    const DmnFile *f = &r->files[i];
    if (!r->asked[i]) {
        r->asked[i] = true;
        r->roots[i] = i > 0 && r->mode == DMN_LENIENT
                          ? read_neighbour(r, f)
                          : xml_read(r->out, r->diags, f->file, f->text);
    }
    return r->roots[i];
}

static DmnDoc *open_file(DmnReader *r, size_t i)
{
    const XmlNode *root = root_of(r, i);
    DmnDoc *d = NEW(r->tmp, DmnDoc);
    *d = (DmnDoc){.r = r, .root = root, .file = r->files[i].file};
    if (!root) {
        return NULL;
    }
    if (!str_eq(root->name, STR("definitions"))) {
        bool lenient = i > 0 && r->mode == DMN_LENIENT;
        diag_add(r->diags, lenient ? DIAG_ADVICE : DIAG_ERROR, "dmn.syntax", d->file, root->offset,
                 STR("the root of DMN is 'definitions'"), "root element is '" STR_FMT "'",
                 STR_ARG(root->name));
        return NULL;
    }
    d->space = xml_attr(root, "namespace");
    *VEC_PUSH(r->tmp, &r->docs) = d; /* NOLINT(bugprone-sizeof-expression): of pointers */
    return d;
}

static DmnDoc *doc_of_space(DmnReader *r, Str space)
{
    for (size_t i = 0; i < r->docs.len; i++) {
        if (str_eq(r->docs.at[i]->space, space)) {
            return r->docs.at[i];
        }
    }
    for (size_t i = 1; i < r->file_count; i++) {
        const XmlNode *root = root_of(r, i);
        if (root && str_eq(xml_attr(root, "namespace"), space)) {
            return open_file(r, i);
        }
    }
    return NULL;
}

static void read_import(DmnDoc *d, const XmlNode *n)
{
    Str space = xml_attr(n, "namespace"), name = xml_attr(n, "name");
    DmnDoc *other = is_dmn(n) && space.len > 0 ? doc_of_space(d->r, space) : NULL;
    if (!is_dmn(n)) {
        DMN_ERROR(d, "dmn.unsupported", n->offset, STR("import DMN models only"),
                  "import of type '" STR_FMT "'", STR_ARG(xml_attr(n, "importType")));
        return;
    }
    if (!other) {
        DMN_ERROR(d, "dmn.import", n->offset, STR("put the file with that namespace beside it"),
                  "no file with namespace '" STR_FMT "'", STR_ARG(space));
        return;
    }
    for (size_t i = 0; i < d->imports.len; i++) {
        if (name.len > 0 && str_eq(d->imports.at[i].name, name)) {
            DMN_ERROR(d, "dmn.duplicate", n->offset, STR("rename one of the two"),
                      "import '" STR_FMT "' is there twice", STR_ARG(name));
            return;
        }
    }
    *VEC_PUSH(d->r->tmp, &d->imports) = (DmnImport){name, other};
}

DmnDoc *dmn_open(DmnReader *r)
{
    r->roots = NEW_N(r->tmp, const XmlNode *, r->file_count + 1);
    r->asked = NEW_N(r->tmp, bool, r->file_count + 1);
    DmnDoc *first = open_file(r, 0);
    for (size_t i = 0; first && i < r->docs.len; i++) {
        DmnDoc *d = r->docs.at[i];
        for (const XmlNode *n = xml_child(d->root, "import"); n; n = xml_next(n, "import")) {
            read_import(d, n);
        }
        for (size_t k = 0; k < d->imports.len; k++) {
            DmnDoc *other = d->imports.at[k].doc;
            Str own = d->imports.at[k].name;
            other->prefix = other == first || other->prefix.len > 0 ? other->prefix
                            : i == 0                                ? own
                                                                    : d->prefix;
        }
    }
    return first;
}

const DmnImport *dmn_import_of(const DmnDoc *d, const DmnDoc *other)
{
    for (size_t i = 0; i < d->imports.len; i++) {
        if (d->imports.at[i].doc == other) {
            return &d->imports.at[i];
        }
    }
    return NULL;
}

static DmnDoc *doc_of_href(DmnDoc *d, Str space)
{
    if (space.len == 0 || str_eq(space, d->space)) {
        return d;
    }
    for (size_t i = 0; i < d->imports.len; i++) {
        if (str_eq(d->imports.at[i].doc->space, space)) {
            return d->imports.at[i].doc;
        }
    }
    return NULL;
}

DmnElement *dmn_resolve(DmnDoc *d, const XmlNode *at, Str href)
{
    ASSERT(d);
    size_t mark = str_find(href, STR("#"), 0);
    DmnDoc *in = mark == SIZE_MAX ? NULL : doc_of_href(d, str_slice(href, 0, mark));
    DmnElement *found = in ? map_get(&in->ids, str_slice(href, mark + 1, href.len)) : NULL;
    if (!found) {
        DMN_ERROR(d, "dmn.reference", at->offset,
                  STR("point to an id of this document, #id, or of an imported one, namespace#id"),
                  "'" STR_FMT "' points to nothing: '" STR_FMT "'", STR_ARG(at->name),
                  STR_ARG(href));
    }
    return found;
}
