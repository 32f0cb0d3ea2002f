#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Keeps a run as a reference, and holds the README to it.

keep.py keep RUN NAME    copies what a reader needs of a run directory to
                         results/reference/NAME and puts its table into README
keep.py check NAME COMPARE
                         fails where README, the kept table or the kept
                         comparisons differ from what the kept trials give;
                         COMPARE is the serialbench program
"""

import csv
import json
import lzma
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
README = HERE.parent.parent / "README.md"
BEGIN = "<!-- BEGIN: headline"
END = "<!-- END: headline -->"
KEPT = ("comparisons.csv", "memory.csv", "serial.csv", "exec.csv",
        "metrics.csv", "plan.csv", "meta.json", "topology.xml",
        "headline.txt", "report.html")
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


def keep(run, name):
    folder = HERE / name
    folder.mkdir()
    for file in KEPT:
        shutil.copy(run / file, folder / file)
    with lzma.open(folder / "trials.csv.xz", "wb", preset=9) as kept:
        kept.write((run / "trials.csv").read_bytes())
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
    """The headline family, from the kept trials and plan alone."""
    with tempfile.TemporaryDirectory() as run:
        run = pathlib.Path(run)
        shutil.copy(folder / "plan.csv", run)
        with lzma.open(folder / "trials.csv.xz") as kept:
            (run / "trials.csv").write_bytes(kept.read())
        return rows(subprocess.run(
            [program, "compare", str(run), "--format", "csv"], check=True,
            capture_output=True, text=True).stdout)


def check(name, program):
    folder = HERE / name
    failed = 0
    if readme_block(README.read_text(encoding="utf-8")) != block(folder):
        print(f"README's table is not {folder.name}/headline.txt")
        failed = 1
    kept = {key: row for key, row in
            rows((folder / "comparisons.csv").read_text()).items()
            if row["family"] in ("headline", "exploratory")}
    again = recompute(folder, program)
    if set(kept) != set(again):
        print(f"comparisons: {len(kept)} kept, {len(again)} computed")
        failed = 1
    for key in set(kept) & set(again):
        for column in ("ratio", "ci_low", "ci_high", "p_adj", "verdict"):
            if kept[key][column] != again[key][column]:
                print(f"{key} {column}: kept {kept[key][column]}, computed "
                      f"{again[key][column]}")
                failed = 1
    json.loads((folder / "meta.json").read_text())
    return failed


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
