// SPDX-License-Identifier: MIT
//
// `none` with a stall in one allocation of PLANTED_STALL_PERIOD.
#include "planted.h"
#include "serial_no_stop.h"
#include "tsc.h"

#define SERIAL_SCHEME "none"
#define SERIAL_DESCRIPTION "planted: none, and now and then a stall"
#define SERIAL_GUARANTEES "no number"
#define SERIAL_IN_BLOCK 0
#define SERIAL_NUMBERS_BLOCKS 0

NOINLINE COLD static void stall(void)
{
	uint64_t begin = tsc_read();

	while (tsc_read() - begin < planted_amount)
		;
}

ALWAYS_INLINE size_t serial_next(void)
{
	static _Thread_local unsigned count;

	if (UNLIKELY(++count == PLANTED_STALL_PERIOD)) {
		count = 0;
		stall();
	}
	return 0;
}
