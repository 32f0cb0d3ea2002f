# SPDX-License-Identifier: MIT
"""The workload `interpreter` beside the traces that it is fitted to.

interpreter_fit.py SERIALBENCH PROGRAM TRACES DERIVE PAGE

The same is counted in the traces and in what the workload allocates, printed
as a trace by PROGRAM. It fails where the two are farther apart than the line
allows, unless it is not fitted; where the committed table is not what DERIVE
makes of the traces; and where PAGE has other lines than these.
"""
import os
import subprocess
import sys

SERIALBENCH, PROGRAM, TRACES, DERIVE, PAGE = sys.argv[1:]
sys.path.insert(0, os.path.dirname(DERIVE))
import blocks  # noqa: E402  (beside DERIVE)
import derive  # noqa: E402

OPERATIONS = "250000"
PROGRAMS = ("start", "test")


def at(ordered, part):
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def share(some, of):
    return 100 * sum(1 for _ in some) / max(1, of)


def sizes(born):
    ordered = sorted(block.size for block in born)
    yield "births", len(ordered), None, None
    yield "mean size, bytes", sum(ordered) / len(ordered), 0.05, 0
    for part in (5, 25, 50, 75, 90, 95, 99):
        yield f"size, {part} % are at most", at(ordered, part / 100), 0.05, 4
    yield "at most 512 bytes, %", share(
        (size for size in ordered if size <= 512), len(ordered)), 0, 0.5
    yield "largest size", ordered[-1], None, None


def lives(born):
    count = len(born)
    yield "stay, % of births", share(filter(blocks.stays, born), count), 0, 1
    gone = [block for block in born if not blocks.stays(block)]
    for low, high in ((1, 64), (65, 128), (129, 512), (513, 1 << 62)):
        of = [block for block in born if low <= block.size <= high]
        name = f"{low} to {high}" if high < 1 << 62 else "513 and more"
        yield f"stay, % of {name} bytes", share(
            filter(blocks.stays, of), len(of)), 0, 5
    ordered = sorted(block.life() for block in gone)
    for part in (25, 50, 75, 90, 95):
        yield (f"life of the others, {part} % are at most",
               at(ordered, part / 100), 0.15, 1)
    for rank, name in ((0, "the youngest"), (1, "one of the youngest two")):
        yield f"freed as {name}, %", share(
            (block for block in gone if block.younger <= rank),
            len(gone)), 0, 8


def resizes(born):
    factors = []
    for block in born:
        size = block.size
        for age, now in block.resizes:
            if age <= blocks.SPAN:
                factors.append(now / max(1, size))
            size = now
    factors.sort()
    grown = [factor for factor in factors if factor > 1]
    count = len(born)
    yield "from calloc, %", share(
        (block for block in born if block.zeroed), count), 0, 0.5
    yield "reallocated, % of births", share(
        (block for block in born if block.resizes), count), 0, 0.5
    yield "reallocs, % of births", 100 * len(factors) / count, 0, 0.5
    yield "of these shrink, %", 100 * (
        1 - len(grown) / len(factors)), 0, 5
    for part in (10, 25, 50, 75):
        yield (f"growth, {part} % are at most a factor of",
               at(grown, part / 100), 0.15, 0)
    yield ("growth, 90 % are at most a factor of", at(grown, 0.9), None, None)


def frees(reader, first, last):
    runs = [count for clock, count in reader.frees if first < clock <= last]
    for least in (2, 10, 100):
        yield (f"frees in a row of {least} or more, %",
               100 * sum(run for run in runs if run >= least) / sum(runs),
               None, None)
    yield "most frees in a row", max(runs), None, None
    live = sum(1 if block.death > last else 0
               for block in reader.blocks[first:last])
    live -= sum(1 for block in reader.blocks[:first]
                if first < block.death <= last)
    yield "live blocks added, % of births", 100 * live / (
        last - first), None, None


def measure(reader, first, last):
    born = reader.blocks[first:last]
    for part in (sizes(born), lives(born), resizes(born),
                 frees(reader, first, last)):
        yield from part


def of_trace(reader):
    blocks.until_peak(reader)
    return list(measure(reader, 0, reader.peak[1]))


def of_workload(program):
    done = subprocess.run([PROGRAM, f"program={program}", OPERATIONS],
                          text=True, stdout=subprocess.PIPE, check=True,
                          timeout=120)
    reader = blocks.read(done.stdout.splitlines())
    # What is born later is not known to stay.
    return list(measure(reader, reader.run_from,
                        len(reader.blocks) - blocks.SPAN))


def fits(trace, model, relative, absolute):
    return abs(trace - model) <= max(relative * abs(trace), absolute)


def compare(readers):
    """The lines, and how many figures do not fit and should."""
    columns = []
    for program, reader in zip(PROGRAMS, readers):
        columns += [of_trace(reader), of_workload(program)]
    lines, wrong = [], 0
    for rows in zip(*columns):
        name, _, relative, absolute = rows[0]
        values = [row[1] for row in rows]
        if relative is not None:
            for trace, model in (values[:2], values[2:]):
                wrong += not fits(trace, model, relative, absolute)
        mark = "" if relative is not None else "  not fitted"
        lines.append(f"{name:40}" + "".join(
            f"{value:10.1f}" if isinstance(value, float) else f"{value:10}"
            for value in values) + mark)
    return lines, wrong


def check_table(readers):
    with open(os.path.join(os.path.dirname(DERIVE), "mix.inc"),
              encoding="utf-8") as file:
        if file.read() != derive.table(readers):
            sys.exit("failed: mix.inc is not what derive.py makes")


def check_page(lines):
    with open(PAGE, encoding="utf-8") as file:
        shown = file.read().split("```text\n")[1].split("```")[0]
    for line, have in zip(lines, shown.splitlines()):
        if line != have:
            sys.exit(f"failed: {PAGE} has\n{have}\nand not\n{line}")
    if len(lines) != len(shown.splitlines()):
        sys.exit(f"failed: {PAGE} has {len(shown.splitlines())} lines")


def main():
    readers = list(derive.read_traces(SERIALBENCH, TRACES))
    check_table(readers)
    lines, wrong = compare(readers)
    lines.insert(0, f"{'':40}{'start':>10}{'model':>10}{'test':>10}"
                    f"{'model':>10}")
    print("\n".join(lines))
    if wrong:
        sys.exit(f"failed: {wrong} figures do not fit")
    check_page(lines)


main()
