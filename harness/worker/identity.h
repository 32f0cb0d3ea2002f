// SPDX-License-Identifier: MIT
//
// What a process runs on, proven rather than assumed.
#ifndef SERIALBENCH_IDENTITY_H
#define SERIALBENCH_IDENTITY_H

#include "lane_shared.h"

/* Fills in who provides malloc and malloc_usable_size in this process, and
 * the version as the allocator itself states it. */
void identity_prove(struct lane_identity *identity);

/* Bytes by jemalloc's own count (stats.allocated, active, resident). False
 * where jemalloc is not the allocator. */
bool identity_jemalloc_stats(
	uint64_t *allocated, uint64_t *active, uint64_t *resident);

#endif /* SERIALBENCH_IDENTITY_H */
