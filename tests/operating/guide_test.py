#!/usr/bin/env python3
"""guide_test.py: runs what docs/operating/README.md tells operators to type, with the real program, in a temporary folder.

Blocks marked `sh` run in their order, `sh background` is the server, which is stopped before `sh stopped`; `sh root` is checked for its syntax.
Absolute places become places below the temporary folder, the two ports free ones; nothing else is changed.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "tests"))
from program import PROGRAM  # noqa: E402

PLACES = ("/var/lib/tongdian", "/var/backups/tongdian", "/media/keys", "/etc/tongdian")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return str(s.getsockname()[1])


def blocks(text):
    for found in re.finditer(r"^```sh ?(\w*)\n(.*?)^```$", text, re.M | re.S):
        yield found[1], found[2], text[:found.start()].count("\n") + 1


class Machine:
    def __init__(self, folder):
        self.folder = folder
        self.ports = {"8080": free_port(), "9464": free_port()}
        self.server = None
        for place in (*PLACES, "/bin", "/work"):
            os.makedirs(folder + place, exist_ok=True)
        os.rmdir(folder + "/var/lib/tongdian")  # the first command makes it
        os.symlink(os.path.abspath(PROGRAM), folder + "/bin/tongdian")
        with open(os.path.join(ROOT, "packaging", "tongdian.yaml"), encoding="utf-8") as f:
            settings = self.here(f.read())
        with open(folder + "/etc/tongdian/tongdian.yaml", "w", encoding="utf-8") as f:
            f.write(settings)
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("TONGDIAN")}
        self.environment["PATH"] = f"{folder}/bin:{os.environ['PATH']}"

    def here(self, text):
        for place in PLACES:
            text = text.replace(place, self.folder + place)
        for port, free in self.ports.items():
            text = re.sub(rf"\b{port}\b", free, text)
        return text

    def run(self, script):
        return subprocess.run(["bash", "-euo", "pipefail", "-c", self.here(script)], cwd=self.folder + "/work", env=self.environment,
                              capture_output=True, text=True, timeout=120)

    def start(self, script):
        self.server = subprocess.Popen(["bash", "-c", "exec " + self.here(script)], cwd=self.folder + "/work", env=self.environment,
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        said = self.server.stdout.readline() + self.server.stdout.readline()
        assert "listening on" in said and "metrics on" in said, said

    def stop(self):
        if self.server:
            self.server.terminate()
            assert self.server.wait(timeout=60) == 0
            self.server.stdout.close()
            self.server = None


def main():
    with open(os.path.join(ROOT, "docs", "operating", "README.md"), encoding="utf-8") as f:
        text = f.read()
    count = {}
    with tempfile.TemporaryDirectory() as folder:
        machine = Machine(folder)
        try:
            for kind, script, line in sorted(blocks(text), key=lambda b: b[0] == "stopped"):
                count[kind or "run"] = count.get(kind or "run", 0) + 1
                if kind == "root":
                    assert subprocess.run(["bash", "-n", "-c", script]).returncode == 0, f"line {line}: no shell"
                    continue
                if kind == "background":
                    machine.start(script)
                    continue
                assert kind in ("", "stopped"), f"line {line}: what kind of block is {kind!r}?"
                if kind == "stopped":
                    machine.stop()
                done = machine.run(script)
                assert done.returncode == 0, f"docs/operating/README.md, line {line}, exited {done.returncode}:\n{script}{done.stdout}{done.stderr}"
        finally:
            if machine.server:
                machine.server.kill()
        assert count.get("background") == 1 and count.get("run", 0) >= 8 and count.get("stopped", 0) >= 2, count
        shutil.rmtree(folder + "/work")
    print(f"docs/operating: {count}")


main()
