/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A running onedoor with its sandbox, in a folder of its own under /tmp, on free ports between
 * 18400 and 18499. Everything is ended by process id and removed when the script ends.
 */
import { spawn, execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, createWriteStream, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { atEnd, sleep } from './check.mjs';
import { Visitor } from './visitor.mjs';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const FIRST_PORT = 18400;
const PORTS = 100;
let next_port = Math.floor(Math.random() * PORTS);

function is_free(port) {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

export async function freePort() {
  for (let i = 0; i < PORTS; i++) {
    const port = FIRST_PORT + (next_port++ % PORTS);
    if (await is_free(port)) return port;
  }
  throw new Error('no free port between 18400 and 18499');
}

/* Another process may rebuild the program meanwhile: each folder has its own copy. */
function own_copy(folder) {
  const from = process.env.ONEDOOR || path.join(ROOT, 'build/release/onedoor');
  if (!existsSync(from)) throw new Error(`${from} is not built: make MODE=release all`);
  const to = path.join(folder, 'onedoor');
  copyFileSync(from, to);
  return to;
}

/* A catalogue of tests/, to be changed by the test. */
function own_catalogue(folder, from) {
  const to = path.join(folder, 'catalogue');
  cpSync(path.resolve(ROOT, from), to, { recursive: true });
  return to;
}

export class Service {
  static async start(options = {}) {
    const s = new Service();
    s.options = options;
    s.folder = options.folder || mkdtempSync(path.join(tmpdir(), 'onedoor-test-'));
    atEnd(() => s.remove());
    s.program = own_copy(s.folder);
    s.catalogue = options.catalogue ? own_catalogue(s.folder, options.catalogue) : path.join(ROOT, 'catalogues/demo');
    s.data = options.data || s.folder;
    s.db = path.join(s.data, 'onedoor.db');
    s.spool = path.join(s.folder, 'spool');
    s.log = createWriteStream(path.join(s.folder, 'log'), { flags: 'a' });
    s.port = await freePort();
    s.sandbox_port = await freePort();
    s.url = `http://127.0.0.1:${s.port}`;
    s.sandbox_url = `http://127.0.0.1:${s.sandbox_port}`;
    await s.startSandbox();
    if (options.before) options.before(s);
    await s.serve();
    return s;
  }

  spawn(args) {
    const child = spawn(this.program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    child.said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        child.said += text;
        this.log.write(text);
      });
    child.ended = new Promise((resolve) => child.once('exit', (code, signal) => {
      child.gone = true;
      resolve({ code, signal });
    }));
    return child;
  }

  async startSandbox() {
    this.sandbox = this.spawn(['sandbox', '--catalogue', this.catalogue, '--spool', this.spool,
      '--listen', `127.0.0.1:${this.sandbox_port}`]);
    await this.ready(this.sandbox, this.sandbox_url, this.options.ready_ms);
  }

  async serve() {
    this.server = this.spawn(['serve', '--catalogue', this.catalogue, '--db', this.db,
      '--listen', `127.0.0.1:${this.port}`, '--sources', this.sandbox_url,
      '--sms', `${this.sandbox_url}/sms`,
      ...(this.options.demo === false ? [] : ['--spool', this.spool, '--demo']), ...(this.options.args || [])]);
    await this.ready(this.server, this.url, this.options.ready_ms);
  }

  async ready(child, url, ms = 60000) {
    const end = Date.now() + ms;
    const visitor = new Visitor(url);
    while (Date.now() < end && !child.gone) {
      if (!/ ready /.test(child.said)) {
        await sleep(10);
        continue;
      }
      try {
        if ((await visitor.get('/healthz')).status === 200) return;
      } catch { /* not listening yet */ }
      await sleep(10);
    }
    throw new Error(`${url} did not become ready:\n${this.logText().slice(-3000)}`);
  }

  logText() {
    try {
      return readFileSync(path.join(this.folder, 'log'), 'utf8');
    } catch {
      return '';
    }
  }

  visitor(options) {
    return new Visitor(this.url, options);
  }

  /* up, down or slow */
  async register(name, mode) {
    const answer = await new Visitor(this.sandbox_url).post('/control', { register: name, mode });
    if (answer.status !== 200) throw new Error(`control: ${answer.status}`);
  }

  /* The demo's clock goes on. */
  async days(days) {
    const answer = await this.visitor().post('/demo/clock', { days });
    if (answer.status !== 200) throw new Error(`clock: ${answer.status} ${answer.text}`);
  }

  messages() {
    if (!existsSync(this.spool)) return [];
    return readdirSync(this.spool).filter((f) => f.endsWith('.json'))
      .map((f) => JSON.parse(readFileSync(path.join(this.spool, f), 'utf8')));
  }

  /* Rows of a query, read beside the running service. */
  sql(query) {
    const text = execFileSync('sqlite3', ['-readonly', '-cmd', '.timeout 8000', '-json', this.db, query], { encoding: 'utf8' });
    return text.trim() ? JSON.parse(text) : [];
  }

  /* A command of the program itself: its output, or an exception with it. */
  command(...args) {
    return execFileSync(this.program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  async end(child, signal = 'SIGTERM') {
    if (!child || child.gone) return;
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), 8000);
    await child.ended;
    clearTimeout(timer);
  }

  async stop() {
    await this.end(this.server);
    return (await this.server.ended).code;
  }

  async kill() {
    await this.end(this.server, 'SIGKILL');
  }

  async remove() {
    await this.end(this.server);
    await this.end(this.sandbox);
    if (this.log) this.log.end();
    if (process.env.KEEP) console.log(`kept: ${this.folder}`);
    else rmSync(this.folder, { recursive: true, force: true });
  }
}
