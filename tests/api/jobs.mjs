/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Jobs for systems of other departments: leases, repeats, failures, errors, long polls, and what is
 * refused.   node tests/api/jobs.mjs [PART…]
 */
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { atEnd, check, equal, part, run, sleep, until } from '../lib/check.mjs';
import { ROOT, Service } from '../lib/service.mjs';

const COMPUTE = 'benefit.compute';
const PAY = 'benefit.pay';
const PLACE = '330199';
const LI = '330199199205034023';
const tokens = {};
let service, citizen;

/* ---- a system ---- */

class System {
  constructor(token, { address = '127.0.0.1' } = {}) {
    this.token = token;
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 600, localAddress: address });
  }

  send(method, target, body, headers = {}) {
    const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
    const all = { ...(this.token ? { Authorization: `Bearer ${this.token}` } : {}), ...headers };
    if (text !== null) Object.assign(all, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
    return new Promise((resolve, reject) => {
      const rq = http.request({ host: '127.0.0.1', port: service.port, method, path: target, headers: all, agent: this.agent }, (rs) => {
        const parts = [];
        rs.on('data', (p) => parts.push(p));
        rs.on('end', () => {
          const said = Buffer.concat(parts).toString();
          resolve({ status: rs.statusCode, headers: rs.headers, text: said, json: said.startsWith('{') ? JSON.parse(said) : null });
        });
        rs.on('error', reject);
      });
      this.last = rq;
      rq.on('error', reject);
      rq.end(text === null ? undefined : text);
    });
  }

  take(more = {}) { return this.send('POST', '/api/jobs/take', { types: [COMPUTE], ...more }); }

  async one(more) {
    const answer = await this.take(more);
    if (answer.status !== 200 || answer.json.jobs.length !== 1) throw new Error(`take: ${answer.status} ${answer.text}`);
    return answer.json.jobs[0];
  }

  end(how, job, more = {}) { return this.send('POST', `/api/jobs/${job.job}/${how}`, { lease: job.lease, ...more }); }

  get(job) { return this.send('GET', `/api/jobs/${job.job}`); }
}

const system = (name) => new System(tokens[name]);
const key = (answer) => (answer.json?.problems || []).map((p) => `${p.element}:${p.key}`).join();

/* ---- the world ---- */

async function submit(years = 30) {
  const whole = { item: 'pension', lang: 'zh', declaration: true, materials: [], answers: { person_name: '李文静', person_id: LI, years } };
  const answer = await citizen.post('/api/cases', whole);
  if (answer.status === 401) { /* the clock went on */
    citizen = await service.visitor().citizen(LI);
    return submit(years);
  }
  if (answer.status !== 201) throw new Error(`submit: ${answer.status} ${answer.text}`);
  return answer.json;
}

async function hours(n) {
  equal((await service.visitor().post('/demo/clock', { hours: n })).status, 200, 'the clock goes on');
}

const events = (c, kind) => service.sql(`select kind, actor, data from events where place = '${PLACE}' and case_id = ${c.case}
  and kind like '${kind}' order by seq`).map((e) => ({ ...e, data: JSON.parse(e.data) }));

/* What earlier parts left is taken away. */
async function drain() {
  const all = system('all');
  for (;;) {
    const { jobs } = (await all.take({ types: [COMPUTE, PAY], max: 32 })).json;
    if (!jobs.length) return;
    for (const job of jobs) await all.end('complete', job, job.type === COMPUTE ? { variables: { amount: 0 } } : {});
  }
}

/* ---- parts ---- */

