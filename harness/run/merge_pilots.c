// SPDX-License-Identifier: MIT
//
// pilot.csv of a merged run: for each cell the first part that knows its turns.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "merge_parts.h"
#include "pilot_file.h"
#include "run_files.h"

/* Takes what no part before it knew. */
static void take_cells(struct plan *plan, const struct plan_cell *cells)
{
	for (size_t i = 0; i < plan->cell_count; i++) {
		struct plan_cell *cell = &plan->cells[i];

		if (cell->ops > 0 || cells[i].failed)
			continue;
		cell->ops = cells[i].ops;
		cell->warmup_ops = cells[i].warmup_ops;
		cell->alone_ns_per_op = cells[i].alone_ns_per_op;
		cell->relay_ns_per_op = cells[i].relay_ns_per_op;
		cell->rounds = cells[i].rounds;
		cell->round_sd = cells[i].round_sd;
		cell->start_ns = cells[i].start_ns;
		cell->round_ns = cells[i].round_ns;
	}
}

int merge_read_pilots(struct plan *of_part, const struct plan *plan,
	const char *directory, struct error *error)
{
	char path[RUN_PATH + 64];
	size_t bytes = plan->cell_count * sizeof(*plan->cells);

	snprintf(path, sizeof(path), "%s/pilot.csv", directory);
	*of_part = *plan;
	of_part->cells = malloc(bytes);
	if (of_part->cells == NULL) {
		return error_set(error, "%s", error_reason(errno));
	}
	memcpy(of_part->cells, plan->cells, bytes);
	if (access(path, F_OK) != 0)
		return 0;
	if (pilot_file_read(of_part, path, error) == 0)
		return 1;
	free(of_part->cells);
	return -1;
}

/* 1 where the part has a pilot.csv, 0 where not, or -1 with error. */
static int read_part(
	struct plan *plan, const struct merge_part *part, struct error *error)
{
	struct plan of_part;
	int found = merge_read_pilots(&of_part, plan, part->directory, error);

	if (found < 0)
		return -1;
	if (found > 0)
		take_cells(plan, of_part.cells);
	free(of_part.cells);
	return found;
}

int merge_write_pilots(const struct merge *merge, struct error *error)
{
	struct run *run = merge->run;
	bool any = false;

	for (size_t i = 0; i < merge->count; i++) {
		int found = read_part(&run->plan, &merge->parts[i], error);

		if (found < 0)
			return -1;
		any = any || found > 0;
	}
	if (!any)
		return 0;
	if (pilot_file_write(&run->plan, run_path(run, "pilot.csv")) != 0)
		return -1;
	return run_write_pilot_metrics(run);
}
