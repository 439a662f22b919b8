/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model/bpmn/rules_int.h - between the files of BPMN's own rules. A rule looks at one node of the
 * document, wherever it stands; docs/bpmn.md lists them by name.
 */
#pragma once

#include "model/bpmn/bpmn_int.h"

typedef struct {
    const char *node; /* local name */
    void (*check)(BpmnReader *r, const XmlNode *n);
} BpmnRule;

/* rules.c */
void rules_refuse(BpmnReader *r, const XmlNode *n, const char *rule, const char *what, Str cure);
bool rules_is_one_of(const XmlNode *n, const char *const *names, size_t count);
/* A note or a group; no flow leads there. */
bool rules_is_artifact(const XmlNode *n);
const XmlNode *rules_process_of(const XmlNode *n);

extern const BpmnRule bpmn_data_rules[];
extern const size_t bpmn_data_rule_count;
extern const BpmnRule bpmn_message_rules[];
extern const size_t bpmn_message_rule_count;
