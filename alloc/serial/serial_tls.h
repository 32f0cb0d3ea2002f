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
#define SERIAL_COUNTS_BEHIND 1

/*
 * One word, and no other to compare it with but zero: while `next` is
 * SERIAL_PARKED serial_event() counts instead. So it is before the thread has a
 * number, and as long as there is a serial ahead to stop at.
 */
static _Thread_local struct serial_place serial_tls;

ALWAYS_INLINE size_t serial_next(void)
{
	return serial_tls.next;
}

ALWAYS_INLINE bool serial_is_event(size_t serial)
{
	return serial == SERIAL_PARKED;
}

/*
 * Counts what serial_next() said. Where a block is filled the compiler may not
 * do it before: among the fill's stores, which go to other lines, one more
 * costs twice of what it costs behind them, and counting before the underlying
 * call costs a saved register. Nothing allocates in between on this thread but
 * a signal handler, which may not.
 */
ALWAYS_INLINE void serial_given(void)
{
	compiler_barrier();
	serial_tls.next++;
}

NOINLINE COLD static size_t serial_event(size_t serial)
{
	struct serial_place *place = &serial_tls;

	if (place->counted == 0)
		*place = serial_place_of(thread_path_current());
	serial = ++place->counted;
	place->next = place->stop > serial ? SERIAL_PARKED : serial + 1;
	if (serial == place->stop)
		dbgalloc_serial_reached(serial, serial_print_path);
	return serial;
}

/* A thread without a number looks when it gets one. */
static inline void serial_stop_changed(void)
{
	struct serial_place *place = &serial_tls;

	if (place->next != SERIAL_PARKED)
		place->counted = place->next - 1;
	if (place->counted == 0)
		return;
	place->stop = thread_path_stop_word(thread_path_current());
	place->next = SERIAL_PARKED;
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
