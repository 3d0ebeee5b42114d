#!/usr/bin/env python3
"""kill_test.py PROGRAM [ROUNDS [sqlite|postgresql]]: kills a serving tongdian in the middle of load, again and again, over one city.

Clerks enter applications and carry them through their stages over HTTP; the server is killed with SIGKILL at a random moment;
after the restart every acknowledged command must be there exactly once (sent again under its key it gives the same answer and
makes no event), `journal verify` must be sound and `replay` must agree. The seed is printed.
"""

import atexit
import contextlib
import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from postgres import Postgres  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 10
STORE = sys.argv[3] if len(sys.argv) > 3 else "sqlite"
CLIENTS = 8
PASSWORD = "a long phrase for the test"
SEED = int(os.environ.get("SEED", random.randrange(10**9)))


def tongdian(*arguments, **options):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, **options)


@contextlib.contextmanager
def city_at(kind, durable=True):
    """The options of an empty city on that database, and its PostgreSQL where it is that."""
    with contextlib.ExitStack() as stack:
        data = stack.enter_context(tempfile.TemporaryDirectory())
        if kind == "sqlite":
            yield ["--data", data], None
            return
        server = stack.enter_context(Postgres(durable))
        server.sql("CREATE DATABASE city")
        yield ["--data", data, "--store", server.address("city")], server


def add_clerk(place):
    made = tongdian("user", "add", *place, "--role", "clerk", "--name", "压测", "clerk", input=PASSWORD + "\n")
    if made.returncode != 0:
        raise SystemExit(made.stderr)


def size_of(place):
    return json.loads(tongdian("journal", "head", *place).stdout)["size"]


def check_sound(place):
    for command in (["journal", "verify"], ["replay"]):
        done = tongdian(*command, *place)
        assert done.returncode == 0, done.stdout + done.stderr


