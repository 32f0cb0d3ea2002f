// SPDX-License-Identifier: MIT
//
// The timed loop of a replay.
#include "replay_worker.h"

#include "spin.h"

/* Words between two messages to the others about how far this worker is. */
#define NEWS 64

/* Words ahead whose slots are fetched. */
#define FETCH 8

static void publish(const struct replay_worker *worker, uint32_t word)
{
	atomic_store_explicit(&worker->progress[worker->index].words,
		worker->before[worker->index] + word, memory_order_release);
}

/* Waits until another worker of the copy has done so many words. */
static void wait_for(
	struct replay_worker *worker, uint32_t other, uint64_t words)
{
	struct spin spin = {0};

	while (worker->seen[other] < words) {
		worker->seen[other] = atomic_load_explicit(
			&worker->progress[other].words, memory_order_acquire);
		if (worker->seen[other] < words)
			spin_once(&spin);
	}
}

/* Others may wait for this one while it waits. */
static NOINLINE void meet_word(
	struct replay_worker *worker, uint64_t word, uint32_t at)
{
	uint32_t other = trace_replay_number(word);
	int64_t words = (int64_t)worker->before[other] +
		(int32_t)trace_replay_value(word);

	if (words <= (int64_t)worker->seen[other])
		return;
	publish(worker, at);
	wait_for(worker, other, (uint64_t)words);
}

/* What a slot holds now. `null` has no block above 256 MiB, and an allocator
 * may have none at all. */
ALWAYS_INLINE void keep(struct replay_worker *worker, struct replay_slot *slot,
	uint32_t number, void *block, size_t size)
{
	unsigned char *bytes = opaque_pointer(block);

	slot->block = bytes;
	slot->size = size;
	if (UNLIKELY(bytes == NULL)) {
		worker->missing++;
	} else if (LIKELY(size > 0)) {
		bytes[0] = (unsigned char)number;
		bytes[size - 1] = (unsigned char)number;
	}
}

ALWAYS_INLINE void resize(struct replay_worker *worker,
	struct replay_slot *slot, uint32_t number, size_t size)
{
	size_t kept = size < slot->size ? size : slot->size;
	unsigned char *block =
		opaque_pointer(worker->backend->realloc(slot->block, size));

	/* The old block is as it was. */
	if (UNLIKELY(block == NULL)) {
		worker->missing++;
		return;
	}
	if (LIKELY(kept > 0)) {
		worker->torn |= block[0] ^ (unsigned char)number;
		/* What the last byte was is known where it is still one. */
		if (kept == slot->size)
			worker->torn |= block[kept - 1] ^ (unsigned char)number;
	}
	keep(worker, slot, number, block, size);
}

static NOINLINE void do_large(struct replay_worker *worker,
	struct replay_slot *slot, uint64_t word, size_t size)
{
	const struct alloc_backend *backend = worker->backend;
	uint32_t number = trace_replay_number(word);

	switch (trace_replay_value(word)) {
	case TRACE_REPLAY_REALLOC:
		resize(worker, slot, number, size);
		return;
	case TRACE_REPLAY_CALLOC:
		keep(worker, slot, number, backend->calloc(1, size), size);
		return;
	default:
		keep(worker, slot, number, backend->alloc(size), size);
	}
}

/* Those that are seldom. Returns how many words more were taken. */
static NOINLINE uint32_t do_other(
	struct replay_worker *worker, const uint64_t *words, uint32_t at)
{
	const struct alloc_backend *backend = worker->backend;
	uint64_t word = words[at];
	uint32_t number = trace_replay_number(word);
	struct replay_slot *slot = &worker->slots[number];
	size_t size = trace_replay_value(word);

