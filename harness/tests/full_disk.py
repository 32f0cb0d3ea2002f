# SPDX-License-Identifier: MIT
"""Runs on a file system of 2 MiB that fills up at a random moment, then grows.

    full_disk.py SERIALBENCH [RUNS [SEED]]

Needs a mount of its own, so root; skips (77) without.
"""
import collections
import contextlib
import os
import random
import shutil
import subprocess
import sys
import time

from resume_dir import begin, check_complete, check_kept, command, end
from resume_dir import has_begun, launch_lines, whole_lines
from run_dir import check, finish, folder, run, same, text

PROGRAM = sys.argv[1]
RUNS = int(sys.argv[2]) if len(sys.argv) > 2 else 4
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else time.time_ns() % 100000
LAUNCHES = 30
SMALL, LARGE = 2 << 20, 64 << 20

random_size = random.Random(SEED)
figures = collections.Counter()


@contextlib.contextmanager
def small_disk(path):
    os.mkdir(path)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL}",
                           "serialbench-test", path],
                          stderr=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        print("skipped: no file system of our own can be mounted")
        sys.exit(77)
    try:
        yield
    finally:
        subprocess.run(["umount", path], check=False)


def grow(path):
    subprocess.run(["mount", "-o", f"remount,size={LARGE}", path], check=True)


def fill(path, room):
    """Takes the disk but for about `room` bytes."""
    with open(os.path.join(path, "ballast"), "wb") as file:
        file.write(bytes(SMALL - room))


def check_full(what, out, code, errors):
    """One line says it, and what is there is whole."""
    said = [line for line in errors.splitlines() if "No space left" in line]
    begun = has_begun(out)
    # A directory that takes no file is a wrong one to name.
    same(f"{what}: exit code", code, 1 if begun else 2)
    same(f"{what}: lines that say it", len(said), 1)
    if not begun:
        check(not os.path.exists(out), what, "left", out, errors)
        figures["full before it began"] += 1
        return None, {}
    same(f"{what}: trials.csv ends a line", text(out, "trials.csv")[-1:],
         "\n")
    figures["full amid a run"] += 1
    return text(out, "plan.csv"), launch_lines(whole_lines(out))


def one_run(number, path):
    what = f"disk {number} (seed {SEED})"
    out = os.path.join(path, "out")
    arguments = command(LAUNCHES, number, "--out", out)
    # Every fourth has all of the 2 MiB and is long enough to fill them.
    if number % 4 == 0:
        arguments = command(300, number, "--out", out, "--rounds", "20")
        lanes_rounds = 20
    else:
        fill(path, random_size.randrange(1 << 10, 700 << 10))
        lanes_rounds = 4
    code, errors = end(begin(PROGRAM, arguments))
    if code == 0:
        figures["not full"] += 1
        check_complete(what, out)
        return
    plan, kept = check_full(what, out, code, errors)
    if plan is not None and number % 2:
        # Still no room: nothing is lost.
        again = run(PROGRAM, "run", "--resume", out)
        check_full(f"{what}, again", out, again.returncode, again.stderr)
    grow(path)
    if plan is not None:
        arguments = ("run", "--resume", out)
    done = run(PROGRAM, *arguments)
    same(f"{what}: exit code of the rest", done.returncode, 0)
    if done.returncode != 0:
        print(done.stderr)
    if plan is not None:
        same(f"{what}: plan.csv", text(out, "plan.csv"), plan)
        if os.path.exists(os.path.join(out, "pilot.csv")):
            check_kept(what, kept, out)
    check(int(text(out, "plan.csv").splitlines()[1].split(",")[-2])
          == lanes_rounds, what, "rounds")
    check_complete(what, out)


def main():
    with folder() as path:
        for number in range(RUNS):
            disk = os.path.join(path, "disk")
            with small_disk(disk):
                one_run(number, disk)
            shutil.rmtree(disk, ignore_errors=True)
    print(f"seed {SEED}, {RUNS} runs:",
          ", ".join(f"{name} {count}"
                    for name, count in sorted(figures.items())))
    finish()


main()
