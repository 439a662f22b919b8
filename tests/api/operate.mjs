/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Processes that stand still, by the API: one that breaks in each of the four ways, mended in each
 * way; and cases of an old version of a process that go over to a new one.
 *   node tests/api/operate.mjs [PART…]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { check, equal, part, run, until } from '../lib/check.mjs';
import { Service } from '../lib/service.mjs';
import { PEOPLE, accept, staff } from '../lib/walk.mjs';

const ITEM = 'breaks';
let service, citizen, clerk, approver, supervisor, admin;

async function broken(way) {
  const answer = await citizen.post('/api/cases', { item: ITEM, lang: 'zh', answers: { way, person_id: PEOPLE.li }, materials: [], declaration: true });
  equal(answer.status, 201, `apply ${way}`);
  const { no } = answer.json;
  await accept(clerk, no);
  return no;
}

/* The open incident of a case, once there is one. */
async function standing(no, ms = 8000) {
  return until(async () => {
    const model = (await admin.get(`/admin/cases/${no}`)).json;
    const found = model.incidents.find((i) => i.open);
    return found && model.tokens.some((t) => t.state === 'incident') ? { ...found, model } : null;
  }, ms);
}

const act = (no, what, body, visitor = admin) => visitor.post(`/admin/cases/${no}/${what}`, { reason: '原因已排除', ...body });
const where = async (no) => (await admin.get(`/admin/cases/${no}`)).json.tokens.map((t) => `${t.element}:${t.state}`).sort().join();
const keyOf = (i) => i.model.tokens.find((t) => t.state === 'incident').key;
const events = (no) => service.sql(`select e.kind, e.actor, e.data from events e join cases c on c.id = e.case_id where c.no = '${no}' order by e.seq`).map((e) => ({ ...e, data: JSON.parse(e.data) }));

/* After its last attempt a job is an incident; the demo's clock brings the attempts. */
async function failedJob(no) {
  const found = await until(async () => {
    await service.visitor().post('/demo/clock', { hours: 1 });
    return standing(no, 300);
  }, 15000);
  await everybody(); /* sessions end with the hours */
  return found;
}

async function everybody() {
  citizen = await service.visitor().citizen(PEOPLE.li);
  clerk = await staff(service, 'clerk');
  approver = await staff(service, 'approver');
  supervisor = await staff(service, 'supervisor');
  admin = await staff(service, 'admin');
}

async function four() {
  const rows = [['expression', 'amount_known', /没有结果/, /null/], ['flow', 'amount_is', /没有一条路/, /no flow/], ['loop', 'stopped', /原地打转/, /circle/]];
  for (const [way, element, zh, en] of rows) {
    const no = await broken(way);
    const i = await standing(no);
    if (!check(i, `${way}: stands`, await where(no))) continue;
    equal(i.kind, way, `${way}: kind`);
    check(way === 'loop' || i.element === element, `${way}: where`, i.element);
    check(zh.test(i.reason), `${way}: in Chinese`, i.reason);
    const english = await service.visitor({ lang: 'en' });
    await english.staff('admin', 'yunxi-demo-5');
    const page = (await english.get(`/admin/incidents/${i.id}`)).json;
    check(en.test(page.incident.reason) && page.incident.kind_text.length > 5, `${way}: in English`, page.incident.reason);
    check(events(no).some((e) => e.kind === 'incident'), `${way}: in the stream`);
  }
  const no = await broken('job');
  const i = await failedJob(no);
  if (!check(i, 'job: stands', await where(no))) return;
  equal(i.kind, 'job', 'job: kind');
  equal(i.element, 'issue', 'job: where');
  const list = (await admin.get('/admin/incidents')).json;
  check(list.count >= 4 && list.incidents.length >= 4, 'the list has them', list.count);
  for (const kind of ['job', 'expression', 'flow', 'loop'])
    check((await admin.get(`/admin/incidents?kind=${kind}&item=${ITEM}`)).json.incidents.every((r) => r.kind === kind), `only ${kind}`);
  equal((await admin.get('/admin/incidents?days=3650')).json.count, 0, 'none is that old');
  const home = (await admin.get('/admin')).json;
  equal(home.incidents.open, list.count, 'the first page counts the same');
  check(home.jobs.failed >= 1, 'and the failed job', home.jobs);
}

