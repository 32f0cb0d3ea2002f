// SPDX-License-Identifier: MIT
//
// A stretch of births and deaths that ends where it began, recorded before
// anything is timed, so it can be replayed in a circle. Each operation is one
// death and one birth, so the number of live blocks is always the same. A
// birth's size is drawn by the rates. A death is drawn by how many of each
// size live and how long they live on average, live / rate (Little's law); of
// one size each block is as likely as another, so its life is exponential. A
// few operations at the end repair what the stretch left different.
#ifndef SERIALBENCH_FLEET_STREAM_H
#define SERIALBENCH_FLEET_STREAM_H

#include "fleet_profile.h"

/* Operations before the repair. */
#define FLEET_OPERATIONS ((size_t)1 << 17)

/* In `death`: by another thread. */
#define FLEET_REMOTE ((uint32_t)1 << 31)

struct fleet_operation {
	uint32_t death, birth; /* slots */
};

/* Arrays of the caller; slots of one size are neighbours. */
struct fleet_stream {
	size_t slot_count;
	size_t operation_max; /* room for so many */
	size_t operation_count;
	struct fleet_operation *operations;
	uint32_t *sizes; /* of each slot */
	bool *is_live; /* each slot, at the beginning and at the end */
	uint32_t *order; /* of each size's slots: those that live first */
};

/* Fills slot_count and operation_max for a scaled profile. */
void fleet_stream_plan(
	struct fleet_stream *stream, const struct fleet_profile *profile);

/* Of all arrays of a stream that is planned, and where they are in as much
 * memory, which begins at a word. */
size_t fleet_stream_bytes(const struct fleet_stream *stream);
void fleet_stream_lay_out(struct fleet_stream *stream, void *memory);

/* Records, with `remote` per cent of the deaths marked. */
void fleet_stream_record(struct fleet_stream *stream,
	const struct fleet_profile *profile, uint64_t seed, unsigned remote);

#endif /* SERIALBENCH_FLEET_STREAM_H */
