# SPDX-License-Identifier: MIT
"""`serialbench exec` as it is used: programs that fail, scripts, limits,
signals, and conditions that make a figure and must not be hidden."""
import csv
import io
import json
import os
import resource
import signal
import subprocess
import sys
import time

from run_dir import check, finish, folder, rows, run, same, wait_for

PROGRAM, KNOWN, OWN_MALLOC = map(os.path.abspath, sys.argv[1:4])
HELPER = os.path.join(os.path.dirname(PROGRAM), "serialbench-exec-child")
MEASURED = ("--allocator", "system", "--variant", "none,tls", "--launches",
            "1")
IN_PLACE = ("--variant", "tls")


def call(mode, *command, **settings):
    return run(PROGRAM, "exec", *mode, "--", *command, **settings)


def write(path, name, content, mode=0o755):
    name = os.path.join(path, name)
    with open(name, "w", encoding="utf-8") as file:
        file.write(content)
    os.chmod(name, mode)
    return name


def programs(path):
    """Exit codes and lines of both modes."""
    script = write(path, "script", f'#!/bin/sh\nexec "{KNOWN}" known\n')
    text = write(path, "text", f'exec "{KNOWN}" known\n')
    static = write(path, "static-script", f"#!{HELPER}\n")
    plain = write(path, "not-executable", "", 0o644)
    cases = (
        # command, (exit code, stderr has) in place, the same measured
        ((KNOWN, "known"), (0, ""), (0, "")),
        ((script,), (0, ""), (0, f"'{script}' is a script: measured is "
                              "/bin/sh and what it starts\n")),
        ((text,), (2, "Exec format error: it is no program of this machine"),
         (2, "Exec format error: it is no program of this machine")),
        ((plain,), (2, "Permission denied; allowed is"),
         (2, "Permission denied; allowed is")),
        (("no-such-program",), (2, "No such file"), (2, "No such file")),
        ((HELPER,), (2, "is statically linked: nothing is checked"),
         (1, "exit code 2 by itself")),
        ((static,), (2, "a script whose interpreter is statically linked: "
                        "nothing is checked"), (1, "exit code 2 by itself")),
        ((KNOWN, "exit", "4"), (4, ""), (1, "exit code 4 by itself")),
        ((KNOWN, "raise", "6"), (-6, ""),
         (1, "killed by signal 6 (Aborted) by itself")),
        # The wrapper's finding: with the row that failed.
        ((KNOWN, "overflow", "3"), (-6, "bad trailing pad byte"),
         (1, "bad trailing pad byte")),
        ((OWN_MALLOC, "known"), (0, ""), (0, "")),
        ((KNOWN, "kill-group", "9"), None, (1, "killed its parent or its")),
    )
    for command, *expected in cases:
        for mode, want in zip((IN_PLACE, MEASURED), expected):
            if want is None:
                continue
            where = f"{' '.join(command)} {mode}"
            done = call(mode, *command)
            same(f"{where}: exit code", done.returncode, want[0])
            check(want[1] in done.stderr, where, "says not", want[1],
                  done.stderr)
            if want[0] == 0 and mode == MEASURED:
                check("(8 × live blocks)" in done.stdout, where, done.stdout)


def own_malloc():
    """Told once, in every form."""
    said = "no allocation came to the wrapper"
    for form in ("table", "csv", "json"):
        done = call((*MEASURED, "--format", form), OWN_MALLOC, "known")
        same(f"own malloc, {form}: said", (done.stdout + done.stderr).count(
            said), 1)
        done = call((*MEASURED, "--format", form), KNOWN, "known")
        check(said not in done.stdout + done.stderr, form, done.stdout)


def failure_allowed():
    for command, end in (((KNOWN, "exit", "4"), "exit code 4"),
                         ((KNOWN, "raise", "9"), "killed by signal 9")):
        done = call((*MEASURED, "--allow-failure"), *command)
        same(f"{command}: exit code", done.returncode, 0)
        check(f"The command fails by itself: {end}" in done.stdout, command,
              done.stdout)


def stdin(path):
    file = write(path, "in put", "x" * 40)
    fifo = os.path.join(path, "fifo")
    os.mkfifo(fifo)
    done = call((*MEASURED, "--stdin", file, "--format", "csv"), KNOWN,
                "input")
    same("--stdin: exit code", done.returncode, 0)
    for row in csv.DictReader(io.StringIO(done.stdout)):
        same("--stdin: blocks", row["live_blocks_at_peak"], "40")
        same("--stdin: command", row["command"], f"{KNOWN} input < '{file}'")
    for name, said in ((fifo, "no regular file"), (path, "no regular file"),
                       ("/nowhere", "No such file")):
        done = call((*MEASURED, "--stdin", name), KNOWN, "input")
        same(f"--stdin {name}: exit code", done.returncode, 2)
        check(f"--stdin '{name}': {said}" in done.stderr, done.stderr)


