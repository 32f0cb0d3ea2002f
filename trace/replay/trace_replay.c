// SPDX-License-Identifier: MIT
#include "trace_replay.h"

#include <stdio.h>
#include <stdlib.h>

#include "trace_live.h"
#include "trace_merge.h"
#include "trace_replay_gaps.h"
#include "trace_replay_slots.h"
#include "trace_replay_threads.h"

/* Slots are handed to workers so many at a time, so that two workers' slots
 * share no cache line. */
#define SLOT_RUN 64

/* Blocks that another worker frees wait until so many are there: their users
 * then hardly ever have to wait for that worker. */
#define REMOTE_SLOTS 1024

/* Words of one event: a gap, two waits, and an operation of two. */
#define EVENT_WORDS 5

struct trace_replay {
	const struct trace_reader *reader;
	uint32_t workers;
	struct trace_merge *merge; /* NULL: before the trace's first event */
	struct trace_replay_threads threads;
	struct trace_replay_gaps gaps;
	/* Live blocks: bytes is the slot, born the worker that made it and
	 * born_bytes the words of its stream up to then. */
	struct trace_live blocks;
	uint32_t *homes; /* by run of slots: the worker that has it */
	uint32_t run_count, run_limit;
	struct trace_slots *slots; /* by worker */
	uint64_t *words; /* by worker: in its stream, all windows */
	uint64_t *window_words; /* the same before this window */
	uint64_t *known; /* [waiter][worker]: words that were waited for */
	/* At the end: the blocks that are left, by slot. */
	struct trace_live_block *rest;
	size_t rest_count, rest_next;
	struct trace_replay_window *window;
	uint32_t put; /* words in it */
};

static int fail(const struct trace_replay *replay, const char *what,
	struct error *error)
{
	return error_set(error, "%s: %s", replay->reader->path, what);
}

struct trace_replay *trace_replay_create(const struct trace_reader *reader,
	uint32_t workers, uint32_t pace, struct error *error)
{
	struct trace_replay *replay = calloc(1, sizeof(*replay));

	error_set(error, "%s: no memory for %u workers", reader->path, workers);
	if (replay == NULL)
		return NULL;
	replay->reader = reader;
	replay->workers = workers;
	replay->slots = calloc(workers, sizeof(*replay->slots));
	replay->words = calloc(workers, sizeof(*replay->words));
	replay->window_words = calloc(workers, sizeof(*replay->window_words));
	replay->known =
		calloc((size_t)workers * workers, sizeof(*replay->known));
	if (replay->slots != NULL && replay->words != NULL &&
		replay->window_words != NULL && replay->known != NULL &&
		trace_replay_threads_init(&replay->threads, reader, workers) ==
			0 &&
		trace_replay_gaps_init(&replay->gaps, reader, pace) == 0)
		return replay;
	trace_replay_destroy(replay);
	return NULL;
}

void trace_replay_destroy(struct trace_replay *replay)
{
	if (replay == NULL)
		return;
	trace_merge_destroy(replay->merge);
	trace_replay_threads_finish(&replay->threads);
	trace_replay_gaps_finish(&replay->gaps);
	trace_live_finish(&replay->blocks);
	for (uint32_t i = 0; replay->slots != NULL && i < replay->workers; i++)
		trace_slots_finish(&replay->slots[i]);
	free(replay->slots);
	free(replay->homes);
	free(replay->words);
	free(replay->window_words);
	free(replay->known);
	free(replay->rest);
	free(replay);
}

static void put(struct trace_replay *replay, uint32_t worker, uint64_t word)
{
	struct trace_replay_window *window = replay->window;
	struct trace_replay_stream *stream = &window->streams[worker];

	stream->words[stream->count] = word;
	stream->positions[stream->count] = (uint32_t)window->halves;
	stream->count++;
	replay->words[worker]++;
	replay->put++;
}

/* The worker goes on when another has done so many words of its stream. What
 * was done two windows ago, or was waited for before, is known. */
static void wait_for(struct trace_replay *replay, uint32_t waiter,
	uint32_t worker, uint64_t words)
{
	uint64_t *known =
		&replay->known[(size_t)waiter * replay->workers + worker];
	int64_t from_window = (int64_t)(words - replay->window_words[worker]);

	if (waiter == worker || *known >= words || from_window < INT32_MIN)
		return;
	*known = words;
	put(replay, waiter,
		trace_replay_word(TRACE_REPLAY_WAIT, worker,
			(uint32_t)(int32_t)from_window));
}

