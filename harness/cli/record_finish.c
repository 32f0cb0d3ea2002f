// SPDX-License-Identifier: MIT
#include "record_finish.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "record_files.h"
#include "trace_finish.h"

/* A process that has ended and that nobody has waited for is none. */
static bool is_dead(pid_t pid)
{
	char name[64], state = 'Z';
	FILE *file;

	if (kill(pid, 0) != 0 && errno == ESRCH)
		return true;
	snprintf(name, sizeof(name), "/proc/%ld/stat", (long)pid);
	file = fopen(name, "re");
	if (file == NULL)
		return errno == ENOENT;
	/* The name stands in brackets, and may hold some. */
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = 'R';
	fclose(file);
	return state == 'Z' || state == 'X';
}

/* Whether the process became another program, which was recorded as well. */
static bool has_later_image(const char *path, const char *other, pid_t pid)
{
	char next[RECORD_PATH_BYTES];

	record_files_next(path, other, (long)pid, next);
	return access(next, F_OK) == 0;
}

/* The trace `other` of the recording whose own is `path`, or that itself. */
static void finish_one(const char *path, const char *other,
	const struct record_end *end, struct error *error)
{
	enum trace_end_kind how = TRACE_END_UNSEEN;
	uint64_t status = 0;
	pid_t pid = (pid_t)trace_store_pid(other);

	if (pid <= 0)
		return;
	if (has_later_image(path, other, pid)) {
		how = TRACE_END_EXEC;
	} else if (pid == end->pid && end->seen) {
		how = WIFSIGNALED(end->status) ? TRACE_END_SIGNAL
					       : TRACE_END_EXIT_GROUP;
		status = WIFSIGNALED(end->status)
			? (uint64_t)WTERMSIG(end->status)
			: (uint64_t)WEXITSTATUS(end->status);
	} else if (pid != end->pid && !is_dead(pid)) {
		return;
	}
	if (trace_store_finish(other, how, status, error) >= 0)
		error->text[0] = '\0';
}

struct recording {
	const char *path;
	const struct record_end *end;
};

static void finish_other(const char *other, void *argument)
{
	const struct recording *recording = argument;
	struct error ignored;

	finish_one(recording->path, other, recording->end, &ignored);
}

void record_finish(
	const char *path, const struct record_end *end, struct error *error)
{
	struct recording recording = {path, end};

	error->text[0] = '\0';
	record_files_each(path, finish_other, &recording);
	finish_one(path, path, end, error);
}
