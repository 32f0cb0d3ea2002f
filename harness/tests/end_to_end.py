# SPDX-License-Identifier: MIT
"""A tiny run from plan to report: every file of it, against the plan."""
import json
import os
import statistics
import sys
import xml.etree.ElementTree

from run_dir import FILES, TRIALS, by_launch, check, check_whole, finish
from run_dir import folder, rows, run, same, text

PROGRAM, LIBRARY = sys.argv[1:3]
LAUNCHES, ROUNDS = 3, 3
TINY = ("--launches", LAUNCHES, "--rounds", ROUNDS, "--turn-us", 50,
        "--no-micro", "--no-exec")
VARIANTS = ("none", "global", "atomic", "tls", "slot", "again", "plain",
            "null")
PROOFS = {"system": "glibc ", "jemalloc": "jemalloc 5",
          "mimalloc": "mimalloc ", "tcmalloc": "gperftools "}
HEADERS = {
    "plan.csv": "order,cell,headline,launch,seed,link_order,env_bytes,rounds,"
                "turn_us",
    "trials.csv": TRIALS,
    "memory.csv": "variant,allocator,size,live_blocks,requested_bytes,"
                  "header_tail_bytes,rounding_bytes,rest_bytes,total_bytes",
    "serial.csv": "variant,threads,numbers,duplicates,lost,gaps,inversions,"
                  "repeats,bump_p50_cycles,bump_p99_cycles,bump_max_cycles",
    "latency.csv": "cell,variant,loop,operation,percentile,n_launches,"
                   "samples,clock_ns,period_ns,ns,ci_low,ci_high,ci_level,"
                   "ratio,ratio_low,ratio_high",
    "latency_launches.csv": "cell,variant,loop,operation,launch,samples,"
                            "one_in,clock_ns,period_ns,p50_ns,p90_ns,p99_ns,"
                            "p999_ns,p9999_ns,max_ns",
    "scaling.csv": "cells,variant,thread_counts,n_launches,gamma_mops,"
                   "gamma_low,gamma_high,alpha,alpha_low,alpha_high,beta,"
                   "beta_low,beta_high,peak_threads,rms_error,status",
    "summary.csv": "scope,name,threads,placement,metric,baseline,variant,"
                   "n_cells,n_launches,least_launches,ratio,ci_low,ci_high,"
                   "ci_level,resamples,verdict,margin",
    "counters.csv": "cell,variant,ops,cycles,instructions,cache_misses,"
                    "l1d_load_misses,status",
    "metrics.csv": "metric,cell,variant,value,unit,note",
}
COMPARED = ("family,cell,metric,baseline,variant,n_launches,ratio,ci_low,"
            "ci_high,ci_level,p_raw,p_adj,adj_method,verdict,margin")


def check_files(path):
    for name in FILES:
        check(os.path.exists(os.path.join(path, name)), path, "has no", name)
    for name, header in HEADERS.items():
        same(name, text(path, name).splitlines()[0], header)
    header = text(path, "comparisons.csv").splitlines()[0]
    check(header.startswith(COMPARED), "comparisons.csv:", header)
    check("</html>" in text(path, "report.html"), "report.html is cut")
    xml.etree.ElementTree.parse(os.path.join(path, "topology.xml"))


def check_trials(path):
    plan = rows(path, "plan.csv")
    trials = rows(path, "trials.csv")
    same("trials", len(trials), len(plan) * ROUNDS * len(VARIANTS))
    same("run_id", {row["run_id"] for row in trials},
         {os.path.basename(path)})
    launches = by_launch(trials)
    same("launches", sorted(launches),
         sorted((row["cell"], row["launch"]) for row in plan))
    same("order of launches", list(launches),
         [(row["cell"], row["launch"]) for row in plan])
    for row in plan:
        launch = launches.get((row["cell"], row["launch"]), [])
        check_whole(launch, len(VARIANTS), ROUNDS)
        for column in ("seed", "link_order", "env_bytes"):
            same(f"{row['cell']}, launch {row['launch']}: {column}",
                 {turn[column] for turn in launch}, {row[column]})
    for row in trials:
        check(row["allocator_version"].startswith(PROOFS[row["allocator"]]),
              row["allocator"], "is", row["allocator_version"])
        check("(mallctl)" in row["allocator_version"]
              or row["allocator"] != "jemalloc", row["allocator_version"])
        for column in ("ops", "wall_ns", "ns_per_op", "t_start_unix_ns"):
            check(float(row[column]) > 0, column, row)
        same("pinned PUs", len(row["pus"].split("+")), int(row["threads"]))
        check(row["excluded"] == ("1" if row["exclude_reason"] else "0"), row)
    return trials


