// SPDX-License-Identifier: MIT
//
// Scheme tls: the thread's number and the thread's own count in one word.
//
// Guarantees: unique in the process, with no write that another thread sees.
// Ordered within a thread only. Repeatable wherever each thread's own
// behaviour is: printed as T0.3#1207, the 1207th allocation of the third
// thread that the first thread created, it does not depend on who ran first.
// On 64 bits 20 bits of thread and 44 of count; thread numbers are not used
// twice, and from the millionth thread on threads share the last one, so
// serials may repeat there. On 32 bits 10 and 22 bits: a thread's count that
// runs out runs into the next thread's numbers.
#include "serial_stop.h"
#include "thread_path.h"

#define SERIAL_SCHEME "tls"
#define SERIAL_DESCRIPTION "thread path and the thread's own count, no sharing"
#define SERIAL_GUARANTEES                                                      \
	"unique; ordered within a thread; repeats on the next run, thread by " \
	"thread"
#define SERIAL_IN_BLOCK 1
#define SERIAL_NUMBERS_BLOCKS 1
#define SERIAL_THREAD_PATHS 1

/*
 * `stop` is the next word at which something has to be done: 1 before the
 * thread has a number (its first bump makes 1 of 0), later the serial to stop
 * at. So one compare serves both.
 */
static _Thread_local struct serial_place serial_tls = {0, 1};

/* Gives the thread its number and returns its first serial, or stops. */
NOINLINE COLD static size_t serial_tls_event(void)
{
	if (serial_tls.last != 1) {
		dbgalloc_serial_reached(serial_tls.last, serial_print_path);
		return serial_tls.last;
	}
	serial_tls.last = thread_path_first_word(thread_path_current()) + 1;
	serial_tls.stop = thread_path_stop_word(thread_path_current());
	if (serial_tls.last == serial_tls.stop)
		dbgalloc_serial_reached(serial_tls.last, serial_print_path);
	return serial_tls.last;
}

ALWAYS_INLINE size_t serial_next(void)
{
	size_t serial = ++serial_tls.last;

	return LIKELY(serial != serial_tls.stop) ? serial : serial_tls_event();
}

/* A thread without a number looks when it gets one. */
static inline void serial_stop_changed(void)
{
	if (serial_tls.last != 0)
		serial_tls.stop = thread_path_stop_word(thread_path_current());
}

/* The thread goes on with the other count, and `other` keeps its own. */
static inline void serial_swap(struct serial_place *other)
{
	struct serial_place kept = serial_tls;

	serial_tls = *other;
	*other = kept;
}

/* For a caller that numbers its threads itself. */
static inline void serial_thread_number(uint32_t number)
{
	thread_path_give(number);
	number = thread_path_current();
	serial_tls.last = thread_path_first_word(number);
	serial_tls.stop = thread_path_stop_word(number);
}
