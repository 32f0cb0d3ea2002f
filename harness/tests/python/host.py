# SPDX-License-Identifier: MIT
"""serialbench python as one uses it: python3's behaviour, the reports, and the
bytes. Called with serialbench, the folder of the extension module and the
folder of this file's scripts."""
import csv
import io
import os
import re
import signal
import subprocess
import sys
import tempfile

SERIALBENCH, MODULES, SCRIPTS = sys.argv[1:4]
HOOKS = ["none", "global", "atomic", "tls", "slot", "again"]
VARIANTS = HOOKS + ["cpython", "plain"]
NUMBERED = {"global": r"#\d+", "atomic": r"#\d+", "tls": r"T0#\d+"}
GIL = ("Fatal Python error: Python memory allocator called without holding "
       "the GIL\n\nCurrent thread ADDRESS (most recent call first):\n"
       "  File \"<string>\", line 1 in <module>\n")
HINT = "Enable tracemalloc to get the memory block allocation traceback\n\n"
MISUSE = "bad ID: Allocated using API 'm', verified using API 'r'\n"

failed = checked = 0


def expect(case, got, wanted):
    global checked, failed
    checked += 1
    if got != wanted:
        failed += 1
        print(f"{case}:\n  got      {got!r}\n  expected {wanted!r}")


def call(words, **variables):
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("PYTHON", "MALLOC_", "DBGALLOC"))}
    env.update(PYTHONPATH=MODULES, PYTHONDONTWRITEBYTECODE="1", LC_ALL="C")
    stdin = variables.pop("stdin", "")
    env.update(variables)
    return subprocess.run([SERIALBENCH, "python", *words], env=env,
                          input=stdin, capture_output=True, text=True,
                          timeout=120)


def run(variant, *arguments, **variables):
    return call(["--variant", variant, "--", *arguments], **variables)


def without_addresses(text):
    text = re.sub(r"0x[0-9a-f]{6,}", "ADDRESS", text)
    return re.sub(r'File "/[^"]*/', 'File "', text)


def behaves_as_python(variant):
    script = "import sys; print(sys.stdin.read(), sys.argv[1:])"
    result = run(variant, "-c", script, "a", "--help", stdin="input")
    expect(f"{variant}: input, output, arguments",
           (result.returncode, result.stdout, result.stderr),
           (0, "input ['a', '--help']\n", ""))
    for code, wanted in (("sys.exit(7)", 7), ("sys.exit('no')", 1),
                         ("1/0", 1), ("os._exit(3)", 3),
                         ("os.kill(os.getpid(), 15)", -signal.SIGTERM)):
        result = run(variant, "-c", "import os, sys; " + code)
        expect(f"{variant}: exit code of {code}", result.returncode, wanted)
    result = run(variant, "-m", "no.such.module")
    expect(f"{variant}: a module that is not there", result.returncode, 1)
    result = run(variant, "-c", """
import os, subprocess, sys, threading
thread = threading.Thread(target=print, args=["thread"])
thread.start()
thread.join()
sys.stdout.flush()
child = os.fork()
if child == 0:
    print("fork", flush=True)
    os._exit(0)
os.waitpid(child, 0)
subprocess.run([sys.executable, "-c", "print('again')"])
""")
    expect(f"{variant}: thread, fork, child", (result.returncode,
           result.stdout, result.stderr), (0, "thread\nfork\nagain\n", ""))
    for underlying in ("malloc", "debug", "malloc_debug"):
        result = run(variant, "-c", "print(len(bytearray(70000)))",
                     PYTHONMALLOC=underlying)
        expect(f"{variant}: PYTHONMALLOC={underlying}",
               (result.returncode, result.stdout), (0, "70000\n"))
    result = run(variant, "-c", "import serialbench_bugs as b; "
                 "b.realloc_keeps(); b.raw_without_gil()")
    expect(f"{variant}: realloc and raw", (result.returncode, result.stderr),
           (0, ""))


