// SPDX-License-Identifier: MIT
//
// The clock of every timing: CLOCK_MONOTONIC through the vDSO, in ns.
#ifndef SERIALBENCH_CLOCK_H
#define SERIALBENCH_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

#define CLOCK_TURN CLOCK_MONOTONIC

static inline uint64_t clock_now(void)
{
	return clock_ns(CLOCK_TURN);
}

#endif /* SERIALBENCH_CLOCK_H */
