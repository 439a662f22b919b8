/* SPDX-License-Identifier: Apache-2.0 */
#include "services/certificate/paper.h"

#include "html/html.h"
#include "pdf/pdf.h"
#include "services/certificate/localise.h"

typedef Vec(PdfBlock) Blocks;

static PdfBlockKind block_kind(Str name)
{
    static const struct {
        Str name;
        PdfBlockKind kind;
    } known[] = {
        {STR_INIT("title"), PDF_TITLE}, {STR_INIT("subtitle"), PDF_SUBTITLE},
        {STR_INIT("pair"), PDF_PAIR},   {STR_INIT("heading"), PDF_HEADING},
        {STR_INIT("item"), PDF_ITEM},   {STR_INIT("signature"), PDF_SIGNATURE},
        {STR_INIT("note"), PDF_NOTE},
    };
    for (size_t i = 0; i < COUNT(known); i++)
        if (str_eq(known[i].name, name))
            return known[i].kind;
    return PDF_PARAGRAPH;
}

static bool fill(Arena *out, Str template, const Value *data, Str *text, Err *err)
{
    StrBuf b = buf_in(out);
    if (!html_render_text(&b, template, data, err))
        return false;
    *text = str_trim(buf_str(&b));
    return true;
}

/* "organ\ndate": the organ above, the date below. */
static void split_signature(PdfBlock *block)
{
    Str rest = block->text;
    if (str_split(&rest, '\n', &block->label))
        block->text = rest.at ? str_trim(rest) : STR("");
}

static bool add_block(Arena *out, Blocks *blocks, const PaperBlock *b, const Value *data, Lang lang,
                      Err *err)
{
    PdfBlock block = {.kind = block_kind(b->kind)};
    if (!fill(out, text_in(b->label, lang), data, &block.label, err) ||
        !fill(out, text_in(b->text, lang), data, &block.text, err))
        return false;
    if (block.kind == PDF_SIGNATURE && !block.label.len)
        split_signature(&block);
    if (block.text.len || block.kind == PDF_SIGNATURE)
        *VEC_PUSH(out, blocks) = block;
    return true;
}

static bool holds(const Value *v)
{
    if (!v || v->kind == VALUE_NULL)
        return false;
    return v->kind == VALUE_BOOL ? v->truth : value_text(v).len || value_count(v);
}

/* A repeated block sees its entry's own names first, and "index". */
static bool add_each(Arena *out, Blocks *blocks, const PaperBlock *b, const Value *data, Lang lang,
                     Err *err)
{
    const Value *list = value_path(data, b->each);
    for (uint32_t i = 0; i < value_count(list); i++) {
        Value *entry = value_copy(out, data);
        const Value *own = value_item(list, i);
        for (uint32_t k = 0; value_is(own, VALUE_MAP) && k < own->map.count; k++)
            value_set(out, entry, own->map.members[k].key, own->map.members[k].value);
        set_int(out, entry, "index", i + 1);
        if (!add_block(out, blocks, b, entry, lang, err))
            return false;
    }
    return true;
}

static bool add_blocks(Arena *out, Blocks *blocks, const Paper *paper, const Value *data, Lang lang,
                       Err *err)
{
    for (size_t i = 0; i < paper->block_count; i++) {
        const PaperBlock *b = &paper->blocks[i];
        if ((b->when.len && !holds(value_path(data, b->when))) ||
            (b->unless.len && holds(value_path(data, b->unless))))
            continue;
        if (b->each.len ? !add_each(out, blocks, b, data, lang, err)
                        : !add_block(out, blocks, b, data, lang, err))
            return false;
    }
    return true;
}

/* A delegated power is used under its own seal. */
static Str seal_of(const Value *view)
{
    Str own = get_str(view, "seal_name");
    return own.len ? own : get_str(view, "organ_name");
}

bool paper_pdf(const App *app, Arena *out, const PaperCopy *copy, Str *bytes, Err *err)
{
    const Paper *paper = copy->paper;
    Lang lang = copy->lang;
    int32_t zone = app->catalogue->zone_minutes;
    Value *view = localise(out, copy->data, lang, zone);
    set_str(out, view, "today", date_text(out, date_of_time(copy->at, zone), lang_name(lang)));
    Blocks blocks = {0};
    if (!add_blocks(out, &blocks, paper, view, lang, err))
        return false;
    Str no = get_str(view, "case_no"), code = get_str(view, "code");
    PdfDocument doc = {.title = text_in(paper->name, lang),
                       .lang = lang_name(lang),
                       .seal = paper->sealed ? seal_of(view) : STR(""),
                       .framed = paper->certificate,
                       .created = copy->at,
                       .blocks = blocks.at,
                       .block_count = blocks.len,
                       .footer = no,
                       .qr_caption = paper->certificate ? code : no};
    doc.qr_text =
        paper->certificate
            ? str_fmt(out, STR_FMT "/verify/" STR_FMT, STR_ARG(app->public_url), STR_ARG(code))
            : str_fmt(out, STR_FMT "/progress?no=" STR_FMT, STR_ARG(app->public_url), STR_ARG(no));
    return pdf_make(out, &doc, bytes, err);
}

bool paper_number(StoreTx *tx, const Paper *paper, Str case_no, Str *number, Err *err)
{
    const Catalogue *c = tx_app(tx)->catalogue;
    if (!paper->number.len) {
        *number = case_no;
        return true;
    }
    int32_t year = time_civil(tx->now, c->zone_minutes).date.year;
    int64_t seq;
    Str counter = str_fmt(tx->arena, "paper:" STR_FMT ":%d", STR_ARG(paper->key), year);
    if (!tx_counter(tx, counter, &seq, err))
        return false;
    Value *data = value_map(tx->arena);
    set_int(tx->arena, data, "year", year);
    set_int(tx->arena, data, "seq", seq);
    set_str(tx->arena, data, "case_no", case_no);
    set_str(tx->arena, data, "place_prefix", c->place_prefix);
    set_str(tx->arena, data, "place_short", text_in(c->place_short, LANG_ZH));
    return fill(tx->arena, paper->number, data, number, err);
}
