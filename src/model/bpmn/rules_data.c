/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about data: inputs and outputs, associations, items of messages and events, calls. */
#include "model/bpmn/rules_int.h"

static const XmlNode *nth(const XmlNode *n, const char *name, size_t at)
{
    const XmlNode *c = xml_child(n, name);
    for (; c && at > 0; at--) {
        c = xml_next(c, name);
    }
    return c;
}

/* What an item is made of: the structure it refers to; without one, the definition itself. */
static Str structure_of(const BpmnReader *r, Str item)
{
    const XmlNode *d = bpmn_node(r, item);
    Str structure = d ? xml_attr(d, "structureRef") : (Str){0};
    return structure.len ? structure : item;
}

static Str item_of(const BpmnReader *r, const XmlNode *n)
{
    if (bpmn_is(n, "dataObjectReference")) {
        const XmlNode *object = bpmn_node(r, xml_attr(n, "dataObjectRef"));
        n = object ? object : n;
    }
    return n ? xml_attr(n, "itemSubjectRef") : (Str){0};
}

/* ---- associations ---- */

static void association(BpmnReader *r, const XmlNode *n)
{
    const XmlNode *transformation = xml_child(n, "transformation");
    const XmlNode *source = xml_child(n, "sourceRef"), *target = xml_child(n, "targetRef");
    const XmlNode *from = source ? bpmn_node(r, source->text) : NULL;
    const XmlNode *to = target ? bpmn_node(r, target->text) : NULL;
    Str a = item_of(r, from), b = item_of(r, to);
    if (transformation && transformation->text.len == 0) {
        rules_refuse(r, n, "bpmn.data-transformation", "transforms by an empty expression",
                     STR("write FEEL into transformation"));
    }
    if (!transformation && xml_count(n, "sourceRef") > 1) {
        rules_refuse(r, n, "bpmn.data-sources", "has several sources and no transformation",
                     STR("keep one source, or add a transformation"));
    }
    if (!transformation && a.len && b.len && !str_eq(structure_of(r, a), structure_of(r, b))) {
        rules_refuse(r, n, "bpmn.data-type", "joins data of different structure",
                     STR("use the same item definition, or add a transformation"));
    }
}

static void input_association(BpmnReader *r, const XmlNode *n)
{
    const XmlNode *source = xml_child(n, "sourceRef");
    const XmlNode *from = source ? bpmn_node(r, source->text) : NULL;
    if (bpmn_is(from, "dataOutput")) {
        rules_refuse(r, n, "bpmn.data-direction", "reads from a data output",
                     STR("read from a data object, property or data input"));
    }
}

static void assignment(BpmnReader *r, const XmlNode *n)
{
    rules_refuse(r, n, "bpmn.data-assignment", "is not supported",
                 STR("use zeebe:ioMapping, or a transformation"));
}

/* ---- sets of inputs and outputs ---- */

static bool refers(const XmlNode *set, const char *refs, Str id)
{
    for (const XmlNode *c = xml_child(set, refs); c; c = xml_next(c, refs)) {
        if (str_eq(bpmn_local(c->text), id)) {
            return true;
        }
    }
    return false;
}

static bool in_a_set(const XmlNode *io, const char *sets, const char *refs, Str id)
{
    for (const XmlNode *s = xml_child(io, sets); s; s = xml_next(s, sets)) {
        if (refers(s, refs, id)) {
            return true;
        }
    }
    return false;
}

/* What a set may leave out is a part of it; sets that belong together say so both. */
static bool set_holds(BpmnReader *r, const XmlNode *set, const char *refs, const char *optional,
                      const char *others, const char *back)
{
    for (const XmlNode *c = xml_child(set, optional); c; c = xml_next(c, optional)) {
        if (!refers(set, refs, bpmn_local(c->text))) {
            return false;
        }
    }
    for (const XmlNode *c = xml_child(set, others); c; c = xml_next(c, others)) {
        if (!refers(bpmn_node(r, c->text), back, xml_attr(set, "id"))) {
            return false;
        }
    }
    return true;
}

typedef struct {
    const char *data, *sets, *refs, *optional, *others, *back;
} SetRow;

