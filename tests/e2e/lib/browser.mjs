/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A person with a browser: Debian's Chromium driven by playwright-core. Whatever a person sees is
 * watched: errors on the console, failed parts of pages and wide pages are failures; look() adds
 * axe (WCAG 2.2 A and AA and best practices) and keeps a picture in build/screens.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { atEnd, check } from '../../lib/check.mjs';
import { ROOT } from '../../lib/service.mjs';

export const SCREENS = path.join(ROOT, 'build/screens');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];

let browser;

const TALL = 12000; /* px: beyond it a picture takes longer than it is worth */

export async function openBrowser() {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
  if (!executablePath) throw new Error('there is no Chromium: script/packages test');
  mkdirSync(SCREENS, { recursive: true });
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--force-prefers-reduced-motion'] });
  atEnd(() => browser.close());
  return browser;
}

export class Person {
  /* { lang: 'zh-CN' | 'en', width, js } */
  static async open(service, { lang = 'zh-CN', width = 1280, js = true, dark = false, name = '' } = {}) {
    const p = new Person();
    Object.assign(p, { service, lang, width, js, dark, name });
    p.context = await browser.newContext({
      baseURL: service.url, locale: lang, viewport: { width, height: width < 600 ? 740 : 900 },
      javaScriptEnabled: js, colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce', serviceWorkers: 'block',
    });
    p.context.setDefaultTimeout(10000);
    p.page = await p.context.newPage();
    p.watch();
    return p;
  }

  get mark() {
    return `${this.lang.slice(0, 2)}-${this.width}${this.js ? '' : '-nojs'}${this.dark ? '-dark' : ''}`;
  }

  /* A page with an error status is told by the browser on the console too: that is no error of it. */
  watch() {
    this.page.on('console', (m) => {
      const of_page = m.text().includes('Failed to load resource') && m.location().url.split('#')[0] === this.page.url().split('#')[0];
      if (['error', 'warning'].includes(m.type()) && !of_page)
        check(false, `${this.mark}: ${this.page.url()}: console`, `${m.text()} ${m.location().url}`);
    });
    this.page.on('pageerror', (e) => check(false, `${this.mark}: ${this.page.url()}: script`, e.message));
    this.page.on('response', (r) => {
      if (r.status() >= 400 && r.request().resourceType() !== 'document')
        check(false, `${this.mark}: ${this.page.url()}: part of a page`, `${r.status()} ${r.url()}`);
    });
  }

  async go(at, status = 200) {
    const answer = await this.page.goto(at);
    if (answer) check(answer.status() === status, `${this.mark}: ${at}`, `${answer.status()} instead of ${status}`);
    return this;
  }

  at() {
    return new URL(this.page.url()).pathname;
  }

  find(selector) {
    return this.page.locator(selector);
  }

  text(selector = 'main') {
    return this.page.locator(selector).first().innerText();
  }

  async has(selector) {
    return (await this.page.locator(selector).count()) > 0;
  }

  /* Clicks and waits for the page that it leads to. */
  async click(selector) {
    const target = typeof selector === 'string' ? this.page.locator(selector).first() : selector;
    await Promise.all([this.page.waitForNavigation({ waitUntil: 'load' }), target.click()]);
    return this;
  }

  /* Fills what is there of {name: value}; dates have three boxes of one name. */
  async fill(answers) {
    for (const [name, value] of Object.entries(answers)) {
      const boxes = this.page.locator(`main [name="${name}"]:not([type="hidden"])`);
      const n = await boxes.count();
      if (!n) continue;
      const first = boxes.first();
      const type = await first.getAttribute('type');
      const tag = await first.evaluate((e) => e.tagName);
      if (type === 'radio' || type === 'checkbox') {
        for (const one of [value].flat()) await this.page.locator(`main [name="${name}"][value="${one}"]`).first().check();
      } else if (tag === 'SELECT') {
        await first.selectOption(String(value));
      } else if (n === 3 && /^\d+-\d+-\d+$/.test(value)) {
        for (const [i, part] of value.split('-').entries()) await boxes.nth(i).fill(String(Number(part)));
      } else {
        await first.fill(String(value));
      }
    }
    return this;
  }

