# SPDX-License-Identifier: MIT
"""Makes blocks of known sizes and prints what the host counted of them:
blocks, requested bytes, debug bytes, usable bytes. The layout is that of
alloc/preload_stats.h; this process has the first slot."""
import mmap
import os
import struct

ARRAYS, BYTES = 1000, 5000
SLOT, COUNTS, COPY = 256, 256 + 64, 80

with open(os.environ["SERIALBENCH_PYTHON_COUNTS"], "rb") as stream:
    view = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)


def read():
    current, = struct.unpack_from("=I", view, SLOT + 8)
    return struct.unpack_from("=5Q", view, COUNTS + COPY * (current & 1))[1:]


kept = [None] * ARRAYS
numbers = list(range(ARRAYS))
before = read()
for number in numbers:
    kept[number] = bytearray(BYTES)
after = read()
print(*(new - old for old, new in zip(before, after)))
