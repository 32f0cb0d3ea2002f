// SPDX-License-Identifier: MIT
//
// What is registered, and the body that all benchmarks share.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "gbench_shim.h"
#include "micro.h"
#include "micro_team.h"

/* A series of cells of every variant. */
static const struct micro_series {
	const char *workload, *param;
	int64_t values[6];
	unsigned count;
} all_series[] = {
	{"counter", "work", {0, 50, 200, 1000}, 4},
	/* 72 is where 24 and 32 bytes of metadata part on glibc. */
	{"pair", "size", {16, 64, 72, 512, 4096}, 5},
};

#define SERIES (sizeof(all_series) / sizeof(*all_series))

/* A batch takes about this long: a thousand times the clock, and a hundred
 * times the threads' disagreement on when it began. */
#define MICRO_BATCH_NS 100000

/* How many of the last batches the median is made of. */
#define MICRO_KEPT 8192

static struct micro_team team;
static double kept_ns[MICRO_KEPT]; /* thread 0's */
static _Atomic bool any_failed;

static void skip(struct gbench_state *state, const char *error)
{
	any_failed = true;
	gbench_skip_with_error(state, error);
}

/* Operations of a thread that take a batch's time. Every thread comes to the
 * same number, as every batch takes the same time for all. 0 on failure. */
static uint64_t find_batch(unsigned index)
{
	uint64_t operations = 16;
	double took;

	do {
		operations *= 2;
		took = micro_team_batch(&team, index, operations);
		if (took <= 0)
			return 0;
	} while (took < MICRO_BATCH_NS / 2.0 && operations < 1u << 30);
	if (took < MICRO_BATCH_NS)
		operations =
			(uint64_t)((double)operations * MICRO_BATCH_NS / took);
	return operations;
}

static int compare_doubles(const void *left, const void *right)
{
	double one = *(const double *)left, other = *(const double *)right;

	return (one > other) - (one < other);
}

/* Of the batches that were kept; sorts them. */
static double median(uint64_t batches)
{
	size_t count = batches < MICRO_KEPT ? (size_t)batches : MICRO_KEPT;

	qsort(kept_ns, count, sizeof(*kept_ns), compare_doubles);
	return (kept_ns[(count - 1) / 2] + kept_ns[count / 2]) / 2;
}

static void set_counters(struct gbench_state *state, uint64_t operations,
	uint64_t batches, double total_ns)
{
	double all = (double)operations * gbench_thread_count(state);

	gbench_counter(
		state, "wall_ns_per_op", total_ns / ((double)batches * all));
	gbench_counter(state, "wall_ns_per_op_median", median(batches) / all);
	gbench_counter(state, "batch_operations", (double)operations);
}

static void run_batches(struct gbench_state *state, unsigned index)
{
	uint64_t operations = find_batch(index), batches = 0;
	double total_ns = 0;

	/* After a failure the batches go on, empty, in all threads alike, as
	 * google-benchmark wants its loop to be left. */
	while (operations > 0 &&
		gbench_keep_running(state, (int64_t)operations)) {
		double took = micro_team_batch(&team, index, operations);

		/* The same in all threads: google-benchmark adds it up. */
		gbench_add_time(state, took * 1e-9);
		total_ns += took;
		if (index == 0)
			kept_ns[batches % MICRO_KEPT] = took;
		batches++;
	}
	if (index == 0 && batches > 0)
		set_counters(state, operations, batches, total_ns);
}

static void body(struct gbench_state *state, const void *context)
{
	unsigned index = gbench_thread_index(state);
	const char *error = micro_team_begin(&team, context,
		gbench_argument_of(state), index, gbench_thread_count(state));

	if (error == NULL)
		run_batches(state, index);
	error = micro_team_end(&team, index);
	if (error != NULL)
		skip(state, error);
}

/* 1, 2, 4, … and the number of PUs itself. */
static void add_thread_counts(struct gbench_family *family, unsigned pus)
{
	unsigned most = pus;

	if (most > MICRO_MAX_THREADS)
		most = MICRO_MAX_THREADS;
	for (unsigned threads = 1; threads < most; threads *= 2)
		gbench_threads(family, (int)threads);
	gbench_threads(family, (int)most);
}

static void register_family(
	const struct micro_series *series, const struct micro_family *context)
{
	struct gbench_family *family;
	char name[96];

	snprintf(name, sizeof(name), "%s/%s", series->workload,
		context->backend->variant);
	family = gbench_register(name, body, context);
	gbench_argument_name(family, series->param);
	for (unsigned i = 0; i < series->count; i++)
		gbench_argument(family, series->values[i]);
	add_thread_counts(family, context->host->pu_count);
}

/* What `families` has room for is SERIES for every backend. */
static void register_all(
	const struct micro_host *host, struct micro_family *families)
{
	for (size_t i = 0; i < SERIES; i++)
		for (size_t j = 0; alloc_backends[j] != NULL; j++) {
			*families = (struct micro_family){.host = host,
				.backend = alloc_backends[j],
				.workload = all_series[i].workload,
				.param = all_series[i].param};
			register_family(&all_series[i], families++);
		}
}

/* Whose malloc it is: asked of the dynamic linker, not read off LD_PRELOAD.
 * &malloc might be this program's own jump to it. */
static void add_context(const struct micro_host *host)
{
	void *symbol = dlsym(RTLD_DEFAULT, "malloc");
	Dl_info owner;

	if (symbol != NULL && dladdr(symbol, &owner) != 0)
		gbench_context("allocator_library", owner.dli_fname);
	else
		gbench_context("allocator_library", "unknown");
	gbench_context("clock", "CLOCK_MONOTONIC");
	gbench_context("topology", host->topology);
	gbench_context("placement", host->placement);
	gbench_context("pinning", "each thread to one PU, read back");
}

int micro_run(int argc, char **argv, const struct micro_host *host)
{
	struct micro_family *families;
	size_t backends = 0, matched;
	const char *lost;

	while (alloc_backends[backends] != NULL)
		backends++;
	if (gbench_init(&argc, argv) != 0)
		return 2;
	families = calloc(SERIES * backends, sizeof(*families));
	if (families == NULL) {
		perror("serialbench-micro");
		return 1;
	}
	add_context(host);
	register_all(host, families);
	matched = gbench_run();
	free(families);
	lost = gbench_lost();
	if (lost != NULL) {
		fprintf(stderr,
			"serialbench-micro: %s: the output could not be "
			"written whole\n",
			lost);
		return 1;
	}
	if (matched == 0)
		return 2;
	return any_failed ? 1 : 0;
}
