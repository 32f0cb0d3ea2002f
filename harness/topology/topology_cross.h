// SPDX-License-Identifier: MIT
//
// Inside of topology*.c: placements that keep neighbours apart.
#ifndef SERIALBENCH_TOPOLOGY_CROSS_H
#define SERIALBENCH_TOPOLOGY_CROSS_H

#include "topology_order.h"

/*
 * Orders PUs so that threads i and i + 1 lie under different objects of the
 * level, as near to each other as that allows: within one object of a higher
 * level where one has the room. 0, or -1 where the order does not exist.
 */
int order_cross(struct order *order, enum topology_level level);

#endif /* SERIALBENCH_TOPOLOGY_CROSS_H */
