/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model/certificate.h - what official papers look like: notices, decisions, certificates.
 * A paper is a list of blocks whose texts are small mustache templates over the case's data.
 */
#pragma once

#include "model/text.h"

typedef struct {
    Str kind; /* title, subtitle, paragraph, pair, heading, item, signature, note */
    Text label, text;
    Str each;   /* path of a list in the data: the block repeats for every entry; or empty */
    Str when;   /* path that must be true or not empty, or empty */
    Str unless; /* path that must be neither, or empty */
} PaperBlock;

typedef struct {
    Str key; /* "acceptance", "decision-grant", "work-injury-certificate" */
    Text name;
    Str number; /* mustache for its number, e.g. "{{place_short}}人社工受〔{{year}}〕{{seq}}号" */
    bool certificate; /* framed, with a code that anybody can verify */
    bool sealed;
    const PaperBlock *blocks;
    size_t block_count;
    uint16_t file;
    uint32_t offset;
} Paper;
