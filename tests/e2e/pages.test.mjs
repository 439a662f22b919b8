/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every page that there is, in both languages, on a phone and on a desk screen, with and without
 * script: axe, nothing on the console, no sideways scroll (at 320 px too), a picture. And the looks
 * that people may choose: large text, dark, forced colours, print.
 *   node tests/e2e/pages.test.mjs [PART…]
 */
import { execFileSync } from 'node:child_process';
import { check, equal, part, run } from '../lib/check.mjs';
import { Service } from '../lib/service.mjs';
import { ITEM, PEOPLE, STAFF, accept, decide, fillDraft, reached, staff, submitted, toDecide } from '../lib/walk.mjs';
import { Person, openBrowser } from './lib/browser.mjs';

let service;
const things = {};

/* [name, who, address, status] */
function pages() {
  const { open, correction, done, decided, otherwise, traced, suspended, draft, fresh } = things;
  return [
    ['home', '', '/'],
    ['home-organisations', '', '/?for=org'],
    ['services', '', '/services'],
    ['search', '', '/search?q=gsrd'],
    ['search-none', '', '/search?q=zzzzqqqq'],
    ['guide', '', `/s/${ITEM}`],
    ['guide-for-me', '', `/s/${ITEM}?applicant_kind=kin&insured=no&circumstance=commute`],
    ['progress', '', '/progress'],
    ['progress-found', '', `/progress?no=${decided.no}&code=${decided.check_code}`],
    ['progress-unknown', '', '/progress?no=YX-2026-999999&code=1234', 404],
    ['verify', '', '/verify'],
    ['verify-valid', '', `/verify/${decided.code}`],
    ['verify-unknown', '', '/verify/AAAAAAAAAAAAAAAA', 404],
    ['help', '', '/help'],
    ['a11y', '', '/a11y'],
    ['privacy', '', '/privacy'],
    ['lists', '', '/lists'],
    ['list', '', '/lists/full-agency'],
    ['list-unknown', '', '/lists/nothing', 404],
    ['cancelled-proofs', '', '/lists/cancelled-proofs'],
    ['login', '', '/login'],
    ['identity', '', '/demo/identity'],
    ['staff-login', '', '/staff/login'],
    ['phone', '', '/demo/phone'],
    ['clock', '', '/demo/clock'],
    ['not-found', '', '/nowhere', 404],
    ['my', 'zhao', '/my'],
    ['access', 'zhao', '/my/access'],
    ['tasklist', 'zhao', `/apply/${draft}`],
    ['tasklist-fresh', 'zhao', `/apply/${fresh}`],
    ['apply-applicant', 'zhao', `/apply/${fresh}/applicant`],
    ['apply-contact', 'zhao', `/apply/${fresh}/contact`],
    ['apply-worker', 'zhao', `/apply/${draft}/worker`],
    ['apply-facts-unread', 'zhao', `/apply/${fresh}/worker-facts`],
    ['apply-facts', 'zhao', `/apply/${draft}/worker-facts`],
    ['apply-facts-none', 'zhao', `/apply/${draft}/hospital-facts`],
    ['apply-employer', 'zhao', `/apply/${draft}/employer`],
    ['apply-accident', 'zhao', `/apply/${draft}/accident`],
    ['apply-circumstance', 'zhao', `/apply/${draft}/circumstance`],
    ['apply-story', 'zhao', `/apply/${draft}/story`],
    ['apply-exclusions', 'zhao', `/apply/${draft}/exclusions`],
    ['apply-treatment', 'zhao', `/apply/${draft}/treatment`],
    ['apply-material', 'zhao', `/apply/${fresh}/medical-record`],
    ['apply-material-given', 'zhao', `/apply/${draft}/medical-record`],
    ['apply-delivery', 'zhao', `/apply/${draft}/delivery`],
    ['answers', 'zhao', `/apply/${draft}/answers`],
    ['case-open', 'zhao', `/my/cases/${open.no}`],
    ['case-correction', 'zhao', `/my/cases/${correction.no}`],
    ['case-decided', 'zhao', `/my/cases/${decided.no}`],
    ['case-otherwise', 'zhao', `/my/cases/${otherwise.no}`],
    ['case-suspended', 'zhao', `/my/cases/${suspended.no}`],
    ['done', 'zhao', `/my/cases/${open.no}/done`],
    ['withdraw', 'zhao', `/my/cases/${open.no}/withdraw`],
    ['supplement', 'zhao', `/my/cases/${correction.no}/supplement`],
    ['rate', 'zhao', `/my/cases/${decided.no}/rate`],
    ['denied', 'clerk', '/o', 403],
    ['desk-list', 'clerk', '/w'],
    ['desk-list-claimed', 'clerk', '/w?tab=claimed'],
    ['desk-list-done', 'clerk', '/w?tab=done'],
    ['desk-find-none', 'clerk', '/w?find=YX-2026-999999', 404],
    ['desk-case', 'clerk', `/w/cases/${open.no}`],
    ['desk-case-correction', 'clerk', `/w/cases/${correction.no}`],
    ['desk-case-closed', 'clerk', `/w/cases/${decided.no}`],
    ['approve-list', 'approver', '/o'],
    ['approve-list-done', 'approver', '/o?tab=done'],
    ['approve-case', 'approver', `/o/cases/${done.no}`],
    ['approve-case-traced', 'approver', `/o/cases/${traced.no}`],
    ['approve-case-suspended', 'approver', `/o/cases/${suspended.no}`],
    ['approve-case-closed', 'approver', `/o/cases/${decided.no}`],
    ['admin-home', 'admin', '/admin'],
    ['admin-incidents', 'admin', '/admin/incidents'],
    ['admin-incidents-closed', 'admin', '/admin/incidents?state=closed'],
    ['admin-incident', 'admin', `/admin/incidents/${things.incident}`],
    ['admin-incident-none', 'admin', '/admin/incidents/12345', 404],
    ['admin-case', 'admin', `/admin/cases/${things.stuck.no}`],
    ['admin-versions', 'admin', '/admin/versions'],
    ['standards', 'designer', '/d/standards'],
    ['standard', 'designer', `/d/standards/${things.standard}`],
    ['admin-move', 'admin', `/admin/versions/${ITEM}?from=${things.version}`],
    ['drift', 'admin', '/d/drift'],
    ['drift-place', 'admin', '/d/drift?place=330196'],
    ['drift-all', 'admin', '/d/drift?all=yes'],
    ['admin-look', 'supervisor', `/admin/incidents/${things.incident}`],
    ['case-process', 'approver', `/o/cases/${done.no}/process`],
    ['case-process-fit', 'approver', `/o/cases/${decided.no}/process?zoom=fit`],
    ['case-process-window', 'clerk', `/o/cases/${open.no}/process`],
    ['processes', 'clerk', '/o/processes'],
    ['reform', 'supervisor', '/m/reform?by=item'],
    ['process', 'approver', `/o/processes/${ITEM}`],
    ['process-cases', 'approver', `/o/processes/${ITEM}/cases?element=decide`],
    ['process-cases-past', 'supervisor', `/o/processes/${ITEM}/cases?element=receive&days=30`],
    ['supervise-list', 'supervisor', '/o'],
    ['supervise-case', 'supervisor', `/o/cases/${done.no}`],
  ];
}

