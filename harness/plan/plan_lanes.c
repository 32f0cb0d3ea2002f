// SPDX-License-Identifier: MIT
#include "plan_lanes.h"

#include "launch_shares.h"

/* `plain` is what peers are compared with. */
static bool is_sparse(
	const struct plan_request *request, const struct alloc_backend *backend)
{
	if (backend->role == ALLOC_ROLE_COPY)
		return true;
	return backend->role == ALLOC_ROLE_CONTROL &&
		backend->serial_bytes == 0 &&
		!(backend->allocates && request->peer_count > 0);
}

bool plan_lane_rides(
	const struct plan_request *request, size_t lane, unsigned launch)
{
	if (request->control_spacing <= 1 || launch < LAUNCH_PASSES_LEAST ||
		lane == 0 || !is_sparse(request, request->variants[lane]))
		return true;
	/* One of each block of launches, and not always the same place in it,
	 * which would be one link order. */
	return launch % request->control_spacing ==
		launch / request->control_spacing % request->control_spacing;
}

size_t plan_lane_count(const struct plan_request *request, unsigned launch)
{
	size_t count = 0;

	for (size_t i = 0; i < request->variant_count; i++)
		count += plan_lane_rides(request, i, launch);
	return count;
}
