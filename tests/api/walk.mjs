/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole walk of an application as JSON calls only: from the search to the rating, with every
 * turn that a case may take.   node tests/api/walk.mjs [PART…]
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { check, equal, part, run, until } from '../lib/check.mjs';
import { Service } from '../lib/service.mjs';
import { ITEM, PDF, PEOPLE, STAFF, accept, accidentDay, answersOf, decide, fillDraft, fillPage, png, reached, staff, submit, submitted, tasksOf, toDecide, wholeApplication } from '../lib/walk.mjs';

let service, clerk, approver, both, supervisor;

function status(answer, wanted, label) {
  return check(answer.status === wanted, label, `${answer.status} instead of ${wanted}: ${answer.text.slice(0, 400)}`);
}

/* The words of a PDF. */
function wordsOf(bytes) {
  const file = path.join(service.folder, `seen-${Math.random()}.pdf`);
  writeFileSync(file, bytes);
  return execFileSync('pdftotext', [file, '-'], { encoding: 'utf8' }).replace(/\s+/g, '');
}

async function pdf(visitor, url, words, label) {
  const answer = await visitor.get(url);
  if (!status(answer, 200, label)) return '';
  equal(answer.headers['content-type'], 'application/pdf', `${label}: type`);
  const text = wordsOf(answer.bytes);
  for (const w of words) check(text.includes(w), `${label}: has ${w}`, text.slice(0, 300));
  return text;
}

const kinds = (model) => model.timeline.map((e) => e.kind).filter(Boolean);
const problemsOf = (answer) => (answer.json.problems || []).map((p) => p.element);

async function find() {
  for (const [q, what] of [['工伤', 'Chinese'], ['gsrd', 'pinyin initials'], ['gongshang', 'pinyin'], ['work injury', 'English'], ['上班路上出车祸', 'everyday words']]) {
    const found = await service.visitor().get(`/search?q=${encodeURIComponent(q)}`);
    status(found, 200, `search: ${what}`);
    check(JSON.stringify(found.json).includes(`/s/${ITEM}`), `search finds by ${what}`, found.text.slice(0, 300));
  }
  const none = await service.visitor().get('/search?q=zzzzqqqq');
  check(!none.text.includes(`/s/${ITEM}`), 'search: nothing is found for nonsense');
  const guide = await service.visitor().get(`/s/${ITEM}`);
  status(guide, 200, 'guide');
  const insured = await service.visitor().get(`/s/${ITEM}?insured=no&applicant_kind=worker&circumstance=commute`);
  status(insured, 200, 'guide with situations');
  check(guide.text !== insured.text, 'situations change the guide');
  status(await service.visitor().get('/s/none-such'), 404, 'unknown service');
  const qr = await service.visitor().get(`/s/${ITEM}/qr.svg`);
  check(qr.headers['content-type'].startsWith('image/svg'), 'guide has a QR code');
}

async function wrongInput() {
  const citizen = await service.visitor().citizen(PEOPLE.li);
  const { draft } = (await citizen.post('/apply/start', { item: ITEM, answers: { applicant_kind: 'worker' } })).json;
  const rows = [
    ['worker', { worker_name: '', worker_id: '330199199205034024', worker_phone: '123' }, ['worker_name', 'worker_id', 'worker_phone']],
    ['accident', { accident_date: '2026-02-30', accident_place: 'x' }, ['accident_date']],
    ['accident', { accident_date: '2999-01-01', accident_place: 'x' }, ['accident_date']],
    ['accident', { accident_date: accidentDay(PEOPLE.li), accident_time: '25:99', accident_place: 'x' }, ['accident_time']],
    ['circumstance', { circumstance: 'none-such' }, ['circumstance']],
    ['circumstance', { circumstance: 'commute' }, ['commute_main_responsibility']],
    ['story', { accident_story: '长'.repeat(1001), injury_part: '手' }, ['accident_story']],
    ['employer', { employer_name: '某公司', employer_uscc: '91330199MA2H1B7KX0', job: '工人' }, ['employer_uscc']],
    ['applicant', {}, ['applicant_kind']],
  ];
  for (const [page, answers, wrong] of rows) {
    const answer = await citizen.post(`/apply/${draft}/${page}`, { answers });
    status(answer, 422, `${page}: wrong input`);
    for (const element of wrong)
      check(problemsOf(answer).includes(element), `${page}: ${element} is named`, answer.text.slice(0, 300));
  }
  const early = await submit(citizen, draft);
  status(early, 422, 'an unfinished draft is not submitted');
  check(problemsOf(early).length > 5, 'everything that is missing is told at once');
  status(await citizen.post(`/apply/${draft}/worker`, { answers: { worker_name: '李文静' }, partial: true }), 200, 'save for later');
  equal((await citizen.get(`/apply/${draft}/worker`)).json.fields.find((f) => f.name === 'worker_name').value, '李文静', 'a saved answer is there again');
  status(await citizen.post(`/apply/${draft}/none-such`, {}), 404, 'unknown page');
  const again = await service.visitor().citizen(PEOPLE.li);
  const mine = (await again.get('/my')).json;
  check(JSON.stringify(mine.drafts).includes(draft), 'the draft is found again after another sign-in');
  status(await again.post(`/apply/${draft}/drop`), 200, 'drop');
  status(await again.get(`/apply/${draft}`), 409, 'a dropped draft is gone');
}

