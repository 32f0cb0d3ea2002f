// SPDX-License-Identifier: MIT
//
// serialbench-micro: the micro-benchmarks, with the harness's topology and
// pinning behind them.
#include <stdio.h>

#include "micro.h"
#include "pin.h"
#include "streams.h"
#include "topology.h"

_Static_assert(MICRO_MAX_THREADS <= TOPOLOGY_MAX_THREADS, "threads fit");

/* The same PUs in every run of a benchmark, and so for every variant. */
#define PLACE_SEED 1

static int place(
	void *context, unsigned threads, unsigned *pus, struct error *error)
{
	return topology_place(
		context, PLACEMENT_CORES, threads, PLACE_SEED, pus, error);
}

static int run(int argc, char **argv, struct topology *topology)
{
	char summary[TOPOLOGY_TEXT];
	struct micro_host host = {.context = topology,
		.pu_count = topology_pu_count(topology),
		.place = place,
		.pin = pin_self,
		.topology = summary,
		.placement = placement_name(PLACEMENT_CORES)};

	topology_summary(topology, summary, sizeof(summary));
	return micro_run(argc, argv, &host);
}

int main(int argc, char **argv)
{
	struct topology *topology;
	struct error error;
	int result;

	streams_begin();
	if (topology_create(&topology, NULL, &error) != 0) {
		fprintf(stderr, "serialbench-micro: %s\n", error.text);
		return 1;
	}
	result = run(argc, argv, topology);
	topology_destroy(topology);
	return result;
}