def conditions():
    """A reader who types the line that is printed gets the figure."""
    env = dict(os.environ, PYTHONMALLOC="malloc", MALLOC_CONF="narenas:1")
    env.pop("MALLOC_PERTURB_", None)
    env.pop("PYTHONPATH", None)
    words = ("a b", "it's", "$HOME", "", "x\ny", "ü")
    done = call((*MEASURED, "--format", "csv"), KNOWN, "known", *words,
                env=env)
    same("conditions: exit code", done.returncode, 0)
    same("conditions: stderr", done.stderr.splitlines()[0],
         "serialbench exec: not passed on: MALLOC_CONF")
    for row in csv.DictReader(io.StringIO(done.stdout)):
        check("PYTHONMALLOC=malloc" in row["environment"].split(), row)
        shell = subprocess.run(
            ["bash", "-c", f"show() {{ printf '%s\\0' \"$@\"; }}; show "
             f"{row['command']}"], stdout=subprocess.PIPE, text=True,
            check=True)
        same("command typed", tuple(shell.stdout.split("\0")[:-1]),
             (KNOWN, "known", *words))
    table = call(MEASURED, KNOWN, "known", env=env).stdout
    check(any(line.endswith(f"{KNOWN} known") and
              line.startswith("PYTHON") for line in table.splitlines()),
          table)


def names(path):
    """Not UTF-8, and what JSON must escape."""
    odd = os.path.join(os.fsencode(path), b"caf\xe9 \"x\"\\y")
    os.symlink(KNOWN, odd)
    for form in ("json", "csv"):
        done = subprocess.run(
            [PROGRAM, "exec", *MEASURED, "--format", form, "--", odd,
             b"known", b"a\xff/b\t"], stdout=subprocess.PIPE, check=False)
        same(f"{form}: exit code", done.returncode, 0)
        text = done.stdout.decode()
        read = (json.loads(text) if form == "json" else
                list(csv.DictReader(io.StringIO(text))))
        same(f"{form}: rows", len(read), 2)
        for row in read:
            check(row["command"].endswith("known $'a\\xff/b\\x09'"), row)


def allocators():
    """Several are held against the system's, under the same variant."""
    words = ("--variant", "none,tls", "--launches", "8", "--allocator",
             "jemalloc,system")
    done = call((*words, "--format", "csv"), KNOWN, "known")
    if "jemalloc" not in done.stdout:
        print("left out: jemalloc is not installed")
        return
    for row in csv.DictReader(io.StringIO(done.stdout)):
        if row["allocator"] == "system":
            same("system: baseline", row["allocator_baseline"], "")
            same("system: ratio", row["allocator_ratio"], "")
            continue
        same("jemalloc: baseline", row["allocator_baseline"], "system")
        low, ratio, high = (float(row["allocator_" + name]) for name in
                            ("ci_low", "ratio", "ci_high"))
        check(0 < low <= ratio <= high, row)
        check(row["allocator_verdict"], row)
    title = "Allocators over system, under the same variant:"
    done = call(words, KNOWN, "known")
    lines = done.stdout.splitlines()
    if check(title in lines, done.stdout):
        at = lines.index(title)
        same("rows", [line.split()[:2] for line in lines[at + 2:at + 4]],
             [["jemalloc", "none"], ["jemalloc", "tls"]])
    check(title not in call(MEASURED, KNOWN, "known").stdout, "one allocator")


def limit(which, value):
    return lambda: resource.setrlimit(which, (value, value))


def limits(path):
    """The limit is named, and a program that does not reach it is measured."""
    del path
    cases = (
        (resource.RLIMIT_FSIZE, 1024, (KNOWN, "known"), 2,
         "the limit on file sizes (ulimit -f) is 1024 bytes"),
        (resource.RLIMIT_FSIZE, 512 << 10, (KNOWN, "known"), 1,
         "the limit on file sizes (ulimit -f) is 524288 bytes"),
        (resource.RLIMIT_NOFILE, 5, (KNOWN, "known"), 1,
         "the limit on open files (ulimit -n) is 5"),
        (resource.RLIMIT_AS, 64 << 20, (KNOWN, "touch", "256"), 1,
         "limits: address space 67108864 bytes (ulimit -v)"),
        (resource.RLIMIT_CPU, 1000, (KNOWN, "exit", "3"), 1,
         "limits: processor time 1000 s (ulimit -t)"),
        (resource.RLIMIT_AS, 1 << 40, (KNOWN, "known"), 0, ""),
    )
    for which, value, command, code, said in cases:
        done = call(MEASURED, *command, preexec_fn=limit(which, value))
        same(f"limit {which} {value}: exit code", done.returncode, code)
        check(said in done.stderr, f"limit {which} {value}: says not", said,
              done.stderr)


def signals():
    for number, name in ((signal.SIGINT, "Ctrl-C"),
                         (signal.SIGTERM, "SIGTERM"),
                         (signal.SIGHUP, "SIGHUP")):
        process = subprocess.Popen(
            [PROGRAM, "exec", *MEASURED, "--", KNOWN, "sleep", "3600"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True)
        wait_for("the program", lambda pid=process.pid: subprocess.run(
            ["pgrep", "-P", str(pid), "serialbench-exe"],
            stdout=subprocess.DEVNULL, check=False).returncode == 0)
        time.sleep(0.2)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        same(f"{name}: exit code", process.returncode, 128 + number)
        same(f"{name}: stdout", out, "")
        same(f"{name}: line", err.splitlines()[-1:],
             [f"serialbench exec: stopped by {name}; nothing was written"])


def main():
    own_malloc()
    failure_allowed()
    conditions()
    allocators()
    signals()
    for step in (programs, stdin, names, limits):
        with folder() as path:
            step(path)
    finish()


main()
