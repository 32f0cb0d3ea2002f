// SPDX-License-Identifier: MIT
//
// serialbench record: runs a program with the recording library in front.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands.h"
#include "exec_environment.h"
#include "option_parse.h"
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

/* In the child: becomes the program, or sends why not. */
static void become(const struct record_options *options, const char *path,
	const char *preload, int report)
{
	char *value = NULL;
	int reason;

	if (asprintf(&value, "%ld:%s:%s", (long)getpid(),
		    options->time ? TRACE_RECORDING_CLOCK_NS
				  : TRACE_RECORDING_CLOCK_NONE,
		    path) > 0 &&
		setenv(TRACE_RECORDING_VARIABLE, value, 1) == 0 &&
		setenv("LD_PRELOAD", preload, 1) == 0)
		execvp(options->command[0], options->command);
	reason = errno;
	if (write(report, &reason, sizeof(reason)) < 0)
		reason = 0; /* the parent sees that there is no program */
	_exit(EXIT_WRONG_USE);
}

static volatile sig_atomic_t child;

static void pass_on(int signal)
{
	kill((pid_t)child, signal);
}

/* The terminal sends its signals to the program, too, which says what becomes
 * of it; we have to stay for its end. */
static void set_signals(bool ours)
{
	static const int both[] = {SIGINT, SIGQUIT};
	static const int passed[] = {SIGTERM, SIGHUP};
	struct sigaction action = {
		.sa_handler = ours ? SIG_IGN : SIG_DFL,
		.sa_flags = SA_RESTART,
	};

	for (size_t i = 0; i < 2; i++)
		sigaction(both[i], &action, NULL);
	action.sa_handler = ours ? pass_on : SIG_DFL;
	for (size_t i = 0; i < 2; i++)
		sigaction(passed[i], &action, NULL);
}

/* The program's exit code, or -1 with errno where it could not be started. */
static int run(const struct record_options *options, const char *path,
	const char *preload)
{
	int ends[2], status = 0, reason = 0;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	pid = fork();
	if (pid == 0)
		become(options, path, preload, ends[1]);
	reason = pid < 0 ? errno : 0;
	close(ends[1]);
	child = pid;
	if (pid > 0) {
		set_signals(true);
		if (read(ends[0], &reason, sizeof(reason)) <= 0)
			reason = 0;
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		set_signals(false);
	}
	close(ends[0]);
	errno = reason;
	if (reason != 0)
		return -1;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
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

static int record(const struct record_options *options)
{
	char preload[EXEC_PRELOAD_BYTES];
	struct error error;
	bool existed = false;
	uint64_t start_unix_ns;
	char *path;
	int code;

	if (find_preload(preload, &error) != 0)
		return command_refuse("record", error.text);
	path = make_file(options->out, &existed, &error);
	if (path == NULL)
		return command_refuse("record", error.text);
	start_unix_ns = record_summary_start();
	code = run(options, path, preload);
	if (code < 0) {
		code = refuse_program(options->command[0]);
		if (!existed)
			unlink(path);
	} else if (!options->quiet) {
		record_summary_print(path, start_unix_ns);
	}
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
