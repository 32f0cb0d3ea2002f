# SPDX-License-Identifier: MIT
"""DBGALLOC=stats: figures are those of a model of the same operations."""
import tempfile

from preload import SIGNALS, VARIANTS, environment, expect, finish, helpers
from preload import installed, run

COUNTS, READ_STATS, THREADS = helpers[:3]
WORD = 8
SERIAL_BYTES = {"none": 0, "global": WORD, "atomic": WORD, "tls": WORD,
                "slot": WORD}

CASES = [
    "",
    "malloc 0",
    "malloc 100 malloc 50 calloc 10 20 free 0 malloc 10",
    "malloc 100 free 0 malloc 100 free 1 malloc 100",
    "memalign 64 300 memalign 4096 1 memalign 8 5 free 0",
    "new 40 new 1 delete 0",
    "malloc 100 realloc 0 5000 realloc 0 10 malloc 20",
    "malloc 100 realloc 0 0 malloc 1",
    "memalign 256 100 realloc 0 200 free 0",
    "malloc 200000 malloc 10 free 0 malloc 300 free 1",
    "malloc 100 fork malloc 50 free 0 end malloc 7",
    "malloc 100 fork fork malloc 1 end malloc 50 end",
    "malloc 100 _fork malloc 50 free 0 end malloc 7",
    "malloc 100 _fork end malloc 7",
    "malloc 100 vfork malloc 50 end malloc 7",
    "malloc 100 exec malloc 50 exec malloc 7",
    "malloc 100 fork exec malloc 3 end free 0",
    "malloc 100 malloc 200 free 1 kill malloc 5",
    "malloc 9 fork malloc 80 exec malloc 5 malloc 5 end malloc 7 kill",
]


class Process:
    """One slot. `base` is what there is before main, as read from a run that
    does nothing: calls, and live blocks, requested and added bytes."""

    def __init__(self, variant, base, generation=0, live=()):
        self.variant, self.generation = variant, generation
        self.base = base
        self.calls = 0 if generation else base[0]
        self.live = dict(live)
        self.peak = None
        self.note()

    def note(self):
        _, blocks, requested, added = self.base
        blocks += len(self.live)
        requested += sum(size for size, _ in self.live.values())
        added += sum(extra for _, extra in self.live.values())
        now = (blocks, requested, added,
               blocks * SERIAL_BYTES[self.variant])
        if self.peak is None or requested > self.peak[1]:
            self.peak = now
        return now

    def make(self, name, size, alignment=16):
        behind = WORD + SERIAL_BYTES[self.variant]
        self.calls += 1
        self.live[name] = (size, max(alignment, 16) + behind)
        self.note()

    def line(self):
        return [str(n) for n in (
            self.generation, self.calls, *self.note()[:3], *self.peak)]


def model(variant, base, words):
    """The slots, in the order in which they are claimed."""
    slots = [Process(variant, base)]

    def play(process, words, made, shares_slot=False):
        while words:
            what = words.pop(0)
            if what in ("fork", "_fork", "vfork"):
                depth, body = 1, []
                while depth > 0:
                    word = words.pop(0)
                    depth += (word == "end") * -1 + ("fork" in word)
                    body.append(word)
                if what == "vfork":
                    made = play(process, body[:-1], made)
                    continue
                child = Process(variant, base, process.generation + 1,
                                process.live)
                # A child of _Fork() is seen when it first allocates.
                if what == "fork" or body != ["end"]:
                    slots.append(child)
                play(child, body[:-1], made)
            elif what == "exec":
                process = Process(variant, base)
                slots.append(process)
                made = 0
            elif what == "kill":
                return made
            elif what in ("free", "delete"):
                del process.live[int(words.pop(0))]
            elif what == "realloc":
                name, size = int(words.pop(0)), int(words.pop(0))
                del process.live[name]
                if size > 0:
                    process.make(name, size)
            else:
                first = int(words.pop(0))
                if what == "calloc":
                    process.make(made, first * int(words.pop(0)))
                elif what == "memalign":
                    process.make(made, int(words.pop(0)), first)
                else:
                    process.make(made, first)
                made += 1
        return made

    play(slots[0], list(words), 0)
    return slots


def account(command, variant, allocator="system"):
    """The command's exit code and the fields of every slot."""
    with tempfile.NamedTemporaryFile() as stream:
        done = run(command, environment(variant, allocator,
                                        f"stats={stream.name}"))
        read = run([READ_STATS, stream.name], environment())
        lines = read.stdout.decode().splitlines()
    if done.stderr or read.stderr:
        print(done.stderr.decode(), read.stderr.decode())
    return done.returncode, [line.split() for line in lines]


def exact(variant, allocator):
    lines = account([COUNTS], variant, allocator)[1]
    base = [int(number) for number in lines[1][3:7]]
    if allocator == "system":
        expect(f"{variant}: before main", base, [0, 0, 0, 0])
    for case in CASES:
        words = case.split()
        code, lines = account([COUNTS] + words, variant, allocator)
        slots = model(variant, base, words)
        wanted = [["preload_counts", variant] + slot.line() for slot in slots]
        expect(f"{variant} over {allocator}: {case}: exit", code,
               SIGNALS["KILL"] if words[-1:] == ["kill"] or
               "kill malloc" in case else 0)
        expect(f"{variant} over {allocator}: {case}", lines,
               [[str(len(slots))]] + wanted)


def many_threads():
    """Forks while other threads count: every slot comes out even."""
    code, lines = account([THREADS, "forks"], "tls")
    expect("threads and forks", code, 0)
    expect("slots", lines[0], ["41"])
    parent = lines[1]
    expect("parent's blocks are all freed but the constructor's and those "
           "of joined threads", int(parent[4]) < 20, True)
    seen = {tuple(line[2:3]) for line in lines[2:]}
    expect("generation of the children", seen, {("1",)})


def many_processes():
    script = "for i in 1 2 3 4 5 6 7 8 9; do /bin/true; done; exec /bin/true"
    code, lines = account(["/bin/sh", "-c", script], "none")
    expect("a shell's children", (code, [line[0] for line in lines
                                         ].count("true")), (0, 10))


for kind in VARIANTS:
    exact(kind, "system")
# jemalloc and tcmalloc bring the C++ library, which allocates before main.
for present in installed():
    if present != "system":
        exact("tls", present)
many_threads()
many_processes()
finish()