async function straight() {
  const c = await submitted(service, PEOPLE.li);
  check(/^YX-\d{4}-\d{6}$/.test(c.no), 'a number', c.no);
  check(!c.pages.includes('medical-record'), 'the hospital\'s record replaces the paper', c.pages);
  const done = await c.citizen.get(`/my/cases/${c.no}/done`);
  status(done, 200, 'receipt');
  const qr = await c.citizen.get(done.json.qr_url);
  check(qr.text.includes('<svg'), 'the receipt has a QR code');
  await pdf(c.citizen, done.json.receipt_url, ['李文静', c.no], 'receipt');
  status(await submit(c.citizen, c.draft), 409, 'a draft is submitted once');
  status(await c.citizen.get(`/apply/${c.draft}`), 409, 'a submitted draft is closed');
  const progress = await service.visitor().get(`/progress?no=${c.no}&code=${c.check_code}`);
  status(progress, 200, 'progress by number and code');
  check(!progress.text.includes('李文静') && !progress.text.includes(PEOPLE.li), 'progress tells nothing personal');
  status(await service.visitor().get(`/progress?no=${c.no}&code=0000`), 404, 'progress: wrong code');
  status(await service.visitor().get(`/progress?no=YX-2026-999999&code=${c.check_code}`), 404, 'progress: unknown number');
  check((await clerk.get('/w')).text.includes(c.no), 'the case is on the window\'s list');
  status(await clerk.get(`/w/cases/${c.no}`), 200, 'opened at the window');
  equal((await accept(clerk, c.no)).state, 'accepted', 'accepted');
  status(await clerk.post(`/w/cases/${c.no}/accept`), 409, 'accepted once');
  const proposal = await toDecide(approver, c.no);
  check(proposal && proposal.proposal, 'the rules propose');
  check(!(await c.citizen.get(`/my/cases/${c.no}`)).json.explanation, 'nothing is explained before it is decided');
  check((await approver.get('/o')).text.includes(c.no), 'the case is on the back office\'s list');
  for (const [body, wrong] of [[{ reason: 'x', confirm: true }, 'decision'], [{ decision: 'grant', confirm: true }, 'reason'], [{ decision: 'grant', reason: 'x' }, 'confirm']]) {
    const answer = await approver.post(`/o/cases/${c.no}/decide`, body);
    status(answer, 422, `decision without ${wrong}`);
    check(problemsOf(answer).includes(wrong), `${wrong} is named`);
  }
  await decide(approver, c.no);
  const model = await reached(c.citizen, c.no, 'delivered');
  if (!check(model, 'delivered')) return;
  equal(model.outcome, 'granted', 'granted');
  check(!kinds(model).includes('proposed'), 'the proposal is not told to the applicant');
  await explained(c, model.explanation);
  for (const d of model.documents) await pdf(c.citizen, d.url, [], d.kind);
  const decision = model.documents.find((d) => d.kind === 'decision-grant');
  await pdf(c.citizen, decision.url, ['李文静', '工伤'], 'decision');
  await pdf(c.citizen, model.certificate.file_url, ['李文静'], 'certificate');
  const verify = new URL(model.certificate.url).pathname;
  const valid = await service.visitor().get(verify);
  status(valid, 200, 'verify');
  equal(valid.json.state, 'valid', 'the certificate is valid');
  check(!valid.text.includes('李文静'), 'verifying shows a masked name');
  const unknown = await service.visitor().get('/verify/AAAAAAAAAAAAAAAA');
  status(unknown, 404, 'unknown certificate');
  const texts = service.messages().map((m) => m.text).filter((t) => t.includes(c.no));
  equal(texts.length, 3, 'three messages: received, accepted, decided');
  const access = await c.citizen.get('/my/access');
  status(access, 200, 'who read my data');
  for (const reader of ['王芳', '陈立'])
    check(access.text.includes(reader), `${reader} stands in the access log`);
  await rating(c);
}

