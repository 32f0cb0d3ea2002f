// SPDX-License-Identifier: MIT
//
// Chooses among the threads in the heap of trace_merge_heap.h. A thread whose
// next event has to wait leaves the heap for the list of the thread it waits
// for.
#include <stdio.h>
#include <stdlib.h>

#include "trace_merge_heap.h"

#define NOBODY UINT32_MAX

static int fail(
	const struct trace_merge *merge, uint32_t thread, const char *what)
{
	return trace_cursor_fail(&merge->threads[thread].cursor,
		&merge->threads[thread].next, what, merge->error);
}

/* Reads a thread's next event: 1, 0 where there is none, -1. */
static int load(struct trace_merge *merge, uint32_t index)
{
	struct merge_thread *thread = &merge->threads[index];
	int result =
		trace_cursor_next(&thread->cursor, &thread->next, merge->error);

	if (result == 0)
		thread->state = OVER;
	if (result == 1 && thread->has_ended)
		return fail(merge, index,
			"an event behind the thread's end: allowed is none");
	return result;
}

static int start(struct trace_merge *merge, uint32_t index)
{
	int result = load(merge, index);

	if (result == 1) {
		merge->threads[index].state = READY;
		trace_merge_enter(merge, index);
	}
	return result < 0 ? -1 : 0;
}

struct trace_merge *trace_merge_create(
	const struct trace_reader *reader, struct error *error)
{
	struct trace_merge *merge = calloc(1,
		sizeof(*merge) +
			reader->thread_count * sizeof(merge->threads[0]));

	if (merge != NULL)
		merge->heap =
			calloc(reader->thread_count + 1, sizeof(*merge->heap));
	if (merge == NULL || merge->heap == NULL) {
		error_set(error, "%s: no memory for %u threads", reader->path,
			reader->thread_count);
		free(merge);
		return NULL;
	}
	merge->reader = reader;
	merge->whole = trace_reader_is_whole(reader);
	merge->error = error;
	for (uint32_t i = 0; i < reader->thread_count; i++) {
		struct merge_thread *thread = &merge->threads[i];

		trace_cursor_init(&thread->cursor, reader, i);
		thread->waiters = NOBODY;
		if (reader->threads[i].parent != TRACE_NO_PARENT)
			continue;
		if (start(merge, i) != 0) {
			trace_merge_destroy(merge);
			return NULL;
		}
	}
	return merge;
}

void trace_merge_destroy(struct trace_merge *merge)
{
	if (merge == NULL)
		return;
	for (uint32_t i = 0; i < merge->reader->thread_count; i++)
		trace_cursor_finish(&merge->threads[i].cursor);
	trace_live_finish(&merge->live);
	free(merge->heap);
	free(merge);
}

/* The thread's rest is left out, since it hangs on what is missing. */
static int cut(struct trace_merge *merge, uint32_t index, const char *what)
{
	if (merge->whole)
		return fail(merge, index, what);
	merge->threads[index].state = CUT;
	trace_cursor_finish(&merge->threads[index].cursor);
	return 0;
}

/* Whether the next event of the heap's first thread may come now: 1, or 0
 * where the thread has left the heap, or -1. */
static int may_come(struct trace_merge *merge, uint32_t index)
{
	struct merge_thread *thread = &merge->threads[index];
	uint32_t number = trace_block_thread(thread->next.old);
	uint64_t count = trace_block_count(thread->next.old);
	uint32_t owner;

	if (thread->next.old == 0 || number == thread->next.thread)
		return 1;
	owner = trace_reader_thread(merge->reader, number);
	if (owner == UINT32_MAX ||
		count > merge->reader->threads[owner].blocks) {
		trace_merge_leave(merge);
		return cut(merge, index,
			"a block that is never allocated: allowed are blocks "
			"of the trace");
	}
	if (count <= merge->threads[owner].blocks)
		return 1;
	trace_merge_leave(merge);
	thread->state = WAITING;
	thread->awaited = count;
	thread->next_waiter = merge->threads[owner].waiters;
	merge->threads[owner].waiters = index;
	return 0;
}

/* Those that waited for a block that is there now go back into the heap. */
static void wake(struct trace_merge *merge, uint32_t owner)
{
	uint32_t *link = &merge->threads[owner].waiters;

	while (*link != NOBODY) {
		struct merge_thread *waiter = &merge->threads[*link];

		if (waiter->awaited > merge->threads[owner].blocks) {
			link = &waiter->next_waiter;
			continue;
		}
		/* It may have been cut meanwhile. */
		if (waiter->state == WAITING) {
			waiter->state = READY;
			trace_merge_enter(merge, *link);
		}
		*link = waiter->next_waiter;
	}
}

static int take_old(struct trace_merge *merge, uint32_t index,
	struct trace_live_block *ended)
{
	const struct trace_event *event = &merge->threads[index].next;

	*ended = (struct trace_live_block){0};
	if (event->old == 0)
		return 0;
	if (!trace_live_take(&merge->live, event->old, ended))
		return fail(merge, index,
			event->kind == TRACE_FREE
				? "frees a block a second time: allowed is a "
				  "live one"
				: "reallocates a block that is freed: allowed "
				  "is a live one");
	if (event->outcome == TRACE_FAILED)
		return trace_live_add(&merge->live, ended) == 0
			? 0
			: fail(merge, index, "no memory for live blocks");
	merge->live_bytes -= ended->bytes;
	return 0;
}

