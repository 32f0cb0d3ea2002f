// SPDX-License-Identifier: MIT
#include "team_drive.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#define LOOK_NS 20000000
#define PATIENCE 3000 /* looks */

static cpu_set_t allowed;

static void read_allowed(void)
{
	if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0)
		CPU_ZERO(&allowed);
}

/* Read once, in the main thread: the threads of a team are pinned. */
unsigned allowed_pus(unsigned *pus, unsigned room)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	unsigned count = 0;

	pthread_once(&once, read_allowed);
	for (unsigned pu = 0; pu < CPU_SETSIZE && count < room; pu++)
		if (CPU_ISSET(pu, &allowed))
			pus[count++] = pu;
	return count;
}

static void *join_team(void *argument)
{
	struct drive *drive = argument;

	team_join(drive->team);
	drive->joined = true;
	return NULL;
}

void drive_map(struct drive *drive, const struct drive_setup *setup)
{
	unsigned pus[TOPOLOGY_MAX_THREADS];
	unsigned count = allowed_pus(pus, TOPOLOGY_MAX_THREADS);
	struct lane_shared *lane = mmap(NULL, sizeof(*lane),
		PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(lane, MAP_FAILED);
	drive->lane = lane;
	lane->magic = LANE_MAGIC;
	lane->setup.job = setup->job;
	snprintf(lane->setup.workload, sizeof(lane->setup.workload), "%s",
		setup->workload);
	lane->setup.threads = setup->threads;
	lane->setup.seed = setup->seed;
	lane->setup.heap_bytes = setup->heap_bytes;
	lane->setup.pin = !setup->no_pin;
	lane->setup.spin = !setup->sleep && setup->threads <= count;
	for (unsigned i = 0; i < setup->threads; i++)
		lane->setup.pus[i] = pus[i % count];
	atomic_store(&lane->command, LANE_FIRST_COMMAND);
}

int drive_begin(struct drive *drive, const struct drive_setup *setup)
{
	drive_map(drive, setup);
	if (team_create(&drive->team, drive->lane, setup->backend) != 0)
		return -1;
	drive->joined = false;
	assert_int_equal(
		pthread_create(&drive->joiner, NULL, join_team, drive), 0);
	return 0;
}

enum lane_status drive_order(struct drive *drive, enum lane_action action,
	uint64_t warmup_ops, uint64_t ops)
{
	struct lane_shared *lane = drive->lane;
	uint32_t command = atomic_load(&lane->command) + 1;

	lane->action = action;
	lane->warmup_ops = warmup_ops;
	lane->ops = ops;
	atomic_store(&lane->command, command);
	futex_wake_all(&lane->command);
	for (unsigned looks = 0; atomic_load(&lane->done) != command; looks++) {
		uint32_t done = atomic_load(&lane->done);

		if (looks == PATIENCE)
			fail_msg("%s: action %d of %u threads does not end",
				lane->setup.workload, (int)action,
				lane->setup.threads);
		if (done != command)
			futex_wait(&lane->done, done, LOOK_NS);
	}
	return lane->status;
}

const struct turn_result *drive_turn(
	struct drive *drive, uint64_t warmup_ops, uint64_t ops)
{
	enum lane_status status =
		drive_order(drive, ACTION_TURN, warmup_ops, ops);

	if (status != LANE_OK)
		fail_msg("%s: status %d: %s", drive->lane->setup.workload,
			(int)status, drive->lane->message);
	return &drive->lane->turn;
}

void drive_finish(struct drive *drive)
{
	if (drive->joined)
		fail_msg("%s: team_join did not wait for the end of the team",
			drive->lane->setup.workload);
	drive_order(drive, ACTION_FINISH, 0, 0);
	assert_int_equal(pthread_join(drive->joiner, NULL), 0);
}

void drive_end(struct drive *drive)
{
	drive_finish(drive);
	munmap(drive->lane, sizeof(*drive->lane));
}