def check_memory(path, allocators):
    found = rows(path, "memory.csv")
    same("memory.csv: variants and allocators",
         {(row["variant"], row["allocator"]) for row in found},
         {(variant, allocator) for variant in VARIANTS if variant != "null"
          for allocator in allocators})
    added = {"none": 24, "again": 24, "plain": 0}
    for row in found:
        blocks, size = int(row["live_blocks"]), int(row["size"])
        parts = [float(row[part + "_bytes"]) for part in
                 ("requested", "header_tail", "rounding", "rest")]
        same(f"memory: sum of {row}", sum(parts), float(row["total_bytes"]))
        same(f"memory: requested of {row}", parts[0], blocks * size)
        same(f"memory: header and tail of {row}", parts[1],
             blocks * added.get(row["variant"], 32))
        check(parts[2] >= 0, "memory: rounding", row)


def check_serial(path):
    found = rows(path, "serial.csv")
    counts = {row["threads"] for row in found}
    same("serial.csv: variants", [row["variant"] for row in found],
         [variant for variant in ("global", "atomic", "tls")
          for _ in counts])
    for row in found:
        where = f"serials of {row['variant']}, {row['threads']} threads"
        if row["variant"] in ("atomic", "tls"):
            for column in ("duplicates", "lost", "gaps"):
                same(f"{where}: {column}", row[column], "0")
        if row["variant"] == "tls" or row["threads"] == "1":
            same(f"{where}: repeats", row["repeats"], "yes")
        if row["threads"] == "1":
            same(f"{where}: inversions", row["inversions"], "0")
        check(int(row["numbers"]) > 0, where, row)
        check(0 <= int(row["bump_p50_cycles"]) <= int(row["bump_p99_cycles"])
              <= int(row["bump_max_cycles"]), where, row)


def check_latency(path, trials):
    """Every variant of the pair cells, call by call and operation."""
    pair = sorted({row["cell"] for row in trials
                   if row["cell"].startswith("pair,size=64/")})
    found = rows(path, "latency_launches.csv")
    same("latency", sorted((row["cell"], row["variant"], row["launch"],
                            row["loop"], row["operation"]) for row in found),
         sorted((cell, variant, str(launch), *timed) for cell in pair
                for variant in VARIANTS for launch in range(LAUNCHES)
                for timed in (("closed", "alloc"), ("closed", "free"),
                              ("open", "operation"))))
    for row in found:
        where = f"latency of {row['cell']}, {row['variant']}, {row['loop']}"
        times = [float(row[name]) for name in (
            "p50_ns", "p90_ns", "p99_ns", "p999_ns", "p9999_ns", "max_ns")]
        same(f"{where}: order of percentiles", times, sorted(times))
        check(times[0] > 0 and float(row["clock_ns"]) > 0, where, row)
        is_open = row["loop"] == "open"
        same(f"{where}: has a period", row["period_ns"] != "", is_open)
        check(int(row["samples"]) >= 10000, where, row)
    for row in rows(path, "latency.csv"):
        same("launches of latency", row["n_launches"], str(LAUNCHES))
        check(row["ci_low"] == row["ci_high"] == "", "an interval of 3", row)
        check(row["variant"] != "none" or float(row["ratio"]) == 1, row)


def check_scaling(path, trials):
    """Two thread counts are too few for the law, and no field is 0."""
    counts = {}
    for row in trials:
        if row["excluded"] == "0":
            cells = row["cell"].replace(f"/t{row['threads']}", "/t*")
            counts.setdefault((cells, row["variant"]), set()).add(
                row["threads"])
    found = {(row["cells"], row["variant"]): row
             for row in rows(path, "scaling.csv")}
    same("scaling.csv", sorted(found), sorted(counts))
    for key, row in found.items():
        n = len(counts[key])
        same(f"thread counts of {key}", row["thread_counts"], str(n))
        same(f"scaling of {key}", row["status"], "not estimable: "
             f"{n} thread count{'s' if n != 1 else ''}, six needed")
        for name in ("gamma_mops", "alpha", "beta", "alpha_low", "beta_high",
                     "peak_threads", "rms_error"):
            same(f"{name} of {key}", row[name], "")


