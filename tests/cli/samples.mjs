/* SPDX-License-Identifier: Apache-2.0 */
/*
 * onedoor test: what is not as expected is told at its place, and the exit code says so.
 *   node tests/cli/samples.mjs
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { atEnd, check, equal, part, run } from '../lib/check.mjs';
import { ROOT } from '../lib/service.mjs';

const ONEDOOR = process.env.ONEDOOR || path.join(ROOT, 'build/release/onedoor');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'onedoor-samples-'));
atEnd(() => fs.rmSync(folder, { recursive: true, force: true }));
const catalogue = path.join(folder, 'demo');
fs.cpSync(path.join(ROOT, 'catalogues/demo'), catalogue, { recursive: true });
// one item is enough for the runner: the samples of the others have nothing to do with it
for (const key of fs.readdirSync(path.join(catalogue, 'items')))
  if (key !== 'work-injury') fs.rmSync(path.join(catalogue, 'items', key), { recursive: true });
for (const other of ['bundles', 'delegations.yaml', 'sets.yaml']) fs.rmSync(path.join(catalogue, other), { recursive: true, force: true });
for (const place of fs.readdirSync(path.join(catalogue, 'places')))
  if (place !== 'divisions.csv') fs.rmSync(path.join(catalogue, 'places', place), { recursive: true });
const item = path.join(catalogue, 'items/work-injury');
fs.writeFileSync(path.join(item, 'item.yaml'), fs.readFileSync(path.join(item, 'item.yaml'), 'utf8').replace(/^sets: .*\n/m, ''));
const shipped = fs.readFileSync(path.join(item, 'work-injury.test.yaml'), 'utf8');
const defaults = shipped.slice(shipped.indexOf('defaults:'), shipped.indexOf('samples:'));

function test(samples, ...args) {
  fs.writeFileSync(path.join(item, 'work-injury.test.yaml'), `${defaults}samples:\n${samples}`);
  const { status, stdout } = spawnSync(ONEDOOR, ['test', catalogue, ...args], { encoding: 'utf8', timeout: 60000 });
  const lines = stdout.trimEnd().split('\n');
  return { status, lines, last: lines.at(-1), errors: lines.filter((l) => l.includes(' error: ')) };
}

const WRONG = [
  // a sample, what is told
  ['{name: x, expect: {decision: deny}}', 'decision: expected "deny", got "grant"'],
  ['{name: x, expect: {state: accepted}}', 'state: expected "accepted", got "delivered"'],
  ['{name: x, expect: {proposal: {days: 14}}}', 'proposal.days: expected 14, got 15'],
  ['{name: x, expect: {proposal: {nothing: 1}}}', 'proposal.nothing: expected 1, got nothing'],
  ['{name: x, expect: {legal_due: "2027-01-17"}}', 'legal_due: expected "2027-01-17", got "2027-01-18"'],
  ['{name: x, expect: {documents: [receipt]}}', 'documents: expected ["receipt"], got ["receipt","acceptance","decision-grant","delivery-receipt"]'],
  ['{name: x, expect: {papers: {decision-deny: {reason: y}}}}', 'papers.decision-deny.reason: expected "y", got nothing'],
  ['{name: x, expect: {certificate: {holder: 赵强}}}', 'certificate.holder: expected "赵强", got "李文静"'],
  ['{name: x, expect: {certificate: false}}', 'certificate: expected false, got {'],
  ['{name: x, expect: {messages: [received]}}', 'messages: expected ["received"], got ["received","accepted","decided_grant"]'],
  ['{name: x, expect: {materials: {medical-record: missing}}}', 'materials.medical-record: expected "missing", got "fact"'],
  ['{name: x, expect: {incidents: 1}}', 'incidents: expected 1, got 0'],
  ['{name: x, expect: {problems: [job]}}', 'problems: expected ["job"], got []'],
  ['{name: x, answers: {injury_part: ""}, expect: {decision: grant}}', 'the application cannot be sent: [{"element":"injury_part","key":"error.required"'],
  ['{name: x, acts: [accept, accept], expect: {decision: none}}', "'accept' could not be done"],
  ['{name: x, acts: [decide], expect: {decision: none}}', "'decide' could not be done"],
  ['{name: x, answers: {employer_denies: true}, expect: {decision: none}}', "the rules propose no decision, but 'examine'"],
];

await run(async () => {
  await part('a sample that is not as expected', () => {
    for (const [sample, told] of WRONG) {
      const r = test(`  - ${sample}\n`);
      equal(r.status, 1, `${sample}: exit code`);
      equal(r.errors.length, 1, `${sample}: one thing is told`);
      check((r.errors[0] || '').includes(told), `${sample}: "${r.errors[0]}" says ${told}`);
      check(/work-injury\.test\.yaml:\d+:\d+: error/.test(r.errors[0]), `${sample}: has its place`);
      check(r.last.endsWith('0 passed, 1 failed'), `${sample}: ${r.last}`);
    }
  });

  await part('samples one by one', () => {
    const two = '  - {name: first, expect: {decision: grant}}\n  - {name: second, expect: {decision: deny}}\n';
    equal(test(two, '--only', 'first').status, 0, 'the first alone');
    equal(test(two, '--only', 'second').status, 1, 'the second alone');
    equal(test(two, '--only', 'work-injury').last.split('; ')[1], '1 passed, 1 failed', 'all of the item');
    const again = [1, 2, 3].map(() => test(two).lines.join('\n'));
    check(again[0] === again[1] && again[1] === again[2], 'the same text each time');
  });

  await part('the report', () => {
    const report = path.join(folder, 'report.json');
    test('  - {name: first, expect: {decision: grant}}\n', '--report', report);
    const { suite, passed, failed, skipped, total } = JSON.parse(fs.readFileSync(report, 'utf8'));
    equal(`${suite} ${passed} ${failed} ${skipped} ${total}`, 'samples 1 0 0 1', 'figures');
  });

  await part('a file that is wrong', () => {
    const r = test('  - {name: x, expect: {decisions: grant}}\n');
    equal(r.status, 1, 'exit code');
    check(r.errors[0].includes("'decisions' is no key of 'expect'"), r.errors[0]);
  });
});
