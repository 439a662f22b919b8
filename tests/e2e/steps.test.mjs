/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A step that is no act of the law, as staff do it: the window's first step, the branch's review,
 * in both languages, on a phone and on a desk screen, without script too.
 *   node tests/e2e/steps.test.mjs [PART…]
 */
import { check, equal, part, run } from '../lib/check.mjs';
import { Service } from '../lib/service.mjs';
import { Person, openBrowser } from './lib/browser.mjs';

const LI = '330199199205034023';
let service, citizen, bank;

async function applied() {
  const answer = await citizen.post('/api/cases', { item: 'talk', lang: 'zh', declaration: true, materials: [],
    answers: { person_name: '李文静', person_id: LI } });
  equal(answer.status, 201, 'applied');
  return answer.json.no;
}

async function person(login, options) {
  const p = await Person.open(service, options);
  await p.go('/staff/login');
  await p.fill({ login, password: 'test-only-1' });
  await p.click('main form button.btn');
  return p;
}

async function steps(options, key) {
  const no = await applied(), clerk = await person('wang', options);
  await clerk.go('/w');
  await clerk.look('step-list');
  await clerk.find(`a[href^="/w/cases/${no}"]`).first().click();
  equal(clerk.at(), `/w/cases/${no}`, 'from the list to the case');
  check((await clerk.text()).includes('怎么办'), 'the step by its name');
  await clerk.look('step-window');
  await clerk.click('form[action$="/task"] button.btn');
  await clerk.look('step-wrong');
  check(await clerk.has('#task-outcome-error'), 'an outcome is asked for where it stands');
  await clerk.find('form[action$="/task"] input[value="wait"]').check();
  await clerk.fill({ remark: key });
  await clerk.click('form[action$="/task"] button.btn');
  check((await clerk.text('[role=status]')).length > 0, 'it says that it is done');
  equal((await bank.post('/api/messages', { name: 'answer', correlation: key, variables: { said: 'yes' } })).json.delivered, no, 'the message comes');
  const branch = await person('he', options);
  await branch.go('/o');
  await branch.look('step-office-list');
  await branch.go(`/o/cases/${no}`);
  await branch.look('step-office');
  await branch.find('form[action$="/task"] input[value="agree"]').check();
  await branch.click('form[action$="/task"] button.btn');
  await branch.go(`/o/cases/${no}`);
  check(!(await branch.has('form[action$="/task"]')), 'done');
  await branch.look('step-office-done');
}

await run(async () => {
  let token;
  service = await Service.start({ catalogue: 'tests/catalogues/messages', before: (s) => {
    token = s.command('client', 'add', 'bank', '--db', s.db, '--place', '330199', '--messages', 'answer').trim();
  } });
  citizen = await service.visitor().citizen(LI);
  bank = service.visitor();
  bank.bearer = token;
  await openBrowser();
  await part('desk screen', () => steps({ lang: 'zh-CN', width: 1280 }, 'k1'));
  await part('phone', () => steps({ lang: 'zh-CN', width: 360 }, 'k2'));
  await part('English', () => steps({ lang: 'en', width: 360, js: false }, 'k3'));
});
