#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds docs/certify.md to the kept certificates, and them to their rows.

certificates.py put      puts the table of all results/reference/*-certificate-*
                         into docs/certify.md
certificates.py check    fails where that table is another, or where a count in
                         a certificate is not what its experiments.csv gives
"""

import csv
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
PAGE = HERE.parent.parent / "docs" / "certify.md"
BEGIN, END = "<!-- BEGIN: certificates", "<!-- END: certificates -->"


def counts_of(folder):
    """{(kind, threads, busy, planted): (experiments, found)}, counted afresh
    from the intervals: one above 1, or where nothing is planted beside it."""
    counts = {}
    with open(folder / "experiments.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            key = (row["kind"], int(row["threads"]), int(row["busy"]),
                   float(row["planted"]))
            above = float(row["ci_low"]) > 1
            below = float(row["ci_high"]) < 1
            found = above or (below and row["kind"] != "planted")
            made, seen = counts.get(key, (0, 0))
            counts[key] = made + 1, seen + found
    return counts


def claims_of(certificate):
    """What the certificate itself says, by the same keys."""
    claims = {}
    for kind, entries in (("aa", certificate["false_positives"]),
                          ("aa", certificate.get("false_positives_busy", [])),
                          ("sequential", [certificate["sequential"]])):
        for entry in entries:
            claims[kind, entry["threads"], entry["busy_processes"], 0.0] = (
                entry["experiments"], entry["called_different"])
    for curve in certificate["slowdowns"]:
        for size in curve["sizes"]:
            claims["planted", curve["threads"], 0, size["planted"]] = (
                size["experiments"], size["found"])
    return claims


def of_all(entry):
    return (f"{entry['called_different']} of {entry['experiments']} "
            f"({entry['band_low']} to {entry['band_high']})")


def column(folder, certificate):
    """A certificate's cells, from the top of the table to its bottom."""
    cells = [f"`--{certificate['preset']}`, `{folder.name}`"]
    busy = {entry["threads"]: entry
            for entry in certificate.get("false_positives_busy", [])}
    for entry in certificate["false_positives"]:
        cells.append(of_all(entry))
    for threads in (1, 2):
        cells.append(of_all(busy[threads]) if threads in busy else "–")
    cells.append(of_all(certificate["sequential"]))
    for curve in certificate["slowdowns"]:
        cells.append(", ".join(
            f"{size['found']} ({100 * (size['truth']['ratio'] - 1):.1f} %)"
            for size in curve["sizes"]) +
            f" of {curve['sizes'][0]['experiments']}, "
            f"{curve['seconds']:.1f} s")
    exact = sum(entry["exact"] for entry in certificate["bytes"])
    cells.append(f"{exact} of {len(certificate['bytes'])} sizes exact")
    stall = certificate["stall"]
    cells.append(f"{stall['p9999_ns'] / 1000:.1f} → "
                 f"{stall['p9999_ns_planted'] / 1000:.1f} µs, median "
                 f"{stall['p50_ns']:.0f} → {stall['p50_ns_planted']:.0f} ns")
    slow = certificate["slow_thread"]["measured"]
    cells.append(f"{slow['ratio']:.2f} [{slow['ci_low']:.2f}, "
                 f"{slow['ci_high']:.2f}]")
    cells.append(certificate["line"])
    return cells


ROWS = ("", "identical code called different, 1 thread (band)", "2 threads",
        "beside two busy processes, 1 thread", "2 threads",
        "the wrong design, 1 thread",
        "1, 2, 5, 10 % found (truth), 1 thread", "2 threads", "planted bytes",
        "planted stall, p99.99", "planted slow thread", "the line")


def table(kept):
    columns = [column(*pair) for pair in kept]
    lines = ["| " + " | ".join((name,) + cells) + " |"
             for name, *cells in zip(ROWS, *columns)
             for cells in [tuple(cells)]]
    lines.insert(1, "| " + " | ".join(["---"] * (len(columns) + 1)) + " |")
    return (f"{BEGIN}, put here by results/reference/certificates.py -->\n" +
            "\n".join(lines) + f"\n{END}")


def block_of(page):
    text = page.read_text(encoding="utf-8")
    return text[text.index(BEGIN):text.index(END) + len(END)]


def check(kept):
    problems = []
    for folder, certificate in kept:
        counts = counts_of(folder)
        for key, claim in claims_of(certificate).items():
            if counts.get(key) != claim:
                problems.append(f"{folder.name}: {key} is {claim}, its rows "
                                f"give {counts.get(key)}")
    want, got = table(kept), block_of(PAGE)
    if want != got:
        problems.append(f"{PAGE.name}: there is\n{got}\nand should be\n{want}")
    print("\n".join(problems), end="\n" if problems else "")
    return 1 if problems else 0


def main(arguments):
    kept = [(folder, json.loads((folder / "certificate.json").read_text(
        encoding="utf-8"))) for folder in sorted(HERE.glob("*-certificate-*"))]
    if arguments == ["put"]:
        text = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(text.replace(block_of(PAGE), table(kept)),
                        encoding="utf-8")
        return 0
    if arguments == ["check"]:
        return check(kept)
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
