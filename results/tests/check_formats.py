#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds docs/formats.md to the list of fields in record.h and to the header of
summary.csv."""

import re
import sys

KINDS = {"TEXT": "text", "COUNT": "whole number", "REAL": "number"}


def declared(header):
    fields = re.findall(
        r'\b(TEXT|COUNT|REAL)\(\s*(\w+),\s*((?:"[^"]*"[\s\\]*)+)\)', header)
    for kind, name, texts in fields:
        meaning = "".join(re.findall(r'"([^"]*)"', texts))
        yield f"| `{name}` | {KINDS[kind]} | {meaning} |"


def documented(page):
    table = page.split("BEGIN: trial fields")[1].split("END: trial fields")[0]
    return [row for row in table.splitlines() if row.startswith("| `")]


def check_columns(source, page):
    """The columns of summary.csv, in their order."""
    header = re.search(r'header\[\] =((?:\s*"[^"]*")+);', source).group(1)
    want = "".join(re.findall(r'"([^"]*)"', header)).split(",")
    block = page.split("BEGIN: columns of summary.csv")[1]
    have = re.findall(r"`(\w+)`", block.split("END: columns")[0])
    if want != have:
        print(f"summary.csv has {want}, and the page {have}")
    return want == have and len(want) > 10


def main(header_path, page_path, summary_path):
    with open(header_path, encoding="utf-8") as file:
        want = list(declared(file.read()))
    with open(page_path, encoding="utf-8") as file:
        page = file.read()
    with open(summary_path, encoding="utf-8") as file:
        good = check_columns(file.read(), page)
    have = documented(page)
    for row in want:
        if row not in have:
            print(f"missing in {page_path}: {row}")
    for row in have:
        if row not in want:
            print(f"not in {header_path}: {row}")
    return 0 if good and want == have and len(want) > 30 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
