#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Derives mix.inc, what the workload `interpreter` allocates, from traces.

derive.py SERIALBENCH FOLDER > mix.inc

FOLDER holds python-start.trace and python-test.trace. Of each, the blocks born
before the most were alive are put in order: those from malloc, from calloc,
and those that realloc resizes; of each kind by size, then by life. The order
is cut into ROWS parts of as many blocks, and each part becomes a row: the mean
of its sizes, so the mean of all is kept, and the life of its middle block. So
a row drawn at random has the sizes and the lives of the trace, and both
together. A resized row has the resizes of its middle block, in proportion to
its size. A block that lived for more than SPAN births stays: its life is 0.
"""
import os
import subprocess
import sys

import blocks

ROWS = 2048
TRACES = ("python-start", "python-test")


def kind(block):
    return 2 if resizes_of(block) else 1 if block.zeroed else 0


def resizes_of(block):
    return [resize for resize in block.resizes if resize[0] <= blocks.SPAN]


def in_order(block):
    return (kind(block), len(resizes_of(block)), block.size, block.life(),
            block.birth)


def cut(born):
    """ROWS parts, by kind: the blocks of a part are of one kind."""
    parts = []
    before = taken = 0
    for which in range(3):
        group = sorted((block for block in born if kind(block) == which),
                       key=in_order)
        before += len(group)
        last = round(ROWS * before / len(born))
        rows, taken = last - taken, last
        parts.append([group[len(group) * i // rows:
                            len(group) * (i + 1) // rows]
                      for i in range(rows)])
    return parts


def mean_size(part):
    return max(1, round(sum(block.size for block in part) / len(part)))


def row(part):
    middle = part[len(part) // 2]
    return mean_size(part), 0 if blocks.stays(middle) else middle.life()


def resizes_of_row(part):
    middle = part[len(part) // 2]
    scale = mean_size(part) / max(1, middle.size)
    return [(max(1, round(size * scale)), age)
            for age, size in resizes_of(middle)]


def cells(texts):
    line = "\t\t"
    for text in texts:
        if len(line) + len(text) > 66:
            yield line.rstrip()
            line = "\t\t"
        line += text + ", "
    yield line.rstrip()


def mix(index, parts):
    first = [0]
    resizes = []
    for part in parts[2]:
        resizes += resizes_of_row(part)
        first.append(len(resizes))
    yield f"[{index}] = {{"
    yield f"\t.zeroed = {len(parts[0])},"
    yield f"\t.resized = {len(parts[0]) + len(parts[1])},"
    yield "\t.births = {"
    yield from cells("{%d, %d}" % row(part) for group in parts
                     for part in group)
    yield "\t},\n\t.first_resize = {"
    yield from cells(str(number) for number in first)
    yield "\t},\n\t.resizes = {"
    yield from cells("{%d, %d}" % resize for resize in resizes)
    yield "\t},\n},"


def table(readers):
    """The text of mix.inc, from the reader of each trace."""
    lines = [
        "/* Made by derive.py from the traces python-start and python-test.",
        " * births: {bytes, life in births, 0 where it stays}, first those",
        " * of malloc, then of calloc, then those that are resized; resizes:",
        " * {bytes, age in births}. */",
        f"#if MIX_SPAN != {blocks.SPAN} || MIX_ROWS != {ROWS}",
        "#error derived for other numbers",
        "#endif"]
    for index, reader in enumerate(readers):
        lines += mix(index, cut(blocks.until_peak(reader)))
    return "\n".join(lines) + "\n"


def read_traces(serialbench, folder):
    for trace in TRACES:
        done = subprocess.run(
            [serialbench, "trace", "convert",
             os.path.join(folder, trace + ".trace"), "-o", "-"],
            text=True, stdout=subprocess.PIPE, check=True, timeout=120)
        yield blocks.read(done.stdout.splitlines())


def main():
    if len(sys.argv) != 3:
        sys.exit("derive.py: name the program serialbench and the folder of "
                 "the traces")
    sys.stdout.write(table(read_traces(sys.argv[1], sys.argv[2])))


if __name__ == "__main__":
    main()
