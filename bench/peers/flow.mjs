// SPDX-License-Identifier: Apache-2.0
// Instances a second of a process by bpmn-engine: the model is read once, scripts and conditions are
// plain functions, the user task is done at once. Arguments: the file, the seconds. One line:
// a second of its processor time <tab> the variable y of each.
import { readFileSync } from "node:fs";
import { EventEmitter } from "node:events";
import BpmnModdle from "bpmn-moddle";
import * as Elements from "bpmn-elements";
import { Engine } from "bpmn-engine";
import serializer, { TypeResolver } from "moddle-context-serializer";

const WARM_MS = 3000; // the machine's compiler is slow to warm up
const [file, seconds] = process.argv.slice(2);
if (!file || !(seconds > 0)) {
    console.error("usage: flow.mjs FILE SECONDS");
    process.exit(2);
}

const moddle = await new BpmnModdle().fromXML(readFileSync(file, "utf8"));
const sourceContext = serializer(moddle, TypeResolver(Elements));

const functions = {
    twice: (scope, done) => {
        scope.environment.variables.y = scope.environment.variables.x * 2;
        done();
    },
    to_look: (scope, done) => done(null, scope.environment.variables.y > 5),
};
const scripts = {
    register() {},
    getScript: (language, { id }) => functions[id] && { execute: functions[id] },
};

async function walk() {
    const listener = new EventEmitter();
    const engine = new Engine({ name: "walk", sourceContext, scripts, variables: { x: 21 } });
    listener.on("activity.wait", (task) => task.signal({ seen: true }));
    const ended = engine.waitFor("end");
    const execution = await engine.execute({ listener });
    await ended;
    return execution.definitions[0].getProcesses()[0].environment.variables.y;
}

async function rate(ms) {
    const from = performance.now(), spent = process.cpuUsage();
    let count = 0;
    while (performance.now() - from < ms) {
        await walk();
        count++;
    }
    const { user, system } = process.cpuUsage(spent);
    return count / ((user + system) / 1e6);
}

await rate(WARM_MS);
console.log(`${(await rate(seconds * 1000)).toFixed(1)}\t${await walk()}`);
