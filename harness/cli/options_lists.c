// SPDX-License-Identifier: MIT
//
// The lists of `serialbench run` and `ledger`: names to what they name.
#include "options_lists.h"

#include <stdio.h>
#include <string.h>

#include "option_parse.h"

static int add_variant(struct plan_request *request,
	const struct option_row *row, const char *name, struct error *error)
{
	const struct alloc_backend *variant = alloc_backend_find(name);

	if (variant == NULL)
		return option_refuse_name(row, name, error);
	for (size_t i = 0; i < request->variant_count; i++)
		if (request->variants[i] == variant)
			return 0;
	if (request->variant_count < LATIN_MAX)
		request->variants[request->variant_count++] = variant;
	return 0;
}

static int add_placement(struct plan_request *request,
	const struct option_row *row, const char *name, struct error *error)
{
	enum placement placement = placement_find(name);

	if (placement == PLACEMENTS)
		return option_refuse_name(row, name, error);
	for (size_t i = 0; i < request->placement_count; i++)
		if (request->placements[i] == placement)
			return 0;
	request->placements[request->placement_count++] = placement;
	return 0;
}

static int refuse_more(struct error *error, const char *option)
{
	return error_set(
		error, "--%s: allowed are at most %d", option, PLAN_LIST);
}

static int add_threads(struct plan_request *request,
	const struct option_row *row, const char *text, struct error *error)
{
	uint64_t threads;

	if (option_count(row, text, &threads, error) != 0)
		return -1;
	if (request->thread_count == PLAN_LIST)
		return refuse_more(error, "threads");
	request->threads[request->thread_count++] = (unsigned)threads;
	return 0;
}

/* Whether an allocator is in the list before it. 0 where not, 1 where it is,
 * or -1 with error where another has its name, and so its cells. */
static int find_repeated(const struct plan_request *request,
	const struct allocator *allocator, struct error *error)
{
	for (size_t i = 0; i < request->allocator_count; i++) {
		const struct allocator *other = &request->allocators[i];

		if (strcmp(other->name, allocator->name) != 0)
			continue;
		if (strcmp(other->library, allocator->library) == 0)
			return 1;
		return error_set(error,
			"--allocator: '%s' and '%s': allowed is one "
			"library of a name",
			other->library, allocator->library);
	}
	return 0;
}

static int add_allocator(struct plan_request *request,
	const struct option_row *row, const char *name, struct error *error)
{
	struct allocator *allocator =
		&request->allocators[request->allocator_count];
	int repeated;

	(void)row;
	if (request->allocator_count == PLAN_LIST)
		return refuse_more(error, "allocator");
	if (allocator_find(allocator, name, error) != 0)
		return error_wrap(error, "--allocator");
	repeated = find_repeated(request, allocator, error);
	if (repeated == 0)
		request->allocator_count++;
	return repeated < 0 ? -1 : 0;
}

/* A workload's parameters are commas, too: a part with '=' belongs to the name
 * before it. Cuts the text in place. */
static int add_workloads(
	struct plan_request *request, char *text, struct error *error)
{
	char *part = text;

	while (part != NULL) {
		char *comma = strchr(part, ',');

		if (request->workload_count == PLAN_LIST)
			return refuse_more(error, "workload");
		request->workloads[request->workload_count++] = part;
		while (comma != NULL &&
			strcspn(comma + 1, "=") < strcspn(comma + 1, ","))
			comma = strchr(comma + 1, ',');
		if (comma != NULL)
			*comma++ = '\0';
		part = comma;
	}
	return 0;
}

typedef int add_name(struct plan_request *request, const struct option_row *row,
	const char *name, struct error *error);

static int add_list(struct plan_request *request,
	const struct option_value *value, add_name *add, struct error *error)
{
	char *name, *left = value->text;

	/* Not strtok: an empty name is a mistake, too. */
	while ((name = strsep(&left, ",")) != NULL)
		if (add(request, value->row, name, error) != 0)
			return -1;
	return 0;
}

