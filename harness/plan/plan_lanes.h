// SPDX-License-Identifier: MIT
//
// Which lanes a launch has. All of them in the first launches of a cell, so
// that every lane has enough for a verdict; later the lanes that only tell the
// instrument's own cost (A' and controls without a serial) ride in one launch
// of three, since starting a lane is most of what a launch costs.
#ifndef SERIALBENCH_PLAN_LANES_H
#define SERIALBENCH_PLAN_LANES_H

#include "plan.h"

/* The spacing of those lanes in a run of the command line. */
#define PLAN_CONTROL_SPACING LINK_ORDERS

/*
 * Whether the lane at that index of the request's variants is in a launch of
 * that number. The first lane always is. Launches that are chosen go through
 * the link orders in turn. No function allocates; all are thread-safe.
 */
bool plan_lane_rides(
	const struct plan_request *request, size_t lane, unsigned launch);

/* How many ride. */
size_t plan_lane_count(const struct plan_request *request, unsigned launch);

#endif /* SERIALBENCH_PLAN_LANES_H */
