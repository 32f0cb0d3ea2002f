// SPDX-License-Identifier: MIT
//
// The table of backends of the certifying worker: `none` and the planted
// faults, found by "name" or "name=amount". Two lanes of one backend have
// names of their own that way, too.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "alloc_backend.h"
#include "planted.h"

extern const struct alloc_backend alloc_backend_none, alloc_backend_slowed,
	alloc_backend_uneven, alloc_backend_stalled, alloc_backend_padded;

const struct alloc_backend *const alloc_backends[] = {
	&alloc_backend_none,
	&alloc_backend_slowed,
	&alloc_backend_uneven,
	&alloc_backend_stalled,
	&alloc_backend_padded,
	NULL,
};

size_t planted_amount;

static int read_amount(const char *text)
{
	char *end;
	unsigned long amount;

	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	amount = strtoul(text, &end, 10);
	if (errno != 0 || *end != '\0' || amount > UINT32_MAX)
		return -1;
	planted_amount = amount;
	return 0;
}

const struct alloc_backend *alloc_backend_find(const char *variant)
{
	size_t length = strcspn(variant, "=");

	if (variant[length] == '=' && read_amount(variant + length + 1) != 0)
		return NULL;
	for (size_t i = 0; alloc_backends[i] != NULL; i++) {
		const char *name = alloc_backends[i]->variant;

		if (strlen(name) == length &&
			strncmp(name, variant, length) == 0)
			return alloc_backends[i];
	}
	return NULL;
}
