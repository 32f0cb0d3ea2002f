// SPDX-License-Identifier: MIT
#include "recorder_say.h"

#include <errno.h>
#include <string.h>

#include "raw_system.h"

void recorder_say(const char *what, const char *why)
{
	static const char prefix[] = "serialbench record: ";
	const struct iovec parts[] = {
		{(char *)(size_t)prefix, sizeof(prefix) - 1},
		{(char *)(size_t)what, strlen(what)},
		{(char *)(size_t) ": ", why[0] != '\0' ? 2 : 0},
		{(char *)(size_t)why, strlen(why)},
		{(char *)(size_t) "\n", 1},
	};
	int kept_errno = errno;

	if (raw_writev(STDERR_FILENO, parts, sizeof(parts) / sizeof(parts[0])) <
		0)
		errno = kept_errno; /* nobody is left to be told */
	errno = kept_errno;
}