/* A trace with all that one may have: a function, parts, values that are not known or too long. */
const TRACE = {
  steps: [
    { decision: 'days', name: { zh: '过了几天', en: 'Days passed' }, kind: 'literal', result: null, why: { zh: '日期不是日期', en: 'the text is no date' } },
    { decision: 'level', name: { zh: '伤残等级', en: 'Degree of disability' }, kind: 'context', shortened: true,
      entries: [
        { name: 'p', label: { zh: '建议', en: 'Proposal' }, kind: 'table', result: null, why: { zh: '没有符合的规则', en: 'no rule holds' }, rules: [] },
        { name: 'q', kind: 'literal', result: 3,
          calls: [{ function: 'f', name: { zh: '按伤情分级', en: 'Degree by injury' }, kind: 'table', arguments: [{ name: 'injury', value: '手指' }], result: 'examine',
            rules: [{ id: 'r', index: 2, description: '', annotations: { zh: '轻伤', en: 'A light injury' },
              conditions: [{ label: { zh: '伤情', en: 'Injury' }, test: 'null', value: null, why: { zh: '没有填写', en: 'it was not answered' } }] }],
            calls: [{ function: 'g', name: 'averylongnameofafunctionthatdoesnotbreakanywhereatall', kind: 'literal', arguments: [{ name: 'list', shortened: true }], result: true }] }] },
      ] },
  ],
  shortened: true,
};

