// SPDX-License-Identifier: MIT
//
// What the controls without a wrapper have in common: nothing is added to a
// block, and there is nothing to check.
#ifndef SERIALBENCH_CONTROL_H
#define SERIALBENCH_CONTROL_H

#include "alloc_backend.h"

static size_t control_bytes_added(size_t size, size_t alignment)
{
	(void)size;
	(void)alignment;
	return 0;
}

static uint64_t control_serial_of(const void *block)
{
	(void)block;
	return 0;
}

static enum alloc_check control_check(const void *block)
{
	(void)block;
	return ALLOC_CHECK_OK;
}

#endif /* SERIALBENCH_CONTROL_H */
