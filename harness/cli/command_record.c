// SPDX-License-Identifier: MIT
//
// serialbench record: runs a program with the recording library in front.
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands.h"
#include "exec_environment.h"
#include "option_parse.h"
#include "record_finish.h"
#include "record_run.h"
#include "record_summary.h"
#include "trace_recording.h"
#include "trace_text.h"

struct record_options {
	const char *out;
	char **command;
	bool time, quiet;
};

static const struct option_row rows[] = {
	{"out", 'o', OPTION_FILE, "FILE",
		"a new name, or a regular file, which is replaced",
		.required = true, OPTION_AT(struct record_options, out)},
	{"time", .kind = OPTION_FLAG, .help = "with the time of every event",
		.stores = true, OPTION_AT(struct record_options, time)},
	{"quiet", .kind = OPTION_FLAG, .help = "without the line on stderr",
		.stores = true, OPTION_AT(struct record_options, quiet)},
	{0},
};

const struct option_command record_table = {
	.name = "record",
	.summary = "any program's allocations as a trace",
	.forms =
		(const char *const[]){
			"-o FILE [OPTION…] -- COMMAND [ARGUMENT…]", NULL},
	.about =
		(const char *const[]){
			"Runs a program and writes what it allocates to FILE, "
			"thread "
			"by thread. Input, output and exit code are the "
			"program's "
			"(128 + N for signal N); a line on stderr says what "
			"was "
			"recorded. Forked children, and programs that are "
			"started or "
			"become another one, write FILE.PID, FILE.PID.2 …",
			NULL,
		},
	.rows = rows,
	.operands = {"command", "commands", 1, 1, .is_command = true},
	.call = command_record,
};

/* FILE, absolute, empty and there. Takes malloc'ed memory for the caller. NULL
 * with error. */
static char *make_file(const char *out, bool *existed, struct error *error)
{
	char *path;
	int fd;

	if (!trace_text_may_replace(out, error))
		return NULL;
	*existed = access(out, F_OK) == 0;
	fd = open(out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		0666);
	if (fd < 0)
		goto failed;
	close(fd);
	path = realpath(out, NULL);
	if (path != NULL)
		return path;
failed:
	error_set(error,
		"-o '%s': %s; allowed is a new name, or a regular file, in "
		"a folder that may be written",
		out, error_reason(errno));
	return NULL;
}

/* Ours in front of what the user preloads. 0, or -1 with error. */
static int find_preload(char preload[EXEC_PRELOAD_BYTES], struct error *error)
{
	const char *users = getenv("LD_PRELOAD");
	char library[EXEC_PRELOAD_BYTES];
	int used;

	if (exec_own_library(PROGRAM_RECORDER, TRACE_RECORDING_LIBRARY, library,
		    error) != 0)
		return -1;
	used = snprintf(preload, EXEC_PRELOAD_BYTES, "%s%s%s", library,
		users != NULL && users[0] != '\0' ? ":" : "",
		users != NULL ? users : "");
	if (used < EXEC_PRELOAD_BYTES)
		return 0;
	return error_set(
		error, "LD_PRELOAD: longer than %d bytes", EXEC_PRELOAD_BYTES);
}

/* What both processes know that may be left at the program's end. */
struct recording {
	const struct record_options *options;
	const char *path, *preload;
	bool existed;
	uint64_t start_unix_ns;
};

/* Becomes the program, or returns with errno. */
static void become(const void *request)
{
	const struct recording *recording = request;
	const struct record_options *options = recording->options;
	char *value = NULL;

	if (asprintf(&value, "%ld:%s:%s", (long)getpid(),
		    options->time ? TRACE_RECORDING_CLOCK_NS
				  : TRACE_RECORDING_CLOCK_NONE,
		    recording->path) > 0 &&
		setenv(TRACE_RECORDING_VARIABLE, value, 1) == 0 &&
		setenv("LD_PRELOAD", recording->preload, 1) == 0)
		execvp(options->command[0], options->command);
}

static int refuse_program(const char *program)
{
	struct error error;

	error_set(&error,
		"command '%s': %s; allowed is a program in PATH, or the "
		"path of one",
		program, error_reason(errno));
	return command_refuse("record", error.text);
}

/* The program's exit code where its end was seen. */
static int code_of(const struct record_end *end)
{
	if (!end->seen)
		return EXIT_FAILED_CELLS;
	return WIFSIGNALED(end->status) ? 128 + WTERMSIG(end->status)
					: WEXITSTATUS(end->status);
}

static int finish(const void *request, const struct record_end *end)
{
	const struct recording *recording = request;
	const struct record_options *options = recording->options;
	struct error error;
	struct record_said said = {&error, options->quiet};
	int code = code_of(end);

	if (end->reason != 0) {
		if (!recording->existed)
			unlink(recording->path);
		errno = end->reason;
		return refuse_program(options->command[0]);
	}
	record_finish(recording->path, end, &error);
	if (!record_summary_print(recording->path, recording->start_unix_ns,
		    options->command[0], &said) &&
		code == 0)
		code = EXIT_FAILED_CELLS;
	return code;
}

static int record(const struct record_options *options)
{
	char preload[EXEC_PRELOAD_BYTES];
	struct recording recording = {.options = options, .preload = preload};
	struct error error;
	char *path;
	int code;

	if (find_preload(preload, &error) != 0)
		return command_refuse("record", error.text);
	path = make_file(options->out, &recording.existed, &error);
	if (path == NULL)
		return command_refuse("record", error.text);
	recording.path = path;
	recording.start_unix_ns = record_summary_start();
	code = record_run(become, finish, &recording);
	free(path);
	return code;
}

int command_record(int argc, char **argv)
{
	struct record_options options = {.out = NULL};
	struct option_reading reading;
	struct error error;
	int result = option_parse(
		&record_table, argc, argv, &options, &reading, &error);

	if (result != 0)
		return result < 0 ? command_refuse("record", error.text)
				  : EXIT_DONE;
	options.command = reading.operands;
	return record(&options);
}
