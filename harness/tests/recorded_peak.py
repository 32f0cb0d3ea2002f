# SPDX-License-Identifier: MIT
"""Records real programs and replays them: over every allocator and variant as
many blocks, of as many bytes, are live at the peak as the recorder counted.

    recorded_peak.py SERIALBENCH KEPT_CSV PAGE
    recorded_peak.py SERIALBENCH --keep CSV

The first form is the test: python3's start, CPython's test_os where it is
installed (libpython3.11-testsuite), and the page's table against the kept file.
The second one replays test_os under every variant and keeps what it finds.
"""
import csv
import json
import os
import subprocess
import sys

from run_dir import check, finish, folder, rows, run, same

PROGRAM = os.path.abspath(sys.argv[1])
PYTHON = "/usr/bin/python3"
START = (PYTHON, "-c", "pass")
TEST_OS = (PYTHON, "-m", "test", "test_os")
ALLOCATORS = {"system": None, "jemalloc": "libjemalloc.so.2",
              "mimalloc": "libmimalloc.so.2",
              "tcmalloc": "libtcmalloc_minimal.so.4"}
METRICS = {"live_blocks": "blocks", "live_peak": "requested_bytes",
           "live_slots": "slot_bytes", "resident_peak": "resident_bytes"}
COLUMNS = ("command", "events", "threads", "recorded_blocks",
           "recorded_bytes", "allocator", "allocator_version", "variant",
           *METRICS.values())


def is_installed(library):
    try:
        with open("/etc/ld.so.cache", "rb") as cache:
            return library is None or library.encode() + b"\0" in cache.read()
    except OSError:
        return library is None


def has_test_os():
    return subprocess.run([PYTHON, "-c", "import test.test_os"],
                          stderr=subprocess.DEVNULL,
                          check=False).returncode == 0


def record(path, command):
    """The trace, and what `trace info` says of it. Its events have times, so
    the order of threads is the one in which the recorder counted."""
    trace = os.path.join(path, "recorded.trace")
    environment = dict(os.environ, PYTHONMALLOC="malloc", PYTHONHASHSEED="0",
                       PYTHONDONTWRITEBYTECODE="1")
    done = run(PROGRAM, "record", "--time", "-o", trace, "--", *command,
               cwd=path, env=environment)
    if not same(f"{command}: exit code", done.returncode, 0):
        print(done.stdout[-2000:], done.stderr[-2000:])
    done = run(PROGRAM, "trace", "info", trace, "--format", "json")
    same("trace info: exit code", done.returncode, 0)
    info = json.loads(done.stdout)
    same(f"{command}: end", info["end"], "exit")
    same(f"{command}: lost events", info["lost_events"], 0)
    return trace, info


def replay(path, trace, variants, words):
    """Metrics by allocator and variant, and the allocators' versions."""
    out = os.path.join(path, "run")
    allocators = [name for name, library in ALLOCATORS.items()
                  if is_installed(library)]
    done = run(PROGRAM, "run", "--quick", "--workload", f"trace:{trace}",
               "--variant", variants, "--allocator", ",".join(allocators),
               "--launches", 1, "--rounds", 2, "--turn-us", 50, "--no-pin",
               "--no-micro", "--no-exec", *words, "--out", out, timeout=900)
    if not same("run: exit code", done.returncode, 0):
        print(done.stderr)
    versions = {row["allocator"]: row["allocator_version"]
                for row in rows(out, "trials.csv")}
    same("allocators", sorted(versions), sorted(allocators))
    found = {}
    for row in rows(out, "metrics.csv"):
        if row["metric"] in METRICS:
            allocator = row["cell"].split("/")[1]
            found.setdefault((allocator, row["variant"]), {})[
                METRICS[row["metric"]]] = row["value"]
    return found, versions


def measure(command, variants, *words):
    """One row for each allocator and variant, each of them checked."""
    table = []
    with folder() as path:
        trace, info = record(path, command)
        found, versions = replay(path, trace, variants, words)
    blocks = info["recorded_blocks_at_peak"]
    for (allocator, variant), figures in found.items():
        where = f"{' '.join(command)}, {allocator}, {variant}"
        same(f"{where}: figures", sorted(figures), sorted(METRICS.values()))
        same(f"{where}: blocks at the peak", float(figures["blocks"]), blocks)
        same(f"{where}: bytes at the peak", float(figures["requested_bytes"]),
             info["recorded_peak_bytes"])
        check(float(figures["slot_bytes"]) >= info["recorded_peak_bytes"],
              where, "slots", figures)
        table.append([" ".join(command), info["events"], info["threads"],
                      blocks, info["recorded_peak_bytes"], allocator,
                      versions[allocator], variant,
                      *(figures.get(name) for name in METRICS.values())])
    same(f"{command}: allocators and variants", len(table),
         len(versions) * len(variants.split(",")))
    check(blocks > 1000, command, "blocks", blocks)
    print(f"{' '.join(command)}: {blocks} blocks live at the peak, recorded "
          f"and replayed {len(table)} times")
    return table


def page_rows(path):
    """The page shows three variants."""
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["variant"] not in ("plain", "none", "tls"):
                continue
            yield ("| {allocator} | {variant} | {recorded_blocks} | {blocks} | "
                   "{requested:.0f} | {slots:.0f} | {resident:.0f} |").format(
                       **row, requested=float(row["requested_bytes"]) / 1024,
                       slots=float(row["slot_bytes"]) / 1024,
                       resident=float(row["resident_bytes"]) / 1024)


def check_page(kept, page):
    with open(page, encoding="utf-8") as file:
        lines = file.read().splitlines()
    wanted = list(page_rows(kept))
    check(wanted, kept, "is empty")
    for row in wanted:
        check(row in lines, page, "has no line", row)


def main():
    if sys.argv[2] == "--keep":
        table = measure(TEST_OS, "none,global,atomic,tls,slot,again,plain")
        finish()
        with open(sys.argv[3], "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(table)
        return
    check_page(*sys.argv[2:4])
    measure(START, "none,tls")
    if has_test_os():
        measure(TEST_OS, "none,tls")
    else:
        print(f"test_os: not recorded, {PYTHON} has no test.test_os; "
              "libpython3.11-testsuite has it")
    finish()


main()
