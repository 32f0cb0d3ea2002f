// SPDX-License-Identifier: MIT
//
// Small runs with known answers for the tests of comparisons.
#ifndef SERIALBENCH_RESULTS_RUNS_H
#define SERIALBENCH_RESULTS_RUNS_H

#include "check.h"
#include "compare.h"
#include "csv_writer.h"

#define RUN_LAUNCHES 8
#define RUN_ROUNDS 3
#define RUN_ROWS_MOST 2048

struct run {
	struct check_directory directory;
	size_t count;
	struct trial trials[RUN_ROWS_MOST];
};

/* One variant of the run and its ratio to "none" in each launch. */
struct run_variant {
	const char *name;
	double ratio, step; /* ratio + step × launch; */
	int alternate; /* or its reciprocal in every second launch */
};

static const struct run_variant run_variants[] = {
	{"none", 1, 0, 0},
	{"slow", 1.10, 0.001, 0},
	{"fast", 1 / 1.10, -0.001, 0},
	{"close", 1.015, 0.002, 0}, /* interval across the margin */
	{"near", 1.005, 0.0001, 0}, /* different, but inside */
	{"wide", 1.10, 0, 1},
	{"again", 1.001, 0, 1},
};

#define RUN_VARIANTS (sizeof(run_variants) / sizeof(run_variants[0]))

static inline double run_ratio(const struct run_variant *variant, int launch)
{
	double ratio = variant->ratio + variant->step * launch;

	return variant->alternate && launch % 2 ? 1 / ratio : ratio;
}

/* Adds all turns of a cell. What a launch and a round do to all lanes alike
 * is large, and must not show; the middle round of each lane is exact, the
 * others lie at the same distance on both sides. */
static inline void run_add_cell(struct run *run, const char *cell, int launches)
{
	for (int launch = 0; launch < launches; launch++)
		for (int round = 0; round < RUN_ROUNDS; round++)
			for (size_t i = 0; i < RUN_VARIANTS; i++) {
				struct trial *trial =
					&run->trials[run->count++];
				double off =
					run_ratio(&run_variants[i], launch);

				*trial = (struct trial){.schema_version = 1,
					.launch = (uint64_t)launch,
					.round = (uint64_t)round,
					.position = i,
					.ops = 1000};
				strcpy(trial->cell, cell);
				strcpy(trial->variant, run_variants[i].name);
				if (strcmp(trial->variant, "again") == 0)
					strcpy(trial->role, RECORD_ROLE_COPY);
				strcpy(trial->status, "ok");
				trial->ns_per_op = 25 * off *
					(1 + 0.3 * launch) * (1 + 0.2 * round) *
					exp(i ? 0.01 * (round - 1) : 0);
				trial->cpu_ns = 3000 * trial->ns_per_op;
			}
}

static inline struct trial *run_find(struct run *run, const char *cell,
	const char *variant, uint64_t launch, uint64_t round)
{
	for (size_t i = 0; i < run->count; i++)
		if (run->trials[i].launch == launch &&
			run->trials[i].round == round &&
			strcmp(run->trials[i].cell, cell) == 0 &&
			strcmp(run->trials[i].variant, variant) == 0)
			return &run->trials[i];
	fail_msg("no trial of %s in %s", variant, cell);
	abort(); /* never comes here, which gcc does not know */
}

static inline void run_write(struct run *run)
{
	struct csv_writer writer;
	char path[512];

	check_path(path, &run->directory, "trials.csv");
	unlink(path);
	assert_int_equal(csv_writer_create(&writer, path, trial_header), 0);
	for (size_t i = 0; i < run->count; i++)
		assert_int_equal(trial_write(&writer, &run->trials[i]), 0);
	assert_int_equal(csv_writer_close(&writer), 0);
}

static inline void run_write_plan(struct run *run, const char *text)
{
	char path[512];

	check_path(path, &run->directory, "plan.csv");
	check_write_file(path, text, strlen(text));
}

static inline void run_start(struct run *run)
{
	run->count = 0;
	check_directory_make(&run->directory);
}

static inline void run_finish(struct run *run)
{
	static const char *const names[] = {"trials.csv", "plan.csv", NULL};

	check_directory_finish(&run->directory, names);
}

static inline const struct comparison *list_find(
	const struct comparison_list *list, const char *cell,
	const char *variant)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].cell, cell) == 0 &&
			strcmp(list->items[i].variant, variant) == 0)
			return &list->items[i];
	fail_msg("no comparison of %s in %s", variant, cell);
	abort(); /* never comes here, which gcc does not know */
}

/* The same figures, but for the last digits. */
static inline void check_same_comparison(
	const struct comparison *got, const struct comparison *want)
{
	check_close("ratio", got->ratio, want->ratio, 1e-12);
	check_close("ci_low", got->ci_low, want->ci_low, 1e-12);
	check_close("ci_high", got->ci_high, want->ci_high, 1e-12);
	check_close("ci_level", got->ci_level, want->ci_level, 0);
	check_close("p_raw", got->p_raw, want->p_raw, 0);
	check_close("p_adjusted", got->p_adjusted, want->p_adjusted, 0);
	check_close("HL", got->hodges_lehmann, want->hodges_lehmann, 1e-12);
	check_close("sigma", got->sigma, want->sigma, 1e-12);
	assert_int_equal(got->launches, want->launches);
	assert_int_equal(got->launches_needed, want->launches_needed);
	assert_int_equal(got->verdict, want->verdict);
}

#endif /* SERIALBENCH_RESULTS_RUNS_H */
