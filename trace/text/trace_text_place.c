// SPDX-License-Identifier: MIT
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "trace_text.h"

bool trace_text_may_replace(const char *path, struct error *error)
{
	struct stat status;

	if (lstat(path, &status) != 0 || S_ISREG(status.st_mode))
		return true;
	error_set(error, "%s: no regular file: allowed is one, or a new name",
		path);
	return false;
}
