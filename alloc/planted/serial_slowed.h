// SPDX-License-Identifier: MIT
//
// `none` with work planted in every thread. With an amount of 0 it counts
// allocations as it does with any other, so that two of them differ in the
// work alone.
#include "planted.h"
#include "serial_no_stop.h"

#define SERIAL_SCHEME "none"
#define SERIAL_DESCRIPTION "planted: none, slower"
#define SERIAL_GUARANTEES "no number"
#define SERIAL_IN_BLOCK 0
#define SERIAL_NUMBERS_BLOCKS 0

ALWAYS_INLINE size_t serial_next(void)
{
	static _Thread_local unsigned count;

	if (UNLIKELY(++count == PLANTED_PERIOD)) {
		count = 0;
		private_work((unsigned)planted_amount);
	}
	return 0;
}
