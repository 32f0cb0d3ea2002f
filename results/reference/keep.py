#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Keeps a run as a reference, and holds the README to it.

keep.py keep RUN NAME    copies what a reader needs of a run directory to
                         results/reference/NAME and puts its table into README
keep.py check NAME COMPARE
                         fails where README, the kept table or the kept
                         comparisons differ from what the kept launches give;
                         COMPARE is the serialbench program

Raw trials are no source: of each launch the medians over its rounds are kept,
from which all comparisons over the baseline follow, and no report.html. A kept
run is at most 2 MB.
"""

import csv
import io
import json
import math
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

import launches

HERE = pathlib.Path(__file__).resolve().parent
README = HERE.parent.parent / "README.md"
BEGIN = "<!-- BEGIN: headline"
END = "<!-- END: headline -->"
KEPT = ("comparisons.csv", "memory.csv", "serial.csv", "exec.csv",
        "metrics.csv", "meta.json", "topology.xml", "headline.txt")
KEPT_BYTES = 2 << 20
KEPT_WHERE_THERE = ("summary.csv",)  # older runs have none
PICTURES = {"picture-forest.svg": "forest", "picture-throughput.svg":
            "throughput"}
PICTURE_CELL = "pair,size=64 · system"


def with_background(svg):
    """White paper: a reader's page may be dark."""
    end = svg.index(">", svg.index("<svg")) + 1
    return svg[:end] + '<rect width="100%" height="100%" fill="#ffffff"/>' + \
        svg[end:]


def keep_pictures(run, folder):
    for name, figure in PICTURES.items():
        for path in sorted((run / "plots").glob(f"{figure}-*.svg")):
            svg = path.read_text(encoding="utf-8")
            if PICTURE_CELL in svg:
                (folder / name).write_text(with_background(svg),
                                           encoding="utf-8")
                break
        else:
            raise SystemExit(f"{run}/plots: no {figure} of {PICTURE_CELL}")


def block(folder):
    table = (folder / "headline.txt").read_text(encoding="utf-8")
    return (f"{BEGIN} of results/reference/{folder.name}, put here by "
            f"results/reference/keep.py -->\n```text\n{table}```\n{END}")


def readme_block(text):
    return text[text.index(BEGIN):text.index(END) + len(END)]


def no_machine_paths(folder):
    """A run's files name no folder of the machine that made it."""
    for path in folder.iterdir():
        if path.suffix in (".xz", ".svg"):
            continue
        text = path.read_text(encoding="utf-8")
        for root in ("root", "home", "work", "tmp"):
            if f"/{root}/" in text:
                raise SystemExit(f"{path.name} names a path under /{root}")


def check_launches(folder):
    """The median over the kept launches is the kept comparison."""
    ratios, failed = {}, 0
    for row in csv.DictReader(io.StringIO(
            launches.uncompressed(folder / "launches.csv.xz"))):
        if row["counted"] == "1":
            ratios.setdefault((row["cell"], row["variant"]), []).append(
                float(row["over_baseline"]))
    with open(folder / "comparisons.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if (row["baseline"], row["metric"]) != ("none", "ns_per_op"):
                continue
            got = math.exp(statistics.median(
                map(math.log, ratios[row["cell"], row["variant"]])))
            if abs(got / float(row["ratio"]) - 1) > 1e-9:
                print(f"{row['cell']} {row['variant']}: the launches give "
                      f"{got}, the comparison has {row['ratio']}")
                failed = 1
    return failed


def keep(run, name):
    folder = HERE / name
    folder.mkdir()
    for file in KEPT:
        shutil.copy(run / file, folder / file)
    for file in KEPT_WHERE_THERE:
        if (run / file).exists():
            shutil.copy(run / file, folder / file)
    launches.compressed(folder / "plan.csv.xz",
               (run / "plan.csv").read_text(encoding="utf-8"))
    launches.write(run, folder, "none")
    keep_pictures(run, folder)
    no_machine_paths(folder)
    text = README.read_text(encoding="utf-8")
    README.write_text(text.replace(readme_block(text), block(folder)),
                      encoding="utf-8")


def rows(text):
    key = ("cell", "variant", "baseline")
    return {tuple(row[k] for k in key): row
            for row in csv.DictReader(text.splitlines())}


def recompute(folder, program):
    """The headline family and the summary, from the kept launches and plan
    alone."""
    with tempfile.TemporaryDirectory() as run:
        run = pathlib.Path(run)
        (run / "plan.csv").write_text(launches.uncompressed(folder / "plan.csv.xz"),
                                      encoding="utf-8")
        launches.write_trials(folder, run)
        return [subprocess.run(
            [program, "compare", str(run), "--format", form], check=True,
            capture_output=True, text=True).stdout for form in ("csv", "json")]


def same(kept, again):
    """Two fields of a CSV: texts alike, numbers to their last digits."""
    try:
        return math.isclose(float(kept), float(again), rel_tol=1e-9)
    except ValueError:
        return kept == again


def check_size(folder):
    size = sum(path.stat().st_size for path in folder.iterdir())
    raw = [path.name for path in folder.iterdir()
           if path.name.startswith(("trials.csv", "report.html"))]
    if size <= KEPT_BYTES and not raw:
        return 0
    print(f"{folder.name}: {size} bytes, raw data {raw}; allowed are "
          f"{KEPT_BYTES} bytes and no raw data")
    return 1


def check_summary(folder, again):
    """summary.csv, where the run has one, is what the kept launches give."""
    path = folder / "summary.csv"
    if not path.exists():
        return 0
    kept = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    failed = int(len(kept) != len(again) or not kept)
    if failed:
        print(f"summary: {len(kept)} rows kept, {len(again)} computed")
    key = ("scope", "name", "threads", "placement", "variant")
    found = {tuple(str(row[k] or "") for k in key): row for row in again}
    for row in kept:
        want = found.get(tuple(row[k] for k in key))
        if want is None:
            print(f"{row}: is not computed")
            failed = 1
            continue
        for column in ("n_cells", "n_launches", "resamples"):
            if row[column] != str(want[column] or ""):
                print(f"{row}: {column} is {want[column]} now")
                failed = 1
        for column in ("ratio", "ci_low", "ci_high"):
            if not same(row[column], str(want[column] or "")):
                print(f"{row}: {column} is {want[column]} now")
                failed = 1
    return failed


def check(name, program):
    folder = HERE / name
    failed = 0
    if readme_block(README.read_text(encoding="utf-8")) != block(folder):
        print(f"README's table is not {folder.name}/headline.txt")
        failed = 1
    kept = {key: row for key, row in
            rows((folder / "comparisons.csv").read_text()).items()
            if row["family"] in ("headline", "exploratory")}
    compared, summed = recompute(folder, program)
    again = rows(compared)
    if set(kept) != set(again):
        print(f"comparisons: {len(kept)} kept, {len(again)} computed")
        failed = 1
    for key in set(kept) & set(again):
        for column in ("ratio", "ci_low", "ci_high", "p_adj", "verdict"):
            if not same(kept[key][column], again[key][column]):
                print(f"{key} {column}: kept {kept[key][column]}, computed "
                      f"{again[key][column]}")
                failed = 1
    json.loads((folder / "meta.json").read_text())
    failed |= check_summary(folder, json.loads(summed)["summary"])
    return failed | check_launches(folder) | check_size(folder)


def main(arguments):
    if len(arguments) == 3 and arguments[0] == "keep":
        keep(pathlib.Path(arguments[1]), arguments[2])
        return 0
    if len(arguments) == 3 and arguments[0] == "check":
        return check(arguments[1], arguments[2])
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
