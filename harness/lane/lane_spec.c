// SPDX-License-Identifier: MIT
#include "lane_spec.h"

#include "peer.h"
#include "record.h"

struct lane_spec lane_spec_of(const struct alloc_backend *backend)
{
	return (struct lane_spec){
		.name = backend->variant,
		.role = backend->role,
		.backend = backend->role == ALLOC_ROLE_PEER ? PEER_BACKEND
							    : backend->variant,
		.library = backend->library,
	};
}

bool lane_spec_find(struct lane_spec *spec, const char *name)
{
	const struct alloc_backend *backend = alloc_backend_find(name);

	if (backend == NULL)
		return false;
	*spec = lane_spec_of(backend);
	return true;
}

const char *lane_role_name(enum alloc_role role)
{
	static const char *const names[] = {
		[ALLOC_ROLE_VARIANT] = RECORD_ROLE_VARIANT,
		[ALLOC_ROLE_CONTROL] = RECORD_ROLE_CONTROL,
		[ALLOC_ROLE_COPY] = RECORD_ROLE_COPY,
		[ALLOC_ROLE_PEER] = RECORD_ROLE_PEER,
		[ALLOC_ROLE_PLANTED] = RECORD_ROLE_PLANTED,
	};

	return names[role];
}
