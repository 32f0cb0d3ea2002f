// SPDX-License-Identifier: MIT
//
// Loading, writing and summing up a topology.
#include <errno.h>
#include <hwloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "topology.h"
#include "topology_table.h"

static int refuse(struct error *error, const char *synthetic)
{
	if (synthetic != NULL && errno == EINVAL)
		return error_set(error,
			"topology '%s': not in hwloc's notation, which is "
			"like 'numa:2 l3:2 core:4 pu:2'",
			synthetic);
	else
		return error_set(error, "topology: cannot read the %s: %s",
			synthetic == NULL ? "machine's" : "synthetic one",
			error_reason(errno));
}

static int load(struct topology *topology, const char *synthetic)
{
	if (hwloc_topology_init(&topology->hwloc) != 0) {
		topology->hwloc = NULL;
		return -1;
	}
	if (synthetic != NULL &&
		hwloc_topology_set_synthetic(topology->hwloc, synthetic) != 0) {
		errno = EINVAL;
		return -1;
	}
	if (hwloc_topology_load(topology->hwloc) != 0)
		return -1;
	topology->this_system = synthetic == NULL &&
		hwloc_topology_is_thissystem(topology->hwloc);
	return topology_scan(topology);
}

int topology_create(
	struct topology **topology, const char *synthetic, struct error *error)
{
	struct topology *made = calloc(1, sizeof(*made));

	*topology = NULL;
	if (made == NULL || load(made, synthetic) != 0) {
		refuse(error, synthetic);
		topology_destroy(made);
		return -1;
	}
	*topology = made;
	return 0;
}

void topology_destroy(struct topology *topology)
{
	if (topology == NULL)
		return;
	if (topology->hwloc != NULL)
		hwloc_topology_destroy(topology->hwloc);
	free(topology->pus);
	free(topology);
}

bool topology_is_this_system(const struct topology *topology)
{
	return topology->this_system;
}

unsigned topology_pu_count(const struct topology *topology)
{
	return topology->pu_count;
}

/* libxml's own writing does not always say why it failed, nor that it did. */
int topology_write_xml(const struct topology *topology, const char *path)
{
	char *text = NULL;
	int length = 0, result = -1;
	FILE *file;

	if (hwloc_topology_export_xmlbuffer(
		    topology->hwloc, &text, &length, 0) != 0) {
		errno = ENOMEM;
		return -1;
	}
	file = fopen(path, "we");
	if (file != NULL && fputs(text, file) >= 0)
		result = 0;
	if (file != NULL && fclose(file) != 0)
		result = -1;
	hwloc_free_xmlbuffer(topology->hwloc, text);
	return result;
}

static const char *plural(unsigned count)
{
	return count == 1 ? "" : "s";
}

void topology_summary(const struct topology *topology, char *text, size_t size)
{
	unsigned packages = topology_count(topology, LEVEL_PACKAGE);
	unsigned nodes = topology_count(topology, LEVEL_NUMA);
	unsigned caches = topology_count(topology, LEVEL_L3);
	unsigned cores = topology_count(topology, LEVEL_CORE);
	unsigned pus = topology->pu_count;

	snprintf(text, size,
		"%u package%s, %u NUMA node%s, %u L3 cache%s, %u core%s, "
		"%u PU%s",
		packages, plural(packages), nodes, plural(nodes), caches,
		plural(caches), cores, plural(cores), pus, plural(pus));
}
