# SPDX-License-Identifier: MIT
"""measure.py keeps what is whole, replaces nothing by what is not, and says
what is wrong; the page's blocks follow the rows.

    test_measure.py SERIALBENCH
"""
import csv
import os
import subprocess
import sys
import tempfile

import table

MEASURE = os.path.join(table.HERE, "measure.py")

# arguments behind SERIALBENCH and SUITE, what the line has to name
WRONG = [
    (["--launches", "pass"], "--launches pass"),
    (["--launches", "pass=0"], "1 or more"),
    (["--launches", "start=3"], "pass, os-sys, asyncio"),
    (["start"], "pass, os-sys, asyncio"),
]


def measure(serialbench, suite, *arguments):
    return subprocess.run(
        [sys.executable, MEASURE, serialbench, suite, *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        check=False, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})


def expect(truth, what):
    if not truth:
        sys.exit(f"failed: {what}")


def wrong_use(serialbench, suite):
    for arguments, part in WRONG:
        done = measure(serialbench, suite, *arguments)
        expect(done.returncode == 2 and done.stderr.count("\n") == 1 and
               part in done.stderr, f"{arguments}: {done}")
    done = measure(serialbench, os.path.join(suite, "test"))
    expect(done.returncode == 2 and "no folder test" in done.stderr, done)


def kept(serialbench, suite, folder):
    old = os.path.join(folder, "pass-1.csv")
    with open(old, "w", encoding="ascii"):
        pass
    arguments = ["--keep", folder, "--variant", "none,global",
                 "--launches", "pass=2", "pass"]
    done = measure("/bin/false", suite, *arguments)
    expect(done.returncode == 1 and "nothing was measured" in done.stderr and
           os.listdir(folder) == ["pass-1.csv"], done)
    done = measure(serialbench, suite, *arguments)
    expect(done.returncode == 0, done)
    expect(os.listdir(folder) == ["pass.csv"], os.listdir(folder))
    with open(os.path.join(folder, "pass.csv"), newline="",
              encoding="utf-8") as stream:
        rows = [(row["command"], row["variant"], row["launches"])
                for row in csv.DictReader(stream)]
    expect(rows == [("-c pass", "none", "2"), ("-c pass", "global", "2")],
           rows)


def page_follows():
    """A page with another figure, or without a block's lines, is mended."""
    page, rows = table.read_page(), table.read()
    row = rows["-c pass"]["none"]
    expect(table.filled(page, rows) == page, "the page is another one")
    for broken in (page.replace(row["live_blocks_at_peak"], "1", 1),
                   page.replace("| command | variant", "| variant", 1)):
        expect(broken != page and table.filled(broken, rows) == page,
               "the page is not mended")
    row["live_blocks_at_peak"] = "4711"
    expect("| 4711 |" in table.filled(page, rows), "a row is not shown")


def main():
    with tempfile.TemporaryDirectory() as folder:
        suite = os.path.join(folder, "suite")
        keep = os.path.join(folder, "keep")
        os.makedirs(os.path.join(suite, "test"))
        os.mkdir(keep)
        wrong_use(sys.argv[1], suite)
        kept(sys.argv[1], suite, keep)
    page_follows()


main()
