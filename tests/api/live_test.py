#!/usr/bin/env python3
"""Live pages, over the real server: a thousand readers at once hear of what happens to a case within the test's patience, one who comes back
hears what was missed and nothing twice, and an inbox tells only what its reader may see."""

import json
import os
import resource
import selectors
import socket
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from program import Server, Visitor, tongdian  # noqa: E402

READERS = 1000
PASSWORD = "a long phrase for the test"


def application(area="370602", township="370602001"):
    return {"facts": {"customer": "resident", "voltage": "lv", "requested_kw": 8, "sources": 1, "new_installation": True, "works_needed": True,
                      "supply_kind": "ordinary", "lead": "none", "source_distance_m": 50,
                      "route": {"road": "none", "trees": "none"}},
            "applicant": {"name": "示例", "phone": "13800000001"},
            "site": {"area": area, "township": township, "address": "示例路1号"},
            "enterprise": "sgcc-yantai", "channel": "online"}


class Reader:
    """A raw connection that reads frames: {event, id, data}."""

    def __init__(self, address, path, cookie, last=None):
        host, port = address.split(":")
        self.socket = socket.create_connection((host, int(port)), timeout=60)
        fields = f"Last-Event-ID: {last}\r\n" if last is not None else ""
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\n{fields}\r\n".encode())
        self.buffer = b""
        self.head = None

    def frames(self):
        """Those that are there whole."""
        if self.head is None:
            if b"\r\n\r\n" not in self.buffer:
                return []
            self.head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            assert b" 200 " in self.head.split(b"\r\n")[0], self.head
            assert b"text/event-stream" in self.head
        out = []
        while b"\n\n" in self.buffer:
            frame, _, self.buffer = self.buffer.partition(b"\n\n")
            lines = dict(line.split(": ", 1) for line in frame.decode().split("\n") if ": " in line)
            if lines:
                out.append((lines["event"], int(lines["id"]), json.loads(lines["data"])))
        return out

    def next(self):
        while True:
            frames = self.frames()
            if frames:
                assert len(frames) == 1, frames
                return frames[0]
            self.feed()

    def feed(self):
        piece = self.socket.recv(65536)
        assert piece, "the stream ended"
        self.buffer += piece

    def close(self):
        self.socket.close()


def hear_all(readers, wanted):
    """Waits until every reader has heard an event that `wanted` accepts."""
    waiting = selectors.DefaultSelector()
    for reader in readers:
        waiting.register(reader.socket, selectors.EVENT_READ, reader)
    left = len(readers)
    while left:
        ready = waiting.select(timeout=60)
        assert ready, f"{left} readers heard nothing"
        for key, _ in ready:
            key.data.feed()
            if any(wanted(frame) for frame in key.data.frames()):
                waiting.unregister(key.fileobj)
                left -= 1


def act(clerk, number, action, given):
    status, answer, _ = clerk.ask("GET", f"/api/v1/cases/{number}")
    assert status == 200, answer
    status, answer, _ = clerk.ask("POST", f"/api/v1/cases/{number}/actions/{action}", {"expected_sequence": answer["case"]["sequence"], "input": given})
    assert status == 200, answer


def main():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    with tempfile.TemporaryDirectory() as data:
        for user, options in {"clerk": [], "elsewhere": ["--area", "370611"]}.items():
            tongdian("user", "add", "--data", data, "--role", "clerk", *options, user, input=PASSWORD + "\n")
        with Server(data) as server:
            clerk = Visitor(server.address).sign_in("clerk", PASSWORD)
            elsewhere = Visitor(server.address).sign_in("elsewhere", PASSWORD)
            status, opened, _ = clerk.ask("POST", "/api/v1/cases", application())
            assert status == 201, opened
            number = opened["number"]
            customer = Visitor(server.address)
            status, answer, headers = customer.ask("POST", "/api/v1/track", {"number": number, "phone": "13800000001"})
            assert status == 200, answer
            cookie = headers["Set-Cookie"].split(";")[0]
            path = f"/api/v1/cases/{number}/events"

            # Who may not see it hears nothing.
            assert Visitor(server.address).ask("GET", path)[0] == 401
            assert elsewhere.ask("GET", path)[0] == 404

            readers = [Reader(server.address, path, cookie) for _ in range(READERS)]
            hear_all(readers, lambda frame: frame[0] == "hello")
            near = Reader(server.address, "/api/v1/inbox/events", clerk.cookie)
            far = Reader(server.address, "/api/v1/inbox/events", elsewhere.cookie)
            assert near.next()[0] == far.next()[0] == "hello"

            act(clerk, number, "accept", {"hand_over": ""})
            hear_all(readers, lambda frame: frame[0] == "case" and frame[2]["type"] == "case.accepted")
            event, seen, about = near.next()
            assert (event, about) == ("inbox", {"number": number, "type": "case.accepted"}), about
            for reader in readers:
                reader.close()

            # Away while something happens; back with the last id: that and nothing else.
            act(clerk, number, "energise", {"meter": "M-1"})
            again = Reader(server.address, path, cookie, last=seen)
            event, position, about = again.next()
            assert (event, about["type"], position > seen) == ("case", "case.energised", True), about
            up_to_date = Reader(server.address, path, cookie, last=position)
            beyond = Reader(server.address, path, cookie, last=10**9)
            assert beyond.next()[0] == "reset"
            nonsense = Reader(server.address, path, cookie, last="x")
            assert nonsense.next()[0] == "hello"
            status, rated, _ = clerk.ask("GET", f"/api/v1/cases/{number}")
            customer.cookie, customer.csrf = cookie, answer["session"]["csrf"]
            act(customer, number, "rate", {"score": 5})
            assert up_to_date.next()[2]["type"] == "case.rated"
            assert again.next()[2]["type"] == "case.rated"

            # The other district's inbox has heard of none of it, and hears of its own.
            status, own, _ = elsewhere.ask("POST", "/api/v1/cases", application("370611", "370611002"))
            assert status == 201, own
            assert far.next()[2] == {"number": own["number"], "type": "case.submitted"}
            far.close()
            returned = Reader(server.address, "/api/v1/inbox/events", elsewhere.cookie, last=1)
            assert returned.next()[2]["number"] == own["number"]
            for reader in (again, up_to_date, beyond, nonsense, returned, near):
                reader.close()
    print(f"{READERS} readers heard; resumed without loss or repetition")


if __name__ == "__main__":
    sys.exit(main())
