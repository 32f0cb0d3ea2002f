// SPDX-License-Identifier: MIT
//
// Scheme slot, a control: the 32-byte layout with a constant in the serial's
// place. What it costs over `none` is the price of the bytes; what a scheme
// costs over it is the price of the counting.
#include "serial_no_stop.h"

#define SERIAL_SCHEME "slot"
#define SERIAL_DESCRIPTION "control: room for a serial, a constant in it"
#define SERIAL_GUARANTEES "the same number in every block"
#define SERIAL_IN_BLOCK 1
#define SERIAL_NUMBERS_BLOCKS 0
#define SERIAL_IS_CONTROL 1

ALWAYS_INLINE size_t serial_next(void)
{
	return 0x5107;
}
