# SPDX-License-Identifier: MIT
"""For the drivers: runs serialbench, reads what it left, keeps the failures."""
import contextlib
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time

FILES = ("plan.csv", "trials.csv", "memory.csv", "serial.csv", "metrics.csv",
         "comparisons.csv", "summary.csv", "meta.json", "topology.xml",
         "report.html")

TRIALS = (
    "schema_version,run_id,cell,launch,round,position,variant,role,build_id,"
    "link_order,workload,params,allocator,allocator_version,threads,placement,"
    "pus,env_bytes,seed,ops,wall_ns,cpu_ns,ns_per_op,start_skew_ns,"
    "finish_skew_ns,thread_ops_min,thread_ops_max,minflt,majflt,nvcsw,nivcsw,"
    "migrations,steal_ticks,checksum,status,excluded,exclude_reason,"
    "t_start_unix_ns")

_failures = []

if os.environ.get("SERIALBENCH_SANITIZED"):
    print("skipped: the sanitizer's malloc would be the workers'")
    sys.exit(77)


def check(true, *values):
    """Notes a failure, with the values that show it, and goes on."""
    if not true:
        _failures.append(values)
        print("failed:", *values, flush=True)
    return true


def same(what, got, want):
    return check(got == want, f"{what}: {got!r}, not {want!r}")


def finish():
    if _failures:
        sys.exit(f"{len(_failures)} failed")
    print("all passed")


@contextlib.contextmanager
def folder():
    path = tempfile.mkdtemp(prefix="serialbench-")
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def run(program, *arguments, timeout=120, **settings):
    return subprocess.run([program, *map(str, arguments)],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=timeout,
                          **settings)


def text(*path):
    with open(os.path.join(*path), encoding="utf-8", newline="") as file:
        return file.read()


def rows(*path):
    """Rows by column name; every row is whole and the last one ends."""
    lines = text(*path)
    check(lines.endswith("\n"), path, "ends amid a line:", lines[-80:])
    table = list(csv.reader(lines.splitlines()))
    for number, row in enumerate(table):
        check(len(row) == len(table[0]), path, "line", number + 1, row)
    return [dict(zip(table[0], row)) for row in table[1:]]


def by_launch(trials):
    launches = {}
    for row in trials:
        launches.setdefault((row["cell"], row["launch"]), []).append(row)
    return launches


def check_partial(path, words, meta):
    """The record, the first line of headline.txt and the page, before its own
    sentence, say that the run is partial."""
    said = meta["plan"]["partial"] or ""
    check(said.startswith(words), path, said, "not", words)
    same(f"{path}: headline.txt", text(path, "headline.txt").split("\n")[0],
         said + ".")
    page = text(path, "report.html")
    check(-1 < page.find(said) < page.find("<h1>"), path, "the page's top")


def faults(trials):
    return [row for row in trials if row["status"] != "ok"]


def rides(number):
    """Whether A' and the controls without a serial are in a launch of that
    number: in the first eighteen, then in one of three."""
    return number < 18 or number % 3 == number // 3 % 3


def check_whole(launch, lanes, rounds):
    """A launch as it should be: every lane once a round, the same work. Of the
    lanes of a launch past the eighteenth one is A'."""
    where = (launch[0]["cell"], "launch", launch[0]["launch"])
    has_again = rides(int(launch[0]["launch"]))
    if not has_again:
        lanes -= 1
        check("again" not in {row["variant"] for row in launch}, where)
    same(f"{where}: rows", len(launch), lanes * rounds)
    check(not faults(launch), where, faults(launch))
    for number in range(rounds):
        turns = [row for row in launch if int(row["round"]) == number]
        same(f"{where}, round {number}: positions",
             sorted(int(row["position"]) for row in turns), list(range(lanes)))
        same(f"{where}, round {number}: lanes",
             len({row["variant"] for row in turns}), lanes)
        for column in ("ops", "checksum", "seed", "link_order", "env_bytes",
                       "pus"):
            values = {row[column] for row in turns}
            check(len(values) == 1, where, "round", number, column, values)


def children(pid):
    """Processes whose parent it is, that have not ended."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        with contextlib.suppress(OSError):
            stat = text("/proc", entry, "stat")
            state, parent = stat.rpartition(")")[2].split()[:2]
            if int(parent) == pid and state not in "ZX":
                found.append(int(entry))
    return found


def state_of(pid):
    """As ps shows it; "" where there is no such process."""
    with contextlib.suppress(OSError):
        return text("/proc", str(pid), "stat").rpartition(")")[2].split()[0]
    return ""


def stands_still(pid):
    """Whether every thread of it has stopped."""
    with contextlib.suppress(OSError):
        return all(text("/proc", str(pid), "task", task, "stat")
                   .rpartition(")")[2].split()[0] == "T"
                   for task in os.listdir(f"/proc/{pid}/task"))
    return False


def wait_for(what, condition, seconds=30):
    """The first true value of condition()."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.002)
    sys.exit(f"failed: waited {seconds} s for {what}")
