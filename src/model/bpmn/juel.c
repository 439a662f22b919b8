/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass: tokens are read where they are needed, each rule gives the FEEL text of its part with
 * the level at which that text binds, and who takes a part puts it in parentheses where FEEL would
 * read it otherwise.
 */
#include "model/bpmn/juel.h"

/* How FEEL binds, loosely to tightly. */
enum { IF, OR, AND, COMPARE, ADD, MULTIPLY, SIGN, WHOLE };

typedef struct {
    Str text;
    int level;
} Piece;

typedef struct {
    Arena *out;
    Str text;
    size_t at;
    int depth;
    bool ok;
    Err *err;
} Juel;

typedef struct {
    Str sign, word, feel; /* feel empty: modulo() */
    int level;
} Operator;

/* A sign stands before those that begin with the same characters. */
static const Operator operators[] = {
    {STR_INIT("||"), STR_INIT("or"), STR_INIT("or"), OR},
    {STR_INIT("&&"), STR_INIT("and"), STR_INIT("and"), AND},
    {STR_INIT("=="), STR_INIT("eq"), STR_INIT("="), COMPARE},
    {STR_INIT("!="), STR_INIT("ne"), STR_INIT("!="), COMPARE},
    {STR_INIT("<="), STR_INIT("le"), STR_INIT("<="), COMPARE},
    {STR_INIT(">="), STR_INIT("ge"), STR_INIT(">="), COMPARE},
    {STR_INIT("<"), STR_INIT("lt"), STR_INIT("<"), COMPARE},
    {STR_INIT(">"), STR_INIT("gt"), STR_INIT(">"), COMPARE},
    {STR_INIT("+"), STR_INIT("+"), STR_INIT("+"), ADD},
    {STR_INIT("-"), STR_INIT("-"), STR_INIT("-"), ADD},
    {STR_INIT("*"), STR_INIT("*"), STR_INIT("*"), MULTIPLY},
    {STR_INIT("/"), STR_INIT("div"), STR_INIT("/"), MULTIPLY},
    {STR_INIT("%"), STR_INIT("mod"), STR_INIT(""), MULTIPLY},
};

/* Where Camunda 7 and this engine name things differently; its loops count from 0. */
static const struct {
    Str name, feel;
    int level;
} known_names[] = {
    {STR_INIT("nrOfInstances"), STR_INIT("numberOfInstances"), WHOLE},
    {STR_INIT("nrOfActiveInstances"), STR_INIT("numberOfActiveInstances"), WHOLE},
    {STR_INIT("nrOfCompletedInstances"), STR_INIT("numberOfCompletedInstances"), WHOLE},
    {STR_INIT("loopCounter"), STR_INIT("loopCounter - 1"), ADD},
};

static const Str no_names[] = {STR_INIT("if"),        STR_INIT("then"),     STR_INIT("else"),
                               STR_INIT("for"),       STR_INIT("in"),       STR_INIT("return"),
                               STR_INIT("some"),      STR_INIT("every"),    STR_INIT("between"),
                               STR_INIT("satisfies"), STR_INIT("function"), STR_INIT("external"),
                               STR_INIT("instance"),  STR_INIT("of"),       STR_INIT("item")};

static const Str beans[] = {STR_INIT("execution"), STR_INIT("task"), STR_INIT("caseExecution"),
                            STR_INIT("authenticatedUserId"), STR_INIT("externalTask")};

static bool is_one_of(Str s, const Str *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(s, list[i])) {
            return true;
        }
    }
    return false;
}

static Piece refuse(Juel *j, size_t at, const char *what, Str subject)
{
    if (j->ok) {
        j->ok = FAIL_AT(j->err, ERR_INPUT, at, "%s '" STR_FMT "'", what,
                        STR_ARG(str_slice(subject, 0, 40)));
    }
    return (Piece){STR("null"), WHOLE};
}

/* ---- tokens ---- */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char peek(Juel *j)
{
    while (j->at < j->text.len && memchr(" \t\r\n", j->text.at[j->at], 4)) {
        j->at++;
    }
    return j->at < j->text.len ? j->text.at[j->at] : '\0';
}

