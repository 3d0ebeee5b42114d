#!/usr/bin/env python3
"""upgrade_test.py: today's program on the data of every version that landed.

tests/upgrade/*.tar.xz are data folders as older programs left them (README.md says how they were made). Each is opened by
today's program: its events keep their bytes, it verifies against the head that it had, every view replays the same, and a
case goes on to its next step.
"""

import glob
import json
import os
import sys
import tarfile
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from program import Server, Visitor, tongdian  # noqa: E402


PAPERS = {"schema-11-killed.tar.xz": 1}  # handed in; another one is only half there


def check_whole(data, head_file):
    verified = json.loads(tongdian("journal", "verify", "--data", data, "--against", head_file))
    assert verified["sound"], verified
    replayed = json.loads(tongdian("replay", "--data", data))
    assert replayed["same"], replayed
    return verified["events"]


def events_of(data):
    return [line for line in tongdian("journal", "export", "--data", data).splitlines() if line.startswith('{"actor"')]


def next_step(server):
    """The clerk finishes a case that waits for its meter."""
    clerk = Visitor(server.address).sign_in("clerk", "tongdian-demo")
    _, inbox, _ = clerk.ask("GET", "/api/v1/inbox")
    row = next(r for r in inbox["rows"] if r["stage"] == "energisation" and r["holder"] == "grid")
    path = f"/api/v1/cases/{row['number']}"
    status, page, _ = clerk.ask("GET", path)
    assert status == 200, page
    status, done, _ = clerk.ask("POST", f"{path}/actions/energise", {"expected_sequence": page["case"]["sequence"], "input": {"meter": "T-1"}})
    assert status == 200, done
    assert done["case"]["state"] != "running", done["case"]["state"]
    assert clerk.ask("GET", path)[1]["case"]["person"]["name"], "the vault's data open"
    return row["number"]


def papers_open(server):
    """Every file of every case, as staff read it: how many there were."""
    clerk = Visitor(server.address).sign_in("clerk", "tongdian-demo")
    _, inbox, _ = clerk.ask("GET", "/api/v1/inbox?state=all&limit=200")
    count = 0
    for row in inbox["rows"]:
        path = f"/api/v1/cases/{row['number']}"
        for file in clerk.ask("GET", path)[1]["case"].get("files", []):
            status, content, headers = clerk.ask("GET", f"{path}/files/{file['id']}/content")
            assert status == 200 and int(headers["Content-Length"]) == file["size"], (status, headers, file)
            count += 1
    return count


def upgrade(archive):
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(archive) as tar:
            tar.extractall(folder)  # our own archive: the modes of the keys are kept
        data = folder
        before = os.path.join(folder, "before.head")
        with open(before, "w", encoding="utf-8") as f:
            f.write(tongdian("journal", "head", "--data", data))
        events = events_of(data)
        findings = {f["check"]: f for f in json.loads(tongdian("doctor", "--data", data, "--json", expect=1))["findings"]}
        assert findings["keys"]["level"] == findings["integrity"]["level"] == "ok", findings
        schema = findings["schema"]["values"]
        with Server(data):
            pass
        # Opened once: brought to today's schema, with nothing of the past altered.
        assert check_whole(data, before) >= len(events)
        assert events_of(data)[:len(events)] == events, "an event's bytes changed"
        with Server(data) as server:
            number = next_step(server)
            papers = papers_open(server)
            assert papers == PAPERS.get(os.path.basename(archive), 0), papers
        assert check_whole(data, before) > len(events)
        print(f"{os.path.basename(archive)}: schema {schema['schema']} to {schema['schema_of_program']}, "
              f"{len(events)} events as they were, {papers} files open, {number} went on")


archives = sorted(glob.glob(os.path.join(os.path.dirname(os.path.abspath(__file__)), "*.tar.xz")))
assert archives, "there are no folders of older versions"
for each in archives:
    upgrade(each)
