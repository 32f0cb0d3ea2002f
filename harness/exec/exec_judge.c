// SPDX-License-Identifier: MIT
//
// From timed runs to verdicts. The statistics are those of every run of the
// suite, so they get what every run has: a folder with trials.csv.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compare.h"
#include "exec_session.h"
#include "statistics.h"

#define ALPHA 0.05

/* Median over the row's runs that are ok of the wall time and the peak. */
static int fill_medians(struct exec_result *result)
{
	double *walls = calloc(2 * (size_t)result->launches, sizeof(*walls));
	double *peaks;

	if (walls == NULL)
		return -1;
	peaks = walls + result->launches;
	for (size_t place = 0; place < result->row_count; place++) {
		struct exec_row *row = &result->rows[place];
		size_t kept = 0;

		for (size_t i = 0; i < result->trial_count; i++) {
			const struct exec_trial *trial = &result->trials[i];

			if (trial->row != place || trial->failed)
				continue;
			walls[kept] = (double)trial->wall_ns / 1e6;
			peaks[kept++] = (double)trial->peak_rss_kib;
		}
		row->launches = (unsigned)kept;
		row->wall_ms_median = median(walls, kept);
		if (kept > 0)
			row->peak_rss_kib = (uint64_t)median(peaks, kept);
	}
	free(walls);
	return 0;
}

static void take_comparison(
	struct exec_result *result, const struct comparison *comparison)
{
	for (size_t i = 0; i < result->row_count; i++) {
		struct exec_row *row = &result->rows[i];
		char cell[RECORD_TEXT];

		exec_cell_name(cell, row, EXEC_VARIANTS);
		if (strcmp(cell, comparison->cell) != 0 ||
			strcmp(row->variant, comparison->variant) != 0)
			continue;
		row->launches = (unsigned)comparison->launches;
		row->ratio = comparison->ratio;
		row->ci_low = comparison->ci_low;
		row->ci_high = comparison->ci_high;
		row->ci_level = comparison->ci_level;
		row->p_raw = comparison->p_raw;
		row->p_adj = comparison->p_adjusted;
		row->launches_needed = comparison->launches_needed;
		snprintf(row->verdict, sizeof(row->verdict), "%s",
			verdict_name(comparison->verdict));
	}
}

/* The allocator that the others are held against. */
static const char *allocator_baseline(const struct exec_result *result)
{
	for (size_t i = 0; i < result->row_count; i++)
		if (strcmp(result->rows[i].allocator, "system") == 0)
			return result->rows[i].allocator;
	return result->rows[0].allocator;
}

static void take_allocator(
	struct exec_result *result, const struct comparison *comparison)
{
	for (size_t i = 0; i < result->row_count; i++) {
		struct exec_row *row = &result->rows[i];
		char cell[RECORD_TEXT];

		exec_cell_name(cell, row, EXEC_ALLOCATORS);
		if (strcmp(cell, comparison->cell) != 0 ||
			strcmp(row->allocator, comparison->variant) != 0)
			continue;
		snprintf(row->allocator_baseline, LANE_TEXT, "%s",
			allocator_baseline(result));
		row->allocator_ratio = comparison->ratio;
		row->allocator_ci_low = comparison->ci_low;
		row->allocator_ci_high = comparison->ci_high;
		row->allocator_p_adj = comparison->p_adjusted;
		snprintf(row->allocator_verdict, sizeof(row->allocator_verdict),
			"%s", verdict_name(comparison->verdict));
	}
}

static int compare_folder(
	struct exec_session *session, const char *folder, enum exec_lanes lanes)
{
	const struct compare_options options = {
		.baseline = lanes == EXEC_VARIANTS
			? COMPARE_BASELINE
			: allocator_baseline(session->result),
		.margin = session->result->margin,
		.alpha = ALPHA,
	};
	struct comparison_list list;
	struct error wrong;

	if (compare_run(&list, folder, &options, &wrong) != 0) {
		error_set(session->error, "%s", wrong.text);
		return EXEC_REFUSED;
	}
	for (size_t i = 0; i < list.count; i++)
		if (lanes == EXEC_VARIANTS)
			take_comparison(session->result, &list.items[i]);
		else
			take_allocator(session->result, &list.items[i]);
	comparison_list_finish(&list);
	return EXEC_DONE;
}

static void remove_folder(const char *folder)
{
	static const char *const names[] = {EXEC_PLAN_FILE, EXEC_TRIALS_FILE};
	char path[4200];

	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	rmdir(folder);
}

/* Whether there are runs to hold others against, and others. */
static bool is_comparable(
	const struct exec_result *result, enum exec_lanes lanes)
{
	bool has_baseline = false, has_other = lanes == EXEC_VARIANTS;

	for (size_t i = 0; i < result->trial_count; i++) {
		const struct exec_row *row =
			&result->rows[result->trials[i].row];
		bool is_it = lanes == EXEC_VARIANTS
			? strcmp(row->variant, COMPARE_BASELINE) == 0
			: strcmp(row->allocator, allocator_baseline(result)) ==
				0;

		has_baseline |= is_it;
		has_other |= !is_it;
	}
	return has_baseline && has_other;
}

const char *exec_temporary(void)
{
	const char *asked = getenv("TMPDIR");

	return asked != NULL && asked[0] == '/' ? asked : "/tmp";
}

static int judge_lanes(struct exec_session *session, enum exec_lanes lanes)
{
	char folder[4096];
	int outcome;

	if (!is_comparable(session->result, lanes))
		return EXEC_DONE;
	snprintf(folder, sizeof(folder), "%s/serialbench-exec-XXXXXX",
		exec_temporary());
	if (mkdtemp(folder) == NULL)
		return exec_fail(session, folder);
	if (exec_write_lanes(session->result, folder, lanes) != 0)
		outcome = exec_fail(session, folder);
	else
		outcome = compare_folder(session, folder, lanes);
	remove_folder(folder);
	return outcome;
}

int exec_judge(struct exec_session *session)
{
	int outcome;

	if (fill_medians(session->result) != 0)
		return exec_fail(session, "exec");
	outcome = judge_lanes(session, EXEC_VARIANTS);
	return outcome != EXEC_DONE ? outcome
				    : judge_lanes(session, EXEC_ALLOCATORS);
}
