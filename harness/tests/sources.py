# SPDX-License-Identifier: MIT
"""Cells that read a file: a run is finished from any folder, with the file that
it was planned with and with no other.

    sources.py SERIALBENCH
"""
import json
import os
import shutil
import sys

from run_dir import check, finish, folder, rows, run, same, text

PROGRAM = os.path.abspath(sys.argv[1])
WORKLOAD = "trace:./one.sbt,window=1,fleet,file=one.csv,heap=64"
VARIANTS = "none,tls"
LINES = 2 * 2  # of a launch: variants, rounds
LAUNCHES = 3


def command(*more):
    return ("run", "--quick", "--workload", WORKLOAD, "--variant", VARIANTS,
            "--allocator", "system", "--threads", "1", "--launches", LAUNCHES,
            "--rounds", "2", "--turn-us", "50", "--seed", "3", "--no-micro",
            "--no-exec", *more)


def write_sources(path, blocks=400):
    """A trace and a profile in a folder of their own."""
    os.makedirs(path)
    source = os.path.join(path, "one.txt")
    with open(source, "w", encoding="utf-8") as file:
        file.write("trace 1\n")
        for number in range(1, blocks + 1):
            file.write(f"T0 malloc {number}\n")
        file.write("ended exit\n")
    done = run(PROGRAM, "trace", "convert", source, "-o",
               os.path.join(path, "one.sbt"))
    same("convert: exit code", done.returncode, 0)
    with open(os.path.join(path, "one.csv"), "w", encoding="utf-8") as file:
        file.write("16, 3, 2\n64, 1, 1\n")


def make(path, out, *more):
    """A run that is asked for in the folder of its files."""
    done = run(PROGRAM, *command(*more, "--out", out), cwd=path)
    if not same(f"{out}: exit code", done.returncode, 0):
        print(done.stderr)


def cut(out):
    """Leaves the first launch."""
    path = os.path.join(out, "trials.csv")
    lines = text(path).splitlines(True)
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(lines[:1 + LINES])
    return lines[:1 + LINES]


def refused(what, done, *named):
    same(f"{what}: exit code", done.returncode, 2)
    same(f"{what}: lines", len(done.stderr.splitlines()), 1)
    for part in named:
        check(part in done.stderr, what, "names not", part, done.stderr)


def params(out):
    return {(row["cell"], row["params"]) for row in rows(out, "trials.csv")}


def resumed(path):
    files, out = os.path.join(path, "files"), os.path.join(path, "out")
    write_sources(files)
    make(files, out)
    whole = params(out)
    same("params", {"file=./one.sbt" in value or "file=one.csv" in value
                    for _, value in whole}, {True})
    kept = json.loads(text(out, "meta.json"))["plan"]["files"]
    same("files", {(one["name"], one["asked"], one["path"], one["bytes"])
                   for one in kept},
         {(name, asked, os.path.join(files, name),
           os.path.getsize(os.path.join(files, name)))
          for name, asked in (("one.sbt", "./one.sbt"),
                              ("one.csv", "one.csv"))})
    first = cut(out)
    # Another file of the name lies where it is resumed.
    other = os.path.join(path, "other")
    write_sources(other, 500)
    for place in (other, "/"):
        cut(out)
        done = run(PROGRAM, "run", "--resume", out, cwd=place)
        if not same(f"{place}: exit code", done.returncode, 0):
            print(done.stderr)
        same(f"{place}: params", params(out), whole)
        same(f"{place}: rows", len(rows(out, "trials.csv")),
             2 * LAUNCHES * LINES)
        same(f"{place}: first", text(out, "trials.csv").splitlines(True)[
            :1 + LINES], first)
        same(f"{place}: files",
             json.loads(text(out, "meta.json"))["plan"]["files"], kept)
    changed(path, files, out)


def changed(path, files, out):
    before = cut(out)
    profile, trace = (os.path.join(files, name)
                      for name in ("one.csv", "one.sbt"))
    with open(profile, "a", encoding="utf-8") as file:
        file.write("8, 1, 1\n")
    refused("a longer file", run(PROGRAM, "run", "--resume", out, cwd="/"),
            profile, "26 bytes", "18 bytes", "it was planned with")
    with open(profile, "w", encoding="utf-8") as file:
        file.write("16, 3, 2\n64, 1, 2\n")
    refused("another byte", run(PROGRAM, "run", "--resume", out, cwd="/"),
            profile, "18 bytes", "checksum")
    with open(profile, "w", encoding="utf-8") as file:
        file.write("16, 3, 2\n64, 1, 1\n")
    shutil.copy(os.path.join(path, "other", "one.sbt"), trace)
    refused("another trace", run(PROGRAM, "run", "--resume", out, cwd="/"),
            trace, "checksum")
    os.unlink(trace)
    refused("no trace", run(PROGRAM, "run", "--resume", out, cwd="/"),
            "one.sbt", "No such file")
    same("trials", text(out, "trials.csv").splitlines(True), before)


def shards(path):
    """Each part in a folder of its own, merged in a third one."""
    parts = [os.path.join(path, f"part{number}") for number in (1, 2)]
    for number, part in enumerate(parts, 1):
        write_sources(part + "-files")
        make(part + "-files", part, "--shard", f"{number}/2")
    done = run(PROGRAM, "merge", *parts, "-o", os.path.join(path, "whole"),
               cwd="/")
    if not same("merge: exit code", done.returncode, 0):
        print(done.stderr)
    same("merge: rows", len(rows(path, "whole", "trials.csv")),
         2 * LAUNCHES * LINES)
    third = os.path.join(path, "part3")
    write_sources(third + "-files", 300)
    make(third + "-files", third, "--shard", "2/2")
    refused("parts of two traces",
            run(PROGRAM, "merge", parts[0], third, "-o",
                os.path.join(path, "mixed"), cwd="/"),
            parts[0], third, "one.sbt", "checksum")
    check(not os.path.exists(os.path.join(path, "mixed")), "mixed was made")


def shipped(path):
    """A trace that comes with the suite is found by its name."""
    out = os.path.join(path, "shipped")
    words = list(command("--out", out))
    words[words.index(WORKLOAD)] = "trace:git-status.trace"
    same("shipped: exit code", run(PROGRAM, *words, cwd=path).returncode, 0)
    kept = json.loads(text(out, "meta.json"))["plan"]["files"]
    same("shipped: files", [(one["name"], one["path"]) for one in kept],
         [("git-status.trace", "")])
    cut(out)
    done = run(PROGRAM, "run", "--resume", out, cwd="/")
    if not same("shipped: resumed", done.returncode, 0):
        print(done.stderr)
    # Another file of its name, where it is resumed.
    shutil.copy(os.path.join(path, "files", "one.csv"),
                os.path.join(path, "git-status.trace"))
    refused("shipped, another file", run(PROGRAM, "run", "--resume", out,
                                         cwd=path), "git-status.trace")


def main():
    with folder() as path:
        resumed(os.path.realpath(path))
        shards(os.path.realpath(path))
        shipped(os.path.realpath(path))
    finish()


main()
