// SPDX-License-Identifier: MIT
//
// The counting runs: exact, so two are enough, and they have to agree.
#include <stddef.h>
#include <string.h>

#include "exec_count.h"
#include "exec_session.h"

#define COUNTINGS 2

static int refuse_uncounted(
	struct exec_session *session, const char *library_variant)
{
	const char *why = exec_program_unwrapped(&session->program);

	if (session->request->python) {
		error_set(session->error,
			"%s: ended before its hooks were installed",
			session->request->command[0]);
		return EXEC_REFUSED;
	}
	error_set(session->error,
		"command '%s': runs without the debug wrapper: none of its "
		"processes came up with libdbgalloc-%s.so%s%s; allowed is a "
		"dynamically linked program that is not setuid",
		session->request->command[0], library_variant,
		why != NULL ? ": it " : "", why != NULL ? why : "");
	exec_tail_add(&session->tail, session->error);
	return EXEC_REFUSED;
}

/* What a row's processes sign their counts with. */
static const char *counting_variant(
	const struct exec_session *session, size_t place)
{
	const struct exec_row *row = &session->result->rows[place];

	return session->request->python ? exec_python_library(row->variant)
					: session->cases[place].library_variant;
}

/* One counting run: the counts, and whether they are any. */
static int count_once(struct exec_session *session, size_t place,
	struct exec_counts *counts, bool *counted)
{
	const struct exec_case *one = &session->cases[place];
	struct exec_row *row = &session->result->rows[place];
	struct exec_variables variables = {.preload = one->counting_preload,
		.level = one->level,
		.python = exec_python_variant(session, (ptrdiff_t)place)};
	struct exec_child_report report;
	struct exec_counter counter;
	struct error wrong;
	int outcome, result;

	*counted = false;
	if (exec_counter_init(&counter) != 0)
		return exec_fail(session, "accounting file");
	variables.dbgalloc = counter.option;
	outcome = exec_run(session, &variables, &report);
	if (outcome != EXEC_DONE)
		goto out;
	result = exec_counter_read(
		&counter, counting_variant(session, place), counts, &wrong);
	if (result > 0)
		outcome = refuse_uncounted(session, one->library_variant);
	else if (!exec_ended_alike(session, place, &report, "counting run"))
		;
	else if (result < 0)
		exec_say_status(row, "not counted: %s", wrong.text);
	else
		*counted = true;
out:
	exec_counter_finish(&counter);
	return outcome;
}

static void compare_counts(struct exec_row *row, const struct exec_counts *a,
	const struct exec_counts *b)
{
	static const struct {
		const char *name;
		size_t offset;
	} counts[] = {
		{"live blocks", offsetof(struct exec_counts, live_blocks)},
		{"requested bytes", offsetof(struct exec_counts, requested)},
		{"debug bytes", offsetof(struct exec_counts, debug_bytes)},
		{"usable bytes", offsetof(struct exec_counts, usable)},
		{"processes", offsetof(struct exec_counts, processes)},
	};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		uint64_t first, second;

		memcpy(&first, (const char *)a + counts[i].offset,
			sizeof(first));
		memcpy(&second, (const char *)b + counts[i].offset,
			sizeof(second));
		if (first == second)
			continue;
		exec_add_status(row, "counts do not repeat: %s %llu, then %llu",
			counts[i].name, (unsigned long long)first,
			(unsigned long long)second);
		return;
	}
}

static void fill_python(struct exec_row *row, const struct exec_counts *counts)
{
	row->usable_bytes_at_peak = counts->usable;
	row->peak_bytes_24 = counts->requested + 24 * counts->live_blocks;
	row->peak_bytes_32 = counts->requested + 32 * counts->live_blocks;
}

static int count_row(struct exec_session *session, size_t place)
{
	struct exec_row *row = &session->result->rows[place];
	struct exec_counts counts[COUNTINGS];
	bool counted;

	for (int i = 0; i < COUNTINGS; i++) {
		int outcome = count_once(session, place, &counts[i], &counted);

		session->cases[place].dead = row->failed != 0;
		if (outcome != EXEC_DONE || !counted)
			return outcome;
	}
	compare_counts(row, &counts[0], &counts[1]);
	if (counts[0].calls == 0)
		session->result->unseen = true;
	row->processes = counts[0].processes;
	row->live_blocks_at_peak = counts[0].live_blocks;
	row->requested_bytes_at_peak = counts[0].requested;
	row->debug_bytes_at_peak = counts[0].debug_bytes;
	row->serial_bytes_at_peak = counts[0].serial_bytes;
	if (session->request->python)
		fill_python(row, &counts[0]);
	return EXEC_DONE;
}

int exec_count(struct exec_session *session)
{
	int outcome = EXEC_DONE;

	for (size_t i = 0;
		outcome == EXEC_DONE && i < session->result->row_count; i++)
		if (session->cases[i].library_variant != NULL)
			outcome = count_row(session, i);
	return outcome;
}
