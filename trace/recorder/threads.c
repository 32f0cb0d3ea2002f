// SPDX-License-Identifier: MIT
//
// Threads are known by who made them. std::thread comes through here as well.
// Those that the C library makes for itself (timers) come in with their first
// event, and have no parent.
#include <pthread.h>
#include <threads.h>

#include "recorder.h"

typedef int pthread_create_call(pthread_t *thread, const pthread_attr_t *how,
	void *(*start)(void *), void *argument);
typedef int thrd_create_call(
	thrd_t *thread, thrd_start_t start, void *argument);

static pthread_create_call *next_pthread_create;
static thrd_create_call *next_thrd_create;

/* At load: dlsym() waits for a dlopen() that may wait for our thread. */
__attribute__((constructor)) static void find_calls(void)
{
	if (next_pthread_create == NULL)
		next_pthread_create =
			(pthread_create_call *)next_symbol("pthread_create");
	if (next_thrd_create == NULL)
		next_thrd_create =
			(thrd_create_call *)next_symbol("thrd_create");
}

static void *start_thread(void *argument)
{
	struct recorder_thread *thread = argument;

	recorder_thread_runs(thread);
	return thread->start(thread->argument);
}

static int start_c11_thread(void *argument)
{
	struct recorder_thread *thread = argument;

	recorder_thread_runs(thread);
	return thread->start_c11(thread->argument);
}

PUBLIC int pthread_create(pthread_t *thread, const pthread_attr_t *how,
	void *(*start)(void *), void *argument)
{
	struct recorder_thread *made = recorder_thread_new();
	int result;

	find_calls();
	if (made == NULL)
		return next_pthread_create(thread, how, start, argument);
	made->start = start;
	made->argument = argument;
	result = next_pthread_create(thread, how, start_thread, made);
	if (result != 0)
		recorder_thread_failed(made);
	return result;
}

PUBLIC int thrd_create(thrd_t *thread, thrd_start_t start, void *argument)
{
	struct recorder_thread *made = recorder_thread_new();
	int result;

	find_calls();
	if (made == NULL)
		return next_thrd_create(thread, start, argument);
	made->start_c11 = start;
	made->argument = argument;
	result = next_thrd_create(thread, start_c11_thread, made);
	if (result != thrd_success)
		recorder_thread_failed(made);
	return result;
}