async function whole() {
  const c = await submit();
  const bank = system('all');
  const job = await bank.one({ lease_s: 30 });
  equal(JSON.stringify(job.variables), '{"person_name":"李文静","years":30}', 'only what is declared');
  equal(job.headers.table, '2026', 'headers');
  equal(`${job.case} ${job.element} ${job.attempt} ${job.retries_left}`, `${c.no} compute 1 2`, 'what it is');
  check(job.lease.length === 22 && job.lease_until > 0, 'a lease', job);
  equal((await bank.take()).json.jobs.length, 0, 'nobody gets it twice');
  const seen = (await bank.get(job)).json;
  equal(`${seen.state} ${seen.lease_until} ${'variables' in seen} ${'lease' in seen}`, `leased ${job.lease_until} false false`, 'how it stands');
  const longer = await bank.end('extend', job, { lease_s: 300 });
  check(longer.status === 200 && longer.json.lease_until > job.lease_until, 'held for longer', longer.text);
  const done = await bank.end('complete', job, { variables: { amount: 3600 } });
  equal(`${done.status} ${done.json.state} ${done.json.case}`, `200 done ${c.no}`, 'done');
  const again = await bank.end('complete', job, { variables: { amount: 3600 } });
  equal(`${again.status} ${again.text}`, `200 ${done.text}`, 'a repeat gets the same answer');
  equal((await bank.end('complete', job, { variables: { amount: 1 } })).status, 422, 'other contents are no repeat');
  equal(key(await bank.end('fail', job, { reason: 'x' })), 'job:job.done', 'nor is another end');
  equal(key(await bank.end('complete', { ...job, lease: 'A'.repeat(22) })), 'job:job.done', 'another lease');
  const pay = await bank.one({ types: [PAY] });
  equal(`${JSON.stringify(pay.variables)} ${pay.retries_left}`, '{"sum":3600} 0', 'what the task maps in; retries of the task');
  equal((await bank.end('complete', pay)).status, 200, 'paid');
  const trail = events(c, 'job_%');
  equal(trail.map((e) => `${e.kind} ${e.data.by} ${(e.data.variables || []).join('+')}`).join('; '),
    'job_taken all person_name+years; job_done all amount; job_taken all sum; job_done all ', 'the case tells');
  check(trail.every((e) => e.actor.startsWith('client:')) && !JSON.stringify(trail).includes('李文静'), 'by whom, without values');
  const log = (await citizen.get('/my/access')).json.readings.filter((r) => r.what === c.no);
  equal(`${log.length} ${log[0]?.purpose}`, '2 发放养老待遇', 'the person sees who read what for');
  equal(service.sql(`select payload from jobs where id = ${job.job}`)[0].payload, '{}', 'what it held is gone');
  check(service.sql("select used_at from clients where name = 'all'")[0].used_at > 0, 'last used');
}

