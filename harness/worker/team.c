// SPDX-License-Identifier: MIT
#include "team.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pin.h"
#include "team_place.h"
#include "worker_jobs.h"

uint32_t team_next_thread_number(void)
{
	static _Atomic uint32_t last;

	return atomic_fetch_add(&last, 1) + 1;
}

void team_fail(struct team *team, const char *format, ...)
{
	va_list arguments;

	if (atomic_exchange(&team->explained, true))
		return;
	va_start(arguments, format);
	vsnprintf(team->lane->message, LANE_TEXT, format, arguments);
	va_end(arguments);
}

/* Zeroed pages: the harness never allocates from what it measures. */
static void *map_pages(size_t bytes)
{
	void *pages = mmap(NULL, bytes > 0 ? bytes : 1, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	return pages == MAP_FAILED ? NULL : pages;
}

static size_t round_up(size_t bytes, size_t unit)
{
	return (bytes + unit - 1) / unit * unit;
}

/* Pins and numbers the calling thread. */
static int place_enter(struct place *place)
{
	struct team *team = place->team;
	struct lane_setup *setup = &team->lane->setup;
	unsigned pu = setup->pus[place->thread.index];

	if (team->backend->thread_number != NULL)
		team->backend->thread_number(team_next_thread_number());
	if (setup->pin && pin_self(pu) != 0) {
		team_fail(team, "pin to PU %u: %s", pu, strerror(errno));
		return -1;
	}
	if (setup->job == LANE_LATENCY)
		latency_enter(team->lane, place->thread.index);
	return 0;
}

/* Moves what the thread's heap gives from here on, as far as the allocator
 * cuts blocks one after the other: else their low address bits are the same in
 * every launch of a link order. */
static int move_heap(struct place *place)
{
	size_t bytes = place->team->lane->setup.heap_bytes;

	if (bytes == 0)
		return 0;
	place->heap_start = malloc(bytes);
	if (place->heap_start != NULL)
		return 0;
	team_fail(place->team, "malloc of %zu bytes before set-up gave NULL",
		bytes);
	return -1;
}

static int place_prepare(struct place *place)
{
	struct team *team = place->team;
	const struct workload *workload = team->instance.workload;

	if (place_enter(place) != 0 || move_heap(place) != 0)
		return -1;
	/* Without counters its turns have empty fields. */
	if (team->lane->setup.job == LANE_COUNTERS)
		perf_open(&place->perf);
	if (workload->thread_setup == NULL ||
		workload->thread_setup(&place->thread) == 0)
		return 0;
	team_fail(team, "%s: out of memory in set-up", workload->name);
	return -1;
}

static void place_verify(struct place *place)
{
	struct team *team = place->team;
	const struct workload *workload = team->instance.workload;

	place->failed = team->backend->allocates && workload->verify != NULL &&
		workload->verify(&place->thread) != 0;
}

static void place_finish(struct place *place)
{
	const struct workload *workload = place->team->instance.workload;

	if (place->team->lane->setup.job == LANE_COUNTERS)
		perf_close(&place->perf);
	if (workload->thread_finish != NULL)
		workload->thread_finish(&place->thread);
	free(place->heap_start);
}

/* The last thread of a step answers for all. */
static void answer(struct team *team, enum lane_action action)
{
	struct lane_shared *lane = team->lane;

	if (action == ACTION_TURN)
		turn_collect(team);
	if (action == ACTION_FINISH && team->instance.workload->finish != NULL)
		team->instance.workload->finish(&team->instance);
	for (unsigned i = 0; i < team->instance.threads; i++)
		if (team->places[i].failed)
			lane->status = action == ACTION_VERIFY ? LANE_DAMAGED
							       : LANE_FAILED;
	atomic_store(&lane->done, atomic_load(&lane->command));
	futex_wake_all(&lane->done);
}

static uint32_t wait_for_command(struct lane_shared *lane, uint32_t seen)
{
	uint32_t command;

	while ((command = atomic_load(&lane->command)) == seen)
		futex_wait(&lane->command, seen, -1);
	return command;
}

/* Follows commands until the end of this thread or of the team. */
static void place_serve(struct place *place, uint32_t seen)
{
	struct team *team = place->team;
	enum lane_action action = ACTION_TURN;

	while (action != ACTION_FINISH) {
		seen = wait_for_command(team->lane, seen);
		action = team->lane->action;
		if (action == ACTION_TURN && !turn_begin(place))
			return;
		if (action == ACTION_VERIFY)
			place_verify(place);
		if (action == ACTION_FINISH)
			place_finish(place);
		if (barrier_wait(&team->barrier))
			answer(team, action);
	}
	barrier_wait(&team->main_barrier);
}

void *place_main(void *argument)
{
	struct place *place = argument;
	struct team *team = place->team;
	uint32_t seen;

	if (place->born_in_turn) {
		place->born_in_turn = false;
		seen = atomic_load(&team->lane->command);
		if (place_enter(place) != 0)
			place->failed = true;
		if (!turn_resume(place))
			return NULL;
		if (barrier_wait(&team->barrier))
			answer(team, ACTION_TURN);
		place_serve(place, seen);
		return NULL;
	}
	place->failed = place_prepare(place) != 0;
	barrier_wait(&team->main_barrier);
	if (place->failed)
		return NULL;
	place_serve(place, LANE_FIRST_COMMAND);
	return NULL;
}

static void init_place(struct team *team, unsigned index, void *own)
{
	struct place *place = &team->places[index];
	const struct workload *workload = team->instance.workload;

	place->team = team;
	place->thread.instance = &team->instance;
	place->thread.index = index;
	place->thread.seed = workload_thread_seed(&team->instance, index);
	place->thread.own = own;
	if (workload->role_of != NULL)
		place->thread.role =
			workload->role_of(index, team->instance.threads);
}

/* Places and the workload's memory, everything on lines of its own. */
static int map_team(struct team *team)
{
	const struct workload_instance *instance = &team->instance;
	const struct workload *workload = instance->workload;
	size_t own = workload->own_bytes == NULL
		? 0
		: round_up(workload->own_bytes(instance), CACHELINE);
	size_t places = instance->threads * sizeof(struct place);
	unsigned char *memory;

	team->places_bytes = places + instance->threads * own;
	team->shared_bytes = workload->shared_bytes == NULL
		? 0
		: workload->shared_bytes(instance);
	memory = map_pages(team->places_bytes);
	team->instance.shared = team->shared = map_pages(team->shared_bytes);
	if (memory == NULL || team->shared == NULL)
		return -1;
	team->places = (struct place *)memory;
	for (unsigned i = 0; i < instance->threads; i++)
		init_place(team, i, memory + places + i * own);
	return 0;
}

/* It stays until the end: no hole in the addresses for the allocator. */
static int map_common(struct team *team)
{
	size_t bytes = team->lane->setup.common_bytes;
	void *common;

	team->instance.common = NULL;
	if (bytes == 0)
		return 0;
	common = mmap(NULL, bytes, PROT_READ, MAP_SHARED, LANE_COMMON_FD, 0);
	if (common == MAP_FAILED)
		return -1;
	team->instance.common = common;
	return close(LANE_COMMON_FD);
}

/* The workload's own memory is there, its blocks are not. */
static int set_up(struct team *team)
{
	struct workload_instance *instance = &team->instance;

	if (team->lane->setup.job == LANE_FOOTPRINT)
		footprint_begin(team->lane);
	return instance->workload->setup == NULL
		? 0
		: instance->workload->setup(instance);
}

static int init_instance(struct team *team)
{
	struct lane_shared *lane = team->lane;
	struct workload_instance *instance = &team->instance;
	char error[WORKLOAD_TEXT];

	if (workload_parse(lane->setup.workload, instance, error) != 0) {
		snprintf(lane->message, LANE_TEXT, "%s", error);
		return -1;
	}
	instance->backend = team->backend;
	instance->host = lane->setup.job == LANE_FOOTPRINT ? &footprint_host
							   : &team_host;
	instance->threads = lane->setup.threads;
	instance->seed = lane->setup.seed;
	if (map_common(team) == 0 && map_team(team) == 0 && set_up(team) == 0)
		return 0;
	snprintf(lane->message, LANE_TEXT, "%s: out of memory in set-up",
		instance->workload->name);
	return -1;
}

static int start_threads(struct team *team)
{
	int error = 0;

	for (unsigned i = 0; i < team->instance.threads && error == 0; i++)
		error = pthread_create(&team->places[i].os_thread, NULL,
			place_main, &team->places[i]);
	if (error != 0) {
		snprintf(team->lane->message, LANE_TEXT, "pthread_create: %s",
			strerror(error));
		return -1;
	}
	barrier_wait(&team->main_barrier);
	for (unsigned i = 0; i < team->instance.threads; i++)
		if (team->places[i].failed)
			return -1;
	return 0;
}

int team_create(struct team **result, struct lane_shared *lane,
	const struct alloc_backend *backend)
{
	static struct team team;

	team.lane = lane;
	team.backend = backend;
	team.explained = false;
	*result = &team;
	if (init_instance(&team) != 0)
		return -1;
	barrier_init(&team.main_barrier, team.instance.threads + 1, false);
	barrier_init(&team.barrier, team.instance.threads, lane->setup.spin);
	return start_threads(&team);
}

void team_wait(struct team *team)
{
	barrier_wait(&team->main_barrier);
}

/* Who is to be joined is known only at the end: threads die in turns. */
void team_join(struct team *team)
{
	team_wait(team);
	for (unsigned i = 0; i < team->instance.threads; i++)
		pthread_join(team->places[i].os_thread, NULL);
	if (team->instance.common != NULL)
		munmap((void *)team->instance.common,
			team->lane->setup.common_bytes);
	munmap(team->places, team->places_bytes);
	munmap(team->shared, team->shared_bytes > 0 ? team->shared_bytes : 1);
}
