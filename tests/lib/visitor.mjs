/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A visitor of onedoor's API: keeps cookies and the CSRF token as a browser and its page would.
 * Nothing is retried and no answer is an exception: tests look at the status.
 */
import http from 'node:http';
import { randomBytes } from 'node:crypto';

export class Answer {
  constructor(status, headers, bytes) {
    this.status = status;
    this.headers = headers;
    this.bytes = bytes;
  }

  get text() {
    return this.bytes.toString('utf8');
  }

  get json() {
    return JSON.parse(this.text);
  }

  get location() {
    return this.headers.location;
  }
}

/* [{field, name, bytes, type}] and {name: value} as multipart/form-data. */
export function multipart(files, fields = {}) {
  const boundary = `b${randomBytes(12).toString('hex')}`;
  const parts = [];
  for (const [name, value] of Object.entries(fields))
    parts.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`));
  for (const f of files) {
    parts.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${f.field || 'file'}"; filename="${f.name}"\r\n` +
      `Content-Type: ${f.type || 'application/octet-stream'}\r\n\r\n`), f.bytes, Buffer.from('\r\n'));
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  return { type: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(parts) };
}

export class Visitor {
  constructor(url, { lang = 'zh-CN' } = {}) {
    this.url = new URL(url);
    this.lang = lang;
    this.cookies = new Map();
    this.csrf = '';
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
  }

  keep(headers) {
    for (const line of headers['set-cookie'] || []) {
      const [pair, ...attributes] = line.split(/;\s*/);
      const at = pair.indexOf('=');
      const gone = attributes.some((a) => /^max-age=(0|-)/i.test(a));
      if (gone) this.cookies.delete(pair.slice(0, at));
      else this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    if (headers['x-csrf-token']) this.csrf = headers['x-csrf-token'];
  }

  send(method, target, { headers = {}, body = null, accept = 'application/json', timeout = 30000 } = {}) {
    const all = { Accept: accept, 'Accept-Language': this.lang, Host: this.url.host, ...headers };
    if (this.bearer) all.Authorization = `Bearer ${this.bearer}`;
    if (this.cookies.size) all.Cookie = [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
    if (body !== null) all['Content-Length'] = Buffer.byteLength(body);
    for (const [k, v] of Object.entries(all)) if (v === null) delete all[k];
    return new Promise((resolve, reject) => {
      const rq = http.request({ host: this.url.hostname, port: this.url.port, method, path: target, headers: all, agent: this.agent, timeout }, (rs) => {
        const parts = [];
        rs.on('data', (p) => parts.push(p));
        rs.on('end', () => {
          this.keep(rs.headers);
          resolve(new Answer(rs.statusCode, rs.headers, Buffer.concat(parts)));
        });
        rs.on('error', reject);
      });
      rq.on('timeout', () => rq.destroy(new Error(`${method} ${target}: no answer in ${timeout} ms`)));
      rq.on('error', reject);
      rq.end(body === null ? undefined : body);
    });
  }

  get(target, options) {
    return this.send('GET', target, options);
  }

  /* As a browser without JSON: HTML, no redirects followed. */
  page(target) {
    return this.send('GET', target, { accept: 'text/html' });
  }

  async token() {
    if (!this.csrf) await this.get('/help');
    return this.csrf;
  }

  /* JSON; key is an idempotency key. */
  async post(target, value = {}, { key, headers = {}, ...rest } = {}) {
    await this.token();
    const more = key ? { 'Idempotency-Key': key } : {};
    return this.send('POST', target, {
      headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': this.csrf, ...more, ...headers },
      body: JSON.stringify(value), ...rest });
  }

  /* As a form of a page does. */
  async form(target, fields = {}, { accept = 'text/html', headers = {} } = {}) {
    await this.token();
    const body = new URLSearchParams({ _csrf: this.csrf });
    for (const [k, v] of Object.entries(fields)) for (const one of [v].flat()) body.append(k, one);
    return this.send('POST', target, {
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers }, body: body.toString(), accept });
  }

  async upload(target, files, fields = {}, { key, accept = 'application/json' } = {}) {
    await this.token();
    const m = multipart(files, fields);
    const more = key ? { 'Idempotency-Key': key } : {};
    return this.send('POST', target, {
      headers: { 'Content-Type': m.type, 'X-CSRF-Token': this.csrf, ...more }, body: m.body, accept });
  }

  async citizen(id_number) {
    const answer = await this.post('/demo/identity', { id_number });
    if (answer.status !== 200) throw new Error(`sign-in: ${answer.status} ${answer.text}`);
    this.csrf = answer.json.csrf;
    return this;
  }

  async staff(login, password) {
    const answer = await this.post('/staff/login', { login, password });
    if (answer.status === 200) this.csrf = answer.json.csrf;
    return answer;
  }
}
