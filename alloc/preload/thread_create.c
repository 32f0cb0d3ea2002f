// SPDX-License-Identifier: MIT
//
// Threads get the path of their parent and their place among its children, so
// that serials repeat on the next run. Only in variants that count by thread.
// std::thread comes through here as well. Threads that the C library makes for
// itself (timers, getaddrinfo_a) do not; they are T?k.
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <threads.h>

#include "compiler.h"
#include "preload.h"
#include "thread_path.h"
#include "underlying.h"

/* From the parent to its child; from the underlying allocator, so that it is
 * no block of the program's. */
struct start_record {
	void *(*start)(void *argument);
	thrd_start_t start_c11;
	void *argument;
	uint32_t number;
};

typedef int pthread_create_call(pthread_t *thread, const pthread_attr_t *how,
	void *(*start)(void *), void *argument);
typedef int thrd_create_call(
	thrd_t *thread, thrd_start_t start, void *argument);

/* In the child. */
static struct start_record begin(void *argument)
{
	struct start_record record = *(struct start_record *)argument;

	raw_next.free(argument);
	thread_path_become(record.number);
	return record;
}

static void *start_thread(void *argument)
{
	struct start_record record = begin(argument);

	return record.start(record.argument);
}

static int start_c11_thread(void *argument)
{
	struct start_record record = begin(argument);

	return record.start_c11(record.argument);
}

static struct start_record *make_record(struct start_record content)
{
	struct start_record *record = raw_next.malloc(sizeof(*record));

	if (record == NULL)
		return NULL;
	*record = content;
	record->number = thread_path_new_child();
	return record;
}

/*
 * While the C library makes a thread, it allocates what the thread needs, or
 * finds it left by one that has ended: which of the two depends on who was
 * quicker. So these blocks are counted aside, as PATH.0.
 */
static _Thread_local struct serial_place aside;

static void count_aside(void)
{
	if (aside.counted == 0)
		aside = serial_place_of(thread_path_new_aside());
	preload_variant.swap_serials(&aside);
}

static pthread_create_call *next_pthread_create;
static thrd_create_call *next_thrd_create;

/* At start: dlsym() waits for a dlopen() that may wait for our thread. */
void thread_create_start(void)
{
	next_pthread_create =
		(pthread_create_call *)dlsym(RTLD_NEXT, "pthread_create");
	next_thrd_create = (thrd_create_call *)dlsym(RTLD_NEXT, "thrd_create");
}

PUBLIC int pthread_create(pthread_t *thread, const pthread_attr_t *how,
	void *(*start)(void *), void *argument)
{
	struct start_record *record;
	int result;

	preload_start();
	record = make_record(
		(struct start_record){.start = start, .argument = argument});
	if (record == NULL)
		return EAGAIN;
	count_aside();
	result = next_pthread_create(thread, how, start_thread, record);
	preload_variant.swap_serials(&aside);
	if (result != 0)
		raw_next.free(record);
	return result;
}

PUBLIC int thrd_create(thrd_t *thread, thrd_start_t start, void *argument)
{
	struct start_record *record;
	int result;

	preload_start();
	record = make_record((struct start_record){
		.start_c11 = start, .argument = argument});
	if (record == NULL)
		return thrd_nomem;
	count_aside();
	result = next_thrd_create(thread, start_c11_thread, record);
	preload_variant.swap_serials(&aside);
	if (result != thrd_success)
		raw_next.free(record);
	return result;
}
