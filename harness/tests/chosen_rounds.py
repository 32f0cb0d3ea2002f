# SPDX-License-Identifier: MIT
"""The rounds that the pilot chooses: by the rule, in every launch, kept by a
resume, by shards and by merges."""
import json
import math
import os
import shutil
import signal
import sys

from resume_dir import VARIANTS, begin, check_kept, command, end
from resume_dir import launch_lines, whole_lines
from run_dir import by_launch, check, check_whole, finish, folder, rows, run
from run_dir import same, text, wait_for

PROGRAM = sys.argv[1]
LAUNCHES = 6


def make(path, name, *more, launches=LAUNCHES, rounds=None):
    out = os.path.join(path, name)
    done = run(PROGRAM, *command(launches, 8, *more, "--out", out,
                                 rounds=rounds))
    if not same(f"{name}: exit code", done.returncode, 0):
        print(done.stderr)
    return out, done.stderr


def by_rule(row):
    """Of what a start and a round cost: the next odd number."""
    best = math.sqrt(7.07 * float(row["start_ns"]) / float(row["round_ns"]))
    return max(3, min(15, 2 * math.floor(best / 2) + 1))


def check_rounds(what, path, rounds_of):
    """Every launch is whole with its rounds: rounds_of(cell, launch)."""
    launches = by_launch(rows(path, "trials.csv"))
    for (cell, number), launch in launches.items():
        check_whole(launch, len(VARIANTS), rounds_of(cell, int(number)))
    cells = {row["cell"] for row in rows(path, "plan.csv")}
    planned = 1 + max(int(row["launch"]) for row in rows(path, "plan.csv"))
    check(set(launches) >= {(cell, str(number)) for cell in cells
                            for number in range(planned)},
          what, "launches", set(launches))


def pilot_rounds(path):
    return {row["cell"]: int(row["rounds"])
            for row in rows(path, "pilot.csv")}


def keeps_pilot(what, path):
    chosen = pilot_rounds(path)
    check_rounds(what, path, lambda cell, _: chosen[cell])


def chosen_rounds(path):
    out, said = make(path, "chosen", "--time-budget", "100",
                     "--extra-launches", "0")
    for row in rows(out, "pilot.csv"):
        check(float(row["round_sd"]) >= 0 and float(row["start_ns"]) > 0
              and float(row["round_ns"]) > 0, row)
        same(f"{row['cell']}: rounds", int(row["rounds"]),
             by_rule(row))
    keeps_pilot("chosen", out)
    same("plan.csv", {row["rounds"] for row in rows(out, "plan.csv")}, {""})
    plan = json.loads(text(out, "meta.json"))["plan"]
    same("meta.json", plan["rounds_of_a_launch"], None)
    check("pilot.csv" in plan["rounds_of_a_launch_why"], plan)
    check("pilots chose " in said and "of 2 cells come to ±1 % over 6 launches" in said, said)
    same("metrics.csv", {
        row["cell"]: int(row["value"]) for row in rows(out, "metrics.csv")
        if row["metric"] == "rounds"}, pilot_rounds(out))
    return out


def named(path, chosen):
    """Rounds that are named are those of every cell, whatever a file says."""
    pilot = os.path.join(chosen, "pilot.csv")
    for name, more in (("named", ()), ("named-too", ("--pilot", pilot))):
        out, said = make(path, name, *more, rounds=2)
        check_rounds(name, out, lambda *_: 2)
        same(f"{name}: pilot.csv", set(pilot_rounds(out).values()), {2})
        same(f"{name}: plan.csv", {row["rounds"] for row in
                                   rows(out, "plan.csv")}, {"2"})
        same(f"{name}: said", "chose" in said, False)
        same(f"{name}: meta.json", json.loads(text(out, "meta.json"))["plan"]
             ["rounds_of_a_launch"], 2)


def extra(path):
    """Launches beyond the plan have the rounds of their cell."""
    out, _ = make(path, "extra", "--time-budget", "100", "--extra-launches",
                  "3")
    keeps_pilot("extra", out)
    check(any(int(row["launch"]) >= LAUNCHES
              for row in rows(out, "trials.csv")), "no extra launch")


def change_rounds(path, name, change):
    """A copy of pilot.csv; `change` makes new rounds of old ones."""
    lines = text(path, "pilot.csv").splitlines()
    for i, line in enumerate(lines[1:], 1):
        fields = line.rsplit(",", 4)
        fields[1] = str(change(int(fields[1])))
        lines[i] = ",".join(fields)
    with open(name, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return name


def resumed(path):
    out = os.path.join(path, "killed")
    process = begin(PROGRAM, command(60, 8, "--out", out, rounds=None))
    wait_for("rows", lambda: len(whole_lines(out)) > 150)
    end(process, signal.SIGKILL)
    before = text(out, "pilot.csv"), launch_lines(whole_lines(out))
    copy = os.path.join(path, "other-rounds")
    shutil.copytree(out, copy)
    done = run(PROGRAM, "run", "--resume", out)
    same("resume: exit code", done.returncode, 0)
    same("resume: pilot.csv", text(out, "pilot.csv"), before[0])
    check_kept("resume", before[1], out)
    keeps_pilot("resume", out)
    # What was measured has other rounds than the file says.
    for what, change, said in (
            ("more", lambda number: number + 1, ":launch: "),
            ("none", lambda number: "0", "pilot.csv:2:rounds: '0'"),
            ("no number", lambda number: "x", "pilot.csv:2:rounds: 'x'")):
        change_rounds(out, os.path.join(copy, "pilot.csv"), change)
        done = run(PROGRAM, "run", "--resume", copy)
        same(f"resume, {what}: exit code", done.returncode, 2)
        check(said in done.stderr and len(done.stderr.splitlines()) == 1,
              what, done.stderr)


def merge(path, name, *parts):
    out = os.path.join(path, name)
    done = run(PROGRAM, "merge", *parts, "-o", out)
    if not same(f"{name}: exit code", done.returncode, 0):
        print(done.stderr)
    return out


def shards(path, chosen):
    """Each part has its own rounds; the first of them has its pilot in the
    whole, which can be part of another."""
    three = change_rounds(chosen, os.path.join(path, "three.csv"),
                          lambda number: 3)
    five = change_rounds(chosen, os.path.join(path, "five.csv"),
                         lambda number: 5)
    parts = [make(path, f"part-{shard}", "--shard", f"{shard}/3", *more)[0]
             for shard, more in ((1, ("--pilot", three)),
                                 (2, ("--pilot", five)), (3, ()))]
    own = [pilot_rounds(part) for part in parts]
    same("shards: rounds of the first", set(own[0].values()), {3})
    same("shards: rounds of the second", set(own[1].values()), {5})
    both = merge(path, "both", *parts[:2])
    same("shards: pilot.csv", text(both, "pilot.csv"),
         text(parts[0], "pilot.csv"))
    for name, order in (("whole", (*parts,)), ("again", (parts[2], both))):
        out = merge(path, name, *order)
        check_rounds(name, out,
                     lambda cell, number: own[number % 3][cell])
        same(f"{name}: rounds done",
             json.loads(text(out, "meta.json"))["plan"]["rounds_done"],
             sum(own[number % 3][cell] for cell in own[0]
                 for number in range(LAUNCHES)))
    same("again: pilot.csv", pilot_rounds(out), own[2])


def main():
    with folder() as path:
        chosen = chosen_rounds(path)
        named(path, chosen)
        extra(path)
        resumed(path)
        shards(path, chosen)
    finish()


main()
