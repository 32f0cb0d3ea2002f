// SPDX-License-Identifier: MIT
//
// Any bytes as a plan.csv: a plan that is read and written again is the same
// one, its launches are found, its shards part it, and an error has its place.
#include <errno.h>
#include <unistd.h>

#include "fuzz_plan_fixture.h"
#include "plan_file.h"

#define HEADER                                                                 \
	"order,cell,headline,launch,seed,link_order,env_bytes,rounds,turn_us"

static char folder[] = "/tmp/serialbench-fuzz-XXXXXX";
static char copy[64];

static void remove_folder(void)
{
	unlink(copy);
	rmdir(folder);
}

static void make_folder(void)
{
	FUZZ_CHECK(mkdtemp(folder), "%s", strerror(errno));
	atexit(remove_folder);
	snprintf(copy, sizeof(copy), "%s/plan.csv", folder);
}

static int read_plan(struct plan *plan, struct plan_request *request,
	const char *path, struct error *error)
{
	fixture_request(request);
	return plan_read(
		plan, request, fixture_cells, FIXTURE_CELLS, path, error);
}

static void check_again(const struct plan *plan)
{
	static struct plan_request request;
	struct error error;
	char id[PLAN_ID], id_again[PLAN_ID];
	struct plan again;

	if (copy[0] == '\0')
		make_folder();
	unlink(copy);
	FUZZ_CHECK(plan_write(plan, copy) == 0, "%s", strerror(errno));
	FUZZ_CHECK(read_plan(&again, &request, copy, &error) == 0, "%s",
		error.text);
	plan_identify(plan, id);
	plan_identify(&again, id_again);
	FUZZ_CHECK(strcmp(id, id_again) == 0, "%s, then %s", id, id_again);
	plan_finish(&again);
}

static void check_launches(struct plan *plan)
{
	size_t left = 0, each = 0;

	FUZZ_CHECK(plan->cell_count == FIXTURE_CELLS, "%zu", plan->cell_count);
	FUZZ_CHECK(plan->launch_count ==
			FIXTURE_CELLS * (size_t)plan->request->launches,
		"%zu", plan->launch_count);
	for (size_t i = 0; i < plan->launch_count; i++) {
		const struct plan_launch *launch = &plan->launches[i];

		FUZZ_CHECK(
			plan_find_launch(plan, plan->cells[launch->cell].name,
				launch->launch) == launch,
			"launch %zu", i);
		each += launch->launch % 2 == 1;
	}
	plan_take_shard(plan, 2, 2);
	for (size_t i = 0; i < plan->launch_count; i++)
		left += plan->launches[i].left;
	FUZZ_CHECK(left == each, "%zu, not %zu", left, each);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct plan_request request;
	static struct fuzz_file file;
	struct error error;
	struct plan plan;

	fuzz_file_fill_table(&file, HEADER, data, size);
	if (read_plan(&plan, &request, file.path, &error) != 0) {
		FUZZ_CHECK(plan.cells == NULL && plan.launches == NULL, "left");
		fuzz_check_place(error.text, file.path);
		return 0;
	}
	check_again(&plan);
	check_launches(&plan);
	plan_finish(&plan);
	return 0;
}
