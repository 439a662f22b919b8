/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalogue is read again while people use the service: no request is lost, what was changed is
 * seen, running cases and drafts go on, a catalogue with errors changes nothing.
 *   node tests/api/reload.mjs [PART…]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { atEnd, check, equal, part, run, until } from '../lib/check.mjs';
import { ROOT, Service } from '../lib/service.mjs';
import { ITEM, PEOPLE, accept, decide, fillDraft, reached, staff, submit, wholeApplication } from '../lib/walk.mjs';

const RELOADS = Number(process.env.RELOADS || 50);
/* A district's catalogue, published a few times in a bounded time. */
const DISTRICT = 1082, DISTRICT_RELOADS = Number(process.env.DISTRICT_RELOADS || 3), DISTRICT_MS = 60000;
let service, citizen, old;

const file = (name) => path.join(service.catalogue, name);
const edit = (name, change) => {
  const before = readFileSync(file(name), 'utf8'), after = change(before);
  check(after !== before, `${name} is changed`);
  writeFileSync(file(name), after);
  return before;
};
const count = (word) => service.logText().split(word).length - 1;
const key = async () => (await service.visitor().get('/healthz')).json.catalogue;

/* What the log says of it: reloaded or refused. */
async function reload(most_ms = 20000) {
  const before = [count(' reloaded '), count('reload refused')];
  service.server.kill('SIGHUP');
  const said = await until(() => {
    const now = [count(' reloaded '), count('reload refused')];
    return now[0] > before[0] ? 'reloaded' : now[1] > before[1] ? 'refused' : null;
  }, most_ms, 10);
  return said;
}

async function apply(visitor, person) {
  return visitor.post('/api/cases', wholeApplication(person));
}

/* One visitor after the other until told to stop; all that went wrong. */
async function traffic(what, state) {
  while (!state.over) {
    try {
      const answer = await what();
      state.done++;
      if (answer.status >= 300) state.wrong.push(`${answer.status} ${answer.text.slice(0, 200)}`);
    } catch (e) {
      state.wrong.push(String(e));
    }
  }
}

async function underTraffic() {
  old = (await apply(citizen, PEOPLE.li)).json.no;
  const reader = service.visitor(), clerk = await staff(service, 'clerk');
  const writer = await service.visitor().citizen(PEOPLE.zhao);
  const state = { over: false, done: 0, wrong: [] };
  const loops = [
    traffic(() => reader.get(`/s/${ITEM}`), state),
    traffic(() => reader.page('/services'), state),
    traffic(() => apply(writer, PEOPLE.zhao), state),
    traffic(() => clerk.get(`/w/cases/${old}`), state),
  ];
  let reloaded = 0;
  for (let i = 1; i <= RELOADS; i++) {
    edit(`items/${ITEM}/item.yaml`, (s) => s.replace(/^fee: .*$/m, `fee: {zh: "不收费 ${i}", en: "Free ${i}"}`));
    edit(`items/${ITEM}/${ITEM}.bpmn`, (s) => s.replaceAll(/"(decide)(\d*)"(?=[^>]*(?:name="作出决定"|\/?>))/g, (all, id, n, at) => (/(?:id|Ref|bpmnElement)=$/.test(s.slice(0, at)) ? `"decide${i}"` : all)));
    reloaded += (await reload()) === 'reloaded';
  }
  state.over = true;
  await Promise.all(loops);
  equal(reloaded, RELOADS, 'each was put in service');
  check(state.wrong.length === 0, 'no request was lost or wrong', state.wrong.slice(0, 3));
  check(state.done > RELOADS, 'there was traffic', state.done);
  const guide = await service.visitor().page(`/s/${ITEM}`);
  check(guide.text.includes(`不收费 ${RELOADS}`), 'the last text is seen');
  const rows = service.sql(`select count(*) as n from item_versions where item = '${ITEM}'`);
  equal(rows[0].n, RELOADS + 1, 'each version is kept');
  const gone = await until(() => count('generation dropped') + 1 >= RELOADS, 5000);
  check(gone, 'those that nobody reads are dropped', count('generation dropped'));
}

/* The case that came first still has its first process. */
async function oldCase() {
  const clerk = await staff(service, 'clerk'), approver = await staff(service, 'approver');
  const seen = (await clerk.get(`/w/cases/${old}`)).json;
  check(seen.item_version && seen.item_version.short.length === 12 && seen.item_version.published_date, 'its version is told', seen.item_version);
  const page = (await clerk.page(`/w/cases/${old}`)).text;
  check(page.includes(seen.item_version.short), 'on the page, too');
  await accept(clerk, old);
  const task = service.sql(`select element from tasks t join cases c on c.id = t.case_id where c.no = '${old}' and t.state = 'open'`);
  equal(task.map((t) => t.element).join(), 'decide', 'its own process goes on');
  await decide(approver, old);
  await reached(citizen, old, 'delivered');
  const young = (await apply(citizen, PEOPLE.li)).json.no;
  check(!(await clerk.get(`/w/cases/${young}`)).json.item_version, 'nothing is told of a case of today');
  await accept(clerk, young);
  const now = service.sql(`select element from tasks t join cases c on c.id = t.case_id where c.no = '${young}' and t.state = 'open'`);
  equal(now.map((t) => t.element).join(), `decide${RELOADS}`, 'a new case has the new process');
}

