// SPDX-License-Identifier: MIT
//
// Two passes: the rows say what is there, the bytes say where (trials_bytes.c).
#include "trials_bytes.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plan_file.h"
#include "plan_lanes.h"

struct scanning {
	struct trials_scan *scan;
	const struct plan *plan;
	const char *path;
	struct error *error;
	size_t rows; /* of the file so far */
	size_t line; /* of the row before */
	struct trials_launch current;
	char cell[RECORD_TEXT]; /* of the current launch */
	size_t lanes; /* of the current launch */
	uint64_t rounds; /* of the current launch; 0: any number */
	bool miscounted, ended_badly, after_rounds;
	uint64_t round_ops, round_checksum;
	size_t odd_line; /* of a row that did other work than its round; or 0 */
	bool *seen; /* by order in the plan */
};

static int refuse(const struct scanning *scanning, size_t line,
	const char *column, const char *what, const char *found)
{
	return csv_fail(scanning->error, scanning->path, line, column,
		"'%.64s': allowed is %.150s", found, what);
}

static int refuse_count(const struct scanning *scanning,
	const struct trial *trial, const char *column, uint64_t found,
	uint64_t allowed)
{
	char text[24] = "", what[64];

	if (found != RECORD_NO_COUNT)
		snprintf(text, sizeof(text), "%" PRIu64, found);
	snprintf(what, sizeof(what), "%" PRIu64 " here", allowed);
	return refuse(scanning, trial->line, column, what, text);
}

/*
 * Whether all rows of the launch are there. Without a failure that is every
 * turn. A worker that failed in a turn ends the launch, but for a miscount,
 * which is known when its round is complete; one that failed after the last
 * round has its row before all others (run_launches.c), or a kill between the
 * two would make a good launch of it.
 */
static bool is_whole(const struct scanning *scanning)
{
	size_t lanes = scanning->lanes;
	size_t all = lanes * scanning->rounds;
	size_t count = scanning->current.row_count;

	if (scanning->after_rounds)
		return count == all + 1;
	if (scanning->ended_badly)
		return true;
	if (scanning->miscounted || scanning->rounds == 0)
		return count % lanes == 0;
	return count == all;
}

/* The launch that was read has ended. 0, 1 where it is not whole, or -1. */
static int end_launch(struct scanning *scanning)
{
	struct trials_scan *scan = scanning->scan;
	struct trials_launch *larger;

	if (scanning->current.launch == NULL)
		return 0;
	if (!is_whole(scanning))
		return 1;
	/* Of a launch that failed it is known, and by whom. */
	if (!scanning->current.failed && scanning->odd_line > 0)
		return refuse(scanning, scanning->odd_line, "checksum",
			"the operations of the round's first turn",
			scanning->cell);
	/* A power of two: full. */
	if ((scan->count & (scan->count - 1)) == 0) {
		size_t room = scan->count == 0 ? 1 : 2 * scan->count;

		larger = reallocarray(
			scan->launches, room, sizeof(*scan->launches));
		if (larger == NULL) {
			return error_set(
				scanning->error, "%s", error_reason(errno));
		}
		scan->launches = larger;
	}
	if (scanning->current.failed)
		scanning->current.rounds = scanning->current.rounds_excluded =
			0;
	scan->launches[scan->count++] = scanning->current;
	scanning->current.launch = NULL;
	return 0;
}

/* Where nothing says how many rounds a launch has, a failure after the last one
 * does; any other launch begins with round 0. */
static void begin_rounds(
	struct scanning *scanning, unsigned rounds, const struct trial *first)
{
	scanning->rounds = rounds > 0 ? rounds : first->round;
	scanning->after_rounds =
		first->round > 0 && first->round == scanning->rounds;
}

static int begin_launch(struct scanning *scanning, const struct trial *trial)
{
	const struct plan *plan = scanning->plan;
	struct plan_launch *launch =
		plan_find_launch(plan, trial->cell, trial->launch);
	int unfinished = end_launch(scanning);
	char text[24];

	if (unfinished != 0)
		return unfinished < 0
			? -1
			: refuse(scanning, scanning->line, "launch",
				  "a launch that is whole, but "
				  "at the end of the file",
				  scanning->cell);
	if (launch == NULL)
		return refuse(scanning, trial->line, "cell",
			"a cell and launch of plan.csv", trial->cell);
	if (scanning->seen[launch - plan->launches]) {
		snprintf(text, sizeof(text), "%" PRIu64, trial->launch);
		return refuse(scanning, trial->line, "launch",
			"each launch once", text);
	}
	scanning->seen[launch - plan->launches] = true;
	scanning->current = (struct trials_launch){
		.launch = launch, .first_row = scanning->rows};
	snprintf(scanning->cell, RECORD_TEXT, "%s", trial->cell);
	scanning->miscounted = scanning->ended_badly = false;
	scanning->odd_line = 0;
	scanning->lanes = plan_lane_count(plan->request, launch->launch);
	begin_rounds(scanning, plan->cells[launch->cell].rounds, trial);
	return 0;
}

