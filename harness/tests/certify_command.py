# SPDX-License-Identifier: MIT
"""A tiny certificate from end to end: its counts against its rows, what is
exact, and the line in a later run."""
import json
import os
import sys

from run_dir import check, finish, folder, rows, run, same, text

PROGRAM = os.path.abspath(sys.argv[1])
PUS = len(os.sched_getaffinity(0))
EXPERIMENTS, LAUNCHES = 2, 6
TINY_RUN = ("run", "--quick", "--workload", "pair", "--variant", "none,again",
            "--allocator", "system", "--threads", 1, "--launches", 6,
            "--rounds", 2, "--turn-us", 50, "--no-micro", "--no-exec")
NONE = "no certificate for this machine: run `serialbench certify`"


def certify(path):
    home = os.path.join(path, "certificates")
    out = os.path.join(path, "one")
    done = run(PROGRAM, "certify", "--thorough", "--experiments", EXPERIMENTS,
               "--launches", LAUNCHES, "--out", out, "--certificates", home,
               timeout=170)
    if done.returncode not in (0, 1) or not os.path.isdir(out):
        sys.exit(f"code {done.returncode}\n{done.stderr}")
    same("files", sorted(os.listdir(out)),
         ["certificate.json", "experiments.csv"])
    certificate = json.loads(text(out, "certificate.json"))
    same("code", done.returncode, 0 if certificate["holds"] else 1)
    same("what does not hold is named",
         "does not hold:" in done.stderr, not certificate["holds"])
    same("size", certificate["preset"], "thorough")
    name = certificate["machine_id"] + ".json"
    same("kept", sorted(os.listdir(home)),
         [certificate["machine_id"] + ".csv", name])
    same("experiments kept", text(home, certificate["machine_id"] + ".csv"),
         text(out, "experiments.csv"))
    same("kept as written", text(home, name), text(out, "certificate.json"))
    check(certificate["line"] in done.stdout, done.stdout)
    check(os.uname().nodename not in text(home, name),
          "the machine is named", text(home, name))
    return certificate, rows(out, "experiments.csv")


def differs(row):
    return float(row["ci_low"]) > 1 or float(row["ci_high"]) < 1


def check_counts(certificate, experiments):
    threads = list(range(1, min(PUS, 2) + 1))
    counts = certificate["false_positives"]
    same("thread counts", [count["threads"] for count in counts], threads)
    busy = certificate["false_positives_busy"]
    same("busy: thread counts", [count["threads"] for count in busy], threads)
    same("busy processes", {count["busy_processes"] for count in busy}, {2})
    for count in counts + busy + [certificate["sequential"]]:
        kind = "aa" if count in counts + busy else "sequential"
        mine = [row for row in experiments if row["kind"] == kind and
                int(row["threads"]) == count["threads"] and
                int(row["busy"]) == count["busy_processes"]]
        same(f"{kind}: rows", len(mine), EXPERIMENTS)
        same(f"{kind}: called different", count["called_different"],
             sum(map(differs, mine)))
        same(f"{kind}: the same program", {row["lane"] for row in mine},
             {"none=2"})
        for row in mine:
            same("differs", row["differs"], str(int(differs(row))))
            same("launches", int(row["launches"]), LAUNCHES)
        # Six launches: 2 × 2^-6.
        same("nominal", count["nominal"], 0.03125)
        same("band", (count["band_low"], count["band_high"]), (0, 1))
    for curve in certificate["slowdowns"]:
        check(curve["step_ns"] > 0 and curve["operation_ns"] > 0, curve)
        for size in curve["sizes"]:
            mine = [row for row in experiments if row["kind"] == "planted" and
                    int(row["threads"]) == curve["threads"] and
                    float(row["planted"]) == size["planted"]]
            same("planted rows", len(mine), EXPERIMENTS)
            same("found", size["found"],
                 sum(float(row["ci_low"]) > 1 for row in mine))
            same("lanes", {row["lane"] for row in mine},
                 {f"slowed={size['steps']}"})
    same("curves", [curve["threads"] for curve in certificate["slowdowns"]],
         threads)


def check_layout(certificate, experiments):
    """By link order, from launches of its own; no effect below it counts."""
    made = [row for row in experiments if row["kind"] == "layout"]
    orders = [row for row in experiments if row["kind"] == "layout_all"]
    same("layout: lanes", {row["lane"] for row in made + orders}, {"again"})
    reach = 0
    for layout in certificate["layout"]:
        mine = [row for row in made if int(row["threads"]) ==
                layout["threads"]]
        # Each link order needs six launches.
        same("layout: rows", len(mine), 4)
        same("layout: experiments", layout["experiments"], 4)
        same("layout: called different", layout["called_different"],
             sum(map(differs, mine)))
        by_order = {row["link_order"]: row for row in orders
                    if int(row["threads"]) == layout["threads"]}
        same("link orders", sorted(by_order), ["", "0", "1", "2"])
        same("launches of all", int(by_order[""]["launches"]), 4 * LAUNCHES)
        for order, estimate in enumerate(layout["link_orders"]):
            row = by_order[str(order)]
            check(estimate["launches"] >= 6, estimate)
            for name in ("ratio", "ci_low", "ci_high", "ci_level",
                         "launches"):
                same(f"link order {order}: {name}", float(row[name]),
                     estimate[name])
            reach = max(reach, estimate["ci_high"] - 1,
                        1 / estimate["ci_low"] - 1)
    same("layout: threads", [each["threads"] for each in
                             certificate["layout"]],
         list(range(1, min(PUS, 2) + 1)))
    check(abs(certificate["layout_reach"] - reach) < 1e-12, reach,
          certificate["layout_reach"])
    found = certificate["smallest_found"]
    same("smallest effect", certificate["smallest_effect"],
         max(0.1 if found is None else found, certificate["layout_reach"]))


