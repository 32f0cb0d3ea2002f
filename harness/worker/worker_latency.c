// SPDX-License-Identifier: MIT
//
// The time of single calls (closed loop) and of operations from when they were
// due (open loop), while a workload runs. Nothing is allocated: the histograms
// stand behind the lane.
#include "prng.h"
#include "tsc.h"
#include "worker_jobs.h"

/* The clock's own cost: the median of this many empty measurements. */
#define CLOCK_READS 1001

static const struct alloc_backend *timed;
static uint64_t one_in;

/* Of the calling thread; NULL: none of its calls is timed. */
static _Thread_local struct latency_place *own;

/* Calls up to and with the next one that is timed: 1 … 2k − 1, k on average. */
static uint64_t draw(struct latency_place *place)
{
	return one_in > 1 ? 1 + prng_below(&place->random, 2 * one_in - 1) : 1;
}

ALWAYS_INLINE bool is_drawn(struct latency_place *place)
{
	if (place == NULL || --place->calls_left > 0)
		return false;
	place->calls_left = draw(place);
	return true;
}

#define TIMED(operation, result, call)                                         \
	do {                                                                   \
		struct latency_place *place = own;                             \
		uint64_t begin;                                                \
                                                                               \
		if (!is_drawn(place)) {                                        \
			result call;                                           \
			break;                                                 \
		}                                                              \
		begin = tsc_read();                                            \
		result call;                                                   \
		latency_count(&place->seen[operation], tsc_read() - begin);    \
	} while (0)

static void *timed_alloc(size_t size)
{
	void *block;

	TIMED(LATENCY_ALLOC, block =, timed->alloc(size));
	return block;
}

static void *timed_calloc(size_t count, size_t size)
{
	void *block;

	TIMED(LATENCY_ALLOC, block =, timed->calloc(count, size));
	return block;
}

static void *timed_aligned_alloc(size_t alignment, size_t size)
{
	void *block;

	TIMED(LATENCY_ALLOC, block =, timed->aligned_alloc(alignment, size));
	return block;
}

static void *timed_realloc(void *block, size_t size)
{
	void *moved;

	TIMED(LATENCY_REALLOC, moved =, timed->realloc(block, size));
	return moved;
}

static void timed_free(void *block)
{
	TIMED(LATENCY_FREE, , timed->free(block));
}

const struct alloc_backend *latency_backend(
	struct lane_shared *lane, const struct alloc_backend *backend)
{
	static struct alloc_backend around;

	timed = backend;
	one_in = lane->setup.one_in;
	around = *backend;
	around.alloc = timed_alloc;
	around.calloc = timed_calloc;
	around.aligned_alloc = timed_aligned_alloc;
	around.realloc = timed_realloc;
	around.free = timed_free;
	return &around;
}

/* The median; `scratch` is empty before and after. */
static uint64_t clock_ticks(struct latency_histogram *scratch)
{
	uint64_t ticks;

	for (unsigned i = 0; i < CLOCK_READS; i++) {
		uint64_t begin = tsc_read();

		latency_count(scratch, tsc_read() - begin);
	}
	ticks = latency_reached_by(scratch, 2);
	*scratch = (struct latency_histogram){0};
	return ticks;
}

void latency_enter(struct lane_shared *lane, unsigned index)
{
	struct latency_place *place = lane_latency(lane, index);

	/* Once: who is born in a turn goes on where the one before stopped. */
	if (place->clock_ticks == 0) {
		place->clock_ticks = clock_ticks(&place->seen[LATENCY_WHOLE]);
		place->calls_left = UINT64_MAX;
	}
	own = place;
}

uint64_t latency_run_open(struct lane_shared *lane,
	struct workload_thread *thread, uint64_t operations)
{
	uint64_t (*run)(struct workload_thread *, uint64_t) =
		thread->instance->workload->run;
	struct latency_place *place = lane_latency(lane, thread->index);
	struct latency_histogram *seen = &place->seen[LATENCY_WHOLE];
	uint64_t period = lane->period_ticks, done = 0;
	uint64_t due = place->due > 0 ? place->due : tsc_read();

	while (done < operations && !thread->end_asked) {
		uint64_t now;

		while (tsc_read() < due)
			;
		if (run(thread, 1) != 1)
			break;
		now = tsc_read();
		/* Another PU's counter may be behind where nothing pins. */
		latency_count(seen, now > due ? now - due : 0);
		due += period;
		done++;
	}
	place->due = due;
	return done;
}
