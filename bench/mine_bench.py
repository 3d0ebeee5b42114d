"""How fast other systems' logs are read: made-up logs of the shape of public ones. The peers are a bare streaming pass of expat
(as Python has it) over the same XES, which counts nothing, and Python's csv over the same rows."""

import csv
import gzip
import os
import random
import subprocess
import time
import xml.parsers.expat

from measure import TURNS, median, rounded, say

EVENTS = int(os.environ.get("BENCH_EVENTS", "262200"))
ROWS = int(os.environ.get("BENCH_ROWS", "10000000"))
STEPS = ["受理申请", "现场勘查", "供电方案答复", "设计审查", "中间检查", "竣工检验", "装表接电", "客户回访", "资料归档"]


def moment(second, separator="T"):
    t = time.gmtime(1_600_000_000 + second)
    return time.strftime(f"%Y-%m-%d{separator}%H:%M:%S", t)


def write_xes(path, events, seed=5):
    """Some twenty events a case, five attributes each, as in the log of a loan process with 74 MB for 262,200 events."""
    r = random.Random(seed)
    with open(path, "w", encoding="utf-8") as f:
        f.write('<?xml version="1.0" encoding="UTF-8" ?>\n<log xes.version="1.0">\n')
        written = case = 0
        while written < events:
            f.write(f'\t<trace>\n\t\t<date key="REG_DATE" value="{moment(case * 600)}.000+08:00"/>\n\t\t<string key="concept:name" value="{case}"/>\n')
            at, case = case * 600, case + 1
            for _ in range(min(r.randint(3, 37), events - written)):
                at += r.randint(1, 90_000)
                f.write(f'\t\t<event>\n\t\t\t<string key="org:resource" value="{10_000 + r.randint(0, 70)}"/>\n\t\t\t<string key="lifecycle:transition" '
                        f'value="COMPLETE"/>\n\t\t\t<string key="concept:name" value="{r.choice(STEPS)}"/>\n\t\t\t<date key="time:timestamp" '
                        f'value="{moment(at)}.{r.randint(0, 999):03}+08:00"/>\n\t\t</event>\n')
                written += 1
            f.write("\t</trace>\n")
        f.write("</log>\n")


def write_csv(path, rows, seed=6):
    """A twentieth as many cases as rows, interleaved, in the order of time."""
    r = random.Random(seed)
    cases = max(1, rows // 20)
    with open(path, "w", encoding="utf-8") as f:
        f.write("case_id,activity,timestamp,resource,note\n")
        for block in range(0, rows, 100_000):
            hour = moment(block, " ")[:14]
            f.write("".join(f"D{r.randrange(cases):07},{STEPS[r.randrange(9)]},{hour}{i // 60 % 60:02}:{i % 60:02},u{r.randrange(200)},-\n"
                            for i in range(min(100_000, rows - block))))


def run(program, log):
    """Seconds, seconds of processor time, and the most memory in MB of one run."""
    begun = time.perf_counter()
    with open(os.devnull, "w") as nowhere:
        child = subprocess.Popen([program, "mine", log, "--json"], stdout=nowhere)
        _, status, used = os.wait4(child.pid, 0)
    if status != 0:
        raise RuntimeError(f"mine {log}: {status}")
    child.returncode = 0
    return time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def expat_pass(path):
    begun = time.process_time()
    parser = xml.parsers.expat.ParserCreate()
    with open(path, "rb") as f:
        parser.ParseFile(f)
    return time.process_time() - begun


def csv_pass(path):
    begun = time.process_time()
    with open(path, encoding="utf-8", newline="") as f:
        for _ in csv.reader(f):
            pass
    return time.process_time() - begun


def bench(program, folder):
    xes, packed, table = (os.path.join(folder, name) for name in ("log.xes", "log.xes.gz", "log.csv"))
    say(f"mine: {EVENTS} events of XES")
    write_xes(xes, EVENTS)
    with open(xes, "rb") as plain, gzip.open(packed, "wb", 6) as out:
        out.write(plain.read())
    turns = [(run(program, xes), run(program, packed), expat_pass(xes)) for _ in range(TURNS)]
    say(f"mine: {ROWS} rows of CSV")
    write_csv(table, ROWS)
    rows, peer = run(program, table), csv_pass(table)
    for path in (xes, packed, table):
        os.unlink(path)
    mine, gz, pass_ = (median([t[i][1] if i < 2 else t[i] for t in turns]) for i in range(3))
    return {"mine_events": EVENTS, "mine_xes_seconds": rounded(median([t[0][0] for t in turns])), "mine_xes_cpu_seconds": rounded(mine),
            "mine_xes_gzip_seconds": rounded(median([t[1][0] for t in turns])), "mine_xes_gzip_cpu_seconds": rounded(gz),
            "mine_xes_mb": rounded(max(t[0][2] for t in turns)), "expat_pass_cpu_seconds": rounded(pass_), "mine_xes_to_expat_pass": rounded(pass_ / mine),
            "mine_csv_rows": ROWS, "mine_csv_seconds": rounded(rows[0]), "mine_csv_cpu_seconds": rounded(rows[1]), "mine_csv_mb": rounded(rows[2]),
            "python_csv_pass_cpu_seconds": rounded(peer), "mine_csv_to_python_csv_pass": rounded(peer / rows[1])}, []
