#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the benchmarks that are named (all when none is), prints a table, writes build/bench.json.

Each value stands beside its reference from the same run; rounds alternate between the two and the
median counts, so that a machine that is busy for a while does not favour one side.
Rows: {name, value, unit, against, reference, ratio, bar, bar_on, ok, note}. bar_on says whether the
bar is on the "ratio" or the "value"; for units of time and memory it is the greatest that may be,
else the least. Exit codes: 0 all bars met, 1 some not, 2 usage.
"""
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(__file__))
from service import (Children, Nginx, Service, raw_copy, wait_for_port,  # noqa: E402
                     wrk_get, wrk_submit)

CONNECTIONS = 64
BODY_BYTES = 2048
OUT = "build/bench.json"


SMALLER_IS_BETTER = ("ns", "ms", "KB", "MB")


def row(name, value, unit, against=None, reference=None, bar=None, note="", bar_on=None):
    """bar_on: "ratio" or "value"; left out, it is the value of ms and MB and the ratio of others."""
    ratio = value / reference if reference else None
    bar_on = bar_on or ("value" if unit in ("ms", "MB") else "ratio")
    measured = value if bar_on == "value" else ratio
    ok = True
    if bar is not None:
        ok = measured is not None and (measured <= bar if unit in SMALLER_IS_BETTER
                                       else measured >= bar)
    return {"name": name, "value": round(value, 2), "unit": unit, "against": against,
            "reference": round(reference, 2) if reference else None,
            "ratio": round(ratio, 3) if ratio else None, "bar": bar,
            "bar_on": None if bar is None else bar_on, "ok": ok, "note": note}


# ---- submissions ----

def application():
    """A complete application of some 2 KB, as a program of an employer would send it."""
    story = "更换模具时右手食指被夹伤，由班长送医。"
    answers = {
        "applicant_kind": "worker", "worker_name": "李文静", "worker_id": "330199199205034023",
        "worker_phone": "13800001111", "employer_name": "云溪市博达工贸有限公司", "job": "冲压工",
        "accident_place": "二车间冲压线", "circumstance": "work_time_place_cause",
        "accident_story": story, "injury_part": "右手食指", "hospital": "云溪市中心医院",
        "diagnosis": "右手食指末节骨折", "delivery": "electronic", "employer_denies": False,
    }
    day = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 5 * 86400))
    answers["accident_date"] = answers["first_visit_date"] = day
    whole = {"item": "work-injury", "lang": "zh", "declaration": True, "answers": answers,
             "materials": [{"code": "medical-record", "way": "mail"},
                           {"code": "employment-proof", "way": "mail"}]}

    def text():
        return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()

    room = BODY_BYTES - len(text())
    answers["accident_story"] += story * (room // len(story.encode()))
    return text()


def body_file(folder):
    path = f"{folder}/body.json"
    with open(path, "wb") as f:
        f.write(application())
    return path


def served(seconds, connections, slow=False):
    """One round on a new database: served rate, p99, batch, and the raw rates at that batch and 1."""
    with Service(slow_fsync=slow) as s:
        s.sign_in()
        body = body_file(s.folder)
        wrk_submit(s, body, 1, connections, "warm")
        rate, p99 = wrk_submit(s, body, seconds, connections, "run")
        s.stop()
        batch = s.batch()
        raw = raw_copy(s.db, round(batch), slow_fsync=slow)
        # One by one takes long: as many as some seconds allow.
        one = raw_copy(s.db, 1, 400 if slow else 1500, slow_fsync=slow)
        return rate, p99, batch, raw, one


def rounds_of(n, seconds, connections, slow=False):
    """The round whose ratio to raw is the median: both sides of a ratio are from one minute."""
    got = sorted((served(seconds, connections, slow) for _ in range(n)), key=lambda r: r[0] / r[3])
    return got[n // 2]


def submit():
    rate, p99, batch, raw, one = rounds_of(3, 4, CONNECTIONS)
    yield row("submit.durable", rate, "/s", f"raw insert of the same rows, {batch:.0f} a commit", raw,
              0.4, f"p99 {p99:.0f} ms")
    yield row("submit.one_by_one", rate, "/s", "raw insert, one a commit, on this disk", one)
    rate, p99, batch, raw, one = rounds_of(1, 4, CONNECTIONS, slow=True)
    yield row("submit.grouping", rate, "/s", "raw insert, one a commit, flushes of 5 ms", one, 2,
              f"{batch:.0f} a commit, p99 {p99:.0f} ms")
    yield row("submit.durable.slow_disk", rate, "/s",
              f"raw insert, {batch:.0f} a commit, flushes of 5 ms", raw)


# ---- pages ----

def page_guide():
    path = "/s/work-injury"
    with Service() as s:
        status, headers, content = s.call(path, accept="text/html")
        if status != 200:
            raise SystemExit(f"{path}: {status}")
        ours, theirs = [], []
        with Nginx(content, headers["Content-Type"]) as n:
            for _ in range(5):
                ours.append(wrk_get(s.base + path, 2, CONNECTIONS))
                theirs.append(wrk_get(n.url, 2, CONNECTIONS))
        yield row("page.guide", statistics.median(ours), "/s", "nginx, the same bytes as a file",
                  statistics.median(theirs), 0.15, f"{len(content)} bytes")


def start_ms():
    times = []
    with Service(demo=False) as s:
        s.stop()
        for _ in range(7):
            again = Service(folder=s.folder, demo=False, wait=False)
            wait_for_port(again.port)
            status, _, _ = again.call("/", accept="text/html")
            times.append((time.monotonic() - again.started) * 1000)
            again.stop()
            if status != 200:
                raise SystemExit(f"first page: {status}")
    yield row("start.ms", statistics.median(times), "ms", "first page after exec", bar=300,
              note=f"{min(times):.0f} to {max(times):.0f}")


# ---- memory ----

def links_of(content):
    """Addresses of ours that a page leads to; other languages and sizes are choices, not pages."""
    found = re.findall(r'(?:href|src)="(/[^"#]*)', content.decode())
    return [x.replace("&amp;", "&") for x in found if not re.search(r"[?&](lang|size|theme)=", x)]


def visit(s, first):
    """Follows links from first; a page with many queries is looked at a few times. How many."""
    count, queue, times = 0, list(first), {}
    while queue:
        path = queue.pop(0)
        page = path.partition("?")[0]
        if times.setdefault(page, set()) and (path in times[page] or len(times[page]) >= 3):
            continue
        times[page].add(path)
        count += 1
        status, headers, content = s.call(path, accept="text/html")
        if status == 200 and headers.get_content_type() == "text/html":
            queue += links_of(content)
    return count


def walk(s):
    """Every page, style, paper and picture that can be reached, as anybody, citizen and staff."""
    api = json.loads(s.call("/api/openapi.json")[2])
    plain = [p for p, m in api["paths"].items() if "{" not in p and "get" in m]
    count = visit(s, ["/"] + plain)
    s.sign_in()
    for _ in range(5):
        status, _, answer = s.call("/api/cases", json.loads(application()))
        if status != 201:
            raise SystemExit(f"application: {status} {answer[:300]}")
    count += visit(s, ["/my"] + plain)
    for _ in s.sign_in_staff():
        count += visit(s, ["/w", "/o"])
    return count


def memory():
    kept = "build/walk.rss"
    program = "build/release/onedoor"
    if os.path.exists(kept) and os.path.getmtime(kept) >= os.path.getmtime(program):
        with open(kept) as f:
            value = float(re.search(r"[\d.]+", f.read())[0])
        # A number of bytes, KB or MB: whoever wrote it, memory of this program is 5 to 5000 MB.
        while value > 5000:
            value /= 1024
        yield row("memory.walk_mb", value, "MB", "after the browser's walk", bar=60)
        return
    with Service() as s:
        with Children(s.process.pid) as children:
            count = walk(s)
        yield row("memory.walk_mb", s.memory_mb(), "MB", f"after a walk over {count} addresses",
                  bar=60, note=f"peak {s.memory_mb('VmHWM'):.0f} MB")
        yield row("memory.paper_mb", children.most_mb, "MB", "a process while it draws a paper",
                  note=f"{len(children.seen)} seen, fonts included, gone with the paper")


# ---- parts ----

def json_read():
    out = subprocess.run(["build/release/bench-json"], capture_output=True, text=True).stdout
    m = re.search(r"json\.read\s+(\d+) MB/s.*?of sqlite json\(\) (\d+)", out)
    if not m:
        raise SystemExit("bench-json: " + out)
    yield row("json.read", float(m[1]), "MB/s", "sqlite json(), which builds no tree", float(m[2]),
              500, bar_on="value")


def page_template():
    out = subprocess.run(["build/release/bench-html", "3"], capture_output=True, text=True).stdout
    r = json.loads(out.strip().splitlines()[-1])
    yield {**row("page.template", r["value"], r["unit"], r["against"], r["reference"], r.get("bar"))}


# ---- rules ----

def lines_of(*command):
    """What a measuring program prints: {first column: the others}."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{command[0]}: {done.stderr}")
    cells = (line.split("\t") for line in done.stdout.splitlines())
    return {name: others for name, *others in cells}


