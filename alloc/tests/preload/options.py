# SPDX-License-Identifier: MIT
"""DBGALLOC: what is asked for happens, what is wrong is named and left out;
and serials that are counted by thread repeat."""
from preload import SIGNALS, environment, expect, finish, helpers, run

THREADS = helpers[0]
TREE_RUNS = 20
UNKNOWN = "; allowed: help, break=SERIAL, stats=PATH; left out"
NO_PATH = "is no serial; allowed: thread path and count, T0.3#1207; left out"
NO_NUMBER = "is no serial; allowed: a number from 1, 1207; left out"
NO_SERIAL = ("this variant does not number blocks; allowed with global, "
             "atomic, tls; left out")

WRONG = [
    ("tls", "nonsense", f"unknown option nonsense{UNKNOWN}"),
    ("tls", "nonsense=1", f"unknown option nonsense{UNKNOWN}"),
    ("tls", "break=1207", f"break=1207: {NO_PATH}"),
    ("tls", "break=T0.3#", f"break=T0.3#: {NO_PATH}"),
    ("tls", "break=T0.3#0", f"break=T0.3#0: {NO_PATH}"),
    ("tls", "break=T1#5", f"break=T1#5: {NO_PATH}"),
    ("tls", "break=T0.3#17592186044416", f"break=T0.3#17592186044416: "
     f"{NO_PATH}"),
    ("atomic", "break=", f"break=: {NO_NUMBER}"),
    ("atomic", "break", f"break=: {NO_NUMBER}"),
    ("atomic", "break=0", f"break=0: {NO_NUMBER}"),
    ("atomic", "break=-5", f"break=-5: {NO_NUMBER}"),
    ("atomic", "break=12x", f"break=12x: {NO_NUMBER}"),
    ("atomic", "break=T0#5", f"break=T0#5: {NO_NUMBER}"),
    ("atomic", "break=18446744073709551616",
     f"break=18446744073709551616: {NO_NUMBER}"),
    ("none", "break=5", f"break=5: {NO_SERIAL}"),
    ("slot", "break=5", f"break=5: {NO_SERIAL}"),
    ("none", "stats=relative", "stats=relative: is no absolute path; "
     "left out"),
    ("none", "stats=/nowhere/at/all", "stats=/nowhere/at/all: is not there "
     "or may not be written; left out"),
    ("none", "stats=/dev/null", "stats=/dev/null: is not a regular file; "
     "left out"),
    ("none", "a:::stats=b:", f"unknown option a{UNKNOWN}\n"
     "dbgalloc: DBGALLOC: stats=b: is no absolute path; left out"),
]


def text(done):
    return done.stdout.decode(), done.stderr.decode(), done.returncode


def wrong_options():
    for variant, options, line in WRONG:
        done = run(["/bin/sh", "-c", "echo on; exit 3"],
                   environment(variant, options=options))
        expect(f"{variant} {options}", text(done),
               ("on\n", f"dbgalloc: DBGALLOC: {line}\n", 3))
    done = run(["/bin/echo", "on"],
               environment("tls", options="x" * 5000))
    expect("too long", text(done), (
        "on\n", "dbgalloc: DBGALLOC: longer than 4095 bytes; left out\n", 0))
    done = run(["/bin/echo", "on"], environment("tls", options=""))
    expect("empty", text(done), ("on\n", "", 0))


def help_text():
    out, err, code = text(run(["/bin/echo", "on"],
                              environment("atomic", options="help")))
    expect("help goes on", (out, code), ("on\n", 0))
    expect("help names", [word in err for word in (
        "variant atomic", "help", "break=SERIAL", "stats=PATH")], [True] * 4)


def stops():
    done = run([THREADS, "steps"], environment("tls", options="break=T0.2#5"))
    lines = done.stdout.decode().split("\n")
    expect("T0.2#5 stops", done.returncode, SIGNALS["TRAP"])
    expect("T0.2#5 is the 5th", [line for line in lines if line[:1] == "2"],
           [f"2 {i}" for i in range(1, 6)])
    for variant in ("atomic", "global", "tls"):
        done = run([THREADS, "serials"], environment(variant))
        serial = done.stdout.decode().split("\n")[10]
        for spelling in {serial, serial if variant == "tls" else serial[1:]}:
            done = run([THREADS, "serials"],
                       environment(variant, options=f"break={spelling}"))
            expect(f"{variant} {spelling} stops", (
                done.returncode, done.stdout.decode().split("\n")[-2]),
                (SIGNALS["TRAP"], "10"))
        done = run([THREADS, "break_at"], environment(variant))
        expect(f"{variant} break_at", (done.returncode, done.stdout.decode()),
               (SIGNALS["TRAP"], "".join(f"0 {i}\n" for i in range(1, 6))))
        done = run([THREADS, "break_moved"], environment(variant))
        counts = [int(line.split("#")[1])
                  for line in done.stdout.decode().split()]
        expect(f"{variant} break_moved",
               (done.returncode, [count - counts[0] for count in counts]),
               (0, [0, 1, 3, 4, 5]))


def tree():
    seen = []
    for _ in range(TREE_RUNS):
        done = run([THREADS, "tree"], environment("tls"))
        seen.append(sorted(done.stdout.decode().split()))
    expect("runs that differ", sum(lines != seen[0] for lines in seen), 0)
    paths = sorted({line.split("#")[0] for line in seen[0]})
    wanted = ["T0"]
    for i in "123":
        wanted += [f"T0.{i}"]
        for k in "123":
            wanted += [f"T0.{i}.{k}", f"T0.{i}.{k}.1"]
    expect("paths", paths, sorted(wanted))


wrong_options()
help_text()
stops()
tree()
finish()
