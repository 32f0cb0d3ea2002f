// SPDX-License-Identifier: MIT
//
// Producers fill batches, consumers empty them, a stock lies between: what
// xmalloc and many-to-one share.
//
// Each step (a run() of all threads, all asked for the same n) makes exactly
// as many blocks as it frees, so the stock is the same at every barrier and
// nothing is left to settle. A batch that is half full or half empty at the
// end of a step stays in its thread's hand. With C consumers and P producers
//
//   batches wanted by the consumers   ≤ blocks freed / batch + C
//   batches given by the producers    ≥ blocks made / batch - P
//
// so a stock of C + P batches lets every consumer finish, and as many empty
// ones on top of that every producer: no step can end in a deadlock, whatever
// n, the roles and the order of threads are. A consumer that is through waits
// for the producers, or it would be paid for blocks that the stock had and that
// are made only after its clock has stopped.
#ifndef SERIALBENCH_HANDOFF_H
#define SERIALBENCH_HANDOFF_H

#include "mailbox.h"
#include "workload.h"

enum { HANDOFF_PRODUCER, HANDOFF_CONSUMER, HANDOFF_BOTH };

/* Their names, for struct workload. */
extern const char *const handoff_roles[];

/* Frees count. */
bool handoff_counted_role(unsigned role);

/* What a workload decides. */
struct handoff_rules {
	size_t size; /* of every block; 0 draws from the mixed sizes */
	uint32_t batch; /* blocks */
	uint32_t limit; /* batches, full ones that nobody holds */
	bool take_all; /* a consumer takes every full batch at once */
};

/* In the shared bytes. */
struct handoff {
	struct batch_stack full, empty;
	struct handoff_rules rules;
	/* Producers that were through, all steps together. */
	_Alignas(CACHELINE) _Atomic uint64_t through;
};

/* In a thread's own bytes. */
struct handoff_hand {
	uint64_t prng;
	uint64_t freed; /* blocks, so far */
	uint64_t steps; /* so far */
	uint64_t marks; /* sum over the blocks made */
	struct batch *filling, *emptying; /* emptying heads a list */
	uint32_t emptied; /* blocks of the first one */
};

size_t handoff_bytes(const struct handoff_rules *rules, unsigned threads);

/* Builds the stock: 0, or -1 when out of memory. */
int handoff_setup(
	struct workload_instance *instance, const struct handoff_rules *rules);

int handoff_thread_setup(struct workload_thread *thread);

/* One step: each consumer frees `operations` blocks, producers make as many in
 * all; one thread in both roles does a batch at a time. `producer` is the
 * thread's place among the producers. */
uint64_t handoff_run(struct workload_thread *thread, uint64_t operations,
	unsigned producers, unsigned producer);

int handoff_verify(struct workload_thread *thread);
uint64_t handoff_checksum(const struct workload_thread *thread);
void handoff_thread_finish(struct workload_thread *thread);
void handoff_finish(struct workload_instance *instance);

#endif /* SERIALBENCH_HANDOFF_H */