async function refused() {
  await submit();
  const job = await system('all').one();
  const bad = (more) => ['POST', `/api/jobs/${job.job}/complete`, { lease: job.lease, ...more }];
  const take = (more) => ['POST', '/api/jobs/take', { types: [COMPUTE], ...more }];
  const at = (how, more) => ['POST', `/api/jobs/${job.job}/${how}`, { lease: job.lease, ...more }];
  const many = Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`v${i}`, 1]));
  const rows = [
    [take({ types: [] }), 422, 'types:job.required'],
    [take({ types: 'x' }), 422, 'types:job.required'],
    [take({ types: Array(33).fill(COMPUTE) }), 413, 'types:job.too_many'],
    [take({ types: [COMPUTE, 'benefit.compote'] }), 422, 'types.1:job.type.unknown'],
    [take({ max: 33 }), 422, 'max:job.number'],
    [take({ max: '5' }), 422, 'max:job.number'],
    [take({ max: 1.5 }), 422, 'max:job.number'],
    [take({ lease_s: 0 }), 422, 'lease_s:job.number'],
    [take({ lease_s: 3601 }), 422, 'lease_s:job.number'],
    [take({ wait_s: 56 }), 422, 'wait_s:job.number'],
    [take({ wait: 5 }), 422, 'wait:job.field.unknown'],
    [['POST', '/api/jobs/take', '[1]'], 422, ''],
    [['POST', '/api/jobs/take', '{"types"'], 422, ''],
    [bad({ lease: 'B'.repeat(22) }), 409, 'lease:job.lease.other'],
    [bad({ lease: 5 }), 409, 'lease:job.lease.other'],
    [bad({ variables: [1] }), 422, 'variables:job.map'],
    [bad({ variables: { total: 1 } }), 422, 'variables.total:job.variable.not_a_result'],
    [bad({ variables: { [`a${'x'.repeat(100)}`]: 1 } }), 422, `variables.a${'x'.repeat(99)}:job.variable.name`],
    [bad({ variables: { amount: 'x'.repeat(65536) } }), 413, 'variables:job.too_long'],
    [bad({ variables: many }), 413, 'variables:job.too_many'],
    [bad({ variable: {} }), 422, 'variable:job.field.unknown'],
    [at('fail', {}), 422, 'reason:job.required'],
    [at('fail', { reason: 'x'.repeat(1001) }), 413, 'reason:job.too_long'],
    [at('fail', { reason: 'x', retry_after_s: -1 }), 422, 'retry_after_s:job.number'],
    [at('fail', { reason: 'x', retries_left: 101 }), 422, 'retries_left:job.number'],
    [at('error', {}), 422, 'code:job.required'],
    [at('error', { code: 'x'.repeat(101) }), 413, 'code:job.too_long'],
    [at('extend', { lease_s: 1e9 }), 422, 'lease_s:job.number'],
    [['POST', '/api/jobs/12345/complete', { lease: job.lease }], 404, 'job:job.unknown'],
    [['POST', '/api/jobs/abc/complete', { lease: job.lease }], 404, 'job:job.unknown'],
    [['GET', '/api/jobs/12345'], 404, ''],
  ];
  for (const [call, status, named] of rows) {
    const answer = await system('all').send(...call);
    equal(`${answer.status} ${key(answer)}`, `${status} ${named}`, JSON.stringify(call).slice(0, 90));
    equal(answer.headers['content-type'], 'application/problem+json', 'as problem details');
  }
  equal(key(await system('payer').take()), 'types.0:job.type.denied', 'a type of others');
  equal((await system('payer').take()).status, 403, 'is denied');
  equal((await system('payer').get(job)).status, 404, 'their jobs are not there');
  equal(key(await system('payer').end('complete', job)), 'job:job.unknown', 'whatever the lease');
  equal(key(await system('second').end('complete', job)), 'lease:job.lease.other', 'a lease is of one system');
  equal((await system('all').get(job)).json.state, 'leased', 'nothing of this has changed it');
  equal((await system('all').end('complete', job, { variables: { amount: 0 } })).status, 200, 'done at last');
}

async function strangers() {
  for (const token of [null, 'x', 'onedoor_1_x', `${tokens.all}x`, tokens.revoked]) {
    const answer = await new System(token).take();
    equal(`${answer.status} ${answer.headers['www-authenticate']}`, '401 Bearer', `token ${token?.slice(0, 12)}`);
    check(!answer.headers['set-cookie'], 'no cookies');
  }
  equal((await citizen.post('/api/jobs/take', { types: [COMPUTE] })).status, 401, 'a session is no token');
  const cookies = `session=${citizen.cookies.get('session')}`;
  equal((await new System(tokens.all).send('POST', '/api/jobs/take', { types: [COMPUTE] }, { Cookie: cookies })).status, 200, 'nor is it in the way');
  equal((await new System(tokens.all).send('GET', '/my', undefined, { Accept: 'application/json' })).status, 401, 'a token is no session');
}

