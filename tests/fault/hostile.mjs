/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hostile requests, each with its exact answer, and that none of them changed or revealed
 * anything.   node tests/fault/hostile.mjs
 */
import { existsSync, readdirSync } from 'node:fs';
import net from 'node:net';
import { check, equal, part, run, until } from '../lib/check.mjs';
import { Service } from '../lib/service.mjs';
import { ITEM, PDF, PEOPLE, accept, decide, fillDraft, reached, staff, submitted, wholeApplication } from '../lib/walk.mjs';

let service, citizen, draft;

/* Bytes as they are; the status of the first answer, 0 when the connection ends without one. */
function raw(bytes, wait_ms = 4000) {
  return new Promise((resolve) => {
    let seen = '';
    const socket = net.connect(service.port, '127.0.0.1', () => socket.write(bytes));
    const done = () => {
      clearTimeout(timer);
      socket.destroy();
      const m = seen.match(/^HTTP\/1\.[01] (\d{3})/);
      resolve(m ? Number(m[1]) : 0);
    };
    const timer = setTimeout(done, wait_ms);
    socket.on('data', (d) => {
      seen += d.toString('latin1');
      if (seen.includes('\r\n\r\n')) done();
    });
    socket.on('error', done);
    socket.on('end', done);
  });
}

const HOST = 'Host: 127.0.0.1\r\n';
const HEADS = [
  ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
  ['two hosts', `GET / HTTP/1.1\r\n${HOST}Host: evil\r\n\r\n`, 400],
  ['two lengths', `POST /login HTTP/1.1\r\n${HOST}Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde`, 400],
  ['length and chunks', `POST /login HTTP/1.1\r\n${HOST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
  ['negative length', `POST /login HTTP/1.1\r\n${HOST}Content-Length: -1\r\n\r\n`, 400],
  ['length of letters', `POST /login HTTP/1.1\r\n${HOST}Content-Length: abc\r\n\r\n`, 400],
  ['unknown transfer coding', `POST /login HTTP/1.1\r\n${HOST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, 400],
  ['folded header', `GET / HTTP/1.1\r\n${HOST}X-A: b\r\n c\r\n\r\n`, 400],
  ['space before colon', `GET / HTTP/1.1\r\n${HOST}X-A : b\r\n\r\n`, 400],
  ['NUL in a header', `GET / HTTP/1.1\r\n${HOST}X-A: a\0b\r\n\r\n`, 400],
  ['NUL in the path', `GET /%00 HTTP/1.1\r\n${HOST}\r\n`, 400],
  ['path of no UTF-8', `GET /%ff%fe HTTP/1.1\r\n${HOST}\r\n`, 400],
  ['overlong UTF-8', `GET /%c0%af HTTP/1.1\r\n${HOST}\r\n`, 400],
  ['bad percent', `GET /%zz HTTP/1.1\r\n${HOST}\r\n`, 400],
  ['path upwards', `GET /../../etc/passwd HTTP/1.1\r\n${HOST}\r\n`, 400],
  ['asset upwards', `GET /a/..%2f..%2fetc%2fpasswd HTTP/1.1\r\n${HOST}\r\n`, 400],
  ['long target', `GET /${'a'.repeat(5000)} HTTP/1.1\r\n${HOST}\r\n`, 414],
  ['long head', `GET / HTTP/1.1\r\n${HOST}${'X-A: b\r\n'.repeat(3000)}\r\n`, 431],
  ['unknown method', `BREW / HTTP/1.1\r\n${HOST}\r\n`, 405],
  ['PUT', `PUT /my HTTP/1.1\r\n${HOST}Content-Length: 0\r\n\r\n`, 405],
  ['HTTP/3.0', `GET / HTTP/3.0\r\n${HOST}\r\n`, 505],
  ['no HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 0],
];

async function heads() {
  for (const [name, bytes, wanted] of HEADS) equal(await raw(Buffer.from(bytes, 'latin1')), wanted, name);
}

const json = { 'Content-Type': 'application/json' };
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const deep = (n) => '['.repeat(n) + ']'.repeat(n);
const BODIES = [
  ['no JSON', json, '{', 422],
  ['two values', json, '{}{}', 422],
  ['a key twice', json, '{"item":"a","item":"b"}', 422],
  ['a list', json, '[]', 422],
  ['a number', json, '1', 422],
  ['deep', json, `{"a":${deep(5000)}}`, 413],
  ['no UTF-8', json, Buffer.from('{"item":"\xff"}', 'latin1'), 422],
  ['half a surrogate', json, '{"item":"\\ud800"}', 422],
  ['huge number', json, `{"item":${'9'.repeat(5000)}}`, 404],
  ['empty', json, '', 404],
  ['too large', json, `{"a":"${'x'.repeat(300 << 10)}"}`, 413],
  ['too many fields', form, 'a=1&'.repeat(300), 413],
  ['a field too large', form, `a=${'x'.repeat(70 << 10)}`, 413],
  ['bad percent', form, 'item=%zz', 422],
  ['no UTF-8 in a field', form, 'item=%ff', 422],
  ['plain text', { 'Content-Type': 'text/plain' }, 'item=work-injury', 415],
  ['XML', { 'Content-Type': 'application/xml' }, '<a/>', 415],
  ['no type', {}, '{}', 415],
  ['files where none are taken', { 'Content-Type': 'multipart/form-data; boundary=x' }, '--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\nc\r\n--x--\r\n', 415],
  ['a key too long', { ...json, 'Idempotency-Key': 'k'.repeat(101) }, JSON.stringify({ item: ITEM }), 422],
  ['unknown item', json, JSON.stringify({ item: '../../etc' }), 404],
  ['item of another type', json, JSON.stringify({ item: { a: 1 } }), 404],
  ['answers of another type', json, JSON.stringify({ item: ITEM, answers: [1, 2] }), 201],
];

async function bodies() {
  for (const [name, headers, body, wanted] of BODIES) {
    const answer = await citizen.send('POST', '/apply/start', { headers: { 'X-CSRF-Token': citizen.csrf, ...headers }, body });
    check(answer.status === wanted, name, `${answer.status} instead of ${wanted}: ${answer.text.slice(0, 200)}`);
    if (answer.status >= 400) check(answer.headers['content-type'] === 'application/problem+json', `${name}: problem details`, answer.headers['content-type']);
  }
}

const zip = Buffer.from('504b0304140000000000', 'hex');
const html = Buffer.from('<!doctype html><script>alert(1)</script>');
const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
const MIB = 1 << 20;
const big = (n) => Buffer.concat([PDF, Buffer.alloc(n, 32)]);
const one = (name, bytes, type) => [{ name, bytes, type }];
const UPLOADS = [
  ['a program', () => one('a.pdf', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)]), 'application/pdf'), 415],
  ['an ELF program', () => one('a.png', Buffer.from('7f454c46020101000000', 'hex'), 'image/png'), 415],
  ['a page', () => one('a.html', html, 'image/png'), 415],
  ['an SVG', () => one('a.svg', svg, 'image/svg+xml'), 415],
  ['a zip', () => one('a.docx', zip, 'application/pdf'), 415],
  ['text', () => one('a.txt', Buffer.from('hello'), 'text/plain'), 415],
  ['a PDF below a page', () => one('a.pdf', Buffer.concat([html, PDF]), 'application/pdf'), 415],
  ['nothing', () => one('a.pdf', Buffer.alloc(0), 'application/pdf'), 422],
  ['no file at all', () => [], 422],
  ['one wrong among good ones', () => [...one('a.pdf', PDF), ...one('b.pdf', zip)], 415],
  ['a file too large', () => one('a.pdf', big(20 * MIB + 1)), 413],
  ['files too large together', () => [1, 2, 3, 4].map((i) => one(`${i}.pdf`, big(16 * MIB))[0]), 413],
  ['too many files', () => Array.from({ length: 11 }, (_, i) => one(`${i}.pdf`, PDF)[0]), 413],
];

