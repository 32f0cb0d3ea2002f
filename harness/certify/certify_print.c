// SPDX-License-Identifier: MIT
//
// The findings for people: a table, and what does not hold.
#include <math.h>
#include <string.h>

#include "certify.h"
#include "planted.h"

double certify_smallest(const struct certify_findings *findings)
{
	double smallest = 0;

	for (size_t i = 0; i < findings->curve_count; i++) {
		double one = findings->curves[i].smallest;

		if (isnan(one))
			return NAN;
		smallest = fmax(smallest, one);
	}
	return findings->curve_count > 0 ? smallest : NAN;
}

/* As a share of 1, in whichever direction it reaches further. */
static double reach(const struct certify_estimate *estimate)
{
	return fmax(estimate->high, 1 / estimate->low) - 1;
}

double certify_layout_reach(const struct certify_findings *findings)
{
	double furthest = 0;

	for (size_t i = 0; i < findings->layout_count; i++)
		for (size_t k = 0; k < LINK_ORDERS; k++) {
			const struct certify_estimate *order =
				&findings->layout[i].orders[k];

			if (isnan(order->low))
				return NAN;
			furthest = fmax(furthest, reach(order));
		}
	return furthest;
}

double certify_least_effect(const struct certify_findings *findings)
{
	double smallest = certify_smallest(findings);

	/* One that sees nothing judges nothing finer than 10 %. */
	if (isnan(smallest))
		smallest = 0.10;
	return fmax(smallest, certify_layout_reach(findings));
}

static unsigned miss(FILE *out, const char *what, double got, const char *want)
{
	if (out != NULL)
		fprintf(out, "does not hold: %s: %g, and should be %s\n", what,
			got, want);
	return 1;
}

static unsigned judge_counts(
	const struct certify_false_positives *counts, size_t count, FILE *out)
{
	unsigned missed = 0;

	for (size_t i = 0; i < count; i++) {
		char what[96], want[64];

		if (certify_in_band(&counts[i]))
			continue;
		snprintf(what, sizeof(what),
			"false positives of %u, %u thread%s%s",
			counts[i].experiments, counts[i].threads,
			counts[i].threads > 1 ? "s" : "",
			counts[i].busy > 0 ? ", beside busy processes" : "");
		snprintf(want, sizeof(want), "from %zu to %zu",
			counts[i].band_low, counts[i].band_high);
		missed += miss(out, what, counts[i].found, want);
	}
	return missed;
}

static unsigned judge_faults(const struct certify_findings *findings, FILE *out)
{
	const struct certify_stall *stall = &findings->stall;
	unsigned missed = 0;

	for (size_t i = 0; i < CERTIFY_SIZES; i++) {
		const struct certify_bytes *bytes = &findings->bytes[i];

		if (!bytes->exact)
			missed += miss(out, "planted bytes of a block",
				((double)bytes->padded - (double)bytes->plain) /
					(double)bytes->blocks,
				"16 exactly, twice");
	}
	if (!stall->seen)
		missed += miss(out, "planted stall, p99.99 in ns",
			stall->p9999_ns[1],
			"50000 or more, and below 25000 without it");
	if (!stall->median_stays)
		missed += miss(out, "planted stall, shift of the median",
			stall->p50_ratio, "within 5 % of 1");
	if (findings->has_fairness && !findings->fairness.seen)
		missed += miss(out, "planted slow thread, lower bound",
			findings->fairness.measured.low, "above 1");
	return missed;
}

unsigned certify_judge(const struct certify_findings *findings, FILE *out)
{
	const struct certify_false_positives *wrong = &findings->sequential;
	unsigned missed =
		judge_counts(findings->relay, findings->relay_count, out) +
		judge_counts(findings->busy, findings->busy_count, out) +
		judge_faults(findings, out);

	for (size_t i = 0; i < findings->curve_count; i++)
		if (isnan(findings->curves[i].smallest))
			missed +=
				miss(out, "the largest planted slowdown, found",
					findings->curves[i]
						.sizes[CERTIFY_PLANTED - 1]
						.found,
					"found in 9 of 10");
	if (wrong->found <= wrong->band_high)
		missed += miss(out, "false positives of the wrong design",
			wrong->found, "above the band: it is to be caught");
	return missed;
}

