# SPDX-License-Identifier: MIT
"""A trace from text to replay: the most live blocks over every allocator that
is installed, the cells of a run, and files that are refused before one.

    replay.py SERIALBENCH REPLAY_PEAK
"""
import ctypes.util
import os
import random
import subprocess
import sys

from run_dir import check, finish, folder, rows, run, same

PROGRAM, PEAK = map(os.path.abspath, sys.argv[1:3])
SANITIZED = os.environ.get("SERIALBENCH_SANITIZED", "")
PUS = len(os.sched_getaffinity(0))
EVENTS = 20000


def program(threads):
    """A text, the most blocks that were live, and the allocations."""
    draw = random.Random(threads)
    lines = ["trace 1"] + [f"T0 create T{i}" for i in range(1, threads)]
    live, counts, most, made = [], [0] * threads, 0, 0
    for _ in range(EVENTS):
        thread = draw.randrange(threads)
        what = draw.random()
        if not live or what < 0.45:
            lines.append(f"T{thread} malloc {draw.randrange(2000)}")
            live.append(None)
            made += 1
        elif what < 0.5:
            lines.append(f"T{thread} calloc 3 {draw.randrange(200)}")
            live.append(None)
            made += 1
        else:
            block = live.pop(draw.randrange(len(live)))
            if what < 0.6:
                lines.append(f"T{thread} realloc {block} "
                             f"{draw.randrange(1, 2000)}")
                live.append(None)
            else:
                lines.append(f"T{thread} free {block}")
                continue
        counts[thread] += 1
        live[-1] = f"T{thread}#{counts[thread]}"
        most = max(most, len(live))
    lines.append(f"ended exit peak_blocks {most}")
    return "\n".join(lines) + "\n", most, made


def write_trace(path, threads):
    text, most, made = program(threads)
    source = os.path.join(path, f"{threads}.txt")
    trace = os.path.join(path, f"{threads}.sbt")
    with open(source, "w", encoding="utf-8") as file:
        file.write(text)
    done = run(PROGRAM, "trace", "convert", source, "-o", trace)
    same("convert: exit code", done.returncode, 0)
    return trace, most, made


def allocators():
    yield "system", None
    if SANITIZED:
        return
    for name in ("jemalloc", "mimalloc", "tcmalloc_minimal"):
        library = ctypes.util.find_library(name)
        if library:
            yield name, library


def peaks(path):
    for threads in (1, 3):
        trace, most, made = write_trace(path, threads)
        for name, library in allocators():
            for variant in ("plain", "none", "tls"):
                environment = dict(os.environ)
                if library:
                    environment["LD_PRELOAD"] = library
                done = subprocess.run([PEAK, trace, variant], text=True,
                                      env=environment, check=False,
                                      stdout=subprocess.PIPE, timeout=60)
                where = f"{threads} threads, {name}, {variant}"
                same(f"{where}: exit code", done.returncode, 0)
                found = [int(word) for word in done.stdout.split()]
                # Every verify makes a block of its own, when all may live.
                if same(f"{where}: figures", len(found), 3):
                    check(most <= found[0] <= most + 1, where,
                          "most live blocks", found[0], "and not", most)
                    check(found[1] >= 2 * made, where, found, made)
                    same(f"{where}: frees", found[2], found[1])
            print(f"{threads} threads, {name}: {most} live blocks at most")


TINY = ("--quick", "--variant", "none,null", "--allocator", "system",
        "--launches", "2", "--rounds", "2", "--turn-us", "50")


def runs(path):
    trace, _, _ = write_trace(path, 3)
    cases = (
        ((f"trace:{trace}",), f"trace:3.sbt/system/t{min(3, PUS)}"),
        ((f"trace:{trace}", "--threads", "1"), "trace:3.sbt/system/t1"),
        ((f"trace:{trace},copies=2", "--threads", "2"),
         "trace:3.sbt,copies=2/system/t2"),
        ((f"trace:{trace},think=1,window=1", "--threads", "1"),
         "trace:3.sbt,think=1,window=1/system/t1"),
    )
    for i, (words, cell) in enumerate(cases):
        if PUS < 2 and "2" in words:
            continue
        done = run(PROGRAM, "run", *TINY, "--workload", *words, "--out",
                   os.path.join(path, f"run{i}"))
        same(f"{cell}: exit code", done.returncode, 0)
        found = rows(path, f"run{i}", "trials.csv")
        same(f"{cell}: cells", {row["cell"] for row in found}, {cell})
        same(f"{cell}: status", {row["status"] for row in found}, {"ok"})


def refused(path):
    trace, _, _ = write_trace(path, 3)
    with open(trace, "rb") as file:
        whole = file.read()
    middle = len(whole) // 2
    damaged = os.path.join(path, "damaged.sbt")
    with open(damaged, "wb") as file:
        file.write(whole[:middle] + b"damage" + whole[middle + 6:])
    cut = os.path.join(path, "cut.sbt")
    with open(cut, "wb") as file:
        file.write(whole[:30])
    cases = (
        ((f"trace:{damaged}",), (damaged, "byte ", "checksum")),
        ((f"trace:{cut}",), (cut, "header of 64 bytes")),
        ((f"trace:{trace}", "--threads", "4"), ("4", "up to 3")),
        ((f"trace:{trace},copies=2", "--threads", "3"),
         ("3", "multiples of 2 up to 6")),
    )
    out = os.path.join(path, "none")
    for words, named in cases:
        done = run(PROGRAM, "run", *TINY, "--workload", *words, "--out", out)
        same(f"{words}: exit code", done.returncode, 2)
        same(f"{words}: lines", len(done.stderr.splitlines()), 1)
        for part in named:
            check(part in done.stderr, words, "names not", part, done.stderr)
        check(not os.path.exists(out), words, "left", out)


def main():
    steps = (peaks, refused) if SANITIZED else (peaks, refused, runs)
    for step in steps:
        with folder() as path:
            step(path)
    finish()


main()
