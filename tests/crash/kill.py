#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Kills onedoor with SIGKILL at random moments under load, again and again, and then proves that
what it acknowledged is there, once.

Clients submit applications, upload papers, accept and decide cases. Each call has an idempotency
key and stands in the client's journal before it is sent. After each restart the calls without an
answer are sent again with the same key. A message gateway of our own keeps a ledger of every call
and honours the idempotency key, as a real one would.

    tests/crash/kill.py [--kills N] [--clients N] [--seed N] [--program PATH]
"""
import argparse
import collections
import http.client
import http.server
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import uuid

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
PEOPLE = ["330199199205034023", "330199198809173011", "330199199502240114", "330199199011086626",
          "330199198506122284", "330199199312017739"]
CLERK = ("wangfang", "yunxi-demo-1")
APPROVER = ("chenli", "yunxi-demo-2")
RESTART_MAX_S = 1.0
PDF = b"%%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n%% %d\n"

passed = failed = 0


def check(ok, label, seen=""):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print(f"FAIL {label}{': ' if seen != '' else ''}{str(seen)[:800]}", flush=True)
    return ok


def free_port():
    for _ in range(200):
        port = random.randint(18400, 18499)
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise RuntimeError("no free port between 18400 and 18499")


class Gateway:
    """Takes messages; a key that was seen is the same message. Keeps every arrival."""

    def __init__(self):
        self.lock = threading.Lock()
        self.arrivals = collections.defaultdict(list)
        gateway = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle(self):
                try:
                    super().handle()
                except OSError:
                    pass  # the sender was killed

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with gateway.lock:
                    gateway.arrivals[self.headers.get("Idempotency-Key", "")].append(body)
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Server:
    """The program under test: started, killed, started again; restart times are kept."""

    def __init__(self, program, folder, gateway_port):
        self.program = os.path.join(folder, "onedoor")
        shutil.copy(program, self.program)
        self.db = os.path.join(folder, "onedoor.db")
        self.log = open(os.path.join(folder, "log"), "ab")
        self.port = free_port()
        self.gateway_port = gateway_port
        self.process = None
        self.up = threading.Event()
        self.restarts = []

    def spawn(self):
        self.process = subprocess.Popen(
            [self.program, "serve", "--catalogue", os.path.join(ROOT, "catalogues/demo"), "--db", self.db,
             "--listen", f"127.0.0.1:{self.port}", "--sms", f"http://127.0.0.1:{self.gateway_port}/sms",
             "--sources", "http://127.0.0.1:1", "--demo"],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)

    def wait_ready(self, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"onedoor ended by itself with {self.process.returncode}")
            try:
                c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
                c.request("GET", "/healthz")
                if c.getresponse().status == 200:
                    c.close()
                    return
            except OSError:
                pass
            time.sleep(0.004)
        raise RuntimeError("onedoor does not become ready")

    def start(self, measured=True):
        begin = time.monotonic()
        self.spawn()
        self.wait_ready()
        if measured:
            self.restarts.append(time.monotonic() - begin)
        self.up.set()

    def kill(self):
        self.up.clear()
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.up.clear()
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode if self.process else None


class Session:
    """A signed-in visitor; the session outlives the server's process."""

    def __init__(self, server, path, body):
        self.server = server
        self.cookie = self.csrf = ""
        status, headers, _ = self.once("GET", "/help", None, {})
        self.cookie = headers["Set-Cookie"].split(";")[0]
        self.csrf = headers["X-CSRF-Token"]
        end = time.monotonic() + 10
        while True:  # a new database gets its demo accounts while it is already answering
            status, headers, answer = self.once("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})
            if status == 200 or time.monotonic() > end:
                break
            time.sleep(0.2)
        if status != 200:
            raise RuntimeError(f"sign-in: {status} {answer}")
        self.cookie = [v for k, v in headers.items() if k == "Set-Cookie" and v.startswith("session=")][0].split(";")[0]
        self.csrf = json.loads(answer)["csrf"]

    def once(self, method, path, body, headers, connection=None):
        c = connection or http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        c.request(method, path, body, {"Accept": "application/json", "Cookie": self.cookie, "X-CSRF-Token": self.csrf, **headers})
        r = c.getresponse()
        data = r.read()
        if not connection:
            c.close()
        return r.status, r.headers, data


class Call:
    def __init__(self, kind, session, path, body, content_type="application/json", about=None):
        self.kind, self.session, self.path, self.body = kind, session, path, body
        self.key = f"{kind}-{uuid.uuid4().hex}"
        self.content_type, self.about = content_type, about
        self.sent = 0
        self.status = None
        self.answer = None


class Load:
    def __init__(self, server, journal, seed):
        self.server = server
        self.random = random.Random(seed)
        self.journal = journal
        self.lock = threading.Lock()
        self.calls = []
        self.received = collections.deque()  # numbers to accept
        self.accepted = collections.deque()  # numbers to decide
        self.stopping = False
        self.citizens = [Session(server, "/demo/identity", {"id_number": p}) for p in PEOPLE]
        self.clerk = Session(server, "/staff/login", {"login": CLERK[0], "password": CLERK[1]})
        self.approver = Session(server, "/staff/login", {"login": APPROVER[0], "password": APPROVER[1]})
        self.drafts = []
        for c in self.citizens:
            status, _, body = c.once("POST", "/apply/start", json.dumps({"item": "work-injury", "answers": {}}).encode(),
                                     {"Content-Type": "application/json"})
            if status != 201:
                raise RuntimeError(f"draft: {status} {body}")
            self.drafts.append((c, json.loads(body)["draft"]))
        self.uploads = collections.Counter()

    def note(self, what, call):
        with self.lock:
            self.journal.write(f"{what} {call.key} {call.path} {call.status or ''}\n")
            self.journal.flush()

    def application(self, citizen_number, i):
        day = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 3 * 86400))
        return {"item": "work-injury", "lang": "zh", "declaration": True,
                "materials": [{"code": "medical-record", "way": "mail"}, {"code": "employment-proof", "way": "mail"}],
                "answers": {"applicant_kind": "worker", "worker_name": f"甲{i}", "worker_id": citizen_number,
                            "worker_phone": "13800006027", "employer_name": "云溪市博达工贸有限公司", "job": "冲压工",
                            "accident_date": day, "accident_place": f"车间 {i}", "circumstance": "work_time_place_cause",
                            "accident_story": "压伤", "injury_part": "手", "exclusions": [], "employer_denies": False,
                            "hospital": "云溪市中心医院", "first_visit_date": day, "diagnosis": "骨折", "delivery": "electronic"}}

    def upload(self):
        with self.lock:
            open_drafts = [i for i in range(len(self.drafts)) if self.uploads[i] < 9]
            if not open_drafts:
                return None
            i = self.random.choice(open_drafts)
            self.uploads[i] += 1
            n = self.random.getrandbits(48)
        session, draft = self.drafts[i]
        content = PDF % n
        boundary = "b" + uuid.uuid4().hex
        body = (f"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{n}.pdf\"\r\n"
                f"Content-Type: application/pdf\r\n\r\n").encode() + content + f"\r\n--{boundary}--\r\n".encode()
        return Call("upload", session, f"/apply/{draft}/medical-record/upload", body,
                    f"multipart/form-data; boundary={boundary}", content)

    def next_call(self):
        dice = self.random.random()
        with self.lock:
            number = self.received.popleft() if dice < 0.2 and self.received else None
            decided = self.accepted.popleft() if 0.2 <= dice < 0.35 and self.accepted else None
        if number:
            return Call("accept", self.clerk, f"/w/cases/{number}/accept", b"{}", about=number)
        if decided:
            body = {"decision": "grant", "reason": "事实清楚", "confirm": True}
            return Call("decide", self.approver, f"/o/cases/{decided}/decide", json.dumps(body).encode(), about=decided)
        if dice > 0.93:
            call = self.upload()
            if call:
                return call
        i = self.random.randrange(len(self.citizens))
        body = self.application(PEOPLE[i], self.random.getrandbits(30))
        return Call("submit", self.citizens[i], "/api/cases", json.dumps(body).encode())

    def send(self, call, connection=None):
        """True when there is an answer. A connection that breaks tells nothing."""
        call.sent += 1
        self.note("sent", call)
        headers = {"Content-Type": call.content_type, "Idempotency-Key": call.key}
        status, _, answer = call.session.once("POST", call.path, call.body, headers, connection)
        if status == 503:  # too busy, nothing was done: the same key again later
            return False
        call.status, call.answer = status, answer
        self.note("answered", call)
        if status == 201 and call.kind == "submit":
            self.received.append(json.loads(answer)["no"])
        if status == 200 and call.kind == "accept":
            self.accepted.append(call.about)
        return True

    def work(self):
        try:
            self.calls_one_by_one()
        except Exception as e:
            check(False, "a client ended early", repr(e))

    def calls_one_by_one(self):
        """A call whose answer was lost is sent again until there is one."""
        connection = None
        call = None
        while not self.stopping or call:
            if not self.server.up.wait(0.2):
                continue
            if not call:
                call = self.next_call()
                with self.lock:
                    self.calls.append(call)
            try:
                if not connection:
                    connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
                if self.send(call, connection):
                    call = None
                else:
                    time.sleep(0.02)
            except (OSError, http.client.HTTPException):
                connection.close()
                connection = None
                time.sleep(0.002)


