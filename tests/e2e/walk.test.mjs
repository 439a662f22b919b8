/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk in the browser, from the portal's search to the rating: once in Chinese at 1280 px with
 * script, once in English at 360 px without; then what else may happen to a case.
 *   node tests/e2e/walk.test.mjs [PART…]
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { writeFileSync } from 'node:fs';
import { check, equal, part, run, until } from '../lib/check.mjs';
import { Service } from '../lib/service.mjs';
import { PEOPLE, STAFF, answersOf, png, submitted } from '../lib/walk.mjs';
import { Person, openBrowser } from './lib/browser.mjs';
import { MAIN_BUTTON, applyThrough, sendIt, startIt } from './lib/apply.mjs';

let service, other; /* registers are switched off at the second one */

/* A PDF behind a link of the page: its words. */
async function pdf(p, selector, label) {
  const url = await p.find(selector).first().getAttribute('href');
  const answer = await p.context.request.get(url);
  equal(answer.status(), 200, `${label}: ${url}`);
  const file = path.join(p.service.folder, 'seen.pdf');
  writeFileSync(file, await answer.body());
  return execFileSync('pdftotext', [file, '-'], { encoding: 'utf8' }).replace(/\s+/g, '');
}

async function portal(p) {
  await p.go('/');
  await p.look('home');
  await p.click('nav.tabs a[href*="for=org"]');
  await p.look('home-organisations');
  await p.click('nav.tabs a[href="/"]');
  for (const q of ['工伤', 'gsrd', 'work injury']) {
    await p.go('/');
    await p.fill({ q });
    await p.click('main form[role=search] button');
    check(await p.has('main a[href^="/s/work-injury"]'), `${p.mark}: search finds by ${q}`);
  }
  await p.look('search');
  await p.click('main a[href^="/s/work-injury"]');
  await p.look('guide');
  const before = await p.text();
  for (const [key, value] of [['applicant_kind', 'worker'], ['insured', 'yes'], ['circumstance', 'work_time_place_cause']])
    await p.click(`a[href*="${key}=${value}"]`);
  check((await p.text()) !== before, `${p.mark}: the guide answers for me`);
  await p.look('guide-for-me');
}

/* What was typed wrongly is told above, at the field, and kept. */
async function wrongly(p) {
  await p.fill({ worker_name: '李', worker_id: '330199199205034024', worker_phone: '123' });
  await p.click(MAIN_BUTTON);
  await p.look('wrong-input');
  check(await p.has('.oops'), `${p.mark}: a summary`);
  check(await p.has('#worker_id-error') && await p.has('#worker_phone-error'), `${p.mark}: errors at the fields`);
  equal(await p.find('[name=worker_id]').inputValue(), '330199199205034024', 'what was typed is there');
  const described = await p.find('[name=worker_id]').getAttribute('aria-describedby');
  check(described.includes('worker_id-error'), 'the error belongs to its field', described);
  if (p.js) check(await p.page.evaluate(() => document.activeElement.classList.contains('oops')), 'the summary has the focus');
  await p.find('.oops a[href="#worker_id"]').click();
  check(p.page.url().endsWith('#worker_id'), 'the summary leads to the field');
}

async function applyAll(p, person, options) {
  const seen = new Set();
  const all = { answers: answersOf(person), opened: [], ...options };
  all.seen = async (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    await p.look(`apply-${name}`, { picture: ['worker', 'worker-facts-read', 'circumstance', 'medical-record', 'medical-record-given', 'delivery'].includes(name) });
  };
  const walked = await applyThrough(p, { ...all, until: 'worker-facts' });
  /* Another day, another phone. */
  const draft = p.at().split('/')[2];
  await p.signOut();
  await p.citizen(person);
  await p.look('my-draft');
  await p.click(`main a[href="/apply/${draft}"]`);
  await p.look('tasklist');
  await p.click('main ul.task li:has(.tag.warn) a');
  walked.push(...await applyThrough(p, all));
  await p.look('answers');
  await p.click('form[action$="/submit"] button');
  check(await p.has('#declaration-error'), `${p.mark}: nothing goes without the declaration`);
  const no = await sendIt(p);
  await p.look('done');
  check(await p.has('main img[src$="qr.svg"]'), `${p.mark}: the receipt has a QR code`);
  check((await p.text()).includes(no), `${p.mark}: the receipt has the number`);
  const words = await pdf(p, 'main a[href^="/documents/"]', 'receipt');
  check(words.includes(no), 'the receipt as PDF', words.slice(0, 200));
  return { no, walked, opened: all.opened };
}