async function failing() {
  const c = await submit();
  const bank = system('all');
  const first = await bank.one();
  const failed = await bank.end('fail', first, { reason: 'the table is locked', retry_after_s: 3600 });
  equal(`${failed.status} ${failed.json.state} ${failed.json.retries_left}`, '200 open 2', 'it comes again');
  equal((await bank.end('fail', first, { reason: 'the table is locked', retry_after_s: 3600 })).text, failed.text, 'said twice, done once');
  equal(key(await bank.end('complete', first, { variables: { amount: 1 } })), 'lease:job.lease.none', 'its lease is over');
  equal((await bank.take()).json.jobs.length, 0, 'not before its time');
  await hours(2);
  const second = await bank.one();
  equal(`${second.job === first.job} ${second.attempt} ${second.retries_left} ${second.lease !== first.lease}`, 'true 2 1 true', 'again, with another lease');
  equal((await bank.end('fail', first, { reason: 'the table is locked', retry_after_s: 3600 })).text, failed.text, 'a late repeat changes nothing');
  const backoff = (await bank.end('fail', second, { reason: 'still' })).json;
  equal(backoff.due_at - Number(service.sql(`select max(at) at from events where case_id = ${c.case}`)[0].at), 20000, 'the declared back-off, doubled');
  await hours(1);
  const third = await bank.one();
  const last = await bank.end('fail', third, { reason: 'for good' });
  equal(`${last.json.state} ${last.json.retries_left}`, 'failed 0', 'no retry is left');
  equal((await bank.end('fail', third, { reason: 'for good' })).text, last.text, 'repeated');
  equal(events(c, 'incident').map((e) => e.data.reason).join(), 'for good', 'an incident of the process');
  equal(events(c, 'job_failed').map((e) => e.data.retries_left).join(), '2,1,0', 'each failure is told');
  equal((await bank.get(third)).json.state, 'failed', 'how it stands');
  equal(key(await bank.end('complete', third)), 'job:job.failed', 'too late');
  const other = await submit();
  const job = await bank.one();
  equal((await bank.end('fail', job, { reason: 'never', retries_left: 0 })).json.state, 'failed', 'a worker may give up at once');
  equal(events(other, 'incident').length, 1, 'that is an incident, too');
}

/* A worker that always asks for one more try. */
async function endless() {
  const c = await submit();
  const bank = system('all');
  let tries = 0;
  let state = 'open';
  for (; state === 'open' && tries < 200; tries++)
    state = (await bank.end('fail', await bank.one(), { reason: 'again', retry_after_s: 0, retries_left: 100 })).json.state;
  equal(`${tries} ${state}`, '100 failed', 'a hundred tries, whatever it says');
  equal(events(c, 'incident').length, 1, 'then it is for a person');
}

async function errors() {
  const c = await submit();
  const bank = system('all');
  const job = await bank.one();
  const said = await bank.end('error', job, { code: 'not-insured', reason: '没有参保', variables: {} });
  equal(`${said.status} ${said.json.state}`, '200 error', 'thrown');
  equal((await bank.end('error', job, { code: 'not-insured', reason: '没有参保', variables: {} })).text, said.text, 'repeated');
  equal(service.sql(`select element from tasks where case_id = ${c.case} and state = 'open'`).map((t) => t.element).join(), 'look', 'the boundary event caught it');
  equal(events(c, 'job_error')[0].data.code, 'not-insured', 'in the stream');
  const d = await submit();
  await bank.end('complete', await bank.one(), { variables: { amount: 5 } });
  const pay = await bank.one({ types: [PAY] });
  equal((await bank.end('error', pay, { code: 'no-account' })).status, 200, 'nobody catches it');
  equal(events(d, 'incident').length, 1, 'then it is an incident');
}

async function leases() {
  const c = await submit();
  const first = system('all'), second = system('second');
  const job = await first.one({ lease_s: 60 });
  await hours(1);
  equal((await first.get(job)).json.state, 'open', 'its lease is over');
  const again = await second.one();
  equal(`${again.job === job.job} ${again.attempt} ${again.retries_left}`, 'true 2 1', 'somebody else gets it, the try is counted');
  equal(key(await first.end('complete', job, { variables: { amount: 9 } })), 'lease:job.lease.other', 'the first comes too late');
  await hours(1);
  equal((await second.end('complete', again, { variables: { amount: 0 } })).status, 200, 'nobody took it meanwhile: its work counts');
  equal(events(c, 'job_done').length, 1, 'once');
  const d = await submit();
  for (let i = 0; i < 3; i++) {
    await first.one();
    await hours(1);
  }
  check(await until(() => events(d, 'incident').length === 1), 'with the last lease over: an incident');
  equal(events(d, 'incident')[0].data.reason, 'the lease ran out', 'that says why');
  equal((await first.take()).json.jobs.length, 0, 'nobody gets it any more');
}

