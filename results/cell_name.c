// SPDX-License-Identifier: MIT
//
// Takes cell names apart, from the end: a workload may hold a path (trace:…).
#include "cell_name.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void copy(char *to, const char *from, size_t length)
{
	if (length >= RECORD_TEXT)
		length = RECORD_TEXT - 1;
	memcpy(to, from, length);
	to[length] = '\0';
}

/* The number of "tN" between two slashes, or 0. */
static unsigned thread_part(const char *part, size_t length)
{
	if (length < 2 || length > 7 || part[0] != 't')
		return 0;
	for (size_t i = 1; i < length; i++)
		if (!isdigit((unsigned char)part[i]))
			return 0;
	return (unsigned)strtoul(part + 1, NULL, 10);
}

/* The last part that names threads, with an allocator and a workload before
 * it; NULL where there is none. */
static const char *find_threads(const char *text)
{
	const char *found = NULL;
	const char *slash = strchr(text, '/');
	unsigned seen = 0;

	for (; slash; slash = strchr(slash + 1, '/')) {
		if (++seen >= 2 &&
			thread_part(slash + 1, strcspn(slash + 1, "/")))
			found = slash + 1;
	}
	return found;
}

void cell_name_parse(struct cell_name *name, const char *text)
{
	const char *threads = find_threads(text);
	const char *end, *allocator;

	memset(name, 0, sizeof(*name));
	if (!threads) {
		copy(name->workload, text, strlen(text));
		return;
	}
	end = threads + strcspn(threads, "/");
	name->threads = thread_part(threads, (size_t)(end - threads));
	if (*end)
		copy(name->placement, end + 1, strlen(end + 1));
	allocator = threads - 1;
	while (allocator[-1] != '/')
		allocator--;
	copy(name->allocator, allocator, (size_t)(threads - 1 - allocator));
	copy(name->workload, text, (size_t)(allocator - 1 - text));
}

static int allocator_order(const char *a, const char *b)
{
	bool system_a = !strcmp(a, "system"), system_b = !strcmp(b, "system");

	return system_a != system_b ? system_b - system_a : strcmp(a, b);
}

static int panel_order(const struct cell_name *a, const struct cell_name *b)
{
	int order = strcmp(a->workload, b->workload);

	if (!order)
		order = allocator_order(a->allocator, b->allocator);
	return order ? order : strcmp(a->placement, b->placement);
}

int cell_name_order(const struct cell_name *a, const struct cell_name *b)
{
	int order = panel_order(a, b);

	if (order || a->threads == b->threads)
		return order;
	return a->threads < b->threads ? -1 : 1;
}

bool cell_name_same_panel(const struct cell_name *a, const struct cell_name *b)
{
	return !panel_order(a, b);
}

void cell_name_panel(
	const struct cell_name *name, char *text, unsigned long size)
{
	snprintf(text, size, "%s%s%s%s%s", name->workload,
		*name->allocator ? " · " : "", name->allocator,
		*name->placement ? " · " : "", name->placement);
}