function traced(no) {
  const proposal = JSON.stringify({ decision: 'level', result: { recommend: 'examine', days: 60, clear: false }, trace: TRACE });
  execFileSync('sqlite3', ['-cmd', '.timeout 8000', service.db, `update events set data = '${proposal}' where kind = 'proposed' and case_id = (select id from cases where no = '${no}')`]);
}

/* Moved past a decision that is none, its process does not know which way to go. */
async function stuck(no) {
  const admin = await staff(service, 'admin');
  const at = async () => (await admin.get(`/admin/cases/${no}`)).json;
  equal((await admin.post(`/admin/cases/${no}/set`, { variables: { decision: 1 }, reason: '演练' })).status, 200, 'a value is set');
  const moved = await admin.post(`/admin/cases/${no}/move`, { token: (await at()).tokens[0].id, to: 'granted', reason: '演练' });
  equal(moved.status, 200, 'a process stands still');
  things.incident = (await at()).incidents[0].id;
  things.version = (await admin.get('/admin/versions')).json.items.find((i) => i.key === ITEM).today;
}

/* A case in every state, by the API. */
async function prepare() {
  const clerk = await staff(service, 'clerk');
  const approver = await staff(service, 'approver');
  const citizen = await service.visitor().citizen(PEOPLE.zhao);
  const one = () => submitted(service, PEOPLE.zhao, { citizen, mail: ['medical-record'] });
  const designer = await staff(service, 'designer');
  things.standard = (await designer.post('/d/standards', { title: '工伤认定统一标准', scope: ITEM, reason: '各地要求不一', target: '2 天办结' })).json.id;
  things.open = await one();
  things.correction = await one();
  await clerk.post(`/w/cases/${things.correction.no}/correction`, { missing: [{ code: 'medical-record', note: '第二页' }, { name: '照片' }] });
  things.done = await one();
  things.decided = await one();
  things.otherwise = await one();
  things.traced = await one();
  things.suspended = await one();
  for (const c of [things.done, things.decided, things.otherwise, things.traced, things.suspended]) {
    await accept(clerk, c.no);
    await toDecide(approver, c.no);
  }
  await decide(approver, things.decided.no);
  await decide(approver, things.otherwise.no, 'deny');
  traced(things.traced.no);
  things.decided.code = (await reached(citizen, things.decided.no, 'delivered')).certificate.code;
  const answer = await approver.post(`/o/cases/${things.suspended.no}/suspend`, { ground: 'awaiting_finding' });
  equal(answer.status, 200, 'suspended');
  things.stuck = await one();
  await stuck(things.stuck.no);
  things.draft = (await fillDraft(citizen, PEOPLE.zhao)).draft;
  things.fresh = (await citizen.post('/apply/start', { item: ITEM, answers: {} })).json.draft;
}

/* A window for each kind of visitor. */
async function people(options) {
  const all = { '': await Person.open(service, options) };
  all.zhao = await (await Person.open(service, options)).citizen(PEOPLE.zhao);
  for (const who of ['clerk', 'approver', 'supervisor', 'admin', 'designer']) all[who] = await (await Person.open(service, options)).staff(...STAFF[who]);
  return all;
}

async function close(all) {
  for (const p of Object.values(all)) await p.close();
}

/* The same with all that may be opened. */
async function opened(p, name, how) {
  await p.page.evaluate(() => document.querySelectorAll('details').forEach((d) => d.setAttribute('open', '')));
  check(await p.has('.asked li'), `${name} ${p.mark}: the rules that led to the decision`);
  await p.look(`${name}-open`, how);
  await p.narrow(`${name}-open`);
}

/* Widths of text in a diagram are estimated by the program; here the real font measures. */
async function fitted(p, name) {
  const wide = await p.page.evaluate(() => [...document.querySelectorAll('.bp-e')].flatMap((g) => {
    const frame = g.querySelector('rect');
    return frame ? [...g.querySelectorAll('tspan')].filter((t) => t.getComputedTextLength() > frame.width.baseVal.value - 6).map((t) => t.textContent) : [];
  }));
  check(wide.length === 0, `${name} ${p.mark}: names stay in their shapes`, wide);
  check(await p.has('.bp-here .bp-s') && await p.has('.bp-pin'), `${name} ${p.mark}: where it stands, by frame and sign`);
  check(await p.has('.bp-f.bp-done') && await p.has('.bp-tick'), `${name} ${p.mark}: the way to it, by colour and sign`);
  check(await p.page.evaluate(() => document.querySelector('.flow').tabIndex === 0), `${name} ${p.mark}: the picture scrolls by keyboard`);
}

