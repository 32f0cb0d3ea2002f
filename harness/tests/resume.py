# SPDX-License-Identifier: MIT
"""Runs that were stopped, each in its own way, and taken up again."""
import json
import os
import shutil
import signal
import sys
import time

from resume_dir import VARIANTS, ROUNDS, begin, check_complete, check_kept
from resume_dir import command, end, kill, launch_lines, whole_lines
from run_dir import check, check_partial, children, finish, folder, rows
from run_dir import run, same, state_of, text, wait_for

PROGRAM = sys.argv[1]
LAUNCHES = 6
LINES = len(VARIANTS) * ROUNDS  # of a launch


def resume(what, path, code=0):
    done = run(PROGRAM, "run", "--resume", path)
    same(f"{what}: exit code", done.returncode, code)
    if done.returncode != code:
        print(done.stderr)
    return done


def copy(path, name, change=None):
    """A copy of the finished run in which a file is another."""
    out = os.path.join(os.path.dirname(path), "copy")
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(path, out)
    if change:
        with open(os.path.join(out, name), "r+", encoding="utf-8") as file:
            data = change(file.read())
            file.seek(0)
            file.truncate()
            file.write(data)
    return out


def lines_of(count, torn=""):
    """The header, `count` rows and a torn one."""
    def change(data):
        return "".join(data.splitlines(True)[:1 + count]) + torn
    return change


CUTS = (
    ("no row", lines_of(0)),
    ("a torn first row", lines_of(0, "1,o")),
    ("a torn row after a launch", lines_of(LINES, '1,out,"pair,si')),
    ("half a launch", lines_of(3 * LINES + 5)),
    ("half a launch and a torn row", lines_of(3 * LINES + 5, "1,out,")),
    ("whole launches", lines_of(4 * LINES)),
    ("no end to the last line", lambda data: data[:-1]),
)

# Files that are made again where they are not there.
MISSING = ("memory.csv", "serial.csv", "comparisons.csv", "variance.csv",
           "summary.csv", "report.html", "headline.txt")


def cut_short(path):
    """What a kill leaves of trials.csv: whole launches stay as they are."""
    for what, change in CUTS:
        out = copy(path, "trials.csv", change)
        kept = launch_lines(whole_lines(out))
        resume(what, out)
        check_kept(what, kept, out)
        check_complete(what, out)
    for name in MISSING:
        out = copy(path, name)
        os.unlink(os.path.join(out, name))
        with open(os.path.join(out, name + ".new"), "w",
                  encoding="utf-8") as file:
            file.write("torn")
        trials, metrics = text(out, "trials.csv"), rows(out, "metrics.csv")
        resume(f"without {name}", out)
        check_complete(f"without {name}", out)
        same(f"without {name}: trials", text(out, "trials.csv"), trials)
        same(f"without {name}: metrics",
             [row["metric"] for row in rows(out, "metrics.csv")],
             [row["metric"] for row in metrics])
    # Without its pilots a run has no launches.
    out = copy(path, "pilot.csv")
    os.unlink(os.path.join(out, "pilot.csv"))
    resume("without pilots", out)
    check_complete("without pilots", out)
    # Complete: only the conclusion is written again.
    out = copy(path, "")
    before = {name: text(out, name) for name in
              ("plan.csv", "pilot.csv", "trials.csv", "memory.csv",
               "serial.csv", "metrics.csv", "comparisons.csv", "summary.csv")}
    resume("complete", out)
    for name, data in before.items():
        same(f"complete: {name}", text(out, name) == data, True)


def damaged_launch(path):
    """A failure after the last round stands before the rounds: with fewer
    rows than all it is an unfinished launch, and with all a failed one."""
    def change(data):
        lines = data.splitlines(True)
        fields = lines[1].split(",")
        found = lines[1].index('"')
        late = lines[1][found:].split('"')
        rest = late[2].split(",")
        rest[2], rest[3] = str(ROUNDS), "0"
        row = ",".join(fields[:2]) + ',"' + late[1] + '"' + ",".join(rest)
        row = row if len(late) == 3 else row + '"' + '"'.join(late[3:])
        row = row.replace(",ok,0,", ",damaged,1,").replace(
            ",ok,1,", ",damaged,1,")
        return lines[0] + row + "".join(lines[1:1 + kept_rows])
    for kept_rows, failed in ((LINES - 1, 0), (LINES, 1)):
        out = copy(path, "trials.csv", change)
        resume(f"damaged, {kept_rows} rows", out, failed)
        meta = json.loads(text(out, "meta.json"))["plan"]
        same(f"damaged, {kept_rows} rows: failed launches",
             meta["launches_failed"], failed)


