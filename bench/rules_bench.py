"""The facts that `decide` is measured on, and its peer: json-rules-engine over rules made of the same tables."""

import json
import os
import random
import subprocess

from measure import PEERS, ROOT, SECONDS, TURNS, Missing, median, node, rounded, say

PACK = os.path.join(ROOT, "packs", "yantai-2021-168")
SAME = ("programme", "voltage", "class", "stages", "permit", "boundary", "four_zero_failed", "zero_application",
        "counts_in_longest_time", "flags")


def facts(count, seed=20210610):
    """Applications of every kind, the same each time: the decision must not be measured on its easiest case."""
    r = random.Random(seed)
    flip = lambda share=0.5: r.random() < share
    for number in range(count):
        yield {
            "id": f"b{number}",
            "applied_at": f"2021-{r.randint(1, 12):02}-{r.randint(1, 28):02}T{r.randint(0, 23):02}:{r.randint(0, 59):02}:00+08:00",
            "customer": r.choice(["resident", "non_resident", "non_resident"]),
            "voltage": r.choice(["lv", "lv", "10kv", "10kv", "35kv_plus"]),
            "requested_kw": r.choice([8, 15, 100, 160, 161, 400, 2000, 12000]),
            "sources": r.choice([1, 1, 2]), "important": flip(0.2), "new_installation": flip(0.8),
            "works_needed": flip(0.8), "self_built": flip(),
            "supply_kind": r.choice(["ordinary", "ordinary", "unified_estate", "ev_charger", "pv"]),
            "lead": r.choice(["none", "approval_platform", "park"]), "simple_low_risk_project": flip(0.2),
            "enterprise": {
                "business_licence": flip(0.9), "registered_address_is_supply_address": flip(0.9), "group_customer": flip(0.1),
                "tariff": r.choice(["general_commercial", "general_commercial", "large_industrial", "agricultural"]),
                "direct_supply": flip(0.9), "connected_kva_at_address": r.choice([15, 100, 160, 315]),
                "in_urban_planning_area": flip(), "park": r.choice(["none", "municipal", "provincial", "national"]),
                "in_project_library": flip(0.1)},
            "source_distance_m": r.choice([30, 199, 201, 900]), "site_reason": r.choice(["", "地下管线密集"]),
            "route": {
                "road": r.choice(["none", "urban_other", "arterial", "expressway", "highway"]), "reroutes_highway": flip(0.05),
                "occupies_green": flip(0.2), "trees": r.choice(["none", "none", "ordinary", "protected"]),
                "interested_party": flip(0.1)},
            "commitment_conditions_met": flip()}


def own(program, file, rounds):
    return json.loads(subprocess.run([program, "decide", "--bench", str(rounds), file], check=True, stdout=subprocess.PIPE).stdout)


def compare(program, peer, file):
    """Both must come to the same, or the figures are not of one thing."""
    ours = subprocess.run([program, "decide", file], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    theirs = subprocess.run([*peer, PACK, file], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    if len(ours) != len(theirs):
        raise RuntimeError(f"{len(ours)} decisions beside {len(theirs)}")
    for mine, other in zip(map(json.loads, ours), map(json.loads, theirs)):
        mine["boundary"] = mine["investment"]["boundary"]
        for field in SAME:
            if mine[field] != other[field]:
                raise RuntimeError(f"{mine['id']}: {field} is {mine[field]}, json-rules-engine has {other[field]}")
        if sorted(sum(mine["documents"].values(), [])) != sorted(other["documents"]):
            raise RuntimeError(f"{mine['id']}: other documents")


def bench(program, folder):
    file = os.path.join(folder, "facts.jsonl")
    with open(file, "w", encoding="utf-8") as f:
        f.writelines(json.dumps(each, ensure_ascii=False) + "\n" for each in facts(1000))
    try:
        peer = [node(), os.path.join(PEERS, "rules.mjs")]
    except Missing as e:
        say("left out:", e)
        return {"decide_per_second": rounded(own(program, file, 3000)["per_second"])}, [str(e)]
    compare(program, peer, file)
    ours, theirs = [], []
    for turn in range(TURNS):
        say(f"decide, turn {turn + 1} of {TURNS}")
        ours.append(own(program, file, 1000)["per_second"])
        done = subprocess.run([*peer, PACK, file, str(SECONDS / 5)], check=True, stdout=subprocess.PIPE)
        theirs.append(json.loads(done.stdout)["per_second"])
    return {"decide_per_second": rounded(median(ours)), "decide_json_rules_engine_per_second": rounded(median(theirs)),
            "decide_to_json_rules_engine": rounded(median(ours) / median(theirs))}, []
