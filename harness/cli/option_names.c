// SPDX-License-Identifier: MIT
#include "option_names.h"

#include "alloc_backend.h"
#include "plan.h"

const char *variant_name_at(size_t place)
{
	for (size_t i = 0; i < place; i++)
		if (alloc_backends[i] == NULL)
			return NULL;
	return alloc_backends[place] == NULL ? NULL
					     : alloc_backends[place]->variant;
}

const char *workload_name_at(size_t place)
{
	for (size_t i = 0; i < place; i++)
		if (workloads[i] == NULL)
			return NULL;
	return workloads[place] == NULL ? NULL : workloads[place]->name;
}

const char *placement_name_at(size_t place)
{
	return place < PLACEMENTS ? placement_name((enum placement)place)
				  : NULL;
}

const char *peer_name_at(size_t place)
{
	for (size_t i = 0; i < place; i++)
		if (peer_names[i] == NULL)
			return NULL;
	return peer_names[place];
}
