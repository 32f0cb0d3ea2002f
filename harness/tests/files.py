# SPDX-License-Identifier: MIT
"""One reader of each file: what one command refuses, all refuse, and in the
same words; a file that a spreadsheet has saved reads as it was."""
import csv
import os
import shutil
import subprocess
import sys

from made_run import write_run
from run_dir import check, finish, folder, rows, run, same, text

PROGRAM = sys.argv[1]
CELLS = {"pair,size=64/system/t2": {"none": 20.0, "slot": 24.0, "tls": 25.0},
         "larson/system/t2": {"none": 50.0, "slot": 55.0, "tls": 56.0}}
MEMORY = {(variant, "system", size): (added, 8, 0.5)
          for variant, added in (("none", 0), ("slot", 16), ("tls", 24))
          for size in (64, 512)}
COMMANDS = {
    "compare": ("compare", "RUN", "--format", "csv"),
    "two runs": ("compare", "RUN", "RUN", "--format", "csv"),
    "gbench": ("export", "RUN", "--format", "gbench"),
    "pyperf": ("export", "RUN", "--format", "pyperf"),
    "report": ("report", "RUN"),
    "slower": ("gate", "RUN", "--max-slowdown", "50", "--variant", "tls",
               "--single"),
    "bigger": ("gate", "RUN", "--max-bytes", "100", "--variant", "tls",
               "--single"),
}
OF_TRIALS = [name for name in COMMANDS if name != "bigger"]


def call(name, path):
    return run(PROGRAM, *(path if word == "RUN" else word
                          for word in COMMANDS[name]))


