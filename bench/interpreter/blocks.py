# SPDX-License-Identifier: MIT
"""The blocks of a trace in its text form, and what they have in common.

Time is counted in births: the clock is the number of blocks that were
allocated so far, so a block that is freed before the next one is allocated
lived for 1. A realloc of a block is no birth but an event of its life.
"""
import collections

SPAN = 4096  # births: what lives longer stays, for the model
NEVER = 1 << 62


class Block:
    """Size, whether from calloc, birth, death, resizes as (age, size)."""

    def __init__(self, birth, size, zeroed):
        self.birth = birth
        self.size = size
        self.zeroed = zeroed
        self.death = NEVER
        self.resizes = []
        self.younger = 0  # live blocks younger than it when it was freed

    def life(self):
        return self.death - self.birth


class Reader:
    """Follows the events of one text."""

    def __init__(self):
        self.blocks = []
        self.live = {}  # by name; the last is the youngest
        self.numbers = collections.Counter()
        self.names = {}
        self.births_live = collections.OrderedDict()
        self.frees = []  # (clock, blocks freed since the birth before)
        self.run_from = 0  # birth at which the line `# run` stands
        self.peak = (0, 0)  # live blocks, clock

    def name(self, thread, text):
        owner, number = text.split("#")
        return (owner or thread, int(number))

    def count_younger(self, block):
        for younger, birth in enumerate(reversed(self.births_live)):
            if birth == block.birth or younger == 10:
                return younger
        return 10

    def free(self, block):
        block.death = len(self.blocks)
        block.younger = self.count_younger(block)
        del self.births_live[block.birth]
        if not self.frees or self.frees[-1][0] != block.death:
            self.frees.append([block.death, 0])
        self.frees[-1][1] += 1

    def bear(self, name, size, zeroed):
        block = Block(len(self.blocks), size, zeroed)
        self.blocks.append(block)
        self.live[name] = block
        self.births_live[block.birth] = None
        if len(self.live) > self.peak[0]:
            self.peak = (len(self.live), len(self.blocks))

    def allocate(self, thread, kind, words):
        self.numbers[thread] += 1
        name = (thread, self.numbers[thread])
        size = int(words[-1])
        if kind == "realloc" and words[0] != "NULL":
            block = self.live.pop(self.name(thread, words[0]))
            block.resizes.append((len(self.blocks) - block.birth, size))
            self.live[name] = block
        elif kind == "calloc":
            self.bear(name, int(words[0]) * size, True)
        else:
            self.bear(name, size, False)

    def line(self, line):
        if line.startswith("# run"):
            self.run_from = len(self.blocks)
        words = line.split(" = ")[0].split()
        if len(words) < 3 or not words[0][1:].isdigit() or words[0][0] != "T":
            return
        thread, kind, words = words[0], words[1], words[2:]
        if kind in ("create", "fork") or words[-1] == "failed":
            return
        if words[-1] == "freed" or kind == "free":
            if words[0] != "NULL":
                self.free(self.live.pop(self.name(thread, words[0])))
        else:
            self.allocate(thread, kind, words)


def read(lines):
    reader = Reader()
    for line in lines:
        reader.line(line.rstrip("\n"))
    return reader


def until_peak(reader):
    """The blocks born before the most were alive: what is after that is the
    program's end. Those that it freed were never freed, then."""
    end = reader.peak[1]
    for block in reader.blocks:
        if block.death > end:
            block.death = NEVER
    return reader.blocks[:end]


def stays(block):
    return block.life() > SPAN
