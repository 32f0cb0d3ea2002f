// SPDX-License-Identifier: MIT
//
// A preload library inside: what is compiled per variant (preload_tmpl.c) and
// what is not (the rest) know each other through this header.
#ifndef SERIALBENCH_PRELOAD_H
#define SERIALBENCH_PRELOAD_H

#include <stddef.h>

#include "alloc_backend.h"
#include "block_report.h"
#include "debug_domain.h"
#include "thread_path.h"

/* What the variant-blind parts may ask of the variant. */
struct preload_variant {
	const char *name;
	const struct serial_print *serial;
	size_t (*serial_of)(const void *block);
	enum alloc_check (*check)(
		const struct debug_domain *domain, const void *block);
	void (*dump)(const struct debug_domain *domain, const void *block);
	/* The calling thread looks again where it has to stop. */
	void (*stop_changed)(void);
	/* The calling thread's serials and the other ones change places. */
	void (*swap_serials)(struct serial_place *other);
	/* What else to do at start; NULL for nothing. */
	void (*start)(void);
};

/* Finds the C library's own calls that make threads (thread_create.c, only in
 * variants that count by thread). */
void thread_create_start(void);

extern const struct preload_variant preload_variant;

/* malloc and its family, operator new, operator new[]: ids r, n, a. */
extern const struct debug_domain preload_domain_malloc, preload_domain_new,
	preload_domain_new_array;

/* The domain whose id stands before the block; malloc's where none does. Any
 * pointer may be given. */
const struct debug_domain *preload_domain_of(const void *block);

/*
 * The wrapper's calls with the program's rules: NULL comes with ENOMEM, and
 * with DBGALLOC=stats they are counted. preload_free() takes NULL and keeps
 * errno.
 */
void *preload_alloc(const struct debug_domain *domain, size_t size);
void *preload_aligned_alloc(
	const struct debug_domain *domain, size_t alignment, size_t size);
void preload_free(const struct debug_domain *domain, void *block);

#endif /* SERIALBENCH_PRELOAD_H */