/* All pages for all kinds of visitors, in one combination. */
async function visit(options, { narrow = false, picture = true, axe = true } = {}) {
  const all = await people(options);
  for (const [name, who, at, status] of pages()) {
    const p = all[who];
    await p.go(at, status || 200);
    await p.look(name, { picture, axe });
    if (narrow) await p.narrow(name);
    if (name === 'case-process') await fitted(p, name);
    if (name === 'case-decided') await opened(p, name, { picture, axe });
  }
  await close(all);
}

/* The page itself does not need script: the same words with and without. */
async function withoutScript() {
  const options = { lang: 'zh-CN', width: 1280 };
  const [without, with_] = [await people({ ...options, js: false }), await people(options)];
  for (const [name, who, at, status] of pages()) {
    await Promise.all([without[who].go(at, status || 200), with_[who].go(at, status || 200)]);
    const plain = async (p) => (await p.page.evaluate(() => document.querySelector('main').textContent)).replace(/\s+/g, ' ');
    equal(await plain(without[who]), await plain(with_[who]), `${name}: the same without script`);
    check(!(await without[who].has('noscript')), `${name}: no excuses`);
  }
  await close(without);
  await close(with_);
}

const LOOKS = ['home', 'guide', 'apply-worker', 'apply-circumstance', 'apply-material', 'answers', 'case-open', 'case-decided', 'desk-case', 'approve-case', 'approve-list', 'case-process'];
const looked = () => pages().filter(([name]) => LOOKS.includes(name));

async function large() {
  for (const size of ['large', 'xlarge']) {
    const all = await people({ lang: 'zh-CN', width: 360 });
    for (const p of Object.values(all)) await p.go(`/help?size=${size}`);
    for (const [name, who, at] of looked()) {
      await all[who].go(at);
      const px = await all[who].page.evaluate(() => parseFloat(getComputedStyle(document.querySelector('main')).fontSize));
      check(px > 16, `${name}: ${size} text is larger`, px);
      await all[who].fits(`${name} ${size}`);
      await all[who].narrow(`${name} ${size}`);
      if (size === 'xlarge') await all[who].axe(`${name} ${size}`);
      if (size === 'large' && name === 'guide') await all[who].picture(`${name}-large`);
    }
    await close(all);
  }
}

async function dark() {
  const all = await people({ lang: 'zh-CN', width: 1280, dark: true });
  for (const [name, who, at] of looked()) {
    await all[who].go(at);
    const [r, g, b] = await all[who].page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number));
    check(r + g + b < 200, `${name}: dark is dark`, [r, g, b]);
    await all[who].look(name, { picture: ['home', 'guide', 'approve-case', 'case-process'].includes(name) });
  }
  await all[''].go('/?theme=light');
  const light = await all[''].page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number));
  check(light.reduce((a, c) => a + c) > 600, 'light when chosen', light);
  await close(all);
}

async function forced() {
  const all = await people({ lang: 'en', width: 1280 });
  for (const [name, who, at] of looked()) {
    await all[who].page.emulateMedia({ forcedColors: 'active' });
    await all[who].go(at);
    await all[who].fits(`${name} in forced colours`);
    const icons = await all[who].page.evaluate(() => [...document.querySelectorAll('main button, main a.btn')].filter((e) => e.offsetParent && getComputedStyle(e).borderTopStyle === 'none').length);
    equal(icons, 0, `${name}: buttons have borders in forced colours`);
  }
  await close(all);
}

async function print() {
  const all = await people({ lang: 'zh-CN', width: 1280 });
  for (const [name, who, at] of pages().filter(([n]) => ['guide', 'done', 'case-decided', 'desk-case'].includes(n))) {
    const p = all[who];
    await p.go(at);
    await p.page.emulateMedia({ media: 'print' });
    const shown = await p.page.evaluate(() => ['.nav', '.foot ul', '.util', '.demo', '.noprint'].filter((s) => [...document.querySelectorAll(s)].some((e) => e.offsetParent !== null)));
    check(shown.length === 0, `${name}: paper has no navigation`, shown);
    const paper = await p.page.pdf({ format: 'A4' });
    check(paper.subarray(0, 5).toString() === '%PDF-', `${name}: prints`);
    await p.picture(`${name}-print`);
    await p.page.emulateMedia({ media: 'screen' });
  }
  await close(all);
}

