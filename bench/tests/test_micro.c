// SPDX-License-Identifier: MIT
//
// The micro-benchmarks on a host that is made up: two PUs, and the thread on
// the second cannot be pinned. Both threads end, and the output says why.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "instance.h"
#include "micro.h"

#define GOOD_PU 3
#define BAD_PU 7

static int place(
	void *context, unsigned threads, unsigned *pus, struct error *error)
{
	assert_string_equal(context, "context");
	if (threads > 2)
		error_set(error, "too many");
	pus[0] = GOOD_PU;
	pus[1] = BAD_PU;
	return threads > 2 ? -1 : 0;
}

static int pin(unsigned pu)
{
	if (pu == GOOD_PU)
		return 0;
	errno = EINVAL;
	return -1;
}

static void assert_output(const char *path)
{
	static const char *const wanted[] = {
		"\"topology\": \"made up\"",
		"\"placement\": \"two\"",
		"\"allocator_library\": ",
		/* One thread runs … */
		"\"name\": \"pair/none/size:64/manual_time/threads:1\"",
		"\"wall_ns_per_op\": ",
		"\"wall_ns_per_op_median\": ",
		/* … and two do not. */
		"\"name\": \"pair/none/size:64/manual_time/threads:2\"",
		"\"error_occurred\": true",
		"\"error_message\": \"thread 1: cannot be pinned to PU 7: Inv",
	};
	char text[16384] = "";
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	fclose(file);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		if (strstr(text, wanted[i]) == NULL)
			fail_msg("no %s in\n%s", wanted[i], text);
}

static void failed_pin(void **state)
{
	char context[] = "context";
	const struct micro_host host = {.context = context,
		.pu_count = 2,
		.place = place,
		.pin = pin,
		.topology = "made up",
		.placement = "two"};
	char path[] = "/tmp/test_micro.XXXXXX", out[64];
	char program[] = "test_micro", time[] = "--benchmark_min_time=0.001";
	char filter[] = "--benchmark_filter=^pair/none/size:64/";
	char format[] = "--benchmark_out_format=json";
	char *argv[] = {program, filter, time, format, out, NULL};
	int file = mkstemp(path);

	(void)state;
	assert_true(file >= 0);
	close(file);
	snprintf(out, sizeof(out), "--benchmark_out=%s", path);
	assert_int_equal(micro_run(5, argv, &host), 1);
	assert_output(path);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failed_pin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
