/* SPDX-License-Identifier: Apache-2.0 */
/*
 * qr/qr.h - QR codes (GB/T 18284, ISO/IEC 18004); the room of libqrencode.
 * Level M, byte mode, quiet zone of 4 modules. Limits: QR_MAX_TEXT bytes.
 */
#pragma once

#include "base/str.h"

enum { QR_MAX_TEXT = 1000 };

typedef struct {
    uint32_t size;       /* modules a side, without the quiet zone */
    const uint8_t *dark; /* size * size, 1 dark */
} QrCode;

MUST_CHECK bool qr_make(Arena *out, Str text, QrCode *code, Err *err);
/* An <svg role="img"> with one path, scaled by CSS; label is escaped into aria-label. */
MUST_CHECK bool qr_svg(Arena *out, Str text, Str label, Str *svg, Err *err);
