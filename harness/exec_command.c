// SPDX-License-Identifier: MIT
//
// serialbench exec: becomes the program, or measures it.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exec_environment.h"
#include "exec_options.h"
#include "progress.h"

#define LAUNCHES 20

/* One line on stderr. */
static int refuse(const char *error, int code)
{
	fprintf(stderr, "serialbench exec: %s\n", error);
	return code;
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
	char error[EXEC_ERROR];

	if (exec_library(options->variants[0], library, error) != 0 ||
		exec_preload(preload, &libraries, 0, 0, error) != 0)
		return refuse(error, EXEC_REFUSED);
	if (preload[0] != '\0' ? setenv("LD_PRELOAD", preload, 1)
			       : unsetenv("LD_PRELOAD"))
		return refuse(strerror(errno), EXEC_REFUSED);
	execvp(options->command[0], options->command);
	snprintf(error, sizeof(error),
		"command '%.200s': %s; allowed is a program in PATH, or the "
		"path of one",
		options->command[0], strerror(errno));
	return refuse(error, EXEC_REFUSED);
}

struct showing {
	struct progress progress;
	bool begun;
};

static void show_progress(void *context, unsigned done, unsigned of)
{
	struct showing *showing = context;

	if (!showing->begun)
		progress_begin(&showing->progress, "exec", of);
	showing->begun = true;
	(void)done;
	progress_step(&showing->progress, "");
}

static int refuse_path(const char *option, const char *path)
{
	char error[EXEC_ERROR];

	snprintf(error, sizeof(error),
		"--%s '%.400s': %s; allowed is a new name in a folder that may "
		"be written",
		option, path, strerror(errno));
	return refuse(error, EXEC_REFUSED);
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
		code = refuse_path("out", options->out);
	if (options->csv != NULL && exec_write_csv(result, options->csv) != 0)
		code = refuse_path("csv", options->csv);
	return code;
}

static int report(
	const struct exec_options *options, struct exec_result *result)
{
	int code = EXEC_DONE;

	if (result->row_count > 0) {
		exec_print(result, stdout, options->format);
		if (fflush(stdout) != 0 || ferror(stdout))
			code = refuse(strerror(errno), EXEC_REFUSED);
		if (code == EXEC_DONE)
			code = write_files(options, result);
	}
	exec_result_finish(result);
	return code;
}

static int measure(struct exec_options *options)
{
	struct showing showing = {.begun = false};
	struct exec_request request = {
		.command = options->command,
		.variants = options->all_variants ? NULL : options->variants,
		.allocators = options->allocators,
		.launches =
			options->launches > 0 ? options->launches : LAUNCHES,
		.seed = options->seed,
		.margin = options->margin,
		.progress = show_progress,
		.context = &showing,
	};
	struct exec_result result;
	char error[EXEC_ERROR];
	int outcome, code;

	if (options->out != NULL && check_new(options->out) != 0)
		return refuse_path("out", options->out);
	if (options->csv != NULL && check_new(options->csv) != 0)
		return refuse_path("csv", options->csv);
	if (options->allocator_count == 0)
		exec_options_add_standard(options);
	request.allocator_count = options->allocator_count;
	outcome = exec_measure(&request, &result, error);
	if (showing.begun)
		progress_end(&showing.progress);
	if (outcome == EXEC_STOPPED)
		return refuse(error, EXEC_FAILED);
	if (outcome != EXEC_DONE)
		refuse(error, outcome);
	code = outcome == EXEC_REFUSED ? EXEC_DONE : report(options, &result);
	return code != EXEC_DONE ? code : outcome;
}

int exec_command(int argc, char **argv)
{
	struct exec_options options;
	char error[EXEC_ERROR];
	int result = exec_options_read(&options, argc, argv, error);

	if (result != 0)
		return result > 0 ? EXEC_DONE : refuse(error, EXEC_REFUSED);
	if (options.variant_count == 0)
		options.all_variants = true;
	if (!options.all_variants && options.variant_count == 1 &&
		options.allocator_count <= 1 && !options.measured)
		return become(&options);
	return measure(&options);
}
