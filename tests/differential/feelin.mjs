// SPDX-License-Identifier: Apache-2.0
// Expressions by onedoor and by feelin, side by side. Of those whose values differ, the smallest parts
// that differ are looked up in explained.json; what is not explained there is a failure. The first
// entry counts whose patterns fit the expression and both values (as JSON; ours with its reason).
// Usage: feelin.mjs PROGRAM [COUNT] [SEED]; PROGRAM is feel-values.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { evaluate, unaryTest, FeelDate, FeelDateTime, FeelDuration, FeelRange, FeelTime } from "../../bench/peers/node_modules/feelin/dist/index.js";
import { Generator } from "./generate.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const [program, count = "2000", seed = "1"] = process.argv.slice(2);
if (!program || !(Number(count) > 0)) {
    console.error("usage: feelin.mjs PROGRAM [COUNT] [SEED]");
    process.exit(2);
}
const explained = JSON.parse(readFileSync(join(here, "explained.json"), "utf8")).map(e => ({
    ...e, expression: new RegExp(e.expression, "s"),
    ours: new RegExp(e.ours ?? "", "s"), theirs: new RegExp(e.theirs ?? "", "s"), hits: 0,
}));

// ---- values in one form: what feel-values prints, without reasons ----

function tagged(v) {
    if (v === null || v === undefined) return { null: "" };
    if (typeof v === "boolean" || typeof v === "string") return v;
    if (typeof v === "number") return { number: String(v) };
    if (v instanceof FeelDate) return { date: String(v) };
    if (v instanceof FeelTime) return { time: String(v) };
    if (v instanceof FeelDateTime) return { "date and time": String(v) };
    if (v instanceof FeelDuration) {
        return { [v.yearsMonths ? "years and months duration" : "days and time duration"]: String(v) };
    }
    if (Array.isArray(v)) return v.map(tagged);
    if (v instanceof FeelRange) return { range: [tagged(v.start), tagged(v.end)] };
    if (typeof v === "function" || v.fn) return { function: "" };
    return { context: Object.entries(v).map(([k, x]) => [k, tagged(x)]) };
}

function theirs({ text, input }) {
    try {
        if (input === undefined) return tagged(evaluate(text, {}).value);
        return tagged(unaryTest(text, { "?": evaluate(input, {}).value }).value);
    } catch (e) {
        return { error: e.message };
    }
}

/** Values of all of them by our program, in one run. */
function ours(cases) {
    const folder = "build/differential";
    mkdirSync(folder, { recursive: true });
    const lines = cases.map(c => c.input === undefined ? c.text : `@input ${c.input}\n${c.text}\n@input`);
    writeFileSync(join(folder, "expressions"), lines.join("\n") + "\n");
    const out = execFileSync(program, [join(folder, "expressions")], { maxBuffer: 1 << 30, encoding: "utf8" });
    return out.trimEnd().split("\n").map(line => JSON.parse(line));
}

const tag = v => typeof v === "object" && !Array.isArray(v) ? Object.keys(v)[0] : "";
const byKey = entries => [...entries].sort((a, b) => (a[0] < b[0] ? -1 : 1));

/** Numbers may differ in what binary floating point cannot hold. */
function same(a, b) {
    if (typeof a !== "object" || typeof b !== "object") return a === b;
    if (Array.isArray(a) || Array.isArray(b)) {
        return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((x, i) => same(x, b[i]));
    }
    if (tag(a) !== tag(b)) return false;
    if (tag(a) === "number") {
        const x = Number(a.number), y = Number(b.number);
        return x === y || Math.abs(x - y) <= 1e-9 * Math.max(1, Math.abs(x), Math.abs(y));
    }
    if (tag(a) === "context") {
        const x = byKey(a.context), y = byKey(b.context);
        return x.length === y.length && x.every(([k, v], i) => k === y[i][0] && same(v, y[i][1]));
    }
    if (tag(a) === "range" || tag(a) === "null" || tag(a) === "function") return true;
    return a[tag(a)] === b[tag(b)];
}

// ---- the smallest parts that differ ----

function parts(node, found = new Map()) {
    if (!node.partial && node.free.size === 0 && !/\bitem\b/.test(node.text.replace(/\[[^\]]*\]/g, ""))) found.set(node.text, node);
    node.kids.forEach(kid => parts(kid, found));
    return found;
}

function differing(cases) {
    const us = ours(cases);
    return cases.map((c, i) => ({ ...c, ours: us[i], theirs: theirs(c) })).filter(c => !same(c.ours, c.theirs));
}

/** Texts of all that is inside; itself left out. */
const inside = node => node.kids.flatMap(kid => [kid.text, ...inside(kid)]);

function smallest(bad) {
    const all = new Map();
    bad.forEach(c => parts(c).forEach((node, text) => all.set(text, node)));
    const different = differing([...all.values()]);
    const texts = new Set(different.map(c => c.text));
    return different.filter(c => !inside(c).some(text => texts.has(text)));
}

// ---- the run ----

const generator = new Generator(Number(seed));
const cases = Array.from({ length: Number(count) }, () => generator.next());
const bad = differing(cases);
const roots = [...smallest(bad.filter(c => c.input === undefined)), ...bad.filter(c => c.input !== undefined)];
const unexplained = [];
for (const c of roots) {
    const us = JSON.stringify(c.ours), them = JSON.stringify(c.theirs);
    const text = c.input === undefined ? c.text : `@input ${c.input} ${c.text}`;
    const why = explained.find(e => e.expression.test(text) && e.ours.test(us) && e.theirs.test(them));
    if (why) why.hits++;
    else unexplained.push(`${text}\n    onedoor ${us}\n    feelin  ${them}`);
}
for (const e of explained) console.log(`${String(e.hits).padStart(6)}  ${e.name}`);
unexplained.slice(0, Number(process.env.SHOW ?? 40)).forEach(u => console.log(`FAIL ${u}`));
const values = cases.length - ours(cases).filter(v => tag(v) === "null").length;
console.log(`seed ${seed}: ${cases.length} expressions, ${values} with a value, ${bad.length} differ in ${roots.length} parts`);
console.log(`${cases.length - unexplained.length} passed, ${unexplained.length} failed`);
process.exit(unexplained.length ? 1 : 0);