class Server:
    def __init__(self, place):
        self.process = subprocess.Popen([PROGRAM, "serve", *place, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        atexit.register(self.kill)  # however the test ends
        line = self.process.stdout.readline()
        if not line.startswith("listening on http://"):
            raise SystemExit(f"the server did not start: {line!r}")
        self.address = line.split("//")[1].strip()

    def kill(self):
        self.process.kill()
        self.process.wait()


class Clerk:
    """A signed-in session; every call is one request on a kept connection."""

    def __init__(self, address, patient=False, session=None):
        self.connection = http.client.HTTPConnection(address, timeout=30)
        self.cookie = self.csrf = ""
        self.failures = []  # codes of what was tried again
        if session:
            self.cookie, self.csrf = session.cookie, session.csrf
        while not session:
            status, body, headers = self.raw("POST", "/api/v1/session", {"user": "clerk", "password": PASSWORD}, {})
            if status == 200:
                self.cookie, self.csrf = headers["Set-Cookie"].split(";")[0], body["csrf"]
                break
            if status != 503 or not patient:
                raise SystemExit(f"sign-in: {status} {body}")
            time.sleep(0.05)

    def raw(self, method, path, body, headers):
        headers = {"Content-Type": "application/json", "Cookie": self.cookie, "X-CSRF-Token": self.csrf, **headers}
        self.connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = self.connection.getresponse()
        text = response.read()
        return response.status, json.loads(text) if text else None, response.headers

    def post(self, path, body, key, patient=False):
        """A patient client whose command failed sends it again under its key, until there is another answer."""
        while True:
            status, answer, _ = self.raw("POST", path, body, {"Idempotency-Key": key})
            if status != 503 or not patient:
                return status, answer
            self.failures.append(answer["code"])
            if answer["code"] == "store.failed":  # not a failure of the way to the database: what is it?
                print("store.failed:", answer["detail_en"], flush=True)
            time.sleep(0.05)


FAILURES = []  # of all patient clients
LOW_VOLTAGE = ((1, "accept", {}), (2, "energise", {"meter": "T-1"}))
HIGH_VOLTAGE = ((1, "accept", {}), (2, "reply_plan", {"connection_point": "10kV T-1", "hand_over": "customer_works"}), (3, "take_back", {}),
                (4, "energise", {"meter": "T-1"}))


def application(r, high_voltage):
    if high_voltage:
        body = application(r, False)
        body["facts"].update(customer="non_resident", voltage="10kv", requested_kw=800, works_needed=True, self_built=True,
                             route={"road": "none", "trees": "none"},
                             enterprise={"business_licence": True, "tariff": "general_commercial", "connected_kva_at_address": 800, "park": "none"})
        return body
    return {
        "facts": {"customer": "resident", "voltage": "lv", "requested_kw": r.randint(4, 16), "sources": 1, "new_installation": True, "works_needed": False,
                  "supply_kind": "ordinary", "lead": "none", "source_distance_m": 0},
        "applicant": {"name": "压测用户（虚构）", "phone": f"1380000{r.randint(0, 9999):04}"},
        "site": {"area": "370602", "township": "370602001", "address": f"示例路{r.randint(1, 9999)}号"},
        "enterprise": "sgcc-yantai", "channel": "counter"}


def work(address, client, seed, acknowledged, stop, wrong, patient=False, session=None):
    """Lives of cases one after another; what is acknowledged is noted with its request, what should not be in `wrong`."""
    r = random.Random(seed)
    clerk = None
    try:
        clerk = Clerk(address, patient, session)
        count = 0
        while not stop.is_set():
            count += 1
            key = f"{client}-{seed}-{count}"
            high_voltage = r.random() < 0.3
            body = application(r, high_voltage)
            status, answer = clerk.post("/api/v1/cases", body, key, patient)
            assert status == 201, (status, answer)
            number = answer["number"]
            acknowledged.append((f"/api/v1/cases", body, key, number, 1))
            for sequence, action, given in HIGH_VOLTAGE if high_voltage else LOW_VOLTAGE:
                path = f"/api/v1/cases/{number}/actions/{action}"
                body = {"expected_sequence": sequence, "input": given}
                status, answer = clerk.post(path, body, f"{key}-{action}", patient)
                assert status == 200, (status, answer)
                acknowledged.append((path, body, f"{key}-{action}", number, sequence + 1))
    except (ConnectionError, http.client.HTTPException, OSError, ValueError):
        pass  # the server was killed, perhaps in the middle of an answer: what was not answered whole is not acknowledged
    except BaseException as e:
        wrong.append(e)
    if clerk:
        FAILURES.extend(clerk.failures)


def check(address, acknowledged, session=None):
    """Every acknowledged command, sent again, gives its first answer."""
    clerk = Clerk(address, session=session)
    highest = {}
    for path, body, key, number, sequence in acknowledged:
        highest[number] = max(highest.get(number, 0), sequence)
    for path, body, key, number, sequence in acknowledged:
        status, answer = clerk.post(path, body, key)
        assert status in (200, 201), f"acknowledged and lost: {path} {key}: {status} {answer}"
        case = answer["case"]
        assert case["number"] == number, f"{key} made {number}, now answers {case['number']}"
        assert case["sequence"] >= highest[number], f"{number} went back to {case['sequence']}"


def main():
    print(f"seed {SEED}", flush=True)
    r = random.Random(SEED)
    with city_at(STORE) as (place, _):
        add_clerk(place)
        total = 0
        for turn in range(ROUNDS):
            server = Server(place)
            acknowledged, wrong, stop = [], [], threading.Event()
            threads = [threading.Thread(target=work, args=(server.address, c, r.randrange(10**9), acknowledged, stop, wrong)) for c in range(CLIENTS)]
            for t in threads:
                t.start()
            while len(acknowledged) < 20 and server.process.poll() is None and any(t.is_alive() for t in threads):
                time.sleep(0.01)
            time.sleep(r.random() * 0.5)
            server.kill()
            stop.set()
            for t in threads:
                t.join()
            if wrong:
                raise wrong[0]
            assert acknowledged, "nothing was acknowledged: the kill killed no work"

            server = Server(place)
            before = size_of(place)
            check(server.address, acknowledged)
            after = size_of(place)
            assert after == before, f"sending again made {after - before} events"
            server.kill()
            check_sound(place)
            total += len(acknowledged)
            print(f"kill {turn + 1}: {len(acknowledged)} acknowledged, all there once; {after} events, journal sound, replay agrees", flush=True)
    print(f"{STORE}: {ROUNDS} kills, {total} acknowledged commands, none lost, none twice")


if __name__ == "__main__":
    main()
