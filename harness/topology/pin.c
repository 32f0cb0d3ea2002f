// SPDX-License-Identifier: MIT
//
// Pinning through the kernel and not through hwloc: on a synthetic topology
// hwloc's binding calls succeed and do nothing.
#include <errno.h>
#include <sched.h>

#include "pin.h"

/* Both sets cover PUs 0 … pu; the read-back one is as large as the kernel
 * wants it, and the two are compared as far as the first goes. */
static int set_and_read_back(
	unsigned pu, cpu_set_t *wanted, cpu_set_t *actual, size_t size)
{
	CPU_ZERO_S(size, wanted);
	CPU_SET_S(pu, size, wanted);
	if (sched_setaffinity(0, size, wanted) != 0)
		return -1;
	CPU_ZERO_S(size, actual);
	if (sched_getaffinity(0, size, actual) != 0)
		return -1;
	if (!CPU_EQUAL_S(size, wanted, actual)) {
		errno = ERANGE;
		return -1;
	}
	return 0;
}

/* As many as any kernel has: sched_getaffinity refuses a set that is too small
 * to hold the kernel's. */
#define PIN_SET_PUS 8192u

int pin_self(unsigned pu)
{
	/* Not from the heap, which is what is measured. */
	unsigned long wanted[PIN_SET_PUS / (8 * sizeof(unsigned long))];
	unsigned long actual[PIN_SET_PUS / (8 * sizeof(unsigned long))];

	if (pu >= PIN_SET_PUS) {
		errno = EINVAL;
		return -1;
	}
	return set_and_read_back(
		pu, (cpu_set_t *)wanted, (cpu_set_t *)actual, sizeof(wanted));
}