static Str name_at(const Juel *j, size_t at)
{
    size_t end = at;
    while (end < j->text.len && (is_letter(j->text.at[end]) || j->text.at[end] == '$' ||
                                 (end > at && is_digit(j->text.at[end])))) {
        end++;
    }
    return str_slice(j->text, at, end);
}

/* The sign or the word, the latter as a whole. */
static bool take(Juel *j, Str sign, Str word)
{
    (void)peek(j);
    Str rest = str_slice(j->text, j->at, j->text.len), here = name_at(j, j->at);
    bool as_word = here.len > 0 && str_eq(here, word);
    if (!as_word && (here.len > 0 || !str_starts(rest, sign))) {
        return false;
    }
    j->at += as_word ? word.len : sign.len;
    return true;
}

static bool take_char(Juel *j, char c)
{
    bool there = peek(j) == c;
    j->at += there ? 1 : 0;
    return there;
}

static Str rest_of(const Juel *j)
{
    return str_trim(str_slice(j->text, j->at, j->text.len));
}

/* ---- parts ---- */

static Piece expression(Juel *j);

static Str wrapped(Juel *j, Piece p, int least)
{
    return p.level >= least ? p.text : str_fmt(j->out, "(" STR_FMT ")", STR_ARG(p.text));
}

static void add_quoted(StrBuf *b, char c)
{
    if (c == '"' || c == '\\') {
        buf_char(b, '\\');
        buf_char(b, c);
    } else if (c == '\n') {
        BUF_LIT(b, "\\n");
    } else if (c == '\r') {
        BUF_LIT(b, "\\r");
    } else if (c == '\t') {
        BUF_LIT(b, "\\t");
    } else {
        buf_char(b, c);
    }
}

static Str quoted(Arena *out, Str text)
{
    StrBuf b = buf_in(out);
    buf_char(&b, '"');
    for (size_t i = 0; i < text.len; i++) {
        add_quoted(&b, text.at[i]);
    }
    buf_char(&b, '"');
    return buf_str(&b);
}

static Str string_text(Juel *j)
{
    size_t start = j->at;
    char end = j->text.at[j->at++];
    StrBuf b = buf_in(j->out);
    while (j->at < j->text.len && j->text.at[j->at] != end) {
        j->at += j->text.at[j->at] == '\\' && j->at + 1 < j->text.len ? 1 : 0;
        buf_char(&b, j->text.at[j->at++]);
    }
    if (j->at >= j->text.len) {
        (void)refuse(j, start, "text without end", str_slice(j->text, start, j->text.len));
    }
    j->at++;
    return buf_str(&b);
}

static Piece number(Juel *j)
{
    size_t start = j->at;
    while (j->at < j->text.len && (is_digit(j->text.at[j->at]) || j->text.at[j->at] == '.')) {
        j->at++;
    }
    Str text = str_slice(j->text, start, j->at);
    bool plain = str_find(text, STR("."), 0) == SIZE_MAX ||
                 (is_digit(text.at[text.len - 1]) &&
                  str_find(text, STR("."), str_find(text, STR("."), 0) + 1) == SIZE_MAX);
    Str after = name_at(j, j->at);
    return plain && after.len == 0 ? (Piece){text, WHOLE} : refuse(j, start, "no number", text);
}

static Piece name(Juel *j)
{
    size_t start = j->at;
    Str s = name_at(j, start);
    j->at += s.len;
    if (is_one_of(s, no_names, COUNT(no_names)) || str_find(s, STR("$"), 0) != SIZE_MAX) {
        return refuse(j, start, "a name that FEEL cannot have:", s);
    }
    if (is_one_of(s, beans, COUNT(beans))) {
        return refuse(j, start, "there is no bean", s);
    }
    char next = peek(j);
    if (next == '(' || next == ':') {
        bool choice =
            next == ':' && !is_letter(j->at + 1 < j->text.len ? j->text.at[j->at + 1] : 0);
        if (!choice) {
            return refuse(j, start, "there is no function", s);
        }
    }
    for (size_t i = 0; i < COUNT(known_names); i++) {
        if (str_eq(s, known_names[i].name)) {
            return (Piece){known_names[i].feel, known_names[i].level};
        }
    }
    return (Piece){s, WHOLE};
}

