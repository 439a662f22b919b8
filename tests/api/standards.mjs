/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A standard on its way by the API: proposal, dissection, pilot, rectification, acceptance by the
 * three rates, release and retirement by two people, and what the catalogue changes afterwards.
 *   node tests/api/standards.mjs [PART…]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { check, equal, part, run, until } from '../lib/check.mjs';
import { Service } from '../lib/service.mjs';
import { ITEM, staff } from '../lib/walk.mjs';

let service, lin, gao, clerk, supervisor, id;

const view = async (who = lin, of = id) => (await who.get(`/d/standards/${of}`)).json;
const act = (name, fields = {}, who = lin, of = id) => who.post(`/d/standards/${of}/act`, { act: name, ...fields });
const acts = async (who) => (await view(who)).acts.map((a) => a.act).sort().join();
const problems = (answer) => (answer.json.problems || []).map((p) => `${p.element}:${p.key}`).join();

const STEP = { title: '收件', role: 'clerk', minutes_before: '20', minutes: '5', document: '收件凭证', verdict: 'keep', reason: '一次告知' };

async function proposes() {
  equal((await clerk.post('/d/standards', {})).status, 403, 'a clerk proposes nothing');
  const empty = await lin.post('/d/standards', { scope: 'no-such-item' });
  equal(empty.status, 422, 'what is missing is told');
  check(problems(empty).includes('title:error.required') && problems(empty).includes('scope:standard.error.scope'), 'at its field', problems(empty));
  const made = await lin.post('/d/standards', { title: '工伤认定统一标准', scope: ITEM, reason: '各地要求不一', target: '2 天办结' });
  equal(made.status, 201, 'proposed');
  id = made.json.id;
  const model = await view();
  equal(model.stage, 'proposed', 'its stage');
  equal(model.rates.length, 3, 'three rates');
  equal(await acts(lin), 'step,withdraw', 'what can be done');
  equal((await view(supervisor)).acts.length, 0, 'a supervisor only looks');
  const list = (await supervisor.get('/d/standards')).json;
  equal(list.standards.length, 1, 'it is listed');
}

async function dissects() {
  const wrong = await act('step', { ...STEP, minutes: 'five', role: 'king' });
  equal(wrong.status, 422, 'a step that does not fit');
  check(problems(wrong).includes('minutes:error.number') && problems(wrong).includes('role:error.option'), 'at its fields', problems(wrong));
  equal((await act('step', STEP)).json.stage, 'dissected', 'the first step');
  equal((await act('step', { ...STEP, title: '复印', verdict: 'cut', minutes: '0', reason: '数据共享' })).status, 200, 'a step that is cut');
  equal((await act('step', { ...STEP, title: '写错' })).status, 200, 'a mistake');
  equal((await act('drop_step', { step: '3', reason: '写错了' })).status, 200, 'taken out');
  equal((await act('drop_step', { step: '3', reason: '再删' })).status, 422, 'once');
  const { sums, data } = await view();
  equal(JSON.stringify(sums), JSON.stringify({ steps_before: 2, steps: 1, minutes_before: 40, minutes: 5 }), 'before and now');
  equal(data.steps.length, 3, 'nothing is lost');
  const stale = await act('step', { ...STEP, version: '1' });
  equal(stale.status, 409, 'somebody was faster');
}

async function pilots() {
  equal((await act('accept', { note: '可以' })).status, 409, 'no acceptance before a pilot');
  equal((await act('pilot', { place: '东城街道', from_day: '2026-10-01', to_day: '2026-09-01' })).status, 422, 'it ends before it begins');
  equal((await act('pilot', { place: '东城街道', from_day: '2026-09-01', to_day: '2026-10-01', note: '12 件' })).json.stage, 'piloting', 'a pilot');
  equal((await act('finding', { text: '告知书缺一项', owner: '王芳', due_day: '2026-11-01' })).status, 200, 'a finding');
  check(problems(await act('accept', { note: '可以' })).includes('standard.error.findings'), 'no acceptance with a finding');
  equal((await act('close_finding', { finding: '1', note: '已补上' })).status, 200, 'rectified');
}

async function releases() {
  const rates = (await view()).rates;
  const accepted = await act('accept', { note: '通过' });
  if (rates.every((r) => r.ok)) equal(accepted.status, 200, 'accepted');
  else check(problems(accepted).includes('standard.error.rates'), 'rates hold it back', JSON.stringify(rates));
  equal((await act('release', { effective_day: '2020-01-01', note: '发布' })).status, 422, 'not in the past');
  equal((await act('release', { effective_day: '2099-01-01', note: '发布' })).status, 200, 'asked for');
  check(!(await acts(lin)).includes('confirm_release'), 'who asked may not confirm');
  equal((await act('confirm_release', {}, lin)).status, 409, 'nor by a call');
  equal((await act('refuse_release', { note: '日期太远' }, gao)).status, 200, 'sent back');
  equal((await act('release', { effective_day: '2098-01-01', note: '发布' })).status, 200, 'asked again');
  equal((await act('confirm_release', { note: '同意' }, gao)).json.stage, 'released', 'confirmed by another');
  const model = await view();
  equal(model.effective_day, '2098-01-01', 'its day');
  equal(model.data.release.items[0].item, ITEM, 'with the versions of its items');
  equal(model.changed.length, 0, 'nothing has changed since');
  const repeated = await act('confirm_release', {}, gao);
  equal(repeated.status, 409, 'once');
}

/* The catalogue goes on: what was released is told to be another. */
async function changes() {
  const file = path.join(service.catalogue, 'items', ITEM, 'item.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('多数在 2 天内办结', '多数在 3 天内办结'));
  service.server.kill('SIGHUP');
  check(await until(async () => (await view()).changed.length === 1, 15000), 'a changed item is told');
  equal((await view()).changed[0].item, ITEM, 'which one');
}

async function retires() {
  equal((await act('retire', { ends_day: '2099-06-01', note: '新标准' }, gao)).status, 200, 'asked for');
  equal((await act('confirm_retirement', {}, gao)).status, 409, 'not alone');
  equal((await act('confirm_retirement', {}, lin)).json.stage, 'retired', 'by two');
  equal((await view()).acts.length, 0, 'then nothing can be done');
  const { history } = await view();
  equal(history[0].act, 'propose', 'the record begins with the proposal');
  equal(history.at(-1).act, 'confirm_retirement', 'and ends with the end');
  check(history.every((h) => h.by && h.done_at), 'each with who and when');
  equal(service.sql('select count(*) n from standard_acts')[0].n, history.length, 'acts are rows of their own');
}

/* The demo's item reaches two of the rates; with the flag all three. */
function flagged(s) {
  const item = path.join(s.catalogue, 'items', ITEM, 'item.yaml');
  writeFileSync(item, readFileSync(item, 'utf8').replace(/^flags: \[/m, 'flags: [one_certificate, '));
}

await run(async () => {
  service = await Service.start({ catalogue: 'catalogues/demo', before: flagged });
  [lin, gao, clerk, supervisor] = [await staff(service, 'designer'), await staff(service, 'designer2'), await staff(service, 'clerk'), await staff(service, 'supervisor')];
  await part('proposal', proposes);
  await part('dissection', dissects);
  await part('pilot and rectification', pilots);
  await part('release by two', releases);
  await part('what the catalogue changes', changes);
  await part('retirement by two', retires);
});
