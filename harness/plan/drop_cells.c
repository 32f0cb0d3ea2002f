// SPDX-License-Identifier: MIT
#include "drop_cells.h"

#include <math.h>
#include <string.h>

#include "launch_shares.h"

/* Up to the parameters. */
static bool same_workload(const char *one, const char *other)
{
	size_t length = strcspn(one, ",");

	return length == strcspn(other, ",") &&
		strncmp(one, other, length) == 0;
}

/* What a cell is to one before it. */
static enum cell_weight weight_beside(
	const struct plan_cell *cell, const struct plan_cell *before)
{
	bool same_team = cell->threads == before->threads &&
		cell->placement == before->placement;

	if (same_team && cell->allocator == before->allocator &&
		same_workload(cell->workload, before->workload))
		return WEIGHT_OTHER_PARAMETERS;
	if (strcmp(cell->workload, before->workload) != 0)
		return WEIGHT_FIRST;
	return same_team ? WEIGHT_OTHER_ALLOCATOR : WEIGHT_OTHER_THREADS;
}

double least_launches_room(double budget_ns, double spent_ns)
{
	return fmax(budget_ns - spent_ns, budget_ns / 2);
}

enum cell_weight cell_weight(const struct plan *plan, size_t cell)
{
	enum cell_weight least = WEIGHT_FIRST;

	if (!plan->cells[cell].headline)
		return WEIGHT_EXPLORATORY;
	for (size_t i = 0; i < cell; i++) {
		enum cell_weight weight =
			weight_beside(&plan->cells[cell], &plan->cells[i]);

		if (plan->cells[i].headline && weight < least)
			least = weight;
	}
	return least;
}

double cell_least_ns(const struct plan *plan, size_t cell)
{
	double ns = launch_ns(&plan->cells[cell]);
	unsigned lacking = 0;

	/* Failed or unknown. */
	if (plan->cells[cell].failed || isnan(ns))
		return 0;
	for (size_t i = 0; i < plan->launch_count; i++)
		lacking += plan->launches[i].cell == cell &&
			plan->launches[i].left &&
			plan->launches[i].launch < LAUNCHES_LEAST;
	return lacking * ns;
}

/* The cell to drop next; the count of cells where there is none. */
static size_t find_lightest(const struct plan *plan)
{
	enum cell_weight least = WEIGHT_FIRST;
	size_t found = plan->cell_count;
	double most_ns = 0;

	for (size_t i = 0; i < plan->cell_count; i++) {
		enum cell_weight weight = cell_weight(plan, i);
		double ns = cell_least_ns(plan, i);

		if (plan->cells[i].dropped || ns <= 0 || weight > least ||
			(weight == least && ns < most_ns))
			continue;
		least = weight;
		most_ns = ns;
		found = i;
	}
	return found;
}

size_t drop_cells(struct plan *plan, double room_ns)
{
	size_t dropped = 0, left = 0;
	double wanted_ns = 0;

	for (size_t i = 0; i < plan->cell_count; i++) {
		plan->cells[i].dropped = false;
		left += !plan->cells[i].failed;
		wanted_ns += cell_least_ns(plan, i);
	}
	while (wanted_ns > room_ns && left - dropped > 1) {
		size_t cell = find_lightest(plan);

		if (cell == plan->cell_count)
			break;
		plan->cells[cell].dropped = true;
		wanted_ns -= cell_least_ns(plan, cell);
		dropped++;
	}
	return dropped;
}
