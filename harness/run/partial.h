// SPDX-License-Identifier: MIT
//
// What keeps a run from being whole, in words that the terminal, headline.txt,
// meta.json and the page share.
#ifndef SERIALBENCH_PARTIAL_H
#define SERIALBENCH_PARTIAL_H

#include "run.h"

/*
 * Puts one sentence without its full stop into `text`, or "": that a stop was
 * asked for, that the run is a shard, that launches are in no part of a merge,
 * or that cells have no launch, also where the time budget dropped them. A time
 * budget that was spent makes no run partial: it is how long a run was to take.
 */
void run_say_partial(const struct run *run, struct error *text);

/* The note's line and a blank one, where there is a note. */
void run_print_partial(const struct run *run, FILE *out);

#endif /* SERIALBENCH_PARTIAL_H */
