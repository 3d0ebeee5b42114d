#!/usr/bin/env python3
"""The worked example of docs/journal.md: every number in it recomputed from its three events, and its lines checked by both verifiers."""
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "tests"))
from program import PROGRAM  # noqa: E402

ED25519_SPKI = bytes.fromhex("302a300506032b6570032100")


def digest(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


class Example(unittest.TestCase):
    def setUp(self):
        with open(os.path.join(ROOT, "docs", "journal.md"), encoding="utf-8") as f:
            section = f.read().split("## A worked example")[1].split("\n## ")[0]
        self.jsonl = re.search(r"```jsonl\n(.*?)```", section, re.S)[1]
        values, signed = re.findall(r"```text\n(.*?)```", section, re.S)
        self.values = {m[1]: m[2] for m in re.finditer(r"^(\S+(?: \S+)*?) {2,}([0-9a-f]+) ", values, re.M)}
        self.signed = signed.rstrip("\n")
        lines = self.jsonl.splitlines()
        self.key = json.loads(lines[1])["key"]
        self.events = [line.encode() for line in lines[2:5]]
        self.head = json.loads(lines[5])["head"]

    def test_every_number_follows_from_the_events(self):
        leaves = [digest(b"\0", event) for event in self.events]
        node = digest(b"\1", leaves[0], leaves[1])
        root = digest(b"\1", node, leaves[2])
        self.assertEqual(self.values, {
            "leaf 1": leaves[0].hex(), "leaf 2": leaves[1].hex(), "leaf 3": leaves[2].hex(), "node 1-2": node.hex(), "root": root.hex(),
            "key id": digest(bytes.fromhex(self.key["public_key"])).hex()[:16]})
        self.assertEqual(self.head["root"], root.hex())
        for event in self.events:
            self.assertEqual(json.dumps(json.loads(event), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(), event)

    def test_what_is_signed_is_the_head_and_the_signature_holds(self):
        header = json.loads(self.jsonl.splitlines()[0])
        head = {"log": header["log"], "root": self.head["root"], "signed_at": self.head["signed_at"], "size": self.head["size"]}
        self.assertEqual(self.signed, json.dumps(head, separators=(",", ":")))
        with tempfile.TemporaryDirectory() as folder:
            for name, data in (("key", ED25519_SPKI + bytes.fromhex(self.key["public_key"])), ("text", self.signed.encode()),
                               ("signature", bytes.fromhex(self.head["signature"]))):
                with open(os.path.join(folder, name), "wb") as f:
                    f.write(data)
            run = subprocess.run("openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in text -sigfile signature".split(),
                                 cwd=folder, capture_output=True, text=True)
            self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def test_both_verifiers_find_it_sound_and_an_altered_word_not(self):
        for text, sound in ((self.jsonl, True), (self.jsonl.replace('"score":5', '"score":4'), False)):
            with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as f:
                f.write(text)
                f.flush()
                ours = subprocess.run([PROGRAM, "journal", "verify", f.name], capture_output=True, text=True)
                self.assertEqual(json.loads(ours.stdout)["sound"], sound, ours.stdout)
                other = subprocess.run([sys.executable, os.path.join(ROOT, "tools", "verify_journal.py"), f.name], capture_output=True, text=True)
                self.assertEqual(other.returncode, 0 if sound else 1, other.stdout + other.stderr)


if __name__ == "__main__":
    unittest.main()