  /* No page scrolls sideways; what is wide scrolls in a box of its own. */
  async fits(name) {
    const wide = await this.page.evaluate(() => {
      const root = document.documentElement;
      if (root.scrollWidth <= root.clientWidth) return '';
      const out = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > root.clientWidth + 0.5 && !e.closest('.scroll'));
      return `${root.scrollWidth} > ${root.clientWidth}: ${out.slice(0, 4).map((e) => e.outerHTML.slice(0, 120)).join(' | ')}`;
    });
    check(!wide, `${name} ${this.mark}: no sideways scroll`, wide);
  }

  /* axe needs script: a page without is looked at as it stands, in a window with script. */
  async stage() {
    if (this.js) return this.page;
    if (!this.glass) {
      this.glass = await browser.newContext({ baseURL: this.service.url, locale: this.lang, viewport: this.page.viewportSize(), reducedMotion: 'reduce', serviceWorkers: 'block' });
      this.glass_page = await this.glass.newPage();
    }
    await this.glass.addCookies(await this.context.cookies());
    const url = this.page.url().split('#')[0];
    const body = await this.page.content();
    const as_it_stands = (r) => r.fulfill({ body, contentType: 'text/html; charset=utf-8' });
    await this.glass_page.route(url, as_it_stands);
    await this.glass_page.goto(url);
    await this.glass_page.unroute(url, as_it_stands);
    return this.glass_page;
  }

  /* Through the debugger: the policy of our pages lets no script in. */
  async axe(name) {
    const page = await this.stage();
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Runtime.evaluate', { expression: AXE });
    const verdict = await cdp.send('Runtime.evaluate', {
      expression: `axe.run({ runOnly: ${JSON.stringify(RULES)} }).then((r) => JSON.stringify(r.violations.map((v) => ({ id: v.id, nodes: v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + ' ' + (n.any[0] || n.all[0] || n.none[0] || {}).message) }))))`,
      awaitPromise: true, returnByValue: true });
    await cdp.detach();
    if (verdict.exceptionDetails) {
      check(false, `${name} ${this.mark}: axe`, verdict.exceptionDetails.exception.description);
      return;
    }
    const violations = JSON.parse(verdict.result.value);
    check(violations.length === 0, `${name} ${this.mark}: axe`, violations);
  }

  /* Of a very long list, its beginning. */
  async picture(name) {
    const height = await this.page.evaluate(() => document.documentElement.scrollHeight);
    await this.page.screenshot({ path: path.join(SCREENS, `${name}-${this.mark}.png`), fullPage: height < TALL, animations: 'disabled' });
  }

  /* The whole look at a page: language, one heading, fits, axe, a picture. */
  async look(name, { axe = true, picture = true } = {}) {
    const said = await this.page.evaluate(() => ({ lang: document.documentElement.lang, h1: document.querySelectorAll('h1').length, title: document.title }));
    check(said.lang.startsWith(this.lang.slice(0, 2)), `${name} ${this.mark}: lang`, said.lang);
    check(said.h1 === 1 && said.title.length > 3, `${name} ${this.mark}: one heading and a title`, said);
    await this.fits(name);
    if (axe) await this.axe(name);
    if (picture) await this.picture(name);
  }

  /* The same page on a phone of 320 px. */
  async narrow(name) {
    const before = this.page.viewportSize();
    await this.page.setViewportSize({ width: 320, height: 640 });
    await this.fits(`${name} at 320 px`);
    await this.page.setViewportSize(before);
  }

  async citizen(id_number) {
    await this.go('/demo/identity');
    await this.click(`form:has(input[value="${id_number}"]) button`);
    return this;
  }

  async staff(login, password) {
    await this.go('/staff/login');
    await this.fill({ login, password });
    await this.click('main form button');
    return this;
  }

  async signOut() {
    if (!(await this.has('form[action="/logout"] button'))) await this.go('/my');
    await this.click('form[action="/logout"] button');
  }

  async close() {
    if (this.glass) await this.glass.close();
    await this.context.close();
  }
}
