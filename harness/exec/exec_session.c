// SPDX-License-Identifier: MIT
//
// From a request to the rows of the table and what each is run with.
#include "exec_session.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alloc_backend.h"
#include "exec_words.h"
#include "lane_spec.h"
#include "python_host.h"

int exec_fail(struct exec_session *session, const char *what)
{
	bool of_machine = error_is_no_room(errno) || errno == EMFILE ||
		errno == ENFILE || errno == ENOMEM || errno == EAGAIN;

	error_set(session->error, "%s: %s", what, error_reason(errno));
	if (!of_machine)
		return EXEC_REFUSED;
	session->result->row_count = 0;
	return EXEC_FAILED;
}

static bool is_wanted(const struct exec_request *request, const char *variant)
{
	const char *const *variants = request->variants;

	if (variants == NULL || strcmp(variant, COMPARE_BASELINE) == 0)
		return true;
	for (size_t i = 0; variants[i] != NULL; i++)
		if (strcmp(variants[i], variant) == 0)
			return true;
	return false;
}

static void add_row(struct exec_session *session, const char *variant,
	const struct allocator *allocator)
{
	size_t place = session->case_count++;
	struct exec_row *row = &session->result->rows[place];
	struct exec_case *one = &session->cases[place];
	struct lane_spec spec;

	*row = (struct exec_row){
		.wall_ms_median = NAN,
		.ratio = NAN,
		.ci_low = NAN,
		.ci_high = NAN,
		.ci_level = NAN,
		.p_raw = NAN,
		.p_adj = NAN,
		.allocator_ratio = NAN,
		.allocator_ci_low = NAN,
		.allocator_ci_high = NAN,
		.allocator_p_adj = NAN,
		.peak_rss_kib = RECORD_NO_COUNT,
		.processes = RECORD_NO_COUNT,
		.live_blocks_at_peak = RECORD_NO_COUNT,
		.requested_bytes_at_peak = RECORD_NO_COUNT,
		.debug_bytes_at_peak = RECORD_NO_COUNT,
		.serial_bytes_at_peak = RECORD_NO_COUNT,
		.usable_bytes_at_peak = RECORD_NO_COUNT,
		.peak_bytes_24 = RECORD_NO_COUNT,
		.peak_bytes_32 = RECORD_NO_COUNT,
		.status = "ok",
	};
	snprintf(row->variant, sizeof(row->variant), "%s", variant);
	snprintf(row->allocator, LANE_TEXT, "%s", allocator->name);
	snprintf(row->allocator_version, LANE_TEXT, "%s",
		allocator->identity.allocator_version);
	session->result->row_count = session->case_count;
	one->allocator = allocator;
	/* CPython's own hooks have no library, but the host is told of them. */
	one->library_variant =
		lane_spec_find(&spec, variant) ? spec.library : variant;
}

static void add_allocator_rows(
	struct exec_session *session, const struct allocator *allocator)
{
	const struct exec_request *request = session->request;

	for (size_t v = 0; alloc_backends[v] != NULL; v++)
		if (alloc_backends[v]->allocates &&
			is_wanted(request, alloc_backends[v]->variant))
			add_row(session, alloc_backends[v]->variant, allocator);
	if (request->python && is_wanted(request, PYTHON_OWN_HOOKS))
		add_row(session, PYTHON_OWN_HOOKS, allocator);
}

static int add_rows(struct exec_session *session)
{
	const struct exec_request *request = session->request;
	struct exec_result *result = session->result;
	size_t variants = 1, rows; /* one that is no backend */

	while (alloc_backends[variants - 1] != NULL)
		variants++;
	rows = variants * request->allocator_count;
	if (rows > EXEC_ROWS_MAX) {
		errno = E2BIG;
		return -1;
	}
	result->rows = calloc(rows + 1, sizeof(*result->rows));
	session->cases = calloc(rows + 1, sizeof(*session->cases));
	if (result->rows == NULL || session->cases == NULL)
		return -1;
	for (size_t a = 0; a < request->allocator_count; a++)
		add_allocator_rows(session, &request->allocators[a]);
	return 0;
}

static size_t serial_bytes(const char *variant)
{
	const struct alloc_backend *backend = alloc_backend_find(variant);

	return backend != NULL ? backend->serial_bytes : 0;
}

static void set_levels(struct exec_session *session)
{
	size_t most = 0;

	for (size_t i = 0; i < session->case_count; i++) {
		size_t bytes = serial_bytes(session->result->rows[i].variant);

		most = bytes > most ? bytes : most;
	}
	for (size_t i = 0; i < session->case_count; i++)
		session->cases[i].level =
			most - serial_bytes(session->result->rows[i].variant);
}

/* Every LD_PRELOAD as long as the longest. */
struct widths {
	size_t wrapper, value;
};