def set_meta(*place):
    """Sets meta.json's entry at that place to the last of the words."""
    def change(data):
        meta = json.loads(data)
        entry = meta
        for name in place[:-2]:
            entry = entry[name]
        entry[place[-2]] = place[-1]
        return json.dumps(meta)
    return change


def replace(old, new):
    return lambda data: data.replace(old, new)


def twice(data):
    """The first launch a second time, at the end."""
    return data + "".join(data.splitlines(True)[1:1 + LINES])


def without_row(data):
    lines = data.splitlines(True)
    return "".join(lines[:3] + lines[4:])


# Options, then files; what the one line says.
REFUSED_OPTIONS = (
    (("--threads", "2"), "--threads: a run that is resumed keeps its plan"),
    (("--seed", "1"), "--seed: a run that is resumed keeps its plan"),
    (("--quick",), "--quick: a run that is resumed keeps its plan"),
    (("--shard", "1/2"), "--shard: a run that is resumed keeps its plan"),
    (("--pilot", "x"), "--pilot: a run that is resumed keeps its plan"),
    (("--out", "x"), "--out: a run that is resumed keeps its plan"),
    (("--no-exec",), "--no-exec: a run that is resumed keeps its plan"),
    (("--dry-run",), "--dry-run: a run that is resumed keeps its plan"),
)

REFUSED_FILES = (
    ("meta.json", set_meta("build_id", "other"), "build_id of the workers"),
    ("meta.json", set_meta("schema_version", 2), "another version"),
    ("meta.json", set_meta("plan", "plan_id", "0123456789abcdef"),
     "is not the one that the run was planned in"),
    ("meta.json", set_meta("plan", "variants", ["none", "nobody"]),
     "variant 'nobody'"),
    ("meta.json", set_meta("allocators", 0, "version", "glibc 1.0"),
     "'glibc 1.0' when the run began"),
    ("meta.json", set_meta("parts", []), "was merged"),
    ("meta.json", lambda data: data[:100], "meta.json:"),
    ("plan.csv", replace(",4,50\n", ",4,51\n"), "the run was planned in"),
    ("plan.csv", lambda data: data.replace("counter,work=0", "counter,work=1"),
     "plan.csv:"),
    ("plan.csv", lambda data: data.rsplit("\n", 2)[0] + "\n", "plan.csv:"),
    ("plan.csv", replace("order,", "orders,"), "no column \"order\""),
    ("plan.csv", replace("\n3,", "\n4,"), "plan.csv:5:order: '4'"),
    ("pilot.csv", replace("pair,size", "pear,size"), ":cell: no row for cell"),
    ("pilot.csv", replace("cell,ops", "cell,op"), "no column \"ops\""),
    ("trials.csv", twice, ":round: a second row of round 0 of launch 0"),
    ("trials.csv", without_row, "trials.csv:4:"),
    ("trials.csv", replace("schema_version", "version"),
     "no column \"schema_version\""),
    ("trials.csv", replace("\n1,", "\n2,"), "trials.csv:2:schema_version"),
    ("trials.csv", replace("/system/t1", "/system/t9"), "trials.csv:2:cell"),
    ("trials.csv", replace("glibc ", "klibc "),
     "trials.csv:2:allocator_version"),
)


def check_refused(what, done, said):
    same(f"{what}: exit code", done.returncode, 2)
    check(len(done.stderr.splitlines()) == 1, what, done.stderr)
    check(said in done.stderr, what, "says", done.stderr,
          "not", said)


def refusals(path):
    for words, said in REFUSED_OPTIONS:
        check_refused(words, run(PROGRAM, "run", "--resume", path, *words),
                      said)
    for name, change, said in REFUSED_FILES:
        out = copy(path, name, change)
        check(text(out, name) != text(path, name), name, said, "no change")
        trials = text(out, "trials.csv")
        check_refused((name, said), run(PROGRAM, "run", "--resume", out), said)
        same(f"{name}, {said}: trials", text(out, "trials.csv"), trials)
    build = json.loads(text(path, "meta.json"))["build_id"]
    out = copy(path, "trials.csv", replace(f",{build},", ",other,"))
    check_refused("build of the rows", run(PROGRAM, "run", "--resume", out),
                  "trials.csv:2:build_id: 'other'")
    empty = os.path.join(os.path.dirname(path), "empty")
    os.mkdir(empty)
    for name in (empty, empty + "/nowhere"):
        check_refused(name, run(PROGRAM, "run", "--resume", name),
                      "no run that has begun")


