#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds "needs N launches" to a kept run.

needed.py NAME PROGRAM [FIRST]

Compares the first FIRST (17) launches of each cell of results/reference/NAME.
Of the rows that are then inconclusive and need no more launches than the kept
run has of their cell, at least 80 % are to be decided by as many launches as
they were said to need, drawn from all of the cell's without replacement, three
times. PROGRAM is the serialbench program.
"""

import csv
import io
import pathlib
import random
import subprocess
import sys
import tempfile

import launches

HERE = pathlib.Path(__file__).resolve().parent
DRAWS = 3
LEAST = 0.8


def compare(folder, program, keep):
    """{(cell, variant): row} of the launches that keep() says."""
    with tempfile.TemporaryDirectory() as run:
        run = pathlib.Path(run)
        (run / "plan.csv").write_text(
            launches.uncompressed(folder / "plan.csv.xz"), encoding="utf-8")
        launches.write_trials(folder, run, keep)
        done = subprocess.run(
            [program, "compare", str(run), "--format", "csv"], check=True,
            capture_output=True, text=True)
    return {(row["cell"], row["variant"]): row
            for row in csv.DictReader(done.stdout.splitlines())
            if row["family"] == "headline"}


def main(name, program, first=17):
    folder, first = HERE / name, int(first)
    numbers = {}
    for row in csv.DictReader(io.StringIO(
            launches.uncompressed(folder / "launches.csv.xz"))):
        numbers.setdefault(row["cell"], set()).add(int(row["launch"]))
    numbers = {cell: sorted(found) for cell, found in numbers.items()}
    early = compare(folder, program, lambda cell, launch: launch in
                    numbers[cell][:first])
    asked = {key: int(row["launches_needed"]) for key, row in early.items()
             if row["verdict"] == "inconclusive" and row["launches_needed"]}
    asked = {key: n for key, n in asked.items()
             if first < n <= len(numbers[key[0]])}
    decided, wanted = 0, random.Random(1)
    for _ in range(DRAWS):
        # One number of launches a cell and comparison: the rows that need it.
        for n in sorted(set(asked.values())):
            drawn = {cell: set(wanted.sample(found, min(n, len(found))))
                     for cell, found in numbers.items()}
            rows = compare(folder, program,
                           lambda cell, launch: launch in drawn[cell])
            decided += sum(rows[key]["verdict"] != "inconclusive"
                           for key, needed in asked.items() if needed == n)
    made = DRAWS * len(asked)
    share = decided / made if made else 1
    print(f"{len(asked)} rows need more than {first} launches and no more than "
          f"there are: decided in {decided} of {made} draws, "
          f"{100 * share:.0f} %")
    return 0 if share >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
