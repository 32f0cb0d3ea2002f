// SPDX-License-Identifier: MIT
//
// Scheme none: no number, 24 bytes a block: CPython since 3.8.
#include "serial_no_stop.h"

#define SERIAL_SCHEME "none"
#define SERIAL_DESCRIPTION "size, API id and guards, no serial: 24 bytes"
#define SERIAL_GUARANTEES "no number"
#define SERIAL_IN_BLOCK 0
#define SERIAL_NUMBERS_BLOCKS 0

ALWAYS_INLINE size_t serial_next(void)
{
	return 0;
}
