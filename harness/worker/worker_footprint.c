// SPDX-License-Identifier: MIT
//
// Weighs a workload while it runs: the host of a team that is not timed. At a
// checkpoint the thread says what its blocks were asked to hold, and the
// kernel what the process has in memory.
#include <pthread.h>
#include <sys/prctl.h>

#include "resident.h"
#include "team_place.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct footprint_result *result;
static uint64_t base; /* resident before the workload's set-up */
static uint64_t live_peak[TOPOLOGY_MAX_THREADS];
static struct workload_blocks most_blocks[TOPOLOGY_MAX_THREADS];

void footprint_begin(struct lane_shared *lane)
{
	/* A huge page would count 2 MiB for one touched byte. */
	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	result = &lane->footprint;
	/* The first look makes pages resident, too. */
	result->failed =
		resident_bytes(&base) != 0 || resident_bytes(&base) != 0;
}

static void keep_live(unsigned thread, uint64_t live)
{
	if (live <= live_peak[thread])
		return;
	result->live_peak += live - live_peak[thread];
	live_peak[thread] = live;
}

/* As the bytes: the most of each thread, added up. */
static void keep_blocks(const struct workload_thread *thread)
{
	const struct workload *workload = thread->instance->workload;
	struct workload_blocks now, *most = &most_blocks[thread->index];

	if (workload->live_blocks == NULL)
		return;
	workload->live_blocks(thread, &now);
	if (now.count > most->count) {
		result->blocks += now.count - most->count;
		most->count = now.count;
	}
	if (now.slots > most->slots) {
		result->slots += now.slots - most->slots;
		most->slots = now.slots;
	}
}

static void keep_resident(uint64_t resident)
{
	uint64_t grown = resident > base ? resident - base : 0;

	if (result->checkpoints++ == 0)
		result->resident_first = grown;
	result->resident_last = grown;
	if (grown > result->resident_peak)
		result->resident_peak = grown;
}

static void weigh(struct workload_thread *thread)
{
	uint64_t live = thread->instance->workload->live_bytes(thread);
	uint64_t resident;

	pthread_mutex_lock(&lock);
	keep_live(thread->index, live);
	keep_blocks(thread);
	if (resident_bytes(&resident) == 0)
		keep_resident(resident);
	else
		result->failed = true;
	pthread_mutex_unlock(&lock);
}

const struct workload_host footprint_host = {
	.end_thread = team_end_thread, .checkpoint = weigh, .weighs = true};
