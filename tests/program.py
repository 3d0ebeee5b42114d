"""The program under test, for tests in Python: run to its end, or served on a free port and asked over HTTP."""

import http.client
import json
import os
import subprocess
import uuid

PROGRAM = os.environ.get("TONGDIAN") or os.path.join(os.path.dirname(__file__), "..", "build", "tongdian")


def tongdian(*arguments, expect=0, **options):
    """A command that ends by itself; its standard output. Any other exit code than `expect` ends the test."""
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, **options)
    assert done.returncode == expect, f"tongdian {' '.join(arguments)} exited {done.returncode}:\n{done.stdout}{done.stderr}"
    return done.stdout


class Server:
    """`log` is the file that standard error goes to."""

    def __init__(self, data, *arguments, log=None, env=None):
        self.log = open(log, "wb") if log else subprocess.DEVNULL
        self.process = subprocess.Popen([PROGRAM, "serve", "--data", str(data), "--port", "0", *arguments],
                                        stdout=subprocess.PIPE, stderr=self.log, text=True, env=env)
        self.address = self.wait_for("listening on http://")

    def wait_for(self, beginning):
        for line in self.process.stdout:
            if line.startswith(beginning):
                return line[len(beginning):].strip()
        raise SystemExit(f"the server ended without saying {beginning!r}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """As a service manager would; a server that does not end well fails the test."""
        self.process.terminate()
        code = self.process.wait(timeout=60)
        self.process.stdout.close()
        assert code == 0, f"the server exited {code}"


class Visitor:
    """One connection, with the cookie that it was given. `ask` returns status, JSON (or text) and headers."""

    def __init__(self, address):
        self.connection = http.client.HTTPConnection(address, timeout=60)
        self.cookie = self.csrf = ""

    def ask(self, method, path, body=None, headers=None):
        fields = {"Content-Type": "application/json", **(headers or {})}
        if self.cookie:
            fields.update({"Cookie": self.cookie, "X-CSRF-Token": self.csrf})
        if method != "GET":
            fields.setdefault("Idempotency-Key", str(uuid.uuid4()))
        payload = body if body is None or isinstance(body, (str, bytes)) else json.dumps(body)
        self.connection.request(method, path, payload.encode() if isinstance(payload, str) else payload, fields)
        response = self.connection.getresponse()
        text = response.read().decode()
        is_json = "json" in (response.headers["Content-Type"] or "")
        return response.status, json.loads(text) if is_json and text else text, response.headers

    def sign_in(self, user, password):
        status, answer, headers = self.ask("POST", "/api/v1/session", {"user": user, "password": password})
        assert status == 200, (status, answer)
        self.cookie, self.csrf = headers["Set-Cookie"].split(";")[0], answer["csrf"]
        return self
