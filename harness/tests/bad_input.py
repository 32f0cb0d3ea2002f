# SPDX-License-Identifier: MIT
"""Wrong use: exit 2, one line that names thing, place and what is allowed, and
nothing left on disk. A full disk: exit 1, one line, whole rows only."""
import os
import re
import subprocess
import sys

from run_dir import check, finish, folder, rows, run, same

PROGRAM, TAKES_NOTHING, TAKES_MALLOC, SHIPPED = map(os.path.abspath,
                                                    sys.argv[1:5])
PUS = len(os.sched_getaffinity(0))
TINY = ("--quick", "--workload", "pair", "--variant", "none,again",
        "--allocator", "system", "--threads", "1", "--launches", "2",
        "--rounds", "2", "--turn-us", "50")
VARIANTS = os.environ["TEST_VARIANTS"]
WORKLOADS = "`serialbench list workloads`"
PLACEMENTS = "cores, smt, same-l3, cross-l3, cross-numa, oversubscribed"

# Arguments, and what the line has to name.
CASES = (
    (("jump",), ("'jump'", "run", "list", "compare", "report")),
    (("exprt",), ("'exprt'", "did you mean 'export'?")),
    (("help", "jump"), ("'jump'", "run", "list")),
    (("help", "trace", "inf"), ("'trace inf'", "allowed are")),
    (("run", "--jump"), ("--jump", "--help")),
    (("run", "--lanches", "3"), ("did you mean '--launches'?",)),
    (("run", "--margin", "3"),
     ("'--margin'", "an option of serialbench compare, exec, python")),
    (("run", "--no-pin=3"), ("--no-pin: takes no value",)),
    (("run", "--quick", "--thorough"),
     ("--thorough beside --quick", "one of --quick, --standard, --thorough")),
    (("certify", "--quick", "--standard"), ("--standard beside --quick",)),
    (("run", "-j"), ("-j", "--help")),
    (("run", "jump"), ("'jump'", "--help")),
    (("run", "--out"), ("--out", "missing")),
    (("run", "--variant", "x"), ("--variant", "'x'", VARIANTS)),
    (("run", "--variant", ""), ("--variant", "''", VARIANTS)),
    (("run", "--allocator", "x"), ("--allocator", "'x'", "allowed are")),
    (("run", "--workload", "x"), ("--workload", "'x'", WORKLOADS)),
    (("run", "--workload", "pair,x=1"), ("'x'", "size, form")),
    (("run", "--workload", "piar"), ("'piar'", "did you mean 'pair'?")),
    (("run", "--workload", "pair,szie=3"), ("did you mean 'size'?",)),
    (("run", "--workload", "pair,size=3,from=dependent"),
     ("did you mean 'form'?",)),
    (("run", "--workload", "pair,form=dependant"),
     ("did you mean 'dependent'?",)),
    (("run", "--workload", "pair,size=64,size=8"), ("given twice 'size'",)),
    (("run", "--allocator", "jemaloc"), ("did you mean 'jemalloc'?",)),
    (("run", "--peer", "cpythn"), ("did you mean 'cpython'?",)),
    (("run", "--workload", "pair,size=0"), ("size", "'0'", "1 to 1048576")),
    (("run", "--workload", "pair,size"), ("'size'", WORKLOADS)),
    (("run", "--workload", "trace"), ("'trace'", "trace:FILE")),
    (("run", "--workload", "trace:/nowhere"), ("/nowhere", "No such file")),
    (("run", "--workload", "trace:/etc/passwd"),
     ("/etc/passwd", "byte 0", "serialbench record")),
    (("run", "--workload", "pair:x"), ("'x'", "allowed is none")),
    (("run", "--placement", "x"), ("--placement", "'x'", PLACEMENTS)),
    (("run", "--threads", "0"), ("--threads", "'0'", "1 to 512")),
    (("run", "--threads", "9999"), ("--threads", "'9999'", "1 to 512")),
    (("run", "--threads", str(PUS + 1)),
     ("cores", str(PUS + 1), str(PUS), "oversubscribed")),
    (("run", "--launches", "0"), ("--launches", "'0'", "1 to 100000")),
    (("run", "--rounds", "x"), ("--rounds", "'x'", "1 to 10000")),
    (("run", "--turn-us", "1"), ("--turn-us", "'1'", "20 to 10000000")),
    (("run", "--seed", "-1"), ("--seed", "'-1'", "0 to ")),
    (("run", "--deadline", "0"), ("--deadline", "'0'", "1 to 86400")),
    (("run", "--allocator", "/nowhere/lib.so"),
     ("/nowhere/lib.so", "no such library", "allowed are")),
    (("run", "--allocator", "/etc/passwd"),
     ("/etc/passwd", "does not load", "libc.so")),
    (("run", "--allocator", "/"), ("'/'", "allowed are")),
    (("run", "--allocator", TAKES_NOTHING),
     (TAKES_NOTHING, "does not take over malloc", "libc.so")),
    (("run", "--allocator", TAKES_MALLOC),
     (TAKES_MALLOC, "malloc_usable_size", "libc.so")),
    (("run", "--peer", "x"), ("--peer", "'x'", "NAME=LIBRARY", "cpython")),
    (("run", "--peer", "=x"), ("--peer", "''", "allowed are names")),
    (("run", "--peer", "x="), ("'x'", "a library of 1 to")),
    (("run", "--peer", "x=a:b"), ("'x'", "'a:b'", ":ENV=VALUE")),
    (("run", "--peer", f"none={TAKES_MALLOC}"), ("'none' is a variant",)),
    (("run", "--peer", f"all={TAKES_MALLOC}"), ("'all'", "no variant has")),
    (("run", "--peer", "x=/nowhere/lib.so"), ("'x'", "/nowhere/lib.so")),
    (("run", "--peer", "x=/etc/passwd"), ("'x'", "does not load", "libc.so")),
    (("run", "--peer", f"x={TAKES_NOTHING}"),
     ("'x'", "does not take over malloc", "libc.so")),
    (("run", "--peer", f"x={TAKES_MALLOC}"), ("'x'", "malloc_usable_size")),
    (("run", "--peer", f"x={TAKES_MALLOC}:LD_PRELOAD=y"),
     ("'x'", "none of them LD_PRELOAD")),
    (("list",), ("variants, allocators, workloads, metrics, placements",)),
    (("list", "x"), ("'x'", "variants, allocators, workloads")),
    (("list", "variants", "--format", "x"), ("'x'", "table, csv, json")),
    (("list", "variants", "--x"), ("--x", "list --help")),
    (("compare",), ("no run directory", "compare RUN [RUN2]")),
    (("compare", "a", "b", "c"), ("3 run directories", "RUN [RUN2]")),
    (("compare", "base", "-xy"), ("'-x'", "compare --help")),
    (("compare", "base", "-y", "--margin", "3"), ("'-y'",)),
    (("compare", "base", "-é"), ("'-é'", "compare --help")),
    (("compare", "base", "--margin", "0x1p3"), ("'0x1p3'", "percentage")),
    (("compare", "base", "--margin", "nan"), ("'nan'", "percentage")),
    (("export", "base"), ("--format is missing", "gbench, pyperf")),
    (("export", "base", "--format", "gbnch"),
     ("'gbnch'", "did you mean 'gbench'?")),
    (("gate", "a", "b", "c", "--max-bytes", "3"), ("3 run directories",)),
    (("gate", "a"), ("--max-slowdown PERCENT", "--max-bytes N")),
    (("merge", "a"), ("--out is missing", "DIR")),
    (("record", "true"), ("--out is missing", "FILE")),
    (("record", "-o", "a"), ("no command", "-- COMMAND")),
    (("ledger", "a", "--rounds", "3"), ("--rounds", "--format only")),
    (("exec", "--variant", "", "true"), ("''", "allowed are none")),
    (("exec", "--variant", "tsl", "true"), ("did you mean 'tls'?",)),
    (("run", "--variant", "Tls"), ("did you mean 'tls'?",)),
    (("run", "--placement", "core"), ("did you mean 'cores'?",)),
    (("compare", "/nowhere"), ("/nowhere",)),
    (("compare", "/nowhere", "--format", "x"), ("'x'", "table, csv, json")),
    (("compare", "/nowhere", "--metric", "x"), ("'x'", "ns_per_op")),
    (("compare", "/nowhere", "--margin", "x"), ("'x'", "percentage")),
    (("compare", "/nowhere", "--x"), ("--x", "--help")),
    (("report",), ("no run directory", "report RUN")),
    (("report", "-x"), ("'-x'", "report --help")),
    (("report", "/nowhere"), ("/nowhere",)),
    (("certify", "x"), ("'x'", "--help")),
    (("certify", "--x"), ("--x", "--help")),
    (("certify", "--out"), ("--out", "--help")),
    (("certify", "--experiments", "0"),
     ("--experiments", "'0'", "1 to 100000")),
    (("certify", "--launches", "5"), ("--launches", "'5'", "6 to 10000")),
    (("certify", "--seed", "x"), ("--seed", "'x'", "0 to ")),
    (("certify", "--deadline", "0"), ("--deadline", "'0'", "1 to 86400")),
    (("certify", "--out", "/proc/x"),
     ("--out", "/proc/x", "a directory that can be written")),
    (("certify", "--certificates", "/proc/x"),
     ("--certificates", "/proc/x", "a directory that can be written")),
    (("topology", "x"), ("'x'", "--help")),
    (("trace",), ("no command", "info, convert")),
    (("trace", "x"), ("'x'", "info, convert")),
    (("trace", "convert"), ("convert FILE -o FILE",)),
    (("trace", "convert", "a"), ("--out is missing", "FILE")),
    (("trace", "convert", "a", "-o"), ("-o: a value", "convert --help")),
    (("trace", "convert", "a", "b", "-o", "c"), ("convert FILE -o FILE",)),
    (("trace", "convert", "/nowhere", "-o", "a"),
     ("/nowhere", "No such file")),
    (("trace", "convert", "/etc/passwd", "-o", "a"),
     ("/etc/passwd:1:", "trace 1")),
    (("trace", "convert", "/", "-o", "a"), ("/:", "regular file")),
    (("trace", "convert", SHIPPED, "-o", "/nowhere/a"),
     ("/nowhere/a:", "No such file")),
    (("trace", "convert", SHIPPED, "-o", "/dev/full"),
     ("/dev/full", "no regular file")),
    (("trace", "info"), ("no file", "info FILE")),
    (("trace", "info", "a", "b"), ("2 files", "info FILE")),
    (("trace", "info", SHIPPED, "--x"), ("--x", "info --help")),
    (("trace", "info", SHIPPED, "--plots"), ("--plots", "FOLDER")),
    (("trace", "info", SHIPPED, "--format", "x"),
     ("'x'", "table, csv, json")),
    (("trace", "info", "/nowhere"), ("/nowhere", "No such file")),
    (("trace", "info", "/etc/passwd"), ("/etc/passwd", "SBTRACE")),
    (("trace", "info", "/"), ("/:", "regular file")),
    (("trace", "info", SHIPPED, "--plots", "/etc"),
     ("--plots /etc", "exists", "a new folder")),
    (("trace", "info", SHIPPED, "--plots", "/nowhere/a"),
     ("--plots /nowhere/a", "No such file")),
)


