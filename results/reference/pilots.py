# SPDX-License-Identifier: MIT
"""pilots.py RUN: how near the pilots of a run came to what they aim at.

From metrics.csv: in how many cells the baseline's turn costs in the relay at
most 2, 5 and 10 % more than alone, and in how many the warm-up grew as far as
it may. From trials.csv (or trials.csv.xz): the length of a cell's turns over
what was asked for (the geometric mean over the lanes of their medians), the
lanes above eight times that, and how far apart the threads of two-thread turns
begin.
"""
import collections
import csv
import io
import lzma
import math
import os
import statistics
import sys

UNIFORM = ("counter", "pair", "stack", "threadtest", "calloc", "aligned",
           "xmalloc", "many-to-one", "cache-thrash", "cache-scratch")
LONG, LONGEST = 2, 8  # as harness/relay/pilot.c has them


def trials(run):
    path = os.path.join(run, "trials.csv")
    raw = (open(path, "rb") if os.path.exists(path)
           else lzma.open(path + ".xz"))
    with io.TextIOWrapper(raw, encoding="utf-8") as file:
        yield from csv.DictReader(file)


def warmups(run):
    cells = collections.defaultdict(dict)
    with open(os.path.join(run, "metrics.csv"), encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["metric"] in ("turn_ops", "warmup_ops", "alone_ns_per_op",
                                 "relay_ns_per_op"):
                cells[row["cell"]][row["metric"]] = float(row["value"])
    dear = {cell: of["relay_ns_per_op"] / of["alone_ns_per_op"]
            for cell, of in cells.items()}
    print(f"{len(dear)} cells; in the relay at most so much dearer than alone:",
          *(f"{limit} %: {sum(d <= 1 + limit / 100 for d in dear.values())}"
            for limit in (2, 5, 10)))
    print("at the longest warm-up and above 2 %:",
          sum(dear[cell] > 1.02 and 2 * of["warmup_ops"] > of["turn_ops"]
              for cell, of in cells.items()))


def turns(run, turn_us):
    lanes, skews = collections.defaultdict(list), []
    for row in trials(run):
        if row["status"] != "ok":
            continue
        asked = turn_us * 1e3 * (1 if row["workload"] in UNIFORM else LONG)
        lanes[row["cell"], row["variant"]].append(
            float(row["wall_ns"]) / asked)
        if row["threads"] == "2" and row["excluded"] == "0":
            skews.append(float(row["start_skew_ns"]))
    cells = collections.defaultdict(list)
    for (cell, _), lengths in lanes.items():
        cells[cell].append(math.log(statistics.median(lengths)))
    means = sorted(math.exp(statistics.mean(logs)) for logs in cells.values())
    tenths = statistics.quantiles(means, n=10)
    print(f"length over what was asked for: {means[0]:.2f} to {means[-1]:.2f}, "
          f"median {statistics.median(means):.2f}, "
          f"8 cells of 10 from {tenths[0]:.2f} to {tenths[-1]:.2f}")
    above = {lane: statistics.median(lengths) for lane, lengths in lanes.items()
             if statistics.median(lengths) > LONGEST}
    print(f"lanes above {LONGEST} times: {len(above)} of {len(lanes)}",
          *(f"{cell} {variant} {times:.1f}"
            for (cell, variant), times in above.items()))
    hundredths = statistics.quantiles(skews, n=100)
    print(f"start skew of two threads, ns: median {hundredths[49]:.0f}, "
          f"90 % {hundredths[89]:.0f}, 99 % {hundredths[98]:.0f}")


def main():
    run = sys.argv[1]
    with open(os.path.join(run, "plan.csv"), encoding="utf-8") as file:
        turn_us = int(next(csv.DictReader(file))["turn_us"])
    warmups(run)
    turns(run, turn_us)


main()
