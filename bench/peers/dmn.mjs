// SPDX-License-Identifier: Apache-2.0
// Decisions a second by @hbtgmbh/dmn-eval-js, which reads a table once. Arguments: the file, the
// decision, a file with one context a line, seconds. Prints: a second <tab> RESULT, RESULT …
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { decisionTable } = createRequire(import.meta.url)("@hbtgmbh/dmn-eval-js");
const [file, decision, inputs, seconds] = process.argv.slice(2);
if (!inputs || !(seconds > 0)) {
    console.error("usage: dmn.mjs FILE DECISION INPUTS SECONDS");
    process.exit(2);
}

const model = await decisionTable.parseDmnXml(readFileSync(file, "utf8"));
const contexts = readFileSync(inputs, "utf8").split("\n").filter(Boolean).map(line => JSON.parse(line));
const decide = context => Object.values(decisionTable.evaluateDecision(decision, model, context))[0];

function rate(ms) {
    const from = performance.now();
    let count = 0, now = from;
    while (now - from < ms) {
        for (const context of contexts) decide(context);
        count += contexts.length;
        now = performance.now();
    }
    return count / ((now - from) / 1000);
}

rate(1500); // the compiler of the machine is slow to warm up
console.log(`${rate(seconds * 1000).toFixed(0)}\t${contexts.map(decide).join(", ")}`);
