// SPDX-License-Identifier: MIT
#include "exec.h"

#include <stdlib.h>
#include <string.h>

#include "alloc_backend.h"
#include "exec_session.h"
#include "exec_spawn.h"

int exec_variant_known(const char *variant)
{
	const struct alloc_backend *backend = alloc_backend_find(variant);

	return backend != NULL && backend->allocates;
}

/* The failed rows in one line. EXEC_DONE where there is none. */
static int sum_up(struct exec_session *session)
{
	const struct exec_result *result = session->result;
	const struct exec_row *first = NULL;
	size_t failed = 0;

	for (size_t i = 0; i < result->row_count; i++) {
		failed += result->rows[i].failed != 0;
		if (first == NULL && result->rows[i].failed)
			first = &result->rows[i];
	}
	if (first == NULL)
		return EXEC_DONE;
	error_set(session->error, "%zu of %zu rows failed; %s over %s: %s",
		failed, result->row_count, first->variant, first->allocator,
		first->status);
	error_add_limits(session->error);
	exec_tail_add(&session->complaint, session->error);
	return EXEC_FAILED;
}

static int run_session(struct exec_session *session)
{
	int (*const steps[])(struct exec_session *) = {
		exec_reference, exec_count, exec_time, exec_judge, sum_up};
	int outcome = EXEC_DONE;

	for (size_t i = 0;
		outcome == EXEC_DONE && i < sizeof(steps) / sizeof(steps[0]);
		i++)
		outcome = steps[i](session);
	return outcome;
}

int exec_measure(const struct exec_request *request, struct exec_result *result,
	struct error *error)
{
	struct exec_session session;
	struct exec_signals signals;
	int outcome;

	error->text[0] = '\0';
	outcome = exec_session_init(&session, request, result, error);
	if (outcome == EXEC_DONE) {
		exec_signals_begin(&signals);
		outcome = run_session(&session);
		exec_signals_finish(&signals);
	}
	exec_session_finish(&session);
	if (outcome == EXEC_REFUSED || outcome == EXEC_STOPPED)
		exec_result_finish(result);
	return outcome;
}

void exec_result_finish(struct exec_result *result)
{
	if (result == NULL)
		return;
	free(result->command);
	free(result->environment);
	free(result->rows);
	free(result->trials);
	memset(result, 0, sizeof(*result));
}
