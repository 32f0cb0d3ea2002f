// SPDX-License-Identifier: MIT
//
// Scheme global: CPython's, bumped and then read again from the global, with
// no lock and no atomic.
//
// Guarantees: none with more than one thread: two threads can take the same
// number, and a store can undo another's. Alone: unique, in order, repeats on
// the next run. size_t wide: on 32 bits it starts again after 4.3 billion, on
// 64 bits it does not run out.
#include "serial_stop_plain.h"

#define SERIAL_SCHEME "global"
#define SERIAL_DESCRIPTION "a plain counter, bumped then re-read, as CPython's"
#define SERIAL_GUARANTEES                                                      \
	"one thread: unique, ordered, repeatable; more: a data race, none of " \
	"these"
#define SERIAL_IN_BLOCK 1
#define SERIAL_NUMBERS_BLOCKS 1

/*
 * volatile, or the compiler merges the bumps of a loop. The race is on
 * purpose: it is what the suite measures (tests/tsan.suppressions names it).
 */
static struct {
	_Alignas(CACHELINE) volatile size_t last;
} serial_global;

ALWAYS_INLINE size_t serial_next(void)
{
	serial_global.last = serial_global.last + 1;
	return serial_global.last;
}
