/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model/source.h - a register of another department that can be asked for facts (数据共享接口).
 * Immutable after loading; texts are the catalogue generation's.
 */
#pragma once

#include "feel/feel.h"
#include "model/text.h"

typedef struct {
    Str key; /* "employer_name": with the source's key it is the fact's name */
    Text label;
    const FeelProgram *from; /* FEEL over {answer} */
    bool sensitive;
} SourceField;

typedef struct {
    Str key; /* "insurance" */
    Text name, owner;
    Text purpose, basis; /* told to the person, kept in the access log */
    Str method, url;     /* url may hold ${SOURCES_BASE}: set by the operator's configuration */
    Str body;            /* mustache over the request's inputs, percent- or JSON-escaped by type */
    Str token_env;       /* environment variable with the bearer token, or empty */
    const Str *inputs;   /* keys of data elements that the call needs */
    size_t input_count;
    const FeelProgram *found_if; /* over {answer}: is there a record at all */
    const SourceField *fields;
    size_t field_count;
    int32_t connect_ms, total_ms, retries; /* total: all tries and pauses */
    bool needs_consent;
    uint16_t file;
    uint32_t offset;
} Source;
