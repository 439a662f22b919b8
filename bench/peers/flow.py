# SPDX-License-Identifier: Apache-2.0
"""Instances a second of a process by SpiffWorkflow: the specification is read once, the user task is
done at once. Arguments: the file, the seconds. One line: a second of its processor time <tab> the
variable y of each."""
import sys
import time

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.util.task import TaskState

WARM = 1.0


def walk(spec):
    workflow = BpmnWorkflow(spec)
    workflow.get_next_task(state=TaskState.READY).set_data(x=21)
    workflow.do_engine_steps()
    for task in workflow.get_tasks(state=TaskState.READY, manual=True):
        task.set_data(seen=True)
        task.run()
    workflow.do_engine_steps()
    if not workflow.is_completed():
        sys.exit("flow.py: the process is not completed by one task")
    return workflow.data["y"]


def rate(spec, seconds):
    start, spent, count = time.monotonic(), time.process_time(), 0
    while time.monotonic() - start < seconds:
        walk(spec)
        count += 1
    return count / (time.process_time() - spent)


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: flow.py FILE SECONDS")
    parser = BpmnParser()
    parser.add_bpmn_file(sys.argv[1])
    spec = parser.get_spec("walk")
    rate(spec, WARM)
    print(f"{rate(spec, float(sys.argv[2])):.1f}\t{walk(spec)}")


main()
