/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A byte machine. The delimiter starts with a carriage return and has no other, so a failed match
 * can only start again at the byte that failed it: what was matched is data, and there is no going
 * back. In data, memchr leaps from one carriage return to the next.
 *
 *   PREAMBLE -delimiter-> AFTER -CR-> CR -LF-> HEAD -empty line-> DATA -delimiter-> AFTER
 *                         AFTER -'-'-> DASH -'-'-> DONE
 */
#include "http/multipart.h"

#include "base/utf8.h"
#include "http/text.h"

bool multipart_init(Multipart *m, Str boundary, const MultipartSink *sink, void *user, Err *err)
{
    if (boundary.len == 0 || boundary.len > MULTIPART_BOUNDARY_MAX)
        return FAIL(err, ERR_INPUT, "boundary of %zu bytes", boundary.len);
    for (size_t i = 0; i < boundary.len; i++)
        if ((unsigned char)boundary.at[i] < 0x20 || (unsigned char)boundary.at[i] >= 0x7f)
            return FAIL(err, ERR_INPUT, "boundary has a control character");
    m->sink = sink;
    m->user = user;
    m->state = MULTIPART_PREAMBLE;
    memcpy(m->delimiter, "\r\n--", 4);
    memcpy(m->delimiter + 4, boundary.at, boundary.len);
    m->delimiter_len = 4 + boundary.len;
    m->matched = 2; /* the first delimiter may stand at the very start */
    m->preamble = 0;
    m->head_len = 0;
    return true;
}

static bool emit(Multipart *m, Str bytes, Err *err)
{
    if (bytes.len == 0)
        return true;
    if (m->state == MULTIPART_DATA)
        return m->sink->data(m->user, bytes, err);
    m->preamble += bytes.len;
    return m->preamble <= MULTIPART_PREAMBLE_MAX ||
           FAIL(err, ERR_LIMIT, "more than %d bytes before the first part", MULTIPART_PREAMBLE_MAX);
}

/* One byte at *at against the delimiter; *start is where data begins that was not emitted yet. */
static bool match_byte(Multipart *m, Str in, size_t *at, size_t *start, Err *err)
{
    if (in.at[*at] == m->delimiter[m->matched]) {
        m->matched++;
        *start = ++*at;
        return true;
    }
    size_t n = m->matched;
    bool was_virtual = m->state == MULTIPART_PREAMBLE && m->preamble == 0 && n >= 2;
    m->matched = 0;
    *start = *at;
    return was_virtual ? emit(m, (Str){m->delimiter + 2, n - 2}, err)
                       : emit(m, (Str){m->delimiter, n}, err);
}

static bool feed_data(Multipart *m, Str in, size_t *at, Err *err)
{
    size_t i = *at, start = *at;
    while (i < in.len && m->matched < m->delimiter_len) {
        if (m->matched) {
            if (!match_byte(m, in, &i, &start, err))
                return false;
            continue;
        }
        const char *cr = memchr(in.at + i, '\r', in.len - i);
        i = cr ? (size_t)(cr - in.at) : in.len;
        if (!emit(m, str_slice(in, start, i), err))
            return false;
        start = i;
        if (cr) {
            m->matched = 1;
            start = ++i;
        }
    }
    *at = i;
    if (m->matched < m->delimiter_len)
        return true;
    bool was_data = m->state == MULTIPART_DATA;
    m->matched = 0;
    m->state = MULTIPART_AFTER;
    return !was_data || m->sink->end(m->user, err);
}

/* %22, %0D and %0A are what browsers put for the three characters that would break the line. */
static Str resolve_name(Arena *out, Str s)
{
    s = str_replace(out, s, STR("%22"), STR("\""));
    s = str_replace(out, s, STR("%0D"), STR("\r"));
    return str_replace(out, s, STR("%0A"), STR("\n"));
}

static bool read_disposition(Arena *scratch, Str value, MultipartPart *part, Err *err)
{
    if (!str_starts(str_lower(scratch, value), STR("form-data")))
        return FAIL(err, ERR_INPUT, "part is not form-data");
    part->name = resolve_name(scratch, text_parameter(scratch, value, "name"));
    Str filename = text_parameter(scratch, value, "filename");
    part->is_file = filename.at != NULL;
    part->filename = resolve_name(scratch, filename);
    if (part->name.len == 0)
        return FAIL(err, ERR_INPUT, "part without a name");
    if (!utf8_valid(part->name) || memchr(part->name.at, '\0', part->name.len))
        return FAIL(err, ERR_INPUT, "name of a part is not UTF-8");
    return true;
}

