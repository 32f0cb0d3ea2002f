// SPDX-License-Identifier: MIT
#include "crew.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "compiler.h"
#include "prng.h"

static void end_thread(struct workload_thread *thread)
{
	thread->end_asked = true;
}

static void checkpoint(struct workload_thread *thread)
{
	(void)thread;
}

static const struct workload_host plain_host = {
	.end_thread = end_thread, .checkpoint = checkpoint};

static void *map_zeroed(size_t (*bytes)(const struct workload_instance *),
	const struct workload_instance *instance)
{
	size_t size = bytes == NULL ? 0 : bytes(instance);
	size_t lines = size / CACHELINE + 1;
	void *memory = aligned_alloc(CACHELINE, lines * CACHELINE);

	assert_non_null(memory);
	return memset(memory, 0, lines * CACHELINE);
}

static struct crew *crew_of(struct workload_thread *thread)
{
	struct workload_instance *instance = thread->instance;

	return (struct crew *)((char *)instance -
		offsetof(struct crew, instance));
}

/* A step of every thread at once, each on an OS thread of its own. */
static void for_each(struct crew *crew, void *(*step)(void *))
{
	pthread_t threads[CREW_MOST];

	for (unsigned i = 0; i < crew->instance.threads; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, step,
					 &crew->threads[i]),
			0);
	for (unsigned i = 0; i < crew->instance.threads; i++)
		pthread_join(threads[i], NULL);
}

static void *set_up(void *argument)
{
	struct workload_thread *thread = argument;

	crew_of(thread)->results[thread->index] =
		thread->instance->workload->thread_setup(thread);
	return NULL;
}

/* One OS thread's life, or what is left of the turn. */
static void *live(void *argument)
{
	struct workload_thread *thread = argument;
	uint64_t *left = &crew_of(thread)->left[thread->index];

	thread->end_asked = false;
	while (*left > 0 && !thread->end_asked) {
		uint64_t done = thread->instance->workload->run(thread, *left);

		if (done > *left || (done < *left && !thread->end_asked))
			abort();
		*left -= done;
	}
	return NULL;
}

static void *look(void *argument)
{
	struct workload_thread *thread = argument;

	crew_of(thread)->results[thread->index] =
		thread->instance->workload->verify(thread);
	return NULL;
}

static void *end(void *argument)
{
	struct workload_thread *thread = argument;

	thread->instance->workload->thread_finish(thread);
	return NULL;
}

static int worst(const struct crew *crew)
{
	for (unsigned i = 0; i < crew->instance.threads; i++)
		if (crew->results[i] != 0)
			return -1;
	return 0;
}

int crew_begin(struct crew *crew, const char *text,
	const struct alloc_backend *backend, unsigned threads)
{
	return crew_begin_under(crew, text, backend, threads, NULL);
}

static void parse(struct crew *crew, const char *text, unsigned threads)
{
	char error[WORKLOAD_TEXT];

	memset(crew, 0, sizeof(*crew));
	if (workload_parse(text, &crew->instance, error) != 0)
		fail_msg("%s", error);
	crew->instance.threads = threads;
	crew->instance.seed = 7;
}

static int start(struct crew *crew, const struct alloc_backend *backend,
	const struct workload_host *host)
{
	struct workload_instance *instance = &crew->instance;
	const struct workload *workload = instance->workload;

	instance->backend = backend;
	instance->host = host != NULL ? host : &plain_host;
	instance->shared = map_zeroed(workload->shared_bytes, instance);
	for (unsigned i = 0; i < instance->threads; i++)
		crew->threads[i] = (struct workload_thread){
			.instance = instance,
			.index = i,
			.seed = workload_thread_seed(instance, i),
			.own = map_zeroed(workload->own_bytes, instance)};
	if (workload->setup != NULL && workload->setup(instance) != 0)
		return -1;
	if (workload->thread_setup != NULL)
		for_each(crew, set_up);
	return worst(crew);
}

int crew_begin_under(struct crew *crew, const char *text,
	const struct alloc_backend *backend, unsigned threads,
	const struct workload_host *host)
{
	parse(crew, text, threads);
	return start(crew, backend, host);
}

int crew_begin_common(struct crew *crew, const char *text,
	const struct alloc_backend *backend, unsigned threads)
{
	struct workload_instance *instance = &crew->instance;

	parse(crew, text, threads);
	assert_non_null(instance->workload->common_bytes);
	crew->common = map_zeroed(instance->workload->common_bytes, instance);
	if (instance->workload->make_common(instance, crew->common) != 0)
		fail_msg("%s: nothing in common", text);
	instance->common = crew->common;
	return start(crew, backend, NULL);
}

/* Those who died are born again together. */
void crew_run(struct crew *crew, uint64_t operations)
{
	const struct workload *workload = crew->instance.workload;
	unsigned unfinished = 1;

	for (unsigned i = 0; i < crew->instance.threads; i++)
		crew->left[i] = operations;
	while (unfinished > 0) {
		unfinished = 0;
		for_each(crew, live);
		for (unsigned i = 0; i < crew->instance.threads; i++)
			unfinished += crew->left[i] > 0;
		crew->births += unfinished;
	}
	for (unsigned i = 0; i < crew->instance.threads; i++)
		if (workload->settle != NULL)
			workload->settle(&crew->threads[i]);
}

int crew_verify(struct crew *crew)
{
	for_each(crew, look);
	return worst(crew);
}

uint64_t crew_checksum(const struct crew *crew)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < crew->instance.threads; i++)
		sum += crew->instance.workload->checksum(&crew->threads[i]);
	return sum;
}

void crew_end(struct crew *crew)
{
	const struct workload *workload = crew->instance.workload;

	if (workload->thread_finish != NULL)
		for_each(crew, end);
	if (workload->finish != NULL)
		workload->finish(&crew->instance);
	for (unsigned i = 0; i < crew->instance.threads; i++)
		free(crew->threads[i].own);
	free(crew->instance.shared);
	free(crew->common);
}
