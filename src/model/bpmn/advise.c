/* SPDX-License-Identifier: Apache-2.0 */
/* Advice on a sound process. */
#include "model/bpmn/bpmn_int.h"
void bpmn_advise(BpmnReader *r)
{
    (void)r;
}
