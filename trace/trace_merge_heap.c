// SPDX-License-Identifier: MIT
#include "trace_merge_heap.h"

static bool earlier(const struct trace_merge *merge, uint32_t a, uint32_t b)
{
	uint64_t left = merge->threads[a].next.time;
	uint64_t right = merge->threads[b].next.time;

	return left < right || (left == right && a < b);
}

void trace_merge_enter(struct trace_merge *merge, uint32_t thread)
{
	uint32_t place = merge->heap_count++;

	while (place > 0 &&
		earlier(merge, thread, merge->heap[(place - 1) / 2])) {
		merge->heap[place] = merge->heap[(place - 1) / 2];
		place = (place - 1) / 2;
	}
	merge->heap[place] = thread;
}

/* Puts a thread into the place of the first and brings it where it belongs. */
static void sift_down(struct trace_merge *merge, uint32_t thread)
{
	uint32_t place = 0, child;

	while ((child = 2 * place + 1) < merge->heap_count) {
		if (child + 1 < merge->heap_count &&
			earlier(merge, merge->heap[child + 1],
				merge->heap[child]))
			child++;
		if (!earlier(merge, merge->heap[child], thread))
			break;
		merge->heap[place] = merge->heap[child];
		place = child;
	}
	merge->heap[place] = thread;
}

void trace_merge_leave(struct trace_merge *merge)
{
	uint32_t last = merge->heap[--merge->heap_count];

	if (merge->heap_count > 0)
		sift_down(merge, last);
}
