// SPDX-License-Identifier: MIT
//
// A domain: one API in front of one underlying allocator. A block may only go
// back to the API that it came from, and its id byte says which that was.
#ifndef SERIALBENCH_DEBUG_DOMAIN_H
#define SERIALBENCH_DEBUG_DOMAIN_H

#include <stdbool.h>

#include "dbgalloc.h"
#include "raw_calls.h"

/*
 * Lower-case letters; the upper-case letter in a block says that it is an
 * aligned one. r, m and o are CPython's (PEP 445).
 */
#define DEBUG_API_RAW 'r'
#define DEBUG_API_MEM 'm'
#define DEBUG_API_OBJECT 'o'
#define DEBUG_API_NEW 'n'
#define DEBUG_API_NEW_ARRAY 'a'
#define DEBUG_API_IDS "rmona"

/* Constant while any of its blocks lives. What may be NULL says so. */
struct debug_domain {
	char api_id;

	/* NULL where `underlying` is what stands below. */
	const struct raw_calls *raw;
	const struct dbgalloc_underlying *underlying;

	/* How an error is signed: "<fatal><free_name>: bad …"; without a name
	 * "<fatal>bad …". Names may be NULL. */
	const char *fatal;
	const char *free_name, *realloc_name;

	/*
	 * Looks whether the header can be read at all where an underlying
	 * allocator may have given its page back. For domains that any
	 * program's pointers reach; costs a system call on 3 blocks in
	 * 256.
	 */
	bool probe_header;

	/* What a program adds to a report, as dbgalloc.h says; may be NULL. */
	void (*describe)(void *context, const void *block);
	void (*last_words)(void *context);
	void *context;
};

/* CPython's three domains over the process's malloc, errors signed as its
 * hooks sign them. */
extern const struct debug_domain debug_domain_raw, debug_domain_mem,
	debug_domain_object;

#endif /* SERIALBENCH_DEBUG_DOMAIN_H */
