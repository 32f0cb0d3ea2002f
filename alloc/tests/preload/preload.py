# SPDX-License-Identifier: MIT
"""What the drivers of the preload tests share.

A driver is called with the folder of the libraries first, then with its
helper programs. It prints every case that does not hold, with the values, and
a last line with counts; its exit code is 0, 1, or 77 to skip.
"""
import os
import subprocess
import sys

VARIANTS = ["none", "global", "atomic", "tls", "slot"]
ALLOCATORS = {
    "system": "",
    "jemalloc": "libjemalloc.so.2",
    "mimalloc": "libmimalloc.so.2",
    "tcmalloc": "libtcmalloc_minimal.so.4",
}
SIGNALS = {"ABRT": -6, "KILL": -9, "SEGV": -11, "TRAP": -5}

libraries = sys.argv[1] if len(sys.argv) > 1 else "."
helpers = sys.argv[2:]
checked = 0
failed = 0


def environment(variant=None, allocator="system", options=None):
    """The driver's own, without what disturbs, under one library."""
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(("MALLOC_", "LD_PRELOAD", "DBGALLOC"))}
    env["LC_ALL"] = "C"
    if variant:
        path = os.path.join(libraries, f"libdbgalloc-{variant}.so")
        env["LD_PRELOAD"] = f"{path} {ALLOCATORS[allocator]}".strip()
    if options is not None:
        env["DBGALLOC"] = options
    return env


def run(command, env, **more):
    return subprocess.run(command, env=env, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=120, **more)


def installed():
    """The allocators that can be preloaded here."""
    found = []
    for name, library in ALLOCATORS.items():
        env = environment()
        if library:
            env["LD_PRELOAD"] = library
        if not run(["/bin/true"], env).stderr:
            found.append(name)
    return found


def expect(case, got, wanted):
    global checked, failed
    checked += 1
    if got == wanted:
        return True
    failed += 1
    print(f"{case}:\n  got      {got!r}\n  expected {wanted!r}")
    return False


def finish():
    print(f"{checked} checks, {failed} failed")
    sys.exit(1 if failed else 0)
