// SPDX-License-Identifier: MIT
//
// latency_launches.csv: percentiles of single calls and of operations that are
// due at a fixed rate, of every variant in every launch of a few cells.
#ifndef SERIALBENCH_LATENCY_TABLE_H
#define SERIALBENCH_LATENCY_TABLE_H

#include "plan.h"

/* Fewest samples with which a percentile is one: the 99.99th takes 10000. */
uint64_t latency_samples_least(double percentile);

/*
 * Runs `launches` launches of each of the cells, with the variants, allocators
 * and the fewest and most threads of `plan`; `more` also times realloc. Returns
 * the number of failed launches (each reported on stderr; they have no rows),
 * or -1 with errno where the file at `path` cannot be written. Ctrl-C ends it
 * early (stop_asked).
 */
int latency_table_write(const struct plan *plan,
	const struct topology *topology, unsigned launches, bool more,
	uint64_t deadline_ns, const char *path);

#endif /* SERIALBENCH_LATENCY_TABLE_H */
