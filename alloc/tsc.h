// SPDX-License-Identifier: MIT
//
// The time-stamp counter, ordered against the code around it.
#ifndef SERIALBENCH_TSC_H
#define SERIALBENCH_TSC_H

#include <stdint.h>

#include "compiler.h"

#if defined(__x86_64__) || defined(__i386__)
#include <x86intrin.h>
#define TSC_NAME "rdtscp"
#else
#include <time.h>
#define TSC_NAME "clock_gettime, ns"
#endif

/* Ticks; what is before it in the program is done before it is read, and what
 * is after it starts after. Comparable between PUs where the TSC is constant
 * and synchronised, as on every x86 of the last decade. */
ALWAYS_INLINE uint64_t tsc_read(void)
{
#if defined(__x86_64__) || defined(__i386__)
	unsigned pu;
	uint64_t ticks = __rdtscp(&pu);

	_mm_lfence();
	return ticks;
#else
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
#endif
}

#endif /* SERIALBENCH_TSC_H */
