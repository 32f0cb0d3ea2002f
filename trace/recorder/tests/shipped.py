# SPDX-License-Identifier: MIT
"""Holds the table of docs/traces.md to the traces of bench/replay/traces.

    shipped.py SERIALBENCH TRACES_FOLDER PAGE [--print]

Every figure is counted anew from the events, and `trace info` has to find the
same. --print writes the table's rows
instead (its commands are left as they stand in the page).
"""
import glob
import json
import os
import re
import subprocess
import sys

PROGRAM, FOLDER, PAGE = sys.argv[1:4]
LIMIT = 5 << 20
failed = 0


def expect(case, got, wanted):
    global failed
    if got != wanted:
        failed += 1
        print(f"{case}:\n  got      {got!r}\n  expected {wanted!r}")


def count(path):
    """Counts of one trace, those of the recorder (the end) and our own."""
    text = subprocess.run([PROGRAM, "trace", "convert", path, "-o", "-"],
                          stdout=subprocess.PIPE, check=True).stdout.decode()
    threads, events, others = set(), 0, 0
    live, live_bytes, peak = {}, 0, (0, 0)
    made = {}
    for line in text.splitlines():
        words = line.split()
        if re.match(r"T\d", line) is None:
            continue
        thread, kind = words[:2]
        threads.add(thread)
        events += 1
        tail = words[-2:] if words[-2] == "=" else []
        if kind in ("free", "realloc") and words[2] != "NULL":
            old = words[2] if words[2][0] == "T" else thread + words[2]
            others += kind == "free" and words[2][0] == "T"
            if "failed" not in words:
                live_bytes -= live.pop(old)
        if tail:
            made[thread] = made.get(thread, 0) + 1
            size = int(words[-3])
            if kind == "calloc":
                size *= int(words[2])
            live[thread + tail[1]] = size
            live_bytes += size
            if live_bytes > peak[1]:
                peak = (len(live), live_bytes)
    end = re.search(r"^ended (\w+) lost (\d+) running (\d+) peak_blocks (\d+) "
                    r"peak_bytes (\d+)$", text, re.MULTILINE)
    name = os.path.basename(path)
    expect(f"{name}: end", end and end.groups()[:3], ("exit", "0", "0"))
    recorded = (int(end[4]), int(end[5]))
    if len(threads) == 1:
        expect(f"{name}: peak", peak, recorded)
    return [str(events), str(len(threads)), str(others), str(recorded[0]),
            str(recorded[1]), str(os.path.getsize(path))]


def check_info(path, cells):
    """What trace info says, beside the page's figures."""
    text = subprocess.run([PROGRAM, "trace", "info", path, "--format", "json"],
                          stdout=subprocess.PIPE, check=True).stdout.decode()
    info = json.loads(text)
    name = os.path.basename(path)
    keys = ("events", "threads", "freed_by_others", "recorded_blocks_at_peak",
            "recorded_peak_bytes", "file_bytes")
    expect(f"{name}: trace info", [str(info[key]) for key in keys], cells)
    if info["threads"] == 1:
        expect(f"{name}: trace info, peak",
               [str(info["blocks_at_peak"]), str(info["peak_bytes"])],
               cells[3:5])
    expect(f"{name}: trace info, sums",
           [sum(info["kinds"].values())] +
           [sum(row["count"] for row in info[key])
            for key in ("sizes", "lifetimes", "lifetime_bytes")],
           [info["events"], info["allocations"], info["ended_blocks"],
            info["ended_blocks"]])
    last = info["points"][-1]
    expect(f"{name}: trace info, points",
           (len(info["points"]), last["events"], last["live_blocks"],
            last["live_bytes"],
            max(point["most_live_bytes"] for point in info["points"])),
           (100, info["events"], info["left_blocks"], info["left_bytes"],
            info["peak_bytes"]))
    expect(f"{name}: trace info, live at the end",
           info["allocations"] - info["ended_blocks"], info["left_blocks"])


def rows_of_page():
    rows = {}
    with open(PAGE, encoding="utf-8") as file:
        for line in file:
            cells = [cell.strip() for cell in line.strip(" |\n").split(" | ")]
            name = re.fullmatch(r"`([\w-]+)`", cells[0])
            if name and len(cells) == 7:
                rows[name[1]] = cells[1:]
    return rows


def main():
    paths = sorted(glob.glob(os.path.join(FOLDER, "*.trace")))
    counts = {os.path.basename(path)[:-len(".trace")]: count(path)
              for path in paths}
    if sys.argv[4:] == ["--print"]:
        for name, cells in counts.items():
            print(f"| `{name}` | {' | '.join(cells)} |")
        return
    expect("traces", sorted(counts), sorted(rows_of_page()))
    for name, cells in counts.items():
        expect(name, rows_of_page().get(name), cells)
    for path in paths:
        check_info(path, counts[os.path.basename(path)[:-len(".trace")]])
    total = sum(os.path.getsize(path) for path in paths)
    expect("bytes of all are within the limit", total <= LIMIT, True)
    expect("a thread frees what another one allocated",
           any(int(cells[2]) > 100 for cells in counts.values()), True)
    print(f"{len(counts)} traces, {total} bytes, {failed} failed")
    sys.exit(1 if failed or not counts else 0)


main()
