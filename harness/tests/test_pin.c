// SPDX-License-Identifier: MIT
//
// pin_self binds to an allowed PU, reads it back, and refuses what is not one.
#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pin.h"

/* The affinity of the process before the test, and PUs of it. */
static cpu_set_t allowed;

static int remember(void **state)
{
	(void)state;
	return sched_getaffinity(0, sizeof(allowed), &allowed);
}

static int restore(void **state)
{
	(void)state;
	return sched_setaffinity(0, sizeof(allowed), &allowed);
}

static void every_allowed_pu(void **state)
{
	(void)state;
	for (unsigned pu = 0; pu < CPU_SETSIZE; pu++) {
		cpu_set_t now;

		if (!CPU_ISSET(pu, &allowed))
			continue;
		assert_int_equal(pin_self(pu), 0);
		assert_int_equal(sched_getaffinity(0, sizeof(now), &now), 0);
		assert_int_equal(CPU_COUNT(&now), 1);
		assert_true(CPU_ISSET(pu, &now));
		assert_int_equal(sched_getcpu(), (int)pu);
	}
}

static void refused(void **state)
{
	/* One that is not there, and two that are out of any set. */
	static const unsigned pus[] = {1000, 65536, UINT32_MAX};

	(void)state;
	for (size_t i = 0; i < sizeof(pus) / sizeof(*pus); i++) {
		cpu_set_t now;

		if (pus[i] < CPU_SETSIZE && CPU_ISSET(pus[i], &allowed))
			continue;
		errno = 0;
		assert_int_equal(pin_self(pus[i]), -1);
		assert_int_equal(errno, EINVAL);
		assert_int_equal(sched_getaffinity(0, sizeof(now), &now), 0);
		assert_true(CPU_EQUAL(&now, &allowed));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			every_allowed_pu, remember, restore),
		cmocka_unit_test_setup_teardown(refused, remember, restore),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
