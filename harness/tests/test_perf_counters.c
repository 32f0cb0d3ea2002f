// SPDX-License-Identifier: MIT
//
// Hardware counters on a machine that has them, has some, and has none.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fake_perf.h"

static void what_is_counted(void **state)
{
	static const struct {
		int errors[PERF_COUNTERS];
		bool shares, tears;
		uint64_t want[PERF_COUNTERS]; /* after two readings */
	} cases[] = {
		{{0}, false, false, {100, 200, 300, 400}},
		{{0, 0, ENOENT, 0}, false, false,
			{100, 200, PERF_NO_COUNT, 400}},
		{{0, EINVAL, ENOENT, EOPNOTSUPP}, false, false,
			{100, PERF_NO_COUNT, PERF_NO_COUNT, PERF_NO_COUNT}},
		/* Not all the time, or not readable: nothing is made up. */
		{{0}, true, false,
			{PERF_NO_COUNT, PERF_NO_COUNT, PERF_NO_COUNT,
				PERF_NO_COUNT}},
		{{0}, false, true,
			{PERF_NO_COUNT, PERF_NO_COUNT, PERF_NO_COUNT,
				PERF_NO_COUNT}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct perf_group group;
		struct perf_reading from, to;
		uint64_t sums[PERF_COUNTERS] = {0};

		memset(&fake, 0, sizeof(fake));
		memcpy(fake.errors, cases[i].errors, sizeof(fake.errors));
		fake.shares = cases[i].shares;
		fake.tears = cases[i].tears;
		assert_int_equal(perf_open(&group), 0);
		perf_read(&group, &from);
		perf_read(&group, &to);
		perf_add(sums, &from, &to);
		for (int k = 0; k < PERF_COUNTERS; k++)
			if (sums[k] != cases[i].want[k])
				fail_msg("case %zu, %s: %llu", i,
					perf_counter_name((enum perf_counter)k),
					(unsigned long long)sums[k]);
		/* Once not counted, never counted. */
		perf_add(sums, &from, &to);
		for (int k = 0; k < PERF_COUNTERS; k++)
			assert_int_equal(sums[k],
				cases[i].want[k] == PERF_NO_COUNT
					? PERF_NO_COUNT
					: 2 * cases[i].want[k]);
		perf_close(&group);
		perf_close(&group);
		assert_int_equal(fake.opened, fake.closed);
	}
}

/* Without cycles there is nothing, and the reason has the error by name and
 * what the kernel allows. */
static void why_nothing_is(void **state)
{
	static const struct {
		int error;
		const char *name;
	} cases[] = {
		{ENOENT, "ENOENT (No such file or directory)"},
		{EACCES, "EACCES (Permission denied)"},
		{ENOSYS, "ENOSYS (Function not implemented)"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct perf_group group;
		struct perf_reading reading;
		char reason[PERF_TEXT];

		memset(&fake, 0, sizeof(fake));
		fake.errors[PERF_CYCLES] = cases[i].error;
		assert_int_equal(perf_open(&group), -1);
		assert_int_equal(group.error, cases[i].error);
		assert_int_equal(fake.opened, 0);
		perf_read(&group, &reading);
		assert_int_equal(fake.reads, 0);
		for (int k = 0; k < PERF_COUNTERS; k++)
			assert_true(reading.counts[k] == PERF_NO_COUNT);
		perf_close(&group);
		assert_int_equal(fake.closed, 0);
		perf_reason(reason, group.error);
		if (strstr(reason, cases[i].name) == NULL ||
			strstr(reason, "perf_event_paranoid") == NULL)
			fail_msg("'%s' has no '%s'", reason, cases[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_counted),
		cmocka_unit_test(why_nothing_is),
	};

	perf_system = &fake_system;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
