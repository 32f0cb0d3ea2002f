#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the table of docs/formats.md to the list of fields in record.h."""

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


def main(header_path, page_path):
    with open(header_path, encoding="utf-8") as file:
        want = list(declared(file.read()))
    with open(page_path, encoding="utf-8") as file:
        have = documented(file.read())
    for row in want:
        if row not in have:
            print(f"missing in {page_path}: {row}")
    for row in have:
        if row not in want:
            print(f"not in {header_path}: {row}")
    return 0 if want == have and len(want) > 30 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