def the_report_of_the_issue(variant):
    with open(os.path.join(SCRIPTS, "buffer_overflow.expected")) as stream:
        wanted = stream.read()
    with tempfile.TemporaryDirectory() as folder:
        script = os.path.join(folder, "bug.py")
        with open(os.path.join(SCRIPTS, "buffer_overflow.py")) as source, \
                open(script, "w") as copy:
            copy.write(source.read())
        result = run(variant, "-X", "tracemalloc=10", "-X", "dev", script)
    text = without_addresses(result.stderr)
    if variant in NUMBERED:
        text, numbers = re.subn(
            f"    The block was made by call {NUMBERED[variant]} to debug "
            "malloc/realloc.\n", "", text)
        expect(f"{variant}: lines with the serial", numbers, 1)
    for number, (got, line) in enumerate(zip(
            text.splitlines() + ["(end)"], wanted.splitlines() + ["(end)"])):
        expect(f"{variant}: line {number + 1} of the report", got, line)
    expect(f"{variant}: the whole report", text, wanted)
    expect(f"{variant}: end", result.returncode, -signal.SIGABRT)


def bug(variant, name):
    result = run(variant, "-c", "import serialbench_bugs; "
                 f"serialbench_bugs.{name}()")
    expect(f"{variant}: {name} aborts", result.returncode, -signal.SIGABRT)
    return without_addresses(result.stderr)


def other_reports(variant):
    for name in ("malloc_without_gil", "object_realloc_without_gil"):
        expect(f"{variant}: {name}", bug(variant, name), GIL)
    text = bug(variant, "api_misuse")
    expect(f"{variant}: api_misuse", text[text.find(HINT):],
           HINT + "Fatal Python error: " + MISUSE + GIL[GIL.find("\nC"):])
    text = bug(variant, "underflow")
    expect(f"{variant}: underflow", (
        "        at p-2: 0x78 *** OUCH\n" in text,
        "Fatal Python error: bad leading pad byte\n" in text), (True, True))
    result = run(variant, "-c", "import subprocess, sys; print(subprocess."
                 "call([sys.executable, '-c', 'import serialbench_bugs; "
                 "serialbench_bugs.api_misuse()'], stderr=-3))")
    expect(f"{variant}: a child has the hooks", result.stdout,
           f"{-signal.SIGABRT}\n")


def serials():
    result = run("tls", "-c", """
import threading, serialbench_bugs
for _ in range(2):
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()
thread = threading.Thread(target=serialbench_bugs.buffer_overflow)
thread.start()
thread.join()
""")
    expect("tls: the third thread's block", re.findall(
        r"made by call (T0\.\d)#\d+ to debug", result.stderr), ["T0.3"])
    for serial, variant in (("1207", "global"), ("#1207", "atomic"),
                            ("T0#1207", "tls")):
        result = run(variant, "-c", "pass", DBGALLOC="break=" + serial)
        expect(f"{variant}: break={serial}", result.returncode,
               -signal.SIGTRAP)


def known_blocks(variant):
    """1000 bytearrays: an object each, and a buffer that pymalloc takes from
    the raw domain, whose hooks wrap it again."""
    with tempfile.NamedTemporaryFile() as counts:
        host = os.path.join(os.path.dirname(SERIALBENCH), "serialbench-python")
        # The runner names the library: A' runs on the baseline's.
        library = "none" if variant == "again" else variant
        env = dict(os.environ, SERIALBENCH_PYTHON=library,
                   SERIALBENCH_PYTHON_COUNTS=counts.name)
        result = subprocess.run(
            [host, os.path.join(SCRIPTS, "count_blocks.py")], env=env,
            capture_output=True, text=True, timeout=60)
    if result.returncode != 0:
        expect(f"{variant}: counting", result.stderr, "")
        return
    blocks, requested, debug, usable = map(int, result.stdout.split())
    one = 24 if variant in ("none", "again", "cpython") else 32
    # 56 bytes an object, 5001 a buffer; reading the counts leaves a tuple.
    few = 20
    expect(f"{variant}: {blocks} blocks", 2000 <= blocks < 2000 + few, True)
    expect(f"{variant}: {requested} bytes requested",
           0 <= requested - 1000 * (56 + 5001) < few * 64, True)
    expect(f"{variant}: {debug} debug bytes",
           debug, one * (blocks + 1000))
    expect(f"{variant}: {usable} usable bytes",
           0 <= usable - requested - debug < 16 * blocks, True)


COUNTS = ["live_blocks_at_peak", "requested_bytes_at_peak",
          "debug_bytes_at_peak", "usable_bytes_at_peak", "peak_bytes_24",
          "peak_bytes_32"]


