/* SPDX-License-Identifier: Apache-2.0 */
/* What the demo's bundle asks of whom: rows of answers, and the parts, questions and materials that
 * come of them. */
#include "base/date.h"
#include "catalogue/catalogue.h"
#include "check.h"
#include "model/form.h"
#include "json/json.h"

typedef struct {
    Arena arena;
    const Catalogue *c;
    const Bundle *b;
    FeelScope scope;
} Room;

static void open_room(Room *r)
{
    *r = (Room){.c = NULL};
    Diags d = {.arena = &r->arena};
    r->c = catalogue_load(STR("catalogues/demo"), &d);
    CHECK(r->c != NULL, STR_FMT, STR_ARG(diag_render(&r->arena, &d)));
    r->b = r->c ? catalogue_bundle(r->c, STR("losing-a-job")) : NULL;
    CHECK(r->b != NULL, "the bundle");
}

static void close_room(Room *r)
{
    catalogue_free(r->c);
    arena_free(&r->arena);
}

static void answer(Room *r, const char *json)
{
    Err err = {0};
    Date today = {20000};
    const Value *v = json_read(&r->arena, str_z(json), &err);
    CHECK(v && form_scope(&r->arena, &r->b->whole, v, today, &r->scope, &err), "%s: %s", json,
          err.msg);
}

/* y yes, n no, l left out, ? open; in the order of the parts */
static const struct {
    const char *answers, *choices;
} choices[] = {
    {"{}", "???"},
    {"{\"goes_on_paying\": \"self\"}", "yy?"},
    {"{\"goes_on_paying\": \"later\"}", "yn?"},
    {"{\"goes_on_paying\": \"employer\", \"card_works\": \"works\"}", "nnn"},
    {"{\"goes_on_paying\": \"self\", \"card_works\": \"renew\"}", "yyy"},
    {"{\"goes_on_paying\": \"self\", \"card_works\": \"renew\", \"parts_left_out\": "
     "[\"social-security-card\"]}",
     "yyl"},
    {"{\"goes_on_paying\": \"self\", \"parts_left_out\": [\"unemployment-benefit\"]}", "yy?"},
};

TEST(answers_choose_the_parts)
{
    Room r;
    open_room(&r);
    for (size_t i = 0; i < COUNT(choices); i++) {
        answer(&r, choices[i].answers);
        for (size_t k = 0; k < r.b->part_count; k++) {
            char got = "ynl#?"[part_choice(&r.arena, &r.b->parts[k], &r.scope, NULL)];
            CHECK(got == choices[i].choices[k], "%s: part %zu is '%c'", choices[i].answers, k, got);
        }
    }
    close_room(&r);
}

static size_t times_shown(Room *r, const char *element)
{
    size_t n = 0;
    const Form *f = &r->b->whole.form;
    for (size_t i = 0; i < f->page_count; i++)
        for (size_t k = 0; k < f->pages[i].question_count; k++) {
            const Question *q = &f->pages[i].questions[k];
            n += str_eq(q->element->key, str_z(element)) &&
                 form_page_shown(&r->arena, &f->pages[i], &r->scope) &&
                 form_question_shown(&r->arena, q, &r->scope);
        }
    return n;
}

static const struct {
    const char *answers, *element;
    size_t shown;
} questions[] = {
    {"{}", "leave_reason", 1}, /* the guide's own: asked of everybody */
    {"{}", "person_name", 0},
    {"{\"goes_on_paying\": \"self\"}", "person_name", 1}, /* three parts ask it */
    {"{\"goes_on_paying\": \"self\"}", "leave_reason", 1},
    {"{\"goes_on_paying\": \"self\"}", "flex_base", 1},
    {"{\"goes_on_paying\": \"later\"}", "flex_base", 0},
    {"{\"goes_on_paying\": \"later\"}", "last_employer", 1},
    {"{\"goes_on_paying\": \"employer\", \"card_works\": \"renew\"}", "last_employer", 0},
    {"{\"goes_on_paying\": \"employer\", \"card_works\": \"renew\"}", "person_name", 1},
    {"{\"goes_on_paying\": \"employer\", \"card_works\": \"renew\"}", "card_action", 1},
    {"{\"goes_on_paying\": \"self\", \"card_works\": \"works\"}", "card_action", 0},
    {"{\"goes_on_paying\": \"self\", \"pay_to\": \"card\"}", "bank_name", 0},
    {"{\"goes_on_paying\": \"self\", \"pay_to\": \"bank\"}", "bank_name", 1},
    {"{\"goes_on_paying\": \"self\", \"seeks_work\": false}", "job_wish", 0},
    {"{\"goes_on_paying\": \"self\", \"seeks_work\": true}", "job_wish", 1},
};