async function uploads() {
  const at = `/apply/${draft}/medical-record`;
  const before = (await citizen.get(at)).json.material.given.length;
  for (const [name, files, wanted] of UPLOADS) {
    let answer;
    try {
      answer = await citizen.upload(`${at}/upload`, files());
    } catch (error) {
      check(wanted === 413, `${name}: the connection was ended`, error.message);
      continue;
    }
    check(answer.status === wanted, name, `${answer.status} instead of ${wanted}: ${answer.text.slice(0, 200)}`);
  }
  equal((await citizen.get(at)).json.material.given.length, before, 'nothing of it was kept');
  const incoming = `${service.db}.files/incoming`;
  check(await until(() => !existsSync(incoming) || readdirSync(incoming).length === 0, 3000), 'nothing is left in the upload folder');
  for (const bad of ['--x\r\n', 'garbage', `--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n`, `--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.4`]) {
    const answer = await citizen.send('POST', `${at}/upload`, { headers: { 'X-CSRF-Token': citizen.csrf, 'Content-Type': 'multipart/form-data; boundary=x' }, body: bad });
    equal(answer.status, 422, `malformed multipart ${JSON.stringify(bad.slice(0, 20))}`);
  }
  const none = await citizen.send('POST', `${at}/upload`, { headers: { 'X-CSRF-Token': citizen.csrf, 'Content-Type': 'multipart/form-data' }, body: 'x' });
  check([415, 422].includes(none.status), 'multipart without a boundary', none.status);
}

