/* SPDX-License-Identifier: Apache-2.0 */
#include "model/bpmn/bpmn_int.h"
void bpmn_rules(BpmnReader *r)
{
    (void)r;
}
