#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Keeps a ledger as a reference, and holds docs/ledger.md to it.

ledger.py keep RUN NAME
                     copies what a reader needs of a ledger's run directory to
                     results/reference/NAME, which ends in -ledger, and puts
                     its table into docs/ledger.md
ledger.py check      fails where the page's table is not that of the ledger.csv
                     of the newest such folder; exit code 77 where none is kept
"""

import csv
import json
import pathlib
import shutil
import sys

import peers

HERE = pathlib.Path(__file__).resolve().parent
PAGE = HERE.parent.parent / "docs" / "ledger.md"
BEGIN, END = "<!-- BEGIN: ledger", "<!-- END: ledger -->"
KEPT = ("ledger.csv", "metrics.csv", "plan.csv", "topology.xml")
SHOWN = ("base", "part", "total")


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


def keep(run, folder):
    folder.mkdir()
    for file in KEPT:
        shutil.copy(run / file, folder / file)
    peers.keep_record(run, folder)
    text = (folder / "ledger.csv").read_text(encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(page.replace(block_of(PAGE), table(folder, text)),
                    encoding="utf-8")


def check(folder):
    text = (folder / "ledger.csv").read_text(encoding="utf-8")
    want, got = table(folder, text), block_of(PAGE)
    if want != got:
        print(f"{PAGE.name}: the table is not that of {folder.name}.\n"
              f"There is:\n{got}\nThe ledger gives:\n{want}")
        return 1
    return 0


def main(arguments):
    if len(arguments) == 3 and arguments[0] == "keep" and \
            arguments[2].endswith("-ledger"):
        keep(pathlib.Path(arguments[1]), HERE / arguments[2])
        return 0
    if arguments == ["check"]:
        kept = sorted(HERE.glob("*-ledger"))
        if kept:
            return check(kept[-1])
        print("skipped: no ledger is kept")
        return 77
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
