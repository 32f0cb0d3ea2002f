# SPDX-License-Identifier: MIT
"""What the library does while it is loaded: which symbols it shows, what it
stands on, and what it gives to callers that come too early."""
import subprocess

from preload import ALLOCATORS, VARIANTS, environment, expect, finish, helpers
from preload import installed, libraries, run

LACKING, GREEDY, EARLY, FAMILY = helpers[:4]
C_FAMILY = """aligned_alloc calloc free free_aligned_sized free_sized malloc
malloc_usable_size memalign posix_memalign pvalloc realloc reallocarray
valloc""".split()
API = """allocator_name break_at check domain_calloc domain_check domain_create
domain_dump domain_free domain_malloc domain_realloc dump live_blocks serial
serial_text variant""".split()
THREAD_CALLS = ["pthread_create", "thrd_create"]


def exported():
    for variant in VARIANTS:
        path = f"{libraries}/libdbgalloc-{variant}.so"
        names = subprocess.run(["nm", "-D", "--defined-only", path],
                               stdout=subprocess.PIPE, check=True)
        names = [line.split()[2] for line in
                 names.stdout.decode().splitlines()]
        operators = [name for name in names if name[:4] in (
            "_Znw", "_Zna", "_Zdl", "_Zda")]
        wanted = C_FAMILY + ["dbgalloc_" + name for name in API]
        if variant == "tls":
            wanted += THREAD_CALLS
        expect(f"{variant} exports", sorted(set(names) - set(operators)),
               sorted(wanted))
        expect(f"{variant} operators", len(operators), 20)


def stands_on():
    for allocator in installed():
        done = run([FAMILY], environment("atomic", allocator))
        wanted = (ALLOCATORS[allocator] or "libc.so.6").split(".so")[0]
        expect(f"name of {allocator}", wanted in done.stdout.decode(), True)


def preloaded(libs):
    env = environment("tls")
    env["LD_PRELOAD"] = " ".join(libs).replace("dbgalloc", env["LD_PRELOAD"])
    return env


def lacking():
    done = run(["/bin/echo", "on"], preloaded(["dbgalloc", LACKING]))
    lines = done.stderr.decode().splitlines()
    expect("an allocator without all six calls",
           (done.returncode, done.stdout, len(lines), lines[0].split(" ")[2:]),
           (0, b"on\n", 1, "lacks posix_memalign: the C library's malloc is "
            "underneath instead".split(" ")))


def greedy():
    for behind in [ALLOCATORS[name] for name in installed()]:
        done = run([FAMILY], preloaded([GREEDY, "dbgalloc", behind]))
        expect(f"allocations inside dlsym, before {behind}",
               (done.returncode, done.stdout[-13:], done.stderr),
               (0, b": 0 failures\n", b"used\n"))


def early():
    for behind in [ALLOCATORS[name] for name in installed()]:
        done = run([FAMILY], preloaded(["dbgalloc", behind, EARLY]))
        expect(f"before the constructors of {behind}",
               (done.returncode, done.stdout[-13:], done.stderr),
               (0, b": 0 failures\n", b""))


exported()
stands_on()
lacking()
greedy()
early()
finish()
