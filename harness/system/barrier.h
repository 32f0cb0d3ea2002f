// SPDX-License-Identifier: MIT
//
// A barrier for the threads of a team: spins while every thread has a PU of
// its own, sleeps otherwise (four threads that spun on two PUs made 4.1 ms
// out of a turn of 1 ms).
#ifndef SERIALBENCH_BARRIER_H
#define SERIALBENCH_BARRIER_H

#include <stdbool.h>

#include "compiler.h"
#include "futex.h"

struct barrier {
	_Alignas(CACHELINE) futex_word generation;
	_Alignas(CACHELINE) _Atomic uint32_t arrived;
	uint32_t threads;
	bool spin;
};

static inline void barrier_init(
	struct barrier *barrier, unsigned threads, bool spin)
{
	atomic_store(&barrier->generation, 0);
	atomic_store(&barrier->arrived, 0);
	barrier->threads = threads;
	barrier->spin = spin;
}

/* True in the thread that came last. */
static inline bool barrier_wait(struct barrier *barrier)
{
	uint32_t generation = atomic_load(&barrier->generation);

	if (atomic_fetch_add(&barrier->arrived, 1) + 1 == barrier->threads) {
		atomic_store(&barrier->arrived, 0);
		atomic_fetch_add(&barrier->generation, 1);
		if (!barrier->spin)
			futex_wake_all(&barrier->generation);
		return true;
	}
	while (atomic_load_explicit(&barrier->generation,
		       memory_order_acquire) == generation) {
		if (!barrier->spin)
			futex_wait(&barrier->generation, generation, -1);
#if defined(__x86_64__) || defined(__i386__)
		else
			__builtin_ia32_pause();
#endif
	}
	return false;
}

#endif /* SERIALBENCH_BARRIER_H */
