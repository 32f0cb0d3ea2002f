# SPDX-License-Identifier: MIT
"""Runs under a limit on file sizes (ulimit -f): one line names file and limit,
what is written stays whole, and --resume finishes the run."""
import os
import resource
import sys

from run_dir import check, finish, folder, rows, run, same

PROGRAM = sys.argv[1]
COMMAND = ("run", "--workload", "pair,size=64", "--variant", "none,again,tls",
           "--allocator", "system", "--threads", "1", "--launches", "6",
           "--rounds", "6", "--turn-us", "100", "--no-micro", "--no-exec",
           "--no-latency")
ROWS = 6 * 6 * 3


def limited(size):
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


# Bytes, exit code, the file that is named; topology and plan fit into 8192.
CASES = (
    (4096, 2, ""),
    (8192, 1, "trials.csv"),
    (65536, 1, "report.html"),
)


def one_limit(path, size, code, file):
    what = f"{size} bytes"
    out = os.path.join(path, str(size))
    done = run(PROGRAM, *COMMAND, "--out", out, preexec_fn=limited(size))
    same(f"{what}: exit code", done.returncode, code)
    named = f"{os.path.join(out, file).rstrip('/')}: File too large: the "
    said = [line for line in done.stderr.splitlines() if named in line]
    check(len(said) == 1 and f"(ulimit -f) is {size} bytes" in said[0], what,
          done.stderr)
    if code == 2:
        check(not os.path.exists(out), what, "left", out)
        return
    kept = rows(out, "trials.csv")
    check(len(kept) <= ROWS, what, len(kept), "rows")
    done = run(PROGRAM, "run", "--resume", out)
    same(f"{what}: exit code of the rest", done.returncode, 0)
    trials = rows(out, "trials.csv")
    same(f"{what}: rows", len(trials), ROWS)
    check(os.path.exists(os.path.join(out, "report.html")), what, "no report")
    same(f"{what}: left over", [name for name in os.listdir(out)
                                if name.startswith(".") or
                                name.endswith(".new")], [])


def main():
    with folder() as path:
        for case in CASES:
            one_limit(path, *case)
    finish()


main()
