// SPDX-License-Identifier: MIT
#include "run_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "csv_table.h"
#include "report.h"
#include "run_table.h"

/* What run_new_path() was asked for last and is not published, or NULL. */
static const char *being_written;

static const char *name_new(const struct run *run, const char *name)
{
	static char path[RUN_PATH + 64];

	snprintf(path, sizeof(path), "%s/%s.new", run->directory, name);
	return path;
}

const char *run_new_path(const struct run *run, const char *name)
{
	const char *path = name_new(run, name);

	being_written = name;
	unlink(path);
	return path;
}

int run_publish(const struct run *run, const char *name)
{
	int result = rename(name_new(run, name), run_path(run, name));

	if (result == 0)
		being_written = NULL;
	return result;
}

void run_discard(const struct run *run, const char *name)
{
	int reason = errno;

	unlink(name_new(run, name));
	errno = reason;
}

bool run_has(const struct run *run, const char *name)
{
	return access(run_path(run, name), F_OK) == 0;
}

static bool is_unfinished(const char *name)
{
	size_t length = strlen(name);

	return length > 4 && strcmp(name + length - 4, ".new") == 0;
}

void run_sweep(const struct run *run)
{
	DIR *folder = opendir(run->directory);
	struct dirent *entry;

	while (folder != NULL && (entry = readdir(folder)) != NULL)
		if (is_unfinished(entry->d_name))
			unlinkat(dirfd(folder), entry->d_name, 0);
	if (folder != NULL)
		closedir(folder);
	report_sweep(run->directory);
}

int run_lock(struct run *run)
{
	static const struct timespec pause = {.tv_nsec = 50000000};

	run->lock_fd = open(run->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (run->lock_fd < 0)
		return -1;
	/* Tried for a while: a worker that was just being started by a runner
	 * that was killed still has its descriptors. */
	for (unsigned i = 0; i < 20; i++) {
		/* Not every file system has locks: it is a courtesy. */
		if (flock(run->lock_fd, LOCK_EX | LOCK_NB) == 0 ||
			errno != EWOULDBLOCK)
			return 0;
		nanosleep(&pause, NULL);
	}
	errno = EWOULDBLOCK;
	return -1;
}

static const struct {
	const char *metric;
	enum metric_part part;
} owners[] = {
	{"turn_ops", METRICS_OF_PILOT},
	{"warmup_ops", METRICS_OF_PILOT},
	{"alone_ns_per_op", METRICS_OF_PILOT},
	{"relay_ns_per_op", METRICS_OF_PILOT},
	{"rounds", METRICS_OF_PILOT},
	{"round_sd", METRICS_OF_PILOT},
	{"jemalloc_allocated", METRICS_OF_MEMORY},
	{"jemalloc_active", METRICS_OF_MEMORY},
	{"jemalloc_resident", METRICS_OF_MEMORY},
	{"live_peak", METRICS_OF_MEMORY},
	{"live_blocks", METRICS_OF_MEMORY},
	{"live_slots", METRICS_OF_MEMORY},
	{"resident_peak", METRICS_OF_MEMORY},
	{"resident_first", METRICS_OF_MEMORY},
	{"resident_last", METRICS_OF_MEMORY},
	{"resident_over_live", METRICS_OF_MEMORY},
	{"clock_ns", METRICS_OF_SERIAL},
};

unsigned run_metric_parts(const struct run *run)
{
	return (run_has(run, "pilot.csv") ? METRICS_OF_PILOT : 0u) |
		(run_has(run, "memory.csv") ? METRICS_OF_MEMORY : 0u) |
		(run_has(run, "serial.csv") ? METRICS_OF_SERIAL : 0u);
}

static bool belongs(const char *metric, unsigned parts)
{
	for (size_t i = 0; i < sizeof(owners) / sizeof(owners[0]); i++)
		if (strcmp(owners[i].metric, metric) == 0)
			return (owners[i].part & parts) != 0;
	return false;
}

int run_copy_metrics(struct csv_writer *metrics, const char *path,
	unsigned parts, struct error *error)
{
	/* In the order of METRICS_HEADER, whatever the file's is. */
	enum { METRIC_COLUMNS = 6 };
	static const char *const names[METRIC_COLUMNS] = {
		"metric", "cell", "variant", "value", "unit", "note"};
	struct csv_table table;
	int at[METRIC_COLUMNS], result;

	if (access(path, F_OK) != 0)
		return 0;
	if (run_table_read(&table, path, "metrics.csv", error) != 0)
		return -1;
	result = csv_table_need(&table, names, METRIC_COLUMNS, at, error);
	if (result != 0)
		goto out;
	for (size_t i = 0; result == 0 && i < table.rows; i++) {
		if (!belongs(csv_table_text(&table, i, at[0]), parts))
			continue;
		for (size_t c = 0; c < METRIC_COLUMNS; c++)
			csv_text(metrics, csv_table_text(&table, i, at[c]));
		result = csv_end_row(metrics);
	}
	if (result != 0)
		error_set(error, "metrics.csv: %s", error_reason(errno));
out:
	csv_table_finish(&table);
	return result;
}

/* The file that could not be written, as far as it is known. */
static const char *file_that_failed(const struct run *run)
{
	if (run->trials.failed)
		return "trials.csv";
	if (run->metrics.failed)
		return "metrics.csv";
	return being_written;
}

int run_fail(struct error *error, const struct run *run)
{
	const char *file = file_that_failed(run);

	return error_set(error, "%s%s%s: %s; what was written so far is whole",
		run->directory, file != NULL ? "/" : "",
		file != NULL ? file : "", error_reason(errno));
}
