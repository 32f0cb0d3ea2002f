# SPDX-License-Identifier: MIT
"""A worker that goes wrong costs its launch alone, and the run names it."""
import json
import os
import sys

from run_dir import by_launch, check, check_partial, check_whole, faults
from run_dir import finish, folder, rows, run, same, text

PROGRAM, WORKERS = sys.argv[1:3]
VARIANTS = ("none", "again", "tls", "slot")
LAUNCHES, ROUNDS = 4, 3
CELL = "pair,size=64/system/t1"
COMMAND = ("run", "--quick", "--workload", "pair", "--variant",
           ",".join(VARIANTS), "--allocator", "system", "--threads", 1,
           "--launches", LAUNCHES, "--rounds", ROUNDS, "--turn-us", 50,
           "--seed", 5, "--deadline", 1)

# Fault, call of run() (two a turn), status, what is said of it.
CASES = (
    ("crash", 0, "crashed", "worker ended by signal 11 (Segmentation fault)"),
    ("crash", 3, "crashed", "worker ended by signal 11 (Segmentation fault)"),
    ("exit", 2, "crashed", "worker ended by itself with code 7"),
    ("hang", 3, "hung", "no answer within 1.0 s"),
    ("miscount", 3, "miscounted", "operations of"),
    ("checksum", 0, "miscounted", "operations of"),
    ("damage", 0, "damaged", ""),
    ("setup", 0, "failed", "pair: out of memory in set-up"),
)


def open_rounds():
    """The command without rounds: the pilot chooses them."""
    at = COMMAND.index("--rounds")
    return COMMAND[:at] + COMMAND[at + 2:]


def execute(path, fault=None, command=COMMAND):
    environment = dict(os.environ, SERIALBENCH_WORKERS=WORKERS)
    if fault:
        environment["SERIALBENCH_FAULT"] = ",".join(map(str, fault))
    return run(PROGRAM, *command, "--out", path, env=environment)


def check_run(path, case, variant, launch, done):
    name, _, status, said = case
    where = f"{name} of {variant} in launch {launch}"
    trials = rows(path, "trials.csv")
    bad = faults(trials)
    same(f"{where}: exit code", done.returncode, 1)
    line = f"{CELL}, launch {launch}, {variant}: {status}: "
    check(any(line in each and said in each
              for each in done.stderr.splitlines()),
          where, "stderr does not say:", line, done.stderr)
    same(f"{where}: rows that are not ok",
         [(row["launch"], row["variant"], row["status"]) for row in bad],
         [(str(launch), variant, status)])
    check(said in bad[0]["exclude_reason"] if bad else True, where, bad)
    launches = by_launch(trials)
    for number in range(LAUNCHES):
        if number != launch:
            check_whole(launches[(CELL, str(number))], len(VARIANTS), ROUNDS)
    for row in rows(path, "comparisons.csv"):
        same(f"{where}: launches of {row['variant']}", row["n_launches"],
             str(LAUNCHES - 1))
    check(os.path.exists(os.path.join(path, "report.html")), where,
          "no report")


def first_of(path, launch):
    """The lane that begins a launch: the others must not be blamed."""
    for row in rows(path, "trials.csv"):
        if (row["launch"], row["round"], row["position"]) == (
                str(launch), "0", "0"):
            return row["variant"]
    return None


def rehearsed(path, seed):
    """What only shows when blocks are verified passes the pilot's turns, not
    its rehearsal. Nothing is then known of the rounds; it costs the launch of
    that seed, and no other."""
    done = execute(path, ("damage", "tls", seed, 0), open_rounds())
    said = [line for line in done.stderr.splitlines()
            if f"{CELL}, launch 0, tls: damaged: " in line]
    same("rehearsal: exit code", done.returncode, 1)
    same("rehearsal: said, twice before the launch", len(said), 3)
    pilot, = rows(path, "pilot.csv")
    same("rehearsal: pilot.csv", list(pilot.values())[-4:], ["3", "", "", ""])
    launches = by_launch(rows(path, "trials.csv"))
    same("rehearsal: launches", len(launches), LAUNCHES)
    bad = launches.pop((CELL, "0"), [])
    same("rehearsal: rows of the launch",
         [(row["status"], row["round"]) for row in bad][:2],
         [("damaged", "3"), ("ok", "0")])
    same("rehearsal: how many", len(bad), 1 + 3 * len(VARIANTS))
    for launch in launches.values():
        check_whole(launch, len(VARIANTS), 3)


def main():
    with folder() as path:
        good = os.path.join(path, "good")
        done = execute(good)
        same("without fault: exit code", done.returncode, 0)
        if done.returncode != 0:
            print(done.stderr)
        plan = rows(good, "plan.csv")
        for number, case in enumerate(CASES):
            # Not the first: the pilot has its seed, too.
            launch = 1 + number % (LAUNCHES - 1)
            seed = plan[launch]["seed"]
            variant = VARIANTS[number % len(VARIANTS)]
            if case[0] == "checksum":
                variant = first_of(good, launch)
            out = os.path.join(path, str(number))
            done = execute(out, (case[0], variant, seed, case[1]))
            check_run(out, case, variant, launch, done)
        # The pilot's: nothing of the cell can be run.
        out = os.path.join(path, "pilot")
        done = execute(out, ("crash", "tls", plan[0]["seed"], 0))
        same("pilot: exit code", done.returncode, 1)
        check(f"{CELL}, launch 0, tls: crashed" in done.stderr, done.stderr)
        same("pilot: rows", [row["status"] for row in
                             rows(out, "trials.csv")], ["crashed"])
        check(os.path.exists(os.path.join(out, "report.html")),
              "pilot: no report", done.stderr)
        check_partial(out, "Partial run: 1 of 1 cells have no launch",
                      json.loads(text(out, "meta.json")))
        headline = text(out, "headline.txt")
        check(f"-  {CELL}: tls crashed: " in headline and
              "variant " not in headline, headline)
        rehearsed(os.path.join(path, "rehearsal"), plan[0]["seed"])
    finish()


main()
