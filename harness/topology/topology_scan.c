// SPDX-License-Identifier: MIT
//
// hwloc's tree, read once into the table of allowed PUs.
#include <errno.h>
#include <hwloc.h>
#include <stdlib.h>

#include "topology_table.h"

/* What the container allows and, on this machine, what the affinity of the
 * calling thread (taskset) leaves of it. NULL with errno when it fails. */
static hwloc_bitmap_t allowed_pus(const struct topology *topology)
{
	hwloc_bitmap_t bound = NULL,
		       allowed = hwloc_bitmap_dup(
			       hwloc_topology_get_allowed_cpuset(
				       topology->hwloc));

	if (allowed == NULL || !topology->this_system)
		return allowed;
	bound = hwloc_bitmap_alloc();
	if (bound == NULL ||
		hwloc_get_cpubind(
			topology->hwloc, bound, HWLOC_CPUBIND_THREAD) != 0 ||
		hwloc_bitmap_and(allowed, allowed, bound) != 0) {
		hwloc_bitmap_free(allowed);
		allowed = NULL;
	}
	hwloc_bitmap_free(bound);
	return allowed;
}

static unsigned ancestor(const struct topology *topology, hwloc_obj_t object,
	hwloc_obj_type_t type, unsigned otherwise)
{
	hwloc_obj_t found =
		hwloc_get_ancestor_obj_by_type(topology->hwloc, type, object);

	return found == NULL ? otherwise : found->logical_index;
}

/* Memory hangs beside the tree of PUs, not above it. Of the nodes that are
 * local to a PU the first counts: others are slower or smaller memory. */
static unsigned numa_node(
	const struct topology *topology, const struct hwloc_obj *pu)
{
	hwloc_obj_t node = NULL;

	while ((node = hwloc_get_next_obj_by_type(
			topology->hwloc, HWLOC_OBJ_NUMANODE, node)) != NULL)
		if (hwloc_bitmap_isset(node->cpuset, pu->os_index))
			return node->logical_index;
	return 0;
}

static void read_pu(
	struct topology *topology, hwloc_obj_t object, struct topology_pu *pu)
{
	pu->os_index = object->os_index;
	/* A PU with no core around it is one by itself. */
	pu->at[LEVEL_CORE] = ancestor(
		topology, object, HWLOC_OBJ_CORE, object->logical_index);
	pu->at[LEVEL_L3] =
		ancestor(topology, object, HWLOC_OBJ_L3CACHE, TOPOLOGY_NOWHERE);
	pu->at[LEVEL_NUMA] = numa_node(topology, object);
	pu->at[LEVEL_PACKAGE] =
		ancestor(topology, object, HWLOC_OBJ_PACKAGE, 0);
	pu->at[LEVEL_MACHINE] = 0;
}

static void count_siblings(struct topology *topology)
{
	for (unsigned i = 0; i < topology->pu_count; i++) {
		struct topology_pu *pu = &topology->pus[i];

		for (unsigned j = 0; j < topology->pu_count; j++) {
			if (!topology_share(pu, &topology->pus[j], LEVEL_CORE))
				continue;
			pu->siblings++;
			pu->sibling += j < i;
		}
	}
}

int topology_scan(struct topology *topology)
{
	hwloc_bitmap_t allowed = allowed_pus(topology);
	hwloc_obj_t object = NULL;
	int count;

	if (allowed == NULL)
		return -1;
	count = hwloc_bitmap_weight(allowed);
	if (count > 0)
		topology->pus = calloc((size_t)count, sizeof(*topology->pus));
	else
		errno = ENODEV;
	while (topology->pus != NULL && topology->pu_count < (unsigned)count &&
		(object = hwloc_get_next_obj_by_type(
			 topology->hwloc, HWLOC_OBJ_PU, object)) != NULL)
		if (hwloc_bitmap_isset(allowed, object->os_index))
			read_pu(topology, object,
				&topology->pus[topology->pu_count++]);
	hwloc_bitmap_free(allowed);
	if (topology->pus == NULL)
		return -1;
	count_siblings(topology);
	return 0;
}

/* The first PU in the table of each object stands for it. */
unsigned topology_count(
	const struct topology *topology, enum topology_level level)
{
	unsigned count = 0;

	for (unsigned i = 0; i < topology->pu_count; i++) {
		bool first = topology->pus[i].at[level] != TOPOLOGY_NOWHERE;

		for (unsigned j = 0; j < i && first; j++)
			first = !topology_share(
				&topology->pus[i], &topology->pus[j], level);
		count += first;
	}
	return count;
}