async function cancelled() {
  const c = await submit();
  const bank = system('all');
  const job = await bank.one();
  await service.days(3);
  check(await until(() => service.sql(`select state from jobs where id = ${job.job}`)[0].state === 'cancelled'), 'the boundary timer ends it');
  const answer = await bank.end('complete', job, { variables: { amount: 9 } });
  equal(`${answer.status} ${key(answer)}`, '409 job:job.cancelled', 'the worker is told');
  equal((await bank.get(job)).json.state, 'cancelled', 'and may ask');
  equal(events(c, 'job_done').length, 0, 'nothing was done');
}

async function polls() {
  await drain();
  const bank = system('all');
  const from = Date.now();
  equal((await bank.take({ wait_s: 1 })).json.jobs.length, 0, 'nothing came');
  const waited = Date.now() - from;
  check(waited >= 990 && waited < 1500, 'after the wait', waited);
  const times = [];
  for (let i = 0; i < 5; i++) {
    const poll = bank.take({ wait_s: 20 }).then((a) => [Date.now(), a]);
    await sleep(100);
    await submit();
    const asked = Date.now();
    const [at, answer] = await poll;
    equal(answer.json.jobs.length, 1, 'it came');
    times.push(at - asked);
    await bank.end('complete', answer.json.jobs[0], { variables: { amount: 0 } });
  }
  check(Math.min(...times) < 100 && times.sort((a, b) => a - b)[2] < 100, 'woken within 100 ms', times);
  const c = await submit();
  const job = await bank.one();
  await bank.end('fail', job, { reason: 'soon', retry_after_s: 1 });
  const began = Date.now();
  const later = await bank.one({ wait_s: 20 });
  const due = Date.now() - began;
  check(later.case === c.no && due > 700 && due < 1600, 'woken when a retry is due', due);
  await bank.end('fail', later, { reason: 'later', retry_after_s: 7200 });
  const poll = bank.take({ wait_s: 20 });
  await sleep(100);
  await hours(3);
  equal((await poll).json.jobs[0]?.job, job.job, 'and when the clock is moved');
  await drain();
}

const threads = () => readdirSync(`/proc/${service.server.pid}/task`).length;

async function crowd() {
  const before = threads();
  const systems = [2, 3, 4].map((n) => new System(tokens.all, { address: `127.0.0.${n}` })); /* each address has its limit */
  const waiting = [];
  let got = 0;
  for (let i = 0; i < 500; i++)
    waiting.push(systems[i % 3].take({ wait_s: 12 }).then((a) => { got += a.json.jobs.length; return a.status; }));
  await sleep(1500);
  equal(threads(), before, '500 wait without a thread each');
  let worst = 0;
  for (let i = 0; i < 30; i++) {
    const from = Date.now();
    equal((await citizen.page('/')).status, 200, 'pages answer meanwhile');
    worst = Math.max(worst, Date.now() - from);
  }
  check(worst < 500, 'quickly', worst);
  for (let i = 0; i < 3; i++) await submit();
  check(await until(() => got === 3, 2000, 10), 'three jobs go to three of them', got);
  const ends = await Promise.all(waiting);
  check(ends.every((s) => s === 200) && got === 3, 'the others hear that there was nothing', got);
  await hours(1);
  await drain();
}

async function left() {
  await drain();
  const gone = new System(tokens.all), bank = system('all');
  gone.take({ wait_s: 30 }).catch(() => {});
  await sleep(200);
  gone.last.destroy();
  await sleep(100);
  const poll = bank.take({ wait_s: 10 });
  await sleep(100);
  await submit();
  equal((await poll).json.jobs.length, 1, 'who has left takes no job along');
  await hours(1);
  await drain();
}

