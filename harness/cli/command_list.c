// SPDX-License-Identifier: MIT
//
// serialbench list and serialbench topology: what exists, here and at all.
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "compare.h"
#include "csv_writer.h"
#include "option_parse.h"
#include "plan.h"

struct list_request {
	enum table_format format;
};

/* One line of a list: a name and what it is. */
typedef void put_line(const char *name, const char *what, void *context);

static void list_variants(put_line *put, void *context)
{
	char what[400];

	for (size_t i = 0; alloc_backends[i] != NULL; i++) {
		const struct alloc_backend *backend = alloc_backends[i];

		snprintf(what, sizeof(what), "%s [%s]", backend->description,
			backend->guarantees);
		put(backend->variant, what, context);
	}
}

static void list_allocators(put_line *put, void *context)
{
	struct allocator allocator;
	struct error error;
	char what[512];

	for (size_t i = 0; allocator_names[i] != NULL; i++) {
		bool found = allocator_find(&allocator, allocator_names[i],
				     &error) == 0;

		snprintf(what, sizeof(what), "%s: %s",
			allocator_description(allocator_names[i]),
			found ? allocator.identity.allocator_version
			      : "not installed here");
		put(allocator_names[i], what, context);
	}
}

static void list_peers(put_line *put, void *context)
{
	struct error error;
	char what[512];
	struct peer peer;

	for (size_t i = 0; peer_names[i] != NULL; i++) {
		bool found = peer_read(&peer, peer_names[i], &error) == 0;

		snprintf(what, sizeof(what), "%s: %s",
			peer_description(peer_names[i]),
			found ? peer.allocator.identity.allocator_version
			      : "not installed here");
		put(peer_names[i], what, context);
	}
}

static void list_workloads(put_line *put, void *context)
{
	char name[WORKLOAD_TEXT], what[256];

	for (size_t i = 0; workloads[i] != NULL; i++) {
		const struct workload *workload = workloads[i];

		put(workload->name, workload->description, context);
		for (size_t j = 0; workload->params[j].name != NULL; j++) {
			const struct workload_param *param =
				&workload->params[j];

			snprintf(name, sizeof(name), "%s%s%s", workload->name,
				param->is_subject ? ":" : ",",
				param->is_subject ? "FILE" : param->name);
			if (param->is_path)
				snprintf(what, sizeof(what), "%s: a path",
					param->description);
			else if (param->names != NULL)
				snprintf(what, sizeof(what), "%s: %s … %s",
					param->description,
					param->names[param->least],
					param->names[param->most]);
			else
				snprintf(what, sizeof(what),
					"%s: %lld to %lld, standard %lld",
					param->description,
					(long long)param->least,
					(long long)param->most,
					(long long)param->standard);
			put(name, what, context);
		}
	}
}

static void list_metrics(put_line *put, void *context)
{
	put("ns_per_op",
		"wall ns per operation of all threads together (trials.csv)",
		context);
	put("cpu_ns_per_op", "CPU ns of all threads per operation (trials.csv)",
		context);
	put("unevenness",
		"the last thread's time over the first's (metrics.csv)",
		context);
	put("bytes", "bytes per live block, by part (memory.csv)", context);
	put("resident_over_live",
		"resident bytes over those that the blocks were asked to hold "
		"(metrics.csv)",
		context);
	put("latency",
		"ns of a call and of an operation that was due, percentiles to "
		"99.99 (latency.csv)",
		context);
	put("serial", "duplicates, gaps, inversions, repeats (serial.csv)",
		context);
}

static void list_placements(put_line *put, void *context)
{
	for (unsigned i = 0; i < PLACEMENTS; i++)
		put(placement_name((enum placement)i),
			placement_description((enum placement)i), context);
}

typedef void list_names(put_line *put, void *context);

/* Closed by NULL, and in the order of list_of[]. */
static const char *const names_of_lists[] = {"variants", "allocators",
	"workloads", "metrics", "placements", "peers", NULL};