def check_faults(certificate):
    same("sizes", len(certificate["bytes"]), 4)
    for weighed in certificate["bytes"]:
        same(f"size {weighed['size']}: planted bytes",
             weighed["slot_bytes_planted"] - weighed["slot_bytes"],
             16 * weighed["blocks"])
        same("exact", weighed["exact"], True)
    stall = certificate["stall"]
    # What waits for 50 µs by the same clock, less a bucket of 1 in 32.
    check(stall["p9999_ns_planted"] > 47000, stall)
    check(stall["p50_ns_planted"] < 47000, stall)
    check(stall["clock_ns"] > 0, stall)
    same("slow thread", certificate["slow_thread"] is not None, PUS > 1)


def later_run(path, line, workers=None):
    runs = os.path.join(path, "runs")
    setting = {"SERIALBENCH_WORKERS": workers} if workers else {}
    done = run(PROGRAM, *TINY_RUN, "--runs", runs,
               env={**os.environ, **setting})
    same("run: code", done.returncode, 0)
    same("run: lines with it",
         sum(line in each for each in done.stderr.splitlines()), 1)
    latest = os.path.join(runs, os.readlink(os.path.join(runs, "latest")))
    return json.loads(text(latest, "meta.json")), latest


def copy_workers(path, change):
    """A folder with the workers, each passed through change(bytes)."""
    os.mkdir(path)
    for order in range(3):
        name = f"serialbench-worker-{order}"
        with open(os.path.join(os.path.dirname(PROGRAM), name), "rb") as file:
            old = file.read()
        new = change(old)
        check(new != old, name, "was not changed")
        with open(os.path.join(path, name), "wb") as file:
            file.write(new)
        os.chmod(os.path.join(path, name), 0o755)
    return path


def without_sections(program):
    """The place of the section table, gone from the ELF header."""
    return program[:40] + bytes(8) + program[48:]


def check_workers(path, certificate):
    """It is of the workers' code, whatever commit they are of."""
    line = certificate["line"]
    build = certificate["build_id"].encode()
    other = b"f" * (len(build) - 1) + b"!"
    meta, _ = later_run(path, line, copy_workers(
        os.path.join(path, "commit"),
        lambda program: program.replace(build + bytes(2), other + bytes(2))))
    same("another commit", meta["certificate"], certificate)
    same("its build id", meta["build_id"], other.decode())
    meta, _ = later_run(path, line, copy_workers(
        os.path.join(path, "symbols"), lambda program: program + b"symbols"))
    same("what is not loaded", meta["certificate"], certificate)
    for name, change in (
            ("code", lambda program: program.replace(
                b"at most 159 characters", b"at most 158 characters")),
            ("sections", without_sections)):
        meta, _ = later_run(path, "is of workers " + certificate["workers"],
                            copy_workers(os.path.join(path, name), change))
        same(f"other {name}", meta["certificate"], None)


def main():
    with folder() as path:
        meta, latest = later_run(path, NONE)
        same("meta.json without", meta["certificate"], None)
        check("run `serialbench certify`" in text(latest, "report.html"),
              "the report without one does not say so")
        certificate, experiments = certify(path)
        check_counts(certificate, experiments)
        check_layout(certificate, experiments)
        check_faults(certificate)
        # As if it had seen 5 %: no verdict is finer.
        kept = os.path.join(path, "certificates",
                            certificate["machine_id"] + ".json")
        certificate["smallest_effect"] = 0.05
        with open(kept, "w", encoding="utf-8") as file:
            json.dump(certificate, file)
        meta, latest = later_run(path, certificate["line"])
        same("meta.json", meta["certificate"], certificate)
        check(certificate["line"].split(";")[0]
              in text(latest, "report.html"), "the report has no line")
        same("experiments in the run", rows(latest, "certificate.csv"),
             experiments)
        same("margins", {row["margin"] for row in
                         rows(latest, "comparisons.csv")}, {"0.05"})
        done = run(PROGRAM, "compare", latest, "--format", "csv")
        check("5 %" in done.stderr and ",0.05" in done.stdout, done.stderr,
              done.stdout)
        check_workers(path, certificate)
        with open(kept, "w", encoding="utf-8") as file:
            file.write("{")
        meta, _ = later_run(path, kept + ":1:")
        same("meta.json of a damaged one", meta["certificate"], None)
        with open(kept, "w", encoding="utf-8") as file:
            json.dump(certificate, file)
        os.unlink(kept.removesuffix("json") + "csv")
        later_run(path, certificate["line"])
    finish()


main()
