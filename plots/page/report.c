// SPDX-License-Identifier: MIT
//
// The report from end to end: read, write the scripts, draw, write the page,
// put everything in its place.
#include "report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "figure.h"
#include "gnuplot.h"
#include "report_data.h"
#include "report_embedded.h"
#include "report_html.h"
#include "report_publish.h"
#include "report_sections.h"
#include "variant_style.h"

enum {
	FOREST,
	CONTROLS,
	THROUGHPUT,
	CONTENTION,
	LATENCY,
	MEMORY,
	RUN,
	POWER,
	LEDGER,
	FIGURES
};

struct report {
	struct report_data data;
	struct figure figures[FIGURES];
	struct publishing publishing;
	const char *directory; /* of the figures, until they are published */
	struct error warning;
};

static int fail(struct error *error, const char *path, const char *file)
{
	return error_set(error, "%s%s%s: %s", path, *file ? "/" : "", file,
		error_reason(errno));
}

/* A ledger's lanes are no variants to be held against each other. */
static bool is_drawn(int figure, const struct report_data *data)
{
	return !data->is_ledger || figure == LEDGER;
}

static int write_scripts(struct report *report, struct error *error)
{
	static int (*const plots[FIGURES])(struct figure *,
		const struct report_data *, const char *) = {plot_forest,
		plot_controls, plot_throughput, plot_contention, plot_latency,
		plot_memory, plot_run, plot_power, plot_ledger};
	static const char *const names[FIGURES] = {"forest", "controls",
		"throughput", "contention", "latency", "memory", "run", "power",
		"ledger"};

	for (int i = 0; i < FIGURES; i++) {
		report->figures[i] = (struct figure){.name = names[i]};
		if (is_drawn(i, &report->data) &&
			plots[i](&report->figures[i], &report->data,
				report->directory))
			return fail(error, report->directory, "");
	}
	return 0;
}

/* What was half drawn is no picture. */
static void discard_panels(const char *directory, const struct figure *figure)
{
	for (size_t panel = 1; panel <= figure->panels; panel++) {
		char *path;

		if (asprintf(&path, "%s/%s-%02zu.svg", directory, figure->name,
			    panel) < 0)
			return;
		unlink(path);
		free(path);
	}
}

/* A report without pictures is still a report: what is missing is a warning. */
static void draw(struct report *report)
{
	struct error problem;
	char script[64];

	for (int i = 0; i < FIGURES; i++) {
		struct figure *figure = &report->figures[i];
		int result;

		if (!figure->panels)
			continue;
		snprintf(script, sizeof(script), "%s.gp", figure->name);
		result = gnuplot_run(report->directory, script, &problem);
		figure->drawn = !result;
		if (result > 0) {
			error_set(&report->warning,
				"gnuplot is not on the PATH: the report has "
				"tables instead of pictures");
			return;
		}
		if (!result)
			continue;
		error_set(&report->warning, "%s", problem.text);
		discard_panels(report->directory, figure);
		/* The next would not end either. */
		if (result < -1) {
			error_add(&report->warning,
				": the report has tables instead of pictures "
				"from there on");
			return;
		}
	}
}

static void write_head(FILE *page, const struct report *report)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta "
	      "charset=\"utf-8\">"
	      "\n<meta name=\"viewport\" content=\"width=device-width,"
	      "initial-scale=1\">\n<meta name=\"color-scheme\" "
	      "content=\"light dark\">\n",
		page);
	/* Nothing is fetched, and no other script runs, whatever a file of the
	 * run holds. */
	fprintf(page,
		"<meta http-equiv=\"Content-Security-Policy\" content=\""
		"default-src 'none'; style-src 'unsafe-inline'; "
		"script-src 'sha256-%s'\">\n<title>serialbench: ",
		report_js_sha256);
	html_text(page, report->data.name);
	fputs("</title>\n<style>\n", page);
	style_sheet_variables(page);
	fputs(report_css, page);
	fputs("</style></head>\n<body><main>\n", page);
}

/* The ledger's page has the sections that are marked. */
static const struct {
	const char *id, *title;
	bool of_ledger;
} contents[] = {
	{"answer", "Answer", false},
	{"suite", "Suite", false},
	{"heat", "Workloads", false},
	{"headline", "Headline", false},
	{"forest", "Ratios", false},
	{"throughput", "Throughput", false},
	{"contention", "Contention", false},
	{"latency", "Latency", false},
	{"fairness", "Fairness", false},
	{"ledger", "Ledger", true},
	{"memory", "Bytes", false},
	{"serial", "Numbers", false},
	{"counters", "Counters", false},
	{"programs", "Programs", false},
	{"run", "Run", false},
	{"harness", "Harness", false},
	{"failed", "Failures", true},
	{"certificate", "Certificate", false},
	{"method", "Method", false},
	{"environment", "Environment", true},
};