def check_counters(path, trials):
    """What the hardware counted, or why nothing: empty is never 0."""
    found = rows(path, "counters.csv")
    same("counters.csv", sorted((row["cell"], row["variant"])
                                for row in found),
         sorted({(row["cell"], row["variant"]) for row in trials}))
    meta = json.loads(text(path, "meta.json"))
    for row in found:
        if row["status"] == "counted":
            check(int(row["cycles"]) > 0 and int(row["ops"]) > 0, row)
            continue
        same("counts", [row[name] for name in
                        ("cycles", "instructions", "cache_misses",
                         "l1d_load_misses")], [""] * 4)
        if meta["hardware_counters"] is None:
            same("why", row["status"], meta["hardware_counters_why"])
            check("perf_event_paranoid" in row["status"], row)


def check_meta(path, cells):
    meta = json.loads(text(path, "meta.json"))
    plan = meta["plan"]
    same("meta: run_id", meta["run_id"], os.path.basename(path))
    same("meta: launches", plan["launches_done"], cells * LAUNCHES)
    same("meta: failed", plan["launches_failed"], 0)
    same("meta: rounds", plan["rounds_done"], cells * LAUNCHES * ROUNDS)
    same("meta: stopped_early", plan["stopped_early"], False)
    check(meta["end_unix_ns"] > meta["start_unix_ns"], "meta: times", meta)
    for name, value in list(meta.items()) + list(meta["host"].items()):
        check(value is not None or name + "_why" in meta
              or name + "_why" in meta["host"], "meta:", name, "has no why")
    return meta


def check_comparisons(path, cells):
    found = rows(path, "comparisons.csv")
    over_none = [row for row in found if row["baseline"] == "none"]
    same("comparisons over none", len(over_none),
         cells * (len(VARIANTS) - 1))
    same("the first comparison is A'", found[0]["variant"], "again")
    for row in found:
        same(f"launches of {row}", row["n_launches"], str(LAUNCHES))


def check_summary(path, printed):
    """Each suite row is the geometric mean of the headline cells' ratios, and
    the run prints it; three launches give no interval."""
    ratios = {}
    for row in rows(path, "comparisons.csv"):
        if (row["family"], row["baseline"]) == ("headline", "none"):
            threads = row["cell"].rsplit("/t", 1)[1]
            ratios.setdefault((threads, row["variant"]), []).append(
                float(row["ratio"]))
    found = {(row["threads"], row["variant"]): row for row in
             rows(path, "summary.csv") if row["scope"] == "suite"}
    same("rows of the suite", sorted(found), sorted(ratios))
    for key, row in found.items():
        mean = statistics.geometric_mean(ratios[key])
        check(abs(float(row["ratio"]) / mean - 1) < 1e-9, row, mean)
        same(f"cells of {row}", row["n_cells"], str(len(ratios[key])))
        same(f"launches of {row}", row["n_launches"],
             str(len(ratios[key]) * LAUNCHES))
        same(f"verdict of {row}", (row["ci_low"], row["verdict"]),
             ("", "inconclusive"))
        check(f"{float(row['ratio']):.3f} [no interval] ?" in printed, row)
    return found


def check_fairness(path, trials):
    """Every variant of every cell of several threads that a round is left of."""
    want = {(row["cell"], row["variant"]) for row in trials
            if int(row["threads"]) > 1 and row["excluded"] == "0"}
    found = [row for row in rows(path, "metrics.csv")
             if row["metric"] == "unevenness"]
    same("unevenness of", sorted((row["cell"], row["variant"])
                                 for row in found), sorted(want))
    for row in found:
        check(float(row["value"]) >= 1, "unevenness", row)


def quick(folder_path):
    out = os.path.join(folder_path, "quick")
    done = run(PROGRAM, "run", "--quick", *TINY, "--out", out)
    same("exit code", done.returncode, 0)
    if not check(os.path.isdir(out), done.stderr):
        return
    check_files(out)
    trials = check_trials(out)
    cells = len({row["cell"] for row in trials})
    check_memory(out, {row["allocator"] for row in trials})
    check_serial(out)
    check_fairness(out, trials)
    check_latency(out, trials)
    check_scaling(out, trials)
    check_counters(out, trials)
    check_meta(out, cells)
    check_comparisons(out, cells)
    suite = check_summary(out, done.stdout)
    check("[no interval] ?" in text(out, "headline.txt"), "headline.txt")
    for variant in VARIANTS:
        check(variant in done.stdout, "no", variant, "in", done.stdout)
    check(os.path.join(out, "report.html") in done.stdout, done.stdout)
    check(not os.path.exists(os.path.join(folder_path, "results")), "results")
    again = run(PROGRAM, "compare", out, "--format", "csv")
    same("compare: exit code", again.returncode, 0)
    check(again.stdout.startswith(COMPARED), again.stdout[:200])
    check("suite" not in again.stdout, "a summary in CSV")
    again = run(PROGRAM, "compare", out, "--baseline", "slot", "--margin", "3")
    same("compare with slot: suite", len([
        line for line in again.stdout.splitlines()
        if line.startswith("suite ")]), len(suite))
    again = run(PROGRAM, "compare", out, "--format", "json")
    same("compare in JSON: ratios of the suite",
         [row["ratio"] for row in json.loads(again.stdout)["summary"]
          if row["scope"] == "suite"],
         [float(row["ratio"]) for row in suite.values()])
    again = run(PROGRAM, "compare", out, out)
    same("compare with itself: exit code", again.returncode, 0)
    again = run(PROGRAM, "report", out)
    same("report: exit code", again.returncode, 0)


