/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The API's description: valid OpenAPI 3.1 by a public validator, the same from the command line
 * as from the service, and complete.   node tests/api/openapi.mjs
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { check, equal, part, run } from '../lib/check.mjs';
import { ROOT, Service } from '../lib/service.mjs';

const module_at = path.join(ROOT, 'tests/e2e/node_modules/@seriousme/openapi-schema-validator/index.js');
const { Validator } = await import(pathToFileURL(module_at));

async function valid(document) {
  const verdict = await new Validator().validate(structuredClone(document));
  check(verdict.valid, 'the document is valid', verdict.errors);
  equal(document.openapi, '3.1.0', 'version');
  const broken = structuredClone(document);
  delete broken.info.title;
  check(!(await new Validator().validate(broken)).valid, 'the validator sees a missing title');
}

function complete(document) {
  let operations = 0;
  for (const [at, item] of Object.entries(document.paths))
    for (const [method, op] of Object.entries(item)) {
      operations++;
      const name = `${method} ${at}`;
      check(op.summary && op.tags.length === 1, `${name}: summary and tag`);
      check(op.responses.default, `${name}: problems`);
      const asked = [...at.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort().join();
      const told = (op.parameters || []).filter((p) => p.in === 'path').map((p) => p.name).sort().join();
      equal(told, asked, `${name}: parameters of the path`);
      const machine = (op.security || []).some((s) => s.client);
      if (method === 'post')
        check(machine || (op.parameters || []).some((p) => p.name === 'X-CSRF-Token'), `${name}: says that a token is needed`);
      if (machine) check(op.responses['401'] && document.components.securitySchemes.client.scheme === 'bearer', `${name}: by a bearer token`);
    }
  check(operations >= 50, 'all routes stand in it', operations);
}

await run(async () => {
  const service = await Service.start();
  const answer = await service.visitor().get('/api/openapi.json');
  equal(answer.status, 200, 'served');
  await part('valid', () => valid(answer.json));
  await part('complete', async () => complete(answer.json));
  await part('command', async () => {
    const said = JSON.parse(service.command('openapi', '--public-url', service.url));
    said.info.title = answer.json.info.title;
    equal(JSON.stringify(said.paths), JSON.stringify(answer.json.paths), 'onedoor openapi says the same');
  });
});