async function race() {
  await drain();
  const wanted = new Set();
  const workers = ['all', 'second'].map((name) => ({ name, system: system(name), jobs: [] }));
  let stop = false;
  const works = workers.map(async (w) => {
    while (!stop) {
      const { jobs } = (await w.system.take({ max: 5, wait_s: 1 })).json;
      w.jobs.push(...jobs.map((j) => j.job));
      for (const job of jobs) {
        const answer = await w.system.end('complete', job, { variables: { amount: 0 } });
        if (answer.status !== 200) check(false, 'complete', answer.text);
      }
    }
  });
  for (let i = 0; i < 20; i++) for (const c of await Promise.all(Array.from({ length: 10 }, () => submit()))) wanted.add(c.no);
  await until(() => workers[0].jobs.length + workers[1].jobs.length >= 200, 20000);
  stop = true;
  await Promise.all(works);
  const all = workers.flatMap((w) => w.jobs);
  equal(`${all.length} ${new Set(all).size} ${wanted.size}`, '200 200 200', 'each job once');
  check(workers.every((w) => w.jobs.length > 40), 'both have their share', workers.map((w) => w.jobs.length));
}

async function killed() {
  const c = await submit();
  const bank = system('all');
  const job = await bank.one({ lease_s: 600 });
  await service.kill();
  await service.serve();
  const done = await bank.end('complete', job, { variables: { amount: 0 } });
  equal(done.status, 200, 'the lease is on disk');
  await service.kill();
  await service.serve();
  equal((await bank.end('complete', job, { variables: { amount: 0 } })).text, done.text, 'so is the answer');
  equal(events(c, 'job_done').length, 1, 'done once');
  const stopping = bank.take({ wait_s: 30 });
  await sleep(200);
  const from = Date.now();
  equal(await service.stop(), 0, 'it stops');
  check(Date.now() - from < 3000, 'without waiting for those who wait', Date.now() - from);
  equal((await stopping).status, 200, 'who are told');
  await service.serve();
}

async function example() {
  const child = spawn(process.execPath, [path.join(ROOT, 'docs/examples/worker.mjs')],
    { env: { ...process.env, ONEDOOR: service.url, TOKEN: tokens.second }, stdio: 'ignore' });
  atEnd(() => child.kill());
  const c = await submit(10);
  check(await until(() => events(c, 'job_done').length === 1, 8000), 'the worker of the guide does it');
  const pay = await system('all').one({ types: [PAY], wait_s: 5 });
  equal(pay.variables.sum, 1200, 'and what it says comes on');
  child.kill();
}

async function guesses() {
  const stranger = new System('onedoor_1_x', { address: '127.0.0.9' });
  const seen = [];
  for (let i = 0; i < 62; i++) seen.push((await stranger.take()).status);
  equal(`${seen[0]} ${seen[59]} ${seen[61]}`, '401 401 429', 'wrong tokens are counted');
  const good = new System(tokens.all, { address: '127.0.0.10' });
  for (let i = 0; i < 70; i++) await good.take({ max: 99 });
  equal((await good.take()).status, 200, 'who shows a good one may be wrong otherwise');
}

function add(s, name, jobs) {
  tokens[name] = execFileSync(s.program, ['client', 'add', name, '--db', s.db, '--place', PLACE, '--jobs', jobs],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

await run(async () => {
  service = await Service.start({
    before: (s) => {
      s.catalogue = path.join(ROOT, 'tests/catalogues/jobs');
      add(s, 'all', `${COMPUTE},${PAY}`);
      add(s, 'second', COMPUTE);
      add(s, 'payer', PAY);
      add(s, 'revoked', COMPUTE);
      execFileSync(s.program, ['client', 'revoke', 'revoked', '--db', s.db, '--place', PLACE], { stdio: 'ignore' });
    },
  });
  citizen = await service.visitor().citizen(LI);
  await part('whole', whole);
  await part('refused', refused);
  await part('strangers', strangers);
  await part('failing', failing);
  await part('endless', endless);
  await part('errors', errors);
  await part('leases', leases);
  await part('cancelled', cancelled);
  await part('polls', polls);
  await part('crowd', crowd);
  await part('left', left);
  await part('race', race);
  await part('killed', killed);
  await part('example', example);
  await part('guesses', guesses);
});
