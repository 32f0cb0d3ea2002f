# SPDX-License-Identifier: MIT
"""Measures bpo-36611's three commands anew and puts them into docs/python.md.

    measure.py SERIALBENCH SUITE [--launches NAME=N …] [--variant LIST]
               [--seed N] [--keep FOLDER] [NAME…]

SUITE is the folder whose folder `test` has the tests of Debian's
libpython3.11-testsuite. NAMEs are of the commands below, all where there is
none. What was kept of a command is replaced when its measurement is whole:
every variant was launched as often as asked, so an interrupted one changes
nothing. Then `table.py write` makes the page's tables of all that is kept.
--keep puts the rows into another folder and leaves the page as it is.
"""
import argparse
import csv
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True  # beside the kept rows
import table

# name of the kept file → arguments, launches that give an interval
COMMANDS = {
    "pass": (["-c", "pass"], 600),
    "os-sys": (["-m", "test", "test_os", "test_sys"], 12),
    "asyncio": (["-m", "test", "test_asyncio"], 6),
}


def fail(what, code=1):
    print(f"measure.py: {what}", file=sys.stderr)
    sys.exit(code)


def read_options():
    parser = argparse.ArgumentParser()
    parser.add_argument("serialbench")
    parser.add_argument("suite")
    parser.add_argument("--launches", action="append", default=[],
                        metavar="NAME=N")
    parser.add_argument("--variant", default="all")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--keep", default=table.HERE)
    parser.add_argument("names", nargs="*", metavar="NAME")
    options = parser.parse_intermixed_args()
    counts = {name: count for name, (_, count) in COMMANDS.items()}
    for text in options.launches:
        name, _, count = text.partition("=")
        if name not in COMMANDS or not count.isdecimal() or int(count) < 1:
            fail(f"--launches {text}: allowed are "
                 f"{', '.join(COMMANDS)}, each with =N, 1 or more", 2)
        counts[name] = int(count)
    for name in options.names:
        if name not in COMMANDS:
            fail(f"{name}: allowed are {', '.join(COMMANDS)}", 2)
    if not os.path.isdir(os.path.join(options.suite, "test")):
        fail(f"{options.suite}: has no folder test: allowed is one with the "
             "tests of libpython3.11-testsuite", 2)
    return options, counts


def check(path, name, launches):
    """The exit code does not say it: where tests fail it is 1."""
    try:
        with open(path, newline="") as stream:
            rows = list(csv.DictReader(stream))
    except FileNotFoundError:
        rows = []
    if not rows:
        fail(f"{name}: nothing was measured")
    for row in rows:
        if row["launches"] != str(launches):
            fail(f"{name}: {row['variant']}: {row['launches']} launches, not "
                 f"{launches}: {row['status']}")


def measure(options, name, launches):
    arguments, _ = COMMANDS[name]
    environment = dict(os.environ)
    # What is on the path takes blocks, so only who needs it has it there.
    if "-m" in arguments:
        environment["PYTHONPATH"] = os.path.realpath(options.suite)
    with tempfile.TemporaryDirectory(dir=options.keep) as folder:
        path = os.path.join(folder, "exec.csv")
        subprocess.run(
            [os.path.realpath(options.serialbench), "python",
             "--allocator", "system", "--variant", options.variant,
             "--seed", options.seed, "--launches", str(launches),
             "--csv", path, "--", *arguments],
            env=environment, check=False)
        check(path, name, launches)
        for old in table.kept_files(options.keep, name):
            os.remove(old)
        os.rename(path, os.path.join(options.keep, f"{name}.csv"))


def main():
    options, counts = read_options()
    for name in options.names or COMMANDS:
        measure(options, name, counts[name])
    return table.write() if options.keep == table.HERE else 0


if __name__ == "__main__":
    sys.exit(main())
