/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Systems outside tell processes what has happened; cases tell each other; steps that are no act of
 * the law are done by a form. The catalogue: tests/catalogues/messages.
 *   node tests/api/messages.mjs [PART…]
 */
import { check, equal, part, run, until } from '../lib/check.mjs';
import { Service } from '../lib/service.mjs';

const LI = '330199199205034023';
let service, bank, fire, citizen, clerk, housing;

async function applied() {
  const answer = await citizen.post('/api/cases', { item: 'talk', lang: 'zh', declaration: true, materials: [],
    answers: { person_name: '李文静', person_id: LI } });
  equal(answer.status, 201, 'applied');
  return answer.json.no;
}

const shown = async (who, root, no) => (await who.get(`${root}/cases/${no}`)).json;

/* A case that does so from its first step on. */
async function begin(outcome, remark = '') {
  const no = await applied();
  const { task } = await shown(clerk, '/w', no);
  const done = await clerk.post(`/w/cases/${no}/task`, { task: task.id, outcome, remark });
  equal(done.status, 200, `first step: ${outcome}`);
  return no;
}

const say = (who, value, options) => who.post('/api/messages', { name: 'answer', ...value }, options);
const waiting = (no) => service.sql(`select s.name from subscriptions s join cases c on c.id = s.case_id where c.no = '${no}' and s.name <> 'note'`).length;
const heard = (no) => service.sql(`select e.seq from events e join cases c on c.id = e.case_id where c.no = '${no}' and e.kind = 'message_received'`).length;

async function rights() {
  const nobody = service.visitor();
  equal((await say(nobody, { correlation: 'k' })).status, 401, 'without a token');
  equal((await say(fire, { correlation: 'k' })).status, 403, 'a name that was not granted');
  equal((await bank.post('/api/signals', { name: 'alarm' })).status, 403, 'nor that signal');
  equal((await say(clerk, { correlation: 'k' })).status, 401, 'staff have no token');
  const wrong = await say(bank, { correlation: {} });
  equal(wrong.status, 422, 'no text');
  equal(wrong.json.problems?.[0]?.element, 'correlation', 'where');
}

async function delivered() {
  const first = await begin('wait', 'order-1'), second = await begin('wait', 'order-1');
  const answer = await say(bank, { correlation: 'order-1', variables: { said: 'paid' } });
  equal(answer.status, 200, 'told');
  equal(answer.json.delivered, first, 'who has waited longest');
  equal(waiting(first), 0, 'it waits no more');
  equal(waiting(second), 1, 'the other one does');
  const keyed = { key: 'pay-7' };
  const once = await say(bank, { correlation: 'order-1', variables: { said: 'paid' } }, keyed);
  const again = await say(bank, { correlation: 'order-1', variables: { said: 'paid' } }, keyed);
  equal(once.json.delivered, second, 'the second');
  equal(again.text, once.text, 'a repeat gets the stored answer');
  equal(heard(second), 1, 'and changes nothing');
  equal((await say(bank, { correlation: 'order-1', ttl_s: 0 })).json.result, 'dropped', 'nobody waits');
}

async function buffered() {
  const message = { correlation: 'order-2', variables: { said: 'paid' }, message_id: 'm-2' };
  equal((await say(bank, message)).json.result, 'buffered', 'for an hour');
  equal((await say(bank, message)).json.result, 'buffered', 'the same');
  const no = await begin('wait', 'order-2');
  equal(heard(no), 1, 'given when somebody waits, once');
  equal((await say(bank, message)).json.delivered, no, 'known by its id');
  equal(heard(no), 1, 'and not again');
}

async function signals() {
  const all = [await begin('listen'), await begin('listen'), await begin('listen')];
  equal((await fire.post('/api/signals', { name: 'alarm' })).json.cases, 3, 'three listen');
  const ended = await until(() => all.every((no) => heard(no) === 1 && !waiting(no)), 8000);
  check(ended, 'all have heard it');
}

/* What was told is delivered once, whenever the program dies. */
async function killed() {
  const COUNT = 24;
  const waits = [];
  for (let i = 0; i < COUNT; i++) waits.push(await begin('wait', `deal-${i}`));
  for (let i = 0; i < COUNT; i++) {
    await begin('ask', `deal-${i}`);
    if (i % 8 === 5) {
      await service.kill();
      await service.serve();
      await signIn();
    }
  }
  await service.kill();
  await service.serve();
  await signIn();
  const through = await until(() => waits.every((no) => heard(no) === 1), 15000);
  check(through, 'each has heard its own, once', waits.map(heard));
  equal(service.sql("select id from messages where state = 'open'").length, 0, 'nothing is left on its way');
}

/* A step in another organ's pool, by its page. */
async function steps() {
  const no = await begin('wait', 'order-3');
  equal((await housing.get(`/o/cases/${no}`)).status, 403, 'not before there is something to do');
  await say(bank, { correlation: 'order-3', variables: { said: 'yes' } });
  const model = await shown(housing, '/o', no);
  check(model.can_step && model.step_form.has_outcomes, 'the step waits for the branch', model.task);
  const list = (await housing.get('/o')).json;
  check(list.tasks.some((t) => t.no === no && t.organ_name), 'in its worklist, with whose case it is');
  const page = (await housing.page(`/o/cases/${no}`)).text;
  check(page.includes('住房核查') && page.includes('同意') && page.includes(`/o/cases/${no}/task`), 'a form with outcomes');
  const english = service.visitor({ lang: 'en' });
  await english.staff('he', 'test-only-1');
  check((await english.page(`/o/cases/${no}`)).text.includes('Send back'), 'in English');
  const without = await housing.form(`/o/cases/${no}/task`, { task: model.task.id, remark: '看过' });
  equal(without.status, 422, 'an outcome is needed');
  check(without.text.includes('看过') && without.text.includes('task-outcome-error'), 'what was typed stays');
  const sent = await housing.form(`/o/cases/${no}/task`, { task: model.task.id, outcome: 'agree', remark: '看过' });
  equal(sent.status, 303, 'done');
  equal((await housing.form(`/o/cases/${no}/task`, { task: model.task.id, outcome: 'agree' })).status, 409, 'once');
  equal((await housing.get(`/o/cases/${no}`)).status, 200, 'it may still be read');
  const own = JSON.stringify((await citizen.get(`/my/cases/${no}`)).json);
  check(!own.includes('看过') && !own.includes('message_received'), 'the applicant reads no remarks of the office');
}

async function signIn() {
  citizen = await service.visitor().citizen(LI);
  clerk = service.visitor();
  housing = service.visitor();
  for (const [who, login] of [[clerk, 'wang'], [housing, 'he']])
    equal((await who.staff(login, 'test-only-1')).status, 200, `sign-in of ${login}`);
}

await run(async () => {
  const tokens = {};
  service = await Service.start({ catalogue: 'tests/catalogues/messages', before: (s) => {
    for (const [name, names] of [['bank', 'answer,note'], ['fire', 'alarm']])
      tokens[name] = s.command('client', 'add', name, '--db', s.db, '--place', '330199', '--messages', names).trim();
  } });
  bank = service.visitor();
  fire = service.visitor();
  bank.bearer = tokens.bank;
  fire.bearer = tokens.fire;
  await signIn();
  await part('rights', rights);
  await part('delivered', delivered);
  await part('buffered', buffered);
  await part('signals', signals);
  await part('steps', steps);
  await part('killed', killed);
});