def median_of(rounds, name, column):
    return statistics.median(float(r[name][column]) for r in rounds)


def feel():
    ours, theirs = [], []
    for _ in range(3):
        ours.append(lines_of("build/release/bench-feel", "bench/feel.tsv", "0.4"))
        theirs.append(lines_of("node", "bench/peers/feel.mjs", "bench/feel.tsv", "0.4"))
    for name, (_, _, compile_bytes, eval_bytes, result) in ours[0].items():
        if theirs[0][name][1] != result:
            raise SystemExit(f"feel: {name} is {result}, by feelin {theirs[0][name][1]}")
        both, compiled = median_of(ours, name, 0), median_of(ours, name, 1)
        peer = median_of(theirs, name, 0)
        # A table's cell is compiled once and tested often: its own row is that.
        unary = name == "unary"
        yield row(f"feel.{name}" + (".parsed" if unary else ""), both, "/s",
                  "feelin, both read the text each time", peer, 30,
                  f"{1e9 / both:.0f} ns, {compile_bytes} bytes")
        bar = {"bar": 5e6, "bar_on": "value"} if unary else {}
        yield row(f"feel.{name}" + ("" if unary else ".compiled"), compiled, "/s",
                  "feelin, which cannot compile", peer,
                  note=f"{1e9 / compiled:.0f} ns, {eval_bytes} bytes", **bar)


