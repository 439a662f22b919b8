/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may do what: every route that the API describes, for every kind of visitor. The expectations
 * stand here, apart from the program's own table; a route without one fails.
 *   node tests/api/access.mjs
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { check, equal, part, run, until } from '../lib/check.mjs';
import { Service } from '../lib/service.mjs';
import { ITEM, PEOPLE, accept, decide, fillDraft, reached, staff, submitted } from '../lib/walk.mjs';

const VISITORS = ['anonymous', 'owner', 'other', 'clerk', 'approver', 'supervisor', 'admin', 'foreign clerk', 'foreign approver', 'designer', 'system'];

/* In the order of VISITORS: y allowed, l has to sign in (401), n not allowed (403), h hidden (404). */
const ALL = 'yyyyyyyyyyy';
const OWN = 'lyynnnnnn';
const OWN_ONE = 'lyhnnnnnn';
const PAPER = 'lyhyyhhhh';
const DESK = 'lnnynnnyn';
const DESK_ONE = 'lnnynnnnn';
const OFFICE = 'lnnnyynny';
const OFFICE_ONE = 'lnnnyynnn';
const LOOK = 'lnnnnyynn';
const OPERATE = 'lnnnnnynn';
const STAFFED = 'lnnyyynyy';
const STAFFED_ONE = 'lnnyyynnn';
const OFFICE_ACT = 'lnnnynnnn';
const DESIGN_LOOK = 'lnnnnynnnyl'; /* to the end: a designer and a system, too */
const DESIGN = 'lnnnnnnnnyl';
const SYSTEM = 'lllllllllly';
const SYSTEM_ONE = 'llllllllllh';

