#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Keeps a run with peers as a reference, and holds docs/peers.md to it.

peers.py keep RUN NAME PROGRAM
                     copies what a reader needs of a run directory to
                     results/reference/NAME, which ends in -peers, and puts its
                     table into docs/peers.md
peers.py check PROGRAM [FOLDER PAGE]
                     fails where the page's table is not what the launches and
                     bytes of the newest such folder (or of FOLDER) give; exit
                     code 77 where none is kept
PROGRAM is the serialbench program.
"""

import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import launches

HERE = pathlib.Path(__file__).resolve().parent
PAGE = HERE.parent.parent / "docs" / "peers.md"
BEGIN, END = "<!-- BEGIN: peers", "<!-- END: peers -->"
KEPT = ("memory.csv", "plan.csv", "topology.xml")
BASELINE = "plain"
MARKS = {"slower": "▲", "faster": "▼", "equivalent": "=",
         "different, size unresolved": "≠"}


def keep_record(run, folder):
    """Libraries that were built here go by their names alone."""
    meta = json.loads((run / "meta.json").read_text(encoding="utf-8"))
    for record in meta["allocators"] + meta["peers"]:
        for key in ("preloaded", "malloc_is_in"):
            path = record[key] or ""
            if "/" in path and not path.startswith(("/usr/", "/lib")):
                record[key] = os.path.basename(path)
    (folder / "meta.json").write_text(
        json.dumps(meta, indent=2, ensure_ascii=False) + "\n",
        encoding="utf-8")


def compare(folder, program):
    """Every variant over plain, from the kept launches alone."""
    with tempfile.TemporaryDirectory() as run:
        run = pathlib.Path(run)
        shutil.copy(folder / "plan.csv", run)
        launches.write_trials(folder, run)
        done = subprocess.run(
            [program, "compare", str(run), "--baseline", BASELINE, "--format",
             "csv"], check=True, capture_output=True, text=True)
    return {(row["cell"], row["variant"]): row
            for row in csv.DictReader(done.stdout.splitlines())}


def added_bytes(folder):
    """(size, variant): bytes of a block beyond plain's, by the growth of the
    process, on the run's first allocator."""
    with open(folder / "memory.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows = [row for row in rows if row["allocator"] == rows[0]["allocator"]]
    total = {(int(row["size"]), row["variant"]):
             int(row["total_bytes"]) / int(row["live_blocks"])
             for row in rows}
    return {(size, variant): grown - total[size, BASELINE]
            for (size, variant), grown in total.items()}


def put_ratio(row):
    if not row["ratio"]:
        return "–"
    mark = MARKS.get(row["verdict"], "?")
    if not row["ci_low"]:
        return f"{float(row['ratio']):.2f} {mark}"
    return (f"{float(row['ratio']):.2f} {mark} [{float(row['ci_low']):.2f}, "
            f"{float(row['ci_high']):.2f}]")


def table(folder, program):
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    ratios, added = compare(folder, program), added_bytes(folder)
    peers = [peer["name"] for peer in meta["peers"]]
    variants = [name for name in meta["plan"]["variants"]
                if name not in peers + [BASELINE, "null", "again"]] + peers
    cells = [cell for cell in meta["plan"]["cell_names"]
             if any((cell, name) in ratios for name in variants)]
    sizes = [size for size in (64, 72, 512)
             if (size, BASELINE) in added]
    head = ["variant"] + [f"`{cell}`" for cell in cells] + \
        [f"bytes, {size}" for size in sizes]
    lines = [head, ["---"] * len(head)]
    for name in variants:
        lines.append([f"`{name}`" + (" (peer)" if name in peers else "")] +
                     [put_ratio(ratios[cell, name])
                      if (cell, name) in ratios else "–" for cell in cells] +
                     [f"{added[size, name]:+.1f}" for size in sizes])
    host = meta["host"]
    return (f"{BEGIN} of results/reference/{folder.name}, put here by "
            f"results/reference/peers.py -->\n"
            f"{host['cpu_model_name']}, {host['cpu_count']} PUs, "
            f"{meta['toolchain']['compiler']}; time per operation over "
            f"`{BASELINE}` with its interval, and bytes that the process grew "
            "by\nfor a block of 64, 72, … beyond those of "
            f"`{BASELINE}` (▲ slower, ▼ faster, = equivalent, ≠ different but "
            "the size is\nunresolved, ? inconclusive):\n\n" +
            "\n".join("| " + " | ".join(line) + " |" for line in lines) +
            f"\n{END}")


def block_of(page):
    text = page.read_text(encoding="utf-8")
    return text[text.index(BEGIN):text.index(END) + len(END)]


def keep(run, folder, page, program):
    folder.mkdir()
    for file in KEPT:
        shutil.copy(run / file, folder / file)
    keep_record(run, folder)
    launches.write(run, folder, BASELINE)
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace(block_of(page), table(folder, program)),
                    encoding="utf-8")


def check(folder, page, program):
    want, got = table(folder, program), block_of(page)
    if want == got:
        return 0
    print(f"{page.name}: the table is not that of {folder.name}.\n"
          f"There is:\n{got}\nThe run gives:\n{want}")
    return 1


def main(arguments):
    if len(arguments) == 4 and arguments[0] == "keep" and \
            arguments[2].endswith("-peers"):
        keep(pathlib.Path(arguments[1]), HERE / arguments[2], PAGE,
             arguments[3])
        return 0
    if len(arguments) == 4 and arguments[0] == "check":
        return check(pathlib.Path(arguments[2]), pathlib.Path(arguments[3]),
                     arguments[1])
    if len(arguments) == 2 and arguments[0] == "check":
        kept = sorted(HERE.glob("*-peers"))
        if kept:
            return check(kept[-1], PAGE, arguments[1])
        print("skipped: no run with peers is kept")
        return 77
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
