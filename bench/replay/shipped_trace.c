// SPDX-License-Identifier: MIT
#include "shipped_trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *shipped_trace_path(const char *name, char room[SHIPPED_TRACE_PATH])
{
	const char *folder = getenv(SHIPPED_TRACE_FOLDER);

	if (folder == NULL || strchr(name, '/') != NULL ||
		access(name, F_OK) == 0)
		return name;
	snprintf(room, SHIPPED_TRACE_PATH, "%s/%s", folder, name);
	return access(room, F_OK) == 0 ? room : name;
}
