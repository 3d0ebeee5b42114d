#!/usr/bin/env python3
"""verify_journal.py FILE [HEAD.json]: checks what `tongdian journal export` wrote with Python alone and the `openssl` command.

Events are hashed into the tree of RFC 9162; each head must have its root and a signature by the key then in force; each key but
the first must be announced by the one before. HEAD.json is a head kept outside. docs/journal.md. Exit 0 sound, 1 not.
"""
import hashlib, json, os, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor

SPKI = {"sha256-ed25519": "302a300506032b6570032100", "sm3-sm2": "3059301306072a8648ce3d020106082a811ccf5501822d034200"}
wrong = []
def expect(true, where, what):
    true or wrong.append(f"{where}: {what}")

class Tree:
    def __init__(self, suite):
        self.name, self.size, self.peaks = "sm3" if suite == "sm3-sm2" else "sha256", 0, []
    def hash(self, *parts):
        return hashlib.new(self.name, b"".join(parts)).digest()
    def append(self, event):
        self.peaks.append(self.hash(b"\0", event))
        for bit in range((self.size ^ (self.size + 1)).bit_length() - 1):  # as in binary addition: equal subtrees are joined
            self.peaks[-2:] = [self.hash(b"\1", *self.peaks[-2:])]
        self.size += 1
    def root(self):
        root = self.peaks[-1] if self.peaks else self.hash()
        for peak in reversed(self.peaks[:-1]):
            root = self.hash(b"\1", peak, root)
        return root.hex()

def der(raw):  # an SM2 signature is r ‖ s here; openssl takes a SEQUENCE of two INTEGERs
    numbers = [int.from_bytes(part, "big") for part in (raw[:32], raw[32:])]
    body = b"".join(bytes([2, n.bit_length() // 8 + 1]) + n.to_bytes(n.bit_length() // 8 + 1, "big") for n in numbers)
    return bytes([0x30, len(body)]) + body

def signature_holds(suite, key, text, signature, folder):
    sm, raw = suite == "sm3-sm2", bytes.fromhex(signature)
    here = tempfile.mkdtemp(dir=folder)
    for name, data in (("key", bytes.fromhex(SPKI[suite] + key)), ("text", text.encode()), ("signature", der(raw) if sm else raw)):
        with open(os.path.join(here, name), "wb") as out:
            out.write(data)
    command = "openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in text -sigfile signature"
    command += " -digest sm3 -pkeyopt distid:1234567812345678" if sm else ""
    return len(raw) == 64 and subprocess.run(command.split(), cwd=here, capture_output=True).returncode == 0

def verify(path, outside, folder, pool):
    keys, sequences, last, sealed, checks, roots = [], {}, "", 0, [], {}
    lines = open(path, "rb")
    header = json.loads(lines.readline())
    log, suite = header["log"], header["suite"]
    tree = Tree(suite)
    expect((header["format"], header["version"]) == ("tongdian-journal", 1), "header", "another format or version")
    wanted = {0, outside["size"] if outside else 0}
    for line in lines:
        if tree.size in wanted:
            roots[tree.size] = tree.root()
        if line.startswith(b'{"key":'):
            keys.append(json.loads(line)["key"])
            wanted.add(keys[-1]["since"])
        elif line.startswith(b'{"head":'):
            head = json.loads(line)["head"]
            where, sealed = f"head {head['size']}", head["size"]
            expect((head["size"], head["root"]) == (tree.size, tree.root()), where, "its root is not that of the events before it")
            key = next((k for k in keys if k["id"] == head["key_id"] and k["since"] < sealed <= k.get("until", sealed)), None)
            expect(key, where, "its key was not in force")
            if key:
                text = {"log": log, "root": head["root"], "signed_at": head["signed_at"], "size": head["size"]}
                checks.append((where, key["public_key"], json.dumps(text, separators=(",", ":")), head["signature"]))
        else:
            tree.append(line.removesuffix(b"\n"))
            event = json.loads(line)
            sequences[event["stream"]] = sequence = sequences.get(event["stream"], 0) + 1
            expect((event["position"], event["sequence"]) == (tree.size, sequence) and event["recorded_at"] >= last,
                   f"event {tree.size}", "position, sequence or time is out of order")
            last = event["recorded_at"]
    roots[tree.size] = tree.root()
    for before, key in zip([None] + keys, keys):
        where, said = f"key {key['number']}", json.loads(key.get("announcement", "{}"))
        expect(key["id"] == tree.hash(bytes.fromhex(key["public_key"])).hex()[:16], where, "its id is not that of its public key")
        expect((before or {}).get("until", 0) == key["since"], where, "it does not take over where the one before ends")
        if before:
            fields = {"key": key["public_key"], "log": log, "previous": before["id"], "root": roots.get(key["since"]),
                      "signed_at": said["signed_at"], "size": key["since"], "suite": suite}
            expect(said == fields, where, "its announcement is of another key")
            checks.append((where, before["public_key"], key["announcement"], key["signature"]))
    expect(tree.size == header["events"] == sealed and keys and "until" not in keys[-1], "file", "it ends before its last event, head or key")
    expect(not outside or roots.get(outside["size"]) == outside["root"], "outside", "the journal does not extend that head")
    for check, holds in zip(checks, pool.map(lambda c: signature_holds(suite, *c[1:], folder), checks)):
        expect(holds, check[0], "the signature does not hold")
    return {"log": log, "suite": suite, "events": tree.size, "signatures": len(checks), "root": tree.root()}

if __name__ == "__main__":
    found = {}
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(os.cpu_count()) as workers:
        try:
            found = verify(sys.argv[1], json.load(open(sys.argv[2])) if len(sys.argv) > 2 else None, scratch, workers)
        except (ValueError, KeyError, TypeError, AttributeError) as broken:
            expect(False, "file", f"it is broken: {broken!r}")
    print(json.dumps({"sound": not wrong, **found, "wrong": wrong[:100]}))
    sys.exit(1 if wrong else 0)
