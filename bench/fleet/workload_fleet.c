// SPDX-License-Identifier: MIT
//
// W24 fleet: a heap as ten programs of a data centre have it. A population by
// the live counts of a profile, scaled to a heap that the threads share out;
// then births and deaths at the profile's rates, recorded before and replayed
// in a circle (fleet_stream.h). One of the deaths in so many is executed by
// the next thread. Stresses what real programs do to size classes, caches of
// the allocator and the bytes of a header: its bytes per block can be held
// against a calculation. It cannot show order: which block dies is drawn, so
// there are no bursts, no last-in-first-out, and no phases as real programs
// have them. Published: fleetbench (heaps of 93 MiB to 61.5 GiB, all frees by
// the thread that allocated); remote deaths are ours, and the heap is capped.
// Sizes above a thread's part of the heap are dropped, which changes profiles
// 5, 6 and 9 most.
#include <stdio.h>
#include <string.h>

#include "fleet_stream.h"
#include "mailbox.h"

enum { FLEET_PROFILE, FLEET_HEAP, FLEET_REMOTE_DEATHS, FLEET_FILE };

static const struct workload_param fleet_params[] = {
	[FLEET_PROFILE] = {.name = "profile",
		.standard = 1,
		.least = 0,
		.most = FLEET_PROFILES - 1,
		.description = "number of the profile",
		.source = "fleetbench: TCMALLOC_0 to 9"},
	[FLEET_HEAP] = {.name = "heap",
		.standard = 8192,
		.least = 64,
		.most = 1 << 21,
		.description = "live KiB of all threads, as requested",
		.source = "fleetbench: 93 MiB to 61.5 GiB"},
	[FLEET_REMOTE_DEATHS] = {.name = "remote",
		.standard = 0,
		.least = 0,
		.most = 100,
		.description = "per cent of frees by the next thread",
		.source = "ours: 0, 5, 25, 50"},
	[FLEET_FILE] = {.name = "file",
		.is_path = true,
		.description = "profile as rows of size, rate, live",
		.source = "fleetbench's TCMALLOC_*.csv"},
	{0},
};

#define REMOTE_BLOCKS 64 /* of a batch */
#define REMOTE_BATCHES 16 /* of a thread */
#define POLL 32 /* operations between two looks into the inbox */

/* In the shared bytes, one for each thread; then the batches; then the
 * profile. */
struct fleet_place {
	struct mailbox inbox; /* to be freed by this thread */
	struct mailbox returned; /* empty batches of this thread */
};

struct fleet {
	struct fleet_stream stream;
	size_t next; /* operation */
	uint64_t done;
	uint64_t sizes; /* sum of those asked for */
	struct batch *filling, *empty;
	unsigned char **blocks; /* by slot, NULL where none is live */
};

static uint64_t heap_of_thread(const struct workload_instance *instance)
{
	return (uint64_t)instance->params[FLEET_HEAP] * 1024 /
		instance->threads;
}

static int load(const struct workload_instance *instance,
	struct fleet_profile *profile, char error[WORKLOAD_TEXT])
{
	return fleet_profile_load(profile,
		(unsigned)instance->params[FLEET_PROFILE], instance->path,
		error);
}

/* As the workload asks for it; check() has seen that it can be read. */
static void load_scaled(
	const struct workload_instance *instance, struct fleet_profile *profile)
{
	char error[WORKLOAD_TEXT];

	if (load(instance, profile, error) != 0)
		profile->count = 0;
	fleet_profile_scale(profile, heap_of_thread(instance));
}

static int fleet_check(
	const struct workload_instance *instance, char error[WORKLOAD_TEXT])
{
	uint64_t heap = (uint64_t)instance->params[FLEET_HEAP] * 1024;
	struct fleet_profile profile;

	if (load(instance, &profile, error) != 0)
		return -1;
	for (uint32_t i = 0; i < profile.count; i++)
		if (profile.rows[i].size <= heap)
			return 0;
	snprintf(
		error, WORKLOAD_TEXT, "fleet: no size is as small as the heap");
	return -1;
}

static size_t fleet_shared_bytes(const struct workload_instance *instance)
{
	return instance->threads *
		(sizeof(struct fleet_place) +
			REMOTE_BATCHES * batch_bytes(REMOTE_BLOCKS)) +
		sizeof(struct fleet_profile);
}

static struct fleet_profile *shared_profile(
	const struct workload_instance *instance)
{
	return (struct fleet_profile *)((unsigned char *)instance->shared +
		fleet_shared_bytes(instance) - sizeof(struct fleet_profile));
}