static list_names *const list_of[] = {list_variants, list_allocators,
	list_workloads, list_metrics, list_placements, list_peers};

static void put_table(const char *name, const char *what, void *context)
{
	(void)context;
	printf("%-16s%s\n", name, what);
}

/* As RFC 4180 has it: every text in quotes, quotes doubled. */
static void put_quoted(const char *text, char end)
{
	putchar('"');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text);
	}
	putchar('"');
	putchar(end);
}

static void put_csv(const char *name, const char *what, void *context)
{
	(void)context;
	put_quoted(name, ',');
	put_quoted(what, '\n');
}

static void put_json(const char *name, const char *what, void *context)
{
	json_array_append_new(context,
		json_pack("{s:s, s:s}", "name", name, "description", what));
}

static void print_list(size_t list, enum table_format format)
{
	json_t *array;

	if (format == FORMAT_TABLE) {
		list_of[list](put_table, NULL);
		return;
	}
	if (format == FORMAT_CSV) {
		puts("name,description");
		list_of[list](put_csv, NULL);
		return;
	}
	array = json_array();
	list_of[list](put_json, array);
	json_dumpf(array, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(array);
}

static const struct option_row rows[] = {
	OPTION_FORMAT_ROW(struct list_request, format),
	{0},
};

const struct option_command list_table = {
	.name = "list",
	.summary =
		"variants, allocators, workloads, metrics, placements, peers",
	.forms = (const char *const[]){"LIST [--format FORMAT]", NULL},
	.about =
		(const char *const[]){
			"What exists, with a line for each. LIST is variants, "
			"allocators, workloads, metrics, placements or peers.",
			NULL,
		},
	.rows = rows,
	.operands = {"list", "lists", 1, 1, OPTION_WORD, names_of_lists},
	.call = command_list,
};

int command_list(int argc, char **argv)
{
	struct list_request request;
	struct option_reading reading;
	struct error error;
	int result = option_parse(
		&list_table, argc, argv, &request, &reading, &error);
	size_t list = 0;

	if (result != 0)
		return result < 0 ? command_refuse("list", error.text)
				  : EXIT_DONE;
	while (strcmp(names_of_lists[list], reading.operands[0]) != 0)
		list++;
	print_list(list, request.format);
	return EXIT_DONE;
}

const struct option_command topology_table = {
	.name = "topology",
	.summary = "PUs and placements of this machine",
	.forms = (const char *const[]){"", NULL},
	.about =
		(const char *const[]){
			"What hwloc sees here, and which placements exist.",
			NULL},
	.call = command_topology,
};

int command_topology(int argc, char **argv)
{
	struct option_reading reading;
	struct topology *topology;
	unsigned pus[TOPOLOGY_MAX_THREADS];
	struct error error;
	char text[TOPOLOGY_TEXT];
	unsigned count;
	int result = option_parse(
		&topology_table, argc, argv, NULL, &reading, &error);

	if (result != 0)
		return result < 0 ? command_refuse("topology", error.text)
				  : EXIT_DONE;
	if (topology_create(&topology, NULL, &error) != 0)
		return command_refuse("topology", error.text);
	topology_summary(topology, text, sizeof(text));
	printf("%s\n", text);
	count = topology_pu_count(topology);
	for (unsigned i = 0; i < PLACEMENTS; i++) {
		enum placement placement = (enum placement)i;
		unsigned threads =
			placement == PLACEMENT_OVERSUBSCRIBED ? count + 1 : 2;
		bool exists = threads <= TOPOLOGY_MAX_THREADS &&
			topology_place(topology, placement, threads, 0, pus,
				&error) == 0;

		printf("  %-16s%s%s%s\n", placement_name(placement),
			placement_description(placement),
			exists ? "" : "; not here: ", exists ? "" : error.text);
	}
	topology_destroy(topology);
	return EXIT_DONE;
}
