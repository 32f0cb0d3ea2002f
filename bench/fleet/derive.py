#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Derives profiles.inc from fleetbench's allocation profiles.

derive.py DIRECTORY > profiles.inc

DIRECTORY holds TCMALLOC_0.csv … TCMALLOC_9.csv, rows `size in bytes,
allocations per second, live objects`. About 1050 rows each become ROWS:

1. Sizes that allocators treat alike become one: with 0, 24 and 32 bytes added
   they are in the same class of a grid of four classes a doubling, and lie in
   the same half of a step of 16 bytes. It gets their rates and live objects,
   and the size of theirs that is nearest to the mean of the live ones.
2. Of these the ROWS with the largest share in live objects, live bytes or
   rate stay; each of the others is added to the nearest in size.

Rates and live objects are written as parts of the profile's sums. What is lost
is printed to stderr: the mean live size, and what 24 and 32 bytes more a block
cost under the models of the two allocators, before and after.
"""
import csv
import math
import os
import sys

ROWS = 128


def four_a_doubling(size):
    if size <= 128:
        return max(8, (size + 15) // 16 * 16)
    step = 1 << ((size - 1).bit_length() - 3)
    return (size + step - 1) // step * step


def steps_of_16(size):
    return max(32, (size + 8 + 15) // 16 * 16)


def read(path):
    with open(path, newline="") as file:
        return [(int(row[0]), float(row[1]), float(row[2]))
                for row in csv.reader(file)]


def merge_alike(rows):
    alike = {}
    for row in rows:
        size = row[0]
        key = (four_a_doubling(size), four_a_doubling(size + 24),
               four_a_doubling(size + 32), (size - 1) % 16 >= 8)
        alike.setdefault(key, []).append(row)
    merged = []
    for group in alike.values():
        live = sum(row[2] for row in group)
        mean = sum(row[0] * row[2] for row in group) / live
        size = min((row[0] for row in group), key=lambda n: abs(n - mean))
        merged.append((size, sum(row[1] for row in group), live))
    return sorted(merged)


def keep_largest(rows):
    sums = (sum(row[0] * row[2] for row in rows),
            sum(row[1] for row in rows), sum(row[2] for row in rows))

    def share(row):
        return max(row[0] * row[2] / sums[0], row[1] / sums[1],
                   row[2] / sums[2])

    order = sorted(rows, key=share, reverse=True)
    kept = {row[0]: list(row) for row in order[:ROWS]}
    for size, rate, live in order[ROWS:]:
        nearest = min(kept, key=lambda n: (abs(math.log(n / size)), n))
        kept[nearest][1] += rate
        kept[nearest][2] += live
    return [tuple(kept[size]) for size in sorted(kept)]


def in_parts(rows):
    rate = sum(row[1] for row in rows)
    live = sum(row[2] for row in rows)
    return [(row[0], f"{row[1] / rate:.5g}", f"{row[2] / live:.5g}")
            for row in rows]


def growth(rows, model, added):
    before = sum(live * model(size) for size, _, live in rows)
    after = sum(live * model(size + added) for size, _, live in rows)
    return 100 * (after / before - 1)


def mean(rows):
    return sum(row[0] * row[2] for row in rows) / sum(row[2] for row in rows)


def explain(profile, whole, compact):
    text = [f"{profile}: {len(whole)} rows to {len(compact)}, "
            f"mean {mean(whole):.1f} to {mean(compact):.1f}"]
    for name, model in (("16", steps_of_16), ("4/doubling", four_a_doubling)):
        for added in (24, 32):
            text.append(f"{name} +{added} {growth(whole, model, added):.2f} "
                        f"to {growth(compact, model, added):.2f} %")
    print(", ".join(text), file=sys.stderr)


def main():
    if len(sys.argv) != 2:
        sys.exit("derive.py: name the directory of TCMALLOC_0.csv …")
    print("/* Made by derive.py from fleetbench's profiles (Apache-2.0), see "
          "NOTICE.md.\n * {bytes, part of the allocations, part of the live "
          "blocks}. */")
    print(f"#define FLEET_TABLE_ROWS {ROWS}")
    print("static const struct fleet_parts fleet_table[10]"
          "[FLEET_TABLE_ROWS] = {")
    for profile in range(10):
        whole = read(os.path.join(sys.argv[1], f"TCMALLOC_{profile}.csv"))
        compact = keep_largest(merge_alike(whole))
        explain(profile, whole, compact)
        print(f"\t[{profile}] = {{")
        cells = [f"{{{size}, {rate}, {live}}}"
                 for size, rate, live in in_parts(compact)]
        line = "\t\t"
        for cell in cells:
            if len(line) + len(cell) > 66:
                print(line.rstrip())
                line = "\t\t"
            line += cell + ", "
        print(line.rstrip())
        print("\t},")
    print("};")


if __name__ == "__main__":
    main()
