/* SPDX-License-Identifier: Apache-2.0 */
/* papers/<key>.yaml: notices, decisions, certificates. Their texts are mustache, checked for
 * balance. */
#include "catalogue/catalogue_int.h"

static const char *const kind_names[] = {"title", "subtitle",  "paragraph", "pair", "heading",
                                         "item",  "signature", "note",      NULL};

static const Field paper_fields[] = {
    {"key", FIELD_KEY, true, offsetof(Paper, key), 0, 0, NULL},
    {"name", FIELD_TEXT, true, offsetof(Paper, name), 0, 0, NULL},
    {"number", FIELD_STR, false, offsetof(Paper, number), 0, 0, NULL},
    {"certificate", FIELD_BOOL, false, offsetof(Paper, certificate), 0, 0, NULL},
    {"sealed", FIELD_BOOL, false, offsetof(Paper, sealed), 0, 0, NULL},
    {"blocks", FIELD_LIST, true, 0, 0, 0, NULL},
};

typedef struct {
    PaperBlock b;
    int32_t kind;
} BlockDraft;

static const Field block_fields[] = {
    {"kind", FIELD_ENUM, true, offsetof(BlockDraft, kind), 0, 0, kind_names},
    {"label", FIELD_TEXT, false, offsetof(BlockDraft, b.label), 0, 0, NULL},
    {"text", FIELD_TEXT, true, offsetof(BlockDraft, b.text), 0, 0, NULL},
    {"each", FIELD_STR, false, offsetof(BlockDraft, b.each), 0, 0, NULL},
    {"when", FIELD_STR, false, offsetof(BlockDraft, b.when), 0, 0, NULL},
    {"unless", FIELD_STR, false, offsetof(BlockDraft, b.unless), 0, 0, NULL},
};

static size_t count_of(Str s, Str what)
{
    size_t n = 0;
    for (size_t at = str_find(s, what, 0); at != SIZE_MAX; at = str_find(s, what, at + what.len))
        n++;
    return n;
}

static void check_braces(Loader *l, const Value *v)
{
    for (uint32_t i = 0; value_is(v, VALUE_MAP) && i < v->map.count; i++) {
        const Value *text = v->map.members[i].value;
        Str s = value_text(text);
        if (count_of(s, STR("{{")) != count_of(s, STR("}}")))
            complain(l, "paper.template", text, STR("each {{ needs its }}"),
                     "a placeholder is not closed");
    }
}

static void read_block(Loader *l, const Value *v, PaperBlock *b)
{
    BlockDraft draft = {0};
    READ_FIELDS(l, v, block_fields, "a block", &draft);
    *b = draft.b;
    b->kind = str_z(kind_names[draft.kind]);
    if (str_eq(b->kind, STR("pair")) && !value_at(v, "label"))
        complain(l, "paper.no-label", v, (Str){0}, "a pair needs a label");
    check_braces(l, value_at(v, "label"));
    check_braces(l, value_at(v, "text"));
    bool parts = str_find(b->each, STR("."), 0) != SIZE_MAX;
    TemplateKind names = !b->each.len ? TEMPLATE_CASE : parts ? TEMPLATE_PARTS : TEMPLATE_EACH;
    template_texts(l, "paper.unknown-name", names, value_at(v, "label"));
    template_texts(l, "paper.unknown-name", names, value_at(v, "text"));
    if (b->each.len)
        template_name(l, "paper.unknown-name", TEMPLATE_CASE, value_at(v, "each"), 0, b->each);
    if (b->when.len)
        template_name(l, "paper.unknown-name", TEMPLATE_CASE, value_at(v, "when"), 0, b->when);
    if (b->unless.len)
        template_name(l, "paper.unknown-name", TEMPLATE_CASE, value_at(v, "unless"), 0, b->unless);
}

static void load_paper(Loader *l, Str path, Paper *p)
{
    const Value *doc = load_document(l, path, false);
    Value *const *items;
    if (!doc || !READ_FIELDS(l, doc, paper_fields, "a paper", p))
        return;
    if (value_at(doc, "number"))
        template_tags(l, "paper.unknown-name", TEMPLATE_NUMBER, value_at(doc, "number"));
    p->file = doc->file;
    p->offset = doc->offset;
    p->block_count = read_list(l, doc, "blocks", &items);
    PaperBlock *blocks = NEW_N(l->arena, PaperBlock, p->block_count + 1);
    for (size_t i = 0; i < p->block_count; i++)
        read_block(l, items[i], &blocks[i]);
    p->blocks = blocks;
    if (value_at(doc, "blocks") && p->block_count == 0)
        complain_key(l, "paper.empty", doc, "blocks", (Str){0}, "a paper with nothing on it");
    register_entry(l, "paper", p->key, doc, p);
}

/* Each step that affects somebody's rights leaves a paper. */
static const char *const needed[] = {"receipt",    "acceptance",     "refusal",       "correction",
                                     "suspension", "decision-grant", "decision-deny", "withdrawal"};

void load_papers(Loader *l)
{
    Paper *papers = NEW_N(l->arena, Paper, l->files.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < l->files.len; i++) {
        Str path = l->files.at[i].path;
        if (str_starts(path, STR("papers/")) && str_ends(path, STR(".yaml")))
            load_paper(l, path, &papers[n++]);
    }
    l->c->papers = papers;
    l->c->paper_count = n;
    for (size_t i = 0; i < COUNT(needed); i++)
        if (!find_entry(l->c, "paper", str_z(needed[i]))) {
            Str folder = path_join(l->diags->arena, l->folder, STR("papers"));
            diag_add(l->diags, DIAG_ERROR, "paper.missing", diag_file(l->diags, folder, (Str){0}),
                     0, (Str){0}, "there is no paper '%s'", needed[i]);
        }
}
