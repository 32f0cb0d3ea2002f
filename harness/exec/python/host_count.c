// SPDX-License-Identifier: MIT
//
// Exact counts of what Python asks for and what the hooks make of it, the same
// for our hooks and CPython's own: a layer on top of the hooks sees requests, a
// layer below them sees what the hooks ask for.
//
// A block is counted once, where Python asks for it, as tracemalloc does (and
// so the issue that serial numbers were removed by). One above pymalloc's 512
// bytes is taken from the raw domain, whose hooks wrap it a second time: this
// shows in the debug bytes, not in the number of blocks. What pymalloc takes
// from the raw domain for itself is no request of Python's.
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "accounting.h"
#include "host.h"

/* Before every block of ours and of the hooks of CPython. */
#define HEADER_BYTES 16
#define WITHOUT_SERIAL 24 /* size, id and guards */
#define POOL_CLASS 16 /* pymalloc rounds up to it */

struct layer {
	PyMemAllocatorEx next;
	bool pools; /* not malloc's blocks */
};

static struct layer below[HOST_DOMAINS], top[HOST_DOMAINS];
static const char *counts_path;
static char variant_name[PYTHON_VARIANT_WIDTH + 1];

/* What the hooks add to a request. */
static size_t overhead;

/* A block that changed hands below the hooks. */
struct step {
	const void *block;
	size_t usable;
	bool wrapped_twice;
};

/* Of the call of Python's that is under way. */
static _Thread_local struct {
	bool inside;
	size_t size; /* what a freed block had been asked for with */
	size_t asked; /* by the hooks, last */
	struct step made, freed; /* below the domain itself */
	struct step raw_made, raw_freed; /* through the raw domain's hooks */
} trail;

static size_t pool_class(size_t size)
{
	return (size + POOL_CLASS - 1) / POOL_CLASS * POOL_CLASS;
}

/* The size that stands in a block's header, big-endian. */
static size_t size_of(const void *block)
{
	size_t size;

	memcpy(&size, (const unsigned char *)block - HEADER_BYTES,
		sizeof(size));
	return __builtin_bswap64(size);
}

/* One step below a domain: where pymalloc went to the raw domain for this very
 * block, it is as large as that one. */
static struct step step(const struct layer *layer, const void *block,
	size_t size, const struct step *raw)
{
	if (!layer->pools)
		return (struct step){
			block, malloc_usable_size((void *)(uintptr_t)block)};
	if (raw->block == block)
		return (struct step){block, raw->usable, true};
	return (struct step){block, pool_class(size)};
}

static void *below_made(const struct layer *layer, void *block, size_t size)
{
	if (block != NULL)
		trail.made = step(layer, block, size, &trail.raw_made);
	trail.asked = size;
	return block;
}

static void *below_malloc(void *context, size_t size)
{
	struct layer *layer = context;

	trail.raw_made.block = NULL;
	return below_made(
		layer, layer->next.malloc(layer->next.ctx, size), size);
}

static void *below_calloc(void *context, size_t count, size_t size)
{
	struct layer *layer = context;

	trail.raw_made.block = NULL;
	return below_made(layer,
		layer->next.calloc(layer->next.ctx, count, size), count * size);
}

static void below_free(void *context, void *block)
{
	struct layer *layer = context;
	size_t size = trail.size + overhead;

	trail.raw_freed.block = NULL;
	if (!layer->pools)
		trail.freed = step(layer, block, 0, NULL);
	layer->next.free(layer->next.ctx, block);
	if (layer->pools)
		trail.freed = step(layer, block, size, &trail.raw_freed);
}

static void *below_realloc(void *context, void *block, size_t size)
{
	struct layer *layer = context;
	struct step freed = {block, 0, false};
	size_t old_size = trail.size + overhead;
	void *moved;

	trail.raw_freed.block = trail.raw_made.block = NULL;
	if (!layer->pools)
		freed = step(layer, block, 0, NULL);
	moved = layer->next.realloc(layer->next.ctx, block, size);
	if (moved == NULL)
		return NULL;
	trail.freed = layer->pools
		? step(layer, block, old_size, &trail.raw_freed)
		: freed;
	return below_made(layer, moved, size);
}

