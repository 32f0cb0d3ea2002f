// SPDX-License-Identifier: MIT
#include "preload.h"

#include <stdint.h>

#include "layout.h"
#include "safe_read.h"
#include "underlying.h"

/* realloc() knows malloc's blocks only, so its name is the same in all. */
#define PRELOAD_DOMAIN(id, free_call)                                          \
	{                                                                      \
		.api_id = id, .raw = &raw_next,                                \
		.fatal = "Fatal dbgalloc error: ", .free_name = free_call,     \
		.realloc_name = "realloc", .probe_header = true,               \
	}

const struct debug_domain preload_domain_malloc =
	PRELOAD_DOMAIN(DEBUG_API_RAW, "free");
const struct debug_domain preload_domain_new =
	PRELOAD_DOMAIN(DEBUG_API_NEW, "operator delete");
const struct debug_domain preload_domain_new_array =
	PRELOAD_DOMAIN(DEBUG_API_NEW_ARRAY, "operator delete[]");

const struct debug_domain *preload_domain_of(const void *block)
{
	unsigned char id;

	if (!safe_read(&id, (const unsigned char *)block - WORD, 1))
		return &preload_domain_malloc;
	switch (layout_api_of_id((char)id)) {
	case DEBUG_API_NEW:
		return &preload_domain_new;
	case DEBUG_API_NEW_ARRAY:
		return &preload_domain_new_array;
	default:
		return &preload_domain_malloc;
	}
}
