// SPDX-License-Identifier: Apache-2.0
// Expressions by a grammar with types, so that most have a value. The same seed gives the same ones.
// A node is {text, kids, free}: kids are the expressions in it, free the names that it does not bind;
// partial: it is none by itself.
//
// Numbers are quarters: exact in binary and in decimal, so that peers which count in binary agree.

function random(seed) {
    let a = seed >>> 0;
    return () => {
        a = (a + 0x6d2b79f5) | 0;
        let t = Math.imul(a ^ (a >>> 15), 1 | a);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
}

const WORDS = ["", "a", "ab", "foobar", "Foo", "x y", "über", "工伤", "1.5", "a,b,c", "tom@example.org",
               "aaa", "2026-11-22", "𝒳z"];
const PATTERNS = ["a", "o+", "^f", "[a-c]", "b$", "(a|b)", "\\\\d", "x*y", "工.", ","];
const DATES = ["2024-02-29", "2026-11-22", "2025-12-31", "1999-01-01", "2000-03-30", "0999-07-04"];
const TIMES = ["00:00:00", "08:30:00", "23:59:59", "12:00:00.5", "10:15:00Z", "07:00:00+08:00",
               "18:45:30@Europe/Paris"];
const DAY_DURATIONS = ["P1D", "PT2H", "P3DT4H5M6S", "-PT30M", "PT0S", "PT36H", "PT90M", "-P1DT1H"];
const MONTH_DURATIONS = ["P1Y", "P2M", "P1Y6M", "-P3M", "P0M", "P14M", "-P1Y1M"];
const KEYS = ["a", "b", "count of", "费用", "x1"];
const SCALARS = ["number", "string", "boolean", "date", "time", "moment", "days", "months"];
const ORDERED = ["number", "string", "date", "time", "moment", "days"];

export class Generator {
    constructor(seed) {
        this.random = random(seed);
        this.names = 0;
        this.env = [];
    }

    int(n) { return Math.floor(this.random() * n); }
    pick(list) { return list[this.int(list.length)]; }
    chance(p) { return this.random() < p; }

    /** A node from a template whose holes are texts and nodes. */
    node(strings, ...holes) {
        let text = strings[0];
        const kids = [], free = new Set();
        holes.forEach((hole, i) => {
            if (typeof hole === "object") {
                kids.push(hole);
                hole.free.forEach(name => free.add(name));
            }
            text += (typeof hole === "object" ? hole.text : hole) + strings[i + 1];
        });
        return { text, kids, free };
    }

    joined(nodes) {
        return { ...this.node(["", ...nodes.slice(1).map(() => ", "), ""], ...nodes), partial: true };
    }

    /** Sometimes without parentheses: priorities count too. */
    held(node) { return this.chance(0.12) ? node : this.node`(${node})`; }

    /** body is made with a new name of that type in sight, and binds it. */
    bound(type, body) {
        const name = `v${++this.names}`;
        this.env.push({ name, type });
        const made = body(name);
        this.env.pop();
        made.free.delete(name);
        return made;
    }

    name(type) {
        const fitting = this.env.filter(v => v.type === type);
        if (fitting.length === 0) return null;
        const { name } = this.pick(fitting);
        return { text: name, kids: [], free: new Set([name]) };
    }

    // ---- what any type can come from ----

    make(type, depth) {
        const name = this.name(type);
        if (name && this.chance(0.45)) return name;
        if (this.chance(0.015)) return this.node`null`;
        if (depth <= 0 || this.chance(0.12)) return this.leaf(type);
        if (this.chance(0.16)) return this.any(type, depth - 1);
        return this[type](depth - 1);
    }

    leaf(type) {
        switch (type) {
        case "number": return this.node`${String(this.chance(0.7) ? this.int(12) : (this.int(200) - 60) / 4)}`;
        case "string": return this.node`"${this.pick(WORDS)}"`;
        case "boolean": return this.node`${this.pick(["true", "false"])}`;
        case "date": return this.node`@"${this.pick(DATES)}"`;
        case "time": return this.node`@"${this.pick(TIMES)}"`;
        case "moment": return this.node`@"${this.pick(DATES)}T${this.pick(TIMES)}"`;
        case "days": return this.node`@"${this.pick(DAY_DURATIONS)}"`;
        case "months": return this.node`@"${this.pick(MONTH_DURATIONS)}"`;
        default: return this.list(type.slice(5), 0);
        }
    }

    any(type, d) {
        const of = d < 0 ? 0 : d;
        switch (this.int(6)) {
        case 0: return this.node`(if ${this.make("boolean", of)} then ${this.make(type, of)} else ${this.make(type, of)})`;
        case 1: return type.startsWith("list ") ? this[type] ? this[type](of) : this.leaf(type)
            : this.node`${this.make(`list ${type}`, of)}[${String(this.pick([1, 1, 2, 3, -1, -2, 9]))}]`;
        case 2: {
            const key = this.pick(KEYS);
            return this.node`{${key}: ${this.make(type, of)}, other: ${this.make(this.pick(SCALARS), 0)}}.${key}`;
        }
        case 3: {
            const key = this.pick(KEYS);
            return this.node`get value({"${key}": ${this.make(type, of)}}, "${key}")`;
        }
        case 4: {
            const from = this.pick(SCALARS), given = this.make(from, of);
            const body = this.bound(from, name => this.node`(function(${name}) ${this.make(type, of)})`);
            return this.node`{f: ${body}, r: f(${given})}.r`;
        }
        default: return this.make(type, of);
        }
    }

    // ---- by type; d is the depth that is left for what stands inside ----

    number(d) {
        const n = () => this.make("number", d), h = () => this.held(n());
        const list = () => this.make("list number", d), s = () => this.make("string", d);
        return this.pick([
            () => this.node`${h()} + ${h()}`, () => this.node`${h()} - ${h()}`,
            () => this.node`${h()} * ${h()}`, () => this.node`${h()} / ${this.pick(["2", "4", "0.5", "-8"])}`,
            () => this.node`${h()} ** 2`, () => this.node`-(${n()})`,
            () => this.node`count(${list()})`, () => this.node`sum(${list()})`,
            () => this.node`min(${list()})`, () => this.node`max(${list()})`,
            () => this.node`max(${n()}, ${n()})`, () => this.node`min(${n()}, ${n()}, ${n()})`,
            () => this.node`mean([${n()}, ${n()}])`, () => this.node`median(${list()})`,
            () => this.node`product([${n()}, ${n()}])`,
            () => this.node`floor(${n()})`, () => this.node`ceiling(${n()})`,
            () => this.node`floor(${n()}, 1)`, () => this.node`ceiling(${n()}, 1)`,
            () => this.node`decimal(${n()}, ${this.pick(["0", "1", "2"])})`,
            () => this.node`round up(${n()}, ${this.pick(["0", "1"])})`,
            () => this.node`round down(${n()}, ${this.pick(["0", "1"])})`,
            () => this.node`round half up(${n()}, 0)`, () => this.node`round half down(${n()}, 0)`,
            () => this.node`abs(${n()})`, () => this.node`modulo(${n()}, ${this.pick(["3", "-4", "2.5"])})`,
            () => this.node`sqrt(${this.pick(["0", "4", "2.25", "144"])})`,
            () => this.node`string length(${s()})`,
            () => this.node`number("${this.pick(["12", "-3.5", "0.25", "1e2", "x"])}")`,
            () => this.node`(${this.make("date", d)}).${this.pick(["year", "month", "day", "weekday"])}`,
            () => this.node`(${this.make("moment", d)}).${this.pick(["year", "hour", "minute", "second"])}`,
            () => this.node`(${this.make("time", d)}).${this.pick(["hour", "minute", "second"])}`,
            () => this.node`(${this.make("days", d)}).${this.pick(["days", "hours", "minutes", "seconds"])}`,
            () => this.node`(${this.make("months", d)}).${this.pick(["years", "months"])}`,
            () => this.node`day of year(${this.make("date", d)})`,
            () => this.node`week of year(${this.make("date", d)})`,
            () => this.node`(${this.make("days", d)}) / ${this.pick(['@"PT1H"', '@"P1D"', '@"-PT30M"'])}`,
            () => this.node`(${this.make("months", d)}) / ${this.pick(['@"P1M"', '@"P1Y"'])}`,
        ])();
    }

    string(d) {
        const s = () => this.make("string", d), n = () => this.make("number", d);
        const at = () => this.pick(["1", "2", "-1", "-2", "4"]);
        return this.pick([
            () => this.node`${this.held(s())} + ${this.held(s())}`,
            () => this.node`substring(${s()}, ${at()})`,
            () => this.node`substring(${s()}, ${at()}, ${this.pick(["1", "2", "3"])})`,
            () => this.node`upper case(${s()})`, () => this.node`lower case(${s()})`,
            () => this.node`substring before(${s()}, ${s()})`,
            () => this.node`substring after(${s()}, ${s()})`,
            () => this.node`string(${n()})`,
            () => this.node`string(${this.make(this.pick(["date", "days", "months", "boolean", "list number", "time"]), d)})`,
            () => this.node`string join(${this.make("list string", d)}, "${this.pick(["", ",", "; "])}")`,
            () => this.node`string join(${this.make("list string", d)})`,
            () => this.node`replace(${s()}, "${this.pick(PATTERNS)}", "${this.pick(["", "-", "[$0]"])}")`,
            () => this.node`day of week(${this.make("date", d)})`,
            () => this.node`month of year(${this.make("date", d)})`,
        ])();
    }

    boolean(d) {
        const b = () => this.held(this.make("boolean", d)), s = () => this.make("string", d);
        const type = this.pick(ORDERED);
        const x = () => this.held(this.make(type, d));
        const over = this.pick(["number", "string", "date"]), list = this.make(`list ${over}`, d);
        return this.pick([
            () => this.node`${x()} ${this.pick(["<", "<=", ">", ">="])} ${x()}`,
            () => this.node`${x()} ${this.pick(["<", "<=", ">", ">="])} ${x()}`,
            () => this.node`${x()} ${this.pick(["=", "!="])} ${x()}`,
            () => this.node`${x()} between ${x()} and ${x()}`,
            () => this.node`${x()} in ${this.range(type, d)}`,
            () => this.node`${x()} in (${this.pick(["<", "<=", ">", ">="])} ${x()})`,
            () => this.node`${x()} in (${x()}, ${this.range(type, d)})`,
            () => this.node`${b()} and ${b()}`, () => this.node`${b()} or ${b()}`,
            () => this.node`not(${b()})`,
            () => this.node`contains(${s()}, ${s()})`, () => this.node`starts with(${s()}, ${s()})`,
            () => this.node`ends with(${s()}, ${s()})`,
            () => this.node`matches(${s()}, "${this.pick(PATTERNS)}")`,
            () => this.node`list contains(${this.make("list number", d)}, ${this.make("number", d)})`,
            () => this.node`all([${b()}, ${b()}])`, () => this.node`any([${b()}, ${b()}])`,
            () => this.node`even(${this.make("number", 0)})`, () => this.node`odd(${this.make("number", 0)})`,
            () => this.bound(over, v => this.node`some ${v} in ${list} satisfies ${this.make("boolean", d)}`),
            () => this.bound(over, v => this.node`every ${v} in ${list} satisfies ${this.make("boolean", d)}`),
            () => this.node`${x()} instance of ${{ number: "number", string: "string", date: "date", time: "time",
                moment: "date and time", days: "days and time duration" }[this.pick(ORDERED)]}`,
            () => this.node`before(${this.make("number", d)}, ${this.range("number", d)})`,
            () => this.node`includes(${this.range("number", d)}, ${this.make("number", d)})`,
            () => this.node`is(${this.make("number", d)}, ${this.make("number", d)})`,
            () => this.node`${this.list("number", 0)} = ${this.list("number", 0)}`,
            () => this.node`${this.context(0)} = ${this.context(0)}`,
        ])();
    }

    range(type, d) {
        return this.node`${this.pick(["[", "("])}${this.held(this.make(type, d - 1))}..${this.held(this.make(type, d - 1))}${this.pick(["]", ")"])}`;
    }

    date(d) {
        return this.pick([
            () => this.node`date("${this.pick(DATES)}")`,
            () => this.node`date(${String(1990 + this.int(60))}, ${String(1 + this.int(12))}, ${String(1 + this.int(31))})`,
            () => this.node`${this.held(this.make("date", d))} ${this.pick(["+", "-"])} ${this.held(this.make("months", d))}`,
            () => this.node`${this.held(this.make("date", d))} + ${this.pick(['@"P1D"', '@"P40D"', '@"-P7D"'])}`,
            () => this.node`date(${this.make("moment", d)})`,
        ])();
    }

    time(d) {
        return this.pick([
            () => this.node`time("${this.pick(TIMES)}")`,
            () => this.node`time(${String(this.int(24))}, ${String(this.int(60))}, ${String(this.int(60))})`,
            () => this.node`${this.held(this.make("time", d))} ${this.pick(["+", "-"])} ${this.held(this.make("days", d))}`,
            () => this.node`time(${this.make("moment", d)})`,
        ])();
    }

    moment(d) {
        return this.pick([
            () => this.node`date and time("${this.pick(DATES)}T${this.pick(TIMES)}")`,
            () => this.node`date and time(${this.make("date", d)}, ${this.make("time", d)})`,
            () => this.node`${this.held(this.make("moment", d))} ${this.pick(["+", "-"])} ${this.held(this.make("days", d))}`,
            () => this.node`${this.held(this.make("moment", d))} + ${this.held(this.make("months", d))}`,
        ])();
    }

    days(d) {
        return this.pick([
            () => this.node`duration("${this.pick(DAY_DURATIONS)}")`,
            () => this.node`${this.held(this.make("days", d))} ${this.pick(["+", "-"])} ${this.held(this.make("days", d))}`,
            () => this.node`${this.held(this.make("date", d))} - ${this.held(this.make("date", d))}`,
            () => this.node`${this.held(this.make("moment", d))} - ${this.held(this.make("moment", d))}`,
            () => this.node`${this.held(this.make("time", d))} - ${this.held(this.make("time", d))}`,
            () => this.node`${this.held(this.make("days", d))} * ${this.pick(["2", "3", "0.5", "-1"])}`,
            () => this.node`-(${this.make("days", d)})`, () => this.node`abs(${this.make("days", d)})`,
        ])();
    }

    months(d) {
        return this.pick([
            () => this.node`duration("${this.pick(MONTH_DURATIONS)}")`,
            () => this.node`${this.held(this.make("months", d))} ${this.pick(["+", "-"])} ${this.held(this.make("months", d))}`,
            () => this.node`years and months duration(${this.make("date", d)}, ${this.make("date", d)})`,
            () => this.node`${this.held(this.make("months", d))} * ${this.pick(["2", "3", "-1"])}`,
            () => this.node`-(${this.make("months", d)})`, () => this.node`abs(${this.make("months", d)})`,
        ])();
    }

    list(of, d) {
        return this.node`[${this.joined(Array.from({ length: 1 + this.int(4) }, () => this.make(of, d)))}]`;
    }

    lists(of, d) {
        const l = () => this.make(`list ${of}`, d), x = () => this.make(of, d);
        const from = this.pick(["number", "string", "date"]), over = this.make(`list ${from}`, d);
        return this.pick([
            () => this.list(of, d), () => this.list(of, d),
            () => this.node`append(${l()}, ${x()})`, () => this.node`concatenate(${l()}, ${l()})`,
            () => this.node`reverse(${l()})`, () => this.node`sublist(${l()}, ${this.pick(["1", "2", "-1"])})`,
            () => this.node`sublist(${l()}, 1, 1)`,
            () => this.node`insert before(${l()}, 1, ${x()})`, () => this.node`remove(${l()}, 1)`,
            () => this.node`distinct values(${l()})`, () => this.node`union(${l()}, ${l()})`,
            () => this.node`flatten([${l()}, [${x()}, ${l()}]])`,
            () => this.bound(from, v => this.node`(for ${v} in ${over} return ${this.make(of, d)})`),
            () => this.filtered(of, l(), d),
            () => this.node`[{k: ${x()}}, {k: ${x()}, m: 1}].k`,
            () => this.node`list replace(${l()}, 1, ${x()})`,
        ])();
    }

    /** item is a name of its own kind: the innermost filter's. */
    filtered(of, list, d) {
        this.env.push({ name: "item", type: of });
        const body = this.make("boolean", d);
        this.env.pop();
        body.free.delete("item");
        // What names "item" belongs to a filter around it, so it is no expression of its own.
        return { ...this.node`${list}[${body}]`, kids: [list, body] };
    }

    context() {
        return this.node`{${this.pick(KEYS)}: ${this.make("number", 0)}, z: ${this.make("string", 0)}}`;
    }

    "list number"(d) {
        return this.pick([
            () => this.lists("number", d), () => this.lists("number", d), () => this.lists("number", d),
            () => this.bound("number", v => this.node`(for ${v} in ${String(this.int(4))}..${String(this.int(6))} return ${this.make("number", d)})`),
            () => this.node`index of(${this.make("list number", d)}, ${this.make("number", 0)})`,
            () => this.node`sort(${this.make("list number", d)}, function(x, y) x ${this.pick(["<", ">"])} y)`,
            () => this.node`mode(${this.make("list number", d)})`,
        ])();
    }

    "list string"(d) {
        return this.chance(0.2) ? this.node`split(${this.make("string", d)}, "${this.pick([",", "o", "a|b"])}")`
            : this.lists("string", d);
    }

    "list boolean"(d) { return this.lists("boolean", d); }
    "list date"(d) { return this.lists("date", d); }
    "list time"(d) { return this.lists("time", d); }
    "list moment"(d) { return this.lists("moment", d); }
    "list days"(d) { return this.lists("days", d); }
    "list months"(d) { return this.lists("months", d); }

    /** {text, kids, free, input}: input is the text of what unary tests are of, or absent. */
    next() {
        this.env = [];
        if (this.chance(0.12)) return this.tests();
        const type = this.pick([...SCALARS, "number", "boolean", "list number", "list string", "list date", "boolean"]);
        return this.make(type, 1 + this.int(3));
    }

    tests() {
        const type = this.pick(ORDERED);
        const one = () => this.pick([
            () => this.node`${this.pick(["<", "<=", ">", ">="])} ${this.leaf(type)}`,
            () => this.node`${this.leaf(type)}..${this.leaf(type)}`,
            () => this.leaf(type), () => this.range(type, 0),
        ])();
        const fixed = made => made.text.includes("..") && !/^[[(]/.test(made.text) ? this.node`[${made}]` : made;
        const list = Array.from({ length: 1 + this.int(3) }, () => fixed(one()));
        const tests = this.chance(0.2) ? this.node`not(${this.joined(list)})`
            : this.chance(0.05) ? this.node`-` : this.joined(list);
        return { text: tests.text, kids: [], free: new Set(), input: this.leaf(type).text };
    }
}
