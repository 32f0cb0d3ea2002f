// SPDX-License-Identifier: MIT
//
// The time of every call, one after the other: service time, in a closed loop.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "pin.h"
#include "tsc.h"
#include "worker_jobs.h"

#define WARM_UP_PAIRS 10000

/* The clock's own cost: the median of this many empty measurements. */
#define CLOCK_READS 10001

static uint64_t clock_ticks(struct latency_histogram *scratch)
{
	uint64_t ticks = 0;
	uint64_t seen = 0;

	for (unsigned i = 0; i < CLOCK_READS; i++) {
		uint64_t begin = tsc_read();

		latency_count(scratch, tsc_read() - begin);
	}
	while (2 * seen < CLOCK_READS)
		seen += scratch->counts[latency_bucket(ticks++)];
	memset(scratch, 0, sizeof(*scratch));
	return ticks - 1;
}

/* 0, or -1 when out of memory. */
static int time_pairs(struct latency_result *result,
	const struct alloc_backend *backend, size_t size, uint64_t pairs)
{
	for (uint64_t i = 0; i < pairs; i++) {
		uint64_t begin = tsc_read();
		volatile unsigned char *block =
			opaque_pointer(backend->alloc(size));
		uint64_t end = tsc_read();

		latency_count(&result->alloc, end - begin);
		if (block == NULL)
			return -1;
		block[0] = block[size - 1] = 1;
		begin = tsc_read();
		backend->free((void *)block);
		end = tsc_read();
		latency_count(&result->free, end - begin);
	}
	return 0;
}

static int measure(struct lane_shared *lane,
	const struct alloc_backend *backend, struct latency_result *result)
{
	const struct lane_setup *setup = &lane->setup;
	uint64_t ticks, ns;

	if (setup->pin && pin_self(setup->pus[0]) != 0)
		return -1;
	if (time_pairs(result, backend, setup->size, WARM_UP_PAIRS) != 0)
		return -1;
	memset(result, 0, sizeof(*result));
	result->clock_ticks = clock_ticks(&result->alloc);
	ns = clock_now();
	ticks = tsc_read();
	if (time_pairs(result, backend, setup->size, setup->pairs) != 0)
		return -1;
	ticks = tsc_read() - ticks;
	ns = clock_now() - ns;
	result->ticks_per_ns = (double)ticks / (double)(ns > 0 ? ns : 1);
	return 0;
}

int worker_latency(
	struct lane_shared *lane, const struct alloc_backend *backend)
{
	if (backend->thread_number != NULL)
		backend->thread_number(1);
	if (measure(lane, backend, lane_latency(lane)) == 0)
		return 0;
	snprintf(lane->message, LANE_TEXT, "latency: %s", strerror(errno));
	return -1;
}
