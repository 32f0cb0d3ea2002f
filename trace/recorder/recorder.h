// SPDX-License-Identifier: MIT
//
// The recording of this process: which file, which threads, how it ends.
//
// What a forked child may not have of its parent's, the kernel wipes, however
// the child is made (MADV_WIPEONFORK): its first event finds that there is no
// recording and begins one. A child of vfork sees, and is, its parent.
#ifndef SERIALBENCH_RECORDER_H
#define SERIALBENCH_RECORDER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "block_table.h"
#include "compiler.h"
#include "next_calls.h"
#include "recorder_live.h"
#include "recorder_store.h"
#include "trace_buffer.h"

enum recorder_thread_state {
	RECORDER_THREAD_FREE, /* to be had */
	RECORDER_THREAD_RUNS,
	RECORDER_THREAD_ENDING, /* nothing is left that it might run */
};

/* Mapped, never given back, used again. */
struct recorder_thread {
	struct recorder_live live; /* first: its address is the thread's */
	struct recorder_thread *next; /* of all; written once */
	_Atomic int state; /* enum recorder_thread_state */
	_Atomic pid_t tid; /* 0 before it runs */
	unsigned destructor_rounds;
	/* Of pthread_create or thrd_create, the other one NULL. */
	void *(*start)(void *argument);
	int (*start_c11)(void *argument);
	void *argument;
	struct block_near near;
	/* Not in here: it outlives the program. Nobody looks at it who has not
	 * found the thread's other fields filled, so no forked child does. */
	struct trace_buffer *buffer;
};

struct recorder {
	bool on; /* events are recorded */
	bool ended; /* for good, or while exec is tried */
	pid_t pid;
	_Atomic uint32_t threads; /* numbers that were given */
	_Atomic int lock; /* of the list of threads */
	struct recorder_thread *_Atomic all;
	struct trace_store_header *store; /* where recorder_writer counts */
};

/* Never NULL; wiped in a forked child. */
extern struct recorder *recorder;

/* Not wiped: what belongs to the parent has to be closed. */
extern struct trace_writer recorder_writer;

extern _Thread_local struct recorder_thread *recorder_own_thread;

/* Not wiped: in a forked child this is its parent's. */
extern _Thread_local struct trace_buffer *recorder_own_buffer;

/* NULL where this call cannot be recorded: it then counts as lost, if there is
 * a recording. Begins one in a process that has none yet. */
struct recorder_thread *recorder_begin_thread(void);

/* The calling thread, or NULL. */
ALWAYS_INLINE struct recorder_thread *recorder_thread(void)
{
	struct recorder_thread *own = recorder_own_thread;

	if (LIKELY(recorder->on && own != NULL))
		return own;
	return recorder_begin_thread();
}

/* Its buffer, or NULL. */
ALWAYS_INLINE struct trace_buffer *recorder_buffer(void)
{
	struct recorder_thread *own = recorder_thread();

	return own == NULL ? NULL : own->buffer;
}

/* Finds the allocator, and begins to record. Of every entry point that may be
 * the first. */
void recorder_start(void);

/* A thread that the calling one is about to make, its create event written;
 * NULL where it cannot be recorded. */
struct recorder_thread *recorder_thread_new(void);

/* In the new thread. */
void recorder_thread_runs(struct recorder_thread *thread);

/* It was not made after all. */
void recorder_thread_failed(struct recorder_thread *thread);

/* Finds the thread of the caller that has none, its parent not known. NULL
 * where there is no memory. */
struct recorder_thread *recorder_thread_register(void);

/* Once a process, before the others. 0, or -1 with errno. */
int recorder_threads_start(void);

/* Writes what all threads have, and says how many others still run. */
uint64_t recorder_threads_snapshot(void);

/* In a forked child, at once. */
void recorder_forked(void);

/* Whether this process, not a vfork child of it, records. */
bool recorder_is_mine(void);

/* Writes all that there is and the end. At exec recorder_go_on() takes it back
 * where exec fails; else this is the last. Keep errno. */
void recorder_end(enum trace_end_kind how);
void recorder_go_on(void);

#endif /* SERIALBENCH_RECORDER_H */
