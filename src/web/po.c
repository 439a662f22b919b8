/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Line by line. After a line that cannot be read, reading goes on at the next msgid, so that one
 * run reports every bad entry.
 */
#include "web/po.h"

typedef enum { PO_NOTHING, PO_KEY, PO_TEXT } PoPart;

typedef struct {
    Arena *out;
    Str source;
    uint16_t file;
    Value *texts;
    Diags *diags;
    PoPart part;
    uint32_t key_at;
    StrBuf key, text;
    bool spoilt; /* an error was told for this entry */
} Po;

static void problem(Po *p, const char *rule, uint32_t offset, const char *cure, const char *what)
{
    p->spoilt = true;
    diag_add(p->diags, DIAG_ERROR, rule, p->file, offset, str_z(cure), "%s", what);
}

static uint32_t offset_of(const Po *p, const char *at)
{
    return (uint32_t)(at - p->source.at);
}

/* One quoted string, appended to b; nothing may follow it. */
static void quoted(Po *p, Str s, StrBuf *b)
{
    if (s.len < 2 || s.at[0] != '"' || s.at[s.len - 1] != '"') {
        problem(p, "po.syntax", offset_of(p, s.at), "put the text in double quotes",
                "a quoted text is expected");
        return;
    }
    for (size_t i = 1; i < s.len - 1; i++) {
        if (s.at[i] == '"') {
            problem(p, "po.syntax", offset_of(p, s.at + i), "write \\\"", "a bare quote in a text");
            return;
        }
        if (s.at[i] != '\\') {
            buf_char(b, s.at[i]);
            continue;
        }
        char c = s.at[++i];
        if (i == s.len - 1 || !memchr("nt\\\"", c, 4)) {
            problem(p, "po.syntax", offset_of(p, s.at + i - 1), "known: \\n \\t \\\\ \\\"",
                    "an unknown escape");
            return;
        }
        buf_char(b, c == 'n' ? '\n' : c == 't' ? '\t' : c);
    }
}

static void finish(Po *p)
{
    Str key = str_dup(p->out, buf_str(&p->key)), text = str_dup(p->out, buf_str(&p->text));
    bool header = key.len == 0;
    if (p->part == PO_KEY && !p->spoilt)
        problem(p, "po.syntax", p->key_at, "add a msgstr line", "a key without a text");
    if (p->part == PO_TEXT && !p->spoilt && !header) {
        if (!text.len)
            problem(p, "po.empty", p->key_at, "", "an empty text");
        else if (!value_add(p->out, p->texts, key, p->key_at, value_str(p->out, text)))
            problem(p, "po.twice", p->key_at, "", "this key is there already");
    }
    p->key.len = p->text.len = 0;
    p->spoilt = false;
    p->part = PO_NOTHING;
}

static void line(Po *p, Str s)
{
    if (!s.len || s.at[0] == '#')
        return;
    if (str_starts(s, STR("msgid "))) {
        finish(p);
        p->part = PO_KEY;
        p->key_at = offset_of(p, s.at);
        quoted(p, str_trim(str_slice(s, 6, s.len)), &p->key);
    } else if (str_starts(s, STR("msgstr ")) && p->part == PO_KEY) {
        p->part = PO_TEXT;
        quoted(p, str_trim(str_slice(s, 7, s.len)), &p->text);
    } else if (s.at[0] == '"' && p->part != PO_NOTHING) {
        quoted(p, s, p->part == PO_KEY ? &p->key : &p->text);
    } else if (!p->spoilt) {
        problem(p, "po.syntax", offset_of(p, s.at), "known: msgid, msgstr, \"…\", # comment",
                "this line is out of place");
    }
}

void po_read(Arena *out, Str source, uint16_t file, Value *texts, Diags *diags)
{
    Arena scratch = {0};
    Po p = {.out = out,
            .source = source,
            .file = file,
            .texts = texts,
            .diags = diags,
            .key = buf_in(&scratch),
            .text = buf_in(&scratch)};
    Str part, rest = source;
    while (str_split(&rest, '\n', &part))
        line(&p, str_trim(part));
    finish(&p);
    arena_free(&scratch);
}
