// SPDX-License-Identifier: MIT
//
// Reads memory that may not be there, without a fault and without a handler.
#ifndef SERIALBENCH_SAFE_READ_H
#define SERIALBENCH_SAFE_READ_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether `size` bytes (at most a page) can be read: the kernel is asked to
 * read them for a call that then fails, as abseil's address_is_readable does.
 * Another thread may unmap them at once. Keeps errno, async-signal-safe.
 */
bool safe_readable(const void *place, size_t size);

/* Copies the bytes where they can be read. */
bool safe_read(void *copy, const void *place, size_t size);

#endif /* SERIALBENCH_SAFE_READ_H */
