// SPDX-License-Identifier: MIT
#include "exec_options.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "alloc_backend.h"
#include "clock.h"
#include "options.h"
#include "python_host.h"

#define LAUNCHES_MAX 10000

enum {
	OPTION_VARIANT = 256,
	OPTION_ALLOCATOR,
	OPTION_LAUNCHES,
	OPTION_SEED,
	OPTION_MARGIN,
	OPTION_OUT,
	OPTION_CSV,
	OPTION_FORMAT,
	OPTION_HELP,
};

static const struct option long_options[] = {
	{"variant", required_argument, NULL, OPTION_VARIANT},
	{"allocator", required_argument, NULL, OPTION_ALLOCATOR},
	{"launches", required_argument, NULL, OPTION_LAUNCHES},
	{"seed", required_argument, NULL, OPTION_SEED},
	{"margin", required_argument, NULL, OPTION_MARGIN},
	{"out", required_argument, NULL, OPTION_OUT},
	{"csv", required_argument, NULL, OPTION_CSV},
	{"format", required_argument, NULL, OPTION_FORMAT},
	{"help", no_argument, NULL, OPTION_HELP},
	{0},
};

static int refuse_variant(const struct exec_options *options, const char *name,
	struct error *error)
{
	error_set(error, "--variant '%s': allowed are ", name);
	for (size_t i = 0; alloc_backends[i] != NULL; i++)
		if (alloc_backends[i]->allocates)
			error_add(error, "%s, ", alloc_backends[i]->variant);
	return error_add(error, "%sall",
		options->face->python ? PYTHON_OWN_HOOKS ", " : "");
}

static int add_variant(
	struct exec_options *options, const char *name, struct error *error)
{
	if (strcmp(name, "all") == 0) {
		options->all_variants = true;
		return 0;
	}
	if (!exec_variant_known(name) &&
		!(options->face->python && strcmp(name, PYTHON_OWN_HOOKS) == 0))
		return refuse_variant(options, name, error);
	for (size_t i = 0; i < options->variant_count; i++)
		if (strcmp(options->variants[i], name) == 0)
			return 0;
	if (options->variant_count < EXEC_LIST)
		options->variants[options->variant_count++] = name;
	return 0;
}

static int add_allocator(
	struct exec_options *options, const char *name, struct error *error)
{
	struct allocator *found =
		&options->allocators[options->allocator_count];
	struct error reason;

	if (options->allocator_count == EXEC_LIST)
		return 0;
	if (allocator_find(found, name, &reason) != 0) {
		return error_set(error, "--allocator: %s", reason.text);
	}
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
		if (add_allocator(options, names[i], &error) != 0)
			fprintf(stderr,
				"serialbench %s: %s is not installed, its "
				"rows are left out\n",
				options->face->name, names[i]);
}

void exec_options_add_standard(struct exec_options *options)
{
	static const char *const names[] = {"system", "jemalloc", NULL};

	add_installed(options, names);
}

static int add_list(struct exec_options *options, char *text,
	int (*add)(struct exec_options *options, const char *name,
		struct error *error),
	struct error *error)
{
	char *place;

	for (char *name = strtok_r(text, ",", &place); name != NULL;
		name = strtok_r(NULL, ",", &place))
		if (add(options, name, error) != 0)
			return -1;
	return 0;
}

static int read_number(const char *name, const char *text, uint64_t least,
	uint64_t most, uint64_t *number, struct error *error)
{
	struct error reason;

	if (option_number(name, text, least, most, number, &reason) == 0)
		return 0;
	return error_set(error, "%s", reason.text);
}

static int read_margin(
	struct exec_options *options, const char *text, struct error *error)
{
	char *end;
	double percent = strtod(text, &end);

	if (end != text && (*end == '\0' || strcmp(end, "%") == 0) &&
		percent > 0 && percent <= 100) {
		options->margin = percent / 100;
		return 0;
	}
	return error_set(error,
		"--margin '%s': allowed is a percentage above 0, up to 100",
		text);
}

static int read_option(struct exec_options *options, int option, char *text,
	struct error *error)
{
	struct error reason;
	uint64_t number = 0;

	switch (option) {
	case OPTION_VARIANT:
		return add_list(options, text, add_variant, error);
	case OPTION_ALLOCATOR:
		if (strcmp(text, "all") != 0)
			return add_list(options, text, add_allocator, error);
		add_installed(options, allocator_names);
		return 0;
	case OPTION_LAUNCHES:
		if (read_number("launches", text, 1, LAUNCHES_MAX, &number,
			    error) != 0)
			return -1;
		options->launches = (unsigned)number;
		return 0;
	case OPTION_SEED:
		return read_number(
			"seed", text, 0, UINT64_MAX, &options->seed, error);
	case OPTION_MARGIN:
		return read_margin(options, text, error);
	case OPTION_OUT:
		options->out = text;
		return 0;
	case OPTION_CSV:
		options->csv = text;
		return 0;
	default:
		if (option_format(text, &options->format, &reason) == 0)
			return 0;
		return error_set(error, "%s", reason.text);
	}
}

static int refuse_option(const struct exec_options *options, int option,
	const char *text, struct error *error)
{
	if (option == '?')
		return error_set(error,
			"unknown option '%s': see serialbench %s --help", text,
			options->face->name);
	else
		return error_set(error, "%s: a value is missing", text);
}

int exec_options_read(struct exec_options *options,
	const struct exec_face *face, int argc, char **argv,
	struct error *error)
{
	int option;

	memset(options, 0, sizeof(*options));
	options->face = face;
	options->seed = clock_ns(CLOCK_REALTIME);
	options->margin = 0.02;
	optind = 0; /* GNU: starts anew, also for the '+' */
	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:", long_options, NULL)) !=
		-1) {
		if (option == OPTION_HELP) {
			fputs(face->help, stdout);
			return 1;
		}
		if (option == '?' || option == ':')
			return refuse_option(
				options, option, argv[optind - 1], error);
		if (read_option(options, option, optarg, error) != 0)
			return -1;
		options->measured |=
			option != OPTION_VARIANT && option != OPTION_ALLOCATOR;
	}
	if (optind < argc) {
		options->command = argv + optind;
		return 0;
	}
	return error_set(error, "%s", face->no_command);
}
