// SPDX-License-Identifier: MIT
//
// The life of a run's threads. A thread writes its own member only, and reads
// the others' after a barrier.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "micro_team.h"
#include "prng.h"

/* The same operations in every run and for every variant. */
#define MICRO_SEED 20240229u

static void wait_for_all(struct micro_team *team, unsigned threads)
{
	micro_barrier_wait(&team->barrier, threads);
}

/* The error of the first that failed, or NULL. After a barrier. */
static const char *first_error(const struct micro_team *team)
{
	if (team->failed)
		return team->error.text;
	for (unsigned i = 0; i < team->instance.threads; i++)
		if (team->members[i].failed)
			return team->members[i].error.text;
	return NULL;
}

static int fail(struct micro_member *member, const char *what)
{
	/* The first error of a member is the one to tell. */
	if (!member->failed)
		error_set(&member->error, "thread %u: %s", member->thread.index,
			what);
	member->failed = true;
	return -1;
}

/* Only workloads whose threads share nothing are run here. */
static int check_workload(const struct workload *workload, struct error *error)
{
	if (workload->shared_bytes == NULL && workload->setup == NULL &&
		workload->finish == NULL && workload->role_of == NULL)
		return 0;
	return error_set(error,
		"workload %s: has roles or a shared part, which "
		"`serialbench run` alone can drive",
		workload->name);
}

static int set_up(struct micro_team *team, const struct micro_family *family,
	int64_t value, unsigned threads)
{
	struct workload_instance *instance = &team->instance;
	char text[WORKLOAD_TEXT];

	memset(instance, 0, sizeof(*instance));
	memset(team->members, 0, threads * sizeof(*team->members));
	team->host = family->host;
	instance->backend = family->backend;
	instance->threads = threads;
	instance->seed = MICRO_SEED;
	snprintf(text, sizeof(text), "%s,%s=%lld", family->workload,
		family->param, (long long)value);
	if (workload_parse(text, instance, team->error.text) != 0 ||
		check_workload(instance->workload, &team->error) != 0)
		return -1;
	return team->host->place(
		team->host->context, threads, team->pus, &team->error);
}

/* Mapped by the thread that will use it, once it is where it stays. */
static int map_own(struct micro_member *member)
{
	const struct workload_instance *instance = member->thread.instance;
	size_t (*own_bytes)(const struct workload_instance *) =
		instance->workload->own_bytes;

	member->own_bytes = own_bytes == NULL ? 0 : own_bytes(instance);
	if (member->own_bytes == 0)
		return 0;
	member->thread.own =
		mmap(NULL, member->own_bytes, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (member->thread.own == MAP_FAILED) {
		member->thread.own = NULL;
		return fail(member, strerror(errno));
	}
	return 0;
}

static int pin_member(
	const struct micro_team *team, struct micro_member *member)
{
	unsigned pu = team->pus[member->thread.index];
	char what[224];

	if (team->host->pin(pu) == 0)
		return 0;
	snprintf(what, sizeof(what), "cannot be pinned to PU %u: %s", pu,
		strerror(errno));
	return fail(member, what);
}

/* A number is used once in the life of a process, google-benchmark's main
 * thread is in every run: so a fresh one for every run of every thread. */
static void number_thread(const struct alloc_backend *backend)
{
	static _Atomic uint32_t last;

	if (backend->thread_number != NULL)
		backend->thread_number(atomic_fetch_add(&last, 1) + 1);
}

static int begin_member(struct micro_team *team, unsigned index)
{
	struct workload_instance *instance = &team->instance;
	struct micro_member *member = &team->members[index];

	member->thread.instance = instance;
	member->thread.index = index;
	member->thread.seed = prng_mix(instance->seed + index);
	if (pin_member(team, member) != 0)
		return -1;
	number_thread(instance->backend);
	if (map_own(member) != 0)
		return -1;
	if (instance->workload->thread_setup != NULL &&
		instance->workload->thread_setup(&member->thread) != 0)
		return fail(member, "out of memory in thread_setup");
	member->began = true;
	return 0;
}

const char *micro_team_begin(struct micro_team *team,
	const struct micro_family *family, int64_t value, unsigned index,
	unsigned threads)
{
	if (index == 0)
		team->failed = set_up(team, family, value, threads) != 0;
	wait_for_all(team, threads);
	if (!team->failed)
		begin_member(team, index);
	wait_for_all(team, threads);
	return first_error(team);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

double micro_team_batch(
	struct micro_team *team, unsigned index, uint64_t operations)
{
	const struct workload *workload = team->instance.workload;
	struct micro_member *member = &team->members[index];
	unsigned threads = team->instance.threads;
	uint64_t start, done;
	double rate = 0;

	wait_for_all(team, threads);
	start = now_ns();
	done = workload->run(&member->thread, operations);
	member->took_ns = now_ns() - start;
	if (done != operations)
		fail(member, "fewer operations done than asked for");
	wait_for_all(team, threads);
	if (first_error(team) != NULL)
		return 0;
	/* In batches per ns. A took of 0 is a clock that is too coarse. */
	for (unsigned i = 0; i < threads; i++)
		rate += 1 / (double)(team->members[i].took_ns + 1);
	return threads / rate;
}

const char *micro_team_end(struct micro_team *team, unsigned index)
{
	const struct workload *workload = team->instance.workload;
	struct micro_member *member = &team->members[index];
	const char *error;

	if (member->began && workload->settle != NULL)
		workload->settle(&member->thread);
	if (member->began && team->instance.backend->allocates &&
		workload->verify != NULL &&
		workload->verify(&member->thread) != 0)
		fail(member, "a block is damaged");
	if (member->began && workload->thread_finish != NULL)
		workload->thread_finish(&member->thread);
	if (member->thread.own != NULL)
		munmap(member->thread.own, member->own_bytes);
	member->thread.own = NULL;
	wait_for_all(team, team->instance.threads);
	error = first_error(team);
	/* Nobody may begin the next run while another still reads this one. */
	wait_for_all(team, team->instance.threads);
	return error;
}
