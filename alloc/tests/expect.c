// SPDX-License-Identifier: MIT
#include "expect.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "check.h"

void expect_start(struct expect *expect)
{
	memset(expect, 0, sizeof(*expect));
}

void expect_line(struct expect *expect, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	expect->size += (size_t)vsnprintf(expect->text + expect->size,
		sizeof(expect->text) - expect->size, format, arguments);
	va_end(arguments);
}

static bool all_forbidden(const unsigned char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (bytes[i] != 0xfd)
			return false;
	return true;
}

static const char *ouch(unsigned char byte)
{
	return byte == 0xfd ? "" : " *** OUCH";
}

void expect_lead(
	struct expect *expect, const unsigned char *block, char api, size_t n)
{
	expect_line(expect, "Debug memory block at address p=%p: API '%c'\n",
		(const void *)block, api);
	expect_line(expect, "    %zu bytes originally requested\n", n);
	expect_line(expect, "    The 7 pad bytes at p-7 are ");
	if (all_forbidden(block - 7, 7)) {
		expect_line(expect, "FORBIDDENBYTE, as expected.\n");
		return;
	}
	expect_line(expect, "not all FORBIDDENBYTE (0xfd):\n");
	for (int i = 7; i >= 1; i--)
		expect_line(expect, "        at p-%d: 0x%02x%s\n", i, block[-i],
			ouch(block[-i]));
	expect_line(expect,
		"    Because memory is corrupted at the start, the count of "
		"bytes requested\n"
		"       may be bogus, and checking the trailing pad bytes may "
		"segfault.\n");
}

static void expect_data(
	struct expect *expect, const unsigned char *block, size_t n)
{
	expect_line(expect, "    Data at p:");
	for (size_t i = 0; i < n; i++) {
		if (i == 8 && n > 16) {
			expect_line(expect, " ...");
			i = n - 8;
		}
		expect_line(expect, " %02x", block[i]);
	}
	expect_line(expect, "\n");
}

void expect_tail(struct expect *expect, const unsigned char *block, size_t n,
	const char *serial_line)
{
	const unsigned char *tail = block + n;

	expect_line(expect, "    The 8 pad bytes at tail=%p are ",
		(const void *)tail);
	if (all_forbidden(tail, 8)) {
		expect_line(expect, "FORBIDDENBYTE, as expected.\n");
	} else {
		expect_line(expect, "not all FORBIDDENBYTE (0xfd):\n");
		for (int i = 0; i < 8; i++)
			expect_line(expect, "        at tail+%d: 0x%02x%s\n", i,
				tail[i], ouch(tail[i]));
	}
	expect_line(expect, "%s", serial_line);
	if (n > 0)
		expect_data(expect, block, n);
	expect_line(expect, "\n");
}

void expect_dump(struct expect *expect, const unsigned char *block, char api,
	size_t n, const char *serial_line)
{
	expect_lead(expect, block, api, n);
	expect_tail(expect, block, n, serial_line);
}

void expect_stranger(
	struct expect *expect, const unsigned char *block, bool readable)
{
	expect_line(expect,
		"Debug memory block at address p=%p: freed or foreign\n",
		(const void *)block);
	if (!readable) {
		expect_line(expect,
			"    The bytes in front of it cannot be read.\n\n");
		return;
	}
	expect_line(expect,
		"    No debug header in front of it. The 16 bytes at p-16 are");
	for (int i = 16; i >= 1; i--)
		expect_line(expect, " %02x", block[-i]);
	expect_line(expect, "\n\n");
}

void check_death(const struct death *death, const struct expect *expect,
	const char *file, int line)
{
	check_text(death->text, expect->text, "stderr", file, line);
	check_equal(death->size, expect->size, "size of stderr", "expected",
		file, line);
	check_bytes(
		death->text, expect->text, expect->size, "stderr", file, line);
	check_equal((uint64_t)death->signal, SIGABRT, "signal", "SIGABRT", file,
		line);
}
