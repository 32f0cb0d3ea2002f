# SPDX-License-Identifier: MIT
"""Runs that are hit from outside: workers and runner killed, stopped, Ctrl-C.

A hit is made while the runner stands still, so that it is known what it hits.
"""
import contextlib
import json
import os
import signal
import subprocess
import sys
import time

from run_dir import by_launch, check, check_partial, check_whole, children
from run_dir import faults, finish, folder, rows, run, same, stands_still
from run_dir import state_of, text, wait_for

PROGRAM = sys.argv[1]
VARIANTS = ("none", "again", "tls")
# As many launches as every lane rides in.
LAUNCHES, ROUNDS = 18, 40
CELL = "pair,size=64/system/t1"
COMMAND = ("run", "--quick", "--workload", "pair", "--variant",
           ",".join(VARIANTS), "--allocator", "system", "--threads", "1",
           "--launches", str(LAUNCHES), "--rounds", str(ROUNDS),
           "--turn-us", "300", "--deadline", "1")


class Run:
    """A run in the background, in a session of its own as a shell's job is
    in a group of its own."""

    def __init__(self, folder_path, name):
        self.name = name
        self.path = os.path.join(folder_path, name)
        self.errors = open(self.path + ".stderr", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [PROGRAM, *COMMAND, "--out", self.path], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=self.errors,
            start_new_session=True)
        self.pid = self.process.pid

    def written(self):
        """Rows of trials.csv so far."""
        with contextlib.suppress(OSError):
            return text(self.path, "trials.csv").count("\n") - 1
        return 0

    def wait_launches(self, count):
        lanes = len(VARIANTS) * ROUNDS
        wait_for(f"{self.name}: {count} launches",
                 lambda: self.written() >= count * lanes)

    def stand_still(self):
        """Stops the runner between two orders; its workers, which wait for
        the next one."""
        for _ in range(200):
            os.kill(self.pid, signal.SIGSTOP)
            wait_for("the runner to stop",
                     lambda: state_of(self.pid) in ("T", ""))
            time.sleep(0.05)
            workers = children(self.pid)
            if len(workers) == len(VARIANTS) and all(
                    state_of(pid) == "S" for pid in workers):
                return workers
            os.kill(self.pid, signal.SIGCONT)
            time.sleep(0.001)
        sys.exit(f"failed: {self.name}: never found all workers waiting")

    def go_on(self):
        os.kill(self.pid, signal.SIGCONT)

    def end(self):
        """Exit code and stderr."""
        code = self.process.wait(timeout=120)
        self.errors.seek(0)
        return code, self.errors.read()


def check_one_lost(one, status, said):
    """One launch ended with that status, all others are whole."""
    code, errors = one.end()
    same(f"{one.name}: exit code", code, 1)
    trials = rows(one.path, "trials.csv")
    bad = faults(trials)
    same(f"{one.name}: rows that are not ok", [row["status"] for row in bad],
         [status])
    if not bad:
        return
    line = (f"{CELL}, launch {bad[0]['launch']}, {bad[0]['variant']}: "
            f"{status}: {said}")
    check(line in errors, f"{one.name}: stderr does not say {line}:", errors)
    launches = by_launch(trials)
    same(f"{one.name}: launches", len(launches), LAUNCHES)
    for launch in launches.values():
        if launch[0]["launch"] != bad[0]["launch"]:
            check_whole(launch, len(VARIANTS), ROUNDS)
    for row in rows(one.path, "comparisons.csv"):
        same(f"{one.name}: launches compared", row["n_launches"],
             str(LAUNCHES - 1))
    check(os.path.exists(os.path.join(one.path, "report.html")), one.name)


def worker_killed(path):
    one = Run(path, "worker-killed")
    one.wait_launches(3)
    os.kill(one.stand_still()[1], signal.SIGKILL)
    one.go_on()
    check_one_lost(one, "crashed", "worker ended by signal 9 (Killed)")


def worker_stopped(path):
    one = Run(path, "worker-stopped")
    one.wait_launches(3)
    worker = one.stand_still()[2]
    os.kill(worker, signal.SIGSTOP)
    wait_for("the worker to stop", lambda: stands_still(worker))
    one.go_on()
    check_one_lost(one, "hung", "no answer within 1.0 s")


def stop_in_pilot(path):
    """A run that stands still in its pilot, and a worker. Pilots are short:
    one that was over before is let go."""
    for i in range(50):
        one = Run(path, f"pilot-killed-{i}")
        wait_for("a worker", lambda: children(one.pid))
        worker = one.stand_still()[0]
        if not os.path.exists(os.path.join(one.path, "pilot.csv")):
            return one, worker
        one.go_on()
        same(f"{one.name}: exit code", one.end()[0], 0)
    sys.exit("no run stood still in its pilot")


