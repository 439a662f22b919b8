#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes src/feel/unicode_data.c: blocks and case mappings of Unicode.

    tools/unicode-tables.py Blocks.txt > src/feel/unicode_data.c

Blocks.txt is a file of the Unicode Character Database; Debian's perl has it as
/usr/share/perl/5.36/unicore/Blocks.txt. Case mappings are those that Python knows.
"""
import re
import sys
import unicodedata

# Names of XML Schema 1.0 that Unicode has changed since.
OLD_NAMES = {"Greek": ["Greek and Coptic"],
             "CombiningMarksforSymbols": ["Combining Diacritical Marks for Symbols"],
             "PrivateUse": ["Private Use Area", "Supplementary Private Use Area-A",
                            "Supplementary Private Use Area-B"]}


def blocks(path):
    found = {}
    for line in open(path, encoding="utf-8"):
        m = re.match(r"([0-9A-F]+)\.\.([0-9A-F]+); (.+)", line)
        if m and "Surrogate" not in m[3]:
            found[m[3].strip()] = (int(m[1], 16), int(m[2], 16))
    rows = [(name.replace(" ", ""), *span) for name, span in found.items()]
    for old, names in OLD_NAMES.items():
        rows += [(old, *found[name]) for name in names]
    return sorted(rows)


def ranges(change):
    """[from, to, step, delta]: every step-th code point moves by delta."""
    made = []
    for c in range(0x110000):
        if 0xd800 <= c <= 0xdfff:
            continue
        to = change(chr(c))
        if len(to) != 1 or to == chr(c):
            continue
        delta = ord(to) - c
        last = made[-1] if made else None
        gap = c - last[1] if last else 0
        if last and last[3] == delta and gap in (1, 2) and (last[0] == last[1] or last[2] == gap):
            last[1], last[2] = c, gap
        else:
            made.append([c, c, 1, delta])
    return made


def longer(change):
    return [(c, change(chr(c))) for c in range(0x110000)
            if not 0xd800 <= c <= 0xdfff and len(change(chr(c))) > 1]


def main():
    print(f"""/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts of the Unicode Character Database {unicodedata.unidata_version}, written by
 * tools/unicode-tables.py. Copyright (c) 1991-2022 Unicode, Inc.; Unicode licence: THIRD_PARTY.md.
 */
#include "feel/unicode_int.h"

/* clang-format off */""")
    print("const UnicodeBlock unicode_blocks[] = {")
    rows = blocks(sys.argv[1])
    for name, low, high in rows:
        print(f'    {{"{name}", 0x{low:x}, 0x{high:x}}},')
    print(f"}};\nconst size_t unicode_block_count = {len(rows)};\n")
    for title, change in (("upper", str.upper), ("lower", str.lower)):
        rows = ranges(change)
        print(f"const CaseRange unicode_{title}[] = {{")
        for low, high, step, delta in rows:
            print(f"    {{0x{low:x}, 0x{high:x}, {step}, {delta}}},")
        print(f"}};\nconst size_t unicode_{title}_count = {len(rows)};\n")
        rows = longer(change)
        print(f"const CaseLong unicode_{title}_long[] = {{")
        for c, to in rows:
            codes = ", ".join(f"0x{ord(x):x}" for x in to)
            print(f"    {{0x{c:x}, {{{codes}}}}},")
        print(f"}};\nconst size_t unicode_{title}_long_count = {len(rows)};\n")
    print("/* clang-format on */")


main()
