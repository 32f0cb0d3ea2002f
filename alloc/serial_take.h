// SPDX-License-Identifier: MIT
//
// The next number with its event, behind a scheme's header: for every place but
// the hottest, where a call in the middle may cost registers.
#ifndef SERIALBENCH_SERIAL_TAKE_H
#define SERIALBENCH_SERIAL_TAKE_H

#include <stddef.h>

#include "compiler.h"

ALWAYS_INLINE size_t serial_take(void)
{
	size_t serial = serial_next();

	if (UNLIKELY(serial_is_event(serial)))
		return serial_event(serial);
	serial_given();
	return serial;
}

#endif /* SERIALBENCH_SERIAL_TAKE_H */
