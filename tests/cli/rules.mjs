/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules on the command line: values, reasons, errors with their place, exit codes.
 *   node tests/cli/rules.mjs [PART…]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { atEnd, check, equal, part, run } from '../lib/check.mjs';
import { ROOT } from '../lib/service.mjs';

const ONEDOOR = process.env.ONEDOOR || path.join(ROOT, 'build/release/onedoor');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'onedoor-cli-'));
atEnd(() => fs.rmSync(folder, { recursive: true, force: true }));

function file(name, text) {
  const at = path.join(folder, name);
  fs.writeFileSync(at, text);
  return at;
}

function onedoor(...args) {
  const { status, stdout, stderr } = spawnSync(ONEDOOR, args, { encoding: 'utf8', timeout: 20000 });
  return { status, out: stdout.trimEnd(), err: stderr.trimEnd() };
}

const context = file('case.json', JSON.stringify({ fee: 100.5, person: { age: 61, 'birth place': '金华' } }));
const broken = file('broken.json', '{"fee": 1,\n "x": }');

const FEEL = [
  // arguments after 'feel', exit code, stdout, part of stderr
  [['1 + 2'], 0, '3', ''],
  [['0.1 + 0.2 = 0.3'], 0, 'true', ''],
  [['decimal(fee * 1.06, 2)', '--context', context], 0, '106.53', ''],
  [['person.birth place', '--context', context, '--json'], 0, '"金华"', ''],
  [['{a: [1, 2], d: @"2026-11-22"}', '--json'], 0, '{\n  "a": [\n    1,\n    2\n  ],\n  "d": "2026-11-22"\n}', ''],
  [['> 5, < 2', '--unary', '7'], 0, 'true', ''],
  [['[1..3]', '--unary', '7'], 0, 'false', ''],
  [['1 / 0'], 0, 'null', 'null: division by zero'],
  [['--', '-2 ** 2'], 0, '4', ''],
  [['--unary', '-7', '--', '-'], 0, 'true', ''],
  [['1', '--', '--help'], 2, '', 'one argument too many'],
  [['1 / 0', '--zh'], 0, 'null', '空值：除数为零'],
  [['today() > @"2026-01-01"'], 0, 'true', ''],
  [['1 +'], 1, '', "expression:1:4: a value expected"],
  [['if fee > 60\n  then fees else 0', '--context', context], 1, '', "expression:2:8: unknown name 'fees', did you mean 'fee'?\n    2 |   then fees else 0\n      |        ^"],
  [['person.agee', '--context', context], 1, '', "unknown member 'agee', did you mean 'age'?"],
  [['sume([1, 2])'], 1, '', "unknown function 'sume', did you mean 'sum'?"],
  [['count(for i in 1..9999999 return i)'], 1, '', 'FEEL_MAX_STEPS'],
  [['1', '--context', broken], 1, '', 'broken.json:2:'],
  [['1', '--context', path.join(folder, 'none.json')], 1, '', 'none.json'],
  [['1', '--context', file('list.json', '[1]')], 1, '', 'a JSON object is needed'],
  [[], 2, '', 'EXPR'],
  [['1', '--no'], 2, '', '--no'],
];

const HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="fees" namespace="fees">';
const MODEL = `${HEAD}
<inputData id="i" name="Age"><variable name="Age" typeRef="number"/></inputData>
<decision id="fee" name="Fee"><question>How much?</question><variable name="Fee" typeRef="number"/>
<informationRequirement><requiredInput href="#i"/></informationRequirement>
<decisionTable hitPolicy="FIRST"><input label="Age"><inputExpression><text>Age</text></inputExpression></input>
<output/><annotation name="article"/>
<rule id="free"><inputEntry><text>&gt;= 60</text></inputEntry><outputEntry><text>0</text></outputEntry><annotationEntry><text>article 3</text></annotationEntry></rule>
<rule id="full"><inputEntry><text>&lt; 60</text></inputEntry><outputEntry><text>25.5</text></outputEntry><annotationEntry><text>article 4</text></annotationEntry></rule>
</decisionTable></decision>
<decision id="twice" name="Twice"><variable name="Twice"/><informationRequirement><requiredDecision href="#fee"/></informationRequirement>
<literalExpression><text>Fee * 2</text></literalExpression></decision>
</definitions>`;
const fees = file('fees.dmn', MODEL);
const young = file('young.json', '{"Age": 30}');