/* How it was decided, as the applicant may read it. */
async function explained(c, told) {
  if (!check(told && told.by_rules, 'the decision is explained', told)) return;
  check(told.article.includes('第十四条') && told.reason.length > 5, 'by article and reason', told);
  check(told.rules.length > 3 && told.rules.every((r) => r.question && r.reason), 'each step by its question', told.rules);
  const fields = (source) => (told.inputs.find((g) => g.source === source) || { fields: [] }).fields;
  check(fields('answers').some((f) => f.key === 'circumstance' && f.value !== 'work'), 'answers in words', told.inputs);
  check(['answers', 'file'].flatMap(fields).every((f) => f.label && String(f.value).length > 0), 'nothing is blank', told.inputs);
  check(fields('insurance').length > 0, 'what registers said', told.inputs);
  const text = JSON.stringify(told);
  for (const hidden of ['trace', 'test', '王芳', '陈立']) check(!text.includes(hidden), `no ${hidden} in it`);
  c.citizen.lang = 'en';
  const english = await c.citizen.get(`/my/cases/${c.no}`);
  c.citizen.lang = 'zh-CN';
  const asked = english.json.explanation.rules.map((r) => r.question + r.reason + r.article).join('');
  check(/^[\x20-\u2fff]+$/.test(asked), 'in English', asked);
}

async function rating(c) {
  const rate = (body) => c.citizen.post(`/my/cases/${c.no}/rate`, body);
  status(await rate({ level: 0 }), 422, 'level 0');
  status(await rate({ level: 6 }), 422, 'level 6');
  status(await rate({ level: 1 }), 422, 'a bad rating needs a reason');
  status(await rate({ level: 4, reasons: ['none-such'] }), 422, 'unknown reason');
  status(await rate({ level: 2, reasons: ['speed'], remark: '慢' }), 200, 'rated');
  status(await rate({ level: 5 }), 409, 'rated once');
  const model = (await c.citizen.get(`/my/cases/${c.no}`)).json;
  equal(model.rating.level, 2, 'the rating is kept');
}

async function levels() {
  for (let level = 1; level <= 5; level++) {
    const c = await submitted(service, PEOPLE.li);
    await accept(clerk, c.no);
    status(await c.citizen.post(`/my/cases/${c.no}/rate`, { level, remark: `级别 ${level}` }), 200, `level ${level}`);
  }
}

async function uploads() {
  const citizen = await service.visitor().citizen(PEOPLE.zhao);
  const { draft, pages } = await fillDraft(citizen, PEOPLE.zhao, { leave: ['medical-record'] });
  check(pages.includes('medical-record'), 'no hospital record: the paper is asked for', pages);
  const at = `/apply/${draft}/medical-record`;
  status(await citizen.upload(`${at}/upload`, [{ name: 'a.exe', bytes: Buffer.from('MZ\u0090\0aaaa') }]), 415, 'a program is no paper');
  status(await citizen.upload(`${at}/upload`, [{ name: 'a.pdf', bytes: Buffer.alloc(0) }]), 422, 'an empty file');
  status(await citizen.upload(`${at}/upload`, [{ name: '病历.pdf', bytes: PDF }, { name: '伤口.png', bytes: png() }]), 200, 'PDF and image');
  const given = (await citizen.get(at)).json.material.given;
  equal(given.length, 2, 'both are there');
  status(await citizen.post(`${at}/remove`, { material: given[1].id }), 200, 'one is taken back');
  equal((await citizen.get(at)).json.material.given.length, 1, 'one is left');
  status(await citizen.upload(`${at}/upload`, [{ name: '伤口.png', bytes: png(99) }]), 200, 'another image');
  const c = (await submit(citizen, draft)).json;
  const model = (await citizen.get(`/my/cases/${c.no}`)).json;
  const files = model.materials.filter((m) => m.has_file);
  equal(files.length, 2, 'two files in the case');
  const bytes = await citizen.get(files[0].url);
  status(bytes, 200, 'own file');
  check(bytes.bytes.equals(PDF), 'the file is what was sent');
  check((bytes.headers['content-disposition'] || '').startsWith('attachment'), 'files are downloads');
  status(await clerk.get(files[0].url), 200, 'the organ reads the file');
  const other = await service.visitor().citizen(PEOPLE.sun);
  status(await other.get(files[0].url), 404, 'somebody else does not');
}

