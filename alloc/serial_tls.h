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
#include "compiler.h"
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
#define SERIAL_EARLY 1

/*
 * One word, and no other to compare it with: while `last` is the greatest there
 * is the bump makes 0 of it, and serial_event() counts instead. So it is before
 * the thread has a number, and as long as there is a serial ahead to stop at.
 */
static _Thread_local struct serial_place serial_tls = {.last = SERIAL_PARKED};

ALWAYS_INLINE size_t serial_next(void)
{
	return ++serial_tls.last;
}

ALWAYS_INLINE bool serial_is_event(size_t serial)
{
	return serial == 0;
}

/* Of a call that failed, or of the zero of a parked count. Kept where an
 * allocation within the call took the next. */
ALWAYS_INLINE void serial_give_back(size_t serial)
{
	if (serial_tls.last == serial)
		serial_tls.last--;
}

NOINLINE COLD static size_t serial_event(size_t serial)
{
	struct serial_place *place = &serial_tls;

	if (place->counted == 0)
		*place = serial_place_of(thread_path_current());
	serial = ++place->counted;
	place->last = place->stop > serial ? SERIAL_PARKED : serial;
	if (serial == place->stop)
		dbgalloc_serial_reached(serial, serial_print_path);
	return serial;
}

/* A thread without a number looks when it gets one. */
static inline void serial_stop_changed(void)
{
	struct serial_place *place = &serial_tls;

	if (place->last != SERIAL_PARKED)
		place->counted = place->last;
	if (place->counted == 0)
		return;
	place->stop = thread_path_stop_word(thread_path_current());
	place->last = SERIAL_PARKED;
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
	serial_tls = serial_place_of(thread_path_current());
}
