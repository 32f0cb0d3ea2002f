// SPDX-License-Identifier: MIT
//
// Which thread is this, in words that repeat on the next run. A thread's path
// is T0 for the first thread and PARENT.k for the k-th thread that PARENT
// created; it depends on each thread's own behaviour only, not on which of
// two threads was quicker. A thread that was not created through
// pthread_create is T?k, the k-th such seen, which need not repeat.
//
// A thread also has a number, by order of creation, which indexes the table of
// paths and stands in the serial. Numbers are not used twice; the last one,
// THREAD_NUMBERS - 1, is shared by all threads beyond the table, and its path
// is T?.
#ifndef SERIALBENCH_THREAD_PATH_H
#define SERIALBENCH_THREAD_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define THREAD_NUMBER_BITS (sizeof(size_t) == 8 ? 20 : 10)
#define THREAD_COUNT_BITS (8 * sizeof(size_t) - THREAD_NUMBER_BITS)
#define THREAD_NUMBERS ((uint32_t)1 << THREAD_NUMBER_BITS)
#define THREAD_PATH_TEXT 128

/* The calling thread's number; gives it one (T?k) where it has none. Safe
 * before main, in a signal handler and after fork. */
uint32_t thread_path_current(void);

/* Registers the next child of the calling thread and returns its number; the
 * child then calls thread_path_become() with it. */
uint32_t thread_path_new_child(void);
void thread_path_become(uint32_t number);

/* Registers a second number for the calling thread, with the path PARENT.0:
 * for what the C library allocates on its behalf. */
uint32_t thread_path_new_aside(void);

/* For a caller that numbers its threads itself: the calling thread becomes
 * `number`, with the path T0.number (T0 for 0). Numbers up to it are not given
 * to threads registered later. */
void thread_path_give(uint32_t number);

/* Writes the path, shortened from the left with "…" where it is too long. */
void thread_path_text(uint32_t number, char text[THREAD_PATH_TEXT]);

/* The serial that stands before a thread's first one. */
static inline size_t thread_path_first_word(uint32_t number)
{
	return (size_t)number << THREAD_COUNT_BITS;
}

/*
 * Stops at the COUNT-th serial of the thread with that path, once it starts
 * (threads that already took a serial go on); a count of 0 stops nowhere. 0, or
 * -1 where the text is not PATH#COUNT or no thread counts so far.
 */
int thread_path_stop_at(const char *text);

/* The serial at which this thread is to stop, 0 for none. */
size_t thread_path_stop_word(uint32_t number);

/* Where a thread's count stands, and where it is to stop. While `next` is
 * SERIAL_PARKED the count stands in `counted`, and each bump is looked at. All
 * zeros: a thread that has no number yet. */
struct serial_place {
	size_t next, counted, stop;
};

#define SERIAL_PARKED ((size_t)0)

/* The place before the first serial of that thread. */
static inline struct serial_place serial_place_of(uint32_t number)
{
	return (struct serial_place){
		.next = SERIAL_PARKED,
		.counted = thread_path_first_word(number),
		.stop = thread_path_stop_word(number),
	};
}

#endif /* SERIALBENCH_THREAD_PATH_H */
