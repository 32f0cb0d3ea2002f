// SPDX-License-Identifier: MIT
#include "merge_parts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "partial.h"
#include "run_meta.h"
#include "trials_bytes.h"

static int refuse(struct error *error, const struct merge_part *part,
	const struct merge_part *first, const char *what, const char *own,
	const char *other)
{
	return error_set(error,
		"%s: %s '%s', and '%s' in %s: allowed are "
		"parts of one plan by one build",
		part->directory, what, own, other, first->directory);
}

/* The files that the cells read were the same, wherever they lay. */
static int check_sources(const struct merge_part *part,
	const struct merge_part *first, struct error *error)
{
	static struct plan_sources own, others;
	struct error reason;

	plan_sources_read(&own,
		json_object_get(json_object_get(part->meta, "plan"), "files"));
	plan_sources_read(&others,
		json_object_get(json_object_get(first->meta, "plan"), "files"));
	if (plan_sources_same(&own, &others, &reason) == 0)
		return 0;
	return error_set(error, "%s and %s: %s", part->directory,
		first->directory, reason.text);
}

static int check_same(const struct merge_part *part,
	const struct merge_part *first, struct error *error)
{
	const char *own = run_meta_text(part->meta, "plan", "plan_id");
	const char *other = run_meta_text(first->meta, "plan", "plan_id");

	if (strcmp(own, other) != 0)
		return refuse(error, part, first, "plan_id", own, other);
	own = run_meta_text(part->meta, NULL, "build_id");
	other = run_meta_text(first->meta, NULL, "build_id");
	if (strcmp(own, other) != 0)
		return refuse(error, part, first, "build_id", own, other);
	return check_sources(part, first, error);
}

/* Allocators of one name are one version; the libraries may lie elsewhere. */
static int check_allocators(const struct merge_part *part,
	const struct merge_part *first, const char *list, struct error *error)
{
	const json_t *own = json_object_get(part->meta, list);
	const json_t *others = json_object_get(first->meta, list);
	const json_t *item;
	size_t i;

	json_array_foreach(own, i, item)
	{
		const json_t *other = json_array_get(others, i);
		const char *version = run_meta_text(item, NULL, "version");
		const char *known = run_meta_text(other, NULL, "version");

		if (strcmp(version, known) != 0)
			return refuse(error, part, first,
				run_meta_text(item, NULL, "name"), version,
				known);
	}
	return 0;
}

/* What a part has is no other's. */
static int take_launches(
	struct merge *merge, const struct merge_part *part, struct error *error)
{
	struct plan *plan = &merge->run->plan;

	for (size_t i = 0; i < part->scan.count; i++) {
		const struct trials_launch *found = &part->scan.launches[i];
		size_t order = (size_t)(found->launch - plan->launches);

		if (merge->part_of[order] != NULL) {
			return error_set(error,
				"%s: launch %u of %s is in %s, too:"
				" allowed is each launch in one part",
				part->directory, found->launch->launch,
				plan->cells[found->launch->cell].name,
				merge->part_of[order]->directory);
		}
		merge->part_of[order] = part;
		merge->launch_of[order] = found;
		found->launch->left = false;
	}
	return 0;
}

static int read_first(struct merge *merge, struct error *error)
{
	const struct merge_part *first = &merge->parts[0];
	struct plan *plan = &merge->run->plan;
	size_t all;

	if (run_meta_options(first->meta, first->directory, merge->options,
		    error) != 0 ||
		run_meta_plan(first->meta, first->directory, merge->options,
			plan, error) != 0)
		return -1;
	/* The whole has all of the plan. */
	merge->options->shard = merge->options->shards = 0;
	all = plan->launch_count + plan->extra_count;
	merge->part_of = calloc(all, sizeof(*merge->part_of));
	merge->launch_of = calloc(all, sizeof(*merge->launch_of));
	if (merge->part_of != NULL && merge->launch_of != NULL)
		return 0;
	return error_set(error, "%s", error_reason(errno));
}

/* A file that a spreadsheet has saved is copied into the form that launches are
 * copied from; the part is not ours to change. */
