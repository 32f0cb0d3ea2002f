// SPDX-License-Identifier: MIT
#include "exec_options.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "alloc_backend.h"
#include "clock.h"
#include "option_parse.h"
#include "python_host.h"

static int add_variant(struct exec_options *options,
	const struct option_row *row, const char *name, struct error *error)
{
	if (strcmp(name, "all") == 0) {
		options->all_variants = true;
		return 0;
	}
	if (!exec_variant_known(name) &&
		!(options->face->python && strcmp(name, PYTHON_OWN_HOOKS) == 0))
		return option_refuse_name(row, name, error);
	for (size_t i = 0; i < options->variant_count; i++)
		if (strcmp(options->variants[i], name) == 0)
			return 0;
	if (options->variant_count < EXEC_LIST)
		options->variants[options->variant_count++] = name;
	return 0;
}

static int add_allocator(struct exec_options *options,
	const struct option_row *row, const char *name, struct error *error)
{
	struct allocator *found =
		&options->allocators[options->allocator_count];

	(void)row;
	if (options->allocator_count == EXEC_LIST)
		return 0;
	if (allocator_find(found, name, error) != 0)
		return error_wrap(error, "--allocator");
	for (size_t i = 0; i < options->allocator_count; i++)
		if (strcmp(options->allocators[i].name, found->name) == 0)
			return 0;
	options->allocator_count++;
	return 0;
}

static void add_installed(
	struct exec_options *options, const char *const *names)
{
	struct error error;

	for (size_t i = 0; names[i] != NULL; i++)
		if (add_allocator(options, NULL, names[i], &error) != 0)
			fprintf(stderr,
				"serialbench %s: %s is not installed, its "
				"rows are left out\n",
				options->face->table->name, names[i]);
}

void exec_options_add_standard(struct exec_options *options)
{
	static const char *const names[] = {"system", "jemalloc", NULL};

	add_installed(options, names);
}

typedef int add_name(struct exec_options *options, const struct option_row *row,
	const char *name, struct error *error);

static int add_list(struct exec_options *options,
	const struct option_value *value, add_name *add, struct error *error)
{
	char *name, *left = value->text;

	/* Not strtok: an empty name is a mistake, too. */
	while ((name = strsep(&left, ",")) != NULL)
		if (add(options, value->row, name, error) != 0)
			return -1;
	return 0;
}

static int take_variants(
	void *request, const struct option_value *value, struct error *error)
{
	return add_list(request, value, add_variant, error);
}

static int take_allocators(
	void *request, const struct option_value *value, struct error *error)
{
	if (strcmp(value->text, "all") != 0)
		return add_list(request, value, add_allocator, error);
	add_installed(request, allocator_names);
	return 0;
}

/* A pipe has its data once, and each run is to have them all. */
static int take_stdin(
	void *request, const struct option_value *value, struct error *error)
{
	struct exec_options *options = request;
	struct stat status;

	options->stdin_file = value->text;
	if (stat(value->text, &status) != 0 || access(value->text, R_OK) != 0)
		return error_set(error, "--stdin '%s': %s", value->text,
			error_reason(errno));
	if (!S_ISREG(status.st_mode))
		return error_set(error,
			"--stdin '%s': no regular file; allowed is one that "
			"each run can read from its start",
			value->text);
	return 0;
}

/* Variants that allocate, by their place among them. */
static const char *variant_at(size_t place)
{
	for (size_t i = 0; alloc_backends[i] != NULL; i++)
		if (alloc_backends[i]->allocates && place-- == 0)
			return alloc_backends[i]->variant;
	return NULL;
}

/* The same, and then CPython's own hooks. */
static const char *python_variant_at(size_t place)
{
	size_t count = 0;

	while (variant_at(count) != NULL)
		count++;
	return place == count ? PYTHON_OWN_HOOKS : variant_at(place);
}

#define EXEC_ROWS(plain, variant_at_place)                                     \
	{                                                                      \
		{"variant", .kind = OPTION_LIST, .argument = "LIST",           \
			.help = "variants (" plain ")",                        \
			.name_at = variant_at_place, .or_all = true,           \
			.otherwise = "all", .take = take_variants},            \
			{"allocator", .kind = OPTION_LIST, .argument = "LIST", \
				.help = "underlying allocators, or paths",     \
				.names = allocator_names, .or_all = true,      \
				.otherwise =                                   \
					"system, and jemalloc where it is "    \
					"measured",                            \
				.take = take_allocators},                      \
			{"launches", .kind = OPTION_NUMBER, .argument = "N",   \
				.help = "timed runs of each", .least = 1,      \
				.most = 10000, .standard = "20",               \
				OPTION_AT(struct exec_options, launches)},     \
			{"seed", .kind = OPTION_NUMBER, .argument = "N",       \
				.help = "seed of the order of runs",           \
				.most = INT64_MAX, .otherwise = "the time",    \
				OPTION_AT(struct exec_options, seed)},         \
			{"stdin", .kind = OPTION_FILE, .argument = "FILE",     \
				.help = "input that each run reads from its "  \
					"start",                               \
				.otherwise = "nothing", .take = take_stdin},   \
			{"allow-failure", .kind = OPTION_FLAG,                 \
				.help = "measure a program that fails by "     \
					"itself, too",                         \
				.stores = true,                                \
				OPTION_AT(                                     \
					struct exec_options, allow_failure)},  \
			{"margin", .kind = OPTION_PERCENT,                     \
				.argument = "PERCENT",                         \
				.help = "within which two times are "          \
					"equivalent",                          \
				.most = 100, .standard = "2%",                 \
				OPTION_AT(struct exec_options, margin)},       \
			{"out", .kind = OPTION_FOLDER, .argument = "DIR",      \
				.help = "write exec.csv, trials.csv and "      \
					"plan.csv "                            \
					"to a new folder",                     \
				OPTION_AT(struct exec_options, out)},          \
			{"csv", .kind = OPTION_FILE, .argument = "FILE",       \
				.help = "write exec.csv to a new file",        \
				OPTION_AT(struct exec_options, csv)},          \
			OPTION_FORMAT_ROW(struct exec_options, format), {0},   \
	}

const struct option_row exec_rows[] =
	EXEC_ROWS("plain: no wrapper", variant_at);
const struct option_row python_rows[] =
	EXEC_ROWS("plain: no hooks; cpython: its own hooks, PYTHONMALLOC=debug",
		python_variant_at);

int exec_options_read(struct exec_options *options,
	const struct exec_face *face, int argc, char **argv,
	struct error *error)
{
	/* All others ask for figures. */
	static const char *const become[] = {"variant", "allocator", NULL};
	struct option_reading reading;
	int result;

	memset(options, 0, sizeof(*options));
	options->face = face;
	options->seed = clock_ns(CLOCK_REALTIME);
	result =
		option_parse(face->table, argc, argv, options, &reading, error);
	options->measured =
		option_given_but(face->table, &reading, become) != NULL;
	options->command = reading.operands;
	return result;
}
