// SPDX-License-Identifier: MIT
#include "step_team.h"

#include <string.h>

static void end_thread(struct workload_thread *thread)
{
	thread->end_asked = true;
}

static void checkpoint(struct workload_thread *thread)
{
	(void)thread;
}

static const struct workload_host host = {
	.end_thread = end_thread, .checkpoint = checkpoint};

struct step_start {
	struct step_team *team;
	unsigned index;
};

static void *step_main(void *argument)
{
	const struct step_start *start = argument;
	struct step_team *team = start->team;

	team->results[start->index] =
		team->step(&team->threads[start->index], team->operations);
	return NULL;
}

/* One step on fresh threads, since nothing may hang on the OS thread; joined
 * together, so the join is the barrier. */
static int do_step(struct step_team *team,
	int (*step)(struct workload_thread *, uint64_t), uint64_t operations)
{
	struct step_start starts[STEP_THREADS];
	pthread_t threads[STEP_THREADS];
	int result = 0;

	team->step = step;
	team->operations = operations;
	for (unsigned i = 0; i < team->instance.threads; i++) {
		starts[i] = (struct step_start){team, i};
		assert_int_equal(pthread_create(&threads[i], NULL, step_main,
					 &starts[i]),
			0);
	}
	for (unsigned i = 0; i < team->instance.threads; i++)
		pthread_join(threads[i], NULL);
	for (unsigned i = 0; i < team->instance.threads; i++)
		result |= team->results[i];
	return result;
}

static size_t whole_lines(size_t bytes)
{
	return (bytes + 127) / 128 * 128;
}

static void map_parts(struct step_team *team)
{
	struct workload_instance *instance = &team->instance;
	const struct workload *workload = instance->workload;
	size_t shared = workload->shared_bytes == NULL
		? 0
		: whole_lines(workload->shared_bytes(instance));
	size_t own = workload->own_bytes == NULL
		? 0
		: whole_lines(workload->own_bytes(instance));
	size_t bytes = shared + instance->threads * own + 128;

	team->memory = aligned_alloc(128, bytes);
	assert_non_null(team->memory);
	memset(team->memory, 0, bytes);
	instance->shared = team->memory;
	for (unsigned i = 0; i < instance->threads; i++)
		team->threads[i].own =
			(unsigned char *)team->memory + shared + i * own;
}

static int step_setup(struct workload_thread *thread, uint64_t operations)
{
	const struct workload *workload = thread->instance->workload;

	(void)operations;
	return workload->thread_setup == NULL ? 0
					      : workload->thread_setup(thread);
}

static int step_run(struct workload_thread *thread, uint64_t operations)
{
	const struct workload *workload = thread->instance->workload;

	while (operations > 0) {
		uint64_t done = workload->run(thread, operations);

		if (done > operations ||
			(done < operations && !thread->end_asked))
			return -1;
		thread->end_asked = false;
		operations -= done;
	}
	return 0;
}

static int step_settle(struct workload_thread *thread, uint64_t operations)
{
	(void)operations;
	if (thread->instance->workload->settle != NULL)
		thread->instance->workload->settle(thread);
	return 0;
}

static int step_verify(struct workload_thread *thread, uint64_t operations)
{
	const struct workload *workload = thread->instance->workload;

	(void)operations;
	return workload->verify == NULL ? 0 : workload->verify(thread);
}

static int step_finish(struct workload_thread *thread, uint64_t operations)
{
	(void)operations;
	if (thread->instance->workload->thread_finish != NULL)
		thread->instance->workload->thread_finish(thread);
	return 0;
}

void step_team_begin(struct step_team *team, const char *text,
	const struct alloc_backend *backend, unsigned threads)
{
	struct workload_instance *instance = &team->instance;
	char error[WORKLOAD_TEXT];

	memset(team, 0, sizeof(*team));
	if (workload_parse(text, instance, error) != 0)
		fail_msg("%s", error);
	instance->backend = backend;
	instance->host = &host;
	instance->threads = threads;
	instance->seed = 7;
	map_parts(team);
	for (unsigned i = 0; i < threads; i++) {
		struct workload_thread *thread = &team->threads[i];

		thread->instance = instance;
		thread->index = i;
		thread->seed = 1000 + i;
		if (instance->workload->role_of != NULL)
			thread->role = instance->workload->role_of(i, threads);
	}
	if (instance->workload->setup != NULL)
		assert_int_equal(instance->workload->setup(instance), 0);
	assert_int_equal(do_step(team, step_setup, 0), 0);
}

void step_team_turn(struct step_team *team, uint64_t operations)
{
	assert_int_equal(do_step(team, step_run, operations), 0);
	assert_int_equal(do_step(team, step_run, operations), 0);
	assert_int_equal(do_step(team, step_settle, 0), 0);
}

bool step_team_is_whole(struct step_team *team)
{
	return do_step(team, step_verify, 0) == 0;
}

uint64_t step_team_checksum(const struct step_team *team)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < team->instance.threads; i++)
		sum += team->instance.workload->checksum(&team->threads[i]);
	return sum;
}

uint64_t step_team_end(struct step_team *team)
{
	const struct workload *workload = team->instance.workload;
	uint64_t checksum = step_team_checksum(team);

	assert_int_equal(do_step(team, step_finish, 0), 0);
	if (workload->finish != NULL)
		workload->finish(&team->instance);
	free(team->memory);
	return checksum;
}
