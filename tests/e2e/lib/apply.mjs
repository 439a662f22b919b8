/* SPDX-License-Identifier: Apache-2.0 */
/* Applying in the browser: page after page as a person would, whatever comes next. */
import { check, equal } from '../../lib/check.mjs';
import { PDF, png } from '../../lib/walk.mjs';

export const MAIN_BUTTON = 'main form[method=post]:not([action$="/drop"]):not([action$="/remove"]) button.btn:not([name="_later"])';

const pageOf = (p) => p.at().split('/')[3] || '';

async function facts(p, page, options) {
  if (await p.has('form[action$="/read"] button[formaction]')) {
    if ((options.decline || []).includes(page)) return p.click('form[action$="/read"] button[formaction]');
    await p.click('form[action$="/read"] button:not([formaction])');
    equal(pageOf(p), page, `${page}: what was read is shown`);
    if (options.seen) await options.seen(`${page}-read`);
  }
  if ((options.object || []).includes(page)) {
    await p.find('details:has(form[action$="/confirm"]) summary').click();
    await p.fill({ note: '单位不对，是以前的单位' });
    return p.click('form[action$="/confirm"] button[value="no"]');
  }
  if (await p.has('form[action$="/confirm"] button[value="yes"]')) return p.click('form[action$="/confirm"] button[value="yes"]');
  return p.click('main .btns a.btn');
}

async function material(p, page, options) {
  if ((options.mail || []).includes(page)) return p.click('form[action$="/mail"] button');
  if ((options.later || []).includes(page)) return p.click('main a.go[href*="/apply/"]');
  await p.find('#file').setInputFiles([
    { name: '病历.pdf', mimeType: 'application/pdf', buffer: PDF },
    { name: '伤口.png', mimeType: 'image/png', buffer: png() }]);
  await p.click('form[action$="/upload"] button');
  equal(await p.find('form[action$="/remove"]').count(), 2, `${page}: both files are listed`);
  if (options.seen) await options.seen(`${page}-given`);
  return p.click('main .btns a.btn');
}

async function questions(p, page, options) {
  await p.fill(options.answers);
  await p.click(MAIN_BUTTON);
  /* An answer may have opened a question on the same page: it is asked, not blamed. */
  if (pageOf(p) === page && !(await p.has('.oops'))) {
    if (options.opened) options.opened.push(page);
    await p.fill(options.answers);
    await p.click(MAIN_BUTTON);
  }
  return p;
}

/* One page; its name. seen(name) is called with each page as it is first shown. */
export async function onePage(p, options) {
  const page = pageOf(p);
  if (options.seen) await options.seen(page);
  if (await p.has('form[action$="/upload"]')) await material(p, page, options);
  else if (await p.has('form[action$="/read"], form[action$="/confirm"]')) await facts(p, page, options);
  else await questions(p, page, options);
  return page;
}

/* From the page where p stands to the answers; the pages that were walked. */
export async function applyThrough(p, options) {
  const walked = [];
  while (pageOf(p) !== 'answers') {
    const page = await onePage(p, options);
    walked.push(page);
    if (!check(walked.length < 40 && !(await p.has('.oops')), `${page} leads on`, p.at())) throw new Error(`stuck at ${p.at()}: ${await p.text()}`);
    if (options.until && options.until === page) break;
  }
  return walked;
}

/* Sends from the answers; the case's number. */
export async function sendIt(p) {
  await p.fill({ declaration: 'yes' });
  await p.click('form[action$="/submit"] button');
  const m = p.at().match(/^\/my\/cases\/(YX-\d{4}-\d{6})\/done$/);
  check(m, 'sent', `${p.at()}: ${m ? '' : await p.text()}`);
  return m ? m[1] : '';
}

/* From the guide's button to the first page. */
export async function startIt(p) {
  await p.click('main form[action="/apply/start"] button:visible');
  if (await p.has('main a[href^="/demo/identity"]')) await p.click('main a[href^="/demo/identity"]');
}
