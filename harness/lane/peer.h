// SPDX-License-Identifier: MIT
//
// Peers: other debug allocators, or any library that takes malloc over, as
// lanes of their own beside the variants.
#ifndef SERIALBENCH_PEER_H
#define SERIALBENCH_PEER_H

#include "alloc_backend.h"
#include "allocators.h"
#include "error_text.h"

#define PEER_LIST 16

/* The variant that a peer's worker runs: malloc, and whatever that does. */
#define PEER_BACKEND "plain"

/* The lane is PEER_BACKEND's under the peer's name, which points into the
 * struct: it stays where it is. */
struct peer {
	struct allocator allocator;
	struct alloc_backend lane;
};

/* Names that are known, closed by NULL. */
extern const char *const peer_names[];
const char *peer_description(const char *name);

/*
 * Reads NAME=LIBRARY[:ENV=VALUE…], or a known name, and lets a worker prove
 * that the library takes malloc over. A colon that no ENV= follows belongs to
 * the value before it. 0, or -1 with one line in error.
 */
int peer_read(struct peer *peer, const char *text, struct error *error);

/* Fills the lane from the allocator's name. */
void peer_name_lane(struct peer *peer);

#endif /* SERIALBENCH_PEER_H */