def measured():
    result = call(["--variant", "all", "--allocator", "system", "--launches",
                   "1", "--format", "csv", "--", "-c", "pass"])
    expect("exit code of a measurement", result.returncode, 0)
    rows = {row["variant"]: row
            for row in csv.DictReader(io.StringIO(result.stdout))}
    expect("variants", sorted(rows), sorted(VARIANTS))
    expect("status", {row["status"] for row in rows.values()}, {"ok"})
    return {variant: [int(row[name]) for name in COUNTS]
            for variant, row in rows.items() if variant != "plain"}


def fixed_addresses():
    return subprocess.run(["setarch", "-R", "true"],
                          capture_output=True).returncode == 0


def peaks():
    first = measured()
    for variant, (blocks, requested, debug, usable, *peak) in first.items():
        one = 24 if variant in ("none", "again", "cpython") else 32
        expect(f"{variant}: peaks", peak,
               [requested + 24 * blocks, requested + 32 * blocks])
        expect(f"{variant}: whole wraps", debug % one, 0)
        expect(f"{variant}: {debug // one} wraps of {blocks} blocks",
               blocks <= debug // one < 1.2 * blocks, True)
        expect(f"{variant}: usable holds what was asked for",
               requested + debug <= usable < 1.2 * (requested + debug), True)
    if not fixed_addresses():
        print("addresses cannot be fixed here: repeats are not compared")
        return
    expect("-c pass the second time", measured(), first)
    expect("none and CPython's own hooks", first["none"], first["cpython"])


def hooks_that_show():
    """Python may look at its allocators: then a row says so, and counts."""
    script = ("import sys, os; own = os.environ['SERIALBENCH_PYTHON']; "
              "sys.exit(5 if own.startswith('global') else 0)")
    result = call(["--variant", "none,global", "--allocator", "system",
                   "--launches", "2", "--format", "csv", "--", "-c", script])
    rows = {row["variant"]: row
            for row in csv.DictReader(io.StringIO(result.stdout))}
    expect("exit codes by variant", (result.returncode, {
        variant: (row["status"], row["launches"],
                  int(row["live_blocks_at_peak"]) > 1000)
        for variant, row in rows.items()}), (0, {
            "none": ("ok", "2", True),
            "global": ("counting run: exit code 5, without hooks exit code 0",
                       "2", True)}))
    script = ("import sys, os; sys.exit(6 if 'SERIALBENCH_PYTHON_COUNTS' in "
              "os.environ else 0)")
    result = call(["--variant", "none", "--allocator", "system",
                   "--launches", "2", "--format", "csv", "--", "-c", script])
    expect("another exit code while blocks are counted", (result.returncode, [
        (row["status"], row["launches"])
        for row in csv.DictReader(io.StringIO(result.stdout))]), (0, [
            ("counting run: exit code 6, without hooks exit code 0", "2")]))
    result = call(["--variant", "none", "--allocator", "system", "--launches",
                   "2", "--", "-c", "import os; os.abort()"])
    expect("a program that aborts", (result.returncode,
           result.stdout.count("FAILED")), (1, 0))


def wrong_use():
    for words, variables, wanted in (
            ([], {}, "no arguments"),
            (["--variant", "no", "--", "-c", "pass"], {}, "cpython, all"),
            (["--launches", "x", "--", "-c", "pass"], {}, "launches"),
            (["--variant", "none", "--", "-c", "pass"],
             {"SERIALBENCH_WORKERS": "/nonexistent"}, "libpython3-dev"),
            (["--variant", "none", "--", "-c", "pass"],
             {"SERIALBENCH_LIBRARIES": "/nonexistent"}, "libdbgalloc-none")):
        result = call(words, **variables)
        expect(f"{words}: exit code, lines, words",
               (result.returncode, result.stderr.count("\n"),
                wanted in result.stderr, result.stdout),
               (2, 1, True, ""))


for variant in VARIANTS:
    behaves_as_python(variant)
for variant in HOOKS:
    the_report_of_the_issue(variant)
    other_reports(variant)
for variant in HOOKS + ["cpython"]:
    known_blocks(variant)
serials()
peaks()
hooks_that_show()
wrong_use()
print(f"{checked} checks, {failed} failed")
sys.exit(1 if failed else 0)