async function window_(p, no) {
  await p.staff(...STAFF.clerk);
  await p.look('desk-list');
  await p.click(`main td a[href="/w/cases/${no}"]`);
  await p.look('desk-case');
  if (await p.has('form[action$="/claim"] button')) await p.click('main form[action$="/claim"] button');
}

async function office(p, no, decision) {
  await p.staff(...STAFF.approver);
  check(await until(async () => {
    await p.go('/o');
    return p.has(`main td a[href="/o/cases/${no}"]`);
  }), `${p.mark}: the case waits in the back office`);
  await p.look('approve-list');
  await p.click(`main td a[href="/o/cases/${no}"]`);
  await p.look('approve-case');
  await p.click('form[action$="/decide"] button');
  check(await p.has('.oops'), `${p.mark}: a decision needs to be made and signed`);
  await p.look('approve-wrong');
  if (decision === 'deny') await suspendAndResume(p, no);
  await p.fill({ decision, reason: '事实清楚，符合第十四条第（一）项。', confirm: 'true' });
  await p.click('form[action$="/decide"] button');
  check(!(await p.has('.oops')), `${p.mark}: decided`, await p.text());
}

async function suspendAndResume(p, no) {
  await p.go(`/o/cases/${no}`);
  await p.find('details:has(form[action$="/suspend"]) summary').click();
  await p.fill({ ground: 'awaiting_finding' });
  await p.click('form[action$="/suspend"] button');
  check(await p.has('form[action$="/resume"]') && !(await p.has('form[action$="/decide"]')), `${p.mark}: suspended`);
  await p.look('suspended');
  await p.fill({ reason: '结论已经收到' });
  await p.click('form[action$="/resume"] button');
  check(await p.has('form[action$="/decide"]'), `${p.mark}: goes on`);
}

async function phone(p, no, n) {
  const there = await until(() => p.service.messages().filter((m) => m.text.includes(no)).length >= n);
  check(there, `${n} phone messages`);
  await p.go('/demo/phone');
  await p.look('phone');
  check((await p.text()).includes(no), `${p.mark}: the message is on the phone`);
}

async function result(p, person, no, granted) {
  await p.citizen(person);
  check(await until(() => p.service.sql(`select state from cases where no = '${no}'`)[0].state === 'delivered'), `${p.mark}: delivered`);
  await p.go(`/my/cases/${no}`);
  const told = await p.text();
  check(granted ? await p.has('main a[href^="/certificates/"]') : /Denied|不予/.test(told), `${p.mark}: the result is told`, told.slice(0, 300));
  await p.look('result');
  if (granted) await certificate(p);
  await p.go(`/my/cases/${no}#rate`);
  await p.click('form[action$="/rate"] button');
  check(await p.has('#level-error'), `${p.mark}: a rating needs a level`);
  await p.look('rate-wrong');
  equal(await p.find('form[action$="/rate"] input[name=level]').count(), 5, 'five levels');
  await p.fill({ level: '4', reasons: ['speed'], remark: '很快' });
  await p.click('form[action$="/rate"] button');
  check(!(await p.has('.oops')) && !(await p.has('form[action$="/rate"]')), `${p.mark}: rated once`);
}

async function certificate(p) {
  const words = await pdf(p, 'main a[href^="/certificates/"]', 'certificate');
  check(words.includes('李文静'), 'the certificate names its holder', words.slice(0, 200));
  check(await p.has('main img[src$="certificate.svg"]'), 'with a QR code');
  const verify = await p.find('main a[href^="/verify/"]').first().getAttribute('href');
  const anybody = await Person.open(p.service, { lang: p.lang, width: p.width, js: p.js });
  await anybody.go(verify);
  await anybody.look('verify-valid');
  check(await anybody.has('main .alert.ok') && !(await anybody.text()).includes('李文静'), 'valid, with a masked name');
  await anybody.go('/verify');
  await anybody.fill({ code: 'AAAAAAAAAAAAAAAA' });
  await anybody.click('main form button');
  await anybody.look('verify-unknown');
  check(await anybody.has('main .alert.err'), 'an unknown code is unknown');
  await anybody.close();
}

