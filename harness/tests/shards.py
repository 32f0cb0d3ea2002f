# SPDX-License-Identifier: MIT
"""A plan that is run in parts and merged is the plan that is run at once."""
import json
import os
import shutil
import signal
import sys

from resume_dir import VARIANTS, begin, check_complete, command, end
from resume_dir import whole_lines
from run_dir import by_launch, check, check_partial, finish, folder, rows
from run_dir import run, same, text, wait_for

PROGRAM = sys.argv[1]
LAUNCHES = 5
# Of a trial, all but what is measured or says where and when.
DRAWN = ("cell", "launch", "round", "position", "variant", "link_order",
         "params", "env_bytes", "seed", "pus")
DONE = ("ops", "checksum", "status")


def make(path, name, *more, launches=LAUNCHES, seed=6):
    out = os.path.join(path, name)
    done = run(PROGRAM, *command(launches, seed, *more, "--out", out))
    same(f"{name}: exit code", done.returncode, 0)
    if done.returncode != 0:
        print(done.stderr)
    return out


def merge(path, name, *parts):
    out = os.path.join(path, name)
    return out, run(PROGRAM, "merge", *parts, "-o", out)


def columns(path, names):
    return [[row[name] for name in names] for row in rows(path, "trials.csv")]


def comparisons(path):
    """Which are made, over how many launches; not what they say."""
    names = ("family", "cell", "metric", "baseline", "variant", "n_launches",
             "ci_level", "adj_method", "margin")
    return [[row[name] for name in names]
            for row in rows(path, "comparisons.csv")]


def check_merged(what, whole, merged, with_work):
    check_complete(what, merged)
    same(f"{what}: plan.csv", text(merged, "plan.csv"),
         text(whole, "plan.csv"))
    names = DRAWN + (DONE if with_work else ())
    for one, other in zip(columns(merged, names), columns(whole, names)):
        if not same(f"{what}: turn", one, other):
            break
    same(f"{what}: comparisons", comparisons(merged), comparisons(whole))
    meta = json.loads(text(merged, "meta.json"))
    same(f"{what}: plan_id", meta["plan"]["plan_id"],
         json.loads(text(whole, "meta.json"))["plan"]["plan_id"])
    same(f"{what}: parts", sorted(part["shard"] for part in meta["parts"]),
         ["1/2", "2/2"])


def joined(path, whole):
    """With the pilot of the whole run even the operations are the same."""
    pilot = os.path.join(whole, "pilot.csv")
    one = make(path, "one", "--shard", "1/2", "--pilot", pilot)
    two = make(path, "two", "--shard", "2/2", "--pilot", pilot)
    for part, launches in ((one, "024"), (two, "13")):
        same(f"{part}: launches", {row["launch"] for row in
                                   rows(part, "trials.csv")}, set(launches))
        same(f"{part}: plan.csv", text(part, "plan.csv"),
             text(whole, "plan.csv"))
        same(f"{part}: pilot.csv", text(part, "pilot.csv"),
             text(whole, "pilot.csv"))
    check(os.path.exists(os.path.join(one, "memory.csv"))
          and not os.path.exists(os.path.join(two, "memory.csv")),
          "not the first shard alone has the tables")
    merged, done = merge(path, "merged", two, one)
    same("merge: exit code", done.returncode, 0)
    check_merged("merged", whole, merged, True)
    lines = set(whole_lines(one) + whole_lines(two))
    same("rows as they were", set(whole_lines(merged)), lines)
    same("memory.csv", text(merged, "memory.csv"), text(one, "memory.csv"))
    done = run(PROGRAM, "run", "--resume", merged)
    same("resume of a merged run", done.returncode, 2)
    check("was merged: resume its parts" in done.stderr, done.stderr)
    return one, two


def own_pilots(path, whole):
    """Each part has its own pilots, is killed, and is resumed."""
    parts = []
    for name in ("1/2", "2/2"):
        out = os.path.join(path, "own-" + name[0])
        process = begin(PROGRAM, command(LAUNCHES, 6, "--shard", name, "--out",
                                         out))
        wait_for("rows", lambda out=out: len(whole_lines(out)) > 20)
        end(process, signal.SIGKILL)
        done = run(PROGRAM, "run", "--resume", out)
        same(f"shard {name}: resume", done.returncode, 0)
        parts.append(out)
    merged, done = merge(path, "own", *parts)
    same("own pilots: exit code", done.returncode, 0)
    check_merged("own pilots", whole, merged, False)


def replace_row(data, row, fields):
    """pilot.csv with other figures for the cell of a row."""
    lines = data.splitlines(True)
    cell = lines[row].rsplit(",", 8)[0]
    lines[row] = f"{cell},{fields}\n"
    return "".join(lines)


