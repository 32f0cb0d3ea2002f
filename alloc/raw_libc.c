// SPDX-License-Identifier: MIT
//
// The only file of the backends that names malloc.
#include "raw_calls.h"

#include <malloc.h>
#include <stdlib.h>

const struct raw_calls raw_libc = {
	.malloc = malloc,
	.calloc = calloc,
	.realloc = realloc,
	.free = free,
	.posix_memalign = posix_memalign,
	.malloc_usable_size = malloc_usable_size,
};
