"""GET of a case, and of 1 KiB of JSON: tongdian with one thread, nginx with one worker serving the same bytes from files, and
Fastify with better-sqlite3 answering the same query over the same city.db. 64 and 1,000 connections of wrk; requests a second
and CPU time a request, medians over turns in which each is asked after the other."""

import http.client
import json
import os
import socket
import sqlite3
import subprocess
import time

from measure import PEERS, ROOT, SECONDS, TURNS, Missing, Server, command, median, node, rounded, say, wrk

CONNECTIONS = (64, 1000)
CASES = 200  # asked for by turns: more than one page, and all of them in every cache


def ask(address, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection(address, timeout=60)
    connection.request(method, path, body, headers or {})
    response = connection.getresponse()
    answer = response.read()
    connection.close()
    if response.status != 200:
        raise RuntimeError(f"{address} answers {path} with {response.status}: {answer[:200]!r}")
    return answer, response.headers


def sign_in(address):
    """The demo's manager, whose session sees every case whole."""
    body = json.dumps({"user": "manager", "password": "tongdian-demo"})
    _, headers = ask(address, "POST", "/api/v1/session", body, {"Content-Type": "application/json"})
    return headers["Set-Cookie"].split(";")[0]


def numbers_of(data):
    db = sqlite3.connect(f"file:{data}/city.db?mode=ro", uri=True)
    try:
        rows = db.execute("SELECT number FROM case_view WHERE phase <> 'lead' ORDER BY stream LIMIT ?", (CASES,)).fetchall()
    finally:
        db.close()
    return [row[0] for row in rows]


def one_kib():
    """An object that is 1,024 bytes as JSON without blanks."""
    each = {"number": "TD211115-7KQ4MX", "state": "running", "due_on": "2021-11-29", "days": 8}
    out = {"rows": [dict(each, days=i) for i in range(11)], "pad": ""}
    text = lambda: json.dumps(out, separators=(",", ":"))
    out["pad"] = "x" * (1024 - len(text()))
    assert len(text()) == 1024
    return text()


def write_script(folder, name, paths):
    """wrk's: the requests are made once, and what came of them is printed for a program to read."""
    list_of_paths = ", ".join(f'"{path}"' for path in paths)
    file = os.path.join(folder, f"{name}.lua")
    with open(file, "w", encoding="ascii") as f:
        f.write(f"""local paths, requests, n = {{ {list_of_paths} }}, {{}}, 0
function init(args) for i, path in ipairs(paths) do requests[i] = wrk.format("GET", path) end end
function request() n = n % #requests + 1; return requests[n] end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format("requests %d\\nfailed %d\\nseconds %f\\n", summary.requests,
                         e.connect + e.read + e.write + e.status + e.timeout, summary.duration / 1e6))
end
""")
    return file


def start_nginx(folder, site):
    """One worker, no log, files in memory; an address that nothing else has, for the configuration cannot say port 0."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    for each in ("logs", "tmp"):
        os.makedirs(os.path.join(folder, "nginx", each))
    file = os.path.join(folder, "nginx", "nginx.conf")
    with open(file, "w", encoding="ascii") as f:
        f.write(f"""worker_processes 1; daemon off; pid logs/pid; error_log logs/error.log;
{"user root;" if os.getuid() == 0 else ""}
worker_rlimit_nofile 8192; events {{ worker_connections 4096; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_timeout 65; keepalive_requests 1000000000;
  open_file_cache max=10000; open_file_cache_valid 600s; default_type application/json;
  client_body_temp_path tmp/a; proxy_temp_path tmp/b; fastcgi_temp_path tmp/c; uwsgi_temp_path tmp/d; scgi_temp_path tmp/e;
  server {{ listen 127.0.0.1:{port} backlog=4096; root {site}; }}
}}
""")
    server = Server(command("nginx"), "-p", os.path.join(folder, "nginx"), "-c", file, address=f"127.0.0.1:{port}")
    for _ in range(100):
        try:
            ask(server.address, "GET", "/small.json")
            return server
        except OSError:
            time.sleep(0.1)
    server.stop()
    raise Missing("nginx does not answer")


def with_peer(servers, name, start):
    try:
        servers[name] = start()
    except Missing as e:
        say("left out:", e)
        return str(e)
    return None


def make_site(address, cookie, site, numbers):
    """The same bytes as files, for nginx; the mean size of a case."""
    total = 0
    os.makedirs(os.path.join(site, "api/v1/cases"))
    for number in numbers:
        body, _ = ask(address, "GET", f"/api/v1/cases/{number}", headers={"Cookie": cookie})
        total += len(body)
        with open(os.path.join(site, "api/v1/cases", number), "wb") as f:
            f.write(body)
    return total // len(numbers)


def measure(servers, scripts, cookie):
    """(what, server, connections) → lists of requests a second and of CPU microseconds a request."""
    found = {}
    seconds = max(1, round(SECONDS / 5))
    for turn in range(TURNS):
        for what, script in scripts.items():
            for connections in CONNECTIONS:
                for name, server in servers.items():
                    say(f"http, turn {turn + 1} of {TURNS}: {what}, {connections} connections, {name}")
                    before = server.cpu_seconds()
                    per_second, failed, requests = wrk(server.address, connections, seconds, script, cookie)
                    cpu = server.cpu_seconds() - before
                    if failed and name == "tongdian":
                        raise RuntimeError(f"{failed} of {requests} requests failed")
                    row = found.setdefault((what, name, connections), ([], [], []))
                    row[0].append(per_second)
                    row[1].append(cpu * 1e6 / max(1, requests))
                    row[2].append(failed)
    return found


def figures_of(found):
    out = {}
    for (what, name, connections), (per_second, cpu_us, failed) in found.items():
        key = f"http_{what}_{connections}"
        own = "" if name == "tongdian" else f"_{name}"
        out[f"{key}{own}_per_second"] = rounded(median(per_second))
        out[f"{key}{own}_cpu_us"] = rounded(median(cpu_us))
        if sum(failed):
            out[f"{key}{own}_failed"] = sum(failed)
        if own:
            out[f"{key}_to_{name}"] = rounded(out[f"{key}_per_second"] / out[f"{key}{own}_per_second"])
            out[f"{key}_to_{name}_by_cpu"] = rounded(out[f"{key}{own}_cpu_us"] / out[f"{key}_cpu_us"])
    return out


def bench(program, folder):
    command("wrk")
    data, site, web = (os.path.join(folder, name) for name in ("city", "site", "web"))
    subprocess.run([program, "demo", "--data", data, "--cases", "2000"], check=True, stdout=subprocess.DEVNULL)
    for each in (site, web):
        os.makedirs(each)
        with open(os.path.join(each, "small.json"), "w", encoding="ascii") as f:
            f.write(one_kib())
    with open(os.path.join(web, "index.html"), "w", encoding="ascii") as f:
        f.write("<!doctype html><title>bench</title>")
    out, servers = {}, {"tongdian": Server(program, "serve", "--data", data, "--port", "0", "--threads", "1", "--web", web)}
    try:
        cookie = sign_in(servers["tongdian"].address)
        numbers = numbers_of(data)
        out["http_case_bytes"] = make_site(servers["tongdian"].address, cookie, site, numbers)
        missing = [with_peer(servers, "nginx", lambda: start_nginx(folder, site)), with_peer(servers, "fastify", lambda: Server(
            node(), os.path.join(PEERS, "city.mjs"), data, os.path.join(ROOT, "packs/yantai-2021-168"), cookie,
            os.path.join(site, "small.json"), cwd=PEERS))]
        if "fastify" in servers:
            theirs = [len(ask(servers["fastify"].address, "GET", f"/api/v1/cases/{n}", headers={"Cookie": cookie})[0]) for n in numbers]
            out["http_case_fastify_bytes"] = sum(theirs) // len(theirs)
        scripts = {"case": write_script(folder, "case", [f"/api/v1/cases/{n}" for n in numbers]),
                   "1kib": write_script(folder, "small", ["/small.json"])}
        out.update(figures_of(measure(servers, scripts, cookie)))
    finally:
        for server in servers.values():
            server.stop()
    return out, [m for m in missing if m]
