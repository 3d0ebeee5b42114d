"""The first page on a cheap phone: Chromium at 1.6 Mbit/s, 150 ms and a processor four times slower, the cache empty. When it can be
used (its main button is there and answers), how much script it took, and how much moved when data came (cumulative layout shift)."""

import json
import os
import subprocess

from measure import BENCH, ROOT, TURNS, Missing, Server, median, rounded, say


def bench(program, folder):
    node = os.path.join(ROOT, "web", "node_modules", ".bin", "node")
    if not os.path.exists(node) or not os.path.exists("/usr/bin/chromium"):
        raise Missing("the web's packages (npm --prefix web ci) and chromium (apt.txt, group test)")
    say("pages")
    server = Server(program, "serve", "--data", os.path.join(folder, "pages"), "--port", "0", "--demo")
    try:
        turns = json.loads(subprocess.run([node, os.path.join(BENCH, "pages.mjs"), f"http://{server.address}", str(TURNS)], check=True,
                                          stdout=subprocess.PIPE).stdout)
    finally:
        server.stop()
    figures = {}
    for page, runs in turns.items():
        figures[f"pages_{page}_interactive_s"] = rounded(median([run["interactive"] for run in runs]) / 1000)
        figures[f"pages_{page}_layout_shift"] = rounded(max(run["shift"] for run in runs))
        figures[f"pages_{page}_script_kib"] = rounded(median([run["script"] for run in runs]) / 1024)
    return figures, []