static Piece primary(Juel *j)
{
    char c = peek(j);
    size_t start = j->at;
    if (c == '(') {
        j->at++;
        Piece p = expression(j);
        return take_char(j, ')') ? p : refuse(j, j->at, "')' expected before", rest_of(j));
    }
    if (c == '\'' || c == '"') {
        return (Piece){quoted(j->out, string_text(j)), WHOLE};
    }
    if (is_digit(c)) {
        return number(j);
    }
    return is_letter(c) || c == '$' ? name(j)
                                    : refuse(j, start, "a value expected before", rest_of(j));
}

/* [0] counts from 0, ['key'] is a member. */
static Piece index_of(Juel *j, Piece p)
{
    char c = peek(j);
    size_t start = j->at;
    int64_t n = 0;
    Str made = {0};
    if (c == '\'' || c == '"') {
        Str key = quoted(j->out, string_text(j));
        made =
            str_fmt(j->out, "get value(" STR_FMT ", " STR_FMT ")", STR_ARG(p.text), STR_ARG(key));
    } else if (is_digit(c) && str_int(number(j).text, &n) && n < 1000000) {
        made = str_fmt(j->out, STR_FMT "[%lld]", STR_ARG(wrapped(j, p, WHOLE)), (long long)n + 1);
    }
    return made.len && take_char(j, ']')
               ? (Piece){made, WHOLE}
               : refuse(j, start,
                        "an index that is no constant:", str_slice(j->text, start, j->text.len));
}

static Piece path(Juel *j)
{
    Piece p = primary(j);
    while (j->ok) {
        char c = peek(j);
        if (c == '[') {
            j->at++;
            p = index_of(j, p);
        } else if (c == '.') {
            j->at++;
            (void)peek(j);
            size_t start = j->at;
            Str member = name_at(j, start);
            j->at += member.len;
            if (member.len == 0 || member.at[0] == '$') {
                return refuse(j, start, "a name expected before", rest_of(j));
            }
            if (peek(j) == '(') {
                return refuse(j, start, "there is no method", member);
            }
            p = (Piece){str_fmt(j->out, STR_FMT "." STR_FMT, STR_ARG(wrapped(j, p, WHOLE)),
                                STR_ARG(member)),
                        WHOLE};
        } else {
            break;
        }
    }
    return p;
}

/* Null, "" or a list without items; what is none of them is not empty, whatever its type. It stands
 * there twice: one within the other, they would double with each. */
static Piece emptiness(Juel *j, Piece p)
{
    Str x = wrapped(j, p, WHOLE);
    if (x.len > JUEL_MAX_SOURCE) {
        j->ok = j->ok && FAIL_AT(j->err, ERR_LIMIT, j->at, "more than %d bytes", JUEL_MAX_SOURCE);
        return (Piece){STR("null"), WHOLE};
    }
    return (Piece){str_fmt(j->out,
                           "(" STR_FMT " = null or string(" STR_FMT ") in (\"\", \"[]\", \"{}\"))",
                           STR_ARG(x), STR_ARG(x)),
                   WHOLE};
}

static Piece unary(Juel *j)
{
    Piece p = {STR("null"), WHOLE};
    if (++j->depth > JUEL_MAX_DEPTH) {
        j->ok = j->ok && FAIL_AT(j->err, ERR_LIMIT, j->at, "more than %d levels", JUEL_MAX_DEPTH);
    } else if (peek(j) == '!' || str_eq(name_at(j, j->at), STR("not"))) {
        (void)take(j, STR("!"), STR("not"));
        Str inner = unary(j).text;
        p = (Piece){str_fmt(j->out, "not(" STR_FMT ")", STR_ARG(inner)), WHOLE};
    } else if (take(j, STR("-"), STR("-"))) {
        p = (Piece){str_join(j->out, STR("-"), wrapped(j, unary(j), WHOLE)), SIGN};
    } else if (str_eq(name_at(j, j->at), STR("empty"))) {
        j->at += sizeof "empty" - 1;
        p = emptiness(j, unary(j));
    } else {
        p = path(j);
    }
    j->depth--;
    return p;
}