/* Everything is known to registers; the case is granted. */
async function chinese() {
  const p = await Person.open(service, { lang: 'zh-CN', width: 1280, js: true });
  await portal(p);
  await p.go('/');
  await p.find('#q').fill('gsrd');
  await p.click('main form[role=search] button');
  await p.find('main form[data-live] [name=q]').fill('工伤认定');
  check(await until(() => p.has('main a[href^="/s/work-injury"]')), 'results come while typing');
  await p.go('/s/work-injury');
  await startIt(p);
  await p.look('identity');
  await p.click(`form:has(input[value="${PEOPLE.li}"]) button`);
  if (!p.at().startsWith('/apply/')) {
    await p.go('/s/work-injury');
    await startIt(p);
  }
  if (p.at().split('/').length === 3) await p.click('main ul.task a');
  await p.fill({ applicant_kind: 'worker' });
  await p.click(MAIN_BUTTON);
  await wrongly(p);
  const { no, walked } = await applyAll(p, PEOPLE.li, {});
  check(!walked.includes('medical-record'), 'the register\'s record replaces the paper', walked);
  const clerk = await Person.open(service, { lang: 'zh-CN' });
  await window_(clerk, no);
  await clerk.click('form[action$="/accept"] button');
  await office(clerk, no, 'grant');
  await phone(clerk, no, 3);
  await result(p, PEOPLE.li, no, true);
  await p.go('/my/access');
  await p.look('access');
  await Promise.all([p.close(), clerk.close()]);
}

/* A register is down, one is wrong, the way to work opens a question; corrected, suspended, denied. */
async function english() {
  const p = await Person.open(other, { lang: 'en', width: 360, js: false });
  await portal(p);
  await p.citizen(PEOPLE.zhou);
  await p.go('/s/work-injury');
  await startIt(p);
  await other.register('hospital', 'down');
  if (p.at().split('/').length === 3) await p.click('main ul.task a');
  await p.fill({ applicant_kind: 'worker' });
  await p.click(MAIN_BUTTON);
  await wrongly(p);
  const answers = { ...answersOf(PEOPLE.zhou), worker_name: '周敏', employer_name: '云溪市安和石材有限公司', employer_uscc: '91330199MA2L5E2N6A',
    circumstance: 'commute', commute_main_responsibility: 'false', delivery: 'mail', delivery_address: '云溪市城南街道梅园路 27 号' };
  const { no, walked, opened } = await applyAll(p, PEOPLE.zhou, { answers, object: ['insurance-facts'], mail: ['traffic-finding'] });
  await other.register('hospital', 'up');
  check(walked.includes('medical-record'), 'a register that is down: the paper instead', walked);
  check(walked.includes('employment-proof'), 'who objects gives an own paper', walked);
  check(opened.includes('circumstance') && opened.includes('delivery'), 'without script the server opens what follows', opened);
  const slip = await p.context.request.get(`/my/cases/${no}/cover-slip`);
  equal(slip.status(), 200, 'the cover slip');
  const clerk = await Person.open(other, { lang: 'en', width: 360, js: false });
  await window_(clerk, no);
  await clerk.find('details:has(form[action$="/correction"]) summary').click();
  await clerk.click('form[action$="/correction"] button');
  check(await clerk.has('#correction-missing-error'), 'a notice says what is missing');
  await clerk.look('correction-wrong');
  await clerk.fill({ missing: ['traffic-finding'], 'note.traffic-finding': 'page 2', other: 'A photo of the bike' });
  await clerk.click('form[action$="/correction"] button');
  await supply(p, no);
  await clerk.go(`/w/cases/${no}`);
  await clerk.click('form[action$="/accept"] button');
  await clerk.go(`/w/cases/${no}`);
  check(await clerk.has('form[action$="/receive"] button'), 'the announced paper can be taken in');
  await clerk.click('form[action$="/receive"] button');
  check(!(await clerk.has('form[action$="/receive"] button')), 'it has come');
  await office(clerk, no, 'deny');
  await phone(clerk, no, 3);
  await result(p, PEOPLE.zhou, no, false);
  await Promise.all([p.close(), clerk.close()]);
}

