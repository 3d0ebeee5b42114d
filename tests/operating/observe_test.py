#!/usr/bin/env python3
"""observe_test.py: what operators see of a running city, and whom they must not see in it.

Made-up people are fed through every route that anyone may call, in paths, queries, bodies, headers and requests that are none;
then neither the log nor the metrics may hold a word of theirs. The log is JSON lines; /metrics answers on its own listener and
nowhere else; every figure that the dashboard and the alerts name is exposed.
"""

import json
import os
import re
import socket
import sys
import tempfile
import urllib.parse

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "tests"))
from program import Server, Visitor, tongdian  # noqa: E402

NAME, PHONE, ID_NUMBER, ADDRESS = "欧阳示例", "13800007531", "370602199001017531", "虚构大街7531号"
EMAIL, PASSWORD, KEY = "ouyang7531@example.com", "a secret phrase 7531", "idempotency-7531"
# A part of them counts as well, but only with a mark that no figure has: four bare digits lie in some free space on some disk.
PEOPLE = [NAME, PHONE, ID_NUMBER, ADDRESS, EMAIL, PASSWORD, KEY, "*7531", "7531号", "ouyang7531"]


def application():
    return {
        "facts": {"customer": "resident", "voltage": "lv", "requested_kw": 8, "sources": 1, "new_installation": True, "works_needed": False,
                  "supply_kind": "ordinary", "lead": "none", "source_distance_m": 0},
        "applicant": {"name": NAME, "phone": PHONE, "id_number": ID_NUMBER},
        "site": {"area": "370602", "township": "370602001", "address": ADDRESS},
        "enterprise": "sgcc-yantai", "channel": "online"}


def bodies():
    """What a careless or hostile client sends: personal data at the right place, at a wrong one, as the type that is not wanted."""
    yield application()
    yield {**application(), NAME: PHONE}
    yield {**application(), "enterprise": EMAIL}
    yield {**application(), "applicant": PHONE}
    yield {**application(), "facts": {**application()["facts"], "customer": NAME, "site_reason": ADDRESS}}
    yield {"number": "TD211115-7531AB", "phone": PHONE}
    yield {"user": EMAIL, "password": PASSWORD}
    yield [application()["facts"], {"id": ID_NUMBER, "customer": NAME}]
    yield f'{{"name": "{NAME}", "phone": {PHONE}'
    yield f"{NAME} {PHONE}"


def feed_routes(visitor):
    headers = {"User-Agent": EMAIL, "Referer": f"http://localhost/?phone={PHONE}", "X-Forwarded-For": PHONE, "X-Request-Id": PHONE,
               "Idempotency-Key": KEY, "Accept-Language": NAME.encode().decode("latin-1")}
    query = "?" + urllib.parse.urlencode({"phone": PHONE, "name": NAME, "after": ADDRESS})
    count = 0
    for route in json.loads(tongdian("routes", "--json")):
        for value in ("TD211115-7531AB", PHONE, urllib.parse.quote(NAME)):
            path = re.sub(r"\{\w+\}", value, route["path"])
            for body in [None] if route["method"] == "GET" else bodies():
                visitor.ask(route["method"], path + query, body, headers)
                count += "public" in route["access"]
            if "{" not in route["path"]:
                break
    for path in (f"/{PHONE}", f"/track/TD211115-7531AB{query}", f"/api/v1/{urllib.parse.quote(NAME)}", f"/assets/{PHONE}.js"):
        for method in ("GET", "HEAD", "OPTIONS", "PATCH"):
            visitor.ask(method, path, None, headers)
    return count


def feed_socket(address):
    """Requests that are none."""
    host, port = address.split(":")
    for text in (f"GET /{PHONE} HTTP/9.9\r\n{NAME}: {PHONE}\r\n\r\n", f"{NAME} {PHONE}\r\n\r\n", f"GET /%zz{PHONE} HTTP/1.1\r\nHost: a\r\n\r\n",
                 f"POST /api/v1/cases HTTP/1.1\r\nHost: {EMAIL}\r\nContent-Length: -{PHONE}\r\n\r\n",
                 f"GET / HTTP/1.1\r\nX-Name: {PHONE * 3000}\r\n\r\n"):
        with socket.create_connection((host, int(port)), timeout=10) as s:
            s.sendall(text.encode())
            try:
                while s.recv(4096):
                    pass
            except ConnectionError:
                pass


