// SPDX-License-Identifier: MIT
#include "run_meta.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plan_file.h"
#include "printable.h"

static int refuse(struct error *error, const char *directory, const char *name,
	const char *value)
{
	error_set(error, "%s/meta.json: %s '%s' is not what this build writes",
		directory, name, value);
	make_printable(error->text);
	return -1;
}

json_t *run_meta_load(const char *directory, struct error *error)
{
	char path[4200];
	json_error_t reason;
	json_t *meta;

	snprintf(path, sizeof(path), "%s/meta.json", directory);
	if (access(path, F_OK) != 0) {
		error_set(error,
			"%s: no run that has begun: it has no meta.json",
			directory);
		return NULL;
	}
	meta = json_load_file(path, 0, &reason);
	if (meta == NULL) {
		error_set(error, "%s:%d:%d: %s", path, reason.line,
			reason.column, reason.text);
		make_printable(error->text);
		return NULL;
	}
	if (run_meta_count(meta, NULL, "schema_version") ==
			RECORD_SCHEMA_VERSION &&
		run_meta_text(meta, "plan", "plan_id")[0] != '\0')
		return meta;
	error_set(error,
		"%s: schema_version %" PRIu64 " without a plan_id, or not "
		"%d: the run was made by another version",
		path, run_meta_count(meta, NULL, "schema_version"),
		RECORD_SCHEMA_VERSION);
	json_decref(meta);
	return NULL;
}

static const json_t *find(
	const json_t *meta, const char *part, const char *name)
{
	if (part != NULL)
		meta = json_object_get(meta, part);
	return json_object_get(meta, name);
}

const char *run_meta_text(
	const json_t *meta, const char *part, const char *name)
{
	const char *text = json_string_value(find(meta, part, name));

	return text != NULL ? text : "";
}

uint64_t run_meta_count(const json_t *meta, const char *part, const char *name)
{
	json_int_t count = json_integer_value(find(meta, part, name));

	return count > 0 ? (uint64_t)count : 0;
}

/* A peer's variables as they were, closed by an empty text. */
static int read_variables(const json_t *item, struct allocator *peer)
{
	const json_t *list = find(item, NULL, "environment"), *variable;
	size_t i, used = 0;

	json_array_foreach(list, i, variable)
	{
		const char *text = json_string_value(variable);
		size_t bytes = text == NULL ? 0 : strlen(text) + 1;

		if (bytes < 2 || used + bytes >= sizeof(peer->variables))
			return -1;
		memcpy(peer->variables + used, text, bytes);
		used += bytes;
	}
	return 0;
}

static void read_allocator(
	const json_t *meta, const json_t *item, struct allocator *allocator)
{
#define COPY(field, from, name)                                                \
	snprintf(allocator->field, sizeof(allocator->field), "%s",             \
		run_meta_text(from, NULL, name))
	COPY(name, item, "name");
	COPY(library, item, "preloaded");
	COPY(identity.allocator_path, item, "malloc_is_in");
	COPY(identity.allocator_version, item, "version");
	COPY(identity.build_id, meta, "build_id");
#undef COPY
}

static int read_peers(const json_t *meta, const char *directory,
	struct plan_request *request, struct error *error)
{
	const json_t *list = find(meta, NULL, "peers"), *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		struct peer *peer = &request->peers[i];

		if (i == PEER_LIST)
			return refuse(error, directory, "peers", "");
		read_allocator(meta, item, &peer->allocator);
		if (read_variables(item, &peer->allocator) != 0)
			return refuse(
				error, directory, "peer", peer->allocator.name);
		peer_name_lane(peer);
		request->peer_count++;
	}
	return 0;
}

/* A variant, or a peer's lane; NULL where there is none of that name. */
static const struct alloc_backend *find_lane(
	const struct plan_request *request, const char *name)
{
	const struct peer *peer =
		name != NULL ? plan_peer_named(request, name) : NULL;

	if (peer != NULL)
		return &peer->lane;
	return name != NULL ? alloc_backend_find(name) : NULL;
}

static bool has_variant(
	const struct plan_request *request, const struct alloc_backend *variant)
{
	for (size_t i = 0; i < request->variant_count; i++)
		if (request->variants[i] == variant)
			return true;
	return false;
}

static int read_variants(const json_t *meta, const char *directory,
	struct plan_request *request, struct error *error)
{
	const json_t *list = find(meta, "plan", "variants"), *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		const char *name = json_string_value(item);
		const struct alloc_backend *variant = find_lane(request, name);

