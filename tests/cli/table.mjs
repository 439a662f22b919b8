/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sorting table and differences on the command line, as a designer uses them.
 *   node tests/cli/table.mjs [PART…]
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { atEnd, check, equal, part, run } from '../lib/check.mjs';
import { ROOT } from '../lib/service.mjs';

const ONEDOOR = process.env.ONEDOOR || path.join(ROOT, 'build/release/onedoor');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'onedoor-table-'));
atEnd(() => fs.rmSync(folder, { recursive: true, force: true }));
const DEMO = path.join(ROOT, 'catalogues/demo');
const OWN = path.join(folder, 'own');
const TABLE = path.join(folder, 'table.csv');
const ITEM = path.join(OWN, 'items/work-injury/item.yaml');

function onedoor(...args) {
  const { status, stdout, stderr } = spawnSync(ONEDOOR, args, { encoding: 'utf8', timeout: 60000, maxBuffer: 1 << 28 });
  return { status, out: stdout, err: stderr };
}

const lines = (text) => text.trimEnd().split('\n');
const tail = (text) => lines(text).at(-1);

function roundTrip() {
  fs.cpSync(DEMO, OWN, { recursive: true });
  const items = fs.readdirSync(path.join(DEMO, 'items')).length;
  equal(onedoor('table', OWN, '--out', TABLE).out, `${TABLE}: ${items} items\n`, 'export');
  const text = fs.readFileSync(TABLE, 'utf8');
  check(text.startsWith('\ufeff'), 'it opens as UTF-8');
  check(text.includes('"=""1133019900271501834000714012001"""'), 'long codes stay text');
  equal(tail(onedoor('table', OWN, '--from', TABLE).out), `${items} items in the table, 0 files changed`, 'import');
  const { status, out } = onedoor('diff', DEMO, OWN);
  equal(`${status} ${out}`, '0 0 differences in 0 items\n', 'no difference');
}

function changes() {
  fs.cpSync(DEMO, OWN, { recursive: true });
  onedoor('table', OWN, '--plain', '--out', TABLE);
  const before = fs.readFileSync(ITEM, 'utf8');
  const text = fs.readFileSync(TABLE, 'utf8');
  fs.writeFileSync(TABLE, text.replaceAll('纸质申请表', '纸质申请书'));
  const dry = onedoor('table', OWN, '--from', TABLE, '--dry-run');
  check(/would change$/.test(tail(dry.out)) && dry.out.includes(`changed ${ITEM}`), dry.out);
  equal(fs.readFileSync(ITEM, 'utf8'), before, 'a dry run writes nothing');
  const { status, out, err } = onedoor('table', OWN, '--from', TABLE);
  equal(status, 0, err);
  check(out.includes(`changed ${ITEM}`), out);
  const after = fs.readFileSync(ITEM, 'utf8');
  equal(after.split('\n')[0], before.split('\n')[0], 'the comment at its head stays');
  const told = onedoor('diff', DEMO, OWN, '--item', 'work-injury');
  equal(told.status, 1, 'there are differences');
  check(told.out.includes('申请材料') && told.out.includes('纸质申请书'), told.out);
  const rows = JSON.parse(onedoor('diff', DEMO, OWN, '--item', 'work-injury', '--json').out);
  check(rows.length > 0 && rows.every((r) => r.element === 'materials'), JSON.stringify(rows));
}

function refuses() {
  fs.cpSync(DEMO, OWN, { recursive: true });
  onedoor('table', OWN, '--plain', '--out', TABLE);
  const before = fs.readFileSync(ITEM, 'utf8');
  const text = fs.readFileSync(TABLE, 'utf8');
  const MISTAKES = [
    // what is done to the table, what is told
    [(t) => t.replaceAll('work_time_place_cause', 'work_time_place'), 'nothing was changed'],
    [(t) => t.replace('\nitem,', '\nthing,'), 'has no row of paths'],
    [(t) => t.replace('basis[].law.zh', 'basis[.law.zh'), 'this is no path'],
    [(t) => `${t}"open`, 'never closed'],
    [(t) => Buffer.from(t, 'utf8').toString('latin1').replace(/^/, '\xff'), 'UTF-8'],
  ];
  for (const [spoil, told] of MISTAKES) {
    const spoilt = spoil(text);
    check(spoilt !== text, `the test spoils: ${told}`);
    fs.writeFileSync(TABLE, spoilt, told === 'UTF-8' ? 'latin1' : 'utf8');
    const { status, err } = onedoor('table', OWN, '--from', TABLE);
    check(status === 1 && err.includes(told), `${told}: ${err.slice(0, 400)}`);
    equal(fs.readFileSync(ITEM, 'utf8'), before, `unchanged: ${told}`);
  }
  equal(onedoor('diff', DEMO, OWN).status, 0, 'all as it was');
}

function adds() {
  fs.cpSync(DEMO, OWN, { recursive: true });
  onedoor('table', OWN, '--plain', '--out', TABLE);
  const text = fs.readFileSync(TABLE, 'utf8').replaceAll(/(^|\n)work-injury,/g, '$1work-injury-two,')
    .replaceAll('1133019900271501834000714012001', '1133019900271501834000714012002');
  fs.writeFileSync(TABLE, text);
  const made = path.join(OWN, 'items/work-injury-two');
  fs.mkdirSync(made);
  for (const name of ['work-injury.bpmn', 'work-injury.dmn'])
    fs.copyFileSync(path.join(OWN, 'items/work-injury', name), path.join(made, name));
  const { status, out, err } = onedoor('table', OWN, '--from', TABLE);
  equal(status, 0, err);
  check(out.includes(`new     ${made}/item.yaml`) && out.includes(`new     ${made}/form.yaml`), out);
}

await run(async () => {
  await part('a table goes out and comes back without loss', roundTrip);
  await part('a changed table changes that item alone', changes);
  await part('a table with mistakes changes nothing', refuses);
  await part('a new item comes from a table', adds);
});
