/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One matter in the browser: the guide chooses, one form is filled, each department does its part,
 * one page shows where all stand. In Chinese at 1280 px, in English at 360 px without script.
 *   node tests/e2e/matter.test.mjs [PART…]
 */
import { check, equal, part, run, until } from '../lib/check.mjs';
import { Service } from '../lib/service.mjs';
import { STAFF } from '../lib/walk.mjs';
import { Person, openBrowser } from './lib/browser.mjs';
import { applyThrough, sendIt, startIt } from './lib/apply.mjs';

const LIN = '330199198604180154';
const ANSWERS = {
  person_name: '林晓东', person_id: LIN, person_phone: '13800000154', last_employer: '云溪市恒顺建筑有限公司',
  leave_date: '2026-11-09', seeks_work: 'true', pay_to: 'card', delivery: 'electronic', flex_kind: 'platform', flex_works_here: 'true',
  flex_base: 'share_60', flex_medical: 'true', flex_period: 'month', flex_start: '2026-12-01',
};

let service;

const person = (options) => Person.open(service, options);

async function guide(p) {
  await p.go('/s/losing-a-job');
  await p.look('matter-guide');
  for (const [key, value] of [['leave_reason', 'dismissed'], ['goes_on_paying', 'self'], ['card_works', 'works']])
    await p.click(`a[href*="${key}=${value}"]`);
  const said = await p.find('#parts').innerText();
  check(await p.find('#parts .tag.ok').count() === 2, `${p.mark}: two parts are for me`, said);
  await p.look('matter-guide-for-me');
  await p.narrow('matter-guide-for-me');
}

async function apply(p) {
  await startIt(p);
  await p.click(`form:has(input[value="${LIN}"]) button`);
  if (p.at().startsWith('/s/')) await startIt(p); /* signed in, back at the guide */
  await p.look('matter-tasklist');
  if (p.at().split('/').length === 3) await p.click('main ul.task a');
  const walked = await applyThrough(p, { answers: { ...ANSWERS, results_handed: 'together' }, seen: async (page) => {
    if (['situation', 'parts'].includes(page)) await p.look(`matter-${page}`);
  } });
  check(new Set(walked).size === walked.length, `${p.mark}: nothing is asked twice`, walked);
  await p.look('matter-answers');
  const no = await sendIt(p);
  await p.look('matter-done');
  return no;
}

/* The numbers of its parts, as the applicant sees them. */
async function partsOf(p, no) {
  await p.go(`/my/cases/${no}`);
  return p.find('section[aria-labelledby=parts] ul.task a').evaluateAll((links) => links.map((a) => a.getAttribute('href').split('/').pop()));
}

const HRSS = [STAFF.clerk, STAFF.approver];
const STREET = [['zhulin', 'yunxi-demo-48'], ['qinyong', 'yunxi-demo-49']]; /* to whom the second is delegated */

async function organActs(no, people, options, name) {
  const clerk = await person(options), approver = await person(options);
  await clerk.staff(...people[0]);
  await clerk.go(`/w/cases/${no}`);
  if (name) await clerk.look(`matter-${name}-window`);
  check((await clerk.text('section[aria-labelledby=whole]')).length > 20, 'the whole stands beside it');
  await clerk.click('form[action$="/accept"] button');
  await approver.staff(...people[1]);
  check(await until(async () => {
    await approver.go(`/o/cases/${no}`);
    return approver.has('form[action$="/decide"] button');
  }), `${no} waits for a decision`);
  if (name) await approver.look(`matter-${name}-office`);
  await approver.fill({ decision: 'grant', reason: '符合规定。', confirm: 'true' });
  await approver.click('form[action$="/decide"] button');
  await clerk.close();
  await approver.close();
}

async function walk(options) {
  const p = await person(options);
  await guide(p);
  const no = await apply(p);
  const parts = await partsOf(p, no);
  equal(parts.length, 2, 'two parts');
  await p.look('matter-case');
  await p.narrow('matter-case');
  await p.go('/my');
  check((await p.text()).includes(no), 'my space has the whole');
  await p.look('matter-my');
  await organActs(parts[0], HRSS, options, 'first');
  check(await until(async () => {
    await p.go(`/my/cases/${no}`);
    return (await p.find('section[aria-labelledby=parts] .tag.num').innerText()).includes('1');
  }), 'one of two is done');
  await p.look('matter-half');
  await p.go(`/my/cases/${parts[0]}`);
  check(!(await p.has('#certificate')), 'its certificate waits for the other');
  await p.look('matter-part-kept');
  await organActs(parts[1], STREET, options);
  check(await until(async () => {
    await p.go(`/my/cases/${parts[0]}`);
    return p.has('#certificate');
  }), 'both are handed out');
  await p.go(`/my/cases/${no}`);
  await p.look('matter-ended');
  await p.close();
}

/* The same by JSON. */
async function json() {
  const c = await service.visitor().citizen(LIN);
  const model = (await c.get('/s/losing-a-job?goes_on_paying=employer&card_works=works&leave_reason=dismissed')).json;
  equal(model.bundle.parts.filter((one) => one.chosen).length, 0, 'nothing is chosen');
  check(model.bundle.nothing, 'and the guide says so');
}

await run(async () => {
  service = await Service.start();
  await openBrowser();
  await part('json', json);
  await part('desk screen', () => walk({ lang: 'zh-CN', width: 1280 }));
  await part('phone', () => walk({ lang: 'en', width: 360, js: false }));
});
