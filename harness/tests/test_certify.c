// SPDX-License-Identifier: MIT
//
// What the certificate says of findings that were made up: each thing that
// does not hold is one, and is named.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "certify.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void estimates(void **state)
{
	static const struct {
		double values[12]; /* on the log scale; 12 launches */
		double ratio, low, high;
		bool differs;
	} cases[] = {
		/* The third from each end. */
		{{-6, -5, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6}, 0, -4, 4, false},
		{{6, 5, -2, 3, 2, 1, -1, 2, 3, 4, 5, 6}, 3, 1, 5, true},
		{{6, 5, -2, 3, 2, 0, -1, 2, 3, 4, 5, 6}, 3, 0, 5, false},
		{{-6, -5, 2, -3, -2, -1, 1, -2, -3, -4, -5, -6}, -3, -5, -1,
			true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct certify_estimate got;
		double values[12];

		memcpy(values, cases[i].values, sizeof(values));
		certify_estimate(&got, values, 12);
		if (fabs(log(got.ratio) - cases[i].ratio) > 1e-12 ||
			fabs(log(got.low) - cases[i].low) > 1e-12 ||
			fabs(log(got.high) - cases[i].high) > 1e-12 ||
			fabs(got.level - (1 - 2 * 79.0 / 4096)) > 1e-12 ||
			certify_differs(&got) != cases[i].differs)
			fail_msg("case %zu: %g [%g, %g] at %g", i,
				log(got.ratio), log(got.low), log(got.high),
				got.level);
	}
}

/* Too few for an interval: nothing differs. */
static void too_few(void **state)
{
	double values[] = {1, 2, 3, 4, 5};
	struct certify_estimate got;

	(void)state;
	certify_estimate(&got, values, COUNT(values));
	assert_true(isnan(got.low) && isnan(got.high));
	assert_false(certify_differs(&got));
}

static struct certify_findings sound(void)
{
	struct certify_findings findings = {
		.relay_count = 2,
		.busy_count = 1,
		.curve_count = 2,
		.has_fairness = true,
		.stall = {.planted_ns = 50000,
			.p50_ns = {30, 30},
			.p50_ratio = 1,
			.p9999_ns = {300, 49800},
			.seen = true,
			.median_stays = true},
		.fairness = {.measured = {.low = 1.1}, .seen = true},
		.sequential = {.experiments = 100,
			.found = 30,
			.band_low = 1,
			.band_high = 9},
	};
	const struct certify_false_positives good = {
		.experiments = 200, .found = 9, .band_low = 3, .band_high = 15};

	findings.relay[0] = findings.relay[1] = findings.busy[0] = good;
	findings.curves[0].smallest = 0.01;
	findings.curves[1].smallest = 0.02;
	for (size_t i = 0; i < CERTIFY_SIZES; i++)
		findings.bytes[i] =
			(struct certify_bytes){.blocks = 1, .exact = true};
	return findings;
}

static void nothing_is_wrong(struct certify_findings *findings)
{
	(void)findings;
}
static void at_the_ends(struct certify_findings *findings)
{
	findings->relay[0].found = 3;
	findings->relay[1].found = 15;
}
static void too_often(struct certify_findings *findings)
{
	findings->relay[1].found = 16;
}
static void too_rarely(struct certify_findings *findings)
{
	findings->relay[0].found = 2;
}
static void busy_too_often(struct certify_findings *findings)
{
	findings->busy[0].found = 40;
}
static void control_passes(struct certify_findings *findings)
{
	findings->sequential.found = 9;
}
static void inexact(struct certify_findings *findings)
{
	findings->bytes[2].exact = false;
}
static void no_stall(struct certify_findings *findings)
{
	findings->stall.seen = false;
}
static void median_moved(struct certify_findings *findings)
{
	findings->stall.median_stays = false;
}
static void slow_thread_unseen(struct certify_findings *findings)
{
	findings->fairness.seen = false;
}
static void nothing_found(struct certify_findings *findings)
{
	findings->curves[1].smallest = NAN;
}
static void one_pu(struct certify_findings *findings)
{
	findings->has_fairness = false;
	findings->fairness.seen = false;
	findings->relay_count = findings->curve_count = 1;
}

static void judged(void **state)
{
	static const struct {
		const char *what;
		void (*change)(struct certify_findings *findings);
		unsigned missed;
	} cases[] = {
		{"nothing", nothing_is_wrong, 0},
		{"at the ends of the band", at_the_ends, 0},
		{"too many false positives", too_often, 1},
		{"too few of them", too_rarely, 1},
		{"beside busy processes", busy_too_often, 1},
		{"the control passes", control_passes, 1},
		{"bytes", inexact, 1},
		{"stall", no_stall, 1},
		{"median", median_moved, 1},
		{"slow thread", slow_thread_unseen, 1},
		{"slowdown", nothing_found, 1},
		{"one PU", one_pu, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct certify_findings findings = sound();
		FILE *out = tmpfile();
		unsigned lines = 0, missed;
		int letter;

		assert_non_null(out);
		cases[i].change(&findings);
		missed = certify_judge(&findings, out);
		rewind(out);
		while ((letter = fgetc(out)) != EOF)
			lines += letter == '\n';
		fclose(out);
		if (missed != cases[i].missed || lines != missed ||
			certify_judge(&findings, NULL) != missed)
			fail_msg("%s: %u and %u lines, not %u", cases[i].what,
				missed, lines, cases[i].missed);
	}
}

static void smallest(void **state)
{
	struct certify_findings findings = sound();

	(void)state;
	assert_true(fabs(certify_smallest(&findings) - 0.02) < 1e-12);
	findings.curve_count = 1;
	assert_true(fabs(certify_smallest(&findings) - 0.01) < 1e-12);
	findings.curves[0].smallest = NAN;
	assert_true(isnan(certify_smallest(&findings)));
	findings.curve_count = 0;
	assert_true(isnan(certify_smallest(&findings)));
}

/* Found often enough, and slower in truth. */
static void found_by_size(void **state)
{
	static const struct {
		unsigned found[CERTIFY_PLANTED]; /* of 20 */
		double by_line[CERTIFY_PLANTED];
		double smallest;
	} cases[] = {
		{{0, 18, 20, 20}, {1.01, 1.02, 1.05, 1.10}, 0.02},
		{{0, 17, 20, 20}, {1.01, 1.02, 1.05, 1.10}, 0.05},
		{{20, 17, 20, 20}, {1.01, 1.02, 1.05, 1.10}, 0.05},
		{{20, 20, 20, 20}, {1.0091, 1.02, 1.05, 1.10}, 0.01},
		/* The truth is another than what was planted. */
		{{0, 20, 20, 20}, {1.01, 1.03, 1.05, 1.10}, 0.03},
		{{0, 0, 0, 17}, {1.01, 1.02, 1.05, 1.10}, NAN},
		/* A machine so busy that the truth is no slowdown. */
		{{0, 0, 0, 20}, {0.98, 0.97, 0.96, 0.93}, NAN},
		{{0, 0, 20, 20}, {1.01, 1.02, 0.96, 1.10}, 0.10},
		{{0, 0, 0, 20}, {1.01, 1.02, 1.05, NAN}, NAN},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		static const double planted[] = {0.01, 0.02, 0.05, 0.10};
		struct certify_curve curve = {0};
		double got;

		for (size_t k = 0; k < CERTIFY_PLANTED; k++)
			curve.sizes[k] =
				(struct certify_power){.planted = planted[k],
					.by_line = cases[i].by_line[k],
					.experiments = 20,
					.found = cases[i].found[k]};
		got = certify_smallest_found(&curve);
		if (isnan(got) != isnan(cases[i].smallest) ||
			fabs(got - cases[i].smallest) > 1e-12)
			fail_msg("case %zu: %g, not %g", i, got,
				cases[i].smallest);
	}
}

/* What layout does, by the interval's end that is further from 1. */
static void layout(void **state)
{
	static const struct {
		double low, high; /* of one link order; the others are 1 */
		double smallest; /* found, of both curves */
		double reach, least;
	} cases[] = {
		{1, 1, 0.02, 0, 0.02},
		{0.999, 1.001, 0.02, 1 / 0.999 - 1, 0.02},
		{1.02, 1.03, 0.02, 0.03, 0.03},
		{1 / 1.04, 0.97, 0.02, 0.04, 0.04},
		{1 / 1.04, 0.97, 0.05, 0.04, 0.05},
		{1, 1.01, NAN, 0.01, 0.10},
		{1, 1.5, NAN, 0.5, 0.5},
		/* Too few launches for an interval. */
		{NAN, NAN, 0.02, NAN, 0.02},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		for (size_t order = 0; order < LINK_ORDERS; order++) {
			struct certify_findings findings = sound();
			struct certify_estimate *one;
			double reach, least;

			findings.layout_count = 2;
			for (size_t k = 0; k < 2 * LINK_ORDERS; k++)
				findings.layout[k / LINK_ORDERS]
					.orders[k % LINK_ORDERS] =
					(struct certify_estimate){
						.low = 1, .high = 1};
			one = &findings.layout[1].orders[order];
			one->low = cases[i].low;
			one->high = cases[i].high;
			findings.curves[0].smallest =
				findings.curves[1].smallest = cases[i].smallest;
			reach = certify_layout_reach(&findings);
			least = certify_least_effect(&findings);
			if (isnan(reach) != isnan(cases[i].reach) ||
				fabs(reach - cases[i].reach) > 1e-12 ||
				fabs(least - cases[i].least) > 1e-12)
				fail_msg("case %zu, order %zu: %g %g", i, order,
					reach, least);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found_by_size),
		cmocka_unit_test(layout),
		cmocka_unit_test(estimates),
		cmocka_unit_test(too_few),
		cmocka_unit_test(judged),
		cmocka_unit_test(smallest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
