/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Birth, death and retirement in the browser: one application each, then the departments one after
 * the other, each with its own accounts. In Chinese at 1280 px, in English at 360 px without script.
 *   node tests/e2e/families.test.mjs [PART…]
 */
import { check, equal, part, run, until } from '../lib/check.mjs';
import { Service } from '../lib/service.mjs';
import { day } from '../lib/walk.mjs';
import { Person, openBrowser } from './lib/browser.mjs';
import { applyThrough, sendIt, startIt } from './lib/apply.mjs';

/* Clerk and approver of each department. */
const ACCOUNTS = {
  health: [['zhaoyue', 'yunxi-demo-40'], ['qianming', 'yunxi-demo-41']],
  cdc: [['sunli', 'yunxi-demo-42'], ['zhoujie', 'yunxi-demo-43']],
  'social-insurance': [['chenxi', 'yunxi-demo-44'], ['weiguang', 'yunxi-demo-45']],
  'civil-affairs': [['jiangnan', 'yunxi-demo-46'], ['shenyi', 'yunxi-demo-47']],
  police: [['shaojun', 'yunxi-demo-22'], ['renping', 'yunxi-demo-23']],
  medical: [['taoyi', 'yunxi-demo-26'], ['xiaqing', 'yunxi-demo-27']],
  fund: [['moli', 'yunxi-demo-28'], ['daijie', 'yunxi-demo-29']],
  hrss: [['wangfang', 'yunxi-demo-1'], ['chenli', 'yunxi-demo-2']],
};

const me = (name, id, phone) => ({ person_name: name, person_id: id, person_phone: phone, delivery: 'electronic', results_handed: 'together', pay_to: 'card' });

/* What is applied for, by whom, and who acts in which order: [item, department]. */
const MATTERS = {
  newborn: {
    person: '330199199403164822', guide: ['where_born', 'parents_status', 'settle_here', 'mother_employed'],
    answers: {
      ...me('苏婉', '330199199403164822', '13800001482'), where_born: 'hospital', parents_status: 'married', settle_here: 'yes', mother_employed: 'yes',
      mother_name: '苏婉', mother_id: '330199199403164822', father_name: '顾远', father_id: '330199199208115910', child_name: '顾念安', child_sex: 'female',
      child_birth_date: day(new Date(), -2), hukou_side: 'mother', settle_id: '330199199403164822', vaccine_clinic: 'chengnan', first_dose: 'true',
      premium_consent: 'true', card_bank: 'rural', card_pickup: 'outlet', card_outlet: 'centre', child_order: 'first',
    },
    acts: [['birth-certificate', 'health'], ['vaccination-record', 'cdc'], ['household-registration-birth', 'police'],
      ['newborn-medical-insurance', 'medical'], ['newborn-social-card', 'hrss'], ['maternity-allowance', 'medical']],
  },
  funeral: {
    person: '330199197209302516', guide: ['death_place', 'has_certificate', 'was_pensioner', 'had_fund'],
    answers: {
      ...me('程立', '330199197209302516', '13800001251'), deceased_name: '程德海', deceased_id: '330199194502181537', claimant_relation: 'child',
      death_date: day(new Date(), -2), death_place: 'hospital', has_certificate: 'no', was_pensioner: 'yes', had_fund: 'no', cremation_date: day(new Date(), 1),
      cremation_slot: 'morning', ashes: 'cemetery', rural_household: 'town', grant_choice: 'pension', heirs_agree: 'true',
    },
    acts: [['death-certificate', 'health'], ['cremation-booking', 'civil-affairs'], ['household-cancellation', 'police'], ['pension-stop', 'social-insurance'],
      ['funeral-survivor-benefit', 'social-insurance'], ['medical-balance', 'medical']],
  },
  'retirement-bundle': {
    person: '33019919660712217X', guide: ['retire_choice', 'has_fund', 'one_child', 'sixty'],
    answers: {
      ...me('沈国平', '33019919660712217X', '13800000217'), retire_choice: 'normal', has_fund: 'yes', one_child: 'yes', sixty: 'yes', pension_account: 'social_card',
      medical_short: 'enough', fund_leave: 'withdraw', senior_card_kind: 'electronic',
    },
    acts: [['retirement', 'hrss'], ['medical-retiree-status', 'medical'], ['fund-retirement-withdrawal', 'fund'], ['one-child-bonus', 'health'],
      ['senior-card', 'civil-affairs']],
  },
};

let service;

async function apply(p, key, matter) {
  await p.citizen(matter.person);
  await p.go(`/s/${key}`);
  for (const one of matter.guide) await p.click(`a[href*="${one}=${matter.answers[one]}"]`);
  await p.look(`${key}-guide`);
  await startIt(p);
  if (p.at().split('/').length < 4) await p.click(`main a[href^="${p.at()}/"]`);
  const walked = await applyThrough(p, { answers: matter.answers });
  equal(new Set(walked).size, walked.length, `${key}: nothing is asked twice`);
  await p.look(`${key}-answers`);
  return sendIt(p);
}

/* The parts' numbers by item, as the applicant sees them. */
async function partsOf(p, no) {
  await p.go(`/my/cases/${no}`);
  const list = await p.find('section[aria-labelledby=parts] ul.task a').evaluateAll((links) => links.map((a) => a.getAttribute('href').split('/').pop()));
  return list;
}

async function act(options, no, organ) {
  const [clerkOf, approverOf] = ACCOUNTS[organ];
  const clerk = await Person.open(service, options), approver = await Person.open(service, options);
  await clerk.staff(...clerkOf);
  check(await until(async () => {
    await clerk.go(`/w/cases/${no}`);
    return clerk.has('form[action$="/accept"] button');
  }), `${no}: ${organ} can accept`);
  await clerk.click('form[action$="/accept"] button');
  await approver.staff(...approverOf);
  check(await until(async () => {
    await approver.go(`/o/cases/${no}`);
    return approver.has('form[action$="/decide"] button');
  }), `${no}: ${organ} can decide`);
  await approver.fill({ decision: 'grant', reason: '符合规定。', confirm: 'true' });
  await approver.click('form[action$="/decide"] button');
  await clerk.close();
  await approver.close();
}

async function walk(key, options) {
  const matter = MATTERS[key];
  const p = await Person.open(service, options);
  const no = await apply(p, key, matter);
  const parts = await partsOf(p, no);
  equal(parts.length, matter.acts.length, `${key}: parts`);
  for (const [i, [item, organ]] of matter.acts.entries()) {
    await act(options, parts[i], organ);
    check(parts[i], `${key}: ${item} is done by ${organ}`);
  }
  check(await until(async () => {
    await p.go(`/my/cases/${parts[parts.length - 1]}`);
    return p.has('#certificate');
  }), `${key}: all are handed out`);
  await p.go(`/my/cases/${no}`);
  await p.look(`${key}-ended`);
  await p.close();
}

await run(async () => {
  service = await Service.start();
  await openBrowser();
  for (const key of Object.keys(MATTERS)) {
    await part(`${key} zh`, () => walk(key, { lang: 'zh-CN', width: 1280 }));
    await part(`${key} en`, () => walk(key, { lang: 'en', width: 360, js: false }));
  }
});
