// SPDX-License-Identifier: MIT
//
// Any bytes as the trials.csv of a known plan: the launches that are whole lie
// one behind the other in the file, none of them twice; the file cut back to
// them, as a resumed run does it, has the same; and an error has its place.
#include <stdlib.h>
#include <unistd.h>

#include "csv_writer.h"
#include "fuzz_plan_fixture.h"
#include "trials_scan.h"

#define LAUNCHES 2 /* of each cell */

static struct plan_request request;
static struct plan plan;

static void make_plan(void)
{
	static struct plan_launch launches[FIXTURE_CELLS * LAUNCHES];

	fixture_plan(&plan, &request);
	request.launches = LAUNCHES;
	/* One is named, and one is open, as in a part that was merged. */
	plan.cells[0].rounds = 1;
	plan.cells[1].rounds = 0;
	for (size_t i = 0; i < FIXTURE_CELLS * LAUNCHES; i++)
		launches[i] = (struct plan_launch){.cell = i % FIXTURE_CELLS,
			.launch = (unsigned)(i / FIXTURE_CELLS)};
	plan.launches = launches;
	plan.launch_count = FIXTURE_CELLS * LAUNCHES;
}

static void check_error(const char *error, const char *path)
{
	/* The header as a whole is of another build. */
	if (strstr(error, "other columns than this build writes"))
		fuzz_check_error(error, path);
	else
		fuzz_check_place(error, path);
}

static void check_places(const struct trials_scan *scan, off_t bytes)
{
	off_t at = scan->header;

	FUZZ_CHECK(scan->count <= plan.launch_count, "%zu", scan->count);
	for (size_t i = 0; i < scan->count; i++) {
		const struct trials_launch *launch = &scan->launches[i];

		FUZZ_CHECK(launch->from == at && launch->to > at,
			"%jd … %jd behind %jd", (intmax_t)launch->from,
			(intmax_t)launch->to, (intmax_t)at);
		FUZZ_CHECK((launch->launch->cell == 1 || launch->rounds <= 1) &&
				launch->rounds_excluded <= launch->rounds,
			"%zu, %zu excluded", launch->rounds,
			launch->rounds_excluded);
		for (size_t j = 0; j < i; j++)
			FUZZ_CHECK(launch->launch != scan->launches[j].launch,
				"%zu and %zu", i, j);
		at = launch->to;
	}
	FUZZ_CHECK(scan->whole == at && at <= bytes, "%jd, %jd of %jd",
		(intmax_t)scan->whole, (intmax_t)at, (intmax_t)bytes);
}

static void check_cut(const struct trials_scan *scan, struct fuzz_file *file)
{
	struct error error;
	struct trials_scan again;

	FUZZ_CHECK(ftruncate(file->fd, scan->whole) == 0, "cut");
	FUZZ_CHECK(trials_scan(&again, &plan, file->path, &error) == 0, "%s",
		error.text);
	FUZZ_CHECK(again.count == scan->count && again.whole == scan->whole,
		"%zu, then %zu", scan->count, again.count);
	trials_scan_finish(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_file file;
	struct trials_scan scan;
	struct error error;

	if (plan.cell_count == 0)
		make_plan();
	fuzz_file_fill_table(&file, trial_header, data, size);
	if (trials_scan(&scan, &plan, file.path, &error) != 0) {
		check_error(error.text, file.path);
	} else {
		check_places(&scan, lseek(file.fd, 0, SEEK_END));
		if (scan.count > 0)
			check_cut(&scan, &file);
	}
	trials_scan_finish(&scan);
	return 0;
}