static struct accounting_block counted(size_t size, const struct step *step)
{
	return (struct accounting_block){
		.requested = size,
		.added = overhead * (step->wrapped_twice ? 2 : 1),
		.usable = step->usable,
	};
}

/* A call of pymalloc's to the raw domain, inside of Python's. */
static void note(struct step *raw, const void *block, const struct step *below_)
{
	*raw = (struct step){block, below_->usable, true};
}

static void *top_made(void *block, size_t size, bool nested)
{
	if (block == NULL)
		return NULL;
	if (nested) {
		note(&trail.raw_made, block, &trail.made);
		return block;
	}
	accounting_made(counted(size, &trail.made));
	return block;
}

static void *top_malloc(void *context, size_t size)
{
	struct layer *layer = context;
	bool nested = trail.inside;
	void *block;

	trail.inside = true;
	block = layer->next.malloc(layer->next.ctx, size);
	trail.inside = nested;
	return top_made(block, size, nested);
}

static void *top_calloc(void *context, size_t count, size_t size)
{
	struct layer *layer = context;
	bool nested = trail.inside;
	void *block;

	trail.inside = true;
	block = layer->next.calloc(layer->next.ctx, count, size);
	trail.inside = nested;
	return top_made(block, count * size, nested);
}

static void top_free(void *context, void *block)
{
	struct layer *layer = context;
	bool nested = trail.inside;
	size_t size;

	if (block == NULL)
		return;
	size = size_of(block);
	if (!nested)
		trail.size = size;
	trail.inside = true;
	layer->next.free(layer->next.ctx, block);
	trail.inside = nested;
	if (nested)
		note(&trail.raw_freed, block, &trail.freed);
	else
		accounting_freed(counted(size, &trail.freed));
}

static void *top_realloc(void *context, void *block, size_t size)
{
	struct layer *layer = context;
	bool nested = trail.inside;
	size_t old_size;
	void *moved;

	if (block == NULL)
		return top_malloc(context, size);
	old_size = size_of(block);
	if (!nested)
		trail.size = old_size;
	trail.inside = true;
	moved = layer->next.realloc(layer->next.ctx, block, size);
	trail.inside = nested;
	if (moved == NULL)
		return NULL;
	if (nested) {
		note(&trail.raw_freed, block, &trail.freed);
		note(&trail.raw_made, moved, &trail.made);
	} else {
		accounting_replaced(counted(old_size, &trail.freed),
			counted(size, &trail.made));
	}
	return moved;
}

void host_count_below(const struct host_variant *variant)
{
	counts_path = getenv(PYTHON_COUNTS);
	if (counts_path == NULL)
		return;
	memcpy(variant_name, variant->name, sizeof(variant_name));
	for (int i = 0; i < HOST_DOMAINS; i++) {
		PyMemAllocatorEx layer = {&below[i], below_malloc, below_calloc,
			below_realloc, below_free};

		PyMem_GetAllocator(host_domains[i], &below[i].next);
		below[i].pools = host_domains[i] != PYMEM_DOMAIN_RAW &&
			below[i].next.malloc != below[0].next.malloc;
		PyMem_SetAllocator(host_domains[i], &layer);
	}
}

/* Of one block through the hooks. */
static void find_overhead(void)
{
	const size_t size = 1;
	void *block = PyMem_RawMalloc(size);

	if (block == NULL)
		host_refuse(PYTHON_COUNTS, "no memory");
	overhead = trail.asked - size;
	PyMem_RawFree(block);
}

void host_count_on_top(void)
{
	const char *wrong;

	if (counts_path == NULL)
		return;
	find_overhead();
	wrong = accounting_start(
		counts_path, variant_name, overhead - WITHOUT_SERIAL);
	if (wrong != NULL)
		host_refuse(PYTHON_COUNTS, wrong);
	for (int i = 0; i < HOST_DOMAINS; i++) {
		PyMemAllocatorEx layer = {
			&top[i], top_malloc, top_calloc, top_realloc, top_free};

		PyMem_GetAllocator(host_domains[i], &top[i].next);
		PyMem_SetAllocator(host_domains[i], &layer);
	}
}
