// SPDX-License-Identifier: MIT
//
// Where the instrument is tried: one cell with the lanes of an experiment, run
// by the same relay, with the same pilot and the same rule of exclusion as any
// run.
#ifndef SERIALBENCH_CERTIFY_STAND_H
#define SERIALBENCH_CERTIFY_STAND_H

#include "certificate.h"
#include "error_text.h"
#include "relay.h"

#define CERTIFY_LANES 8

/* The workload whose cell every experiment is made on. */
#define CERTIFY_WORKLOAD "pair,size=64"

/* What all experiments of a certificate share. */
struct certify_place {
	const struct topology *topology;
	struct allocator allocator; /* the system's */
	bool pin;
	uint64_t deadline_ns; /* of any single answer */
	uint64_t seed; /* state: every launch draws from it */
};

struct certify_stand {
	struct certify_place *place;
	struct plan_request request;
	struct plan plan;
	struct relay relay;
	struct alloc_backend names[CERTIFY_LANES]; /* only their names */
	char texts[CERTIFY_LANES][48];
	struct trial *rows;
	unsigned launches_done; /* for the link orders */
};

/* The launch medians of a lane against the first, and what they say. */
struct certify_estimate {
	size_t launches;
	double ratio, low, high; /* low, high: NaN where there are too few */
	double level; /* coverage of the interval */
};

/* What of a turn is compared, on the log scale. */
typedef double certify_measure(const struct trial *row);
double certify_time(const struct trial *row);

/*
 * Sets the cell up and pilots it. `lanes` are backends of the certifying
 * worker as planted.h names them or, not `planted`, variants of the suite; all
 * names differ. 0, or -1 with error; finish it in both cases.
 */
int certify_stand_begin(struct certify_stand *stand,
	struct certify_place *place, const char *const *lanes, unsigned count,
	bool planted, unsigned threads, unsigned rounds, unsigned turn_us,
	struct error *error);

/* Another name for a lane: one of the same backend with another amount. */
void certify_stand_name(
	struct certify_stand *stand, unsigned lane, const char *name);

/*
 * So many launches: medians[lane * launches + i] is what the lane of the i-th
 * launch is over the first lane, on the log scale (nothing for lane 0), and
 * orders[i], where `orders` is not NULL, its link order. 0, or -1 as
 * certify_experiment().
 */
int certify_launches(struct certify_stand *stand, unsigned launches,
	certify_measure *measure, double *medians, unsigned *orders,
	struct error *error);

/*
 * One experiment: so many launches, and an estimate of every lane against the
 * first, which has none (estimates[0] is left alone). 0; -1 with error, also
 * where a stop was asked for.
 */
int certify_experiment(struct certify_stand *stand, unsigned launches,
	certify_measure *measure, struct certify_estimate *estimates,
	struct error *error);

/*
 * The wrong design, with as many turns: all of the first lane in one process,
 * then all of the second, each group of `rounds` turns taken for a launch.
 * 0, or -1 with error.
 */
int certify_sequential(struct certify_stand *stand, unsigned groups,
	struct certify_estimate *estimate, struct error *error);

/* Sorts the values on the log scale and estimates. */
void certify_estimate(
	struct certify_estimate *estimate, double *values, size_t count);

/* Whether the interval leaves a ratio of 1 out. */
bool certify_differs(const struct certify_estimate *estimate);

/* Nanoseconds of the cell's operation on one thread, from the pilot, alone. */
double certify_thread_ns(const struct certify_stand *stand);

/* Accepts a zeroed stand. */
void certify_stand_finish(struct certify_stand *stand);

#endif /* SERIALBENCH_CERTIFY_STAND_H */