/* The first name is the system's own: without it nothing can be proven. */
int options_add_installed(struct plan_request *request,
	const char *const *names, struct error *error)
{
	if (add_allocator(request, NULL, names[0], error) != 0)
		return -1;
	for (size_t i = 1; names[i] != NULL; i++)
		if (add_allocator(request, NULL, names[i], error) != 0)
			fprintf(stderr,
				"serialbench: %s is not installed, its cells "
				"are left out\n",
				names[i]);
	return 0;
}

static int add_peer(
	struct plan_request *request, const char *text, struct error *error)
{
	struct peer *peer = &request->peers[request->peer_count];

	if (request->peer_count == PEER_LIST) {
		return error_set(
			error, "--peer: allowed are at most %d", PEER_LIST);
	}
	if (peer_read(peer, text, error) != 0)
		return error_wrap(error, "--peer");
	for (size_t i = 0; i < request->peer_count; i++)
		if (strcmp(request->peers[i].allocator.name,
			    peer->allocator.name) == 0) {
			return error_set(error,
				"--peer '%s': allowed is one of a name",
				peer->allocator.name);
		}
	request->peer_count++;
	return 0;
}

static void add_all_threads(struct plan_request *request, unsigned pus)
{
	for (unsigned i = 1; i <= pus && request->thread_count < PLAN_LIST; i++)
		request->threads[request->thread_count++] = i;
}

/* The plan takes those that exist here and refuses none. */
static void add_all_placements(struct plan_request *request)
{
	request->placements_that_exist = true;
	request->placement_count = 0;
	for (unsigned i = 0; i < PLACEMENTS; i++)
		if (i != PLACEMENT_OVERSUBSCRIBED)
			request->placements[request->placement_count++] =
				(enum placement)i;
}

static void add_all_workloads(struct plan_request *request)
{
	for (size_t i = 0;
		workloads[i] != NULL && request->workload_count < PLAN_LIST;
		i++)
		/* One that is about a file has to be named with it. */
		if (workload_subject(workloads[i]) == NULL)
			request->workloads[request->workload_count++] =
				workloads[i]->name;
}

void options_add_all_variants(struct plan_request *request)
{
	/* Those that were named before are not named twice. */
	request->variant_count = 0;
	for (size_t i = 0; alloc_backends[i] != NULL; i++)
		request->variants[request->variant_count++] = alloc_backends[i];
}

static struct plan_request *request_of(void *reading)
{
	return &((struct options_reading *)reading)->run.request;
}

static bool is_all(const struct option_value *value)
{
	return strcmp(value->text, "all") == 0;
}

int options_take_variants(
	void *reading, const struct option_value *value, struct error *error)
{
	struct plan_request *request = request_of(reading);

	if (!is_all(value))
		return add_list(request, value, add_variant, error);
	options_add_all_variants(request);
	return 0;
}

int options_take_allocators(
	void *reading, const struct option_value *value, struct error *error)
{
	struct plan_request *request = request_of(reading);

	if (!is_all(value))
		return add_list(request, value, add_allocator, error);
	return options_add_installed(request, allocator_names, error);
}

int options_take_workloads(
	void *reading, const struct option_value *value, struct error *error)
{
	struct plan_request *request = request_of(reading);

	if (!is_all(value))
		return add_workloads(request, value->text, error);
	add_all_workloads(request);
	return 0;
}

int options_take_threads(
	void *reading, const struct option_value *value, struct error *error)
{
	struct options_reading *all = reading;

	if (!is_all(value))
		return add_list(&all->run.request, value, add_threads, error);
	add_all_threads(&all->run.request, all->pus);
	return 0;
}

int options_take_placements(
	void *reading, const struct option_value *value, struct error *error)
{
	struct plan_request *request = request_of(reading);

	if (!is_all(value))
		return add_list(request, value, add_placement, error);
	add_all_placements(request);
	return 0;
}

int options_take_peer(
	void *reading, const struct option_value *value, struct error *error)
{
	return add_peer(request_of(reading), value->text, error);
}
