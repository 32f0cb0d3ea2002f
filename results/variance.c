// SPDX-License-Identifier: MIT
//
// Nested analysis of variance by the method of moments: mean squares are set
// equal to what they are expected to be, for groups of unequal size (Searle,
// Casella and McCulloch, Variance Components, 3.6 and 5.3).
#include "variance.h"

#include <math.h>

#include "statistics.h"

/* One link order, while it grows. */
struct group {
	double sum, count;
	double launch_counts; /* sum of the squared counts of its launches */
};

/* Sums of squares, their degrees of freedom, and the sizes that tell how much
 * of each variance is in them. */
struct nested {
	double mean; /* of all: keeps sums of squares from cancelling */
	double all; /* rounds */
	double squares; /* of the rounds */
	double launch_squares, order_squares; /* of the sums over the counts */
	double launches, orders;
	double launch_counts; /* sum of squared counts of launches */
	double order_counts;
	double launch_in_order; /* the same over the counts of their orders */
};

static void end_order(struct nested *nested, const struct group *order)
{
	nested->orders++;
	nested->order_squares += order->sum * order->sum / order->count;
	nested->order_counts += order->count * order->count;
	nested->launch_in_order += order->launch_counts / order->count;
}

/* One launch from `from`; the index behind it. */
static size_t add_launch(struct nested *nested, struct group *order,
	const struct variance_round *rounds, size_t from, size_t count)
{
	double sum = 0, n = 0;
	size_t i = from;

	for (; i < count && rounds[i].link_order == rounds[from].link_order &&
		rounds[i].launch == rounds[from].launch;
		i++) {
		double y = rounds[i].y - nested->mean;

		sum += y;
		n++;
		nested->squares += y * y;
	}
	nested->launches++;
	nested->launch_squares += sum * sum / n;
	nested->launch_counts += n * n;
	order->sum += sum;
	order->count += n;
	order->launch_counts += n * n;
	return i;
}

static void add_all(struct nested *nested, const struct variance_round *rounds,
	size_t count)
{
	for (size_t i = 0; i < count; i++)
		nested->mean += rounds[i].y;
	nested->mean /= count > 0 ? (double)count : 1;
	nested->all = (double)count;
	for (size_t i = 0; i < count;) {
		unsigned link_order = rounds[i].link_order;
		struct group order = {0};

		while (i < count && rounds[i].link_order == link_order)
			i = add_launch(nested, &order, rounds, i, count);
		end_order(nested, &order);
	}
}

static double deviation(double variance)
{
	return variance > 0 ? sqrt(variance) : isnan(variance) ? NAN : 0;
}

/* What is expected of the mean squares, solved from the innermost outwards.
 * The mean of all is 0 by now. */
static void solve(struct variance_parts *parts, const struct nested *nested)
{
	double n = nested->all, a = nested->orders, b = nested->launches;
	double round = (nested->squares - nested->launch_squares) / (n - b);
	double launch_mean =
		(nested->launch_squares - nested->order_squares) / (b - a);
	double order_mean = nested->order_squares / (a - 1);
	double launch_size = (n - nested->launch_in_order) / (b - a);
	double of_launch =
		(nested->launch_in_order - nested->launch_counts / n) / (a - 1);
	double order_size = (n - nested->order_counts / n) / (a - 1);
	double launch = (launch_mean - round) / launch_size;
	double order = (order_mean - round - of_launch * launch) / order_size;

	parts->round = deviation(round);
	parts->launch = deviation(launch);
	parts->link_order = deviation(order);
}

void variance_estimate(struct variance_parts *parts,
	const struct variance_round *rounds, size_t count)
{
	struct nested nested = {0};

	add_all(&nested, rounds, count);
	*parts = (struct variance_parts){
		.link_orders = (size_t)nested.orders,
		.launches = (size_t)nested.launches,
		.rounds = count,
		.link_order = NAN,
		.launch = NAN,
		.round = NAN,
	};
	if (parts->link_orders >= 2 && parts->launches > parts->link_orders &&
		count > parts->launches)
		solve(parts, &nested);
}

void variance_draw_in(struct variance_round *rounds, double *room, size_t count)
{
	double middle, most;

	for (size_t i = 0; i < count; i++)
		room[i] = rounds[i].y;
	middle = median(room, count);
	most = 3 * mad_deviation(room, count);
	for (size_t i = 0; i < count && most > 0; i++)
		rounds[i].y =
			fmin(fmax(rounds[i].y, middle - most), middle + most);
}

struct variance_shares variance_share(const struct variance_parts *parts)
{
	double link_order = parts->link_order * parts->link_order;
	double launch = parts->launch * parts->launch;
	double round = parts->round * parts->round;
	double all = link_order + launch + round;

	/* Nothing scatters: nothing to share. */
	if (!(all > 0))
		all = NAN;
	return (struct variance_shares){
		link_order / all, launch / all, round / all};
}