static const Operator *operator_at(Juel *j, int least)
{
    for (size_t i = 0; i < COUNT(operators); i++) {
        size_t at = j->at;
        if (take(j, operators[i].sign, operators[i].word)) {
            if (operators[i].level >= least) {
                return &operators[i];
            }
            j->at = at;
            return NULL;
        }
    }
    return NULL;
}

static Piece combine(Juel *j, const Operator *o, Piece a, Piece b)
{
    int left = o->level == COMPARE ? ADD : o->level;
    if (o->feel.len == 0) {
        return (Piece){
            str_fmt(j->out, "modulo(" STR_FMT ", " STR_FMT ")", STR_ARG(a.text), STR_ARG(b.text)),
            WHOLE};
    }
    return (Piece){str_fmt(j->out, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(wrapped(j, a, left)),
                           STR_ARG(o->feel), STR_ARG(wrapped(j, b, o->level + 1))),
                   o->level};
}

/* By precedence; equal ones from the left. */
static Piece binary(Juel *j, int least)
{
    Piece a = unary(j);
    for (const Operator *o = NULL; j->ok && (o = operator_at(j, least)) != NULL;) {
        a = combine(j, o, a, binary(j, o->level + 1));
    }
    return a;
}

static Piece expression(Juel *j)
{
    if (++j->depth > JUEL_MAX_DEPTH) {
        j->ok = j->ok && FAIL_AT(j->err, ERR_LIMIT, j->at, "more than %d levels", JUEL_MAX_DEPTH);
        return (Piece){STR("null"), WHOLE};
    }
    Piece p = binary(j, OR);
    if (j->ok && take_char(j, '?')) {
        Piece then = expression(j);
        if (!take_char(j, ':')) {
            return refuse(j, j->at, "':' expected before", rest_of(j));
        }
        Piece other = expression(j);
        p = (Piece){str_fmt(j->out, "if " STR_FMT " then " STR_FMT " else " STR_FMT,
                            STR_ARG(p.text), STR_ARG(then.text), STR_ARG(other.text)),
                    IF};
    }
    j->depth--;
    return p;
}

/* ---- text with expressions in it ---- */

bool juel_is(Str text)
{
    return str_find(text, STR("${"), 0) != SIZE_MAX || str_find(text, STR("#{"), 0) != SIZE_MAX;
}

static size_t next_open(Str text, size_t from)
{
    size_t a = str_find(text, STR("${"), from), b = str_find(text, STR("#{"), from);
    return a < b ? a : b;
}

/* From "${" to behind "}". */
static Piece braces(Juel *j)
{
    j->at += 2;
    Piece p = expression(j);
    return take_char(j, '}') || !j->ok
               ? p
               : refuse(j, j->at, "an operator expected before", rest_of(j));
}

static bool is_rest_blank(const Juel *j)
{
    return rest_of(j).len == 0;
}

/* Texts and expressions in turn, joined to one text. */
static Str composite(Juel *j)
{
    StrBuf b = buf_in(j->out);
    while (j->ok && j->at < j->text.len) {
        size_t open = next_open(j->text, j->at), end = open == SIZE_MAX ? j->text.len : open;
        if (b.len > 0) {
            BUF_LIT(&b, " + ");
        }
        if (end > j->at) {
            buf_add(&b, quoted(j->out, str_slice(j->text, j->at, end)));
            j->at = end;
        } else {
            Str inner = braces(j).text;
            buf_fmt(&b, "string(" STR_FMT ")", STR_ARG(inner));
        }
    }
    return buf_str(&b);
}

bool juel_to_feel(Arena *out, Str text, Str *feel, Err *err)
{
    Juel j = {.out = out, .text = text, .ok = true, .err = err};
    if (text.len > JUEL_MAX_SOURCE) {
        return FAIL_AT(err, ERR_LIMIT, 0, "more than %d bytes", JUEL_MAX_SOURCE);
    }
    (void)peek(&j);
    if (next_open(text, j.at) == j.at && j.at < text.len) {
        Piece p = braces(&j);
        if (!j.ok || is_rest_blank(&j)) {
            *feel = p.text;
            return j.ok;
        }
    }
    j.at = 0;
    *feel = text.len ? composite(&j) : STR("\"\"");
    return j.ok;
}