		if (variant == NULL || i == LATIN_MAX ||
			has_variant(request, variant))
			return refuse(error, directory, "variant",
				name != NULL ? name : "");
		request->variants[request->variant_count++] = variant;
	}
	return request->variant_count > 0
		? 0
		: refuse(error, directory, "variants", "");
}

static int read_allocators(const json_t *meta, const char *directory,
	struct plan_request *request, struct error *error)
{
	const json_t *list = find(meta, NULL, "allocators"), *item;
	size_t i;

	json_array_foreach(list, i, item)
	{
		if (i == PLAN_LIST)
			return refuse(error, directory, "allocators", "");
		read_allocator(meta, item, &request->allocators[i]);
		request->allocator_count++;
	}
	return request->allocator_count > 0
		? 0
		: refuse(error, directory, "allocators", "");
}

static int read_preset(const json_t *meta, const char *directory,
	struct run_options *options, struct error *error)
{
	const char *name = run_meta_text(meta, "plan", "preset");

	for (int i = PRESET_QUICK; i <= PRESET_THOROUGH; i++)
		if (strcmp(plan_preset_name((enum plan_preset)i), name) == 0) {
			options->preset = (enum plan_preset)i;
			return 0;
		}
	return refuse(error, directory, "preset", name);
}

/* A run that was made before there were any has none. */
static int read_extra(const json_t *meta, const char *directory,
	struct plan_request *request, struct error *error)
{
	uint64_t most =
		run_meta_count(meta, "plan", "extra_launches_of_a_cell");
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, most);
	if (most > PLAN_EXTRA || most % LINK_ORDERS != 0)
		return refuse(
			error, directory, "extra_launches_of_a_cell", text);
	request->extra_launches = (unsigned)most;
	return 0;
}

int run_meta_options(const json_t *meta, const char *directory,
	struct run_options *options, struct error *error)
{
	struct plan_request *request = &options->request;
	const char *shard = run_meta_text(meta, "plan", "shard");

	memset(request, 0, sizeof(*request));
	request->seed = run_meta_count(meta, "plan", "seed");
	if (read_extra(meta, directory, request, error) != 0)
		return -1;
	request->control_spacing =
		(unsigned)run_meta_count(meta, "plan", "control_spacing");
	request->pin = json_is_true(find(meta, "plan", "pinned"));
	options->micro = json_is_true(find(meta, "plan", "micro"));
	options->exec = json_is_true(find(meta, "plan", "exec"));
	options->latency = json_is_true(find(meta, "plan", "latency"));
	plan_sources_read(&request->sources, find(meta, "plan", "files"));
	options->shard = options->shards = 0;
	if (shard[0] != '\0' && run_options_shard(options, shard, error) != 0)
		return refuse(error, directory, "shard", shard);
	if (read_preset(meta, directory, options, error) != 0 ||
		read_peers(meta, directory, request, error) != 0 ||
		read_variants(meta, directory, request, error) != 0)
		return -1;
	return read_allocators(meta, directory, request, error);
}

/* The names of the cells, as the plan reader wants them; free() it. */
static const char **list_cells(const json_t *meta, size_t *count)
{
	const json_t *list = find(meta, "plan", "cell_names");
	const char **names;

	*count = json_array_size(list);
	names = calloc(*count + 1, sizeof(*names));
	for (size_t i = 0; names != NULL && i < *count; i++) {
		const char *name = json_string_value(json_array_get(list, i));

		names[i] = name != NULL ? name : "";
	}
	return names;
}

int run_meta_plan(const json_t *meta, const char *directory,
	struct run_options *options, struct plan *plan, struct error *error)
{
	const char *want = run_meta_text(meta, "plan", "plan_id");
	char path[4200], id[PLAN_ID];
	size_t count;
	const char **cells = list_cells(meta, &count);
	int result;

	if (cells == NULL) {
		return error_set(error, "%s", error_reason(errno));
	}
	snprintf(path, sizeof(path), "%s/plan.csv", directory);
	result = plan_read(plan, &options->request, cells, count, path, error);
	free(cells);
	if (result != 0)
		return -1;
	plan_identify(plan, id);
	if (strcmp(id, want) == 0)
		return 0;
	error_set(error,
		"%s: plan_id %s, and %s in meta.json: the file is not "
		"the one that the run was planned in",
		path, id, want);
	make_printable(error->text);
	plan_finish(plan);
	return -1;
}
