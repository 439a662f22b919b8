// SPDX-License-Identifier: Apache-2.0
// Expressions a second by feelin, which parses each time. Arguments: the file of expressions, the
// seconds for each. One line an expression: NAME <tab> a second <tab> RESULT.
import { readFileSync } from "node:fs";
import { evaluate, unaryTest } from "feelin";

const ROUND = 16;
const WARM_MS = 1500; // of each expression, before any is measured: the machine's compiler is slow
const [file, seconds] = process.argv.slice(2);
if (!file || !(seconds > 0)) {
    console.error("usage: feel.mjs FILE SECONDS");
    process.exit(2);
}

function readCase(line) {
    const [name, mode, given, ...rest] = line.split("\t");
    const text = rest.join("\t");
    const value = evaluate(given, {}).value;
    if (mode === "unary") {
        const context = { "?": value };
        return { name, run: () => unaryTest(text, context).value };
    }
    return { name, run: () => evaluate(text, value).value };
}

function rate(run, ms) {
    const from = performance.now();
    let count = 0, now = from;
    while (now - from < ms) {
        for (let i = 0; i < ROUND; i++) run();
        count += ROUND;
        now = performance.now();
    }
    return count / ((now - from) / 1000);
}

const lines = readFileSync(file, "utf8").split("\n");
const cases = lines.filter((line) => line && !line.startsWith("#")).map(readCase);
for (const { run } of cases) rate(run, WARM_MS);
for (const { name, run } of cases) {
    console.log(`${name}\t${rate(run, seconds * 1000).toFixed(0)}\t${run()}`);
}