def query(db, sql):
    with sqlite3.connect(f"file:{db}?mode=ro", uri=True) as c:
        return c.execute(sql).fetchall()


def check_answers(load):
    wanted = {"submit": 201, "accept": 200, "decide": 200, "upload": 200}
    for kind, status in wanted.items():
        calls = [c for c in load.calls if c.kind == kind]
        wrong = [(c.status, c.answer[:200] if c.answer else None) for c in calls if c.status != status]
        # A decision may come before the process waits for it, and a full draft takes no more files.
        check(not wrong, f"every {kind} was answered {status}", wrong[:3])
        again = sum(1 for c in calls if c.sent > 1)
        print(f"  {kind}: {len(calls)} calls, {again} sent more than once")
    sample = [c for c in load.calls if c.status and c.status < 300]
    for call in random.sample(sample, min(60, len(sample))):
        status, _, answer = call.session.once("POST", call.path, call.body,
                                              {"Content-Type": call.content_type, "Idempotency-Key": call.key})
        check(status == call.status and answer == call.answer, f"{call.key}: a repeat has the same answer", (status, answer[:200]))


def check_cases(load, db):
    cases = dict(query(db, "select no, state from cases"))
    told = [json.loads(c.answer)["no"] for c in load.calls if c.kind == "submit" and c.status == 201]
    lost = [n for n in told if n not in cases]
    check(not lost, "no acknowledged submission is lost", lost[:5])
    check(len(set(told)) == len(told), "no two submissions share a number")
    check(len(cases) == len(told), "no submission was made twice", (len(cases), len(told)))
    numbers = sorted(int(n.rsplit("-", 1)[1]) for n in cases)
    check(numbers == list(range(1, len(numbers) + 1)), "numbers have no gaps")
    for kind, states in (("accept", ("received", "correction")), ("decide", ("received", "correction", "accepted"))):
        undone = [c.about for c in load.calls if c.kind == kind and c.status == 200 and cases.get(c.about) in states]
        check(not undone, f"no acknowledged {kind} is undone", undone[:5])
    for n in random.sample(told, min(40, len(told))):
        owner = next(c for c in load.calls if c.kind == "submit" and c.status == 201 and json.loads(c.answer)["no"] == n)
        status, _, _ = owner.session.once("GET", f"/my/cases/{n}", None, {})
        check(status == 200, f"{n} is shown to its applicant", status)
    twice = query(db, "select case_id, kind, count(*) n from events where kind in ('submit','accept','grant','issue','deliver') "
                      "group by case_id, kind having n > 1")
    check(not twice, "no act happened twice", twice[:5])
    papers = query(db, "select case_id, kind, count(*) n from documents group by case_id, kind having n > 1")
    check(not papers, "no paper was issued twice", papers[:5])
    certificates = query(db, "select case_id, count(*) n from certificates group by case_id having n > 1")
    check(not certificates, "no certificate was made twice", certificates[:5])
    return len(told)


