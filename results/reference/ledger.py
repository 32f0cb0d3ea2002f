#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Keeps a ledger as a reference, and holds docs/ledger.md to it.

ledger.py keep RUN NAME PROGRAM
                     copies what a reader needs of a ledger's run directory to
                     results/reference/NAME, which ends in -ledger, and puts
                     its table into docs/ledger.md
ledger.py check PROGRAM
                     fails where the page's table, or the kept ledger.csv, is
                     not what the kept trials of the newest such folder give;
                     exit code 77 where none is kept
PROGRAM is the serialbench program.
"""

import csv
import json
import lzma
import pathlib
import shutil
import subprocess
import sys
import tempfile

import peers

HERE = pathlib.Path(__file__).resolve().parent
PAGE = HERE.parent.parent / "docs" / "ledger.md"
BEGIN, END = "<!-- BEGIN: ledger", "<!-- END: ledger -->"
KEPT = ("ledger.csv", "metrics.csv", "plan.csv", "topology.xml")
SHOWN = ("base", "part", "total")


def once_more(folder, program):
    """The ledger of the kept trials and bytes, as the program gives it."""
    with tempfile.TemporaryDirectory() as run:
        run = pathlib.Path(run)
        for file in ("plan.csv", "metrics.csv"):
            shutil.copy(folder / file, run)
        with lzma.open(folder / "trials.csv.xz") as kept:
            (run / "trials.csv").write_bytes(kept.read())
        done = subprocess.run([program, "ledger", str(run), "--format", "csv"],
                              check=True, capture_output=True, text=True)
    return done.stdout


def put(row):
    """Nanoseconds with their interval, and what was judged of them."""
    text = (f"{float(row['ns']):.2f} [{float(row['ci_low']):.2f}, "
            f"{float(row['ci_high']):.2f}]")
    if row["kind"] in ("part", "total"):
        text += f" {100 * float(row['share']):.1f} %"
    return text + (f" **{row['verdict']}**" if row["verdict"] else "")


def put_bytes(rows):
    """Of a block, asked for, where all cells agree; else cell by cell."""
    texts = [f"{float(row['asked_bytes']):.4g}" for row in rows]
    return texts[0] if len(set(texts)) == 1 else ", ".join(texts)


def table(folder, text):
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    rows = [row for row in csv.DictReader(text.splitlines())
            if row["kind"] in SHOWN]
    cells = list(dict.fromkeys(row["cell"] for row in rows))
    parts = list(dict.fromkeys(row["part"] for row in rows))
    found = {(row["cell"], row["part"]): row for row in rows}
    head = ["ns an operation"] + [f"`{cell}`" for cell in cells] + ["bytes"]
    lines = [head, ["---"] * len(head)]
    for part in parts:
        of_part = [found[cell, part] for cell in cells]
        lines.append([part] + [put(row) for row in of_part] +
                     [put_bytes(of_part)])
    host, exact = meta["host"], {row["bytes_verdict"] for row in rows} - {""}
    return (f"{BEGIN} of results/reference/{folder.name}, put here by "
            f"results/reference/ledger.py -->\n"
            f"{host['cpu_model_name']}, {host['cpu_count']} PUs, "
            f"{meta['toolchain']['compiler']}, "
            f"{rows[0]['n_launches']} launches; bytes asked for a block, "
            f"{' and '.join(sorted(exact))} in their sum:\n\n" +
            "\n".join("| " + " | ".join(line) + " |" for line in lines) +
            f"\n{END}")


def block_of(page):
    text = page.read_text(encoding="utf-8")
    return text[text.index(BEGIN):text.index(END) + len(END)]


def keep(run, folder, program):
    folder.mkdir()
    for file in KEPT:
        shutil.copy(run / file, folder / file)
    peers.keep_record(run, folder)
    with lzma.open(folder / "trials.csv.xz", "wb", preset=9) as kept:
        kept.write((run / "trials.csv").read_bytes())
    text = once_more(folder, program)
    (folder / "ledger.csv").write_text(text, encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(page.replace(block_of(PAGE), table(folder, text)),
                    encoding="utf-8")


def check(folder, program):
    text = once_more(folder, program)
    want, got = table(folder, text), block_of(PAGE)
    result = 0
    if want != got:
        print(f"{PAGE.name}: the table is not that of {folder.name}.\n"
              f"There is:\n{got}\nThe run gives:\n{want}")
        result = 1
    if text != (folder / "ledger.csv").read_text(encoding="utf-8"):
        print(f"{folder.name}/ledger.csv is not what its trials give")
        result = 1
    return result


def main(arguments):
    if len(arguments) == 4 and arguments[0] == "keep" and \
            arguments[2].endswith("-ledger"):
        keep(pathlib.Path(arguments[1]), HERE / arguments[2], arguments[3])
        return 0
    if len(arguments) == 2 and arguments[0] == "check":
        kept = sorted(HERE.glob("*-ledger"))
        if kept:
            return check(kept[-1], arguments[1])
        print("skipped: no ledger is kept")
        return 77
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
