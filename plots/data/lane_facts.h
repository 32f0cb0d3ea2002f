// SPDX-License-Identifier: MIT
//
// What the lanes of a run are, as its meta.json says: no page and no figure
// knows a lane by its name. A lane that meta.json does not list is a variant of
// which nothing is known.
#ifndef SERIALBENCH_LANE_FACTS_H
#define SERIALBENCH_LANE_FACTS_H

#include <jansson.h>
#include <stdbool.h>

/* Reads plan.lanes; meta may be NULL. Forgets what was there. Not thread-safe,
 * like the questions below. */
void lane_facts_read(const json_t *meta);

/* A′: the baseline built and linked a second time. */
bool lane_is_copy(const char *name);

/* No wrapper: the underlying allocator alone, or none. */
bool lane_is_control(const char *name);

/* No allocator: what the harness costs. */
bool lane_is_harness(const char *name);

/* The bytes of a number and no number in them. */
bool lane_has_room_only(const char *name);

/* Its numbers tell blocks apart. */
bool lane_numbers_blocks(const char *name);

/* Another debug allocator, beside the variants. */
bool lane_is_peer(const char *name);

#endif /* SERIALBENCH_LANE_FACTS_H */