async function mailed() {
  const c = await submitted(service, PEOPLE.zhao, { mail: ['medical-record'] });
  const model = (await c.citizen.get(`/my/cases/${c.no}`)).json;
  equal(model.materials[0].state, 'expected', 'announced by mail');
  await pdf(c.citizen, model.cover_slip_url, [c.no], 'cover slip');
  status(await clerk.post(`/w/cases/${c.no}/receive`, { material: '1' }), 404, 'unknown paper');
  status(await clerk.post(`/w/cases/${c.no}/receive`, { material: model.materials[0].id }), 200, 'received at the desk');
  equal((await c.citizen.get(`/my/cases/${c.no}`)).json.materials[0].state, 'received', 'the applicant sees that it came');
}

async function sourceDown() {
  await service.register('hospital', 'down');
  const c = await submitted(service, PEOPLE.feng, { change: { worker_name: '冯磊' } });
  await service.register('hospital', 'up');
  check(c.pages.includes('medical-record'), 'the source is down: the paper is asked for', c.pages);
  const model = (await c.citizen.get(`/my/cases/${c.no}`)).json;
  equal(model.facts.find((f) => f.source === 'hospital').state, 'down', 'the case says so');
}

async function sourceSlow() {
  await service.register('insurance', 'slow');
  const from = Date.now();
  const citizen = await service.visitor().citizen(PEOPLE.zhao);
  const { draft } = await fillDraft(citizen, PEOPLE.zhao, { leave: ['medical-record', 'employment-proof'] });
  await service.register('insurance', 'up');
  check(Date.now() - from < 8000, 'a slow source is given up', `${Date.now() - from} ms`);
  const fact = (await citizen.get(`/apply/${draft}/insurance-facts`)).json.fact;
  equal(fact.state, 'down', 'a slow source counts as down');
}

async function objection() {
  const c = await submitted(service, PEOPLE.zhou, { object: ['insurance-facts'], change: { worker_name: '周敏', employer_name: '云溪市安和石材有限公司', employer_uscc: '91330199MA2L5E2N6A' } });
  check(c.pages.includes('employment-proof'), 'who objects gives an own document', c.pages);
  const model = (await c.citizen.get(`/my/cases/${c.no}`)).json;
  const fact = model.facts.find((f) => f.source === 'insurance');
  check(fact.objected && fact.note === '单位不对', 'the objection stands in the case');
  const mine = model.answers.flatMap((s) => s.rows).find((r) => r.key === 'employer_name');
  equal(mine.value, '云溪市安和石材有限公司', 'the applicant\'s own answer prevails');
}

async function declined() {
  const readings = () => service.sql("select count(*) n from access_log where what = 'hospital'")[0].n;
  const before = readings();
  const c = await submitted(service, PEOPLE.li, { decline: ['hospital-facts'], mail: ['medical-record'] });
  check(c.pages.includes('medical-record'), 'no consent: the paper is asked for', c.pages);
  const model = (await c.citizen.get(`/my/cases/${c.no}`)).json;
  equal(model.facts.find((f) => f.source === 'hospital').state, 'declined', 'nothing was read');
  equal(readings(), before, 'nothing stands in the log');
}

async function correction() {
  const c = await submitted(service, PEOPLE.zhao, { mail: ['medical-record'] });
  const ask = (missing) => clerk.post(`/w/cases/${c.no}/correction`, { missing });
  status(await ask([]), 422, 'nothing is missing');
  const list = [{ code: 'medical-record', note: '缺第二页' }, { name: '受伤部位照片', note: '' }];
  status(await ask(list), 200, 'asked');
  let model = (await c.citizen.get(`/my/cases/${c.no}`)).json;
  equal(model.state, 'correction', 'waits for the applicant');
  equal(model.correction.missing.length, 2, 'everything is told at once');
  status(await c.citizen.post(`/my/cases/${c.no}/supplement`, { note: '' }), 422, 'an empty answer');
  const supplied = await c.citizen.upload(`/my/cases/${c.no}/supplement`,
    [{ field: 'file1', name: '病历2.pdf', bytes: PDF }, { field: 'file2', name: '照片.png', bytes: png(7) }], { note: '补齐了' });
  status(supplied, 200, 'supplied');
  model = (await c.citizen.get(`/my/cases/${c.no}`)).json;
  check(model.state !== 'correction', 'it is the organ\'s turn', model.state);
  equal(model.materials.filter((m) => m.has_file).length, 2, 'both files are in the case');
  status(await ask(list), 409, 'asked once only');
  equal((await accept(clerk, c.no)).state, 'accepted', 'accepted after that');
}

