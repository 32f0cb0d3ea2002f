// SPDX-License-Identifier: MIT
//
// Layout: what the same source costs at other addresses. `none` and `again`
// lie in one program, so each link order has its own difference, which no
// number of launches averages away.
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "certify.h"
#include "clock.h"
#include "progress.h"
#include "statistics.h"

/* The launches of all experiments, one experiment after the other. */
struct launches {
	size_t count;
	double *logs, *seconds, *scratch;
	unsigned *orders;
};

static void free_launches(struct launches *launches)
{
	free(launches->logs);
	free(launches->seconds);
	free(launches->scratch);
	free(launches->orders);
}

static int make_launches(struct launches *launches,
	const struct certify_layout *layout, struct error *error)
{
	size_t room = (size_t)layout->experiments * layout->launches;

	*launches = (struct launches){
		.logs = calloc(room, sizeof(double)),
		.seconds = calloc(layout->experiments, sizeof(double)),
		.scratch = calloc(room, 2 * sizeof(double)),
		.orders = calloc(room, sizeof(unsigned)),
	};
	if (launches->logs != NULL && launches->seconds != NULL &&
		launches->scratch != NULL && launches->orders != NULL)
		return 0;
	return error_set(error, "%s", error_reason(errno));
}

static struct certify_row row_of(
	const struct certify *certify, const struct certify_layout *layout)
{
	return (struct certify_row){
		.kind = "layout",
		.lane = "again",
		.threads = layout->threads,
		.link_order = CERTIFY_ALL_ORDERS,
		.rounds = certify->design.rounds,
	};
}

static int try_once(struct certify *certify, struct certify_layout *layout,
	struct certify_stand *stand, struct launches *all, double *seconds,
	struct error *error)
{
	struct certify_row row = row_of(certify, layout);
	double *medians = all->scratch, *mine = medians + layout->launches;
	struct certify_estimate estimate;
	uint64_t begin = clock_now();

	if (certify_launches(stand, layout->launches, certify_time, medians,
		    all->orders + all->count, error) != 0)
		return -1;
	*seconds = row.seconds = (double)(clock_now() - begin) / 1e9;
	memcpy(all->logs + all->count, mine, layout->launches * sizeof(*mine));
	all->count += layout->launches;
	certify_estimate(&estimate, mine, layout->launches);
	layout->found += certify_differs(&estimate);
	return certify_row(certify, &row, &estimate, error);
}

static int try_all(struct certify *certify, struct certify_layout *layout,
	struct certify_stand *stand, struct launches *all, struct error *error)
{
	struct progress progress;
	char what[64];
	int result = 0;

	snprintf(what, sizeof(what), "layout on %u thread%s", layout->threads,
		layout->threads > 1 ? "s" : "");
	progress_begin(&progress, what, layout->experiments);
	for (unsigned i = 0; i < layout->experiments && result == 0; i++) {
		result = try_once(
			certify, layout, stand, all, &all->seconds[i], error);
		progress_step(&progress, "");
	}
	progress_end(&progress);
	return result;
}

/* One link order's launches, or all of them. */
static int conclude(struct certify *certify,
	const struct certify_layout *layout, const struct launches *all,
	unsigned link_order, struct certify_estimate *estimate,
	struct error *error)
{
	struct certify_row row = row_of(certify, layout);
	size_t count = 0;

	for (size_t i = 0; i < all->count; i++)
		if (link_order == CERTIFY_ALL_ORDERS ||
			all->orders[i] == link_order)
			all->scratch[count++] = all->logs[i];
	certify_estimate(estimate, all->scratch, count);
	row.kind = "layout_all";
	row.link_order = link_order;
	row.seconds = NAN;
	return certify_row(certify, &row, estimate, error);
}

static int measure(struct certify *certify, struct certify_layout *layout,
	struct certify_stand *stand, struct launches *all, struct error *error)
{
	static const char *const lanes[2] = {"none", "again"};
	const struct certify_design *design = &certify->design;

	if (certify_stand_begin(stand, &certify->place, lanes, 2, false,
		    layout->threads, design->rounds, design->turn_us,
		    error) != 0 ||
		try_all(certify, layout, stand, all, error) != 0)
		return -1;
	layout->seconds = median(all->seconds, layout->experiments);
	for (unsigned i = 0; i < LINK_ORDERS; i++)
		if (conclude(certify, layout, all, i, &layout->orders[i],
			    error) != 0)
			return -1;
	return conclude(
		certify, layout, all, CERTIFY_ALL_ORDERS, &layout->all, error);
}

int certify_layout(
	struct certify *certify, unsigned threads, struct error *error)
{
	struct certify_findings *findings = &certify->findings;
	struct certify_layout *layout =
		&findings->layout[findings->layout_count++];
	struct certify_stand *stand = calloc(1, sizeof(*stand));
	struct launches all = {0};
	int result = -1;

	*layout = (struct certify_layout){
		.threads = threads,
		.launches = certify->design.launches,
		.experiments = certify->design.layout,
	};
	if (stand == NULL)
		error_set(error, "%s", error_reason(errno));
	else if (make_launches(&all, layout, error) == 0)
		result = measure(certify, layout, stand, &all, error);
	if (stand != NULL)
		certify_stand_finish(stand);
	free(stand);
	free_launches(&all);
	return result;
}