/* The blocks stand after the struct, then the arrays. */
static size_t own_bytes_of(const struct fleet_stream *stream)
{
	return sizeof(struct fleet) +
		stream->slot_count * sizeof(unsigned char *) +
		fleet_stream_bytes(stream);
}

static size_t fleet_own_bytes(const struct workload_instance *instance)
{
	struct fleet_profile profile;
	struct fleet_stream stream;

	load_scaled(instance, &profile);
	fleet_stream_plan(&stream, &profile);
	return own_bytes_of(&stream);
}

static int fleet_setup(struct workload_instance *instance)
{
	struct fleet_place *places = instance->shared;
	unsigned char *memory = (unsigned char *)(places + instance->threads);

	for (unsigned i = 0; i < instance->threads; i++)
		for (unsigned j = 0; j < REMOTE_BATCHES; j++) {
			struct batch *batch = (struct batch *)memory;

			memory += batch_bytes(REMOTE_BLOCKS);
			batch->owner = i;
			mailbox_post(&places[i].returned, batch);
		}
	load_scaled(instance, shared_profile(instance));
	if (shared_profile(instance)->count > 0)
		return 0;
	return -1;
}

static void lay_out(struct fleet *own)
{
	own->blocks = (unsigned char **)(own + 1);
	fleet_stream_lay_out(
		&own->stream, own->blocks + own->stream.slot_count);
}

/* In common, for each thread: its number of operations, then its arrays. */
static size_t recording_bytes(const struct fleet_stream *stream)
{
	size_t bytes = sizeof(uint64_t) + fleet_stream_bytes(stream);

	return (bytes + CACHELINE - 1) / CACHELINE * CACHELINE;
}

static size_t fleet_common_bytes(const struct workload_instance *instance)
{
	struct fleet_profile profile;
	struct fleet_stream stream;

	load_scaled(instance, &profile);
	fleet_stream_plan(&stream, &profile);
	return instance->threads * recording_bytes(&stream);
}

static int fleet_make_common(
	const struct workload_instance *instance, void *memory)
{
	unsigned char *recording = memory;
	struct fleet_profile profile;
	struct fleet_stream stream;

	load_scaled(instance, &profile);
	fleet_stream_plan(&stream, &profile);
	for (unsigned i = 0; i < instance->threads; i++) {
		uint64_t *operations = (uint64_t *)recording;

		fleet_stream_lay_out(&stream, operations + 1);
		fleet_stream_record(&stream, &profile,
			workload_thread_seed(instance, i),
			(unsigned)instance->params[FLEET_REMOTE_DEATHS]);
		*operations = stream.operation_count;
		recording += recording_bytes(&stream);
	}
	return profile.count > 0 ? 0 : -1;
}

/* Copied, so that a variant finds in its caches what it put there. */
static void take_recording(
	struct fleet_stream *stream, const void *common, unsigned index)
{
	const unsigned char *recording =
		(const unsigned char *)common + index * recording_bytes(stream);
	const uint64_t *operations = (const uint64_t *)recording;

	memcpy(stream->operations, operations + 1, fleet_stream_bytes(stream));
	stream->operation_count = *operations;
}

/* A mark that the slot tells. */
static void mark_block(unsigned char *block, uint32_t size, uint32_t slot)
{
	block[0] = (unsigned char)slot;
	block[size - 1] = (unsigned char)slot;
}

static int fleet_thread_setup(struct workload_thread *thread)
{
	const struct workload_instance *instance = thread->instance;
	const struct fleet_profile *profile = shared_profile(instance);
	struct fleet *own = thread->own;
	struct fleet_stream *stream = &own->stream;

	fleet_stream_plan(stream, profile);
	lay_out(own);
	if (instance->common != NULL)
		take_recording(stream, instance->common, thread->index);
	else
		fleet_stream_record(stream, profile, thread->seed,
			(unsigned)instance->params[FLEET_REMOTE_DEATHS]);
	for (uint32_t i = 0; i < stream->slot_count; i++) {
		if (!stream->is_live[i])
			continue;
		own->blocks[i] = instance->backend->alloc(stream->sizes[i]);
		if (own->blocks[i] == NULL)
			return -1;
		mark_block(own->blocks[i], stream->sizes[i], i);
	}
	return 0;
}