def wait_rows(path, count):
    wait_for("rows", lambda: len(whole_lines(path)) > count)


def stopped(folder_path):
    """Ctrl-C, and two runners at once."""
    out = os.path.join(folder_path, "ctrl-c")
    process = begin(PROGRAM, command(300, 3, "--out", out))
    wait_rows(out, 2 * LINES)
    check_refused("a second runner", run(PROGRAM, "run", "--resume", out),
                  "another run is at work there")
    code, errors = end(process, signal.SIGINT)
    same("Ctrl-C: exit code", code, 130)
    check(f"--resume {out} finishes it" in errors, errors)
    kept = launch_lines(whole_lines(out))
    check(1 < len(kept) < 600, "Ctrl-C:", len(kept), "launches")
    process = begin(PROGRAM, ("run", "--resume", out))
    wait_rows(out, (len(kept) + 2) * LINES)
    end(process, signal.SIGKILL)
    resume("Ctrl-C, then a kill", out)
    check_kept("Ctrl-C, then a kill", kept, out)
    check_complete("Ctrl-C, then a kill", out)


def budget(folder_path):
    """A run whose time is spent has whole passes, in which each cell has its
    share, seventeen at the least where it is not dropped, and ends well;
    --resume does the rest."""
    out = os.path.join(folder_path, "budget")
    done = run(PROGRAM, *command(400, 2, "--out", out, "--time-budget", 1))
    same("budget: exit code", done.returncode, 0)
    kept = launch_lines(whole_lines(out))
    numbers = [int(row["launch"]) for row in rows(out, "trials.csv")
               if row["round"] == "0" and row["position"] == "0"]
    counts = {n: numbers.count(n) for n in numbers}
    plan = json.loads(text(out, "meta.json"))["plan"]
    check(17 <= len(counts) < 400, "budget:", len(counts), "passes")
    same("budget: launches of a first pass", {counts[n] for n in range(17)},
         {2 - len(plan["cells_dropped"])})
    check(set(counts.values()) <= {1, 2}, "budget: launches of a pass", counts)
    check(f"at {len(kept)} of 800; serialbench run --resume {out} does the rest"
          in done.stderr, done.stderr)
    same("budget: meta.json", (plan["time_budget_s"],
                               plan["time_budget_spent"]), (1, True))
    resume("budget", out)
    check_kept("budget", kept, out)
    same("budget: launches", set(launches_of(out).values()), {400})
    if not plan["cells_dropped"]:
        check_complete("budget", out)


def dropped(folder_path):
    """A cell whose launches do not fit into the time is left out whole, which
    is said everywhere; --resume without a budget runs it."""
    first, out, pilot = (os.path.join(folder_path, name)
                         for name in ("costs", "dropped", "costs.csv"))
    run(PROGRAM, *command(3, 2, "--out", first, "--time-budget", 100,
                          "--extra-launches", 0))
    cost = rows(first, "pilot.csv")
    check(all(float(row["start_ns"]) > 0 for row in cost), cost)
    lines = text(first, "pilot.csv").splitlines(True)
    head, _, round_ns = lines[1].rsplit(",", 2)
    lines[1] = f"{head},1e12,{round_ns}"
    with open(pilot, "w", encoding="utf-8") as file:
        file.writelines(lines)
    done = run(PROGRAM, *command(18, 2, "--out", out, "--pilot", pilot,
                                 "--time-budget", 100, "--extra-launches", 0))
    check(done.returncode == 0, done.stderr)
    names = [row["cell"] for row in cost]
    same("dropped: launches", launches_of(out), {names[1]: 18})
    same("dropped: meta.json", json.loads(text(out, "meta.json"))["plan"][
        "cells_dropped"], names[:1])
    check(f"drops 1 of 2 cells, so that each of the others has 17 launches: "
          f"{names[0]}\n" in done.stderr, done.stderr)
    check_partial(out, "Partial run: the time budget dropped 1 of 2 cells",
                  json.loads(text(out, "meta.json")))
    dry = run(PROGRAM, *command(18, 2, "--dry-run", "--pilot",
                                os.path.join(out, "pilot.csv"),
                                "--time-budget", 100))
    check(f"  {names[0]}  dropped\n" in dry.stdout
          and "about 18 launches of each of 1 cells, and 1 dropped"
          in dry.stdout, dry.stdout)
    resume("dropped", out)
    same("dropped, resumed: launches", launches_of(out),
         {name: 18 for name in names})
    same("dropped, resumed: meta.json", json.loads(text(out, "meta.json"))[
        "plan"]["cells_dropped"], [])