def check_line(where, done, code, named):
    same(f"{where}: exit code", done.returncode, code)
    lines = done.stderr.splitlines()
    if same(f"{where}: lines on stderr", len(lines), 1):
        check(lines[0].startswith("serialbench"), where, lines)
    for part in named:
        check(part in done.stderr, f"{where}: names not {part!r}:",
              done.stderr)


def wrong_use(path):
    for arguments, named in CASES:
        where = " ".join(arguments)
        # A folder of its own: nothing may be left in it.
        home = os.path.join(path, "home")
        os.mkdir(home)
        done = run(PROGRAM, *arguments, cwd=home)
        check_line(where, done, 2, named)
        same(f"{where}: stdout", done.stdout, "")
        same(f"{where}: left behind", os.listdir(home), [])
        os.rmdir(home)


def lost_stdout():
    for words in (("list", "variants"), ("trace", "info", SHIPPED),
                  ("trace", "info", SHIPPED, "--format", "csv"),
                  ("trace", "info", SHIPPED, "--format", "json"),
                  ("trace", "convert", SHIPPED, "-o", "-")):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([PROGRAM, *words], stdout=full,
                                  stderr=subprocess.PIPE, text=True,
                                  check=False)
        check_line(f"{words}: stdout is full", done, 1, ("No space left",))


