// SPDX-License-Identifier: MIT
#include "plan_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "csv_writer.h"

int plan_write(const struct plan *plan, const char *path)
{
	struct csv_writer writer;
	int result = csv_writer_create(&writer, path,
		"order,cell,headline,launch,seed,link_order,env_bytes,rounds,"
		"turn_us");

	for (size_t i = 0; result == 0 && i < plan->launch_count; i++) {
		const struct plan_launch *launch = &plan->launches[i];
		const struct plan_cell *cell = &plan->cells[launch->cell];

		csv_count(&writer, i);
		csv_text(&writer, cell->name);
		csv_count(&writer, cell->headline);
		csv_count(&writer, launch->launch);
		csv_count(&writer, launch->seed);
		csv_count(&writer, launch->link_order);
		csv_count(&writer, launch->env_bytes);
		csv_count(&writer,
			plan->request->rounds > 0 ? plan->request->rounds
						  : RECORD_NO_COUNT);
		csv_count(&writer, plan->request->turn_us);
		result = csv_end_row(&writer);
	}
	if (csv_writer_close(&writer) != 0)
		result = -1;
	return result;
}

static void hash_text(uint64_t *hash, const char *text)
{
	for (; *text != '\0'; text++)
		*hash = (*hash ^ (unsigned char)*text) * 0x100000001b3u;
}

static void hash_launch(uint64_t *hash, const struct plan *plan, size_t order)
{
	const struct plan_launch *launch = &plan->launches[order];
	const struct plan_cell *cell = &plan->cells[launch->cell];
	char text[2 * RECORD_TEXT];

	snprintf(text, sizeof(text), "%zu,%s,%d,%u,%" PRIu64 ",%u,%u,%u,%u\n",
		order, cell->name, cell->headline, launch->launch, launch->seed,
		launch->link_order, launch->env_bytes, plan->request->rounds,
		plan->request->turn_us);
	hash_text(hash, text);
}

void plan_identify(const struct plan *plan, char id[PLAN_ID])
{
	const struct plan_request *request = plan->request;
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < plan->launch_count; i++)
		hash_launch(&hash, plan, i);
	for (size_t i = 0; i < request->variant_count; i++) {
		hash_text(&hash, request->variants[i]->variant);
		hash_text(&hash, ",");
	}
	/* Nothing of plans from before there was a spacing. */
	if (request->control_spacing > 1)
		hash_text(&hash, "sparse controls,");
	hash_text(&hash, request->pin ? "pinned\n" : "free\n");
	snprintf(id, PLAN_ID, "%016" PRIx64, hash);
}

struct plan_launch *plan_find_launch(
	const struct plan *plan, const char *cell, uint64_t launch)
{
	size_t pass = (size_t)launch * plan->cell_count;

	/* Pass by pass: a launch stands in the pass of its number. */
	if (launch > UINT32_MAX ||
		pass >= plan->launch_count + plan->extra_count)
		return NULL;
	for (size_t i = 0; i < plan->cell_count; i++) {
		struct plan_launch *found = &plan->launches[pass + i];

		if (strcmp(plan->cells[found->cell].name, cell) == 0)
			return found;
	}
	return NULL;
}

void plan_take_shard(struct plan *plan, unsigned shard, unsigned shards)
{
	for (size_t i = 0; i < plan->launch_count; i++)
		if (plan->launches[i].launch % shards != shard - 1)
			plan->launches[i].left = false;
}