def feed_case(address):
    """A whole case of this person: applied for, followed, worked on by the desk."""
    visitor = Visitor(address)
    status, made, _ = visitor.ask("POST", "/api/v1/cases", application(), {"Idempotency-Key": KEY})
    assert status == 201, made
    number = made["number"]
    assert Visitor(address).ask("POST", "/api/v1/track", {"number": number, "phone": PHONE})[0] == 200
    assert Visitor(address).ask("POST", "/api/v1/track", {"number": number, "phone": "13800000000"})[0] >= 400
    assert Visitor(address).ask("POST", "/api/v1/session", {"user": EMAIL, "password": PASSWORD})[0] == 401
    clerk = Visitor(address).sign_in("clerk", "a long phrase for the test")
    assert clerk.ask("GET", f"/api/v1/cases/{number}")[1]["case"]["person"]["name"] == NAME
    assert clerk.ask("GET", f"/api/v1/inbox?q={PHONE}")[0] == 200
    assert clerk.ask("POST", f"/api/v1/cases/{number}/actions/accept", {"expected_sequence": 1, "input": {}})[0] == 200
    return number


def check_nobody(what, text, numbers):
    for word in PEOPLE + numbers:
        for form in {word, json.dumps(word)[1:-1], urllib.parse.quote(word)}:
            assert form not in text, f"{what} holds {form!r}: …{text[max(0, text.find(form) - 200):text.find(form) + 100]}…"


def check_log(text, numbers):
    lines = [json.loads(line) for line in text.splitlines()]
    assert len(lines) > 100, "the log says too little to prove anything"
    for line in lines:
        assert {"time", "level", "event"} <= set(line), line
        if line["event"] == "request":
            assert set(line) <= {"time", "level", "event", "id", "method", "route", "status", "ms", "bytes", "code", "fault"}, line
            assert line["route"] in ("-", "static") or line["route"].startswith("/"), line
    assert any(line.get("code") == "connection.not_found" for line in lines), "a refusal is logged by its code"
    check_nobody("the log", text, numbers)


def check_exposed(text):
    exposed = set(re.findall(r"^# TYPE (\S+)", text, re.M))
    for name in list(exposed):
        exposed |= {name + end for end in ("_bucket", "_sum", "_count")}
    named = {}
    for file in ("packaging/grafana/tongdian.json", "packaging/prometheus/tongdian.rules.yml"):
        with open(os.path.join(ROOT, file), encoding="utf-8") as f:
            content = f.read()
        if file.endswith(".json"):
            content = "\n".join(t["expr"] for p in json.loads(content)["panels"] for t in p.get("targets", []))
        else:
            content = "\n".join(re.findall(r"expr: (.*)", content))
        found = set(re.findall(r"\b(?:tongdian|process)_[a-z0-9_]+", content))
        assert found, f"{file} names no figure"
        named.update({name: file for name in found})
    missing = {name: file for name, file in named.items() if name not in exposed}
    assert not missing, f"named and not exposed: {missing}"


def value(text, series):
    return float(re.search(rf"^{re.escape(series)} (\S+)$", text, re.M)[1])


def main():
    with tempfile.TemporaryDirectory() as folder:
        data, log = os.path.join(folder, "city"), os.path.join(folder, "log")
        tongdian("user", "add", "--data", data, "--role", "clerk", "--role", "admin", "clerk", input="a long phrase for the test\n")
        with Server(data, "--metrics-port", "0", log=log) as server:
            scraped = server.wait_for("metrics on http://")
            assert scraped.startswith("127.0.0.1:"), scraped
            number = feed_case(server.address)
            count = feed_routes(Visitor(server.address))
            feed_socket(server.address)
            status, text, headers = Visitor(scraped.split("/")[0]).ask("GET", "/metrics")
            assert status == 200 and headers["Content-Type"].startswith("text/plain; version=0.0.4"), headers
            assert Visitor(scraped.split("/")[0]).ask("GET", "/api/v1/health")[0] == 404, "the listener of metrics has the city's routes"
            public = Visitor(server.address).ask("GET", "/metrics")
            assert "tongdian_" not in str(public[1]) or "# TYPE" not in str(public[1]), "metrics on the public listener"
        with open(log, encoding="utf-8") as f:
            check_log(f.read(), [number])
        check_nobody("/metrics", text, [number, "clerk"])
        check_exposed(text)
        assert value(text, 'tongdian_commands_total{outcome="accepted"}') >= 2, text
        assert value(text, "tongdian_journal_events") >= 2
        assert value(text, 'tongdian_open_cases{alarm="none"}') >= 1
        assert value(text, 'tongdian_http_requests_total{method="POST",route="/api/v1/cases",status="2xx"}') >= 1
        assert value(text, 'tongdian_http_requests_total{method="other",route="-",status="4xx"}') >= 5
        series = len(re.findall(r"^[a-z]", text, re.M))
        assert series < 2000, f"{series} series: is a label unbounded?"
        print(f"{count} requests to public routes, {series} series; nobody in the log, nobody in the metrics")


main()
