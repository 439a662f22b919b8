/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Processes on the command line: what is printed, that it is a script again, expectations that are
 * not met, models that cannot run, exit codes; and the example of docs/designers.md.
 *   node tests/cli/flow.mjs [PART…]
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { atEnd, check, equal, part, run } from '../lib/check.mjs';
import { ROOT } from '../lib/service.mjs';

const ONEDOOR = process.env.ONEDOOR || path.join(ROOT, 'build/release/onedoor');
const WORK_INJURY = path.join(ROOT, 'catalogues/demo/items/work-injury/work-injury.bpmn');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'onedoor-flow-'));
atEnd(() => fs.rmSync(folder, { recursive: true, force: true }));

function file(name, text) {
  const at = path.join(folder, name);
  fs.writeFileSync(at, text);
  return at;
}

function flow(...args) {
  const { status, stdout, stderr } = spawnSync(ONEDOOR, ['flow', ...args], { encoding: 'utf8', timeout: 20000 });
  return { status, out: stdout.trimEnd(), err: stderr.trimEnd() };
}

const HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">';
const TASK = '<extensionElements><zeebe:assignmentDefinition candidateGroups="clerk"/></extensionElements>';
const BODY = `<startEvent id="s" name="in"/>
<businessRuleTask id="fee" name="fee"><extensionElements><zeebe:calledDecision decisionId="fee" resultVariable="fee"/></extensionElements></businessRuleTask>
<userTask id="look" name="看一看">${TASK}</userTask>
<boundaryEvent id="late" name="late" attachedToRef="look" cancelActivity="false"><timerEventDefinition id="t"><timeDuration>P5WD</timeDuration></timerEventDefinition></boundaryEvent>
<userTask id="remind" name="remind">${TASK}</userTask>
<endEvent id="e" name="out"/><endEvent id="r" name="reminded"/>
<sequenceFlow id="f1" sourceRef="s" targetRef="fee"/><sequenceFlow id="f2" sourceRef="fee" targetRef="look"/>
<sequenceFlow id="f3" sourceRef="look" targetRef="e"/><sequenceFlow id="f4" sourceRef="late" targetRef="remind"/><sequenceFlow id="f5" sourceRef="remind" targetRef="r"/>`;
const model = file('permit.bpmn', `${HEAD}\n<process id="permit" isExecutable="true">\n${BODY}\n</process>
<process id="other" isExecutable="false"><startEvent id="o" name="o"/><endEvent id="p" name="p"/><sequenceFlow id="of" sourceRef="o" targetRef="p"/></process></definitions>`);
const DMN = `<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL" name="fees" namespace="fees">
<inputData id="i" name="age"><variable name="age" typeRef="number"/></inputData>
<decision id="fee" name="fee"><variable name="fee"/><informationRequirement><requiredInput href="#i"/></informationRequirement>
<literalExpression><text>if age >= 60 then 0 else 25</text></literalExpression></decision></definitions>`;
file('permit.dmn', DMN.replace('>=', '&gt;='));
const young = file('young.json', '{"age": 30}');
const AT = ['--at', '2026-11-20T10:00'];

function starts() {
  const bare = flow(model, '--input', young, ...AT);
  equal(bare.status, 0, 'exit code');
  // Friday; the fifth working day is the Friday after it, at the close of business
  equal(bare.out, `at 2026-11-20T10:00:00+08:00
start
> decided fee 25
> create timer late 2026-11-27T17:00:00+08:00
> create task look {age: 30, fee: 25}
# active, stands at
#   look (task) 看一看
#   late (timer) 2026-11-27T17:00:00+08:00`, 'what is printed without a script');
  equal(bare.err, '', 'and nothing else');
  const traced = flow(model, '--input', young, '--trace', ...AT).out;
  check(traced.includes('# passed s\n') && traced.includes('# passed fee\n'), 'elements that were passed', traced);
  const other = flow(model, '--process', 'other');
  check(other.status === 0 && other.out.includes('> finished\n# completed'), 'another process of the file', other.out);
  const holidays = file('days.csv', '2026,announced,ours\n2026-11-23,holiday,founding day\n');
  check(flow(model, '--input', young, '--calendar', holidays, ...AT).out.includes('late 2026-11-30T17:00'), 'a calendar of its own');
  const rules = path.join(folder, 'free', 'free.dmn');
  fs.mkdirSync(path.dirname(rules));
  fs.writeFileSync(rules, DMN.replace('if age >= 60 then 0 else 25', '0'));
  check(flow(model, '--input', young, '--dmn', rules).out.includes('> decided fee 0'), 'other rules');
}

const SCRIPT = `at 2026-11-20T10:00
start {age: 61}
> create task look {age: 61, fee: 0
wait P5WD
> create task remind
stands look remind
task look {seen: true}
task remind
> finished
vars seen and fee = 0
state completed
`;

