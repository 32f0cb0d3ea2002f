// SPDX-License-Identifier: MIT
//
// Any bytes as a trace's text: an error is one line that begins with name and
// line; what is read is a trace without a fault, and its text reads back to
// the same text.
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "trace_text.h"

static char folder[] = "/tmp/fuzz-trace-XXXXXX";
static char path[64];

static void remove_folder(void)
{
	unlink(path);
	rmdir(folder);
}

static void make_folder(void)
{
	if (path[0] != '\0')
		return;
	FUZZ_CHECK(mkdtemp(folder), "%s", strerror(errno));
	snprintf(path, sizeof(path), "%s/trace", folder);
	atexit(remove_folder);
}

static void check_error(const char *error, const char *name)
{
	size_t length = strnlen(error, ERROR_TEXT);
	const char *rest = error + strlen(name) + 1;

	FUZZ_CHECK(length < ERROR_TEXT, "no NUL");
	for (size_t i = 0; i < length; i++)
		FUZZ_CHECK((unsigned char)error[i] >= ' ' && error[i] != 127,
			"byte %zu of \"%s\"", i, error);
	FUZZ_CHECK(strncmp(error, name, strlen(name)) == 0 && rest[-1] == ':' &&
			rest[strspn(rest, "0123456789")] == ':',
		"\"%s\"", error);
}

/* 0, or -1 with error. */
static int read_bytes(const void *bytes, size_t size, struct error *error)
{
	FILE *in = fmemopen((void *)bytes, size, "r");
	int result;

	FUZZ_CHECK(in, "%s", strerror(errno));
	result = trace_text_read(in, "text", path, error);
	fclose(in);
	return result;
}

static char *write_back(size_t *size)
{
	struct trace_reader reader;
	struct error error = {0};
	char *bytes = NULL;
	FILE *out = open_memstream(&bytes, size);

	FUZZ_CHECK(out, "%s", strerror(errno));
	FUZZ_CHECK(trace_reader_open(&reader, path, &error) == 0, "%s",
		error.text);
	FUZZ_CHECK(trace_verify(&reader, &error) == 0, "%s", error.text);
	for (uint32_t i = 0; i < reader.thread_count; i++)
		FUZZ_CHECK(reader.threads[i].usable_events ==
				reader.threads[i].events,
			"thread %u", reader.threads[i].number);
	FUZZ_CHECK(
		trace_text_write(&reader, out, &error) == 0, "%s", error.text);
	trace_reader_finish(&reader);
	fclose(out);
	return bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error error = {0};
	char *first, *second;
	size_t first_size, second_size;

	make_folder();
	if (size == 0)
		return 0;
	if (read_bytes(data, size, &error) != 0) {
		check_error(error.text, "text");
		return 0;
	}
	first = write_back(&first_size);
	FUZZ_CHECK(
		read_bytes(first, first_size, &error) == 0, "%s", error.text);
	second = write_back(&second_size);
	FUZZ_CHECK(first_size == second_size &&
			memcmp(first, second, first_size) == 0,
		"%s\n%s", first, second);
	free(first);
	free(second);
	return 0;
}
