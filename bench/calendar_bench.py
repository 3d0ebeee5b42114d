"""Deadlines: the calendar beside going through the days one by one, and beside chinese-days, on the same questions."""

import datetime
import json
import os
import random
import subprocess

from measure import PEERS, SECONDS, TURNS, Missing, median, node, rounded, say


def questions(count, seed=20210610):
    """Dates of all the covered years and limits of 1 to 30 working days, in no order."""
    r, first, last = random.Random(seed), datetime.date(2018, 1, 1), datetime.date(2026, 12, 31)
    for _ in range(count):
        yield first + datetime.timedelta(days=r.randint(0, (last - first).days - 60)), r.randint(1, 30)


def call(*words, **options):
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def bench(program, folder):
    file = os.path.join(folder, "questions.txt")
    with open(file, "w", encoding="ascii") as f:
        f.writelines(f"{date} {days}\n" for date, days in questions(100_000))
    own = os.path.join(os.path.dirname(program), "bench", "calendar_bench")
    missing, peer, ours, by_day, theirs = [], None, [], [], []
    try:
        peer = [node(), os.path.join(PEERS, "calendar.mjs"), file]
        with open(file, encoding="ascii") as f:
            if call(program, "calendar", "add", "-", stdin=f) != call(*peer):
                raise RuntimeError("chinese-days has other dates")
    except Missing as e:
        say("left out:", e)
        missing = [str(e)]
    for turn in range(TURNS):
        say(f"calendar, turn {turn + 1} of {TURNS}")
        figures = json.loads(call(own, file))
        ours.append(figures["calendar_deadlines_per_second"])
        by_day.append(figures["calendar_day_by_day_per_second"])
        if peer:
            theirs.append(json.loads(call(*peer, str(SECONDS / 5)))["per_second"])
    out = {"calendar_deadlines_per_second": rounded(median(ours)), "calendar_day_by_day_per_second": rounded(median(by_day)),
           "calendar_to_day_by_day": rounded(median(ours) / median(by_day))}
    if peer:
        out["calendar_chinese_days_per_second"] = rounded(median(theirs))
        out["calendar_to_chinese_days"] = rounded(median(ours) / median(theirs))
    return out, missing
