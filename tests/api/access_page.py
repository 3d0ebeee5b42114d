#!/usr/bin/env python3
"""docs/access.md against `tongdian routes --table`: the page holds the program's own table. With --write it is written anew."""

import os
import subprocess
import sys

PAGE = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "access.md")
PROGRAM = os.environ.get("TONGDIAN", os.path.join(os.path.dirname(__file__), "..", "..", "build", "tongdian"))
BEGIN, END = "<!-- tongdian routes --table -->\n", "<!-- end -->"

with open(PAGE, encoding="utf-8") as f:
    page = f.read()
table = subprocess.run([PROGRAM, "routes", "--table"], check=True, capture_output=True, text=True).stdout
head, _, rest = page.partition(BEGIN)
_, _, tail = rest.partition(END)
wanted = head + BEGIN + "\n" + table + "\n" + END + tail
if "--write" in sys.argv:
    with open(PAGE, "w", encoding="utf-8") as f:
        f.write(wanted)
elif page != wanted:
    sys.exit("docs/access.md is not the program's table: tests/api/access_page.py --write")