static int find_trials(struct merge_part *part, struct error *error)
{
	char path[sizeof(part->trials)];
	int fd;

	snprintf(path, sizeof(path), "%s/trials.csv", part->directory);
	snprintf(part->trials, sizeof(part->trials), "%s", path);
	if (access(path, F_OK) != 0 || trials_bytes_own(path))
		return 0;
	fd = memfd_create("trials.csv", MFD_CLOEXEC);
	part->copy = dup(fd);
	if (fd < 0 || part->copy < 0) {
		close(fd);
		return error_set_errno(error, path);
	}
	snprintf(part->trials, sizeof(part->trials), "/proc/self/fd/%d",
		part->copy);
	return trials_bytes_copy(path, fd, error);
}

/* An error of a copy is one of the file that it was made of. */
static void name_original(const struct merge_part *part, struct error *error)
{
	size_t length = strlen(part->trials);

	if (part->copy > 0 && strncmp(error->text, part->trials, length) == 0)
		error_set(error, "%s/trials.csv%s", part->directory,
			error->text + length);
}

/*
 * Each part has its own pilots, which chose the rounds of its launches. A part
 * that was merged itself has launches of several such parts; they are whole, or
 * they would not be there.
 */
static int scan_part(
	struct merge *merge, struct merge_part *part, struct error *error)
{
	struct plan plan;
	int found = merge_read_pilots(
		&plan, &merge->run->plan, part->directory, error);
	int result;

	if (found < 0)
		return -1;
	if (merge->options->request.rounds == 0 &&
		json_object_get(part->meta, "parts") != NULL)
		for (size_t i = 0; i < plan.cell_count; i++)
			plan.cells[i].rounds = 0;
	result = find_trials(part, error);
	if (result == 0)
		result = trials_scan(&part->scan, &plan, part->trials, error);
	if (result != 0)
		name_original(part, error);
	/* Before the pilots were settled there is no launch, but what one of
	 * them said that failed. */
	if (found == 0)
		part->scan.count = 0;
	free(plan.cells);
	return result;
}

static int read_part(
	struct merge *merge, struct merge_part *part, struct error *error)
{
	const struct merge_part *first = &merge->parts[0];

	part->meta = run_meta_load(part->directory, error);
	if (part->meta == NULL || check_same(part, first, error) != 0 ||
		check_allocators(part, first, "allocators", error) != 0 ||
		check_allocators(part, first, "peers", error) != 0)
		return -1;
	if (part == first && read_first(merge, error) != 0)
		return -1;
	return scan_part(merge, part, error) == 0
		? take_launches(merge, part, error)
		: -1;
}

int merge_read(struct merge *merge, char *const *directories, size_t count,
	struct error *error)
{
	merge->parts = calloc(count, sizeof(*merge->parts));
	if (merge->parts == NULL) {
		return error_set(error, "%s", error_reason(errno));
	}
	merge->count = count;
	for (size_t i = 0; i < count; i++) {
		merge->parts[i].directory = directories[i];
		if (read_part(merge, &merge->parts[i], error) != 0)
			return -1;
	}
	return 0;
}

/* What the record says of one part. */
static json_t *part_record(const struct merge_part *part)
{
	static const char *const kept[] = {"run_id", "start_unix_ns",
		"resumed_unix_ns", "end_unix_ns", "host", NULL};
	json_t *record = json_object();
	const json_t *plan = json_object_get(part->meta, "plan");

	for (size_t i = 0; kept[i] != NULL; i++)
		json_object_set(
			record, kept[i], json_object_get(part->meta, kept[i]));
	json_object_set(record, "shard", json_object_get(plan, "shard"));
	json_object_set_new(
		record, "launches", json_integer((json_int_t)part->scan.count));
	return record;
}

