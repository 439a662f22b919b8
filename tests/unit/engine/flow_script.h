/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tests/unit/engine/flow_script.h - processes as text and their runs as scripts, for flow_test.c.
 *
 * In a process block a line is XML as it stands, or a short form:
 *   flow A B [= condition]      a sequence flow named A-B
 *   user ID [attributes]        a user task of role clerk; stands on one line
 *   job ID [attributes]         a service task of type work
 *   script ID VARIABLE = FEEL   a script task
 */
#pragma once

#include "base/diag.h"
#include "base/str.h"

/* A whole BPMN document from the lines of a block. */
Str flow_script_document(Arena *out, Str block);
