# SPDX-License-Identifier: MIT
"""`serialbench export`, with known figures. Without a reader's name: the
documents hold what the trials say. With gbench or pyperf: a program that was
not written here reads them; skipped where it is not installed."""
import datetime
import json
import os
import re
import statistics
import subprocess
import sys

from made_run import START, write_run
from run_dir import check, finish, folder, run, same

PROGRAM = os.path.abspath(sys.argv[1])
READER = sys.argv[2] if len(sys.argv) > 2 else ""
COMPARE = "/usr/share/benchmark/compare.py"
CELLS = {"pair,size=64/system/t2": {"none": 20.0, "tls": 22.0},
         "stack,k=100/jemalloc/t1": {"none": 30.0, "tls": 30.6}}


def exported(path, name, *options):
    done = run(PROGRAM, "export", path, "--format", name, *options)
    same(f"{name}: exit code", done.returncode, 0)
    same(f"{name}: stderr", done.stderr, "")
    return done.stdout


def name_of(cell, variant):
    return f"{cell}/variant:{variant}"


def close(what, got, want):
    check(abs(got - want) <= 1e-9 * abs(want), what, got, "not", want)


def gbench_document(path, values):
    document = json.loads(exported(path, "gbench"))
    context, rows = document["context"], document["benchmarks"]
    same("date", context["date"], datetime.datetime.fromtimestamp(
        START // 10**9, datetime.timezone.utc).isoformat())
    same("host", context["host_name"], "example")
    same("CPUs", context["num_cpus"], 2)
    same("loads", context["load_avg"], [0.25, 0.5, 0.75])
    same("repetitions", len(rows), sum(map(len, values.values())))
    for key, launches in values.items():
        mine = [row for row in rows if row["name"] == name_of(*key)]
        same(f"{key}: indexes", [row["repetition_index"] for row in mine],
             list(range(len(launches))))
        for row, ns in zip(mine, launches):
            close(f"{key}: real", row["real_time"], statistics.median(ns))
            close(f"{key}: cpu", row["cpu_time"], 2 * statistics.median(ns))
            same(f"{key}: unit", row["time_unit"], "ns")
            same(f"{key}: iterations", row["iterations"], 1000 * len(ns))
            same(f"{key}: threads", row["threads"], 2)


def pyperf_document(path, values):
    document = json.loads(exported(path, "pyperf"))
    same("version", document["version"], "1.0")
    metadata = document["metadata"]
    for key, want in (("unit", "second"), ("hostname", "example"),
                      ("cpu_count", 2), ("load_avg_1min", 0.25),
                      ("aslr", "Full randomization")):
        same(key, metadata[key], want)
    found = {bench["metadata"]["name"]: bench
             for bench in document["benchmarks"]}
    same("names", sorted(found), sorted(name_of(*key) for key in values))
    for key, launches in values.items():
        runs = found[name_of(*key)]["runs"]
        same(f"{key}: runs", len(runs), len(launches))
        for one, ns in zip(runs, launches):
            same(f"{key}: rounds", len(one["values"]), len(ns))
            for got, want in zip(one["values"], ns):
                close(f"{key}: seconds", got, want / 1e9)
            same(f"{key}: loops", one["metadata"]["loops"], 1000)
            check(re.fullmatch(r"\d{4}(-\d\d){2} \d\d(:\d\d){2}\.123456",
                               one["metadata"]["date"]), one["metadata"])


def files(path, values):
    """-o: the same bytes, in place of what was there, and nothing beside."""
    target = os.path.join(path, "out.json")
    with open(target, "w", encoding="utf-8") as file:
        file.write("old")
    same("-o: stdout", exported(path, "gbench", "-o", target), "")
    with open(target, encoding="utf-8") as file:
        same("-o: file", json.load(file), json.loads(exported(path, "gbench")))
    check(not os.path.exists(target + ".new"), "a .new is left behind")
    check(len(values) == 4, values)


def left_out(path):
    """A launch in which a lane crashed is not exported."""
    lost = os.path.join(path, "lost")
    write_run(lost, CELLS, failed=[("pair,size=64/system/t2", "tls")])
    names = {row["name"] for row in
             json.loads(exported(lost, "gbench"))["benchmarks"]}
    same("without the crashed cell", names,
         {name_of("stack,k=100/jemalloc/t1", v) for v in ("none", "tls")})


def refusals(path, kept):
    none = os.path.join(path, "none")
    write_run(none, {"pair/system/t1": {"none": 1.0}}, launches=2,
              failed=[("pair/system/t1", "none")])
    for arguments, named in (
            ((), "no run directory"), ((kept,), "--format is missing"),
            ((kept, "--format", "x"), "gbench, pyperf"),
            ((kept, "--jump"), "--jump"), ((kept, "-o"), "-o"),
            (("/nowhere", "--format", "gbench"), "/nowhere/meta.json"),
            ((none, "--format", "gbench"), "no launch is left"),
            ((kept, "--format", "gbench", "-o", "/nowhere/x"), "/nowhere/x")):
        done = run(PROGRAM, "export", *arguments)
        same(f"{arguments}: exit code", done.returncode, 2)
        same(f"{arguments}: lines", len(done.stderr.splitlines()), 1)
        check(named in done.stderr, arguments, done.stderr)
        same(f"{arguments}: stdout", done.stdout, "")


def python_with(module):
    for python in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([python, "-c", f"import {module}"], check=False,
                          capture_output=True).returncode == 0:
            return python
    print(f"skipped: no Python here has {module}")
    return sys.exit(77)


def read_by_gbench(path):
    """Run B is 10 % slower than A throughout, and tls 10 % in one cell."""
    if not os.path.exists(COMPARE):
        print(f"skipped: no {COMPARE} (Debian's libbenchmark-tools)")
        sys.exit(77)
    python = python_with("scipy")
    slower = {cell: {v: 1.1 * ns for v, ns in variants.items()}
              for cell, variants in CELLS.items()}
    for name, cells in (("a", CELLS), ("b", slower)):
        write_run(os.path.join(path, name), cells)
        exported(os.path.join(path, name), "gbench", "-o",
                 os.path.join(path, name + ".json"))

    def compare(*words):
        done = subprocess.run([python, COMPARE, "--no-color", *words],
                              cwd=path, text=True, capture_output=True,
                              check=False)
        same("compare.py", (done.returncode, done.stderr), (0, ""))
        return done.stdout

    table = compare("benchmarks", "a.json", "b.json")
    for cell, variants in CELLS.items():
        for variant in variants:
            name = re.escape(name_of(cell, variant))
            deltas = re.findall(rf"^{name} +([-+.\d]+) +([-+.\d]+) ", table,
                                re.MULTILINE)
            same(f"{name}: deltas", set(deltas), {("+0.1000", "+0.1000")})
            check(re.search(rf"^{name}_pvalue .*Repetitions: 12 vs 12", table,
                            re.MULTILINE), f"{name}: no p value", table)
    check(re.search(r"^pair,size=64/system/t2/\[variant:none vs. variant:tls\]"
                    r" +\+0\.(09|10)", compare(
                        "filters", "a.json", "variant:none", "variant:tls"),
                    re.MULTILINE), "filters find no slowdown of 10 %")


def read_by_pyperf(path):
    python = python_with("pyperf")
    kept = os.path.join(path, "a")
    values = write_run(kept, CELLS)
    target = os.path.join(path, "a.json")
    exported(kept, "pyperf", "-o", target)
    done = subprocess.run(
        [python, "-c", "import json, pyperf, sys\n"
         "suite = pyperf.BenchmarkSuite.load(sys.argv[1])\n"
         "print(json.dumps({b.get_name(): [b.get_unit(), b.get_nrun(), "
         "b.get_values()] for b in suite}))", target],
        text=True, capture_output=True, check=False)
    if not same("pyperf", (done.returncode, done.stderr), (0, "")):
        return
    found = json.loads(done.stdout)
    same("pyperf: names", sorted(found),
         sorted(name_of(*key) for key in values))
    for key, launches in values.items():
        unit, runs, seconds = found[name_of(*key)]
        same(f"{key}: unit, runs", (unit, runs), ("second", len(launches)))
        close(f"{key}: sum", sum(seconds), sum(map(sum, launches)) / 1e9)


def main():
    with folder() as path:
        if READER == "gbench":
            read_by_gbench(path)
        elif READER == "pyperf":
            read_by_pyperf(path)
        else:
            kept = os.path.join(path, "kept")
            values = write_run(kept, CELLS)
            gbench_document(kept, values)
            pyperf_document(kept, values)
            files(kept, values)
            left_out(path)
            refusals(path, kept)
    finish()


main()
