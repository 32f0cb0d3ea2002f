// SPDX-License-Identifier: MIT
//
// Batches of blocks on their way from one thread to another. Their memory is
// the workload's own, so moving them allocates nothing. The link is in the
// batch and not in a block, which on the control `null` would be every block
// of its thread at once.
#ifndef SERIALBENCH_MAILBOX_H
#define SERIALBENCH_MAILBOX_H

#include "held_block.h"
#include "spin.h"

struct batch {
	struct batch *next;
	uint32_t count;
	uint32_t owner; /* index of the thread that fills it, where one does */
	struct held_block held[];
};

/* Bytes of one batch, whole cache lines. */
static inline size_t batch_bytes(size_t capacity)
{
	size_t bytes =
		sizeof(struct batch) + capacity * sizeof(struct held_block);

	return (bytes + CACHELINE - 1) / CACHELINE * CACHELINE;
}

static inline void batch_free_all(
	const struct batch *batch, const struct alloc_backend *backend)
{
	for (uint32_t i = 0; i < batch->count; i++)
		backend->free(batch->held[i].block);
}

static inline void batch_list_free(
	const struct batch *batch, const struct alloc_backend *backend)
{
	for (; batch != NULL; batch = batch->next)
		batch_free_all(batch, backend);
}

/* The blocks of a list of batches are intact. */
static inline bool batch_list_intact(
	const struct batch *batch, const struct alloc_backend *backend)
{
	for (; batch != NULL; batch = batch->next)
		for (uint32_t i = 0; i < batch->count; i++)
			if (!held_block_intact(&batch->held[i], backend))
				return false;
	return true;
}

/* A stack with one lock; zeroed is empty. */
struct batch_stack {
	struct spin_lock lock;
	_Atomic(struct batch *) top; /* changed under the lock */
};

static inline void batch_push(struct batch_stack *stack, struct batch *batch)
{
	spin_lock(&stack->lock);
	batch->next = atomic_load_explicit(&stack->top, memory_order_relaxed);
	atomic_store_explicit(&stack->top, batch, memory_order_relaxed);
	spin_unlock(&stack->lock);
}

/* Waits until there is one, and takes it or, with `all`, the whole list. */
static inline struct batch *batch_take(struct batch_stack *stack, bool all)
{
	struct spin spin = {0};
	struct batch *batch;

	for (;;) {
		while (atomic_load_explicit(
			       &stack->top, memory_order_relaxed) == NULL)
			spin_once(&spin);
		spin_lock(&stack->lock);
		batch = atomic_load_explicit(&stack->top, memory_order_relaxed);
		if (batch != NULL) {
			atomic_store_explicit(&stack->top,
				all ? NULL : batch->next, memory_order_relaxed);
			if (!all)
				batch->next = NULL;
		}
		spin_unlock(&stack->lock);
		if (batch != NULL)
			return batch;
	}
}

/* A queue of many senders and one receiver, without a lock: senders push on a
 * list, the receiver takes the whole of it and turns it round. */
struct mailbox {
	_Alignas(CACHELINE) _Atomic(struct batch *) newest;
};

static inline void mailbox_post(struct mailbox *mailbox, struct batch *batch)
{
	struct batch *newest =
		atomic_load_explicit(&mailbox->newest, memory_order_relaxed);

	do
		batch->next = newest;
	while (!atomic_compare_exchange_weak_explicit(&mailbox->newest, &newest,
		batch, memory_order_release, memory_order_relaxed));
}

/* All that was posted, oldest first, or NULL; never waits. */
static inline struct batch *mailbox_take(struct mailbox *mailbox)
{
	struct batch *oldest = NULL, *batch;

	if (atomic_load_explicit(&mailbox->newest, memory_order_relaxed) ==
		NULL)
		return NULL;
	batch = atomic_exchange_explicit(
		&mailbox->newest, NULL, memory_order_acquire);
	while (batch != NULL) {
		struct batch *next = batch->next;

		batch->next = oldest;
		oldest = batch;
		batch = next;
	}
	return oldest;
}

/* Takes one batch off a private list that is filled from a mailbox; NULL where
 * both are empty. */
static inline struct batch *mailbox_next(
	struct mailbox *mailbox, struct batch **taken)
{
	struct batch *batch = *taken;

	if (batch == NULL)
		batch = mailbox_take(mailbox);
	if (batch != NULL) {
		*taken = batch->next;
		batch->next = NULL;
	}
	return batch;
}

#endif /* SERIALBENCH_MAILBOX_H */