/* Numbers that no block had yet, for a worker. 0, or -1. */
static int new_run(struct trace_replay *replay, uint32_t worker)
{
	struct trace_slots *slots = &replay->slots[worker];

	if (replay->run_count == replay->run_limit) {
		uint32_t limit =
			replay->run_limit > 0 ? 2 * replay->run_limit : 64;
		uint32_t *homes =
			reallocarray(replay->homes, limit, sizeof(*homes));

		if (homes == NULL)
			return -1;
		replay->homes = homes;
		replay->run_limit = limit;
	}
	if (replay->run_count >= TRACE_REPLAY_NUMBERS / SLOT_RUN)
		return -1;
	replay->homes[replay->run_count] = worker;
	slots->next = replay->run_count++ * SLOT_RUN;
	slots->end = slots->next + SLOT_RUN;
	return 0;
}

/* A slot for a worker's new block. 0, or -1. */
static int take_slot(
	struct trace_replay *replay, uint32_t worker, uint32_t *slot)
{
	struct trace_slots *slots = &replay->slots[worker];
	const struct trace_remote_slot *oldest = trace_slots_oldest(slots);

	if (trace_slots_take(slots, slot))
		return 0;
	if (oldest != NULL && slots->remote_count > REMOTE_SLOTS) {
		wait_for(replay, worker, oldest->worker, oldest->word);
		*slot = oldest->slot;
		trace_slots_drop_oldest(slots);
		return 0;
	}
	if (slots->next == slots->end && new_run(replay, worker) != 0)
		return -1;
	*slot = slots->next++;
	return 0;
}

/* The slot of a block that a worker has just freed. 0, or -1. */
static int give_slot(
	struct trace_replay *replay, uint32_t worker, uint32_t slot)
{
	uint32_t home = replay->homes[slot / SLOT_RUN];

	if (home == worker)
		return trace_slots_give(&replay->slots[worker], slot);
	return trace_slots_give_remote(&replay->slots[home],
		(struct trace_remote_slot){
			slot, worker, replay->words[worker]});
}

static unsigned log2_of(uint64_t power)
{
	return (unsigned)__builtin_ctzll(power);
}

/* The call that makes a block. */
static void put_call(struct trace_replay *replay, uint32_t worker,
	const struct trace_event *event, uint32_t slot)
{
	uint64_t size = trace_event_bytes(event);
	enum trace_replay_kind kind = TRACE_REPLAY_ALLOC;

	if (event->kind == TRACE_CALLOC)
		kind = TRACE_REPLAY_CALLOC;
	if (event->kind == TRACE_REALLOC && event->old != 0)
		kind = TRACE_REPLAY_REALLOC;
	/* Any block is aligned to a word. */
	if (event->alignment > sizeof(void *)) {
		put(replay, worker,
			trace_replay_word(TRACE_REPLAY_ALIGNED, slot,
				log2_of(event->alignment)));
		put(replay, worker, size);
	} else if (size > UINT32_MAX) {
		put(replay, worker,
			trace_replay_word(TRACE_REPLAY_LARGE, slot, kind));
		put(replay, worker, size);
	} else {
		put(replay, worker,
			trace_replay_word(kind, slot, (uint32_t)size));
	}
	replay->window->halves += kind == TRACE_REPLAY_REALLOC ? 2 : 1;
}

static void put_gap(struct trace_replay *replay, uint32_t worker,
	const struct trace_event *event)
{
	uint32_t cycles = trace_replay_gaps_take(&replay->gaps, event);

	if (cycles > 0)
		put(replay, worker,
			trace_replay_word(TRACE_REPLAY_THINK, 0, cycles));
}

/* Calls that failed and frees of nothing have no part in a replay. 0, or -1
 * where there is no memory or no number for a slot. */
static int add_event(struct trace_replay *replay, uint32_t worker,
	const struct trace_event *event)
{
	struct trace_live_block old, block = {.id = event->block};
	uint32_t slot = 0;

	if (event->outcome == TRACE_FAILED ||
		(event->old == 0 && event->block == 0))
		return 0;
	put_gap(replay, worker, event);
	if (event->old != 0) {
		if (!trace_live_take(&replay->blocks, event->old, &old))
			return -1;
		slot = (uint32_t)old.bytes;
		wait_for(replay, worker, (uint32_t)old.born, old.born_bytes);
	}
	if (event->block == 0) {
		put(replay, worker,
			trace_replay_word(TRACE_REPLAY_FREE, slot, 0));
		replay->window->halves++;
		return give_slot(replay, worker, slot);
	}
	if (event->old == 0 && take_slot(replay, worker, &slot) != 0)
		return -1;
	put_call(replay, worker, event, slot);
	block.bytes = slot;
	block.born = worker;
	block.born_bytes = replay->words[worker];
	return trace_live_add(&replay->blocks, &block);
}