/* A draft goes on with the new form, its answers are kept. */
async function draft() {
  const visitor = await service.visitor().citizen(PEOPLE.feng);
  const { draft: id } = await fillDraft(visitor, PEOPLE.feng);
  const shown = async () => JSON.stringify((await visitor.get(`/apply/${id}/answers`)).json.answers);
  const before = await shown();
  check(before.length > 200, 'it has answers', before);
  edit(`items/${ITEM}/form.yaml`, (s) => s.replace(/^( *)- element: injury_part$/m, '$1- element: injury_part\n$1  hint: {zh: 哪一侧, en: Which side}'));
  equal(await reload(), 'reloaded', 'another form');
  equal(await shown(), before, 'the answers are kept');
  const sent = await submit(visitor, id, 'reloaded-draft');
  check(sent.status < 300, 'it is submitted', sent.text.slice(0, 300));
}

async function refused() {
  const before = await key();
  const rows = [
    [`items/${ITEM}/item.yaml`, (s) => s.replace(/^process: .*$/m, 'process: nowhere.bpmn'), 'nowhere.bpmn'],
    [`items/${ITEM}/${ITEM}.bpmn`, (s) => s.replace('</bpmn:process>', ''), 'rule=xml.syntax'],
    ['onedoor.yaml', (s) => s.replace(/^place: .*$/m, 'place: "330196"'), "another place's"],
  ];
  for (const [name, change, says] of rows) {
    const good = edit(name, change);
    equal(await reload(), 'refused', `${name}: refused`);
    check(service.logText().slice(-6000).includes(says), `${name}: the log says why`, service.logText().slice(-600));
    equal(await key(), before, `${name}: the old one goes on`);
    writeFileSync(file(name), good);
  }
  equal(await reload(), 'reloaded', 'mended');
  equal(await key(), before, 'the same documents, the same generation');
}

async function district() {
  const folder = mkdtempSync(path.join(tmpdir(), 'onedoor-district-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  const made = path.join(folder, 'catalogue');
  execFileSync(path.join(ROOT, 'tools/make-catalogue'), [String(DISTRICT), made]);
  service = await Service.start({ catalogue: made, ready_ms: DISTRICT_MS });
  citizen = await service.visitor().citizen(PEOPLE.li);
  const reader = service.visitor(), searcher = service.visitor();
  const state = { over: false, done: 0, wrong: [] };
  const loops = [
    traffic(() => reader.get('/s/made-7'), state),
    traffic(() => searcher.page(`/services?q=${encodeURIComponent('许可')}`), state),
    traffic(() => apply(citizen, PEOPLE.li), state),
  ];
  let reloaded = 0;
  for (let i = 1; i <= DISTRICT_RELOADS; i++) {
    edit('items/made-7/item.yaml', (s) => s.replace(/^fee: .*$/m, `fee: {zh: "不收费 ${i}", en: "Free ${i}"}`));
    reloaded += (await reload(DISTRICT_MS)) === 'reloaded';
  }
  state.over = true;
  await Promise.all(loops);
  equal(reloaded, DISTRICT_RELOADS, 'each was put in service');
  check(state.wrong.length === 0, 'no request was lost or wrong', state.wrong.slice(0, 3));
  check(state.done > DISTRICT_RELOADS, 'there was traffic', state.done);
  const guide = await service.visitor().page('/s/made-7');
  check(guide.text.includes(`不收费 ${DISTRICT_RELOADS}`), 'the last text is seen');
  const kept = service.sql("select count(distinct item) as items, count(*) as n from item_versions where item like 'made-%'");
  equal([kept[0].items, kept[0].n].join(), [DISTRICT, DISTRICT + DISTRICT_RELOADS].join(), 'one new version a time, of one item');
}

await run(async () => {
  service = await Service.start({ catalogue: 'catalogues/demo' });
  citizen = await service.visitor().citizen(PEOPLE.li);
  await part('traffic', underTraffic);
  await part('old case', oldCase);
  await part('draft', draft);
  await part('refused', refused);
  await part('stop', async () => equal(await service.stop(), 0, 'it ends as it should'));
  await part('a district', district);
  await part('stop', async () => equal(await service.stop(), 0, 'it ends as it should'));
});