def pilots(path, one, two):
    """A cell whose pilot failed in the first part has another part's turns;
    else they are the first part's."""
    failed = changed(one, "pilot.csv",
                     lambda data: replace_row(data, 1, ",,,,,,,"))
    other = changed(two, "pilot.csv", lambda data: replace_row(
        replace_row(data, 1, "77,5,1.5,2.5,4,0.25,8.5,9.5"), 2,
        "88,6,3.5,4.5,4,,,"), "other-turns")
    merged, done = merge(path, "joined-pilots", failed, other)
    same("joined pilots: exit code", done.returncode, 0)
    found, first = rows(merged, "pilot.csv"), rows(one, "pilot.csv")
    same("joined pilots: of the second part",
         list(found[0].values())[1:], ["77", "5", "1.5", "2.5", "4", "0.25", "8.5", "9.5"])
    same("joined pilots: of the first part", found[1:], first[1:])
    for metric, column in (("turn_ops", "ops"),
                           ("relay_ns_per_op", "relay_ns_per_op")):
        same(f"joined pilots: {metric}",
             [(row["cell"], float(row["value"]))
              for row in rows(merged, "metrics.csv")
              if row["metric"] == metric],
             [(row["cell"], float(row[column])) for row in found])
    wrong = changed(two, "pilot.csv",
                    lambda data: replace_row(
                        data, 1, "-1,5,1.5,2.5,4,,,"))
    check_refused(path, (one, wrong), "pilot.csv:2:ops: '-1'")


def incomplete(path, one):
    out, done = merge(path, "half", one)
    same("half: exit code", done.returncode, 0)
    check("4 of 10 launches are in no part" in done.stderr, done.stderr)
    meta = json.loads(text(out, "meta.json"))
    same("half: stopped_early", meta["plan"]["stopped_early"], True)
    check_partial(out, "Partial run: 4 of 10 launches are in no part", meta)
    check_partial(one, "Partial run: shard 1 of 2",
                  json.loads(text(one, "meta.json")))
    same("half: launches", len(by_launch(rows(out, "trials.csv"))), 6)


def changed(path, name, change, directory="changed"):
    out = os.path.join(os.path.dirname(path), directory)
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(path, out)
    data = change(text(out, name))
    with open(os.path.join(out, name), "w", encoding="utf-8") as file:
        file.write(data)
    return out


def break_checksum(data):
    """Of the last turn of a round: not what the others did."""
    lines = data.splitlines(True)
    row = lines[len(VARIANTS)]
    return data.replace(row, row.replace(",ok,", "1,ok,"))


def refusals(path, one, two):
    other = make(path, "other", "--shard", "2/2", seed=7)
    more = make(path, "more", "--shard", "2/2", launches=LAUNCHES + 1)
    build = json.loads(text(two, "meta.json"))["build_id"]
    for parts, said in (
            ((one, other), "plan_id"), ((one, more), "plan_id"),
            ((one, one), "allowed is each launch in one part"),
            ((one, path), "no run that has begun"),
            ((), "no run directory: allowed is serialbench merge")):
        check_refused(path, parts, said)
    for name, change, said in (
            ("meta.json", lambda data: data.replace(
                f'"build_id": "{build}"', '"build_id": "other"'), "build_id"),
            ("meta.json", lambda data: data.replace(
                '"version": "glibc', '"version": "klibc'), "system 'klibc"),
            ("trials.csv", lambda data: data.replace(
                f",{build},", ",other,"), "build_id: 'other'"),
            ("trials.csv", break_checksum, ":checksum:")):
        check_refused(path, (one, changed(two, name, change)), said)
    done = run(PROGRAM, "merge", one, two, "-o", one)
    same("-o exists: exit code", done.returncode, 2)
    check("exists; a merge makes" in done.stderr, done.stderr)
    done = run(PROGRAM, "merge", one, two)
    check("--out is missing" in done.stderr, done.stderr)
    done = run(PROGRAM, *command(2, 1, "--pilot", path + "/none", "--out",
                                 path + "/refused"))
    check(done.returncode == 2 and "--pilot: " in done.stderr, done.stderr)
    done = run(PROGRAM, "run", "--shard", "1/2")
    check("--seed" in done.stderr and done.returncode == 2, done.stderr)


def check_refused(path, parts, said):
    out, done = merge(path, "refused", *parts)
    same(f"{said}: exit code", done.returncode, 2)
    check(said in done.stderr and len(done.stderr.splitlines()) == 1,
          said, "is not said:", done.stderr)
    check(not os.path.exists(out), said, "left something behind")


def main():
    with folder() as path:
        whole = make(path, "whole")
        one, two = joined(path, whole)
        own_pilots(path, whole)
        pilots(path, one, two)
        incomplete(path, one)
        refusals(path, one, two)
    finish()


main()