const NAMES = ['../../../etc/passwd', 'C:\\\\windows\\\\a.pdf', 'a\u0007b.pdf', `${'长'.repeat(300)}.pdf`, '<script>alert(1)</script>.pdf', '.'];

async function fileNames() {
  const at = `/apply/${draft}/medical-record`;
  for (const name of NAMES) {
    const answer = await citizen.upload(`${at}/upload`, one(name, PDF));
    equal(answer.status, 200, `file name ${JSON.stringify(name.slice(0, 30))}`);
  }
  const given = (await citizen.get(at)).json.material.given.map((g) => g.name);
  check(given.every((n) => !/[/\\\u0000-\u001f]/.test(n) && Buffer.byteLength(n) <= 200), 'names are names only', given);
  check(!(await citizen.page(at)).text.includes('<script>alert'), 'a name is text on the page');
  const too_many = await citizen.upload(`${at}/upload`, Array.from({ length: 5 }, (_, i) => one(`${i}.pdf`, PDF)[0]));
  equal(too_many.status, 413, 'more files than the material takes');
}

const SCRIPT = '<script>alert(1)</script>"\'><img src=x onerror=alert(1)>';

/* What people type is text everywhere: pages, papers, messages. */
async function text() {
  const person = await service.visitor().citizen(PEOPLE.zhao);
  const c = await submitted(service, PEOPLE.zhao, { citizen: person, mail: ['medical-record'],
    change: { accident_place: SCRIPT, accident_story: '{{place_name}} {{{page.csrf}}} ${7*7} 🦺 \u202eabc', injury_part: '手' } });
  const clerk = await staff(service, 'clerk');
  const approver = await staff(service, 'approver');
  await accept(clerk, c.no);
  for (const [who, url] of [[person, `/my/cases/${c.no}`], [clerk, `/w/cases/${c.no}`], [approver, `/o/cases/${c.no}`]]) {
    const page = await who.page(url);
    equal(page.status, 200, url);
    check(page.text.includes('&lt;script&gt;') && !page.text.includes('<script>alert') && !page.text.includes('<img src=x'), `${url}: text stays text`);
    check(page.text.includes('{{place_name}}'), `${url}: braces stay braces`);
  }
  await decide(approver, c.no);
  const model = await reached(person, c.no, 'delivered');
  for (const d of model.documents) equal((await person.get(d.url)).status, 200, `${d.kind} is drawn`);
  for (const q of ["' or 1=1 --", '"; drop table cases; --', '%', '*', '"', 'NEAR(', '工伤 OR', 'a'.repeat(2000), '\u0000', '𠮷']) {
    const found = await service.visitor().get(`/search?q=${encodeURIComponent(q)}`);
    check([200, 400, 422].includes(found.status), `search ${JSON.stringify(q.slice(0, 20))}`, found.status);
    const list = await clerk.get(`/w?find=${encodeURIComponent(q)}&tab=${encodeURIComponent(q)}&page=${encodeURIComponent(q)}`);
    check([200, 303, 400, 404, 414].includes(list.status), `worklist ${JSON.stringify(q.slice(0, 20))}`, list.status);
  }
}