	switch (trace_replay_kind(word)) {
	case TRACE_REPLAY_REALLOC:
		resize(worker, slot, number, size);
		return 0;
	case TRACE_REPLAY_CALLOC:
		keep(worker, slot, number, backend->calloc(1, size), size);
		return 0;
	case TRACE_REPLAY_LARGE:
		do_large(worker, slot, word, words[at + 1]);
		return 1;
	case TRACE_REPLAY_ALIGNED:
		keep(worker, slot, number,
			backend->aligned_alloc(
				(size_t)1 << size, words[at + 1]),
			words[at + 1]);
		return 1;
	default:
		meet_word(worker, word, at);
		return 0;
	}
}

/* What the program did between two calls. Others that wait for this worker see
 * first how far it is. */
static NOINLINE void think_before(
	const struct replay_worker *worker, uint64_t word, uint32_t at)
{
	publish(worker, at);
	private_work(trace_replay_value(word));
}

ALWAYS_INLINE uint32_t do_words(struct replay_worker *worker,
	const uint64_t *words, uint32_t at, uint32_t end, unsigned think)
{
	const struct alloc_backend *backend = opaque_pointer(worker->backend);
	void *(*alloc)(size_t) = backend->alloc;
	void (*release)(void *) = backend->free;
	struct replay_slot *slots = worker->slots;
	uint64_t sum = 0;

	for (; at < end; at++) {
		uint64_t word = words[at];
		uint32_t number = trace_replay_number(word);

		__builtin_prefetch(
			&slots[trace_replay_number(words[at + FETCH])], 1);
		sum += word;
		if (trace_replay_kind(word) == TRACE_REPLAY_FREE) {
			release(slots[number].block);
			slots[number].block = NULL;
		} else if (trace_replay_kind(word) == TRACE_REPLAY_ALLOC) {
			size_t size = trace_replay_value(word);

			keep(worker, &slots[number], number, alloc(size), size);
		} else if (trace_replay_kind(word) == TRACE_REPLAY_THINK) {
			think_before(worker, word, at);
			continue;
		} else {
			at += do_other(worker, words, at);
		}
		private_work(think);
	}
	worker->sum += sum;
	return at;
}

static void do_stream(struct replay_worker *worker, uint32_t end)
{
	const struct trace_replay_stream *stream =
		&worker->feed->windows[worker->window]->streams[worker->index];

	while (worker->next < end) {
		uint32_t stop =
			end - worker->next > NEWS ? worker->next + NEWS : end;

		worker->next = worker->think == 0
			? do_words(worker, stream->words, worker->next, stop, 0)
			: do_words(worker, stream->words, worker->next, stop,
				  worker->think);
		publish(worker, worker->next);
	}
}

/* The first word of the stream that is not before a position. */
static uint32_t find_word(
	const struct trace_replay_stream *stream, uint64_t position)
{
	uint32_t low = 0, high = stream->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (stream->positions[middle] < position)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void enter_next_window(struct replay_worker *worker)
{
	const struct replay_feed *feed = worker->feed;
	const struct trace_replay_window *window =
		feed->windows[worker->window];

	for (uint32_t i = 0; i < worker->workers; i++)
		worker->before[i] += window->streams[i].count;
	worker->begin += window->halves;
	worker->next = 0;
	worker->window = feed->whole ? 0 : 1 - worker->window;
	publish(worker, 0);
	/* The trace begins anew, and with it the numbers of blocks. */
	for (uint32_t i = 0;
		feed->windows[worker->window]->first && i < worker->workers;
		i++)
		wait_for(worker, i, worker->before[i]);
}

void replay_worker_run(struct replay_worker *worker, uint64_t position)
{
	for (;;) {
		const struct trace_replay_window *window =
			worker->feed->windows[worker->window];
		const struct trace_replay_stream *stream =
			&window->streams[worker->index];
		uint64_t left = position - worker->begin;

		do_stream(worker,
			left >= window->halves ? stream->count
					       : find_word(stream, left));
		if (left <= window->halves)
			break;
		enter_next_window(worker);
	}
	worker->position = position;
}