static bool is_plain_encoding(Str value)
{
    return str_eq_nocase(value, STR("binary")) || str_eq_nocase(value, STR("8bit")) ||
           str_eq_nocase(value, STR("7bit"));
}

static bool read_head(Arena *scratch, Str head, MultipartPart *part, Err *err)
{
    bool found = false;
    while (head.len) {
        size_t end = str_find(head, STR("\r\n"), 0);
        Str line = str_slice(head, 0, end);
        head = end == SIZE_MAX ? (Str){"", 0} : str_slice(head, end + 2, head.len);
        size_t colon = str_find(line, STR(":"), 0);
        if (colon == SIZE_MAX || !text_is_token(str_slice(line, 0, colon)))
            return FAIL(err, ERR_INPUT, "header of a part is malformed");
        Str name = str_slice(line, 0, colon);
        Str value = str_trim(str_slice(line, colon + 1, line.len));
        if (str_eq_nocase(name, STR("content-transfer-encoding")) && !is_plain_encoding(value))
            return FAIL(err, ERR_INPUT, "part has a transfer encoding");
        if (!str_eq_nocase(name, STR("content-disposition")))
            continue;
        if (found)
            return FAIL(err, ERR_INPUT, "part has two dispositions");
        found = true;
        if (!read_disposition(scratch, value, part, err))
            return false;
    }
    return found || FAIL(err, ERR_INPUT, "part without a disposition");
}

static bool end_head(Multipart *m, Err *err)
{
    Arena scratch = {0};
    MultipartPart part = {0};
    Str head = str_slice((Str){m->head, m->head_len}, 0, m->head_len - 4);
    m->head_len = 0;
    m->state = MULTIPART_DATA;
    bool ok = read_head(&scratch, head, &part, err) && m->sink->begin(m->user, &part, err);
    arena_free(&scratch);
    return ok;
}

static bool feed_head(Multipart *m, char c, Err *err)
{
    if (m->head_len == sizeof m->head)
        return FAIL(err, ERR_LIMIT, "header of a part is over %d bytes", MULTIPART_HEAD_MAX);
    m->head[m->head_len++] = c;
    if (c != '\n')
        return true;
    if (m->head_len == 2)
        return FAIL(err, ERR_INPUT, "part without a header");
    bool ends = m->head_len >= 4 && memcmp(m->head + m->head_len - 4, "\r\n\r\n", 4) == 0;
    return !ends || end_head(m, err);
}

static bool feed_delimiter_end(Multipart *m, char c, Err *err)
{
    bool pad = c == ' ' || c == '\t';
    if (m->state == MULTIPART_AFTER && c == '-')
        m->state = MULTIPART_DASH;
    else if (m->state == MULTIPART_DASH && c == '-')
        m->state = MULTIPART_DONE;
    else if ((m->state == MULTIPART_AFTER || m->state == MULTIPART_PAD) && pad)
        m->state = MULTIPART_PAD;
    else if ((m->state == MULTIPART_AFTER || m->state == MULTIPART_PAD) && c == '\r')
        m->state = MULTIPART_CR;
    else if (m->state == MULTIPART_CR && c == '\n')
        m->state = MULTIPART_HEAD;
    else
        return FAIL(err, ERR_INPUT, "line of a boundary is malformed");
    return true;
}

static bool feed_once(Multipart *m, Str in, size_t *at, Err *err)
{
    switch (m->state) {
    case MULTIPART_PREAMBLE:
    case MULTIPART_DATA: return feed_data(m, in, at, err);
    case MULTIPART_AFTER:
    case MULTIPART_DASH:
    case MULTIPART_PAD:
    case MULTIPART_CR: return feed_delimiter_end(m, in.at[(*at)++], err);
    case MULTIPART_HEAD: return feed_head(m, in.at[(*at)++], err);
    case MULTIPART_DONE: *at = in.len; return true;
    }
    return false;
}

bool multipart_feed(Multipart *m, Str bytes, Err *err)
{
    size_t at = 0;
    while (at < bytes.len)
        if (!feed_once(m, bytes, &at, err))
            return false;
    return true;
}

bool multipart_end(const Multipart *m, Err *err)
{
    return m->state == MULTIPART_DONE || FAIL(err, ERR_INPUT, "form ends inside a part");
}
