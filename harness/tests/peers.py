# SPDX-License-Identifier: MIT
"""Peers as lanes: on their own library with their own variables, named and
proven in every file, beside the variants in every comparison; also when the
run is taken up again, and joined."""
import importlib.util
import json
import os
import pathlib
import shutil
import subprocess
import sys

from run_dir import check, finish, folder, rows, run, same, text

PROGRAM, TAKES_BOTH, TAKES_MORE, CALLER, KEEPER = map(os.path.abspath,
                                                      sys.argv[1:6])
TINY = ("--quick", "--workload", "pair,size=64", "--variant", "none,plain,tls",
        "--allocator", "system", "--threads", "1", "--launches", "6",
        "--rounds", "2", "--turn-us", "50", "--seed", "7")
MORE = "TAKES_MORE=4000"
PEERS = ("--peer", f"mine={TAKES_BOTH}",
         "--peer", f"big={TAKES_MORE}:{MORE}:OTHER_ONE=a:b")
LANES = ["none", "plain", "tls", "mine", "big"]


def check_trials(path):
    trials = rows(path, "trials.csv")
    same("lanes", sorted({row["variant"] for row in trials}), sorted(LANES))
    for row in trials:
        peer = row["variant"] in ("mine", "big")
        same(f"{row['variant']}: role, status",
             (row["role"] == "peer", row["status"]), (peer, "ok"))
        version = {"mine": os.path.basename(TAKES_BOTH),
                   "big": os.path.basename(TAKES_MORE)}
        if peer:
            same("version", row["allocator_version"], version[row["variant"]])
        else:
            check("glibc" in row["allocator_version"], row)
    same("rows", len(trials), 6 * 2 * len(LANES))


def check_record(path):
    peers = json.loads(text(path, "meta.json"))["peers"]
    same("record: names", [peer["name"] for peer in peers], ["mine", "big"])
    same("record: environment", [peer["environment"] for peer in peers],
         [[], [MORE, "OTHER_ONE=a:b"]])
    for peer, library in zip(peers, (TAKES_BOTH, TAKES_MORE)):
        same("record: proof", peer["malloc_is_in"], os.path.realpath(library))


def check_bytes(path):
    """The peer's variable arrived, and at no other lane."""
    found = {row["variant"]: row for row in rows(path, "memory.csv")
             if row["size"] == "64"}
    same("bytes: rows", sorted(found), sorted(LANES))
    slots = {name: int(row["requested_bytes"]) + int(row["rounding_bytes"]) +
             int(row["header_tail_bytes"]) for name, row in found.items()}
    blocks = int(found["big"]["live_blocks"])
    same("bytes: mine is plain", slots["mine"], slots["plain"])
    same("bytes: big", slots["big"] - slots["plain"], 4000 * blocks)


def check_answer(path, printed):
    compared = rows(path, "comparisons.csv")
    for baseline, family in (("none", "headline"), ("plain", "over plain")):
        same(f"over {baseline}",
             sorted(row["variant"] for row in compared
                    if row["family"] == family),
             sorted(name for name in LANES if name != baseline))
    for name in ("mine", "big"):
        lines = [line for line in printed.splitlines()
                 if line.startswith(name + " ")]
        same(f"{name}: lines of the table and of the suite", len(lines), 2)
        check(lines and lines[0].endswith("  peer"), lines)
    page = text(path, "report.html")
    check("mine" in page and "big" in page, "the report has no peers")


def whole_run(path):
    out = os.path.join(path, "whole")
    done = run(PROGRAM, "run", *TINY, *PEERS, "--out", out)
    if not same("run: exit code", (done.returncode, done.stderr[-300:]
                                   if done.returncode else ""), (0, "")):
        return None
    check_trials(out)
    check_record(out)
    check_bytes(out)
    check_answer(out, done.stdout)
    return out


def resumed(path, whole):
    """The last launch is lost; it is made again with the same peers."""
    cut = os.path.join(path, "cut")
    shutil.copytree(whole, cut)
    lines = text(cut, "trials.csv").splitlines(keepends=True)
    with open(os.path.join(cut, "trials.csv"), "w", encoding="utf-8",
              newline="") as file:
        file.writelines(lines[:-3])
    done = run(PROGRAM, "run", "--resume", cut)
    same("resume: exit code", (done.returncode, done.stderr[-300:]
                               if done.returncode else ""), (0, ""))
    check_trials(cut)
    check_record(cut)


def changed(path):
    """A peer that is another one now is refused."""
    library = os.path.join(path, "libpeer.so")
    out = os.path.join(path, "changed")
    shutil.copy(TAKES_BOTH, library)
    done = run(PROGRAM, "run", *TINY, "--peer", f"own={library}",
               "--out", out)
    same("changed: exit code", done.returncode, 0)
    os.remove(library)
    done = run(PROGRAM, "run", "--resume", out)
    same("changed: exit code, lines",
         (done.returncode, len(done.stderr.splitlines())), (2, 1))
    check("'own'" in done.stderr and library in done.stderr, done.stderr)


