# SPDX-License-Identifier: MIT
"""The tables of docs/python.md from the kept measurements.

    table.py write          puts them into the page, between its markers
    table.py check          1 where the page has others

A measurement is kept as serialbench python --csv wrote it; measure.py makes
them. Where one command was measured in parts (NAME-1.csv …), a variant's first
row counts.
"""
import csv
import difflib
import glob
import os
import sys
import textwrap

HERE = os.path.dirname(os.path.abspath(__file__))
PAGE = os.path.join(HERE, "..", "..", "..", "docs", "python.md")

# bpo-36611: kB at the peak with and without the serial.
SEED = {
    "-c pass": (2437.1, 2321.8),
    "-m test test_os test_sys": (14252.3, 13598.6),
    "-m test test_asyncio": (34194.2, 32963.1),
}
# The variant that every block count of the first table is of.
BASELINE = "none"


def kept_files(folder, name):
    """Of a command, whole or in parts."""
    return sorted(glob.glob(os.path.join(folder, f"{name}.csv")) +
                  glob.glob(os.path.join(folder, f"{name}-[0-9]*.csv")))


def read():
    """command → variant → row"""
    kept = {command: {} for command in SEED}
    for path in sorted(glob.glob(os.path.join(HERE, "*.csv"))):
        with open(path, newline="") as stream:
            for row in csv.DictReader(stream):
                kept[row["command"]].setdefault(row["variant"], row)
    return kept


def kb(row, column):
    return int(row[column]) / 1024


def changes(with_serial, without):
    change = without - with_serial
    return f"{change:.1f} | {100 * change / with_serial:.1f} %"


def footprint(kept):
    yield ("| command | | kB, 32 bytes a block | kB, 24 bytes a block | "
           "change kB | change | live blocks |")
    yield "|---|---|--:|--:|--:|--:|--:|"
    for command, (with_serial, without) in SEED.items():
        blocks = round((with_serial - without) * 1024 / 8)
        yield (f"| `{command}` | bpo-36611 | {with_serial} | {without} | "
               f"{changes(with_serial, without)} | {blocks} (derived) |")
        row = kept[command].get(BASELINE)
        if row is None:
            continue
        with_serial, without = kb(row, "peak_bytes_32"), kb(
            row, "peak_bytes_24")
        yield (f"| | here | {with_serial:.1f} | {without:.1f} | "
               f"{changes(with_serial, without)} | "
               f"{row['live_blocks_at_peak']} |")


def number(row, column, scale=1024):
    return f"{int(row[column]) / scale:.1f}" if row[column] else "–"


def ratio(row):
    if not row["ci_low"]:  # too few launches for any
        return "–"
    return (f"{float(row['ratio']):.3f} [{float(row['ci_low']):.3f}, "
            f"{float(row['ci_high']):.3f}]")


def by_variant(kept):
    yield ("| command | variant | live blocks | requested kB | debug kB | "
           "usable kB | peak RSS kB | time ratio [interval] | launches |")
    yield "|---|---|--:|--:|--:|--:|--:|---|--:|"
    for command, rows in kept.items():
        for variant, row in rows.items():
            yield (f"| `{command}` | {variant} | "
                   f"{row['live_blocks_at_peak'] or '–'} | "
                   f"{number(row, 'requested_bytes_at_peak')} | "
                   f"{number(row, 'debug_bytes_at_peak')} | "
                   f"{number(row, 'usable_bytes_at_peak')} | "
                   f"{row['peak_rss_kib']} | {ratio(row)} | "
                   f"{row['launches']} |")


def serial_cost(kept):
    """What a serial is in real bytes: it follows from the tables."""
    command = "-c pass"
    rows = kept[command]
    if "none" not in rows or "global" not in rows:
        return
    grown = kb(rows["global"], "usable_bytes_at_peak") - kb(
        rows["none"], "usable_bytes_at_peak")
    blocks = int(rows["global"]["live_blocks_at_peak"])
    yield from textwrap.wrap(
        f"From `none` to `global` the underlying blocks of `{command}` grow "
        f"by {grown:.1f} kB, where 8 × {blocks} blocks are "
        f"{8 * blocks / 1024:.1f} kB.", 80)


def few_launches(kept):
    """Which times say nothing."""
    for command, rows in kept.items():
        if any(row["ci_low"] for row in rows.values()):
            continue
        most = max(int(row["launches"]) for row in rows.values())
        count = "once" if most == 1 else f"{most} times"
        yield from textwrap.wrap(
            f"`{command}` was launched {count} under each variant, for its "
            "bytes: too few for a time.", 80)


BLOCKS = {
    "footprint": footprint,
    "by variant": by_variant,
    "serial": serial_cost,
    "launches": few_launches,
}


def filled(page, kept):
    """The page with every block as it follows from the measurements."""
    for name, make in BLOCKS.items():
        begin, end = f"<!-- table.py: {name} -->\n", "<!-- end -->"
        before, found, rest = page.partition(begin)
        _, closed, after = rest.partition(end)
        if not found or not closed:
            sys.exit(f"docs/python.md lacks the block {begin.strip()}")
        lines = "".join(line + "\n" for line in make(kept))
        page = before + begin + lines + end + after
    return page


def read_page():
    with open(PAGE, encoding="utf-8") as stream:
        return stream.read()


def write():
    page = filled(read_page(), read())
    with open(PAGE, "w", encoding="utf-8") as stream:
        stream.write(page)
    return 0


def check():
    kept, page = read(), read_page()
    missing = [command for command, rows in kept.items() if not rows]
    for command in missing:
        print(f"no measurement of {command} is kept")
    if missing:
        return 1
    wanted = filled(page, kept)
    for line in difflib.unified_diff(
            page.splitlines(), wanted.splitlines(), "docs/python.md",
            "by table.py write", lineterm=""):
        print(line)
    return int(page != wanted)


def main():
    actions = {"write": write, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in actions:
        print("table.py: allowed are write and check", file=sys.stderr)
        return 2
    return actions[sys.argv[1]]()


if __name__ == "__main__":
    sys.exit(main())
