/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench/html [SECONDS]: pages a second of a worklist (56 rows of 7 escaped fields, about 24 KB) by
 * the template and by C that appends the same page by hand, measured in turns; prints one JSON row.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "html/html.h"

enum { ROWS = 56, FIELDS = 7, ROUNDS = 5 };

static const char *const keys[FIELDS] = {"no", "item", "applicant", "organ", "state", "due", "who"};
static const char *const texts[FIELDS] = {
    "2026-0001<7>",     "企业开办 & 变更登记", "浙江某某科技有限公司", "市场监督管理局", "审核中",
    "2026-11-22 15:30", "Li \"Lei\""};

#define ROW_OPEN                                                                                   \
    "    <tr class=\"row\" data-live=\"case\">\n      <th scope=\"row\"><a "                       \
    "class=\"link\" href=\"/o/cases/"
#define CELL_NEXT "</td>\n      <td class=\"cell\">"
#define ROW_CLOSE                                                                                  \
    "</td>\n      <td><button class=\"button button--small\">办理</button></td>\n    </tr>\n"
#define HEAD "<!doctype html>\n<html lang=\"zh-CN\">\n<body>\n<table class=\"list\">\n  <tbody>\n"
#define FOOT "  </tbody>\n</table>\n</body>\n</html>\n"

static const char source[] =
    HEAD "{{#rows}}\n" ROW_OPEN "{{no}}\">{{item}}</a></th>\n      "
         "<td class=\"cell\">{{applicant}}" CELL_NEXT "{{organ}}" CELL_NEXT "{{state}}" CELL_NEXT
         "{{due}}" CELL_NEXT "{{who}}" ROW_CLOSE "{{/rows}}\n" FOOT;

static void by_hand(StrBuf *b)
{
    BUF_LIT(b, HEAD);
    for (int i = 0; i < ROWS; i++) {
        BUF_LIT(b, ROW_OPEN);
        html_escape(b, str_z(texts[0]));
        BUF_LIT(b, "\">");
        html_escape(b, str_z(texts[1]));
        BUF_LIT(b, "</a></th>\n      <td class=\"cell\">");
        for (int f = 2; f < FIELDS; f++) {
            html_escape(b, str_z(texts[f]));
            if (f < FIELDS - 1)
                BUF_LIT(b, CELL_NEXT);
        }
        BUF_LIT(b, ROW_CLOSE);
    }
    BUF_LIT(b, FOOT);
}

typedef struct {
    const HtmlSet *set;
    const HtmlTemplate *t;
    const Value *model;
} Page;

static void render(StrBuf *b, const Page *page)
{
    Err err = {0};
    if (!page)
        by_hand(b);
    else if (!html_render(b, page->set, page->t, page->model, &err))
        fatal("%s", err.msg);
}

static double pages_a_second(const Page *page, int64_t us, Arena *a)
{
    int64_t start = clock_monotonic_us(), now = start, pages = 0;
    StrBuf b = buf_in(a);
    while (now - start < us) {
        for (int i = 0; i < 100; i++, pages++) {
            b.len = 0;
            render(&b, page);
        }
        now = clock_monotonic_us();
    }
    return (double)pages * 1e6 / (double)(now - start);
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static Value *worklist(Arena *a)
{
    Value *m = value_map(a), *rows = set_list(a, m, "rows");
    for (int i = 0; i < ROWS; i++) {
        Value *row = push_map(a, rows);
        for (int f = 0; f < FIELDS; f++)
            set_str(a, row, keys[f], str_z(texts[f]));
    }
    return m;
}

int main(int argc, char **argv)
{
    Arena a = {0};
    double seconds = argc > 1 ? strtod(argv[1], NULL) : 2.0;
    Diags diags = {.arena = &a};
    HtmlSource src = {STR("list"), str_z(source), diag_file(&diags, STR("list"), str_z(source))};
    const HtmlSet *set = html_compile(&a, &src, 1, NULL, &diags);
    if (!set)
        fatal("%s", str_cstr(&a, diag_render(&a, &diags)));
    Page page = {set, html_find(set, STR("list")), worklist(&a)};
    StrBuf x = buf_in(&a), y = buf_in(&a);
    render(&x, &page);
    render(&y, NULL);
    if (!str_eq(buf_str(&x), buf_str(&y)))
        fatal("the pages differ");
    double ours[ROUNDS], hand[ROUNDS];
    int64_t us = (int64_t)(seconds * 1e6 / (2 * ROUNDS));
    for (int i = 0; i < ROUNDS; i++) {
        hand[i] = pages_a_second(NULL, us, &a);
        ours[i] = pages_a_second(&page, us, &a);
    }
    qsort(ours, ROUNDS, sizeof ours[0], by_value);
    qsort(hand, ROUNDS, sizeof hand[0], by_value);
    double o = ours[ROUNDS / 2], h = hand[ROUNDS / 2];
    printf(
        "{\"name\":\"page.template\",\"value\":%.0f,\"unit\":\"pages/s\",\"against\":\"C appends\","
        "\"reference\":%.0f,\"ratio\":%.2f,\"bar\":0.3,\"ok\":%s,\"bytes\":%zu}\n",
        o, h, o / h, o / h >= 0.3 ? "true" : "false", x.len);
    arena_free(&a);
    return 0;
}
