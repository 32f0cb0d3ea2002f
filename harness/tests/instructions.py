# SPDX-License-Identifier: MIT
"""What the harness itself costs: `null` takes at most 30 instructions in pair.

Counted by callgrind; the difference of two operation counts, so that start-up
drops out. The other variants are shown for information.
"""
import re
import shutil
import subprocess
import sys

import run_dir  # skips in a sanitized build

PROGRAM = sys.argv[1]
MOST = 30
FEW, MANY = 20000, 120000
SHOWN = ("null", "none", "tls", "atomic", "plain")


def collected(variant, operations):
    done = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
         PROGRAM, variant, str(operations)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        timeout=120)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found:
        sys.exit(f"failed: {variant}: code {done.returncode}\n{done.stderr}")
    return int(found.group(1))


def main():
    if shutil.which("valgrind") is None:
        print("skipped: valgrind is not installed")
        sys.exit(77)
    for variant in SHOWN:
        count = (collected(variant, MANY) - collected(variant, FEW)) / (
            MANY - FEW)
        print(f"{variant}: {count:.1f} instructions per operation")
        if variant == "null":
            run_dir.check(0 < count <= MOST, variant, "takes", count,
                          "instructions per operation, allowed are", MOST)
    run_dir.finish()


main()
