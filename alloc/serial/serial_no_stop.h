// SPDX-License-Identifier: MIT
//
// For a scheme that counts nothing: no number of it is an event.
#ifndef SERIALBENCH_SERIAL_NO_STOP_H
#define SERIALBENCH_SERIAL_NO_STOP_H

#include <stdbool.h>
#include <stddef.h>

#include "compiler.h"
#include "serial_at_once.h"

ALWAYS_INLINE bool serial_is_event(size_t serial)
{
	(void)serial;
	return false;
}

ALWAYS_INLINE size_t serial_event(size_t serial)
{
	return serial;
}

#endif /* SERIALBENCH_SERIAL_NO_STOP_H */