def help_texts():
    for command in ("", "run", "list", "compare", "report", "topology",
                    "certify", "trace", "trace info", "trace convert"):
        words = command.split()
        texts = []
        for line in (words + ["--help"], words + ["-h"], ["help"] + words):
            done = run(PROGRAM, *line)
            same(f"{line}: exit code", done.returncode, 0)
            check("Usage: serialbench" in done.stdout, command, done.stdout)
            same(f"{line}: stderr", done.stderr, "")
            texts.append(done.stdout)
        same(f"{command}: help in three ways", len(set(texts)), 1)
    done = run(PROGRAM)
    same("no words: exit code", done.returncode, 2)
    same("no words: stdout", done.stdout, "")
    check("Usage: serialbench" in done.stderr, done.stderr)
    done = run(PROGRAM, "--version")
    check(re.fullmatch(r"serialbench \d+\.\d+\.\d+ \(\S+\)\n", done.stdout),
          done.stdout)


def unwritable(path):
    kept = os.path.join(path, "kept")
    file = os.path.join(path, "file")
    os.mkdir(kept)
    with open(file, "w", encoding="utf-8"):
        pass
    places = [(kept, "exists"), (file, "exists"),
              (os.path.join(file, "run"), "Not a directory"),
              (os.path.join(path, "no", "run"), "No such file"),
              ("/proc/run", ""), ("", "No such file"),
              (os.path.join(path, "n" * 300), "File name too long")]
    if os.geteuid() != 0:
        places.append(("/run-of-serialbench", "Permission denied"))
    for place, reason in places:
        done = run(PROGRAM, "run", *TINY, "--out", place)
        check_line(f"--out {place}", done, 2, ("--out", place, reason))
    for place in (os.path.join(file, "runs"), "/proc/runs"):
        done = run(PROGRAM, "run", *TINY, "--runs", place)
        check_line(f"--runs {place}", done, 2, ("--runs", place))
    same("left behind", sorted(os.listdir(path)), ["file", "kept"])
    same("left behind in it", os.listdir(kept), [])


