// SPDX-License-Identifier: MIT
//
// The peers of a plan as lanes of its cells.
#ifndef SERIALBENCH_PLAN_PEERS_H
#define SERIALBENCH_PLAN_PEERS_H

#include "plan.h"

/* Puts the lanes of the request's peers behind its variants, as far as there
 * is room. */
void peers_take_lanes(struct plan_request *request);

#endif /* SERIALBENCH_PLAN_PEERS_H */
