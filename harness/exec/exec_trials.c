// SPDX-License-Identifier: MIT
//
// The timed runs as records of the suite: trials.csv and its plan.csv.
#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "csv_writer.h"
#include "exec_session.h"
#include "lane_spec.h"

void exec_cell_name(char cell[RECORD_TEXT], const struct exec_row *row,
	enum exec_lanes lanes)
{
	snprintf(cell, RECORD_TEXT, "exec/%s",
		lanes == EXEC_VARIANTS ? row->allocator : row->variant);
}

/* CPython's own hooks are no backend of the registry. */
static const char *role_of(const char *variant)
{
	struct lane_spec spec = {.role = ALLOC_ROLE_PEER};

	lane_spec_find(&spec, variant);
	return lane_role_name(spec.role);
}

static void clear_trial(struct trial *trial)
{
#define NO_TEXT(name, description) trial->name[0] = '\0';
#define NO_COUNT(name, description) trial->name = RECORD_NO_COUNT;
#define NO_REAL(name, description) trial->name = NAN;
	TRIAL_FIELDS(NO_TEXT, NO_COUNT, NO_REAL)
#undef NO_TEXT
#undef NO_COUNT
#undef NO_REAL
}

static void fill_trial(struct trial *trial, const struct exec_result *result,
	const struct exec_trial *run, enum exec_lanes lanes)
{
	const struct exec_row *row = &result->rows[run->row];

	clear_trial(trial);
#define TEXT(name, value) snprintf(trial->name, RECORD_TEXT, "%s", value)
	TEXT(run_id, "exec");
	if (lanes == EXEC_VARIANTS) {
		TEXT(variant, row->variant);
		TEXT(role, role_of(row->variant));
	} else {
		TEXT(variant, row->allocator);
		TEXT(role, lane_role_name(ALLOC_ROLE_VARIANT));
	}
	TEXT(workload, "exec");
	TEXT(params, result->command);
	TEXT(allocator, row->allocator);
	TEXT(allocator_version, row->allocator_version);
	TEXT(status, run->failed ? "failed" : "ok");
#undef TEXT
	exec_cell_name(trial->cell, row, lanes);
	trial->schema_version = RECORD_SCHEMA_VERSION;
	trial->launch = run->launch;
	trial->round = 0;
	trial->position = run->position;
	trial->env_bytes = run->environment_bytes;
	trial->seed = result->seed;
	trial->ops = 1;
	trial->wall_ns = trial->ns_per_op = (double)run->wall_ns;
	trial->cpu_ns = (double)run->cpu_ns;
	trial->minflt = run->minflt;
	trial->majflt = run->majflt;
	trial->nvcsw = run->nvcsw;
	trial->nivcsw = run->nivcsw;
	trial->excluded = 0;
	trial->t_start_unix_ns = run->start_unix_ns;
}

int exec_finish_file(struct csv_writer *writer, const char *path, int result)
{
	int reason = errno;

	if (csv_writer_close(writer) != 0 && result == 0) {
		reason = errno;
		result = -1;
	}
	if (result != 0)
		unlink(path);
	errno = reason;
	return result;
}

static int write_runs(const struct exec_result *result, const char *path,
	enum exec_lanes lanes)
{
	struct csv_writer writer;
	struct trial trial;
	int wrong = 0;

	if (csv_writer_create(&writer, path, trial_header) != 0)
		return -1;
	for (size_t i = 0; wrong == 0 && i < result->trial_count; i++) {
		fill_trial(&trial, result, &result->trials[i], lanes);
		wrong = trial_write(&writer, &trial);
	}
	return exec_finish_file(&writer, path, wrong);
}

/* Whether no row before it is of its cell. */
static bool begins_cell(
	const struct exec_result *result, size_t place, enum exec_lanes lanes)
{
	char cell[RECORD_TEXT], other[RECORD_TEXT];

	exec_cell_name(cell, &result->rows[place], lanes);
	for (size_t i = 0; i < place; i++) {
		exec_cell_name(other, &result->rows[i], lanes);
		if (strcmp(cell, other) == 0)
			return false;
	}
	return true;
}

/* All cells are headline: Holm holds for the whole table. */
static int write_plan(const struct exec_result *result, const char *path,
	enum exec_lanes lanes)
{
	struct csv_writer writer;
	char cell[RECORD_TEXT];
	int wrong = 0;

	if (csv_writer_create(&writer, path, "cell,headline") != 0)
		return -1;
	for (size_t i = 0; wrong == 0 && i < result->row_count; i++) {
		if (!begins_cell(result, i, lanes))
			continue;
		exec_cell_name(cell, &result->rows[i], lanes);
		csv_text(&writer, cell);
		csv_count(&writer, 1);
		wrong = csv_end_row(&writer);
	}
	return exec_finish_file(&writer, path, wrong);
}

int exec_write_lanes(const struct exec_result *result, const char *folder,
	enum exec_lanes lanes)
{
	char plan[4200], trials[4200];
	int reason;

	snprintf(plan, sizeof(plan), "%s/" EXEC_PLAN_FILE, folder);
	snprintf(trials, sizeof(trials), "%s/" EXEC_TRIALS_FILE, folder);
	if (write_plan(result, plan, lanes) != 0)
		return -1;
	if (write_runs(result, trials, lanes) == 0)
		return 0;
	reason = errno;
	unlink(plan);
	errno = reason;
	return -1;
}

int exec_write_trials(const struct exec_result *result, const char *folder)
{
	return exec_write_lanes(result, folder, EXEC_VARIANTS);
}
