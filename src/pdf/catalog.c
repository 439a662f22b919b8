/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cairo 1.16 cannot name the language of a document. PDF allows an update to be appended (ISO
 * 32000-1, 7.5.6): a new copy of the catalog with /Lang, a cross-reference for it, a trailer that
 * points to the old one. Where the expected marks are missing the bytes stay as they are: the
 * language is a help to screen readers, not a condition.
 */
#include "pdf/pdf_int.h"

static size_t find_last(Str s, Str needle)
{
    size_t last = SIZE_MAX;
    for (size_t at = str_find(s, needle, 0); at != SIZE_MAX; at = str_find(s, needle, at + 1))
        last = at;
    return last;
}

static bool number_at(Str s, size_t at, int64_t *n)
{
    while (at < s.len && (s.at[at] == ' ' || s.at[at] == '\n'))
        at++;
    size_t end = at;
    while (end < s.len && s.at[end] >= '0' && s.at[end] <= '9')
        end++;
    return str_int(str_slice(s, at, end), n);
}

Str catalog_with_language(Arena *out, Str pdf, const char *lang)
{
    Str tail = str_slice(pdf, pdf.len > 400 ? pdf.len - 400 : 0, pdf.len);
    size_t trailer = str_find(tail, STR("trailer"), 0), root = str_find(tail, STR("/Root"), 0);
    size_t info = str_find(tail, STR("/Info"), 0), size = str_find(tail, STR("/Size"), 0);
    size_t old = str_find(tail, STR("startxref"), 0);
    int64_t root_n, info_n, size_n, old_at;
    if (trailer == SIZE_MAX || !number_at(tail, root + 5, &root_n) ||
        !number_at(tail, info + 5, &info_n) || !number_at(tail, size + 5, &size_n) ||
        !number_at(tail, old + 9, &old_at))
        return str_dup(out, pdf);
    size_t object = find_last(pdf, STR("<< /Type /Catalog"));
    size_t end = object == SIZE_MAX ? SIZE_MAX : str_find(pdf, STR("endobj"), object);
    if (end == SIZE_MAX)
        return str_dup(out, pdf);
    StrBuf b = buf_in(out);
    (void)buf_room(&b, pdf.len + (end - object) + 400);
    buf_add(&b, pdf);
    size_t catalog_at = b.len;
    bool tagged = str_find(str_slice(pdf, object, end), STR("/StructTreeRoot"), 0) != SIZE_MAX;
    buf_fmt(&b, "%d 0 obj\n<< /Lang (%s)\n   /ViewerPreferences << /DisplayDocTitle true >>\n  %s",
            (int)root_n, lang, tagged ? "/MarkInfo << /Marked true >>\n  " : "");
    buf_add(&b, str_slice(pdf, object + 2, end));
    BUF_LIT(&b, "endobj\n");
    size_t xref_at = b.len;
    buf_fmt(&b,
            "xref\n%d 1\n%010zu 00000 n \ntrailer\n<< /Size %d\n   /Root %d 0 R\n   /Info %d 0 R\n",
            (int)root_n, catalog_at, (int)size_n, (int)root_n, (int)info_n);
    buf_fmt(&b, "   /Prev %d\n>>\nstartxref\n%zu\n%%%%EOF\n", (int)old_at, xref_at);
    return buf_str(&b);
}
