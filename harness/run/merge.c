// SPDX-License-Identifier: MIT
#include "merge.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "certificate.h"
#include "csv_table.h"
#include "merge_parts.h"
#include "metrics.h"
#include "plan_file.h"
#include "printable.h"
#include "run_files.h"

/* Copies `bytes` from where the descriptor stands, all where negative. */
static int copy_bytes(int from, int to, off_t bytes)
{
	static char buffer[1 << 16];

	while (bytes != 0) {
		size_t want = bytes < 0 || bytes > (off_t)sizeof(buffer)
			? sizeof(buffer)
			: (size_t)bytes;
		ssize_t got = read(from, buffer, want);

		if (got <= 0) {
			if (got == 0 && bytes > 0)
				errno = EIO; /* shorter than it was */
			return got == 0 && bytes < 0 ? 0 : -1;
		}
		for (ssize_t done = 0; done < got;) {
			ssize_t put =
				write(to, buffer + done, (size_t)(got - done));

			if (put < 0)
				return -1;
			done += put;
		}
		bytes -= bytes > 0 ? got : 0;
	}
	return 0;
}

/* One launch, byte by byte as its part has it. */
static int copy_launch(const struct merge_part *part,
	const struct trials_launch *launch, int to)
{
	int from = open(part->trials, O_RDONLY | O_CLOEXEC), result = -1;

	if (from < 0)
		return -1;
	if (lseek(from, launch->from, SEEK_SET) == launch->from)
		result = copy_bytes(from, to, launch->to - launch->from);
	close(from);
	return result;
}

static int write_trials(const struct merge *merge)
{
	struct run *run = merge->run;

	if (csv_writer_create(&run->trials, run_path(run, "trials.csv"),
		    trial_header) != 0)
		return -1;
	for (size_t i = 0; i < run->plan.launch_count + run->plan.extra_count;
		i++)
		if (merge->part_of[i] != NULL &&
			copy_launch(merge->part_of[i], merge->launch_of[i],
				run->trials.fd) != 0)
			return -1;
	return 0;
}

/* The first part that has the file, or NULL. */
static const struct merge_part *find_part(
	const struct merge *merge, const char *name)
{
	char path[RUN_PATH + 64];

	for (size_t i = 0; i < merge->count; i++) {
		snprintf(path, sizeof(path), "%s/%s", merge->parts[i].directory,
			name);
		if (access(path, F_OK) == 0)
			return &merge->parts[i];
	}
	return NULL;
}

static int copy_file(const struct merge *merge, const char *name)
{
	const struct merge_part *part = find_part(merge, name);
	char path[RUN_PATH + 64];
	int from, to, result = -1;

	if (part == NULL)
		return 0;
	snprintf(path, sizeof(path), "%s/%s", part->directory, name);
	from = open(path, O_RDONLY | O_CLOEXEC);
	to = open(run_path(merge->run, name),
		O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (from >= 0 && to >= 0)
		result = copy_bytes(from, to, -1);
	if (from >= 0)
		close(from);
	if (to >= 0 && close(to) != 0)
		result = -1;
	return result;
}

/* Metrics come from the part whose file they belong to; those of the pilots
 * with pilot.csv, cell by cell. */
static int write_metrics(const struct merge *merge, struct error *error)
{
	static const struct {
		const char *file;
		enum metric_part part;
	} sources[] = {
		{"memory.csv", METRICS_OF_MEMORY},
		{"serial.csv", METRICS_OF_SERIAL},
	};
	struct run *run = merge->run;
	char path[RUN_PATH + 64];

	if (csv_writer_create(&run->metrics, run_path(run, "metrics.csv"),
		    METRICS_HEADER) != 0 ||
		merge_write_pilots(merge, error) != 0)
		return -1;
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		const struct merge_part *part =
			find_part(merge, sources[i].file);

		if (part == NULL)
			continue;
		snprintf(path, sizeof(path), "%s/metrics.csv", part->directory);
		if (run_copy_metrics(
			    &run->metrics, path, sources[i].part, error) != 0)
			return -1;
	}
	return 0;
}

static const char *const copied[] = {"memory.csv", "serial.csv", "exec.csv",
	"micro.json", "latency_launches.csv", "latency.csv", "counters.csv",
	"topology.xml", CERTIFICATE_EXPERIMENTS, NULL};

static int write_files(const struct merge *merge, struct error *error)
{
	struct run *run = merge->run;
	const char *name = strrchr(run->directory, '/');
	json_t *meta;
	int result;

	error->text[0] = '\0';
	if (plan_write(&run->plan, run_path(run, "plan.csv")) != 0 ||
		write_trials(merge) != 0 || write_metrics(merge, error) != 0)
		return -1;
	for (size_t i = 0; copied[i] != NULL; i++)
		if (copy_file(merge, copied[i]) != 0)
			return -1;
	/* The last: it makes a run of the directory. */
	meta = merge_record(merge, name != NULL ? name + 1 : run->directory);
	if (meta == NULL)
		return -1;
	run->record.certificate =
		json_incref(json_object_get(meta, "certificate"));
	result = environment_write_record(meta, run_path(run, "meta.json"));
	json_decref(meta);
	return result;
}

static void remove_files(const struct run *run)
{
	for (size_t i = 0; copied[i] != NULL; i++)
		unlink(run_path(run, copied[i]));
	unlink(run_path(run, "plan.csv"));
	unlink(run_path(run, "pilot.csv"));
	unlink(run_path(run, "trials.csv"));
	unlink(run_path(run, "metrics.csv"));
	rmdir(run->directory);
}

/* What cannot be read names itself in error. */
static int write_run(const struct merge *merge, struct error *error)
{
	struct run *run = merge->run;
	bool no_room;

	if (!is_plain_text(run->directory)) {
		error_set(error, "-o '%s': " PLAIN_TEXT, run->directory);
		make_plain_text(error->text);
		return RUN_REFUSED;
	}
	if (mkdir(run->directory, 0777) != 0) {
		error_set(error, "-o %s: %s", run->directory,
			errno == EEXIST
				? "exists; a merge makes its own directory"
				: error_reason(errno));
		return RUN_REFUSED;
	}
	if (write_files(merge, error) == 0)
		return 0;
	no_room = error_is_no_room(errno);
	if (error->text[0] == '\0')
		error_set(error, "%s: %s", run->directory, error_reason(errno));
	remove_files(run);
	return no_room ? RUN_NO_ROOM : RUN_REFUSED;
}

int merge_runs(struct run *run, struct run_options *options,
	const char *directory, char *const *parts, size_t count,
	struct error *error)
{
	struct merge merge = {.run = run, .options = options};
	int result = RUN_REFUSED;

	snprintf(run->directory, RUN_PATH, "%s", directory);
	for (size_t length = strlen(run->directory);
		length > 1 && run->directory[length - 1] == '/'; length--)
		run->directory[length - 1] = '\0';
	run->options = options;
	run->record_is_written = true;
	if (merge_read(&merge, parts, count, error) == 0)
		result = write_run(&merge, error);
	merge_finish(&merge);
	return result;
}
