#!/usr/bin/env python3
"""tests/postgres.py [--durable] [FOLDER]: a private PostgreSQL for as long as somebody wants it.

Makes a cluster in a temporary folder (of FOLDER, or of /tmp), starts it on a Unix socket in there and nowhere else, and
prints its address. Ends, and takes everything with it, when standard input ends: with whoever started it, however that one
ended. A line `kill` on standard input cuts the server off as a crash would, `start` starts it again; each is answered by `ok`.

PostgreSQL refuses to run as root: then it runs as its user `postgres`, who owns the folder. Without --durable it does not
wait for the disk, which nothing but a power cut can notice.
"""

import glob
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

AS_POSTGRES = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}


def programs():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda p: int(p.split("/")[4]))
    if found:
        return os.path.dirname(found[-1])
    initdb = shutil.which("initdb")
    if not initdb:
        sys.exit("no PostgreSQL here: tools/setup test installs it")
    return os.path.dirname(os.path.realpath(initdb))


def reachable(folder):
    """That folder, or /var/tmp where the server's user may not go there (below /root, say)."""
    return folder if subprocess.run(["test", "-x", folder], check=False, **AS_POSTGRES).returncode == 0 else "/var/tmp"


class Postgres:
    def __init__(self, durable=False, within=None):
        self.bin = programs()
        self.folder = tempfile.mkdtemp(prefix="tongdian-pg-", dir=reachable(within or "/tmp"))
        self.process = None
        try:
            # Whoever runs the tests must reach the socket; the data are the server's own.
            os.chmod(self.folder, 0o755)
            if AS_POSTGRES:
                shutil.chown(self.folder, "postgres", "postgres")
            self.call("initdb", "-D", self.data, "-U", "tongdian", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
            with open(os.path.join(self.data, "postgresql.conf"), "a", encoding="utf-8") as f:
                f.write(f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\nmax_connections = 200\n"
                        "shared_buffers = '128MB'\nmax_wal_size = '4GB'\n")
                if not durable:
                    f.write("fsync = off\nfull_page_writes = off\n")
            self.start()
        except BaseException:
            self.close()
            raise

    @property
    def data(self):
        return os.path.join(self.folder, "data")

    @property
    def url(self):
        return self.address("postgres")

    def address(self, database, host=None):
        return f"postgresql:///{database}?host={host or self.folder}&user=tongdian"

    def call(self, program, *arguments, check=True):
        done = subprocess.run([os.path.join(self.bin, program), *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              cwd=self.folder, **AS_POSTGRES)
        if check and done.returncode != 0:
            raise RuntimeError(f"{program}: {done.stdout}")
        return done.returncode == 0

    def start(self):
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self.process = subprocess.Popen([os.path.join(self.bin, "postgres"), "-D", self.data], stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, cwd=self.folder, **AS_POSTGRES)
        while not self.call("pg_isready", "-q", "-h", self.folder, check=False):
            if self.process.poll() is not None:
                with open(os.path.join(self.folder, "log"), encoding="utf-8") as log:
                    raise RuntimeError("PostgreSQL did not start:\n" + log.read())
            time.sleep(0.02)

    def kill(self):
        """As a crash: no farewell to clients, no checkpoint."""
        if self.process:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
            self.process = None

    def sql(self, statement, database="postgres"):
        done = subprocess.run([os.path.join(self.bin, "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", "tongdian", database,
                               "-c", statement], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def close(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def main():
    arguments = [a for a in sys.argv[1:] if a != "--durable"]
    # The terminal's Ctrl-C is for whoever started this; the end of standard input is what ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with Postgres("--durable" in sys.argv, arguments[0] if arguments else None) as server:
        print(server.url, flush=True)
        for line in sys.stdin:
            {"kill": server.kill, "start": server.start}[line.strip()]()
            print("ok", flush=True)


if __name__ == "__main__":
    main()