def same_seed(folder_path):
    """The same seed plans the same run; --out/ and --runs name it alike."""
    command = ("run", "--workload", "counter,work=50,pair,size=72",
               "--variant", "none,tls", "--allocator", "system", "--threads",
               "1", "--launches", "2", "--rounds", "2", "--turn-us", "50",
               "--seed", "11")
    one = os.path.join(folder_path, "one")
    done = run(PROGRAM, *command, "--out", one + "//")
    same("--out with slashes: exit code", done.returncode, 0)
    runs = os.path.join(folder_path, "some", "runs")
    done = run(PROGRAM, *command, "--runs", runs)
    same("--runs: exit code", done.returncode, 0)
    names = sorted(os.listdir(runs))
    same("runs", len(names), 2)
    latest = os.readlink(os.path.join(runs, "latest"))
    check(latest in names and latest != "latest", latest, names)
    same("plan of the same seed", text(runs, latest, "plan.csv"),
         text(one, "plan.csv"))
    same("run_id of --out", {row["run_id"] for row in
                             rows(one, "trials.csv")}, {"one"})
    same("run_id of --runs", {row["run_id"] for row in
                              rows(runs, "latest", "trials.csv")}, {latest})
    columns = ("cell", "launch", "variant", "position", "seed")
    same("order of turns of the same seed",
         *([[row[name] for name in columns] for row in rows(path)]
           for path in (os.path.join(one, "trials.csv"),
                        os.path.join(runs, "latest", "trials.csv"))))


def own_library(folder_path):
    """An allocator of the user's own, oversubscribed, not pinned."""
    out = os.path.join(folder_path, "own")
    threads = len(os.sched_getaffinity(0)) + 1
    done = run(PROGRAM, "run", "--quick", "--workload", "pair", "--variant",
               "none,plain", "--allocator", LIBRARY, "--threads", threads,
               "--placement", "oversubscribed", "--no-pin", "--launches", 2,
               "--rounds", 2, "--turn-us", 50, "--out", out)
    same("own library: exit code", done.returncode, 0)
    if done.returncode != 0:
        print(done.stderr)
    name = os.path.basename(LIBRARY)
    same("cells", {row["cell"] for row in rows(out, "trials.csv")},
         {f"pair,size=64/{name}/t{threads}/oversubscribed"})
    for row in rows(out, "trials.csv"):
        same("PUs where nothing is pinned", row["pus"], "")
        same("version", row["allocator_version"], name)


def no_gnuplot(folder_path):
    out = os.path.join(folder_path, "bare")
    done = run(PROGRAM, "run", "--quick", "--workload", "pair", "--variant",
               "none,again", "--allocator", "system", "--threads", 1,
               "--launches", 2, "--rounds", 2, "--turn-us", 50, "--out", out,
               env=dict(os.environ, PATH="/nowhere"))
    same("no gnuplot: exit code", done.returncode, 0)
    check("gnuplot" in done.stderr, "no word of gnuplot:", done.stderr)
    check("</html>" in text(out, "report.html"), "no gnuplot: report")


def dry_run(folder_path):
    done = run(PROGRAM, "run", "--quick", "--dry-run", "--out",
               os.path.join(folder_path, "dry"))
    same("--dry-run: exit code", done.returncode, 0)
    check("pair,size=64/system/t1" in done.stdout, done.stdout)
    check(not os.path.exists(os.path.join(folder_path, "dry")), "--dry-run")


def main():
    with folder() as path:
        for step in (quick, same_seed, own_library, no_gnuplot, dry_run):
            step(path)
    finish()


main()
