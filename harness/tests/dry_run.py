# SPDX-License-Identifier: MIT
"""What --dry-run expects of a plan, worked out again from the kept run."""
import math
import os
import re
import shutil
import statistics
import sys

from resume_dir import ROUNDS, command
from run_dir import check, finish, folder, rows, run, same

PROGRAM = sys.argv[1]
LINE = re.compile(r"  (\S+)  sees about ([0-9.e+-]+) % in ([0-9.]+) s")


def rank(launches):
    """The largest with an exact error of at most 5 %."""
    found = total = 0
    for k in range(launches):
        total += math.comb(launches, k)
        if 2 * total / 2 ** launches > 0.05:
            break
        found = k + 1
    return found


def expected(path, cell, launches):
    sigmas = [float(row["sigma"]) for row in rows(path, "comparisons.csv")
              if row["cell"] == cell and row["baseline"] == "none"]
    at = rank(launches)
    outer, inner = (statistics.NormalDist().inv_cdf(
        (launches - k + 1 - 0.375) / (launches + 0.25)) for k in (at, at + 1))
    # Hettmansperger and Sheather: inwards to 95 %, where there is room.
    inwards = 0
    if 2 * (at + 1) <= launches:
        level, next_level = (1 - 2 * sum(
            math.comb(launches, k) for k in range(end)) / 2 ** launches
            for end in (at, at + 1))
        share = (level - 0.95) / (level - next_level)
        inwards = (launches - at) * share / (
            at + (launches - 2 * at) * share)
    return 100 * math.expm1(statistics.median(sigmas)
                            * (outer + inwards * (inner - outer)))


def dry_run(launches, *more, rounds=ROUNDS):
    done = run(PROGRAM, *command(launches, 3, "--dry-run", *more,
                                 rounds=rounds))
    same(f"{launches} launches, {more}: exit code", done.returncode, 0)
    return done.stdout


def seen(path):
    """More launches see more; each figure is that of the file."""
    pilot = os.path.join(path, "pilot.csv")
    before = {}
    for launches in (6, 9, 30, 300):
        found = LINE.findall(dry_run(launches, "--pilot", pilot))
        same(f"{launches} launches: cells", len(found), 2)
        for cell, percent, _ in found:
            want = expected(path, cell, launches)
            check(math.isclose(float(percent), want, rel_tol=0.06,
                               abs_tol=1e-9),
                  cell, launches, "launches: sees", percent, "not", want)
            check(want <= before.get(cell, math.inf), cell, before, want)
            before[cell] = want
    # A budget of a second holds fewer of many launches than all.
    one, all_of_them = (
        [float(seconds) for _, _, seconds in LINE.findall(text)]
        for text in (dry_run(3000, "--pilot", pilot, "--time-budget", 1),
                     dry_run(3000, "--pilot", pilot)))
    check(max(one) < 2 < min(all_of_them), one, all_of_them)


def chosen(path):
    """Rounds that are not named are those of the file, with its times."""
    out = os.path.join(path, "chosen")
    pilot = os.path.join(out, "pilot.csv")
    done = run(PROGRAM, *command(12, 3, "--out", out, rounds=None))
    same("run of open rounds: exit code", done.returncode, 0)
    text = dry_run(30, "--pilot", pilot, rounds=None)
    numbers = [int(row["rounds"]) for row in rows(out, "pilot.csv")]
    said = (f"{min(numbers)} to {max(numbers)} rounds"
            if min(numbers) < max(numbers) else f", {numbers[0]} rounds")
    check(said in text and "chooses" not in text, said, text)
    for (cell, percent, seconds), row in zip(LINE.findall(text),
                                             rows(out, "pilot.csv")):
        same("open rounds: cell", cell, row["cell"])
        want = expected(out, cell, 30)
        check(math.isclose(float(percent), want, rel_tol=0.06), cell, percent,
              want)
        # From the nineteenth on `again` is in one launch of three.
        want = (22 + 8 * 2 / 3) * 1e-9 * (
            float(row["start_ns"])
            + int(row["rounds"]) * float(row["round_ns"]))
        check(abs(float(seconds) - want) < 0.051, cell, seconds, want)
    same("open rounds: cells", len(LINE.findall(text)), 2)


def unknown(path, folder_path):
    """Nothing is said of what that run does not tell."""
    pilot = os.path.join(path, "pilot.csv")
    for what, text, said in (
            ("no pilot", dry_run(6), "--pilot RUN/pilot.csv of a run"),
            ("few launches", dry_run(5, "--pilot", pilot),
             "from 5 launches no interval"),
            ("other rounds", dry_run(6, "--pilot", pilot, "--rounds", 5),
             "plan.csv: not 5 rounds of turns of 50 us"),
            ("other turns", dry_run(6, "--pilot", pilot, "--turn-us", 60),
             "plan.csv: not 4 rounds of turns of 60 us"),
            ("open rounds", dry_run(6, rounds=None),
             "3 to 15 rounds of 3 lanes"),
            ("open rounds", dry_run(6, rounds=None),
             "the pilot chooses the rounds of each cell, by what a start"),
            ("open rounds, other turns", dry_run(
                6, "--pilot", pilot, "--turn-us", 60, rounds=None),
             "plan.csv: not turns of 60 us"),
            ("no plan", dry_run(6, "--pilot", pilot_alone(
                path, folder_path)), "plan.csv: No such file")):
        check(said in text, what, "says", text, "not", said)
        same(f"{what}: cells that see", len(LINE.findall(text)), 0)


def pilot_alone(path, folder_path):
    """pilot.csv without the rest of its run."""
    alone = os.path.join(folder_path, "alone")
    os.mkdir(alone)
    return shutil.copy(os.path.join(path, "pilot.csv"), alone)


def refused(path, folder_path):
    """What the run would refuse of --pilot is refused, in the same words."""
    pilot = os.path.join(path, "pilot.csv")
    out = os.path.join(folder_path, "refused")
    for more, said in ((("--pilot", "/no"), "--pilot: /no: No such file"),
                       (("--pilot", pilot, "--workload", "stack"),
                        "no row for cell")):
        dry = run(PROGRAM, *command(6, 3, "--dry-run", *more))
        real = run(PROGRAM, *command(6, 3, "--out", out, *more))
        same(f"{more}: exit codes", (dry.returncode, real.returncode), (2, 2))
        same(f"{more}: dry run", dry.stderr, real.stderr)
        same(f"{more}: stdout", dry.stdout, "")
        check(said in dry.stderr, more, said, dry.stderr)


def main():
    with folder() as path:
        out = os.path.join(path, "out")
        done = run(PROGRAM, *command(12, 3, "--out", out))
        same("kept run: exit code", done.returncode, 0)
        seen(out)
        unknown(out, path)
        refused(out, path)
        chosen(path)
    finish()


main()