async function refusal() {
  const c = await submitted(service, PEOPLE.li);
  status(await clerk.post(`/w/cases/${c.no}/refuse`, { reason: '超期' }), 422, 'no ground');
  status(await clerk.post(`/w/cases/${c.no}/refuse`, { ground: 'too_late', reason: '超过一年才申请' }), 200, 'refused');
  const model = (await c.citizen.get(`/my/cases/${c.no}`)).json;
  equal(model.state, 'refused', 'refused');
  const paper = model.documents.find((d) => d.kind === 'refusal');
  if (check(paper, 'a refusal is a paper')) await pdf(c.citizen, paper.url, ['李文静', '行政复议'], 'refusal');
  status(await clerk.post(`/w/cases/${c.no}/accept`), 409, 'closed');
}

async function receiverDecides() {
  const c = await submitted(service, PEOPLE.li);
  await accept(both, c.no);
  await toDecide(approver, c.no);
  const answer = await both.post(`/o/cases/${c.no}/decide`, { decision: 'grant', reason: '自己收的', confirm: true });
  status(answer, 403, 'whoever received does not decide');
  const task = service.sql(`select cast(id as text) id from tasks where case_no = '${c.no}' and stage = 'decide'`)[0];
  status(await both.post(`/o/cases/${c.no}/claim`, { task: task.id }), 403, 'nor take the task');
  status(await approver.post(`/o/cases/${c.no}/claim`, { task: task.id }), 200, 'somebody else does');
  equal((await decide(approver, c.no)).state, 'decided', 'and decides');
}

async function suspension() {
  const c = await submitted(service, PEOPLE.li);
  await accept(clerk, c.no);
  await toDecide(approver, c.no);
  status(await approver.post(`/o/cases/${c.no}/suspend`, { reason: 'x' }), 422, 'no ground');
  status(await approver.post(`/o/cases/${c.no}/suspend`, { ground: 'labour_relation' }), 200, 'suspended');
  equal((await c.citizen.get(`/my/cases/${c.no}`)).json.promise.standing, true, 'the clock stands still');
  status(await approver.post(`/o/cases/${c.no}/decide`, { decision: 'deny', reason: 'x', confirm: true }), 409, 'no decision meanwhile');
  status(await approver.post(`/o/cases/${c.no}/resume`, { reason: '仲裁已经结束' }), 200, 'resumed');
  equal((await c.citizen.get(`/my/cases/${c.no}`)).json.promise.standing, false, 'the clock runs');
  await decide(approver, c.no, 'deny');
  const model = await until(async () => {
    const m = (await c.citizen.get(`/my/cases/${c.no}`)).json;
    return m.closed ? m : null;
  });
  if (!check(model, 'closed')) return;
  equal(model.outcome, 'denied', 'denied');
  check(!model.certificate, 'no certificate');
  check(model.documents.some((d) => d.kind === 'decision-deny'), 'a decision is a paper');
}

async function withdrawal() {
  const c = await submitted(service, PEOPLE.li);
  status(await c.citizen.post(`/my/cases/${c.no}/withdraw`, { reason: '填错了' }), 200, 'withdrawn');
  equal((await c.citizen.get(`/my/cases/${c.no}`)).json.state, 'withdrawn', 'withdrawn');
  status(await c.citizen.post(`/my/cases/${c.no}/withdraw`, {}), 409, 'withdrawn once');
  status(await clerk.post(`/w/cases/${c.no}/accept`), 409, 'the window cannot go on');
}

