// SPDX-License-Identifier: MIT
//
// W23 fragmentation: rounds of blocks whose size doubles, after each of which
// just those blocks stay that keep the next ones from the freed memory. Never
// more than `budget` is alive; how far the process goes beyond that is the
// blow-up (the footprint), the bound of which Robson showed.
//   halving: from 16 bytes; every other block of all that are held is freed,
//            so no hole is as large as the next size. Round by round half the
//            budget is asked for anew: the blow-up goes to half the number of
//            rounds where nothing is moved or unmapped.
//   survivors: from 16 bytes; a full budget of each size, of which about five
//            blocks in each 256 KiB stay, so that hardly any page gets free.
//   pairs: from 1 KiB; the second block of each pair is freed.
// When the size is too large for a round, all is freed, and it begins again.
// Cannot show: what programs do; it is the worst that they may do. A turn is a
// part of a round: turns differ, the same way for all variants.
// Published: Kuszmaul's and Mesh's adversaries; survivors of 16 MiB a size,
// pairs with 128 MiB. A call is half an operation.
#include "slots.h"
#include "workload.h"

enum { FRAGMENT_FORM, FRAGMENT_BUDGET };
enum { FORM_HALVING, FORM_SURVIVORS, FORM_PAIRS };

static const char *const form_names[] = {"halving", "survivors", "pairs"};

static const struct workload_param fragment_params[] = {
	[FRAGMENT_FORM] = {.name = "form",
		.standard = FORM_HALVING,
		.least = 0,
		.most = FORM_PAIRS,
		.names = form_names,
		.description = "which blocks stay: every other one of all, "
			       "five in 256 KiB, the first of each pair",
		.source = "kuszmaul; Mesh"},
	[FRAGMENT_BUDGET] = {.name = "budget",
		.standard = 1024,
		.least = 256,
		.most = 1 << 20,
		.description =
			"KiB of a thread: alive at most, or of each size "
			"where survivors",
		.source = "16384 and 131072 in Mesh"},
	{0},
};

static const struct form {
	uint32_t first; /* size of the first round */
	uint32_t most; /* sizes are at most this, and 1 / LAST of the budget */
	bool of_all; /* all that is held is gone through, not the round's */
	bool from_start; /* the budget is of the round, not of all */
} forms[] = {
	[FORM_HALVING] = {16, 1 << 30, true, false},
	[FORM_SURVIVORS] = {16, 8192, false, true},
	[FORM_PAIRS] = {1024, 1 << 30, false, false},
};

#define LAST 8
#define STRETCH (256 << 10)
#define STAY_IN_STRETCH 5

enum phase { PHASE_FILL, PHASE_THIN, PHASE_CLEAR };

struct fragment {
	uint64_t state, sum;
	uint64_t calls; /* so far */
	enum phase phase;
	uint32_t size; /* of this round */
	uint64_t bytes, bytes_before; /* held; before this round */
	uint64_t held, held_before; /* slots in use; before this round */
	uint64_t from, to; /* thinning: slot looked at, slot that is filled */
	uint64_t first; /* thinning began here */
	_Alignas(CACHELINE) struct slot slots[];
};

static const struct form *form_of(const struct workload_instance *instance)
{
	return &forms[instance->params[FRAGMENT_FORM]];
}

static uint64_t budget_of(const struct workload_instance *instance)
{
	return (uint64_t)instance->params[FRAGMENT_BUDGET] << 10;
}

/* One block of so many stays. */
static uint64_t stay_every(
	const struct workload_instance *instance, const struct fragment *own)
{
	uint64_t in_stretch = STRETCH / own->size;

	if (instance->params[FRAGMENT_FORM] != FORM_SURVIVORS)
		return 2;
	return in_stretch > STAY_IN_STRETCH ? in_stretch / STAY_IN_STRETCH : 1;
}

/* A budget of the smallest blocks, and what stays of the rounds after. */
static uint64_t most_held(const struct workload_instance *instance)
{
	const struct form *form = form_of(instance);
	uint64_t count = 0;

	for (uint64_t size = form->first; size <= form->most; size *= 2) {
		uint64_t more = budget_of(instance) / size;

		if (more == 0)
			break;
		count += size == form->first ? more : more / 2 + 1;
	}
	return count;
}

static size_t fragment_own_bytes(const struct workload_instance *instance)
{
	return sizeof(struct fragment) +
		most_held(instance) * sizeof(struct slot);
}

static int fragment_thread_setup(struct workload_thread *thread)
{
	struct fragment *own = thread->own;

	own->state = thread->seed;
	own->size = form_of(thread->instance)->first;
	return 0;
}

static void fill(struct fragment *own, const struct alloc_backend *backend)
{
	struct slot *slot = &own->slots[own->held++];

	slot->size = own->size;
	slot->mark = (unsigned char)prng_next(&own->state);
	slot->block = touch(backend->alloc(own->size), own->size, slot->mark);
	touch_inner_pages(slot->block, own->size, slot->mark);
	own->bytes += own->size;
	own->sum += (uint64_t)slot->mark * own->size;
}