def decisions(path, inputs, seconds="0.5"):
    out = subprocess.run(["build/release/bench-dmn", path, "amount", inputs, seconds],
                         capture_output=True, text=True)
    if out.returncode != 0:
        raise SystemExit(f"bench-dmn: {out.stderr}")
    return out.stdout.rstrip("\n").split("\t")


def table21():
    path, inputs = "bench/dmn/table21.dmn", "bench/dmn/table21.inputs"
    ours, theirs = [], []
    for _ in range(3):
        ours.append(decisions(path, inputs))
        done = subprocess.run(["node", "bench/peers/dmn.mjs", path, "amount", inputs, "0.7"],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"dmn.mjs: {done.stderr}")
        theirs.append(done.stdout.rstrip("\n").split("\t"))
    if ours[0][6] != theirs[0][1]:
        raise SystemExit(f"dmn.table21: {ours[0][6]}, by dmn-eval-js {theirs[0][1]}")
    _, _, size, traced_size, model, _, _ = ours[0]
    rate = statistics.median(float(r[0]) for r in ours)
    traced = statistics.median(float(r[1]) for r in ours)
    peer = statistics.median(float(r[0]) for r in theirs)
    yield row("dmn.table21", rate, "/s", "dmn-eval-js, the same file read once", peer, 300,
              f"{1e9 / rate:.0f} ns, {size} bytes; model {int(model) // 1024} KB")
    yield row("dmn.table21.traced", traced, "/s", "dmn-eval-js, which tells no reasons", peer,
              note=f"{1e9 / traced:.0f} ns, {traced_size} bytes")


