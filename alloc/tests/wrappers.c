// SPDX-License-Identifier: MIT
#include "wrapper.h"

/* The test of the ledger's builds has another. */
#ifndef WRAPPER_TABLE
#define WRAPPER_TABLE "wrappers.inc"
#endif

#include <stdio.h>
#include <string.h>

#define VARIANT(name) extern const struct wrapper wrapper_##name;
#include WRAPPER_TABLE
#undef VARIANT

const struct wrapper *const wrappers[] = {
#define VARIANT(name) &wrapper_##name,
#include WRAPPER_TABLE
#undef VARIANT
	NULL,
};

const char *wrapper_name(const struct wrapper *wrapper)
{
	return wrapper->backend->variant;
}

size_t wrapper_behind(const struct wrapper *wrapper)
{
	return 8 + wrapper->backend->serial_bytes;
}

size_t wrapper_next_serial(const struct wrapper *wrapper, size_t serial)
{
	return wrapper->backend->numbers_blocks ? serial + 1 : serial;
}

const char *wrapper_serial_line(const struct wrapper *wrapper, size_t serial)
{
	static char line[128];
	const char *path = "";

	if (!wrapper->backend->numbers_blocks)
		return "";
	if (strcmp(wrapper->backend->serial_scheme, "tls") == 0) {
		path = serial >> 44 == 0 ? "T0" : "T0.0";
		serial &= ((size_t)1 << 44) - 1;
	}
	snprintf(line, sizeof(line),
		"    The block was made by call %s#%zu to debug "
		"malloc/realloc.\n",
		path, serial);
	return line;
}

const char *wrapper_serial_line_at(
	const struct wrapper *wrapper, const unsigned char *place)
{
	size_t serial = 0;

	for (int i = 0; i < 8; i++)
		serial = serial << 8 | place[i];
	return wrapper_serial_line(wrapper, serial);
}
