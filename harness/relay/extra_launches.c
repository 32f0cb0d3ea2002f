// SPDX-License-Identifier: MIT
#include "extra_launches.h"

#include <string.h>

#include "compare.h"

/* Those of a cell that are done; they are done in order. */
static unsigned done_of(const struct plan *plan, size_t cell)
{
	unsigned most = plan->request->extra_launches, done = 0;

	while (done < most && !plan_extra(plan, cell, done)->left)
		done++;
	return done;
}

/* The cell with a batch that was begun, or the count of cells. */
static size_t find_begun(const struct plan *plan)
{
	size_t cell = 0;

	while (cell < plan->cell_count &&
		(!plan_cell_runs(&plan->cells[cell]) ||
			done_of(plan, cell) % LINK_ORDERS == 0))
		cell++;
	return cell;
}

bool extra_is_amid(const struct extra_launches *extra)
{
	return find_begun(extra->plan) < extra->plan->cell_count;
}

/* `none`, or whichever lane the run has first. */
static const char *find_baseline(const struct plan_request *request)
{
	for (size_t i = 0; i < request->variant_count; i++)
		if (strcmp(request->variants[i]->variant, COMPARE_BASELINE) ==
			0)
			return COMPARE_BASELINE;
	return request->variants[0]->variant;
}

void extra_begin(struct extra_launches *extra, struct plan *plan)
{
	*extra = (struct extra_launches){.plan = plan};
	extra->spread.baseline = find_baseline(plan->request);
	for (size_t i = 0; i < plan->cell_count; i++)
		extra->headline_only =
			extra->headline_only || plan->cells[i].headline;
}

int extra_read(
	struct extra_launches *extra, const char *run, struct error *error)
{
	return spread_read(&extra->spread, run, extra->spread.baseline, error);
}

static bool can_have(const struct extra_launches *extra, size_t cell)
{
	const struct plan *plan = extra->plan;

	return plan_cell_runs(&plan->cells[cell]) &&
		(plan->cells[cell].headline || !extra->headline_only) &&
		done_of(plan, cell) < plan->request->extra_launches;
}

/* The widest; the count of cells where none can have one. */
static size_t find_widest(const struct extra_launches *extra)
{
	const struct plan *plan = extra->plan;
	size_t widest = plan->cell_count;
	double most = 0;

	for (size_t i = 0; i < plan->cell_count; i++) {
		double width = can_have(extra, i)
			? spread_of(&extra->spread, plan->cells[i].name)
			: 0;

		if (width > most) {
			most = width;
			widest = i;
		}
	}
	return widest;
}

const struct plan_launch *extra_next(struct extra_launches *extra)
{
	struct plan *plan = extra->plan;
	size_t cell = find_begun(plan);
	struct plan_launch *launch;

	if (cell == plan->cell_count)
		cell = find_widest(extra);
	if (cell == plan->cell_count)
		return NULL;
	launch = plan_extra(plan, cell, done_of(plan, cell));
	launch->left = false;
	return launch;
}

void extra_finish(struct extra_launches *extra)
{
	spread_finish(&extra->spread);
}
