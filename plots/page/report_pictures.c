// SPDX-License-Identifier: MIT
//
// The pictures of a figure side by side as the screen allows; many of them
// workload by workload, folded but for a few.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "gnuplot.h"
#include "lane_facts.h"
#include "report_html.h"
#include "report_sections.h"
#include "variant_style.h"

#define MANY_PANELS 8 /* more are folded by workload */

static void write_panel(FILE *page, const struct figure *figure, size_t panel,
	const char *directory, const char *alt)
{
	char prefix[64], *path;

	snprintf(prefix, sizeof(prefix), "%s-%02zu", figure->name, panel);
	if (asprintf(&path, "%s/%s.svg", directory, prefix) < 0)
		return;
	fputs("<div class=\"panel\">", page);
	if (svg_embed(page, path, prefix, alt))
		fprintf(page, "<p class=\"missing\">%s.svg: %s</p>", prefix,
			error_reason(errno));
	fputs("</div>\n", page);
	free(path);
}

static void write_panels(FILE *page, const struct figure *figure, size_t first,
	size_t last, const char *directory, const char *alt)
{
	size_t count = last - first;

	/* Four panels stand better two by two than three and one. */
	fprintf(page, "<div class=\"panels%s\">",
		count == 1                         ? " one"
			: count == 2 || count == 4 ? " pairs"
						   : "");
	for (size_t panel = first; panel < last; panel++)
		write_panel(page, figure, panel, directory, alt);
	fputs("</div>\n", page);
}

/* Workloads that everyone asks for first, chosen by name and not by result.
 * The first of a name is meant where the parameters are left out. */
static const char *const keys[] = {"pair,size=64", "larson", "xmalloc"};

static bool matches(const char *group, const char *key)
{
	size_t length = strlen(key);

	return !strncmp(group, key, length) &&
		(!group[length] || (group[length] == ',' && !strchr(key, ',')));
}

/* The first panel of a key workload, or 0. */
static size_t find_key(const struct figure *figure, const char *key)
{
	for (size_t i = 1; i <= figure->panels; i++)
		if (matches(figure_group(figure, i), key))
			return i;
	return 0;
}

/* A group, by its first panel: of a key workload, or the very first where
 * there is none. */
static bool stands_open(const struct figure *figure, size_t panel)
{
	bool any = false;

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		size_t key = find_key(figure, keys[i]);

		if (key == panel)
			return true;
		any = any || key;
	}
	return !any && panel == 1;
}

/* Headline verdicts on the schemes in a workload: what a folded group holds. */
static void write_tallied(
	FILE *page, const struct report_data *data, const char *workload)
{
	static const char *const words[VERDICT_KINDS] = {"slower", "faster",
		"equivalent", "size unresolved", "inconclusive"};
	size_t kinds[VERDICT_KINDS] = {0};
	const char *comma = "";

	for (size_t i = 0; i < data->headline_count; i++) {
		const struct comparison_row *row = &data->rows[i];

		if (!strcmp(row->name.workload, workload) &&
			!lane_is_copy(row->variant) &&
			!lane_is_control(row->variant))
			kinds[row->kind]++;
	}
	fputs("<span class=\"tallied\">", page);
	for (int kind = 0; kind < VERDICT_KINDS; kind++) {
		if (!kinds[kind])
			continue;
		fprintf(page, "%s%zu %s", comma, kinds[kind], words[kind]);
		comma = ", ";
	}
	fputs("</span>", page);
}

static void write_groups(FILE *page, const struct report_data *data,
	const struct figure *figure, const char *directory, const char *alt)
{
	for (size_t first = 1, last; first <= figure->panels; first = last) {
		const char *group = figure_group(figure, first);

		for (last = first + 1; last <= figure->panels; last++)
			if (strcmp(figure_group(figure, last), group))
				break;
		fprintf(page, "<details class=\"figures\"%s><summary><code>",
			stands_open(figure, first) ? " open" : "");
		html_text(page, group);
		fputs("</code>", page);
		if (!strcmp(figure->name, "forest"))
			write_tallied(page, data, group);
		fputs("</summary>\n", page);
		write_panels(page, figure, first, last, directory, alt);
		html_details_end(page);
	}
}

bool report_pictures(FILE *page, const struct report_data *data,
	const struct figure *figure, const char *directory, const char *alt,
	const char *caption)
{
	if (!figure->panels)
		return false;
	fputs("<figure>", page);
	if (!figure->drawn)
		fputs("<p class=\"missing\">Not drawn: gnuplot was missing or "
		      "failed when this report was written; the numbers are "
		      "in the table below.</p>",
			page);
	else if (figure->panels > MANY_PANELS && *figure_group(figure, 1))
		write_groups(page, data, figure, directory, alt);
	else
		write_panels(
			page, figure, 1, figure->panels + 1, directory, alt);
	fprintf(page,
		"<figcaption>%s <span class=\"redraw\">Redraw: <code>cd plots "
		"&amp;&amp; gnuplot %s.gp</code></span></figcaption></figure>"
		"\n",
		caption, figure->name);
	return figure->drawn;
}

void report_numbers(FILE *page, bool drawn)
{
	html_details(page, "Numbers of this figure", !drawn);
}
