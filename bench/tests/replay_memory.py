# SPDX-License-Identifier: MIT
"""What a replay has in memory depends on live blocks and the window, not on how
long the trace is.

    replay_memory.py BIG_TRACE REPLAY_MEMORY
    replay_memory.py BIG_TRACE REPLAY_MEMORY --print MEGABYTES…

Writes traces of one program that runs for different times, and replays each of
them whole on `null` as one worker does. The second form prints the rows of the
page's table.
"""
import os
import subprocess
import sys
import tempfile

BIG_TRACE, REPLAY = sys.argv[1:3]
BLOCKS = 4000
SIZES = (5, 50)  # MB, of the test
failed = 0


def expect(true, *values):
    global failed
    if not true:
        failed += 1
        print("failed:", *values)


def figures(*words):
    done = subprocess.run([REPLAY, *map(str, words)], check=True, text=True,
                          stdout=subprocess.PIPE)
    halves, own, reader, seconds = done.stdout.split()
    return int(halves), int(own), int(reader), float(seconds)


def measure(folder, megabytes):
    """Half operations; KiB of the survey, the replay and its reader."""
    trace = os.path.join(folder, "big.trace")
    subprocess.run([BIG_TRACE, trace, str(megabytes), str(BLOCKS)],
                   check=True)
    size = os.path.getsize(trace)
    expect(size >= megabytes << 20, megabytes, "MB asked for,", size, "bytes")
    halves, survey, _, _ = figures("survey", trace)
    again, own, reader, seconds = figures("replay", trace, halves)
    expect(halves == again, halves, "half operations, replayed", again)
    expect(survey > 0 and own > 0, "no peak", survey, own)
    expect(reader > 0, "no process reads the trace")
    os.unlink(trace)
    print(f"| {megabytes} MiB | {halves / 1e6:.0f} | {survey / 1024:.1f} | "
          f"{own / 1024:.1f} | {reader / 1024:.1f} | {seconds:.0f} |",
          flush=True)
    return halves, survey, own, reader


def main():
    if os.environ.get("SERIALBENCH_SANITIZED", "none") != "none":
        print("skipped: a sanitizer's memory is not the replay's")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        if sys.argv[3:4] == ["--print"]:
            for megabytes in sys.argv[4:]:
                measure(folder, int(megabytes))
        else:
            small, large = (measure(folder, size) for size in SIZES)
            expect(large[0] > 8 * small[0], "half operations", small, large)
            # The index has 16 bytes for a chunk of the file, up to 64 KiB.
            for name, one, other in zip(("survey", "replay", "reader"),
                                        small[1:], large[1:]):
                expect(other < one * 1.1 + 1024, name, "has", one, "KiB for",
                       SIZES[0], "MB and", other, "for", SIZES[1])
    sys.exit(1 if failed else 0)


main()
