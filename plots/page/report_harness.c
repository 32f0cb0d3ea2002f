// SPDX-License-Identifier: MIT
//
// What the instrument itself costs, and how it compares with running alone
// and with google-benchmark.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lane_facts.h"
#include "report_html.h"
#include "report_sections.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void write_null_rows(FILE *page, const struct report_data *data)
{
	double low = INFINITY, high = 0;
	size_t count = 0;

	for (size_t i = 0; i < data->row_count; i++) {
		if (!lane_is_harness(data->rows[i].variant))
			continue;
		low = fmin(low, data->rows[i].ratio);
		high = fmax(high, data->rows[i].ratio);
		count++;
	}
	if (count)
		fprintf(page,
			"<p>The <code>null</code> backend allocates nothing: "
			"what is left is the harness and the workload’s own "
			"work. In %zu cells it takes between "
			"%.1f&nbsp;%% and %.1f&nbsp;%% of the baseline’s "
			"time; that part of every ratio is not the "
			"allocator’s.</p>\n",
			count, low * 100, high * 100);
	else
		fputs("<p class=\"missing\">This run has no "
		      "<code>null</code> lane.</p>\n",
			page);
}

/* The value of a metric of a cell and variant; "" where there is none. */
static const char *metric_of(const struct csv_table *metrics,
	const char *metric, const char *cell, const char *variant)
{
	for (size_t i = 0; i < metrics->rows; i++)
		if (!strcmp(report_field(metrics, i, "metric"), metric) &&
			!strcmp(report_field(metrics, i, "cell"), cell) &&
			!strcmp(report_field(metrics, i, "variant"), variant))
			return report_field(metrics, i, "value");
	return "";
}

/* In the relay over alone, of the cell and variant of a row. */
static double relay_share(const struct csv_table *metrics, size_t index)
{
	const char *alone = metric_of(metrics, "alone_ns_per_op",
		report_field(metrics, index, "cell"),
		report_field(metrics, index, "variant"));

	return *alone ? report_real(metrics, index, "value") / atof(alone)
		      : NAN;
}

/* How far taking turns is from running alone, over all cells. */
static size_t write_relay_sentence(FILE *page, const struct csv_table *metrics)
{
	double low = INFINITY, high = 0;
	size_t count = 0;

	for (size_t i = 0; i < metrics->rows; i++) {
		double share;

		if (strcmp(report_field(metrics, i, "metric"),
			    "relay_ns_per_op"))
			continue;
		share = relay_share(metrics, i);
		count++;
		if (isnan(share))
			continue;
		low = fmin(low, share);
		high = fmax(high, share);
	}
	if (high > 0)
		fprintf(page,
			"<p>Lanes that take turns evict each other’s caches. "
			"In the relay an operation took between %.2f and %.2f "
			"times what the same code took running alone; the "
			"nearer to 1, the better the warm-up.</p>\n",
			low, high);
	return count;
}

static void relay_row(FILE *page, const struct csv_table *metrics, size_t index)
{
	/* A lane's, then the cell's, which have no variant. */
	static const char *const names[] = {"relay_ns_per_op",
		"alone_ns_per_op", "warmup_ops", "turn_ops", "rounds"};
	const char *cell = report_field(metrics, index, "cell");
	const char *variant = report_field(metrics, index, "variant");

	fputs("<tr><td>", page);
	html_element(page, "code", cell);
	fputs("</td><td>", page);
	html_variant(page, variant);
	fputs("</td>", page);
	for (size_t i = 0; i < COUNT(names); i++) {
		fputs("<td class=\"n\">", page);
		html_field(page,
			metric_of(
				metrics, names[i], cell, i < 2 ? variant : ""),
			i < 2 ? 2 : 0);
		fputs("</td>", page);
	}
	fputs("<td class=\"n\">", page);
	html_real(page, relay_share(metrics, index), 3);
	fputs("</td></tr>\n", page);
}

static void write_relay(FILE *page, const struct csv_table *metrics)
{
	static const struct html_column columns[] = {
		{"", "cell", HTML_TEXT},
		{"", "variant", HTML_TEXT},
		{"", "in the relay, ns/op", 2},
		{"", "alone, ns/op", 2},
		{"", "warm-up, operations", 0},
		{"", "turn, operations", 0},
		{"", "rounds of a launch", 0},
		{"", "relay / alone", 3},
	};

	if (!write_relay_sentence(page, metrics))
		return;
	html_details(page, "In the relay and alone, cell by cell", false);
	html_table_open(page, "sort", NULL);
	html_head(page, columns, COUNT(columns));
	for (size_t i = 0; i < metrics->rows; i++)
		if (!strcmp(report_field(metrics, i, "metric"),
			    "relay_ns_per_op"))
			relay_row(page, metrics, i);
	html_table_close(page);
	html_details_end(page);
}

static void write_micro(FILE *page, const struct csv_table *metrics)
{
	for (size_t i = 0; i < metrics->rows; i++) {
		const char *cell = report_field(metrics, i, "cell");
		const char *variant = report_field(metrics, i, "variant");

		if (strcmp(report_field(metrics, i, "metric"), "micro_ratio"))
			continue;
		fputs("<p>google-benchmark measured ", page);
		html_element(page, "code", cell);
		fputs(" too. Ratio of ", page);
		html_variant(page, variant);
		fputs(" by google-benchmark ", page);
		html_field(page, report_field(metrics, i, "value"), 3);
		fputs(", by the relay ", page);
		html_field(page,
			metric_of(metrics, "relay_ratio", cell, variant), 3);
		fputs("; agreement ", page);
		html_field(page,
			metric_of(metrics, "micro_agreement", cell, variant),
			3);
		fputs(".</p>\n", page);
	}
}

void report_harness(FILE *page, const struct report_data *data)
{
	static const struct html_column columns[] = {
		{"metric", "metric", HTML_CODE},
		{"cell", "cell", HTML_CODE},
		{"variant", "variant", HTML_TEXT},
		{"value", "value", 4},
		{"unit", "unit", HTML_TEXT},
		{"note", "note", HTML_TEXT},
	};
	const struct csv_table *metrics = &data->tables[FILE_METRICS];

	html_section(page, "harness", "What the harness costs");
	write_null_rows(page, data);
	if (data->present[FILE_METRICS]) {
		write_relay(page, metrics);
		write_micro(page, metrics);
		html_details(page, "Everything in metrics.csv", false);
		html_csv_table(page, metrics, NULL, columns, COUNT(columns));
		html_details_end(page);
	} else {
		html_missing(page, "metrics.csv",
			"holds the in-relay and alone figures, the pilot’s "
			"turn lengths and the agreement with "
			"google-benchmark");
	}
	html_section_end(page);
}
