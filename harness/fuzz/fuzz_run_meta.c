// SPDX-License-Identifier: MIT
//
// Any bytes as the record and the plan of a run: the first blank line ends
// meta.json, and what is behind it is plan.csv. What is read is what a plan
// may be; an error is one line that names one of the files.
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz_plan_fixture.h"
#include "plan_file.h"
#include "run_meta.h"

/* A directory of links to the files, which are themselves in memory. */
static struct fuzz_file meta_file, plan_file;
static char folder[] = "/tmp/serialbench-fuzz-XXXXXX";
static char meta_path[64], plan_path[64];

static void remove_folder(void)
{
	unlink(meta_path);
	unlink(plan_path);
	rmdir(folder);
}

static void make_folder(void)
{
	FUZZ_CHECK(mkdtemp(folder), "%s", strerror(errno));
	atexit(remove_folder);
	snprintf(meta_path, sizeof(meta_path), "%s/meta.json", folder);
	snprintf(plan_path, sizeof(plan_path), "%s/plan.csv", folder);
	FUZZ_CHECK(symlink(meta_file.path, meta_path) == 0 &&
			symlink(plan_file.path, plan_path) == 0,
		"%s", strerror(errno));
}

static void fill(const uint8_t *data, size_t size)
{
	size_t rest, end = fuzz_cut(data, size, &rest);

	fuzz_file_fill(&meta_file, data, end);
	fuzz_file_fill(&plan_file, data + rest, size - rest);
	if (meta_path[0] == '\0')
		make_folder();
}

static void check_run_error(const char *error)
{
	if (strncmp(error, plan_path, strlen(plan_path)) == 0)
		fuzz_check_error(error, plan_path);
	else
		fuzz_check_error(error, meta_path);
}

static void check_options(const struct run_options *options)
{
	const struct plan_request *request = &options->request;

	FUZZ_CHECK(request->variant_count >= 1 &&
			request->variant_count <= LATIN_MAX,
		"%zu variants", request->variant_count);
	for (size_t i = 0; i < request->variant_count; i++)
		for (size_t j = 0; j < i; j++)
			FUZZ_CHECK(request->variants[i] != request->variants[j],
				"%zu and %zu", j, i);
	FUZZ_CHECK(request->allocator_count >= 1 &&
			request->allocator_count <= PLAN_LIST,
		"%zu allocators", request->allocator_count);
	FUZZ_CHECK(options->shard <= options->shards, "%u/%u", options->shard,
		options->shards);
}

static void check_plan(const struct plan *plan)
{
	FUZZ_CHECK(plan->cell_count >= 1 && plan->launch_count >= 1,
		"%zu cells, %zu launches", plan->cell_count,
		plan->launch_count);
	for (size_t i = 0; i < plan->cell_count; i++) {
		const struct plan_cell *cell = &plan->cells[i];

		FUZZ_CHECK(cell->threads >= 1 &&
				cell->threads <= TOPOLOGY_MAX_THREADS,
			"%u threads", cell->threads);
		FUZZ_CHECK(cell->allocator < plan->request->allocator_count,
			"allocator %zu", cell->allocator);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct run_options options;
	struct error error;
	struct plan plan;
	json_t *meta;

	fill(data, size);
	meta = run_meta_load(folder, &error);
	if (meta == NULL) {
		check_run_error(error.text);
		return 0;
	}
	if (run_meta_options(meta, folder, &options, &error) != 0) {
		check_run_error(error.text);
	} else {
		check_options(&options);
		if (run_meta_plan(meta, folder, &options, &plan, &error) != 0) {
			check_run_error(error.text);
		} else {
			check_plan(&plan);
			plan_finish(&plan);
		}
	}
	json_decref(meta);
	return 0;
}