def sharded(path):
    parts = [os.path.join(path, f"part{i}") for i in (1, 2)]
    joined = os.path.join(path, "joined")
    for number, part in enumerate(parts, 1):
        pilot = () if number == 1 else (
            "--pilot", os.path.join(parts[0], "pilot.csv"))
        done = run(PROGRAM, "run", *TINY, *PEERS, *pilot, "--shard",
                   f"{number}/2", "--out", part)
        same(f"part {number}: exit code", done.returncode, 0)
    done = run(PROGRAM, "merge", *parts, "-o", joined)
    same("merge", (done.returncode, done.stderr[-300:]
                   if done.returncode else ""), (0, ""))
    check_trials(joined)
    check_record(joined)


def refusals():
    same("twice", (lambda done: (done.returncode,
                                 "allowed is one of a name" in done.stderr))(
        run(PROGRAM, "run", *TINY, *PEERS, "--peer", f"big={TAKES_BOTH}")),
         (2, True))


def known(path):
    """Those that are installed run, and each is what it says."""
    done = run(PROGRAM, "list", "peers", "--format", "json")
    names = {item["name"]: item["description"]
             for item in json.loads(done.stdout)}
    same("known", list(names), ["cpython", "tcmalloc_debug", "glibc_debug"])
    here = [name for name, what in names.items()
            if "not installed here" not in what]
    print("known peers here:", ", ".join(here), flush=True)
    out = os.path.join(path, "known")
    arguments = [word for name in here for word in ("--peer", name)]
    done = run(PROGRAM, "run", *TINY[:1], "--workload",
               "pair,size=64,aligned,size=64,realloc-growth", *TINY[3:],
               *arguments, "--out", out)
    same("known: exit code", (done.returncode, done.stderr[-300:]
                              if done.returncode else ""), (0, ""))
    found = {row["variant"]: row for row in rows(out, "memory.csv")
             if row["size"] == "64"}
    for name in here:
        more = (int(found[name]["total_bytes"]) -
                int(found["plain"]["total_bytes"])) / 20000
        check(-1 < more < 200, name, "adds", more, "bytes a block")
        if name == "cpython":
            # 24 of the hooks, in the C library's steps of 16.
            check(15 <= more <= 33, name, "adds", more, "bytes a block")


def kept(path):
    """The table of docs/peers.md comes from a kept run, and is held to it."""
    # It stands among what it imports.
    sys.path.insert(0, str(pathlib.Path(KEEPER).parent))
    spec = importlib.util.spec_from_file_location("keep_peers", KEEPER)
    keeper = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(keeper)
    target = pathlib.Path(path, "2026-peers")
    page = pathlib.Path(path, "page.md")
    page.write_text("A\n<!-- BEGIN: peers -->\n<!-- END: peers -->\nB\n",
                    encoding="utf-8")
    keeper.keep(pathlib.Path(path, "known"), target, page, PROGRAM)
    page_text = page.read_text(encoding="utf-8")
    check(page_text.startswith("A\n<!-- B") and page_text.endswith("-->\nB\n"),
          page_text)
    record = json.loads(text(target, "meta.json"))
    for name in ["none", "tls"] + [peer["name"] for peer in record["peers"]]:
        check(f"\n| `{name}`" in page_text, name, "is not in", page_text)
    check(os.path.dirname(PROGRAM) not in json.dumps(record), record["peers"])
    same("the page as it was put", keeper.check(target, page, PROGRAM), 0)
    page.write_text(page_text.replace(" | +", " | +1", 1), encoding="utf-8")
    same("a page with another figure", keeper.check(target, page, PROGRAM), 1)


def damage(program):
    """The family of malloc through CPython's hooks, and a byte written past a
    block's end, which they report."""
    library = os.path.join(os.path.dirname(program),
                           "libserialbench-cpython.so")
    if not os.path.exists(library):
        print("the peer cpython was not built")
        return
    done = subprocess.run([CALLER], env=dict(os.environ, LD_PRELOAD=library),
                          text=True, capture_output=True, check=False)
    check(done.returncode < 0, "the damage went unseen:", done.returncode)
    same("before the damage", done.stdout, "well\n")
    check("33 bytes originally requested" in done.stderr, done.stderr)


def main():
    with folder() as path:
        whole = whole_run(path)
        if whole:
            resumed(path, whole)
        changed(path)
        sharded(path)
        refusals()
        known(path)
        kept(path)
        damage(PROGRAM)
    finish()


main()
