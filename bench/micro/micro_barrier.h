// SPDX-License-Identifier: MIT
//
// A spinning barrier for threads that have a PU each. Starts zeroed, and is
// at rest whenever nobody waits, so that the next run may have other threads.
#ifndef SERIALBENCH_MICRO_BARRIER_H
#define SERIALBENCH_MICRO_BARRIER_H

#include <sched.h>
#include <stdatomic.h>

#include "compiler.h"

/* Spins before the PU is offered to others: about 0.1 ms. A thread that lost
 * its PU to another program is not coming sooner for being waited for. */
#define MICRO_BARRIER_SPINS 20000u

struct micro_barrier {
	_Alignas(CACHELINE) _Atomic unsigned arrived;
	_Alignas(CACHELINE) _Atomic unsigned phase;
};

static inline void micro_barrier_wait(
	struct micro_barrier *barrier, unsigned threads)
{
	unsigned phase = atomic_load(&barrier->phase);
	unsigned spins = 0;

	if (atomic_fetch_add(&barrier->arrived, 1) + 1 == threads) {
		atomic_store(&barrier->arrived, 0);
		atomic_store(&barrier->phase, phase + 1);
		return;
	}
	while (atomic_load(&barrier->phase) == phase) {
#if defined(__x86_64__) || defined(__i386__)
		__builtin_ia32_pause();
#endif
		if (++spins > MICRO_BARRIER_SPINS)
			sched_yield();
	}
}

#endif /* SERIALBENCH_MICRO_BARRIER_H */
