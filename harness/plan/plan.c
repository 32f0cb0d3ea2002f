// SPDX-License-Identifier: MIT
#include "plan.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan_threads.h"
#include "plan_workload.h"
#include "printable.h"
#include "prng.h"

/* A cell's name: workload[,param=value…]/allocator/tN[/placement]. */
static int name_cell(
	struct plan_cell *cell, const char *allocator, struct error *error)
{
	const char *placement = placement_name(cell->placement);
	bool standard = cell->placement == PLACEMENT_CORES;

	if ((size_t)snprintf(cell->name, sizeof(cell->name), "%s/%s/t%u%s%s",
		    cell->workload, allocator, cell->threads,
		    standard ? "" : "/",
		    standard ? "" : placement) < sizeof(cell->name))
		return 0;
	return error_set(error,
		"cell '%s…': allowed are names of %zu characters", cell->name,
		sizeof(cell->name) - 1);
}

/* Drops the last cell where one of its name is there: their rows could not be
 * told apart. */
static void drop_repeated(struct plan *plan)
{
	size_t last = plan->cell_count - 1;

	for (size_t i = 0; i < last; i++)
		if (strcmp(plan->cells[i].name, plan->cells[last].name) == 0) {
			plan->cell_count--;
			return;
		}
}

static int check_threads(
	const struct workload *workload, unsigned threads, struct error *error)
{
	if (threads >= workload->least_threads)
		return 0;
	return error_set(error, "--threads %u: %s needs %u or more", threads,
		workload->name, workload->least_threads);
}

static unsigned counted_threads(
	const struct workload *workload, unsigned threads)
{
	unsigned counted = 0;

	for (unsigned i = 0; i < threads; i++) {
		unsigned role = workload->role_of == NULL
			? 0
			: workload->role_of(i, threads);

		counted += workload->counted_role == NULL ||
			workload->counted_role(role);
	}
	return counted;
}

static struct plan_cell *next_cell(struct plan *plan)
{
	size_t bytes = (plan->cell_count + 1) * sizeof(*plan->cells);
	struct plan_cell *cells = realloc(plan->cells, bytes);

	if (cells == NULL)
		return NULL;
	plan->cells = cells;
	memset(&cells[plan->cell_count], 0, sizeof(*cells));
	return &cells[plan->cell_count++];
}

int plan_add_cell(struct plan *plan, const char *text, size_t allocator,
	unsigned threads, enum placement placement, struct error *error)
{
	struct workload_instance instance = {0};
	char placed[WORKLOAD_TEXT];
	const struct plan_source *source =
		plan_source_place(&plan->request->sources, text, placed);
	struct plan_cell *cell;

	if (source != NULL)
		text = placed;
	if (plan_workload_parse(text, &instance, error) != 0)
		return -1;
	if (check_threads(instance.workload, threads, error) != 0)
		return -1;
	/* Without an allocator in it, one is enough. */
	if (allocator > 0 && !instance.workload->uses_allocator)
		return 0;
	cell = next_cell(plan);
	if (cell == NULL) {
		return error_set(error, "plan: %s", error_reason(errno));
	}
	/* The rows say what was asked for, wherever the run is finished. */
	if (source != NULL)
		snprintf(instance.path, sizeof(instance.path), "%s",
			source->asked);
	workload_params_text(&instance, true, cell->params);
	workload_name_text(&instance, cell->workload);
	snprintf(cell->asked, sizeof(cell->asked), "%s", text);
	cell->workload_name = instance.workload->name;
	cell->allocator = allocator;
	cell->threads = threads;
	cell->counted_threads = counted_threads(instance.workload, threads);
	cell->placement = placement;
	cell->headline = plan_is_headline(plan->request, text);
	cell->rounds = plan->request->rounds;
	cell->round_sd = cell->start_ns = cell->round_ns = NAN;
	if (name_cell(cell, plan->request->allocators[allocator].name, error) !=
		0)
		return -1;
	drop_repeated(plan);
	return 0;
}

/* Whether the cell can be placed. 0, 1 where it is to be passed over, or -1
 * with error. */
static int check_placement(const struct plan_request *request,
	const struct topology *topology, enum placement placement,
	unsigned threads, struct error *error)
{
	unsigned pus[TOPOLOGY_MAX_THREADS];
	struct error reason;

	if (topology_place(topology, placement, threads, request->seed, pus,
		    &reason) == 0)
		return 0;
	if (request->placements_that_exist)
		return 1;
	return error_set(error, "%s", reason.text);
}

/* All placements of one workload, allocator and thread count. */
static int add_placements(struct plan *plan, const char *text, size_t allocator,
	unsigned threads, const struct topology *topology, struct error *error)
{
	const struct plan_request *request = plan->request;

	for (size_t p = 0; p < request->placement_count; p++) {
		enum placement placement = request->placements[p];
		int check = check_placement(
			request, topology, placement, threads, error);

		if (check < 0)
			return -1;
		if (check == 0 &&
			plan_add_cell(plan, text, allocator, threads, placement,
				error) != 0)
			return -1;
	}
	return 0;
}

/* All allocators, thread counts and placements of one workload. */
static int add_workload(struct plan *plan, const char *text,
	const struct topology *topology, struct error *error)
{
	const struct plan_request *request = plan->request;
	struct plan_threads threads;

	if (plan_threads_choose(&threads, request, text,
		    topology_pu_count(topology), error) != 0)
		return -1;
	if (threads.remark[0] != '\0')
		error_add(&plan->remarks, "serialbench: warning: %s\n",
			threads.remark);
	for (size_t a = 0; a < request->allocator_count; a++)
		for (size_t t = 0; t < threads.count; t++)
			if (add_placements(plan, text, a, threads.counts[t],
				    topology, error) != 0)
				return -1;
	return 0;
}

