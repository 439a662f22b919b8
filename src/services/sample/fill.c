/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The application as a person makes it: the next open page again and again, with what the sample
 * answers, until nothing is open; then it is sent. What a page or the submission objects to is kept
 * for the comparison.
 */
#include "base/hash.h"
#include "services/apply/apply.h"
#include "services/exchange/exchange.h"
#include "services/sample/sample_int.h"

enum { ROUNDS_A_PAGE = 3 }; /* an answer may open an earlier page again */

typedef struct {
    Stage *st;
    Str draft_id;
    Draft draft;
    DraftView view;
} Filling;

static Value *input(const Filling *f)
{
    Value *in = value_map(f->st->arena);
    set_str(f->st->arena, in, "draft", f->draft_id);
    return in;
}

/* False only for what is no objection to the application. */
static bool ask(Filling *f, UseCase *run, const Value *in, Err *err)
{
    Stage *st = f->st;
    return stage_run(st, &st->applicant, run, in, &st->problems, err) || st->problems;
}

static bool is_among(const Str *names, size_t count, Str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(names[i], name))
            return true;
    return false;
}

/* ---- questions ---- */

/* What the page would show filled in already, under what the sample answers. */
static bool answer_questions(Filling *f, const Page *page, Err *err)
{
    Stage *st = f->st;
    const DemoPerson *p = st->sample->person;
    Value *party = value_map(st->arena);
    set_str(st->arena, party, "name", p->name);
    set_str(st->arena, party, "id_number", p->id_number);
    set_str(st->arena, party, "phone", p->phone);
    Value *answers =
        draft_suggest(st->arena, &st->app, &f->draft, page, party, clock_now(&st->clock));
    for (size_t i = 0; i < page->question_count; i++) {
        Str key = page->questions[i].element->key;
        const Value *known = value_get(f->draft.answers, key);
        const Value *own = value_get(st->sample->answers, key);
        if (own || known)
            value_set(st->arena, answers, key, value_copy(st->arena, own ? own : known));
    }
    Value *in = input(f);
    set_str(st->arena, in, "page", page->id);
    set_value(st->arena, in, "answers", answers);
    return ask(f, apply_save, in, err);
}

/* ---- facts ---- */

/* The row of the demo's register, by whichever input its key is. */
static Value *row_of(Stage *st, Str source, const Value *inputs, Date today)
{
    const Value *reg = value_get(st->app.catalogue->registers, source);
    for (size_t i = 0; i < value_count(inputs); i++) {
        Value *row = demo_record(st->arena, reg, value_text(inputs->map.members[i].value), today);
        if (row)
            return row;
    }
    return NULL;
}

/* What the register says: what the sample says that it says, else what the demo's has. */
static bool read_register(Stage *st, const Source *s, const Value *inputs, Value *fact, Err *err)
{
    const Value *said = value_get(st->sample->registers, s->key);
    bool found = false;
    set_str(st->arena, fact, "state", STR("down"));
    if (str_eq(value_text(said), STR("down")))
        return true;
    Date today = date_of_time(clock_now(&st->clock), st->app.catalogue->zone_minutes);
    Value *row = value_is(said, VALUE_MAP) ? demo_dated(st->arena, said, today)
                 : said                    ? NULL
                                           : row_of(st, s->key, inputs, today);
    Value *answer = value_map(st->arena);
    set_bool(st->arena, answer, "found", row != NULL);
    if (row)
        set_value(st->arena, answer, "record", row);
    if (!exchange_map(st->arena, s, answer, set_map(st->arena, fact, "fields"), &found, err))
        return false;
    set_str(st->arena, fact, "state", found ? STR("found") : STR("none"));
    return true;
}

static bool confirm(Filling *f, Str source, Err *err)
{
    Stage *st = f->st;
    const Value *objection = value_get(st->sample->objections, source);
    Value *in = input(f);
    set_str(st->arena, in, "source", source);
    set_bool(st->arena, in, "confirm", objection == NULL);
    set_str(st->arena, in, "note", value_text(objection));
    return ask(f, apply_confirm, in, err);
}

