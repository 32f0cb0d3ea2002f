// SPDX-License-Identifier: MIT
#include "scaling.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_writer.h"
#include "draw.h"
#include "observations.h"
#include "statistics.h"

#define RESAMPLES 1000
#define PARAMETERS 3

/* The placement of more threads than PUs, behind the threads. */
#define OVERSUBSCRIBED "/oversubscribed"

static const char *const header =
	"cells,variant,thread_counts,n_launches,gamma_mops,gamma_low,gamma_"
	"high,"
	"alpha,alpha_low,alpha_high,beta,beta_low,beta_high,peak_threads,"
	"rms_error,status";

/* One variant at one number of threads. */
struct point {
	uint32_t cells, variant; /* numbers of names */
	unsigned threads;
	size_t launches;
	double *rates; /* of each launch, million operations a second */
};

struct scaling_points {
	struct names cells; /* with t* for the threads */
	struct point *points;
	size_t count;
	double *rates; /* where those of the points stand */
	size_t used;
};

/* Where "tN" begins in a cell's name: the last part of that form; NULL where
 * there is none. */
static const char *find_threads(const char *cell, unsigned *threads)
{
	const char *found = NULL;

	for (const char *at = strchr(cell, '/'); at != NULL;
		at = strchr(at + 1, '/')) {
		char *end;
		unsigned long count;

		if (at[1] != 't' || !isdigit((unsigned char)at[2]))
			continue;
		count = strtoul(at + 2, &end, 10);
		if ((*end != '\0' && *end != '/') || count == 0 ||
			count > UINT32_MAX)
			continue;
		found = at + 1;
		*threads = (unsigned)count;
	}
	return found;
}

static int add_point(
	struct scaling_points *points, const char *cell, struct slice slice)
{
	struct point *point = &points->points[points->count];
	char cells[RECORD_TEXT];
	unsigned threads = 0;
	const char *at = find_threads(cell, &threads);

	if (at == NULL || strstr(at, OVERSUBSCRIBED) != NULL)
		return 0;
	snprintf(cells, sizeof(cells), "%.*st*%s", (int)(at - cell), cell,
		at + 1 + strspn(at + 1, "0123456789"));
	point->cells = names_add(&points->cells, cells);
	if (point->cells == NAMES_NONE)
		return -1;
	point->variant = slice.items->variant;
	point->threads = threads;
	point->rates = points->rates + points->used;
	point->launches = launch_medians(point->rates, slice, NULL);
	for (size_t i = 0; i < point->launches; i++)
		point->rates[i] = 1000 / exp(point->rates[i]);
	points->used += point->launches;
	points->count += point->launches > 0;
	return 0;
}

static int point_order(const void *one, const void *other)
{
	const struct point *a = one, *b = other;

#define ORDER(x, y) (((x) > (y)) - ((x) < (y)))
	if (a->cells != b->cells)
		return ORDER(a->cells, b->cells);
	if (a->variant != b->variant)
		return ORDER(a->variant, b->variant);
	return ORDER(a->threads, b->threads);
#undef ORDER
}

/* The points of one item: medians over launches, or over launches drawn anew.
 * `scratch` holds those of one point. */
static int fit_points(struct usl *fit, const struct point *points, size_t n,
	uint64_t *state, double *scratch, double *threads, double *rates)
{
	for (size_t i = 0; i < n; i++) {
		size_t launches = points[i].launches;

		for (size_t k = 0; k < launches; k++)
			scratch[k] = points[i].rates[state != NULL
					? draw_below(state, launches)
					: k];
		threads[i] = points[i].threads;
		rates[i] = median(scratch, launches);
	}
	return usl_fit(fit, threads, rates, n);
}

static double *parameter(struct usl *fit, unsigned index)
{
	return index == 0 ? &fit->gamma : index == 1 ? &fit->alpha : &fit->beta;
}

/* Percentiles of the fits that could be made. */
static void take_intervals(
	struct scaling_item *item, const struct usl *fits, size_t n)
{
	double values[RESAMPLES];

	for (unsigned p = 0; p < PARAMETERS; p++) {
		for (size_t i = 0; i < n; i++) {
			struct usl fit = fits[i];

			values[i] = *parameter(&fit, p);
		}
		sort_reals(values, n);
		*parameter(&item->low, p) = values[n / 40];
		*parameter(&item->high, p) = values[n - 1 - n / 40];
	}
}

static int estimate(
	struct scaling_item *item, const struct point *points, size_t n)
{
	size_t most = 0, fitted = 0;
	uint64_t state = 1;
	struct usl *fits = calloc(RESAMPLES, sizeof(*fits));
	double *room;
	int result = -1;

	for (size_t i = 0; i < n; i++)
		most = points[i].launches > most ? points[i].launches : most;
	room = calloc(most + 2 * n, sizeof(*room));
	if (fits == NULL || room == NULL)
		goto out;
	result = 0;
	if (fit_points(&item->fit, points, n, NULL, room, room + most,
		    room + most + n) != 0) {
		snprintf(item->status, sizeof(item->status),
			"not estimable: the law does not fit");
		goto out;
	}
	for (unsigned i = 0; i < RESAMPLES; i++)
		fitted += fit_points(&fits[fitted], points, n, &state, room,
				  room + most, room + most + n) == 0;
	if (fitted > 0)
		take_intervals(item, fits, fitted);
	snprintf(item->status, sizeof(item->status), "estimated");
out:
	free(fits);
	free(room);
	return result;
}