static int add_launches(struct plan *plan)
{
	const struct plan_request *request = plan->request;
	size_t cells = plan->cell_count;
	uint64_t state = request->seed;
	unsigned *order = malloc(cells * sizeof(*order));

	plan->launches =
		malloc(cells * request->launches * sizeof(*plan->launches));
	if (order == NULL || plan->launches == NULL) {
		free(order);
		return -1;
	}
	for (unsigned pass = 0; pass < request->launches; pass++) {
		shuffle_indexes(order, (unsigned)cells, &state);
		for (size_t i = 0; i < cells; i++) {
			struct plan_launch *launch =
				&plan->launches[plan->launch_count++];

			launch->cell = order[i];
			launch->launch = pass;
			launch->seed = prng_next(&state);
			launch->link_order = pass % LINK_ORDERS;
			launch->env_bytes =
				(unsigned)prng_below(&state, PLAN_ENV_BYTES);
			launch->left = true;
		}
	}
	free(order);
	return 0;
}

int plan_look_at_sources(struct plan *plan, struct error *error)
{
	const struct plan_request *request = plan->request;

	if (plan->sources == NULL)
		plan->sources = calloc(1, sizeof(*plan->sources));
	if (plan->sources == NULL) {
		return error_set(error, "plan: %s", error_reason(errno));
	}
	for (size_t i = 0; i < plan->cell_count; i++) {
		char placed[WORKLOAD_TEXT];
		const struct plan_cell *cell = &plan->cells[i];
		/* A cell's name has no folders. */
		const struct plan_source *asked = plan_source_place(
			&request->sources, cell->workload, placed);

		if (plan_source_add(plan->sources, cell->asked, asked, error) !=
			0)
			return -1;
	}
	return 0;
}

/* Names of a request reach every file of its run, and have to be read from
 * there by whoever takes it up. */
static int check_texts(const struct plan_request *request, struct error *error)
{
	for (size_t i = 0; i < request->workload_count; i++)
		if (!is_plain_text(request->workloads[i]))
			return error_set(error, "workload '%s': " PLAIN_TEXT,
				request->workloads[i]);
	for (size_t i = 0; i < request->allocator_count; i++)
		if (!is_plain_text(request->allocators[i].library))
			return error_set(error, "library '%s': " PLAIN_TEXT,
				request->allocators[i].library);
	for (size_t i = 0; i < request->peer_count; i++) {
		const struct allocator *peer = &request->peers[i].allocator;
		const char *variable = peer->variables;

		if (!is_plain_text(peer->library))
			return error_set(error, "library '%s': " PLAIN_TEXT,
				peer->library);
		for (; *variable != '\0'; variable += strlen(variable) + 1)
			if (!is_plain_text(variable))
				return error_set(error,
					"variable '%s': " PLAIN_TEXT, variable);
	}
	return 0;
}

int plan_create(struct plan *plan, const struct plan_request *request,
	const struct topology *topology, struct error *error)
{
	memset(plan, 0, sizeof(*plan));
	plan->request = request;
	if (check_texts(request, error) != 0) {
		make_plain_text(error->text);
		return -1;
	}
	for (size_t i = 0; i < request->workload_count; i++) {
		if (add_workload(
			    plan, request->workloads[i], topology, error) != 0)
			goto fail;
	}
	if (plan->cell_count == 0) {
		error_set(error,
			"no cell is left: no placement exists for so many "
			"threads");
		goto fail;
	}
	if (plan_look_at_sources(plan, error) != 0)
		goto fail;
	if (add_launches(plan) == 0 && plan_add_extra(plan) == 0)
		return 0;
	error_set(error, "plan: %s", error_reason(errno));
fail:
	plan_finish(plan);
	return -1;
}

const struct peer *plan_peer(
	const struct plan_request *request, const struct alloc_backend *variant)
{
	for (size_t i = 0; i < request->peer_count; i++)
		if (variant == &request->peers[i].lane)
			return &request->peers[i];
	return NULL;
}

const struct peer *plan_peer_named(
	const struct plan_request *request, const char *name)
{
	for (size_t i = 0; i < request->peer_count; i++)
		if (strcmp(request->peers[i].allocator.name, name) == 0)
			return &request->peers[i];
	return NULL;
}

const struct allocator *plan_start_lane(const struct plan_request *request,
	const struct alloc_backend *variant, const struct allocator *allocator,
	struct lane_setup *setup, struct lane_start *start)
{
	const struct peer *peer = plan_peer(request, variant);

	if (peer != NULL)
		allocator = &peer->allocator;
	snprintf(setup->variant, LANE_TEXT, "%s",
		peer != NULL ? PEER_BACKEND : variant->variant);
	allocator_start(allocator, start);
	return allocator;
}

bool plan_cell_runs(const struct plan_cell *cell)
{
	return !cell->failed && !cell->dropped;
}

unsigned plan_most_rounds(const struct plan *plan)
{
	unsigned most = 0;

	for (size_t i = 0; i < plan->cell_count; i++)
		if (plan->cells[i].rounds > most)
			most = plan->cells[i].rounds;
	return most;
}

/* Apart from what else is drawn from the seed. */
#define HEAP_STREAM 0x68656170u

unsigned plan_heap_bytes(const struct plan_launch *launch)
{
	uint64_t bits = prng_mix(launch->seed ^ HEAP_STREAM);

	return 16 *
		(unsigned)prng_scale(
			(uint32_t)(bits >> 32), PLAN_HEAP_BYTES / 16 + 1);
}

void plan_finish(struct plan *plan)
{
	if (plan == NULL)
		return;
	free(plan->cells);
	free(plan->launches);
	free(plan->sources);
	memset(plan, 0, sizeof(*plan));
}
