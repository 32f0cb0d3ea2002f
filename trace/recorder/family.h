// SPDX-License-Identifier: MIT
//
// One call of the family that another part has made or is to make, with the
// function that it goes to. Inside the recorder.
#ifndef SERIALBENCH_RECORDER_FAMILY_H
#define SERIALBENCH_RECORDER_FAMILY_H

#include <stddef.h>

#include "trace_format.h"

/* Of calls that were made: block is what they returned, and is returned. */
void *family_malloc(void *block, size_t size);
void *family_calloc(void *block, size_t count, size_t size);
void *family_aligned(
	void *block, enum trace_kind kind, size_t alignment, size_t size);

/* These make the call. */
void family_free(void *block, void (*release)(void *block));
void *family_realloc(
	void *block, size_t size, void *(*resize)(void *block, size_t size));

#endif /* SERIALBENCH_RECORDER_FAMILY_H */
