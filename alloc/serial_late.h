// SPDX-License-Identifier: MIT
//
// For a scheme that takes its number when the underlying allocator has
// succeeded, so that no number is ever given back: CPython's order, and the one
// to begin with. A scheme that takes it before says SERIAL_EARLY 1 and brings
// serial_give_back().
#ifndef SERIALBENCH_SERIAL_LATE_H
#define SERIALBENCH_SERIAL_LATE_H

#include <stddef.h>

#include "compiler.h"

#define SERIAL_EARLY 0

ALWAYS_INLINE void serial_give_back(size_t serial)
{
	(void)serial;
}

#endif /* SERIALBENCH_SERIAL_LATE_H */
