# SPDX-License-Identifier: MIT
"""trace info in every format, and its plots with and without gnuplot.

    trace_info.py SERIALBENCH
"""
import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile

PROGRAM = os.path.abspath(sys.argv[1])
FAILED = []

TEXT = r"""trace 1
allocator libc.so.6
argument a"b,c
argument d\x0ae
T0 malloc 0
T0 malloc 48
T0 create T1
T0 calloc 10 10
T1 free T0#2
T0 realloc #1 999999 failed
T0 realloc #1 300
T1 free T0#4
T1 end
ended exit lost 2 running 0 peak_blocks 7 peak_bytes 400
"""

# Key, label of the table, value.
FIGURES = (
    ("command", "command", 'a"b,c d?e'),
    ("allocator", "allocator", "libc.so.6"),
    ("clock", "clock of events", "order"),
    ("forked", "begins at a fork", "no"),
    ("end", "end", "exit"),
    ("truncated", "truncated", "no"),
    ("lost_events", "events lost", 2),
    ("running_threads", "threads that ran on at the end", 0),
    ("threads", "threads", 2),
    ("most_threads_alive", "at most at once", 2),
    ("allocations", "allocations", 4),
    ("allocated_bytes", "bytes requested by them", 448),
    ("failed_calls", "calls that failed", 1),
    ("ended_blocks", "blocks freed or reallocated", 3),
    ("freed_by_realloc", "freed by a realloc to NULL", 0),
    ("freed_by_others", "freed by another thread", 2),
    ("reallocated_by_others", "reallocated by another thread", 0),
    ("left_blocks", "blocks live at the end", 1),
    ("left_bytes", "bytes of them", 100),
    ("peak_bytes", "most bytes live", 400),
    ("blocks_at_peak", "blocks live then", 2),
    ("recorded_peak_bytes", "bytes, as the recorder counted", 400),
    ("recorded_blocks_at_peak", "blocks, as the recorder counted", 7),
    ("peak_blocks", "most blocks live", 3),
    ("events", "events", 9),
)
KINDS = {"malloc": 2, "calloc": 1, "realloc": 2, "aligned_alloc": 0,
         "memalign": 0, "posix_memalign": 0, "free": 2, "create": 1, "end": 1,
         "fork": 0}
CLASSES = {
    "sizes": [(0, 0, 1), (32, 63, 1), (64, 127, 1), (256, 511, 1)],
    "lifetimes": [(0, 0, 1), (1, 1, 1), (2, 3, 1)],
    "lifetime_bytes": [(0, 0, 1), (64, 127, 1), (128, 255, 1)],
}
BLOCKS = [1, 2, 2, 3, 2, 2, 2, 1, 1]
BYTES = [0, 48, 48, 148, 100, 100, 400, 100, 100]


def expect(case, got, wanted):
    if got != wanted:
        FAILED.append(case)
        print(f"{case}:\n  got      {got!r}\n  expected {wanted!r}")


def run(*words, code=0, **settings):
    done = subprocess.run([PROGRAM, "trace", *words], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=50, **settings)
    expect(f"{words}: exit code", done.returncode, code)
    return done


def make_trace(folder, name, text):
    source = os.path.join(folder, name + ".txt")
    path = os.path.join(folder, name + ".trace")
    with open(source, "w", encoding="utf-8") as file:
        file.write(text)
    run("convert", source, "-o", path)
    return path


def formats(path):
    done = run("info", path, "--format", "json")
    info = json.loads(done.stdout)
    rows = list(csv.DictReader(io.StringIO(
        run("info", path, "--format", "csv").stdout)))
    table = run("info", path).stdout
    found = {row["name"]: row for row in rows}
    expect("stderr", done.stderr, "")
    expect("file", (info["file"], found["file"]["value"]), (path, path))
    for key, label, value in FIGURES:
        expect(f"{key}, JSON", info.get(key), value)
        expect(f"{key}, CSV", found[key],
               {"name": key, "from": "", "to": "", "value": str(value)})
        expect(f"{label}, table",
               [line.strip().split(label, 1)[1].strip()
                for line in table.splitlines()
                if line.strip().startswith(label + "  ")][:1], [str(value)])
    expect("kinds, JSON", info["kinds"], KINDS)
    for kind, count in KINDS.items():
        expect(f"{kind}, CSV", found[f"events_{kind}"]["value"], str(count))
    for key, classes in CLASSES.items():
        expect(f"{key}, JSON",
               [(row["from"], row["to"], row["count"]) for row in info[key]],
               classes)
        expect(f"{key}, CSV",
               [(int(row["from"]), int(row["to"]), int(row["value"]))
                for row in rows if row["name"] == key], classes)
    points = info["points"]
    for key, wanted in (("live_blocks", BLOCKS), ("live_bytes", BYTES),
                        ("most_live_blocks", BLOCKS),
                        ("most_live_bytes", BYTES)):
        expect(f"{key}, JSON", [point[key] for point in points], wanted)
        expect(f"{key}, CSV",
               [(int(row["from"]), int(row["to"]), int(row["value"]))
                for row in rows if row["name"] == key],
               [(at + 1, at + 1, value) for at, value in enumerate(wanted)])


