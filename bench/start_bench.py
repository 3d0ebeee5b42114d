"""How long a city takes until it answers, and the memory that it takes: from the start of the process to its line "listening
on", with as many cases as BENCH_CASES says. The disk's cache is warm, as after a restart of the program."""

import http.client
import json
import os
import sqlite3
import subprocess
import time

from http_bench import ask, sign_in
from measure import TURNS, Server, median, rounded, say

CASES = int(os.environ.get("BENCH_CASES", "1000000"))


def look_around(server, data):
    """The desk's first page and a thousand cases from everywhere."""
    cookie = sign_in(server.address)
    db = sqlite3.connect(f"file:{data}/city.db?mode=ro", uri=True)
    step = max(1, CASES // 1000)
    numbers = [n for (n,) in db.execute("SELECT number FROM case_view WHERE stream % ? = 0 LIMIT 1000", (step,))]
    db.close()
    for state in ("open", "late", "all"):
        ask(server.address, "GET", f"/api/v1/inbox?state={state}", headers={"Cookie": cookie})
    connection = http.client.HTTPConnection(server.address, timeout=60)
    for number in numbers:
        connection.request("GET", f"/api/v1/cases/{number}", headers={"Cookie": cookie})
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            raise RuntimeError(f"{number}: {response.status}")
    connection.close()


def wait_for_reports(server):
    """Until the journal has been read for the supervisors."""
    cookie = sign_in(server.address)
    begun = time.monotonic()
    while time.monotonic() < begun + 600:
        connection = http.client.HTTPConnection(server.address, timeout=60)
        connection.request("GET", "/api/v1/reports", headers={"Cookie": cookie})
        status = connection.getresponse().status
        connection.close()
        if status == 200:
            return
        time.sleep(0.2)
    raise RuntimeError("the reports did not come within ten minutes")


def bench(program, folder):
    data = os.path.join(folder, "large")
    say(f"making a city of {CASES} cases; BENCH_CASES makes it smaller")
    begun = time.monotonic()
    made = json.loads(subprocess.run([program, "demo", "--data", data, "--cases", str(CASES), "--json"], check=True,
                                     stdout=subprocess.PIPE).stdout)
    took = time.monotonic() - begun
    seconds, resident, read, used, peak = [], [], [], [], []
    for turn in range(TURNS):
        say(f"start, turn {turn + 1} of {TURNS}")
        begun = time.monotonic()
        server = Server(program, "serve", "--data", data, "--port", "0", "--threads", "1")
        seconds.append(time.monotonic() - begun)
        try:
            resident.append(server.memory_mib()[0])
            wait_for_reports(server)
            read.append(time.monotonic() - begun)
            look_around(server, data)
            now, most = server.memory_mib()
            used.append(now)
            peak.append(most)
        finally:
            server.stop()
    size = sum(os.path.getsize(os.path.join(data, name)) for name in os.listdir(data) if name.startswith("city.db"))
    return {"start_cases": made["cases"], "start_events": made["events"], "start_disk_mib": rounded(size / 2**20),
            "start_making_seconds": rounded(took), "start_seconds": rounded(median(seconds)),
            "start_memory_mib": rounded(median(resident)),
            "start_read_seconds": rounded(median(read)), "start_memory_in_use_mib": rounded(median(used)),
            "start_memory_peak_mib": rounded(max(peak))}, []