def check_files(load, db):
    import hashlib
    given = {h for (h,) in query(db, "select file from materials where way = 'upload'")}
    rows = query(db, "select count(*) from materials where way = 'upload'")[0][0]
    sent = [c for c in load.calls if c.kind == "upload" and c.status == 200]
    check(rows == len(sent), "every upload is there once", (rows, len(sent)))
    for call in sent:
        h = hashlib.sha256(call.about).hexdigest()
        at = os.path.join(db + ".files", h[:2], h[2:])
        ok = h in given and os.path.exists(at) and open(at, "rb").read() == call.about
        check(ok, f"upload {h[:12]} is whole on disk", at)


def check_messages(gateway, load, db):
    """What a killed process had taken the next one sends at once, long before the leases are over."""
    end = time.monotonic() + 60
    while query(db, "select count(*) from outbox where state = 'open'")[0][0] and time.monotonic() < end:
        time.sleep(0.5)
    rows = query(db, "select key, state from outbox")
    states = collections.Counter(s for _, s in rows)
    check(set(states) == {"sent"}, "every message was sent", states)
    keys = [k for k, _ in rows]
    check(len(set(keys)) == len(keys), "every message has a key of its own")
    with gateway.lock:
        arrivals = dict(gateway.arrivals)
    check(set(arrivals) == set(keys), "the gateway saw these messages and no others",
          (len(arrivals), len(keys), list(set(arrivals) - set(keys))[:3]))
    changed = [k for k, bodies in arrivals.items() if len(set(bodies)) > 1]
    check(not changed, "a repeated message is the same message", changed[:3])
    texts = collections.Counter((json.loads(b[0])["to"], json.loads(b[0])["text"]) for b in arrivals.values())
    twice = [t for t, n in texts.items() if n > 1]
    check(not twice, "no message has a second effect", twice[:3])
    repeated = sum(1 for b in arrivals.values() if len(b) > 1)
    print(f"  messages: {len(keys)}, {repeated} arrived more than once and were recognised by their key")


