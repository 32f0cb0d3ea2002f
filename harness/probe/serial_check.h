// SPDX-License-Identifier: MIT
//
// What a scheme's numbers turned out to be, from the numbers alone.
#ifndef SERIALBENCH_SERIAL_CHECK_H
#define SERIALBENCH_SERIAL_CHECK_H

#include <stddef.h>
#include <stdint.h>

/* One number, and the ticks before and after it was taken. */
struct taken_number {
	uint64_t number, before, after;
};

struct serial_check {
	uint64_t numbers; /* taken */
	uint64_t duplicates; /* taken, less the distinct ones */
	uint64_t lost; /* bumps that moved no counter on */
	uint64_t gaps; /* numbers passed over */
	uint64_t inversions; /* numbers below one that was wholly taken before
				they were begun, on any thread */
	uint64_t bump_p50, bump_p99, bump_max; /* ticks, the clock's included */
};

/*
 * Counters are told apart by distance: numbers more than 2^32 apart belong to
 * different ones (the thread's part of a serial). Of each counter, lost = bumps
 * less the range that they span, gaps = that range less the distinct numbers.
 * Sorts `taken`. 0, or -1 when out of memory.
 */
int serial_check(
	struct serial_check *check, struct taken_number *taken, size_t count);

#endif /* SERIALBENCH_SERIAL_CHECK_H */
