// SPDX-License-Identifier: MIT
//
// Verdicts counted and put into words.
#include "report_tally.h"

#include <math.h>
#include <string.h>

#include "lane_facts.h"
#include "variant_style.h"

void tally_add(struct tally *tally, const struct comparison_row *row)
{
	int kind = (int)row->kind;

	if (!tally->kinds[kind]++)
		tally->low[kind] = tally->high[kind] = row->ratio;
	tally->low[kind] = fmin(tally->low[kind], row->ratio);
	tally->high[kind] = fmax(tally->high[kind], row->ratio);
	if (!tally->count++) {
		tally->interval_low = row->ci_low;
		tally->interval_high = row->ci_high;
	}
	tally->interval_low = fmin(tally->interval_low, row->ci_low);
	tally->interval_high = fmax(tally->interval_high, row->ci_high);
	tally->only = row;
	if (row->margin > 0)
		tally->margin = row->margin;
}

void tally_variant(struct tally *tally, const struct report_data *data,
	const char *variant, unsigned threads)
{
	memset(tally, 0, sizeof(*tally));
	tally->variant = variant;
	tally->baseline = data->baseline;
	for (size_t i = 0; i < data->headline_count; i++)
		if (!strcmp(data->rows[i].variant, variant) &&
			(!threads || data->rows[i].name.threads == threads))
			tally_add(tally, &data->rows[i]);
}

void tally_copy(struct tally *tally, const struct report_data *data)
{
	memset(tally, 0, sizeof(*tally));
	tally->baseline = data->baseline;
	for (size_t i = 0; i < data->headline_count; i++)
		if (lane_is_copy(data->rows[i].variant)) {
			tally->variant = data->rows[i].variant;
			tally_add(tally, &data->rows[i]);
		}
}

bool tally_next(struct tally *tally, const struct report_data *data)
{
	const char *before = tally->variant;

	for (;;) {
		const char *next = NULL;

		for (size_t i = 0; i < data->headline_count; i++) {
			const char *name = data->rows[i].variant;

			if ((!before || variant_order(name, before) > 0) &&
				(!next || variant_order(name, next) < 0))
				next = name;
		}
		if (!next)
			return false;
		before = next;
		if (lane_is_copy(next) || lane_is_control(next))
			continue;
		tally_variant(tally, data, next, data->threads);
		if (tally->count)
			return true;
	}
}

double tally_least(const struct tally *tally)
{
	double low = INFINITY;

	for (int kind = 0; kind < VERDICT_KINDS; kind++)
		if (tally->kinds[kind])
			low = fmin(low, tally->low[kind]);
	return low;
}

double tally_greatest(const struct tally *tally)
{
	double high = 0;

	for (int kind = 0; kind < VERDICT_KINDS; kind++)
		if (tally->kinds[kind])
			high = fmax(high, tally->high[kind]);
	return high;
}

static double percent(double ratio)
{
	return fabs(ratio - 1) * 100;
}

/* "by 3.1 %" or "by 3.1 % to 40.7 %", the smaller first. */
static void write_span(FILE *page, const struct tally *tally, int kind)
{
	double a = percent(tally->low[kind]), b = percent(tally->high[kind]);

	if (fabs(a - b) < 0.05)
		fprintf(page, " by %.1f&nbsp;%%", a);
	else
		fprintf(page, " by %.1f&nbsp;%% to %.1f&nbsp;%%", fmin(a, b),
			fmax(a, b));
}

static void write_kind(
	FILE *page, const struct tally *tally, int kind, double margin)
{
	switch (kind) {
	case SLOWER:
	case FASTER:
		fprintf(page, "<b>%s</b>",
			kind == SLOWER ? "slower" : "faster");
		write_span(page, tally, kind);
		break;
	case EQUIVALENT:
		fprintf(page,
			"<b>equivalent</b> within the margin of ±%g&nbsp;%%",
			margin * 100);
		break;
	case UNRESOLVED:
		fputs("<b>different, size unresolved</b>", page);
		break;
	default:
		fputs("<b>open</b> (the interval settles nothing)", page);
	}
}

void tally_write(FILE *page, const struct tally *tally, double margin)
{
	bool first = true;

	/* The margin that the verdicts were made with. */
	if (tally->margin > 0)
		margin = tally->margin;
	for (int kind = 0; kind < VERDICT_KINDS; kind++) {
		if (!tally->kinds[kind])
			continue;
		fputs(first ? "" : "; ", page);
		write_kind(page, tally, kind, margin);
		if (tally->kinds[kind] == tally->count)
			fputs(tally->count == 1             ? " in the one cell"
					: tally->count == 2 ? " in both cells"
							    : " in all cells",
				page);
		else
			fprintf(page, " in %zu of %zu cells",
				tally->kinds[kind], tally->count);
		first = false;
	}
	if (tally->count == 1)
		fprintf(page,
			" (ratio %.3f, %.1f&nbsp;%% interval %.3f to %.3f)",
			tally->only->ratio, tally->only->ci_level * 100,
			tally->only->ci_low, tally->only->ci_high);
}