def check_restarts(server, kills):
    times = sorted(server.restarts)
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    print(f"  restart to ready: median {times[len(times) // 2] * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, most {times[-1] * 1000:.0f} ms")
    check(p99 < RESTART_MAX_S, "restart to ready under 1 s (p99)", f"{p99:.3f} s")
    check(len(times) >= kills, "every restart was measured", len(times))


def check_chains(server):
    said = subprocess.run([server.program, "verify", "--db", server.db], capture_output=True, text=True)
    check(said.returncode == 0 and "whole" in said.stdout, "every chain of events is whole", said.stdout + said.stderr)
    other = subprocess.run([sys.executable, os.path.join(ROOT, "tools/verify-chain.py"), server.db], capture_output=True, text=True)
    check(other.returncode == 0, "the independent verifier agrees", other.stdout + other.stderr)
    check(query(server.db, "pragma integrity_check")[0][0] == "ok", "the database is sound")


def run(options, folder):
    gateway = Gateway()
    server = Server(options.program, folder, gateway.port)
    threads = []
    try:
        server.start(measured=False)
        with open(os.path.join(folder, "journal"), "w") as journal:
            load = Load(server, journal, options.seed)
            threads = [threading.Thread(target=load.work) for _ in range(options.clients)]
            for t in threads:
                t.start()
            kill_often(server, load, options)
            load.stopping = True
            for t in threads:
                t.join(60)
            check(not any(t.is_alive() for t in threads), "every call has an answer in the end")
            check_answers(load)
            check_messages(gateway, load, server.db)
            made = check_cases(load, server.db)
            check_files(load, server.db)
            check(made > options.kills, "there was load", made)
        check(server.stop() == 0, "the service ends well")
        check_chains(server)
        check_restarts(server, options.kills)
    finally:
        if threads:
            load.stopping = True
            server.up.set()
        server.stop()
        gateway.server.shutdown()


def kill_often(server, load, options):
    """Mostly under load; now and then on the way up."""
    shown = time.monotonic()
    for i in range(options.kills):
        time.sleep(load.random.uniform(0, 0.3) ** 2 * 4)
        server.kill()
        if load.random.random() < 0.15:
            server.spawn()
            time.sleep(load.random.uniform(0, 0.15))
            server.process.send_signal(signal.SIGKILL)
            server.process.wait()
        server.start()
        if time.monotonic() - shown > 10:
            shown = time.monotonic()
            print(f"  {i + 1} of {options.kills} kills, {len(load.calls)} calls", flush=True)
    time.sleep(0.3)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--kills", type=int, default=100)
    p.add_argument("--clients", type=int, default=8)
    p.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    p.add_argument("--program", default=os.environ.get("ONEDOOR", os.path.join(ROOT, "build/release/onedoor")))
    options = p.parse_args()
    random.seed(options.seed)
    print(f"seed {options.seed}")
    for s in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(s, lambda *_: sys.exit(2))
    folder = tempfile.mkdtemp(prefix="onedoor-crash-")
    try:
        run(options, folder)
    except Exception as e:  # a test that cannot go on has failed
        with open(os.path.join(folder, "log"), errors="replace") as f:
            check(False, f"ended early: {e!r}", "\n" + f.read()[-2000:])
    finally:
        if failed and os.environ.get("KEEP"):
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {failed} failed", flush=True)
    os._exit(1 if failed else 0)


if __name__ == "__main__":
    main()
