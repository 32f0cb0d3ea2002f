// SPDX-License-Identifier: MIT
//
// The steps of exec_measure(). Inside exec*.c only. Each returns an
// exec_outcome, with error where it is not EXEC_DONE.
#ifndef SERIALBENCH_EXEC_SESSION_H
#define SERIALBENCH_EXEC_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "csv_writer.h"
#include "error_text.h"
#include "exec.h"
#include "exec_child.h"
#include "exec_environment.h"
#include "exec_program.h"
#include "exec_tail.h"

#define EXEC_PLAN_FILE "plan.csv"
#define EXEC_TRIALS_FILE "trials.csv"

/* What a row is run with. */
struct exec_case {
	const struct allocator *allocator;
	const char *library_variant; /* that the library states; NULL: plain */
	char *preload;
	char *counting_preload; /* with the levelling library */
	size_t level; /* bytes that it adds less than the largest variant */
	bool dead; /* it failed before the launches, which leave it out */
	int status; /* how its runs have to end, from the first one on */
	bool has_status;
	int noted_status; /* that the row's status text names */
	bool has_noted;
};

struct exec_session {
	const struct exec_request *request;
	struct exec_result *result;
	struct exec_case *cases; /* as many as the result has rows */
	size_t case_count;
	char *plain_preload; /* the command as it is */
	struct exec_program program;
	int status; /* how that ended: all runs have to */
	struct exec_tail tail; /* of the last run */
	struct exec_tail complaint; /* of the first run that failed a row */
	unsigned done, of;
	uint64_t state; /* of the random numbers */
	struct error *error;
};

/* Fills the result's rows and the cases from the request. */
int exec_session_init(struct exec_session *session,
	const struct exec_request *request, struct exec_result *result,
	struct error *error);

void exec_session_finish(struct exec_session *session);

/* Runs the command as it is: what it ends like is what is expected. */
int exec_reference(struct exec_session *session);

/* Twice per row with the bytes counted. */
int exec_count(struct exec_session *session);

/* Warm-up, then the launches: fills the trials. */
int exec_time(struct exec_session *session);

/* Medians, ratios and verdicts, from the trials into the rows. */
int exec_judge(struct exec_session *session);

/* With errno's text: EXEC_FAILED without a row where the machine has no more of
 * something, else EXEC_REFUSED. */
int exec_fail(struct exec_session *session, const char *what);

/* The library that a CPython host is told, PYTHON_NO_HOOKS for the first run of
 * all (place -1); NULL for another program. */
const char *exec_python_variant(
	const struct exec_session *session, ptrdiff_t place);

/* "exit code 3" or "killed by signal 9 (Killed)", of a wait status. */
void exec_describe_end(char *text, size_t size, int status);

/* One run of the command; the request's variables are added. EXEC_DONE once
 * there was a process, however it ended. Counting runs have fixed addresses:
 * what is to repeat exactly must not hang on a draw of the kernel. */
int exec_run(struct exec_session *session, struct exec_variables *variables,
	struct exec_child_report *report);

/* Before the timed runs: they have no layers that count, which a CPython may
 * see. */
void exec_forget_ends(struct exec_session *session);

/* Whether a run of a row ended like the first run of all; the row fails when
 * it did not, and its status says in which run. A CPython may see its hooks,
 * and its tests do: there the first exit code of the counting runs holds for
 * those, the warm-up's for the timed ones, and the status names what differs.
 */
bool exec_ended_alike(struct exec_session *session, size_t place,
	const struct exec_child_report *report, const char *when);

__attribute__((format(printf, 2, 3))) void exec_say_status(
	struct exec_row *row, const char *format, ...);

/* The same behind what the status says already, where it is not "ok". */
__attribute__((format(printf, 2, 3))) void exec_add_status(
	struct exec_row *row, const char *format, ...);

/* Closes a file, and removes it where `result` is not 0 or closing fails. 0, or
 * -1 with errno, which stays that of before where `result` is not 0. */
int exec_finish_file(struct csv_writer *writer, const char *path, int result);

/* Where temporary folders are made. */
const char *exec_temporary(void);

/* What is compared within a cell, and what the cell's name ends with. */
enum exec_lanes {
	EXEC_VARIANTS, /* "exec/<allocator>", of its variants */
	EXEC_ALLOCATORS, /* "exec/<variant>", of the allocators below it */
};

void exec_cell_name(char cell[RECORD_TEXT], const struct exec_row *row,
	enum exec_lanes lanes);

/* As exec_write_trials(), which has the variants as lanes. */
int exec_write_lanes(const struct exec_result *result, const char *folder,
	enum exec_lanes lanes);

#endif /* SERIALBENCH_EXEC_SESSION_H */
