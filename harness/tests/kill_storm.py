# SPDX-License-Identifier: MIT
"""Kills the runner and its workers in turn at random moments, and resumes.

    kill_storm.py SERIALBENCH [RUNS [SEED]]

After each resume the plan is the same, and no row is lost, repeated or torn.
A run that had ended before the moment came is not counted.
"""
import collections
import os
import random
import shutil
import sys
import time

from resume_dir import begin, check_complete, check_kept, command, end
from resume_dir import has_begun, kill, launch_lines, whole_lines
from run_dir import check, children, finish, folder, run, same, text

PROGRAM = sys.argv[1]
RUNS = int(sys.argv[2]) if len(sys.argv) > 2 else 10
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else time.time_ns() % 100000
LAUNCHES = 30
KILLS_OF_A_RUN = 4

random_moment = random.Random(SEED)
figures = collections.Counter()


def has_all_parts(number):
    """In a long storm every tenth run has google-benchmark and a program."""
    return RUNS > 10 and number % 10 == 9


def arguments_of(number, path):
    if not has_all_parts(number):
        # Every third has launches beyond its plan.
        more = (("--launches", "6", "--extra-launches", "24",
                 "--time-budget", "100") if number % 3 == 0 else ())
        return command(LAUNCHES, number, "--out", path, *more)
    return ("run", "--quick", "--variant", "none,again,tls", "--allocator",
            "system", "--threads", "1", "--launches", "4", "--rounds", "4",
            "--turn-us", "50", "--seed", str(number), "--out", path)


def part_of(path):
    """The newest file tells what the run was at."""
    for name in ("report.html", "comparisons.csv", "micro.json", "exec.csv",
                 "serial.csv", "memory.csv", "pilot.csv", "meta.json"):
        if os.path.exists(os.path.join(path, name)):
            return name
    return "nothing"


def moment(length):
    """Early ones more often: the launches come first."""
    return length * random_moment.random() ** 2


def kill_worker(process, wait):
    """One of the children that is alive then, or soon after."""
    time.sleep(wait)
    while process.poll() is None:
        workers = children(process.pid)
        if workers and kill(random_moment.choice(workers)):
            figures["workers killed"] += 1
            return True
        time.sleep(0.001)
    return False


def kill_runner(process, wait, path):
    time.sleep(wait)
    if process.poll() is None and kill(process.pid):
        end(process)
        figures["runners killed"] += 1
        figures["killed after " + part_of(path)] += 1
        return True
    return False


def check_state(what, path, plan):
    """What a kill leaves: whole files, and whole rows but for a torn line."""
    if plan is not None:
        same(f"{what}: plan.csv", text(path, "plan.csv"), plan)
    return text(path, "plan.csv"), launch_lines(whole_lines(path))


def one_run(number, path, length):
    what = f"run {number} (seed {SEED})"
    arguments = arguments_of(number, path)
    plan, kept, failures = None, {}, False
    for attempt in range(KILLS_OF_A_RUN):
        process = begin(PROGRAM, arguments)
        if (number + attempt) % 2:
            failures |= kill_worker(process, moment(length))
        killed = kill_runner(process, moment(length), path)
        if not killed:
            code, errors = end(process)
            check(code in (0, 1), what, "exit code", code, errors)
            break
        if not has_begun(path):
            figures["killed before it began"] += 1
            shutil.rmtree(path, ignore_errors=True)
            continue
        plan, kept = check_state(what, path, plan)
        # A pilot's failure is no launch yet.
        if not os.path.exists(os.path.join(path, "pilot.csv")):
            kept = {}
        arguments = ("run", "--resume", path)
        # Most are resumed until the next kill, and some to the end.
        if random_moment.random() < 0.3:
            break
    done = run(PROGRAM, *arguments) if not has_begun(path) else run(
        PROGRAM, "run", "--resume", path)
    check(done.returncode in (0, 1 if failures else 0), what, "exit code",
          done.returncode, done.stderr)
    if plan is not None:
        same(f"{what}: plan.csv", text(path, "plan.csv"), plan)
        check_kept(what, kept, path)
    figures["launches failed"] += check_complete(what, path, failures)
    return plan is not None or failures


def main():
    with folder() as path:
        start = time.monotonic()
        done = run(PROGRAM, *arguments_of(0, os.path.join(path, "first")))
        length = time.monotonic() - start
        same("undisturbed: exit code", done.returncode, 0)
        hit = 0
        for number in range(5 * RUNS):
            out = os.path.join(path, str(number))
            hit += one_run(number, out,
                           length * (6 if has_all_parts(number) else 1))
            shutil.rmtree(out, ignore_errors=True)
            if hit == RUNS:
                break
        same("runs that were hit", hit, RUNS)
    print(f"seed {SEED}, {RUNS} runs of {number + 1}:",
          ", ".join(f"{name} {count}"
                    for name, count in sorted(figures.items())))
    finish()


main()
