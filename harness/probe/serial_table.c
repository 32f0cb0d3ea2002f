// SPDX-License-Identifier: MIT
#include "serial_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_writer.h"
#include "relay.h"
#include "serial_check.h"
#include "stop.h"

#define DEADLINE_NS 60000000000u
#define NUMBERS 400000 /* of all threads together */

struct probe {
	const struct alloc_backend *variant;
	unsigned threads;
	struct lane_setup setup;
	struct lane lanes[2]; /* the run and its repetition */
};

static int run_once(struct probe *probe, struct lane *lane)
{
	struct lane_start start = {.worker = lane_worker_path(0)};

	if (lane_begin(lane, &probe->setup, &start) == 0 &&
		lane_wait(lane, DEADLINE_NS) == 0)
		return 0;
	fprintf(stderr, "serialbench: serials of %s, %u threads: %s: %s\n",
		probe->variant->variant, probe->threads,
		lane_status_name(lane->status), lane->message);
	return -1;
}

static bool repeats(struct probe *probe)
{
	size_t bytes = probe->setup.numbers_of_thread * sizeof(uint64_t);

	for (unsigned i = 0; i < probe->threads; i++)
		if (memcmp(lane_serial_words(probe->lanes[0].shared, i, 0),
			    lane_serial_words(probe->lanes[1].shared, i, 0),
			    bytes) != 0)
			return false;
	return true;
}

static int check_lane(struct probe *probe, struct serial_check *check)
{
	uint64_t of_thread = probe->setup.numbers_of_thread;
	size_t count = probe->threads * of_thread;
	struct taken_number *taken = malloc(count * sizeof(*taken));
	int result;

	if (taken == NULL)
		return -1;
	for (size_t i = 0; i < count; i++) {
		unsigned thread = (unsigned)(i / of_thread);
		struct lane_shared *lane = probe->lanes[0].shared;

		taken[i].number =
			lane_serial_words(lane, thread, 0)[i % of_thread];
		taken[i].before =
			lane_serial_words(lane, thread, 1)[i % of_thread];
		taken[i].after =
			lane_serial_words(lane, thread, 2)[i % of_thread];
	}
	result = serial_check(check, taken, count);
	free(taken);
	return result;
}

static int write_row(struct csv_writer *writer, struct probe *probe)
{
	struct serial_check check;

	if (check_lane(probe, &check) != 0)
		return -1;
	csv_text(writer, probe->variant->variant);
	csv_count(writer, probe->threads);
	csv_count(writer, check.numbers);
	csv_count(writer, check.duplicates);
	csv_count(writer, check.lost);
	csv_count(writer, check.gaps);
	csv_count(writer, check.inversions);
	csv_text(writer, repeats(probe) ? "yes" : "no");
	csv_count(writer, check.bump_p50);
	csv_count(writer, check.bump_p99);
	csv_count(writer, check.bump_max);
	return csv_end_row(writer);
}

static void fill_setup(struct probe *probe, const struct plan_request *request,
	const struct topology *topology, const unsigned *pus)
{
	probe->setup = (struct lane_setup){
		.job = LANE_SERIAL,
		.threads = probe->threads,
		.pin = request->pin,
		.spin = probe->threads <= topology_pu_count(topology),
		.numbers_of_thread = NUMBERS / probe->threads,
	};
	snprintf(
		probe->setup.variant, LANE_TEXT, "%s", probe->variant->variant);
	memcpy(probe->setup.pus, pus, sizeof(probe->setup.pus));
}

/* 0, 1 where the probe failed, -1 where the file did. */
static int probe_variant(struct csv_writer *writer,
	const struct plan_request *request, const struct topology *topology,
	const struct alloc_backend *variant, unsigned threads)
{
	struct probe *probe = calloc(1, sizeof(*probe));
	unsigned pus[TOPOLOGY_MAX_THREADS] = {0};
	struct error error;
	int result = 1;

	if (probe == NULL)
		return -1;
	probe->variant = variant;
	probe->threads = threads;
	if (topology_place(topology, PLACEMENT_CORES, threads, request->seed,
		    pus, &error) != 0) {
		fprintf(stderr, "serialbench: serials of %s: %s\n",
			variant->variant, error.text);
		goto out;
	}
	fill_setup(probe, request, topology, pus);
	if (run_once(probe, &probe->lanes[0]) == 0 &&
		run_once(probe, &probe->lanes[1]) == 0)
		result = write_row(writer, probe);
out:
	lane_end(&probe->lanes[0]);
	lane_end(&probe->lanes[1]);
	free(probe);
	return result;
}

int serial_table_write(const struct plan_request *request,
	const struct topology *topology, const char *path)
{
	struct csv_writer writer;
	unsigned pus = topology_pu_count(topology);
	unsigned counts[] = {
		1, pus < TOPOLOGY_MAX_THREADS ? pus : TOPOLOGY_MAX_THREADS};
	int failed = 0;

	if (csv_writer_create(&writer, path,
		    "variant,threads,numbers,duplicates,lost,gaps,inversions,"
		    "repeats,bump_p50_cycles,bump_p99_cycles,"
		    "bump_max_cycles") != 0)
		return -1;
	for (size_t v = 0; v < request->variant_count; v++)
		for (unsigned t = 0; t < (pus > 1 ? 2u : 1u); t++) {
			int result = 0;

			if (request->variants[v]->numbers_blocks && !stop_asked)
				result = probe_variant(&writer, request,
					topology, request->variants[v],
					counts[t]);
			if (result < 0) {
				csv_writer_close(&writer);
				return -1;
			}
			failed += result;
		}
	return csv_writer_close(&writer) != 0 ? -1 : failed;
}
