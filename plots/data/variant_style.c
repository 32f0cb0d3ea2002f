// SPDX-License-Identifier: MIT
//
// The table of looks; the page's colour variables are written from it.
#include "variant_style.h"

#include <string.h>

#include "record.h"

static const struct variant_style known[] = {
	{"none", "#15191f", "#eceff3", 7, "solid", 0,
		"debug wrapper without a serial, 24 bytes a block; the "
		"baseline of every ratio"},
	{"again", "#7c8791", "#9aa5b0", 6, "(3,3)", 1,
		"A′: the baseline built and linked a second time; what it "
		"differs by is the instrument’s own error"},
	{"slot", "#e69f00", "#f0b440", 5, "(8,3)", 2,
		"32 bytes with a constant number: the bytes of a serial "
		"without the counting"},
	{"global", "#d55e00", "#f58243", 9, "(10,3,2,3)", 3,
		"one plain counter for all threads, a data race by design"},
	{"atomic", "#0072b2", "#56b4e9", 13, "(6,2,2,2,2,2)", 4,
		"one counter for all threads, fetch-and-add"},
	{"tls", "#009e73", "#2fcf9f", 11, "solid", 5,
		"thread ordinal and a count of the thread’s own"},
	{"plain", "#cc79a7", "#e29cc3", 4, "(2,3)", 90,
		"underlying allocator, no wrapper"},
	{"null", "#56b4e9", "#8fd0f5", 3, "(1,4)", 91,
		"no allocator: what the harness itself costs"},
};

static const struct variant_style further[] = {
	{"", "#882255", "#d96aa2", 15, "(12,4)", 40, "further variant"},
	{"", "#332288", "#9d8ff0", 8, "(4,4,1,4)", 40, "further variant"},
	{"", "#999933", "#cccc66", 10, "(7,2,1,2)", 40, "further variant"},
	{"", "#44aa99", "#66ccbb", 12, "(2,2,6,2)", 40, "further variant"},
	{"", "#aa4499", "#dd88cc", 14, "(9,2,3,2)", 40, "further variant"},
	{"", "#997700", "#ccaa33", 1, "(5,5)", 40, "further variant"},
};

static const struct {
	const char *light, *dark;
} marks[] = {
	{INK_COLOUR, "#e6e9ed"},
	{SOFT_COLOUR, "#a3adb8"},
	{GRID_COLOUR, "#333b45"},
	{BAND_COLOUR, "#2a313a"},
	{PART_REQUESTED, "#5c6875"},
	{PART_HEADER, "#4aa8e0"},
	{PART_ROUNDING, "#f0b441"},
	{PART_REST, "#b08cc6"},
};

/* Variants that are not in the table above, in the order of first use. */
#define ASSIGNED_MAX 64
static char assigned[ASSIGNED_MAX][RECORD_TEXT];
static size_t assigned_count;

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define COLOURS (COUNT(known) + COUNT(further) + COUNT(marks))

const struct variant_style *variant_style(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(known); i++)
		if (!strcmp(known[i].name, name))
			return &known[i];
	for (i = 0; i < assigned_count; i++)
		if (!strncmp(assigned[i], name, RECORD_TEXT - 1))
			return &further[i % COUNT(further)];
	if (assigned_count < ASSIGNED_MAX)
		snprintf(assigned[assigned_count++], RECORD_TEXT, "%s", name);
	return &further[i % COUNT(further)];
}

void variant_style_forget(void)
{
	assigned_count = 0;
}

const struct variant_style *variant_style_at(size_t row)
{
	return row < COUNT(known) ? &known[row] : NULL;
}

int variant_order(const char *a, const char *b)
{
	int order = variant_style(a)->rank - variant_style(b)->rank;

	return order ? order : strcmp(a, b);
}

static void colour_at(size_t row, const char **light, const char **dark)
{
	const struct variant_style *style;

	if (row >= COUNT(known) + COUNT(further)) {
		*light = marks[row - COUNT(known) - COUNT(further)].light;
		*dark = marks[row - COUNT(known) - COUNT(further)].dark;
		return;
	}
	style = row < COUNT(known) ? &known[row] : &further[row - COUNT(known)];
	*light = style->light;
	*dark = style->dark;
}

const char *style_colour_variable(unsigned red, unsigned green, unsigned blue)
{
	static char variable[16];
	const char *light, *dark;
	char colour[32];

	snprintf(colour, sizeof(colour), "#%02x%02x%02x", red, green, blue);
	for (size_t row = 0; row < COLOURS; row++) {
		colour_at(row, &light, &dark);
		if (strcmp(light, colour))
			continue;
		snprintf(variable, sizeof(variable), "--c%zu", row);
		return variable;
	}
	return NULL;
}

static void variables(FILE *out, int dark_page)
{
	const char *light, *dark;

	for (size_t row = 0; row < COLOURS; row++) {
		colour_at(row, &light, &dark);
		fprintf(out, "--c%zu:%s;", row, dark_page ? dark : light);
	}
}

void style_sheet_variables(FILE *out)
{
	fputs(":root{", out);
	variables(out, 0);
	/* Paper is white whatever the screen likes. */
	fputs("}@media screen and (prefers-color-scheme:dark){:root{", out);
	variables(out, 1);
	fputs("}}\n", out);
}
