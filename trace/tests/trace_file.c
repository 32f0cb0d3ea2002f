// SPDX-License-Identifier: MIT
#include "trace_file.h"

#include <unistd.h>

void trace_file_begin(struct trace_file *file, enum trace_clock clock)
{
	static const char command[] = "program\0with an argument";
	const struct trace_program program = {
		.command = command,
		.command_bytes = sizeof(command),
		.allocator = "system",
		.clock = clock,
		.pid = 42,
		.parent_pid = 41,
		.page_bytes = 4096,
		.word_bytes = 8,
		.start_unix_ns = 1700000000000000000,
	};
	const char *parent = getenv("TMPDIR");
	int fd;

	snprintf(file->path, sizeof(file->path), "%s/trace-test-XXXXXX",
		parent ? parent : "/tmp");
	fd = mkstemp(file->path);
	if (fd < 0 ||
		trace_writer_open(&file->writer, file->path, &program) != 0)
		fail_msg("cannot write %s", file->path);
	close(fd);
	for (uint32_t i = 0; i < FILE_THREADS; i++) {
		file->buffers[i] = malloc(sizeof(*file->buffers[i]));
		assert_non_null(file->buffers[i]);
		trace_buffer_init(file->buffers[i], &file->writer, i,
			i == 0 ? TRACE_NO_PARENT : 0);
	}
}

void trace_file_end(struct trace_file *file, bool with_end)
{
	const struct trace_end end = {
		.how = TRACE_END_EXIT, .peak_blocks = 3, .peak_bytes = 300};

	for (int i = 0; i < FILE_THREADS; i++)
		assert_int_equal(trace_buffer_flush(file->buffers[i]), 0);
	if (with_end)
		assert_int_equal(trace_writer_end(&file->writer, 0, end), 0);
	trace_writer_close(&file->writer);
}

void trace_file_finish(struct trace_file *file)
{
	for (int i = 0; i < FILE_THREADS; i++)
		free(file->buffers[i]);
	unlink(file->path);
}

unsigned char *trace_file_read(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	unsigned char *bytes = malloc(1 << 20);

	assert_non_null(file);
	assert_non_null(bytes);
	*size = fread(bytes, 1, 1 << 20, file);
	assert_true(*size < 1 << 20);
	fclose(file);
	return bytes;
}

void trace_file_write(const char *path, const void *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");

	if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
		fail_msg("cannot write %s", path);
}

int trace_file_check(
	const char *path, uint64_t *events, bool *warned, struct error *error)
{
	struct trace_reader reader;
	struct trace_merge *merge = NULL;
	struct trace_event event;
	struct error warning;
	int result = trace_reader_open(&reader, path, error);

	*events = 0;
	*warned = false;
	if (result == 0) {
		*warned = trace_reader_warning(&reader, &warning);
		if (*warned)
			check_error(warning.text, path);
		merge = trace_merge_create(&reader, error);
		result = merge == NULL ? -1 : 1;
	}
	while (result == 1) {
		result = trace_merge_next(merge, &event, NULL, error);
		*events += result == 1;
	}
	trace_merge_destroy(merge);
	trace_reader_finish(&reader);
	return result;
}

void check_contains(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no \"%s\" in \"%s\"", part, text);
}

void check_error(const char *error, const char *path)
{
	size_t length = strnlen(error, ERROR_TEXT);

	assert_true(length < ERROR_TEXT);
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)error[i] < ' ')
			fail_msg("byte %zu of \"%s\"", i, error);
	if (strncmp(error, path, strlen(path)) != 0 ||
		error[strlen(path)] != ':')
		fail_msg("\"%s\" does not begin with %s", error, path);
}