static void set_times(const struct merge *merge, json_t *meta)
{
	uint64_t start = UINT64_MAX, end = 0;

	for (size_t i = 0; i < merge->count; i++) {
		const json_t *part = merge->parts[i].meta;
		uint64_t began = run_meta_count(part, NULL, "start_unix_ns");
		uint64_t ended = run_meta_count(part, NULL, "end_unix_ns");

		start = began < start ? began : start;
		end = ended > end ? ended : end;
	}
	json_object_set_new(
		meta, "start_unix_ns", json_integer((json_int_t)start));
	if (end > 0)
		json_object_set_new(
			meta, "end_unix_ns", json_integer((json_int_t)end));
}

static bool is_named(const json_t *list, const char *name)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		const char *text = json_string_value(item);

		if (text != NULL && strcmp(text, name) == 0)
			return true;
	}
	return false;
}

static bool has_launch(const struct merge *merge, size_t cell)
{
	const struct plan *whole = &merge->run->plan;

	for (size_t i = 0; i < whole->launch_count; i++)
		if (whole->launches[i].cell == cell &&
			merge->launch_of[i] != NULL)
			return true;
	return false;
}

/* Cells that a part dropped and no part has a launch of. */
static void mark_dropped(const struct merge *merge)
{
	struct plan *whole = &merge->run->plan;

	for (size_t i = 0; i < merge->count; i++) {
		const json_t *plan =
			json_object_get(merge->parts[i].meta, "plan");
		const json_t *names = json_object_get(plan, "cells_dropped");

		for (size_t k = 0; k < whole->cell_count; k++)
			if (is_named(names, whole->cells[k].name) &&
				!has_launch(merge, k))
				whole->cells[k].dropped = true;
	}
}

/* Counts of what is there, and whether all of the plan is. */
static void set_counts(const struct merge *merge, json_t *plan)
{
	const struct plan *whole = &merge->run->plan;
	struct environment_run *record = &merge->run->record;
	bool left = false;

	for (size_t i = 0; i < whole->launch_count + whole->extra_count; i++) {
		const struct trials_launch *found = merge->launch_of[i];

		left = left || (found == NULL && i < whole->launch_count);
		if (found == NULL)
			continue;
		record->launches_extra += plan_is_extra(whole, found->launch);
		record->launches_done += !found->failed;
		record->launches_failed += found->failed;
		record->rounds += found->rounds;
		record->rounds_excluded += found->rounds_excluded;
	}
#define SET_COUNT(name, value)                                                 \
	json_object_set_new(plan, name, json_integer((json_int_t)(value)))
	SET_COUNT("launches_done", record->launches_done);
	SET_COUNT("launches_failed", record->launches_failed);
	SET_COUNT("launches_extra", record->launches_extra);
	SET_COUNT("rounds_done", record->rounds);
	SET_COUNT("rounds_excluded", record->rounds_excluded);
#undef SET_COUNT
	json_object_set_new(plan, "stopped_early", json_boolean(left));
	mark_dropped(merge);
	run_say_partial(merge->run, &record->partial);
	json_object_set_new(plan, "partial", partial_record(&record->partial));
	json_object_set_new(plan, "cells_dropped", dropped_record(whole));
	json_object_del(plan, "shard");
}

json_t *merge_record(const struct merge *merge, const char *run_id)
{
	json_t *meta = json_deep_copy(merge->parts[0].meta);
	json_t *parts = json_array();

	if (meta == NULL || parts == NULL)
		return NULL;
	for (size_t i = 0; i < merge->count; i++)
		json_array_append_new(parts, part_record(&merge->parts[i]));
	json_object_set_new(meta, "run_id", json_string(run_id));
	json_object_set_new(meta, "parts", parts);
	set_times(merge, meta);
	set_counts(merge, json_object_get(meta, "plan"));
	return meta;
}

void merge_finish(struct merge *merge)
{
	for (size_t i = 0; i < merge->count; i++) {
		json_decref(merge->parts[i].meta);
		trials_scan_finish(&merge->parts[i].scan);
		if (merge->parts[i].copy > 0)
			close(merge->parts[i].copy);
	}
	free(merge->parts);
	free(merge->part_of);
	free(merge->launch_of);
	memset(merge, 0, sizeof(*merge));
}
