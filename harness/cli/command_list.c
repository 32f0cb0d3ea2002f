// SPDX-License-Identifier: MIT
//
// serialbench list and serialbench topology: what exists, here and at all.
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "csv_writer.h"
#include "options.h"

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

static const struct {
	const char *name;
	void (*list)(put_line *put, void *context);
} lists[] = {
	{"variants", list_variants},
	{"allocators", list_allocators},
	{"workloads", list_workloads},
	{"metrics", list_metrics},
	{"placements", list_placements},
	{"peers", list_peers},
};

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
		lists[list].list(put_table, NULL);
		return;
	}
	if (format == FORMAT_CSV) {
		puts("name,description");
		lists[list].list(put_csv, NULL);
		return;
	}
	array = json_array();
	lists[list].list(put_json, array);
	json_dumpf(array, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(array);
}

static int read_format(
	int argc, char **argv, enum table_format *format, struct error *error)
{
	static const struct option long_options[] = {
		{"format", required_argument, NULL, 'f'},
		{0},
	};
	int option;

	optind = 1;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", long_options, NULL)) !=
		-1) {
		if (option != 'f') {
			return error_set(error,
				"'%s': allowed is --format "
				"table|csv|json",
				argv[optind - 1]);
		}
		if (option_format(optarg, format, error) != 0)
			return -1;
	}
	return 0;
}

int command_list(int argc, char **argv)
{
	static const char allowed[] = "allowed is one of variants, allocators, "
				      "workloads, metrics, placements, peers, "
				      "then --format table|csv|json";
	enum table_format format = FORMAT_TABLE;
	struct error error;

	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		printf("Usage: serialbench list WHAT [--format FORMAT]\n%s\n",
			allowed);
		return EXIT_DONE;
	}
	if (read_format(argc, argv, &format, &error) != 0)
		return command_refuse("list", error.text);
	if (argc - optind == 1)
		for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
			if (strcmp(lists[i].name, argv[optind]) == 0) {
				print_list(i, format);
				return EXIT_DONE;
			}
	error_set(
		&error, "'%s': %s", argc > optind ? argv[optind] : "", allowed);
	return command_refuse("list", error.text);
}

int command_topology(int argc, char **argv)
{
	struct topology *topology;
	unsigned pus[TOPOLOGY_MAX_THREADS];
	struct error error;
	char text[TOPOLOGY_TEXT];
	unsigned count;

	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		puts("Usage: serialbench topology\n"
		     "What hwloc sees here, and which placements exist.");
		return EXIT_DONE;
	}
	if (argc > 1) {
		error_set(
			&error, "'%s': allowed is --help, or nothing", argv[1]);
		return command_refuse("topology", error.text);
	}
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
