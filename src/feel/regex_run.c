/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PCRE2 under house rules: its memory comes from arenas, its work is bounded.
 *
 * A search has a number of attempts, over all places where a match might start; PCRE2's own limit
 * is for each of them. They are counted by callouts, which also pay in steps, so that a catastrophic
 * pattern ends like any other long work. What is done between two callouts is bounded by the least
 * length of a match, by the text where there are back-references, by the way that was gone, and by
 * the copies of a repeated group: all four weigh an attempt. Repeats are not made possessive, those would go uncounted.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "feel/regex_int.h"

enum {
    ATTEMPTS_A_STEP = 8,
    BYTES_AN_ATTEMPT = 16, /* that are passed over */
    BYTES_A_STEP = 64,
};

struct Regex {
    const pcre2_code *code;
    size_t size;            /* of the translated pattern */
    uint32_t groups, least; /* captures; characters of the shortest match */
    bool literal, refers, anchored, maybe_empty;
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
    uint32_t references = 0, empty = 0, options = 0;
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
    (void)pcre2_pattern_info(r->code, PCRE2_INFO_ALLOPTIONS, &options);
    r->size = code.len;
    r->anchored = (options & PCRE2_ANCHORED) != 0;
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
    run->weight =
        1 + r->least / BYTES_AN_ATTEMPT + (r->refers ? (uint32_t)text.len / BYTES_A_STEP : 0);
    if (text.len > REGEX_MAX_TEXT) {
        stop(run,
             feel_reason(b->out, "REGEX_MAX_TEXT: a text of more than %d bytes", REGEX_MAX_TEXT));
    } else if (!r->anchored && text.len * (r->size + r->least) > REGEX_MAX_WORK) {
        stop(run, feel_reason(b->out, "REGEX_MAX_WORK: text and pattern are too long together"));
    }
    return !run->stopped;
}

void regex_close(RegexRun *run)
{
    arena_free(&run->spill);
}

/* At each attempt; not 0 ends the search. */
static int count_attempt(pcre2_callout_block *block, void *data)
{
    RegexRun *run = data;
    size_t at = block->current_position, way = at > run->seen ? at - run->seen : run->seen - at;
    uint32_t before = run->attempts;
    run->seen = at;
    run->attempts += run->weight + block->callout_number + (uint32_t)way / BYTES_AN_ATTEMPT;
    uint32_t steps = run->attempts / ATTEMPTS_A_STEP - before / ATTEMPTS_A_STEP;
    if (run->attempts > REGEX_MAX_ATTEMPTS) {
        return PCRE2_ERROR_MATCHLIMIT;
    }
    return steps == 0 || budget_take(run->budget, steps) ? 0 : PCRE2_ERROR_CALLOUT;
}

static void prepare(RegexRun *run)
{
    pcre2_general_context *general = pcre2_general_context_create(from_room, keep, run);
    pcre2_match_context *context = pcre2_match_context_create(general);
    (void)pcre2_set_callout(context, count_attempt, run);
    (void)pcre2_set_match_limit(context, 100 * REGEX_MAX_ATTEMPTS);
    (void)pcre2_set_depth_limit(context, REGEX_MAX_DEPTH);
    (void)pcre2_set_heap_limit(context, REGEX_MAX_HEAP_KB);
    run->context = context;
    run->data = pcre2_match_data_create_from_pattern(run->regex->code, general);
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
    case PCRE2_ERROR_CALLOUT: stop(run, feel_null()); break;
    default: stop(run, feel_reason(out, "the text is not UTF-8")); break;
    }
}

bool regex_find(RegexRun *run, size_t from)
{
    if (run->stopped || !budget_take(run->budget, 1)) {
        run->stopped = true;
        return false;
    }
    if (!run->data) {
        prepare(run);
    }
    run->attempts = 0;
    run->seen = from;
    int found = pcre2_match(run->regex->code, (PCRE2_SPTR)run->text.at, run->text.len, from,
                            run->checked ? PCRE2_NO_UTF_CHECK : 0, run->data, run->context);
    run->checked = true;
    run->ends = pcre2_get_ovector_pointer(run->data);
    run->count = found > 0 ? (uint32_t)found : 0;
    if (found < 0 && found != PCRE2_ERROR_NOMATCH) {
        give_up(run, found);
    }
    size_t to = found > 0 ? run->ends[1] : run->text.len;
    if (!budget_take(run->budget, (to - from) / BYTES_A_STEP)) {
        run->stopped = true;
    }
    return found > 0 && !run->stopped;
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
