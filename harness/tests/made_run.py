# SPDX-License-Identifier: MIT
"""Writes a run directory whose figures are known, with no worker started."""
import csv
import json
import os
import random

from run_dir import TRIALS

START = 1790000000123456789
META = {
    "schema_version": 1, "build_id": "b1", "resumed_unix_ns": [],
    "host": {"hostname": "example", "platform": "Linux-6.1.0-x86_64",
             "cpu_model_name": "Example CPU", "cpu_count": 2, "aslr": "2",
             "load_avg": "0.25 0.50 0.75 1/91 5030", "cpu_governor": None},
}


def write_trials(path, cells, launches, rounds, failed=(), spread=0.002,
                 seed=1):
    """cells: {cell: {variant: ns_per_op}}; failed: (cell, variant) pairs all
    of whose launches crash. Noise falls on all variants of a round alike but
    for `spread`. Returns {(cell, variant): [[ns of each round], …]}."""
    noise = random.Random(seed)
    values = {}
    with open(os.path.join(path, "trials.csv"), "w", encoding="utf-8",
              newline="") as file:
        out = csv.DictWriter(file, TRIALS.split(","), restval="",
                             lineterminator="\r\n")
        out.writeheader()
        for launch in range(launches):
            for cell, variants in cells.items():
                crashed = [v for v in variants if (cell, v) in failed]
                for number in range(1 if crashed else rounds):
                    common = noise.uniform(1, 1.5)
                    for position, (variant, ns) in enumerate(variants.items()):
                        ns *= common * (1 + noise.uniform(-spread, spread))
                        bad = variant in crashed
                        if not crashed:
                            values.setdefault((cell, variant), [])
                            if number == 0:
                                values[cell, variant].append([])
                            values[cell, variant][-1].append(ns)
                        out.writerow({
                            "schema_version": 1, "run_id": "made",
                            "cell": cell, "launch": launch, "round": number,
                            "position": position, "variant": variant,
                            "role": "variant", "threads": 2,
                            "ops": "" if bad else 1000,
                            "wall_ns": "" if bad else 1000 * ns,
                            "cpu_ns": "" if bad else 2000 * ns,
                            "ns_per_op": "" if bad else repr(ns),
                            "status": "crashed" if bad else "ok",
                            "excluded": int(bad),
                            "t_start_unix_ns": START + launch * 10**9})
    return values


def write_memory(path, blocks):
    """blocks: (variant, allocator, size): (header and tail, rounding, rest)
    of a block, in bytes."""
    count = 20000
    with open(os.path.join(path, "memory.csv"), "w", encoding="utf-8") as file:
        file.write("variant,allocator,size,live_blocks,requested_bytes,"
                   "header_tail_bytes,rounding_bytes,rest_bytes,"
                   "total_bytes\n")
        for (variant, allocator, size), parts in blocks.items():
            columns = [variant, allocator, size, count, count * size]
            columns += [int(count * part) for part in parts]
            columns.append(int(count * (size + sum(parts))))
            file.write(",".join(map(str, columns)) + "\n")


def write_run(path, cells, launches=12, rounds=3, start=START, memory=None,
              certificate=None, **rest):
    """A whole run; returns what write_trials() does."""
    os.mkdir(path)
    values = write_trials(path, cells, launches, rounds, **rest)
    with open(os.path.join(path, "plan.csv"), "w", encoding="utf-8",
              newline="") as file:
        out = csv.writer(file)
        out.writerow(["order", "cell", "headline"])
        out.writerows([i, cell, 1] for i, cell in enumerate(cells))
    if memory is not None:
        write_memory(path, memory)
    variants = list(dict.fromkeys(v for row in cells.values() for v in row))
    meta = dict(META, run_id=os.path.basename(path), start_unix_ns=start,
                plan={"plan_id": "0" * 16, "variants": variants},
                certificate=certificate)
    with open(os.path.join(path, "meta.json"), "w", encoding="utf-8") as file:
        json.dump(meta, file)
    return values