static void io_sets(BpmnReader *r, const XmlNode *n)
{
    static const SetRow rows[] = {{"dataInput", "inputSet", "dataInputRefs", "optionalInputRefs",
                                   "outputSetRefs", "inputSetRefs"},
                                  {"dataOutput", "outputSet", "dataOutputRefs",
                                   "optionalOutputRefs", "inputSetRefs", "outputSetRefs"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const SetRow *row = &rows[i];
        bool ok = true;
        for (const XmlNode *d = xml_child(n, row->data); d; d = xml_next(d, row->data)) {
            ok = ok && in_a_set(n, row->sets, row->refs, xml_attr(d, "id"));
        }
        for (const XmlNode *s = xml_child(n, row->sets); s; s = xml_next(s, row->sets)) {
            ok = ok && set_holds(r, s, row->refs, row->optional, row->others, row->back);
        }
        if (!ok) {
            rules_refuse(r, n, "bpmn.data-sets", "has data in no set, or sets that do not agree",
                         STR("name each input and output in an inputSet and outputSet"));
            return;
        }
    }
}

/* ---- items of messages and operations ---- */

static Str message_item(const XmlNode *message)
{
    return message ? xml_attr(message, "itemRef") : (Str){0};
}

static bool same_item(const BpmnReader *r, Str a, Str b)
{
    return str_eq(structure_of(r, a), structure_of(r, b));
}

static void send_task(BpmnReader *r, const XmlNode *n)
{
    const XmlNode *message = bpmn_node(r, xml_attr(n, "messageRef"));
    const XmlNode *input = xml_child(xml_child(n, "ioSpecification"), "dataInput");
    if (message && input && !same_item(r, item_of(r, input), message_item(message))) {
        rules_refuse(r, n, "bpmn.data-message", "sends data of another structure than its message",
                     STR("give input and message the same item definition"));
    }
}

static void receive_task(BpmnReader *r, const XmlNode *n)
{
    const XmlNode *io = xml_child(n, "ioSpecification");
    const XmlNode *message = bpmn_node(r, xml_attr(n, "messageRef"));
    const XmlNode *output = xml_child(io, "dataOutput");
    if (xml_count(io, "outputSet") > 1 || xml_count(io, "dataOutput") > 1) {
        rules_refuse(r, n, "bpmn.data-message", "has more than one output",
                     STR("a message is received into one data output"));
    } else if (message && output && !same_item(r, item_of(r, output), message_item(message))) {
        rules_refuse(r, n, "bpmn.data-message", "receives into another structure than its message",
                     STR("give output and message the same item definition"));
    }
}

static void io_binding(BpmnReader *r, const XmlNode *n)
{
    const XmlNode *operation = bpmn_node(r, xml_attr(n, "operationRef"));
    const XmlNode *in = xml_child(operation, "inMessageRef");
    const XmlNode *out = xml_child(operation, "outMessageRef");
    const XmlNode *from = bpmn_node(r, xml_attr(n, "inputDataRef"));
    const XmlNode *to = bpmn_node(r, xml_attr(n, "outputDataRef"));
    Str a = in ? message_item(bpmn_node(r, in->text)) : (Str){0};
    Str b = out ? message_item(bpmn_node(r, out->text)) : (Str){0};
    if ((in && from && !same_item(r, item_of(r, from), a)) ||
        (out && to && !same_item(r, item_of(r, to), b))) {
        rules_refuse(r, n, "bpmn.data-message",
                     "binds data of another structure than its operation",
                     STR("give data and messages the same item definitions"));
    }
}

/* ---- items of events ---- */

static Str definition_item(const BpmnReader *r, const XmlNode *d)
{
    static const char *const refs[][2] = {{"errorRef", "structureRef"},
                                          {"escalationRef", "structureRef"},
                                          {"signalRef", "structureRef"},
                                          {"messageRef", "itemRef"}};
    for (size_t i = 0; i < COUNT(refs); i++) {
        const XmlNode *n = bpmn_node(r, xml_attr(d, refs[i][0]));
        if (n) {
            return xml_attr(n, refs[i][1]);
        }
    }
    return (Str){0};
}

/* The data of an event go with its definitions, in order. */
static void event_data(BpmnReader *r, const XmlNode *n, const char *data)
{
    size_t at = 0;
    for (const XmlNode *c = n->first; c; c = c->next) {
        const XmlNode *d = bpmn_definition(r, c);
        const XmlNode *own = d ? nth(n, data, at++) : NULL;
        Str item = own ? item_of(r, own) : (Str){0}, wanted = d ? definition_item(r, d) : (Str){0};
        if (item.len && wanted.len && !same_item(r, item, wanted)) {
            rules_refuse(r, n, "bpmn.data-event", "carries data of another structure than it says",
                         STR("give the data and the message, signal or error one item definition"));
            return;
        }
    }
}

static void throw_data(BpmnReader *r, const XmlNode *n)
{
    event_data(r, n, "dataInput");
}

static void catch_data(BpmnReader *r, const XmlNode *n)
{
    event_data(r, n, "dataOutput");
}

/* ---- multi-instance ---- */

static bool is_collection(const BpmnReader *r, const XmlNode *n)
{
    const XmlNode *item = bpmn_node(r, item_of(r, n));
    return bpmn_says(n, "isCollection", "true") ||
           (item && bpmn_says(item, "isCollection", "true"));
}

static bool is_data(const XmlNode *n)
{
    static const char *const names[] = {"dataInput",           "dataOutput", "dataObject",
                                        "dataObjectReference", "property",   "dataStoreReference"};
    return rules_is_one_of(n, names, COUNT(names));
}

static void loop_data(BpmnReader *r, const XmlNode *n, const XmlNode *ref, const XmlNode *item)
{
    const XmlNode *data = ref ? bpmn_node(r, ref->text) : NULL;
    if (!ref) {
        return;
    }
    if (!is_data(data)) {
        rules_refuse(r, n, "bpmn.loop-data", "repeats over what is no data",
                     STR("point to a data input, output, object or property"));
    } else if (!is_collection(r, data)) {
        rules_refuse(r, n, "bpmn.loop-data", "repeats over what is no collection",
                     STR("isCollection=\"true\""));
    } else if (item && is_collection(r, item)) {
        rules_refuse(r, n, "bpmn.loop-data", "has items that are collections themselves",
                     STR("give the item a definition of one piece"));
    } else if (item && item_of(r, item).len && !same_item(r, item_of(r, item), item_of(r, data))) {
        rules_refuse(r, n, "bpmn.loop-data", "has items of another structure than its collection",
                     STR("use the same item definition"));
    }
}

static void multi_instance(BpmnReader *r, const XmlNode *n)
{
    loop_data(r, n, xml_child(n, "loopDataInputRef"), xml_child(n, "inputDataItem"));
    loop_data(r, n, xml_child(n, "loopDataOutputRef"), xml_child(n, "outputDataItem"));
}

/* ---- calls ---- */

static bool io_matches(const BpmnReader *r, const XmlNode *a, const XmlNode *b, const char *data)
{
    if (xml_count(a, data) != xml_count(b, data)) {
        return false;
    }
    const XmlNode *y = xml_child(b, data);
    for (const XmlNode *x = xml_child(a, data); x && y;
         x = xml_next(x, data), y = xml_next(y, data)) {
        if (!same_item(r, item_of(r, x), item_of(r, y))) {
            return false;
        }
    }
    return true;
}

static void call_activity(BpmnReader *r, const XmlNode *n)
{
    const XmlNode *called = bpmn_node(r, xml_attr(n, "calledElement"));
    const XmlNode *a = xml_child(n, "ioSpecification"), *b = xml_child(called, "ioSpecification");
    if (called && (a || b) &&
        (!io_matches(r, a, b, "dataInput") || !io_matches(r, a, b, "dataOutput"))) {
        rules_refuse(r, n, "bpmn.data-call", "gives or takes other data than what it calls",
                     STR("the same inputs and outputs as the called process or task"));
    }
}

const BpmnRule bpmn_data_rules[] = {
    {"dataInputAssociation", association},
    {"dataOutputAssociation", association},
    {"dataInputAssociation", input_association},
    {"assignment", assignment},
    {"ioSpecification", io_sets},
    {"sendTask", send_task},
    {"receiveTask", receive_task},
    {"ioBinding", io_binding},
    {"endEvent", throw_data},
    {"intermediateThrowEvent", throw_data},
    {"startEvent", catch_data},
    {"intermediateCatchEvent", catch_data},
    {"boundaryEvent", catch_data},
    {"multiInstanceLoopCharacteristics", multi_instance},
    {"callActivity", call_activity},
};
const size_t bpmn_data_rule_count = COUNT(bpmn_data_rules);