def mount(place, size):
    """A small disk, where that is allowed."""
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", place],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
        text=True)
    if done.returncode != 0:
        print("left out: a full disk: ", done.stderr.strip())
    return done.returncode == 0


def full_disk(path):
    place = os.path.join(path, "disk")
    os.mkdir(place)
    # Topology and plan fit; the rows of many launches do not.
    if not mount(place, "96k"):
        return
    try:
        command = list(TINY)
        command[command.index("--launches") + 1] = "60"
        command[command.index("--rounds") + 1] = "20"
        done = run(PROGRAM, "run", *command, "--out",
                   os.path.join(place, "run"))
        same("full disk: exit code", done.returncode, 1)
        lines = [line for line in done.stderr.splitlines()
                 if "No space left" in line]
        same("full disk: lines that say so", len(lines), 1)
        check(lines and os.path.join(place, "run") in lines[0], lines)
        written = rows(place, "run", "trials.csv")
        check(written, "full disk: no row was written", done.stderr)
        with open(os.path.join(place, "fill"), "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
        done = run(PROGRAM, "run", *TINY, "--out", os.path.join(place, "late"))
        check_line("full disk from the start", done, 2, ("late", "No space"))
        same("full disk: left behind", sorted(os.listdir(place)),
             ["fill", "run"])
    finally:
        subprocess.run(["umount", place], check=False)


def full_for_traces(path):
    """What was there stays, and nothing is beside it."""
    place = os.path.join(path, "small")
    source = os.path.join(path, "source.txt")
    os.mkdir(place)
    same("convert: exit code",
         run(PROGRAM, "trace", "convert", SHIPPED, "-o", source).returncode, 0)
    if not mount(place, "12k"):
        return
    try:
        kept = os.path.join(place, "kept")
        with open(kept, "w", encoding="utf-8") as file:
            file.write("kept")
        # A text of more pages, then a trace with no page left at all.
        done = run(PROGRAM, "trace", "convert", SHIPPED, "-o", kept)
        check_line("text on a full disk", done, 1, (kept, "No space left"))
        with open(os.path.join(place, "fill"), "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
        done = run(PROGRAM, "trace", "convert", source, "-o", kept)
        check_line("trace on a full disk", done, 1, (kept, "No space left"))
        with open(kept, encoding="utf-8") as file:
            check(file.read() == "kept", "full disk: replaced", kept)
        same("full disk: left behind", sorted(os.listdir(place)),
             ["fill", "kept"])
        plots = os.path.join(place, "plots")
        done = run(PROGRAM, "trace", "info", SHIPPED, "--plots", plots)
        same("plots on a full disk: exit code", done.returncode, 1)
        same("plots on a full disk: lines", len(done.stderr.splitlines()), 1)
        check(plots in done.stderr and "No space left" in done.stderr,
              done.stderr)
    finally:
        subprocess.run(["umount", place], check=False)


def no_workers(path):
    out = os.path.join(path, "none")
    done = run(PROGRAM, "run", "--quick", "--out", out,
               env=dict(os.environ, SERIALBENCH_WORKERS="/nowhere"))
    check_line("no workers", done, 2, ("system", "/nowhere"))
    check(not os.path.exists(out), "no workers: left", out)


def names(path):
    """What would make a file of a run none is refused, in one line."""
    for name, shown in ((b"a\xffb", "a?b"), (b"a\nb", "a?b")):
        out = os.path.join(os.fsencode(path), name)
        library, trace = out + b".so", out + b".trace"
        with open(library, "wb"):
            pass
        with open(trace, "wb"):
            pass
        arguments = [os.fsencode(word) for word in TINY]
        at = arguments.index(b"--workload") + 1
        of_trace = list(arguments)
        of_trace[at] = b"trace:" + trace
        good = os.path.join(os.fsencode(path), b"good")
        for what, command in (
                ("--out", (b"run", *arguments, b"--out", out)),
                ("-o", (b"merge", good, b"-o", out)),
                ("trace", (b"run", *of_trace, b"--out", good))):
            done = subprocess.run([PROGRAM, *command], check=False,
                                  capture_output=True)
            said = done.stderr.decode()
            same(f"{what} {name}: exit code", done.returncode, 2)
            check(said.count("\n") == 1, what, said)
            if what != "-o":
                check(shown in said and "UTF-8" in said, what, said)
            check(not os.path.exists(out) and not os.path.exists(good), what,
                  "left something")


def main():
    steps = (names, wrong_use, unwritable, full_disk, full_for_traces, no_workers)
    help_texts()
    lost_stdout()
    for step in steps:
        with folder() as path:
            step(path)
    finish()


main()