static bool is_full(
	const struct workload_instance *instance, const struct fragment *own)
{
	uint64_t start = form_of(instance)->from_start ? own->bytes_before : 0;

	return own->bytes + own->size > start + budget_of(instance);
}

static void free_slot(struct fragment *own, const struct alloc_backend *backend,
	struct slot *slot)
{
	backend->free(slot->block);
	slot->block = NULL;
	own->bytes -= slot->size;
}

/* Moves blocks that stay together, up to the next one that is freed. */
static void skip_staying(struct fragment *own, uint64_t every)
{
	while (own->from < own->held && (own->from - own->first) % every == 0) {
		struct slot stays = own->slots[own->from];

		own->slots[own->from++].block = NULL;
		own->slots[own->to++] = stays;
	}
}

static void begin_thinning(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	struct fragment *own = thread->own;

	own->phase = PHASE_THIN;
	own->first = form_of(instance)->of_all ? 0 : own->held_before;
	own->from = own->to = own->first;
	skip_staying(own, stay_every(instance, own));
}

static void begin_round(struct workload_thread *thread, uint32_t size)
{
	const struct workload_instance *instance = thread->instance;
	struct fragment *own = thread->own;

	own->size = size;
	own->bytes_before = own->bytes;
	own->held_before = own->held;
	own->phase = PHASE_FILL;
	if (size > form_of(instance)->most ||
		(uint64_t)size * LAST > budget_of(instance) ||
		is_full(instance, own))
		own->phase = PHASE_CLEAR;
}

/* What follows the last call; a phase without a call is passed over. */
static void go_on(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	struct fragment *own = thread->own;

	if (own->phase == PHASE_FILL && is_full(instance, own)) {
		instance->host->checkpoint(thread);
		begin_thinning(thread);
	}
	if (own->phase == PHASE_THIN && own->from == own->held) {
		own->held = own->to;
		instance->host->checkpoint(thread);
		begin_round(thread, 2 * own->size);
	}
	if (own->phase == PHASE_CLEAR && own->held == 0)
		begin_round(thread, form_of(instance)->first);
}

/* One call. */
static void step(
	struct workload_thread *thread, const struct alloc_backend *backend)
{
	struct fragment *own = thread->own;

	switch (own->phase) {
	case PHASE_FILL:
		fill(own, backend);
		break;
	case PHASE_THIN:
		free_slot(own, backend, &own->slots[own->from++]);
		skip_staying(own, stay_every(thread->instance, own));
		break;
	default:
		free_slot(own, backend, &own->slots[--own->held]);
	}
	go_on(thread);
}

static uint64_t fragment_run(
	struct workload_thread *thread, uint64_t operations)
{
	const struct alloc_backend *backend =
		opaque_pointer(thread->instance->backend);
	struct fragment *own = thread->own;

	for (uint64_t i = 0; i < 2 * operations; i++)
		step(thread, backend);
	own->calls += 2 * operations;
	return operations;
}

/* Slots between those moved and those looked at are empty. */
static int fragment_verify(struct workload_thread *thread)
{
	const struct alloc_backend *backend = thread->instance->backend;
	const struct fragment *own = thread->own;

	if (slots_verify(own->slots, own->held, backend) != 0)
		return -1;
	return fresh_intact(backend, backend->alloc(own->size), own->size,
		       thread->seed)
		? 0
		: -1;
}

static uint64_t fragment_checksum(const struct workload_thread *thread)
{
	const struct fragment *own = thread->own;

	return own->sum + prng_mix(thread->seed) * own->calls;
}

static uint64_t fragment_live_bytes(const struct workload_thread *thread)
{
	const struct fragment *own = thread->own;

	return own->bytes;
}

/* Every block is allocated once and freed once. */
static uint64_t fragment_course(const struct workload_instance *instance)
{
	return 2 * budget_of(instance) / form_of(instance)->first;
}

static void fragment_thread_finish(struct workload_thread *thread)
{
	struct fragment *own = thread->own;

	slots_finish(own->slots, own->held, thread->instance->backend);
}

extern const struct workload workload_fragmentation;

const struct workload workload_fragmentation = {
	.abi = WORKLOAD_ABI,
	.name = "fragmentation",
	.description = "the worst that a program may leave behind (W23)",
	.source = "Robson 1971, 1977; kuszmaul; Mesh",
	.uses_allocator = true,
	.params = fragment_params,
	.own_bytes = fragment_own_bytes,
	.thread_setup = fragment_thread_setup,
	.run = fragment_run,
	.verify = fragment_verify,
	.checksum = fragment_checksum,
	.live_bytes = fragment_live_bytes,
	.course = fragment_course,
	.thread_finish = fragment_thread_finish,
};
