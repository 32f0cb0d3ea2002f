// SPDX-License-Identifier: MIT
//
// For a scheme whose numbers are plain: the one event is the serial to stop at.
#ifndef SERIALBENCH_SERIAL_STOP_PLAIN_H
#define SERIALBENCH_SERIAL_STOP_PLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "compiler.h"
#include "serial_at_once.h"
#include "serial_stop.h"

ALWAYS_INLINE bool serial_is_event(size_t serial)
{
	return serial == serial_stop_at;
}

static inline size_t serial_event(size_t serial)
{
	dbgalloc_serial_reached(serial, serial_print_number);
	return serial;
}

#endif /* SERIALBENCH_SERIAL_STOP_PLAIN_H */
