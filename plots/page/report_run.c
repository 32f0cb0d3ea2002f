// SPDX-License-Identifier: MIT
//
// The run chart in the page, and its launches in a table.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report_html.h"
#include "report_sections.h"
#include "run_chart.h"

#define MOST_ROWS 2000 /* of a table; more are thinned to the notable */

static void table_head(FILE *page, const struct run_chart *chart)
{
	static const char *const first[] = {
		"launch", "rounds", "left out", "baseline, ns/op"};

	fprintf(page,
		"<thead><tr><th scope=\"col\" class=\"n\">%s</th>"
		"<th scope=\"col\">cell</th>",
		chart->timed ? "minute" : "place");
	for (size_t i = 0; i < 4; i++)
		fprintf(page, "<th scope=\"col\" class=\"n\">%s</th>",
			first[i]);
	for (size_t i = 0; i < chart->variant_count; i++) {
		fputs("<th scope=\"col\" class=\"n\">", page);
		html_variant(page, chart->variants[i]);
		fputs("</th>", page);
	}
	fputs("<th scope=\"col\">status</th></tr></thead>\n<tbody>", page);
}

/* Bare, since there are thousands: the style sheet aligns them. */
static void number_cell(FILE *page, double real, int digits)
{
	if (isnan(real))
		fputs("<td>–</td>", page);
	else
		fprintf(page, "<td>%.*f</td>", digits, real);
}

static void launch_row(FILE *page, const struct run_chart *chart, size_t index)
{
	const struct trial_summary *trials = &chart->data->trials;
	const struct trial_launch *launch = &trials->launches[index];
	const struct trial_value *value =
		trial_launch_value(trials, launch, chart->data->baseline);

	fputs("<tr>", page);
	number_cell(page, chart->minutes[index], chart->timed ? 3 : 0);
	fputs("<td>", page);
	html_element(page, "code", launch->cell);
	fprintf(page, "</td><td>%llu</td><td>%zu</td><td>%zu</td>",
		(unsigned long long)launch->launch, launch->rounds,
		launch->rounds_left_out);
	number_cell(page, value ? value->ns_per_op : NAN, 3);
	for (size_t i = 0; i < chart->variant_count; i++) {
		value = trial_launch_value(trials, launch, chart->variants[i]);
		number_cell(page, value ? value->ratio : NAN, 4);
	}
	fputs("<td>", page);
	html_text(page, launch->status ? launch->status : "ok");
	fputs("</td></tr>\n", page);
}

static void launch_table(FILE *page, const struct run_chart *chart)
{
	const struct trial_launch *launches = chart->data->trials.launches;
	bool all = chart->count <= MOST_ROWS;
	size_t written = 0;

	if (!all)
		fprintf(page,
			"<p>Of %zu launches, the first %d that failed or had "
			"rounds left out; all are in "
			"<code>plots/run.dat</code>.</p>\n",
			chart->count, MOST_ROWS);
	html_table_open(page, "launches sort", NULL);
	table_head(page, chart);
	for (size_t i = 0; i < chart->count && written < MOST_ROWS; i++) {
		if (!all && !launches[i].status && !launches[i].rounds_left_out)
			continue;
		launch_row(page, chart, i);
		written++;
	}
	html_table_close(page);
}

static void counts(FILE *page, const struct trial_summary *trials)
{
	size_t failed = 0, touched = 0, rounds = 0, left_out = 0;

	for (size_t i = 0; i < trials->launch_count; i++) {
		failed += trials->launches[i].status != NULL;
		touched += trials->launches[i].rounds_left_out > 0;
		rounds += trials->launches[i].rounds;
		left_out += trials->launches[i].rounds_left_out;
	}
	fprintf(page,
		"<p>%zu launches; %zu failed. %zu of %zu rounds were left out, "
		"in %zu launches.</p>\n",
		trials->launch_count, failed, left_out, rounds, touched);
}

void report_run(FILE *page, const struct report_data *data,
	const struct figure *figure, const char *directory)
{
	struct run_chart chart;
	bool drawn, failed;

	html_section(page, "run", "The run, launch by launch");
	if (!data->has_trials) {
		html_missing(page, "trials.csv", "records every turn");
		html_section_end(page);
		return;
	}
	counts(page, &data->trials);
	drawn = report_pictures(page, data, figure, directory,
		"Run chart of every launch; its numbers are in the table "
		"below.",
		"Every launch in order of time. The baseline’s own time shows "
		"what the machine did meanwhile; the paired ratios below it "
		"should not follow. A drift or a step in them, or in A′, says "
		"that a comparison depends on when it was made. The line is "
		"the running median of 41 launches; triangles at an end of "
		"the axis are launches beyond it.");
	failed = run_chart_init(&chart, data);
	if (!failed && figure->panels && figure->panels <= chart.variant_count)
		fputs("<p>The schemes are not drawn: the marks would make the "
		      "page too heavy.</p>\n",
			page);
	report_numbers(page, drawn);
	if (!failed)
		launch_table(page, &chart);
	run_chart_finish(&chart);
	html_details_end(page);
	html_section_end(page);
}
