// SPDX-License-Identifier: MIT
//
// The threads of the recording. A thread has ended for us when the last round
// of its thread-specific destructors is over; what the C library frees behind
// that is still recorded. So its last event is written by whoever finds that
// the kernel no longer knows the thread.
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "block_table.h"
#include "recorder.h"

_Thread_local struct recorder_thread *recorder_own_thread;
_Thread_local struct trace_buffer *recorder_own_buffer;

static pthread_key_t at_end;

static bool is_gone(pid_t tid)
{
	return tid != 0 && syscall(SYS_tgkill, recorder->pid, tid, 0) != 0 &&
		errno == ESRCH;
}

/* At the very end of the rounds, behind the program's own destructors. */
static void ends(void *argument)
{
	struct recorder_thread *thread = argument;

	if (thread != recorder_own_thread || thread->buffer == NULL)
		return; /* of the parent, in a forked child */
	if (++thread->destructor_rounds < PTHREAD_DESTRUCTOR_ITERATIONS) {
		pthread_setspecific(at_end, thread);
		return;
	}
	recorder_live_add_up(thread);
	trace_buffer_flush(thread->buffer);
	atomic_store(&thread->state, RECORDER_THREAD_ENDING);
}

int recorder_threads_start(void)
{
	errno = pthread_key_create(&at_end, ends);
	return errno == 0 ? 0 : -1;
}

/* Of one that will have no events any more. */
static void bury(struct recorder_thread *thread)
{
	trace_event_end(thread->buffer);
	trace_buffer_flush(thread->buffer);
	atomic_store(&thread->state, RECORDER_THREAD_FREE);
}

/* Under the lock. */
static struct recorder_thread *find_free(void)
{
	struct recorder_thread *thread = atomic_load(&recorder->all), *found;

	for (found = NULL; thread != NULL; thread = thread->next) {
		int state = atomic_load(&thread->state);

		if (state == RECORDER_THREAD_ENDING &&
			is_gone(atomic_load(&thread->tid))) {
			bury(thread);
			state = RECORDER_THREAD_FREE;
		}
		if (state == RECORDER_THREAD_FREE && found == NULL)
			found = thread;
	}
	return found;
}

static struct recorder_thread *make(void)
{
	struct recorder_thread *thread = block_table_map(sizeof(*thread));

	if (thread == NULL)
		return NULL;
	thread->buffer = recorder_store_add();
	if (thread->buffer == NULL) {
		munmap(thread, sizeof(*thread));
		return NULL;
	}
	thread->next = atomic_load(&recorder->all);
	atomic_store(&recorder->all, thread);
	if (thread->next != NULL)
		recorder_live_stand_beside(thread->next);
	return thread;
}

/* One with a number of its own, or NULL. */
static struct recorder_thread *take(uint32_t parent)
{
	struct recorder_thread *thread = NULL;

	if (atomic_load(&recorder->threads) >= TRACE_THREADS ||
		trace_lock(&recorder->lock) != 0)
		return NULL;
	thread = find_free();
	if (thread == NULL)
		thread = make();
	if (thread != NULL) {
		thread->destructor_rounds = 0;
		atomic_store(&thread->tid, 0);
		trace_buffer_init(thread->buffer, &recorder_writer,
			atomic_fetch_add(&recorder->threads, 1), parent);
		atomic_store(&thread->state, RECORDER_THREAD_RUNS);
	}
	trace_unlock(&recorder->lock);
	return thread;
}

struct recorder_thread *recorder_thread_register(void)
{
	struct recorder_thread *thread = take(TRACE_NO_PARENT);

	if (thread != NULL)
		recorder_thread_runs(thread);
	return thread;
}

struct recorder_thread *recorder_thread_new(void)
{
	struct recorder_thread *parent = recorder_thread();
	struct recorder_thread *thread;
	int kept_errno = errno;

	if (parent == NULL)
		return NULL;
	thread = take(parent->buffer->thread);
	if (thread != NULL) {
		trace_event_create(parent->buffer, thread->buffer->thread);
		recorder_live_add_up(parent);
	}
	errno = kept_errno;
	return thread;
}

void recorder_thread_runs(struct recorder_thread *thread)
{
	atomic_store(&thread->tid, (pid_t)syscall(SYS_gettid));
	recorder_own_thread = thread;
	recorder_own_buffer = thread->buffer;
	pthread_setspecific(at_end, thread);
}

void recorder_thread_failed(struct recorder_thread *thread)
{
	bury(thread);
}

/* Its kernel thread goes a moment after those who join it go on. */
static bool is_gone_soon(const struct recorder_thread *thread)
{
	const struct timespec millisecond = {0, 1000000};
	int tries =
		atomic_load(&thread->state) == RECORDER_THREAD_ENDING ? 20 : 1;

	while (!is_gone(atomic_load(&thread->tid))) {
		if (--tries == 0)
			return false;
		nanosleep(&millisecond, NULL);
	}
	return true;
}

uint64_t recorder_threads_snapshot(void)
{
	struct recorder_thread *thread = atomic_load(&recorder->all);
	uint64_t running = 0;

	for (; thread != NULL; thread = thread->next) {
		recorder_live_add_up(thread);
		if (atomic_load(&thread->state) == RECORDER_THREAD_FREE)
			continue;
		if (thread != recorder_own_thread && is_gone_soon(thread)) {
			bury(thread);
			continue;
		}
		trace_buffer_snapshot(thread->buffer);
		running += thread != recorder_own_thread;
	}
	return running;
}
