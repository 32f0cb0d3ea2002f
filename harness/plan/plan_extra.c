// SPDX-License-Identifier: MIT
//
// The launches that may follow those of the plan. They are nowhere on the disk
// before they run: plan.csv and their number in meta.json give them anew.
#include <stdlib.h>

#include "plan.h"
#include "prng.h"

/* Apart from what launch 0 draws from its seed itself. */
#define EXTRA_STREAM 0x6578747261u

struct plan_launch *plan_extra(
	const struct plan *plan, size_t cell, unsigned index)
{
	return &plan->launches[plan->launch_count + index * plan->cell_count +
		cell];
}

bool plan_is_extra(const struct plan *plan, const struct plan_launch *launch)
{
	return launch->launch >= plan->request->launches;
}

static void draw(struct plan *plan, const struct plan_launch *first)
{
	const struct plan_request *request = plan->request;
	uint64_t state = prng_mix(first->seed ^ EXTRA_STREAM);

	for (unsigned i = 0; i < request->extra_launches; i++) {
		unsigned number = request->launches + i;
		struct plan_launch *launch = plan_extra(plan, first->cell, i);

		launch->cell = first->cell;
		launch->launch = number;
		launch->seed = prng_next(&state);
		launch->link_order = number % LINK_ORDERS;
		launch->env_bytes =
			(unsigned)prng_below(&state, PLAN_ENV_BYTES);
		launch->left = true;
	}
}

int plan_add_extra(struct plan *plan)
{
	size_t extra = plan->cell_count * plan->request->extra_launches;
	struct plan_launch *launches;

	if (extra == 0)
		return 0;
	launches = reallocarray(
		plan->launches, plan->launch_count + extra, sizeof(*launches));
	if (launches == NULL)
		return -1;
	plan->launches = launches;
	plan->extra_count = extra;
	for (size_t i = 0; i < plan->cell_count; i++)
		draw(plan, &launches[i]);
	return 0;
}
