# SPDX-License-Identifier: MIT
"""rounds_share.py TRIALS: how the intervals of a run would narrow with rounds.

TRIALS is a trials.csv or trials.csv.xz. Prints the median half width, in per
cent, of the intervals over `none` with only the first 3, 5, 7 … rounds of each
launch, and fits its square to a + b / rounds: b / a is ROUNDS_SHARE of
harness/plan/rounds.h. One round is left out: nothing outvotes it, and no launch has
so few. Numbers of rounds that not every launch was to have are left
out."""
import collections
import csv
import lzma
import math
import statistics
import sys

ALPHA = 0.05
FEWEST = 3  # ROUNDS_LEAST of harness/plan/rounds.h


def rank_of(launches):
    """Of the interval's ends among the launches; 0 where there is none."""
    tail = 0.0
    for rank in range(launches):
        tail += math.comb(launches, rank) / 2 ** launches
        if 2 * tail > ALPHA:
            return rank
    return 0


def read_launches(path):
    """Launch → round → variant → log of its time; and the rounds that all
    launches were to have."""
    launches = collections.defaultdict(lambda: collections.defaultdict(dict))
    last = collections.defaultdict(int)
    with (lzma.open(path, "rt") if path.endswith(".xz")
          else open(path, encoding="utf-8")) as file:
        for row in csv.DictReader(file):
            launch = row["cell"], row["launch"]
            if row["status"] != "ok":
                continue
            last[launch] = max(last[launch], int(row["round"]))
            if row["excluded"] == "0":
                launches[launch][int(row["round"])][row["variant"]] = math.log(
                    float(row["ns_per_op"]))
    return launches, 1 + min(last.values())


def half_widths(launches, rounds):
    ratios = collections.defaultdict(list)
    for (cell, _), kept in launches.items():
        first = [kept[index] for index in sorted(kept)[:rounds]]
        for variant in first[0] if first else ():
            if variant != "none" and "none" in first[0]:
                ratios[cell, variant].append(statistics.median(
                    turns[variant] - turns["none"] for turns in first))
    for values in ratios.values():
        rank = rank_of(len(values))
        if rank > 0:
            values.sort()
            yield 50 * (values[-rank] - values[rank - 1])


def main():
    if len(sys.argv) != 2:
        sys.exit("rounds_share.py: allowed is one trials.csv[.xz]")
    launches, rounds = read_launches(sys.argv[1])
    points = []
    for count in range(FEWEST, rounds + 1, 2):
        width = statistics.median(half_widths(launches, count))
        points.append((1 / count, width ** 2))
        print(f"{count} rounds: ±{width:.3f} %")
    if len(points) > 1:
        fit = statistics.linear_regression(*zip(*points))
        print(f"square: {fit.intercept:.2f} + {fit.slope:.2f} / rounds, "
              f"share {fit.slope / fit.intercept:.2f}")


main()
