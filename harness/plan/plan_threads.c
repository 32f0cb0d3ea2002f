// SPDX-License-Identifier: MIT
#include "plan_threads.h"

#include <stdio.h>
#include <string.h>

#include "plan_workload.h"

/* Counts that were named. */
static int check_named(const struct plan_threads *threads, const char *text,
	const struct workload_team *team, struct error *error)
{
	for (size_t i = 0; i < threads->count; i++) {
		unsigned count = threads->counts[i];

		if (count <= team->most && count % team->multiple == 0)
			continue;
		return error_set(error,
			"--threads %u: %s has threads for %u: allowed are "
			"multiples of %u up to %u",
			count, text, team->most, team->multiple, team->most);
	}
	return 0;
}

/* The team, or as much of it as there are PUs for. */
static unsigned standard_count(const struct workload_team *team, unsigned pus)
{
	unsigned count = team->most < pus ? team->most : pus;

	count -= count % team->multiple;
	return count > 0 ? count : team->multiple;
}

int plan_threads_choose(struct plan_threads *threads,
	const struct plan_request *request, const char *text, unsigned pus,
	struct error *error)
{
	struct workload_instance instance = {0};
	struct workload_team team = {.multiple = 1, .most = 1};
	char reason[WORKLOAD_TEXT];

	threads->remark[0] = '\0';
	threads->count = request->thread_count;
	memcpy(threads->counts, request->threads, sizeof(threads->counts));
	if (plan_workload_parse(text, &instance, error) != 0)
		return -1;
	if (instance.workload->plan == NULL)
		return 0;
	if (instance.workload->plan(&instance, &team, reason) != 0) {
		return error_set(error, "--workload: %s", reason);
	}
	memcpy(threads->remark, team.remark, sizeof(threads->remark));
	if (request->threads_named)
		return check_named(threads, text, &team, error);
	threads->count = 1;
	threads->counts[0] = standard_count(&team, pus);
	return 0;
}