/* What the plan and the build say of every row of a launch. */
static int check_origin(
	const struct scanning *scanning, const struct trial *trial)
{
	const struct plan *plan = scanning->plan;
	const struct plan_launch *launch = scanning->current.launch;
	const struct peer *peer =
		plan_peer_named(plan->request, trial->variant);
	const struct allocator *allocator = peer != NULL
		? &peer->allocator
		: &plan->request
			   ->allocators[plan->cells[launch->cell].allocator];
	const struct lane_identity *identity = &allocator->identity;

	if (trial->seed != launch->seed)
		return refuse_count(
			scanning, trial, "seed", trial->seed, launch->seed);
	if (trial->link_order != launch->link_order)
		return refuse_count(scanning, trial, "link_order",
			trial->link_order, launch->link_order);
	if (trial->env_bytes != launch->env_bytes)
		return refuse_count(scanning, trial, "env_bytes",
			trial->env_bytes, launch->env_bytes);
	if (strcmp(trial->build_id, identity->build_id) != 0)
		return refuse(scanning, trial->line, "build_id",
			identity->build_id, trial->build_id);
	if (strcmp(trial->allocator_version, identity->allocator_version) != 0)
		return refuse(scanning, trial->line, "allocator_version",
			identity->allocator_version, trial->allocator_version);
	return 0;
}

/* That it has one turn in a round is trials_read()'s to see. */
static int check_variant(
	const struct scanning *scanning, const struct trial *trial)
{
	const struct plan_request *request = scanning->plan->request;
	const struct plan_launch *launch = scanning->current.launch;
	size_t lane = 0;

	while (lane < request->variant_count &&
		strcmp(request->variants[lane]->variant, trial->variant) != 0)
		lane++;
	if (lane == request->variant_count)
		return refuse(scanning, trial->line, "variant",
			"a variant of the run's meta.json", trial->variant);
	if (plan_lane_rides(request, lane, launch->launch))
		return 0;
	return refuse(scanning, trial->line, "variant",
		"a variant that rides in this launch", trial->variant);
}

/* Rounds and positions count up: no row is lost or there twice. */
static int check_place(
	const struct scanning *scanning, const struct trial *trial)
{
	size_t lanes = scanning->lanes;
	size_t row = scanning->current.row_count;

	if (scanning->after_rounds) {
		if (row == 0)
			return 0;
		row--;
	}
	/* A failure between two rounds says no position. */
	if (strcmp(trial->status, lane_status_name(LANE_OK)) != 0)
		return 0;
	if (trial->round != row / lanes)
		return refuse_count(
			scanning, trial, "round", trial->round, row / lanes);
	if (trial->position != row % lanes)
		return refuse_count(scanning, trial, "position",
			trial->position, row % lanes);
	return 0;
}

/* All lanes of a round do the same operations. */
static void note_work(struct scanning *scanning, const struct trial *trial)
{
	if (trial->position == 0) {
		scanning->round_ops = trial->ops;
		scanning->round_checksum = trial->checksum;
		scanning->current.rounds++;
		scanning->current.rounds_excluded += trial->excluded == 1;
	} else if (trial->ops != scanning->round_ops ||
		trial->checksum != scanning->round_checksum) {
		scanning->odd_line = trial->line;
	}
}

static void note_failure(struct scanning *scanning, const struct trial *trial)
{
	bool miscounted =
		strcmp(trial->status, lane_status_name(LANE_MISCOUNTED)) == 0;

	scanning->current.failed = true;
	if (miscounted)
		scanning->miscounted = true;
	else if (!scanning->after_rounds)
		scanning->ended_badly = true;
}

static bool is_same_launch(
	const struct scanning *scanning, const struct trial *trial)
{
	const struct plan_launch *launch = scanning->current.launch;

	return launch != NULL && trial->launch == launch->launch &&
		strcmp(trial->cell, scanning->cell) == 0 &&
		!scanning->ended_badly;
}

static int each_row(const struct trial *trial, void *context)
{
	struct scanning *scanning = context;

	if (!is_same_launch(scanning, trial) &&
		begin_launch(scanning, trial) != 0)
		return -1;
	if (check_origin(scanning, trial) != 0 ||
		check_place(scanning, trial) != 0 ||
		check_variant(scanning, trial) != 0)
		return -1;
	if (strcmp(trial->status, lane_status_name(LANE_OK)) == 0)
		note_work(scanning, trial);
	else
		note_failure(scanning, trial);
	scanning->current.row_count++;
	scanning->rows++;
	scanning->line = trial->line;
	return 0;
}

int trials_scan(struct trials_scan *scan, const struct plan *plan,
	const char *path, struct error *error)
{
	struct scanning scanning = {
		.scan = scan, .plan = plan, .path = path, .error = error};
	int result = -1;

	memset(scan, 0, sizeof(*scan));
	if (access(path, F_OK) != 0)
		return error_set_errno(error, path);
	if (!trials_bytes_own(path))
		return error_set(error, "%s: %s", path,
			"other columns than this build writes");
	scanning.seen =
		calloc(plan->launch_count + plan->extra_count, sizeof(bool));
	if (scanning.seen != NULL)
		result = trials_read(path, each_row, &scanning, error);
	else
		error_set(error, "%s", error_reason(errno));
	if (result == 0)
		result = end_launch(&scanning) < 0 ? -1 : 0;
	if (result == 0 && trials_bytes_find(scan, path) != 0) {
		error_set(error, "%s: %s", path, error_reason(errno));
		result = -1;
	}
	free(scanning.seen);
	return result;
}

void trials_scan_finish(struct trials_scan *scan)
{
	free(scan->launches);
	memset(scan, 0, sizeof(*scan));
}