/* Language, size and colours are chosen by links and stay chosen; the page stays the same. */
async function choices() {
  const p = await Person.open(service, { lang: 'zh-CN', width: 1280 });
  await p.go(`/s/${ITEM}?insured=no`);
  await p.click('.util a[hreflang="en"]');
  check(p.page.url().endsWith(`/s/${ITEM}?insured=no`), 'the same page', p.page.url());
  equal(await p.page.evaluate(() => document.documentElement.lang), 'en', 'in English');
  await p.go('/help');
  equal(await p.page.evaluate(() => document.documentElement.lang), 'en', 'and it stays');
  await p.page.keyboard.press('Tab');
  check(await p.page.evaluate(() => document.activeElement.classList.contains('skip')), 'the first stop is the way to the content');
  await p.page.keyboard.press('Enter');
  check(p.page.url().endsWith('#main'), 'and leads there');
  await p.close();
}

async function signIn() {
  const p = await Person.open(service, { lang: 'zh-CN', width: 1280, js: false });
  const [login] = STAFF.admin;
  await p.staff(login, 'wrong-password');
  check(await p.has('.oops') && p.at() === '/staff/login', 'a wrong password');
  await p.look('staff-login-wrong');
  equal(await p.find('[name=password]').inputValue(), '', 'the password is not shown again');
  const wrong = await p.text('.oops');
  for (let i = 0; i < 4; i++) await p.staff(login, 'wrong-password');
  await p.staff(...STAFF.admin);
  const locked = await p.text('.oops');
  check(locked !== wrong, 'locked out after five', locked);
  await p.look('staff-login-locked');
  await p.staff(...STAFF.clerk);
  equal(p.at(), '/w', 'a clerk begins at the window');
  await p.signOut();
  await p.page.goto('/w');
  check(p.at() === '/staff/login', 'signed out');
  await p.close();
}

/* The same form sent twice by an impatient finger is one case. */
async function impatient() {
  const p = await (await Person.open(service, { lang: 'zh-CN', width: 360, js: false })).citizen(PEOPLE.zhao);
  const citizen = await service.visitor().citizen(PEOPLE.zhao);
  const { draft } = await fillDraft(citizen, PEOPLE.zhao);
  await p.go(`/apply/${draft}/answers`);
  await p.fill({ declaration: 'yes' });
  const fields = Object.fromEntries(await p.find('form[action$="/submit"] input').evaluateAll((all) => all.map((e) => [e.name, e.value])));
  const sent = await Promise.all([1, 2, 3].map(() => p.context.request.post(`/apply/${draft}/submit`, { form: fields, maxRedirects: 0 })));
  check(sent.every((a) => a.status() === 303) && new Set(sent.map((a) => a.headers().location)).size === 1, 'sent three times, made once', sent.map((a) => `${a.status()} ${a.headers().location}`));
  await p.close();
}

await run(async () => {
  service = await Service.start();
  await openBrowser();
  await prepare();
  await Promise.all([
    part('zh 1280', () => visit({ lang: 'zh-CN', width: 1280 })),
    part('en 360', () => visit({ lang: 'en', width: 360 }, { narrow: true }))]);
  await Promise.all([
    part('zh 360', () => visit({ lang: 'zh-CN', width: 360 }, { narrow: true, picture: false })),
    part('en 1280', () => visit({ lang: 'en', width: 1280 }, { picture: false }))]);
  await Promise.all([part('without script', withoutScript), part('large', large)]);
  await Promise.all([part('dark', dark), part('forced colours', forced)]);
  await part('print', print);
  await part('choices', choices);
  await part('sign in', signIn);
  await part('impatient', impatient);
  const wrong = service.logText().split('\n').filter((l) => /message is unknown| error /.test(l) && !l.includes(' error incident '));
  check(wrong.length === 0, 'nothing is wrong in the log', wrong.slice(0, 5).join('\n'));
  equal(await service.stop(), 0, 'the service ends well');
});
