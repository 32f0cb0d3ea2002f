// SPDX-License-Identifier: MIT
//
// A script of about fifty operations, run once for each underlying allocation
// with that one failing: NULL comes back, no number is used, the old block
// stays, nothing leaks.
#include <errno.h>
#include <string.h>

#include "arena.h"
#include "check.h"
#include "wrapper.h"

enum call { MALLOC, CALLOC, ALIGNED, REALLOC, FREE };

static const struct step {
	enum call call;
	size_t slot, size, alignment;
} script[] = {
	{MALLOC, 0, 0},
	{MALLOC, 1, 1},
	{CALLOC, 2, 16},
	{ALIGNED, 3, 100, 64},
	{REALLOC, 0, 40},
	{REALLOC, 1, 0},
	{MALLOC, 4, 5000},
	{REALLOC, 4, 200},
	{FREE, 2},
	{CALLOC, 2, 0},
	{REALLOC, 5, 64},
	{REALLOC, 5, 65},
	{REALLOC, 5, 63},
	{ALIGNED, 6, 0, 4096},
	{REALLOC, 6, 128},
	{REALLOC, 6, 129},
	{REALLOC, 6, 127},
	{FREE, 4},
	{FREE, 4},
	{MALLOC, 4, 129},
	{REALLOC, 3, 50},
	{REALLOC, 3, 500},
	{FREE, 0},
	{ALIGNED, 0, 33, 8},
	{REALLOC, 0, 34},
	{CALLOC, 7, 3000},
	{REALLOC, 7, 6000},
	{REALLOC, 7, 6001},
	{FREE, 1},
	{FREE, 5},
	{MALLOC, 1, 7},
	{ALIGNED, 5, 1, 32},
	{FREE, 5},
	{ALIGNED, 5, 1000, 256},
	{REALLOC, 5, 0},
	{REALLOC, 5, 1},
	{FREE, 7},
	{MALLOC, 7, 130},
	{REALLOC, 7, 66},
	{REALLOC, 7, 260},
	{FREE, 3},
	{CALLOC, 3, 1},
	{REALLOC, 3, 2},
	{FREE, 6},
	{MALLOC, 6, 17},
	{REALLOC, 6, 15},
	{ALIGNED, 8, 64, 2048},
	{FREE, 8},
	{MALLOC, 8, 4096},
	{REALLOC, 8, 4097},
};

struct run {
	const struct wrapper *wrapper;
	const struct debug_domain *domain;
	size_t serial; /* the last that was given */
	size_t failed;
	struct {
		unsigned char *block;
		size_t size;
	} slots[9];
};

static unsigned char fill_of(size_t slot)
{
	return (unsigned char)(0x30 + slot);
}

static void *take(struct run *run, const struct step *step)
{
	const struct wrapper *w = run->wrapper;
	unsigned char *old = run->slots[step->slot].block;

	switch (step->call) {
	case MALLOC:
		return w->malloc(run->domain, step->size);
	case CALLOC:
		return w->calloc(run->domain, 1, step->size);
	case ALIGNED:
		return w->aligned_alloc(
			run->domain, step->alignment, step->size);
	default:
		return w->realloc(run->domain, old, step->size);
	}
}

static void check_slot(struct run *run, size_t slot)
{
	if (run->slots[slot].block == NULL)
		return;
	CHECK_EQUAL(run->wrapper->check(run->domain, run->slots[slot].block),
		ALLOC_CHECK_OK);
	CHECK_EQUAL(run->wrapper->size(run->slots[slot].block),
		run->slots[slot].size);
	CHECK_FILL(
		run->slots[slot].block, run->slots[slot].size, fill_of(slot));
}

static void give_back(struct run *run, size_t slot)
{
	check_slot(run, slot);
	run->wrapper->free(run->domain, run->slots[slot].block);
	run->slots[slot].block = NULL;
}

static void do_step(struct run *run, const struct step *step)
{
	unsigned char *block;
	size_t failures;

	if (step->call == FREE) {
		give_back(run, step->slot);
		return;
	}
	if (step->call != REALLOC)
		give_back(run, step->slot);
	errno = 0;
	block = take(run, step);
	failures = arena.allocations == arena.fail_at && !run->failed;
	CHECK_EQUAL(block == NULL, failures);
	if (block == NULL) {
		run->failed = 1;
		CHECK_EQUAL(errno,
			step->call == ALIGNED && step->alignment > 16 ? 0
								      : ENOMEM);
		check_slot(run, step->slot);
		return;
	}
	run->serial = wrapper_next_serial(run->wrapper, run->serial);
	CHECK_EQUAL(run->wrapper->serial(block), run->serial);
	memset(block, fill_of(step->slot), step->size);
	run->slots[step->slot].block = block;
	run->slots[step->slot].size = step->size;
}

/* Returns how many allocations there were. */
static size_t run_script(const struct wrapper *w, size_t fail_at)
{
	struct run run = {.wrapper = w, .domain = &arena_domains[0]};
	void *first;

	arena_reset();
	first = w->malloc(run.domain, 1);
	run.serial = w->serial(first);
	w->free(run.domain, first);
	arena.allocations = 0;
	arena.fail_at = fail_at;
	for (size_t i = 0; i < LENGTH(script); i++) {
		in_case("%s, allocation %zu fails, step %zu", wrapper_name(w),
			fail_at, i);
		do_step(&run, &script[i]);
		for (size_t slot = 0; slot < LENGTH(run.slots); slot++)
			check_slot(&run, slot);
	}
	CHECK_EQUAL(run.failed, fail_at != 0);
	for (size_t slot = 0; slot < LENGTH(run.slots); slot++)
		give_back(&run, slot);
	CHECK_EQUAL(arena.live + arena.misuses + arena_spilt(), 0);
	return arena.allocations;
}

static void every_allocation_fails_once(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		size_t allocations = run_script(w, 0);

		CHECK(allocations >= 38);
		for (size_t k = 1; k <= allocations; k++)
			run_script(w, k);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_allocation_fails_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
