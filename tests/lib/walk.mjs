/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One application, from the first page to the rating, as JSON calls. The API tests check each
 * step; other tests use the steps to bring a case to where they begin.
 */
import { deflateSync } from 'node:zlib';
import { until } from './check.mjs';

export const ITEM = 'work-injury';

/* Synthetic people of the demo's catalogue. */
export const PEOPLE = {
  li: '330199199205034023', /* insured, hospital record */
  zhao: '330199198809173011', /* insured, no hospital record */
  sun: '330199199502240114', /* not insured */
  zhou: '330199199011086626', /* the insurance register is wrong */
  qian: '330199198506122284', /* clerk of an employer */
  wu: '330199196003151519', /* father of an injured worker */
  feng: '330199199312017739', /* courier */
};
export const STAFF = {
  clerk: ['wangfang', 'yunxi-demo-1'],
  approver: ['chenli', 'yunxi-demo-2'],
  both: ['liuyang', 'yunxi-demo-3'],
  supervisor: ['huangweiguo', 'yunxi-demo-4'],
  admin: ['admin', 'yunxi-demo-5'],
  designer: ['linqiao', 'yunxi-demo-90'],
  designer2: ['gaoyuan', 'yunxi-demo-91'],
};

/* ---- files ---- */

export const PDF = Buffer.from(`%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
trailer<</Root 1 0 R>>
%%EOF
`);

function crc32(bytes) {
  let c = 0xffffffff;
  for (const b of bytes) {
    c ^= b;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  }
  return (c ^ 0xffffffff) >>> 0;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body) >>> 0, body.length + 4);
  return out;
}

/* A square of one grey; other greys are other files. */
export function png(grey = 128, side = 40) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head[8] = 8;
  const rows = Buffer.alloc((side + 1) * side, grey);
  for (let y = 0; y < side; y++) rows[y * (side + 1)] = 0;
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
    chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

/* ---- answers ---- */

/* A day of the service's place, days from at (a Date). */
export function day(at, days = 0) {
  return new Date(at.getTime() + days * 86400000 + 8 * 3600000).toISOString().slice(0, 10);
}

/* Days since the first visit in the demo's hospital register; the accident was no later. */
const VISITS = { [PEOPLE.sun]: -10, [PEOPLE.zhou]: -6, [PEOPLE.feng]: -12 };

export function accidentDay(person, now = new Date()) {
  return day(now, VISITS[person] || -4);
}

/* All answers of an application, as the pages ask for them. */
export function answersOf(person, now = new Date()) {
  return {
    applicant_kind: 'worker',
    worker_name: '李文静', worker_id: person, worker_phone: '13800006027',
    employer_name: '云溪市博达工贸有限公司', employer_uscc: '91330199MA2H1B7KXE', job: '冲压工',
    accident_date: accidentDay(person, now), accident_time: '14:20', accident_place: '厂区二车间冲压线',
    circumstance: 'work_time_place_cause',
    accident_story: '换模具时滑块落下，压伤右手食指，班长送我去的医院。', injury_part: '右手食指',
    exclusions: [], employer_denies: false,
    hospital: '云溪市中心医院', first_visit_date: accidentDay(person, now), diagnosis: '右手食指末节骨折',
    delivery: 'electronic',
  };
}

/* A whole application for POST /api/cases. */
export function wholeApplication(person, now = new Date()) {
  return {
    item: ITEM, lang: 'zh', answers: answersOf(person, now), declaration: true,
    materials: [{ code: 'medical-record', way: 'mail' }, { code: 'employment-proof', way: 'mail' }],
  };
}

/* ---- steps ---- */

function expect(answer, status, what) {
  if (answer.status !== status)
    throw new Error(`${what}: ${answer.status} instead of ${status}: ${answer.text.slice(0, 500)}`);
  return answer;
}

/* Tasks of the draft's list: [{page, state, …}]. */
export async function tasksOf(visitor, draft) {
  const list = expect(await visitor.get(`/apply/${draft}`), 200, 'task list').json;
  return list.sections.flatMap((s) => s.tasks);
}

