/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PCRE2 under house rules: its memory comes from arenas, its work is bounded.
 *
 * A search has a limit of attempts, which PCRE2 counts by itself. It starts with few and is begun
 * again with more, each round paid for in steps before it runs: an easy search costs little, a
 * catastrophic one is known by its price, and the whole takes at most a third more than its last
 * round. Two kinds of work hide between attempts: a fixed run of characters (its length is the
 * least length of a match) and a back-reference; they lower the number of attempts.
 * Repeats are not made possessive, because those would run over the text uncounted.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "feel/regex_int.h"

enum {
    FIRST_ATTEMPTS = 8 * 1024,
    MORE_ATTEMPTS = 4, /* times as many in the next round */
    ATTEMPTS_A_STEP = 8,
};

struct Regex {
    const pcre2_code *code;
    uint32_t groups, least; /* captures; characters of the shortest match */
    bool literal, refers, maybe_empty;
};

static void *from_arena(size_t size, void *arena)
{
    return arena_alloc(arena, size);
}

static void *from_room(size_t size, void *data)
{
    RegexRun *run = data;
    size_t rounded = (size + 15) & ~(size_t)15;
    if (rounded > REGEX_ROOM - run->used) {
        return arena_alloc(&run->spill, size);
    }
    void *made = run->room.bytes + run->used;
    run->used += rounded;
    return made;
}

/* What is in an arena goes with it. */
static void keep(void *memory, void *data)
{
    (void)memory;
    (void)data;
}

static uint32_t options_of(RegexFlags f)
{
    uint32_t options = PCRE2_UTF | (f.no_case ? PCRE2_CASELESS : 0u);
    if (f.literal) {
        return options | PCRE2_LITERAL;
    }
    return options | PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY | PCRE2_NO_AUTO_POSSESS |
           PCRE2_MATCH_UNSET_BACKREF | PCRE2_NEVER_BACKSLASH_C | (f.lines ? PCRE2_MULTILINE : 0u);
}

static pcre2_code *compile_code(Arena *out, Str code, RegexFlags flags)
{
    int error = 0;
    size_t where = 0;
    pcre2_general_context *general = pcre2_general_context_create(from_arena, keep, out);
    pcre2_compile_context *context = pcre2_compile_context_create(general);
    (void)pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    (void)pcre2_set_parens_nest_limit(context, 4 * REGEX_MAX_NESTING);
    return pcre2_compile((PCRE2_SPTR)code.at, code.len, options_of(flags), &error, &where, context);
}

const Regex *regex_compile(Arena *out, Str pattern, Str flags, FeelValue *why)
{
    RegexFlags f = {0};
    Str code = {0};
    uint32_t references = 0, empty = 0;
    if (!regex_flags(flags, &f)) {
        *why = feel_reason(out, "'" STR_FMT "' are no flags: s m i x q", STR_ARG(flags));
        return NULL;
    }
    if (!regex_translate(out, pattern, f, &code, why)) {
        return NULL;
    }
    Regex *r = NEW(out, Regex);
    r->code = compile_code(out, code, f);
    if (!r->code) {
        *why = feel_reason(out, "REGEX_MAX_CODE: the pattern is too large");
        return NULL;
    }
    (void)pcre2_pattern_info(r->code, PCRE2_INFO_CAPTURECOUNT, &r->groups);
    (void)pcre2_pattern_info(r->code, PCRE2_INFO_MINLENGTH, &r->least);
    (void)pcre2_pattern_info(r->code, PCRE2_INFO_BACKREFMAX, &references);
    (void)pcre2_pattern_info(r->code, PCRE2_INFO_MATCHEMPTY, &empty);
    r->refers = references > 0;
    r->maybe_empty = empty != 0;
    r->literal = f.literal;
    return r;
}

uint32_t regex_group_count(const Regex *r)
{
    return r->groups;
}

bool regex_is_literal(const Regex *r)
{
    return r->literal;
}

/* ---- searching ---- */

static void stop(RegexRun *run, FeelValue why)
{
    run->why = why;
    run->stopped = true;
}

