// SPDX-License-Identifier: MIT
//
// Batches that go from each thread to the next, to be freed there: what acdc
// and lifo-reverse share. The shared bytes are an inbox for each thread, then
// the batches, so many of each thread, all of one capacity. Some of them are
// in the inbox before the first turn, and what is under way stays as much.
#ifndef SERIALBENCH_PASS_ON_H
#define SERIALBENCH_PASS_ON_H

#include "mailbox.h"
#include "workload.h"

/* Batches in the inbox of each thread at first. */
#define PASS_STOCK 8

static inline size_t pass_on_bytes(
	unsigned threads, uint64_t of_thread, uint64_t capacity)
{
	return threads *
		(sizeof(struct mailbox) + of_thread * batch_bytes(capacity));
}

static inline struct mailbox *pass_on_inbox(
	const struct workload_instance *instance, unsigned thread)
{
	struct mailbox *inboxes = instance->shared;

	return &inboxes[thread % instance->threads];
}

/* The index-th batch of a thread, full where all of its blocks are there. */
static inline struct batch *pass_on_batch(const struct workload_thread *thread,
	uint64_t index, uint64_t of_thread, uint64_t capacity)
{
	const struct workload_instance *instance = thread->instance;
	unsigned char *memory = (unsigned char *)pass_on_inbox(instance, 0) +
		instance->threads * sizeof(struct mailbox);
	struct batch *batch = (struct batch *)(memory +
		(thread->index * of_thread + index) * batch_bytes(capacity));

	batch->count = (uint32_t)capacity;
	return batch;
}

/* Sends a batch on, and takes one that was sent here to be freed in its place;
 * the same batch where none has come. So a thread that is about to free n
 * blocks frees n, whoever is behind. `taken` is the thread's own list. */
static inline struct batch *pass_on(const struct workload_thread *thread,
	struct batch **taken, struct batch *batch)
{
	const struct workload_instance *instance = thread->instance;
	struct batch *come =
		mailbox_next(pass_on_inbox(instance, thread->index), taken);

	if (come == NULL)
		return batch;
	mailbox_post(pass_on_inbox(instance, thread->index + 1), batch);
	return come;
}

/* What is under way to the thread is intact; not while others run. */
static inline bool pass_on_intact(
	const struct workload_thread *thread, const struct batch *taken)
{
	const struct workload_instance *instance = thread->instance;
	struct mailbox *inbox = pass_on_inbox(instance, thread->index);

	return batch_list_intact(taken, instance->backend) &&
		batch_list_intact(
			atomic_load(&inbox->newest), instance->backend);
}

/* Frees what is under way to the thread. */
static inline void pass_on_finish(
	const struct workload_thread *thread, struct batch **taken)
{
	const struct workload_instance *instance = thread->instance;

	batch_list_free(*taken, instance->backend);
	batch_list_free(mailbox_take(pass_on_inbox(instance, thread->index)),
		instance->backend);
	*taken = NULL;
}

#endif /* SERIALBENCH_PASS_ON_H */
