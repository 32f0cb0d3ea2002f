// SPDX-License-Identifier: MIT
#include "safe_read.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What the kernel reads of a signal set. */
#define PROBE_BYTES 8

/* The smallest page of any Linux: what is readable here is so to its end. */
#define PAGE_BYTES 4096

/* One aligned word, which cannot cross a page. */
static bool word_readable(uintptr_t address)
{
	const int no_such_way = -1;

	/* Never succeeds: EFAULT where the set cannot be read, else EINVAL. */
	syscall(SYS_rt_sigprocmask, no_such_way, (void *)address, NULL,
		(size_t)PROBE_BYTES);
	return errno != EFAULT;
}

bool safe_readable(const void *place, size_t size)
{
	uintptr_t mask = ~(uintptr_t)(PROBE_BYTES - 1);
	uintptr_t first = (uintptr_t)place, last = first + size - 1;
	int kept_errno = errno;
	bool readable;

	if (size == 0 || first == 0 || last < first)
		return size == 0;
	readable = word_readable(first & mask) &&
		(first / PAGE_BYTES == last / PAGE_BYTES ||
			word_readable(last & mask));
	errno = kept_errno;
	return readable;
}

bool safe_read(void *copy, const void *place, size_t size)
{
	if (!safe_readable(place, size))
		return false;
	if (size > 0)
		memcpy(copy, place, size);
	return true;
}
