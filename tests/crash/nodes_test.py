#!/usr/bin/env python3
"""nodes_test.py PROGRAM [ROUNDS]: two servers over one PostgreSQL, load on both.

Each round one of them is killed in mid-batch, or the database is, or every connection is cut; the others go on. Whoever was
signed in on one node is signed in on the other. In the end everything that either acknowledged is there exactly once, the
journal is sound and a replay agrees. The seed is printed.
"""

import random
import sys
import threading
import time

from kill_test import FAILURES, SEED, Clerk, Server, add_clerk, application, check, check_sound, city_at, size_of, work

ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 4
CLIENTS = 4


def load(nodes, r, disturb, session):
    """Patient clients on every node; `disturb` once all are at work. Returns what each node acknowledged."""
    acknowledged, wrong, stop = [[] for _ in nodes], [], threading.Event()
    threads = [threading.Thread(target=work, args=(node.address, f"{n}-{c}", r.randrange(10**9), acknowledged[n], stop, wrong, True, session))
               for n, node in enumerate(nodes) for c in range(CLIENTS)]
    for t in threads:
        t.start()
    for node, done in zip(nodes, acknowledged):
        goes_on(node, done)
    disturb(acknowledged)
    stop.set()
    for t in threads:
        t.join()
    if wrong:
        raise wrong[0]
    return sum(acknowledged, [])


def goes_on(node, acknowledged, by=10):
    """Waits until that node has acknowledged some more."""
    before, until = len(acknowledged), time.monotonic() + 60
    while len(acknowledged) < before + by:
        assert time.monotonic() < until, f"{node.address} does not go on"
        time.sleep(0.01)


def kill_one(r, place, servers, _, session):
    def disturb(acknowledged):
        time.sleep(r.random() * 0.3)
        servers[0].kill()
        goes_on(servers[1], acknowledged[1])

    acknowledged = load(servers, r, disturb, session)
    servers[0] = Server(place)
    return acknowledged


def cut_connections(r, _, servers, database, session):
    def disturb(acknowledged):
        for _ in range(5):
            time.sleep(r.random() * 0.1)
            database.sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'tongdian'", "city")
        for node, done in zip(servers, acknowledged):
            goes_on(node, done)

    return load(servers, r, disturb, session)


def restart_database(r, _, servers, database, session):
    def disturb(acknowledged):
        time.sleep(r.random() * 0.2)
        database.kill()
        time.sleep(0.5)
        database.start()
        for node, done in zip(servers, acknowledged):
            goes_on(node, done)

    return load(servers, r, disturb, session)


def check_signed_in_everywhere(servers, r, session):
    clerk, other = (Clerk(server.address, session=session) for server in servers)
    status, answer = other.post("/api/v1/cases", application(r, False), f"moved-{r.randrange(10**9)}")
    assert status == 201, (status, answer)
    # Read at once where it was not written.
    status, answer, _ = clerk.raw("GET", f"/api/v1/cases/{answer['number']}", None, {})
    assert status == 200, (status, answer)


def main():
    print(f"seed {SEED}", flush=True)
    r = random.Random(SEED)
    with city_at("postgresql") as (place, database):
        add_clerk(place)
        servers = [Server(place), Server(place)]
        # Signed in once, on one node; the session holds on both and outlives them.
        session = Clerk(servers[0].address)
        total = []
        for turn in range(ROUNDS):
            check_signed_in_everywhere(servers, r, session)
            for what in (kill_one, cut_connections, restart_database):
                acknowledged = what(r, place, servers, database, session)
                assert acknowledged, "nothing was acknowledged: nothing was disturbed"
                before = size_of(place)
                # What one node acknowledged, the other knows.
                check(servers[0].address, acknowledged, session)
                check(servers[1].address, acknowledged, session)
                after = size_of(place)
                assert after == before, f"sending again made {after - before} events"
                total += acknowledged
            check_sound(place)
            print(f"round {turn + 1}: {after} events, all acknowledged there once, journal sound, replay agrees", flush=True)
        for server in servers:
            server.kill()
    failed = {code: FAILURES.count(code) for code in sorted(set(FAILURES))}
    assert all(code.startswith("store.") for code in failed), failed
    assert failed, "no command was cut"
    print(f"{ROUNDS} rounds, {len(total)} acknowledged commands on two nodes, none lost, none twice; tried again: {failed}")


if __name__ == "__main__":
    main()