/* Sends the answers that one page asks for, or reads and confirms its facts, or gives its paper. */
export async function fillPage(visitor, draft, page, options = {}) {
  const at = `/apply/${draft}/${page}`;
  const model = expect(await visitor.get(at), 200, page).json;
  if (model.fields) {
    const answers = {};
    for (const f of model.fields)
      if (f.name in options.answers) answers[f.name] = options.answers[f.name];
    return expect(await visitor.post(at, { answers }), 200, `save ${page}`);
  }
  if (model.fact) {
    if ((options.decline || []).includes(page))
      return expect(await visitor.post(`${at}/decline`), 200, `decline ${page}`);
    const read = expect(await visitor.post(`${at}/read`), 200, `read ${page}`);
    const seen = (await visitor.get(at)).json;
    if (!seen.to_confirm) return read;
    const objects = (options.object || []).includes(page);
    return expect(await visitor.post(`${at}/confirm`, objects ? { confirm: false, note: '单位不对' } : { confirm: true }),
      200, `confirm ${page}`);
  }
  const way = (options.mail || []).includes(page) ? 'mail' : 'upload';
  if (way === 'mail') return expect(await visitor.post(`${at}/mail`), 200, `mail ${page}`);
  return expect(await visitor.upload(`${at}/upload`, options.files || [{ name: '病历.pdf', bytes: PDF, type: 'application/pdf' }]),
    200, `upload ${page}`);
}

/* Opens a draft and fills page after page until nothing is to do; {draft, pages (in order)}. */
export async function fillDraft(visitor, person, options = {}) {
  const all = { answers: { ...answersOf(person, options.now), ...(options.change || {}) }, ...options };
  const started = expect(await visitor.post('/apply/start', { item: ITEM, answers: {} }), 201, 'start');
  const { draft } = started.json;
  const pages = [];
  for (let i = 0; i < 60; i++) {
    const todo = (await tasksOf(visitor, draft)).find((t) => (t.todo || t.started) && !pages.includes(t.page));
    if (!todo) break;
    pages.push(todo.page);
    if (!(options.leave || []).includes(todo.page)) await fillPage(visitor, draft, todo.page, all);
  }
  return { draft, pages };
}

export async function submit(visitor, draft, key) {
  return visitor.post(`/apply/${draft}/submit`, { declaration: true }, { key });
}

/* A submitted case of that person: {no, check_code, draft, citizen}. */
export async function submitted(service, person = PEOPLE.li, options = {}) {
  const citizen = options.citizen || await service.visitor().citizen(person);
  const { draft, pages } = await fillDraft(citizen, person, options);
  const answer = expect(await submit(citizen, draft), 201, 'submit');
  return { ...answer.json, draft, pages, citizen };
}

export async function staff(service, who) {
  const visitor = service.visitor();
  expect(await visitor.staff(...STAFF[who]), 200, `sign-in of ${who}`);
  return visitor;
}

export async function accept(clerk, no) {
  return expect(await clerk.post(`/w/cases/${no}/accept`), 200, 'accept').json;
}

/* The case as its back office sees it, once the process waits for a decision. */
export async function toDecide(approver, no) {
  return until(async () => {
    const model = expect(await approver.get(`/o/cases/${no}`), 200, 'case').json;
    return model.can_decide ? model : null;
  }, 8000);
}

export async function decide(approver, no, decision = 'grant') {
  await toDecide(approver, no);
  return expect(await approver.post(`/o/cases/${no}/decide`,
    { decision, reason: '事实清楚，符合《工伤保险条例》第十四条第（一）项。', confirm: true }), 200, 'decide').json;
}

/* The citizen's view, once state is reached. */
export async function reached(citizen, no, state, ms = 10000) {
  return until(async () => {
    const model = expect(await citizen.get(`/my/cases/${no}`), 200, 'my case').json;
    return model.state === state ? model : null;
  }, ms);
}
