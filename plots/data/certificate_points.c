// SPDX-License-Identifier: MIT
#include "certificate_points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NORMAL_975 1.959963984540054 /* quantile of 95 % in the middle */

/* Wilson, 1927: unlike the plain interval it stays between 0 and 1. */
static void set_interval(struct certificate_point *point)
{
	double n = (double)point->experiments, z = NORMAL_975;
	double share = (double)point->found / n;
	double middle = share + z * z / (2 * n);
	double half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n));
	double scale = 1 + z * z / n;

	point->low = fmax(0, (middle - half) / scale);
	point->high = fmin(1, (middle + half) / scale);
}

static struct certificate_point *find(
	struct certificate_points *points, unsigned threads, double planted)
{
	struct certificate_point *point = points->points;

	for (size_t i = 0; i < points->count; i++, point++)
		if (point->threads == threads && point->planted == planted)
			return point;
	*point = (struct certificate_point){
		.threads = threads, .planted = planted};
	points->count++;
	return point;
}

/* An experiment; a row of another kind is passed over. */
static void add_row(struct certificate_points *points,
	const struct csv_table *table, size_t row)
{
	const char *kind = report_field(table, row, "kind");
	double threads = report_real(table, row, "threads");
	double planted = report_real(table, row, "planted");
	struct certificate_point *point;
	bool identical = strcmp(kind, "aa") == 0;

	if ((!identical && strcmp(kind, "planted") != 0) ||
		report_real(table, row, "busy") != 0 ||
		!(threads >= 1 && threads <= 1000000) || isnan(planted))
		return;
	point = find(points, (unsigned)threads, planted);
	point->experiments++;
	point->found += identical ? report_real(table, row, "differs") == 1
				  : report_real(table, row, "ci_low") > 1;
}

static int point_order(const void *left, const void *right)
{
	const struct certificate_point *a = left, *b = right;

	if (a->threads != b->threads)
		return a->threads > b->threads ? 1 : -1;
	return (a->planted > b->planted) - (a->planted < b->planted);
}

int certificate_points_init(
	struct certificate_points *points, const struct report_data *data)
{
	const struct csv_table *table = &data->tables[FILE_CERTIFICATE];
	size_t rows = table->rows;

	*points = (struct certificate_points){0};
	if (!json_is_object(json_object_get(data->meta, "certificate")))
		rows = 0;
	points->points = calloc(rows + 1, sizeof(*points->points));
	if (!points->points)
		return -1;
	for (size_t i = 0; i < rows; i++)
		add_row(points, table, i);
	qsort(points->points, points->count, sizeof(*points->points),
		point_order);
	for (size_t i = 0; i < points->count; i++)
		set_interval(&points->points[i]);
	return 0;
}

void certificate_points_finish(struct certificate_points *points)
{
	free(points->points);
	*points = (struct certificate_points){0};
}