def worker_killed_in_pilot(path):
    """The pilot is made once more: it costs no launch, but is named."""
    one, worker = stop_in_pilot(path)
    same("pilot: rows", one.written(), 0)
    os.kill(worker, signal.SIGKILL)
    one.go_on()
    code, errors = one.end()
    same("pilot: exit code", code, 1)
    check("crashed: worker ended by signal 9 (Killed)" in errors, errors)
    trials = rows(one.path, "trials.csv")
    same("pilot: rows", len(trials), LAUNCHES * ROUNDS * len(VARIANTS))
    check(not faults(trials), "pilot:", faults(trials))


def check_stopped(one, by=signal.SIGINT):
    code, errors = one.end()
    same(f"{one.name}: exit code", code, 128 + by)
    said = "Ctrl-C" if by == signal.SIGINT else by.name
    check(f"stopped by {said}; " in errors, one.name, errors)
    trials = rows(one.path, "trials.csv")
    check(not faults(trials), one.name, faults(trials), errors)
    launches = by_launch(trials)
    check(len(launches) < LAUNCHES, one.name, "was not stopped")
    for launch in launches.values():
        check_whole(launch, len(VARIANTS), ROUNDS)
    for row in rows(one.path, "comparisons.csv"):
        same(f"{one.name}: launches compared", row["n_launches"],
             str(len(launches)))
    check(os.path.exists(os.path.join(one.path, "report.html")), one.name,
          "no report", errors)
    meta = json.loads(text(one.path, "meta.json"))
    same(f"{one.name}: stopped_early", meta["plan"]["stopped_early"], True)
    check_partial(one.path, f"Partial run: stopped by {said} with "
          f"{LAUNCHES - len(launches)} of {LAUNCHES} launches to do", meta)
    headline = text(one.path, "headline.txt")
    check("nan" not in headline, one.name, headline)
    same(f"{one.name}: a table", "variant " in headline, bool(launches))
    return len(launches)


def interrupted(path):
    """Ctrl-C on a terminal goes to the whole group, kill to the runner."""
    for name, send, by in (("ctrl-c", os.killpg, signal.SIGINT),
                           ("sigint", os.kill, signal.SIGINT),
                           ("sigterm", os.kill, signal.SIGTERM),
                           ("terminal-gone", os.killpg, signal.SIGHUP)):
        one = Run(path, name)
        one.wait_launches(2)
        send(one.pid, by)
        check(check_stopped(one, by) >= 2, name, "lost launches")
    # Workers that are struck with their runner are no fault of a lane.
    for number in range(4):
        name = f"all-{number}"
        one = Run(path, name)
        one.wait_launches(2)
        # Into the rounds of the launch that has begun.
        time.sleep(0.015 + 0.005 * number)
        for worker in one.stand_still():
            os.kill(worker, signal.SIGKILL)
        os.kill(one.pid, signal.SIGINT)
        one.go_on()
        check(check_stopped(one) >= 2, name, "lost launches")
    # Before anything is there to be compared.
    one = Run(path, "early")
    wait_for("a worker", lambda: children(one.pid))
    one.stand_still()
    os.killpg(one.pid, signal.SIGINT)
    one.go_on()
    same("early: launches", check_stopped(one), 0)


def runner_killed(path):
    one = Run(path, "runner-killed")
    one.wait_launches(3)
    workers = one.stand_still()
    os.kill(one.pid, signal.SIGKILL)
    same("runner killed: exit code", one.end()[0], -signal.SIGKILL)
    wait_for("the workers to die with their runner",
             lambda: all(state_of(pid) in ("", "Z") for pid in workers))
    # What a kill amid a write leaves behind.
    with open(os.path.join(one.path, "trials.csv"), "a",
              encoding="utf-8") as file:
        file.write('1,runner-killed,"pair,size')
    done = run(PROGRAM, "compare", one.path, "--format", "csv")
    same("runner killed: compare", done.returncode, 0)
    check("again" in done.stdout, done.stdout, done.stderr)
    done = run(PROGRAM, "report", one.path)
    same("runner killed: report", done.returncode, 0)


def main():
    with folder() as path:
        for step in (worker_killed, worker_stopped, worker_killed_in_pilot,
                     interrupted, runner_killed):
            step(path)
    finish()


main()
