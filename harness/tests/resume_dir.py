# SPDX-License-Identifier: MIT
"""For the drivers of runs that are stopped: what a finished run has to be."""
import json
import os
import signal
import subprocess

from run_dir import by_launch, check, check_whole, rows, same, text

VARIANTS = ("none", "again", "tls")
ROUNDS = 4


def command(launches, seed, *more, rounds=ROUNDS):
    """A run of some tenths of a second with its tables of bytes and numbers;
    without rounds the pilot chooses them."""
    named = () if rounds is None else ("--rounds", str(rounds))
    return ("run", "--quick", "--workload", "pair,counter,work=0", "--variant",
            ",".join(VARIANTS), "--allocator", "system", "--threads", "1",
            "--launches", str(launches), *named, "--turn-us", "50", "--seed",
            str(seed), *map(str, more))


def begin(program, arguments):
    """A run in the background, leader of a group, as of a shell's job."""
    return subprocess.Popen([program, *arguments], stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE, text=True,
                            start_new_session=True)


def end(process, signal_number=None):
    """Exit code and stderr."""
    if signal_number is not None:
        process.send_signal(signal_number)
    errors = process.communicate(timeout=120)[1]
    return process.returncode, errors


def has_begun(path):
    return os.path.exists(os.path.join(path, "meta.json"))


def whole_lines(path):
    """The lines of trials.csv without a torn last one; none without file."""
    try:
        data = text(path, "trials.csv")
    except OSError:
        return []
    return data[:data.rfind("\n") + 1].splitlines()


def launch_lines(lines):
    """Lines by cell and launch, in the order of the file."""
    found = {}
    for line in lines[1:]:
        fields = line.split('"')
        found.setdefault((fields[1], fields[2].split(",")[1]), []).append(line)
    return found


def check_kept(what, before, path):
    """Every launch that had ended before is there as it was, and once; the
    last one may have been run again."""
    after = launch_lines(whole_lines(path))
    launches = list(before.items())
    for key, lines in launches[:-1]:
        check(after.get(key) == lines, what, key, "was", lines, "and is",
              after.get(key))


def check_extra(what, extra, planned, lanes, rounds, failures):
    """Launches beyond the plan: whole batches, each of all link orders. How
    many have a failure, where that is allowed."""
    numbers, lost = {}, 0
    for (cell, number), launch in extra.items():
        numbers.setdefault(cell, []).append(int(number))
        if failures and any(turn["status"] != "ok" for turn in launch):
            lost += 1
        else:
            check_whole(launch, lanes, rounds)
        same(f"{what}: {cell}, extra launch {number}: link order",
             int(launch[0]["link_order"]), int(number) % 3)
    for cell, found in numbers.items():
        same(f"{what}: {cell}: extra launches", sorted(found),
             list(range(planned, planned + len(found))))
        same(f"{what}: {cell}: batches", len(found) % 3, 0)
    seeds = [launch[0]["seed"] for launch in extra.values()]
    same(f"{what}: seeds", len(set(seeds)), len(seeds))
    return lost


def check_complete(what, path, failures=False, more_lanes=0):
    """trials.csv has exactly the launches of plan.csv, in its order, whole or
    (where that is allowed) with the one failure that ended them."""
    plan = rows(path, "plan.csv")
    launches = by_launch(rows(path, "trials.csv"))
    lanes = len(VARIANTS) + more_lanes
    rounds = int(plan[0]["rounds"])
    without = {row["cell"] for row in rows(path, "pilot.csv")
               if not row["ops"]}
    check(failures or not without, what, "pilots failed:", without)
    planned = 1 + max(int(row["launch"]) for row in plan)
    extra = {key: rows for key, rows in launches.items()
             if int(key[1]) >= planned}
    lost = check_extra(what, extra, planned, lanes, rounds, failures)
    same(f"{what}: launches",
         [key for key in launches if key not in extra],
         [(row["cell"], row["launch"]) for row in plan
          if row["cell"] not in without
          or (row["cell"], row["launch"]) in launches])
    for row in plan:
        launch = launches.get((row["cell"], row["launch"]), [])
        for column in ("seed", "link_order", "env_bytes"):
            same(f"{what}: {row['cell']}, launch {row['launch']}: {column}",
                 {turn[column] for turn in launch} - {row[column]}, set())
        if failures and any(turn["status"] != "ok" for turn in launch):
            same(f"{what}: failures of a launch",
                 [turn["status"] for turn in launch].count("crashed"), 1)
            lost += 1
        elif row["cell"] not in without:
            check_whole(launch, lanes, rounds)
    for name in ("comparisons.csv", "memory.csv", "serial.csv", "metrics.csv"):
        rows(path, name)
    same(f"{what}: variances", len(rows(path, "variance.csv")),
         (lanes - 1) * len({cell for cell, _ in launches}))
    names = [(row["metric"], row["cell"], row["variant"])
             for row in rows(path, "metrics.csv")]
    same(f"{what}: metrics", len(names), len(set(names)))
    for name, cell in [("clock_ns", "")] + [
            ("turn_ops", row["cell"]) for row in rows(path, "pilot.csv")
            if row["ops"]]:
        check((name, cell, "") in names, what, "metrics.csv has no", name,
              cell)
    check("</html>" in text(path, "report.html"), what, "report.html is cut")
    left = [name for name in os.listdir(path)
            if name.endswith(".new") or name.startswith(".")]
    same(f"{what}: unfinished files", left, [])
    meta = json.loads(text(path, "meta.json"))
    same(f"{what}: launches by meta.json",
         meta["plan"]["launches_done"] + meta["plan"]["launches_failed"],
         len(launches))
    same(f"{what}: extra launches by meta.json",
         meta["plan"]["launches_extra"], len(extra))
    same(f"{what}: stopped_early", meta["plan"]["stopped_early"], False)
    return lost


def kill(pid, number=signal.SIGKILL):
    try:
        os.kill(pid, number)
        return True
    except ProcessLookupError:
        return False
