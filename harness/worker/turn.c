// SPDX-License-Identifier: MIT
//
// One turn. Between start_ns and finish_ns of a place there is nothing but
// the workload's run() and, where the workload asks for it, the birth of a
// thread.
#include <sched.h>
#include <string.h>
#include <sys/resource.h>

#include "clock.h"
#include "team_place.h"
#include "worker_jobs.h"

void team_end_thread(struct workload_thread *thread)
{
	thread->end_asked = true;
}

/* Nobody weighs in a timed turn. */
static void checkpoint(struct workload_thread *thread)
{
	(void)thread;
}

const struct workload_host team_host = {
	.end_thread = team_end_thread, .checkpoint = checkpoint};

/* A thread's usage so far; the difference of two is that of a part. */
struct usage_mark {
	struct rusage usage;
	uint64_t cpu_ns;
	int pu;
};

static void usage_mark(struct usage_mark *mark)
{
	getrusage(RUSAGE_THREAD, &mark->usage);
	mark->pu = sched_getcpu();
	mark->cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

static void usage_add(struct place_usage *sum, const struct usage_mark *from)
{
	struct usage_mark to;

	to.cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	getrusage(RUSAGE_THREAD, &to.usage);
	to.pu = sched_getcpu();
	sum->cpu_ns += to.cpu_ns - from->cpu_ns;
	sum->minflt += (uint64_t)(to.usage.ru_minflt - from->usage.ru_minflt);
	sum->majflt += (uint64_t)(to.usage.ru_majflt - from->usage.ru_majflt);
	sum->nvcsw += (uint64_t)(to.usage.ru_nvcsw - from->usage.ru_nvcsw);
	sum->nivcsw += (uint64_t)(to.usage.ru_nivcsw - from->usage.ru_nivcsw);
	sum->migrations += to.pu != from->pu;
}

/*
 * Hands the place over to a new thread; the caller, detached, ends after this
 * and touches the place no more. False where no thread could be made.
 */
static bool give_birth(struct place *place)
{
	int error;

	place->thread.end_asked = false;
	place->births++;
	place->born_in_turn = true;
	error = pthread_create(&place->os_thread, NULL, place_main, place);
	if (error == 0)
		return pthread_detach(pthread_self()) == 0;
	team_fail(place->team, "a thread was not born: pthread_create: %s",
		strerror(error));
	place->failed = true;
	return false;
}

/*
 * Does what is left of the phase. False: another thread goes on. The CPU time
 * of births is in no place's usage: a thread adds its own before it hands over.
 */
static bool run_phase(struct place *place, struct usage_mark *mark)
{
	const struct workload *workload = place->team->instance.workload;
	struct lane_shared *lane = place->team->lane;

	while (place->left > 0 && !place->failed) {
		uint64_t done = lane->period_ticks > 0
			? latency_run_open(lane, &place->thread, place->left)
			: workload->run(&place->thread, place->left);

		place->ops += done;
		place->left = done < place->left ? place->left - done : 0;
		if (place->left == 0)
			break;
		if (!place->thread.end_asked)
			break; /* a miscount: the runner will see it */
		usage_add(&place->usage, mark);
		if (give_birth(place))
			return false;
	}
	place->thread.end_asked = false;
	return true;
}

static bool counts(const struct place *place)
{
	return place->team->lane->setup.job == LANE_COUNTERS;
}

static void start_counts(struct place *place)
{
	memset(place->counts, 0, sizeof(place->counts));
	perf_read(&place->perf, &place->perf_start);
}

/* A thread that was born in the turn is not counted: opening its counters
 * would be part of what they count. */
static void end_counts(struct place *place)
{
	struct perf_reading end;

	perf_read(&place->perf, &end);
	if (place->births > 0)
		end.running_ns = 0;
	perf_add(place->counts, &place->perf_start, &end);
}

static bool timed_phase(struct place *place, bool first)
{
	struct usage_mark mark;

	usage_mark(&mark);
	if (first) {
		barrier_wait(&place->team->barrier);
		/* Waiting for the others is not the workload's CPU time. */
		mark.cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
		if (counts(place))
			start_counts(place);
		place->start_ns = clock_now();
	}
	if (!run_phase(place, &mark))
		return false;
	place->finish_ns = clock_now();
	if (counts(place))
		end_counts(place);
	usage_add(&place->usage, &mark);
	return true;
}

static bool warm_phase(struct place *place)
{
	struct usage_mark mark;

	usage_mark(&mark);
	if (!run_phase(place, &mark))
		return false;
	place->phase = PHASE_TIMED;
	place->left = place->team->lane->ops;
	place->ops = 0;
	place->births = 0;
	memset(&place->usage, 0, sizeof(place->usage));
	return timed_phase(place, true);
}

static void turn_end(struct place *place)
{
	const struct workload *workload = place->team->instance.workload;

	barrier_wait(&place->team->barrier);
	if (workload->settle != NULL)
		workload->settle(&place->thread);
}

bool turn_begin(struct place *place)
{
	place->phase = PHASE_WARMUP;
	place->left = place->team->lane->warmup_ops;
	if (!warm_phase(place))
		return false;
	turn_end(place);
	return true;
}

bool turn_resume(struct place *place)
{
	bool finished = place->phase == PHASE_WARMUP
		? warm_phase(place)
		: timed_phase(place, false);

	if (finished)
		turn_end(place);
	return finished;
}

static bool is_counted(const struct place *place)
{
	const struct workload *workload = place->team->instance.workload;

	return workload->counted_role == NULL ||
		workload->counted_role(place->thread.role);
}

static void collect_usage(struct turn_result *turn, const struct place *place)
{
	turn->cpu_ns += place->usage.cpu_ns;
	turn->minflt += place->usage.minflt;
	turn->majflt += place->usage.majflt;
	turn->nvcsw += place->usage.nvcsw;
	turn->nivcsw += place->usage.nivcsw;
	turn->migrations += place->usage.migrations;
	turn->births += place->births;
	for (int i = 0; i < PERF_COUNTERS; i++)
		if (place->counts[i] == PERF_NO_COUNT)
			turn->counts[i] = PERF_NO_COUNT;
		else if (turn->counts[i] != PERF_NO_COUNT)
			turn->counts[i] += place->counts[i];
}

/*
 * ns_per_op is that of the common window: while all threads run, thread i does
 * ops_i / time_i operations a nanosecond, its rate being taken as even over
 * its own time. What the last thread does alone does not dilute it.
 */
void turn_collect(struct team *team)
{
	struct turn_result *turn = &team->lane->turn;
	const struct workload *workload = team->instance.workload;
	uint64_t start_min = UINT64_MAX, start_max = 0;
	uint64_t finish_min = UINT64_MAX, finish_max = 0;
	double rate = 0;

	memset(turn, 0, sizeof(*turn));
	turn->thread_ops_min = UINT64_MAX;
	for (unsigned i = 0; i < team->instance.threads; i++) {
		const struct place *place = &team->places[i];
		uint64_t took = place->finish_ns - place->start_ns;

		collect_usage(turn, place);
		turn->checksum += workload->checksum(&place->thread);
#define KEEP(least, most, value)                                               \
	(least) = (value) < (least) ? (value) : (least);                       \
	(most) = (value) > (most) ? (value) : (most)
		KEEP(start_min, start_max, place->start_ns);
		KEEP(finish_min, finish_max, place->finish_ns);
		if (!is_counted(place))
			continue;
		turn->ops += place->ops;
		KEEP(turn->thread_ops_min, turn->thread_ops_max, place->ops);
#undef KEEP
		rate += (double)place->ops / (double)(took > 0 ? took : 1);
	}
	turn->wall_ns = finish_max - start_min;
	turn->start_skew_ns = start_max - start_min;
	turn->finish_skew_ns = finish_max - finish_min;
	turn->ns_per_op = rate > 0 ? 1 / rate : 0;
}
