// SPDX-License-Identifier: MIT
#include "debug_domain.h"

/* CPython signs errors of all three domains with its raw hooks' names. */
#define PYTHON_DOMAIN(id)                                                      \
	{                                                                      \
		.api_id = id, .raw = &raw_libc,                                \
		.fatal = "Fatal Python error: ",                               \
		.free_name = "_PyMem_DebugRawFree",                            \
		.realloc_name = "_PyMem_DebugRawRealloc",                      \
	}

const struct debug_domain debug_domain_raw = PYTHON_DOMAIN(DEBUG_API_RAW);
const struct debug_domain debug_domain_mem = PYTHON_DOMAIN(DEBUG_API_MEM);
const struct debug_domain debug_domain_object = PYTHON_DOMAIN(DEBUG_API_OBJECT);