const RULES = [
  [/^\/(login|help|a11y|privacy|verify|progress|search|services|lists|healthz|robots\.txt|theme\.css|services\.jsonld)?$/, ALL],
  [/^\/(a|s|verify|demo|staff|lists)\//, ALL],
  [/^\/api\/openapi\.json$/, ALL],
  [/^\/logout$/, ALL],
  [/^\/api\/cases$/, OWN],
  [/^\/api\/jobs\/take$/, SYSTEM],
  [/^\/api\/(messages|signals)$/, SYSTEM],
  [/^\/api\/jobs\/\{job\}/, SYSTEM_ONE],
  [/^\/my(\/access)?$/, OWN],
  [/^\/apply\/start$/, OWN],
  [/^\/apply\/\{draft\}/, OWN_ONE],
  [/^\/my\/cases\/\{no\}\/cover-slip$/, PAPER],
  [/^\/my\/cases\/\{no\}/, OWN_ONE],
  [/^\/(documents|files|materials)\/\{id\}$/, PAPER],
  [/^\/certificates\/\{code\}$/, PAPER],
  [/^\/w$/, DESK],
  [/^\/w\/cases\/\{no\}\/\{act\}$/, DESK], /* leads to the case, which looks for itself */
  [/^\/o\/processes$/, STAFFED],
  [/^\/o\/processes\//, STAFFED_ONE],
  [/^\/o\/cases\/\{no\}\/process$/, STAFFED_ONE],
  [/^\/o\/cases\/\{no\}\/\{act\}$/, OFFICE],
  [/^\/w\/cases\/\{no\}/, DESK_ONE],
  [/^\/o$/, OFFICE],
  [/^\/o\/cases\/\{no\}$/, OFFICE_ONE],
  [/^\/o\/cases\/\{no\}\//, OFFICE_ACT],
  [/^\/m\/reform$/, LOOK],
  [/^\/admin(\/(incidents|versions))?$/, LOOK],
  [/^\/admin\/cases\/\{no\}(\/\{act\})?$/, LOOK],
  [/^\/admin\/incidents\/\{id\}$/, LOOK],
  [/^\/admin\/cases\/\{no\}\//, OPERATE],
  [/^\/admin\/versions\/\{item\}$/, OPERATE],
  [/^\/d\/drift$/, 'lnnnnnynnyl'],
  [/^\/d\/standards(\/\{id\})?$/, DESIGN_LOOK],
  [/^\/d\/standards\/\{id\}\/act$/, DESIGN],
];

let service, routes, things, bearer;
const visitors = {};

function ruleOf(at, method) {
  if (at === '/d/standards' && method === 'post') return DESIGN;
  const rule = RULES.find(([pattern]) => pattern.test(at));
  if (!rule) return null;
  if (rule[1].length === VISITORS.length) return rule[1];
  /* who writes standards handles no case */
  return rule[1].slice(0, 9) + 'n' + (rule[1][9] || rule[1][0]); /* elsewhere a system is nobody */
}

function fill(at) {
  const names = { ...things };
  names.job = '1';
  names.list = 'full-agency';
  if (at.startsWith('/documents')) names.id = things.document;
  if (at.startsWith('/files') || at.startsWith('/materials')) names.id = things.file;
  if (at.startsWith('/admin/incidents')) names.id = things.incident;
  if (at.startsWith('/d/standards')) names.id = things.standard;
  if (/\{page\}\/(read|decline|confirm)$/.test(at)) names.page = 'worker-facts';
  if (/\{page\}\/(upload|mail|remove)$/.test(at)) names.page = 'medical-record';
  return at.replace(/\{(\w+)\}/g, (_, name) => names[name]);
}

function verdict(code, answer) {
  switch (code) {
    case 'l': return answer.status === 401;
    case 'n': return answer.status === 403;
    case 'h': return answer.status === 404;
    default: return ![401, 403, 404, 405, 500].includes(answer.status);
  }
}

/* All rows but those of who looked and who is signed in. */
function state() {
  const dump = execFileSync('sqlite3', ['-readonly', '-cmd', '.timeout 8000', service.db, '.dump'], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const kept = dump.split('\n').filter((l) => !/^INSERT INTO "?(access_log|sessions)"?/.test(l)).join('\n');
  return createHash('sha256').update(kept).digest('hex');
}

async function prepare() {
  const owner = await service.visitor().citizen(PEOPLE.zhao);
  const c = await submitted(service, PEOPLE.zhao, { citizen: owner });
  visitors.anonymous = service.visitor();
  visitors.system = service.visitor();
  visitors.system.bearer = bearer;
  visitors.owner = owner;
  visitors.other = await service.visitor().citizen(PEOPLE.sun);
  for (const who of ['clerk', 'approver', 'supervisor', 'admin', 'designer']) visitors[who] = await staff(service, who);
  for (const who of ['clerk', 'approver']) {
    visitors[`foreign ${who}`] = service.visitor();
    equal((await visitors[`foreign ${who}`].staff(`foreign-${who}`, 'foreign-password-1')).status, 200, `foreign ${who} signs in`);
  }
  const proposed = await visitors.designer.post('/d/standards', { title: '工伤认定', scope: ITEM, reason: '一', target: '二' });
  equal(proposed.status, 201, 'a standard is proposed');
  await accept(visitors.clerk, c.no);
  await decide(visitors.approver, c.no);
  const model = await reached(owner, c.no, 'delivered');
  const stuck = await submitted(service, PEOPLE.zhao, { citizen: owner });
  const inside = async () => (await visitors.admin.get(`/admin/cases/${stuck.no}`)).json;
  equal((await visitors.admin.post(`/admin/cases/${stuck.no}/set`, { variables: { decision: 1 }, reason: '演练' })).status, 200, 'a value is set');
  const [{ id: token }] = (await inside()).tokens;
  equal((await visitors.admin.post(`/admin/cases/${stuck.no}/move`, { token, to: 'granted', reason: '演练' })).status, 200, 'a process stands still');
  const { draft } = await fillDraft(owner, PEOPLE.zhao);
  const task = (stage) => service.sql(`select cast(id as text) id from tasks where stage = '${stage}'`)[0].id;
  things = {
    standard: proposed.json.id, no: c.no, act: 'accept', draft, page: 'worker', key: ITEM, code: model.certificate.code,
    document: model.documents[0].id, file: model.materials.find((m) => m.has_file).id,
    receive_task: task('receive'), decide_task: task('decide'),
    incident: (await inside()).incidents[0].id, item: ITEM, version: (await visitors.admin.get('/admin/versions')).json.items.find((i) => i.key === ITEM).today,
    given: (await owner.get(`/apply/${draft}/medical-record`)).json.material.given[0].id,
  };
  const home = (await service.visitor().page('/')).text;
  things.file_of_app = home.match(/href="\/a\/([^"]+)"/)[1];
  await until(() => service.sql("select count(*) n from outbox where state = 'open'")[0].n === 0);
}

/* {file} is an asset's name below /a and nothing else. */
function target(at) {
  if (at === '/admin/versions/{item}') return `${fill(at)}?from=${things.version}`;
  return at.startsWith('/a/') ? `/a/${things.file_of_app}` : fill(at);
}

async function gets() {
  const before = state();
  for (const { at, rule } of routes.filter((r) => r.method === 'get'))
    for (const [i, name] of VISITORS.entries()) {
      const answer = await visitors[name].get(target(at));
      const deep = rule[i] === 'y' && /qr\.svg|certificate\.svg|cover-slip/.test(at);
      check(deep ? answer.status < 400 : verdict(rule[i], answer), `GET ${at} by ${name}`, `${answer.status} for '${rule[i]}'`);
    }
  equal(state(), before, 'reading changes nothing but who looked');
}

/* What a use case needs to find what it is about. */
const BODIES = [
  ['/w/cases/{no}/claim', () => ({ task: things.receive_task })],
  ['/o/cases/{no}/claim', () => ({ task: things.decide_task })],
  ['/receive', () => ({ material: things.file })],
  ['/remove', () => ({ material: things.given })],
  ['/admin/versions/{item}', () => ({ from: things.version })],
  ['/apply/start', () => ({ item: ITEM })],
  ['/api/cases', () => ({ item: ITEM })],
];

function send(visitor, at, headers = {}) {
  const path_ = target(at);
  if (at.endsWith('/upload')) return visitor.upload(path_, []);
  const [, body] = BODIES.find(([end]) => at.endsWith(end)) || [null, () => ({})];
  return visitor.post(path_, body(at), { headers });
}

async function denied() {
  const before = state();
  for (const { at, rule } of routes.filter((r) => r.method === 'post'))
    for (const [i, name] of VISITORS.entries())
      if (rule[i] !== 'y') {
        const answer = await send(visitors[name], at);
        check(verdict(rule[i], answer), `POST ${at} by ${name}`, `${answer.status} for '${rule[i]}'`);
      }
  equal(state(), before, 'what is denied changes nothing');
}

/* A POST that does not come from a page of ours, by somebody who may. */
async function forged() {
  const before = state();
  for (const { at, rule } of routes.filter((r) => r.method === 'post' && r.rule.includes('y') && r.rule !== SYSTEM)) { /* no cookies, no forgeries */
    const visitor = visitors[VISITORS[rule.indexOf('y')]];
    const rows = [
      ['without the token', { 'X-CSRF-Token': null }],
      ['with a wrong token', { 'X-CSRF-Token': 'A'.repeat(32) }],
      ['with another visitor\'s token', { 'X-CSRF-Token': visitors.other.csrf === visitor.csrf ? visitors.clerk.csrf : visitors.other.csrf }],
      ['from another site', { 'Sec-Fetch-Site': 'cross-site' }],
      ['from another origin', { Origin: 'https://evil.example' }],
    ];
    for (const [what, headers] of rows) {
      const answer = await visitor.post(target(at), {}, { headers });
      check(answer.status === 403 || (at.endsWith('/upload') && answer.status === 415), `POST ${at} ${what}`, answer.status);
    }
  }
  equal(state(), before, 'what is forged changes nothing');
}

/* Whoever may gets an answer of the use case: done, wrong input or a conflict. */
async function allowed() {
  const order = (at) => (/drop|submit|logout/.test(at) ? 1 : 0);
  const posts = routes.filter((r) => r.method === 'post').sort((a, b) => order(a.at) - order(b.at));
  for (const { at, rule } of posts)
    for (const [i, name] of VISITORS.entries())
      if (rule[i] === 'y' && (rule !== ALL || name === 'anonymous')) {
        const answer = await send(visitors[name], at);
        check(verdict('y', answer), `POST ${at} by ${name}`, `${answer.status}: ${answer.text.slice(0, 200)}`);
      }
}

async function others() {
  const answer = await visitors.owner.get('/my/cases/YX-2026-999999');
  equal(answer.status, 404, 'a number that nobody has');
  const foreign = await visitors.other.get(`/my/cases/${things.no}`);
  equal(foreign.status, 404, 'a number of somebody else');
  equal(foreign.json.detail, answer.json.detail, 'nothing tells them apart');
  const html = await service.visitor().page(`/my/cases/${things.no}`);
  equal(html.status, 303, 'a page leads to sign in');
  check(html.location.startsWith('/login?next='), 'and back', html.location);
  const out = await service.visitor().citizen(PEOPLE.sun);
  const cookie = new Map(out.cookies);
  await out.post('/logout');
  out.cookies = cookie;
  equal((await out.get('/my')).status, 401, 'a session that was ended stays ended');
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])
    check([405, 501].includes((await visitors.owner.send(method, '/my')).status), `${method} is no method of ours`);
}

async function withoutDemo() {
  await service.stop();
  service.options.demo = false;
  await service.serve();
  for (const { at, method } of routes.filter((r) => r.at.startsWith('/demo/'))) {
    const answer = method === 'get' ? await service.visitor().get(at) : await service.visitor().post(at, {});
    equal(answer.status, 404, `${method} ${at} is not there without --demo`);
  }
}

await run(async () => {
  service = await Service.start({
    before: (s) => {
      bearer = execFileSync(s.program, ['client', 'add', 'bank', '--db', s.db, '--place', '330199', '--jobs', 'benefit.pay'],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
      for (const role of ['clerk', 'approver'])
        execFileSync(s.program, ['staff', '--db', s.db, '--place', '330199', '--login', `foreign-${role}`, '--name', '外单位',
          '--organ', 'services', '--roles', role], { input: 'foreign-password-1\n' });
    },
  });
  await prepare();
  const document = (await service.visitor().get('/api/openapi.json')).json;
  routes = Object.entries(document.paths).flatMap(([at, item]) => Object.keys(item).map((method) => ({ at, method, rule: ruleOf(at, method) })));
  for (const r of routes) check(r.rule, `${r.method} ${r.at} has an expectation`);
  routes = routes.filter((r) => r.rule);
  await part('reading', gets);
  await part('denied', denied);
  await part('forged', forged);
  await part('allowed', allowed);
  await part('others', others);
  await part('without demo', withoutDemo);
});
