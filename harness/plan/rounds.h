// SPDX-License-Identifier: MIT
//
// How many rounds the launches of each cell have: what makes the most of the
// time, by what a launch's start and a round cost. And what rounds let expect
// of an interval, from how far they lie apart; never from which lane is which,
// nor from who is faster. No function allocates; all are thread-safe.
#ifndef SERIALBENCH_ROUNDS_H
#define SERIALBENCH_ROUNDS_H

#include <stddef.h>

/* With fewer, one disturbed round of a launch is not outvoted. */
#define ROUNDS_LEAST 3

/* The median of so many has a third of a round's deviation. */
#define ROUNDS_MOST 15

/*
 * The variance of a launch's ratio is that between launches, and that of a
 * round by the number of rounds; this is the second over the first, as
 * results/reference/rounds_share.py finds it in a run of 15 rounds.
 */
#define ROUNDS_SHARE 7.07

/* The half width of an interval that is aimed at: ±1 %. */
#define ROUNDS_TARGET 0.01

/* The most rounds of a rehearsal that rounds_deviation() can correct for. */
#define ROUNDS_REHEARSED 4

/*
 * Standard deviation of the log ratio of two lanes in a round:
 * logs[round * lanes + lane] is the log of a turn's time. The ratios of every
 * two lanes are taken about their own median over the rounds, and the median
 * of all their distances from it is scaled to what it is for normal values. A
 * factor on any lane or round changes nothing, nor does another order of
 * either. `room` has place for rounds_room() values. NaN with less than two
 * lanes or rounds, or more than ROUNDS_REHEARSED rounds.
 */
double rounds_deviation(
	const double *logs, size_t lanes, size_t rounds, double *room);
size_t rounds_room(size_t lanes, size_t rounds);

/*
 * Half the width, as a ratio less 1, that the interval over so many launches
 * will have by the scatter of its rounds alone. The median of r values has
 * about π/2 times the variance of their mean. With fewer launches than an
 * interval takes it is that of the fewest.
 */
double rounds_half_width(double deviation, unsigned rounds, unsigned launches);

/*
 * Of the time that launches take, the most is made with sqrt(share × start /
 * round) rounds in each: with fewer it goes into starting, with more into
 * rounds that tell the same of one launch. The rule of two-stage sampling
 * (Cochran, Sampling Techniques, 1977). An odd number: where a few turns are
 * far off, the mean of the two rounds in the middle is no better than the
 * middle one of a round less. ROUNDS_LEAST to ROUNDS_MOST, and the least where
 * a time is not known.
 */
unsigned rounds_best(double start_s, double round_s);

#endif /* SERIALBENCH_ROUNDS_H */
