# SPDX-License-Identifier: MIT
"""The tables of docs/python.md from the kept measurements.

    table.py print          the tables as they have to stand in the page
    table.py check          1 where the page has others

A measurement is kept as serialbench python --csv wrote it. Where one command
was measured in parts, a variant's first row counts.
"""
import csv
import glob
import os
import sys

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


def main():
    kept = read()
    tables = ["\n".join(footprint(kept)), "\n".join(by_variant(kept))]
    missing = [command for command, rows in kept.items() if not rows]
    if sys.argv[1:] == ["print"]:
        print("\n\n".join(tables))
        return 0
    if sys.argv[1:] != ["check"]:
        print("table.py: allowed are print and check", file=sys.stderr)
        return 2
    with open(PAGE) as stream:
        page = stream.read()
    wrong = [line for table in tables for line in table.splitlines()
             if line not in page.splitlines()]
    surplus = [line for line in page.splitlines()
               if line.startswith(("| `-", "| | here"))
               and not any(line in table.splitlines() for table in tables)]
    for command in missing:
        print(f"no measurement of {command} is kept")
    for line in wrong:
        print(f"docs/python.md lacks: {line}")
    for line in surplus:
        print(f"docs/python.md has, and no measurement: {line}")
    return 1 if wrong or surplus or missing else 0


sys.exit(main())
