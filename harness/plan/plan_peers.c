// SPDX-License-Identifier: MIT
#include "plan_peers.h"

void peers_take_lanes(struct plan_request *request)
{
	for (size_t i = 0; i < request->peer_count; i++)
		if (request->variant_count < LATIN_MAX)
			request->variants[request->variant_count++] =
				&request->peers[i].lane;
}
