// SPDX-License-Identifier: MIT
//
// fleet_footprint VARIANT PROFILE KIB: holds fleet's population and prints the
// exact sums `blocks requested header_tail rounding`. With `-` as the variant:
// the rows of the profile, `size live blocks`, the last 0 for those dropped.
// For fleet_footprint.py, which runs it over an allocator that is preloaded.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc_backend.h"
#include "fleet_profile.h"

struct sums {
	uint64_t blocks, requested, header_tail, rounding;
};

static struct fleet_profile profile;

static void hold(struct sums *sums, const struct alloc_backend *backend,
	const struct fleet_row *row)
{
	for (uint32_t i = 0; i < row->blocks; i++) {
		size_t added = backend->bytes_added(row->size, 0);
		void *block = backend->alloc(row->size);

		if (block == NULL) {
			fprintf(stderr, "out of memory\n");
			exit(1);
		}
		sums->blocks++;
		sums->requested += row->size;
		sums->header_tail += added;
		sums->rounding += backend->slot_size(block) - row->size - added;
	}
}

static void print_rows(uint64_t heap)
{
	for (uint32_t i = 0; i < profile.count; i++)
		if (profile.rows[i].size > heap)
			printf("%" PRIu64 " %.9g 0\n", profile.rows[i].size,
				profile.rows[i].live);
	fleet_profile_scale(&profile, heap);
	for (uint32_t i = 0; i < profile.count; i++)
		printf("%" PRIu64 " %.9g %" PRIu32 "\n", profile.rows[i].size,
			profile.rows[i].live, profile.rows[i].blocks);
}

int main(int argc, char **argv)
{
	const struct alloc_backend *backend;
	struct sums sums = {0};
	uint64_t heap;

	if (argc != 4)
		return 2;
	heap = strtoull(argv[3], NULL, 10) * 1024;
	if (fleet_profile_load(&profile, (unsigned)atoi(argv[2]), "", NULL) !=
		0)
		return 2;
	if (strcmp(argv[1], "-") == 0) {
		print_rows(heap);
		return 0;
	}
	backend = alloc_backend_find(argv[1]);
	if (backend == NULL)
		return 2;
	fleet_profile_scale(&profile, heap);
	for (uint32_t i = 0; i < profile.count; i++)
		hold(&sums, backend, &profile.rows[i]);
	printf("%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", sums.blocks,
		sums.requested, sums.header_tail, sums.rounding);
	return 0;
}
