// SPDX-License-Identifier: MIT
//
// A run that was stopped or killed, taken up where it is.
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "metrics.h"
#include "pilot_file.h"
#include "plan_file.h"
#include "run_files.h"
#include "run_meta.h"
#include "trials_bytes.h"
#include "trials_scan.h"

static int fail_at(struct error *error, const char *path)
{
	bool no_room = error_is_no_room(errno);

	error_set(error,
		"%s: %s; the rows written so far are "
		"whole",
		path, error_reason(errno));
	return no_room ? RUN_NO_ROOM : RUN_REFUSED;
}

static int refuse_changed(struct error *error, const char *what,
	const char *now, const char *then)
{
	error_set(error,
		"%s is '%s' here and was '%s' when the run began: "
		"allowed is to finish it with what began it",
		what, now, then);
	return RUN_REFUSED;
}

/* What was found is what the record has, or it is refused. */
static int take_found(struct allocator *allocator,
	const struct allocator *found, struct error *error)
{
	if (strcmp(found->identity.build_id, allocator->identity.build_id) != 0)
		return refuse_changed(error, "build_id of the workers",
			found->identity.build_id, allocator->identity.build_id);
	if (strcmp(found->identity.allocator_version,
		    allocator->identity.allocator_version) != 0)
		return refuse_changed(error, allocator->name,
			found->identity.allocator_version,
			allocator->identity.allocator_version);
	if (strcmp(found->identity.allocator_path,
		    allocator->identity.allocator_path) != 0)
		return refuse_changed(error, allocator->name,
			found->identity.allocator_path,
			allocator->identity.allocator_path);
	*allocator = *found;
	return 0;
}

/* An allocator of the record is looked for as when the run began, and has to
 * be the same. */
static int prove_allocator(struct allocator *allocator, struct error *error)
{
	struct allocator found;
	bool own = strchr(allocator->library, '/') != NULL;
	struct error reason;

	if (allocator_find(&found, own ? allocator->library : allocator->name,
		    &reason) == 0)
		return take_found(allocator, &found, error);
	error_set(error, "%s", reason.text);
	return RUN_REFUSED;
}

static int prove_peer(struct allocator *peer, struct error *error)
{
	struct allocator found = *peer;
	struct error reason;

	if (allocator_prove(&found, &reason) == 0)
		return take_found(peer, &found, error);
	error_set(error, "peer %s", reason.text);
	return RUN_REFUSED;
}

static int read_record(struct run *run, struct run_options *options,
	const json_t *meta, struct error *error)
{
	struct plan_request *request = &options->request;

	if (json_object_get(meta, "parts") != NULL) {
		error_set(error,
			"%s: was merged: resume its parts and merge again",
			run->directory);
		return RUN_REFUSED;
	}
	if (run_meta_options(meta, run->directory, options, error) != 0)
		return RUN_REFUSED;
	for (size_t i = 0; i < request->allocator_count; i++)
		if (prove_allocator(&request->allocators[i], error) != 0)
			return RUN_REFUSED;
	for (size_t i = 0; i < request->peer_count; i++)
		if (prove_peer(&request->peers[i].allocator, error) != 0)
			return RUN_REFUSED;
	if (run_meta_plan(meta, run->directory, options, &run->plan, error) !=
		0)
		return RUN_REFUSED;
	if (plan_look_at_sources(&run->plan, error) != 0 ||
		plan_sources_same(
			run->plan.sources, &request->sources, error) != 0)
		return RUN_REFUSED;
	if (options->shards > 0)
		plan_take_shard(&run->plan, options->shard, options->shards);
	snprintf(run->record.plan_id, PLAN_ID, "%s",
		run_meta_text(meta, "plan", "plan_id"));
	snprintf(run->run_id, sizeof(run->run_id), "%s",
		run_meta_text(meta, NULL, "run_id"));
	run->record.run_id = run->run_id;
	run->record.start_unix_ns = run_meta_count(meta, NULL, "start_unix_ns");
	run->record.resumed =
		json_deep_copy(json_object_get(meta, "resumed_unix_ns"));
	if (run->record.resumed == NULL)
		run->record.resumed = json_array();
	json_array_append_new(run->record.resumed,
		json_integer((json_int_t)clock_ns(CLOCK_REALTIME)));
	return 0;
}

