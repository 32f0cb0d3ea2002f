# SPDX-License-Identifier: MIT
"""Real programs do the same with and without the library.

Every variant over the system's malloc and every allocator under the variant
that is recommended (tls) see all of them; the other pairs see the C++ program.
"""
import os
import shutil
import sys
import tempfile

from preload import VARIANTS, environment, expect, finish, helpers, installed
from preload import run

CPLUS, REPLACED, FAMILY, THREADS, LINKED = helpers[:5]

PYTHON = """
import json, subprocess, sys, threading
data = {str(i): list(range(i)) for i in range(300)}
texts = [None] * 4
def work(place):
    texts[place] = json.dumps(json.loads(json.dumps(data)), indent=1)
crew = [threading.Thread(target=work, args=(i,)) for i in range(4)]
for t in crew: t.start()
for t in crew: t.join()
print(len(set(texts)), len(texts[0]))
print(subprocess.run(["/bin/sh", "-c", "echo out; ls / | wc -l"],
                     stdout=subprocess.PIPE).stdout)
sys.exit(5)
"""

GIT = """
set -e
cd "$1"; git init -q .; echo text > file; git add file
git -c user.name=n -c user.email=e commit -q -m first
echo more >> file; git -c user.name=n -c user.email=e commit -qam second
git log --stat --format='%H %s' | cat; git gc -q
"""

SOURCE = """
#include <stdio.h>
#include <stdlib.h>
struct list { struct list *next; int value; };
int sum(const struct list *l) { int s = 0; while (l) { s += l->value;
l = l->next; } return s; }
int main(void) { printf("%d\\n", sum(NULL)); return EXIT_SUCCESS; }
"""


def python(env):
    interpreter = "/usr/bin/python3"
    if not os.access(interpreter, os.X_OK):
        interpreter = sys.executable
    return outcome(run([interpreter, "-S", "-E", "-c", PYTHON], env))


def git(env):
    date = "2024-01-01T00:00:00Z"
    env = dict(env, GIT_AUTHOR_DATE=date, GIT_COMMITTER_DATE=date,
               GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null")
    with tempfile.TemporaryDirectory() as folder:
        return outcome(run(["/bin/sh", "-c", GIT, "sh", folder], env))


def gcc(env):
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "small.c")
        with open(source, "w", encoding="ascii") as stream:
            stream.write(SOURCE)
        done = run(["gcc", "-O1", "-c", "small.c"], env, cwd=folder)
        with open(os.path.join(folder, "small.o"), "rb") as stream:
            return outcome(done), stream.read()


def cplus(env):
    return outcome(run([CPLUS], env))


def replaced(env):
    return outcome(run([REPLACED], env))


def outcome(done):
    return done.returncode, done.stdout, done.stderr


def family(variant, allocator):
    """Our own rules, which the plain run does not have."""
    done = run([FAMILY], environment(variant, allocator))
    expect(f"family, {variant} over {allocator}",
           (done.returncode, done.stdout.split(b"\n")[:-2], done.stderr),
           (0, [], b""))
    subjects = ["late", "forks", "vforks", "life", "attributes"]
    if allocator == "tcmalloc":
        # Its caches break alone, too, when a forked child makes threads.
        subjects.remove("forks")
    for subject in subjects:
        done = run([THREADS, subject], environment(variant, allocator))
        if done.returncode != 0 or done.stderr:
            expect(f"{subject}, {variant} over {allocator}", outcome(done),
                   (0, b"", b""))


PROGRAMS = [("python3", "/usr/bin/env", python), ("git", "git", git),
            ("gcc", "gcc", gcc), ("C++", CPLUS, cplus),
            ("own operators", REPLACED, replaced)]
plain = {name: call(environment()) for name, need, call in PROGRAMS
         if shutil.which(need)}

for present in installed():
    for kind in VARIANTS:
        covered = present == "system" or kind == "tls"
        for name, _, call in PROGRAMS:
            if name == "own operators" and present == "tcmalloc":
                continue  # calls them before main, and does not survive it
            if name in plain and (covered or name == "C++"):
                expect(f"{name}, {kind} over {present}",
                       call(environment(kind, present)), plain[name])
        if kind in ("none", "atomic", "tls"):
            family(kind, present)
done = run([LINKED], environment())
expect("linked, not preloaded", (done.returncode, done.stdout[:6]),
       (0, b"tls on"))
finish()
