// SPDX-License-Identifier: MIT
//
// A recorded program with threads, replayed with a thread for each of them:
// what one thread allocated another one frees as often as in the program, and
// never before it is there. The backend has no lock: all that puts an
// allocation before its free is the replay, and under the thread sanitizer
// what it does not put in order is a race in the records here.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "crew.h"
#include "trace_replay.h"
#include "trace_summary.h"

#define LIVE 0x6c697665u
#define FREED 0x66726565u

/* In front of each block; plain words on purpose. */
struct record {
	void *base;
	size_t size;
	uint64_t maker; /* number of the replay's thread */
	uint32_t state;
};

static const char *path;
static struct trace_summary recorded;
static struct trace_replay_survey survey;

/* Relaxed all: counting puts nothing in order. */
static _Atomic uint64_t made, released, by_others, wrong, of_nothing;

/* A crew's threads are new ones in every turn. */
static _Thread_local uint64_t maker;

static void add(_Atomic uint64_t *count)
{
	atomic_fetch_add_explicit(count, 1, memory_order_relaxed);
}

static struct record *record_of(void *block)
{
	return (struct record *)block - 1;
}

static void *ordered_aligned_alloc(size_t alignment, size_t size)
{
	size_t room = alignment < sizeof(struct record) ? sizeof(struct record)
							: alignment;
	unsigned char *base =
		aligned_alloc(room, (room + size + room) / room * room);

	if (base == NULL)
		return NULL;
	add(&made);
	*record_of(base + room) = (struct record){
		.base = base, .size = size, .maker = maker, .state = LIVE};
	return base + room;
}

static void *ordered_alloc(size_t size)
{
	return ordered_aligned_alloc(sizeof(struct record), size);
}

static void *ordered_calloc(size_t count, size_t size)
{
	void *block = ordered_alloc(count * size);

	return block == NULL ? NULL : memset(block, 0, count * size);
}

static void ordered_free(void *block)
{
	struct record *record;

	if (block == NULL) {
		add(&of_nothing);
		return;
	}
	record = record_of(block);
	if (record->state != LIVE) {
		add(&wrong);
		return;
	}
	record->state = FREED;
	add(&released);
	if (record->maker != maker)
		add(&by_others);
	free(record->base);
}

static void *ordered_realloc(void *block, size_t size)
{
	void *moved = ordered_alloc(size);
	size_t kept;

	if (block == NULL || moved == NULL) {
		add(&of_nothing);
		return moved;
	}
	kept = record_of(block)->size;
	memcpy(moved, block, size < kept ? size : kept);
	ordered_free(block);
	return moved;
}

static size_t ordered_slot_size(const void *block)
{
	return ((const struct record *)block - 1)->size;
}

static enum alloc_check ordered_check(const void *block)
{
	return ((const struct record *)block - 1)->state == LIVE
		? ALLOC_CHECK_OK
		: ALLOC_CHECK_OVERFLOW;
}

static const struct alloc_backend ordered_backend = {
	.abi = ALLOC_BACKEND_ABI,
	.variant = "ordered",
	.serial_scheme = "none",
	.description = "for tests",
	.guarantees = "no number",
	.allocates = true,
	.alloc = ordered_alloc,
	.calloc = ordered_calloc,
	.aligned_alloc = ordered_aligned_alloc,
	.realloc = ordered_realloc,
	.free = ordered_free,
	.slot_size = ordered_slot_size,
	.check = ordered_check,
};

/* The workload with a number for the thread that runs it. */
static struct workload numbered;
static const struct workload *real;

static uint64_t run_numbered(struct workload_thread *thread, uint64_t count)
{
	maker = thread->index + 1;
	return real->run(thread, count);
}

/* The blocks at the moment when the program had most bytes. */
static struct {
	uint64_t checkpoints, bytes;
	struct workload_blocks blocks;
} seen;

/* Each thread's in its turn: the sum is looked at when all have ended. */
static void look(struct workload_thread *thread)
{
	static _Atomic bool busy;
	struct workload_blocks blocks;

	while (atomic_exchange(&busy, true))
		;
	real->live_blocks(thread, &blocks);
	seen.checkpoints++;
	seen.bytes += real->live_bytes(thread);
	seen.blocks.count += blocks.count;
	seen.blocks.slots += blocks.slots;
	atomic_store(&busy, false);
}