def launches_of(path):
    """How many of each cell."""
    keys = launch_lines(whole_lines(path))
    cells = [cell for cell, _ in keys]
    return {cell: cells.count(cell) for cell in cells}


def extra(folder_path):
    """Launches beyond the plan: up to the most; none where none are wanted,
    or no time is given; the same after a merge."""
    for what, words, each in (
            ("all", ("--extra-launches", 6, "--time-budget", 100), 12),
            ("standard", ("--time-budget", 100), 18),
            ("none", ("--extra-launches", 0, "--time-budget", 100), 6),
            ("no time", ("--extra-launches", 6), 6)):
        out = os.path.join(folder_path, "extra-" + what)
        done = run(PROGRAM, *command(6, 5, "--out", out, *words))
        same(f"extra, {what}: exit code", done.returncode, 0)
        check_complete(f"extra, {what}", out)
        same(f"extra, {what}: launches", set(launches_of(out).values()),
             {each})
    out, whole = (os.path.join(folder_path, name)
                  for name in ("extra-all", "extra-merged"))
    done = run(PROGRAM, "merge", out, "-o", whole)
    same("extra: merge", done.returncode, 0)
    check_complete("extra: merge", whole)
    same("extra: merged rows", set(whole_lines(whole)), set(whole_lines(out)))
    for most, said in ((4, "extra_launches_of_a_cell '4'"),
                       (3, "cell and launch of plan.csv")):
        changed = copy(out, "meta.json",
                       set_meta("plan", "extra_launches_of_a_cell", most))
        check_refused(f"extra: at most {most}",
                      run(PROGRAM, "run", "--resume", changed), said)


def extra_killed(folder_path):
    """Killed amid the launches beyond the plan: what was begun is ended, and
    more are run where there is time."""
    out = os.path.join(folder_path, "extra-killed")
    process = begin(PROGRAM, command(6, 7, "--out", out, "--extra-launches",
                                     600, "--time-budget", 100))
    for number in range(4):
        wait_rows(out, (12 + 40 * number) * LINES)
        end(process, signal.SIGKILL)
        kept = launch_lines(whole_lines(out))
        words = ("--time-budget", "100") if number < 3 else ()
        process = begin(PROGRAM, ("run", "--resume", out, *words))
        if number == 3:
            code, errors = end(process)
            same("extra, killed: exit code", code, 0)
            check(code == 0, errors)
        else:
            wait_rows(out, (len(kept) + 1) * LINES)
        check_kept("extra, killed", kept, out)
    check_complete("extra, killed", out)
    check(len(launch_lines(whole_lines(out))) <= len(kept) + 3,
          "a resume without time did more than end a batch")
    before = launches_of(out)
    same("extra, again: exit code", run(
        PROGRAM, "run", "--resume", out, "--time-budget", "1").returncode, 0)
    check_complete("extra, again", out)
    check(sum(launches_of(out).values()) > sum(before.values()),
          "no more launches in one more second", before)


def slept(folder_path):
    """All processes stop for longer than the deadline, as on a machine that
    sleeps: none of them has hung."""
    out = os.path.join(folder_path, "slept")
    process = begin(PROGRAM, command(200, 4, "--out", out, "--deadline", 1))
    wait_rows(out, 2 * LINES)
    # The runner first: while it starts a worker it cannot stop before that
    # worker has begun, so a worker stopped before would hold it for ever.
    kill(process.pid, signal.SIGSTOP)
    wait_for("the runner to stop", lambda: state_of(process.pid) == "T")
    workers = children(process.pid)
    for pid in workers:
        kill(pid, signal.SIGSTOP)
    time.sleep(1.5)
    kill(process.pid, signal.SIGCONT)
    time.sleep(0.2)
    for pid in workers:
        kill(pid, signal.SIGCONT)
    code, errors = end(process)
    same("slept: exit code", code, 0)
    check(code == 0, errors)
    check_complete("slept", out)


def main():
    with folder() as path:
        out = os.path.join(path, "out")
        done = run(PROGRAM, *command(LAUNCHES, 2, "--out", out))
        same("whole: exit code", done.returncode, 0)
        check_complete("whole", out)
        cut_short(out)
        damaged_launch(out)
        refusals(out)
        stopped(path)
        budget(path)
        dropped(path)
        extra(path)
        extra_killed(path)
        slept(path)
    finish()


main()
