# SPDX-License-Identifier: MIT
"""Libraries that cannot be measured: each is refused before anything else,
with the call that is wrong or the dynamic linker's own sentence, as an
allocator of `run` and of `exec` and as a peer."""
import os
import shutil
import sys

from run_dir import check, finish, folder, run, same

PROGRAM, FAULTY, WITHOUT_ALIGNED, MISSING = map(os.path.abspath, sys.argv[1:5])

# Library, its fault, and what the line says.
FAULTS = (
    (FAULTY, "null", "failed: its malloc gave NULL"),
    (FAULTY, "once", "failed: its malloc gave a block twice"),
    (FAULTY, "crooked", "its malloc gave a block that is not aligned"),
    (FAULTY, "free", "ended by signal 6 (Aborted) before a call was"),
    (FAULTY, "calloc", "its calloc gave a block that is not all zero"),
    (FAULTY, "calloc-crash", "ended by signal 11 (Segmentation fault) where "
                             "its calloc is tried"),
    (FAULTY, "realloc", "its realloc lost what was in the block"),
    (FAULTY, "usable", "its malloc_usable_size says less than was asked for"),
    (FAULTY, "aligned", "its aligned_alloc gave a block that is not aligned"),
    (FAULTY, "memalign", "its posix_memalign fails"),
    (FAULTY, "exit", "ended by itself with code 3"),
    (WITHOUT_ALIGNED, "", "ended by signal 6 (Aborted) where its "
                          "aligned_alloc is tried"),
    (MISSING, "", "undefined symbol: faulty_is_nowhere"),
)


def make_files(path):
    """No libraries at all, and what is said of them."""
    other = os.path.join(path, "other-class.so")
    shutil.copy(FAULTY, other)
    with open(other, "r+b") as file:
        file.seek(4)
        file.write(b"\x01")  # ELFCLASS32
    text = os.path.join(path, "text.so")
    with open(text, "w", encoding="utf-8") as file:
        file.write("no library\n" * 100)
    empty = os.path.join(path, "empty.so")
    with open(empty, "w", encoding="utf-8"):
        pass
    files = [(other, "wrong ELF class: ELFCLASS32"),
             (text, "invalid ELF header"), (empty, "file too short"),
             (path, "Is a directory"),
             (os.path.join(path, "absent.so"), "No such file")]
    if os.geteuid() != 0:
        hidden = os.path.join(path, "hidden.so")
        shutil.copy(FAULTY, hidden)
        os.chmod(hidden, 0)
        files.append((hidden, "Permission denied"))
    return files


def refused(library, fault, said, **settings):
    env = dict(os.environ, FAULT=fault)
    for words in (("run", "--quick", "--dry-run", "--allocator", library),
                  ("run", "--quick", "--dry-run", "--allocator", "system",
                   "--peer", f"mine={library}"),
                  ("exec", "--allocator", library, "--", "/bin/true")):
        where = f"{' '.join(words)} ({fault})"
        done = run(PROGRAM, *words, env=env, **settings)
        same(f"{where}: exit code", done.returncode, 2)
        same(f"{where}: lines", len(done.stderr.splitlines()), 1)
        check(said in done.stderr, f"{where}: says not {said!r}:",
              done.stderr)
        same(f"{where}: stdout", done.stdout, "")


def main():
    done = run(PROGRAM, "exec", "--allocator", FAULTY, "--variant", "none",
               "--launches", "1", "--", "/bin/true",
               env=dict(os.environ, FAULT=""))
    same("no fault: exit code", done.returncode, 0)
    for library, fault, said in FAULTS:
        refused(library, fault, said)
    with folder() as path:
        for file, said in make_files(path):
            refused(file, "", said)
        # A name without a slash is the dynamic linker's to find.
        name = os.path.basename(FAULTY)
        done = run(PROGRAM, "run", "--quick", "--dry-run", "--peer",
                   "mine=libnowhere.so")
        check("libnowhere.so" in done.stderr and
              "cannot open shared object file" in done.stderr, done.stderr)
        done = run(PROGRAM, "exec", "--allocator", name, "--", "/bin/true",
                   cwd=os.path.dirname(FAULTY))
        check(f"or the path of a library, as ./{name}" in done.stderr,
              done.stderr)
    finish()


main()