async function retried() {
  const no = await broken('expression');
  const i = await standing(no);
  const again = await act(no, 'retry', { key: keyOf(i) });
  equal(again.status, 200, 'tried again');
  check(again.json.again === true && again.json.standing === 1, 'and stands again', again.json);
  equal((await act(no, 'retry', { key: keyOf(i) })).status, 409, 'the old incident is over');
  const now = await standing(no);
  const data = { ...JSON.parse('{"way":"expression","tries":1,"stop":false}'), amount: 20 };
  const mended = await act(no, 'retry', { key: keyOf(now), variables: { data } });
  check(mended.status === 200 && mended.json.standing === 0, 'set and tried again', mended.text);
  equal(await where(no), 'decide:task', 'it waits for a decision');
  const closed = (await admin.get(`/admin/cases/${no}`)).json.incidents;
  check(closed.length === 2 && closed.every((c) => !c.open && c.how === 'retried' && c.closed_by === '管理员'), 'both are closed', closed);
  const seen = events(no).find((e) => e.kind === 'flow_retry' && e.data.variables);
  check(seen && seen.data.variables.data.amount === 20 && seen.data.reason === '原因已排除' && /^staff:/.test(seen.actor), 'the stream says who, what and why', seen);
  const own = (await citizen.get(`/my/cases/${no}`)).json;
  check(!own.timeline.some((e) => /^flow_|incident/.test(e.kind)), 'applicants do not read of it');
}

async function byExpression() {
  const no = await broken('flow');
  const i = await standing(no);
  const wrong = await act(no, 'retry', { key: keyOf(i), expressions: { amount: 'amount - ' } });
  equal(wrong.status, 422, 'no expression');
  equal(wrong.json.problems[0].key, 'operate.bad-expression', 'says so');
  const right = await act(no, 'retry', { key: keyOf(i), expressions: { amount: 'amount - 3' } });
  equal(right.status, 200, 'an expression over what is known');
  equal(await where(no), 'decide:task', 'the second way was taken');
}

async function setAndLoop() {
  const no = await broken('loop');
  const i = await standing(no);
  for (const [body, status, key] of [
    [{ variables: { '1x': 1 } }, 422, 'operate.bad-name'], [{}, 422, 'error.required'], [{ scope: '99', variables: { a: 1 } }, 409, 'operate.no-scope'],
    [{ reason: '', variables: { a: 1 } }, 422, 'error.required'], [{ version: 1, variables: { a: 1 } }, 409, 'operate.moved-meanwhile']]) {
    const answer = await act(no, 'set', body);
    equal(answer.status, status, `set ${JSON.stringify(body)}`);
    equal(answer.json.problems?.[0].key, key, `says why: ${key}`);
  }
  equal((await act(no, 'set', { variables: { stop: true } })).status, 200, 'set');
  equal((await standing(no)).element, i.element, 'still there');
  equal((await act(no, 'retry', { key: keyOf(i) })).status, 200, 'tried again');
  equal(await where(no), 'decide:task', 'out of the circle');
}

async function resolvedAndMoved() {
  const no = await broken('job');
  const i = await failedJob(no);
  equal((await act(no, 'resolve', { key: keyOf(i) })).status, 200, 'counts as done');
  equal(await where(no), 'decide:task', 'the process went on');
  equal(service.sql(`select count(*) n from jobs j join cases c on c.id = j.case_id where c.no = '${no}'`)[0].n, 0, 'the failed job is gone');

  const other = await broken('flow');
  const stands = await standing(other);
  const token = stands.model.tokens[0].id;
  const version = stands.model.version;
  for (const [to, status, key] of [['nowhere', 422, 'operate.no-element'], ['', 422, 'error.required'], ['start', 409, 'operate.cannot-move']]) {
    const answer = await act(other, 'move', { token, to });
    equal(answer.status, status, `move to '${to}'`);
    equal(answer.json.problems?.[0].key, key, `says why: ${key}`);
  }
  const dry = await act(other, 'move', { token, to: 'decide', dry: true });
  equal(dry.status, 200, 'a dry run');
  check(dry.json.effects.some((e) => e.effect === 'create task' && e.element === 'decide'), 'says what would happen', dry.json.effects);
  equal((await admin.get(`/admin/cases/${other}`)).json.version, version, 'and did nothing');
  equal((await act(other, 'move', { token, to: 'decide', version })).status, 200, 'moved');
  equal(await where(other), 'decide:task', 'there it is');
  equal((await act(other, 'move', { token: '9', to: 'decide' })).json.problems[0].key, 'operate.no-token', 'a token that is not there');
  const closed = (await admin.get(`/admin/cases/${other}`)).json.incidents[0];
  equal(closed.how, 'moved', 'its incident is closed');
}