function plays() {
  const script = file('good.flow', SCRIPT);
  const good = flow(model, '--script', script, '--input', young);
  equal(good.status, 0, 'as expected');
  equal(good.err, '', 'no complaint');
  check(good.out.includes('at 2026-11-27T17:00:00+08:00\ntimer late\n> create task remind'), 'a timer within a wait', good.out);
  const again = flow(model, '--script', file('again.flow', good.out), '--strict');
  equal(again.status, 0, `what was printed is a script: ${again.err}`);
  equal(again.out, good.out, 'that prints itself');
  const strict = flow(model, '--script', script, '--strict');
  check(strict.status === 1 && strict.err.includes("good.flow:2:1: error: not expected: "), 'strict: every effect', strict.err);
  const lines = flow(model, '--script', script, '--json').out.split('\n').map((l) => JSON.parse(l));
  equal(lines[0].event, 'start {age: 61}', 'JSON: the event');
  equal(lines.find((l) => l.effect === 'create timer').due, '2026-11-27T17:00:00+08:00', 'JSON: a timer');
  equal(lines.at(-1).state, 'completed', 'JSON: the end');
  equal(lines.at(-1).variables.seen, true, 'JSON: variables');
}

const WRONG = [
  // script, part of stderr
  ['start\n> create task remind', "1.flow:2:1: error: expected 'create task remind', got 'decided fee 25', "],
  ['start\n  task lok', '2.flow:2:3: error: refused, not_found: nothing like that is there'],
  ['start\nrefused conflict', "3.flow:2:1: error: expected refusal 'conflict', got 'no refusal'"],
  ['start\nstands nowhere', '4.flow:2:1: error: the tokens stand at: look'],
  ['start\nstands look look', '5.flow:2:1: error: the tokens stand at: look'],
  ['start\nstate completed', '6.flow:2:1: error: the instance is active'],
  ['start\ntokens 2', '7.flow:2:1: error: there are 1 tokens: look'],
  ['start {age: 3}\nvars age > 5', '8.flow:2:1: error: not true over {age: 3'],
  ['start {age: }', "9.flow:1:1: error: '{age: }': "],
  ['start\nwait soon', "10.flow:2:1: error: no time: 'soon'"],
  ['begin', "11.flow:1:1: error: a line cannot begin with 'begin'"],
  ['task look', '12.flow:1:1: error: refused, conflict: nothing has started yet'],
  ['vars true', '13.flow:1:1: error: nothing has started yet'],
  ['start\ncancel now', "14.flow:2:1: error: 'cancel' stands alone"],
  ['start\nstands nowhere\ntokens 3', '15.flow:3:1: error: there are 1 tokens'],
];

function complains() {
  WRONG.forEach(([script, told], i) => {
    const seen = flow(model, '--script', file(`${i + 1}.flow`, script));
    equal(seen.status, 1, `${script}: exit code`);
    check(seen.err.includes(told), script, seen.err);
  });
}

function refuses() {
  const broken = file('broken.bpmn', `${HEAD}\n<process id="p" isExecutable="true">\n<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="gone"/></process></definitions>`);
  const seen = flow(broken);
  equal(seen.status, 1, 'a model that cannot run');
  check(seen.err.includes('broken.bpmn:3:21: error: ') && seen.err.includes("'gone'") && seen.err.includes('[bpmn.'), 'place, rule and cure', seen.err);
  equal(flow(path.join(folder, 'none.bpmn')).status, 1, 'no such file');
  check(flow(model, '--process', 'nobody').status === 1, 'no such process');
  check(flow(model, '--script', path.join(folder, 'none')).err.includes('none'), 'no such script');
  check(flow(model, '--input', file('list.json', '[1]')).err.includes('a JSON object is needed'), 'input that is none');
  check(flow(model, '--at', 'noon').err.includes("no time: 'noon'"), 'no time');
  check(flow(model, '--calendar', file('bad.csv', 'x\n')).err.includes('bad.csv:1:'), 'a calendar with its place');
  equal(flow().status, 2, 'no file is wrong use');
  check(flow('--help').out.includes('onedoor flow'), 'help');
}

/* The document's own blocks: the script and the command below it. */
function documented() {
  const text = fs.readFileSync(path.join(ROOT, 'docs/designers.md'), 'utf8');
  const [, script, command] = text.match(/```flow\n([^]*?)```\n\n```sh\nonedoor flow (.*)\n```/) || [];
  check(script, 'docs/designers.md has the example');
  equal(command, 'catalogues/demo/items/work-injury/work-injury.bpmn --script granted.flow', 'its command');
  const seen = flow(WORK_INJURY, '--script', file('granted.flow', script));
  equal(seen.status, 0, `it runs as written: ${seen.err}`);
  check(seen.out.endsWith('> finished\n# completed'), 'to its end', seen.out.slice(-300));
}

await run(async () => {
  await part('starts', starts);
  await part('plays', plays);
  await part('complains', complains);
  await part('refuses', refuses);
  await part('documented', documented);
});