static void end_thread(struct workload_thread *thread)
{
	thread->end_asked = true;
}

static const struct workload_host weighing = {
	.end_thread = end_thread, .checkpoint = look, .weighs = true};

static void begin(struct crew *crew, const char *params, bool weighs)
{
	char text[WORKLOAD_TEXT];

	made = released = by_others = wrong = of_nothing = 0;
	memset(&seen, 0, sizeof(seen));
	snprintf(text, sizeof(text), "trace:%s%s", path, params);
	if (crew_begin_under(crew, text, &ordered_backend, survey.threads,
		    weighs ? &weighing : NULL) != 0)
		fail_msg("%s: no set-up", text);
	real = crew->instance.workload;
	numbered = *real;
	numbered.run = run_numbered;
	crew->instance.workload = &numbered;
}

/* Whole passes: as many half operations as all threads do in pairs. */
static uint64_t passes_of(uint64_t operations)
{
	uint64_t halves = 2 * operations * survey.threads;

	assert_int_equal(halves % survey.halves, 0);
	return halves / survey.halves;
}

/* Operations of each thread that end with a pass. */
static uint64_t whole_passes(void)
{
	uint64_t operations = survey.halves / 2;

	return operations % survey.threads == 0 ? operations / survey.threads
						: operations;
}

static void frees_stay_in_order(void **state)
{
	static const char *const params[] = {"", ",window=4"};
	uint64_t operations = whole_passes(), passes = passes_of(operations);
	uint64_t others =
		recorded.freed_by_others + recorded.reallocated_by_others;

	(void)state;
	assert_true(survey.threads >= 3);
	assert_int_equal(survey.threads, recorded.threads);
	assert_true(others > 1000);
	for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++) {
		struct crew crew;

		begin(&crew, params[i], false);
		crew_run(&crew, operations);
		assert_int_equal(wrong, 0);
		assert_int_equal(of_nothing, 0);
		assert_int_equal(made, recorded.allocations * passes);
		assert_int_equal(released, made);
		assert_int_equal(by_others, others * passes);
		assert_int_equal(crew_verify(&crew), 0);
		crew_end(&crew);
		assert_int_equal(released, made);
		assert_int_equal(wrong, 0);
	}
}

/* All threads stop for it once, whatever the turns and windows are. */
static void weighed_at_the_peak(void **state)
{
	static const uint64_t turns[] = {1000000, 777};
	static const char *const params[] = {"", ",window=4"};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct crew crew;
		uint64_t left;

		begin(&crew, params[i / 2], true);
		left = real->course(&crew.instance);
		assert_true(left * 2 * survey.threads >= survey.halves);
		while (left > 0) {
			uint64_t now =
				left < turns[i % 2] ? left : turns[i % 2];

			crew_run(&crew, now);
			left -= now;
		}
		assert_int_equal(seen.checkpoints, survey.threads);
		assert_int_equal(seen.blocks.count, recorded.blocks_at_peak);
		assert_int_equal(seen.bytes, recorded.peak_bytes);
		assert_int_equal(seen.blocks.slots, recorded.peak_bytes);
		assert_int_equal(crew_verify(&crew), 0);
		crew_end(&crew);
		assert_int_equal(wrong, 0);
		assert_int_equal(released, made);
	}
}

static int read_trace(void)
{
	struct trace_reader reader;
	struct error error;
	int result = trace_reader_open(&reader, path, &error);

	if (result == 0)
		result = trace_summary_read(&reader, &recorded, &error);
	if (result == 0)
		result = trace_replay_survey(&reader, &survey, &error);
	if (result != 0)
		fprintf(stderr, "%s\n", error.text);
	trace_reader_finish(&reader);
	return result;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frees_stay_in_order),
		cmocka_unit_test(weighed_at_the_peak),
	};

	path = argc == 2 ? argv[1] : "";
	return read_trace() != 0 ? 2
				 : cmocka_run_group_tests(tests, NULL, NULL);
}
