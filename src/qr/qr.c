/* SPDX-License-Identifier: Apache-2.0 */
/* libqrencode makes the modules; neighbours in a row become one run of the SVG path. */
#include "qr/qr.h"

#include <errno.h>
#include <qrencode.h>

enum { QUIET_ZONE = 4 };

bool qr_make(Arena *out, Str text, QrCode *code, Err *err)
{
    if (!text.len)
        return FAIL(err, ERR_INPUT, "a QR code of nothing was asked for");
    if (text.len > QR_MAX_TEXT)
        return FAIL(err, ERR_LIMIT, "the text of a QR code is longer than QR_MAX_TEXT bytes");
    const unsigned char *bytes = (const unsigned char *)text.at;
    QRcode *made = QRcode_encodeData((int)text.len, bytes, 0, QR_ECLEVEL_M);
    if (!made)
        return FAIL(err, ERR_INTERNAL, "libqrencode failed with error %d", errno);
    size_t cells = (size_t)made->width * (size_t)made->width;
    uint8_t *dark = arena_alloc(out, cells);
    for (size_t i = 0; i < cells; i++)
        dark[i] = made->data[i] & 1;
    *code = (QrCode){(uint32_t)made->width, dark};
    QRcode_free(made);
    return true;
}

static void path_of_row(StrBuf *b, const QrCode *code, uint32_t y)
{
    const uint8_t *row = code->dark + (size_t)y * code->size;
    for (uint32_t x = 0; x < code->size; x++) {
        uint32_t from = x;
        while (x < code->size && row[x])
            x++;
        if (x > from)
            buf_fmt(b, "M%u %uh%uv1h-%uz", from + QUIET_ZONE, y + QUIET_ZONE, x - from, x - from);
    }
}

static void escape_attribute(StrBuf *b, Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        switch (text.at[i]) {
        case '&': BUF_LIT(b, "&amp;"); break;
        case '<': BUF_LIT(b, "&lt;"); break;
        case '>': BUF_LIT(b, "&gt;"); break;
        case '"': BUF_LIT(b, "&quot;"); break;
        default: buf_char(b, text.at[i]); break;
        }
    }
}

bool qr_svg(Arena *out, Str text, Str label, Str *svg, Err *err)
{
    QrCode code;
    if (!qr_make(out, text, &code, err))
        return false;
    StrBuf b = buf_in(out);
    uint32_t side = code.size + 2 * QUIET_ZONE;
    BUF_LIT(&b, "<svg class=\"qr\" role=\"img\" aria-label=\"");
    escape_attribute(&b, label);
    buf_fmt(&b,
            "\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %u %u\""
            " shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%uv%uH0z\"/><path "
            "fill=\"#000\" d=\"",
            side, side, side, side);
    for (uint32_t y = 0; y < code.size; y++)
        path_of_row(&b, &code, y);
    BUF_LIT(&b, "\"/></svg>");
    *svg = buf_str(&b);
    return true;
}
