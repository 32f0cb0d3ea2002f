# SPDX-License-Identifier: MIT
"""Every misuse is named in the right words, and the program is aborted."""
import re

from preload import SIGNALS, environment, expect, finish, helpers, installed
from preload import run

MISUSE = helpers[0]
RUNS = 3
LEAD = "    The 7 pad bytes at p-7 are FORBIDDENBYTE, as expected.\n"
TAIL = "    The 8 pad bytes at tail=ADDRESS are FORBIDDENBYTE, as expected.\n"
SERIAL = "    The block was made by call SERIAL to debug malloc/realloc.\n"
DATA16 = "    Data at p:" + " cd" * 16 + "\n"
BOGUS = ("    Because memory is corrupted at the start, the count of bytes "
         "requested\n       may be bogus, and checking the trailing pad bytes "
         "may segfault.\n")


def guard(place, numbers, wrong):
    """Lines of a guard in which the bytes of `wrong` were overwritten."""
    return "".join(
        f"        at {place}{n}: 0x" +
        (f"{wrong[n]:02x} *** OUCH\n" if n in wrong else "fd\n")
        for n in numbers)


def lead(wrong):
    return ("    The 7 pad bytes at p-7 are not all FORBIDDENBYTE (0xfd):\n" +
            guard("p-", range(7, 0, -1), wrong) + BOGUS)


def tail(wrong):
    return ("    The 8 pad bytes at tail=ADDRESS are not all FORBIDDENBYTE "
            "(0xfd):\n" + guard("tail+", range(8), wrong))


def block(api, size, lead_text, tail_text, data=DATA16, extra=""):
    return (f"Debug memory block at address p=ADDRESS: API '{api}'\n"
            f"    {size} bytes originally requested\n" + lead_text + extra +
            (tail_text + SERIAL + data if tail_text else "") + "\n")


def fatal(call, what):
    return f"Fatal dbgalloc error: {call}: {what}\n"


def mismatch(call, made, api):
    return (block(made, 16, LEAD, TAIL) + fatal(
        call, f"bad ID: Allocated using API '{made}', verified using API "
        f"'{api}'"))


OVERFLOW, UNDERFLOW = "bad trailing pad byte", "bad leading pad byte"
IMPOSSIBLE = ("    This size does not fit in the underlying block: it was "
              "overwritten; trailing pad bytes and data are not looked for.\n")
PAD = ("    The pad bytes before the header, up to the underlying block, are "
       "not all FORBIDDENBYTE (0xfd).\n")

EXACT = [
    ("overflow", block("r", 16, LEAD, tail({0: 0x78})) +
     fatal("free", OVERFLOW)),
    ("underflow", block("r", 16, lead({2: 0x78}), TAIL) +
     fatal("free", UNDERFLOW)),
    ("id_byte", block("x", 16, LEAD, TAIL) + fatal("free", UNDERFLOW)),
    ("new_free", mismatch("free", "n", "r")),
    ("malloc_delete", mismatch("operator delete", "r", "n")),
    ("new_delete_array", mismatch("operator delete[]", "n", "a")),
    ("new_array_delete", mismatch("operator delete", "a", "n")),
    ("new_realloc", mismatch("realloc", "n", "r")),
    ("realloc_damaged", block("r", 16, LEAD, tail({3: 0x79})) +
     fatal("realloc", OVERFLOW)),
    ("aligned_overflow", block("r", 16, LEAD, tail({0: 0x78})) +
     fatal("free", OVERFLOW)),
    ("aligned_underflow", block("r", 16, lead({1: 0x78}), TAIL) +
     fatal("free", UNDERFLOW)),
    ("aligned_pad", block("r", 16, LEAD, TAIL, extra=PAD) +
     fatal("free", UNDERFLOW)),
]

# Name, sizes, the call that finds it.
FREED = [
    ("double_free", (0, 16, 100, 900, 2000, 200000, 40000000), "free"),
    ("double_delete", (16, 900, 200000), "operator delete"),
    ("double_free_aligned", (16, 900, 200000), "free"),
    ("free_stack", (16,), "free"),
    ("free_static", (16,), "free"),
    ("free_interior", (16,), "free"),
    ("free_page_start", (16,), "free"),
    ("realloc_freed", (16, 900, 200000), "realloc"),
    ("realloc_freed_to_0", (16, 200000), "realloc"),
    ("usable_size_freed", (16, 200000), "malloc_usable_size"),
]

# What the size word of a block of 100 bytes then says, and what is found.
SIZE_WORDS = [
    (0, OVERFLOW), (99, OVERFLOW), (101, OVERFLOW),
    (5000, "damaged size"), (1 << 20, "damaged size"),
    (1 << 40, "damaged size"), ((1 << 63) - 1, "damaged size"),
    (1 << 63, "damaged size"), ((1 << 64) - 1, "damaged size"),
    (0xDDDDDDDDDDDDDDDD, "damaged size"),
]


def misuse(arguments, allocator, variant="atomic"):
    done = run([MISUSE] + [str(a) for a in arguments],
               environment(variant, allocator))
    text = done.stderr.decode(errors="replace")
    text = re.sub(r"0x[0-9a-f]{6,}", "ADDRESS", text)
    text = re.sub(r"(T0\S*)?#\d+", "SERIAL", text)
    return text, done.returncode


def exact(allocator, variant):
    for name, wanted in EXACT:
        if variant in ("none", "slot"):
            wanted = wanted.replace(SERIAL, "")
        expect(f"{name} over {allocator}, {variant}",
               misuse([name], allocator, variant), (wanted, SIGNALS["ABRT"]))


def freed(allocator):
    for name, sizes, call in FREED:
        for size in sizes:
            for _ in range(RUNS):
                text, code = misuse([name, size], allocator)
                last = text.splitlines()[-1:]
                expect(f"{name} {size} over {allocator}", (last, code),
                       ([fatal(call, "freed or foreign block")[:-1]],
                        SIGNALS["ABRT"]))


def size_words(allocator):
    for word, what in SIZE_WORDS:
        text, code = misuse(["size_word", word], allocator)
        expect(f"size word {word:#x} over {allocator}",
               (text.splitlines()[-1:], IMPOSSIBLE in text, code),
               ([fatal("free", what)[:-1]], what == "damaged size",
                SIGNALS["ABRT"]))


for present in installed():
    exact(present, "atomic")
    freed(present)
    size_words(present)
for kind in ("none", "tls", "slot"):
    exact("system", kind)
finish()
