// SPDX-License-Identifier: MIT
//
// serialbench exec and python: becomes the program, or measures it.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "exec_environment.h"
#include "exec_options.h"
#include "exec_program.h"
#include "program_path.h"
#include "progress.h"
#include "python_host.h"
#include "stop.h"

#define HOST_PATH_BYTES 4200
#define NO_HOST                                                                \
	"there is no " PYTHON_HOST ": it is built where libpython3-dev is "    \
	"installed (python3-embed), without a sanitizer"

/* One line on stderr. */
static int refuse(
	const struct exec_options *options, const char *error, int code)
{
	fprintf(stderr, "serialbench %s: %s\n", options->face->table->name,
		error);
	return code;
}

/* Where nothing is checked in the program, it runs all the same. */
static void say_unwrapped(
	const struct exec_options *options, const struct exec_program *program)
{
	const char *why = exec_program_unwrapped(program);

	if (why != NULL && !options->face->python)
		fprintf(stderr, "serialbench %s: '%s' %s: nothing is checked\n",
			options->face->table->name, options->command[0], why);
}

/* The program takes this process over: nothing is left of us to disturb its
 * input, its signals or its exit code. */
static int become(const struct exec_options *options)
{
	static const struct allocator system_allocator = {.name = "system"};
	const struct allocator *allocator = options->allocator_count > 0
		? &options->allocators[0]
		: &system_allocator;
	char library[EXEC_PRELOAD_BYTES], preload[EXEC_PRELOAD_BYTES];
	const struct exec_libraries libraries = {
		library, "", allocator->library};
	struct exec_program program;
	struct error error;

	if (exec_program_find(&program, options->command[0], &error) != 0)
		return refuse(options, error.text, EXEC_REFUSED);
	library[0] = '\0';
	if ((!options->face->python &&
		    exec_library(options->variants[0], library, &error) != 0) ||
		exec_preload(preload, &libraries, 0, 0, &error) != 0)
		return refuse(options, error.text, EXEC_REFUSED);
	say_unwrapped(options, &program);
	if (preload[0] != '\0' ? setenv("LD_PRELOAD", preload, 1)
			       : unsetenv("LD_PRELOAD"))
		return refuse(options, error_reason(errno), EXEC_REFUSED);
	if (options->face->python) {
		char variant[PYTHON_VARIANT_WIDTH + 1];

		exec_python_value(
			variant, exec_python_library(options->variants[0]));
		if (setenv(PYTHON_VARIANT, variant, 1) != 0 ||
			unsetenv(PYTHON_COUNTS) != 0)
			return refuse(
				options, error_reason(errno), EXEC_REFUSED);
	}
	/* Not execvp(), which gives a text without #! to a shell: measured
	 * runs do not. */
	execv(program.path, options->command);
	exec_program_refuse(options->command[0], errno, &error);
	return refuse(options, error.text, EXEC_REFUSED);
}

struct showing {
	struct progress progress;
	const char *name;
	bool begun;
};

static void show_progress(void *context, unsigned done, unsigned of)
{
	struct showing *showing = context;

	if (!showing->begun)
		progress_begin(&showing->progress, showing->name, of);
	showing->begun = true;
	(void)done;
	progress_step(&showing->progress, "");
}

static int refuse_path(const struct exec_options *options, const char *option,
	const char *path)
{
	bool no_room = error_is_no_room(errno);
	struct error error;

	error_set(&error, "--%s '%s': %s", option, path, error_reason(errno));
	if (!no_room)
		error_add(&error,
			"; allowed is a new name in a folder that may be "
			"written");
	return refuse(
		options, error.text, no_room ? EXEC_FAILED : EXEC_REFUSED);
}

/* Whether a new file of that name could be made. 0, or -1 with errno. */
static int check_new(const char *path)
{
	char folder[4096];
	char *slash;

	snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (slash == NULL)
		strcpy(folder, ".");
	else
		slash[slash == folder] = '\0';
	if (access(path, F_OK) == 0) {
		errno = EEXIST;
		return -1;
	}
	return access(folder, W_OK | X_OK);
}

/* Either all files or none. */
static int write_folder(const struct exec_result *result, const char *folder)
{
	char path[4200];
	int reason;

	snprintf(path, sizeof(path), "%s/exec.csv", folder);
	if (mkdir(folder, 0777) != 0)
		return -1;
	if (exec_write_csv(result, path) == 0) {
		if (exec_write_trials(result, folder) == 0)
			return 0;
		reason = errno;
		unlink(path);
		errno = reason;
	}
	reason = errno;
	rmdir(folder);
	errno = reason;
	return -1;
}

static int write_files(
	const struct exec_options *options, const struct exec_result *result)
{
	int code = EXEC_DONE;

	if (options->out != NULL && write_folder(result, options->out) != 0)
		code = refuse_path(options, "out", options->out);
	if (options->csv != NULL && exec_write_csv(result, options->csv) != 0)
		code = refuse_path(options, "csv", options->csv);
	return code;
}

