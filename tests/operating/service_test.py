#!/usr/bin/env python3
"""service_test.py: how serve behaves under a service manager.

It says READY=1 when it answers and not before, STOPPING=1 at SIGTERM; a request that is under way then is answered, the exit is 0, and
what was acknowledged is there. A start that cannot listen, or whose configuration is wrong, says neither and exits with a reason.
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "tests"))
from program import PROGRAM, Server, Visitor, tongdian  # noqa: E402


def manager(folder):
    """The socket that systemd would be listening on."""
    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    s.bind(os.path.join(folder, "notify"))
    s.settimeout(60)
    return s


def check_life(folder, data):
    told = manager(folder)
    with Server(data, env={**os.environ, "NOTIFY_SOCKET": told.getsockname()}) as server:
        said = told.recv(4096).decode().splitlines()
        assert said[0] == "READY=1" and said[1].startswith("STATUS=listening on http://"), said
        assert Visitor(server.address).ask("GET", "/api/v1/health")[0] == 200
        # A request whose body is still coming when SIGTERM does.
        body = json.dumps({"user": "first", "password": "a long phrase for the test"}).encode()
        host, port = server.address.split(":")
        slow = socket.create_connection((host, int(port)), timeout=60)
        slow.sendall(b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body[:10])
        assert Visitor(server.address).ask("GET", "/api/v1/health")[0] == 200  # the first bytes are there by now
        server.process.terminate()
        assert told.recv(4096) == b"STOPPING=1"
        slow.sendall(body[10:])
        answer = slow.recv(65536).decode()
        assert answer.startswith("HTTP/1.1 200"), answer
        assert "connection: close" in answer.lower(), answer
    told.close()


def check_refused_starts(folder, data):
    told = manager(folder)
    environment = {**os.environ, "NOTIFY_SOCKET": told.getsockname()}
    wrong = os.path.join(folder, "wrong.yaml")
    with open(wrong, "w", encoding="utf-8") as f:
        f.write("port: 0\nprot: 1\n")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for arguments, code, reason in ((["--config", "", "--port", port], 3, "http.cannot_listen"), (["--config", wrong], 1, f"config.wrong at {wrong}:2:1"),
                                        (["--config", folder + "/none.yaml"], 3, "file.unreadable"), (["--config", "", "--port", "70000"], 2, "--port")):
            done = subprocess.run([PROGRAM, "serve", "--data", data, *arguments], env=environment, capture_output=True, text=True, timeout=60)
            assert done.returncode == code and reason in done.stderr, (arguments, done.returncode, done.stderr)
    told.setblocking(False)
    try:
        raise AssertionError(f"a start that failed said {told.recv(4096)}")
    except BlockingIOError:
        pass
    told.close()


def check_backup_unit(folder, data):
    """The commands of tongdian-backup.service, as systemd would run them but for the places."""
    with open(os.path.join(ROOT, "packaging", "tongdian-backup.service"), encoding="utf-8") as f:
        unit = f.read()
    commands = re.findall(r"^ExecStart(?:Post)?=/bin/sh -c '(.*)'$", unit, re.M)
    assert len(commands) == 2, unit
    backups = os.path.join(folder, "backups")
    environment = {**os.environ, "TONGDIAN_BACKUPS": backups, "TONGDIAN_KEYS": os.path.join(folder, "keys"), "TONGDIAN_KEEP_DAYS": "30"}
    os.mkdir(backups)
    for name, days in (("old.tar.zst", 40), ("young.tar.zst", 20), ("other.txt", 40)):
        with open(os.path.join(backups, name), "w", encoding="utf-8"):
            pass
        os.utime(os.path.join(backups, name), (time.time() - days * 86400,) * 2)
    with Server(data):
        for command in commands:
            command = command.replace("%%", "%").replace("$$", "$").replace("/usr/bin/tongdian", PROGRAM).replace("/var/lib/tongdian", data)
            subprocess.run(["/bin/sh", "-c", command], env=environment, check=True, stdout=subprocess.DEVNULL, timeout=60)
    left = sorted(os.listdir(backups))
    made = [name for name in left if name.startswith("20")]
    assert len(made) == 1 and left == sorted(made + ["young.tar.zst", "other.txt"]), left
    tongdian("restore", "--from", os.path.join(backups, made[0]), "--keys", os.path.join(folder, "keys"), "--data", os.path.join(folder, "again"))


def main():
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "city")
        tongdian("user", "add", "--data", data, "--role", "admin", "first", input="a long phrase for the test\n")
        check_life(folder, data)
        os.unlink(os.path.join(folder, "notify"))
        check_refused_starts(folder, data)
        check_backup_unit(folder, data)
        assert json.loads(tongdian("journal", "verify", "--data", data))["sound"]
    print("ready when it answers, stopping at SIGTERM, the request under way answered; starts that fail say why")


main()
