// SPDX-License-Identifier: MIT
//
// Waiting inside a workload: a thread spins while the other is about to come,
// then lets others run, so a team with more threads than PUs goes on, too.
#ifndef SERIALBENCH_SPIN_H
#define SERIALBENCH_SPIN_H

#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>

#include "compiler.h"

/* About 10 µs: longer than a hand-over, far shorter than a time slice. */
#define SPIN_LIMIT 256

/* One wait; starts as {0}. */
struct spin {
	unsigned turns;
};

static inline void spin_once(struct spin *spin)
{
	if (spin->turns >= SPIN_LIMIT) {
		sched_yield();
		return;
	}
	spin->turns++;
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#endif
}

/* Test and test-and-set, on a line of its own; zeroed is free. */
struct spin_lock {
	_Alignas(CACHELINE) _Atomic uint32_t taken;
};

static inline void spin_lock(struct spin_lock *lock)
{
	struct spin spin = {0};

	while (atomic_exchange_explicit(
		       &lock->taken, 1, memory_order_acquire) != 0)
		while (atomic_load_explicit(
			       &lock->taken, memory_order_relaxed) != 0)
			spin_once(&spin);
}

static inline void spin_unlock(struct spin_lock *lock)
{
	atomic_store_explicit(&lock->taken, 0, memory_order_release);
}

#endif /* SERIALBENCH_SPIN_H */
