/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The catalogue as linked data holds the shapes that CPSV-AP 3.2 publishes, and the counts of the
 * catalogue.
 *   node tests/cli/linked.mjs
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { check, equal, part, run } from '../lib/check.mjs';
import { ROOT } from '../lib/service.mjs';

const ONEDOOR = process.env.ONEDOOR || path.join(ROOT, 'build/release/onedoor');
const SHAPES = path.join(ROOT, 'tests/cases/cpsv/cpsv-ap-SHACL.ttl');
const require = createRequire(path.join(ROOT, 'tests/e2e/package.json'));
const module = async (name) => (await import(pathToFileURL(require.resolve(name)))).default;
const jsonld = await module('jsonld');
const N3 = await module('n3');
const SHACLValidator = await module('rdf-validate-shacl');

const BASE = 'https://one.example.gov.cn';
const CV = 'http://data.europa.eu/m8g/';
const DCT = 'http://purl.org/dc/terms/';

function linked(folder) {
  const { status, stdout, stderr } = spawnSync(ONEDOOR, ['linked', folder, '--public-url', BASE],
    { encoding: 'utf8', timeout: 60000, maxBuffer: 1 << 28 });
  equal(status, 0, stderr);
  return JSON.parse(stdout);
}

async function triples(document) {
  const text = await jsonld.toRDF(document, { format: 'application/n-quads', safe: true });
  return new N3.Store(new N3.Parser({ format: 'N-Quads' }).parse(text));
}

function shapes() {
  return new N3.Store(new N3.Parser({ format: 'Turtle' }).parse(fs.readFileSync(SHAPES, 'utf8')));
}

async function problems(store) {
  const report = await new SHACLValidator(shapes()).validate(store);
  return report.results.map((r) => `${r.focusNode?.value} ${r.path?.value} ${r.message.map((m) => m.value).join(' ')}`);
}

const services = (document) => document['@graph'].filter((n) => n['@type'] === 'cpsv:PublicService');

async function demo() {
  const document = linked(path.join(ROOT, 'catalogues/demo'));
  const store = await triples(document);
  const found = await problems(store);
  check(found.length === 0, `${found.length} of its shapes do not hold`, found.slice(0, 20));
  const items = fs.readdirSync(path.join(ROOT, 'catalogues/demo/items'));
  equal(services(document).length, items.length, 'every item is a service');
  const bundles = fs.existsSync(path.join(ROOT, 'catalogues/demo/bundles')) ? fs.readdirSync(path.join(ROOT, 'catalogues/demo/bundles')) : [];
  for (const key of bundles) {
    const event = document['@graph'].find((n) => n['@id'] === `${BASE}/s/${key}`);
    check(event?.['cv:hasRelatedService']?.length > 0, `bundle ${key} groups services`);
  }
  const injury = services(document).find((s) => s['@id'] === `${BASE}/s/work-injury`);
  equal(injury['dct:identifier'], '1133019900271501834000714012001', 'the implementation code');
  equal(injury['cv:processingTime'][0]['@value'], 'P15D', 'the promise');
  equal(injury['cpsv:follows'].length, 5, 'its legal basis');
  const ends = new Set(document['@graph'].map((n) => n['@id']));
  const inside = store.getQuads(null, null, null).filter((q) => q.object.termType === 'NamedNode' && q.object.value.startsWith(BASE));
  const loose = inside.filter((q) => !ends.has(q.object.value)).map((q) => q.object.value);
  check(loose.length === 0, 'every address that is named has its node', loose.slice(0, 5));
}

/* The validation itself is tried: what the profile asks for is missed when it is taken away. */
const SPOILT = [
  ['cpsv:PublicService', 'dct:title', `${DCT}title`],
  ['cpsv:PublicService', 'cv:hasCompetentAuthority', `${CV}hasCompetentAuthority`],
  ['cv:PublicOrganisation', 'dct:spatial', `${DCT}spatial`],
  ['cpsv:Rule', 'dct:description', `${DCT}description`],
  ['cv:Output', 'dct:identifier', `${DCT}identifier`],
  ['dcat:Dataset', 'dct:publisher', `${DCT}publisher`],
];

const is = (node, type) => [node['@type']].flat().includes(type);

/* One service, and all that is no service: enough to try the shapes on. */
function small(document) {
  const first = services(document).find((s) => s['cpsv:produces'] && s['cpsv:follows'])['@id'];
  const copy = structuredClone(document);
  copy['@graph'] = copy['@graph'].filter((n) => !n['@id'].includes('/s/') || n['@id'].startsWith(first));
  return copy;
}

async function spoilt() {
  const document = small(linked(path.join(ROOT, 'catalogues/demo')));
  for (const [type, property, name] of SPOILT) {
    const copy = structuredClone(document);
    delete copy['@graph'].find((n) => is(n, type) && n[property])[property];
    const found = await problems(await triples(copy));
    check(found.some((f) => f.includes(name)), `${type} without ${property}`, found.slice(0, 3));
  }
}

await run(async () => {
  await part('the demo by CPSV-AP 3.2', demo);
  await part('what the profile asks for is missed', spoilt);
});
