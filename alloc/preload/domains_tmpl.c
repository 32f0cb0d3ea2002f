// SPDX-License-Identifier: MIT
//
// The domains of dbgalloc.h, compiled once per variant: the wrapper's calls
// behind the owner's question.
#include <errno.h>
#include <stdatomic.h>
#include <string.h>

#include "dbgalloc.h"
#include "debug_wrap.h"
#include "preload.h"
#include "underlying.h"

#define DOMAINS_MAX 16
#define DOMAIN_LETTERS "rmo"

struct dbgalloc_domain {
	struct debug_domain debug; /* first: reports know this part */
	struct dbgalloc_underlying underlying;
	int (*owner)(void *context);
	const char *owner_error;
};

static struct dbgalloc_domain domains[DOMAINS_MAX];
static atomic_size_t domains_used;

static void fill(struct dbgalloc_domain *domain,
	const struct dbgalloc_domain_options *options)
{
	domain->debug = (struct debug_domain){
		.api_id = options->api_id,
		.fatal = options->fatal != NULL ? options->fatal
						: "Fatal dbgalloc error: ",
		.describe = options->describe,
		.last_words = options->last_words,
		.context = options->context,
	};
	if (options->underlying != NULL) {
		domain->underlying = *options->underlying;
		domain->debug.underlying = &domain->underlying;
	} else {
		domain->debug.raw = &raw_next;
	}
	domain->owner = options->owner;
	domain->owner_error = options->owner_error != NULL
		? options->owner_error
		: "called by a thread that does not own the domain";
}

PUBLIC struct dbgalloc_domain *dbgalloc_domain_create(
	const struct dbgalloc_domain_options *options)
{
	size_t place;

	if (options->api_id == '\0' ||
		strchr(DOMAIN_LETTERS, options->api_id) == NULL) {
		errno = EINVAL;
		return NULL;
	}
	place = atomic_load(&domains_used);
	do {
		if (place == DOMAINS_MAX) {
			errno = ENOSPC;
			return NULL;
		}
	} while (!atomic_compare_exchange_weak(
		&domains_used, &place, place + 1));
	preload_start();
	fill(&domains[place], options);
	return &domains[place];
}

ALWAYS_INLINE const struct debug_domain *enter(const void *domain)
{
	const struct dbgalloc_domain *own = domain;

	if (own->owner != NULL && UNLIKELY(!own->owner(own->debug.context)))
		domain_fatal(&own->debug, own->owner_error);
	return &own->debug;
}

PUBLIC void *dbgalloc_domain_malloc(void *domain, size_t size)
{
	return DEBUG_FN(malloc)(enter(domain), size);
}

PUBLIC void *dbgalloc_domain_calloc(void *domain, size_t count, size_t size)
{
	return DEBUG_FN(calloc)(enter(domain), count, size);
}

PUBLIC void *dbgalloc_domain_realloc(void *domain, void *block, size_t size)
{
	return DEBUG_FN(realloc)(enter(domain), block, size);
}

PUBLIC void dbgalloc_domain_free(void *domain, void *block)
{
	DEBUG_FN(free)(enter(domain), block);
}

PUBLIC enum dbgalloc_result dbgalloc_domain_check(
	const struct dbgalloc_domain *domain, const void *block)
{
	return (enum dbgalloc_result)DEBUG_FN(check)(&domain->debug, block);
}

PUBLIC void dbgalloc_domain_dump(
	const struct dbgalloc_domain *domain, const void *block)
{
	DEBUG_FN(dump)(&domain->debug, block);
}
