// SPDX-License-Identifier: MIT
//
// Stopping at a serial: the one place for a breakpoint. The bump itself is
// inline; it meets this through a single compare that is predicted not taken
// (a noinline bump costs about a tenth of an alloc/free pair), and out of the
// way of the hot path (a call in its middle costs it two pushes and pops).
#ifndef SERIALBENCH_SERIAL_STOP_H
#define SERIALBENCH_SERIAL_STOP_H

#include <stddef.h>

#include "serial_print.h"

/* The serial to stop at, 0 for none. Written before threads start. */
extern size_t serial_stop_at;

/* Says so on stderr and raises SIGTRAP: a debugger stops here, and without
 * one the program ends with a core at the very allocation. */
void dbgalloc_serial_reached(size_t serial, serial_printer *print);

#endif /* SERIALBENCH_SERIAL_STOP_H */