def without_end(folder):
    """What the trace does not say is left empty; a line warns."""
    path = make_trace(folder, "torn", "trace 1\nT0 malloc 7\n")
    done = run("info", path, "--format", "json")
    info = json.loads(done.stdout)
    for key, wanted in (("end", "none"), ("lost_events", None),
                        ("recorded_peak_bytes", None), ("left_bytes", 7)):
        expect(f"without end: {key}", info[key], wanted)
    expect("without end: lines", len(done.stderr.splitlines()), 1)
    expect("without end: warning", "no end" in done.stderr, True)
    done = run("info", path)
    expect("without end: no count", "as the recorder counted" in done.stdout
           and done.stdout.count("  -\n"), 5)


def rows_of(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:
        return [[int(cell) for cell in row] for row in list(csv.reader(file))[1:]]


def plots(path, folder):
    drawn = ["lifetimes.svg", "live.svg", "sizes.svg"]
    files = ["lifetimes.csv", "live.csv", "sizes.csv", "trace.gp"]
    out = os.path.join(folder, "bare")
    done = run("info", path, "--plots", out, env={"PATH": folder})
    expect("no gnuplot: lines", len(done.stderr.splitlines()), 1)
    expect("no gnuplot: said", "no gnuplot" in done.stderr, True)
    expect("no gnuplot: files", sorted(os.listdir(out)), files)
    expect("sizes.csv", rows_of(out, "sizes.csv"),
           [[0, 0, 1], [1, 1, 0], [2, 3, 0], [4, 7, 0], [8, 15, 0],
            [16, 31, 0], [32, 63, 1], [64, 127, 1], [128, 255, 0],
            [256, 511, 1]])
    expect("lifetimes.csv", rows_of(out, "lifetimes.csv"),
           [[0, 0, 1, 1], [1, 1, 1, 0], [2, 3, 1, 0], [4, 7, 0, 0],
            [8, 15, 0, 0], [16, 31, 0, 0], [32, 63, 0, 0], [64, 127, 0, 1],
            [128, 255, 0, 1]])
    expect("live.csv", [row[:1] + row[2:] for row in rows_of(out, "live.csv")],
           [[at + 1, blocks, size, blocks, size]
            for at, (blocks, size) in enumerate(zip(BLOCKS, BYTES))])
    if shutil.which("gnuplot") is None:
        print("left out: there is no gnuplot")
        return
    for name, text in (("full", None), ("single", "trace 1\nT0 malloc 7\n"),
                       ("nothing", "trace 1\n")):
        out = os.path.join(folder, name + ".plots")
        done = run("info", make_trace(folder, name, text or TEXT),
                   "--plots", out)
        wanted = [plot for plot in drawn
                  if plot != "live.svg" or name != "nothing"]
        expect(f"{name}: files", sorted(os.listdir(out)),
               sorted(files + wanted))
        for plot in wanted:
            with open(os.path.join(out, plot), encoding="utf-8") as file:
                picture = file.read()
            expect(f"{name}, {plot}: whole",
                   picture.rstrip().endswith("</svg>"), True)
        expect(f"{name}: complaints",
               [line for line in done.stderr.splitlines()
                if "no end" not in line], [])


def main():
    with tempfile.TemporaryDirectory(prefix="serialbench-") as folder:
        path = make_trace(folder, "whole", TEXT)
        formats(path)
        without_end(folder)
        plots(path, folder)
    print(f"{len(FAILED)} failed")
    sys.exit(1 if FAILED else 0)


main()