def change(path, file, column, value, row=3, double=False):
    """Puts the value into a row of the file, or makes that row's double."""
    table = rows(path, file)
    if double:
        table.append(dict(table[row]))
    else:
        table[row][column] = value
    with open(os.path.join(path, file), "w", encoding="utf-8",
              newline="") as out:
        writer = csv.DictWriter(out, list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    return len(table) + 1 if double else row + 2


# File, column, value, part of the refusal, and who reads it.
BAD = (
    ("trials.csv", "ns_per_op", "inf", '"inf" is no finite number', OF_TRIALS),
    ("trials.csv", "ns_per_op", "0", '"0": allowed is a number', OF_TRIALS),
    ("trials.csv", "ns_per_op", "-3", '"-3" is below 0', OF_TRIALS),
    ("trials.csv", "ns_per_op", "nan", '"nan" is no finite', OF_TRIALS),
    ("trials.csv", "cpu_ns", "1e999", '"1e999" is no finite', OF_TRIALS),
    ("trials.csv", "launch", "", "must be given", OF_TRIALS),
    ("trials.csv", "round", "", "must be given", OF_TRIALS),
    ("trials.csv", "round", None, "a second row of round 1 of launch 0",
     OF_TRIALS),
    ("memory.csv", "total_bytes", "-5", '"-5": allowed is a finite number',
     ("report", "bigger")),
    ("memory.csv", "rounding_bytes", "nan", '"nan": allowed is a finite',
     ("report", "bigger")),
    ("memory.csv", "live_blocks", "1e999", '"1e999": allowed is a finite',
     ("report", "bigger")),
    ("memory.csv", "variant", None, 'a second row for "',
     ("report", "bigger")),
    ("plan.csv", "order", None, 'a second row for "1", as in line 3',
     ("compare", "report", "slower")),
)


def bad_values(path, good):
    for number, (file, column, value, what, readers) in enumerate(BAD):
        out = os.path.join(path, f"bad-{number}")
        shutil.copytree(good, out)
        row = 1 if file == "plan.csv" else 3
        line = change(out, file, column, value, row, value is None)
        place = f"{os.path.join(out, file)}:{line}:{column}: "
        for name in readers:
            done = call(name, out)
            said = f"{file} {column}={value}, {name}"
            same(f"{said}: exit code", done.returncode, 2)
            check(place + what in done.stderr and
                  done.stderr.count("\n") == 1, said, done.stderr)


def saved(path):
    """Each CSV as a spreadsheet may save it: a byte order mark, CRLF, every
    field quoted, the columns the other way round."""
    for file in os.listdir(path):
        if not file.endswith(".csv"):
            continue
        table = rows(path, file)
        with open(os.path.join(path, file), "w", encoding="utf-8-sig",
                  newline="") as out:
            writer = csv.DictWriter(out, list(table[0])[::-1],
                                    lineterminator="\r\n",
                                    quoting=csv.QUOTE_ALL)
            writer.writeheader()
            writer.writerows(table)


def spreadsheet(path, good):
    # Under the same name, which tables show.
    out = os.path.join(path, "spreadsheet", os.path.basename(good))
    shutil.copytree(good, out)
    saved(out)
    for name in COMMANDS:
        first, other = call(name, good), call(name, out)
        same(f"spreadsheet, {name}", (other.returncode, other.stderr),
             (first.returncode, first.stderr))
        same(f"spreadsheet, {name}", other.stdout.replace(out, good),
             first.stdout)


SHORT = ("run", "--workload", "pair,size=64", "--variant", "none,again",
         "--allocator", "system", "--threads", "1", "--launches", "6",
         "--rounds", "3", "--turn-us", "100", "--no-micro", "--no-exec",
         "--no-latency")


def real_run(path):
    """Halves of a plan, one of them saved by a spreadsheet: that one is taken
    up as it is, and the two are merged."""
    halves = [os.path.join(path, f"half-{i}") for i in (1, 2)]
    whole = os.path.join(path, "whole")
    for i, out in enumerate(halves):
        done = run(PROGRAM, *SHORT, "--seed", "7", "--shard", f"{i + 1}/2",
                   "--out", out)
        same("half: exit code", done.returncode, 0)
    before = rows(halves[1], "trials.csv")
    saved(halves[1])
    done = run(PROGRAM, "merge", *halves, "-o", whole)
    same("merge: exit code", (done.returncode, done.stderr), (0, ""))
    merged = rows(whole, "trials.csv")
    same("merge: rows", len(merged), 6 * 3 * 2)
    check(all(row in merged for row in before), "merge: rows are others")
    # A launch less, so that there is something to do.
    kept = text(halves[1], "trials.csv").splitlines(keepends=True)
    with open(os.path.join(halves[1], "trials.csv"), "w", encoding="utf-8",
              newline="") as file:
        file.writelines(kept[:-6])
    done = run(PROGRAM, "run", "--resume", halves[1])
    same("resume: exit code", done.returncode, 0)
    after = rows(halves[1], "trials.csv")
    same("resume: rows", after[:12], before[:12])
    same("resume: all rows", len(after), len(before))


def mixed_log(path):
    """stdout and stderr in one file: no talk stands inside the tables, and
    what was said last is the last line."""
    log = os.path.join(path, "log")
    with open(log, "w", encoding="utf-8") as file:
        done = subprocess.run(
            [PROGRAM, *SHORT, "--launches", "2000", "--time-budget", "1",
             "--out", os.path.join(path, "mixed")], check=False, stdout=file,
            stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    same("mixed log: exit code", done.returncode, 0)
    lines = text(log).splitlines()
    check("Report: " in lines[-2] and "the time budget of 1 s" in lines[-1],
          "mixed log:", lines[-2:])
    table = lines[[i for i, line in enumerate(lines) if line.startswith(
        "Time per operation")][0]:-1]
    check(len(table) > 8 and not any("serialbench" in line
                                     for line in table[:-1]), table)


def main():
    with folder() as path:
        good = os.path.join(path, "good")
        write_run(good, CELLS, launches=6, memory=MEMORY)
        bad_values(path, good)
        spreadsheet(path, good)
        real_run(path)
        mixed_log(path)
    finish()


main()
