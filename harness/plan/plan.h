// SPDX-License-Identifier: MIT
//
// What a run will do, all of it drawn before it begins: the cells, and every
// launch of every cell in the order in which it will run.
#ifndef SERIALBENCH_PLAN_H
#define SERIALBENCH_PLAN_H

#include "allocators.h"
#include "error_text.h"
#include "lane.h"
#include "latin_square.h"
#include "peer.h"
#include "plan_source.h"
#include "record.h"
#include "topology.h"

#define PLAN_LIST 128 /* entries of a list on the command line */
#define PLAN_EXTRA 999 /* most extra launches of a cell; of all link orders */
#define PLAN_ROUNDS 10000 /* most rounds of a launch that can be asked for */
#define PLAN_ID 17 /* bytes of a plan's identity with its NUL */

/* Padding of a worker's environment is below this: more of it moves the stack
 * by no more pages. */
#define PLAN_ENV_BYTES 4096

/* The most by which a launch moves its heaps: a page, within which the low
 * bits of all addresses change. */
#define PLAN_HEAP_BYTES 4096

/* What is asked for; the presets fill what the command line leaves out. */
struct plan_request {
	const char *workloads[PLAN_LIST];
	size_t workload_count;
	unsigned threads[PLAN_LIST];
	size_t thread_count;
	enum placement placements[PLACEMENTS];
	size_t placement_count;
	bool placements_that_exist; /* pass over the others */
	const struct alloc_backend *variants[LATIN_MAX];
	size_t variant_count;
	struct peer peers[PEER_LIST]; /* whose lanes are among the variants */
	size_t peer_count;
	struct allocator allocators[PLAN_LIST];
	size_t allocator_count;
	unsigned launches; /* of a cell */
	/* Of a cell beyond those, at most; a multiple of LINK_ORDERS. */
	unsigned extra_launches;
	unsigned rounds; /* of a launch; 0: the pilot chooses, cell by cell */
	/* Lanes of plan_lanes.h ride in one launch of so many, once a cell has
	 * enough; 0 and 1: in every one. */
	unsigned control_spacing;
	unsigned turn_us; /* timed part of a turn, about, as pilot.h has it */
	uint64_t seed;
	bool pin;
	/* The thread counts were named; else a workload with a team of its own
	 * has that. */
	bool threads_named;
	bool planted; /* on the certifying worker */
	bool confirmatory; /* the workloads were named: all are headline */
	const char *worker; /* program of the lanes; NULL: LANE_WORKER */
	struct plan_sources sources; /* of a run that is taken up again */
};

struct plan_cell {
	char name[RECORD_TEXT];
	char workload[WORKLOAD_TEXT]; /* in the cell's name */
	char asked[WORKLOAD_TEXT]; /* as workload_parse reads it */
	char params[WORKLOAD_TEXT]; /* all of them */
	const char *workload_name;
	size_t allocator; /* index into the request's */
	unsigned threads;
	unsigned counted_threads; /* whose operations count */
	enum placement placement;
	bool headline;

	/* From the pilot, of each thread and turn; 0 before it. */
	uint64_t ops, warmup_ops;
	double alone_ns_per_op, relay_ns_per_op; /* as pilot.h has them */
	/* Of each launch; 0 where the pilot has not chosen them yet. */
	unsigned rounds;
	/* From the rehearsal, as rehearsal.h has them; NaN without one. */
	double round_sd, start_ns, round_ns;
	/* Of the passes, as launch_shares.h has it; 0 before it is set. */
	double share;
	bool failed; /* the pilot failed twice: no launch is run */
	bool dropped; /* for the time budget (drop_cells.h): likewise */
};

/* One launch, the independent unit: everything random in it comes from its
 * seed. */
struct plan_launch {
	size_t cell;
	unsigned launch; /* of the cell, from 0 */
	uint64_t seed;
	unsigned link_order;
	unsigned env_bytes;
	bool left; /* for this run to do: not done, and of its shard */
};

