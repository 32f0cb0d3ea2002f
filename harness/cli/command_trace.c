// SPDX-License-Identifier: MIT
//
// serialbench trace, and trace convert.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "option_parse.h"
#include "trace_info.h"
#include "trace_text.h"

struct convert_request {
	const char *out;
};

static const struct option_row rows[] = {
	{"out", 'o', OPTION_FILE, "FILE",
		"what is written; - is stdout, for a text", .required = true,
		OPTION_AT(struct convert_request, out)},
	{0},
};

const struct option_command trace_convert_table = {
	.name = "trace convert",
	.summary = "a trace as text, or a text as a trace",
	.forms = (const char *const[]){"FILE -o FILE", NULL},
	.about =
		(const char *const[]){
			"Writes a trace as text, or a text as a trace, "
			"whichever FILE "
			"is not.",
			NULL,
		},
	.rows = rows,
	.operands = {"file", "files", 1, 1, OPTION_FILE},
};

/* The file is replaced when it is whole. 0; -1 for wrong use, -2 where it could
 * not be written. */
static int write_text(const struct trace_reader *reader, const char *path,
	struct error *error)
{
	FILE *out = NULL;
	char *new = NULL;
	int result = -1, reason;

	if (strcmp(path, "-") == 0)
		return trace_text_write(reader, stdout, error);
	if (!trace_text_may_replace(path, error))
		return -1;
	if (asprintf(&new, "%s.new", path) < 0)
		new = NULL;
	if (new != NULL)
		out = fopen(new, "we");
	if (out == NULL) {
		result = error_is_no_room(errno) ? -2 : -1;
		error_set(error, "%s: %s", path, error_reason(errno));
		goto done;
	}
	result = trace_text_write(reader, out, error);
	reason = errno;
	if (fclose(out) != 0 && result == 0) {
		result = -2;
		reason = errno;
	}
	if (result == 0 && rename(new, path) != 0) {
		result = -2;
		reason = errno;
	}
	if (result == -2)
		error_set(error, "%s: %s", path, error_reason(reason));
	if (result != 0)
		unlink(new);
done:
	free(new);
	return result;
}

static int trace_to_text(const char *from, const char *to, struct error *error)
{
	struct trace_reader reader;
	struct error warning;
	int result = trace_reader_open(&reader, from, error);

	if (result == 0) {
		if (trace_reader_warning(&reader, &warning))
			fprintf(stderr, "serialbench trace: warning: %s\n",
				warning.text);
		result = write_text(&reader, to, error);
	}
	trace_reader_finish(&reader);
	return result;
}

static int text_to_trace(
	FILE *in, const char *from, const char *to, struct error *error)
{
	if (strcmp(to, "-") != 0)
		return trace_text_read(in, from, to, error);
	return error_set(error,
		"-o -: allowed is a file, since %s becomes a trace", from);
}

/* Read twice from its start, so it is no FIFO, which might also be waited for.
 * NULL with error. */
static FILE *open_regular(const char *path, struct error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	FILE *file = NULL;
	struct stat status;

	if (fd < 0 || fstat(fd, &status) != 0)
		error_set(error, "%s: %s", path, error_reason(errno));
	else if (!S_ISREG(status.st_mode))
		error_set(error,
			"%s: no trace and no text: allowed is a regular file",
			path);
	else if ((file = fdopen(fd, "r")) == NULL)
		error_set(error, "%s: %s", path, error_reason(errno));
	if (file == NULL && fd >= 0)
		close(fd);
	return file;
}

static int convert(const char *from, const char *to, struct error *error)
{
	char magic[TRACE_MAGIC_BYTES] = "";
	FILE *in = open_regular(from, error);
	int result;

	if (in == NULL)
		return -1;
	if (fread(magic, 1, sizeof(magic), in) == sizeof(magic) &&
		memcmp(magic, TRACE_MAGIC, sizeof(magic)) == 0) {
		fclose(in);
		return trace_to_text(from, to, error);
	}
	rewind(in);
	result = text_to_trace(in, from, to, error);
	fclose(in);
	return result;
}

static int command_convert(int argc, char **argv)
{
	struct convert_request request = {.out = NULL};
	struct option_reading reading;
	struct error error;
	int result = option_parse(
		&trace_convert_table, argc, argv, &request, &reading, &error);

	if (result > 0)
		return EXIT_DONE;
	if (result == 0)
		result = convert(reading.operands[0], request.out, &error);
	if (result == 0)
		return EXIT_DONE;
	command_refuse("trace", error.text);
	return result == -2 ? EXIT_FAILED_CELLS : EXIT_WRONG_USE;
}

static const char *const below[] = {"info", "convert", NULL};

const struct option_command trace_table = {
	.name = "trace",
	.summary = "what is in a trace; it as text, and back",
	.forms = (const char *const[]){"info FILE [OPTION…]",
		"convert FILE -o FILE", NULL},
	.about =
		(const char *const[]){
			"Describes a trace, or converts it from and to text.",
			NULL},
	.operands = {"command", "commands", 1, 1, OPTION_WORD, below,
		.is_command = true},
	.below = (const struct option_command *const[]){&trace_info_table,
		&trace_convert_table, NULL},
	.call = command_trace,
};

int command_trace(int argc, char **argv)
{
	struct option_reading reading;
	struct error error;
	int result =
		option_parse(&trace_table, argc, argv, NULL, &reading, &error);

	if (result != 0)
		return result < 0 ? command_refuse("trace", error.text)
				  : EXIT_DONE;
	argv = reading.operands;
	argc = reading.operand_count;
	return strcmp(argv[0], "info") == 0 ? trace_info(argc, argv)
					    : command_convert(argc, argv);
}