TEST(question_is_asked_once_and_where_a_part_asks_it)
{
    Room r;
    open_room(&r);
    for (size_t i = 0; i < COUNT(questions); i++) {
        answer(&r, questions[i].answers);
        size_t n = times_shown(&r, questions[i].element);
        CHECK(n == questions[i].shown, "%s: %s %zu times", questions[i].answers,
              questions[i].element, n);
    }
    const Form *f = &r.b->whole.form;
    for (size_t i = 0; i < f->page_count; i++)
        for (size_t k = 0; k < f->pages[i].question_count; k++)
            for (size_t j = 0; j < i; j++)
                for (size_t l = 0; l < f->pages[j].question_count; l++)
                    CHECK(f->pages[i].questions[k].element != f->pages[j].questions[l].element,
                          "asked twice: " STR_FMT, STR_ARG(f->pages[i].questions[k].element->key));
    close_room(&r);
}

static const struct {
    const char *answers, *material;
    bool needed;
} materials[] = {
    {"{\"goes_on_paying\": \"self\"}", "leaving-proof", true},
    {"{\"goes_on_paying\": \"self\"}", "card-photo", false},
    {"{\"goes_on_paying\": \"employer\", \"card_works\": \"renew\"}", "card-photo", true},
    {"{\"goes_on_paying\": \"employer\", \"card_works\": \"renew\"}", "leaving-proof", false},
    {"{\"goes_on_paying\": \"self\", \"leave_reason\": \"employer_fault\"}", "unpaid-proof", true},
    {"{\"goes_on_paying\": \"self\", \"leave_reason\": \"expired\"}", "unpaid-proof", false},
    {"{\"goes_on_paying\": \"employer\", \"card_works\": \"renew\", \"card_for\": \"child\"}",
     "kinship-proof", true},
};

TEST(material_is_needed_where_a_part_needs_it)
{
    Room r;
    open_room(&r);
    for (size_t i = 0; i < COUNT(materials); i++) {
        answer(&r, materials[i].answers);
        const ItemMaterial *m = item_material(&r.b->whole, str_z(materials[i].material));
        CHECK(m != NULL, "%s", materials[i].material);
        CHECK(m && item_material_needed(&r.arena, m, &r.scope) == materials[i].needed, "%s: %s",
              materials[i].answers, materials[i].material);
    }
    close_room(&r);
}

TEST(bundle_has_the_face_of_an_item)
{
    Room r;
    open_room(&r);
    const Item *w = &r.b->whole;
    CHECK(catalogue_item(r.c, STR("losing-a-job")) == w, "found as an item");
    CHECK(w->promise.n == 7 && str_eq(w->promise.unit, STR("working_day")), "5 and 2 days");
    CHECK(w->hash.len == 64, "a version");
    SearchHit hits[5];
    size_t n = catalogue_search(&r.arena, r.c, STR("失业一件事"), hits, COUNT(hits));
    CHECK(n && hits[0].item == w, "search finds it first");
    const Part *path[BUNDLE_PARTS_MAX];
    size_t count;
    int64_t minutes = bundle_path(r.b, PATH_PROMISE, path, &count);
    CHECK(count == 2 && minutes == 7 * 2016, "the longest chain: %zu, %lld", count,
          (long long)minutes);
    close_room(&r);
}
