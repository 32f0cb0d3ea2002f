// SPDX-License-Identifier: MIT
//
// libdbgalloc: what a program that runs on a debug allocator can ask of it.
// For C and C++. The library is preloaded,
//
//   LD_PRELOAD="libdbgalloc-tls.so libjemalloc.so.2" program
//
// or linked (`pkg-config --libs dbgalloc`). A program that shall also run
// without it declares the functions weak before it includes this header, or
// finds them with dlsym().
//
// Every call is thread-safe. None allocates; what is printed goes to file
// descriptor 2 by write(2). Blocks are those of malloc and its family and of
// operator new and new[].
#ifndef DBGALLOC_H
#define DBGALLOC_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a check of one block found. */
enum dbgalloc_result {
	DBGALLOC_OK,
	DBGALLOC_API_MISMATCH, /* another domain's block */
	DBGALLOC_UNDERFLOW, /* written before its first byte */
	DBGALLOC_OVERFLOW, /* written after its last byte */
	DBGALLOC_DAMAGED_SIZE, /* guards intact, size impossible */
	DBGALLOC_FREED_OR_FOREIGN /* no header of ours in front of it */
};

/* Looks at a block, whichever call made it; changes and prints nothing. Any
 * pointer may be given, but nobody may free the block meanwhile. */
enum dbgalloc_result dbgalloc_check(const void *block);

/* Writes to stderr what is known of the block, in the words of CPython's
 * debug hooks. */
void dbgalloc_dump(const void *block);

/* The serial of a sound block as a word; 0 where it has none. */
size_t dbgalloc_serial(const void *block);

/*
 * The serial as it is printed and as `break` takes it: "#1207", or
 * "T0.3#1207" where serials are counted thread by thread. Writes at most
 * `size` bytes, the closing 0 among them, and returns the length of the whole
 * text; 0 and "" where the block is not sound or has no serial.
 */
size_t dbgalloc_serial_text(const void *block, char *text, size_t size);

/*
 * Raises SIGTRAP at the allocation of that serial: "1207", "#1207" or
 * "T0.3#1207"; NULL for none. 0, or -1 where the text is no serial of this
 * variant. Counted thread by thread it holds for the calling thread and for
 * threads that have not allocated yet. Not while other threads start.
 */
int dbgalloc_break_at(const char *serial);

/* Path of the object whose malloc lies underneath. The library's own. */
const char *dbgalloc_allocator_name(void);

/* "none", "atomic", …: the library's variant. */
const char *dbgalloc_variant(void);

/* Blocks that live now, or -1 where DBGALLOC=stats=PATH is not set. */
long dbgalloc_live_blocks(void);

/*
 * Domains: the debug wrapper around a program's own allocation functions, as
 * an interpreter has them (PEP 445). A block may only go back to the domain
 * whose letter it carries.
 */

/* What stands under a domain, with the rules of the C library; thread-safe
 * where the domain is to be. */
struct dbgalloc_underlying {
	void *context; /* the first argument of every call */
	void *(*malloc)(void *context, size_t size);
	void *(*calloc)(void *context, size_t count, size_t size);
	void *(*realloc)(void *context, void *block, size_t size);
	void (*free)(void *context, void *block);

	/* Bytes that the block has room for, or more: a damaged size is told
	 * from a sound one by it. Only for blocks of this allocator. NULL
	 * where nobody knows: what a size leads to is then looked at first. */
	size_t (*usable_size)(void *context, void *block);
};

struct dbgalloc_domain_options {
	/* The letter that blocks carry and that reports name: 'r', 'm' or
	 * 'o', as CPython's raw, mem and object domains. */
	char api_id;

	/* Copied. NULL: the allocator under the library. */
	const struct dbgalloc_underlying *underlying;

	/* Begins every fatal line; NULL: "Fatal dbgalloc error: ". */
	const char *fatal;

	/* Called on entry of each call: whether the caller may be here (holds
	 * the lock that protects the domain, say). Where it returns 0 the
	 * program ends with the line `owner_error`. NULL: any thread may. */
	int (*owner)(void *context);
	const char *owner_error;

	/* Writes more of a block, to file descriptor 2, between its dump and
	 * the fatal line (the traceback of its allocation, say). NULL: no. */
	void (*describe)(void *context, const void *block);

	/* Writes what follows the fatal line, before abort(). NULL: no. */
	void (*last_words)(void *context);

	void *context; /* of the three calls above */
};

struct dbgalloc_domain;

/* A domain that lasts as long as the program; the texts are not copied. NULL
 * with errno: EINVAL for a letter that is not allowed, ENOSPC beyond 16. */
struct dbgalloc_domain *dbgalloc_domain_create(
	const struct dbgalloc_domain_options *options);

/*
 * The domain's calls. `domain` is what dbgalloc_domain_create() returned; void
 * so that they fit where an allocator is a context and functions that take it
 * (CPython's PyMemAllocatorEx). NULL where memory is out or the size is above
 * PTRDIFF_MAX. A size of 0 gives a unique block, also from realloc. A block
 * that is damaged, freed or another domain's ends the program with a report.
 */
void *dbgalloc_domain_malloc(void *domain, size_t size);
void *dbgalloc_domain_calloc(void *domain, size_t count, size_t size);
void *dbgalloc_domain_realloc(void *domain, void *block, size_t size);
void dbgalloc_domain_free(void *domain, void *block);

/* dbgalloc_check() and dbgalloc_dump() for blocks of a domain. */
enum dbgalloc_result dbgalloc_domain_check(
	const struct dbgalloc_domain *domain, const void *block);
void dbgalloc_domain_dump(
	const struct dbgalloc_domain *domain, const void *block);

#ifdef __cplusplus
}
#endif

#endif /* DBGALLOC_H */
