"""What the parts of the bench have in common: one processor for whoever is measured and another for whoever asks, CPU time
from /proc, medians over turns, and what to do where a peer is not there."""

import os
import re
import resource
import statistics
import subprocess
import sys

BENCH = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(BENCH)
PEERS = os.path.join(BENCH, "peers")
SECONDS = float(os.environ.get("BENCH_SECONDS", "10"))
TURNS = int(os.environ.get("BENCH_TURNS", "5"))
TICKS = os.sysconf("SC_CLK_TCK")


class Missing(Exception):
    """A peer that is not there: said, and left out of the figures."""


def say(*words):
    print("bench:", *words, file=sys.stderr, flush=True)


def median(values):
    return statistics.median(values)


def rounded(value):
    """Three figures are more than a shared machine can tell."""
    return float(f"{value:.4g}")


def node():
    """The Node that bench/peers pins, with the peers installed as their lock file says; npm does nothing when they are."""
    binary, stamp = os.path.join(PEERS, "node_modules", ".bin", "node"), os.path.join(PEERS, "node_modules", ".package-lock.json")
    lock = os.path.join(PEERS, "package-lock.json")
    if not os.path.exists(stamp) or os.path.getmtime(stamp) < os.path.getmtime(lock):
        say("npm ci in bench/peers")
        # Debian's Node 18 only installs; the engines that npm would warn of are those of the pinned one.
        try:
            subprocess.run(["npm", "--prefix", PEERS, "ci", "--no-audit", "--no-fund", "--loglevel=error"], check=True,
                           stdout=subprocess.DEVNULL, timeout=900)
            os.utime(stamp)
        except (OSError, subprocess.SubprocessError) as e:
            raise Missing(f"the npm packages of bench/peers cannot be installed ({e})") from e
    if not os.path.exists(binary):
        raise Missing("bench/peers/node_modules/.bin/node")
    return binary


def command(name):
    for folder in os.environ.get("PATH", "").split(":") + ["/usr/sbin", "/sbin"]:
        path = os.path.join(folder, name)
        if os.access(path, os.X_OK):
            return path
    raise Missing(f"{name} (apt.txt, group bench)")


def processors():
    """(the one for whoever is measured, those for whoever asks)."""
    all_of_them = sorted(os.sched_getaffinity(0))
    return (all_of_them[0], all_of_them[1:] or all_of_them)


class Server:
    """A server on one processor, until it is told to stop. `address` is taken from its line "listening on http://…"."""

    def __init__(self, *words, address=None, **options):
        def prepare():
            os.sched_setaffinity(0, {processors()[0]})
            soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 8192)), hard))
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, preexec_fn=prepare,
                                        **options)
        self.address = address
        if not address:
            for line in self.process.stdout:
                if line.startswith("listening on http://"):
                    self.address = line.split("http://")[1].strip().rstrip("/")
                    break
            else:
                raise Missing(f"{words[0]} ended without listening")

    def processes(self):
        """Itself and what it started, as nginx starts its worker."""
        pid = self.process.pid
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
            return [pid, *map(int, f.read().split())]

    def cpu_seconds(self):
        total = 0
        for pid in self.processes():
            with open(f"/proc/{pid}/stat", encoding="utf-8") as f:
                fields = f.read().rsplit(") ", 1)[1].split()
            total += int(fields[11]) + int(fields[12])  # utime, stime
        return total / TICKS

    def memory_mib(self):
        """Resident now, and at most so far."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as f:
            kib = dict(re.findall(r"(VmRSS|VmHWM):\s+(\d+) kB", f.read()))
        return int(kib["VmRSS"]) / 1024, int(kib["VmHWM"]) / 1024

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)
        self.process.stdout.close()


def wrk(address, connections, seconds, script, cookie):
    """Requests a second and those that failed. One thread asks; the script names the paths by turns."""
    def prepare():
        os.sched_setaffinity(0, set(processors()[1]))
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 8192)), hard))
    done = subprocess.run([command("wrk"), "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", script, "-H", f"Cookie: {cookie}",
                           f"http://{address}"], check=True, stdout=subprocess.PIPE, text=True, preexec_fn=prepare)
    numbers = dict(re.findall(r"^(requests|failed|seconds) ([\d.]+)$", done.stdout, re.MULTILINE))
    return float(numbers["requests"]) / float(numbers["seconds"]), int(float(numbers["failed"])), int(float(numbers["requests"]))
