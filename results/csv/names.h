// SPDX-License-Identifier: MIT
//
// A set of texts, each with a small number: 0, 1, … in the order in which they
// were added. Not thread-safe. A zeroed set is an empty one.
#ifndef SERIALBENCH_NAMES_H
#define SERIALBENCH_NAMES_H

#include <stddef.h>
#include <stdint.h>

#define NAMES_NONE UINT32_MAX

struct names {
	uint32_t count;
	char **texts; /* count of them; the set owns them */
	struct names_block *blocks; /* where they lie */
	size_t block_left; /* bytes of the first block that are free */
	size_t slot_count; /* a power of two, or 0 */
	uint32_t *slots; /* a text's number, or NAMES_NONE */
};

/* The text's number; adds it where it is new. NAMES_NONE with errno where
 * memory ran out. */
uint32_t names_add(struct names *names, const char *text);

/* The text's number, or NAMES_NONE. */
uint32_t names_find(const struct names *names, const char *text);

/* Accepts NULL and a zeroed set. */
void names_finish(struct names *names);

#endif /* SERIALBENCH_NAMES_H */