/* Launches that are there count as of this run. */
static void take_launches(struct run *run, const struct trials_scan *scan)
{
	for (size_t i = 0; i < scan->count; i++) {
		const struct trials_launch *found = &scan->launches[i];

		found->launch->left = false;
		run->record.launches_done += !found->failed;
		run->record.launches_failed += found->failed;
		run->record.launches_extra +=
			plan_is_extra(&run->plan, found->launch);
		run->record.rounds += found->rounds;
		run->record.rounds_excluded += found->rounds_excluded;
		run->failed += found->failed;
	}
}

/* Cuts trials.csv back to whole launches. Before the pilots were settled there
 * is none: what is there is a pilot's failure, and it is made again. */
static int take_trials(struct run *run, struct error *error)
{
	const char *path = run_path(run, "trials.csv");
	struct trials_scan scan;
	int result = RUN_REFUSED;

	if (trials_bytes_make_own(path, error) != 0)
		return error_is_no_room(errno) ? RUN_NO_ROOM : RUN_REFUSED;
	if (trials_scan(&scan, &run->plan, path, error) != 0)
		goto out;
	if (csv_writer_open(&run->trials, path,
		    run->has_pilot ? scan.whole : scan.header) != 0) {
		result = fail_at(error, path);
		goto out;
	}
	if (run->has_pilot)
		take_launches(run, &scan);
	result = 0;
out:
	trials_scan_finish(&scan);
	return result;
}

/* metrics.csv without the rows of what is not there. */
static int take_metrics(struct run *run, struct error *error)
{
	unsigned parts = run_metric_parts(run);
	struct error reason;

	if (csv_writer_create(&run->metrics, run_new_path(run, "metrics.csv"),
		    METRICS_HEADER) != 0)
		return fail_at(error, run->directory);
	if (run_copy_metrics(&run->metrics, run_path(run, "metrics.csv"), parts,
		    &reason) != 0) {
		bool full = error_is_no_room(errno);

		run_discard(run, "metrics.csv");
		error_set(error, "%s", reason.text);
		return full ? RUN_NO_ROOM : RUN_REFUSED;
	}
	if (run_publish(run, "metrics.csv") != 0)
		return fail_at(error, run->directory);
	return 0;
}

static int take_files(struct run *run, struct error *error)
{
	int result;

	run_sweep(run);
	run->has_pilot = run_has(run, "pilot.csv");
	if (run->has_pilot &&
		pilot_file_read(
			&run->plan, run_path(run, "pilot.csv"), error) != 0)
		return RUN_REFUSED;
	result = take_trials(run, error);
	if (result == 0)
		result = take_metrics(run, error);
	if (result == 0 &&
		environment_write(&run->record, run_path(run, "meta.json")) !=
			0)
		result = fail_at(error, run->directory);
	return result;
}

int run_resume(struct run *run, struct run_options *options,
	const struct topology *topology, struct error *error)
{
	json_t *meta;
	size_t length;
	int result;

	snprintf(run->directory, RUN_PATH, "%s", options->resume);
	for (length = strlen(run->directory);
		length > 1 && run->directory[length - 1] == '/'; length--)
		run->directory[length - 1] = '\0';
	run->options = options;
	run->topology = topology;
	run->record.options = options;
	run->record.plan = &run->plan;
	run->record.topology = topology;
	meta = run_meta_load(run->directory, error);
	if (meta == NULL)
		return RUN_REFUSED;
	if (run_lock(run) != 0) {
		error_set(error, "%s: %s", run->directory,
			errno == EWOULDBLOCK ? "another run is at work there"
					     : error_reason(errno));
		json_decref(meta);
		return RUN_REFUSED;
	}
	result = read_record(run, options, meta, error);
	if (result == 0)
		result = take_files(run, error);
	json_decref(meta);
	return result;
}