async function repeats() {
  const citizen = await service.visitor().citizen(PEOPLE.li);
  const body = wholeApplication(PEOPLE.li);
  const first = await citizen.post('/api/cases', body, { key: 'repeat-1' });
  status(first, 201, 'at once');
  const second = await citizen.post('/api/cases', body, { key: 'repeat-1' });
  status(second, 201, 'the same again');
  equal(second.text, first.text, 'the same answer');
  const changed = await citizen.post('/api/cases', { ...body, lang: 'en' }, { key: 'repeat-1' });
  status(changed, 422, 'the same key for something else');
  const { draft } = await fillDraft(citizen, PEOPLE.li);
  const sent = await Promise.all([1, 2, 3, 4].map(() => submit(citizen, draft, 'repeat-2')));
  check(sent.every((a) => a.status === 201 && a.text === sent[0].text), 'four submits at the same moment are one', sent.map((a) => a.status));
  equal(service.sql(`select count(*) n from cases where no = '${sent[0].json.no}'`)[0].n, 1, 'one case');
}

async function signIn() {
  const v = service.visitor();
  status(await v.staff('nobody', 'x'), 422, 'unknown login');
  const admin = await staff(service, 'admin');
  status(await admin.get('/w'), 403, 'an administrator is no clerk');
  status(await admin.post('/logout'), 200, 'signed out');
  status(await admin.get('/w'), 401, 'nobody any more');
  const [login] = STAFF.admin;
  for (let i = 1; i <= 5; i++) status(await v.staff(login, 'wrong-password'), 422, `wrong password ${i}`);
  status(await v.staff(...STAFF.admin), 422, 'locked out after five');
  check(service.sql(`select locked_until from accounts where login = '${login}'`)[0].locked_until > 0, 'the lock is kept');
}

async function languages() {
  const en = service.visitor({ lang: 'en' });
  await en.citizen(PEOPLE.li);
  const { draft } = (await en.post('/apply/start', { item: ITEM, answers: {} })).json;
  check((await en.get(`/apply/${draft}`)).text.includes('Who applies?'), 'English by Accept-Language');
  const zh = service.visitor();
  await zh.citizen(PEOPLE.li);
  check((await zh.get(`/apply/${draft}`)).text.includes('谁来申请'), 'the same draft in Chinese');
}

/* Last: the clock goes on for everybody. */
async function deemed() {
  const c = await submitted(service, PEOPLE.li);
  const late = await service.visitor().citizen(PEOPLE.sun);
  const { draft } = (await late.post('/apply/start', { item: ITEM, answers: {} })).json;
  let state = 'received', days = 0;
  for (; days < 15 && state === 'received'; days++) {
    await service.days(1);
    await until(async () => (state = (await (await service.visitor().citizen(PEOPLE.li)).get(`/my/cases/${c.no}`)).json.state) !== 'received', 700);
  }
  check(days >= 5 && state === 'accepted', 'not told in five working days: deemed accepted', `${state} after ${days} days`);
  const citizen = await service.visitor().citizen(PEOPLE.li);
  const model = (await citizen.get(`/my/cases/${c.no}`)).json;
  const told = kinds(model).join(' ');
  check(/deem/.test(told), 'by the system, as an event of its own', told);
  check(model.documents.some((d) => d.kind === 'acceptance-deemed'), 'with a paper');
  await service.days(32);
  const back = await service.visitor().citizen(PEOPLE.sun);
  const gone = await until(async () => (await back.get(`/apply/${draft}`)).status !== 200, 3000);
  check(gone, 'a draft without a change in thirty days is gone');
}

async function whole() {
  const said = service.command('verify', '--db', service.db);
  check(said.includes('whole'), 'every chain of events is whole', said);
  const log = service.logText();
  check(!/message is unknown|template|ERROR|error /.test(log), 'nothing is wrong in the log', log.split('\n').filter((l) => /unknown|error/.test(l)).slice(0, 5).join('\n'));
}

await run(async () => {
  service = await Service.start();
  clerk = await staff(service, 'clerk');
  approver = await staff(service, 'approver');
  both = await staff(service, 'both');
  supervisor = await staff(service, 'supervisor');
  await part('find', find);
  await part('wrong input', wrongInput);
  await part('straight', straight);
  await part('levels', levels);
  await part('uploads', uploads);
  await part('mailed', mailed);
  await part('source down', sourceDown);
  await part('source slow', sourceSlow);
  await part('objection', objection);
  await part('declined', declined);
  await part('correction', correction);
  await part('refusal', refusal);
  await part('receiver decides', receiverDecides);
  await part('suspension', suspension);
  await part('withdrawal', withdrawal);
  await part('repeats', repeats);
  await part('sign in', signIn);
  await part('languages', languages);
  await part('deemed', deemed);
  await part('whole', whole);
  equal(await service.stop(), 0, 'the service ends well');
});