static bool read_facts(Filling *f, const Page *page, Err *err)
{
    Stage *st = f->st;
    const Sample *sample = st->sample;
    const Source *s = catalogue_source(st->app.catalogue, page->source);
    Value *inputs = draft_source_inputs(st->arena, &f->draft, s);
    Value *in = input(f), *fact = set_map(st->arena, in, "fact");
    set_str(st->arena, in, "source", s->key);
    set_str(st->arena, fact, "source", s->key);
    set_int(st->arena, fact, "at", clock_now(&st->clock));
    if (is_among(sample->declined, sample->declined_count, s->key) || !inputs) {
        set_str(st->arena, fact, "state", STR("declined"));
    } else {
        set_value(st->arena, fact, "inputs", inputs);
        if (!read_register(st, s, inputs, fact, err))
            return false;
    }
    bool found = str_eq(get_str(fact, "state"), STR("found"));
    return ask(f, apply_facts, in, err) && (!found || confirm(f, s->key, err)) &&
           (!page->question_count || answer_questions(f, page, err));
}

/* ---- papers ---- */

/* By post where the sample says so; else a photo, of which only the row is kept. */
static bool give_paper(Filling *f, const Page *page, Err *err)
{
    Stage *st = f->st;
    const Sample *s = st->sample;
    Value *in = input(f);
    bool mailed = is_among(s->mailed, s->mailed_count, page->material);
    set_str(st->arena, in, "code", page->material);
    set_str(st->arena, in, "way", mailed ? STR("mail") : STR("upload"));
    if (!mailed) {
        Hash content = hash_of(page->material);
        Value *file = push_map(st->arena, set_list(st->arena, in, "files"));
        set_str(st->arena, file, "hash", hash_hex(st->arena, &content));
        set_str(st->arena, file, "name", STR("sample.jpg"));
        set_str(st->arena, file, "type", STR("image/jpeg"));
        set_int(st->arena, file, "size", 1);
    }
    return ask(f, apply_give, in, err);
}

/* ---- the way ---- */

static bool look(Filling *f, Err *err)
{
    Stage *st = f->st;
    int64_t id = 0;
    return str_int(f->draft_id, &id) &&
           draft_load(&st->reader, st->arena, &st->app, id, st->applicant.id, &f->draft, err) &&
           draft_view(st->arena, &st->app, &f->draft, clock_now(&st->clock), &f->view, err);
}

static bool do_page(Filling *f, const Page *page, Err *err)
{
    switch (page->kind) {
    case PAGE_QUESTIONS: return answer_questions(f, page, err);
    case PAGE_FACTS: return read_facts(f, page, err);
    case PAGE_MATERIAL: return give_paper(f, page, err);
    }
    return true;
}

/* A page that stays open after it was done ends the way: the submission says what is wrong. A
 * missing paper is skipped. */
static bool fill_pages(Filling *f, Err *err)
{
    const Page *page = NULL;
    const Sample *s = f->st->sample;
    size_t rounds = ROUNDS_A_PAGE * s->item->form.page_count;
    for (size_t i = 0; i < rounds && !f->st->problems; i++) {
        if (!look(f, err))
            return false;
        const Page *next = draft_next_page(f->st->arena, &f->draft, page, &f->view);
        if (!next)
            return true;
        page = next;
        bool skipped =
            page->kind == PAGE_MATERIAL && is_among(s->missing, s->missing_count, page->material);
        if (!skipped && !do_page(f, page, err))
            return false;
    }
    return true;
}

static bool submit(Filling *f, Err *err)
{
    Stage *st = f->st;
    Value *in = input(f);
    set_bool(st->arena, in, "declaration", true);
    Value *out = stage_run(st, &st->applicant, apply_submit, in, &st->problems, err);
    st->case_id = get_str(out, "case");
    return out || st->problems;
}

bool sample_apply(Stage *st, Err *err)
{
    Filling f = {.st = st};
    Value *in = value_map(st->arena);
    set_str(st->arena, in, "item", st->sample->item->key);
    set_str(st->arena, in, "lang", STR("zh"));
    Value *out = stage_run(st, &st->applicant, apply_start, in, NULL, err);
    f.draft_id = get_str(out, "draft");
    return out && fill_pages(&f, err) && (st->problems || submit(&f, err));
}
