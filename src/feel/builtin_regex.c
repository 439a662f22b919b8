/* SPDX-License-Identifier: Apache-2.0 */
/*
 * matches, replace, split: patterns of XPath 3.1.
 *
 * A pattern that is written in the expression was compiled with it (regex_prepare); another one is
 * compiled once in an evaluation and found again by its text.
 */
#include "feel/regex_int.h"

enum { KEPT_PATTERNS = 16, PATTERN_STEPS = 200 };

struct FeelPattern {
    const FeelPattern *next;
    Str pattern, flags;
    const Regex *regex; /* NULL: why */
    FeelValue why;
};

static Str text_of(const FeelValue *args, size_t count, size_t at)
{
    return at < count && args[at].kind == FEEL_STRING ? args[at].text : STR("");
}

static FeelPattern *pattern_new(Arena *out, Str pattern, Str flags)
{
    FeelPattern *p = NEW(out, FeelPattern);
    p->pattern = pattern;
    p->flags = flags;
    p->regex = regex_compile(out, pattern, flags, &p->why);
    return p;
}

static const FeelPattern *pattern_for(FeelBudget *b, Str pattern, Str flags)
{
    size_t kept = 0;
    if (b->prepared) {
        return b->prepared;
    }
    for (const FeelPattern *p = b->patterns; p; p = p->next, kept++) {
        if (str_eq(p->pattern, pattern) && str_eq(p->flags, flags)) {
            return p;
        }
    }
    if (!budget_take(b, PATTERN_STEPS + pattern.len)) {
        return NULL;
    }
    FeelPattern *made = pattern_new(b->out, pattern, flags);
    if (kept < KEPT_PATTERNS) {
        made->next = b->patterns;
        b->patterns = made;
    }
    return made;
}

const FeelPattern *regex_prepare(Arena *out, const Builtin *row, const FeelValue *const *args,
                                 size_t count)
{
    bool is_split = row->run == regex_split, is_replace = row->run == regex_replace;
    size_t flags = is_replace ? 3 : 2;
    if (!is_split && !is_replace && row->run != regex_matches) {
        return NULL;
    }
    bool has_flags = !is_split && count > flags;
    if (count < 2 || !args[1] || args[1]->kind != FEEL_STRING ||
        (has_flags && (!args[flags] || args[flags]->kind != FEEL_STRING))) {
        return NULL;
    }
    return pattern_new(out, args[1]->text, has_flags ? args[flags]->text : STR(""));
}

/* What a search that ended without a match comes to. */
static FeelValue ended(const RegexRun *run, FeelValue otherwise)
{
    return run->stopped ? run->why : otherwise;
}

FeelValue regex_matches(FeelBudget *b, const FeelValue *args, size_t count)
{
    RegexRun run;
    const FeelPattern *p = pattern_for(b, args[1].text, text_of(args, count, 2));
    if (!p || !p->regex) {
        return p ? p->why : feel_null();
    }
    bool found = regex_open(&run, b, p->regex, args[0].text) && regex_find(&run, 0);
    FeelValue v = found ? feel_bool(true) : ended(&run, feel_bool(false));
    regex_close(&run);
    return v;
}

/* ---- replace ---- */

/* $N: as many digits as make a number of a group; $0 is the match. */
static size_t group_number(Str s, size_t at, uint32_t groups, uint32_t *n)
{
    *n = (uint32_t)(s.at[at++] - '0');
    while (at < s.len && s.at[at] >= '0' && s.at[at] <= '9') {
        uint32_t more = *n * 10 + (uint32_t)(s.at[at] - '0');
        if (more > groups) {
            break;
        }
        *n = more;
        at++;
    }
    return at;
}

/* A replacement is right or wrong before anything is searched. */
static bool replacement_valid(Str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i], after = i + 1 < s.len ? s.at[i + 1] : 0;
        if (c == '$' && !(after >= '0' && after <= '9')) {
            return false;
        }
        if (c == '\\') {
            if (after != '\\' && after != '$') {
                return false;
            }
            i++;
        }
    }
    return true;
}

/* Paid before it is written: a group may be long and stand there often. */
static bool put_replacement(StrBuf *made, const RegexRun *run, Str with)
{
    if (!budget_take(run->budget, with.len / 16)) {
        return false;
    }
    if (regex_is_literal(run->regex)) {
        buf_add(made, with);
        return true;
    }
    for (size_t i = 0; i < with.len;) {
        uint32_t n = 0;
        if (with.at[i] == '$') {
            i = group_number(with, i + 1, regex_group_count(run->regex), &n);
            Str group = regex_group(run, n);
            if (!budget_take(run->budget, group.len / 16)) {
                return false;
            }
            buf_add(made, group);
        } else {
            i += with.at[i] == '\\' ? 1 : 0;
            buf_char(made, with.at[i++]);
        }
    }
    return true;
}

static FeelValue replace_all(FeelBudget *b, const Regex *r, Str text, Str with)
{
    RegexRun run;
    StrBuf made = buf_in(b->out);
    size_t at = 0;
    bool open = regex_open(&run, b, r, text);
    while (open && regex_find(&run, at)) {
        Str hit = regex_group(&run, 0);
        size_t start = (size_t)(hit.at - text.at);
        buf_add(&made, str_slice(text, at, start));
        run.stopped = !budget_take(b, (start - at) / 16) || !put_replacement(&made, &run, with);
        at = start + hit.len;
    }
    buf_add(&made, str_slice(text, at, text.len));
    FeelValue v = ended(&run, feel_str(buf_str(&made)));
    regex_close(&run);
    return v;
}

FeelValue regex_replace(FeelBudget *b, const FeelValue *args, size_t count)
{
    const FeelPattern *p = pattern_for(b, args[1].text, text_of(args, count, 3));
    if (!p || !p->regex) {
        return p ? p->why : feel_null();
    }
    if (!regex_is_literal(p->regex) && !replacement_valid(args[2].text)) {
        return feel_reason(b->out, "replacement: $ and \\ are written \\$ and \\\\");
    }
    if (regex_matches_nothing(b, p->regex)) {
        return feel_reason(b->out, "%s: the pattern matches the empty text", "replace");
    }
    return replace_all(b, p->regex, args[0].text, args[2].text);
}

/* ---- split ---- */

static FeelValue split_all(FeelBudget *b, const Regex *r, Str text)
{
    RegexRun run;
    Values parts = {0};
    size_t at = 0;
    bool open = regex_open(&run, b, r, text);
    while (open && regex_find(&run, at)) {
        Str hit = regex_group(&run, 0);
        size_t start = (size_t)(hit.at - text.at);
        *VEC_PUSH(b->out, &parts) = feel_str(str_slice(text, at, start));
        at = start + hit.len;
    }
    *VEC_PUSH(b->out, &parts) = feel_str(str_slice(text, at, text.len));
    FeelValue v = ended(&run, value_list_of(parts.at, parts.len));
    regex_close(&run);
    return v;
}

FeelValue regex_split(FeelBudget *b, const FeelValue *args, size_t count)
{
    (void)count;
    const FeelPattern *p = pattern_for(b, args[1].text, STR(""));
    if (!p || !p->regex) {
        return p ? p->why : feel_null();
    }
    if (regex_matches_nothing(b, p->regex)) {
        return feel_reason(b->out, "%s: the pattern matches the empty text", "split");
    }
    return split_all(b, p->regex, args[0].text);
}
