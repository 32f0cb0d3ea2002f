// SPDX-License-Identifier: MIT
//
// A run's directory and its first files.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "metrics.h"
#include "pilot_file.h"
#include "plan_file.h"
#include "printable.h"
#include "run_files.h"

const char *run_path(const struct run *run, const char *name)
{
	static char path[RUN_PATH + 64];

	snprintf(path, sizeof(path), "%s/%s", run->directory, name);
	return path;
}

static int fail_at(struct error *error, const char *option, const char *path)
{
	return error_set(error,
		"%s%s: %s; a run needs a directory that can be written", option,
		path, error_reason(errno));
}

int run_make_folders(const char *path)
{
	char part[RUN_PATH];

	snprintf(part, sizeof(part), "%s", path);
	for (char *slash = part + 1; (slash = strchr(slash, '/')) != NULL;
		slash++) {
		*slash = '\0';
		if (mkdir(part, 0777) != 0 && errno != EEXIST)
			return -1;
		*slash = '/';
	}
	return mkdir(part, 0777) != 0 && errno != EEXIST ? -1 : 0;
}

/* <UTC time>-<host> under the folder of runs, with a digit more where two
 * runs begin in one second. */
static int make_dated(struct run *run)
{
	char host[64] = "host", stamp[32];
	time_t now = time(NULL);
	struct tm utc;

	gethostname(host, sizeof(host) - 1);
	/* No folder, and no option of whatever is given the name. */
	for (char *c = host; *c != '\0'; c++)
		if (*c == '/' || *c == ' ' || *c == '\\')
			*c = '-';
	make_plain_text(host);
	gmtime_r(&now, &utc);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &utc);
	if (run_make_folders(run->options->runs) != 0)
		return -1;
	for (unsigned i = 1; i < 100; i++) {
		char suffix[8] = "";

		if (i > 1)
			snprintf(suffix, sizeof(suffix), "-%u", i);
		snprintf(run->directory, sizeof(run->directory), "%s/%s-%s%s",
			run->options->runs, stamp, host, suffix);
		if (mkdir(run->directory, 0777) == 0)
			return 0;
		if (errno != EEXIST)
			return -1;
	}
	return -1;
}

/* The last name is the run's. */
static void cut_slashes(char *path)
{
	size_t length = strlen(path);

	while (length > 1 && path[length - 1] == '/')
		path[--length] = '\0';
}

static int make_directory(struct run *run, struct error *error)
{
	const char *out = run->options->out;

	if (out == NULL)
		return make_dated(run) == 0
			? 0
			: fail_at(error, "--runs ", run->options->runs);
	snprintf(run->directory, sizeof(run->directory), "%s", out);
	cut_slashes(run->directory);
	/* Its last part is the run's name, in every row. */
	if (!is_plain_text(out)) {
		error_set(error, "--out '%s': " PLAIN_TEXT, out);
		make_plain_text(error->text);
		return -1;
	}
	if (mkdir(out, 0777) == 0)
		return 0;
	if (errno != EEXIST)
		return fail_at(error, "--out ", out);
	return error_set(
		error, "--out %s: exists; a run makes its own directory", out);
}

/* results/runs/latest → this run; a link that cannot be made is no failure. */
static void link_latest(const struct run *run)
{
	char link[RUN_PATH + 16];
	const char *name = strrchr(run->directory, '/');

	if (run->options->out != NULL || name == NULL)
		return;
	snprintf(link, sizeof(link), "%s/latest", run->options->runs);
	unlink(link);
	if (symlink(name + 1, link) != 0)
		fprintf(stderr, "serialbench: %s: %s\n", link,
			error_reason(errno));
}

static int first_files(struct run *run)
{
	const char *name = strrchr(run->directory, '/');

	run->record.run_id = name != NULL ? name + 1 : run->directory;
	plan_identify(&run->plan, run->record.plan_id);
	if (run_lock(run) != 0 ||
		plan_write(&run->plan, run_path(run, "plan.csv")) != 0 ||
		csv_writer_create(&run->trials, run_path(run, "trials.csv"),
			trial_header) != 0 ||
		csv_writer_create(&run->metrics, run_path(run, "metrics.csv"),
			METRICS_HEADER) != 0 ||
		topology_write_xml(
			run->topology, run_path(run, "topology.xml")) != 0)
		return -1;
	if (run->has_pilot &&
		(pilot_file_write(&run->plan, run_path(run, "pilot.csv")) !=
				0 ||
			run_write_pilot_metrics(run) != 0))
		return -1;
	return environment_write(&run->record, run_path(run, "meta.json"));
}

static void remove_first_files(const struct run *run)
{
	static const char *const names[] = {"plan.csv", "trials.csv",
		"metrics.csv", "topology.xml", "pilot.csv", "meta.json", NULL};

	for (size_t i = 0; names[i] != NULL; i++)
		unlink(run_path(run, names[i]));
	rmdir(run->directory);
}

/* --pilot: the turns of another run, for every cell of this one. */
static int take_pilot(struct run *run, struct error *error)
{
	const char *pilot = run->options->pilot;

	if (pilot == NULL)
		return 0;
	run->has_pilot = pilot_file_take(&run->plan, pilot, error) == 0;
	return run->has_pilot ? 0 : -1;
}

int run_create(struct run *run, const struct run_options *options,
	const struct topology *topology, struct error *error)
{
	run->options = options;
	run->topology = topology;
	run->record.options = options;
	run->record.plan = &run->plan;
	run->record.topology = topology;
	run->record.start_unix_ns = clock_ns(CLOCK_REALTIME);
	if (options->shards > 0)
		plan_take_shard(&run->plan, options->shard, options->shards);
	if (take_pilot(run, error) != 0)
		return RUN_REFUSED;
	if (make_directory(run, error) != 0)
		return RUN_REFUSED;
	if (first_files(run) != 0) {
		fail_at(error, "", run->directory);
		remove_first_files(run);
		return RUN_REFUSED;
	}
	link_latest(run);
	return 0;
}

void run_finish(struct run *run)
{
	csv_writer_close(&run->trials);
	csv_writer_close(&run->metrics);
	if (run->lock_fd > 0)
		close(run->lock_fd);
	json_decref(run->record.resumed);
	json_decref(run->record.certificate);
	plan_finish(&run->plan);
}
