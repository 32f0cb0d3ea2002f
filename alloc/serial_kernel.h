// SPDX-License-Identifier: MIT
//
// The bump alone: compiled with a scheme's serial_next() in front of it, so
// that it is inline here as it is in an allocation.
#ifndef SERIALBENCH_SERIAL_KERNEL_H
#define SERIALBENCH_SERIAL_KERNEL_H

#include <stdint.h>

#include "compiler.h"
#include "serial_take.h"

static uint64_t take_serials(uint64_t count, unsigned work)
{
	uint64_t sum = 0;

	for (; count > 0; count--) {
		sum += serial_take();
		/* Keeps the loop where there is no number to take. */
		__asm__ volatile("" : "+r"(sum));
		private_work(work);
	}
	return sum;
}

#if SERIAL_NUMBERS_BLOCKS
static void watch_serials(
	uint64_t count, uint64_t *numbers, uint64_t *before, uint64_t *after)
{
	for (uint64_t i = 0; i < count; i++) {
		before[i] = tsc_read();
		numbers[i] = serial_take();
		after[i] = tsc_read();
	}
}
#endif

#endif /* SERIALBENCH_SERIAL_KERNEL_H */