static int by_slot(const void *a, const void *b)
{
	uint64_t left = ((const struct trace_live_block *)a)->bytes;
	uint64_t right = ((const struct trace_live_block *)b)->bytes;

	return left < right ? -1 : left > right;
}

/* The trace has ended: what is live is freed, by slot. 0, or -1. */
static int begin_end(struct trace_replay *replay)
{
	struct trace_live *live = &replay->blocks;

	replay->rest =
		reallocarray(NULL, live->count + 1, sizeof(*replay->rest));
	if (replay->rest == NULL)
		return -1;
	replay->rest_count = replay->rest_next = 0;
	for (size_t i = 0; i < live->limit; i++)
		if (live->places[i].id != 0)
			replay->rest[replay->rest_count++] = live->places[i];
	qsort(replay->rest, replay->rest_count, sizeof(*replay->rest), by_slot);
	trace_live_finish(live);
	trace_merge_destroy(replay->merge);
	replay->merge = NULL;
	return 0;
}

/* Nothing is live, no slot is in use. */
static void forget(struct trace_replay *replay)
{
	free(replay->rest);
	replay->rest = NULL;
	replay->run_count = 0;
	for (uint32_t i = 0; i < replay->workers; i++)
		trace_slots_clear(&replay->slots[i]);
	trace_replay_threads_clear(&replay->threads);
	trace_replay_gaps_clear(&replay->gaps);
}

/* All streams together have room for as much as one may hold. */
static bool has_room(const struct trace_replay *replay)
{
	return replay->put + EVENT_WORDS <= replay->window->room;
}

/* Fills from the trace: 1 where the window is full, 0 at the end, -1. */
static int fill_from_trace(struct trace_replay *replay, struct error *error)
{
	struct trace_event event;

	while (has_room(replay)) {
		int result =
			trace_merge_next(replay->merge, &event, NULL, error);
		uint32_t worker;

		if (result <= 0)
			return result;
		trace_replay_gaps_see(&replay->gaps, &event);
		worker = trace_replay_threads_next(&replay->threads, &event);
		if (add_event(replay, worker, &event) != 0)
			return fail(replay,
				"no memory for live blocks, or more than 2^28 "
				"of them",
				error);
	}
	return 1;
}

/* Frees what is left: 1 where the window is full, 0 at the end. */
static int fill_from_rest(struct trace_replay *replay)
{
	while (replay->rest_next < replay->rest_count) {
		const struct trace_live_block *block =
			&replay->rest[replay->rest_next];

		if (!has_room(replay))
			return 1;
		put(replay, (uint32_t)block->born,
			trace_replay_word(
				TRACE_REPLAY_FREE, (uint32_t)block->bytes, 0));
		replay->window->halves++;
		replay->rest_next++;
	}
	return 0;
}

static void begin_window(
	struct trace_replay *replay, struct trace_replay_window *window)
{
	replay->window = window;
	replay->put = 0;
	window->halves = 0;
	window->first = replay->merge == NULL && replay->rest == NULL;
	window->last = false;
	for (uint32_t i = 0; i < replay->workers; i++) {
		window->streams[i].count = 0;
		replay->window_words[i] = replay->words[i];
	}
}

int trace_replay_fill(struct trace_replay *replay,
	struct trace_replay_window *window, struct error *error)
{
	int result = 0;

	begin_window(replay, window);
	if (window->first)
		replay->merge = trace_merge_create(replay->reader, error);
	if (window->first && replay->merge == NULL)
		return -1;
	if (replay->merge != NULL) {
		result = fill_from_trace(replay, error);
		if (result < 0)
			return -1;
		if (result == 0 && begin_end(replay) != 0)
			return fail(replay, "no memory for live blocks", error);
	}
	window->slots = replay->run_count * SLOT_RUN;
	if (result == 0 && fill_from_rest(replay) == 0) {
		window->last = true;
		forget(replay);
	}
	/* The window before it ended with the trace, as it turns out. */
	if (window->halves == 0 && !window->first)
		return trace_replay_fill(replay, window, error);
	if (window->halves == 0)
		return fail(replay,
			"no block is allocated: allowed is a trace "
			"of one or more",
			error);
	return 0;
}