static void free_inbox(
	struct workload_thread *thread, const struct alloc_backend *backend)
{
	struct fleet_place *places = thread->instance->shared;
	struct batch *batch = mailbox_take(&places[thread->index].inbox);

	while (batch != NULL) {
		struct batch *next = batch->next;

		batch_free_all(batch, backend);
		mailbox_post(&places[batch->owner].returned, batch);
		batch = next;
	}
}

/* The next thread is to free it; where it has not given back a batch for so
 * long that none is left, this thread does. */
static void send(struct workload_thread *thread,
	const struct alloc_backend *backend, uint32_t slot)
{
	struct fleet_place *places = thread->instance->shared;
	unsigned to = (thread->index + 1) % thread->instance->threads;
	struct fleet *own = thread->own;
	struct batch *batch = own->filling;

	if (batch == NULL) {
		batch = mailbox_next(
			&places[thread->index].returned, &own->empty);
		if (batch == NULL) {
			backend->free(own->blocks[slot]);
			return;
		}
		batch->count = 0;
	}
	batch->held[batch->count++] = (struct held_block){
		own->blocks[slot], own->stream.sizes[slot] - 1, slot};
	own->filling = batch;
	if (batch->count == REMOTE_BLOCKS) {
		mailbox_post(&places[to].inbox, batch);
		own->filling = NULL;
	}
}

static void bear(struct fleet *own, void *(*alloc)(size_t), uint32_t slot)
{
	uint32_t size = own->stream.sizes[slot];
	unsigned char *block = opaque_pointer(alloc(size));

	mark_block(block, size, slot);
	own->blocks[slot] = block;
	own->sizes += size;
}

static uint64_t fleet_run(struct workload_thread *thread, uint64_t operations)
{
	const struct alloc_backend *backend =
		opaque_pointer(thread->instance->backend);
	struct fleet *own = thread->own;

	for (uint64_t i = 0; i < operations; i++) {
		struct fleet_operation now = own->stream.operations[own->next];
		uint32_t death = now.death & ~FLEET_REMOTE;

		if (LIKELY(now.death == death))
			backend->free(own->blocks[death]);
		else
			send(thread, backend, death);
		own->blocks[death] = NULL;
		bear(own, backend->alloc, now.birth);
		if (++own->next == own->stream.operation_count)
			own->next = 0;
		if (i % POLL == 0)
			free_inbox(thread, backend);
	}
	own->done += operations;
	return operations;
}

static void fleet_settle(struct workload_thread *thread)
{
	free_inbox(thread, thread->instance->backend);
}

static int fleet_verify(struct workload_thread *thread)
{
	const struct alloc_backend *backend = thread->instance->backend;
	const struct fleet *own = thread->own;

	for (uint32_t i = 0; i < own->stream.slot_count; i++) {
		struct held_block held = {
			own->blocks[i], own->stream.sizes[i] - 1, i};

		if (!held_block_intact(&held, backend))
			return -1;
	}
	if (!batch_list_intact(own->filling, backend))
		return -1;
	return held_block_check_fresh(backend, 512, thread->seed);
}

static uint64_t fleet_checksum(const struct workload_thread *thread)
{
	const struct fleet *own = thread->own;

	return prng_mix(thread->seed) * own->done + own->sizes;
}

static void fleet_thread_finish(struct workload_thread *thread)
{
	const struct alloc_backend *backend = thread->instance->backend;
	struct fleet *own = thread->own;

	free_inbox(thread, backend);
	if (own->filling != NULL)
		batch_free_all(own->filling, backend);
	own->filling = NULL;
	for (uint32_t i = 0; i < own->stream.slot_count; i++) {
		backend->free(own->blocks[i]);
		own->blocks[i] = NULL;
	}
}

extern const struct workload workload_fleet;

const struct workload workload_fleet = {
	.abi = WORKLOAD_ABI,
	.name = "fleet",
	.description = "births and deaths of a data centre's heap (W24)",
	.source = "fleetbench's tcmalloc profiles",
	.uses_allocator = true,
	.params = fleet_params,
	.check = fleet_check,
	.shared_bytes = fleet_shared_bytes,
	.own_bytes = fleet_own_bytes,
	.common_bytes = fleet_common_bytes,
	.make_common = fleet_make_common,
	.common_has_seed = true,
	.setup = fleet_setup,
	.thread_setup = fleet_thread_setup,
	.run = fleet_run,
	.settle = fleet_settle,
	.verify = fleet_verify,
	.checksum = fleet_checksum,
	.thread_finish = fleet_thread_finish,
};
