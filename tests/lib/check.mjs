/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every script of tests says: check(condition, label) counts, part(name, work) names what
 * runs and turns an exception into a failure, finish() prints "N passed, N failed" and ends.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

let passed = 0;
let failed = 0;
let skipped = 0;
const part_name = new AsyncLocalStorage();

export function check(ok, label, seen) {
  if (ok) {
    passed++;
    return true;
  }
  failed++;
  const what = seen === undefined ? '' : `: ${typeof seen === 'string' ? seen : JSON.stringify(seen)}`;
  const here = part_name.getStore();
  console.log(`FAIL ${here ? `${here}: ` : ''}${label}${what.slice(0, 1200)}`);
  return false;
}

export function equal(seen, wanted, label) {
  return check(seen === wanted, label, `${JSON.stringify(seen)} instead of ${JSON.stringify(wanted)}`);
}

/* What cannot run on this machine is counted; in CI it fails. */
export function skip(why) {
  if (process.env.CI) {
    check(false, why);
    return;
  }
  skipped++;
  console.log(`skipped: ${why}`);
}

/* What this machine does not allow is counted, in CI too. */
export function skipHere(why) {
  skipped++;
  console.log(`skipped: ${why}`);
}

const chosen = process.argv.slice(2).filter((a) => !a.startsWith('-'));

/* Names given on the command line choose the parts that contain them. */
export async function part(name, work) {
  if (chosen.length && !chosen.some((c) => name.includes(c))) return;
  const from = Date.now();
  const before = failed;
  await part_name.run(name, async () => {
    try {
      await work();
    } catch (error) {
      check(false, 'ended early', error.stack || String(error));
    }
  });
  const mark = failed === before ? 'ok  ' : 'BAD ';
  console.log(`${mark} ${name} (${((Date.now() - from) / 1000).toFixed(1)} s)`);
}

const endings = [];

/* Runs when the script ends, however it ends; the last one first. */
export function atEnd(work) {
  endings.push(work);
}

async function end() {
  while (endings.length) {
    try {
      await endings.pop()();
    } catch (error) {
      console.log(`at end: ${error.message}`);
    }
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, async () => {
    await end();
    process.exit(2);
  });

export async function finish() {
  await end();
  console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
  process.exit(failed ? 1 : 0);
}

export async function run(work) {
  try {
    await work();
  } catch (error) {
    check(false, 'ended early', error.stack || String(error));
  }
  await finish();
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/* Asks until the answer is true-ish, at most ms long; the last answer. */
export async function until(ask, ms = 10000, every = 50) {
  const end_at = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer || Date.now() > end_at) return answer;
    await sleep(every);
  }
}