static int add_new(struct trace_merge *merge, uint32_t index)
{
	const struct trace_event *event = &merge->threads[index].next;
	struct trace_live_block block = {
		.id = event->block,
		.bytes = trace_event_bytes(event),
		.born = merge->allocations,
		.born_bytes = merge->allocated_bytes,
	};

	if (event->block == 0)
		return 0;
	if (trace_live_add(&merge->live, &block) != 0)
		return fail(merge, index, "no memory for live blocks");
	merge->allocations++;
	merge->allocated_bytes += block.bytes;
	merge->live_bytes += block.bytes;
	merge->threads[index].blocks++;
	return 0;
}

/* A thread that has events begins; one that has none is none of ours. */
static int create_thread(struct trace_merge *merge, uint32_t index)
{
	const struct trace_event *event = &merge->threads[index].next;
	uint32_t child = trace_reader_thread(merge->reader, event->other);

	if (event->kind != TRACE_THREAD_CREATE || child == UINT32_MAX)
		return 0;
	if (merge->reader->threads[child].parent != event->thread)
		return fail(merge, index,
			"creates a thread whose chunks name another parent: "
			"allowed is a child of this thread");
	if (merge->threads[child].state != NOT_CREATED)
		return fail(merge, index,
			"creates a thread a second time: allowed is once");
	return start(merge, child);
}

/* Threads whose creation is missing begin after all: 1 where one does. */
static int start_orphan(struct trace_merge *merge)
{
	while (merge->orphans < merge->reader->thread_count) {
		uint32_t i = merge->orphans++;

		if (merge->threads[i].state != NOT_CREATED)
			continue;
		if (merge->whole)
			return fail(merge, i,
				"a thread that its parent never creates: "
				"allowed is one that it does");
		if (start(merge, i) != 0)
			return -1;
		if (merge->heap_count > 0)
			return 1;
	}
	return 0;
}

/* Threads that wait for each other. */
static int cut_waiting(struct trace_merge *merge)
{
	for (uint32_t i = 0; i < merge->reader->thread_count; i++)
		if (merge->threads[i].state == WAITING &&
			cut(merge, i,
				"waits for a block whose allocation waits for "
				"this thread: allowed is an order") != 0)
			return -1;
	return 0;
}

/* The heap is empty: threads that are left hang on each other, or on an event
 * that is missing. 1 where one of them could begin after all. */
static int look_after_rest(struct trace_merge *merge)
{
	int result = merge->whole ? cut_waiting(merge) : 0;

	if (result == 0)
		result = start_orphan(merge);
	return result == 0 && !merge->whole ? cut_waiting(merge) : result;
}

/* The thread whose event comes next; NOBODY where there is none. 0, or -1. */
static int choose(struct trace_merge *merge, uint32_t *chosen)
{
	int result = 0;

	while (result == 0) {
		if (merge->heap_count == 0) {
			*chosen = NOBODY;
			result = look_after_rest(merge);
			if (result <= 0)
				return result;
		}
		*chosen = merge->heap[0];
		result = may_come(merge, *chosen);
	}
	return result < 0 ? -1 : 0;
}

/* Does what the event says, and reads the thread's next. */
static int pass(struct trace_merge *merge, uint32_t index,
	struct trace_live_block *ended)
{
	struct merge_thread *thread = &merge->threads[index];
	int result;

	if (take_old(merge, index, ended) != 0 || add_new(merge, index) != 0 ||
		create_thread(merge, index) != 0)
		return -1;
	thread->has_ended |= thread->next.kind == TRACE_THREAD_END;
	thread->given++;
	result = load(merge, index);
	return result < 0 ? -1 : 0;
}

int trace_merge_next(struct trace_merge *merge, struct trace_event *event,
	struct trace_live_block *ended, struct error *error)
{
	struct trace_live_block scrap;
	uint32_t index;

	merge->error = error;
	if (choose(merge, &index) != 0)
		return -1;
	if (index == NOBODY)
		return 0;
	/* While it is not in the heap its time may change. */
	trace_merge_leave(merge);
	*event = merge->threads[index].next;
	if (pass(merge, index, ended != NULL ? ended : &scrap) != 0)
		return -1;
	if (merge->threads[index].state != OVER)
		trace_merge_enter(merge, index);
	wake(merge, index);
	return 1;
}

uint64_t trace_merge_live(const struct trace_merge *merge)
{
	return merge->live.count;
}

uint64_t trace_merge_live_bytes(const struct trace_merge *merge)
{
	return merge->live_bytes;
}

uint64_t trace_merge_allocations(const struct trace_merge *merge)
{
	return merge->allocations;
}

uint64_t trace_merge_allocated_bytes(const struct trace_merge *merge)
{
	return merge->allocated_bytes;
}

uint64_t trace_merge_given(const struct trace_merge *merge, uint32_t index)
{
	return merge->threads[index].given;
}