def unique_table(folder, rules):
    """A UNIQUE table of ranges and words, and inputs spread over all of it."""
    def text(x):
        return f"<text>{x}</text>"
    lines = ['<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="unique"'
             ' name="unique" namespace="https://onedoor.example/bench">']
    for name, kind in (("income", "number"), ("kind", "string")):
        lines.append(f'<inputData id="in_{name}" name="{name}"><variable name="{name}"'
                     f' typeRef="{kind}"/></inputData>')
    lines.append('<decision id="amount" name="amount"><variable name="amount" typeRef="number"/>'
                 '<informationRequirement><requiredInput href="#in_income"/>'
                 '</informationRequirement><informationRequirement>'
                 '<requiredInput href="#in_kind"/></informationRequirement>'
                 '<decisionTable hitPolicy="UNIQUE"><input><inputExpression typeRef="number">'
                 + text("income") + '</inputExpression></input><input>'
                 '<inputExpression typeRef="string">' + text("kind") + '</inputExpression></input>'
                 '<output name="amount" typeRef="number"/>')
    for i in range(rules):
        low, kind = i // 2 * 100, ("worker", "resident")[i % 2]
        lines.append(f'<rule id="r{i}"><inputEntry>{text(f"[{low}..{low + 100})")}</inputEntry>'
                     f'<inputEntry>{text(chr(34) + kind + chr(34))}</inputEntry>'
                     f'<outputEntry>{text(i)}</outputEntry></rule>')
    lines.append("</decisionTable></decision></definitions>")
    inputs = [{"income": i // 2 * 100 + i % 100, "kind": ("worker", "resident")[i % 2]}
              for i in range(0, rules, max(1, rules // 100))]
    path = f"{folder}/unique{rules}"
    with open(path + ".dmn", "w") as f:
        f.write("\n".join(lines))
    with open(path + ".inputs", "w") as f:
        f.write("\n".join(map(json.dumps, inputs)) + "\n")
    return path


def table_index():
    folder = "build/bench-dmn"
    os.makedirs(folder, exist_ok=True)
    small, large = unique_table(folder, 10), unique_table(folder, 1000)
    few, many = [], []
    for _ in range(3):
        few.append(decisions(small + ".dmn", small + ".inputs"))
        many.append(decisions(large + ".dmn", large + ".inputs"))
    small_ns, large_ns = (statistics.median(1e9 / float(r[0]) for r in rounds)
                          for rounds in (few, many))
    yield row("dmn.index", large_ns, "ns", "a UNIQUE table of 10 rules; this has 1,000", small_ns, 4,
              f"{large_ns:.0f} ns and {small_ns:.0f} ns, {many[0][2]} and {few[0][2]} bytes; "
              f"model {int(many[0][4]) // 1024} KB, read in {float(many[0][5]):.0f} ms")


# ---- processes ----

WALK, PEERS_WALK = "bench/flow/walk.bpmn", "bench/flow/walk.peers.bpmn"
PYTHON, CAMUNDA = "build/peers/python/bin/python", "build/peers/camunda"


def cells_of(*command):
    """The one line that a measuring program prints."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{command[0]}: {done.stdout}{done.stderr}")
    return done.stdout.rstrip("\n").split("\t")


def median_rate(rounds):
    return statistics.median(float(r[0]) for r in rounds)


def same_result(ours, theirs, peer):
    if ours[0][-1] != theirs[0][-1]:
        raise SystemExit(f"flow.memory: y is {ours[0][-1]}, by {peer} {theirs[0][-1]}")


def flow_memory():
    ours, node, python = [], [], []
    has_python = os.path.exists(PYTHON)
    for _ in range(3):
        ours.append(cells_of("build/release/bench-flow", "memory", WALK, "0.5"))
        node.append(cells_of("node", "bench/peers/flow.mjs", PEERS_WALK, "2"))
        if has_python:
            python.append(cells_of(PYTHON, "bench/peers/flow.py", PEERS_WALK, "1"))
    same_result(ours, node, "bpmn-engine")
    rate = median_rate(ours)
    note = f"{1e9 / rate:.0f} ns, {ours[0][1]} bytes"
    yield row("flow.memory", rate, "/s", "bpmn-engine, the model read once", median_rate(node), 400,
              note)
    if has_python:
        same_result(ours, python, "SpiffWorkflow")
        yield row("flow.memory.python", rate, "/s", "SpiffWorkflow, the model read once",
                  median_rate(python), 40, note)
    else:
        yield row("flow.memory.python", rate, "/s", note="SpiffWorkflow is not to be had here")


def flow_saved():
    rounds = [cells_of("build/release/bench-flow", "saved", "0.5") for _ in range(3)]
    rate = median_rate(rounds)
    yield row("flow.saved", rate, "/s", "steps, the instance read before and written after each",
              bar=100000, bar_on="value",
              note=f"{1e6 / rate:.1f} us; an instance of 10 tasks is {rounds[0][1]} bytes, "
                   f"{rounds[0][2]} at most")
    yield row("flow.size", float(rounds[0][2]) / 1024, "KB", "a 10-task instance at work, at most",
              bar=2, bar_on="value", note=f"{rounds[0][1]} bytes on average")


def flow_linear():
    rounds = [cells_of("build/release/bench-flow", "wide") for _ in range(3)]
    small, large, small_memory, large_memory = (
        statistics.median(float(r[i]) for r in rounds) for i in range(4))
    yield row("flow.wide", large, "ns", "a saved step of 50 tasks in a row; this has 500", small, 2,
              f"in memory {large_memory:.0f} and {small_memory:.0f} ns")
    rounds = [cells_of("build/release/bench-flow", "long") for _ in range(3)]
    first, last = (statistics.median(float(r[i]) for r in rounds) for i in range(2))
    yield row("flow.long", last, "ns", "the first 1,000 steps of an instance; these are the last of "
              "20,000", first, 2, f"{rounds[0][2]} bytes then")


def camunda(folder, count=300, threads=4):
    """(instances a second, ""), or (None, why not)."""
    if not os.path.exists(f"{CAMUNDA}/peer-camunda-1.jar"):
        return None, "Camunda 7 is not to be had here: no Java, no Maven or no way out"
    args = ["java", "-Xmx1g", "-cp", f"{CAMUNDA}/peer-camunda-1.jar:{CAMUNDA}/dependency/*", "Flow",
            "bench/flow/walk.camunda.bpmn", folder, str(count), str(threads)]
    try:
        done = subprocess.run(args, capture_output=True, text=True, timeout=240, check=True)
    except (OSError, subprocess.SubprocessError) as e:
        return None, f"Camunda 7 did not end well: {e}"
    return float(done.stdout), f"{threads} threads"


def flow_durable():
    got, count = [], 8000
    with tempfile.TemporaryDirectory(prefix="onedoor-bench-") as folder:
        db = f"{folder}/flow.db"
        for _ in range(3):
            r = json.loads(cells_of("build/release/bench-flow_durable", WALK, db, str(count))[0])
            batch = r["commands"] / r["batches"]
            # As many commits for the same rows: an instance is three commands.
            got.append((r["per_s"], raw_copy(db, max(1, round(batch / 3))), batch))
        peer, why = camunda(folder)
    rate, raw, batch = sorted(got, key=lambda g: g[0] / g[1])[1]
    yield row("flow.durable", rate, "/s", f"raw insert of the same rows, {batch:.0f} commands a commit",
              raw, 0.4, "each instance: start, claim, complete")
    yield row("flow.durable.camunda", rate, "/s", "Camunda 7, embedded, on an H2 file" if peer else None,
              peer, note=why)


# ---- a district's catalogue: 964 items of its own, 118 of the city ----

DISTRICT = 1082


def district(folder):
    made = f"{folder}/catalogue"
    subprocess.run(["tools/make-catalogue", str(DISTRICT), made], check=True)
    return made


def measured(command):
    """Wall and processor time in ms, most memory in MB; all files in the page cache before."""
    started = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = status
    if status:
        raise SystemExit(f"{command}: {status}")
    wall = (time.monotonic() - started) * 1000
    return wall, (used.ru_utime + used.ru_stime) * 1000, used.ru_maxrss / 1024


def reading(files):
    """Processor time in ms to read the same bytes, which no loader can do without."""
    before = os.times()
    size = 0
    for path in files:
        with open(path, "rb", buffering=0) as f:
            size += len(f.read())
    after = os.times()
    return (after.user + after.system - before.user - before.system) * 1000, size


def catalogue():
    with tempfile.TemporaryDirectory(prefix="onedoor-bench-") as folder:
        made = district(folder)
        files = [f"{at}/{name}" for at, _, names in os.walk(made) for name in names]
        reading(files)
        ours, plain = [], []
        for _ in range(5):
            ours.append(measured(["build/release/onedoor", "check", made]))
            plain.append(reading(files))
        size = plain[0][1] / 2**20
        wall = min(o[0] for o in ours)
        used = statistics.median(o[1] for o in ours)
        yield row("catalogue.load", wall, "ms", "reading the same files, processor time",
                  statistics.median(p[0] for p in plain), 1000,
                  f"the best of 5 by the clock; {used:.0f} ms of processor time, {size:.0f} MB")
        yield row("catalogue.memory", statistics.median(o[2] for o in ours), "MB",
                  "the same files", size, 150, "the most that check holds at a time")
        with Service(catalogue=made, demo=False) as s:
            yield row("catalogue.memory_served", s.memory_mb(), "MB", "the same files", size,
                      note=f"after start; peak {s.memory_mb('VmHWM'):.0f} MB, every version stored anew")


def search():
    with tempfile.TemporaryDirectory(prefix="onedoor-bench-") as folder:
        out = subprocess.run(["build/release/bench-search", district(folder),
                              "tests/cases/search/questions.yaml", "20"],
                             capture_output=True, text=True)
    if out.returncode:
        raise SystemExit(f"bench-search: {out.stderr}")
    items, asked, middle, last, longest, plain = [float(x) for x in out.stdout.split()]
    yield row("search.p99", last / 1000, "ms", "reading each name and keyword once, without an index",
              plain / 1000, 2, f"{asked:.0f} questions over {items:.0f} items; median {middle:.0f} us, "
              f"longest {longest:.0f} us")


BENCHES = [("submit", submit, "submit.durable submit.grouping"),
           ("page.guide", page_guide, "page.guide"),
           ("start.ms", start_ms, "start.ms"),
           ("memory", memory, "memory.walk_mb"),
           ("json.read", json_read, "json.read"),
           ("page.template", page_template, "page.template"),
           ("feel", feel, "feel.unary feel.medium"),
           ("dmn.table21", table21, "dmn.table21"),
           ("dmn.index", table_index, "dmn.index"),
           ("flow.memory", flow_memory, "flow.memory"),
           ("flow.saved", flow_saved, "flow.saved flow.size"),
           ("flow.linear", flow_linear, "flow.wide flow.long"),
           ("flow.durable", flow_durable, "flow.durable"),
           ("catalogue", catalogue, "catalogue.load catalogue.memory catalogue.memory_served"),
           ("search", search, "search.p99")]


def chosen(names):
    if not names:
        return BENCHES
    picked = []
    for name in names:
        hit = [b for b in BENCHES if b[0] == name or b[0].startswith(name) or name in b[2].split()
               or name.startswith(b[0] + ".")]
        if not hit:
            print(f"script/bench: no benchmark '{name}'; --list shows them", file=sys.stderr)
            raise SystemExit(2)
        picked += [b for b in hit if b not in picked]
    return picked


def keep(rows):
    """Rows of this run replace those of the same names; the others stay."""
    before = []
    if os.path.exists(OUT):
        with open(OUT) as f:
            before = json.load(f)
    names = {r["name"] for r in rows}
    with open(OUT, "w") as f:
        json.dump([r for r in before if r["name"] not in names] + rows, f, ensure_ascii=False,
                  indent=1)
        f.write("\n")


def show(r):
    against = f"{r['ratio']:.2f} of {r['reference']:.0f}" if r["ratio"] else ""
    bar = "" if r["bar"] is None else f"bar {r['bar']:g} {'ok' if r['ok'] else 'BELOW'}"
    print(f"{r['name']:<27}{r['value']:>10.1f} {r['unit']:<5} {against:<18} {bar:<16}"
          f"{r['against'] or ''}{'; ' if r['note'] else ''}{r['note']}", flush=True)


def main(names):
    if names == ["--list"]:
        print("\n".join(b[2].replace(" ", "\n") for b in BENCHES))
        return 0
    load = os.getloadavg()[0]
    if load > 1:
        print(f"this machine is busy (load {load:.1f}): trust the ratios, not the rates")
    rows = []
    for _, run, _ in chosen(names):
        for r in run():
            show(r)
            rows.append({**r, "load": round(load, 2)})
            keep(rows)
    return 0 if all(r["ok"] for r in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