static int report(
	const struct exec_options *options, struct exec_result *result)
{
	int code = EXEC_DONE;

	/* The files first: they stay where nothing can be printed. */
	if (result->row_count > 0) {
		code = write_files(options, result);
		/* A table without a figure would tell nothing. */
		if (result->trial_count > 0 || options->format != FORMAT_TABLE)
			exec_print(result, stdout, options->format);
		if (result->unseen && options->format != FORMAT_TABLE)
			refuse(options, EXEC_UNSEEN, EXEC_DONE);
	}
	exec_result_finish(result);
	return code;
}

/* What a reader of the figures would not expect. Nothing of a program that is
 * refused. */
static void say_conditions(const struct exec_options *options)
{
	struct exec_program program;
	struct error error;
	char *left_out;

	if (exec_program_find(&program, options->command[0], &error) != 0)
		return;
	left_out = exec_environment_left_out();
	if (left_out != NULL && left_out[0] != '\0')
		fprintf(stderr, "serialbench %s: not passed on: %s\n",
			options->face->table->name, left_out);
	free(left_out);
	if (program.interpreter[0] != '\0')
		fprintf(stderr,
			"serialbench %s: '%s' is a script: measured is %s and "
			"what it starts\n",
			options->face->table->name, options->command[0],
			program.interpreter);
}

static int measure(struct exec_options *options)
{
	static const char *const hash_seed[] = {"PYTHONHASHSEED=0", NULL};
	struct showing showing = {.name = options->face->table->name};
	struct exec_request request = {
		.command = options->command,
		.python = options->face->python,
		.variants = options->all_variants ? NULL : options->variants,
		.allocators = options->allocators,
		.launches = options->launches,
		.seed = options->seed,
		.margin = options->margin,
		.stdin_file = options->stdin_file,
		.allow_failure = options->allow_failure,
		.progress = show_progress,
		.context = &showing,
	};
	struct exec_result result;
	struct error error;
	int outcome, code;

	if (request.python && getenv("PYTHONHASHSEED") == NULL)
		request.environment = hash_seed;
	if (options->out != NULL && check_new(options->out) != 0)
		return refuse_path(options, "out", options->out);
	if (options->csv != NULL && check_new(options->csv) != 0)
		return refuse_path(options, "csv", options->csv);
	if (options->allocator_count == 0)
		exec_options_add_standard(options);
	request.allocator_count = options->allocator_count;
	say_conditions(options);
	stop_catch();
	outcome = exec_measure(&request, &result, &error);
	if (showing.begun)
		progress_end(&showing.progress);
	if (outcome == EXEC_STOPPED) {
		error_set(&error, "stopped by %s; nothing was written",
			stop_name());
		return refuse(options, error.text, stop_exit_code());
	}
	if (outcome != EXEC_DONE)
		refuse(options, error.text, outcome);
	code = outcome == EXEC_REFUSED ? EXEC_DONE : report(options, &result);
	return code != EXEC_DONE ? code : outcome;
}

static int run(struct exec_options *options)
{
	if (options->variant_count == 0)
		options->all_variants = true;
	if (!options->all_variants && options->variant_count == 1 &&
		options->allocator_count <= 1 && !options->measured)
		return become(options);
	return measure(options);
}

int exec_command(int argc, char **argv)
{
	struct exec_options options;
	struct error error;
	int result =
		exec_options_read(&options, &exec_face, argc, argv, &error);

	if (result != 0)
		return result > 0 ? EXEC_DONE
				  : refuse(&options, error.text, EXEC_REFUSED);
	return run(&options);
}

/* The host's path and the arguments. free() gives it back. */
static char **host_command(char **arguments)
{
	size_t count = 0;
	char **command;
	char *path;

	while (arguments[count] != NULL)
		count++;
	command = malloc((count + 2) * sizeof(*command) + HOST_PATH_BYTES);
	if (command == NULL)
		return NULL;
	path = (char *)(command + count + 2);
	program_path(path, HOST_PATH_BYTES, PROGRAM_OWN, PYTHON_HOST);
	command[0] = path;
	memcpy(command + 1, arguments, (count + 1) * sizeof(*command));
	return command;
}

int python_command(int argc, char **argv)
{
	struct exec_options options;
	struct error error;
	int result =
		exec_options_read(&options, &python_face, argc, argv, &error);

	if (result != 0)
		return result > 0 ? EXEC_DONE
				  : refuse(&options, error.text, EXEC_REFUSED);
	options.command = host_command(options.command);
	if (options.command == NULL)
		return refuse(&options, error_reason(errno), EXEC_REFUSED);
	if (access(options.command[0], X_OK) != 0) {
		result = refuse(&options, NO_HOST, EXEC_REFUSED);
	} else {
		result = run(&options);
	}
	free(options.command);
	return result;
}
