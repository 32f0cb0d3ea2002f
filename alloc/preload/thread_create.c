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

PUBLIC int pthread_create(pthread_t *thread, const pthread_attr_t *how,
	void *(*start)(void *), void *argument)
{
	pthread_create_call *next =
		(pthread_create_call *)dlsym(RTLD_NEXT, "pthread_create");
	struct start_record *record = make_record(
		(struct start_record){.start = start, .argument = argument});
	int result;

	if (record == NULL)
		return EAGAIN;
	result = next(thread, how, start_thread, record);
	if (result != 0)
		raw_next.free(record);
	return result;
}

PUBLIC int thrd_create(thrd_t *thread, thrd_start_t start, void *argument)
{
	thrd_create_call *next =
		(thrd_create_call *)dlsym(RTLD_NEXT, "thrd_create");
	struct start_record *record = make_record((struct start_record){
		.start_c11 = start, .argument = argument});
	int result;

	if (record == NULL)
		return thrd_nomem;
	result = next(thread, start_c11_thread, record);
	if (result != thrd_success)
		raw_next.free(record);
	return result;
}
