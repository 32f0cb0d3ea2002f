# SPDX-License-Identifier: MIT
"""What is kept of a run's trials: of each launch the medians over its rounds.

launches.csv.xz stands in a kept folder for trials.csv, which is fifty times as
large; all comparisons over its baseline follow from it.
"""

import csv
import io
import lzma
import math
import pathlib
import re
import statistics

HERE = pathlib.Path(__file__).resolve().parent


def medians(trials, baseline):
    """Per cell, variant and launch: median ns per operation, and the median
    ratio to the baseline; of the rounds that count, or of all where none does."""
    rounds, roles = {}, {}
    for row in trials:
        roles[row["variant"]] = row["role"]
        if row["status"] == "ok":
            launch = rounds.setdefault((row["cell"], int(row["launch"])), {})
            launch.setdefault(row["round"], {})[row["variant"]] = (
                float(row["ns_per_op"]), row["excluded"] == "1")
    for (cell, launch), all_rounds in sorted(rounds.items()):
        whole = [lanes for lanes in all_rounds.values() if baseline in lanes]
        counted = [lanes for lanes in whole
                   if not any(out for _, out in lanes.values())]
        counted = counted if counted else whole
        for variant in sorted(counted[0]) if counted else ():
            yield {
                "cell": cell, "launch": launch, "variant": variant,
                "role": roles[variant], "counted": int(counted is not whole),
                "rounds": len(counted),
                "ns_per_op": statistics.median(
                    lanes[variant][0] for lanes in counted),
                "over_baseline": math.exp(statistics.median(
                    math.log(lanes[variant][0] / lanes[baseline][0])
                    for lanes in counted))}


def compressed(path, text):
    with lzma.open(path, "wt", preset=9, encoding="utf-8", newline="") as file:
        file.write(text)


def uncompressed(path):
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        return file.read()


def write(run, folder, baseline):
    with open(run / "trials.csv", encoding="utf-8") as file:
        rows_of_run = list(medians(csv.DictReader(file), baseline))
    text = io.StringIO()
    writer = csv.DictWriter(text, rows_of_run[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows_of_run)
    compressed(folder / "launches.csv.xz", text.getvalue())


def trial_columns():
    """The columns of trials.csv, from the list that the program has."""
    text = (HERE.parent / "csv" / "record.h").read_text(encoding="utf-8")
    return re.findall(r"\b(?:TEXT|COUNT|REAL)\((\w+), \"", text)


def write_trials(folder, run, keep=lambda cell, launch: True):
    """trials.csv with a round a launch, which has the launch's medians: it
    gives the same medians over launches. Only those that keep() says."""
    columns = trial_columns()
    with open(run / "trials.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        for row in csv.DictReader(io.StringIO(
                uncompressed(folder / "launches.csv.xz"))):
            if not keep(row["cell"], int(row["launch"])):
                continue
            writer.writerow({
                "schema_version": 1, "cell": row["cell"],
                "launch": row["launch"], "round": 0, "ops": 1,
                "variant": row["variant"], "role": row["role"],
                "ns_per_op": repr(float(row["over_baseline"])),
                "status": "ok", "excluded": 1 - int(row["counted"])})
