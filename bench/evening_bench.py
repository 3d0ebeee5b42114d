"""A popular evening: 500 customers follow their own cases by server-sent events while 200 requests a second come in, as people look
at their case, ask what the policy says and check a proof; now and then one of the followed cases moves on, and its page hears
it. Errors, percentiles and the server's memory. BENCH_EVENING (600) is its length in seconds."""

import asyncio
import json
import os
import time
import uuid

from measure import Server, rounded, say

EVENING = float(os.environ.get("BENCH_EVENING", "600"))
FOLLOWERS, RATE, CONNECTIONS = 500, 200, 40

FACTS = {"customer": "resident", "voltage": "lv", "requested_kw": 8, "sources": 1, "new_installation": True, "works_needed": False,
         "supply_kind": "ordinary", "lead": "none", "source_distance_m": 0}


class Line:
    """One connection kept alive: HTTP/1.1 with Content-Length, which is all that the program sends here."""

    def __init__(self, host, port):
        self.host, self.port, self.reader, self.writer = host, port, None, None

    async def ask(self, method, path, body=None, headers=()):
        if self.writer is None or self.writer.is_closing():
            self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        data = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", "Host: bench", f"Content-Length: {len(data)}", *headers]
        if body is not None:
            lines.append("Content-Type: application/json")
        self.writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + data)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode()
        status = int(head.split(" ", 2)[1])
        fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in head.split("\r\n")[1:])}
        answer = await self.reader.readexactly(int(fields.get("content-length", 0)))
        return status, answer, fields


async def customer(host, port, places, n):
    """Applies and opens the case as its customer, from an address of their own."""
    line, address = Line(host, port), f"X-Forwarded-For: 10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}"
    phone = str(13800000000 + n)
    area, township, enterprise = places
    body = {"facts": FACTS, "applicant": {"name": f"示例{n}", "phone": phone}, "site": {"area": area, "township": township, "address": f"示例路 {n} 号"},
            "enterprise": enterprise, "channel": "online"}
    status, answer, _ = await line.ask("POST", "/api/v1/cases", body, (address, f"Idempotency-Key: {uuid.uuid4().hex}"))
    assert status == 201, answer
    number = json.loads(answer)["number"]
    status, answer, fields = await line.ask("POST", "/api/v1/track", {"number": number, "phone": phone}, (address,))
    assert status == 200, answer
    line.writer.close()
    return number, "Cookie: " + fields["set-cookie"].split(";")[0], address, json.loads(answer)["session"]["csrf"]


async def follow(host, port, who, heard, failures):
    number, cookie, address, _ = who
    try:
        while True:
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(f"GET /api/v1/cases/{number}/events HTTP/1.1\r\nHost: bench\r\n{cookie}\r\n{address}\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head.split(b"\r\n", 1)[0]:
                failures.append(head[:60])
                return
            while line := await reader.readline():
                if line.startswith(b"event: case"):
                    heard[number] = time.monotonic()
            writer.close()  # a stream lives for ten minutes; a browser comes again
    except (OSError, asyncio.IncompleteReadError) as e:
        failures.append(repr(e))


async def requests(host, port, people, until, took, failures, ticks):
    line, n = Line(host, port), 0
    while (at := next(ticks)) < until:
        await asyncio.sleep(max(0, at - time.monotonic()))
        number, cookie, address, _ = people[(n := n + 7919) % len(people)]
        kind = n % 10
        begun = time.monotonic()
        try:
            if kind < 6:
                status, answer, _ = await line.ask("GET", f"/api/v1/cases/{number}", headers=(cookie, address))
            elif kind < 8:
                status, answer, _ = await line.ask("POST", "/api/v1/decide", FACTS, (address,))
            elif kind < 9:
                status, answer, _ = await line.ask("GET", "/api/v1/city", headers=(address,))
            else:
                status, answer, _ = await line.ask("GET", f"/api/v1/cases/{number}/proof", headers=(address,))
            if status != 200:
                failures.append(answer[:80])
        except (OSError, asyncio.IncompleteReadError) as e:
            failures.append(repr(e))
            line.writer = None
        took.append(time.monotonic() - begun)


async def withdrawals(host, port, people, until, sent):
    """One case a second moves on; its customer's page should hear it."""
    line = Line(host, port)
    for number, cookie, address, csrf in people:
        if time.monotonic() > until:
            return
        status, answer, _ = await line.ask("POST", f"/api/v1/cases/{number}/actions/withdraw", {"expected_sequence": 1, "input": {"reason": "other"}},
                                           (cookie, address, f"X-CSRF-Token: {csrf}", f"Idempotency-Key: {uuid.uuid4().hex}"))
        assert status == 200, answer
        sent[number] = time.monotonic()
        await asyncio.sleep(1)


async def evening(server):
    host, port = server.address.split(":")
    status, answer, _ = await Line(host, port).ask("GET", "/api/v1/city")
    city = json.loads(answer)
    places = city["areas"][0]["code"], city["areas"][0]["townships"][0]["code"], city["enterprises"][0]["id"]
    people = []
    for first in range(0, FOLLOWERS, 50):
        people += await asyncio.gather(*(customer(host, port, places, n) for n in range(first, first + 50)))
    took, failures, heard, sent = [], [], {}, {}
    following = [asyncio.create_task(follow(host, port, who, heard, failures)) for who in people]
    await asyncio.sleep(2)
    before = server.memory_mib()[0]
    begun = time.monotonic()
    until = begun + EVENING
    ticks = (begun + i / RATE for i in range(10**9))
    await asyncio.gather(withdrawals(host, port, people, until, sent),
                         *(requests(host, port, people, until, took, failures, ticks) for _ in range(CONNECTIONS)))
    await asyncio.sleep(2)
    after = server.memory_mib()[0]
    for each in following:
        each.cancel()
    took.sort()
    delays = sorted(heard[number] - at for number, at in sent.items() if number in heard)
    return {"evening_seconds": EVENING, "evening_followers": FOLLOWERS, "evening_requests": len(took),
            "evening_requests_per_second": rounded(len(took) / EVENING), "evening_errors": len(failures),
            "evening_ms_p50": rounded(took[len(took) // 2] * 1e3), "evening_ms_p99": rounded(took[int(len(took) * 0.99)] * 1e3),
            "evening_unheard": len(sent) - len(delays), "evening_heard_ms_p99": rounded(delays[int(len(delays) * 0.99)] * 1e3),
            "evening_memory_mib_before": rounded(before), "evening_memory_mib_after": rounded(after)}, failures


def bench(program, folder):
    say(f"a popular evening of {EVENING:g} seconds; BENCH_EVENING makes it shorter")
    server = Server(program, "serve", "--data", os.path.join(folder, "evening"), "--port", "0", "--behind-proxy")
    try:
        figures, failures = asyncio.run(evening(server))
    finally:
        server.stop()
    for failure in failures[:5]:
        say("evening:", failure)
    return figures, []
