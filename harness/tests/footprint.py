# SPDX-License-Identifier: MIT
"""Bytes at the checkpoints of a workload's course: rows of metrics.csv."""
import os
import sys

from run_dir import check, finish, folder, rows, run, same

PROGRAM = sys.argv[1]
NAMES = ("live_peak", "resident_peak", "resident_first", "resident_last",
         "resident_over_live")
# What the blocks are asked to hold at most, by cell.
LIVE = {
    "fragmentation,budget=1024/system/t1": (1 << 20, 1 << 20),
    "fragmentation,budget=1024/system/t2": (2 << 20, 2 << 20),
    "mleak,slots=100,size=4096/system/t1": (409600, 409600),
    "mleak,slots=100,size=4096/system/t2": (409600, 409600),
    "blowup,live=2048,churn=10/system/t1": (2031 << 10, 2 << 20),
    "blowup,live=2048,churn=10/system/t2": (4062 << 10, 4 << 20),
}
VARIANTS = ("none", "tls", "plain")


def check_weighing(cell, variant, found):
    where = f"{variant}, {cell}"
    same(f"{where}: metrics", sorted(found), sorted(NAMES))
    if sorted(found) != sorted(NAMES):
        return
    live, peak = found["live_peak"], found["resident_peak"]
    least, most = LIVE[cell]
    check(least <= live <= most, where, "live", live, "not in", LIVE[cell])
    # Every page of a block is touched; threads need not be at their most at
    # the same time.
    if cell.endswith("t1"):
        check(peak >= live, where, "resident", peak, "below live", live)
    check(peak < 40 * live, where, "resident", peak, "live", live)
    check(0 < found["resident_first"] <= peak, where, found)
    check(0 < found["resident_last"] <= peak, where, found)
    check(abs(found["resident_over_live"] - peak / live) < 1e-9, where, found)


def main():
    with folder() as path:
        out = os.path.join(path, "run")
        done = run(PROGRAM, "run", "--quick", "--workload",
                   "pair,size=64,fragmentation,budget=1024,"
                   "mleak,slots=100,size=4096,blowup,live=2048,churn=10",
                   "--variant", ",".join(VARIANTS + ("null",)),
                   "--allocator", "system", "--threads", "1,2", "--no-pin",
                   "--launches", 2, "--rounds", 2, "--turn-us", 50,
                   "--no-micro", "--no-exec", "--out", out)
        same("exit code", done.returncode, 0)
        if done.returncode != 0:
            sys.exit(done.stderr)
        found = {}
        for row in rows(out, "metrics.csv"):
            if row["metric"] in NAMES:
                found.setdefault((row["cell"], row["variant"]), {})[
                    row["metric"]] = float(row["value"])
        # None of `null`, which has no memory, nor of a workload of time.
        same("weighed", sorted(found),
             sorted((cell, variant) for cell in LIVE for variant in VARIANTS))
        for (cell, variant), metrics in found.items():
            check_weighing(cell, variant, metrics)
        for cell in LIVE:
            same(f"live of {cell} under all variants",
                 len({found.get((cell, variant), {}).get("live_peak")
                      for variant in VARIANTS}), 1)


main()
finish()
