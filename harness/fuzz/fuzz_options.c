// SPDX-License-Identifier: MIT
//
// Any lines as the command line of `serialbench run`: a request that is taken
// is one that a plan can be made of, and an error is one line. Allocators are
// taken by name here, and proven by no worker.
#include <stdbool.h>
#include <string.h>

#include "allocators.h"
#include "fuzz.h"
#include "options.h"

#define ARGUMENTS 32

const char *const allocator_names[] = {"system", "jemalloc", NULL};

const char *allocator_description(const char *name)
{
	return name;
}

int allocator_find(
	struct allocator *allocator, const char *name, struct error *error)
{
	memset(allocator, 0, sizeof(*allocator));
	if (name[0] == '\0' || name[0] == '?') {
		return error_set(error, "unknown '%s'", name);
	}
	snprintf(allocator->name, LANE_TEXT, "%s", name);
	snprintf(allocator->library, LANE_TEXT, "%zu", strlen(name) % 3);
	return 0;
}

int allocator_prove(struct allocator *allocator, struct error *error)
{
	if (allocator->library[0] != '?')
		return 0;
	return error_set(error, "'%s' does not load", allocator->library);
}

void allocator_start(
	const struct allocator *allocator, struct lane_start *start)
{
	start->library = allocator->library;
}

bool allocator_is(
	const struct allocator *allocator, const struct lane_identity *identity)
{
	return strcmp(allocator->name, identity->allocator_path) == 0;
}

static void check_error(const char *error)
{
	size_t length = strnlen(error, ERROR_TEXT);

	FUZZ_CHECK(length > 0 && length < ERROR_TEXT, "%zu", length);
	for (size_t i = 0; i < length; i++)
		FUZZ_CHECK((unsigned char)error[i] >= ' ' && error[i] != 127,
			"byte %zu of \"%s\"", i, error);
}

static void check_counts(const struct plan_request *request)
{
	FUZZ_CHECK(request->variant_count >= 1 &&
			request->variant_count <= LATIN_MAX,
		"%zu variants", request->variant_count);
	FUZZ_CHECK(request->allocator_count >= 1 &&
			request->allocator_count <= PLAN_LIST,
		"%zu allocators", request->allocator_count);
	FUZZ_CHECK(request->workload_count >= 1 &&
			request->workload_count <= PLAN_LIST,
		"%zu workloads", request->workload_count);
	FUZZ_CHECK(request->thread_count >= 1 &&
			request->thread_count <= PLAN_LIST,
		"%zu thread counts", request->thread_count);
	FUZZ_CHECK(request->placement_count >= 1 &&
			request->placement_count <= PLACEMENTS,
		"%zu placements", request->placement_count);
	FUZZ_CHECK(request->launches >= 1 && request->rounds <= PLAN_ROUNDS &&
			request->turn_us >= 20,
		"%u launches, %u rounds, %u us", request->launches,
		request->rounds, request->turn_us);
}

static void check_request(const struct plan_request *request)
{
	check_counts(request);
	for (size_t i = 0; i < request->thread_count; i++)
		FUZZ_CHECK(request->threads[i] >= 1 &&
				request->threads[i] <= TOPOLOGY_MAX_THREADS,
			"%u threads", request->threads[i]);
	for (size_t i = 0; i < request->variant_count; i++)
		for (size_t j = 0; j < i; j++)
			FUZZ_CHECK(request->variants[i] != request->variants[j],
				"%zu and %zu", j, i);
}

/* Each line is an argument. */
static int cut_lines(char *text, char *arguments[ARGUMENTS + 2])
{
	static char name[] = "run";
	int count = 0;
	char *line;

	arguments[count++] = name;
	while (count <= ARGUMENTS && (line = strsep(&text, "\n")) != NULL)
		arguments[count++] = line;
	arguments[count] = NULL;
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct run_options options;
	char *arguments[ARGUMENTS + 2];
	char *text = strndup((const char *)data, size);
	struct error error = {0};
	bool helps = text != NULL && strstr(text, "-h") != NULL;
	int count, result;

	FUZZ_CHECK(text, "no memory");
	count = cut_lines(text, arguments);
	/* The help is long, and read by nobody here. */
	result =
		helps ? 1 : options_read(&options, count, arguments, 4, &error);
	if (result < 0)
		check_error(error.text);
	else if (result == 0 && options.resume == NULL)
		check_request(&options.request);
	free(text);
	return 0;
}
