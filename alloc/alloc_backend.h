// SPDX-License-Identifier: MIT
//
// The backend contract: what a debug wrapper variant or a control offers to
// whoever drives it. A workload, a worker and a test see an allocator through
// this struct and through nothing else.
#ifndef SERIALBENCH_ALLOC_BACKEND_H
#define SERIALBENCH_ALLOC_BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ALLOC_BACKEND_ABI 2

/* What a check of one block found, most harmless first. */
enum alloc_check {
	ALLOC_CHECK_OK,
	ALLOC_CHECK_API_MISMATCH, /* intact, but another API's block */
	ALLOC_CHECK_UNDERFLOW, /* written before its first byte */
	ALLOC_CHECK_OVERFLOW, /* written after its last byte */
	ALLOC_CHECK_DAMAGED_SIZE, /* guards intact, size impossible */
	ALLOC_CHECK_FREED_OR_FOREIGN, /* no header of ours in front of it */
};

/* What a backend is in an experiment. */
enum alloc_role {
	ALLOC_ROLE_VARIANT, /* what is measured: a way to number blocks, or none
			     */
	ALLOC_ROLE_CONTROL, /* what tells the parts of its cost apart */
	ALLOC_ROLE_COPY, /* the baseline, built and linked a second time: A' */
	ALLOC_ROLE_PEER, /* another debug allocator, preloaded */
	ALLOC_ROLE_PLANTED, /* a fault, for the certificate */
};

/*
 * One variant. Every member is constant after start, and every call is safe
 * from any thread at any time unless its comment says otherwise. "Never NULL"
 * is checked by alloc_backend_missing().
 */
struct alloc_backend {
	/* ALLOC_BACKEND_ABI of the source that filled the struct. */
	unsigned abi;

	/* Name on the command line, in the CSV and in library names. Never
	 * NULL. */
	const char *variant;

	enum alloc_role role;

	/* The scheme whose preload library has this wrapper, so that a whole
	 * program can be run on it; NULL where no library wraps anything. */
	const char *library;

	/* How blocks are numbered: "none", "atomic", … Never NULL. */
	const char *serial_scheme;

	/* One line for `serialbench list variants`. Never NULL. */
	const char *description;

	/* What the number promises: unique? ordered? repeatable? how wide?
	 * Printed under figures. Never NULL; "no number" where there is none.
	 */
	const char *guarantees;

	/* Bytes of the number in every block; 0 without one. */
	size_t serial_bytes;

	/* True where the numbers tell blocks apart, so that the correctness
	 * probe has something to count. A constant number does not. */
	bool numbers_blocks;

	/* False where no underlying allocator is called (`null`). */
	bool allocates;

	/*
	 * Bytes that the wrapper adds to a request before it goes to the
	 * underlying allocator; depends on nothing but the arguments.
	 * alignment 0 means alloc(). Never NULL.
	 */
	size_t (*bytes_added)(size_t size, size_t alignment);

	/*
	 * The calls of the malloc family, with its rules, but: a size of 0
	 * gives a unique block, realloc(p, 0) gives a block of 0 bytes, a
	 * request above PTRDIFF_MAX gives NULL. NULL when out of memory.
	 * realloc() leaves the old block usable when it fails. Never NULL.
	 */
	void *(*alloc)(size_t size);
	void *(*calloc)(size_t count, size_t size);
	void *(*aligned_alloc)(size_t alignment, size_t size);
	void *(*realloc)(void *block, size_t size);

	/* Frees; NULL is no block. A damaged block is reported and the
	 * program ended. Keeps errno. Never NULL. */
	void (*free)(void *block);

	/* Bytes that the caller may use in a live block. Never NULL. */
	size_t (*usable_size)(const void *block);

	/*
	 * Bytes of the underlying allocator's slot that holds a live block:
	 * its malloc_usable_size. Rounding = this - usable_size - added.
	 * Never NULL; 0 where nothing was allocated.
	 */
	size_t (*slot_size)(const void *block);

	/* The number of a live block; 0 without one. Never NULL. */
	uint64_t (*serial_of)(const void *block);

	/* Looks at a live block, changes and prints nothing. Never NULL. */
	enum alloc_check (*check)(const void *block);

	/*
	 * Tells the calling thread its number before its first allocation;
	 * a number is given once in the life of the process. NULL where the
	 * scheme does not care who allocates.
	 */
	void (*thread_number)(uint32_t number);

	/*
	 * Takes `count` numbers with no allocation, `work` cycles of private
	 * work after each, and returns their sum; the loop is compiled with
	 * the scheme, so the bump is inline as it is in alloc(). Never NULL:
	 * schemes without a number run the loop alone.
	 */
	uint64_t (*take_serials)(uint64_t count, unsigned work);

	/*
	 * As take_serials, but keeps every number and the time-stamp counter
	 * before and after the bump; each array holds `count` values and
	 * belongs to the caller. NULL where numbers_blocks is false.
	 */
	void (*watch_serials)(uint64_t count, uint64_t *numbers,
		uint64_t *before, uint64_t *after);
};

/* The member that the contract demands and the backend lacks, or NULL. */
const char *alloc_backend_missing(const struct alloc_backend *backend);

/* Every backend that was built in, in the order of alloc/meson.build, closed
 * by NULL. */
extern const struct alloc_backend *const alloc_backends[];

/* The backend of that name, or NULL. */
const struct alloc_backend *alloc_backend_find(const char *variant);

#endif /* SERIALBENCH_ALLOC_BACKEND_H */