bool regex_open(RegexRun *run, FeelBudget *b, const Regex *r, Str text)
{
    run->budget = b;
    run->regex = r;
    run->text = text;
    run->why = feel_null();
    run->stopped = run->checked = false;
    run->used = 0;
    run->spill = (Arena){0};
    run->data = NULL;
    if (text.len > REGEX_MAX_TEXT) {
        stop(run,
             feel_reason(b->out, "REGEX_MAX_TEXT: a text of more than %d bytes", REGEX_MAX_TEXT));
        return false;
    }
    return true;
}

void regex_close(RegexRun *run)
{
    arena_free(&run->spill);
}

/* As many as the work between two of them allows. */
static uint32_t attempts_allowed(const RegexRun *run)
{
    size_t between = 1 + run->regex->least / 32 + (run->regex->refers ? run->text.len / 8 : 0);
    size_t allowed = REGEX_MAX_WORK / between;
    return allowed < REGEX_MAX_ATTEMPTS ? (uint32_t)allowed : REGEX_MAX_ATTEMPTS;
}

static int search(RegexRun *run, pcre2_match_context *context, uint32_t attempts, size_t from)
{
    uint32_t options = run->checked ? PCRE2_NO_UTF_CHECK : 0;
    pcre2_match_data *data = run->data;
    (void)pcre2_set_match_limit(context, attempts);
    (void)pcre2_set_depth_limit(context, REGEX_MAX_DEPTH);
    (void)pcre2_set_heap_limit(context, REGEX_MAX_HEAP_KB);
    int found = pcre2_match(run->regex->code, (PCRE2_SPTR)run->text.at, run->text.len, from,
                            options, data, context);
    run->checked = true;
    run->ends = pcre2_get_ovector_pointer(data);
    run->count = found > 0 ? (uint32_t)found : 0;
    return found;
}

static void give_up(RegexRun *run, int error)
{
    Arena *out = run->budget->out;
    switch (error) {
    case PCRE2_ERROR_MATCHLIMIT:
        stop(run, feel_reason(out, "REGEX_MAX_ATTEMPTS: the pattern takes too many attempts"));
        break;
    case PCRE2_ERROR_DEPTHLIMIT:
    case PCRE2_ERROR_HEAPLIMIT:
        stop(run, feel_reason(out, "REGEX_MAX_DEPTH: the pattern goes too deep"));
        break;
    default: stop(run, feel_reason(out, "the text is not UTF-8")); break;
    }
}

bool regex_find(RegexRun *run, size_t from)
{
    size_t left = run->text.len - from;
    uint32_t allowed = attempts_allowed(run), attempts = FIRST_ATTEMPTS;
    int found = PCRE2_ERROR_MATCHLIMIT;
    if (run->stopped || !budget_take(run->budget, 1 + left / 64)) {
        run->stopped = true;
        return false;
    }
    if (!run->data) {
        pcre2_general_context *general = pcre2_general_context_create(from_room, keep, run);
        run->data = pcre2_match_data_create_from_pattern(run->regex->code, general);
        run->context = pcre2_match_context_create(general);
    }
    for (bool last = false; found == PCRE2_ERROR_MATCHLIMIT && !last; attempts *= MORE_ATTEMPTS) {
        last = attempts >= allowed;
        found = search(run, run->context, last ? allowed : attempts, from);
        if (found == PCRE2_ERROR_MATCHLIMIT &&
            !budget_take(run->budget, attempts * MORE_ATTEMPTS / ATTEMPTS_A_STEP)) {
            run->stopped = true;
            return false;
        }
    }
    if (found < 0 && found != PCRE2_ERROR_NOMATCH) {
        give_up(run, found);
    }
    return found > 0;
}

Str regex_group(const RegexRun *run, uint32_t n)
{
    bool set = n < run->count && run->ends[2 * n] != PCRE2_UNSET;
    return set ? str_slice(run->text, run->ends[2 * n], run->ends[2 * n + 1]) : STR("");
}

bool regex_matches_nothing(FeelBudget *b, const Regex *r)
{
    RegexRun run;
    if (!r->maybe_empty) {
        return false;
    }
    bool found = regex_open(&run, b, r, STR("")) && regex_find(&run, 0);
    regex_close(&run);
    return found;
}