static int set_preload(struct exec_session *session,
	const struct exec_libraries *libraries, const struct widths *widths,
	char **preload)
{
	char value[EXEC_PRELOAD_BYTES];

	if (exec_preload(value, libraries,
		    libraries->wrapper[0] != '\0' ? widths->wrapper : 0,
		    widths->value, session->error) != 0)
		return -1;
	*preload = strdup(value);
	if (*preload != NULL)
		return 0;
	exec_fail(session, "LD_PRELOAD");
	return -1;
}

/* Both of a row: to time and to count. */
static int set_row_preloads(struct exec_session *session, size_t place,
	const struct widths *widths, const char *level)
{
	struct exec_case *one = &session->cases[place];
	char wrapper[EXEC_PRELOAD_BYTES];
	const struct exec_libraries allocator_alone = {
		"", "", one->allocator->library};
	struct exec_libraries libraries = {
		wrapper, "", one->allocator->library};
	struct widths counting = *widths;

	if (session->request->python)
		return set_preload(session, &allocator_alone, widths,
			       &one->preload) != 0
			? -1
			: set_preload(session, &allocator_alone, widths,
				  &one->counting_preload);
	if (exec_library(session->result->rows[place].variant, wrapper,
		    session->error) != 0 ||
		set_preload(session, &libraries, widths, &one->preload) != 0)
		return -1;
	libraries.level = level;
	counting.value += strlen(level) + 1;
	return set_preload(
		session, &libraries, &counting, &one->counting_preload);
}

static int find_widths(struct exec_session *session, struct widths *widths)
{
	char library[EXEC_PRELOAD_BYTES];

	*widths = (struct widths){0};
	for (size_t i = 0; i < session->case_count; i++) {
		size_t length;

		if (session->request->python)
			break; /* nothing of ours is preloaded */
		if (exec_library(session->result->rows[i].variant, library,
			    session->error) != 0)
			return -1;
		length = strlen(library);
		if (length > widths->wrapper)
			widths->wrapper = length;
	}
	for (size_t i = 0; i < session->request->allocator_count; i++) {
		size_t length = widths->wrapper + 1 +
			strlen(session->request->allocators[i].library);

		if (length > widths->value)
			widths->value = length;
	}
	return 0;
}

static int set_preloads(struct exec_session *session)
{
	const struct exec_libraries plain = {
		"", "", session->request->allocators[0].library};
	char level[EXEC_PRELOAD_BYTES];
	struct widths widths;

	if (find_widths(session, &widths) != 0 ||
		exec_level_library(level, session->error) != 0)
		return EXEC_REFUSED;
	set_levels(session);
	for (size_t i = 0; i < session->case_count; i++)
		if (set_row_preloads(session, i, &widths, level) != 0)
			return EXEC_REFUSED;
	return set_preload(session, &plain, &widths, &session->plain_preload) ==
			0
		? EXEC_DONE
		: EXEC_REFUSED;
}

/* Runs that there will be, for the progress. */
static unsigned count_runs(const struct exec_session *session)
{
	unsigned runs = 1;

	for (size_t i = 0; i < session->result->row_count; i++)
		runs += 1 + session->request->launches +
			(session->cases[i].library_variant != NULL ? 2 : 0);
	return runs;
}

int exec_session_init(struct exec_session *session,
	const struct exec_request *request, struct exec_result *result,
	struct error *error)
{
	const char **named = exec_environment_named(request->environment);

	*session = (struct exec_session){
		.request = request,
		.result = result,
		.state = request->seed,
		.error = error,
	};
	*result = (struct exec_result){
		.command = exec_words_join(
			(const char *const *)request->command + request->python,
			request->stdin_file),
		.environment =
			named != NULL ? exec_words_join(named, NULL) : NULL,
		.python = request->python,
		.launches = request->launches,
		.seed = request->seed,
		.margin = request->margin,
	};
	free(named);
	if (result->command == NULL || result->environment == NULL ||
		add_rows(session) != 0)
		return exec_fail(session, "exec");
	if (exec_program_find(&session->program, request->command[0], error) !=
		0)
		return EXEC_REFUSED;
	result->trials = calloc(result->row_count * request->launches + 1,
		sizeof(*result->trials));
	if (result->trials == NULL)
		return exec_fail(session, "exec");
	session->of = count_runs(session);
	/* Found out now rather than when the runs are done. */
	if (access(exec_temporary(), W_OK | X_OK) != 0)
		return exec_fail(session, exec_temporary());
	return set_preloads(session);
}

void exec_session_finish(struct exec_session *session)
{
	for (size_t i = 0; i < session->case_count; i++) {
		free(session->cases[i].preload);
		free(session->cases[i].counting_preload);
	}
	free(session->cases);
	free(session->plain_preload);
}
