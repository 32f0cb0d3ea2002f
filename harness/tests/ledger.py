# SPDX-License-Identifier: MIT
"""A tiny ledger from lanes to table: parts, sums, bytes to the byte, and wrong
use."""
import csv
import io
import json
import os
import sys

from run_dir import check, finish, folder, rows, run, same, text

PROGRAM = os.path.abspath(sys.argv[1])
TINY = ("--rounds", "1", "--turn-us", "20", "--seed", "1", "--allocator",
        "system")
LAUNCHES = 6
PARTS = ("size and id words", "guards", "clean fill", "dead fill",
         "verification", "serial: its bytes", "serial: counting (tls)")
# Bytes asked of the underlying allocator; and of glibc's slots for 64 bytes,
# where guards or serial alone cost nothing and both cost 16: 8 each.
ASKED = (16, 8, 0, 0, 0, 8, 0)
SLOTS = {"pair,size=64/system/t1": (16, 8, 0, 0, 0, 8, 0)}
WRONG = (
    (("--jump",), ("'--jump'", "--help")),
    (("--variant", "tls"), ("'--variant'", "--help")),
    (("--launches", "0"), ("'0'", "1 to 100000")),
    (("--rounds", "x"), ("'x'", "1 to 10000")),
    (("--turn-us", "1"), ("'1'", "20 to 10000000")),
    (("--seed", "-1"), ("'-1'", "0 to ")),
    (("--deadline", "0"), ("'0'", "1 to 86400")),
    (("--format", "x"), ("'x'", "table, csv, json")),
    (("--workload", "x"), ("'x'", "list workloads")),
    (("--workload", "counter"), ("counter", "workloads that allocate")),
    (("--allocator", "x"), ("'x'", "allowed are")),
    (("--threads", "0"), ("'0'", "1 to 512")),
    (("/nowhere",), ("/nowhere",)),
    (("/nowhere", "--rounds", "3"), ("--rounds", "--format")),
    (("a", "b"), ("2 run directories", "allowed is serialbench ledger")),
)


def number(text):
    return float(text) if text else None


def check_intervals(name, found):
    whole = number([row for row in found if row["part"] == "whole"][0]["ns"])
    for row in found:
        same(f"{name}: launches", row["n_launches"], str(LAUNCHES))
        check(number(row["ci_low"]) <= number(row["ns"])
              <= number(row["ci_high"]), name, row)
        check(abs(number(row["share"]) * whole - number(row["ns"])) < 1e-6,
              name, row)


def check_cell(name, found):
    table = {row["part"]: row for row in found}
    same(f"{name}: rows", len(found), 35)
    same(f"{name}: parts",
         tuple(row["part"] for row in found if row["kind"] == "part"), PARTS)
    for column, want in (("asked_bytes", ASKED),
                         ("slot_bytes", SLOTS.get(name))):
        got = tuple(number(table[part][column]) for part in PARTS)
        if want is not None:
            same(f"{name}: {column}", got, want)
        for row in ("sum of parts", "whole"):
            same(f"{name}: {column} of {row}",
                 round(number(table[row][column]), 9), round(sum(got), 9))
    rest = table["left over"]
    same(f"{name}: bytes", rest["bytes_verdict"], "exact")
    check(rest["verdict"] in ("closes", "open", "undecided"), name, rest)
    check(number(table["plain"]["ns"]) > 0, name, table["plain"])


def check_ledger(parent):
    path = os.path.join(parent, "ledger")
    done = run(PROGRAM, "ledger", *TINY, "--workload", "pair,size=64",
               "--launches", LAUNCHES, "--out", path, "--format", "csv")
    same("exit code", done.returncode, 0)
    found = rows(path, "ledger.csv")
    same("stdout is ledger.csv", list(csv.DictReader(io.StringIO(
        done.stdout))), found)
    page = text(path, "report.html")
    for row in found:
        check(row["ns"] == "" or f'value="{row["ns"]}"' in page,
              "not on the page:", row)
    cells = {row["cell"] for row in found}
    same("cells", cells, set(SLOTS))
    check_cell(*cells, found)
    check_intervals(*cells, found)
    again = run(PROGRAM, "ledger", path, "--format", "json")
    same("exit code of a look", again.returncode, 0)
    same("the look's cells", {cell["cell"] for cell in json.loads(
        again.stdout)}, cells)
    same("the look's figures",
         [row["ns"] for cell in json.loads(again.stdout)
          for row in cell["rows"]], [float(row["ns"]) for row in found])
    table = run(PROGRAM, "ledger", path).stdout
    check("bytes exact" in table, "no 'bytes exact' in", table)
    taken = run(PROGRAM, "ledger", *TINY, "--out", path)
    same("exit code of a second run", taken.returncode, 2)
    check("exists" in taken.stderr, taken.stderr)


def check_fleet(parent):
    """One launch has no interval and settles nothing, but its bytes do."""
    path = os.path.join(parent, "fleet")
    done = run(PROGRAM, "ledger", *TINY, "--workload", "fleet", "--launches",
               1, "--out", path)
    same("fleet: exit code", done.returncode, 0)
    check("[no interval]" in done.stdout, done.stdout)
    found = rows(path, "ledger.csv")
    check_cell(found[0]["cell"], found)
    same("fleet: intervals", {row["ci_low"] for row in found}, {""})
    same("fleet: verdicts", {row["verdict"] for row in found},
         {"", "undecided"})


def check_wrong_use(parent):
    for arguments, parts in WRONG:
        done = run(PROGRAM, "ledger", *arguments, cwd=parent)
        same(f"{arguments}: exit code", done.returncode, 2)
        same(f"{arguments}: lines", done.stderr.count("\n"), 1)
        same(f"{arguments}: stdout", done.stdout, "")
        for part in ("serialbench ledger: ",) + parts:
            check(part in done.stderr, arguments, part, done.stderr)
    same("left on disk", os.listdir(parent), [])


with folder() as one, folder() as other:
    check_wrong_use(one)
    check_ledger(other)
    check_fleet(other)
finish()