static void print_count(FILE *out, const char *what,
	const struct certify_false_positives *count)
{
	fprintf(out,
		"  %-22s T=%u  %3u of %u called different: %.1f %% (nominal "
		"%.2f, band %zu to %zu), %.2f s each\n",
		what, count->threads, count->found, count->experiments,
		100.0 * count->found / count->experiments, 100 * count->nominal,
		count->band_low, count->band_high, count->seconds);
}

static void print_layout(FILE *out, const struct certify_layout *layout)
{
	fprintf(out,
		"Layout, T=%u: `again` over `none` called different in %u of "
		"%u, %.2f s each\n",
		layout->threads, layout->found, layout->experiments,
		layout->seconds);
	for (size_t i = 0; i <= LINK_ORDERS; i++) {
		const struct certify_estimate *one =
			i < LINK_ORDERS ? &layout->orders[i] : &layout->all;
		char name[32] = "all link orders";

		if (i < LINK_ORDERS)
			snprintf(name, sizeof(name), "link order %zu", i);
		fprintf(out, "  %-15s  %.4f [%.4f, %.4f], %zu launches\n", name,
			one->ratio, one->low, one->high, one->launches);
	}
}

static void print_curve(FILE *out, const struct certify_curve *curve)
{
	fprintf(out, "Planted slowdowns, T=%u, all four in %.2f s\n",
		curve->threads, curve->seconds);
	for (size_t i = 0; i < CERTIFY_PLANTED; i++) {
		const struct certify_power *size = &curve->sizes[i];

		fprintf(out,
			"  %2.0f %%  found %3u of %u  truth %.4f [%.4f, %.4f], "
			"by line %.4f, by count %.4f\n",
			100 * size->planted, size->found, size->experiments,
			size->truth.ratio, size->truth.low, size->truth.high,
			size->by_line, size->by_count);
	}
}

static void print_faults(FILE *out, const struct certify_findings *findings)
{
	const struct certify_stall *stall = &findings->stall;

	fputs("Planted bytes: 16 a block\n", out);
	for (size_t i = 0; i < CERTIFY_SIZES; i++) {
		const struct certify_bytes *bytes = &findings->bytes[i];

		fprintf(out, "  size %4llu  measured %.4f%s\n",
			(unsigned long long)bytes->size,
			((double)bytes->padded - (double)bytes->plain) /
				(double)bytes->blocks,
			bytes->exact ? "" : "  not exact");
	}
	fprintf(out,
		"Planted stall: %.0f ns once in %u (the clock costs %.1f ns)\n"
		"  p50 %.1f ns without, %.1f with; p99.99 %.0f ns without, "
		"%.0f with\n",
		stall->planted_ns, PLANTED_STALL_PERIOD, stall->clock_ns,
		stall->p50_ns[0], stall->p50_ns[1], stall->p9999_ns[0],
		stall->p9999_ns[1]);
	if (findings->has_fairness)
		fprintf(out,
			"Planted slow thread: %.4f by count, measured %.4f "
			"[%.4f, %.4f]\n",
			findings->fairness.by_count,
			findings->fairness.measured.ratio,
			findings->fairness.measured.low,
			findings->fairness.measured.high);
}

void certify_print(const struct certify_findings *findings, FILE *out)
{
	fputs("Identical code\n", out);
	for (size_t i = 0; i < findings->relay_count; i++)
		print_count(out, "relay", &findings->relay[i]);
	for (size_t i = 0; i < findings->busy_count; i++)
		print_count(out, "relay, busy machine", &findings->busy[i]);
	print_count(out, "one after the other", &findings->sequential);
	for (size_t i = 0; i < findings->layout_count; i++)
		print_layout(out, &findings->layout[i]);
	if (certify_layout_reach(findings) > 0)
		fprintf(out, "  an effect below %.2f %% may be layout\n",
			100 * certify_layout_reach(findings));
	for (size_t i = 0; i < findings->curve_count; i++)
		print_curve(out, &findings->curves[i]);
	print_faults(out, findings);
}
