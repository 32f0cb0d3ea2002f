// SPDX-License-Identifier: MIT
//
// Stopping at a serial: the one place for a breakpoint. The bump itself is
// inline; it meets this through a single compare that is predicted not taken
// (a noinline bump costs about a tenth of an alloc/free pair).
#ifndef SERIALBENCH_SERIAL_STOP_H
#define SERIALBENCH_SERIAL_STOP_H

#include <stddef.h>

#include "compiler.h"
#include "serial_print.h"

/* The serial to stop at, 0 for none. Written before threads start. */
extern size_t serial_stop_at;

/* Says so on stderr and raises SIGTRAP: a debugger stops here, and without
 * one the program ends with a core at the very allocation. */
void dbgalloc_serial_reached(size_t serial, serial_printer *print);

ALWAYS_INLINE size_t serial_stop_check(size_t serial)
{
	if (UNLIKELY(serial == serial_stop_at))
		dbgalloc_serial_reached(serial, serial_print_number);
	return serial;
}

#endif /* SERIALBENCH_SERIAL_STOP_H */
