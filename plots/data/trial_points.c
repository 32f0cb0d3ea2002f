// SPDX-License-Identifier: MIT
//
// From launches to one point for each variant in each cell.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "trial_turns.h"
#include "variant_style.h"

/* A launch's median with the texts' addresses, which order as well as any. */
struct part {
	const char *cell, *variant;
	double ns;
};

static int part_order(const void *a, const void *b)
{
	const struct part *x = a, *y = b;
	uintptr_t cells[] = {(uintptr_t)x->cell, (uintptr_t)y->cell};
	uintptr_t variants[] = {(uintptr_t)x->variant, (uintptr_t)y->variant};

	if (cells[0] != cells[1])
		return cells[0] < cells[1] ? -1 : 1;
	if (variants[0] != variants[1])
		return variants[0] < variants[1] ? -1 : 1;
	return (x->ns > y->ns) - (x->ns < y->ns);
}

static int point_order(const void *a, const void *b)
{
	const struct trial_point *x = a, *y = b;
	int order;

	if (!cell_name_same_panel(&x->name, &y->name))
		return cell_name_order(&x->name, &y->name);
	order = variant_order(x->variant, y->variant);
	return order ? order : cell_name_order(&x->name, &y->name);
}

static size_t list_parts(
	const struct trial_summary *summary, struct part *parts)
{
	size_t count = 0;

	for (size_t i = 0; i < summary->launch_count; i++) {
		const struct trial_launch *launch = &summary->launches[i];

		for (size_t j = 0; j < launch->count; j++) {
			const struct trial_value *value =
				&summary->values[launch->first + j];

			parts[count++] = (struct part){
				launch->cell, value->variant, value->ns_per_op};
		}
	}
	return count;
}

/* The parts of one point, ascending by ns. */
static void make_point(
	struct trial_point *point, const struct part *parts, size_t n)
{
	memset(point, 0, sizeof(*point));
	point->cell = parts->cell;
	point->variant = parts->variant;
	cell_name_parse(&point->name, point->cell);
	point->launches = n;
	point->ns_per_op = 0.5 * (parts[(n - 1) / 2].ns + parts[n / 2].ns);
	point->ns_low = parts[0].ns;
	point->ns_high = parts[n - 1].ns;
}

static bool same_point(const struct part *a, const struct part *b)
{
	return a->cell == b->cell && a->variant == b->variant;
}

static int make_points(
	struct trial_summary *summary, const struct part *parts, size_t n)
{
	size_t points = 0;

	for (size_t i = 0; i < n; i++)
		points += !i || !same_point(&parts[i - 1], &parts[i]);
	summary->points = malloc((points + 1) * sizeof(*summary->points));
	if (!summary->points)
		return -1;
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n; end++)
			if (!same_point(&parts[i], &parts[end]))
				break;
		make_point(&summary->points[summary->point_count++], parts + i,
			end - i);
	}
	qsort(summary->points, points, sizeof(*summary->points), point_order);
	return 0;
}

int trial_points_make(struct trial_summary *summary)
{
	struct part *parts;
	size_t count;
	int result;

	if (!summary->value_count)
		return 0;
	parts = malloc(summary->value_count * sizeof(*parts));
	if (!parts)
		return -1;
	count = list_parts(summary, parts);
	qsort(parts, count, sizeof(*parts), part_order);
	result = make_points(summary, parts, count);
	free(parts);
	return result;
}

const struct trial_point *trial_point_find(const struct trial_summary *summary,
	const struct cell_name *panel, const char *variant, unsigned threads)
{
	for (size_t i = 0; i < summary->point_count; i++) {
		const struct trial_point *point = &summary->points[i];

		if (point->name.threads == threads &&
			!strcmp(point->variant, variant) &&
			cell_name_same_panel(&point->name, panel))
			return point;
	}
	return NULL;
}