async function cancelled() {
  const no = await broken('flow');
  await standing(no);
  equal((await act(no, 'cancel', {})).json.problems[0].key, 'error.confirm', 'asks to confirm');
  equal((await act(no, 'cancel', { confirm: true })).status, 200, 'ended');
  const model = (await admin.get(`/admin/cases/${no}`)).json;
  check(!model.active && model.tokens.length === 0 && model.incidents[0].how === 'cancelled', 'nothing is left', model.tokens);
  equal((await act(no, 'cancel', { confirm: true })).json.problems[0].key, 'operate.over', 'once');
  equal(service.sql(`select count(*) n from tasks t join cases c on c.id = t.case_id where c.no = '${no}' and t.state in ('open', 'claimed')`)[0].n, 0, 'no task');
}

async function hidden() {
  const no = await broken('flow');
  const i = await standing(no);
  const shown = JSON.stringify(i.model.scopes);
  check(!shown.includes(PEOPLE.li) && i.model.any_hidden, 'what is sensitive is hidden, copies too', shown);
  equal((await admin.post(`/admin/cases/${no}/open`, {})).status, 422, 'not without a purpose');
  const page = await admin.form(`/admin/cases/${no}/open`, { purpose: '核对证件号码' });
  check(page.status === 200 && page.text.includes(PEOPLE.li), 'shown with a purpose', page.status);
  const log = (await citizen.get('/my/access')).json;
  check(JSON.stringify(log).includes('核对证件号码'), 'the person reads the purpose');
  check((await supervisor.get(`/admin/cases/${no}`)).status === 200, 'a supervisor looks');
  equal((await act(no, 'retry', { key: keyOf(i) }, supervisor)).status, 403, 'but does not act');
  equal((await clerk.get('/admin')).status, 403, 'a clerk sees nothing');
}

/* Forms of the pages: what was typed comes back, a dry run leads to the act. */
async function pages() {
  const no = await broken('flow');
  const i = await standing(no);
  const html = (await admin.page(`/admin/incidents/${i.id}`)).text;
  const version = html.match(/name="version" value="(\d+)"/)[1];
  const common = { form: 'mend', incident: i.id, version, key: keyOf(i) };
  const wrong = await admin.form(`/admin/cases/${no}/retry`, { ...common, name: 'amount', value: '= amount +', reason: '改数' });
  check(wrong.status === 422 && wrong.text.includes('改数') && wrong.text.includes('id="mend-value-error"'), 'the page again', wrong.status);
  const token = i.model.tokens[0].id;
  const moved = { form: `move-${token}`, incident: i.id, version, token, to: 'decide', reason: '人工决定' };
  const dry = await admin.form(`/admin/cases/${no}/move`, { ...moved, dry: 'true' });
  check(dry.status === 200 && /name="to" value="decide"/.test(dry.text), 'a dry run, then a button', dry.status);
  const right = await admin.form(`/admin/cases/${no}/retry`, { ...common, name: 'amount', value: '1', reason: '改数' });
  equal(right.status, 303, 'mended');
  equal(right.location, `/admin/cases/${no}?done=retry`, 'to the case');
  const late = await admin.form(`/admin/cases/${no}/move`, moved);
  check(late.status === 409 && late.text.includes('role="alert"'), 'too late: the page says so', late.status);
}