function decides() {
  const all = onedoor('dmn', fees, '--input', young);
  equal(all.out, 'Fee = 25.5\nTwice = 51', 'all decisions');
  const none = onedoor('dmn', fees, '--decision', 'Twice');
  equal(none.status, 0, 'null is an answer');
  check(/^Twice = null {2}\(.+\)$/.test(none.out), 'and tells its cause', none.out);
  check(onedoor('dmn', fees, '--decision', 'Twice', '--zh').out.includes('没有规则'), 'in Chinese',
    onedoor('dmn', fees, '--decision', 'Twice', '--zh').out);
  equal(onedoor('dmn', fees, '--input', young, '--json').out, '{\n  "Fee": 25.5,\n  "Twice": 51\n}', 'as JSON');
  const unknown = onedoor('dmn', fees, '--decision', 'Nothing');
  check(unknown.status === 1 && unknown.err.includes("'Nothing'"), 'unknown decision', unknown.err);
}

function explains() {
  const trace = JSON.parse(onedoor('dmn', fees, '--decision', 'Twice', '--input', young, '--trace').out);
  equal(trace.result, 51, 'result');
  equal(trace.steps.map((s) => s.decision).join(), 'fee,twice', 'decisions in their order');
  const [hit] = trace.steps[0].rules;
  equal(hit.id, 'full', 'the rule that held');
  equal(hit.annotations.article, 'article 4', 'its article');
  equal(hit.conditions[0].value, 30, 'with the value it saw');
  const empty = JSON.parse(onedoor('dmn', fees, '--decision', 'fee', '--trace').out);
  check(empty.steps[0].why.zh && empty.steps[0].why.en, 'why a value is null, in both languages', empty.steps[0]);
}

function refuses() {
  const typo = file('typo.dmn', MODEL.replace('Fee * 2', 'Fees *\n 2').replace('namespace="fees"', 'namespace="typo"'));
  const strict = onedoor('dmn', typo, '--input', young);
  equal(strict.status, 1, 'a file with an error is not used');
  const line = MODEL.split('\n').findIndex((l) => l.includes('Fee * 2')) + 1;
  check(strict.err.includes(`typo.dmn:${line}:`) && strict.err.includes("'Fees', did you mean 'Fee'"), 'place and cure', strict.err);
  const lenient = onedoor('dmn', typo, '--input', young, '--lenient');
  check(lenient.status === 0 && lenient.out.startsWith('Fee = 25.5\nTwice = null'), 'lenient: null', lenient.out);
  const xml = onedoor('dmn', file('xml.dmn', '<definitions>\n<decision'));
  check(xml.status === 1 && xml.err.includes('xml.dmn:2:'), 'no XML', xml.err);
  equal(onedoor('dmn').status, 2, 'no file is wrong use');
}

await run(async () => {
  await part('feel', () => {
    for (const [args, status, out, err] of FEEL) {
      const seen = onedoor('feel', ...args);
      const label = args.join(' ') || '(nothing)';
      equal(seen.status, status, `${label}: exit code`);
      if (status === 0) equal(seen.out, out, label);
      check(err ? seen.err.includes(err) : seen.err === '', `${label}: stderr`, seen.err);
    }
  });
  await part('dmn decides', decides);
  await part('dmn explains', explains);
  await part('dmn refuses', refuses);
  await part('help', () => {
    for (const command of ['feel', 'dmn']) check(execFileSync(ONEDOOR, [command, '--help'], { encoding: 'utf8' }).includes('onedoor ' + command), command);
  });
});
