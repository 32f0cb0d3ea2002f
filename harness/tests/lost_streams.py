# SPDX-License-Identifier: MIT
"""Streams that take nothing. A stdout that is full, has no reader or is closed:
the files are written all the same, then one line and exit code 1. Descriptors
0 to 2 that are closed: no message gets into a file."""
import itertools
import json
import os
import re
import subprocess
import sys

from made_run import write_run
from run_dir import TRIALS, check, finish, folder, rows, same, text

PROGRAM, EXEC_PROGRAM, SOURCE = map(os.path.abspath, sys.argv[1:4])
SHIPPED = os.path.join(SOURCE, "bench/replay/traces/git-status.trace")
PROGRAMS = os.path.dirname(PROGRAM)
HOST = os.path.join(PROGRAMS, "serialbench-python")
CELL = "pair,size=64/system/t1"
TINY = ("run", "--quick", "--workload", "pair", "--variant", "none,again",
        "--allocator", "system", "--threads", "1", "--launches", "2",
        "--rounds", "2", "--turn-us", "50", "--no-micro", "--no-exec",
        "--no-latency")
MEASURED = ("--allocator", "system", "--variant", "none,tls", "--launches",
            "1")
REAL = {"exec": (*MEASURED, "--", EXEC_PROGRAM, "known")}
if os.path.exists(HOST):
    REAL["python"] = (*MEASURED, "--", "-c", "pass")


def gone():
    """The end of a pipe that nobody reads."""
    read, write = os.pipe()
    os.close(read)
    return write


STDOUTS = (("full", lambda: os.open("/dev/full", os.O_WRONLY),
            "No space left on device"),
           ("gone", gone, "Broken pipe"))


def lost(where, words, left=()):
    for name, make, reason in STDOUTS:
        stdout = make()
        done = subprocess.run([PROGRAM, *(word.replace("KIND", name)
                                          for word in words)],
                              stdin=subprocess.DEVNULL, stdout=stdout,
                              stderr=subprocess.PIPE, text=True, check=False,
                              timeout=120)
        os.close(stdout)
        same(f"{where}, {name}: exit code", done.returncode, 1)
        line = done.stderr.splitlines()[-1] if done.stderr else ""
        check(line.startswith("serialbench") and line.endswith(reason),
              f"{where}, {name}: stderr:", done.stderr)
        for path in left:
            path = path.replace("KIND", name)
            check(os.path.getsize(path) > 0, f"{where}, {name}: no {path}")


def printed(path):
    made = os.path.join(path, "made")
    write_run(made, {CELL: {"none": 100.0, "tls": 104.0}}, launches=8,
              rounds=3)
    for words in (("--help",), ("--version",), ("list", "variants"),
                  ("list", "workloads", "--format", "json"), ("topology",),
                  ("compare", made), ("compare", made, "--format", "json"),
                  ("compare", made, made), ("export", made, "--format", "gbench"),
                  ("gate", made, "--max-slowdown", "90%"),
                  ("trace", "info", SHIPPED),
                  ("trace", "convert", SHIPPED, "-o", "-"),
                  ("report", made)):
        lost(" ".join(words), words)
    for command, words in REAL.items():
        for form in ("table", "csv", "json"):
            out = os.path.join(path, f"{command}-{form}-KIND")
            file = out + ".csv"
            lost(f"{command} {form}",
                 (command, "--format", form, "--out", out, "--csv", file,
                  *words),
                 [file] + [os.path.join(out, name) for name in
                           ("exec.csv", "plan.csv", "trials.csv")])
    out = os.path.join(path, "run-KIND")
    lost("run", (*TINY, "--out", out),
         [os.path.join(out, name) for name in
          ("trials.csv", "comparisons.csv", "report.html")])


def close(program, closed, *words):
    """Runs it without those descriptors."""
    shut = " ".join(f"{fd}>&-" for fd in closed)
    return subprocess.run(["sh", "-c", f'exec "$0" "$@" {shut}', program,
                           *words], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, check=False, timeout=120)


def closed_descriptors(path):
    combinations = [c for n in (1, 2, 3)
                    for c in itertools.combinations((0, 1, 2), n)]
    for closed in combinations:
        name = "".join(map(str, closed))
        code = 1 if 1 in closed else 0
        out = os.path.join(path, "run-" + name)
        done = close(PROGRAM, closed, *TINY, "--out", out)
        same(f"run without {name}: exit code", done.returncode, code)
        same(f"run without {name}: header",
             text(out, "trials.csv").splitlines()[0], TRIALS)
        same(f"run without {name}: rows",
             [row["status"] for row in rows(out, "trials.csv")], ["ok"] * 8)
        json.loads(text(out, "meta.json"))
        for command, words in REAL.items():
            out = os.path.join(path, f"{command}-{name}")
            done = close(PROGRAM, closed, command, "--out", out, *words)
            same(f"{command} without {name}: exit code", done.returncode,
                 code)
            same(f"{command} without {name}: rows",
                 [row["status"] for row in rows(out, "exec.csv")],
                 ["ok", "ok"])
            same(f"{command} without {name}: trials",
                 len(rows(out, "trials.csv")), 2)
        if closed == (1,):
            same("stderr", done.stderr.splitlines()[-1:],
                 ["serialbench: stdout: Bad file descriptor"])


def every_program():
    """The first thing in each main()."""
    mains = 0
    for base, folders, files in os.walk(os.path.join(SOURCE, "harness")):
        folders[:] = [name for name in folders
                      if name not in ("tests", "fuzz")]
        for name in files:
            source = text(base, name) if name.endswith(".c") else ""
            found = re.search(r"^int main\(.*?^}", source, re.M | re.S)
            mains += bool(found)
            check(not found or re.search(
                r"\n\t(descriptors_open|streams_begin)\(\);", found[0]),
                f"{base}/{name}: main() does not open descriptors first")
    check(mains >= 5, f"{mains} main() found")


def main():
    every_program()
    with folder() as path:
        printed(path)
    with folder() as path:
        closed_descriptors(path)
    finish()


main()