async function supply(p, no) {
  await p.go('/my');
  await p.look('my-correction');
  await p.click(`main a[href="/my/cases/${no}"]`);
  await p.look('correction');
  await p.click('main a[href$="/supplement"]');
  await p.look('supplement');
  await p.click('form[action$="/supplement"] button');
  check(await p.has('.oops'), 'an empty answer');
  await p.find('#file1').setInputFiles([{ name: '认定书.png', mimeType: 'image/png', buffer: png(5) }]);
  await p.fill({ note: 'Page 2 is there' });
  await p.click('form[action$="/supplement"] button');
  check(!(await p.has('.oops')) && !(await p.has('main a[href$="/supplement"]')), 'supplied once', await p.text());
}

async function refused() {
  const c = await submitted(service, PEOPLE.li);
  const clerk = await Person.open(service, { lang: 'zh-CN' });
  await window_(clerk, c.no);
  await clerk.find('details:has(form[action$="/refuse"]) summary').click();
  await clerk.click('form[action$="/refuse"] button');
  check(await clerk.has('.oops'), 'a refusal needs a ground');
  await clerk.look('refuse-wrong');
  await clerk.fill({ ground: 'too_late', reason: '超过一年' });
  await clerk.click('form[action$="/refuse"] button');
  check(await clerk.has('main .alert.ok'), 'refused', await clerk.text());
  const p = await Person.open(service, { lang: 'zh-CN', width: 360 });
  await p.citizen(PEOPLE.li);
  await p.go(`/my/cases/${c.no}`);
  await p.look('refused');
  check((await pdf(p, 'main a[href^="/documents/"] >> nth=-1', 'refusal')).includes('行政复议'), 'with remedies');
  await Promise.all([p.close(), clerk.close()]);
}

async function receiver() {
  const c = await submitted(service, PEOPLE.li);
  const both = await Person.open(service, { lang: 'zh-CN' });
  await both.staff(...STAFF.both);
  await both.go(`/w/cases/${c.no}`);
  await both.click('form[action$="/accept"] button');
  await until(async () => {
    await both.go(`/o/cases/${c.no}`);
    return both.has('main .alert.warn');
  });
  check(!(await both.has('form[action$="/decide"]')), 'whoever received sees no form to decide');
  await both.look('received-by-me');
  const answer = await both.context.request.post(`/o/cases/${c.no}/decide`, { form: { _csrf: await both.find('[name=_csrf]').first().inputValue(), decision: 'grant', reason: 'x', confirm: 'true' } });
  equal(answer.status(), 403, 'and may not');
  await both.close();
}

async function withdrawn() {
  const p = await Person.open(service, { lang: 'en', width: 360 });
  const c = await submitted(service, PEOPLE.sun, { change: { worker_name: '孙浩' } });
  await p.citizen(PEOPLE.sun);
  await p.go(`/my/cases/${c.no}`);
  await p.click('main a[href$="/withdraw"]');
  await p.look('withdraw');
  await p.fill({ reason: 'A mistake' });
  await p.click('form[action$="/withdraw"] button');
  await p.look('withdrawn');
  await p.close();
}

async function deemed() {
  const c = await submitted(service, PEOPLE.li);
  const p = await Person.open(service, { lang: 'zh-CN', width: 360 });
  let accepted = false;
  for (let day = 0; day < 14 && !accepted; day += 2) {
    await p.go('/demo/clock');
    await p.fill({ days: '2' });
    await p.click('main form:has(#days) button');
    accepted = await until(async () => service.sql(`select state from cases where no = '${c.no}'`)[0].state === 'accepted', 1500);
  }
  check(accepted, 'nobody answered in five working days: deemed accepted');
  await p.look('clock');
  await p.citizen(PEOPLE.li);
  await p.go(`/my/cases/${c.no}`);
  await p.look('deemed');
  await p.close();
}

await run(async () => {
  service = await Service.start();
  other = await Service.start();
  await openBrowser();
  await Promise.all([part('chinese 1280', chinese), part('english 360 without script', english)]);
  await part('refused', refused);
  await part('receiver', receiver);
  await part('withdrawn', withdrawn);
  await part('deemed', deemed);
  for (const s of [service, other]) {
    const wrong = s.logText().split('\n').filter((l) => /message is unknown| error /.test(l));
    check(wrong.length === 0, 'nothing is wrong in the log', wrong.slice(0, 5).join('\n'));
    equal(await s.stop(), 0, 'the service ends well');
  }
});
