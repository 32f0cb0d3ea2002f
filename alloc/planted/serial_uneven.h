// SPDX-License-Identifier: MIT
//
// `none` with work planted in one thread: the first that allocates.
#include <stdatomic.h>

#include "planted.h"
#include "serial_no_stop.h"

#define SERIAL_SCHEME "none"
#define SERIAL_DESCRIPTION "planted: none, one thread slower"
#define SERIAL_GUARANTEES "no number"
#define SERIAL_IN_BLOCK 0
#define SERIAL_NUMBERS_BLOCKS 0

/* The share of a thread that has not asked yet. */
#define UNEVEN_UNKNOWN ((size_t)-1)

static atomic_flag uneven_taken = ATOMIC_FLAG_INIT;

NOINLINE COLD static size_t uneven_share(void)
{
	return atomic_flag_test_and_set(&uneven_taken) ? 0 : planted_amount;
}

ALWAYS_INLINE size_t serial_next(void)
{
	static _Thread_local unsigned count;
	static _Thread_local size_t share = UNEVEN_UNKNOWN;

	if (UNLIKELY(++count == PLANTED_PERIOD)) {
		count = 0;
		if (UNLIKELY(share == UNEVEN_UNKNOWN))
			share = uneven_share();
		private_work((unsigned)share);
	}
	return 0;
}
