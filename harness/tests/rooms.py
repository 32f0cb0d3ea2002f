#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds the includes between rooms to the order of the rooms.

rooms.py SOURCE BUILD

A room is a folder. It may include its own headers and those of the rooms that
stand in its row below, which all stand in rows above its own: so there is no
circle, and no include goes upwards. Three things are looked at: the includes of
the sources, the include directories that the build gives to each room, and
whether the compiler indeed refuses the header of a room that may not be seen.
"""
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

# From the lowest to the highest. Contracts are copies of single headers, and
# an include of one counts as an include of the room that the header is from.
SEES = {
    "error": "",
    "alloc": "",
    "alloc/serial": "alloc",
    "alloc/planted": "alloc alloc/serial",
    "alloc/preload": "alloc",
    "trace": "",
    "trace/replay": "trace",
    "trace/text": "trace",
    "trace/recorder": "alloc alloc/preload trace",
    "bench": "alloc",
    "bench/workloads": "alloc bench",
    "bench/fleet": "alloc bench",
    "bench/interpreter": "alloc bench",
    "bench/replay": "alloc bench trace trace/replay",
    "bench/micro": "alloc bench",
    "results/csv": "",
    "results/stats": "",
    "results": "results/csv results/stats",
    "plots/data": "results results/csv results/stats",
    "plots/figure": "plots/data results results/csv results/stats",
    "plots/page":
        "plots/figure plots/data results results/csv results/stats",
    "trace/info": "trace results results/csv plots/figure plots/data",
    "harness/system": "alloc",
    "harness/topology": "bench harness/system",
    "harness/lane": "alloc bench trace results/csv results/stats "
        "harness/topology harness/system",
    "harness/worker": "alloc bench harness/lane harness/topology "
        "harness/system",
    "harness/plan": "alloc bench bench/replay trace results/csv results/stats "
        "harness/lane harness/topology harness/system",
    "harness/relay": "bench results results/csv results/stats harness/plan "
        "harness/lane harness/topology harness/system",
    "harness/exec": "alloc bench results results/csv results/stats "
        "harness/plan harness/lane harness/topology harness/system",
    "harness/exec/python": "alloc alloc/preload harness/exec harness/system",
    "harness/exec/peers": "",
    "harness/probe": "bench bench/micro results results/csv results/stats "
        "harness/relay harness/plan harness/lane harness/topology "
        "harness/system",
    "harness/run": "alloc results results/csv results/stats plots/page "
        "harness/probe harness/exec harness/relay harness/plan harness/lane "
        "harness/topology harness/system",
    "harness/certify": "alloc alloc/planted bench results results/csv "
        "results/stats harness/run harness/exec harness/probe harness/relay "
        "harness/plan harness/lane harness/topology harness/system",
    "harness/cli": "alloc trace trace/text trace/info results results/csv "
        "results/stats plots/page harness/certify harness/run harness/exec "
        "harness/probe harness/relay harness/plan harness/lane "
        "harness/topology harness/system",
}
ORDER = {room: place for place, room in enumerate(SEES)}
# Everyone but the allocator says with struct error what went wrong.
SEES = {room: set(sees.split()) | (set() if room.startswith(("alloc", "error"))
                                   else {"error"}) for room, sees in SEES.items()}
NOT_ROOMS = {"tests", "fuzz", "contract", "traces", "cost", "reference"}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)

failures = []


def check(holds, what):
    if not holds:
        failures.append(what)


def sources(top):
    """{path: room} of the C files of all rooms."""
    found = {}
    for folder, folders, names in os.walk(top):
        folders[:] = [f for f in folders if f not in NOT_ROOMS
                      and not f.startswith((".", "build"))]
        for name in names:
            if name.endswith((".c", ".h", ".cc")):
                path = os.path.relpath(os.path.join(folder, name), top)
                found[path] = os.path.dirname(path)
    return found


def edges(files, text_of):
    """{(room, room): ["file includes header", …]}"""
    homes = {}
    for path, room in files.items():
        homes.setdefault(os.path.basename(path), set()).add(room)
    found = {}
    for path, room in files.items():
        for header in INCLUDE.findall(text_of(path)):
            to = homes.get(os.path.basename(header), set())
            # Two rooms may each have a header of one name; its own is meant.
            if to and room not in to:
                for home in to & SEES[room] or to:
                    found.setdefault((room, home), []).append(
                        f"{path} includes {header}")
    return found


def wrong(found):
    return [f"{line}: {room} may not see {to}"
            for (room, to), lines in sorted(found.items()) for line in lines
            if to not in SEES[room]]


def check_includes(top):
    for room, sees in SEES.items():
        for to in sees:
            check(ORDER[to] < ORDER[room], f"{room} looks upwards, to {to}")
    files = sources(top)
    for path, room in sorted(files.items()):
        check(room in SEES, f"{path}: no room of that name is known")
    files = {path: room for path, room in files.items() if room in SEES}
    check(len(files) > 300, f"only {len(files)} files were found")

    def text_of(path):
        with open(os.path.join(top, path), encoding="utf-8") as file:
            return file.read()

    found = edges(files, text_of)
    for line in wrong(found):
        check(False, line)
    print(f"{len(files)} files in {len(set(files.values()))} rooms, "
          f"{len(found)} arrows between them")

    # The check itself must be able to fail.
    def planted(path):
        return text_of(path) + ('\n#include "run.h"\n'
                                if path == "harness/relay/relay.h" else "")
    check(len(wrong(edges(files, planted))) == len(wrong(found)) + 1,
          "a planted include of harness/run from harness/relay is not found")
    return files


def commands_of(build, top):
    """{room: (compiler and its -I options, the folder to start it in)}"""
    with open(os.path.join(build, "compile_commands.json")) as file:
        compiled = json.load(file)
    found = {}
    for entry in compiled:
        path = os.path.relpath(os.path.join(entry["directory"], entry["file"]),
                               top)
        room = os.path.dirname(path)
        words = shlex.split(entry["command"])
        library = entry["output"].startswith(room + "/lib") or \
            "/lib" + room.replace("/", "_") in entry["output"]
        if room in SEES and library and words:
            compiler = words[:next(i for i, word in enumerate(words)
                                   if word.startswith("-"))]
            options = [word for word in words
                       if word.startswith(("-I", "-std", "-D_GNU"))]
            found.setdefault(room, (compiler + options, entry["directory"]))
    return found


def check_compiler(files, build, top):
    """A header of each room that may not be seen, from each room."""
    headers = {}
    for path, room in sorted(files.items()):
        if path.endswith(".h") and room.startswith("harness/"):
            headers.setdefault(room, os.path.basename(path))
    commands = commands_of(build, top)
    rooms = [room for room in SEES if room.startswith("harness/")
             and room.count("/") == 1]
    check(set(rooms) <= set(commands),
          f"no library is built of {set(rooms) - set(commands)}")
    tried = 0
    with tempfile.TemporaryDirectory() as folder:
        for room in rooms:
            for to, header in headers.items():
                if room not in commands or to == room or \
                        to not in ORDER or to.count("/") > 1:
                    continue
                seen = to in SEES[room]
                source = os.path.join(folder, "probe.c")
                with open(source, "w") as file:
                    file.write(f'#include "{header}"\n')
                words, directory = commands[room]
                done = subprocess.run(words + ["-E", "-o", os.devnull, source],
                                      cwd=directory, capture_output=True,
                                      text=True)
                tried += 1
                missing = f"{header}: No such file" in done.stderr or \
                    f"'{header}' file not found" in done.stderr
                if not seen:
                    check(missing, f"{room} compiles with {header} of {to}")
                else:
                    check(not missing, f"{room} does not find {header} of {to}")
    print(f"{tried} includes tried with {len(rooms)} rooms")


def main():
    top, build = (os.path.abspath(path) for path in sys.argv[1:3])
    stray = [name for name in os.listdir(os.path.join(top, "harness"))
             if name.endswith((".c", ".h"))]
    check(not stray, f"harness/ itself has {stray}")
    check_compiler(check_includes(top), build, top)
    for failure in failures:
        print("failed:", failure)
    sys.exit(1 if failures else 0)


main()
