# SPDX-License-Identifier: MIT
"""Fleet's bytes per block against a calculation, on real allocators.

What `none` (24 bytes a block) and `slot` (32) cost over `plain`, in per cent
of the underlying allocator's bytes, for the ten profiles over the system's
malloc and jemalloc. Beside what was measured stand

  predicted  by a model of the allocator from the whole original profile
  table      the same from the table that was derived from it
  cap        from its sizes that fit the heap
  held       from the blocks that the heap holds, whole numbers of them

so a difference is explained by the step at which it comes. It fails where the
measured value is not that of the blocks held, within one percentage point, or
the table's not the predicted one, or where PAGE, which shows what was printed
here, has another line. fleet_footprint.py PROGRAM [KIB [PAGE]]
"""
import ctypes.util
import os
import subprocess
import sys

PROGRAM = sys.argv[1]
KIB = sys.argv[2] if len(sys.argv) > 2 else "8192"
PAGE = sys.argv[3] if len(sys.argv) > 3 else ""
ADDED = {"none": 24, "slot": 32}
EXACT = 1.0
PRINTED = []

# Per cent: glibc + 24, + 32, jemalloc + 24, + 32.
PREDICTED = [
    (2.6, 4.0, 22.3, 23.0),
    (16.6, 23.0, 22.0, 26.9),
    (2.0, 3.1, 19.6, 20.2),
    (9.0, 13.3, 16.2, 18.9),
    (10.0, 13.8, 16.8, 19.8),
    (8.3, 11.9, 19.0, 21.5),
    (16.8, 22.6, 23.3, 29.1),
    (2.5, 3.5, 15.8, 16.8),
    (0.2, 0.4, 0.7, 0.8),
    (9.9, 15.1, 20.5, 22.8),
]


def glibc(size):
    return max(32, (size + 8 + 15) // 16 * 16)


def jemalloc(size):
    if size <= 8:
        return 8
    if size <= 128:
        return (size + 15) // 16 * 16
    step = 1 << ((size - 1).bit_length() - 3)
    return (size + step - 1) // step * step


def number(word):
    return int(word) if word.isdigit() else float(word)


def run(library, *arguments):
    environment = dict(os.environ)
    environment.pop("MALLOC_PERTURB_", None)
    if library:
        environment["LD_PRELOAD"] = library
    done = subprocess.run([PROGRAM, *arguments], env=environment, text=True,
                          stdout=subprocess.PIPE, timeout=300)
    if done.returncode != 0:
        sys.exit(f"failed: {arguments}: code {done.returncode}")
    return [[number(word) for word in line.split()]
            for line in done.stdout.splitlines()]


def growth(rows, model, added):
    before = sum(count * model(size) for size, count in rows)
    return 100 * (sum(count * model(size + added) for size, count in rows) /
                  before - 1)


def measured(library, variant, profile, chunk_header):
    totals = []
    for name in ("plain", variant):
        blocks, requested, header, rounding = run(
            library, name, str(profile), KIB)[0]
        wanted = blocks * (0 if name == "plain" else ADDED[variant])
        if header != wanted:
            sys.exit(f"failed: {name}: {header} bytes of header and tail, "
                     f"and not {wanted}")
        totals.append(requested + header + rounding + blocks * chunk_header)
    return 100 * (totals[1] / totals[0] - 1)


def compare(allocator, library, model, chunk_header, columns):
    worst = 0
    for profile, predicted in enumerate(PREDICTED):
        rows = run("", "-", str(profile), KIB)
        heap = int(KIB) * 1024
        for variant, column in zip(ADDED, columns):
            added = ADDED[variant]
            table = growth([row[:2] for row in rows], model, added)
            cap = growth([row[:2] for row in rows if row[0] <= heap], model,
                         added)
            held = growth([(row[0], row[2]) for row in rows], model, added)
            got = measured(library, variant, profile, chunk_header)
            PRINTED.append(
                f"{allocator:9}{profile:8}  {variant:8}"
                f"{predicted[column]:10.1f}{table:8.1f}{cap:8.1f}"
                f"{held:8.1f}{got:10.1f}")
            print(PRINTED[-1])
            worst = max(worst, abs(got - held),
                        abs(table - predicted[column]))
    return worst


def check_page():
    """Each printed line stands in the page, in its order."""
    with open(PAGE, encoding="utf-8") as file:
        shown = [line.rstrip("\n") for line in file
                 if line.split(" ")[0] in ("system", "jemalloc")]
    for line, have in zip(PRINTED, shown):
        if line != have:
            sys.exit(f"failed: {PAGE} has\n{have}\nand not\n{line}")
    if not len(PRINTED) <= len(shown) == 2 * 2 * len(PREDICTED):
        sys.exit(f"failed: {PAGE} has {len(shown)} lines")


def main():
    if os.environ.get("SERIALBENCH_SANITIZED", "none") != "none":
        sys.exit(77)
    print(f"heap {KIB} KiB\nallocator profile  variant  predicted   table"
          "     cap    held  measured")
    worst = compare("system", "", glibc, 8, (0, 1))
    library = ctypes.util.find_library("jemalloc")
    if library is None:
        print("jemalloc is not installed: not looked at")
    else:
        worst = max(worst, compare("jemalloc", library, jemalloc, 0, (2, 3)))
    print(f"the largest step that is not explained: {worst:.2f} points")
    if PAGE:
        check_page()
    sys.exit(0 if worst <= EXACT else 1)


main()
