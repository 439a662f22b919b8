// SPDX-License-Identifier: Apache-2.0
// Expressions for feel-values: those of the case files, without what they should be, and generated
// ones. Arguments: how many of those, case files.
import { readFileSync } from "node:fs";
import { Generator } from "../differential/generate.mjs";

const [count, ...files] = process.argv.slice(2);
const lines = [];
for (const file of files) {
    lines.push("@scope", "@input");
    for (const line of readFileSync(file, "utf8").split("\n")) {
        if (line && !line.startsWith("#")) lines.push(line.startsWith("@scope") || line.startsWith("@input") ? line : line.split(/ (?:=>|!!) /)[0]);
    }
}
const generator = new Generator(7);
for (let i = 0; i < Number(count); i++) {
    const { text, input } = generator.next();
    lines.push("@scope", input === undefined ? "@input" : `@input ${input}`, text);
}
console.log(lines.join("\n"));
