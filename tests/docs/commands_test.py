#!/usr/bin/env python3
"""What a document tells its reader to type is typed, and does what the document says: commands_test.py [--postgresql] FILE.md …

A block ```console holds commands behind "$ " and, below each, what it prints; `…` stands for anything, on a line of its own for
any lines. A command exits 0, unless "(exit N)" stands below it. They run one after another in one scratch folder that holds
packs/, calendars/ and docs/examples/ as the repository does. `tongdian serve` runs until its block ends; where the document says
127.0.0.1:8080 it gets a free port; with --postgresql, an address at db.example is a database of a private server. A block ```yaml FILE is an excerpt of that file of the repository, line by line.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from postgres import Postgres  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get("TONGDIAN") or os.path.join(ROOT, "build", "tongdian")
ADDRESS = "127.0.0.1:8080"


def blocks(text):
    """(info string, line number, lines) of every fenced block."""
    inside = None
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```") and inside is None:
            inside = (line[3:].strip(), number, [])
        elif line.startswith("```"):
            yield inside
            inside = None
        elif inside is not None:
            inside[2].append(line)


def steps(lines):
    """(command, expected lines) of a console block; a command goes on in the next line behind a backslash."""
    out = []
    for line in lines:
        if out and not out[-1][1] and out[-1][0].endswith("\\"):
            out[-1][0] = out[-1][0][:-1] + line.strip()
        elif line.startswith("$ "):
            out.append([line[2:], []])
        else:
            out[-1][1].append(line)
    return out


def pattern(expected):
    """The regular expression of what may be printed."""
    parts = []
    for line in expected:
        parts.append(r"(?:.*\n)*?" if line.strip() == "…" else re.escape(line).replace("…", ".*?") + r"\n")
    return re.compile("".join(parts))


class Scratch:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="tongdian-docs-")
        for name in ("packs", "calendars"):
            shutil.copytree(os.path.join(ROOT, name), os.path.join(self.folder, name))
        shutil.copytree(os.path.join(ROOT, "docs", "examples"), os.path.join(self.folder, "docs", "examples"))
        os.mkdir(os.path.join(self.folder, ".bin"))
        os.symlink(os.path.abspath(PROGRAM), os.path.join(self.folder, ".bin", "tongdian"))
        self.env = {**os.environ, "PATH": os.path.join(self.folder, ".bin") + ":" + os.environ["PATH"], "LC_ALL": "C.UTF-8"}
        self.server = None
        self.postgresql = Postgres() if "--postgresql" in sys.argv else None
        self.databases = set()

    def database(self, found):
        """A database of that name, quoted for the shell."""
        name = found[1]
        if name not in self.databases:
            self.postgresql.sql(f"CREATE DATABASE {name}")
            self.databases.add(name)
        return f"'{self.postgresql.address(name)}'"

    def run(self, command, address):
        command = re.sub(r"postgresql://tongdian@db\.example/(\w+)", self.database, command.replace(ADDRESS, address or ADDRESS))
        return subprocess.run(["bash", "-c", command], cwd=self.folder, env=self.env, text=True, timeout=240,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def serve(self, command):
        """The address that it listens on. What it says after that is not waited for."""
        self.server = subprocess.Popen(["bash", "-c", "exec " + command + " --port 0"], cwd=self.folder, env=self.env, text=True,
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for line in self.server.stdout:
            if line.startswith("listening on http://"):
                return line.strip()[len("listening on http://"):]
        raise AssertionError("the server ended without listening")

    def stop(self):
        if self.server:
            self.server.terminate()
            code = self.server.wait(timeout=60)
            self.server.stdout.close()
            self.server = None
            assert code == 0, f"the server exited {code}"

    def remove(self):
        if self.postgresql:
            self.postgresql.close()
        shutil.rmtree(self.folder)


def follow(scratch, place, lines):
    """Complaints about one console block."""
    address = None
    try:
        for command, expected in steps(lines):
            if command.startswith("tongdian serve"):
                address = scratch.serve(command)
                continue
            wanted = 0
            if expected and (found := re.fullmatch(r"\(exit (\d)\)", expected[-1])):
                wanted = int(found[1])
                expected = expected[:-1]
            done = scratch.run(command, address)
            if done.returncode != wanted:
                yield f"{place}: $ {command}\nexited {done.returncode} and not {wanted}:\n{done.stdout}"
            elif expected and not pattern(expected).fullmatch(done.stdout.rstrip("\n").replace(address or ADDRESS, ADDRESS) + "\n"):
                yield f"{place}: $ {command}\nprinted\n{done.stdout}\nand not\n" + "\n".join(expected)
    finally:
        scratch.stop()


def check(file):
    """Complaints about one document."""
    with open(file, encoding="utf-8") as f:
        text = f.read()
    scratch, commands = Scratch(), 0
    try:
        for info, number, lines in blocks(text):
            place = f"{os.path.relpath(file, ROOT)}:{number}"
            if info == "console":
                commands += len(steps(lines))
                yield from follow(scratch, place, lines)
            elif info.startswith("yaml "):
                name = info.split()[1]
                with open(os.path.join(ROOT, name), encoding="utf-8") as f:
                    if "\n".join(lines) not in f.read():
                        yield f"{place}: not an excerpt of {name}"
    finally:
        scratch.remove()
    if commands == 0:
        yield f"{file}: has no command to follow"


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    found = [complaint for file in sys.argv[1:] if file != "--postgresql" for complaint in check(file)]
    print(*found, sep="\n\n", end="\n" if found else "")
    sys.exit(1 if found else 0)
