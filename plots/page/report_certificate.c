// SPDX-License-Identifier: MIT
//
// What the machine of the run can see: its certificate, from meta.json, and
// the power curve, from its experiments.
#include <math.h>

#include "certificate_points.h"
#include "report_html.h"
#include "report_sections.h"

static double real_of(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

static long long count_of(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

/* A row of the table of identical code. */
static void write_count(FILE *page, const char *design, const json_t *count)
{
	fputs("<tr><td>", page);
	html_text(page, design);
	fprintf(page, "</td><td class=\"n\">%lld</td><td class=\"n\">",
		count_of(count, "threads"));
	fprintf(page, "%lld</td><td class=\"n\">%lld of %lld</td>",
		count_of(count, "busy_processes"),
		count_of(count, "called_different"),
		count_of(count, "experiments"));
	fputs("<td class=\"n\">", page);
	html_real(page, 100 * real_of(count, "rate"), 1);
	fputs("</td><td class=\"n\">", page);
	html_real(page, 100 * real_of(count, "nominal"), 2);
	fprintf(page, "</td><td class=\"n\">%lld to %lld</td></tr>\n",
		count_of(count, "band_low"), count_of(count, "band_high"));
}

static void write_counts(FILE *page, const char *design, const json_t *counts)
{
	const json_t *count;
	size_t i;

	json_array_foreach(counts, i, count)
	{
		write_count(page, design, count);
	}
}

static void write_identical(FILE *page, const json_t *certificate)
{
	static const struct html_column columns[] = {
		{"", "design", HTML_TEXT},
		{"", "threads", 0},
		{"", "busy processes", 0},
		{"", "called different", 0},
		{"", "%", 1},
		{"", "nominal %", 2},
		{"", "95 % band", 0},
	};

	html_table_open(page, "sort", "Identical code called different");
	html_head(page, columns, sizeof(columns) / sizeof(*columns));
	write_counts(
		page, "relay", json_object_get(certificate, "false_positives"));
	write_counts(page, "relay, busy machine",
		json_object_get(certificate, "false_positives_busy"));
	write_count(page, "one after the other",
		json_object_get(certificate, "sequential"));
	html_table_close(page);
}

static void write_size(FILE *page, const json_t *curve, const json_t *size)
{
	const json_t *truth = json_object_get(size, "truth");

	fprintf(page, "<tr><td class=\"n\">%lld</td><td class=\"n\">",
		count_of(curve, "threads"));
	html_real(page, 100 * real_of(size, "planted"), 0);
	fputs("</td><td class=\"n\">", page);
	html_real(page, real_of(truth, "ratio"), 4);
	fputs("</td><td class=\"n\">", page);
	html_real(page, real_of(truth, "ci_low"), 4);
	fputs("</td><td class=\"n\">", page);
	html_real(page, real_of(truth, "ci_high"), 4);
	fprintf(page, "</td><td class=\"n\">%lld of %lld</td><td class=\"n\">",
		count_of(size, "found"), count_of(size, "experiments"));
	html_real(page, real_of(curve, "seconds"), 2);
	fputs("</td></tr>\n", page);
}

static void write_slowdowns(FILE *page, const json_t *certificate)
{
	static const struct html_column columns[] = {
		{"", "threads", 0},
		{"", "planted %", 0},
		{"", "true ratio", 4},
		{"", "from", 4},
		{"", "to", 4},
		{"", "found", 0},
		{"", "seconds", 2},
	};
	const json_t *curves = json_object_get(certificate, "slowdowns");
	const json_t *curve, *size;
	size_t i, k;

	html_table_open(page, "sort", "Planted slowdowns");
	html_head(page, columns, sizeof(columns) / sizeof(*columns));
	json_array_foreach(curves, i, curve)
	{
		const json_t *sizes = json_object_get(curve, "sizes");

		json_array_foreach(sizes, k, size)
		{
			write_size(page, curve, size);
		}
	}
	html_table_close(page);
}

/* The link order is a number, or -1 for all. */
static void write_layout_row(FILE *page, const json_t *layout, int link_order,
	const json_t *estimate)
{
	static const char *const reals[] = {"ratio", "ci_low", "ci_high"};

	fprintf(page, "<tr><td class=\"n\">%lld</td><td>",
		count_of(layout, "threads"));
	if (link_order < 0)
		fputs("all", page);
	else
		fprintf(page, "%d", link_order);
	fputs("</td>", page);
	for (size_t i = 0; i < sizeof(reals) / sizeof(reals[0]); i++) {
		fputs("<td class=\"n\">", page);
		html_real(page, real_of(estimate, reals[i]), 4);
		fputs("</td>", page);
	}
	fprintf(page, "<td class=\"n\">%lld</td><td class=\"n\">",
		count_of(estimate, "launches"));
	if (link_order < 0)
		fprintf(page, "%lld of %lld",
			count_of(layout, "called_different"),
			count_of(layout, "experiments"));
	else
		fputs("–", page);
	fputs("</td></tr>\n", page);
}

static void write_layout(FILE *page, const json_t *certificate)
{
	static const struct html_column columns[] = {
		{"", "threads", 0},
		{"", "link order", HTML_TEXT},
		{"", "A′ over the baseline", 4},
		{"", "from", 4},
		{"", "to", 4},
		{"", "launches", 0},
		{"", "called different", 0},
	};
	const json_t *layouts = json_object_get(certificate, "layout");
	const json_t *layout, *order;
	double reach = real_of(certificate, "layout_reach");
	size_t i, k;

	if (json_array_size(layouts) == 0)
		return;
	html_table_open(page, "sort", "Layout: one source at two addresses");
	html_head(page, columns, sizeof(columns) / sizeof(*columns));
	json_array_foreach(layouts, i, layout)
	{
		const json_t *orders = json_object_get(layout, "link_orders");

		json_array_foreach(orders, k, order)
		{
			write_layout_row(page, layout, (int)k, order);
		}
		write_layout_row(
			page, layout, -1, json_object_get(layout, "all"));
	}
	html_table_close(page);
	if (reach > 0)
		fprintf(page,
			"<p>An effect below %.2f&nbsp;%% may be layout.</p>\n",
			100 * reach);
}

static void write_point(FILE *page, const struct certificate_point *point)
{
	const double shares[] = {
		(double)point->found / (double)point->experiments, point->low,
		point->high};

	fprintf(page, "<tr><td class=\"n\">%u</td><td class=\"n\">",
		point->threads);
	html_real(page, 100 * point->planted, 0);
	fprintf(page, "</td><td class=\"n\">%zu</td><td class=\"n\">%zu</td>",
		point->found, point->experiments);
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		fputs("<td class=\"n\">", page);
		html_real(page, 100 * shares[i], 1);
		fputs("</td>", page);
	}
	fputs("</tr>\n", page);
}

static void write_points(
	FILE *page, const struct certificate_points *points, bool drawn)
{
	static const struct html_column columns[] = {
		{"", "threads", 0},
		{"", "planted %", 0},
		{"", "found", 0},
		{"", "experiments", 0},
		{"", "%", 1},
		{"", "from", 1},
		{"", "to", 1},
	};

	report_numbers(page, drawn);
	html_table_open(page, "power sort", NULL);
	html_head(page, columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < points->count; i++)
		write_point(page, &points->points[i]);
	html_table_close(page);
	html_details_end(page);
}

static void write_power(FILE *page, const struct report_data *data,
	const struct figure *figure, const char *directory)
{
	struct certificate_points points;
	bool drawn;

	if (!data->present[FILE_CERTIFICATE]) {
		html_missing(page, "certificate.csv",
			"holds the experiments, which the power curve counts");
		return;
	}
	if (certificate_points_init(&points, data))
		return;
	drawn = report_pictures(page, data, figure, directory,
		"Power curve of the certificate; its numbers are in the table "
		"below.",
		"How many experiments found a slowdown, by how large it was; "
		"at 0 the two are one program, and what is found is false. "
		"Bars are 95&nbsp;% intervals (Wilson). The dashed line is 9 "
		"of 10, which the smallest effect is named by.");
	write_points(page, &points, drawn);
	certificate_points_finish(&points);
}

static void write_bytes(FILE *page, const json_t *certificate)
{
	static const struct html_column columns[] = {
		{"", "size", 0},
		{"", "blocks", 0},
		{"", "planted, bytes a block", 0},
		{"", "measured", 4},
		{"", "exact, twice", HTML_TEXT},
	};
	const json_t *sizes = json_object_get(certificate, "bytes"), *bytes;
	size_t i;

	html_table_open(page, "sort", "Planted bytes");
	html_head(page, columns, sizeof(columns) / sizeof(*columns));
	json_array_foreach(sizes, i, bytes)
	{
		fprintf(page,
			"<tr><td class=\"n\">%lld</td><td class=\"n\">%lld</td>"
			"<td class=\"n\">%lld</td><td class=\"n\">",
			count_of(bytes, "size"), count_of(bytes, "blocks"),
			count_of(bytes, "planted_bytes_per_block"));
		html_real(page,
			(real_of(bytes, "slot_bytes_planted") -
				real_of(bytes, "slot_bytes")) /
				real_of(bytes, "blocks"),
			4);
		fprintf(page, "</td><td>%s</td></tr>\n",
			json_is_true(json_object_get(bytes, "exact")) ? "yes"
								      : "no");
	}
	html_table_close(page);
}

static void write_faults(FILE *page, const json_t *certificate)
{
	const json_t *stall = json_object_get(certificate, "stall");
	const json_t *slow = json_object_get(certificate, "slow_thread");
	const json_t *measured = json_object_get(slow, "measured");

	fprintf(page,
		"<p>A stall of %.0f&nbsp;ns once in %lld calls: p99.99 "
		"%.0f&nbsp;ns without it and %.0f&nbsp;ns with it, median "
		"%.1f and %.1f&nbsp;ns; one reading of the clock, which is in "
		"all of them, %.1f&nbsp;ns.",
		real_of(stall, "planted_ns"), count_of(stall, "once_in"),
		real_of(stall, "p9999_ns"), real_of(stall, "p9999_ns_planted"),
		real_of(stall, "p50_ns"), real_of(stall, "p50_ns_planted"),
		real_of(stall, "clock_ns"));
	if (json_is_object(slow))
		fprintf(page,
			" One slow thread of two, %.3f times as slow by count: "
			"measured %.3f [%.3f, %.3f].",
			real_of(slow, "by_count"), real_of(measured, "ratio"),
			real_of(measured, "ci_low"),
			real_of(measured, "ci_high"));
	fputs("</p>\n", page);
}

void report_certificate(FILE *page, const struct report_data *data,
	const struct figure *figure, const char *directory)
{
	const json_t *certificate = json_object_get(data->meta, "certificate");
	const char *line =
		json_string_value(json_object_get(certificate, "line"));
	const char *why = json_string_value(
		json_object_get(data->meta, "certificate_why"));

	html_section(page, "certificate", "What this machine can see");
	if (line == NULL) {
		fputs("<p class=\"missing\">", page);
		html_text(page,
			why != NULL ? why
				    : "no certificate for this machine: run "
				      "`serialbench certify`");
		fputs(".</p>\n", page);
		html_section_end(page);
		return;
	}
	fputs("<p>By its certificate: ", page);
	html_text(page, line);
	fputs(". No verdict of this run is finer than that.</p>\n", page);
	write_identical(page, certificate);
	write_layout(page, certificate);
	write_slowdowns(page, certificate);
	write_power(page, data, figure, directory);
	write_bytes(page, certificate);
	write_faults(page, certificate);
	html_section_end(page);
}