async function redirects() {
  for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', '/a\r\nSet-Cookie: x=y', 'javascript:alert(1)', '/ok']) {
    const v = service.visitor();
    const answer = await v.form('/demo/identity', { id_number: PEOPLE.sun, next });
    equal(answer.status, 303, `sign-in with next ${JSON.stringify(next)}`);
    equal(answer.location, next === '/ok' ? '/ok' : '/my', `leads to a page of ours, not to ${JSON.stringify(next)}`);
    check(!v.cookies.has('x'), 'no header was injected');
  }
}

async function numbers() {
  for (const id of ['0', '-1', 'abc', '9223372036854775807', '9223372036854775808', '1e3', '%20', '1;drop', '1'.repeat(100)])
    for (const at of [`/apply/${id}`, `/apply/${id}/worker`, `/apply/${id}/answers`, `/documents/${id}`, `/my/cases/${id}`, `/certificates/${id}`])
      equal((await citizen.get(at)).status, 404, `GET ${at}`);
  for (const days of [-1, 0, 1e9, 'x', null]) equal((await service.visitor().post('/demo/clock', { days })).status, 422, `clock ${days}`);
}

/* Many at once, with one key and with many. */
async function storm() {
  const body = wholeApplication(PEOPLE.li);
  const same = await Promise.all(Array.from({ length: 40 }, () => citizen.post('/api/cases', body, { key: 'storm' })));
  check(same.every((a) => a.status === 201 && a.text === same[0].text), 'forty repeats at once have one answer', same.map((a) => a.status).join());
  const many = await Promise.all(Array.from({ length: 40 }, (_, i) => citizen.post('/api/cases', body, { key: `storm-${i}` })));
  equal(new Set(many.map((a) => a.json.no)).size, 40, 'forty keys make forty cases');
  equal((await citizen.post('/api/cases', { ...body, declaration: false }, { key: 'storm' })).status, 422, 'the same key for another body');
}

async function whole() {
  check(service.command('verify', '--db', service.db).includes('whole'), 'every chain of events is whole');
  const answer = await service.visitor().page('/nowhere');
  equal(answer.status, 404, 'an unknown page');
  for (const [name, wanted] of [['content-security-policy', /default-src 'self'/], ['x-content-type-options', /nosniff/], ['referrer-policy', /same-origin/]])
    check(wanted.test(answer.headers[name] || ''), `even an unknown page has ${name}`);
  check(!('server' in answer.headers), 'the server does not say what it is');
  check(!/Sanitizer|assert|Segmentation/.test(service.logText()), 'nothing broke');
}

await run(async () => {
  service = await Service.start();
  citizen = await service.visitor().citizen(PEOPLE.zhao);
  ({ draft } = await fillDraft(citizen, PEOPLE.zhao, { leave: ['medical-record'] }));
  await part('heads', heads);
  await part('bodies', bodies);
  await part('uploads', uploads);
  await part('file names', fileNames);
  await part('text', text);
  await part('redirects', redirects);
  await part('numbers', numbers);
  await part('storm', storm);
  await part('whole', whole);
  equal(await service.stop(), 0, 'the service ends well');
});
