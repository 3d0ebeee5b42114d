#!/usr/bin/env python3
"""disk_test.py: a disk that really is full under a serving city, and one that really is read-only before it is served.

Applications are entered until the disk takes no more. From then on commands are refused with a code, pages still answer, and once there is room
again the same server goes on. In the end every acknowledged case is there once, `journal verify` is sound and `replay` agrees.
A small tmpfs is the disk where this user may mount one; a limit on the size of files (RLIMIT_FSIZE) plays it everywhere. That a disk
turns read-only while files on it are open for writing is the kernel's answer to a broken disk; src/store/faults_test.cpp simulates it.
"""

import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import unittest
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from program import PROGRAM, Visitor, tongdian  # noqa: E402

APPLICATION = {
    "facts": {"customer": "resident", "voltage": "lv", "requested_kw": 8, "sources": 1, "important": False, "new_installation": True,
              "works_needed": False, "self_built": False, "supply_kind": "ordinary", "lead": "none", "simple_low_risk_project": False, "source_distance_m": 0},
    "applicant": {"name": "示例（虚构）", "phone": "13800000001"},
    "site": {"area": "370602", "township": "370602001", "address": "示例路" + "长" * 150},
    "enterprise": "sgcc-yantai", "channel": "counter"}
PASSWORD = "a long phrase for the test"
MOST = 20_000  # applications; no disk of these tests holds so many


@contextlib.contextmanager
def served(data, **options):
    process = subprocess.Popen([PROGRAM, "serve", "--data", data, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                               **options)
    try:
        line = process.stdout.readline()
        assert line.startswith("listening on http://"), line
        yield process, line.split("//")[1].strip()
        process.terminate()
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


class Disk(unittest.TestCase):
    def make(self, data):
        tongdian("user", "add", "--data", data, "--role", "clerk", "--name", "柜台", "clerk", input=PASSWORD + "\n")

    def enter(self, visitor, acknowledged):
        """One application; its status and code."""
        key = str(uuid.uuid4())
        status, answer, _ = visitor.ask("POST", "/api/v1/cases", APPLICATION, {"Idempotency-Key": key})
        if status == 201:
            acknowledged[key] = answer["number"]
        return status, answer.get("code", "")

    def enter_until_refused(self, visitor, acknowledged, codes):
        for _ in range(MOST):
            status, code = self.enter(visitor, acknowledged)
            if status != 201:
                self.assertEqual(status, 503, code)
                self.assertIn(code, codes)
                return code
        self.fail("the disk took everything")

    def check_refused_and_readable(self, visitor, acknowledged, codes):
        # Again and again; where the write-ahead log began anew meanwhile, a few more found room in it, and are acknowledged as such.
        for _ in range(3):
            self.enter_until_refused(visitor, acknowledged, codes)
        self.assertEqual(visitor.ask("GET", "/api/v1/health")[0], 200)
        number = next(iter(acknowledged.values()))
        self.assertEqual(visitor.ask("GET", f"/api/v1/cases/{number}")[0], 200)

    def check_all_there(self, data, acknowledged):
        self.assertTrue(json.loads(tongdian("journal", "verify", "--data", data))["sound"])
        self.assertTrue(json.loads(tongdian("replay", "--data", data))["same"])
        with served(data) as (_, address):
            visitor = Visitor(address).sign_in("clerk", PASSWORD)
            size = visitor.ask("GET", "/api/v1/journal/head")[1]["size"]
            for key, number in list(acknowledged.items())[-50:]:
                status, answer, _ = visitor.ask("POST", "/api/v1/cases", APPLICATION, {"Idempotency-Key": key})
                self.assertEqual((status, answer["number"]), (201, number))
            self.assertEqual(visitor.ask("GET", "/api/v1/journal/head")[1]["size"], size, "what is sent again makes no event")

    def run_on(self, data, full, room, codes, **options):
        """`full` makes the disk such that writing fails sooner or later, `room` mends it."""
        acknowledged = {}
        self.make(data)
        with served(data, **options) as (process, address):
            visitor = Visitor(address).sign_in("clerk", PASSWORD)
            for _ in range(3):
                self.assertEqual(self.enter(visitor, acknowledged), (201, ""))
            full(process)
            code = self.enter_until_refused(visitor, acknowledged, codes)
            self.check_refused_and_readable(visitor, acknowledged, codes)
            room(process)
            for _ in range(20):
                self.assertEqual(self.enter(visitor, acknowledged), (201, ""), "with room again the same server goes on")
        self.check_all_there(data, acknowledged)
        print(f"{self.id().split('.')[-1]}: {len(acknowledged)} acknowledged, refused with {code}")

    @contextlib.contextmanager
    def small_disk(self, megabytes):
        with tempfile.TemporaryDirectory() as place:
            made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", place], capture_output=True, text=True)
            if made.returncode != 0:
                self.skipTest("this user may not mount a tmpfs: " + made.stderr.strip())
            try:
                yield place
            finally:
                subprocess.run(["umount", place], check=True)

    def test_a_full_disk(self):
        with self.small_disk(24) as place:
            ballast = os.path.join(place, "ballast")
            with open(ballast, "wb") as f:
                f.write(b"x" * (16 << 20))
            self.run_on(os.path.join(place, "city"), lambda _: None, lambda _: os.remove(ballast), {"store.disk_full"})

    def test_data_on_a_read_only_disk_can_be_looked_at_and_not_served(self):
        with self.small_disk(24) as place:
            data = os.path.join(place, "city")
            self.make(data)
            acknowledged = {}
            with served(data) as (_, address):
                self.enter(Visitor(address).sign_in("clerk", PASSWORD), acknowledged)
            subprocess.run(["mount", "-o", "remount,ro", place], check=True)
            refused = subprocess.run([PROGRAM, "serve", "--data", data, "--port", "0"], capture_output=True, text=True, timeout=60)
            self.assertEqual(refused.returncode, 3, refused.stdout + refused.stderr)
            self.assertRegex(refused.stderr, r"tongdian: (data|store|file)\.\w+")
            subprocess.run(["mount", "-o", "remount,rw", place], check=True)
            self.check_all_there(data, acknowledged)

    def test_files_that_may_grow_no_more(self):
        limit = 3 << 20
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        with tempfile.TemporaryDirectory() as place:
            # SIGXFSZ stays ignored, as Python has it, so that the write fails and does not kill.
            self.run_on(os.path.join(place, "city"), lambda process: resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (limit, unlimited[1])),
                        lambda process: resource.prlimit(process.pid, resource.RLIMIT_FSIZE, unlimited), {"store.disk_full", "store.io", "store.failed"},
                        restore_signals=False)


if __name__ == "__main__":
    unittest.main()