static bool is_there(size_t section, const struct report_data *data)
{
	if (!strcmp(contents[section].id, "ledger"))
		return data->present[FILE_LEDGER];
	return !data->is_ledger || contents[section].of_ledger;
}

static void write_contents(FILE *page, const struct report_data *data)
{
	fputs("<nav aria-label=\"Sections\">", page);
	for (size_t i = 0; i < sizeof(contents) / sizeof(*contents); i++)
		if (is_there(i, data))
			fprintf(page, "<a href=\"#%s\">%s</a>", contents[i].id,
				contents[i].title);
	fputs("</nav>\n", page);
}

static void write_top(FILE *page, const struct report *report)
{
	if (report->data.is_ledger)
		report_ledger_header(page, &report->data);
	else
		report_header(page, &report->data);
	if (report->warning.text[0] != '\0') {
		fputs("<p class=\"missing\">", page);
		html_text(page, report->warning.text);
		fputs(".</p>\n", page);
	}
	write_contents(page, &report->data);
}

static void write_comparisons(FILE *page, const struct report *report)
{
	const struct report_data *data = &report->data;
	const struct figure *figures = report->figures;

	report_answer(page, data);
	report_suite(page, data);
	report_heat(page, data);
	report_headline_table(page, data);
	report_forest(page, data, &figures[FOREST], &figures[CONTROLS],
		report->directory);
	report_throughput(page, data, &figures[THROUGHPUT], report->directory);
	report_contention(page, data, &figures[CONTENTION], report->directory);
	report_latency(page, data, &figures[LATENCY], report->directory);
	report_fairness(page, data);
}

static void write_instrument(FILE *page, const struct report *report)
{
	const struct report_data *data = &report->data;
	const struct figure *figures = report->figures;

	report_memory(page, data, &figures[MEMORY], report->directory);
	report_serial(page, data);
	report_counters(page, data);
	report_programs(page, data);
	report_run(page, data, &figures[RUN], report->directory);
	report_harness(page, data);
	report_failed(page, data);
	report_certificate(page, data, &figures[POWER], report->directory);
	report_method(page);
}

static void write_page(FILE *page, const struct report *report)
{
	const struct report_data *data = &report->data;

	write_head(page, report);
	write_top(page, report);
	if (!data->is_ledger)
		write_comparisons(page, report);
	report_ledger(page, data, &report->figures[LEDGER], report->directory);
	if (data->is_ledger)
		report_failed(page, data);
	else
		write_instrument(page, report);
	report_environment(page, data);
	fprintf(page, "</main>\n<script>%s</script></body></html>\n",
		report_js);
}

/* The page goes into the figures' directory first: it is one file system, so
 * the rename at the end is one step. */
static int write_html(const struct report *report, struct error *error)
{
	char *path;
	FILE *page;
	int failed;

	if (asprintf(&path, "%s/" PUBLISH_PAGE, report->directory) < 0)
		return fail(error, report->directory, "");
	page = fopen(path, "we");
	if (!page) {
		fail(error, path, "");
		free(path);
		return -1;
	}
	errno = 0;
	write_page(page, report);
	failed = ferror(page);
	failed = fclose(page) || failed;
	if (failed)
		fail(error, report->data.run, PUBLISH_PAGE);
	free(path);
	return failed ? -1 : 0;
}

static int make(struct report *report, const char *run, struct error *error)
{
	if (report_data_read(&report->data, run, error))
		return -1;
	if (publish_begin(&report->publishing, run))
		return fail(error, run, "plots");
	report->directory = report->publishing.directory;
	if (write_scripts(report, error))
		return -1;
	draw(report);
	if (write_html(report, error))
		return -1;
	if (publish_plots(
		    run, report->directory, report->figures, FIGURES, error))
		return -1;
	return publish_page(run, report->directory, error);
}

int report_write(const char *run, struct error *warning, struct error *error)
{
	struct report *report = calloc(1, sizeof(*report));
	int result;

	error->text[0] = '\0';
	if (warning)
		warning->text[0] = '\0';
	if (!report)
		return fail(error, run, "");
	result = make(report, run, error);
	if (!result && warning)
		error_set(warning, "%s", report->warning.text);
	publish_discard(&report->publishing);
	report_data_finish(&report->data);
	free(report);
	return result;
}
