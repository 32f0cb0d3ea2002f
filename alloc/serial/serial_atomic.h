// SPDX-License-Identifier: MIT
//
// Scheme atomic: one counter for the process; the block keeps the value that
// the fetch-add returned. (Making only the bump atomic and reading the counter
// again would still hand one number to two blocks.)
//
// Guarantees: unique and without gaps in the process. Ordered: a block made
// after another was handed out has the higher number. Repeats on the next run
// only while one thread allocates. size_t wide: on 32 bits it starts again
// after 4.3 billion, on 64 bits it does not run out.
#include <stdatomic.h>

#include "serial_stop_plain.h"

#define SERIAL_SCHEME "atomic"
#define SERIAL_DESCRIPTION "one atomic counter, the fetch-add's value stored"
#define SERIAL_GUARANTEES                                                      \
	"unique, ordered, no gaps; repeatable only while one thread allocates"
#define SERIAL_IN_BLOCK 1
#define SERIAL_NUMBERS_BLOCKS 1

/* Alone on its line, so that what is measured is contention for it. Relaxed:
 * a number orders nothing but numbers. */
static struct {
	_Alignas(CACHELINE) atomic_size_t last;
} serial_atomic;

ALWAYS_INLINE size_t serial_next(void)
{
	return atomic_fetch_add_explicit(
		       &serial_atomic.last, 1, memory_order_relaxed) +
		1;
}
