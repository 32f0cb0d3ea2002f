# SPDX-License-Identifier: MIT
"""turns.py SERIALBENCH OUT [TURNS WORKLOAD…]: what a turn's length costs.

Runs the workloads (some of those that short turns are for) with each of
--turn-us TURNS (25,50,100,200,400,1600), in turn about, a few launches at a time, so that what else the machine
does falls on all lengths alike. Writes OUT, a CSV with a row for each length:

turn_us       as --turn-us has it
launches      of all cells
launch_ms     wall time of one, with its start
sd            standard deviation of a launch's log ratio over `none`: from the
              median distance, median over cells and variants
width         of an interval for equal time, over that of 100 us
shift         of the log ratios of the debug variants against those at the
              longest turn: median, and median size
"""
import collections
import csv
import math
import os
import statistics
import subprocess
import sys
import tempfile

TURNS = "25,50,100,200,400,1600"
COMMON = 100
ROUNDS, LAUNCHES, PASSES = 5, 9, 4
WORKLOADS = ("pair,size=64", "stack,k=100", "threadtest", "calloc,size=64")
# Not `plain` and `null`, whose turns are shorter than the others'.
DEBUG = "tls", "slot", "again", "global", "atomic"
NORMAL = 1.4826  # median distance to standard deviation


def run(program, folder, turn_us, seed, workloads):
    """The trials of one run, and how long its launches took, in ns."""
    out = os.path.join(folder, f"{turn_us}-{seed}")
    subprocess.run(
        [program, "run", "--workload", ",".join(workloads), "--launches",
         str(LAUNCHES), "--extra-launches", "0", "--rounds", str(ROUNDS),
         "--turn-us", str(turn_us), "--seed", str(seed), "--out", out,
         "--no-micro", "--no-exec", "--no-latency"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(os.path.join(out, "trials.csv"), encoding="utf-8") as file:
        return list(csv.DictReader(file))


def launch_ratios(trials):
    """Cell and variant → a launch's median log ratio over none, of each."""
    turns = collections.defaultdict(dict)
    for row in trials:
        if row["status"] == "ok" and row["excluded"] == "0":
            turns[row["cell"], row["launch"], row["round"]][
                row["variant"]] = math.log(float(row["ns_per_op"]))
    rounds = collections.defaultdict(list)
    for (cell, launch, _), of in turns.items():
        for variant in of:
            if variant != "none" and "none" in of:
                rounds[cell, variant, launch].append(of[variant] - of["none"])
    ratios = collections.defaultdict(list)
    for (cell, variant, _), values in rounds.items():
        ratios[cell, variant].append(statistics.median(values))
    return ratios


def deviation(values):
    middle = statistics.median(values)
    return NORMAL * statistics.median(abs(x - middle) for x in values)


def main():
    program, out = sys.argv[1:3]
    turns = list(map(int, (sys.argv[3:] or [TURNS])[0].split(",")))
    workloads = sys.argv[4:] or WORKLOADS
    ratios = {turn: collections.defaultdict(list) for turn in turns}
    spans = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(1, PASSES + 1):
            for turn in turns:
                trials = run(program, folder, turn, seed, workloads)
                stamps = [int(row["t_start_unix_ns"]) for row in trials]
                spans[turn] += max(stamps) - min(stamps)
                for key, values in launch_ratios(trials).items():
                    ratios[turn][key] += values
    launches = {turn: sum(map(len, of.values())) // len({
        variant for _, variant in of}) for turn, of in ratios.items()}
    sd = {turn: statistics.median(map(deviation, of.values()))
          for turn, of in ratios.items()}
    each = {turn: spans[turn] / launches[turn] for turn in turns}
    with open(out, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("turn_us", "rounds", "launches", "launch_ms", "sd",
                        "width", "shift", "shift_size"))
        for turn in turns:
            equal_time = math.sqrt(each[turn] / each[COMMON])
            shifts = [statistics.median(values) -
                      statistics.median(ratios[turns[-1]][key])
                      for key, values in ratios[turn].items()
                      if key[1] in DEBUG]
            table.writerow((
                turn, ROUNDS, launches[turn], f"{each[turn] / 1e6:.1f}",
                f"{sd[turn]:.4f}",
                f"{sd[turn] / sd[COMMON] * equal_time:.2f}",
                f"{statistics.median(shifts):.4f}",
                f"{statistics.median(map(abs, shifts)):.4f}"))


main()
