"""Power flows: what bench/grid_bench prints, which measures itself and its peer in one run on one processor."""

import json
import os
import subprocess

from measure import ROOT, processors, rounded, say


def bench(program, _folder):
    say("grid")
    binary = os.path.join(os.path.dirname(program), "bench", "grid_bench")
    done = subprocess.run([binary], check=True, stdout=subprocess.PIPE, cwd=ROOT,
                          preexec_fn=lambda: os.sched_setaffinity(0, {processors()[0]}))
    return {name: rounded(value) for name, value in json.loads(done.stdout).items()}, []
