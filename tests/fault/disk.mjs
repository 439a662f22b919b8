/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk that is full: what writes gets 503 or 507, what reads goes on, nothing acknowledged is
 * lost, and with room again everything works again without a restart. Needs to mount a small tmpfs,
 * so it needs root; elsewhere it is counted as skipped.   node tests/fault/disk.mjs
 */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { atEnd, check, equal, part, run, skipHere, until } from '../lib/check.mjs';
import { Service } from '../lib/service.mjs';
import { PDF, PEOPLE, fillDraft, staff, wholeApplication } from '../lib/walk.mjs';

const SIZE = '48m';
let folder, disk, service, citizen, clerk;
const told = [];

function mount() {
  folder = mkdtempSync(path.join(tmpdir(), 'onedoor-disk-'));
  disk = path.join(folder, 'disk');
  mkdirSync(disk);
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', disk], { stdio: 'pipe' });
  } catch (error) {
    return String(error.stderr || error.message).trim();
  }
  atEnd(() => execFileSync('umount', [disk]));
  return '';
}

const filler = () => path.join(disk, 'filler');

/* Writes until there is no byte left. */
function fill() {
  const fd = openSync(filler(), 'a');
  for (let size = 1 << 20; size >= 1;) {
    try {
      writeSync(fd, Buffer.alloc(size, 1));
    } catch (error) {
      if (error.code !== 'ENOSPC') throw error;
      size = Math.floor(size / 2);
    }
  }
  closeSync(fd);
}

async function apply(key) {
  const answer = await citizen.post('/api/cases', wholeApplication(PEOPLE.li), { key });
  if (answer.status === 201) told.push(answer.json.no);
  return answer;
}

/* A file on the disk may still have room inside: one submission may pass before none does. */
async function full(round) {
  fill();
  const seen = [];
  for (let i = 0; i < 30; i++) {
    const answer = await apply(`full-${round}-${i}`);
    seen.push(answer.status);
    fill();
  }
  const refused = seen.filter((s) => s === 503 || s === 507).length;
  check(seen.every((s) => [201, 503, 507].includes(s)), 'a full disk is 503 or 507', seen.join());
  check(refused >= 10 && [503, 507].includes(seen.at(-1)), 'and it was full', seen.join());
}

async function reads() {
  for (const at of ['/', '/search?q=gs', '/my', `/my/cases/${told[0]}`, `/progress?no=${told[0]}&code=3011`, '/healthz'])
    equal((await citizen.get(at)).status, 200, `GET ${at} goes on`);
  equal((await clerk.get('/w')).status, 200, 'the worklist goes on');
}

async function uploadsRefused(draft) {
  const answer = await citizen.upload(`/apply/${draft}/medical-record/upload`,
    [{ name: 'a.pdf', bytes: Buffer.concat([PDF, Buffer.alloc(200000, 32)]) }]);
  check([503, 507].includes(answer.status), 'an upload is 503 or 507', `${answer.status} ${answer.text.slice(0, 200)}`);
}

async function roomAgain(round) {
  rmSync(filler());
  const answer = await until(async () => {
    const a = await apply(`again-${round}`);
    return a.status === 201 ? a : null;
  }, 10000, 200);
  check(answer && answer.status === 201, 'with room again submissions work again');
  equal(service.server.gone, undefined, 'by the same process');
}

async function nothingLost() {
  const there = new Set(service.sql('select no from cases').map((r) => r.no));
  const lost = told.filter((no) => !there.has(no));
  equal(lost.length, 0, `none of ${told.length} acknowledged submissions is lost`);
  equal(there.size, told.length, 'none was made without being told');
  check(service.command('verify', '--db', service.db).includes('whole'), 'every chain of events is whole');
  equal(service.sql('pragma integrity_check')[0].integrity_check, 'ok', 'the database is sound');
}

await run(async () => {
  const why = mount();
  if (why) return skipHere(`no small disk can be mounted: ${why}`);
  service = await Service.start({ data: disk });
  citizen = await service.visitor().citizen(PEOPLE.zhao);
  clerk = await staff(service, 'clerk');
  const { draft } = await fillDraft(citizen, PEOPLE.zhao, { leave: ['medical-record'] });
  equal((await apply('first')).status, 201, 'a submission before');
  for (let round = 1; round <= 3; round++)
    await part(`full ${round}`, async () => {
      await full(round);
      await reads();
      await uploadsRefused(draft);
      await roomAgain(round);
      await nothingLost();
    });
  equal((await citizen.upload(`/apply/${draft}/medical-record/upload`, [{ name: 'a.pdf', bytes: PDF }])).status, 200, 'uploads work again');
  equal(await service.stop(), 0, 'the service ends well');
});
