// SPDX-License-Identifier: MIT
//
// The launches: every row once, in an order drawn afresh. What lasts longer
// than a launch falls on all rows alike.
#include "clock.h"
#include "exec_session.h"
#include "latin_square.h"
#include "prng.h"

/* Of the environment, which moves the stack: drawn for each launch. */
#define PADDING_MAX 4096

static uint64_t microseconds(struct timeval time)
{
	return (uint64_t)time.tv_sec * 1000000u + (uint64_t)time.tv_usec;
}

static void fill_trial(
	struct exec_trial *trial, const struct exec_child_report *report)
{
	const struct rusage *usage = &report->usage;

	trial->wall_ns = report->wall_ns;
	trial->cpu_ns = 1000 *
		(microseconds(usage->ru_utime) + microseconds(usage->ru_stime));
	trial->peak_rss_kib = (uint64_t)usage->ru_maxrss;
	trial->minflt = (uint64_t)usage->ru_minflt;
	trial->majflt = (uint64_t)usage->ru_majflt;
	trial->nvcsw = (uint64_t)usage->ru_nvcsw;
	trial->nivcsw = (uint64_t)usage->ru_nivcsw;
}

/* One run of a row; `launch` 0 is the warm-up, which is not kept. */
static int time_row(struct exec_session *session, unsigned place,
	unsigned launch, unsigned position, size_t padding)
{
	struct exec_result *result = session->result;
	struct exec_trial *trial = &result->trials[result->trial_count];
	struct exec_variables variables = {
		.preload = session->cases[place].preload,
		.padding = padding,
		.python = exec_python_variant(session, place)};
	struct exec_child_report report;
	uint64_t start = clock_ns(CLOCK_REALTIME);
	char when[32] = "warm-up";
	int outcome = exec_run(session, &variables, &report);

	if (outcome != EXEC_DONE)
		return outcome;
	if (launch > 0)
		snprintf(when, sizeof(when), "launch %u", launch);
	*trial = (struct exec_trial){
		.row = place,
		.launch = launch - 1,
		.position = position,
		.environment_bytes = (uint32_t)padding,
		.start_unix_ns = start,
		.failed = !exec_ended_alike(session, place, &report, when),
	};
	fill_trial(trial, &report);
	if (launch > 0)
		result->trial_count++;
	else
		session->cases[place].dead = trial->failed != 0;
	return EXEC_DONE;
}

int exec_time(struct exec_session *session)
{
	unsigned rows = (unsigned)session->result->row_count;
	unsigned order[EXEC_ROWS_MAX];

	exec_forget_ends(session);
	for (unsigned launch = 0; launch <= session->request->launches;
		launch++) {
		size_t padding = prng_below(&session->state, PADDING_MAX);

		shuffle_indexes(order, rows, &session->state);
		for (unsigned i = 0; i < rows; i++) {
			int outcome = EXEC_DONE;

			if (!session->cases[order[i]].dead)
				outcome = time_row(
					session, order[i], launch, i, padding);
			if (outcome != EXEC_DONE)
				return outcome;
		}
	}
	return EXEC_DONE;
}
