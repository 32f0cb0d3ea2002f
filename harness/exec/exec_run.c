// SPDX-License-Identifier: MIT
//
// One run of the command, and whether it ended as it should.
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exec_environment.h"
#include "exec_session.h"
#include "exec_spawn.h"
#include "python_host.h"

void exec_describe_end(char *text, size_t size, int status)
{
	if (WIFSIGNALED(status))
		snprintf(text, size, "killed by signal %d (%s)",
			WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		snprintf(text, size, "exit code %d", WEXITSTATUS(status));
}

static void step(struct exec_session *session)
{
	const struct exec_request *request = session->request;

	session->done++;
	if (request->progress != NULL)
		request->progress(request->context, session->done, session->of);
}

/* The program is not to blame where the helper or a file is. */
static int refuse_run(struct exec_session *session, int result)
{
	const struct exec_request *request = session->request;

	if (result > 0) {
		error_set(session->error,
			"command '%s': killed its parent or its process group, "
			"and so what measures it; allowed is a program that "
			"leaves these alone",
			request->command[0]);
		exec_tail_add(&session->tail, session->error);
		session->result->row_count = 0;
		return EXEC_FAILED;
	}
	if (request->stdin_file != NULL &&
		access(request->stdin_file, R_OK) != 0)
		return exec_fail(session, request->stdin_file);
	return exec_fail(session, "serialbench-exec-child");
}

int exec_run(struct exec_session *session, struct exec_variables *variables,
	struct exec_child_report *report)
{
	const struct exec_request *request = session->request;
	struct exec_start start = {
		.command = request->command,
		.stdin_file = request->stdin_file,
		.fixed = variables->dbgalloc != NULL,
	};
	char **environment;
	int result;

	variables->added = request->environment;
	environment = exec_environment(variables);
	if (environment == NULL)
		return exec_fail(session, "environment");
	start.environment = environment;
	result = exec_spawn(&start, report, &session->tail);
	free(environment);
	if (exec_stopped()) {
		error_set(session->error,
			"stopped by a signal; nothing was written");
		return EXEC_STOPPED;
	}
	if (result != 0)
		return refuse_run(session, result);
	if (report->spawn_error != 0) {
		exec_program_refuse(request->command[0], report->spawn_error,
			session->error);
		return EXEC_REFUSED;
	}
	step(session);
	return EXEC_DONE;
}

const char *exec_python_variant(
	const struct exec_session *session, ptrdiff_t place)
{
	if (!session->request->python)
		return NULL;
	return place < 0
		? PYTHON_NO_HOOKS
		: exec_python_library(session->result->rows[place].variant);
}

int exec_reference(struct exec_session *session)
{
	struct exec_variables variables = {.preload = session->plain_preload,
		.python = exec_python_variant(session, -1)};
	struct exec_child_report report;
	char end[96];
	int outcome = exec_run(session, &variables, &report);

	if (outcome != EXEC_DONE)
		return outcome;
	session->status = session->result->status = report.status;
	if (report.status == 0 || session->request->allow_failure)
		return EXEC_DONE;
	exec_describe_end(end, sizeof(end), report.status);
	error_set(session->error,
		"command '%s': %s by itself, without the debug wrapper; "
		"allowed is a program that ends with exit code 0, or any with "
		"--allow-failure",
		session->request->command[0], end);
	error_add_limits(session->error);
	exec_tail_add(&session->tail, session->error);
	session->result->row_count = 0;
	return EXEC_FAILED;
}

void exec_say_status(struct exec_row *row, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	vsnprintf(row->status, sizeof(row->status), format, values);
	va_end(values);
}

void exec_add_status(struct exec_row *row, const char *format, ...)
{
	size_t used = strlen(row->status);
	va_list values;

	if (strcmp(row->status, "ok") == 0)
		used = 0;
	else
		used += (size_t)snprintf(
			row->status + used, sizeof(row->status) - used, "; ");
	if (used >= sizeof(row->status))
		return;
	va_start(values, format);
	vsnprintf(
		row->status + used, sizeof(row->status) - used, format, values);
	va_end(values);
}

void exec_forget_ends(struct exec_session *session)
{
	for (size_t i = 0; i < session->case_count; i++)
		session->cases[i].has_status = false;
}

static void note_end(struct exec_session *session, size_t place,
	const char *when, int status)
{
	struct exec_case *one = &session->cases[place];
	char end[96], by_itself[96];

	if (one->has_noted && one->noted_status == status)
		return;
	one->has_noted = true;
	one->noted_status = status;
	exec_describe_end(end, sizeof(end), status);
	exec_describe_end(by_itself, sizeof(by_itself), session->status);
	exec_add_status(&session->result->rows[place],
		"%s: %s, without hooks %s", when, end, by_itself);
}

/* The row's own expectation; taken from the first run of its kind. */
static int expected_status(struct exec_session *session, size_t place,
	const char *when, int status)
{
	struct exec_case *one = &session->cases[place];

	if (one->has_status)
		return one->status;
	one->has_status = true;
	one->status = session->status;
	if (!session->request->python || WIFSIGNALED(status) ||
		status == session->status)
		return one->status;
	one->status = status;
	note_end(session, place, when, status);
	return status;
}

bool exec_ended_alike(struct exec_session *session, size_t place,
	const struct exec_child_report *report, const char *when)
{
	struct exec_row *row = &session->result->rows[place];
	int wanted = expected_status(session, place, when, report->status);
	char end[96], expected[96];

	if (report->status == wanted)
		return true;
	exec_describe_end(end, sizeof(end), report->status);
	exec_describe_end(expected, sizeof(expected), wanted);
	if (!row->failed)
		exec_say_status(row, "failed: %s: %s, by itself %s", when, end,
			expected);
	row->failed = 1;
	if (session->complaint.all == 0)
		session->complaint = session->tail;
	return false;
}
