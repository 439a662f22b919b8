/* SPDX-License-Identifier: Apache-2.0 */
/* A worker in Node without dependencies: takes jobs, does them, says how it went.
 *   ONEDOOR=http://127.0.0.1:8080 TOKEN=onedoor_… node worker.mjs */
const { ONEDOOR, TOKEN } = process.env;
async function call(path, body) {
  const answer = await fetch(ONEDOOR + path, { method: 'POST', body: JSON.stringify(body),
    headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/json' } });
  if (answer.status >= 500 || answer.status === 429) throw new Error(`again later: ${answer.status}`);
  return answer.json();
}
const work = { 'benefit.compute': async ({ years }) => ({ amount: years * 120 }) };
for (;;) {
  const { jobs } = await call('/api/jobs/take', { types: Object.keys(work), max: 8, wait_s: 55 }).catch(() => ({}));
  if (!jobs) await new Promise((wake) => setTimeout(wake, 1000)); /* no answer, or refused: not at once again */
  await Promise.all((jobs || []).map(async ({ job, lease, type, variables }) => {
    const done = await work[type](variables).then((variables) => ['complete', { lease, variables }],
      (error) => ['fail', { lease, reason: error.message }]);
    await call(`/api/jobs/${job}/${done[0]}`, done[1]).catch(() => {}); /* or the lease ends, and it comes again */
  }));
}
