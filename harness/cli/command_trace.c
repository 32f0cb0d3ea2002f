// SPDX-License-Identifier: MIT
//
// serialbench trace, and trace convert.
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "options.h"
#include "trace_info.h"
#include "trace_text.h"

static const char convert_help[] =
	"Usage: serialbench trace convert FILE -o FILE\n"
	"Writes a trace as text, or a text as a trace, whichever FILE is not.\n"
	"\n"
	"  -o, --out FILE   what is written; - is stdout, for a text\n"
	"  --help           print this\n";

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

static int read_convert(int argc, char **argv, const char **out, bool *help,
	struct error *error)
{
	static const struct option long_options[] = {
		{"out", required_argument, NULL, 'o'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	int option;

	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":o:", long_options, NULL)) !=
		-1) {
		if (option == 'o')
			*out = optarg;
		else if (option == 'h')
			*help = true;
		else
			break;
	}
	if (option != -1 || (!*help && (*out == NULL || argc - optind != 1))) {
		return error_set(error, "'%s': allowed is convert FILE -o FILE",
			option != -1 ? argv[optind - 1] : "convert");
	}
	return 0;
}

static int command_convert(int argc, char **argv)
{
	struct error error;
	const char *out = NULL;
	bool help = false;
	int result;

	if (read_convert(argc, argv, &out, &help, &error) != 0)
		return command_refuse("trace", error.text);
	if (help) {
		fputs(convert_help, stdout);
		return EXIT_DONE;
	}
	result = convert(argv[optind], out, &error);
	if (result == 0)
		return EXIT_DONE;
	command_refuse("trace", error.text);
	return result == -2 ? EXIT_FAILED_CELLS : EXIT_WRONG_USE;
}

int command_trace(int argc, char **argv)
{
	struct error error;

	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		puts("Usage: serialbench trace info FILE [OPTION…]\n"
		     "       serialbench trace convert FILE -o FILE\n"
		     "Each says more with --help.");
		return EXIT_DONE;
	}
	if (argc > 1 && strcmp(argv[1], "info") == 0)
		return trace_info(argc - 1, argv + 1);
	if (argc > 1 && strcmp(argv[1], "convert") == 0)
		return command_convert(argc - 1, argv + 1);
	error_set(&error, "'%s': allowed are info, convert",
		argc > 1 ? argv[1] : "");
	return command_refuse("trace", error.text);
}
