// SPDX-License-Identifier: MIT
//
// Damages a block in one way and tries check(), free() and realloc() on it.
#ifndef SERIALBENCH_TESTS_DAMAGE_H
#define SERIALBENCH_TESTS_DAMAGE_H

#include "alloc_backend.h"
#include "wrapper.h"

/* A block of the domain m over the arena, with a pattern in it. */
struct victim {
	const struct wrapper *wrapper;
	unsigned char *block;
	size_t size, alignment; /* as asked for; 0 for malloc() */
};

void victim_make(struct victim *victim, const struct wrapper *wrapper,
	size_t alignment, size_t size);

/* Stores a number as the header holds it. */
void victim_store(struct victim *victim, ptrdiff_t at, uint64_t number);

/*
 * check() says `found` and asks the arena nothing silly; free() and realloc()
 * report it word for word and abort. `note` is what a report says after the
 * leading guard, "" for nothing.
 */
void victim_try(
	const struct victim *victim, enum alloc_check found, const char *note);

/* The notes. */
#define NOTE_SIZE                                                              \
	"    This size does not fit in the underlying block: it was "          \
	"overwritten; trailing pad bytes and data are not looked for.\n"
#define NOTE_DISTANCE_GUARD                                                    \
	"    The pad bytes before the header, up to the underlying block, "    \
	"are not all FORBIDDENBYTE (0xfd).\n"
#define NOTE_DISTANCE                                                          \
	"    The header says that the block is an aligned one, but the "       \
	"distance to the underlying block is impossible.\n"

#endif /* SERIALBENCH_TESTS_DAMAGE_H */
