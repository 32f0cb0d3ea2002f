// SPDX-License-Identifier: MIT
//
// serialbench-worker: one variant on one underlying allocator, which the
// runner preloaded. Finds its lane on descriptor LANE_FD and does its job;
// everything that it has to say goes into the lane.
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "descriptors.h"
#include "identity.h"
#include "team.h"
#include "trial.h"
#include "worker_jobs.h"

static struct lane_shared *map_lane(void)
{
	struct lane_shared *lane;
	struct stat file;

	if (fstat(LANE_FD, &file) != 0 ||
		(size_t)file.st_size < sizeof(struct lane_shared))
		return NULL;
	lane = mmap(NULL, (size_t)file.st_size, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_POPULATE, LANE_FD, 0);
	if (lane == MAP_FAILED || lane->magic != LANE_MAGIC)
		return NULL;
	return lane;
}

/* Tells the runner that the worker stands ready, or is done, or why not. */
static void answer(struct lane_shared *lane, bool failed)
{
	if (failed)
		lane->status = LANE_FAILED;
	atomic_store(&lane->done, LANE_FIRST_COMMAND);
	futex_wake_all(&lane->done);
}

static bool takes_turns(const struct lane_shared *lane)
{
	return lane->setup.job == LANE_TURNS ||
		lane->setup.job == LANE_FOOTPRINT ||
		lane->setup.job == LANE_SLOTS ||
		lane->setup.job == LANE_LATENCY ||
		lane->setup.job == LANE_COUNTERS;
}

static int take_turns(
	struct lane_shared *lane, const struct alloc_backend *backend)
{
	struct team *team;

	if (team_create(&team, lane, backend) != 0)
		return -1;
	answer(lane, false);
	team_wait(team);
	return 0;
}

static int do_job(struct lane_shared *lane)
{
	const struct alloc_backend *backend =
		alloc_backend_find(lane->setup.variant);
	int result = 0;

	/* Before anything else that allocates. */
	if (lane->setup.job == LANE_IDENTIFY && trial_calls(lane) != 0) {
		answer(lane, true);
		return -1;
	}
	identity_prove(&lane->identity);
	if (lane->setup.job == LANE_IDENTIFY) {
		answer(lane, false);
		return 0;
	}
	if (backend == NULL) {
		snprintf(lane->message, LANE_TEXT, "no variant '%.100s'",
			lane->setup.variant);
		answer(lane, true);
		return -1;
	}
	if (lane->setup.job == LANE_SLOTS)
		backend = slots_backend(lane, backend);
	else if (lane->setup.job == LANE_LATENCY)
		backend = latency_backend(lane, backend);
	if (takes_turns(lane))
		result = take_turns(lane, backend);
	else if (lane->setup.job == LANE_MEMORY)
		result = worker_memory(lane, backend);
	else
		result = worker_serial(lane, backend);
	if (!takes_turns(lane) || result != 0)
		answer(lane, result != 0);
	return result;
}

int main(void)
{
	struct lane_shared *lane;

	descriptors_open();
	/* Started from a copy, it would be called by a descriptor's number. */
	prctl(PR_SET_NAME, "serialbench-worker");
	/* A runner that dies takes its workers with it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	lane = map_lane();
	if (lane == NULL) {
		static const char hint[] =
			"serialbench-worker: started by serialbench, not by "
			"hand\n";

		dprintf(STDERR_FILENO, "%s", hint);
		return 2;
	}
	/* The runner may have died before prctl(); then no signal comes. */
	if (getppid() != lane->runner)
		return 2;
	/* The process ends whole: to undo its parts first would be system calls
	 * and page faults in every launch. */
	_exit(do_job(lane) == 0 ? 0 : 1);
}
