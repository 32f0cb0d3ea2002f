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

		exec_cell_name(cell, row);
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

static int compare_folder(struct exec_session *session, const char *folder)
{
	const struct compare_options options = {
		.margin = session->result->margin, .alpha = ALPHA};
	struct comparison_list list;
	struct error wrong;

	if (compare_run(&list, folder, &options, &wrong) != 0) {
		error_set(session->error, "%s", wrong.text);
		return EXEC_REFUSED;
	}
	for (size_t i = 0; i < list.count; i++)
		take_comparison(session->result, &list.items[i]);
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

static bool has_baseline(const struct exec_result *result)
{
	for (size_t i = 0; i < result->trial_count; i++)
		if (strcmp(result->rows[result->trials[i].row].variant,
			    COMPARE_BASELINE) == 0)
			return true;
	return false;
}

const char *exec_temporary(void)
{
	const char *asked = getenv("TMPDIR");

	return asked != NULL && asked[0] == '/' ? asked : "/tmp";
}

int exec_judge(struct exec_session *session)
{
	char folder[4096];
	int outcome;

	if (fill_medians(session->result) != 0)
		return exec_fail(session, "exec");
	if (!has_baseline(session->result))
		return EXEC_DONE;
	snprintf(folder, sizeof(folder), "%s/serialbench-exec-XXXXXX",
		exec_temporary());
	if (mkdtemp(folder) == NULL)
		return exec_fail(session, folder);
	if (exec_write_trials(session->result, folder) != 0)
		outcome = exec_fail(session, folder);
	else
		outcome = compare_folder(session, folder);
	remove_folder(folder);
	return outcome;
}
