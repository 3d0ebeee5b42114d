#!/usr/bin/env python3
"""An exported journal, checked by `tongdian journal verify FILE` and by tools/verify_journal.py, which knows nothing of tongdian: both suites,
a change of the key in between, a byte flipped in every event; and receipts that are checked without any data."""

import json
import os
import random
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from program import PROGRAM, Server, Visitor, tongdian  # noqa: E402

VERIFIER = os.path.join(HERE, "..", "..", "tools", "verify_journal.py")


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout


def independent(*arguments):
    return run("python3", VERIFIER, *arguments)


def application(n):
    return {"facts": {"customer": "resident", "voltage": "lv", "requested_kw": 8, "sources": 1, "new_installation": True, "works_needed": False,
                      "supply_kind": "ordinary", "lead": "none", "source_distance_m": 50},
            "applicant": {"name": "示例", "phone": f"138{n:08d}"}, "site": {"area": "370602", "township": "370602001", "address": f"示例路{n}号"},
            "enterprise": "sgcc-yantai", "channel": "online"}


def serve_some(data, suite, first, count):
    """Applications over HTTP; the number of the last."""
    with Server(data, "--suite", suite) as server:
        visitor = Visitor(server.address)
        for n in range(first, first + count):
            status, answer, _ = visitor.ask("POST", "/api/v1/cases", application(n))
            assert status == 201, answer
    return answer["number"]


def flipped(lines, index, rng):
    """The file with one bit of that line changed, still a line."""
    line = bytearray(lines[index])
    while True:
        at, bit = rng.randrange(len(line)), 1 << rng.randrange(8)
        if line[at] ^ bit not in (10, 13) and line[at] != 10:
            line[at] ^= bit
            return b"\n".join([*lines[:index], bytes(line), *lines[index + 1:]]) + b"\n"


def check(suite, seed):
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        data, exported, broken = (os.path.join(folder, name) for name in ("city", "journal.jsonl", "broken.jsonl"))
        early = serve_some(data, suite, 1, 20)
        receipt = os.path.join(folder, "receipt.json")
        with open(receipt, "w", encoding="utf-8") as out:
            out.write(tongdian("journal", "prove", early, "--data", data))
        old = json.loads(tongdian("journal", "head", "--data", data))
        tongdian("journal", "rotate-key", "--data", data)
        serve_some(data, suite, 21, 20)
        head = os.path.join(folder, "head.json")
        with open(head, "w", encoding="utf-8") as out:
            out.write(json.dumps(old))

        tongdian("journal", "export", exported, "--data", data)
        assert run(PROGRAM, "journal", "verify", exported)[0] == 0
        code, said = independent(exported, head)
        assert code == 0, said
        assert json.loads(said)["events"] == 40, said

        with open(exported, "rb") as f:
            lines = f.read().split(b"\n")[:-1]
        events = [i for i, line in enumerate(lines) if line.startswith(b'{"actor"')]
        assert len(events) == 40
        for index in events:
            with open(broken, "wb") as out:
                out.write(flipped(lines, index, rng))
            assert run(PROGRAM, "journal", "verify", broken)[0] == 1, lines[index]
            assert independent(broken)[0] == 1, lines[index]
        with open(broken, "wb") as out:  # the end cut off, with its heads
            out.write(b"\n".join(lines[:events[-5]]) + b"\n")
        assert run(PROGRAM, "journal", "verify", broken)[0] == 1
        assert independent(broken)[0] == 1

        # A receipt needs nothing but itself, before the change of the key and after it.
        assert run(PROGRAM, "journal", "verify-receipt", receipt)[0] == 0
        with open(receipt, encoding="utf-8") as f:
            text = f.read()
        altered = text.replace("370602", "370611")
        assert altered != text
        with open(receipt, "w", encoding="utf-8") as out:
            out.write(altered)
        assert run(PROGRAM, "journal", "verify-receipt", receipt)[0] == 1


if __name__ == "__main__":
    seed = int(os.environ.get("SEED", random.randrange(10**9)))
    print("SEED", seed)
    for each in ("standard", "sm"):
        check(each, seed)
    print("both suites: exported, verified twice, every flipped event found")
