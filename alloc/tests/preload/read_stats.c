// SPDX-License-Identifier: MIT
//
// Prints a file of preload_stats.h: the slots claimed, then one line a slot.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "preload_stats.h"

static struct preload_stats_file file;

static void print(const struct preload_stats_slot *slot)
{
	const struct preload_stats_counts *counts = preload_stats_read(slot);

	printf("%s %s %" PRIu32 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
	       " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
		slot->program, slot->variant, slot->generation, counts->calls,
		counts->live_blocks, counts->live_requested,
		counts->live_debug_bytes, counts->peak_live_blocks,
		counts->peak_requested, counts->peak_debug_bytes,
		counts->peak_serial_bytes);
}

int main(int argc, char **argv)
{
	FILE *stream = argc == 2 ? fopen(argv[1], "rb") : NULL;

	if (stream == NULL || fread(&file, sizeof(file), 1, stream) != 1 ||
		file.magic != PRELOAD_STATS_MAGIC ||
		file.version != PRELOAD_STATS_VERSION ||
		file.slot_bytes != sizeof(struct preload_stats_slot)) {
		fprintf(stderr, "read_stats: no accounting in the file\n");
		return 1;
	}
	fclose(stream);
	printf("%" PRIu32 "\n", file.claimed);
	for (uint32_t i = 0; i < file.claimed && i < file.slots; i++)
		print(&file.slot[i]);
	return 0;
}
