// SPDX-License-Identifier: MIT
//
// Prints what trace info found, as table or CSV, or has it printed as JSON.
#include <inttypes.h>
#include <string.h>

#include "csv_writer.h"
#include "printable.h"
#include "trace_info.h"
#include "trace_info_figures.h"

#define BAR 40 /* columns of the longest bar */
#define TABLE_POINTS 10

static uint64_t most_of(const uint64_t *counts)
{
	uint64_t most = 0;

	for (unsigned i = 0; i < TRACE_CLASSES; i++)
		most = counts[i] > most ? counts[i] : most;
	return most;
}

static void print_bar(uint64_t count, uint64_t most, FILE *out)
{
	unsigned length = (unsigned)((double)count / (double)most * BAR + 0.5);

	if (length > 0)
		fputs("  ", out);
	while (length-- > 0)
		fputc('#', out);
	fputc('\n', out);
}

static void print_classes(const struct info_classes *classes, FILE *out)
{
	uint64_t most = most_of(classes->counts);

	fprintf(out, "\n%-41s  %12s\n", classes->label,
		strcmp(classes->key, "sizes") == 0 ? "allocations" : "blocks");
	for (unsigned i = 0; i < TRACE_CLASSES; i++)
		if (classes->counts[i] > 0) {
			fprintf(out, "%20" PRIu64 " %20" PRIu64 "  %12" PRIu64,
				trace_class_least(i), trace_class_most(i),
				classes->counts[i]);
			print_bar(classes->counts[i], most, out);
		}
}

static void print_points(const struct trace_summary *summary, FILE *out)
{
	unsigned step = summary->point_count / TABLE_POINTS;

	if (step == 0)
		step = 1;
	fprintf(out, "\n%12s  %12s  %16s\n", "event", "blocks live",
		"bytes live");
	for (unsigned i = 0; i < summary->point_count; i++) {
		const struct trace_point *point = &summary->points[i];

		if ((i + 1) % step == 0 || i + 1 == summary->point_count)
			fprintf(out,
				"%12" PRIu64 "  %12" PRIu64 "  %16" PRIu64 "\n",
				point->events, point->blocks, point->bytes);
	}
}

static void print_table(const struct info_figures *figures, FILE *out)
{
	for (unsigned i = 0; i < INFO_TEXTS; i++)
		fprintf(out, "%-34s  %s\n", figures->texts[i].label,
			figures->texts[i].text);
	for (unsigned i = 0; i < INFO_FIGURES; i++)
		if (figures->figures[i].value == RECORD_NO_COUNT)
			fprintf(out, "%-34s  %16s\n", figures->figures[i].label,
				"-");
		else
			fprintf(out, "%-34s  %16" PRIu64 "\n",
				figures->figures[i].label,
				figures->figures[i].value);
	for (unsigned i = 1; i < TRACE_KIND_LIMIT; i++)
		if (figures->summary->kinds[i] > 0)
			fprintf(out, "  %-32s  %16" PRIu64 "\n",
				trace_kind_name(i), figures->summary->kinds[i]);
	for (unsigned i = 0; i < INFO_CLASSES; i++)
		print_classes(&figures->classes[i], out);
	print_points(figures->summary, out);
}

static int put_row(
	const char *name, uint64_t from, uint64_t to, uint64_t value, FILE *out)
{
	struct csv_writer writer = {0};

	csv_text(&writer, name);
	csv_count(&writer, from);
	csv_count(&writer, to);
	csv_count(&writer, value);
	return csv_print_row(&writer, out);
}

/* A path or a command may be longer than a row may be; it is cut. */
static int put_text(const struct info_text *text, FILE *out)
{
	struct csv_writer writer = {0};
	char cut[CSV_ROW_BYTES / 4];

	snprintf(cut, sizeof(cut), "%s", text->text);
	make_plain_text(cut); /* it may be cut inside a character */
	csv_text(&writer, text->key);
	csv_text(&writer, "");
	csv_text(&writer, "");
	csv_text(&writer, cut);
	return csv_print_row(&writer, out);
}

static void put_points(const struct trace_summary *summary, FILE *out)
{
	for (unsigned i = 0; i < summary->point_count; i++) {
		const struct trace_point *point = &summary->points[i];
		uint64_t at = point->events;

		put_row("time", at, at, point->time, out);
		put_row("live_blocks", at, at, point->blocks, out);
		put_row("live_bytes", at, at, point->bytes, out);
		put_row("most_live_blocks", at, at, point->most_blocks, out);
		put_row("most_live_bytes", at, at, point->most_bytes, out);
	}
}

/* What could not be written shows at the stream. */
static void print_csv(const struct info_figures *figures, FILE *out)
{
	const uint64_t none = RECORD_NO_COUNT;
	char key[64];

	fputs("name,from,to,value\n", out);
	for (unsigned i = 0; i < INFO_TEXTS; i++)
		put_text(&figures->texts[i], out);
	for (unsigned i = 0; i < INFO_FIGURES; i++)
		put_row(figures->figures[i].key, none, none,
			figures->figures[i].value, out);
	for (unsigned i = 1; i < TRACE_KIND_LIMIT; i++) {
		snprintf(key, sizeof(key), "events_%s", trace_kind_name(i));
		put_row(key, none, none, figures->summary->kinds[i], out);
	}
	for (unsigned i = 0; i < INFO_CLASSES; i++)
		for (unsigned j = 0; j < TRACE_CLASSES; j++)
			if (figures->classes[i].counts[j] > 0)
				put_row(figures->classes[i].key,
					trace_class_least(j),
					trace_class_most(j),
					figures->classes[i].counts[j], out);
	put_points(figures->summary, out);
}

int trace_info_print(const struct trace_reader *reader,
	const struct trace_summary *summary, enum table_format format,
	FILE *out)
{
	struct info_figures figures;
	int result = info_figures_init(&figures, reader, summary);

	if (result == 0 && format == FORMAT_JSON)
		result = info_print_json(&figures, out);
	else if (result == 0 && format == FORMAT_CSV)
		print_csv(&figures, out);
	else if (result == 0)
		print_table(&figures, out);
	info_figures_finish(&figures);
	return result;
}
