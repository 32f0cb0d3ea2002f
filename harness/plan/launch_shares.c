// SPDX-License-Identifier: MIT
#include "launch_shares.h"

#include <math.h>

#include "rounds.h"

double launch_ns(const struct plan_cell *cell)
{
	unsigned rounds = cell->rounds > 0
		? cell->rounds
		: rounds_best(cell->start_ns, cell->round_ns);

	return cell->start_ns + rounds * cell->round_ns;
}

static double cheapest_ns(const struct plan *plan)
{
	double least = INFINITY;

	for (size_t i = 0; i < plan->cell_count; i++)
		if (!plan->cells[i].failed)
			least = fmin(least, launch_ns(&plan->cells[i]));
	return least;
}

void launch_shares(struct plan *plan)
{
	double least = cheapest_ns(plan);

	for (size_t i = 0; i < plan->cell_count; i++) {
		struct plan_cell *cell = &plan->cells[i];
		double share = sqrt(least / launch_ns(cell));

		/* Not a number: nothing is known. */
		cell->share = share <= 1 ? fmax(share, LAUNCH_SHARE_LEAST) : 1;
	}
}

bool launch_takes_part(double share, unsigned pass)
{
	unsigned block = pass / LINK_ORDERS;

	return pass < LAUNCH_PASSES_LEAST ||
		floor((block + 1) * share) > floor(block * share);
}
