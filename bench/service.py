# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks run: the service, nginx, wrk; each on loopback and ended by its own handle."""
import http.cookiejar
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

PROGRAM = "build/release/onedoor"
CATALOGUE = "catalogues/demo"
PERSON = "330199199205034023"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_for_port(port, seconds=20.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.002)
    raise SystemExit(f"nothing answers on port {port}")


class Service:
    """One running program on a new or a given folder of data."""

    def __init__(self, folder=None, demo=True, slow_fsync=False, wait=True, catalogue=None):
        self.own = folder is None
        self.folder = folder or tempfile.mkdtemp(prefix="onedoor-bench-")
        self.db = f"{self.folder}/one.db"
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.log_path = f"{self.folder}/log"
        env = dict(os.environ)
        if slow_fsync:
            env["LD_PRELOAD"] = os.path.abspath("build/slow_fsync.so")
        args = [PROGRAM, "serve", "--catalogue", catalogue or CATALOGUE, "--db", self.db,
                "--listen", f"127.0.0.1:{self.port}"] + (["--demo"] if demo else [])
        self.started = time.monotonic()
        with open(self.log_path, "w") as log:
            self.process = subprocess.Popen(args, stdout=log, stderr=log, env=env)
        self.cookie = self.csrf = ""
        if wait:
            wait_for_port(self.port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        if self.own:
            shutil.rmtree(self.folder, ignore_errors=True)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)

    def log(self):
        with open(self.log_path, errors="replace") as f:
            return f.read()

    def batch(self):
        """Commands a commit, told when the service stopped."""
        m = re.search(r"committed commands=(\d+) batches=(\d+)", self.log())
        if not m:
            raise SystemExit("the service did not tell its commits:\n" + self.log()[-2000:])
        return max(1.0, int(m[1]) / max(1, int(m[2])))

    def memory_mb(self, field="VmRSS"):
        with open(f"/proc/{self.process.pid}/status") as f:
            return int(re.search(field + r":\s+(\d+)", f.read())[1]) / 1024

    def call(self, path, body=None, accept="application/json", headers=None):
        """(status, headers, bytes) with the session's cookie and token."""
        head = {"Accept": accept, "Cookie": self.cookie, "X-CSRF-Token": self.csrf, **(headers or {})}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            head["Content-Type"] = "application/json"
        request = urllib.request.Request(self.base + path, data=data, headers=head)
        try:
            with urllib.request.urlopen(request, timeout=20) as r:
                return r.status, r.headers, r.read()
        except urllib.error.HTTPError as e:
            return e.code, e.headers, e.read()

    def _sign_in(self, page, body):
        jar = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        head = {"Accept": "application/json", "Content-Type": "application/json"}
        with opener.open(urllib.request.Request(self.base + page, headers=head)) as r:
            head["X-CSRF-Token"] = r.headers["X-CSRF-Token"]
        data = json.dumps(body).encode()
        with opener.open(urllib.request.Request(self.base + page, data=data, headers=head)) as r:
            self.csrf = json.load(r)["csrf"]
        self.cookie = "; ".join(f"{c.name}={c.value}" for c in jar)

    def sign_in(self, id_number=PERSON):
        self._sign_in("/demo/identity", {"id_number": id_number})

    def sign_in_staff(self):
        """The first of the demo's accounts whose password the log tells, by role."""
        accounts = re.findall(r"^  (\S+) +password (\S+) +\S+ \((.*)\)$", self.log(), re.M)
        for login, password, roles in accounts:
            if "clerk" in roles or "approver" in roles:
                self._sign_in("/staff/login", {"login": login, "password": password})
                yield roles


class Children:
    """Watches the processes that a process starts, as a context: how many were seen, how large."""

    def __init__(self, parent):
        self.parent, self.seen, self.most_mb = str(parent), set(), 0.0
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self._watch)

    def _look(self, pid):
        try:
            with open(f"/proc/{pid}/status") as f:
                status = f.read()
        except OSError:
            return  # it has ended
        if re.search(r"PPid:\s+(\d+)", status)[1] != self.parent or "VmRSS" not in status:
            return
        self.seen.add(pid)
        self.most_mb = max(self.most_mb, int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024)

    def _watch(self):
        while not self.ending.wait(0.005):
            for pid in os.listdir("/proc"):
                if pid.isdigit():
                    self._look(pid)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join()


class Nginx:
    """A static file server with the usual settings for speed."""

    def __init__(self, content, content_type):
        self.folder = tempfile.mkdtemp(prefix="onedoor-bench-nginx-")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/page"
        with open(f"{self.folder}/page", "wb") as f:
            f.write(content)
        conf = f"""daemon off; pid {self.folder}/pid; error_log {self.folder}/error warn;
worker_processes auto;
events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;
open_file_cache max=100; default_type "{content_type}";
client_body_temp_path {self.folder}/b; proxy_temp_path {self.folder}/p;
fastcgi_temp_path {self.folder}/f; uwsgi_temp_path {self.folder}/u; scgi_temp_path {self.folder}/s;
server {{ listen 127.0.0.1:{self.port}; root {self.folder}; }} }}"""
        with open(f"{self.folder}/nginx.conf", "w") as f:
            f.write(("user root;\n" if os.getuid() == 0 else "") + conf)
        os.chmod(self.folder, 0o755)
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"
        self.process = subprocess.Popen([nginx, "-p", self.folder, "-c", f"{self.folder}/nginx.conf"],
                                        stderr=subprocess.DEVNULL)
        wait_for_port(self.port)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)


def wrk_get(url, seconds, connections):
    """Answers a second; all of them must be 200."""
    out = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s",
                          "-H", "Accept: text/html", url],
                         capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        raise SystemExit(f"{url}: errors under load\n{out}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1])


def wrk_submit(service, body_file, seconds, connections, run):
    """(submissions a second, 99th percentile in ms)."""
    out = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", "bench/submit.lua",
                          service.base, "--", service.cookie, service.csrf, body_file, run],
                         capture_output=True, text=True, check=True).stdout
    requests, errors, duration, p99 = out.strip().splitlines()[-1].split()
    if int(errors):
        raise SystemExit(f"{errors} submissions failed\n{out}\n{service.log()[-2000:]}")
    return int(requests) / float(duration), float(p99)


def raw_copy(db, batch, most=0, slow_fsync=False):
    """Cases a second that SQLite's API takes from memory, the rows of db, batch cases a commit."""
    env = dict(os.environ)
    if slow_fsync:
        env["LD_PRELOAD"] = os.path.abspath("build/slow_fsync.so")
    to = db + ".copy"
    for end in ("", "-wal", "-shm"):
        if os.path.exists(to + end):
            os.remove(to + end)
    args = ["build/release/bench-raw_copy", db, to, str(batch)] + ([str(most)] if most else [])
    out = subprocess.run(args, capture_output=True, text=True, check=True, env=env).stdout
    return json.loads(out)["per_s"]
