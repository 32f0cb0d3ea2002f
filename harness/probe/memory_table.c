// SPDX-License-Identifier: MIT
#include "memory_table.h"

#include <stdio.h>
#include <string.h>

#include "metrics.h"
#include "relay.h"
#include "stop.h"

#define DEADLINE_NS 60000000000u

/* A population is this many blocks, or as many as fill POPULATION_BYTES. */
#define POPULATION_BLOCKS 20000
#define POPULATION_BYTES ((size_t)32 << 20)

/* Pairs of n and n + 8: on glibc the serial's 8 bytes cost 16 or none. */
static const size_t all_sizes[] = {
	1, 16, 24, 32, 40, 64, 72, 128, 136, 512, 520, 4096, 4104, 0};
static const size_t quick_sizes[] = {64, 72, 0};

const size_t *memory_sizes(bool quick)
{
	return quick ? quick_sizes : all_sizes;
}

static uint64_t population(size_t size)
{
	size_t fit = POPULATION_BYTES / size;

	return fit < POPULATION_BLOCKS ? fit : POPULATION_BLOCKS;
}

struct weighing {
	const struct plan_request *request;
	const struct allocator *allocator;
	const struct alloc_backend *variant;
	size_t size;
	struct memory_result result;
};

static int weigh(struct weighing *weighing)
{
	struct lane_setup setup = {
		.job = LANE_MEMORY,
		.size = weighing->size,
		.blocks = population(weighing->size),
	};
	struct lane_start start = {
		.worker = lane_worker_path(0),
	};
	struct lane lane;
	int status = -1;

	plan_start_lane(weighing->request, weighing->variant,
		weighing->allocator, &setup, &start);
	if (lane_begin(&lane, &setup, &start) == 0)
		status = lane_wait(&lane, DEADLINE_NS);
	if (status == 0)
		weighing->result = lane.shared->memory;
	else
		fprintf(stderr,
			"serialbench: memory of %s, %zu bytes, %s: %s: %s\n",
			weighing->variant->variant, weighing->size,
			weighing->allocator->name,
			lane_status_name(lane.status), lane.message);
	lane_end(&lane);
	return status;
}

/* Twice: what is exact must come out the same. */
static int weigh_twice(struct weighing *weighing)
{
	struct memory_result first;

	if (weigh(weighing) != 0)
		return -1;
	first = weighing->result;
	if (weigh(weighing) != 0)
		return -1;
	if (first.requested == weighing->result.requested &&
		first.header_tail == weighing->result.header_tail &&
		first.rounding == weighing->result.rounding) {
		/* Pages touched by chance only ever add. */
		if (first.total < weighing->result.total)
			weighing->result.total = first.total;
		return 0;
	}
	fprintf(stderr,
		"serialbench: memory of %s, %zu bytes, %s: two runs "
		"disagree\n",
		weighing->variant->variant, weighing->size,
		weighing->allocator->name);
	return -1;
}

static int write_row(struct csv_writer *writer, const struct weighing *weighing)
{
	const struct memory_result *result = &weighing->result;
	uint64_t parts =
		result->requested + result->header_tail + result->rounding;

	csv_text(writer, weighing->variant->variant);
	csv_text(writer, weighing->allocator->name);
	csv_count(writer, weighing->size);
	csv_count(writer, population(weighing->size));
	csv_count(writer, result->requested);
	csv_count(writer, result->header_tail);
	csv_count(writer, result->rounding);
	csv_real(writer, (double)result->total - (double)parts);
	csv_count(writer, result->total);
	return csv_end_row(writer);
}

static int write_jemalloc(
	struct csv_writer *metrics, const struct weighing *weighing)
{
	const struct memory_result *result = &weighing->result;
	char cell[64];

	if (!result->has_jemalloc_stats)
		return 0;
	snprintf(cell, sizeof(cell), "memory,size=%zu/%s", weighing->size,
		weighing->allocator->name);
#define METRIC(name)                                                           \
	metric_write(metrics, #name, cell, weighing->variant->variant,         \
		(double)result->name, "bytes",                                 \
		"growth over the population, by jemalloc's own count")
	return METRIC(jemalloc_allocated) != 0 ||
			METRIC(jemalloc_active) != 0 ||
			METRIC(jemalloc_resident) != 0
		? -1
		: 0;
#undef METRIC
}

/* All sizes of one variant on one allocator: failed weighings, or -1. */
static int write_variant(struct csv_writer *writer, struct csv_writer *metrics,
	struct weighing *weighing, bool quick)
{
	int failed = 0;

	for (const size_t *size = memory_sizes(quick);
		*size != 0 && !stop_asked; size++) {
		weighing->size = *size;
		if (weigh_twice(weighing) != 0)
			failed++;
		else if (write_row(writer, weighing) != 0 ||
			write_jemalloc(metrics, weighing) != 0)
			return -1;
	}
	return failed;
}

int memory_table_write(const struct plan_request *request, const char *path,
	struct csv_writer *metrics, bool quick)
{
	struct csv_writer writer;
	int failed = 0;

	if (csv_writer_create(&writer, path,
		    "variant,allocator,size,live_blocks,requested_bytes,"
		    "header_tail_bytes,rounding_bytes,rest_bytes,"
		    "total_bytes") != 0)
		return -1;
	for (size_t a = 0; a < request->allocator_count; a++)
		for (size_t v = 0; v < request->variant_count; v++) {
			struct weighing weighing = {
				.request = request,
				.allocator = &request->allocators[a],
				.variant = request->variants[v],
			};
			int more = !weighing.variant->allocates
				? 0
				: write_variant(
					  &writer, metrics, &weighing, quick);

			if (more < 0) {
				csv_writer_close(&writer);
				return -1;
			}
			failed += more;
		}
	return csv_writer_close(&writer) != 0 ? -1 : failed;
}