struct plan {
	const struct plan_request *request;
	struct plan_cell *cells;
	size_t cell_count;
	struct plan_launch *launches; /* in order, then the possible extra */
	size_t launch_count; /* of those that are planned */
	size_t extra_count; /* of those behind them, as plan_extra has them */
	struct plan_sources *sources; /* as they are now; NULL: not looked at */
	struct error remarks; /* lines for a person, each ended; or empty */
};

enum plan_preset { PRESET_QUICK, PRESET_STANDARD, PRESET_THOROUGH };

const char *plan_preset_name(enum plan_preset preset);

/* After how many seconds a run of this size ends its launches, 0: never. */
unsigned plan_preset_budget_s(enum plan_preset preset);

/* Fills what the request leaves empty (0, no list) from a preset for a machine
 * with `pus` PUs. Allocators and variants stay as they are; rounds that are not
 * named are left to the pilot. */
void plan_apply_preset(
	struct plan_request *request, enum plan_preset preset, unsigned pus);

/* Whether a workload is of the confirmatory family: those of the standard run,
 * or those that the command line named. */
bool plan_is_headline(const struct plan_request *request, const char *workload);

/* The allocators that a preset wants, closed by NULL. */
const char *const *plan_preset_allocators(enum plan_preset preset);

/*
 * Crosses the lists to cells and draws the order: pass by pass, each pass one
 * launch of every cell in random order, so that a run that is stopped is
 * balanced to within one launch (or, under a budget, launch_shares.h). The
 * request must outlive the plan. 0, or -1 with one line in error.
 */
int plan_create(struct plan *plan, const struct plan_request *request,
	const struct topology *topology, struct error *error);

/* Neither failed nor dropped. */
bool plan_cell_runs(const struct plan_cell *cell);

/* The most rounds that a launch of any cell has; 0 where none is known. */
unsigned plan_most_rounds(const struct plan *plan);

/* Adds one cell without launches; `text` is the workload as it was asked for.
 * One that is there, or that no allocator makes different, is passed over. 0,
 * or -1 with error. */
int plan_add_cell(struct plan *plan, const char *text, size_t allocator,
	unsigned threads, enum placement placement, struct error *error);

/* Looks at the files that the cells read. 0, or -1 with error. */
int plan_look_at_sources(struct plan *plan, struct error *error);

/* The peer whose lane stands at a variant's place, or NULL. */
const struct peer *plan_peer(const struct plan_request *request,
	const struct alloc_backend *variant);

/* The same by name. */
const struct peer *plan_peer_named(
	const struct plan_request *request, const char *name);

/*
 * How the worker of a variant begins: its backend's name in the setup, the
 * library and variables in the start. Returns the allocator that it has to
 * prove: `allocator`, or the peer's own.
 */
const struct allocator *plan_start_lane(const struct plan_request *request,
	const struct alloc_backend *variant, const struct allocator *allocator,
	struct lane_setup *setup, struct lane_start *start);

/*
 * Adds the request's extra launches to a plan that has none: those which may
 * follow, as many of each cell. Each is drawn from the seed of its cell's
 * launch 0, so that every reader of the plan finds the same. 0, or -1 with
 * errno.
 */
int plan_add_extra(struct plan *plan);

bool plan_is_extra(const struct plan *plan, const struct plan_launch *launch);

/* Extra launch `index` of a cell, from 0. */
struct plan_launch *plan_extra(
	const struct plan *plan, size_t cell, unsigned index);

/* Bytes of the block that each thread of the launch takes before its set-up: a
 * multiple of 16 up to PLAN_HEAP_BYTES, from the launch's seed. */
unsigned plan_heap_bytes(const struct plan_launch *launch);

/* Accepts NULL and a zeroed plan. */
void plan_finish(struct plan *plan);

#endif /* SERIALBENCH_PLAN_H */
