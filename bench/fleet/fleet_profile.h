// SPDX-License-Identifier: MIT
//
// What fleet allocates: sizes with their rates and live blocks, from the table
// derived from fleetbench's profiles (fleet/) or from a file of their format.
#ifndef SERIALBENCH_FLEET_PROFILE_H
#define SERIALBENCH_FLEET_PROFILE_H

#include "workload.h"

#define FLEET_PROFILES 10
#define FLEET_ROWS_MAX 4096

struct fleet_row {
	uint64_t size; /* bytes */
	double rate; /* allocations in a unit of time, any unit */
	double live; /* blocks, at any scale */
	uint32_t blocks; /* in a heap: set by fleet_profile_scale */
};

struct fleet_profile {
	uint32_t count; /* rows; every rate and live is above 0 */
	uint64_t blocks; /* in all */
	struct fleet_row rows[FLEET_ROWS_MAX];
};

/*
 * Reads rows `size, rate, live` from a file, or takes profile 0 … 9 where
 * `path` is "". 0, or -1 with "file:line:column: what" in error[]. Allocates
 * nothing.
 */
int fleet_profile_load(struct fleet_profile *profile, unsigned number,
	const char *path, char error[WORKLOAD_TEXT]);

/*
 * Drops the rows of sizes above `heap` bytes and gives each of the others its
 * number of blocks, so that all together are about `heap` bytes: from the last
 * row to the first, and the bytes that make no whole block go to the row
 * before, so a part of a large block is there as smaller ones. At least one
 * block.
 */
void fleet_profile_scale(struct fleet_profile *profile, uint64_t heap);

#endif /* SERIALBENCH_FLEET_PROFILE_H */
