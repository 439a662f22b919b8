/* SPDX-License-Identifier: Apache-2.0 */
/* Loops, multi-instance and token quantities of an activity. */
#include "model/bpmn/bpmn_int.h"

static void bad_loop(BpmnReader *r, const BpmnElement *e, uint32_t offset, const char *what,
                     Str cure)
{
    BPMN_ERROR(r, "bpmn.loop", offset, cure, "loop of '" STR_FMT "' %s", STR_ARG(e->id), what);
}

static void read_standard(BpmnReader *r, const XmlNode *n, const BpmnElement *e, BpmnLoop *l)
{
    Str maximum = xml_attr(n, "loopMaximum");
    l->kind = BPMN_LOOP_STANDARD;
    l->test_before = bpmn_says(n, "testBefore", "true");
    l->condition = bpmn_text_expr(r, xml_child(n, "loopCondition"));
    if (maximum.len > 0 && (!str_int(maximum, &l->maximum) || l->maximum < 1)) {
        bad_loop(r, e, n->offset, "has no maximum of 1 or more", STR("loopMaximum=\"3\""));
    }
    if (l->maximum == 0 && l->condition.text.len == 0) {
        bad_loop(r, e, n->offset, "has neither condition nor maximum",
                 STR("add loopCondition or loopMaximum"));
    }
}

/* Behaviour of instances that are done: BPMN 2.0.2, table 10.30. */
static void read_telling(BpmnReader *r, const XmlNode *n, const BpmnElement *e, BpmnLoop *l)
{
    Str how = xml_attr(n, "behavior");
    const XmlNode *event = NULL, *complex = xml_child(n, "complexBehaviorDefinition");
    l->telling = str_eq(how, STR("None"))      ? BPMN_TELL_NONE
                 : str_eq(how, STR("One"))     ? BPMN_TELL_ONE
                 : str_eq(how, STR("Complex")) ? BPMN_TELL_COMPLEX
                                               : BPMN_TELL_ALL;
    if (l->telling == BPMN_TELL_ALL) {
        return;
    }
    if (l->telling == BPMN_TELL_COMPLEX) {
        event = xml_child(xml_child(complex, "event"), "signalEventDefinition");
        l->tells_when = bpmn_text_expr(r, xml_child(complex, "condition"));
    } else {
        event = bpmn_node(r, xml_attr(n, l->telling == BPMN_TELL_ONE ? "oneBehaviorEventRef"
                                                                     : "noneBehaviorEventRef"));
    }
    const XmlNode *signal = event ? bpmn_node(r, xml_attr(event, "signalRef")) : NULL;
    if (!signal) {
        bad_loop(r, e, n->offset, "tells by no signal",
                 STR("point to a signalEventDefinition with a signal"));
        return;
    }
    l->event = xml_attr(signal, "name");
}

static void check_cardinality(BpmnReader *r, const BpmnElement *e, const BpmnLoop *l)
{
    Str text = str_trim(l->cardinality.text);
    text = str_starts(text, STR("=")) ? str_trim(str_slice(text, 1, text.len)) : text;
    int64_t n = 0;
    if (str_int(text, &n) && n < 0) {
        bad_loop(r, e, l->cardinality.offset, "has a negative cardinality", STR("0 or more"));
    }
}

static void read_multi(BpmnReader *r, const XmlNode *n, const BpmnElement *e, BpmnLoop *l)
{
    const XmlNode *z = bpmn_extension(n, "loopCharacteristics");
    const XmlNode *input = xml_child(n, "loopDataInputRef"), *data = NULL;
    l->kind = bpmn_says(n, "isSequential", "true") ? BPMN_LOOP_SEQUENTIAL : BPMN_LOOP_PARALLEL;
    l->cardinality = bpmn_text_expr(r, xml_child(n, "loopCardinality"));
    l->condition = bpmn_text_expr(r, xml_child(n, "completionCondition"));
    check_cardinality(r, e, l);
    if (z) {
        l->collection = bpmn_attr_expr(z, "inputCollection");
        l->item = xml_attr(z, "inputElement");
        l->output = xml_attr(z, "outputCollection");
        l->output_element = bpmn_attr_expr(z, "outputElement");
    } else if (bpmn_old_attr(n, "collection").len > 0) {
        l->collection = bpmn_old_attr_expr(r, n, "collection");
        if (!l->collection.foreign && !l->collection.broken) {
            l->collection.text = str_join(r->out, STR("="), l->collection.text);
        }
        l->item = bpmn_old_attr(n, "elementVariable");
    } else if (input && (data = bpmn_node(r, input->text)) != NULL) {
        Str name = xml_attr(data, "name");
        name = name.len ? name : xml_attr(data, "id");
        l->collection =
            (BpmnExpr){.text = str_join(r->out, STR("="), name), .offset = input->text_offset};
        const XmlNode *item = xml_child(n, "inputDataItem");
        l->item = item ? xml_attr(item, "name") : (Str){0};
    }
    read_telling(r, n, e, l);
    if (l->cardinality.text.len == 0 && l->collection.text.len == 0) {
        bad_loop(r, e, n->offset, "has neither cardinality nor collection",
                 STR("add loopCardinality, or zeebe:loopCharacteristics inputCollection"));
    }
}

static uint16_t read_quantity(BpmnReader *r, const XmlNode *n, const BpmnElement *e,
                              const char *name)
{
    Str text = xml_attr(n, name);
    int64_t quantity = 1;
    if (text.len > 0 &&
        (!str_int(text, &quantity) || quantity < 1 || quantity > BPMN_MAX_QUANTITY)) {
        BPMN_ERROR(r, "bpmn.quantity", n->offset, STR("a number from 1 to 100"),
                   "%s of '" STR_FMT "' is '" STR_FMT "'", name, STR_ARG(e->id), STR_ARG(text));
        quantity = 1;
    }
    return (uint16_t)quantity;
}

void bpmn_read_markers(BpmnReader *r, const XmlNode *n, BpmnElement *e)
{
    const XmlNode *standard = xml_child(n, "standardLoopCharacteristics");
    const XmlNode *multi = xml_child(n, "multiInstanceLoopCharacteristics");
    e->start_quantity = read_quantity(r, n, e, "startQuantity");
    e->completion_quantity = read_quantity(r, n, e, "completionQuantity");
    e->for_compensation = bpmn_says(n, "isForCompensation", "true");
    if (!standard && !multi) {
        return;
    }
    if (standard && multi) {
        bad_loop(r, e, n->offset, "is both standard and multi-instance", STR("keep one marker"));
    }
    if (!bpmn_is_activity(e->kind)) {
        bad_loop(r, e, n->offset, "stands at no activity", STR("put it on a task or sub-process"));
        return;
    }
    BpmnLoop *l = NEW(r->out, BpmnLoop);
    if (standard) {
        read_standard(r, standard, e, l);
    } else {
        read_multi(r, multi, e, l);
    }
    e->loop = l;
}
