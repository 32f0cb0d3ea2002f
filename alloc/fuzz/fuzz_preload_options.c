// SPDX-License-Identifier: MIT
//
// Any text as the value of DBGALLOC, in a variant that counts blocks all
// together and in one that counts them thread by thread: what is said is lines
// that a terminal only shows, an option is done or said to be left out, and a
// serial to stop at is the one that was written.
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "accounting.h"
#include "fuzz.h"
#include "options.h"
#include "preload.h"
#include "serial_stop.h"
#include "thread_path.h"

#define VALUE_MOST 4200 /* longer than what is taken */

/* What the options ask of the rest of the library. */
static struct serial_print serial;
const struct preload_variant preload_variant = {
	.name = "fuzzed", .serial = &serial};
static unsigned counted;

const char *accounting_start(
	const char *path, const char *variant, size_t serial_bytes)
{
	FUZZ_CHECK(variant == preload_variant.name &&
			serial_bytes == (serial.in_block ? sizeof(size_t) : 0),
		"%s, %zu bytes", variant, serial_bytes);
	if (path[0] != '/')
		return "is no absolute path";
	counted++;
	return NULL;
}

/* write(2) of text_out.c, as fuzz/meson.build has it compiled. */
ssize_t fuzz_write(int fd, const void *bytes, size_t count);

static char said[1 << 20];
static size_t said_bytes;

ssize_t fuzz_write(int fd, const void *bytes, size_t count)
{
	FUZZ_CHECK(fd == STDERR_FILENO, "%d", fd);
	FUZZ_CHECK(count < sizeof(said) - said_bytes, "%zu", said_bytes);
	memcpy(said + said_bytes, bytes, count);
	said_bytes += count;
	return (ssize_t)count;
}

static void check_said(void)
{
	static const char controls[] =
		"\1\2\3\4\5\6\7\10\11\13\14\15\16\17\20\21\22\23\24\25"
		"\26\27\30\31\32\33\34\35\36\37\177";

	FUZZ_CHECK(said_bytes == 0 || said[said_bytes - 1] == '\n', "no line");
	said[said_bytes] = '\0';
	FUZZ_CHECK(strcspn(said, controls) == said_bytes, "byte %zu of %s",
		strcspn(said, controls), said);
}

/* Every line is one that the library starts, or a line of the help. */
static void check_lines(void)
{
	for (char *line = said; *line != '\0'; line = strchr(line, '\n') + 1)
		FUZZ_CHECK(strncmp(line, "dbgalloc: ", 10) == 0 ||
				strncmp(line, "  ", 2) == 0,
			"%s", line);
}

static void start(const uint8_t *data, size_t size)
{
	static char variable[sizeof("DBGALLOC=") + VALUE_MOST] = "DBGALLOC=";
	static bool known;
	size_t length = strlen("DBGALLOC=");

	if (size > VALUE_MOST)
		size = VALUE_MOST;
	memcpy(variable + length, data, size);
	variable[length + size] = '\0';
	/* Once: the environment has the array, not its text. */
	if (!known)
		FUZZ_CHECK(putenv(variable) == 0, "putenv");
	known = true;
	said_bytes = 0;
	options_start();
	check_said();
	check_lines();
}

/* The count behind '#' is the one at which the first thread stops. */
static void check_path(const char *text)
{
	unsigned long long count;
	char path[THREAD_PATH_TEXT];
	size_t word = thread_path_stop_word(0);

	thread_path_text(0, path);
	if (text[0] == '\0' || strncmp(text, path, strlen(path)) != 0 ||
		text[strlen(path)] != '#') {
		FUZZ_CHECK(word == 0, "\"%s\": %zu", text, word);
		return;
	}
	FUZZ_CHECK(sscanf(text + strlen(path), "#%llu", &count) == 1 &&
			word == count,
		"\"%s\": %zu", text, word);
}

static void check_number(const char *text)
{
	unsigned long long count = 0;

	FUZZ_CHECK(text[0] == '\0' ||
			sscanf(text + (text[0] == '#'), "%llu", &count) == 1,
		"\"%s\"", text);
	FUZZ_CHECK(
		serial_stop_at == count, "\"%s\": %zu", text, serial_stop_at);
}

static void stop_at(const char *text)
{
	if (options_break_at(text) != 0)
		return;
	if (serial.print == serial_print_path)
		check_path(text);
	else
		check_number(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct serial_print kinds[] = {
		{.print = serial_print_number, .numbers_blocks = true},
		{.print = serial_print_path, .numbers_blocks = true},
		{.print = serial_print_number, .numbers_blocks = false},
	};
	char *text = strndup((const char *)data, size);

	FUZZ_CHECK(text, "no memory");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		serial = kinds[i];
		start(data, size);
		stop_at(text);
	}
	free(text);
	return 0;
}