/* Why not, or "". */
static void look_at(struct scaling_item *item)
{
	item->status[0] = '\0';
	if (item->thread_counts < SCALING_COUNTS)
		snprintf(item->status, sizeof(item->status),
			"not estimable: %zu thread count%s, six needed",
			item->thread_counts,
			item->thread_counts == 1 ? "" : "s");
	else if (item->launches < SCALING_LAUNCHES)
		snprintf(item->status, sizeof(item->status),
			"not estimable: %zu launch%s at a thread count, six "
			"needed",
			item->launches, item->launches == 1 ? "" : "es");
}

/* The points of one item stand together, by threads. */
static int add_item(struct scaling *scaling,
	const struct scaling_points *points, const struct names *variants,
	const struct point *first, size_t n)
{
	struct scaling_item *item = &scaling->items[scaling->count++];
	static const struct usl none = {NAN, NAN, NAN, NAN};

	item->fit = item->low = item->high = none;
	snprintf(item->cells, RECORD_TEXT, "%s",
		points->cells.texts[first->cells]);
	snprintf(item->variant, RECORD_TEXT, "%s",
		variants->texts[first->variant]);
	item->thread_counts = n;
	item->launches = first->launches;
	for (size_t i = 1; i < n; i++)
		if (first[i].launches < item->launches)
			item->launches = first[i].launches;
	look_at(item);
	return item->status[0] != '\0' ? 0 : estimate(item, first, n);
}

static int collect(
	struct scaling_points *points, const struct observations *observations)
{
	size_t most = (size_t)observations->cells.count *
		observations->variants.count;

	points->points = calloc(most + 1, sizeof(*points->points));
	points->rates = calloc(observations->count + 1, sizeof(*points->rates));
	if (points->points == NULL || points->rates == NULL)
		return -1;
	for (size_t from = 0; from < observations->count;) {
		struct slice slice = observations_slice(observations, from);

		if (add_point(points,
			    observations->cells.texts[slice.items->cell],
			    slice) != 0)
			return -1;
		from += slice.count;
	}
	qsort(points->points, points->count, sizeof(*points->points),
		point_order);
	return 0;
}

static int item_order(const void *one, const void *other)
{
	const struct scaling_item *a = one, *b = other;
	int order = strcmp(a->cells, b->cells);

	return order != 0 ? order : strcmp(a->variant, b->variant);
}

static int add_items(struct scaling *scaling,
	const struct scaling_points *points, const struct names *variants)
{
	const struct point *all = points->points;

	scaling->items = calloc(points->count + 1, sizeof(*scaling->items));
	if (scaling->items == NULL)
		return -1;
	for (size_t from = 0, to; from < points->count; from = to) {
		for (to = from + 1; to < points->count; to++)
			if (all[to].cells != all[from].cells ||
				all[to].variant != all[from].variant)
				break;
		if (add_item(scaling, points, variants, &all[from],
			    to - from) != 0)
			return -1;
	}
	qsort(scaling->items, scaling->count, sizeof(*scaling->items),
		item_order);
	return 0;
}

int scaling_read(struct scaling *scaling, const char *run, struct error *error)
{
	struct observations observations;
	struct scaling_points points = {0};
	int result;

	memset(scaling, 0, sizeof(*scaling));
	result = observations_read(&observations, run, "ns_per_op", error);
	if (result == 0 &&
		(collect(&points, &observations) != 0 ||
			add_items(scaling, &points, &observations.variants) !=
				0)) {
		error_set(error, "%s", strerror(ENOMEM));
		result = -1;
	}
	names_finish(&points.cells);
	free(points.points);
	free(points.rates);
	observations_finish(&observations);
	return result;
}

static int write_item(
	struct csv_writer *writer, const struct scaling_item *item)
{
	csv_text(writer, item->cells);
	csv_text(writer, item->variant);
	csv_count(writer, item->thread_counts);
	csv_count(writer, item->launches);
	csv_real(writer, item->fit.gamma);
	csv_real(writer, item->low.gamma);
	csv_real(writer, item->high.gamma);
	csv_real(writer, item->fit.alpha);
	csv_real(writer, item->low.alpha);
	csv_real(writer, item->high.alpha);
	csv_real(writer, item->fit.beta);
	csv_real(writer, item->low.beta);
	csv_real(writer, item->high.beta);
	csv_real(writer, usl_peak(&item->fit));
	csv_real(writer, item->fit.error);
	csv_text(writer, item->status);
	return csv_end_row(writer);
}

int scaling_write(const struct scaling *scaling, const char *path)
{
	struct csv_writer writer;
	int result = 0;

	if (csv_writer_create(&writer, path, header) != 0)
		return -1;
	for (size_t i = 0; i < scaling->count && result == 0; i++)
		result = write_item(&writer, &scaling->items[i]);
	return csv_writer_close(&writer) != 0 ? -1 : result;
}

void scaling_finish(struct scaling *scaling)
{
	if (scaling == NULL)
		return;
	free(scaling->items);
	memset(scaling, 0, sizeof(*scaling));
}
