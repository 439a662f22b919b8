/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about what goes between pools: message flows. */
#include "model/bpmn/rules_int.h"

static const XmlNode *pool_of(const BpmnReader *r, const XmlNode *process)
{
    for (size_t i = 0; process && i < r->doc->nodes.len; i++) {
        const XmlNode *n = ((const BpmnNamed *)r->doc->nodes.at[i].value)->node;
        if (bpmn_is(n, "participant") && bpmn_node(r, xml_attr(n, "processRef")) == process) {
            return n;
        }
    }
    return process;
}

/* The pool itself, or the one that the node's process stands in. */
static const XmlNode *pool_at(const BpmnReader *r, const XmlNode *n)
{
    return bpmn_is(n, "participant") ? n : pool_of(r, rules_process_of(n));
}

static bool may_send(const XmlNode *n)
{
    static const char *const never[] = {
        "startEvent",       "intermediateCatchEvent", "boundaryEvent",
        "receiveTask",      "exclusiveGateway",       "parallelGateway",
        "inclusiveGateway", "complexGateway",         "eventBasedGateway"};
    return !rules_is_one_of(n, never, COUNT(never));
}

static bool may_receive(const XmlNode *n)
{
    static const char *const never[] = {
        "endEvent",        "intermediateThrowEvent", "sendTask",       "exclusiveGateway",
        "parallelGateway", "inclusiveGateway",       "complexGateway", "eventBasedGateway"};
    return !rules_is_one_of(n, never, COUNT(never));
}

static void message_flow(BpmnReader *r, const XmlNode *n)
{
    const XmlNode *from = bpmn_node(r, xml_attr(n, "sourceRef"));
    const XmlNode *to = bpmn_node(r, xml_attr(n, "targetRef"));
    if (!from || !to) {
        rules_refuse(r, n, "bpmn.message-flow", "leads from or to what is not there",
                     STR("point to pools, tasks or message events"));
    } else if (rules_is_artifact(from) || rules_is_artifact(to)) {
        rules_refuse(r, n, "bpmn.artifact", "leads to or from a note",
                     STR("only an association does: notes and groups are for people"));
    } else if (pool_at(r, from) == pool_at(r, to)) {
        rules_refuse(r, n, "bpmn.message-flow", "stays in one pool",
                     STR("use a sequence flow, or lead it to another pool"));
    } else if (!may_send(from) || !may_receive(to)) {
        rules_refuse(r, n, "bpmn.message-flow",
                     may_send(from) ? "leads to what receives nothing"
                                    : "comes from what sends nothing",
                     STR("from throwing to catching events, tasks or pools"));
    }
}

const BpmnRule bpmn_message_rules[] = {
    {"messageFlow", message_flow},
};
const size_t bpmn_message_rule_count = COUNT(bpmn_message_rules);
