/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The unified standard in the running service: an item that is not in force takes no application
 * and says why, what was applied for goes on.   node tests/api/standard.mjs [PART…]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { check, equal, part, run, until } from '../lib/check.mjs';
import { Service } from '../lib/service.mjs';
import { ITEM, PEOPLE, accept, decide, fillDraft, reached, staff, submit, wholeApplication } from '../lib/walk.mjs';

let service, citizen;

const count = (word) => service.logText().split(word).length - 1;
const file = (name) => path.join(service.catalogue, name);

/* The catalogue with other words in place of these, put in service. */
async function put(name, from, to) {
  const before = readFileSync(file(name), 'utf8'), n = count(' reloaded ');
  check(before.includes(from), `${name} has '${from}'`);
  writeFileSync(file(name), before.replace(from, to));
  service.server.kill('SIGHUP');
  check(await until(() => count(' reloaded ') > n, 20000, 10), `${name}: reloaded`);
  return () => put(name, to, from);
}

/* [lines of item.yaml, why it is closed, found by search] */
const ROWS = [
  ['state: draft', 'draft', false],
  ['state: in_review', 'in_review', false],
  ['state: suspended', 'suspended', true],
  ['state: cancelled', 'cancelled', false],
  ['valid_from: 2999-01-01', 'early', true],
  ['valid_from: 2020-01-01\nvalid_to: 2020-12-31', 'ended', true],
];

async function guide() {
  const open = (await service.visitor().get(`/s/${ITEM}`)).json;
  equal(open.can_apply, true, 'it takes applications');
  check(!open.closed, 'nothing is said of it');
  equal(open.state, 'published', 'state');
  equal(open.handling.length, 2, 'handling items');
  equal(open.joint_organs.map((o) => o.key).join(), 'social-insurance,union', 'joint organs');
  equal(open.back_steps.length, 7, 'steps of the handling flow');
  equal(open.back_minutes, 307, 'their minutes');
  equal(open.results[0].kind, 'certificate', 'a result');
  check(open.provenance.cited.length === 1 && open.provenance.sample, 'where its values are from');
  const page = (await service.visitor().page(`/s/${ITEM}`)).text;
  for (const words of ['认定工伤决定书', '业务办理项', '联办机构', '我们怎么办', '内容来源', '240 分钟']) check(page.includes(words), `the page says ${words}`);
}

async function closed() {
  const name = `items/${ITEM}/item.yaml`;
  const { draft } = await fillDraft(citizen, PEOPLE.li);
  const running = (await citizen.post('/api/cases', wholeApplication(PEOPLE.li))).json.no;
  for (const [lines, why, found] of ROWS) {
    const back = await put(name, 'valid_from: 2026-01-01', lines);
    const model = (await service.visitor().get(`/s/${ITEM}`)).json;
    equal(model.can_apply, false, `${why}: no button`);
    equal(model.closed && model.closed.why, why, `${why}: the guide says so`);
    const text = model.closed.text;
    check((await service.visitor().page(`/s/${ITEM}`)).text.includes(text), `${why}: on the page, too`);
    const start = await citizen.post('/apply/start', { item: ITEM });
    equal(start.status, 409, `${why}: no draft`);
    equal(start.json.detail, text, `${why}: the reason is told`);
    equal((await citizen.post('/api/cases', wholeApplication(PEOPLE.li))).status, 409, `${why}: no application by program`);
    const sent = await submit(citizen, draft, `closed-${why}`);
    equal(sent.status, 409, `${why}: a draft is not sent`);
    equal(sent.json.detail, text, `${why}: with the reason`);
    const hits = JSON.stringify((await service.visitor().get('/search?q=gsrd')).json.hits);
    equal(hits.includes(`/s/${ITEM}`), found, `${why}: found by search`);
    const list = (await service.visitor().page('/services')).text;
    equal(list.includes(`/s/${ITEM}"`), found, `${why}: in the list`);
    await back();
  }
  const back = await put(name, 'valid_from: 2026-01-01', 'state: cancelled');
  const clerk = await staff(service, 'clerk'), approver = await staff(service, 'approver');
  await accept(clerk, running);
  await decide(approver, running);
  await reached(citizen, running, 'delivered');
  await back();
  const sent = await submit(citizen, draft, 'opened-again');
  check(sent.status < 300, 'the draft is sent when it is open again', sent.text.slice(0, 300));
}

/* Deviations of the places, as JSON and as pages, for who may see them. */
async function drift() {
  const admin = await staff(service, 'admin'), clerk = await staff(service, 'clerk');
  equal((await clerk.get('/d/drift')).status, 403, 'not for who handles cases');
  const m = (await admin.get('/d/drift')).json;
  equal(m.places.map((p) => p.code).join(), '330000,330196,330197,330198,330199', 'the places');
  equal(m.blocking, m.deviations.filter((d) => d.state === 'open').length, 'what is open is counted');
  check(m.blocking > 0 && !m.deviations.some((d) => d.place === '330199'), 'elsewhere, not here');
  const seen = new Set(m.deviations.map((d) => d.element));
  for (const e of ['sub_name', 'materials', 'service_flow', 'time_limit', 'form']) check(seen.has(e), `a deviation in ${e}`);
  check(m.deviations.every((d) => d.severity && d.item_name && (d.reference || d.local)), 'each says what deviates');
  const injury = m.items.find((i) => i.key === ITEM);
  equal(injury.places.map((p) => p.state).join(), 'as_reference,as_reference,as_reference,open,local', 'the matrix');
  const one = (await admin.get('/d/drift?place=330196')).json;
  equal(one.deviations.length, 0, 'one place: nothing deviates');
  equal((await admin.get('/d/drift?place=999999')).status, 404, 'no such place');
  const all = (await admin.get('/d/drift?all=yes')).json;
  equal(all.items.length, all.items_count, 'all rows');
  const page = (await admin.page('/d/drift')).text;
  for (const words of ['东屏县', '办理时限', '30日', '未处理', '已同意']) check(page.includes(words), `the page says ${words}`);
  const guide = (await service.visitor().page('/s/flexible-employment')).text;
  for (const words of ['城南街道', '委托', '专用章']) check(guide.includes(words), `the guide says ${words}`);
  check((await service.visitor().page(`/s/${ITEM}`)).text.includes('6 至 9 号窗口'), 'a local value');
}

/* A deviation of the installed place keeps it from being published; the old generation goes on. */
async function blocked() {
  const own = file(`places/330199/items/${ITEM}.yaml`), before = readFileSync(own, 'utf8'), n = count('reload refused');
  writeFileSync(own, `${before}visits: 2\nvisit_reason: {zh: 签字, en: To sign}\n`);
  service.server.kill('SIGHUP');
  check(await until(() => count('reload refused') > n, 20000, 10), 'it is refused');
  check(service.logText().includes('place.deviation'), 'the log names the rule');
  equal((await service.visitor().get(`/s/${ITEM}`)).json.visits, 0, 'the reference holds');
  writeFileSync(own, before);
}

await run(async () => {
  service = await Service.start({ catalogue: 'catalogues/demo' });
  citizen = await service.visitor().citizen(PEOPLE.li);
  await part('guide', guide);
  await part('closed', closed);
  await part('drift', drift);
  await part('blocked', blocked);
  await service.stop();
});