/* The same item with a step renamed and one more at its end. */
function newVersion(folder) {
  const file = path.join(folder, 'items/breaks/breaks.bpmn');
  const item = path.join(folder, 'items/breaks/item.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"decide"', '"settle"')
    .replace('name="stage" value="settle"', 'name="stage" value="decide"'));
  writeFileSync(item, readFileSync(item, 'utf8').replace('version: "1"', 'version: "2"'));
}

async function versions() {
  const waiting = [];
  for (let n = 0; n < 4; n++) waiting.push(await broken('none'));
  const stuck = await broken('flow');
  await standing(stuck);
  for (const no of waiting) await until(async () => (await where(no)) === 'decide:task');
  const before = (await admin.get('/admin/versions')).json.items[0];
  equal(before.versions.length, 1, 'one version');
  await service.stop();
  newVersion(service.catalogue);
  await service.serve();
  await everybody();
  const items = (await admin.get('/admin/versions')).json;
  const old = items.items[0].versions.find((v) => !v.current);
  check(old && items.old_running >= 5, 'cases of the old version', items);
  equal(await where(waiting[0]), 'decide:task', 'they stand where they stood');

  const at = `/admin/versions/${ITEM}`;
  const none = await admin.post(at, { from: old.hash, reason: '换', dry: true });
  check(none.status === 200 && none.json.failed.length >= 4, 'without a mapping they do not fit', none.text.slice(0, 400));
  check(/decide/.test(none.json.failed[0].why), 'told by the element', none.json.failed[0]);
  equal((await admin.post(at, { from: old.hash, reason: '', dry: true })).status, 422, 'a reason is needed');
  equal((await admin.post(at, { from: 'nothing', reason: '换' })).status, 404, 'a version that is not there');
  const map = { decide: 'settle' };
  const one = await admin.post(`/admin/cases/${waiting[0]}/migrate`, { reason: '换', map, dry: true });
  check(one.status === 200 && one.json.changes.some((c) => c.element === 'decide' && c.becomes === 'settle'), 'one case, dry', one.text.slice(0, 300));
  equal((await admin.post(`/admin/cases/${waiting[0]}/migrate`, { reason: '换', map, version: one.json.version })).status, 200, 'one case');
  equal(await where(waiting[0]), 'settle:task', 'it waits at the new step');
  const dry = await admin.post(at, { from: old.hash, reason: '换', map, dry: true });
  check(dry.json.moved >= 4 && dry.json.changes.length > 0, 'a dry run of all', dry.text.slice(0, 300));
  equal((await admin.get('/admin/versions')).json.old_running, items.old_running - 1, 'which moved none');
  const all = await admin.post(at, { from: old.hash, reason: '流程有错', map });
  check(all.status === 200 && all.json.done && all.json.left === 0, 'all of them', all.text.slice(0, 300));
  for (const no of waiting) equal(await where(no), 'settle:task', `${no} is over there`);
  equal(await where(stuck), 'amount_is:incident', 'an incident goes along');
  equal((await act(stuck, 'retry', { key: keyOf(await standing(stuck)), variables: { amount: 1 } })).status, 200, 'and is mended there');
  const event = events(waiting[1]).find((e) => e.kind === 'flow_migrate');
  check(event && event.data.map.decide === 'settle' && event.data.reason === '流程有错', 'in the stream', event);
  const decided = await approver.post(`/o/cases/${waiting[2]}/decide`, { decision: 'grant', reason: '可以', confirm: true });
  equal(decided.status, 200, 'and it is decided there');
  const word = service.command('verify', '--db', service.db);
  check(/^whole/.test(word), 'the chains are whole', word);
}

await run(async () => {
  service = await Service.start({ catalogue: 'tests/catalogues/operate' });
  await everybody();
  await part('four ways', four);
  await part('retry', retried);
  await part('expression', byExpression);
  await part('set', setAndLoop);
  await part('resolve, move', resolvedAndMoved);
  await part('cancel', cancelled);
  await part('hidden', hidden);
  await part('pages', pages);
  await part('versions', versions);
  const wrong = service.logText().split('\n').filter((l) => /message is unknown| error /.test(l) && !/incident case=| job /.test(l));
  check(wrong.length === 0, 'nothing is wrong in the log', wrong.slice(0, 5).join('\n'));
});
